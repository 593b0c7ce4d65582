package postern.policies.integrity.settings_test

import data.postern.lib.facts_test as facts
import data.postern.policies.integrity.settings

said(config) := verdicts if {
	found := settings.verdicts with input as facts.request with data.config as config
	verdicts := facts.summarise(found)
}

invalid := {"deny integrity.settings"}

changed(key, value) := object.union(object.remove(data.config, [key]), {key: value})

test_the_defaults_are_valid if {
	said(data.config) == set()
	settings.verdicts == set() with input as facts.response
}

test_the_policy_artifact_is_valid_as_it_is if {
	said(object.union(data.config, {"max_user_length": 1000, "allow_code_execution": false})) == set()
}

test_settings_of_other_policies_are_none_of_its_business if {
	said(object.union(data.config, {"legal": {"departments": 7}})) == set()
}

test_every_default_is_needed if {
	every key, _ in data.config {
		said(object.remove(data.config, [key])) == invalid
	}
	said({}) == invalid
}

test_no_setting_may_be_of_the_wrong_type if {
	every key, _ in data.config {
		every value in [null, -1, "", "x", {"x": "x"}] {
			said(changed(key, value)) == invalid
		}
	}
}

test_the_pinned_instructions_have_a_shape if {
	said(changed("system", {"sha256": [], "prepend": "Be kind."})) == set()
	every system in [{"sha256": "00"}, {"sha256": null}, {"prepend": null}, {"prepend": ["x"]}, []] {
		said(changed("system", system)) == invalid
	}
}

test_pins_of_tools_have_a_shape if {
	said(changed("tool_pins", {"mail": {"tools": {"send": "aa"}, "set": "bb"}, "web": {}})) == set()
	every pins in [[], {"mail": "aa"}, {"mail": []}, {"mail": {"tools": "aa"}}, {"mail": {"tool": {}}}] {
		said(changed("tool_pins", pins)) == invalid
	}
}

test_sanitising_has_a_shape if {
	said(changed("sanitise", {})) == set()
	said(changed("sanitise", {"trim": true, "strip_controls": "found"})) == set()
	every sanitise in [[], {"trim": "found"}, {"trim": "yes"}, {"strip_controls": true}, {"polish": true}] {
		said(changed("sanitise", sanitise)) == invalid
	}
}

test_ceilings_are_numbers if {
	said(changed("limits", {})) == set()
	said(changed("limits", {"n": "3"})) == invalid
	said(changed("limits", [])) == invalid
}
