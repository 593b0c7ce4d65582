package main

import (
	"fmt"
	"sort"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// alwaysThere are the facts that no exchange is without; everything else may be missing.
var alwaysThere = setOf(
	"input", "input.phase", "input.partial", "input.provider", "input.dialect", "input.operation", "input.model",
	"input.stream", "input.upstream", "input.upstream.name", "input.upstream.host", "input.limits", "input.usage",
	"input.finish_reasons", "input.finish_reasons[]",
	"input.parts", "input.parts[]", "input.parts[].turn", "input.parts[].role", "input.parts[].origin",
	"input.parts[].lane", "input.parts[].kind", "input.parts[].chars", "input.parts[].sha256",
	"input.tools", "input.tools[]", "input.tools[].name", "input.tools[].kind", "input.tools[].sha256",
	"input.references", "input.references[]", "input.references[].kind", "input.references[].value", "input.references[].origin",
	"input.findings", "input.findings[]", "input.findings[].detector", "input.findings[].code", "input.findings[].severity",
	"input.findings[].confidence", "input.findings[].part", "input.findings[].origin",
	"input.coverage", "input.coverage.bytes", "input.coverage.judged", "input.coverage.opaque", "input.coverage.unknown_fields",
)

// words are the closed vocabularies of facts.
var words = map[string]map[string]bool{
	"input.phase":               setOf("request", "response"),
	"input.parts[].origin":      origins,
	"input.findings[].origin":   origins,
	"input.references[].origin": origins,
	"input.parts[].kind":        setOf("text", "reasoning", "refusal", "tool_call", "tool_result", "media"),
	"input.findings[].severity": setOf("info", "low", "medium", "high", "critical"),
}

var origins = setOf("system", "developer", "user", "assistant", "tool", "document", "unknown")

var orderings = setOf("gt", "gte", "lt", "lte")

func setOf(names ...string) map[string]bool {
	set := make(map[string]bool, len(names))
	for _, name := range names {
		set[name] = true
	}
	return set
}

// meaning looks for what makes a rule say something else than it reads.
func (run *linting) meaning(rule *ruleInfo) {
	if isTrue := rule.Head.Value != nil && rule.Head.Value.Equal(ast.BooleanTerm(true)); rule.Default && isTrue && rule.sign != speaks {
		run.find("default-true", rule.Head.Location, "whatever is missing makes "+rule.name()+" true")
	}
	run.program.eachBody(rule, func(here *room, body ast.Body) {
		for _, expr := range body {
			if expr.Negated && len(expr.With) == 0 && rule.sign&speaks != 0 {
				run.negation(here, expr)
			}
			run.ordering(here, expr)
			run.vocabulary(here, expr)
		}
	})
}

// negation finds terms that are evaluated before the `not`: where one is undefined, so is the whole.
func (run *linting) negation(here *room, expr *ast.Expr) {
	for _, term := range evaluatedBefore(expr) {
		path := here.path(term)
		if path == "" {
			path = here.missingRule(term)
		}
		if path == "" || alwaysThere[path] || path == "data.config" || here.isCertain(term) {
			continue
		}
		run.find("undefined-negation", term.Location,
			fmt.Sprintf("where %s is missing this is undefined, not true, and the rule says nothing", term))
	}
}

// evaluatedBefore follows OPA: a call's arguments, what stands in brackets, and what literals hold. The sides of == are not.
func evaluatedBefore(expr *ast.Expr) []*ast.Term {
	var found []*ast.Term
	var within func(*ast.Term)
	brackets := func(ref ast.Ref) {
		for _, key := range ref[1:] {
			within(key)
		}
	}
	within = func(term *ast.Term) {
		switch value := term.Value.(type) {
		case ast.Ref:
			found = append(found, term)
			brackets(value)
		case ast.Call:
			for _, argument := range value[1:] {
				within(argument)
			}
		case *ast.Array:
			value.Foreach(within)
		case ast.Set:
			value.Foreach(within)
		case ast.Object:
			value.Foreach(func(key, item *ast.Term) { within(key); within(item) })
		}
	}
	switch terms := expr.Terms.(type) {
	case *ast.Term:
		if ref, isRef := terms.Value.(ast.Ref); isRef {
			brackets(ref)
		}
	case []*ast.Term:
		isEquality := expr.IsEquality() || operatorOf(terms) == ast.Equal.Name
		for _, operand := range terms[1:] {
			if ref, isRef := operand.Value.(ast.Ref); isRef && isEquality {
				brackets(ref)
			} else {
				within(operand)
			}
		}
	}
	return found
}

func operatorOf(terms []*ast.Term) string {
	return terms[0].Value.String()
}

// missingRule names a complete rule that can be undefined for certain: it has conditions, and no default.
func (r *room) missingRule(term *ast.Term) string {
	ref, isRef := term.Value.(ast.Ref)
	if !isRef {
		return ""
	}
	rules, length := r.rulesOf(ref)
	if rules == nil || length < len(ref) {
		return ""
	}
	for _, rule := range rules {
		isConditional := rule.Head.RuleKind() == ast.SingleValue && len(rule.Head.Args) == 0 && !isUnconditional(rule.Body)
		if rule.Default || !isConditional {
			return ""
		}
	}
	return rules[0].path
}

func isUnconditional(body ast.Body) bool {
	return len(body) == 1 && body[0].Equal(ast.NewExpr(ast.BooleanTerm(true)))
}

// isCertain tells whether the same, or something below it, must be defined for the body to hold anyway.
func (r *room) isCertain(wanted *ast.Term) bool {
	path, text := r.path(wanted), wanted.String()
	return r.holds(func(at *room, expr *ast.Expr) bool {
		isFound := false
		eachRef(expr, func(ref ast.Ref) {
			other := at.path(ast.NewTerm(ref))
			isSame := ref.String() == text || path != "" && (other == path || isBelow(other, path))
			isFound = isFound || isSame
		})
		return isFound
	})
}

// ordering finds settings that are compared before it is known what they are.
func (run *linting) ordering(here *room, expr *ast.Expr) {
	terms, isCall := expr.Terms.([]*ast.Term)
	if !isCall || !orderings[operatorOf(terms)] {
		return
	}
	for _, operand := range terms[1:] {
		path := here.path(operand)
		if isBelow(path, "data.config") && !here.isTyped(path) {
			run.find("untyped-setting", operand.Location,
				fmt.Sprintf("%s may be of any type, and types compare with each other", path))
		}
	}
}

func (r *room) isTyped(path string) bool {
	return r.holds(func(at *room, expr *ast.Expr) bool {
		terms, isCall := expr.Terms.([]*ast.Term)
		if !isCall || len(terms) != 2 {
			return false
		}
		operator := operatorOf(terms)
		return (operator == ast.IsNumber.Name || operator == ast.IsString.Name) && at.path(terms[1]) == path
	})
}

// vocabulary finds comparisons that never hold, or always.
func (run *linting) vocabulary(here *room, expr *ast.Expr) {
	terms, isCall := expr.Terms.([]*ast.Term)
	if !isCall || len(terms) != 3 {
		return
	}
	switch operatorOf(terms) {
	case ast.Equal.Name, ast.Equality.Name, ast.NotEqual.Name:
		run.wordsOf(here, terms[1], terms[2])
		run.wordsOf(here, terms[2], terms[1])
	case ast.Member.Name:
		switch collection := terms[2].Value.(type) {
		case *ast.Array:
			collection.Foreach(func(word *ast.Term) { run.wordsOf(here, terms[1], word) })
		case ast.Set:
			collection.Foreach(func(word *ast.Term) { run.wordsOf(here, terms[1], word) })
		}
	}
}

func (run *linting) wordsOf(here *room, fact, word *ast.Term) {
	name, isString := word.Value.(ast.String)
	if !isString {
		return
	}
	path := here.path(fact)
	if known := words[path]; known != nil && !known[string(name)] {
		run.find("unknown-word", word.Location, fmt.Sprintf("%s is never %s; it is one of %s", path, word, listOf(known)))
	}
}

func listOf(names map[string]bool) string {
	sorted := make([]string, 0, len(names))
	for name := range names {
		sorted = append(sorted, name)
	}
	sort.Strings(sorted)
	return strings.Join(sorted, ", ")
}
