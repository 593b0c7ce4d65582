package main

import (
	"context"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
)

// Explanation is what all policies say to one input, and why each rule that could give a verdict did or did not.
type Explanation struct {
	Result any             `json:"result"`
	Rules  []ExplainedRule `json:"rules"`
}

// ExplainedRule is one definition; it gave no verdict when Stuck is there.
type ExplainedRule struct {
	Policy string  `json:"policy"`
	Name   string  `json:"name"`
	File   string  `json:"file"`
	Row    int     `json:"row"`
	Col    int     `json:"col"`
	Given  []Given `json:"given"`
	Stuck  *Stuck  `json:"stuck,omitempty"`
}

// Given is a verdict with what was read for it.
type Given struct {
	Value any    `json:"value"`
	Facts []Fact `json:"facts"`
}

// Stuck is the expression that did not hold, of those the rule got to the last.
type Stuck struct {
	Row   int    `json:"row"`
	Col   int    `json:"col"`
	Facts []Fact `json:"facts"`
}

const policyRoot = "data.postern.policies."

var verdictRules = []string{"verdicts", "deny", "warn", "violation"}

// explain asks every policy alone, so that nothing is remembered from one to the next, with all shortcuts off.
func explain(request Request) Answer {
	compiler, issues := compileStrictly(request, withoutTests(request.Modules))
	if len(issues) > 0 {
		return Answer{Issues: issues}
	}
	asking := asking{compiler, inmem.NewFromObject(request.Data), request.Input}
	result, err := asking.ask("data."+strings.ReplaceAll(request.Entrypoint, "/", "."), nil)
	if err != nil {
		return failed(err)
	}
	out := Explanation{Result: result, Rules: []ExplainedRule{}}
	for _, path := range verdictPaths(compiler) {
		trace := newTrace(compiler, request.Data, request.Input)
		if _, err := asking.ask(path, trace); err != nil {
			return failed(err)
		}
		for _, rule := range compiler.GetRulesExact(ast.MustParseRef(path)) {
			out.Rules = append(out.Rules, trace.explainRule(rule))
		}
	}
	return Answer{Explanation: &out}
}

type asking struct {
	compiler *ast.Compiler
	store    storage.Store
	input    any
}

func (a asking) ask(query string, trace *trace) (any, error) {
	ctx := context.Background()
	prepared, err := rego.New(rego.Query(query), rego.Compiler(a.compiler), rego.Store(a.store)).PrepareForEval(ctx)
	if err != nil {
		return nil, err
	}
	options := []rego.EvalOption{rego.EvalInput(a.input), rego.EvalRuleIndexing(false), rego.EvalEarlyExit(false)}
	if trace != nil {
		options = append(options, rego.EvalQueryTracer(trace))
	}
	results, err := prepared.Eval(ctx, options...)
	if err != nil || len(results) == 0 {
		return nil, err
	}
	return results[0].Expressions[0].Value, nil
}

// verdictPaths gives the sets that policies export, in order of the alphabet.
func verdictPaths(compiler *ast.Compiler) []string {
	var paths []string
	for _, module := range compiler.Modules {
		for _, rule := range module.Rules {
			path := rule.Ref().String()
			name := path[strings.LastIndex(path, ".")+1:]
			if strings.HasPrefix(path, policyRoot) && slices.Contains(verdictRules, name) {
				paths = append(paths, path)
			}
		}
	}
	slices.Sort(paths)
	return slices.Compact(paths)
}
