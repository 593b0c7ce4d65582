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

verdicts contains verdict.redact("secrets.masked", "Credentials in your message were masked.", codes) if {
	data.config.secrets_in_prompts == "redact"
	codes := [code | some code in codes_found]
	count(codes) > 0
}

verdicts contains verdict.flag("secrets.in_prompt", "Your message holds credentials.") if {
	data.config.secrets_in_prompts == "flag"
	count(codes_found) > 0
}

verdicts contains verdict.deny("secrets.in_prompt", "Your message holds credentials.") if {
	not denial_is_waived
	count(codes_found) > 0
}

denial_is_waived if data.config.secrets_in_prompts in {"redact", "flag"}

codes_found contains finding.code if {
	input.phase == "request"
	some finding in input.findings
	startswith(finding.code, "secret.")
	finding.origin in {"user", "tool", "document", "unknown"}
}
