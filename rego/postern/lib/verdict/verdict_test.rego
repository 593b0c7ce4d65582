package postern.lib.verdict_test

import data.postern.lib.verdict

test_a_plain_verdict_says_what_why_and_for_whom if {
	verdict.deny("a.b", "No.") == {"action": "deny", "code": "a.b", "message": "No."}
	verdict.flag("a.b", "Hm.") == {"action": "flag", "code": "a.b", "message": "Hm."}
}

test_everybody_who_is_escalated_reads_the_same_sentence if {
	verdict.escalate("a.b") == {
		"action": "escalate",
		"code": "a.b",
		"message": "Your message looks unsafe. A specialist will review it.",
	}
}

test_a_redaction_names_the_codes_of_findings if {
	redaction := verdict.redact("a.b", "Masked.", ["secret.jwt"])
	redaction == {"action": "redact", "code": "a.b", "message": "Masked.", "findings": ["secret.jwt"]}
}

test_a_redaction_may_name_the_parts_it_means if {
	redaction := verdict.redact_in("a.b", "Masked.", ["secret.jwt"], [0, 2])
	redaction == {
		"action": "redact",
		"code": "a.b",
		"message": "Masked.",
		"findings": ["secret.jwt"],
		"parts": [0, 2],
	}
}

test_a_redaction_by_spans_names_no_findings if {
	redaction := verdict.redact_spans("a.b", "Masked.", [{"part": 0, "start": 3, "end": 7}])
	redaction == {
		"action": "redact",
		"code": "a.b",
		"message": "Masked.",
		"spans": [{"part": 0, "start": 3, "end": 7}],
	}
}

test_rewrites_touch_the_text_of_users_only if {
	every rewrite in [verdict.rewrite("a.b", "Trimmed.", "trim"), verdict.truncate("a.b", "Cut.", 10)] {
		rewrite.action == "rewrite"
		rewrite.origins == ["user"]
	}
}

test_a_truncation_has_a_limit if {
	cut := verdict.truncate("a.b", "Cut.", 10)
	cut.rewrite == "truncate"
	cut.limit == 10
}

test_a_pinned_instruction_carries_its_text if {
	pin := verdict.pin_system("a.b", "Pinned.", "Be kind.")
	pin.action == "rewrite"
	pin.rewrite == "pin_system"
	pin.text == "Be kind."
}
