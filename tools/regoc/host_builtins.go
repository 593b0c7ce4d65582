package main

import (
	"encoding/json"
	"errors"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/topdown"
	"github.com/open-policy-agent/opa/v1/types"
)

// The built-ins that policies are offered beyond those of WASM. There is one implementation, the host's: a test says
// what production says. In tests a part carries its text itself; in production the host has it.

var (
	aPart = types.NewObject(nil, types.NewDynamicProperty(types.A, types.A))

	containsAny = &ast.Builtin{
		Name: "postern.contains_any",
		Decl: types.NewFunction(
			types.Args(
				types.Named("part", aPart).Description("an element of `input.parts`"),
				types.Named("literals", types.NewAny(types.NewArray(nil, types.S), types.NewSet(types.S))).Description("phrases, in any spelling"),
			),
			types.Named("matches", types.NewArray(nil, types.NewObject([]*types.StaticProperty{
				types.NewStaticProperty("literal", types.S),
				types.NewStaticProperty("start", types.N),
				types.NewStaticProperty("end", types.N),
			}, nil))).Description("where they stand, in UTF-16 units"),
		),
	}

	matches = &ast.Builtin{
		Name: "postern.matches",
		Decl: types.NewFunction(
			types.Args(
				types.Named("part", aPart).Description("an element of `input.parts`"),
				types.Named("re2", types.S).Description("an expression of RE2"),
			),
			types.Named("matches", types.NewArray(nil, types.NewObject([]*types.StaticProperty{
				types.NewStaticProperty("start", types.N),
				types.NewStaticProperty("end", types.N),
			}, nil))).Description("where it matches, in UTF-16 units"),
		),
	}

	hostBuiltins = []*ast.Builtin{containsAny, matches}
)

func init() {
	for _, builtin := range hostBuiltins {
		ast.RegisterBuiltin(builtin)
		topdown.RegisterBuiltinFunc(builtin.Name, askFor(builtin.Name))
	}
}

// question is what the host is asked: to answer a call, or, without a part, to say what is wrong with it.
type question struct {
	Name   string          `json:"name"`
	Part   json.RawMessage `json:"part,omitempty"`
	Wanted json.RawMessage `json:"wanted"`
}

type reply struct {
	Found json.RawMessage `json:"found"`
	Error string          `json:"error"`
}

func askFor(name string) topdown.BuiltinFunc {
	return func(context topdown.BuiltinContext, operands []*ast.Term, iter func(*ast.Term) error) error {
		part, wanted, err := writeOperands(operands)
		if err != nil {
			return refuse(context, err)
		}
		said, err := ask(question{Name: name, Part: part, Wanted: wanted})
		if err == nil && said.Error != "" {
			err = errors.New(said.Error)
		}
		if err != nil {
			return refuse(context, err)
		}
		found, err := ast.ValueFromReader(readerOf(said.Found))
		if err != nil {
			return refuse(context, err)
		}
		return iter(ast.NewTerm(found))
	}
}

// refuse ends the evaluation: of any other error OPA makes what is undefined, and that would mean no match.
func refuse(context topdown.BuiltinContext, err error) error {
	return topdown.Halt{Err: &topdown.Error{Code: topdown.BuiltinErr, Message: err.Error(), Location: context.Location}}
}
