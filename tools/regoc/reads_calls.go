package main

import "github.com/open-policy-agent/opa/v1/ast"

type reader func(scope, []*ast.Term) value

// howRead gives the built-ins that do not read whole what they are given, by what they make of it.
func howRead(builtin string) reader {
	switch builtin {
	case ast.Equality.Name, ast.Equal.Name, ast.Assign.Name:
		return scope.unify
	case ast.IsArray.Name, ast.IsObject.Name, ast.IsSet.Name, ast.IsString.Name, ast.IsNumber.Name, ast.IsBoolean.Name, ast.IsNull.Name:
		return scope.glance
	case ast.Count.Name:
		return scope.count
	case ast.ObjectGet.Name:
		return scope.objectGet
	case ast.Member.Name:
		return func(s scope, args []*ast.Term) value { return s.member(args[:1], args[1]) }
	case ast.MemberWithKey.Name:
		return func(s scope, args []*ast.Term) value { return s.member(args[:2], args[2]) }
	case ast.ArrayConcat.Name, ast.ArraySlice.Name, ast.ArrayReverse.Name, ast.Or.Name:
		return scope.combine
	case containsAny.Name, matches.Name:
		return scope.askForText
	}
	return scope.readAll
}

// unify binds a variable that is new to what is on the other side; two of anything else are compared.
func (s scope) unify(args []*ast.Term) value {
	left, right := s.value(args[0]), s.value(args[1])
	switch isBinding := s.bindersOf().isBinding; {
	case isBinding[args[0]]:
		s.match(args[0], right)
	case isBinding[args[1]]:
		s.match(args[1], left)
	case isVariable(args[0]) || isVariable(args[1]) || isPattern(args[0]) || isPattern(args[1]):
		s.compare(args[0], right)
		s.compare(args[1], left)
	default:
		s.readWhole(left)
		s.readWhole(right)
	}
	return nothing
}

func (s scope) compare(term *ast.Term, v value) {
	if isVariable(term) || isPattern(term) {
		s.match(term, v)
	}
}

func isPattern(term *ast.Term) bool {
	switch term.Value.(type) {
	case *ast.Array, ast.Object:
		return true
	}
	return false
}

func (s scope) glance(args []*ast.Term) value {
	s.value(args[0])
	return nothing
}

// count sees how many elements there are, and of an object which fields.
func (s scope) count(args []*ast.Term) value {
	s.value(args[0]).at[0].each(func(id int) {
		if n := s.shape.nodes[id]; n.kind != series {
			s.mark(n, wholly)
		}
	})
	return nothing
}

// objectGet looks a key up, or one after the other of a path: what is a key is compared with others.
func (s scope) objectGet(args []*ast.Term) value {
	found := s.value(args[0])
	s.readWhole(s.value(args[1]))
	if path, isPath := args[1].Value.(*ast.Array); isPath {
		path.Foreach(func(key *ast.Term) { found = s.step(found, key) })
	} else {
		found = s.step(found, args[1])
	}
	return found.union(s.value(args[2]))
}

func (s scope) member(patterns []*ast.Term, collection *ast.Term) value {
	found := s.value(collection)
	elements := s.elementsOf(found)
	for i, pattern := range patterns {
		s.value(pattern)
		s.match(pattern, found.keys())
		if i == len(patterns)-1 {
			s.match(pattern, elements)
		}
	}
	return nothing
}

func (s scope) combine(args []*ast.Term) value {
	found := nothing
	for _, arg := range args {
		found = found.union(s.value(arg))
	}
	return found
}

// askForText has the host look at the text of a part, which it knows by its handle.
func (s scope) askForText(args []*ast.Term) value {
	s.value(args[0]).at[0].each(func(id int) { s.mark(s.shape.nodes[id], texts) })
	s.readWhole(s.value(args[1]))
	return nothing
}

func (s scope) readAll(args []*ast.Term) value {
	for _, arg := range args {
		s.readWhole(s.value(arg))
	}
	return nothing
}

func (s scope) call(terms []*ast.Term) value {
	name, args := terms[0].String(), terms[1:]
	arity := min(len(args), arityOf(s.compiler, terms[0]))
	if _, isBuiltin := ast.BuiltinMap[name]; !isBuiltin {
		return s.output(args[arity:], s.callFunction(terms[0].Value.(ast.Ref), args[:arity]))
	}
	return s.output(args[arity:], howRead(name)(s, args[:arity]))
}

func (s scope) callFunction(function ast.Ref, args []*ast.Term) value {
	found := nothing
	for _, rule := range s.compiler.GetRules(function) {
		s.need(rule)
		found = found.union(s.results[resultOf(rule)])
		for branch := rule; branch != nil; branch = branch.Else {
			s.pass(scope{s.flow, rule}, branch.Head.Args, args)
		}
	}
	return found
}

func (s scope) pass(callee scope, parameters, args []*ast.Term) {
	for i, parameter := range parameters[:min(len(parameters), len(args))] {
		callee.match(parameter, s.value(args[i]))
	}
}

// output binds the place for the result, where a call has one.
func (s scope) output(place []*ast.Term, found value) value {
	if len(place) > 0 {
		s.match(place[0], found)
	}
	return found
}
