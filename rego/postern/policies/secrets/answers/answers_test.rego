package postern.policies.secrets.answers_test

import data.postern.lib.facts_test as facts
import data.postern.policies.secrets.answers

verdicts_on(findings, parts) := verdicts if {
	verdicts := answers.verdicts with input as object.union(facts.response, {"findings": findings, "parts": parts})
}

said(findings, parts) := facts.summarise(verdicts_on(findings, parts))

jwt := facts.found("secret.jwt", "assistant")

test_an_ordinary_answer_passes if {
	said([], [facts.said("assistant", 9)]) == set()
	said([facts.found("code.shell", "assistant")], [facts.said("assistant", 9)]) == set()
}

test_secrets_in_text_are_masked_by_their_codes if {
	findings := [jwt, jwt, facts.found("secret.password", "assistant"), facts.found("code.shell", "assistant")]
	some mask in verdicts_on(findings, [facts.said("assistant", 9)])
	mask.action == "redact"
	mask.findings == {"secret.jwt", "secret.password"}
	mask.parts == {0}
}

test_secrets_in_thoughts_and_refusals_are_masked_too if {
	every kind in ["reasoning", "refusal", "tool_result"] {
		said([jwt], [object.union(facts.said("assistant", 9), {"kind": kind})]) == {"redact secrets.masked"}
	}
}

test_only_the_parts_with_a_secret_in_text_are_meant if {
	findings := [object.union(jwt, {"part": 0}), object.union(jwt, {"part": 2})]
	some mask in verdicts_on(findings, [facts.called("fetch"), facts.said("assistant", 9), facts.said("assistant", 9)])
	mask.parts == {2}
}

test_a_secret_in_a_tool_call_is_denied if {
	said([jwt], [facts.called("fetch")]) == {"deny secrets.in_tool_call"}
}

test_both_are_said_of_an_answer_with_both if {
	findings := [jwt, object.union(jwt, {"part": 1})]
	said(findings, [facts.said("assistant", 9), facts.called("fetch")]) == {
		"redact secrets.masked",
		"deny secrets.in_tool_call",
	}
}

test_a_secret_that_stands_nowhere_known_is_denied if {
	every part in [null, "0", 7, -1, [0]] {
		said([object.union(jwt, {"part": part})], [facts.said("assistant", 9)]) == {"deny secrets.in_tool_call"}
	}
	said([object.remove(jwt, ["part"])], [facts.said("assistant", 9)]) == {"deny secrets.in_tool_call"}
	said([jwt], null) == {"deny secrets.in_tool_call"}
	said([jwt], [object.union(facts.said("assistant", 9), {"kind": 7})]) == {"deny secrets.in_tool_call"}
}

test_requests_are_another_policys_business if {
	every part in [facts.said("user", 9), facts.called("fetch")] {
		answers.verdicts == set() with input as object.union(facts.request, {"findings": [jwt], "parts": [part]})
	}
}

test_findings_of_no_known_shape_say_nothing_here if {
	said([null, 7, "secret.jwt", {}, {"code": 7}], [facts.said("assistant", 9)]) == set()
	said(null, []) == set()
}
