package postern.policies.code.execution_test

import data.postern.lib.facts_test as facts
import data.postern.policies.code.execution

said(message, config) := verdicts if {
	found := execution.verdicts with input as message with data.config as object.union(data.config, config)
	verdicts := facts.summarise(found)
}

offer(tool) := object.union(facts.request, {"tools": [tool]})

call(part) := object.union(facts.response, {"parts": [part]})

test_ordinary_tools_are_offered_and_called if {
	said(facts.request, {}) == set()
	said(facts.response, {}) == set()
	said(offer({"name": "get_weather", "kind": "function"}), {}) == set()
	said(offer({"name": "web_search", "kind": "web_search_20250305"}), {}) == set()
	said(call(facts.called("get_weather")), {}) == set()
}

test_hosted_tools_that_execute_code_are_not_offered if {
	kinds := [
		"apply_patch", "bash_20250124", "code_execution", "code_execution_20250825", "code_interpreter",
		"computer_20250124", "computer_use_preview", "local_shell", "shell", "text_editor_20250728",
	]
	every kind in kinds {
		said(offer({"name": "tool", "kind": kind}), {}) == {"deny code.tool_offered"}
	}
}

test_functions_that_execute_code_are_neither_offered_nor_called if {
	every name in ["exec", "run_shell", "python", "bash", "Bash", "EXECUTE_CODE"] {
		said(offer({"name": name, "kind": "function"}), {}) == {"deny code.tool_offered"}
		said(call(facts.called(name)), {}) == {"deny code.tool_called"}
	}
}

test_a_team_says_what_executes_code if {
	config := {"code_functions": ["launch"], "code_tools": ["rocket"]}
	said(call(facts.called("launch")), config) == {"deny code.tool_called"}
	said(call(facts.called("bash")), config) == set()
	said(offer({"name": "x", "kind": "rocket_2"}), config) == {"deny code.tool_offered"}
	said(offer({"name": "x", "kind": "bash_20250124"}), config) == set()
}

test_everything_is_allowed_where_code_may_be_executed if {
	said(offer({"name": "bash", "kind": "bash_20250124"}), {"allow_code_execution": true}) == set()
	said(call(facts.called("bash")), {"allow_code_execution": true}) == set()
}

test_only_true_allows_code if {
	every value in [null, -1, "", "true", 1, false, [true], {"x": true}] {
		said(call(facts.called("bash")), {"allow_code_execution": value}) == {"deny code.tool_called"}
	}
}

test_without_lists_no_tool_is_known_to_be_harmless if {
	every value in [null, true, 7, "bash", {"a": "bash"}] {
		said(call(facts.called("get_weather")), {"code_functions": value}) == {"deny code.tool_called"}
		said(offer({"name": "x", "kind": "web_search"}), {"code_tools": value}) == {"deny code.tool_offered"}
	}
	verdicts := execution.verdicts with input as call(facts.called("get_weather")) with data.config as {}
	count(verdicts) == 1
}

test_a_tool_without_a_name_or_a_kind_is_not_harmless if {
	every tool in [null, 7, "function", [], {}, {"kind": "function"}, {"name": "x"}, {"kind": 7, "name": "x"}] {
		said(offer(tool), {}) == {"deny code.tool_offered"}
	}
	said(call(object.remove(facts.called("x"), ["name"])), {}) == {"deny code.tool_called"}
	said(call(facts.called(null)), {}) == {"deny code.tool_called"}
}

test_only_requests_offer_and_only_answers_call if {
	said(object.union(facts.request, {"parts": [facts.called("bash")]}), {}) == set()
	said(object.union(facts.response, {"tools": [{"name": "bash", "kind": "function"}]}), {}) == set()
}
