package main

import "github.com/open-policy-agent/opa/v1/ast"

// scope is a rule with its else branches: they share variables.
type scope struct {
	*flow
	owner *ast.Rule
}

func (f *flow) rule(owner, rule *ast.Rule) {
	s := scope{f, owner}
	if rule.Else != nil {
		f.rule(owner, rule.Else)
	}
	if !s.body(rule.Body) {
		return
	}
	found := s.given(rule)
	ref := rule.Ref()
	for range len(ref) - len(ref.GroundPrefix()) {
		found = s.collect(found)
	}
	for _, name := range ref[len(ref.GroundPrefix()):] {
		found = s.key(s.value(name)).union(found)
	}
	f.learn(resultOf(owner), found)
}

// given is what one way of holding adds to the result.
func (s scope) given(rule *ast.Rule) value {
	head := rule.Head
	switch {
	case head.RuleKind() == ast.MultiValue:
		return s.key(s.value(head.Key))
	case head.Value == nil:
		return nothing
	case s.mayMeet(rule):
		return s.meet(s.value(head.Value))
	}
	return s.value(head.Value)
}

func resultOf(rule *ast.Rule) string {
	return rule.Ref().GroundPrefix().String()
}

// body tells whether it can hold in this phase: what else stands beside a condition that never does is not read.
func (s scope) body(body ast.Body) bool {
	for _, expression := range body {
		if s.isOfOtherPhase(expression) {
			return false
		}
	}
	for _, expression := range body {
		s.expression(expression)
	}
	return true
}

func (s scope) isOfOtherPhase(expression *ast.Expr) bool {
	if expression.Negated || len(expression.With) > 0 || !expression.IsEquality() {
		return false
	}
	left, right := expression.Operand(0), expression.Operand(1)
	return s.isOther(left, right) || s.isOther(right, left)
}

var phaseRef = ast.Ref{ast.InputRootDocument, ast.StringTerm("phase")}

func (s scope) isOther(reference, constant *ast.Term) bool {
	phase, isString := constant.Value.(ast.String)
	return isString && string(phase) != s.phase && reference.Value.Compare(phaseRef) == 0
}

func (s scope) expression(expression *ast.Expr) {
	if len(expression.With) > 0 {
		s.mark(s.shape.root, wholly)
	}
	switch terms := expression.Terms.(type) {
	case *ast.Term:
		s.value(terms)
	case []*ast.Term:
		s.call(terms)
	case *ast.Every:
		domain := s.value(terms.Domain)
		s.match(terms.Value, s.elementsOf(domain))
		if terms.Key != nil {
			s.match(terms.Key, domain.keys())
		}
		s.body(terms.Body)
	case *ast.SomeDecl:
		for _, symbol := range terms.Symbols {
			s.value(symbol)
		}
	}
}

// bind gives a variable one more thing that it may be. One that is bound twice is compared, and so is all it holds.
func (s scope) bind(variable ast.Var, v value) {
	if s.bindersOf().counted[variable] > 1 {
		s.readWhole(v)
		return
	}
	known := s.variables[s.owner]
	if known == nil {
		known = map[ast.Var]value{}
		s.variables[s.owner] = known
	}
	if joined := known[variable].union(v); joined != known[variable] {
		known[variable] = joined
		s.changed = true
	}
}
