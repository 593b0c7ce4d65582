package main

import "github.com/open-policy-agent/opa/v1/ast"

type look func(scope, []*ast.Term) label

// lookOf gives what a built-in makes of collections of parts; every other one that is given a part reads.
func lookOf(builtin string) (look, bool) {
	switch builtin {
	case ast.Equality.Name, ast.Equal.Name, ast.Assign.Name:
		return unify, true
	case ast.IsArray.Name, ast.IsObject.Name, ast.IsSet.Name, ast.IsString.Name, ast.IsNumber.Name, ast.IsBoolean.Name, ast.IsNull.Name:
		return func(s scope, args []*ast.Term) label { s.value(args[0]); return nothing }, true
	case ast.Count.Name:
		return func(s scope, args []*ast.Term) label { s.guard(s.value(args[0])); return nothing }, true
	case ast.ObjectGet.Name:
		return func(s scope, args []*ast.Term) label { return s.step(s.value(args[0]), args[1]) | s.value(args[2]) }, true
	case ast.Member.Name:
		return func(s scope, args []*ast.Term) label { return member(s, args[:1], args[1]) }, true
	case ast.MemberWithKey.Name:
		return func(s scope, args []*ast.Term) label { return member(s, args[:2], args[2]) }, true
	case ast.ArrayConcat.Name, ast.ArraySlice.Name, ast.ArrayReverse.Name, ast.And.Name, ast.Or.Name, ast.Minus.Name:
		return combine, true
	}
	return nil, false
}

func unify(s scope, args []*ast.Term) label {
	left, right := s.value(args[0]), s.value(args[1])
	s.match(args[0], right)
	s.match(args[1], left)
	return nothing
}

func member(s scope, patterns []*ast.Term, collection *ast.Term) label {
	found := s.value(collection)
	s.guard(found)
	for i, pattern := range patterns {
		s.value(pattern)
		s.match(pattern, found.keys())
		if i == len(patterns)-1 {
			s.match(pattern, found.elements())
		}
	}
	return nothing
}

func combine(s scope, args []*ast.Term) label {
	found := nothing
	for _, arg := range args {
		found |= s.value(arg)
	}
	s.guard(found)
	return found
}

func (s scope) call(terms []*ast.Term) label {
	name, args := terms[0].String(), terms[1:]
	builtin, isBuiltin := ast.BuiltinMap[name]
	if !isBuiltin {
		return s.callFunction(terms[0].Value.(ast.Ref), args)
	}
	arity := min(len(builtin.Decl.FuncArgs().Args), len(args))
	found := nothing
	if look, isKnown := lookOf(name); isKnown {
		found = look(s, args[:arity])
	} else {
		for _, arg := range args[:arity] {
			if s.value(arg) != nothing {
				s.reads = true
			}
		}
	}
	return s.output(args[arity:], found)
}

func (s scope) callFunction(function ast.Ref, args []*ast.Term) label {
	found, arity := nothing, len(args)
	for _, rule := range s.compiler.GetRules(function) {
		arity = min(arity, len(rule.Head.Args))
		found |= s.results[resultOf(rule)]
		for branch := rule; branch != nil; branch = branch.Else {
			s.pass(scope{s.flow, rule}, branch.Head.Args, args)
		}
	}
	return s.output(args[arity:], found)
}

func (s scope) pass(callee scope, parameters, args []*ast.Term) {
	for i, parameter := range parameters[:min(len(parameters), len(args))] {
		callee.match(parameter, s.value(args[i]))
	}
}

// output binds the place for the result, where a call has one.
func (s scope) output(place []*ast.Term, found label) label {
	if len(place) > 0 {
		s.value(place[0])
		s.match(place[0], found)
	}
	return found
}
