package main

import (
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// room knows what the variables of a body stand for, as far as that can be read off it.
type room struct {
	*program
	bound map[ast.Var]binding
	outer *room
	// held are the expressions that must hold for the rest of the body to matter.
	held []*ast.Expr
}

// binding is a term, or each element of it, in the room where it was written.
type binding struct {
	term *ast.Term
	each bool
	in   *room
}

// Definitions may go round in circles.
const mostSteps = 32

func (r *room) enter(body ast.Body) *room {
	inner := &room{program: r.program, bound: map[ast.Var]binding{}, outer: r}
	for _, expr := range body {
		if expr.Negated || len(expr.With) > 0 {
			continue
		}
		inner.held = append(inner.held, expr)
		inner.learn(expr)
	}
	return inner
}

func (r *room) learn(expr *ast.Expr) {
	if decl, isSome := expr.Terms.(*ast.SomeDecl); isSome {
		for _, symbol := range decl.Symbols {
			if call, isCall := symbol.Value.(ast.Call); isCall {
				r.bind(call[len(call)-2], binding{call[len(call)-1], true, r})
			}
		}
		return
	}
	if expr.IsAssignment() || expr.IsEquality() {
		r.bind(expr.Operand(0), binding{expr.Operand(1), false, r})
	}
}

func (r *room) bind(name *ast.Term, to binding) {
	if variable, isVar := name.Value.(ast.Var); isVar {
		if _, isTaken := r.bound[variable]; !isTaken {
			r.bound[variable] = to
		}
	}
}

func (r *room) lookUp(variable ast.Var) (binding, bool) {
	for at := r; at != nil; at = at.outer {
		if found, isBound := at.bound[variable]; isBound {
			return found, true
		}
	}
	return binding{}, false
}

// path gives the document a term stands for, e.g. `input.parts[].kind`; empty when it cannot be told.
func (r *room) path(term *ast.Term) string {
	return r.pathWithin(term, mostSteps)
}

func (r *room) pathWithin(term *ast.Term, steps int) string {
	if steps == 0 {
		return ""
	}
	switch value := term.Value.(type) {
	case ast.Var:
		return r.pathOfVar(value, steps-1)
	case ast.Ref:
		return r.pathOfRef(value, steps-1)
	}
	return ""
}

func (r *room) pathOfVar(variable ast.Var, steps int) string {
	if variable.Equal(ast.InputRootDocument.Value) || variable.Equal(ast.DefaultRootDocument.Value) {
		return string(variable)
	}
	found, isBound := r.lookUp(variable)
	if !isBound {
		return ""
	}
	path := found.in.pathWithin(found.term, steps)
	if path != "" && found.each {
		path += "[]"
	}
	return path
}

func (r *room) pathOfRef(ref ast.Ref, steps int) string {
	path, rest := "", ref[1:]
	if rules, length := r.rulesOf(ref); rules != nil {
		path, rest = r.pathOfRule(rules, steps), ref[length:]
	} else {
		path = r.pathWithin(ref[0], steps)
	}
	if path == "" {
		return ""
	}
	for _, key := range rest {
		if name, isConstant := key.Value.(ast.String); isConstant {
			path += "." + string(name)
		} else {
			path += "[]"
		}
	}
	return path
}

// pathOfRule sees through a rule that only gives a document another name.
func (r *room) pathOfRule(rules []*ruleInfo, steps int) string {
	if len(rules) == 1 && rules[0].Head.Value != nil && len(rules[0].Head.Args) == 0 {
		return r.inside(rules[0]).pathWithin(rules[0].Head.Value, steps)
	}
	return ""
}

// inside is the room of a rule's own body.
func (p *program) inside(rule *ruleInfo) *room {
	return (&room{program: p}).enter(rule.Body)
}

// holds tells whether an expression of this body, or of one around it, passes the test.
func (r *room) holds(passes func(*room, *ast.Expr) bool) bool {
	for at := r; at != nil; at = at.outer {
		for _, expr := range at.held {
			if passes(at, expr) {
				return true
			}
		}
	}
	return false
}

// ofEvery is where the elements of an `every` have their name.
func (r *room) ofEvery(every *ast.Every) *room {
	inner := &room{program: r.program, bound: map[ast.Var]binding{}, outer: r}
	inner.bind(every.Value, binding{every.Domain, true, r})
	return inner
}

func isBelow(path, root string) bool {
	return strings.HasPrefix(path, root) && len(path) > len(root) && strings.ContainsRune(".[", rune(path[len(root)]))
}

// eachBody gives a rule's body and the bodies of `every` in it, with their rooms.
func (p *program) eachBody(rule *ruleInfo, found func(*room, ast.Body)) {
	outer := &room{program: p}
	var visit func(*room, ast.Body)
	visit = func(around *room, body ast.Body) {
		here := around.enter(body)
		found(here, body)
		for _, expr := range body {
			if every, isEvery := expr.Terms.(*ast.Every); isEvery {
				visit(here.ofEvery(every), every.Body)
			}
		}
	}
	visit(outer, rule.Body)
}
