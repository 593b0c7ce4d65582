package postern.policies.secrets.prompts_test

import data.postern.lib.facts_test as facts
import data.postern.policies.secrets.prompts

verdicts_on(origin, config) := verdicts if {
	message := object.union(facts.request, {"findings": [facts.found("secret.jwt", origin)]})
	verdicts := prompts.verdicts with input as message
		with data.config as object.union(data.config, config)
}

said(origin, config) := facts.summarise(verdicts_on(origin, config))

test_an_ordinary_message_passes if {
	every value in ["redact", "flag", "deny"] {
		prompts.verdicts == set() with input as facts.request with data.config.secrets_in_prompts as value
	}
}

test_secrets_are_masked_by_their_codes if {
	every origin in ["user", "tool", "document", "unknown"] {
		verdicts_on(origin, {}) == {{
			"action": "redact",
			"code": "secrets.masked",
			"message": "Credentials in your message were masked.",
			"findings": {"secret.jwt"},
			"parts": {0},
		}}
	}
}

test_operators_and_models_are_left_alone if {
	every origin in ["system", "developer", "assistant"] {
		said(origin, {}) == set()
	}
}

test_a_team_may_deny_or_only_flag if {
	said("user", {"secrets_in_prompts": "deny"}) == {"deny secrets.in_prompt"}
	said("user", {"secrets_in_prompts": "flag"}) == {"flag secrets.in_prompt"}
}

test_a_setting_that_is_none_denies if {
	every value in array.concat(facts.hostile, ["Redact", "allow"]) {
		said("user", {"secrets_in_prompts": value}) == {"deny secrets.in_prompt"}
	}
	found := prompts.verdicts with input as object.union(facts.request, {"findings": [facts.found("secret.jwt", "user")]})
		with data.config as {}
	facts.summarise(found) == {"deny secrets.in_prompt"}
}

test_answers_are_another_policys_business if {
	message := object.union(facts.response, {"findings": [facts.found("secret.jwt", "user")]})
	prompts.verdicts == set() with input as message
}

test_findings_of_no_known_shape_say_nothing_here if {
	every findings in [null, 7, [null, 7, "secret.jwt", {}, {"code": 7, "origin": "user"}]] {
		prompts.verdicts == set() with input as object.union(facts.request, {"findings": findings})
	}
}
