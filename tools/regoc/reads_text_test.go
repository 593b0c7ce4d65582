package main

import (
	"fmt"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
)

const library = `package lib
of(parts, origin) := [p | some p in parts; p.origin == origin]
chars(parts) := sum([p.chars | some p in parts])
pick(value, key) := value[key]
users contains p if { some p in input.parts; p.origin == "user" }
verdict(code) := {"action": "deny", "code": code, "message": "text"}
same(x) := x
`

func TestReadsTextOnlyWhenItCannotBeRuledOut(t *testing.T) {
	cases := []struct {
		reads bool
		body  string
	}{
		{false, `input.parts[_].kind == "text"`},
		{false, `some p in input.parts; p.kind in {"text", "reasoning"}`},
		{false, `data.lib.chars(data.lib.of(input.parts, "user")) > 10`},
		{false, `some f in input.findings; f.code == data.config.codes[_]`},
		{false, `some p in data.lib.users; p.chars > 3`},
		{false, `some p in input.parts; p.arguments[_] == "text"`},
		{false, `some p in input.parts; object.get(p, "name", "") == "x"`},
		{false, `count(input.parts) > 3`},
		{false, `is_array(input.parts); every p in input.parts { is_object(p) }`},
		{false, `count({p.sha256 | some p in input.parts}) < count(input.parts)`},
		{false, `every p in input.parts { p.chars < 9 }`},
		{false, `data.lib.pick(data.config.limits, input.model) < 3`},
		{false, `some i, p in input.parts; i > 3; p.origin == "user"`},
		{false, `some t in input.tools; not t.name in data.config.tools`},
		{true, `input.parts[_].text == "x"`},
		{true, `some p in input.parts; contains(p.text, "x")`},
		{true, `some p in data.lib.users; p.text`},
		{true, `some p in data.lib.of(input.parts, "user"); p["text"] == "x"`},
		{true, `k := concat("", ["te", "xt"]); input.parts[0][k] == "x"`},
		{true, `some p in input.parts; data.lib.pick(p, input.model) == "x"`},
		{true, `walk(input, [_, v]); v == "x"`},
		{true, `contains(json.marshal(input.parts), "x")`},
		{true, `some k; input[k][_].text`},
		{true, `some p in input.parts; some v in p; v == "x"`},
		{true, `some p in input.parts; {"text": x} = p; x == "x"`},
		{true, `x := {"a": [input.parts]}; some a in x.a; some p in a; p.text`},
		{true, `x := data.lib.same(input); x.parts[0].text`},
		{true, `some p in input.parts; object.get(p, ["text"], "") == "x"`},
		{true, `every p in input.parts { p.text != "x" }`},
		{true, `data.lib.users[p]; p.text`},
		{true, `count(data.lib.users) > 1 with input.parts as []`},
		{true, `count(input.parts[0]) > 3`},
		{true, `s := {p | some p in input.parts}; s[p]; p.text`},
		{true, `x := data.lib; some p in x.users; p.text`},
	}
	for _, each := range cases {
		policy := fmt.Sprintf("package postern.policies.a.b\nimport data.lib\nverdicts contains lib.verdict(\"c\") if { %s }\n", each.body)
		if got := analyse(t, policy); got != each.reads {
			t.Errorf("reads %v, want %v: %s", got, each.reads, each.body)
		}
	}
}

func TestReadsTextWhenAPartLeavesInAVerdict(t *testing.T) {
	if !analyse(t, "package postern.policies.a.b\ndeny contains p if some p in input.parts\n") {
		t.Error("the part in the verdict was not seen")
	}
}

func analyse(t *testing.T, policy string) bool {
	t.Helper()
	parsed, issues := parseModules([]Module{{File: "lib.rego", Text: library}, {File: "p.rego", Text: policy}})
	if len(issues) > 0 {
		t.Fatal(issues, policy)
	}
	compiler, issues := compile(parsed, ast.CapabilitiesForThisVersion(), false)
	if len(issues) > 0 {
		t.Fatal(issues, policy)
	}
	return readsText(compiler)
}
