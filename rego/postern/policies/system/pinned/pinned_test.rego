package postern.policies.system.pinned_test

import data.postern.lib.facts_test as facts
import data.postern.policies.system.pinned

verdicts_on(parts, system) := verdicts if {
	verdicts := pinned.verdicts with input as object.union(facts.request, {"parts": parts})
		with data.config as object.union(object.remove(data.config, ["system"]), {"system": system})
}

said(parts, system) := facts.summarise(verdicts_on(parts, system))

instructed := [facts.said("system", 40), facts.said("user", 12)]

hash := instructed[0].sha256

test_without_a_setting_every_instruction_passes if {
	said(instructed, {}) == set()
}

test_a_listed_instruction_passes if {
	said(instructed, {"sha256": ["00", hash]}) == set()
	said([facts.said("user", 12), facts.said("assistant", 40)], {"sha256": []}) == set()
}

test_an_instruction_that_is_not_listed_is_denied if {
	every origin in ["system", "developer"] {
		said([facts.said(origin, 40)], {"sha256": ["00"]}) == {"deny system.unknown_instruction"}
		said([facts.said(origin, 40)], {"sha256": []}) == {"deny system.unknown_instruction"}
	}
}

test_one_unlisted_instruction_is_enough if {
	parts := array.concat(instructed, [object.union(facts.said("developer", 9), {"sha256": "11"})])
	said(parts, {"sha256": [hash]}) == {"deny system.unknown_instruction"}
}

test_definitions_of_tools_are_no_instructions if {
	said([object.union(facts.said("developer", 40), {"turn": -1})], {"sha256": []}) == set()
	said([object.remove(facts.said("developer", 40), ["turn"])], {"sha256": []}) != set()
}

test_an_instruction_is_put_in_front if {
	verdicts_on(instructed, {"prepend": "Be kind."}) == {{
		"action": "rewrite",
		"code": "system.pinned",
		"message": "The instruction of this place goes first.",
		"rewrite": "pin_system",
		"text": "Be kind.",
	}}
	said(instructed, {"prepend": ""}) == set()
}

test_what_follows_no_instructions_gets_none if {
	every operation in ["embeddings", "moderation"] {
		request := object.union(facts.request, {"operation": operation})
		found := pinned.verdicts with input as request with data.config.system as {"prepend": "Be kind."}
		found == set()
	}
	every operation in ["chat", "text_completion", null, 7] {
		request := object.union(facts.request, {"operation": operation})
		found := pinned.verdicts with input as request with data.config.system as {"prepend": "Be kind."}
		count(found) == 1
	}
}

test_both_may_be_asked_for if {
	said(instructed, {"prepend": "Be kind.", "sha256": [hash]}) == {"rewrite system.pinned"}
}

test_a_list_that_is_none_allows_no_instruction if {
	every list in [null, false, true, 7, hash, {"a": hash}] {
		said(instructed, {"sha256": list}) == {"deny system.unknown_instruction"}
	}
	every system in [null, true, 7, hash, [hash]] {
		said(instructed, system) == {"deny system.unknown_instruction"}
	}
	found := pinned.verdicts with input as object.union(facts.request, {"parts": instructed}) with data.config as {}
	count(found) == 1
}

test_an_instruction_without_a_hash_is_unknown if {
	said([object.remove(instructed[0], ["sha256"])], {"sha256": [hash]}) == {"deny system.unknown_instruction"}
	said([object.union(instructed[0], {"sha256": null})], {"sha256": [hash]}) == {"deny system.unknown_instruction"}
}

test_what_to_put_in_front_is_a_text if {
	every text in [null, true, 7, ["Be kind."]] {
		said(instructed, {"prepend": text}) == set()
	}
}

test_answers_hold_no_instructions if {
	found := pinned.verdicts with input as object.union(facts.response, {"parts": instructed})
		with data.config.system as {"sha256": [], "prepend": "Be kind."}
	found == set()
}
