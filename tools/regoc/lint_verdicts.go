package main

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

var actions = setOf("allow", "flag", "redact", "rewrite", "escalate", "deny")

var codeShape = regexp.MustCompile(`^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$`)

// content is what an exchange says, which is for nobody's eyes but the model's.
var content = regexp.MustCompile(`^input\.(parts\[\](\.(text|arguments)\b.*)?|parts|references\[\](\.value)?|references)$`)

// countsOnly are built-ins whose result tells nothing of what they were given.
var countsOnly = setOf(ast.Count.Name, ast.IndexOf.Name, ast.StartsWith.Name, ast.EndsWith.Name, ast.Contains.Name,
	ast.CryptoSha256.Name)

// verdicts looks at what policies say: content must not leave the house, and codes are names that others rely on.
func (run *linting) verdicts() {
	messages := map[string]string{} // policy and code -> the message it came with first
	for _, each := range run.program.everythingSaid() {
		if !run.isOurs(each.rule) {
			continue
		}
		for _, spoken := range []placed{each.code, each.message} {
			if spoken.term == nil {
				continue
			}
			if leak := spoken.in.leak(spoken.term, mostSteps); leak != "" {
				run.find("content-in-message", placeOf(spoken.term, each.rule), leak+" reaches callers and logs")
			}
		}
		if each.action != "" && each.rule.name() == "verdicts" && !actions[each.action] {
			run.find("unknown-word", placeOf(each.code.term, each.rule), fmt.Sprintf("there is no action %s; it is one of %s", each.action, listOf(actions)))
		}
		run.codes(each, messages)
	}
}

func (run *linting) codes(each said, messages map[string]string) {
	if each.code.term == nil {
		return
	}
	code := each.code.in.constant(each.code.term)
	if code == "" {
		return
	}
	category, _, _ := strings.Cut(each.rule.policy, ".")
	place := placeOf(each.code.term, each.rule)
	if !codeShape.MatchString(code) || !strings.HasPrefix(code, category+".") {
		run.find("verdict-code", place, fmt.Sprintf("%q is not %s.<word>", code, category))
	}
	if each.message.term == nil {
		return
	}
	message, key := each.message.in.constant(each.message.term), each.rule.policy+" "+code
	if first, isKnown := messages[key]; isKnown && message != "" && first != message {
		run.find("code-reused", place, fmt.Sprintf("%q already says %q", code, first))
	} else if !isKnown && message != "" {
		messages[key] = message
	}
}

// placeOf prefers the term, if it stands in the rule's own file.
func placeOf(term *ast.Term, rule *ruleInfo) *ast.Location {
	if term != nil && term.Location != nil && term.Location.File == rule.file {
		return term.Location
	}
	return rule.Head.Location
}

// leak names the content that a term is made of; empty when it is made of none, as far as can be told.
func (r *room) leak(term *ast.Term, steps int) string {
	if steps == 0 {
		return ""
	}
	if path := r.path(term); path != "" {
		if content.MatchString(path) {
			return path
		}
		return ""
	}
	found := ""
	add := func(part *ast.Term) {
		if found == "" {
			found = r.leak(part, steps-1)
		}
	}
	switch value := term.Value.(type) {
	case ast.Var:
		if bound, isBound := r.lookUp(value); isBound {
			return bound.in.leak(bound.term, steps-1)
		}
	case ast.Ref:
		if rules, length := r.rulesOf(value); rules != nil && length == len(value) {
			return leakOfRules(rules, func(rule *ruleInfo) *room { return r.inside(rule) }, steps)
		}
		add(value[0])
	case ast.Call:
		if countsOnly[operatorOf(value)] {
			return ""
		}
		if rules, _ := r.rulesOf(value[0].Value.(ast.Ref)); rules != nil {
			return leakOfRules(rules, func(rule *ruleInfo) *room { return r.called(rule, value[1:]) }, steps)
		}
		for _, argument := range value[1:] {
			add(argument)
		}
	case *ast.Array:
		value.Foreach(add)
	case ast.Set:
		value.Foreach(add)
	case ast.Object:
		value.Foreach(func(key, item *ast.Term) { add(key); add(item) })
	case *ast.ArrayComprehension:
		return r.enter(value.Body).leak(value.Term, steps-1)
	case *ast.SetComprehension:
		return r.enter(value.Body).leak(value.Term, steps-1)
	case *ast.TemplateString:
		for _, part := range value.Parts {
			if expr, isExpr := part.(*ast.Expr); isExpr {
				add(termOf(expr))
			}
		}
	}
	return found
}

func leakOfRules(rules []*ruleInfo, enter func(*ruleInfo) *room, steps int) string {
	for _, rule := range rules {
		if rule.Head.Value == nil {
			continue
		}
		if found := enter(rule).leak(rule.Head.Value, steps-1); found != "" {
			return found
		}
	}
	return ""
}

// termOf sees an expression as the term it is.
func termOf(expr *ast.Expr) *ast.Term {
	if terms, isCall := expr.Terms.([]*ast.Term); isCall {
		return ast.NewTerm(ast.Call(terms))
	}
	if term, isTerm := expr.Terms.(*ast.Term); isTerm {
		return term
	}
	return ast.NullTerm()
}
