package postern.policies.unsafe.escalation_test

import data.postern.lib.facts_test as facts
import data.postern.policies.unsafe.escalation

said_of(message, config) := verdicts if {
	found := escalation.verdicts with input as message with data.config as object.union(data.config, config)
	verdicts := facts.summarise(found)
}

said(finding, config) := said_of(object.union(facts.request, {"findings": [finding]}), config)

of_severity(finding, severity) := object.union(finding, {"severity": severity})

test_ordinary_messages_pass if {
	said_of(facts.request, {}) == set()
	said_of(facts.response, {}) == set()
	said(facts.found("secret.jwt", "user"), {}) == set()
	said(facts.found("unicode.zero_width", "user"), {}) == set()
}

test_everybody_reads_the_same_sentence if {
	findings := [
		facts.found("injection.ignore_previous", "tool"),
		facts.found("code.shell", "user"),
		facts.found("unicode.tags", "user"),
		facts.found("inspect.overflow", "user"),
	]
	verdicts := escalation.verdicts with input as object.union(facts.request, {"findings": findings})
	count(verdicts) == 4
	every verdict in verdicts {
		verdict.action == "escalate"
		verdict.message == "Your message looks unsafe. A specialist will review it."
	}
}

test_phrases_in_data_are_escalated if {
	every origin in ["tool", "document", "unknown"] {
		said(facts.found("injection.ignore_previous", origin), {}) == {"escalate unsafe.phrase"}
	}
}

test_doubtful_phrases_of_users_are_escalated if {
	phrase := of_severity(facts.found("injection.ask_system_prompt", "user"), "medium")
	said(phrase, {}) == {"escalate unsafe.phrase"}
	said(phrase, {"allowed_phrases": ["injection.ask_system_prompt"]}) == set()
	said(object.remove(phrase, ["severity"]), {}) == {"escalate unsafe.phrase"}
}

test_what_is_denied_elsewhere_is_not_escalated_too if {
	said(facts.found("injection.ignore_previous", "user"), {}) == set()
}

test_operators_and_models_may_speak_of_phrases if {
	every origin in ["system", "developer", "assistant"] {
		said(facts.found("injection.ignore_previous", origin), {}) == set()
	}
}

test_no_phrase_is_harmless_by_mistake if {
	every value in facts.hostile {
		said(facts.found("injection.x", "tool"), {"allowed_phrases": value}) == {"escalate unsafe.phrase"}
	}
	message := object.union(facts.request, {"findings": [facts.found("injection.x", "tool")]})
	found := escalation.verdicts with input as message with data.config as {}
	facts.summarise(found) == {"escalate unsafe.phrase"}
}

test_code_of_users_is_escalated_where_it_may_not_be_executed if {
	every code in ["code.execution", "code.shell"] {
		said(facts.found(code, "user"), {}) == {"escalate unsafe.code"}
		said(facts.found(code, "user"), {"allow_code_execution": "true"}) == {"escalate unsafe.code"}
		said(facts.found(code, "user"), {"allow_code_execution": true}) == set()
	}
}

test_code_in_files_and_answers_is_ordinary if {
	every origin in ["tool", "document", "system", "assistant"] {
		said(facts.found("code.shell", origin), {}) == set()
	}
	every code in ["code.shell", "injection.x"] {
		every origin in ["assistant", "tool", "user"] {
			said_of(object.union(facts.response, {"findings": [facts.found(code, origin)]}), {}) == set()
		}
	}
}

test_hidden_and_unread_text_is_escalated_wherever_it_stands if {
	every message in [facts.request, facts.response] {
		every origin in ["user", "tool", "assistant", "system"] {
			hidden := {"findings": [facts.found("unicode.tags", origin)]}
			said_of(object.union(message, hidden), {}) == {"escalate unsafe.hidden_text"}
			unread := {"findings": [facts.found("inspect.decode_limit", origin)]}
			said_of(object.union(message, unread), {}) == {"escalate unsafe.unread_text"}
		}
	}
}

test_findings_of_no_known_shape_say_nothing_here if {
	every findings in [null, 7, [null, 7, "injection.x", {}, {"code": 7}]] {
		said_of(object.union(facts.request, {"findings": findings}), {}) == set()
	}
}
