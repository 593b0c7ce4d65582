package postern.policies.legal.contracts_test

import data.postern.policies.legal.contracts

found := {"phase": "request", "findings": [{"code": "legal.contract"}]}

test_a_contract_is_denied if {
	contracts.deny == {"Ask the legal department for contracts."} with input as found
}

test_anything_else_is_not if {
	count(contracts.deny) == 0 with input as {"phase": "request", "findings": []}
}

test_an_answer_is_not if {
	count(contracts.deny) == 0 with input as object.union(found, {"phase": "response"})
}
