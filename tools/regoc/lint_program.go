package main

import (
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// sign tells what follows when a rule holds: a verdict, or that none is given. Helpers may serve both.
type sign uint8

const (
	speaks sign = 1 << iota
	permits
)

func (s sign) flipped() sign {
	return s&speaks<<1 | s&permits>>1
}

// ruleInfo is one definition of a rule, every name in it resolved to a whole path.
type ruleInfo struct {
	*ast.Rule
	file   string
	path   string
	policy string // <category>.<name>; empty in a library
	sign   sign
}

// program is all that is shipped, the library included.
type program struct {
	rules  []*ruleInfo
	byPath map[string][]*ruleInfo
}

var exports = map[string]bool{"verdicts": true, "deny": true, "warn": true, "violation": true}

// resolve stops the compiler once names are known: what comes later no longer looks like what was written.
func resolve(modules []Module) (*program, []Issue) {
	parsed, issues := parseModules(withoutTests(modules))
	if len(issues) > 0 {
		return nil, issues
	}
	compiler := ast.NewCompiler().WithOnlyStagesUpTo(ast.StageResolveRefs)
	compiler.Compile(parsed)
	if compiler.Failed() {
		return nil, issuesOf(compiler.Errors)
	}
	p := &program{byPath: map[string][]*ruleInfo{}}
	for _, source := range modules {
		if !source.Test {
			p.add(source.File, compiler.Modules[source.File])
		}
	}
	p.assignSigns()
	return p, nil
}

func (p *program) add(file string, module *ast.Module) {
	for _, rule := range module.Rules {
		for each := rule; each != nil; each = each.Else {
			path := strings.Join(segments(rule.Ref()), ".")
			info := &ruleInfo{Rule: each, file: file, path: path, policy: policyID(module)}
			p.rules = append(p.rules, info)
			p.byPath[path] = append(p.byPath[path], info)
		}
	}
}

// segments gives the names a reference begins with, up to the first that is not a constant.
func segments(ref ast.Ref) []string {
	var names []string
	for i, term := range ref {
		switch value := term.Value.(type) {
		case ast.Var:
			if i > 0 {
				return names
			}
			names = append(names, string(value))
		case ast.String:
			names = append(names, string(value))
		default:
			return names
		}
	}
	return names
}

func (rule *ruleInfo) isExport() bool {
	return rule.policy != "" && exports[rule.name()]
}

func (rule *ruleInfo) name() string {
	return rule.path[strings.LastIndex(rule.path, ".")+1:]
}

// rulesOf gives the definitions a reference leads to, and how many of its terms name them.
func (p *program) rulesOf(ref ast.Ref) ([]*ruleInfo, int) {
	if !ref.HasPrefix(ast.DefaultRootRef) {
		return nil, 0
	}
	names := segments(ref)
	for length := len(names); length > 1; length-- {
		if rules := p.byPath[strings.Join(names[:length], ".")]; rules != nil {
			return rules, length
		}
	}
	return nil, 0
}

func (p *program) assignSigns() {
	var queue []*ruleInfo
	give := func(rules []*ruleInfo, s sign) {
		for _, rule := range rules {
			if rule.sign|s != rule.sign {
				rule.sign |= s
				queue = append(queue, rule)
			}
		}
	}
	for _, rule := range p.rules {
		if rule.isExport() {
			give([]*ruleInfo{rule}, speaks)
		}
	}
	for len(queue) > 0 {
		rule := queue[0]
		queue = queue[1:]
		follow := func(ref ast.Ref, s sign) {
			rules, _ := p.rulesOf(ref)
			give(rules, s)
		}
		eachUse(rule.Body, rule.sign, follow)
		for _, term := range []*ast.Term{rule.Head.Key, rule.Head.Value} {
			if term != nil {
				eachRef(term, func(ref ast.Ref) { follow(ref, rule.sign) })
			}
		}
	}
}

// eachUse gives every reference of a body with what follows when it holds. What a comprehension collects may be
// counted either way, so it is left out.
func eachUse(body ast.Body, s sign, found func(ast.Ref, sign)) {
	for _, expr := range body {
		here := s
		if expr.Negated {
			here = s.flipped()
		}
		switch terms := expr.Terms.(type) {
		case *ast.Every:
			eachRef(terms.Domain, func(ref ast.Ref) { found(ref, here) })
			eachUse(terms.Body, here, found)
		case *ast.Not:
			eachUse(terms.Body, here.flipped(), found)
		case *ast.LogicalAnd:
			eachUse(terms.Lhs, here, found)
			eachUse(terms.Rhs, here, found)
		case *ast.LogicalOr:
			eachUse(terms.Lhs, here, found)
			eachUse(terms.Rhs, here, found)
		default:
			eachRef(expr, func(ref ast.Ref) { found(ref, here) })
		}
	}
}

// eachRef gives the references below a node that are evaluated with it, those in brackets too.
func eachRef(node any, found func(ast.Ref)) {
	visitor := ast.NewGenericVisitor(func(node any) bool {
		switch node := node.(type) {
		case *ast.ArrayComprehension, *ast.SetComprehension, *ast.ObjectComprehension, *ast.Every, *ast.Not:
			return true
		case ast.Ref:
			found(node)
		}
		return false
	})
	visitor.Walk(node)
}
