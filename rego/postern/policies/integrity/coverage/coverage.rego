# METADATA
# title: Coverage
# description: |
#   What was not understood was not judged. Unknown fields, media and content that is named instead of sent are denied
#   in a request unless `unknown_fields`, `media` and `references` allow them; in an answer they are flagged.
# scope: package
# custom:
#   id: PST-009
#   severity: high
#   phases: [request, response]
#   default_mode: enforce
package postern.policies.integrity.coverage

import data.postern.lib.verdict

verdicts contains verdict.deny("integrity.facts_missing", "The message could not be judged.") if {
	not facts_are_whole
}

verdicts contains verdict.deny("integrity.unknown_fields", "The request has fields that are not known here.") if {
	input.phase == "request"
	not data.config.unknown_fields == "allow"
	input.coverage.unknown_fields > 0
}

verdicts contains verdict.deny("integrity.media", "Images, audio and files are not allowed here.") if {
	input.phase == "request"
	not data.config.media == "allow"
	input.coverage.opaque > 0
}

verdicts contains verdict.deny("integrity.reference", "The request names content that it does not hold.") if {
	input.phase == "request"
	some reference in input.references
	not is_allowed(reference)
}

verdicts contains verdict.flag("integrity.not_all_judged", "The answer holds what could not be judged.") if {
	input.phase == "response"
	input.coverage.unknown_fields + input.coverage.opaque > 0
}

facts_are_whole if {
	input.phase in {"request", "response"}
	is_array(input.parts)
	is_array(input.findings)
	is_number(input.coverage.unknown_fields)
	is_number(input.coverage.opaque)
	offers_are_whole
	every part in input.parts {
		part_is_whole(part)
	}
	every finding in input.findings {
		finding_is_whole(finding)
	}
}

# What other policies choose by: without it a part or a finding would be passed over.
part_is_whole(part) if {
	is_string(part.origin)
	is_string(part.kind)
	is_number(part.turn)
	is_number(part.chars)
}

finding_is_whole(finding) if {
	is_string(finding.code)
	is_string(finding.origin)
	is_string(finding.severity)
}

# Answers list at most what servers offer.
offers_are_whole if {
	input.phase == "response"
	is_array(input.tools)
}

offers_are_whole if {
	is_array(input.tools)
	is_array(input.references)
	is_object(input.limits)
}

is_allowed(reference) if {
	is_array(data.config.references)
	reference.kind in data.config.references
}
