package postern.policies.sanitise.text_test

import data.postern.lib.facts_test as facts
import data.postern.policies.sanitise.text

said_of(message, sanitise) := verdicts if {
	found := text.verdicts with input as message with data.config as object.union(data.config, {"sanitise": sanitise})
	verdicts := facts.summarise(found)
}

with_finding(code, origin) := object.union(facts.request, {"findings": [facts.found(code, origin)]})

all_on := {"trim": true, "normalise": true, "strip_controls": "always", "drop_high_entropy": true}

test_an_ordinary_message_keeps_its_bytes if {
	text.verdicts == set() with input as facts.request
}

test_by_default_what_hides_in_the_text_of_a_user_is_taken_out if {
	found := text.verdicts with input as with_finding("unicode.zero_width", "user")
	found == {{
		"action": "rewrite",
		"code": "sanitise.strip_controls",
		"message": "Your message was cleaned.",
		"rewrite": "strip_controls",
		"origins": ["user"],
	}}
}

test_what_stands_elsewhere_is_left if {
	every origin in ["system", "tool", "document", "assistant"] {
		text.verdicts == set() with input as with_finding("unicode.zero_width", origin)
	}
}

test_all_that_is_asked_for_is_done if {
	said_of(with_finding("entropy.token", "user"), all_on) == {
		"rewrite sanitise.trim",
		"rewrite sanitise.normalise",
		"rewrite sanitise.strip_controls",
		"rewrite sanitise.drop_high_entropy",
	}
}

test_tokens_are_only_dropped_where_some_were_found if {
	said_of(facts.request, {"drop_high_entropy": true}) == set()
	said_of(with_finding("entropy.token", "tool"), {"drop_high_entropy": true}) == set()
}

test_what_is_off_is_off if {
	off := {"trim": false, "normalise": false, "strip_controls": "never", "drop_high_entropy": false}
	every code in ["entropy.token", "unicode.tags"] {
		said_of(with_finding(code, "user"), off) == set()
	}
}

test_answers_are_not_cleaned if {
	message := object.union(facts.response, {"findings": [facts.found("unicode.tags", "user")]})
	said_of(message, all_on) == set()
	said_of(message, {"strip_controls": "found"}) == set()
}

test_findings_of_no_known_shape_say_nothing_here if {
	message := object.union(facts.request, {"findings": [null, 7, {}, {"code": 7, "origin": "user"}]})
	said_of(message, {"strip_controls": "found", "drop_high_entropy": true}) == set()
}

test_without_settings_nothing_is_rewritten if {
	message := with_finding("unicode.zero_width", "user")
	text.verdicts == set() with input as message with data.config as {}
	every sanitise in [null, true, 7, "trim", ["trim"]] {
		text.verdicts == set() with input as message with data.config as {"sanitise": sanitise}
	}
}
