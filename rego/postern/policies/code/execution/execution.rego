# METADATA
# title: Execution of code
# description: |
#   Unless `allow_code_execution` is true, tools that execute code are neither offered to the model nor called by it.
# scope: package
# custom:
#   id: PST-003
#   severity: critical
#   phases: [request, response]
#   default_mode: enforce
package postern.policies.code.execution

import data.postern.lib.verdict

verdicts contains verdict.deny("code.tool_offered", "Tools that execute code are not allowed here.") if {
	input.phase == "request"
	not data.config.allow_code_execution == true
	some tool in input.tools
	not is_harmless(tool)
}

verdicts contains verdict.deny("code.tool_called", "The model tried to execute code, which is not allowed here.") if {
	input.phase == "response"
	not data.config.allow_code_execution == true
	some part in input.parts
	part.kind == "tool_call"
	not is_harmless_function(part)
}

is_harmless(tool) if {
	tool.kind == "function"
	is_harmless_function(tool)
}

is_harmless(tool) if {
	is_string(tool.kind)
	tool.kind != "function"
	is_array(data.config.code_tools)
	every beginning in data.config.code_tools {
		not startswith(tool.kind, beginning)
	}
}

is_harmless_function(named) if {
	is_array(data.config.code_functions)
	name := lower(named.name)
	not name in data.config.code_functions
}
