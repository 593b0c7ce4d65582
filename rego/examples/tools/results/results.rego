# METADATA
# title: Results of tools
# description: What a tool gives back reaches the model without the numbers that are hidden, and not when it is marked.
# scope: package
# custom:
#   severity: high
#   phases: [request]
#   default_mode: enforce
package postern.policies.tools.results

import data.postern.lib.verdict

verdicts contains verdict.redact_spans("tools.hidden", "Numbers in a tool's result were masked.", hidden) if {
	count(hidden) > 0
}

# Which numbers are hidden depends on the tool, which a pattern does not know.
hidden := [{"part": i, "start": found.start, "end": found.end} |
	some i, p in input.parts
	p.kind == "tool_result"
	some found in postern.matches(p, data.config.tools.hide[p.name])
]

deny contains "A tool gave back what is not for models." if {
	some p in input.parts
	p.kind == "tool_result"
	some _ in postern.contains_any(p, ["for internal use only", "do not distribute"])
}
