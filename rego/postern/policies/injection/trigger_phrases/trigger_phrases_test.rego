package postern.policies.injection.trigger_phrases_test

import data.postern.lib.facts_test as facts
import data.postern.policies.injection.trigger_phrases

said(changes, config) := verdicts if {
	found := trigger_phrases.verdicts with input as object.union(facts.request, changes)
		with data.config as object.union(data.config, config)
	verdicts := facts.summarise(found)
}

phrase(changes) := {"findings": [object.union(facts.found("injection.ignore_previous", "user"), changes)]}

test_an_ordinary_message_passes if said({}, {}) == set()

test_a_trigger_phrase_of_a_user_is_denied if {
	said(phrase({}), {}) == {"deny injection.trigger_phrase"}
	said(phrase({"severity": "critical"}), {}) == {"deny injection.trigger_phrase"}
	said(phrase({"code": "injection.a_phrase_of_a_team"}), {}) == {"deny injection.trigger_phrase"}
}

test_doubtful_phrases_are_left_to_escalation if {
	said(phrase({"severity": "medium"}), {}) == set()
	said(phrase({"origin": "tool"}), {}) == set()
	said(phrase({"origin": "document"}), {}) == set()
}

test_operators_and_models_may_speak_of_phrases if {
	every origin in ["system", "developer", "assistant"] {
		said(phrase({"origin": origin}), {}) == set()
	}
}

test_a_phrase_that_is_harmless_here_passes if {
	said(phrase({}), {"allowed_phrases": ["injection.ignore_previous"]}) == set()
	said(phrase({}), {"allowed_phrases": ["injection.openai_api_key"]}) == {"deny injection.trigger_phrase"}
}

test_no_phrase_is_harmless_by_mistake if {
	every value in array.concat(facts.hostile, ["injection.ignore_previous"]) {
		said(phrase({}), {"allowed_phrases": value}) == {"deny injection.trigger_phrase"}
	}
	verdicts := trigger_phrases.verdicts with input as object.union(facts.request, phrase({})) with data.config as {}
	count(verdicts) == 1
}

test_answers_are_none_of_its_business if {
	trigger_phrases.verdicts == set() with input as object.union(facts.response, phrase({}))
}

test_findings_of_no_known_shape_say_nothing_here if {
	every findings in [null, 7, "injection.x", [null, 7, "injection.x", {}, {"code": 7}], {"a": {"code": null}}] {
		said({"findings": findings}, {}) == set()
	}
}
