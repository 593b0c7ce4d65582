package main

import (
	"context"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/bundle"
	opa "github.com/open-policy-agent/opa/v1/compile"
)

// build checks strictly and compiles one entrypoint to WASM.
func build(request Request) Answer {
	modules := withoutTests(request.Modules)
	compiler, issues := compileStrictly(request, modules)
	if len(issues) > 0 {
		return Answer{Issues: issues}
	}
	wasm, err := compileWasm(request, modules)
	if err != nil {
		return failed(err)
	}
	known, err := shapeOf(request.Schema)
	if err != nil {
		return failed(err)
	}
	return Answer{Wasm: wasm, Reads: readsOf(compiler, known)}
}

func compileStrictly(request Request, modules []Module) (*ast.Compiler, []Issue) {
	capabilities, err := capabilitiesOf(request)
	if err != nil {
		return nil, issuesOf(err)
	}
	parsed, issues := parseModules(modules)
	if len(issues) > 0 {
		return nil, issues
	}
	return finish(newCompiler(capabilities).WithStrict(true).WithSchemas(schemasOf(request)), parsed)
}

func compileWasm(request Request, modules []Module) ([]byte, error) {
	capabilities, err := capabilitiesOf(request)
	if err != nil {
		return nil, err
	}
	parsed, _ := parseModules(modules) // anew: compiling changed the first trees
	source := &bundle.Bundle{Data: map[string]any{}}
	source.SetRegoVersion(ast.RegoV1)
	source.Manifest.Init()
	for _, module := range modules {
		source.Modules = append(source.Modules, bundle.ModuleFile{
			URL: module.File, Path: module.File, Raw: []byte(module.Text), Parsed: parsed[module.File],
		})
	}
	compiler := opa.New().
		WithTarget(opa.TargetWasm).
		WithEntrypoints(request.Entrypoint).
		WithPruneUnused(true).
		WithCapabilities(capabilities).
		WithRegoVersion(ast.RegoV1).
		WithBundle(source)
	if err := compiler.Build(context.Background()); err != nil {
		return nil, err
	}
	return compiler.Bundle().WasmModules[0].Raw, nil
}
