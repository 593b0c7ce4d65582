# METADATA
# title: Names of projects
# description: |
#   Names of unreleased projects reach only models that `confidential.models` trusts. The names are patterns whose id
#   begins with `confidential.`; Postern finds them however they are spelled.
# scope: package
# custom:
#   id: TEAM-001
#   severity: high
#   phases: [request]
#   default_mode: enforce
package postern.policies.confidential.projects

import data.postern.lib.verdict

verdicts contains verdict.deny("confidential.project", "This model may not read the names of unreleased projects.") if {
	input.phase == "request"
	some finding in input.findings
	startswith(finding.code, "confidential.")
	not is_trusted
}

# A permission, negated above: where the setting is missing or is no list, no model is trusted.
is_trusted if {
	is_array(data.config.confidential.models)
	input.model in data.config.confidential.models
}
