package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/topdown"
)

// What the host shows of an input, said anew: what is read, and of a part that is read whole its handle too.

func shown(given any, paths []string, n *node) any {
	if slices.Contains(paths, "*") || n == nil || n.kind == leaf {
		return withoutNumbers(given)
	}
	switch found := given.(type) {
	case []any:
		items := []any{}
		for _, item := range found {
			items = append(items, shown(item, paths, n.items))
		}
		return items
	case map[string]any:
		fields := map[string]any{}
		for name, field := range found {
			if rest, isRead := cutFirst(paths, name); isRead {
				fields[name] = shown(field, rest, n.fields[name])
			}
		}
		return fields
	}
	return given
}

func cutFirst(paths []string, name string) (rest []string, isRead bool) {
	for _, path := range paths {
		if path == name {
			isRead = true
		} else if below, isBelow := strings.CutPrefix(path, name+"."); isBelow {
			isRead, rest = true, append(rest, below)
		}
	}
	return rest, isRead
}

func withoutNumbers(given any) any {
	switch found := given.(type) {
	case []any:
		items := []any{}
		for _, item := range found {
			items = append(items, withoutNumbers(item))
		}
		return items
	case map[string]any:
		fields := map[string]any{}
		for name, field := range found {
			if name != "@id" {
				fields[name] = withoutNumbers(field)
			}
		}
		return fields
	}
	return given
}

// say gives what a policy says to an input, or the code of what went wrong.
func say(t *testing.T, asked rego.PreparedEvalQuery, input any) string {
	t.Helper()
	results, err := asked.Eval(context.Background(), rego.EvalInput(input))
	if fault, isFault := err.(*topdown.Error); isFault {
		return fault.Code
	}
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(results[0].Bindings["x"])
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// prepared gives no query for what the type checker refuses: nobody is ever asked that.
func prepared(t *testing.T, policy string) (rego.PreparedEvalQuery, bool) {
	t.Helper()
	asked, err := rego.New(
		rego.Query("x = data.postern.policies.a.b.deny"),
		rego.Module("lib.rego", library),
		rego.Module("p.rego", policy),
		rego.Store(inmem.NewFromObject(fromJSON(t, twinData).(map[string]any))),
	).PrepareForEval(context.Background())
	if err != nil && !strings.Contains(err.Error(), ast.TypeErr) {
		t.Fatal(err, policy)
	}
	return asked, err == nil
}

// disagreement is empty when a policy says to every input the same by what it reads as by everything.
func disagreement(t *testing.T, policy string) string {
	t.Helper()
	known, err := shapeOf(json.RawMessage(fieldsSchema))
	if err != nil {
		t.Fatal(err)
	}
	asked, isTyped := prepared(t, policy)
	if !isTyped {
		return ""
	}
	reads := analyse(t, policy)
	for _, input := range inputs(t) {
		paths := reads.Request
		if input.(map[string]any)["phase"] == "response" {
			paths = reads.Response
		}
		all, some := say(t, asked, withoutNumbers(input)), say(t, asked, shown(input, paths, known.root))
		if all != some {
			return fmt.Sprintf("by everything %s, by %v %s", all, paths, some)
		}
	}
	return ""
}

func fromJSON(t *testing.T, text string) any {
	t.Helper()
	var found any
	if err := json.Unmarshal([]byte(text), &found); err != nil {
		t.Fatal(err)
	}
	return found
}
