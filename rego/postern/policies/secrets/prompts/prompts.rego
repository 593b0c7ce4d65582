# METADATA
# title: Secrets in prompts
# description: |
#   Credentials in what users, tools and documents say do not reach the provider as they are: they are masked, or, by
#   `secrets_in_prompts`, denied or only flagged. Instructions of the operator are the operator's affair.
# scope: package
# custom:
#   id: PST-006
#   severity: high
#   phases: [request]
#   default_mode: enforce
package postern.policies.secrets.prompts

import data.postern.lib.verdict

verdicts contains verdict.redact_in("secrets.masked", "Credentials in your message were masked.", codes, parts) if {
	data.config.secrets_in_prompts == "redact"
	codes := {finding.code | some finding in found}
	parts := {finding.part | some finding in found}
	count(codes) > 0
}

verdicts contains verdict.flag("secrets.in_prompt", "Your message holds credentials.") if {
	data.config.secrets_in_prompts == "flag"
	count(found) > 0
}

verdicts contains verdict.deny("secrets.in_prompt", "Your message holds credentials.") if {
	not denial_is_waived
	count(found) > 0
}

denial_is_waived if data.config.secrets_in_prompts in {"redact", "flag"}

# A list, since to put findings into a set all of their fields are read.
found := [finding |
	input.phase == "request"
	some finding in input.findings
	startswith(finding.code, "secret.")
	finding.origin in {"user", "tool", "document", "unknown"}
]
