package main

import (
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// references looks at what a rule reaches for.
func (run *linting) references(rule *ruleInfo) {
	for _, part := range partsOf(rule) {
		ast.WalkTerms(part, func(term *ast.Term) bool {
			switch value := term.Value.(type) {
			case ast.Ref:
				if run.program.isDynamic(value) {
					run.find("dynamic-reference", term.Location, "which policies this reaches is not known before it is evaluated")
					return true
				}
			case ast.Call:
				run.wholeInput(value)
			}
			return false
		})
		ast.WalkExprs(part, func(expr *ast.Expr) bool {
			if terms, isCall := expr.Terms.([]*ast.Term); isCall && !expr.IsAssignment() && !expr.IsEquality() {
				run.wholeInput(terms)
			}
			return false
		})
	}
}

// partsOf leaves out `else`, which is a rule of its own here.
func partsOf(rule *ruleInfo) []any {
	parts := []any{rule.Body}
	for _, term := range append(rule.Head.Args, rule.Head.Key, rule.Head.Value) {
		if term != nil {
			parts = append(parts, term)
		}
	}
	return parts
}

func (run *linting) wholeInput(call []*ast.Term) {
	for _, argument := range call[1:] {
		if argument.String() == ast.InputRootDocument.String() {
			run.find("whole-input", argument.Location, "a function that gets all of the input reads the text of every part")
		}
	}
}

// isDynamic tells a reference that leads to policies without naming a rule.
func (p *program) isDynamic(ref ast.Ref) bool {
	if !ref.HasPrefix(ast.DefaultRootRef) {
		return false
	}
	if rules, _ := p.rulesOf(ref); rules != nil {
		return false
	}
	names := segments(ref)
	if len(names) < len(ref) && len(names) == 1 {
		return true
	}
	return len(names) > 1 && names[1] == "postern"
}

// unused finds rules of policies that nothing leads to, tests aside.
func (run *linting) unused() {
	used := map[string]bool{}
	for _, rule := range run.program.rules {
		for _, part := range partsOf(rule) {
			ast.WalkRefs(part, func(ref ast.Ref) bool {
				if rules, _ := run.program.rulesOf(ref); rules != nil && rules[0].path != rule.path {
					used[rules[0].path] = true
				}
				return false
			})
		}
	}
	for _, rule := range run.program.rules {
		if rule.policy == "" || rule.isExport() || used[rule.path] || !run.isOurs(rule) {
			continue
		}
		used[rule.path] = true // said once
		message := "nothing reads " + rule.name()
		if rule.Head.RuleKind() == ast.MultiValue {
			message += "; a policy speaks through verdicts, deny, warn and violation"
		}
		run.find("unused-rule", rule.Head.Location, message)
	}
}

// patterns finds expressions whose backslashes a reader has to count twice.
func (run *linting) patterns(module *lintModule) {
	look := func(call []*ast.Term) {
		at := 1
		if operatorOf(call) == ast.RegexReplace.Name {
			at = 2
		}
		if !strings.HasPrefix(operatorOf(call), "regex.") || len(call) <= at {
			return
		}
		pattern := call[at]
		text := string(pattern.Location.Text)
		if _, isString := pattern.Value.(ast.String); isString && strings.HasPrefix(text, `"`) && strings.Contains(text, `\`) {
			run.find("raw-pattern", pattern.Location, "write `…` instead of \"…\"")
		}
	}
	ast.WalkExprs(module.tree, func(expr *ast.Expr) bool {
		if terms, isCall := expr.Terms.([]*ast.Term); isCall {
			look(terms)
		}
		return false
	})
	ast.WalkTerms(module.tree, func(term *ast.Term) bool {
		if call, isCall := term.Value.(ast.Call); isCall {
			look(call)
		}
		return false
	})
}
