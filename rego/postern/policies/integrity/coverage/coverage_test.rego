package postern.policies.integrity.coverage_test

import data.postern.lib.facts_test as facts
import data.postern.policies.integrity.coverage

said(message, config) := verdicts if {
	found := coverage.verdicts with input as message with data.config as object.union(data.config, config)
	verdicts := facts.summarise(found)
}

covering(message, changes) := object.union(message, {"coverage": changes})

naming(kind) := object.union(facts.request, {"references": [{"kind": kind, "value": "v", "origin": "user"}]})

test_the_tools_of_an_answer_are_a_list if {
	said(object.remove(facts.response, ["tools"]), {}) == {"deny integrity.facts_missing"}
}

test_what_was_understood_passes if {
	said(facts.request, {}) == set()
	said(facts.response, {}) == set()
	said(object.remove(facts.response, ["references", "limits"]), {}) == set()
	said(object.union(naming("image_url"), {"phase": "response"}), {}) == set()
}

test_a_field_that_is_not_known_is_denied_unless_allowed if {
	request := covering(facts.request, {"unknown_fields": 1})
	said(request, {}) == {"deny integrity.unknown_fields"}
	said(request, {"unknown_fields": "allow"}) == set()
}

test_media_are_denied_unless_allowed if {
	request := covering(facts.request, {"opaque": 4096})
	said(request, {}) == {"deny integrity.media"}
	said(request, {"media": "allow"}) == set()
}

test_content_that_is_named_is_denied_unless_its_kind_is_allowed if {
	said(naming("image_url"), {}) == {"deny integrity.reference"}
	said(naming("image_url"), {"references": ["file_id", "image_url"]}) == set()
	said(naming("previous_response_id"), {"references": ["image_url"]}) == {"deny integrity.reference"}
}

test_settings_that_are_none_allow_nothing if {
	every value in array.concat(facts.hostile, ["Allow", ["allow"], "image_url", {"a": "image_url"}]) {
		said(covering(facts.request, {"unknown_fields": 1}), {"unknown_fields": value}) == {"deny integrity.unknown_fields"}
		said(covering(facts.request, {"opaque": 1}), {"media": value}) == {"deny integrity.media"}
		said(naming("image_url"), {"references": value}) == {"deny integrity.reference"}
	}
	message := covering(naming("image_url"), {"unknown_fields": 1, "opaque": 1})
	found := coverage.verdicts with input as message with data.config as {}
	count(found) == 3
}

test_a_reference_without_a_kind_is_not_allowed if {
	every reference in [null, 7, "image_url", {}, {"kind": null}] {
		request := object.union(facts.request, {"references": [reference]})
		said(request, {"references": ["image_url"]}) == {"deny integrity.reference"}
	}
}

test_an_answer_that_was_not_all_judged_is_flagged if {
	said(covering(facts.response, {"unknown_fields": 1}), {}) == {"flag integrity.not_all_judged"}
	said(covering(facts.response, {"opaque": 1}), {}) == {"flag integrity.not_all_judged"}
}

test_facts_that_are_missing_are_denied if {
	every fact in ["phase", "parts", "findings", "coverage", "tools", "references", "limits"] {
		"deny integrity.facts_missing" in said(object.remove(facts.request, [fact]), {})
	}
	every fact in ["phase", "parts", "findings", "coverage"] {
		"deny integrity.facts_missing" in said(object.remove(facts.response, [fact]), {})
	}
	said({}, {}) == {"deny integrity.facts_missing"}
}

test_facts_of_the_wrong_type_are_denied if {
	every fact in ["phase", "parts", "findings", "coverage", "tools", "references", "limits"] {
		every value in [null, true, 7, "x"] {
			"deny integrity.facts_missing" in said(object.union(facts.request, {fact: value}), {})
		}
	}
	every count in ["unknown_fields", "opaque"] {
		every value in [null, true, "0", [], {}] {
			"deny integrity.facts_missing" in said(covering(facts.request, {count: value}), {})
		}
	}
}

test_a_part_or_a_finding_that_is_not_whole_is_denied if {
	part := facts.said("user", 12)
	every name in ["origin", "kind", "turn", "chars"] {
		every value in [null, true, [], {}] {
			deny_parts([part, object.union(part, {name: value})])
		}
		deny_parts([part, object.remove(part, [name])])
	}
	finding := facts.found("unicode.tags", "user")
	every name in ["code", "origin", "severity"] {
		every value in [null, true, 7, [], {}] {
			deny_findings([finding, object.union(finding, {name: value})])
		}
		deny_findings([finding, object.remove(finding, [name])])
	}
	every value in facts.hostile {
		deny_parts([value])
		deny_findings([value])
	}
}

deny_parts(parts) if {
	said(object.union(facts.request, {"parts": parts}), {}) == {"deny integrity.facts_missing"}
	said(object.union(facts.response, {"parts": parts}), {}) == {"deny integrity.facts_missing"}
}

deny_findings(findings) if {
	said(object.union(facts.request, {"findings": findings}), {}) == {"deny integrity.facts_missing"}
	said(object.union(facts.response, {"findings": findings}), {}) == {"deny integrity.facts_missing"}
}
