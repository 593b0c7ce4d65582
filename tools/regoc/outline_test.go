package main

import (
	"reflect"
	"testing"
)

func TestAnOutlineTellsWhatAPolicySaysAndReads(t *testing.T) {
	policy := moduleFrom(`import data.postern.lib.verdict

verdicts contains verdict.escalate("team.unsafe") if has_found("injection.")

verdicts contains cut("long") if {
	some part in input.parts
	part.chars > limit
}

deny contains "No." if {
	config := data.config
	not input.model in config.models.allow
	some finding in input.findings
	finding.code in {"team.a", "team.b"}
}

warn contains {"code": "team.hm", "msg": "Hm."} if count([tool | some tool in input.tools; tool.name in data.config.watched]) > 0

cut(kind) := verdict.flag(concat(".", ["team", kind]), "Cut.")

has_found(family) if {
	some finding in input.findings
	startswith(finding.code, family)
}

limit := data.config.limits.chars
`)
	answer := outline(Request{Modules: []Module{policy}, Library: []Module{verdictModule(t)}})
	want := &Outline{
		Policy: "team.x",
		Says: []Say{
			{"escalate", "team.unsafe", "Your message looks unsafe. A specialist will review it."},
			{"flag", "team.long", "Cut."},
			{"deny", "team.x.deny", "No."},
			{"flag", "team.hm", "Hm."},
		},
		Settings: []string{"limits.chars", "models.allow", "watched"},
		Findings: []string{"injection.*", "team.a", "team.b"},
	}
	if len(answer.Outlines) != 1 || !reflect.DeepEqual(answer.Outlines[0], want) {
		t.Errorf("%+v %+v", answer.Issues, answer.Outlines[0])
	}
}
