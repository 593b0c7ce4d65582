package main

import "github.com/open-policy-agent/opa/v1/ast"

// binders are the places of a rule where variables get a value or are compared with one. The compiler has put bodies
// in the order of evaluation: in the first place a variable is bound.
type binders struct {
	compiler *ast.Compiler
	counted  map[ast.Var]int
	// isBinding is known of sides of equations.
	isBinding map[*ast.Term]bool
}

func (s scope) bindersOf() binders {
	known, isKnown := s.binders[s.owner]
	if !isKnown {
		known = binders{s.compiler, map[ast.Var]int{}, map[*ast.Term]bool{}}
		known.rule(s.owner)
		s.binders[s.owner] = known
	}
	return known
}

func (b binders) rule(rule *ast.Rule) {
	b.patterns(rule.Head.Args)
	for branch := rule; branch != nil; branch = branch.Else {
		b.walk(branch.Body)
		if branch.Head.Key != nil {
			b.walk(branch.Head.Key)
		}
		if branch.Head.Value != nil {
			b.walk(branch.Head.Value)
		}
	}
}

func (b binders) walk(x any) {
	ast.NewGenericVisitor(b.visit).Walk(x)
}

func (b binders) visit(x any) bool {
	switch found := x.(type) {
	case *ast.Expr:
		if terms, isCall := found.Terms.([]*ast.Term); isCall {
			b.call(terms)
		}
	case ast.Call:
		b.call(found)
	case *ast.Every:
		b.pattern(found.Value)
		if found.Key != nil {
			b.pattern(found.Key)
		}
	case ast.Ref:
		b.patterns(found[1:])
	}
	return false
}

func (b binders) call(terms []*ast.Term) {
	args := terms[1:]
	switch name := terms[0].String(); name {
	case ast.Equality.Name, ast.Equal.Name, ast.Assign.Name:
		b.equal(args[0], args[1])
	case ast.Member.Name:
		b.patterns(args[:1])
	case ast.MemberWithKey.Name:
		b.patterns(args[:2])
	default:
		b.patterns(args[min(len(args), arityOf(b.compiler, terms[0])):])
	}
}

// equal counts what gets its value here, or is compared; not what gives its value to a variable.
func (b binders) equal(left, right *ast.Term) {
	switch {
	case b.isUnbound(left):
		b.gives(right)
		b.binds(left)
	case b.isUnbound(right):
		b.gives(left)
		b.binds(right)
	case isPattern(left) && isVariable(right):
		b.pattern(left)
	case isPattern(right) && isVariable(left):
		b.pattern(right)
	default:
		b.patterns([]*ast.Term{left, right})
	}
}

func (b binders) binds(variable *ast.Term) {
	b.isBinding[variable] = true
	b.pattern(variable)
}

// gives counts the variables that are new even on the side of the value.
func (b binders) gives(term *ast.Term) {
	ast.WalkVars(term, func(variable ast.Var) bool {
		if b.counted[variable] == 0 && isPattern(term) {
			b.counted[variable]++
		}
		return false
	})
}

func (b binders) isUnbound(term *ast.Term) bool {
	variable, isVar := term.Value.(ast.Var)
	return isVar && b.counted[variable] == 0
}

func isVariable(term *ast.Term) bool {
	_, isVar := term.Value.(ast.Var)
	return isVar
}

// arityOf tells how many operands come before the place for the result.
func arityOf(compiler *ast.Compiler, operator *ast.Term) int {
	if builtin, isBuiltin := ast.BuiltinMap[operator.String()]; isBuiltin {
		return len(builtin.Decl.FuncArgs().Args)
	}
	reference, isRef := operator.Value.(ast.Ref)
	if !isRef {
		return 0
	}
	for _, rule := range compiler.GetRules(reference) {
		return len(rule.Head.Args)
	}
	return 0
}

func (b binders) patterns(terms []*ast.Term) {
	for _, term := range terms {
		b.pattern(term)
	}
}

func (b binders) pattern(term *ast.Term) {
	switch found := term.Value.(type) {
	case ast.Var:
		b.counted[found]++
	case *ast.Array:
		found.Foreach(b.pattern)
	case ast.Object:
		found.Foreach(func(_, item *ast.Term) { b.pattern(item) })
	}
}
