package main

import (
	"strings"
	"testing"
)

const inputSchema = `{
	"$schema": "http://json-schema.org/draft-07/schema#",
	"type": "object",
	"additionalProperties": false,
	"properties": {
		"model": {"type": "string", "description": "of the request"},
		"limits": {"type": "object", "additionalProperties": {"type": "number"}},
		"parts": {"type": "array", "items": {
			"type": "object",
			"additionalProperties": false,
			"properties": {"kind": {"type": "string", "enum": ["text"]}, "arguments": {}, "chars": {"type": "integer"}}
		}}
	}
}`

func checkWithSchema(t *testing.T, modules ...Module) []Issue {
	t.Helper()
	request, err := readRequest([]byte(`{"schema": ` + inputSchema + `}`))
	if err != nil {
		t.Fatal(err)
	}
	request.Modules = modules
	return check(request).Issues
}

func TestARuleRefersOnlyToFieldsOfTheInput(t *testing.T) {
	for body, message := range map[string]string{
		`input.partz`:                           "input has no partz, only limits, model, parts",
		`input.parts[_].colour == "red"`:        "input.parts[_] has no colour, only arguments, chars, kind",
		`some part in input.parts; part.colour`: "part has no colour, only arguments, chars, kind",
		`input.model.name`:                      "input.model has no name, it is a string",
		`input.parts.kind`:                      "input.parts has no kind, it is a list",
	} {
		issues := checkWithSchema(t, Module{File: "p.rego", Text: "package p\n\nq if {\n\t" + strings.ReplaceAll(body, "; ", "\n\t") + "\n}\n"})
		if len(issues) != 1 || issues[0].Message != message || issues[0].Row < 4 || issues[0].Code != "rego_type_error" {
			t.Errorf("%s: %+v", body, issues)
		}
	}
}

func TestWhatMayBeMissingIsLegal(t *testing.T) {
	for _, body := range []string{
		`not input.model`,
		`object.get(input, "tenant", "none") == "none"`,
		`object.get(input, ["parts", 0, "colour"], "none") == "none"`,
		`input.parts[_].arguments.to.name == "x"`,
		`input.limits.anything > 1`,
		`some name, value in input; name == "tenant"; is_number(value)`,
		`name := "model"; input[name] == "x"`,
		`input.parts[0].chars > 1`,
	} {
		issues := checkWithSchema(t, Module{File: "p.rego", Text: "package p\n\nq if {\n\t" + strings.ReplaceAll(body, "; ", "\n\t") + "\n}\n"})
		if len(issues) != 0 {
			t.Errorf("%s: %+v", body, issues)
		}
	}
}

func TestTestsGiveTheInputThatTheyMean(t *testing.T) {
	issues := checkWithSchema(t,
		Module{File: "p.rego", Text: "package p\n\nq if input.model == \"x\"\n"},
		Module{File: "p_test.rego", Test: true, Text: `package p_test

import data.p

test_q if p.q with input as {"model": "x", "colour": "red"}

test_r if not p.q with input as null

test_s if input.colour == "red" with input.colour as "red"
`})
	if len(issues) != 0 {
		t.Errorf("%+v", issues)
	}
}
