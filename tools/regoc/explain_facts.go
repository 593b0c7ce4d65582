package main

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/topdown"
)

// Fact is a place in input or data with what stands there; nothing does when Undefined.
type Fact struct {
	Path      string `json:"path"`
	Value     any    `json:"value"`
	Undefined bool   `json:"undefined,omitempty"`
}

type factReader struct {
	compiler *ast.Compiler
	roots    map[ast.Var]any
}

func newFactReader(compiler *ast.Compiler, data map[string]any, input any) *factReader {
	return &factReader{compiler, map[ast.Var]any{"input": input, "data": data}}
}

// helperOf gives the path of the rule or function that a reference asks; empty when it asks none.
func (r *factReader) helperOf(ref ast.Ref) string {
	if !ref.HasPrefix(ast.DefaultRootRef) {
		return ""
	}
	ground := ref.GroundPrefix()
	for length := len(ground); length > 1; length-- {
		if len(r.compiler.GetRulesExact(ground[:length])) > 0 {
			return ground[:length].String()
		}
	}
	return ""
}

func (r *factReader) read(path ast.Ref) Fact {
	value, isThere := r.roots[path[0].Value.(ast.Var)], true
	for _, term := range path[1:] {
		if value, isThere = step(value, term.Value); !isThere {
			return Fact{Path: path.String(), Undefined: true}
		}
	}
	return Fact{Path: path.String(), Value: value}
}

func step(value any, key ast.Value) (any, bool) {
	switch value := value.(type) {
	case map[string]any:
		name, isString := key.(ast.String)
		found, isThere := value[string(name)]
		return found, isString && isThere
	case []any:
		number, isNumber := key.(ast.Number)
		index, isInt := number.Int()
		if !isNumber || !isInt || index < 0 || index >= len(value) {
			return nil, false
		}
		return value[index], true
	}
	return nil, false
}

// learn notes which variable of a body stands for which place, as `x = input.findings[i]` says.
func (q *query) learn(event topdown.Event, expression *ast.Expr) {
	if !expression.IsEquality() && !expression.IsAssignment() {
		q.learnCall(event, expression)
		return
	}
	left, right := expression.Operand(0), expression.Operand(1)
	for _, pair := range [][2]*ast.Term{{left, right}, {right, left}} {
		variable, isVariable := pair[0].Value.(ast.Var)
		if path := q.resolve(event, pair[1]); isVariable && path != nil {
			q.aliases[variable] = path
		}
	}
}

// learnCall notes what the result of a call was made of.
func (q *query) learnCall(event topdown.Event, expression *ast.Expr) {
	builtin, isBuiltin := ast.BuiltinMap[expression.Operator().String()]
	operands := expression.Operands()
	if !isBuiltin || len(operands) != builtin.Decl.Arity()+1 {
		return // a question, with no result of its own
	}
	result, isVariable := operands[len(operands)-1].Value.(ast.Var)
	if !isVariable {
		return
	}
	var paths []ast.Ref
	for _, operand := range operands[:len(operands)-1] {
		paths = append(paths, q.pathsOf(event, operand)...)
	}
	if len(paths) > 0 {
		q.sources[result] = paths
	}
}

// pathsOf gives the place that a term stands for, or those it was made of.
func (q *query) pathsOf(event topdown.Event, term *ast.Term) []ast.Ref {
	if path := q.resolve(event, term); path != nil {
		return []ast.Ref{path}
	}
	if variable, isVariable := term.Value.(ast.Var); isVariable {
		return q.sources[variable]
	}
	return nil
}

// resolve gives the place that a term stands for; nil when it is no place.
func (q *query) resolve(event topdown.Event, term *ast.Term) ast.Ref {
	switch value := term.Value.(type) {
	case ast.Var:
		return q.aliases[value]
	case ast.Ref:
		return q.resolveRef(event, value)
	}
	return nil
}

// resolveRef gives the place as far as it is known: up to the first key that is bound to nothing.
func (q *query) resolveRef(event topdown.Event, ref ast.Ref) ast.Ref {
	head, isVariable := ref[0].Value.(ast.Var)
	if !isVariable || q.reader.helperOf(ref) != "" {
		return nil // what a rule says is no fact
	}
	path := ast.Ref{ref[0]}
	if head != ast.InputRootDocument.Value && head != ast.DefaultRootDocument.Value {
		alias, isKnown := q.aliases[head]
		if !isKnown {
			return nil
		}
		path = alias.Copy()
	}
	for _, term := range ref[1:] {
		key := event.Plug(term)
		if !key.IsGround() {
			break
		}
		path = append(path, key)
	}
	if len(path) == 1 {
		return nil // the whole of it says nothing
	}
	return path
}

// uniqueFacts leaves each place once, and no whole of which a part is there too.
func uniqueFacts(facts []Fact) []Fact {
	unique := []Fact{}
	for index, fact := range facts {
		isSaid := slices.ContainsFunc(facts[:index], func(other Fact) bool { return other.Path == fact.Path })
		isWhole := slices.ContainsFunc(facts, func(other Fact) bool {
			return strings.HasPrefix(other.Path, fact.Path+".") || strings.HasPrefix(other.Path, fact.Path+"[")
		})
		if !isSaid && !isWhole {
			unique = append(unique, fact)
		}
	}
	return unique
}

// plain gives a value as JSON has it; nil when it holds variables.
func plain(term *ast.Term) any {
	value, err := ast.JSON(term.Value)
	if err != nil {
		return nil
	}
	return value
}

func sameJSON(a, b any) bool {
	left, _ := json.Marshal(a)
	right, _ := json.Marshal(b)
	return string(left) == string(right)
}
