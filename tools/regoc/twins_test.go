package main

import (
	"encoding/json"
	"os"
	"slices"
	"testing"
)

const twinTests = `package team_test

test_true if input.x == 1 with input as {"x": 1}
test_false := false if data.level == 3
test_undefined if data.level == 4
test_each[name] := value == 1 if some name, value in {"one": 1, "two": 2}
test_conflict := x if some x in [1, 2]
test_clock if later > 3
test_mocked if later > 3 with time.now_ns as 4
later := time.now_ns()
todo_test_later if false
helper if http.send({"method": "get", "url": "x"})
`

func TestTwinsGiveWhatEveryTestSaysAndNameWhatCannotRunInWasm(t *testing.T) {
	file, err := os.ReadFile("../../rego/capabilities.json")
	if err != nil {
		t.Fatal(err)
	}
	capabilities := json.RawMessage(file)
	answer := twins(Request{
		Modules:      []Module{{File: "team_test.rego", Text: twinTests, Test: true}},
		Data:         map[string]any{"level": 3},
		Entrypoint:   "postern/main/result",
		Capabilities: &capabilities,
	})
	if len(answer.Issues) > 0 {
		t.Fatal(answer.Issues)
	}
	want := []string{
		`data.team_test.test_true [true]  null`,
		`data.team_test.test_false [false]  null`,
		`data.team_test.test_undefined []  null`,
		`data.team_test.test_each [{"one":true,"two":false}]  null`,
		`data.team_test.test_conflict [] eval_conflict_error null`,
		`data.team_test.test_clock [true]  ["time.now_ns"]`,
		`data.team_test.test_mocked [true]  ["time.now_ns"]`,
	}
	var got []string
	for _, twin := range answer.Twins {
		values, _ := json.Marshal(twin.Values)
		lacking, _ := json.Marshal(twin.Lacking)
		got = append(got, twin.Name+" "+string(values)+" "+twin.Fault+" "+string(lacking))
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}
