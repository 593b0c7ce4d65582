package main

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/format"
)

const (
	longestLine = 120
	longestRule = 30
	longestFile = 150
)

// layout looks at how a file is written, not at what it says.
func (run *linting) layout(module *lintModule) {
	lines := strings.Split(strings.TrimSuffix(module.Text, "\n"), "\n")
	at := func(row, col int) *ast.Location {
		return &ast.Location{File: module.File, Row: row, Col: col}
	}
	if row := firstUnformatted(module.Module); row > 0 {
		run.find("format", at(row, 1), "this is not as `postern policy fmt` writes it")
	}
	for i, line := range lines {
		if length := utf8.RuneCountInString(line); length > longestLine {
			run.find("line-length", at(i+1, longestLine+1), fmt.Sprintf("%d columns, %d at most", length, longestLine))
		}
	}
	if len(lines) > longestFile {
		run.find("file-length", at(longestFile+1, 1), fmt.Sprintf("%d lines, %d at most", len(lines), longestFile))
	}
	for _, rule := range module.tree.Rules {
		if length := strings.Count(string(rule.Location.Text), "\n") + 1; length > longestRule {
			run.find("rule-length", rule.Location, fmt.Sprintf("%d lines, %d at most", length, longestRule))
		}
	}
}

// firstUnformatted gives 0 when the file is as OPA formats it.
func firstUnformatted(module Module) int {
	formatted, err := format.Source(module.File, []byte(module.Text))
	if err != nil || string(formatted) == module.Text {
		return 0
	}
	lines, wanted := strings.Split(module.Text, "\n"), strings.Split(string(formatted), "\n")
	for i := range lines {
		if i >= len(wanted) || lines[i] != wanted[i] {
			return i + 1
		}
	}
	return len(lines)
}

var snakeCase = regexp.MustCompile(`^_?[a-z][a-z0-9_]*$`)

// naming holds files, packages and rules to one way of naming.
func (run *linting) naming(module *lintModule) {
	place := module.tree.Package.Location
	path := segments(module.tree.Package.Path)[1:]
	name := path[len(path)-1]
	if module.Test != strings.HasSuffix(name, "_test") {
		run.find("test-package", place, "tests of a package lie in <package>_test, in a file that ends in _test.rego")
	}
	folders := strings.Split(module.File, "/")
	folders = folders[:len(folders)-1]
	if !isTail(folders, append(path[:len(path)-1:len(path)-1], strings.TrimSuffix(name, "_test"))) {
		run.find("package-folder", place, "the package does not end in "+strings.Join(folders, "."))
	}
	for _, each := range path {
		if !snakeCase.MatchString(each) {
			run.find("snake-case", place, each+" is not snake_case")
		}
	}
	for _, rule := range module.tree.Rules {
		name := rule.Head.Ref()[0].String()
		if !snakeCase.MatchString(name) && !strings.HasPrefix(name, "todo_test_") {
			run.find("snake-case", rule.Head.Location, name+" is not snake_case")
		}
		if strings.HasPrefix(name, "test_") && !module.Test {
			run.find("test-package", rule.Head.Location, name+" is not run: it lies in a file that is shipped")
		}
	}
}

// isTail tells whether a path ends in these folders. At the top of a directory any package may lie: ConfigMaps are flat.
func isTail(folders, path []string) bool {
	if len(folders) > len(path) {
		folders = folders[len(folders)-len(path):]
	}
	for i, folder := range folders {
		if path[len(path)-len(folders)+i] != folder {
			return false
		}
	}
	return true
}

// assertions finds tests that cannot fail.
func (run *linting) assertions(module *lintModule) {
	if !module.Test {
		return
	}
	for _, rule := range module.tree.Rules {
		if strings.HasPrefix(rule.Head.Ref()[0].String(), "test_") && !canFail(rule.Body) {
			run.find("test-without-assertion", rule.Head.Location, "nothing in it is compared or asked")
		}
	}
}

func canFail(body ast.Body) bool {
	for _, expr := range body {
		if !expr.IsAssignment() && !expr.IsSome() && !expr.Equal(ast.NewExpr(ast.BooleanTerm(true))) {
			return true
		}
	}
	return false
}
