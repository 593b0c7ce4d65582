package main

import (
	"context"

	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
)

// evaluate answers a query; the results are a list, one entry for each way in which it holds.
func evaluate(request Request) Answer {
	modules := withoutTests(request.Modules)
	compiler, issues := compileStrictly(request, modules)
	if len(issues) > 0 {
		return Answer{Issues: issues}
	}
	query := rego.New(
		rego.Query(request.Query),
		rego.Input(request.Input),
		rego.Compiler(compiler),
		rego.Store(inmem.NewFromObject(request.Data)),
	)
	results, err := query.Eval(context.Background())
	if err != nil {
		return failed(err)
	}
	values := make([]any, 0, len(results))
	for _, each := range results {
		for _, expression := range each.Expressions {
			values = append(values, expression.Value)
		}
	}
	return Answer{Results: values}
}
