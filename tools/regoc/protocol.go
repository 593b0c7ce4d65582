package main

import (
	"encoding/json"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/util"
)

// Module is one Rego file.
type Module struct {
	File string `json:"file"`
	Text string `json:"text"`
	// Test modules are never shipped and may use every built-in.
	Test bool `json:"test"`
}

// Request is what the host asks.
type Request struct {
	Operation string   `json:"operation"`
	Modules   []Module `json:"modules"`
	// Library modules are known, and not looked at.
	Library      []Module         `json:"library"`
	Data         map[string]any   `json:"data"`
	Capabilities *json.RawMessage `json:"capabilities"`
	// Schema is that of the input; policies refer to nothing else in it. Without it they may refer to anything.
	Schema any `json:"schema"`
	// Entrypoint is a path such as postern/main/result.
	Entrypoint string `json:"entrypoint"`
	Query      string `json:"query"`
	Input      any    `json:"input"`
}

// Answer holds what the operation has to say; Fault is a failure of the compiler itself.
type Answer struct {
	Version     string             `json:"version"`
	Fault       string             `json:"fault,omitempty"`
	Issues      []Issue            `json:"issues,omitempty"`
	Wasm        []byte             `json:"wasm,omitempty"`
	Reads       *Reads             `json:"reads,omitempty"`
	Packages    []Package          `json:"packages,omitempty"`
	Formatted   map[string]string  `json:"formatted,omitempty"`
	Tests       []TestResult       `json:"tests,omitempty"`
	Coverage    map[string]Covered `json:"coverage,omitempty"`
	Results     any                `json:"results,omitempty"`
	Lint        *Lint              `json:"lint,omitempty"`
	Outlines    []*Outline         `json:"outlines,omitempty"`
	Explanation *Explanation       `json:"explanation,omitempty"`
	Twins       []Twin             `json:"twins,omitempty"`
}

// Issue is something wrong at a place in a file.
type Issue struct {
	File    string `json:"file"`
	Row     int    `json:"row"`
	Col     int    `json:"col"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

func readRequest(bytes []byte) (Request, error) {
	var request Request
	err := util.UnmarshalJSON(bytes, &request)
	return request, err
}

func issueAt(location *ast.Location, code, message string) Issue {
	issue := Issue{Code: code, Message: message}
	if location != nil {
		issue.File, issue.Row, issue.Col = location.File, location.Row, location.Col
	}
	return issue
}

func failed(err error) Answer {
	return Answer{Issues: issuesOf(err)}
}
