package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/test/cases"
	"github.com/open-policy-agent/opa/v1/topdown"
)

// placed is a case in a room, asked in a way in which OPA itself says what the case expects.
type placed struct {
	modules  map[string]*ast.Module
	data     map[string]any
	rule     string
	question Question
	isAlone  bool
}

var errNoRoom = errors.New("it means something else when it is asked as a host asks")

// findRoom tries, in this order, to share a module, to pass the input as it is and not inside the module.
func findRoom(test cases.TestCase, number int, capabilities *ast.Capabilities) (*placed, error) {
	err := errNoRoom
	for _, room := range []room{sharedRoom(number), {number: number}} {
		for _, isLiteral := range []bool{false, true} {
			found, failure := tryRoom(test, room, isLiteral, capabilities)
			if failure == nil {
				return found, nil
			}
			err = failure
		}
	}
	return nil, err
}

func tryRoom(test cases.TestCase, room room, isLiteral bool, capabilities *ast.Capabilities) (*placed, error) {
	input, literal, err := writeInput(test, room.number, isLiteral)
	if err != nil {
		return nil, err
	}
	rule := fmt.Sprintf("result := {%q: answer} if {\n\tinput[%q] == %d\n\tanswer := %s%s\n}", "answer", caseNumber, room.number, answerPath(room.number), literal)
	modules, err := room.place(test)
	if err != nil {
		return nil, err
	}
	main, err := ast.ParseModuleWithOpts("main.rego", "package postern.main\n\n"+rule, ast.ParserOptions{RegoVersion: ast.RegoV1})
	if err != nil {
		return nil, err
	}
	modules["main.rego"] = main
	answer, err := askOpa(modules, room.data(test), input, capabilities)
	question, isRight := judge(test, answer, err)
	if !isRight {
		return nil, errNoRoom
	}
	question.Input = input
	fresh, _ := room.place(test) // compiling changed the first trees
	return &placed{fresh, room.data(test), rule, question, room.name == ""}, nil
}

// writeInput gives the input of a case with the number in it; what no host can send stands in the module.
func writeInput(test cases.TestCase, number int, isLiteral bool) (map[string]any, string, error) {
	input := map[string]any{caseNumber: number}
	if test.Input != nil && test.InputTerm == nil && !isLiteral {
		fields, isObject := (*test.Input).(map[string]any)
		if !isObject {
			return nil, "", errNoRoom
		}
		for key, value := range fields {
			input[key] = value
		}
		return input, "", nil
	}
	if !isLiteral {
		if test.InputTerm != nil {
			return nil, "", errNoRoom
		}
		return input, "", nil
	}
	if test.InputTerm != nil {
		return input, " with input as " + *test.InputTerm, nil
	}
	if test.Input == nil {
		return nil, "", errNoRoom
	}
	text, err := json.Marshal(*test.Input)
	return input, " with input as " + string(text), err
}

func askOpa(modules map[string]*ast.Module, data, input map[string]any, capabilities *ast.Capabilities) (ast.Set, error) {
	compiler := ast.NewCompiler().WithCapabilities(capabilities)
	if compiler.Compile(modules); compiler.Failed() {
		return nil, compiler.Errors
	}
	query := rego.New(
		rego.Query("data.postern.main.result"),
		rego.Compiler(compiler), rego.Store(inmem.NewFromObject(data)), rego.Input(input),
		rego.GenerateJSON(func(term *ast.Term, _ *rego.EvalContext) (any, error) { return term, nil }),
	)
	results, err := query.Eval(context.Background())
	if err != nil || len(results) == 0 {
		return nil, err
	}
	result := results[0].Expressions[0].Value.(*ast.Term).Value.(ast.Object)
	return result.Get(ast.StringTerm("answer")).Value.(ast.Set), nil
}

// judge tells whether OPA says what the case expects. As in OPA's own harness, an error that only the strict mode
// raises is undefined.
func judge(test cases.TestCase, answer ast.Set, err error) (Question, bool) {
	question := Question{Note: test.Note}
	var evaluation *topdown.Error
	if test.WantErrorCode != nil && !test.StrictError {
		question.Fails = true
		return question, errors.As(err, &evaluation) && evaluation.Code == *test.WantErrorCode
	}
	if err != nil || answer == nil {
		return question, false
	}
	question.Want = encodeBindings(answer, test.SortBindings)
	switch {
	case test.WantErrorCode != nil:
		return question, answer.Len() == 0
	case test.WantDefined != nil:
		return question, *test.WantDefined == (answer.Len() > 0)
	default:
		return question, test.WantResult != nil && sameBindings(*test.WantResult, answer, test.SortBindings)
	}
}

func encodeBindings(answer ast.Set, isSorted bool) any {
	return unordered(answer, func(each ast.Value) any {
		fields := map[string]any{}
		each.(ast.Object).Foreach(func(name, value *ast.Term) {
			fields[encodeKey(name.Value)] = encode(value.Value)
			if list, isList := value.Value.(*ast.Array); isList && isSorted {
				fields[encodeKey(name.Value)] = unordered(list, encode)
			}
		})
		return fields
	})
}

type collection interface{ Foreach(func(*ast.Term)) }

// unordered marks what has no order, which in JSON is a list like others.
func unordered(values collection, encode func(ast.Value) any) any {
	return map[string]any{"@unordered": encodeAll(values, encode)}
}

func encode(value ast.Value) any {
	switch value := value.(type) {
	case ast.Null:
		return nil
	case ast.Set:
		return unordered(value, encode)
	case *ast.Array:
		return encodeAll(value, encode)
	case ast.Object:
		fields := map[string]any{}
		value.Foreach(func(key, item *ast.Term) {
			fields[encodeKey(key.Value)] = encode(item.Value)
		})
		return fields
	default:
		return value
	}
}

func encodeKey(key ast.Value) string {
	if name, isString := key.(ast.String); isString {
		return string(name)
	}
	text, _ := json.Marshal(ast.MustJSON(key))
	return string(text)
}

func encodeAll(values collection, encode func(ast.Value) any) []any {
	items := []any{}
	values.Foreach(func(item *ast.Term) { items = append(items, encode(item.Value)) })
	return items
}

func sameBindings(want []map[string]any, got ast.Set, isSorted bool) bool {
	expected, found := ast.NewSet(), ast.NewSet()
	for _, each := range want {
		expected.Add(ast.NewTerm(bindings(ast.MustInterfaceToValue(each), isSorted)))
	}
	got.Foreach(func(each *ast.Term) {
		found.Add(ast.NewTerm(bindings(ast.MustInterfaceToValue(ast.MustJSON(each.Value)), isSorted)))
	})
	return expected.Compare(found) == 0
}

func bindings(values ast.Value, isSorted bool) ast.Value {
	object := ast.NewObject()
	values.(ast.Object).Foreach(func(name, value *ast.Term) {
		if array, isArray := value.Value.(*ast.Array); isArray && isSorted {
			value = ast.NewTerm(array.Sorted())
		}
		object.Insert(name, value)
	})
	return object
}
