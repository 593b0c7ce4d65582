package postern.policies.tools.allowlist_test

import data.postern.policies.tools.allowlist

offering(tool) := {"phase": "request", "tools": [tool]}

test_known_tools_are_offered if {
	allowlist.deny == set() with input as offering({"name": "get_weather", "kind": "function"})
}

test_other_tools_are_not if {
	every tool in [{"name": "send_money", "kind": "function"}, {"kind": "function"}, {"name": null}] {
		count(allowlist.deny) == 1 with input as offering(tool)
	}
}

test_without_a_list_no_tool_is_known if {
	every config in [{}, {"tools": {"allow": "get_weather"}}] {
		count(allowlist.deny) == 1 with input as offering({"name": "get_weather"}) with data.config as config
	}
}
