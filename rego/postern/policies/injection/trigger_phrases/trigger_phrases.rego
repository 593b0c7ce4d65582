# METADATA
# title: Trigger phrases
# description: |
#   A person who writes a phrase of prompt injection is refused. The phrases are patterns whose id begins with
#   `injection.`, found however they are spelled. In doubt, or in data, a specialist decides: see unsafe.escalation.
# scope: package
# custom:
#   id: PST-002
#   severity: high
#   phases: [request]
#   default_mode: enforce
package postern.policies.injection.trigger_phrases

import data.postern.lib.signal
import data.postern.lib.verdict

verdicts contains verdict.deny("injection.trigger_phrase", "Your message tries to change the instructions.") if {
	input.phase == "request"
	some finding in input.findings
	signal.is_attack(finding, harmless)
}

default harmless := []

harmless := data.config.allowed_phrases
