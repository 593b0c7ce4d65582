package postern.policies.shop.refunds_test

import data.postern.policies.shop.refunds

asked := {"phase": "request", "model": "gpt-5", "findings": [{"code": "shop.refund"}]}

test_a_promise_is_denied if {
	refunds.deny == {"Refunds are for people to promise: ask the shop."} with input as asked
}

test_a_trusted_model_may if {
	count(refunds.deny) == 0 with input as asked with data.config.refunds.models as ["gpt-5"]
}

test_no_model_is_trusted_by_a_setting_of_the_wrong_type if {
	count(refunds.deny) == 1 with input as asked with data.config.refunds.models as "gpt-5"
}

test_anything_else_is_not_its_business if {
	count(refunds.deny) == 0 with input as object.union(asked, {"findings": []})
}
