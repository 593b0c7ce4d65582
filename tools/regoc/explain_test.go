package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/util"
)

const explained = `package postern.policies.tools.allowlist

import data.lib

deny contains "not here" if {
	input.phase == "request"
	some tool in input.tools
	not is_known(tool)
}

deny contains "too loud" if {
	some finding in input.findings
	lib.is_loud(finding, level)
}

default level := 9

level := data.config.level

warn contains $"of {part.role}" if {
	some part in input.parts
	count(part.text) > 3
}

is_known(tool) if tool.name in data.config.known
`

const explainedLibrary = `package lib

is_loud(finding, level) if {
	finding.level > level
	finding.code == "x"
}
`

func explainOne(t *testing.T, input string) Explanation {
	t.Helper()
	request := Request{
		Modules: []Module{
			{File: "lib.rego", Text: explainedLibrary},
			{File: "p.rego", Text: explained},
			{File: "main.rego", Text: "package postern.main\n\nresult := data.postern.policies.tools.allowlist.deny\n"},
		},
		Data:       map[string]any{"config": map[string]any{"known": []any{"a"}, "level": json.Number("3")}},
		Entrypoint: "postern/main/result",
	}
	if err := util.UnmarshalJSON([]byte(input), &request.Input); err != nil {
		t.Fatal(err)
	}
	answer := explain(request)
	if len(answer.Issues) > 0 {
		t.Fatal(answer.Issues)
	}
	return *answer.Explanation
}

func show(facts []Fact) string {
	var lines []string
	for _, fact := range facts {
		value, _ := json.Marshal(fact.Value)
		if fact.Undefined {
			value = []byte("undefined")
		}
		lines = append(lines, fact.Path+" "+string(value))
	}
	return strings.Join(lines, "\n")
}

func TestExplainNamesTheFactsOfAVerdict(t *testing.T) {
	found := explainOne(t, `{"phase": "request", "tools": [{"name": "a"}, {"name": "b"}],
		"findings": [{"code": "y", "level": 9}, {"code": "x", "level": 4}], "parts": []}`)
	unknown, loud, long := found.Rules[0], found.Rules[1], found.Rules[2]
	if got, want := show(unknown.Given[0].Facts), "input.phase \"request\"\ninput.tools[1].name \"b\"\ndata.config.known [\"a\"]"; got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
	if got, want := show(loud.Given[0].Facts), "data.config.level 3\ninput.findings[1].level 4\ninput.findings[1].code \"x\""; got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
	if long.Stuck == nil || len(long.Given) != 0 {
		t.Error("a rule without parts gave a verdict")
	}
	if unknown.Row != 5 || unknown.File != "p.rego" || unknown.Policy != "tools.allowlist" || unknown.Name != "deny" {
		t.Errorf("%+v", unknown)
	}
}

func TestExplainNamesTheExpressionThatDidNotHold(t *testing.T) {
	found := explainOne(t, `{"phase": "response", "tools": [{"name": "b"}], "findings": [{"level": 5}]}`)
	if stuck := found.Rules[0].Stuck; stuck.Row != 6 || show(stuck.Facts) != `input.phase "response"` {
		t.Errorf("%+v", stuck)
	}
	if stuck := found.Rules[1].Stuck; stuck.Row != 13 || !strings.Contains(show(stuck.Facts), "input.findings[0].code undefined") {
		t.Errorf("%+v", stuck)
	}
}
