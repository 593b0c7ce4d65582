package main

import (
	"maps"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/topdown"
)

// trace follows one evaluation. Bindings are gone when it is over, so facts are taken down where they are true.
type trace struct {
	reader *factReader
	// Queries under way or done, by id.
	queries map[uint64]*query
	// What a helper read when it last held, by its path.
	held  map[string][]Fact
	given map[*ast.Rule][]Given
	// What each definition read when it last did not hold.
	stuck map[*ast.Rule][]Fact
	// The furthest that a rule got without holding.
	furthest map[*ast.Rule]*furthest
}

// query is one body being evaluated.
type query struct {
	reader *factReader
	rule   *ast.Rule // nil for comprehensions, `every` and the like
	body   ast.Body
	// What stands behind the variables of the body, as paths into input and data.
	aliases map[ast.Var]ast.Ref
	// What was read for those that calls have made.
	sources map[ast.Var][]ast.Ref
	// Under way: the one that calls what is entered next.
	current  *ast.Expr
	furthest *furthest
}

type furthest struct {
	expression *ast.Expr
	facts      []Fact
}

func newTrace(compiler *ast.Compiler, data map[string]any, input any) *trace {
	return &trace{
		reader:   newFactReader(compiler, data, input),
		queries:  map[uint64]*query{},
		held:     map[string][]Fact{},
		stuck:    map[*ast.Rule][]Fact{},
		given:    map[*ast.Rule][]Given{},
		furthest: map[*ast.Rule]*furthest{},
	}
}

func (*trace) Enabled() bool { return true }

func (*trace) Config() topdown.TraceConfig { return topdown.TraceConfig{} }

func (t *trace) TraceEvent(event topdown.Event) {
	switch event.Op {
	case topdown.EnterOp:
		t.enter(event)
	case topdown.EvalOp:
		if expression, isExpression := event.Node.(*ast.Expr); isExpression {
			t.queryOf(event).reach(event, expression)
		}
	case topdown.FailOp:
		if expression, isExpression := event.Node.(*ast.Expr); isExpression {
			t.fail(event, expression)
		}
	case topdown.ExitOp:
		if rule, isRule := event.Node.(*ast.Rule); isRule {
			t.exit(event, rule)
		}
	}
}

func (t *trace) queryOf(event topdown.Event) *query {
	known, isKnown := t.queries[event.QueryID]
	if !isKnown {
		// Closures see the variables around them.
		known = &query{reader: t.reader, aliases: map[ast.Var]ast.Ref{}, sources: map[ast.Var][]ast.Ref{}}
		if parent, hasParent := t.queries[event.ParentID]; hasParent {
			maps.Copy(known.aliases, parent.aliases)
			maps.Copy(known.sources, parent.sources)
		}
		t.queries[event.QueryID] = known
	}
	return known
}

func (t *trace) enter(event topdown.Event) {
	entered := t.queryOf(event)
	if body, isBody := event.Node.(ast.Body); isBody {
		entered.body = body
	}
	rule, isRule := event.Node.(*ast.Rule)
	if !isRule {
		return
	}
	entered.rule, entered.body, entered.aliases = rule, rule.Body, map[ast.Var]ast.Ref{}
	caller, hasCaller := t.queries[event.ParentID]
	if !hasCaller || caller.current == nil {
		return
	}
	// What is handed over keeps the path it had at the caller's.
	for index, operand := range operandsOf(caller.current, rule) {
		variable, isVariable := rule.Head.Args[index].Value.(ast.Var)
		if path := caller.resolve(event, operand); isVariable && path != nil {
			entered.aliases[variable] = path
		}
	}
}

// reach comes to an expression: those before it hold, and what they bind is known.
func (q *query) reach(event topdown.Event, expression *ast.Expr) {
	q.current = expression
	for _, before := range q.body {
		if before.Index < expression.Index {
			q.learn(event, before)
		}
	}
}

// operandsOf gives the arguments with which an expression calls a function, also where the call stands within it.
func operandsOf(expression *ast.Expr, function *ast.Rule) []*ast.Term {
	var found []*ast.Term
	take := func(operator *ast.Term, operands []*ast.Term) {
		if operator.Value.Compare(function.Ref()) == 0 && len(operands) >= len(function.Head.Args) {
			found = operands[:len(function.Head.Args)]
		}
	}
	if terms, isCall := expression.Terms.([]*ast.Term); isCall {
		take(terms[0], terms[1:])
	}
	ast.WalkTerms(expression, func(term *ast.Term) bool {
		if call, isCall := term.Value.(ast.Call); isCall {
			take(call[0], call[1:])
		}
		return false
	})
	return found
}

func (t *trace) fail(event topdown.Event, expression *ast.Expr) {
	failed := t.queryOf(event)
	if failed.furthest != nil && expression.Index < failed.furthest.expression.Index {
		return
	}
	failed.furthest = &furthest{expression, t.factsOf(event, failed, expression, false)}
	if failed.rule == nil {
		return
	}
	t.stuck[failed.rule] = failed.furthest.facts
	known, isKnown := t.furthest[failed.rule]
	if !isKnown || expression.Index >= known.expression.Index {
		t.furthest[failed.rule] = failed.furthest
	}
}

func (t *trace) exit(event topdown.Event, rule *ast.Rule) {
	done := t.queryOf(event)
	var facts []Fact
	for _, expression := range rule.Body {
		facts = append(facts, t.factsOf(event, done, expression, true)...)
	}
	facts = uniqueFacts(facts)
	t.held[rule.Ref().GroundPrefix().String()] = facts
	if rule.Head.RuleKind() == ast.MultiValue {
		t.give(rule, plain(event.Plug(rule.Head.Key)), facts)
	}
}

// give keeps the first way in which a value came about.
func (t *trace) give(rule *ast.Rule, value any, facts []Fact) {
	for _, known := range t.given[rule] {
		if sameJSON(known.Value, value) {
			return
		}
	}
	t.given[rule] = append(t.given[rule], Given{value, facts})
}

// factsOf gives what an expression reads itself, and through the helpers that it asks. The compiler has put what it
// reads into variables of their own where it calls something.
func (t *trace) factsOf(event topdown.Event, asking *query, expression *ast.Expr, holds bool) []Fact {
	asking.learn(event, expression)
	var facts []Fact
	ast.WalkTerms(expression, func(term *ast.Term) bool {
		switch value := term.Value.(type) {
		case ast.Var:
			for _, path := range asking.pathsOf(event, term) {
				facts = append(facts, t.reader.read(path))
			}
		case ast.Ref:
			if helper := t.reader.helperOf(value); helper != "" {
				facts = append(facts, t.helperFacts(helper, holds != expression.Negated)...)
			} else if path := asking.resolveRef(event, value); path != nil {
				facts = append(facts, t.reader.read(path))
			}
		}
		return false
	})
	return uniqueFacts(facts)
}

// helperFacts gives what a helper read when it held, or did not; what was remembered of it may be of another way.
func (t *trace) helperFacts(helper string, held bool) []Fact {
	facts, isKnown := t.held[helper]
	if held && isKnown {
		return facts
	}
	var stuck []Fact
	for _, rule := range t.reader.compiler.GetRulesExact(ast.MustParseRef(helper)) {
		stuck = append(stuck, t.stuck[rule]...)
	}
	if len(stuck) > 0 {
		return stuck
	}
	return facts
}

func (t *trace) explainRule(rule *ast.Rule) ExplainedRule {
	ref := rule.Ref().String()
	at := strings.LastIndex(ref, ".")
	location := rule.Head.Location
	out := ExplainedRule{
		Policy: strings.TrimPrefix(ref[:at], policyRoot), Name: ref[at+1:],
		File: location.File, Row: location.Row, Col: location.Col, Given: t.given[rule],
	}
	if out.Given == nil {
		out.Given = []Given{}
	}
	if last, isKnown := t.furthest[rule]; isKnown && len(out.Given) == 0 {
		out.Stuck = &Stuck{Facts: last.facts}
		if place := last.expression.Location; place != nil {
			out.Stuck.Row, out.Stuck.Col = place.Row, place.Col
		}
	}
	return out
}
