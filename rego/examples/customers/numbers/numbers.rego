# METADATA
# title: Customer numbers
# description: The numbers of customers are masked, in what is asked and in what is answered.
# scope: package
# custom:
#   severity: medium
#   phases: [request, response]
#   default_mode: enforce
package postern.policies.customers.numbers

import data.postern.lib.verdict

verdicts contains verdict.redact("customers.masked", "Customer numbers were masked.", ["customer.number"]) if {
	some finding in input.findings
	finding.code == "customer.number"
}
