package main

import (
	"maps"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
)

const searchCode = "policy.search"

// checkSearches refuses what is looked for where it is known before anybody asks: written in the call, bound to a
// variable of the same rule, or the value of a rule without conditions.
func checkSearches(compiler *ast.Compiler) []Issue {
	var issues []Issue
	for _, file := range slices.Sorted(maps.Keys(compiler.Modules)) {
		ast.WalkRules(compiler.Modules[file], func(rule *ast.Rule) bool {
			search := searching{compiler, rule}
			ast.WalkExprs(rule, func(expression *ast.Expr) bool {
				issues = append(issues, search.check(expression)...)
				return false
			})
			return false
		})
	}
	return issues
}

type searching struct {
	compiler *ast.Compiler
	rule     *ast.Rule
}

func (s searching) check(expression *ast.Expr) []Issue {
	if !expression.IsCall() {
		return nil
	}
	for _, builtin := range hostBuiltins {
		if expression.Operator().String() != builtin.Name {
			continue
		}
		wanted := s.constant(expression.Operand(1), mostSteps)
		if wanted == nil {
			return nil
		}
		written, err := writeTerm(wanted)
		if err != nil {
			return []Issue{issueAt(expression.Location, searchCode, err.Error())}
		}
		said, err := ask(question{Name: builtin.Name, Wanted: written})
		if err != nil {
			return []Issue{issueAt(expression.Location, searchCode, err.Error())}
		}
		if said.Error != "" {
			return []Issue{issueAt(expression.Location, searchCode, builtin.Name+": "+said.Error)}
		}
	}
	return nil
}

// constant gives the term that another stands for, whatever the input is; nil when that cannot be told.
func (s searching) constant(term *ast.Term, steps int) *ast.Term {
	if term == nil || steps == 0 {
		return nil
	}
	switch value := term.Value.(type) {
	case ast.Var:
		return s.constant(s.bound(value), steps-1)
	case ast.Ref:
		rules := s.compiler.GetRulesExact(value)
		if len(rules) == 1 && isPlainValue(rules[0]) {
			return searching{s.compiler, rules[0]}.constant(rules[0].Head.Value, steps-1)
		}
		return nil
	}
	if !ast.IsConstant(term.Value) {
		return nil
	}
	return term
}

func isPlainValue(rule *ast.Rule) bool {
	return len(rule.Head.Args) == 0 && rule.Else == nil && isUnconditional(rule.Body)
}

// bound gives what a variable is unified with; nil unless there is exactly one such term.
func (s searching) bound(variable ast.Var) *ast.Term {
	var found []*ast.Term
	ast.WalkExprs(s.rule, func(expression *ast.Expr) bool {
		if !expression.IsEquality() {
			return false
		}
		left, right := expression.Operand(0), expression.Operand(1)
		if left.Value.Compare(variable) == 0 {
			found = append(found, right)
		}
		if right.Value.Compare(variable) == 0 {
			found = append(found, left)
		}
		return false
	})
	if len(found) != 1 {
		return nil
	}
	return found[0]
}
