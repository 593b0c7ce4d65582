# METADATA
# title: Allowed models
# description: |
#   Only models that `models.allow` lists may be asked. Without a list, none.
# scope: package
# custom:
#   id: PST-004
#   severity: medium
#   phases: [request]
#   default_mode: enforce
package postern.policies.model.allowlist

import data.postern.lib.name
import data.postern.lib.verdict

verdicts contains verdict.deny("model.not_allowed", "This model is not allowed here.") if {
	input.phase == "request"
	not is_allowed
}

is_allowed if name.is_listed(input.model, data.config.models.allow)
