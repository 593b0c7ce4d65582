package main

import (
	"errors"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/topdown"
)

const undefinedFunction = "undefined function "

func issuesOf(err error) []Issue {
	var many ast.Errors
	var one *ast.Error
	var evaluation *topdown.Error
	switch {
	case errors.As(err, &many):
		issues := make([]Issue, 0, len(many))
		for _, each := range many {
			issues = append(issues, describe(each))
		}
		return issues
	case errors.As(err, &one):
		return []Issue{describe(one)}
	case errors.As(err, &evaluation):
		return []Issue{issueAt(evaluation.Location, evaluation.Code, evaluation.Message)}
	default:
		return []Issue{{Code: "rego_error", Message: err.Error()}}
	}
}

func describe(err *ast.Error) Issue {
	name, isUndefined := strings.CutPrefix(err.Message, undefinedFunction)
	if _, isBuiltin := ast.BuiltinMap[name]; isUndefined && isBuiltin {
		return issueAt(err.Location, "policy.builtin", "the built-in "+name+" is not offered to policies")
	}
	return issueAt(err.Location, err.Code, err.Message)
}
