package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/tester"
)

// Twin is one Rego test: what OPA makes of it, and whether the module that is made of all tests has it too.
type Twin struct {
	Name string `json:"name"`
	File string `json:"file"`
	Row  int    `json:"row"`
	Col  int    `json:"col"`
	// Values holds the value, and nothing when it is undefined.
	Values []any `json:"values"`
	// Fault is the code of an evaluation that failed.
	Fault string `json:"fault,omitempty"`
	// Lacking names built-ins that it needs and policies do not have; then the module leaves it out.
	Lacking []string `json:"lacking,omitempty"`
}

// testNumber is where in the input the module and OPA find which test is meant.
const testNumber = "@postern/test"

// twins evaluates every test in OPA, and compiles all into one module that answers like a bundle does.
func twins(request Request) Answer {
	capabilities, err := capabilitiesOf(request)
	if err != nil {
		return failed(err)
	}
	parsed, issues := parseModules(request.Modules)
	if len(issues) > 0 {
		return Answer{Issues: issues}
	}
	compiler, issues := compile(parsed, ast.CapabilitiesForThisVersion(), false)
	if len(issues) > 0 {
		return Answer{Issues: issues}
	}
	lack := newLack(compiler, capabilities)
	store := inmem.NewFromObject(request.Data)
	found := []Twin{}
	entrypoint := []string{"package " + strings.ReplaceAll(parentOf(request.Entrypoint), "/", ".")}
	for _, ref := range testsOf(compiler) {
		twin := evaluateTwin(compiler, store, ref, len(found))
		twin.Lacking = lack.of(compiler.GetRulesWithPrefix(ref))
		if len(twin.Lacking) == 0 {
			entrypoint = append(entrypoint, fmt.Sprintf("result := {%q: [v | v := %v]} if input[%q] == %d", "values", ref, testNumber, len(found)))
		}
		found = append(found, twin)
	}
	if len(entrypoint) == 1 {
		return Answer{Twins: found}
	}
	all := request
	all.Capabilities = nil // other tests may use what the module leaves out
	wasm, err := compileWasm(all, append(slices.Clone(request.Modules), Module{File: "@postern/tests.rego", Text: strings.Join(entrypoint, "\n\n")}))
	if err != nil {
		return failed(err)
	}
	return Answer{Twins: found, Wasm: wasm}
}

func parentOf(path string) string {
	return path[:strings.LastIndex(path, "/")]
}

// testsOf gives the paths of all tests, as OPA's runner finds them.
func testsOf(compiler *ast.Compiler) []ast.Ref {
	var refs []ast.Ref
	seen := map[string]bool{}
	for _, file := range slices.Sorted(maps.Keys(compiler.Modules)) {
		module := compiler.Modules[file]
		for _, rule := range module.Rules {
			name, isTest := testName(rule.Head.Ref().GroundPrefix())
			if !isTest {
				continue
			}
			ref := module.Package.Path.Extend(name)
			if !seen[ref.String()] {
				seen[ref.String()] = true
				refs = append(refs, ref)
			}
		}
	}
	return refs
}

// testName gives the reference up to the word that makes a test of it.
func testName(ref ast.Ref) (ast.Ref, bool) {
	for index, term := range ref {
		name := strings.Trim(term.Value.String(), `"`)
		if strings.HasPrefix(name, tester.TestPrefix) {
			return ref[:index+1], true
		}
	}
	return nil, false
}

func evaluateTwin(compiler *ast.Compiler, store storage.Store, ref ast.Ref, number int) Twin {
	location := compiler.GetRulesWithPrefix(ref)[0].Location
	twin := Twin{Name: ref.String(), File: location.File, Row: location.Row, Col: location.Col, Values: []any{}}
	query := rego.New(
		rego.ParsedQuery(ast.NewBody(ast.NewExpr(ast.NewTerm(ref)))),
		rego.Input(map[string]any{testNumber: number}),
		rego.Compiler(compiler), rego.Store(store),
	)
	results, err := query.Eval(context.Background())
	if err != nil {
		twin.Fault = issuesOf(err)[0].Code
	}
	for _, each := range results {
		twin.Values = append(twin.Values, each.Expressions[0].Value)
	}
	return twin
}

// lack finds the built-ins of OPA that rules need, themselves or by what they refer to, and that are not offered.
type lack struct {
	compiler *ast.Compiler
	offered  map[string]bool
}

func newLack(compiler *ast.Compiler, capabilities *ast.Capabilities) lack {
	offered := map[string]bool{}
	for _, builtin := range capabilities.Builtins {
		offered[builtin.Name] = true
	}
	return lack{compiler, offered}
}

func (l lack) of(rules []*ast.Rule) []string {
	found, seen := map[string]bool{}, map[*ast.Rule]bool{}
	for open := slices.Clone(rules); len(open) > 0; {
		rule := open[0]
		open = open[1:]
		if seen[rule] {
			continue
		}
		seen[rule] = true
		l.in(rule, found)
		for next := range l.compiler.Graph.Dependencies(rule) {
			open = append(open, next.(*ast.Rule))
		}
	}
	return slices.Sorted(maps.Keys(found))
}

func (l lack) in(rule *ast.Rule, found map[string]bool) {
	ast.WalkRefs(rule, func(ref ast.Ref) bool {
		name := ref.String()
		if _, isBuiltin := ast.BuiltinMap[name]; isBuiltin && !l.offered[name] {
			found[name] = true
		}
		return false
	})
}
