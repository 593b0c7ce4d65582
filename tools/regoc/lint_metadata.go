package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
	"github.com/open-policy-agent/opa/v1/ast"
)

var customKeys = []string{"default_mode", "id", "phases", "reach", "severity"}

// metadata looks at what a policy says of itself: people and programs find it by that.
func (run *linting) metadata(module *lintModule) {
	notes := annotationsOf(module.tree)
	if notes != nil {
		run.customKeys(notes)
	}
	if module.Test || module.policy == "" || notes == nil && run.isNotedElsewhere(module) {
		return
	}
	if notes == nil {
		run.find("metadata-missing", module.tree.Package.Location, "the package has no METADATA")
		return
	}
	var missing []string
	if notes.Title == "" {
		missing = append(missing, "title")
	}
	if notes.Description == "" {
		missing = append(missing, "description")
	}
	for _, key := range []string{"severity", "phases", "default_mode"} {
		if notes.Custom[key] == nil {
			missing = append(missing, "custom."+key)
		}
	}
	if len(missing) > 0 {
		run.find("metadata-missing", notes.Location, "METADATA has no "+strings.Join(missing, ", "))
	}
}

func annotationsOf(module *ast.Module) *ast.Annotations {
	for _, notes := range module.Annotations {
		if notes.Scope == "package" {
			return notes
		}
	}
	return nil
}

func (run *linting) isNotedElsewhere(module *lintModule) bool {
	return slices.ContainsFunc(run.modules, func(other *lintModule) bool {
		return other.policy == module.policy && annotationsOf(other.tree) != nil
	})
}

// customKeys finds slips. A key that is like none of ours is the team's own.
func (run *linting) customKeys(notes *ast.Annotations) {
	for key := range notes.Custom {
		if slices.Contains(customKeys, key) {
			continue
		}
		if meant := nearest(key, customKeys); meant != "" {
			run.find("metadata-key", notes.Location, fmt.Sprintf("METADATA: custom.%s is not read by anything; did you mean %s?", key, meant))
		}
	}
}

// nearest gives the name that was meant, or none where that would be a guess.
func nearest(word string, known []string) string {
	plain := strings.ReplaceAll(strings.ToLower(word), "-", "_")
	for _, name := range known {
		isPart := len(plain) > 2 && (strings.HasSuffix(name, "_"+plain) || strings.HasPrefix(name, plain))
		if isPart || levenshtein.ComputeDistance(plain, name) <= min(2, len(name)/3) {
			return name
		}
	}
	return ""
}

// uniqueIDs finds policies that cannot be told apart by their custom.id.
func (run *linting) uniqueIDs() {
	first := map[string]*lintModule{}
	for _, module := range run.modules {
		notes := annotationsOf(module.tree)
		if notes == nil || notes.Custom["id"] == nil {
			continue
		}
		id := fmt.Sprint(notes.Custom["id"])
		if other := first[id]; other != nil && other.policy != module.policy {
			run.find("duplicate-id", notes.Location, fmt.Sprintf("%s is the id of %s too", id, other.policy))
		} else if other == nil {
			first[id] = module
		}
	}
}
