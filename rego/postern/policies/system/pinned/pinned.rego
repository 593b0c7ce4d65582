# METADATA
# title: Pinned instructions
# description: |
#   `system.sha256` lists the only system and developer texts that may be sent, by their SHA-256. `system.prepend` is an
#   instruction that goes before all others; where both are set, its own hash must be listed too. Embeddings and
#   moderations follow no instructions and get none; what follows some and has no place for this one is refused.
# scope: package
# custom:
#   id: PST-007
#   severity: high
#   phases: [request]
#   default_mode: enforce
package postern.policies.system.pinned

import data.postern.lib.verdict

verdicts contains verdict.deny("system.unknown_instruction", "This system instruction is not allowed here.") if {
	input.phase == "request"

	not is_unpinned
	some part in input.parts
	part.origin in {"system", "developer"}
	not is_known(part)
}

verdicts contains verdict.pin_system("system.pinned", "The instruction of this place goes first.", text) if {
	input.phase == "request"
	not follows_none
	text := data.config.system.prepend
	is_string(text)
	text != ""
}

follows_none if input.operation in {"embeddings", "moderation"}

# Any value of the key pins, also one that lists nothing.
is_unpinned if not "sha256" in object.keys(data.config.system)

# The definition of a tool: the operator's too, and no instruction.
is_known(part) if part.turn == -1

is_known(part) if {
	is_array(data.config.system.sha256)
	part.sha256 in data.config.system.sha256
}
