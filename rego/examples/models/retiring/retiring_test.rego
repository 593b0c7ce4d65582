package postern.policies.models.retiring_test

import data.postern.policies.models.retiring

test_a_retiring_model_is_noticed if {
	count(retiring.warn) == 1 with input as {"phase": "request", "model": "gpt-4-0613"}
}

test_other_models_and_answers_are_not if {
	retiring.warn == set() with input as {"phase": "request", "model": "gpt-4o"}
	retiring.warn == set() with input as {"phase": "response", "model": "gpt-4-0613"}
	retiring.warn == set() with input as {"phase": "request"}
}
