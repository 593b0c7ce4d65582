package main

import "github.com/open-policy-agent/opa/v1/ast"

// check compiles strictly: the policies with what the host offers, then their tests with all that OPA has.
func check(request Request) Answer {
	if _, issues := compileStrictly(request, withoutTests(request.Modules)); len(issues) > 0 {
		return Answer{Issues: issues}
	}
	parsed, issues := parseModules(request.Modules)
	if len(issues) == 0 {
		_, issues = compile(parsed, ast.CapabilitiesForThisVersion(), true)
	}
	return Answer{Issues: issues}
}
