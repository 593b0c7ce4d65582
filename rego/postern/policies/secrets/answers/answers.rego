# METADATA
# title: Secrets in answers
# description: |
#   Credentials in the text of an answer, or in the result of a tool, are masked. In the call of a tool they would be
#   used, so the call is refused.
# scope: package
# custom:
#   id: PST-005
#   severity: critical
#   phases: [response]
#   default_mode: enforce
package postern.policies.secrets.answers

import data.postern.lib.verdict

verdicts contains verdict.redact_in("secrets.masked", "Credentials in the answer were masked.", codes, parts) if {
	input.phase == "response"
	codes := {finding.code | some finding in found_in_text}
	parts := {finding.part | some finding in found_in_text}
	count(codes) > 0
}

verdicts contains verdict.deny("secrets.in_tool_call", "The model tried to pass credentials to a tool.") if {
	input.phase == "response"
	some finding in input.findings
	startswith(finding.code, "secret.")
	not is_in_text(finding)
}

# A list, since to put findings into a set all of their fields are read.
found_in_text := [finding |
	some finding in input.findings
	startswith(finding.code, "secret.")
	is_in_text(finding)
]

is_in_text(finding) if input.parts[finding.part].kind in {"text", "reasoning", "refusal", "tool_result"}
