# METADATA
# title: Escalation of what looks unsafe
# description: |
#   What is suspicious and proves nothing goes to a specialist: phrases of prompt injection in data or of medium
#   severity, requests to execute code where that is not allowed, text that is hidden from readers, and text that was
#   not read to its end.
# scope: package
# custom:
#   id: PST-008
#   severity: high
#   phases: [request, response]
#   default_mode: enforce
package postern.policies.unsafe.escalation

import data.postern.lib.signal
import data.postern.lib.verdict

verdicts contains verdict.escalate("unsafe.phrase") if {
	input.phase == "request"
	some finding in input.findings
	signal.is_phrase(finding, harmless)
	not signal.is_attack(finding, harmless)
}

verdicts contains verdict.escalate("unsafe.code") if {
	input.phase == "request"
	not data.config.allow_code_execution == true
	some finding in input.findings
	startswith(finding.code, "code.")
	finding.origin == "user"
}

verdicts contains verdict.escalate("unsafe.hidden_text") if {
	some finding in input.findings
	finding.code == "unicode.tags"
}

verdicts contains verdict.escalate("unsafe.unread_text") if {
	some finding in input.findings
	startswith(finding.code, "inspect.")
}

default harmless := []

harmless := data.config.allowed_phrases
