# METADATA
# title: No contracts
# description: Nobody has the model write a contract.
# custom:
#   severity: high
#   phases: [request]
#   default_mode: enforce
package postern.policies.legal.contracts

deny contains "Ask the legal department for contracts." if {
	input.phase == "request"
	some finding in input.findings
	finding.code == "legal.contract"
}
