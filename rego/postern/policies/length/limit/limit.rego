# METADATA
# title: Length of prompts
# description: |
#   A user turn and a whole request have a greatest length in characters. Tool results and documents count towards the
#   whole. Where `on_too_long` is `truncate`, a text of a user that is too long by itself is cut instead.
# scope: package
# custom:
#   id: PST-001
#   severity: medium
#   phases: [request]
#   default_mode: enforce
package postern.policies.length.limit

import data.postern.lib.verdict

verdicts contains verdict.deny("length.user_too_long", "Your message is too long.") if {
	input.phase == "request"
	not turns_are_short
	not can_truncate
}

verdicts contains verdict.deny("length.total_too_long", "The whole conversation is too long.") if {
	input.phase == "request"
	not total_is_short
}

verdicts contains verdict.truncate("length.truncated", "Your message was cut.", data.config.max_user_length) if {
	input.phase == "request"
	can_truncate
}

turns_are_short if fits(users_lengths, data.config.max_user_length)

# Only when all turns together are too long for one is each looked at by itself, grouped only where one has many texts.
else if {
	is_one_part_each
	is_number(min(users_lengths))
	fits([max(users_lengths)], data.config.max_user_length)
}

else if {
	not is_one_part_each
	every lengths in lengths_by_turn {
		fits([length | some [_, length] in lengths], data.config.max_user_length)
	}
}

is_one_part_each if count({turn | some [turn, _] in users_parts}) == count(users_parts)

total_is_short if {
	lengths := [part.chars | some part in input.parts]
	count(lengths) == count(input.parts)
	fits(lengths, data.config.max_total_length)
}

# What a cut leaves is judged again: a turn of many short texts that is still too long is denied then.
can_truncate if {
	data.config.on_too_long == "truncate"
	is_number(data.config.max_user_length)
	data.config.max_user_length >= 0
	some part in input.parts
	is_users(part)
	part.origin == "user"
	part.kind == "text"
	part.chars > data.config.max_user_length
}

users_parts := [[object.get(part, "turn", null), part.chars] | some part in input.parts; is_users(part)]

users_lengths := [length | some [_, length] in users_parts]

lengths_by_turn[turn] contains [index, length] if some index, [turn, length] in users_parts

# A turn of nobody known is a user's. Outside of turns, at -1, are settings and schemas.
is_users(part) if {
	part.origin in {"user", "unknown"}
	not part.turn == -1
}

# Adding up costs more than all else here, and a bound of the sum does for most messages.
fits(lengths, limit) if {
	is_number(limit)
	is_number(min(lengths))
	max(lengths) * count(lengths) <= limit
}

else if {
	is_number(limit)
	sum(lengths) <= limit
}
