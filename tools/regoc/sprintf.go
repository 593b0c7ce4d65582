package main

import (
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// The host's sprintf is not OPA's, so a call with a constant format becomes the template string it stands for, which
// WASM has natively. Every operation does so: a test says what production says.

const sprintfCode = "policy.sprintf"

type lowering struct{ issues []Issue }

func lowerSprintf(modules map[string]*ast.Module) []Issue {
	pass := &lowering{}
	for _, module := range modules {
		if definesSprintf(modules, module) {
			continue
		}
		ast.NewGenericVisitor(pass.visit).Walk(module)
	}
	return pass.issues
}

// definesSprintf tells whether the name means something else in a module.
func definesSprintf(modules map[string]*ast.Module, module *ast.Module) bool {
	for _, imported := range module.Imports {
		if imported.Name().Equal(ast.Var(ast.Sprintf.Name)) {
			return true
		}
	}
	for _, other := range modules {
		if !other.Package.Equal(module.Package) {
			continue
		}
		for _, rule := range other.Rules {
			if string(rule.Head.Name) == ast.Sprintf.Name {
				return true
			}
		}
	}
	return false
}

func (pass *lowering) visit(node any) bool {
	switch node := node.(type) {
	case *ast.Expr:
		if terms, isCall := node.Terms.([]*ast.Term); isCall {
			node.Terms = pass.lower(terms)
		}
	case *ast.Term:
		if call, isCall := node.Value.(ast.Call); isCall {
			node.Value = ast.Call(pass.lower(call))
		}
	}
	return false
}

// lower turns [sprintf, format, [values], output?] into [internal.template_string, [parts], output?].
func (pass *lowering) lower(call []*ast.Term) []*ast.Term {
	if len(call) < 3 || call[0].String() != ast.Sprintf.Name {
		return call
	}
	format, isString := call[1].Value.(ast.String)
	values, isArray := call[2].Value.(*ast.Array)
	if !isString || !isArray {
		return pass.refuse(call, "the format must be a string and the values an array, both written in the call; or write a template string, $\"…{value}…\"")
	}
	parts, problem := splitFormat(string(format), values)
	if problem != "" {
		return pass.refuse(call, problem)
	}
	operator := ast.NewTerm(ast.InternalTemplateString.Ref()).SetLocation(call[0].Location)
	lowered := []*ast.Term{operator, ast.ArrayTerm(parts...).SetLocation(call[1].Location)}
	return append(lowered, call[3:]...)
}

func (pass *lowering) refuse(call []*ast.Term, problem string) []*ast.Term {
	pass.issues = append(pass.issues, issueAt(call[0].Location, sprintfCode, "sprintf: "+problem))
	return call
}

// splitFormat gives the texts, and every value as a set of one: undefined values make the whole undefined.
func splitFormat(format string, values *ast.Array) (parts []*ast.Term, problem string) {
	var text strings.Builder
	used := 0
	for at := 0; at < len(format); at++ {
		if format[at] != '%' {
			text.WriteByte(format[at])
			continue
		}
		at++
		switch {
		case at < len(format) && format[at] == '%':
			text.WriteByte('%')
		case at == len(format) || !strings.ContainsRune("dsv", rune(format[at])):
			return nil, "only %d, %s, %v and %% are offered"
		case used == values.Len():
			return nil, "there are fewer values than places for them"
		default:
			value := values.Elem(used)
			parts = append(parts, ast.StringTerm(text.String()).SetLocation(value.Location), ast.SetTerm(value).SetLocation(value.Location))
			text.Reset()
			used++
		}
	}
	if used < values.Len() {
		return nil, "there are more values than places for them"
	}
	return append(parts, ast.StringTerm(text.String())), ""
}
