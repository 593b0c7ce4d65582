package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/topdown"
	"github.com/open-policy-agent/opa/v1/types"
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
	return issueAt(err.Location, err.Code, messageOf(err))
}

// messageOf says of a reference to nothing what there is instead; OPA's own message leaves that to a drawing.
func messageOf(err *ast.Error) string {
	switch found := err.Details.(type) {
	case *ast.RefErrInvalidDetail:
		switch _, isName := found.Ref[found.Pos].Value.(ast.String); {
		case isName && len(found.OneOf) > 0:
			return lacks(found.Ref, found.Pos) + ", only " + listNames(found.OneOf)
		case isName && found.Want != nil && types.Compare(found.Want, types.N) == 0:
			return lacks(found.Ref, found.Pos) + ", it is a list"
		}
	case *ast.RefErrUnsupportedDetail:
		if _, isFunction := found.Have.(*types.Function); !isFunction && found.Pos+1 < len(found.Ref) {
			return lacks(found.Ref, found.Pos+1) + ", it is a " + types.Sprint(found.Have)
		}
	}
	return err.Message
}

func lacks(ref ast.Ref, at int) string {
	return fmt.Sprintf("%v has no %v", ref[:at], strings.Trim(ref[at].String(), `"`))
}

func listNames(values []ast.Value) string {
	names := make([]string, 0, len(values))
	for _, value := range values {
		names = append(names, strings.Trim(value.String(), `"`))
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}
