// Command conformance makes the cases that OPA tests itself by into something that a host of its WASM can be asked:
// modules of many cases each, and a list of what is asked of them and expected. It needs no network, and no file but
// the capabilities.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/version"
)

// Suite is what is written, beside the modules.
type Suite struct {
	Version string  `json:"version"`
	Groups  []Group `json:"groups"`
	// Refused are cases that do not get as far as a module.
	Refused []Refused `json:"refused"`
	// Capabilities are everything that OPA has, without what people read.
	Capabilities *ast.Capabilities `json:"capabilities"`
}

func main() {
	out := flag.String("out", "", "the directory that is written to")
	file := flag.String("capabilities", "", "what policies are offered")
	flag.Parse()
	if err := run(*out, *file); err != nil {
		fmt.Fprintln(os.Stderr, "conformance:", err)
		os.Exit(1)
	}
}

func run(out, file string) error {
	capabilities, err := ast.LoadCapabilitiesFile(file)
	if err != nil {
		return err
	}
	cases, err := readCases()
	if err != nil {
		return err
	}
	groups, refused, err := compileCases(cases, capabilities)
	if err != nil {
		return err
	}
	return write(out, Suite{version.Version, groups, refused, allCapabilities()})
}

func allCapabilities() *ast.Capabilities {
	all := ast.CapabilitiesForThisVersion()
	for index, builtin := range all.Builtins {
		all.Builtins[index] = builtin.Minimal()
	}
	return all
}

func write(out string, suite Suite) error {
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	for _, group := range suite.Groups {
		if err := os.WriteFile(filepath.Join(out, group.Module), group.wasm, 0o644); err != nil {
			return err
		}
	}
	text, err := json.Marshal(suite)
	if err != nil {
		return err
	}
	// Last, so that what is there is whole.
	return os.WriteFile(filepath.Join(out, "suite.json"), text, 0o644)
}
