package postern.policies.model.allowlist_test

import data.postern.lib.facts_test as facts
import data.postern.policies.model.allowlist

said(model, models) := verdicts if {
	found := allowlist.verdicts with input as object.union(facts.request, {"model": model})
		with data.config as object.union(object.remove(data.config, ["models"]), {"models": models})
	verdicts := facts.summarise(found)
}

test_by_default_every_model_is_allowed if {
	allowlist.verdicts == set() with input as facts.request
}

test_a_model_is_allowed_by_name_or_beginning if {
	said("gpt-4o-mini", {"allow": ["claude-*", "gpt-4o*"]}) == set()
	said("gpt-4o", {"allow": ["gpt-4o"]}) == set()
}

test_other_models_are_denied if {
	every model in ["gpt-4o-mini", "GPT-4o", " gpt-4o", "ft:gpt-4o", ""] {
		said(model, {"allow": ["gpt-4o"]}) == {"deny model.not_allowed"}
	}
}

test_files_batches_and_the_list_of_models_name_no_model if {
	every operation in ["files", "batches", "models"] {
		message := object.union(facts.request, {"operation": operation, "model": ""})
		allowlist.verdicts == set() with input as message with data.config.models.allow as ["gpt-4o"]
	}
	named := object.union(facts.request, {"operation": "files", "model": "gpt-4"})
	found := allowlist.verdicts with input as named with data.config.models.allow as ["gpt-4o"]
	facts.summarise(found) == {"deny model.not_allowed"}
}

test_a_fallback_must_be_allowed_like_the_first if {
	message := object.union(facts.request, {"references": [{"kind": "model", "value": "gpt-4", "origin": "user"}]})
	allowlist.verdicts == set() with input as message with data.config.models.allow as ["gpt-4o", "gpt-4"]
	every list in [["gpt-4o"], "*", null] {
		found := allowlist.verdicts with input as message with data.config.models.allow as list
		facts.summarise(found) == {"deny model.not_allowed"}
	}
	found := allowlist.verdicts with input as object.union(facts.request, {"references": [{"kind": "model"}]})
	facts.summarise(found) == {"deny model.not_allowed"}
}

test_a_list_that_is_none_allows_nothing if {
	every list in [null, true, 7, "*", {"a": "*"}, [], [7], [["*"]]] {
		said("gpt-4o", {"allow": list}) == {"deny model.not_allowed"}
		said("gpt-4o", list) == {"deny model.not_allowed"}
	}
	found := allowlist.verdicts with input as facts.request with data.config as {}
	count(found) == 1
}

test_a_model_without_a_name_is_denied if {
	every model in [null, 7, ["gpt-4o"], {}] {
		said(model, {"allow": ["*"]}) == {"deny model.not_allowed"}
	}
	found := allowlist.verdicts with input as object.remove(facts.request, ["model"])
	count(found) == 1
}

test_other_references_name_no_models if {
	message := object.union(facts.request, {"references": [{"kind": "file", "value": "file-1", "origin": "user"}]})
	allowlist.verdicts == set() with input as message with data.config.models.allow as ["gpt-4o"]
}

test_names_in_an_answer_are_the_providers if {
	answer := {"model": "gpt-4o-2024-08-06", "references": [{"kind": "model", "value": "gpt-4"}]}
	found := allowlist.verdicts with input as object.union(facts.response, answer)
		with data.config.models as {"allow": ["gpt-4o"]}
	found == set()
}
