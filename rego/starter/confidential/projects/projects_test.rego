package postern.policies.confidential.projects_test

import data.postern.policies.confidential.projects

asking(model, code) := {
	"phase": "request",
	"model": model,
	"findings": [{"code": code, "origin": "user", "part": 0}],
}

codes(message, config) := {verdict.code |
	some verdict in projects.verdicts with input as message with data.config as config
}

trusting(models) := {"confidential": {"models": models}}

denied := {"confidential.project"}

test_a_name_is_not_sent_to_a_model_that_is_not_trusted if {
	codes(asking("gpt-5", "confidential.falcon"), trusting(["in-house"])) == denied
}

test_a_name_is_sent_to_a_model_that_is_trusted if {
	codes(asking("in-house", "confidential.falcon"), trusting(["in-house"])) == set()
}

test_other_findings_are_none_of_its_business if {
	codes(asking("gpt-5", "secret.jwt"), trusting([])) == set()
}

test_answers_are_not_judged if {
	answer := object.union(asking("gpt-5", "confidential.falcon"), {"phase": "response"})
	codes(answer, trusting([])) == set()
}

# What is missing, or of the wrong type, must never permit.
test_without_a_list_no_model_is_trusted if {
	every config in [{}, {"confidential": null}, trusting("in-house"), trusting({"in-house": true})] {
		codes(asking("in-house", "confidential.falcon"), config) == denied
	}
}

test_a_message_without_a_model_is_denied if {
	message := object.remove(asking("", "confidential.falcon"), ["model"])
	codes(message, trusting(["in-house"])) == denied
}
