package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
)

const fieldsSchema = `{"type": "object", "properties": {
	"phase": {"type": "string"},
	"model": {"type": "string"},
	"stream": {"type": "boolean"},
	"upstream": {"type": "object", "properties": {"name": {"type": "string"}, "host": {"type": "string"}}},
	"parts": {"type": "array", "items": {"type": "object", "properties": {
		"origin": {"type": "string"}, "kind": {"type": "string"}, "chars": {"type": "integer"}, "name": {"type": "string"},
		"arguments": {}, "text": {"type": "string"}
	}}},
	"findings": {"type": "array", "items": {"type": "object", "properties": {"code": {"type": "string"}, "part": {"type": "integer"}}}},
	"limits": {"type": "object", "additionalProperties": {"type": "number"}},
	"finish_reasons": {"type": "array", "items": {"type": "string"}}
}}`

const library = `package lib
of(parts, origin) := [p | some p in parts; p.origin == origin]
chars(parts) := sum([p.chars | some p in parts])
pick(value, key) := value[key]
users contains p if { some p in input.parts; p.origin == "user" }
verdict(code) := {"action": "deny", "code": code, "message": "text"}
same(x) := x
is_long(p) if p.chars > 10
first(p) := p.kind if { p.origin == "user" } else := p.name
`

func init() {
	askHost = func([]byte) []byte { return []byte("{}") }
}

func TestReadsWhatCannotBeRuledOut(t *testing.T) {
	cases := []struct{ reads, body string }{
		{"model", `input.model == "x"`},
		{"model", `lower(input.model) == "x"`},
		{"model", `x := input.model; y := x; y != "x"`},
		{"model", `data.lib.pick(data.config.limits, input.model) < 3`},
		{"model", `not input.model in data.config.models`},
		{"model", `sprintf("%s", [input.model]) == "x"`},
		{"model stream", `{"m": input.model, "s": input.stream}.m == "x"`},
		{"", `data.config.x == 3`},
		{"", `input.unheard_of == 3`},
		{"upstream.host", `input.upstream.host == "x"`},
		{"upstream.*", `input.upstream == {"name": "x"}`},
		{"upstream.*", `count(input.upstream) == 2`},
		{"upstream.*", `some k; input.upstream[k] == "x"`},
		{"upstream.*", `json.marshal(input.upstream) == "x"`},
		{"model upstream.*", `input.upstream[input.model] == "x"`},
		{"upstream.*", `some v in input.upstream; v == "x"`},
		{"upstream.name", `object.get(input, ["upstream", "name"], "") == "x"`},
		{"limits.*", `input.limits.n > 3`},
		{"limits.*", `some name, most in input.limits; most > 3`},
		{"limits.*", `is_object(input.limits)`},
		{"finish_reasons", `"stop" in input.finish_reasons`},
		{"finish_reasons", `count(input.finish_reasons) > 1`},
		{"parts", `count(input.parts) > 3`},
		{"parts", `is_array(input.parts); every p in input.parts { is_object(p) }`},
		{"parts", `input.parts == []`},
		{"parts", `some i, _ in input.parts; i > 3`},
		{"parts.kind", `input.parts[_].kind == "text"`},
		{"parts.kind", `input.parts[0].kind == "text"`},
		{"parts.kind", `some p in input.parts; p.kind in {"text", "reasoning"}`},
		{"parts.kind", `some p in input.parts; not p.kind`},
		{"parts.chars parts.origin", `data.lib.chars(data.lib.of(input.parts, "user")) > 10`},
		{"parts.chars", `some p in input.parts; data.lib.is_long(p)`},
		{"parts.kind parts.name parts.origin", `some p in input.parts; data.lib.first(p) == "x"`},
		{"parts.@id parts.chars parts.origin", `some p in data.lib.users; p.chars > 3`},
		{"parts.@id parts.origin", `count(data.lib.users) > 1`},
		{"parts.arguments.*", `some p in input.parts; p.arguments[_] == "text"`},
		{"parts.name", `some p in input.parts; object.get(p, "name", "") == "x"`},
		{"parts.chars", `count({p.chars | some p in input.parts}) < count(input.parts)`},
		{"parts.chars", `every p in input.parts { p.chars < 9 }`},
		{"parts.origin", `some i, p in input.parts; i > 3; p.origin == "user"`},
		{"findings.part parts.kind", `some f in input.findings; input.parts[f.part].kind == "text"`},
		{"findings.code", `some f in input.findings; f.code == data.config.codes[_]`},
		{"parts.chars", `p := input.parts[0]; q := p; q.chars > 3`},
		{"parts.chars parts.kind", `x := {"a": p.chars | some p in input.parts; p.kind == "text"}; x.a > 3`},
		{"parts.chars", `x := {"all": [input.parts]}; some a in x.all; some p in a; p.chars > 3`},
		{"parts.chars", `x := array.concat(input.parts, []); x[0].chars > 3`},
		{"parts.chars", `x := array.concat([input.parts[0]], []); x[0].chars > 3`},
		{"parts.chars", `[p, _] = input.parts; p.chars > 3`},
		{"parts.text", `input.parts[_].text == "x"`},
		{"parts.text", `some p in input.parts; contains(p.text, "x")`},
		{"parts.@id parts.origin parts.text", `some p in data.lib.users; p.text`},
		{"parts.origin parts.text", `some p in data.lib.of(input.parts, "user"); p["text"] == "x"`},
		{"parts.*", `k := concat("", ["te", "xt"]); input.parts[0][k] == "x"`},
		{"model parts.*", `some p in input.parts; data.lib.pick(p, input.model) == "x"`},
		{"*", `walk(input, [_, v]); v == "x"`},
		{"parts.*", `contains(json.marshal(input.parts), "x")`},
		{"*", `some k; input[k][_].text`},
		{"parts.*", `some p in input.parts; some v in p; v == "x"`},
		{"parts.*", `some p in input.parts; {"text": x} = p; x == "x"`},
		{"parts.text", `x := {"a": [input.parts]}; some a in x.a; some p in a; p.text`},
		{"parts.text", `x := data.lib.same(input); x.parts[0].text`},
		{"parts.text", `some p in input.parts; object.get(p, ["text"], "") == "x"`},
		{"parts.text", `every p in input.parts { p.text != "x" }`},
		{"parts.@id parts.origin parts.text", `data.lib.users[p]; p.text`},
		{"*", `count(data.lib.users) > 1 with input.parts as []`},
		{"parts.*", `count(input.parts[0]) > 3`},
		{"parts.@id parts.text", `s := {p | some p in input.parts}; s[p]; p.text`},
		{"parts.*", `x := data.lib; some p in x.users; p.text`},
		{"parts.*", `p := input.parts[0]; q := input.parts[1]; p == q`},
		{"parts.*", `input.parts[0] == input.parts[1]`},
		{"parts.*", `some p in input.parts; p in data.config.known`},
		{"parts.*", `some p in input.parts; p == data.config.known`},
		{"parts.*", `{p | some p in input.parts} - data.config.known == set()`},
		{"parts.*", `object.union(input.parts[0], {}).kind == "text"`},
		{"parts.*", `x := [[[[[[input.parts]]]]]]; x[0][0][0][0][0][0][0].kind == "text"`},
		{"findings.*", `count({f | some f in input.findings}) > 1`},
		{"parts.@text", `some p in input.parts; count(postern.matches(p, "x")) > 0`},
		{"parts.@text parts.origin", `some p in input.parts; p.origin == "user"; postern.contains_any(p, data.config.words) != []`},
		{"model parts.@text", `some p in input.parts; postern.matches(p, input.model) != []`},
	}
	for _, each := range cases {
		policy := fmt.Sprintf("package postern.policies.a.b\nimport data.lib\nverdicts contains lib.verdict(\"c\") if { %s }\n", each.body)
		reads := analyse(t, policy)
		if got := strings.Join(reads.Request, " "); got != strings.TrimSpace(each.reads) {
			t.Errorf("reads %q, want %q: %s", got, each.reads, each.body)
		}
	}
}

func TestReadsWholeWhatLeavesInAVerdict(t *testing.T) {
	for policy, want := range map[string]string{
		"deny contains p if some p in input.parts":                               "parts.*",
		"verdicts contains {\"x\": input.upstream} if input.stream":              "stream upstream.*",
		"internal contains p if some p in input.parts":                           "",
		"deny contains \"x\" if { some p in internal }\ninternal := input.parts": "parts",
	} {
		got := strings.Join(analyse(t, "package postern.policies.a.b\n"+policy+"\n").Request, " ")
		if got != want {
			t.Errorf("reads %q, want %q: %s", got, want, policy)
		}
	}
}

func TestReadsOfOnePhaseLeaveOutWhatNeedsTheOther(t *testing.T) {
	policy := `package postern.policies.a.b
deny contains "x" if { input.phase == "request"; input.model == "x" }
deny contains "y" if { input.parts[0].text; "response" == input.phase }
deny contains "z" if { not input.phase == "request"; input.stream }
deny contains "w" if { x := input.phase; x == "response"; input.upstream.name }
`
	reads := analyse(t, policy)
	if got := strings.Join(reads.Request, " "); got != "model phase stream upstream.name" {
		t.Error("request", got)
	}
	if got := strings.Join(reads.Response, " "); got != "parts.text phase stream upstream.name" {
		t.Error("response", got)
	}
}

func TestReadsEverythingOfAnInputThatNobodyDescribed(t *testing.T) {
	compiler := compiled(t, "package postern.policies.a.b\ndeny contains \"x\" if input.model == \"x\"\n")
	known, err := shapeOf(nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(readsOf(compiler, known).Request, " "); got != "*" {
		t.Error(got)
	}
}

func analyse(t *testing.T, policy string) *Reads {
	t.Helper()
	raw := json.RawMessage(fieldsSchema)
	known, err := shapeOf(raw)
	if err != nil {
		t.Fatal(err)
	}
	return readsOf(compiled(t, policy), known)
}

func compiled(t *testing.T, policy string) *ast.Compiler {
	t.Helper()
	parsed, issues := parseModules([]Module{{File: "lib.rego", Text: library}, {File: "p.rego", Text: policy}})
	if len(issues) > 0 {
		t.Fatal(issues, policy)
	}
	compiler, issues := compile(parsed, ast.CapabilitiesForThisVersion(), false)
	if len(issues) > 0 {
		t.Fatal(issues, policy)
	}
	return compiler
}
