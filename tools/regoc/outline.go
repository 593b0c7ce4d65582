package main

import (
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// Outline is what a policy says and what it reads, as far as that can be told without running it.
type Outline struct {
	Policy   string   `json:"policy"`
	ID       string   `json:"id"`
	Says     []Say    `json:"says"`
	Settings []string `json:"settings"`
	Findings []string `json:"findings"`
}

// Say is one verdict; what is put together at run time is left empty.
type Say struct {
	Action  string `json:"action"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

// outline describes the policies of the modules, knowing the library.
func outline(request Request) Answer {
	program, issues := resolve(append(slices.Clone(request.Library), request.Modules...))
	if len(issues) > 0 {
		return Answer{Issues: issues}
	}
	outlines := []*Outline{}
	for _, source := range withoutTests(request.Modules) {
		parsed, err := parseAsWritten(source)
		if err != nil {
			return failed(err)
		}
		policy := policyID(parsed)
		if policy == "" || slices.ContainsFunc(outlines, func(other *Outline) bool { return other.Policy == policy }) {
			continue
		}
		found := program.outlineOf(policy)
		if notes := annotationsOf(parsed); notes != nil {
			found.ID, _ = notes.Custom["id"].(string)
		}
		outlines = append(outlines, found)
	}
	slices.SortFunc(outlines, func(a, b *Outline) int { return strings.Compare(a.Policy, b.Policy) })
	return Answer{Outlines: outlines}
}

func (p *program) outlineOf(policy string) *Outline {
	reading := &reading{seen: map[string]bool{}}
	found := &Outline{Policy: policy, Says: []Say{}}
	for _, rule := range p.rules {
		if rule.policy != policy || !rule.isExport() || rule.Head.Key == nil {
			continue
		}
		for _, each := range p.saidBy(rule) {
			if say := each.outline(); !slices.Contains(found.Says, say) {
				found.Says = append(found.Says, say)
			}
		}
		reading.rule(p.inside(rule), rule)
	}
	found.Settings, found.Findings = sortedOnce(reading.settings), sortedOnce(reading.findings)
	return found
}

func sortedOnce(names []string) []string {
	slices.Sort(names)
	return append([]string{}, slices.Compact(names)...)
}

// outline names a verdict without a code as the host does.
func (each said) outline() Say {
	say := Say{Action: each.action, Code: each.rule.policy + "." + each.rule.name()}
	if each.code.term != nil {
		say.Code = each.code.in.constant(each.code.term)
	}
	if each.message.term != nil {
		say.Message = each.message.in.constant(each.message.term)
	}
	return say
}

// reading follows rules and functions to the settings and findings they ask for.
type reading struct {
	settings, findings []string
	seen               map[string]bool
}

func (read *reading) rule(here *room, rule *ruleInfo) {
	read.body(here, rule.Body)
	for _, term := range []*ast.Term{rule.Head.Key, rule.Head.Value} {
		if term != nil {
			read.term(here, term)
		}
	}
}

func (read *reading) body(here *room, body ast.Body) {
	for _, expr := range body {
		switch terms := expr.Terms.(type) {
		case *ast.Every:
			read.term(here, terms.Domain)
			read.body(here.ofEvery(terms).enter(terms.Body), terms.Body)
		case *ast.Not:
			read.body(here.enter(terms.Body), terms.Body)
		case *ast.SomeDecl:
			for _, symbol := range terms.Symbols {
				read.term(here, symbol)
			}
		case []*ast.Term:
			read.call(here, terms)
		case *ast.Term:
			read.term(here, terms)
		}
	}
}

func (read *reading) term(here *room, term *ast.Term) {
	each := func(item *ast.Term) { read.term(here, item) }
	switch value := term.Value.(type) {
	case ast.Ref:
		read.ref(here, term, value)
	case ast.Call:
		read.call(here, value)
	case *ast.Array:
		value.Foreach(each)
	case ast.Set:
		value.Foreach(each)
	case ast.Object:
		value.Foreach(func(key, item *ast.Term) { each(key); each(item) })
	case *ast.ArrayComprehension:
		read.closure(here, value.Body, value.Term)
	case *ast.SetComprehension:
		read.closure(here, value.Body, value.Term)
	case *ast.ObjectComprehension:
		read.closure(here, value.Body, value.Key, value.Value)
	}
}

func (read *reading) closure(here *room, body ast.Body, heads ...*ast.Term) {
	inner := here.enter(body)
	read.body(inner, body)
	for _, head := range heads {
		read.term(inner, head)
	}
}

func (read *reading) ref(here *room, term *ast.Term, ref ast.Ref) {
	if path, isSetting := strings.CutPrefix(here.path(term), "data.config."); isSetting {
		name, _, _ := strings.Cut(path, "[")
		read.settings = append(read.settings, name)
	}
	for _, key := range ref[1:] {
		read.term(here, key)
	}
	rules, _ := here.rulesOf(ref)
	for _, rule := range rules {
		read.once(here, rule, nil)
	}
}

func (read *reading) call(here *room, call []*ast.Term) {
	read.finding(here, call)
	for _, argument := range call[1:] {
		read.term(here, argument)
	}
	operator, _ := call[0].Value.(ast.Ref)
	rules, _ := here.rulesOf(operator)
	for _, rule := range rules {
		read.once(here, rule, call[1:])
	}
}

// once goes into a function again only for arguments that mean something else.
func (read *reading) once(here *room, rule *ruleInfo, arguments []*ast.Term) {
	key := rule.path + rule.Location.String()
	for _, argument := range arguments {
		key += " " + here.path(argument) + here.constant(argument)
	}
	if !read.seen[key] {
		read.seen[key] = true
		read.rule(here.called(rule, arguments), rule)
	}
}

// finding notes the codes that a finding's is compared with; a family ends in *.
func (read *reading) finding(here *room, call []*ast.Term) {
	if len(call) != 3 {
		return
	}
	for i, fact := range call[1:] {
		if here.path(fact) != "input.findings[].code" {
			continue
		}
		other := call[2-i]
		switch operatorOf(call) {
		case ast.Equal.Name, ast.Equality.Name:
			read.code(here, other, "")
		case ast.StartsWith.Name:
			read.code(here, other, "*")
		case ast.Member.Name:
			switch codes := other.Value.(type) {
			case *ast.Array:
				codes.Foreach(func(code *ast.Term) { read.code(here, code, "") })
			case ast.Set:
				codes.Foreach(func(code *ast.Term) { read.code(here, code, "") })
			}
		}
	}
}

func (read *reading) code(here *room, term *ast.Term, rest string) {
	if code := here.constant(term); code != "" {
		read.findings = append(read.findings, code+rest)
	}
}
