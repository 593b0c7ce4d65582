package main

import (
	"bytes"

	"github.com/open-policy-agent/opa/v1/ast"
)

// parseModules parses every module, sprintf lowered, and reports every error at once.
func parseModules(modules []Module) (map[string]*ast.Module, []Issue) {
	parsed := make(map[string]*ast.Module, len(modules))
	var issues []Issue
	for _, module := range modules {
		if _, isTaken := parsed[module.File]; isTaken {
			issues = append(issues, Issue{File: module.File, Code: "policy.duplicate", Message: "there are two files of this name"})
			continue
		}
		tree, err := ast.ParseModuleWithOpts(module.File, module.Text, ast.ParserOptions{
			RegoVersion:       ast.RegoV1,
			ProcessAnnotation: true,
		})
		if err != nil {
			issues = append(issues, issuesOf(err)...)
			continue
		}
		parsed[module.File] = tree
	}
	if len(issues) > 0 {
		return nil, issues
	}
	return parsed, lowerSprintf(parsed)
}

func withoutTests(modules []Module) []Module {
	var kept []Module
	for _, module := range modules {
		if !module.Test {
			kept = append(kept, module)
		}
	}
	return kept
}

func capabilitiesOf(request Request) (*ast.Capabilities, error) {
	if request.Capabilities == nil {
		return ast.CapabilitiesForThisVersion(), nil
	}
	return ast.LoadCapabilitiesJSON(bytes.NewReader(*request.Capabilities))
}

func compile(modules map[string]*ast.Module, capabilities *ast.Capabilities, strict bool) (*ast.Compiler, []Issue) {
	return finish(newCompiler(capabilities).WithStrict(strict), modules)
}

func newCompiler(capabilities *ast.Capabilities) *ast.Compiler {
	return ast.NewCompiler().WithCapabilities(capabilities).SetErrorLimit(0)
}

// schemasOf gives the schema of the input as one that holds for every module, whatever its annotations.
func schemasOf(request Request) *ast.SchemaSet {
	if request.Schema == nil {
		return nil
	}
	schemas := ast.NewSchemaSet()
	schemas.Put(ast.SchemaRootRef, request.Schema)
	return schemas
}

func finish(compiler *ast.Compiler, modules map[string]*ast.Module) (*ast.Compiler, []Issue) {
	compiler.Compile(modules)
	if compiler.Failed() {
		return nil, issuesOf(compiler.Errors)
	}
	if issues := checkSearches(compiler); len(issues) > 0 {
		return nil, issues
	}
	return compiler, nil
}
