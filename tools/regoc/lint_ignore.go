package main

import (
	"regexp"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

var ignoreComment = regexp.MustCompile(`^\s*postern:ignore\b\s*(\S*)\s*(.*?)\s*$`)

// ignores takes out what comments ask to be taken out, and finds comments that do nothing or give no reason.
func (run *linting) ignores() {
	for _, module := range run.modules {
		for _, comment := range module.tree.Comments {
			words := ignoreComment.FindStringSubmatch(string(comment.Text))
			if words == nil {
				continue
			}
			if problem := run.ignore(comment.Location, words[1], words[2]); problem != "" {
				run.find("ignore", comment.Location, problem)
			}
		}
	}
}

func (run *linting) ignore(place *ast.Location, rule, reason string) string {
	names := make([]string, 0, len(lintRules))
	for _, each := range lintRules {
		names = append(names, each.ID)
	}
	switch {
	case rule == "":
		return "it names no rule"
	case !slices.Contains(names, rule):
		if meant := nearest(rule, names); meant != "" {
			return "there is no rule " + rule + "; did you mean " + meant + "?"
		}
		return "there is no rule " + rule
	case reason == "":
		return "it gives no reason"
	}
	before, last := len(run.found), run.lastRow(place)
	run.found = slices.DeleteFunc(run.found, func(issue Issue) bool {
		return issue.Code == rule && issue.File == place.File && issue.Row >= place.Row && issue.Row <= last
	})
	if len(run.found) == before {
		return "there is nothing to ignore"
	}
	return ""
}

// lastRow is the comment's own row behind code, and the next row that is no comment otherwise.
func (run *linting) lastRow(place *ast.Location) int {
	lines := strings.Split(run.moduleOf(place.File).Text, "\n")
	row := place.Row
	for row < len(lines) && strings.HasPrefix(strings.TrimSpace(lines[row-1]), "#") {
		row++
	}
	return row
}
