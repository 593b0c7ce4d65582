package postern.policies.limits.output_test

import data.postern.lib.facts_test as facts
import data.postern.policies.limits.output

said(asked, ceilings) := verdicts if {
	found := output.verdicts with input as object.union(facts.request, {"limits": asked})
		with data.config as object.union(object.remove(data.config, ["limits"]), {"limits": ceilings})
	verdicts := facts.summarise(found)
}

exceeded := {"deny limits.exceeded"}

test_a_request_that_asks_for_nothing_passes if {
	said({}, {"n": 1}) == set()
}

test_a_request_may_ask_for_as_much_as_the_ceiling if {
	said({"max_output_tokens": 100, "n": 1}, {"max_output_tokens": 100, "n": 1}) == set()
	said({"max_output_tokens": 101, "n": 1}, {"max_output_tokens": 100, "n": 1}) == exceeded
	said({"max_output_tokens": 100, "n": 2}, {"max_output_tokens": 100, "n": 1}) == exceeded
}

test_what_has_no_ceiling_is_free if {
	said({"top_logprobs": 20}, {"n": 1}) == set()
	said({"n": 99}, {}) == set()
}

test_what_is_no_number_exceeds_every_ceiling if {
	every asked in [null, true, "1", [], {}] {
		said({"n": asked}, {"n": 1}) == exceeded
	}
}

test_a_ceiling_that_is_none_is_the_lowest if {
	every ceiling in [null, true, "99", [99], {"x": 99}] {
		said({"n": 1}, {"n": ceiling}) == exceeded
	}
	every ceilings in [null, true, 99, "99", [99]] {
		said({"n": 1}, ceilings) == exceeded
	}
	found := output.verdicts with input as object.union(facts.request, {"limits": {"n": 1}}) with data.config as {}
	facts.summarise(found) == exceeded
}

test_answers_ask_for_nothing if {
	output.verdicts == set() with input as object.union(facts.response, {"limits": {"n": 9999}})
}
