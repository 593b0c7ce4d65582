package main

import (
	"fmt"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/test/cases"
)

// room is where a case lives beside others in one module: all that it calls data lies at data.<name>. A case that does
// not mean the same there gets a module for itself, and no name.
type room struct {
	name   string
	number int
}

func sharedRoom(number int) room {
	return room{fmt.Sprintf("case%d", number), number}
}

// caseNumber is where in the input a module finds which case is meant.
const caseNumber = "@postern/case"

// place gives the modules of a case and of its query; the answer is at answerPath.
func (r room) place(test cases.TestCase) (map[string]*ast.Module, error) {
	placed := map[string]*ast.Module{}
	texts := append([]string{}, test.Modules...)
	query, err := writeQuery(test, r.number)
	if err != nil {
		return nil, err
	}
	for index, text := range append(texts, query) {
		file := fmt.Sprintf("case%d/%d.rego", r.number, index)
		module, err := ast.ParseModuleWithOpts(file, text, ast.ParserOptions{RegoVersion: ast.RegoV1, ProcessAnnotation: true})
		if err != nil {
			return nil, err
		}
		if r.name != "" {
			if err := r.rename(module); err != nil {
				return nil, err
			}
		}
		placed[file] = module
	}
	return placed, nil
}

// rename leaves alone what is ours.
func (r room) rename(module *ast.Module) error {
	_, err := ast.TransformRefs(module, func(ref ast.Ref) (ast.Value, error) {
		if !ref.HasPrefix(ast.DefaultRootRef) || ref.HasPrefix(ownRef) {
			return ref, nil
		}
		moved := append(ast.Ref{ref[0], ast.StringTerm(r.name)}, ref[1:]...)
		return moved, nil
	})
	return err
}

func (r room) data(test cases.TestCase) map[string]any {
	switch {
	case test.Data == nil:
		return map[string]any{}
	case r.name == "":
		return *test.Data
	default:
		return map[string]any{r.name: *test.Data}
	}
}

var ownRef = ast.MustParseRef("data.postern.conformance")

func answerPath(number int) string {
	return fmt.Sprintf("data.postern.conformance.case%d.answer", number)
}

// writeQuery makes a rule of the query: its answer is the set of the bindings with which it holds.
func writeQuery(test cases.TestCase, number int) (string, error) {
	body, err := ast.ParseBodyWithOpts(test.Query, ast.ParserOptions{RegoVersion: ast.RegoV1})
	if err != nil {
		return "", err
	}
	bindings := ast.NewObject()
	for _, name := range variablesOf(body).Sorted() {
		bindings.Insert(ast.StringTerm(string(name)), ast.NewTerm(name))
	}
	return fmt.Sprintf("package postern.conformance.case%d\n\nanswer := {%v |\n%s\n}\n", number, bindings, test.Query), nil
}

func variablesOf(body ast.Body) ast.VarSet {
	visitor := ast.NewVarVisitor().WithParams(ast.VarVisitorParams{
		SkipRefHead: true, SkipRefCallHead: true, SkipClosures: true, SkipWithTarget: true,
	})
	visitor.Walk(body)
	found := ast.VarSet{}
	for name := range visitor.Vars() {
		if !name.IsWildcard() && !ast.RootDocumentNames.Contains(ast.NewTerm(name)) {
			found.Add(name)
		}
	}
	return found
}
