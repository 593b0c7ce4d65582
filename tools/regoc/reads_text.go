package main

import (
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// readsText is false only when it is certain that no rule can see input.parts[_].text. Parts are followed through
// variables, arguments, results and collections until nothing new is learnt; whatever is not understood reads.
func readsText(compiler *ast.Compiler) bool {
	flow := &flow{compiler: compiler, results: map[string]label{}, variables: map[*ast.Rule]map[ast.Var]label{}}
	for flow.changed = true; flow.changed && !flow.reads; {
		flow.changed = false
		for _, module := range compiler.Modules {
			for _, rule := range module.Rules {
				flow.rule(rule, rule)
			}
		}
	}
	return flow.reads || flow.exportsParts()
}

type flow struct {
	compiler  *ast.Compiler
	results   map[string]label
	variables map[*ast.Rule]map[ast.Var]label
	changed   bool
	reads     bool
}

// scope is a rule with its else branches: they share variables.
type scope struct {
	*flow
	owner *ast.Rule
}

func (f *flow) rule(owner, rule *ast.Rule) {
	s := scope{f, owner}
	s.body(rule.Body)
	head := rule.Head
	found := nothing
	if head.Value != nil {
		found = s.value(head.Value)
	}
	if head.RuleKind() == ast.MultiValue {
		found |= s.key(s.value(head.Key))
	}
	ref := rule.Ref()
	for range len(ref) - len(ref.GroundPrefix()) {
		found = s.key(found)
	}
	f.learn(resultOf(owner), found)
	if rule.Else != nil {
		f.rule(owner, rule.Else)
	}
}

func resultOf(rule *ast.Rule) string {
	return rule.Ref().GroundPrefix().String()
}

func (f *flow) learn(result string, found label) {
	if f.results[result]|found != f.results[result] {
		f.results[result] |= found
		f.changed = true
	}
}

// exportsParts tells whether a part leaves in a verdict.
func (f *flow) exportsParts() bool {
	for result, found := range f.results {
		if found != nothing && strings.HasPrefix(result, "data.postern.policies.") && !f.isInternal(result) {
			return true
		}
	}
	return false
}

func (f *flow) isInternal(result string) bool {
	for _, name := range []string{".verdicts", ".deny", ".warn", ".violation"} {
		if strings.HasSuffix(result, name) {
			return false
		}
	}
	return true
}

// collect gives the label of a collection of what is given.
func (f *flow) collect(l label) label {
	if l&(deepest|whole) != 0 {
		f.reads = true
	}
	return (l&levels)<<1 | l&keyed
}

// key gives the label of a collection that has what is given as keys too.
func (f *flow) key(l label) label {
	if l == nothing {
		return nothing
	}
	return f.collect(l) | keyed
}

func (s scope) bind(variable ast.Var, l label) {
	known := s.variables[s.owner]
	if known == nil {
		known = map[ast.Var]label{}
		s.variables[s.owner] = known
	}
	if known[variable]|l != known[variable] {
		known[variable] |= l
		s.changed = true
	}
}

func (s scope) body(body ast.Body) {
	for _, expression := range body {
		if len(expression.With) > 0 {
			s.reads = true
		}
		s.expression(expression)
	}
}

func (s scope) expression(expression *ast.Expr) {
	switch terms := expression.Terms.(type) {
	case *ast.Term:
		s.value(terms)
	case []*ast.Term:
		s.call(terms)
	case *ast.Every:
		domain := s.value(terms.Domain)
		s.guard(domain)
		s.match(terms.Value, domain.elements())
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

// guard notes that something is looked into with a key that is not known.
func (s scope) guard(l label) {
	if l.isOpen() {
		s.reads = true
	}
}
