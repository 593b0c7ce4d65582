package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const header = `# METADATA
# title: Team
# description: Text.
# scope: package
# custom:
#   severity: low
#   phases: [request]
#   default_mode: enforce
package postern.policies.team.x

`

func moduleFrom(text string) Module {
	if !strings.Contains(text, "package ") {
		text = header + text
	}
	if strings.Contains(text, "x_test\n") {
		return Module{File: "team/x/x_test.rego", Text: text, Test: true}
	}
	return Module{File: "team/x/x.rego", Text: text}
}

func lintAll(t *testing.T, modules ...Module) []Issue {
	t.Helper()
	answer := lint(Request{Modules: modules, Library: []Module{verdictModule(t)}})
	if answer.Lint == nil {
		t.Fatalf("%v", answer.Issues)
	}
	return answer.Lint.Found
}

func verdictModule(t *testing.T) Module {
	t.Helper()
	text, err := os.ReadFile("../../rego/postern/lib/verdict/verdict.rego")
	if err != nil {
		t.Fatal(err)
	}
	return Module{File: "@postern/lib/verdict/verdict.rego", Text: string(text)}
}

func codesOf(issues []Issue) []string {
	codes := make([]string, 0, len(issues))
	for _, issue := range issues {
		codes = append(codes, issue.Code)
	}
	return codes
}

func TestEveryRuleFindsItsBadExampleAndNothingIsFoundInItsGoodOne(t *testing.T) {
	for _, rule := range lintRules {
		if found := codesOf(lintAll(t, moduleFrom(rule.Good))); len(found) > 0 {
			t.Errorf("%s: found %v in what is good", rule.ID, found)
		}
		if rule.Bad == "" {
			continue
		}
		if found := codesOf(lintAll(t, moduleFrom(rule.Bad))); !slices.Contains(found, rule.ID) {
			t.Errorf("%s: found only %v in what is bad", rule.ID, found)
		}
	}
}

func TestThePoliciesThatShipAreClean(t *testing.T) {
	for _, root := range []string{"../../rego/postern", "../../rego/examples", "../../rego/starter", "../../k8s/examples/env-mode/policies"} {
		for _, issue := range lintAll(t, modulesBelow(t, root)...) {
			t.Errorf("%s/%s:%d:%d: %s: %s", root, issue.File, issue.Row, issue.Col, issue.Code, issue.Message)
		}
	}
}

func modulesBelow(t *testing.T, root string) []Module {
	t.Helper()
	var modules []Module
	err := filepath.WalkDir(root, func(path string, _ os.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".rego") {
			return err
		}
		text, err := os.ReadFile(path)
		name := strings.TrimPrefix(path, root+"/")
		modules = append(modules, Module{File: name, Text: string(text), Test: strings.HasSuffix(name, "_test.rego")})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return modules
}

// found and not: what each rule must and must not find, beyond its own examples.
var lintCases = []struct {
	rule  string
	found bool
	text  string
}{
	{"undefined-negation", true, `deny contains "No." if not startswith(input.parts[0].name, "x")`},
	{"undefined-negation", true, `deny contains "No." if not is_array(data.config.list)`},
	{"undefined-negation", true, "deny contains \"No.\" if {\n\tsome part in input.parts\n\tnot lower(part.name) == \"x\"\n}"},
	{"undefined-negation", true, "deny contains \"No.\" if {\n\tconfig := data.config\n\tnot f(config.x)\n}\n\nf(x) if x == 1"},
	{"undefined-negation", true, `deny contains "No." if not data.config.names[input.usage.input_tokens]`},
	{"undefined-negation", true, "deny contains \"No.\" if is_bad\n\nis_bad if not input.model in data.config.models"},
	{"undefined-negation", true, "deny contains \"No.\" if not is_good(limit)\n\nis_good(x) if x == 1\n\nlimit := 3 if input.stream"},
	{"undefined-negation", true, "deny contains \"No.\" if {\n\tevery part in input.parts {\n\t\tnot part.name in {\"x\"}\n\t}\n}"},
	{"undefined-negation", false, `deny contains "No." if not data.config.open == true`},
	{"undefined-negation", false, `deny contains "No." if not data.config.open`},
	{"undefined-negation", false, `deny contains "No." if not input.operation in {"chat"}`},
	{"undefined-negation", false, "deny contains \"No.\" if {\n\tis_array(data.config.list)\n\tnot input.model in data.config.list\n}"},
	{"undefined-negation", false, "deny contains \"No.\" if not is_good\n\nis_good if not input.model in data.config.bad"},
	{"undefined-negation", false, "deny contains \"No.\" if not is_good(limit)\n\nis_good(x) if x == 1\n\ndefault limit := 0\n\nlimit := 3 if input.stream"},
	{"undefined-negation", false, "deny contains \"No.\" if not is_good(names)\n\nis_good(x) if count(x) == 1\n\nnames contains part.name if some part in input.parts"},
	{"undefined-negation", false, `deny contains "No." if count([1 | not startswith(input.nobody, "x")]) > 0`},
	{"untyped-setting", true, "deny contains \"No.\" if {\n\tsome part in input.parts\n\tpart.chars > data.config.longest\n}"},
	{"untyped-setting", true, "deny contains \"No.\" if {\n\tlimit := data.config.longest\n\tcount(input.parts) > limit\n}"},
	{"untyped-setting", true, "deny contains \"No.\" if count(input.parts) > limit\n\nlimit := data.config.longest"},
	{"untyped-setting", false, "deny contains \"No.\" if {\n\tlimit := data.config.longest\n\tis_number(data.config.longest)\n\tcount(input.parts) > limit\n}"},
	{"untyped-setting", false, `deny contains "No." if count(input.parts) > 3`},
	{"untyped-setting", false, "deny contains \"No.\" if {\n\tis_number(data.config.longest)\n\tevery part in input.parts {\n\t\tpart.chars > data.config.longest\n\t}\n}"},
	{"default-true", false, "default is_bad := true\n\nis_bad := false if input.model == \"x\"\n\ndeny contains \"No.\" if is_bad"},
	{"content-in-message", true, "deny contains message if {\n\tsome reference in input.references\n\tmessage := concat(\"\", [\"No: \", reference.value])\n}"},
	{"content-in-message", true, "deny contains {\"msg\": $\"No: {input.parts[0].text}\"} if input.stream"},
	{"content-in-message", true, "deny contains text_of(part) if some part in input.parts\n\ntext_of(part) := sprintf(\"No: %v\", [part.arguments.city])"},
	{"content-in-message", true, "import data.postern.lib.verdict\n\nverdicts contains verdict.deny(\"team.x\", say(part)) if some part in input.parts\n\nsay(x) := json.marshal(x)"},
	{"content-in-message", false, "deny contains message if {\n\tsome part in input.parts\n\tmessage := sprintf(\"Longer than %d.\", [count(part.text)])\n}"},
	{"content-in-message", false, "deny contains message if {\n\tsome finding in input.findings\n\tmessage := sprintf(\"Found: %s\", [finding.code])\n}"},
	{"unknown-word", true, "deny contains \"No.\" if {\n\tsome part in input.parts\n\tpart.origin in {\"user\", \"human\"}\n}"},
	{"unknown-word", true, `verdicts contains {"action": "block", "code": "team.x", "message": "No."} if input.stream`},
	{"unknown-word", false, "import data.postern.lib.verdict\n\nverdicts contains verdict.truncate(\"team.x\", \"Cut.\", 3) if input.stream"},
	{"unknown-word", false, "deny contains \"No.\" if {\n\tsome tool in input.tools\n\ttool.kind == \"code_interpreter\"\n}"},
	{"dynamic-reference", true, "deny contains \"No.\" if count(data.postern.policies) > 3"},
	{"dynamic-reference", true, "deny contains \"No.\" if data[input.model].x"},
	{"whole-input", true, "deny contains \"No.\" if count(input) > 3"},
	{"whole-input", false, "deny contains \"No.\" if {\n\tmessage := input\n\tmessage.model == \"x\"\n}"},
	{"unused-rule", true, "deny contains \"No.\" if input.stream\n\nhelps if input.model == \"x\""},
	{"unused-rule", false, "deny contains \"No.\" if input.stream == wanted\n\ndefault wanted := true\n\nwanted := data.config.wanted"},
	{"verdict-code", true, "import data.postern.lib.verdict\n\nverdicts contains verdict.escalate(\"other.x\") if input.stream"},
	{"verdict-code", true, "import data.postern.lib.verdict\n\nverdicts contains cut(\"X\") if input.stream\n\ncut(kind) := verdict.flag(concat(\".\", [\"team\", kind]), \"Cut.\")"},
	{"verdict-code", false, "import data.postern.lib.verdict\n\nverdicts contains cut(\"x\") if input.stream\n\ncut(kind) := verdict.flag(concat(\".\", [\"team\", kind]), \"Cut.\")"},
	{"metadata-missing", true, "package postern.policies.team.x\n\ndeny contains \"No.\" if input.stream\n"},
	{"metadata-missing", false, "package acme.lib\n\nis_x if input.stream\n"},
	{"metadata-key", false, strings.Replace(header, "# custom:", "# custom:\n#   owner: payments", 1) + "deny contains \"No.\" if input.stream"},
	{"raw-pattern", false, `deny contains "No." if regex.match("^gpt", input.model)`},
	{"line-length", true, `deny contains "No." if input.model == "` + strings.Repeat("x", 100) + `"`},
	{"rule-length", true, "deny contains \"No.\" if {\n" + strings.Repeat("\tinput.stream\n", 29) + "}"},
	{"rule-length", false, "deny contains \"No.\" if {\n" + strings.Repeat("\tinput.stream\n", 28) + "}"},
	{"file-length", true, "deny contains \"No.\" if input.stream\n" + strings.Repeat("\nwarn contains \"Hm.\" if input.stream\n", 75)},
	{"test-without-assertion", false, "package postern.policies.team.x_test\n\ntest_it if not data.postern.policies.team.x.deny[\"x\"] with input as {}\n"},
	{"test-without-assertion", true, "package postern.policies.team.x_test\n\ntest_it if true\n"},
}

func TestRulesFindWhatIsWrongAndLeaveAloneWhatIsNot(t *testing.T) {
	for _, each := range lintCases {
		found := lintAll(t, moduleFrom(each.text))
		if slices.Contains(codesOf(found), each.rule) != each.found {
			t.Errorf("%s, wanted %v, found %v:\n%s", each.rule, each.found, codesOf(found), each.text)
		}
	}
}

func TestTwoPoliciesMayNotHaveOneID(t *testing.T) {
	noted := strings.Replace(header, "# custom:", "# custom:\n#   id: T-1", 1) + "deny contains \"No.\" if input.stream\n"
	other := strings.Replace(noted, "team.x", "team.y", 1)
	found := lintAll(t, Module{File: "x.rego", Text: noted}, Module{File: "y.rego", Text: other})
	if want := []string{"duplicate-id"}; !slices.Equal(codesOf(found), want) {
		t.Errorf("found %v", found)
	}
}

func TestAnIgnoreNeedsARuleAReasonAndSomethingToIgnore(t *testing.T) {
	const line = "deny contains \"No.\" if not f(input.user)"
	const rest = "\n\nf(x) if x == 1\n"
	for comment, want := range map[string]string{
		"# postern:ignore undefined-negation the host sets it": "[]",
		"# postern:ignore undefined-negation":                  "[ignore undefined-negation]",
		"# postern:ignore":                                     "[ignore undefined-negation]",
		"# postern:ignore undefined-negatoin because":          "[ignore undefined-negation]",
		"# postern:ignore line-length because":                 "[ignore undefined-negation]",
	} {
		for _, text := range []string{comment + "\n" + line + rest, line + " " + comment + rest} {
			found := codesOf(lintAll(t, moduleFrom(text)))
			slices.Sort(found)
			if fmt.Sprint(found) != want {
				t.Errorf("found %v, want %v:\n%s", found, want, text)
			}
		}
	}
}

func TestAFindingPointsAtTheTermItIsAbout(t *testing.T) {
	found := lintAll(t, moduleFrom("deny contains \"No.\" if not startswith(input.parts[0].name, \"x\")\n"))
	want := Issue{"team/x/x.rego", 11, 39, "undefined-negation", "where input.parts[0].name is missing this is undefined, not true, and the rule says nothing"}
	if len(found) != 1 || found[0] != want {
		t.Errorf("found %v", found)
	}
}
