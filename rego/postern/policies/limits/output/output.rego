# METADATA
# title: Ceilings
# description: |
#   A request may not ask for more than `limits` says: tokens of output, number of answers. Without the setting, for
#   nothing.
# scope: package
# custom:
#   id: PST-012
#   severity: low
#   phases: [request]
#   default_mode: enforce
package postern.policies.limits.output

import data.postern.lib.verdict

verdicts contains verdict.deny("limits.exceeded", "The request asks for more than is allowed here.") if {
	input.phase == "request"
	some name, asked in input.limits
	not is_within(name, asked)
}

is_within(name, asked) if {
	is_number(asked)
	asked <= data.config.limits[name]
	is_number(data.config.limits[name])
}

# No ceiling for it.
is_within(name, _) if {
	not name in object.keys(data.config.limits)
}
