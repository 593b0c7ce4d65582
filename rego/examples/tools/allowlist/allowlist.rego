# METADATA
# title: Allowed tools
# description: A model is offered only the tools that this team knows.
# scope: package
# custom:
#   severity: high
#   phases: [request]
#   default_mode: enforce
package postern.policies.tools.allowlist

deny contains "This tool is not on the team's list." if {
	some tool in input.tools
	not is_known(tool)
}

# Written so that what is missing is unknown: a tool without a name, a setting that is no list.
is_known(tool) if {
	is_array(data.config.tools.allow)
	tool.name in data.config.tools.allow
}
