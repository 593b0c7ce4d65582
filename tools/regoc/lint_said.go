package main

import (
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// said is one way in which a policy can speak: the terms of it, and the room where each was written.
type said struct {
	rule    *ruleInfo
	action  string
	code    placed
	message placed
}

// placed is a term in its room; the term is nil when there is none.
type placed struct {
	term *ast.Term
	in   *room
}

const verdictLibrary = "data.postern.lib.verdict."

var (
	sugarActions    = map[string]string{"deny": "deny", "violation": "deny", "warn": "flag"}
	rewriteVerdicts = setOf("truncate", "pin_system")
	redactVerdicts  = setOf("redact_in", "redact_spans")
)

// everythingSaid follows the exports of policies through variables and functions to what leaves the house.
func (p *program) everythingSaid() []said {
	var all []said
	for _, rule := range p.rules {
		if rule.isExport() && rule.Head.Key != nil {
			all = append(all, p.saidBy(rule)...)
		}
	}
	return all
}

func (p *program) saidBy(rule *ruleInfo) []said {
	var all []said
	p.inside(rule).follow(rule.Head.Key, mostSteps, func(found placed) {
		each := said{rule: rule, action: sugarActions[rule.name()]}
		switch value := found.term.Value.(type) {
		case ast.Object:
			each.code = placed{value.Get(ast.StringTerm("code")), found.in}
			each.message = placed{value.Get(ast.StringTerm("message")), found.in}
			if each.message.term == nil {
				each.message.term = value.Get(ast.StringTerm("msg"))
			}
			if action := value.Get(ast.StringTerm("action")); action != nil && each.action == "" {
				each.action = found.in.constant(action)
			}
		case ast.Call:
			name, isVerdict := strings.CutPrefix(strings.Join(segments(value[0].Value.(ast.Ref)), "."), verdictLibrary)
			if !isVerdict {
				each.message = found
				break
			}
			each.action = name
			if rewriteVerdicts[name] {
				each.action = "rewrite"
			}
			if redactVerdicts[name] {
				each.action = "redact"
			}
			each.code = placed{value[1], found.in}
			if len(value) > 2 {
				each.message = placed{value[2], found.in}
			} else {
				each.message = found.in.fixedMessage(value)
			}
		default:
			each.message = found
		}
		all = append(all, each)
	})
	return all
}

// fixedMessage is that of a verdict whose message is the library's.
func (r *room) fixedMessage(call ast.Call) placed {
	rules, _ := r.rulesOf(call[0].Value.(ast.Ref))
	for _, rule := range rules {
		if object, isObject := rule.Head.Value.Value.(ast.Object); isObject {
			return placed{object.Get(ast.StringTerm("message")), r.called(rule, call[1:])}
		}
	}
	return placed{}
}

// follow leads from a term to the terms it may stand for: through variables, rules and functions that policies define.
func (r *room) follow(term *ast.Term, steps int, found func(placed)) {
	if steps == 0 {
		return
	}
	switch value := term.Value.(type) {
	case ast.Var:
		if bound, isBound := r.lookUp(value); isBound && !bound.each {
			bound.in.follow(bound.term, steps-1, found)
			return
		}
	case ast.Ref:
		if rules, length := r.rulesOf(value); rules != nil && length == len(value) && rules[0].Head.RuleKind() == ast.SingleValue {
			for _, rule := range rules {
				r.inside(rule).follow(rule.Head.Value, steps-1, found)
			}
			return
		}
	case ast.Call:
		ref := value[0].Value.(ast.Ref)
		rules, _ := r.rulesOf(ref)
		if rules != nil && !strings.HasPrefix(rules[0].path, verdictLibrary) {
			for _, rule := range rules {
				r.called(rule, value[1:]).follow(rule.Head.Value, steps-1, found)
			}
			return
		}
	}
	found(placed{term, r})
}

// called is the inside of a function whose arguments are known.
func (r *room) called(rule *ruleInfo, arguments []*ast.Term) *room {
	around := &room{program: r.program, bound: map[ast.Var]binding{}}
	for i, parameter := range rule.Head.Args {
		if i < len(arguments) {
			around.bind(parameter, binding{arguments[i], false, r})
		}
	}
	return around.enter(rule.Body)
}

// constant gives a text that is the same every time; empty when it is not, or cannot be told.
func (r *room) constant(term *ast.Term) string {
	text := ""
	r.follow(term, mostSteps, func(found placed) {
		switch value := found.term.Value.(type) {
		case ast.String:
			text = string(value)
		case ast.Call:
			if operatorOf(value) == ast.Concat.Name {
				text = found.in.joined(value)
			}
		}
	})
	return text
}

func (r *room) joined(call ast.Call) string {
	separator, isString := call[1].Value.(ast.String)
	array, isArray := call[2].Value.(*ast.Array)
	if !isString || !isArray {
		return ""
	}
	var parts []string
	for i := range array.Len() {
		part := r.constant(array.Elem(i))
		if part == "" {
			return ""
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, string(separator))
}
