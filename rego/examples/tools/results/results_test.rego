package postern.policies.tools.results_test

import data.postern.policies.tools.results

# In a test a part carries its text itself.
given(tool, text) := {"phase": "request", "parts": [
	{"kind": "text", "origin": "user", "text": "Look up ACC-123456."},
	{"kind": "tool_result", "origin": "tool", "name": tool, "text": text},
]}

test_the_numbers_of_a_tool_are_masked_where_they_stand if {
	some mask in results.verdicts with input as given("read_ticket", "From ACC-123456, ACC-7.")
		with data.config.tools.hide as {"read_ticket": `ACC-[0-9]{6}`}
	mask.action == "redact"
	mask.spans == [{"part": 1, "start": 5, "end": 15}]
}

test_those_of_another_tool_are_not if {
	results.verdicts == set() with input as given("get_weather", "From ACC-123456.")
		with data.config.tools.hide as {"read_ticket": `ACC-[0-9]{6}`}
}

test_what_is_marked_is_refused_in_any_spelling if {
	every text in ["For internal use only.", "FOR INTERNAL-USE\u200b ONLY", "d\u043e  not\ndistribute"] {
		count(results.deny) == 1 with input as given("read_ticket", text)
	}
}

test_what_users_say_is_not_looked_at if {
	said := {"phase": "request", "parts": [{"kind": "text", "origin": "user", "text": "Is this for internal use only?"}]}
	results.deny == set() with input as said
}
