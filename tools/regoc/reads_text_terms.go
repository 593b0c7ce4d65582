package main

import "github.com/open-policy-agent/opa/v1/ast"

func (s scope) value(term *ast.Term) label {
	switch value := term.Value.(type) {
	case ast.Var:
		return s.variable(value)
	case ast.Ref:
		return s.ref(value)
	case *ast.Array:
		return s.collect(s.all(value.Foreach))
	case ast.Set:
		return s.key(s.all(value.Foreach))
	case ast.Object:
		return s.key(s.all(func(each func(*ast.Term)) {
			value.Foreach(func(key, item *ast.Term) { each(key); each(item) })
		}))
	case *ast.ArrayComprehension:
		s.body(value.Body)
		return s.collect(s.value(value.Term))
	case *ast.SetComprehension:
		s.body(value.Body)
		return s.key(s.value(value.Term))
	case *ast.ObjectComprehension:
		s.body(value.Body)
		return s.key(s.value(value.Key) | s.value(value.Value))
	case ast.Call:
		return s.call(value)
	case ast.Null, ast.Boolean, ast.Number, ast.String:
		return nothing
	}
	s.reads = true
	return nothing
}

func (s scope) variable(variable ast.Var) label {
	if variable.Equal(ast.InputRootDocument.Value) {
		return whole
	}
	return s.variables[s.owner][variable]
}

func (s scope) all(foreach func(func(*ast.Term))) label {
	found := nothing
	foreach(func(item *ast.Term) { found |= s.value(item) })
	return found
}

func (s scope) ref(ref ast.Ref) label {
	for _, key := range ref[1:] {
		s.value(key)
	}
	if !ref.HasPrefix(ast.DefaultRootRef) {
		return s.steps(s.value(ref[0]), ref[1:])
	}
	found := nothing
	for _, rule := range s.compiler.GetRulesDynamic(ref) {
		known, length := s.results[resultOf(rule)], len(rule.Ref().GroundPrefix())
		if known != nothing && len(ref) < length {
			s.reads = true // a whole package as a value
			continue
		}
		found |= s.steps(known, ref[min(length, len(ref)):])
	}
	return found
}

func (s scope) steps(l label, keys []*ast.Term) label {
	for _, key := range keys {
		l = s.step(l, key)
	}
	return l
}

func (s scope) step(l label, key *ast.Term) label {
	name, isConstant := key.Value.(ast.String)
	found := l.elements()
	switch {
	case !isConstant:
		s.guard(l)
		s.match(key, l.keys())
	case l&part != 0 && name == "text":
		s.reads = true
	case l&whole != 0 && name == "parts":
		found |= parts
	}
	return found
}

// match gives a pattern the label of what it is unified with.
func (s scope) match(pattern *ast.Term, l label) {
	if l == nothing {
		return
	}
	switch value := pattern.Value.(type) {
	case ast.Var:
		s.bind(value, l)
	case *ast.Array:
		value.Foreach(func(item *ast.Term) { s.match(item, l.elements()) })
	case ast.Object:
		s.guard(l)
		value.Foreach(func(_, item *ast.Term) { s.match(item, l.elements()) })
	}
}
