# METADATA
# title: Allowed models
# description: |
#   Only models that `models.allow` lists may be asked. Without a list, none. Files, batches, lists
#   of models and MCP servers name none themselves.
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
	not is_without_model
	not is_allowed
}

# A model that answers when the first one cannot.
verdicts contains verdict.deny("model.not_allowed", "This model is not allowed here.") if {
	input.phase == "request"
	some reference in input.references
	reference.kind == "model"
	not is_allowed_too(reference)
}

# What these hold or begin was judged when it came: each request of a file of requests as itself.
is_without_model if {
	input.operation in {"files", "batches", "models", "mcp"}
	input.model == ""
}

is_allowed if name.is_listed(input.model, data.config.models.allow)

is_allowed_too(reference) if name.is_listed(reference.value, data.config.models.allow)
