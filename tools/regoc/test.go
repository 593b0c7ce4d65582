package main

import (
	"context"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/cover"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/tester"
	"github.com/open-policy-agent/opa/v1/topdown"
)

// TestResult is one Rego test; for one that failed, the place is that of the expression that did not hold.
type TestResult struct {
	Issue
	Package string `json:"package"`
	Name    string `json:"name"`
	Outcome string `json:"outcome"`
	Output  string `json:"output,omitempty"`
}

// Covered counts the lines of one file that tests went through.
type Covered struct {
	Lines   int   `json:"lines"`
	Covered int   `json:"covered"`
	Missed  []int `json:"missed"`
}

func test(request Request) Answer {
	parsed, issues := parseModules(request.Modules)
	if len(issues) > 0 {
		return Answer{Issues: issues}
	}
	ctx := context.Background()
	store := inmem.NewFromObject(request.Data)
	txn, err := store.NewTransaction(ctx)
	if err != nil {
		return failed(err)
	}
	defer store.Abort(ctx, txn)
	compiler := ast.NewCompiler().WithEnablePrintStatements(true)
	tracer := cover.New()
	runner := tester.NewRunner().
		SetStore(store).SetCompiler(compiler).SetModules(parsed).
		SetCoverageQueryTracer(tracer).SetCoverageRuns(nil)
	results, err := runner.RunTests(ctx, txn)
	if err != nil {
		return failed(err)
	}
	out := Answer{Tests: []TestResult{}}
	explain := explainer{ctx, store, txn, compiler}
	for result := range results {
		out.Tests = append(out.Tests, explain.describe(result))
	}
	out.Coverage = coverageOf(tracer.Report(parsed))
	return out
}

type explainer struct {
	ctx      context.Context
	store    storage.Store
	txn      storage.Transaction
	compiler *ast.Compiler
}

func (explain explainer) describe(result *tester.Result) TestResult {
	out := TestResult{Issue: issueAt(result.Location, "", ""), Package: result.Package, Name: result.Name, Output: string(result.Output)}
	switch {
	case result.Skip:
		out.Outcome = "skip"
	case result.Error != nil:
		out.Outcome = "error"
		out.Issue = issuesOf(result.Error)[0]
	case result.Fail:
		out.Outcome = "fail"
		explain.locateFailure(&out)
	default:
		out.Outcome = "pass"
	}
	return out
}

// locateFailure runs the test again and notes the last expression of its file that did not hold.
func (explain explainer) locateFailure(out *TestResult) {
	trace := topdown.NewBufferTracer()
	query := rego.New(
		rego.Query(out.Package+"."+out.Name),
		rego.Compiler(explain.compiler), rego.Store(explain.store), rego.Transaction(explain.txn),
		rego.QueryTracer(trace),
	)
	_, _ = query.Eval(explain.ctx)
	for _, event := range *trace {
		expression, isExpression := event.Node.(*ast.Expr)
		if event.Op != topdown.FailOp || !isExpression || expression.Location == nil || expression.Location.File != out.File {
			continue
		}
		out.Issue = issueAt(expression.Location, "test.failed", string(expression.Location.Text))
	}
}

func coverageOf(report cover.Report) map[string]Covered {
	out := map[string]Covered{}
	for file, lines := range report.Files {
		covered := Covered{Lines: lines.CoveredLines + lines.NotCoveredLines, Covered: lines.CoveredLines, Missed: []int{}}
		for _, missed := range lines.NotCovered {
			for row := missed.Start.Row; row <= missed.End.Row; row++ {
				covered.Missed = append(covered.Missed, row)
			}
		}
		out[file] = covered
	}
	return out
}
