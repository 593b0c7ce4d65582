# METADATA
# title: Sanitising
# description: |
#   Texts of users are cleaned as `sanitise` says. Trimming and normalising change what readers see and what was
#   signed or cached, and detectors look behind both anyway, so they are off unless asked for.
# scope: package
# custom:
#   id: PST-011
#   severity: low
#   phases: [request]
#   default_mode: enforce
package postern.policies.sanitise.text

import data.postern.lib.verdict

verdicts contains rewrite("trim") if {
	input.phase == "request"
	data.config.sanitise.trim == true
}

verdicts contains rewrite("normalise") if {
	input.phase == "request"
	data.config.sanitise.normalise == true
}

verdicts contains rewrite("strip_controls") if {
	input.phase == "request"
	data.config.sanitise.strip_controls == "always"
}

verdicts contains rewrite("strip_controls") if {
	data.config.sanitise.strip_controls == "found"
	users_text_has("unicode.")
}

# The rewrite takes out exactly what the detector finds.
verdicts contains rewrite("drop_high_entropy") if {
	data.config.sanitise.drop_high_entropy == true
	users_text_has("entropy.")
}

rewrite(kind) := verdict.rewrite(concat(".", ["sanitise", kind]), "Your message was cleaned.", kind)

users_text_has(family) if {
	input.phase == "request"
	some finding in input.findings
	startswith(finding.code, family)
	finding.origin == "user"
}
