# METADATA
# title: Pinned tools
# description: |
#   `tool_pins` names, for an upstream or for an MCP server by its label, the only tools that may come from it: of
#   each the SHA-256 of what models read (`input.tools[_].sha256`) or of its whole definition (`whole_sha256`), and
#   with `set` those of the whole list (`input.tools_sha256`). What was added, renamed, changed or put in the place of
#   another is denied.
# scope: package
# custom:
#   id: PST-013
#   severity: critical
#   phases: [request, response]
#   default_mode: enforce
package postern.policies.tools.pinned

import data.postern.lib.pin
import data.postern.lib.verdict

verdicts contains verdict.deny("tools.not_pinned", "A tool is not as it was approved.") if {
	some tool in input.tools
	not may_be_offered(tool)
}

verdicts contains verdict.deny("tools.set_not_pinned", "The list of tools is not as it was approved.") if {
	count(input.tools) > 0
	not set_may_be_offered
}

source_of(tool) := tool.server if tool.server != ""

# The server is the upstream, or the application that asks it.
source_of(tool) := input.upstream.name if tool.server == ""

may_be_offered(tool) if is_unpinned(source_of(tool))

may_be_offered(tool) if pin.is_pinned(tool, data.config.tool_pins[source_of(tool)])

set_may_be_offered if is_unpinned(input.upstream.name)

set_may_be_offered if pin.is_set_pinned(input.tools_sha256, data.config.tool_pins[input.upstream.name])

# Any value of the key pins, also one that lists nothing.
is_unpinned(source) if {
	is_string(source)
	not source in object.keys(data.config.tool_pins)
}
