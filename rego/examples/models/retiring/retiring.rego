# METADATA
# title: Retiring models
# description: Who still asks for a model that will go is written down, and not stopped.
# scope: package
# custom:
#   severity: info
#   phases: [request]
#   default_mode: enforce
package postern.policies.models.retiring

warn contains "This model will be switched off soon." if {
	input.phase == "request"
	input.model in data.config.retiring_models
}
