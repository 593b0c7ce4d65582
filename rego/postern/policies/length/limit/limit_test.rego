package postern.policies.length.limit_test

import data.postern.lib.facts_test as facts
import data.postern.policies.length.limit

verdicts_on(parts, config) := verdicts if {
	verdicts := limit.verdicts with input as object.union(facts.request, {"parts": parts})
		with data.config as object.union(data.config, config)
}

said(parts, config) := facts.summarise(verdicts_on(parts, config))

in_turn(part, turn) := object.union(part, {"turn": turn})

test_a_turn_may_be_as_long_as_the_limit if {
	said([facts.said("user", 1000)], {"max_user_length": 1000}) == set()
	said([], {"max_user_length": 0}) == set()
}

test_one_character_more_is_denied if {
	said([facts.said("user", 1001)], {"max_user_length": 1000}) == {"deny length.user_too_long"}
}

test_long_answers_of_the_past_do_not_make_a_turn_long if {
	parts := [facts.said("user", 600), in_turn(facts.said("assistant", 5000), 1), in_turn(facts.said("user", 600), 2)]
	said(parts, {"max_user_length": 1000}) == set()
}

test_the_texts_of_a_turn_count_together if {
	parts := [facts.said("user", 600), facts.said("user", 600)]
	said(parts, {"max_user_length": 1000}) == {"deny length.user_too_long"}
}

test_turns_count_each_for_itself if {
	parts := [in_turn(facts.said("user", 600), turn) | some turn in numbers.range(0, 9)]
	said(parts, {"max_user_length": 1000}) == set()
}

test_turns_of_many_texts_count_each_for_itself if {
	parts := [facts.said("user", 400), facts.said("user", 600), in_turn(facts.said("user", 600), 2)]
	said(parts, {"max_user_length": 1000}) == set()
	said(parts, {"max_user_length": 999}) == {"deny length.user_too_long"}
}

test_one_long_text_among_short_ones_is_no_more_than_it_is if {
	parts := [facts.said("user", 900), facts.said("user", 50), facts.said("user", 50)]
	said(parts, {"max_user_length": 1000, "max_total_length": 1000}) == set()
	said(parts, {"max_user_length": 1000, "max_total_length": 999}) == {"deny length.total_too_long"}
}

test_a_long_turn_is_found_among_short_ones if {
	parts := [facts.said("user", 10), in_turn(facts.said("user", 1001), 2), in_turn(facts.said("user", 10), 4)]
	said(parts, {"max_user_length": 1000}) == {"deny length.user_too_long"}
}

test_a_turn_of_nobody_known_is_a_users if {
	said([facts.said("unknown", 1001)], {"max_user_length": 1000}) == {"deny length.user_too_long"}
	said([object.remove(facts.said("user", 1001), ["turn"])], {"max_user_length": 1000}) != set()
}

test_settings_and_schemas_are_no_turns if {
	every origin in ["user", "unknown"] {
		parts := [in_turn(facts.said(origin, 1001), -1)]
		said(parts, {"max_user_length": 1000}) == set()
		said(parts, {"max_user_length": 1000, "on_too_long": "truncate"}) == set()
	}
}

test_others_may_say_more_than_users if {
	every origin in ["system", "developer", "assistant", "tool", "document"] {
		said([facts.said(origin, 1001)], {"max_user_length": 1000}) == set()
	}
}

test_everything_counts_towards_the_whole if {
	parts := [facts.said(origin, 100) | some origin in ["system", "tool", "document", "assistant", "unknown", "user"]]
	said(parts, {"max_total_length": 600}) == set()
	said(parts, {"max_total_length": 599}) == {"deny length.total_too_long"}
}

test_a_long_text_is_cut_where_that_is_asked_for if {
	config := {"max_user_length": 1000, "on_too_long": "truncate"}
	verdicts_on([facts.said("user", 1001)], config) == {{
		"action": "rewrite",
		"code": "length.truncated",
		"message": "Your message was cut.",
		"rewrite": "truncate",
		"origins": ["user"],
		"limit": 1000,
	}}
}

test_what_no_cut_can_shorten_is_denied if {
	config := {"max_user_length": 1000, "on_too_long": "truncate"}
	said([facts.said("user", 600), facts.said("user", 600)], config) == {"deny length.user_too_long"}
	said([facts.said("unknown", 1001)], config) == {"deny length.user_too_long"}
	said([object.union(facts.said("user", 1001), {"kind": "media"})], config) == {"deny length.user_too_long"}
}

test_a_cut_does_not_help_against_the_whole if {
	config := {"max_user_length": 1000, "max_total_length": 1000, "on_too_long": "truncate"}
	"deny length.total_too_long" in said([facts.said("user", 1001)], config)
}

test_answers_may_be_long if {
	every origin in ["assistant", "user"] {
		every action in ["deny", "truncate"] {
			limit.verdicts == set() with input as object.union(facts.response, {"parts": [facts.said(origin, 9000000)]})
				with data.config.on_too_long as action
		}
	}
}

test_a_limit_that_is_none_lets_nothing_pass if {
	every value in facts.hostile {
		"deny length.user_too_long" in said([facts.said("user", 1)], {"max_user_length": value})
		said([facts.said("user", 1)], {"max_user_length": value, "on_too_long": "truncate"}) == {"deny length.user_too_long"}
		"deny length.total_too_long" in said([facts.said("user", 1)], {"max_total_length": value})
		said([facts.said("user", 1001)], {"max_user_length": 1000, "on_too_long": value}) == {"deny length.user_too_long"}
	}
}

test_a_missing_limit_lets_nothing_pass if {
	verdicts := limit.verdicts with input as facts.request with data.config as {}
	facts.summarise(verdicts) == {"deny length.user_too_long", "deny length.total_too_long"}
}

test_texts_that_cannot_be_measured_are_too_long if {
	every chars in [null, true, "", "x", [], {}] {
		"deny length.total_too_long" in said([object.union(facts.said("user", 1), {"chars": chars})], {})
	}
	"deny length.total_too_long" in said([object.remove(facts.said("user", 1), ["chars"])], {})
	every chars in [null, true, "", "x", [], {}] {
		parts := [facts.said("user", 600), in_turn(object.union(facts.said("user", 1), {"chars": chars}), 2)]
		"deny length.user_too_long" in said(parts, {"max_user_length": 600})
		"deny length.user_too_long" in said(parts, {"max_user_length": 1000})
	}
	every parts in [null, true, 7] {
		"deny length.total_too_long" in said(parts, {})
	}
}
