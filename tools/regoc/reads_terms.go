package main

import "github.com/open-policy-agent/opa/v1/ast"

func (s scope) value(term *ast.Term) value {
	switch found := term.Value.(type) {
	case ast.Var:
		return s.variable(found)
	case ast.Ref:
		return s.ref(found)
	case *ast.Array:
		return s.collect(s.all(found.Foreach))
	case ast.Set:
		return s.key(s.all(found.Foreach))
	case ast.Object:
		return s.object(found)
	case *ast.ArrayComprehension:
		return s.comprehension(found.Body, func() value { return s.collect(s.value(found.Term)) })
	case *ast.SetComprehension:
		return s.comprehension(found.Body, func() value { return s.key(s.value(found.Term)) })
	case *ast.ObjectComprehension:
		return s.comprehension(found.Body, func() value {
			return s.key(s.value(found.Key)).union(s.collect(s.meet(s.value(found.Value))))
		})
	case ast.Call:
		return s.call(found)
	case ast.Null, ast.Boolean, ast.Number, ast.String:
		return nothing
	}
	s.mark(s.shape.root, wholly)
	return nothing
}

func (s scope) comprehension(body ast.Body, made func() value) value {
	if !s.body(body) {
		return nothing
	}
	return made()
}

func (s scope) variable(variable ast.Var) value {
	if variable.Equal(ast.InputRootDocument.Value) {
		return s.look(s.shape.root)
	}
	return s.variables[s.owner][variable]
}

func (s scope) all(foreach func(func(*ast.Term))) value {
	found := nothing
	foreach(func(item *ast.Term) { found = found.union(s.value(item)) })
	return found
}

func (s scope) object(object ast.Object) value {
	keys := s.all(func(each func(*ast.Term)) { object.Foreach(func(key, _ *ast.Term) { each(key) }) })
	items := s.all(func(each func(*ast.Term)) { object.Foreach(func(_, item *ast.Term) { each(item) }) })
	return s.key(keys).union(s.collect(items))
}

func (s scope) ref(ref ast.Ref) value {
	for _, key := range ref[1:] {
		s.value(key)
	}
	if !ref.HasPrefix(ast.DefaultRootRef) {
		return s.steps(s.value(ref[0]), ref[1:])
	}
	found := nothing
	for _, rule := range s.compiler.GetRulesDynamic(ref) {
		s.need(rule)
		known, length := s.results[resultOf(rule)], len(rule.Ref().GroundPrefix())
		if len(ref) < length {
			s.readWhole(known) // a whole package as a value
			continue
		}
		found = found.union(s.steps(known, ref[length:]))
	}
	return found
}

func (s scope) steps(v value, keys []*ast.Term) value {
	for _, key := range keys {
		v = s.step(v, key)
	}
	return v
}

// step gives what stands under a key, and reads whole what is looked into with a key that is not known.
func (s scope) step(v value, key *ast.Term) value {
	found := v.elements()
	name, isName := key.Value.(ast.String)
	isConstant := ast.IsConstant(key.Value)
	v.at[0].each(func(id int) {
		n := s.shape.nodes[id]
		switch {
		case n.kind == series && !isName:
			found = found.union(s.look(n.items))
		case n.kind == group && isName && n.fields[string(name)] != nil:
			found = found.union(s.look(n.fields[string(name)]))
		case n.kind == group && !isConstant:
			s.mark(n, wholly)
		}
	})
	if !isName {
		s.match(key, v.keys())
	}
	return found
}

// elementsOf gives what is found one level below, in the input or in what policies made.
func (s scope) elementsOf(v value) value {
	found := v.elements()
	v.at[0].each(func(id int) {
		n := s.shape.nodes[id]
		if n.kind == series {
			found = found.union(s.look(n.items))
			return
		}
		s.mark(n, wholly)
	})
	return found
}

// match gives a pattern what it is unified with; what is no pattern is compared with it.
func (s scope) match(pattern *ast.Term, v value) {
	if v == nothing {
		return
	}
	switch found := pattern.Value.(type) {
	case ast.Var:
		s.bind(found, v)
	case *ast.Array:
		elements := s.elementsOf(v)
		found.Foreach(func(item *ast.Term) { s.match(item, elements) })
	case ast.Object:
		elements := s.elementsOf(v) // which reads whole: an object equals one with the same keys
		found.Foreach(func(_, item *ast.Term) { s.match(item, elements) })
	case ast.Null, ast.Boolean, ast.Number, ast.String:
	default:
		s.readWhole(v)
		s.readWhole(s.value(pattern))
	}
}
