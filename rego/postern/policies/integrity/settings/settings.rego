# METADATA
# title: Settings
# description: |
#   A setting that is missing or of the wrong type is not taken for a milder one: nothing passes until it is mended.
# scope: package
# custom:
#   id: PST-010
#   severity: high
#   phases: [request, response]
#   default_mode: enforce
package postern.policies.integrity.settings

import data.postern.lib.verdict

verdicts contains verdict.deny("integrity.settings", "The policy settings are not valid.") if not settings_are_valid

settings_are_valid if {
	config := data.config
	config.max_user_length >= 0
	config.max_total_length >= 0
	is_number(config.max_user_length)
	is_number(config.max_total_length)
	config.on_too_long in {"deny", "truncate"}
	is_array(config.allowed_phrases)
	is_boolean(config.allow_code_execution)
	is_array(config.code_tools)
	is_array(config.code_functions)
	is_array(config.models.allow)
	config.secrets_in_prompts in {"deny", "redact", "flag"}
	config.unknown_fields in {"deny", "allow"}
	config.media in {"deny", "allow"}
	is_array(config.references)
	system_is_valid(config.system)
	pins_are_valid(config.tool_pins)
	sanitise_is_valid(config.sanitise)
	ceilings_are_valid(config.limits)
}

system_is_valid(system) if {
	is_object(system)
	every name, value in system {
		pin_is_valid(name, value)
	}
}

pin_is_valid("sha256", value) if is_array(value)

pin_is_valid("prepend", value) if is_string(value)

pins_are_valid(servers) if {
	is_object(servers)
	every pins in servers {
		is_object(pins)
		every name, _ in pins {
			name in {"tools", "set"}
		}
		is_object(object.get(pins, "tools", {}))
	}
}

sanitise_is_valid(sanitise) if {
	is_object(sanitise)
	every name, value in sanitise {
		rewrite_is_valid(name, value)
	}
}

rewrite_is_valid(name, value) if {
	name in {"trim", "normalise", "drop_high_entropy"}
	is_boolean(value)
}

rewrite_is_valid("strip_controls", value) if value in {"never", "found", "always"}

ceilings_are_valid(ceilings) if {
	is_object(ceilings)
	every ceiling in ceilings {
		is_number(ceiling)
	}
}
