package postern.lib.pin_test

import data.postern.lib.pin

_tool := {"name": "send", "sha256": "aa", "whole_sha256": "bb"}

test_a_tool_is_pinned_by_what_models_read_or_by_all_of_it if {
	pin.is_pinned(_tool, {"tools": {"send": "aa"}})
	pin.is_pinned(_tool, {"tools": {"send": "bb"}})
	pin.is_pinned(_tool, {"tools": {"send": ["00", "bb"]}})
}

test_a_changed_tool_is_not_pinned if {
	not pin.is_pinned(_tool, {"tools": {"send": "cc"}})
	not pin.is_pinned(_tool, {"tools": {"send": ["cc", "a"]}})
}

test_a_tool_by_another_name_is_not_pinned if {
	not pin.is_pinned(object.union(_tool, {"name": "sent"}), {"tools": {"send": "aa"}})
	not pin.is_pinned(_tool, {"tools": {"read": "aa"}})
}

test_nothing_is_pinned_by_what_is_no_pin if {
	every pins in [null, true, 7, "aa", ["aa"], {}, {"tools": null}, {"tools": ["aa"]}, {"tools": {"send": null}}] {
		not pin.is_pinned(_tool, pins)
	}
	every hashes in [null, true, 7, {"aa": "aa"}, {"a": "aa"}, []] {
		not pin.is_pinned(_tool, {"tools": {"send": hashes}})
	}
}

test_what_has_no_hash_is_not_pinned if {
	every hash in [null, true, 7, "", ["aa"]] {
		tool := {"name": "send", "sha256": hash, "whole_sha256": hash}
		not pin.is_pinned(tool, {"tools": {"send": hash}})
		not pin.is_pinned(tool, {"tools": {"send": [hash]}})
		not pin.is_set_pinned(hash, {"set": hash})
	}
	not pin.is_pinned({"name": "send"}, {"tools": {"send": "aa"}})
}

test_a_list_is_pinned_where_somebody_said_which_one if {
	pin.is_set_pinned("aa", {"tools": {}})
	pin.is_set_pinned("aa", {"set": "aa"})
	pin.is_set_pinned("aa", {"set": ["00", "aa"]})
	not pin.is_set_pinned("aa", {"set": "bb"})
	every pins in [null, true, 7, "aa", ["aa"], {"set": null}, {"set": []}] {
		not pin.is_set_pinned("aa", pins)
	}
}
