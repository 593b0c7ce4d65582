package main

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

const (
	twinOfPart = `"origin": "user", "kind": "text", "chars": 3, "name": "n", "arguments": {}, "text": "x"}`
	aFinding   = `{"code": "c", "part": 0}`
	anUpstream = `{"name": "u", "host": "h"}`
	twinData   = `{"config": {"key": "code", "part": {` + twinOfPart + `, "finding": ` + aFinding + `, "upstream": ` + anUpstream + `}}`
)

func inputs(t *testing.T) []any {
	t.Helper()
	all := []any{}
	for _, parts := range []string{"", partAt(0), partAt(0) + "," + partAt(1)} {
		for _, findings := range []string{"", aFinding, aFinding + `, {"code": "c", "part": 1}`} {
			for _, phase := range []string{"request", "response"} {
				all = append(all, fromJSON(t, fmt.Sprintf(
					`{"phase": %q, "model": "m", "stream": true, "upstream": %s, "findings": [%s], "parts": [%s]}`,
					phase, anUpstream, findings, parts)))
			}
		}
	}
	return all
}

func partAt(index int) string {
	return fmt.Sprintf(`{"@id": %d, "@text": %d, %s`, index, index, twinOfPart)
}

// Something of the input, and what equals one of it in data.
var sources = [][2]string{
	{`input.upstream`, `data.config.upstream`},
	{`input.findings[0]`, `data.config.finding`},
	{`input.findings[_]`, `data.config.finding`},
	{`input.findings`, `[data.config.finding]`},
	{`{f | some f in input.findings}`, `{data.config.finding}`},
	{`input.parts[0]`, `data.config.part`},
	{`input.parts[_]`, `input.parts[0]`},
	{`{p | some p in input.parts}`, `{data.config.part}`},
	{`data.lib.of(input.parts, "user")`, `[data.config.part]`},
	{`data.lib.users`, `{data.config.part}`},
}

// Ways for a value to go.
var ways = []string{
	`%s`,
	`data.lib.same(%s)`,
	`[%s][0]`,
	`{"a": %s}.a`,
	`[y | y := %s][0]`,
	`{"a": y | y := %s}.a`,
	`[y | some y in {%s}][0]`,
	`object.get({"a": %s}, "a", 0)`,
	`object.get({"a": {"b": %s}}, ["a", "b"], 0)`,
	`array.concat([1], [%s])[1]`,
	`either(%s)`,
	`several(%s)`,
	`unpacked([%s, 1])`,
}

// Uses of x, which may be like y.
var uses = []string{
	`x == y`,
	`not x == y`,
	`x in [y]`,
	`x in {y}`,
	`[x] in {[y]}`,
	`{x} == {y}`,
	`{x} in [{y}]`,
	`{y: 1}[x] == 1`,
	`{{y}: 1}[{x}] == 1`,
	`object.get({y: 1}, x, 0) == 1`,
	`object.get({"a": {y: 1}}, ["a", x], 0) == 1`,
	`{"a": v | some v in [x, y]}.a == y`,
	`{"a": v | some v in [x, y]}.a.code == "c"`,
	`count([x, y]) == 2`,
	`count({x, y}) == 1`,
	`count({x} | {y}) == 1`,
	`count(x) == 1`,
	`x.code == "c"`,
	`x.name == "u"`,
	`x[0].part == 0`,
	`some v in x; v == "c"`,
	`some v in x; v.kind == "text"`,
	`every v in x { v.part == 0 }`,
	`x[data.config.key] == "c"`,
	`object.get(x, data.config.key, 0) == "c"`,
	`sprintf("%v", [x]) == sprintf("%v", [y])`,
	`met(x).name == "u"`,
	`twice(x, y)`,
	`otherwise(x, y)`,
	`is_object(x)`,
	`input.phase == "request"; x.host == "h"`,
	`[v, 1] = [x, 1]; v.host == "h"`,
	`$"{x}" == $"{y}"`,
}

const functions = `
either(x) := x if input.stream
else := 1

several(x) := x
several(x) := y if { y := x; input.phase == "response" }

unpacked([x, _]) := x

met(_) := data.config.upstream
met(x) := x if is_object(x)

twice(x, x)
otherwise(x, y) if { x.code == "no" } else if { x == y }
`

func TestPoliciesSayTheSameByWhatTheyRead(t *testing.T) {
	number, step := 0, 307 // prime to how many there are of each
	if os.Getenv("READS_ALL") != "" {
		step = 5
	}
	for _, source := range sources {
		for _, first := range ways {
			for _, second := range ways {
				for _, use := range uses {
					if number++; number%step != 0 {
						continue
					}
					value := strings.Replace(second, "%s", strings.Replace(first, "%s", source[0], 1), 1)
					body := fmt.Sprintf("x := %s; y := %s; %s", value, source[1], use)
					if found := disagreement(t, policyOf(body)); found != "" {
						t.Errorf("%s: %s", body, found)
					}
				}
			}
		}
	}
}

// What comes under one name must be equal, and keys are looked up by what they hold.
var cunning = []string{
	`deny contains "x" if u.name == "u"
	u := data.config.upstream
	u := input.upstream`,
	`deny contains "x" if u(1).name == "u"
	u(1) := data.config.upstream
	u(_) := input.upstream`,
	`deny contains "x" if m.a.name == "u"
	m.a := data.config.upstream
	m[k] := v if { some k in ["a"]; v := input.upstream }`,
	`deny contains "x" if m.a.name == "u"
	m.a := input.upstream
	m[k] := v if { some k in ["a"]; v := data.config.upstream }`,
	`deny contains "x" if first.kind == "text"
	first := p if some p in input.parts`,
	`deny contains "x" if f(1).kind == "text"
	f(_) := p if some p in input.parts`,
	`deny contains "x" if f(1).kind == "text"
	f(_) := input.parts[_]`,
	`deny contains "x" if m.text.kind == "text"
	m[p.kind] := p if some p in input.parts`,
	`deny contains "x" if { x := {"a": f | some f in input.findings}; x.a.code == "c" }`,
	`deny contains "x" if { x := {"a": c | some p in input.parts; c := [p]}; x.a[0].kind == "text" }`,
	`deny contains "x" if { some f in input.findings; object.get({data.config.finding: 1}, f, 0) == 1 }`,
	`deny contains "x" if { some f in input.findings; object.get({"a": {data.config.finding: 1}}, ["a", f], 0) == 1 }`,
}

func TestPoliciesSayTheSameByWhatTheyReadWhenValuesMeet(t *testing.T) {
	for _, rules := range cunning {
		policy := "package postern.policies.a.b\n" + rules
		if found := disagreement(t, policy); found != "" {
			t.Errorf("%s: %s", rules, found)
		}
	}
}

func policyOf(body string) string {
	return "package postern.policies.a.b\n\ndeny contains \"x\" if { " + body + " }\n" + functions
}
