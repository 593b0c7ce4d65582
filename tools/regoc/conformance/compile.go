package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/bundle"
	opa "github.com/open-policy-agent/opa/v1/compile"
	"github.com/open-policy-agent/opa/v1/test/cases"
)

// Group is one module with the cases that are in it.
type Group struct {
	Module string         `json:"module"`
	Data   map[string]any `json:"data"`
	Cases  []Question     `json:"cases"`
	wasm   []byte
}

// Question is what is asked for a case, and what OPA says.
type Question struct {
	Note  string         `json:"note"`
	Input map[string]any `json:"input"`
	// Want holds the bindings with which the query holds; Fails says that there is no answer at all.
	Want  any  `json:"want"`
	Fails bool `json:"fails"`
}

// Refused says why a case is in no module.
type Refused struct {
	Note string `json:"note"`
	// Lacking are built-ins that policies are not offered.
	Lacking []string `json:"lacking"`
	// Code is that of the compiler, and Expected says that the case wants just that.
	Code     string `json:"code"`
	Message  string `json:"message"`
	Expected bool   `json:"expected"`
}

const casesOfGroup = 100

type groups struct {
	done         []Group
	open         draft
	capabilities *ast.Capabilities
}

type draft struct {
	modules map[string]*ast.Module
	rules   []string
	data    map[string]any
	cases   []Question
}

func compileCases(all []cases.TestCase, capabilities *ast.Capabilities) ([]Group, []Refused, error) {
	groups := groups{capabilities: capabilities}
	refused := []Refused{}
	for number, test := range all {
		if found := refuse(test, number, capabilities); found != nil {
			refused = append(refused, *found)
			continue
		}
		found, err := findRoom(test, number, capabilities)
		if err != nil {
			refused = append(refused, Refused{Note: test.Note, Message: err.Error()})
			continue
		}
		if err := groups.add(found); err != nil {
			return nil, nil, fmt.Errorf("%s: %w", test.Note, err)
		}
	}
	err := groups.close()
	return groups.done, refused, err
}

// refuse compiles a case by itself.
func refuse(test cases.TestCase, number int, capabilities *ast.Capabilities) *Refused {
	placed, err := sharedRoom(number).place(test)
	if err == nil {
		compiler := ast.NewCompiler().WithCapabilities(capabilities).SetErrorLimit(0)
		compiler.Compile(placed)
		if !compiler.Failed() {
			return nil
		}
		err = compiler.Errors
	}
	return describeRefusal(test, err)
}

func describeRefusal(test cases.TestCase, err error) *Refused {
	refused := Refused{Note: test.Note, Message: err.Error(), Lacking: []string{}}
	var all ast.Errors
	if errors.As(err, &all) {
		for _, each := range all {
			refused.Code = each.Code
			if name, isUndefined := strings.CutPrefix(each.Message, "undefined function "); isUndefined && !slices.Contains(refused.Lacking, name) {
				refused.Lacking = append(refused.Lacking, name)
			}
		}
	}
	refused.Expected = test.WantErrorCode != nil && *test.WantErrorCode == refused.Code
	return &refused
}

func (g *groups) add(found *placed) error {
	if g.open.modules == nil {
		g.open = draft{modules: map[string]*ast.Module{}, data: map[string]any{}}
	}
	if found.isAlone {
		shared := g.open
		g.open = draft{modules: map[string]*ast.Module{}, data: map[string]any{}}
		g.take(found)
		err := g.close()
		g.open = shared
		return err
	}
	g.take(found)
	if len(g.open.cases) < casesOfGroup {
		return nil
	}
	return g.close()
}

func (g *groups) take(found *placed) {
	maps.Copy(g.open.modules, found.modules)
	maps.Copy(g.open.data, found.data)
	g.open.rules = append(g.open.rules, found.rule)
	g.open.cases = append(g.open.cases, found.question)
}

func (g *groups) close() error {
	if len(g.open.cases) == 0 {
		return nil
	}
	wasm, err := compileWasm(g.open.modules, g.open.rules, g.capabilities)
	if err != nil {
		return err
	}
	name := fmt.Sprintf("%03d.wasm", len(g.done))
	g.done = append(g.done, Group{Module: name, Data: g.open.data, Cases: g.open.cases, wasm: wasm})
	g.open = draft{}
	return nil
}

const entrypoint = "postern/main/result"

// compileWasm does what regoc does for a bundle.
func compileWasm(modules map[string]*ast.Module, rules []string, capabilities *ast.Capabilities) ([]byte, error) {
	source := &bundle.Bundle{Data: map[string]any{}}
	source.SetRegoVersion(ast.RegoV1)
	source.Manifest.Init()
	text := "package postern.main\n\n" + strings.Join(rules, "\n\n")
	main, err := ast.ParseModuleWithOpts("main.rego", text, ast.ParserOptions{RegoVersion: ast.RegoV1})
	if err != nil {
		return nil, err
	}
	add := func(file string, module *ast.Module) {
		source.Modules = append(source.Modules, bundle.ModuleFile{URL: file, Path: file, Raw: []byte("package unread"), Parsed: module})
	}
	for _, file := range slices.Sorted(maps.Keys(modules)) {
		add(file, modules[file])
	}
	add("main.rego", main)
	compiler := opa.New().
		WithTarget(opa.TargetWasm).
		WithEntrypoints(entrypoint).
		WithPruneUnused(true).
		WithCapabilities(capabilities).
		WithRegoVersion(ast.RegoV1).
		WithBundle(source)
	if err := compiler.Build(context.Background()); err != nil {
		return nil, err
	}
	return compiler.Bundle().WasmModules[0].Raw, nil
}
