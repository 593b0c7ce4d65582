package postern.policies.tools.pinned_test

import data.postern.lib.facts_test as facts
import data.postern.policies.tools.pinned

tool := {"name": "send", "kind": "function", "server": "", "sha256": "aa", "whole_sha256": "bb"}

listed := object.union(tool, {"server": "mail"})

said(base, tools, pins) := facts.summarise(verdicts) if {
	verdicts := pinned.verdicts with input as object.union(base, {"tools": tools, "tools_sha256": "cc"})
		with data.config as object.union(object.remove(data.config, ["tool_pins"]), {"tool_pins": pins})
}

denied := {"deny tools.not_pinned"}

test_without_pins_every_tool_passes if {
	every base in [facts.request, facts.response] {
		said(base, [tool, listed], {}) == set()
		said(base, [tool], {"mail": {"tools": {}}}) == set()
	}
}

test_a_tool_that_was_approved_passes if {
	every hash in ["aa", "bb"] {
		said(facts.request, [tool], {"openai": {"tools": {"send": hash}}}) == set()
		said(facts.response, [listed], {"mail": {"tools": {"send": [hash]}}}) == set()
	}
}

test_one_that_was_changed_renamed_or_added_is_denied if {
	pins := {"openai": {"tools": {"send": "aa"}}}
	every other in [
		object.union(tool, {"sha256": "00", "whole_sha256": "11"}),
		object.union(tool, {"name": "sent"}),
		object.union(tool, {"name": "read", "sha256": "dd", "whole_sha256": "ee"}),
	] {
		said(facts.request, [tool, other], pins) == denied
		said(facts.response, [tool, other], pins) == denied
	}
}

test_a_server_is_pinned_by_its_label if {
	pins := {"mail": {"tools": {"send": "00"}}}
	said(facts.request, [tool], pins) == set()
	said(facts.request, [listed], pins) == denied
}

test_a_list_that_is_not_the_approved_one_is_denied if {
	pins := {"tools": {"send": "aa"}}
	said(facts.request, [tool], {"openai": object.union(pins, {"set": "cc"})}) == set()
	said(facts.request, [tool], {"openai": object.union(pins, {"set": ["dd"]})}) == {"deny tools.set_not_pinned"}
	said(facts.request, [], {"openai": object.union(pins, {"set": ["dd"]})}) == set()
}

test_pins_that_are_none_let_no_tool_pass if {
	every pins in [null, true, 7, "aa", ["aa"], {"openai": null}, {"openai": "aa"}, {"openai": {}}] {
		"deny tools.not_pinned" in said(facts.request, [tool], pins)
	}
	found := pinned.verdicts with input as object.union(facts.request, {"tools": [tool]}) with data.config as {}
	facts.summarise(found) == {"deny tools.not_pinned", "deny tools.set_not_pinned"}
}

test_a_tool_of_nobody_is_not_pinned if {
	base := object.remove(facts.request, ["upstream"])
	said(base, [tool], {}) == {"deny tools.not_pinned", "deny tools.set_not_pinned"}
	said(facts.request, [object.remove(tool, ["server"])], {}) == denied
	said(facts.request, [object.union(tool, {"server": 7})], {}) == denied
}
