package postern.policies.customers.numbers_test

import data.postern.policies.customers.numbers

test_a_customer_number_is_masked_in_both_phases if {
	every phase in ["request", "response"] {
		finding := {"code": "customer.number", "part": 0}
		some mask in numbers.verdicts with input as {"phase": phase, "findings": [finding]}
		mask.action == "redact"
		mask.findings == ["customer.number"]
	}
}

test_without_one_nothing_is_said if {
	numbers.verdicts == set() with input as {"phase": "request", "findings": [{"code": "secret.jwt", "part": 0}]}
	numbers.verdicts == set() with input as {}
}
