# METADATA
# title: No promises of money
# description: Nobody has a model promise a refund, unless this team trusts the model with it.
# custom:
#   severity: high
#   phases: [request]
#   default_mode: enforce
package postern.policies.shop.refunds

deny contains "Refunds are for people to promise: ask the shop." if {
	input.phase == "request"
	some finding in input.findings
	finding.code == "shop.refund"
	not is_trusted
}

# A permission, negated above: where the setting is missing or is no list, no model is trusted.
is_trusted if {
	is_array(data.config.refunds.models)
	input.model in data.config.refunds.models
}
