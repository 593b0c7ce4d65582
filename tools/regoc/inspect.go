package main

import (
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// Package is what one module says of its package.
type Package struct {
	File     string   `json:"file"`
	Row      int      `json:"row"`
	Col      int      `json:"col"`
	Path     []string `json:"path"`
	Rules    []Rule   `json:"rules"`
	Metadata *Notes   `json:"metadata,omitempty"`
}

// Rule is one definition; IsSet says that it adds to a set. Default is what holds when nothing else does.
type Rule struct {
	Name    string `json:"name"`
	Row     int    `json:"row"`
	Col     int    `json:"col"`
	IsSet   bool   `json:"is_set"`
	Default any    `json:"default,omitempty"`
}

// Notes are the METADATA annotations of a package.
type Notes struct {
	Row         int            `json:"row"`
	Col         int            `json:"col"`
	Title       string         `json:"title"`
	Description string         `json:"description"`
	Custom      map[string]any `json:"custom"`
}

func inspect(request Request) Answer {
	parsed, issues := parseModules(request.Modules)
	if len(issues) > 0 {
		return Answer{Issues: issues}
	}
	packages := make([]Package, 0, len(parsed))
	for _, module := range request.Modules {
		packages = append(packages, inspectModule(parsed[module.File]))
	}
	return Answer{Packages: packages}
}

func inspectModule(module *ast.Module) Package {
	location := module.Package.Location
	found := Package{File: location.File, Row: location.Row, Col: location.Col, Metadata: packageNotes(module), Rules: []Rule{}}
	for _, term := range module.Package.Path[1:] {
		name, _ := term.Value.(ast.String)
		found.Path = append(found.Path, string(name))
	}
	for _, rule := range module.Rules {
		found.Rules = append(found.Rules, Rule{
			Name:    rule.Head.Ref()[0].String(),
			Row:     rule.Head.Location.Row,
			Col:     rule.Head.Location.Col,
			IsSet:   rule.Head.RuleKind() == ast.MultiValue && len(rule.Head.Ref()) == 1,
			Default: defaultOf(rule),
		})
	}
	return found
}

// defaultOf gives the default of a.b as an a that holds b; none for what has to be computed, such as comprehensions.
func defaultOf(rule *ast.Rule) any {
	if !rule.Default {
		return nil
	}
	value, err := ast.JSON(rule.Head.Value.Value)
	if err != nil {
		return nil
	}
	for _, term := range slices.Backward(rule.Head.Ref()[1:]) {
		value = map[string]any{strings.Trim(term.String(), `"`): value}
	}
	return value
}

func packageNotes(module *ast.Module) *Notes {
	for _, note := range module.Annotations {
		if note.Scope == "package" {
			return &Notes{note.Location.Row, note.Location.Col, note.Title, note.Description, note.Custom}
		}
	}
	return nil
}
