package main

import (
	"cmp"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
)

// LintRule is one thing that lint looks for; Bad is found, Good is not.
type LintRule struct {
	ID       string `json:"id"`
	Severity string `json:"severity"`
	Family   string `json:"family"`
	Why      string `json:"why"`
	Fix      string `json:"fix"`
	Bad      string `json:"bad"`
	Good     string `json:"good"`
}

// linting is one run: what is looked at, and what was found.
type linting struct {
	modules []*lintModule
	program *program
	found   []Issue
}

// lintModule is a file as it stands: nothing is resolved, and comments are there.
type lintModule struct {
	Module
	tree   *ast.Module
	policy string // <category>.<name>; empty when the package is not a policy's
}

// lint looks at the modules for what compiles and is still wrong. The library is known, and not looked at.
func lint(request Request) Answer {
	run := &linting{found: []Issue{}}
	for _, source := range request.Modules {
		parsed, err := parseAsWritten(source)
		if err != nil {
			return failed(err)
		}
		run.modules = append(run.modules, &lintModule{source, parsed, policyID(parsed)})
	}
	program, issues := resolve(append(slices.Clone(request.Library), request.Modules...))
	if len(issues) > 0 {
		return Answer{Issues: issues}
	}
	run.program = program
	for _, module := range run.modules {
		run.layout(module)
		run.naming(module)
		run.metadata(module)
		run.assertions(module)
		run.patterns(module)
	}
	run.uniqueIDs()
	for _, rule := range program.rules {
		if run.isOurs(rule) {
			run.meaning(rule)
			run.references(rule)
		}
	}
	run.unused()
	run.verdicts()
	run.ignores()
	slices.SortStableFunc(run.found, byPlace)
	return Answer{Lint: &Lint{Found: slices.Compact(run.found), Rules: lintRules}}
}

// Lint is what was found, and the table of what is looked for.
type Lint struct {
	Found []Issue    `json:"found"`
	Rules []LintRule `json:"rules"`
}

func byPlace(a, b Issue) int {
	return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Row, b.Row), cmp.Compare(a.Col, b.Col), cmp.Compare(a.Code, b.Code))
}

func (run *linting) find(rule string, location *ast.Location, message string) {
	run.found = append(run.found, issueAt(location, rule, message))
}

// isOurs tells a rule that is looked at, and shipped, from the library and from tests.
func (run *linting) isOurs(rule *ruleInfo) bool {
	module := run.moduleOf(rule.file)
	return module != nil && !module.Test
}

func (run *linting) moduleOf(file string) *lintModule {
	for _, module := range run.modules {
		if module.File == file {
			return module
		}
	}
	return nil
}

func parseAsWritten(module Module) (*ast.Module, error) {
	return ast.ParseModuleWithOpts(module.File, module.Text, ast.ParserOptions{RegoVersion: ast.RegoV1, ProcessAnnotation: true})
}

// policyID is what the compiler on the host's side takes for one.
func policyID(module *ast.Module) string {
	path := segments(module.Package.Path)
	if len(path) == 5 && path[1] == "postern" && path[2] == "policies" {
		return path[3] + "." + path[4]
	}
	return ""
}
