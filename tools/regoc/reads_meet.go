package main

import "github.com/open-policy-agent/opa/v1/ast"

// mayMeet tells whether a rule may give more than one value under one name, which is an error unless they are equal:
// by another definition, by a name that is not constant, or by a body that holds in several ways.
func (s scope) mayMeet(rule *ast.Rule) bool {
	ref := rule.Ref()
	if len(ref) > len(ref.GroundPrefix()) {
		return true
	}
	definitions := 0
	for _, other := range s.compiler.GetRulesDynamic(ref) {
		if !other.Default {
			definitions++
		}
	}
	return definitions > 1 || holdsInSeveralWays(rule)
}

// holdsInSeveralWays is said of every body that looks something up with a variable, or asks what gives many answers.
func holdsInSeveralWays(rule *ast.Rule) bool {
	isParameter := map[ast.Var]bool{}
	for _, argument := range rule.Head.Args {
		ast.WalkVars(argument, func(v ast.Var) bool {
			isParameter[v] = true
			return false
		})
	}
	found := false
	looked := ast.NewGenericVisitor(func(x any) bool {
		switch node := x.(type) {
		case *ast.ArrayComprehension, *ast.SetComprehension, *ast.ObjectComprehension, *ast.Every:
			return true
		case *ast.Expr:
			found = found || isRelation(node)
		case ast.Ref:
			found = found || isOpen(node, isParameter)
		}
		return found
	})
	looked.Walk(rule.Body)
	looked.Walk(rule.Head.Value)
	return found
}

func isRelation(expression *ast.Expr) bool {
	if !expression.IsCall() {
		return false
	}
	builtin, isBuiltin := ast.BuiltinMap[expression.Operator().String()]
	return isBuiltin && builtin.Relation
}

func isOpen(ref ast.Ref, isBound map[ast.Var]bool) bool {
	for _, key := range ref[1:] {
		isUnbound := false
		ast.WalkVars(key, func(v ast.Var) bool {
			isUnbound = isUnbound || !isBound[v]
			return false
		})
		if isUnbound {
			return true
		}
	}
	return false
}
