package postern.lib.name_test

import data.postern.lib.name

test_a_name_is_listed_by_itself_or_by_its_beginning if {
	name.is_listed("gpt-4o", ["claude-3", "gpt-4o"])
	name.is_listed("gpt-4o-mini", ["gpt-4o*"])
	name.is_listed("gpt-4o", ["gpt-4o*"])
	name.is_listed("anything", ["*"])
}

test_a_name_is_not_listed_by_half_of_it if {
	not name.is_listed("gpt-4o-mini", ["gpt-4o"])
	not name.is_listed("my-gpt-4o", ["gpt-4o*"])
	not name.is_listed("GPT-4o", ["gpt-4o"])
	not name.is_listed("gpt-4o", ["gpt*o"])
}

test_nothing_is_on_a_list_that_is_none if {
	every list in ["gpt-4o", "*", {"gpt-4o": "gpt-4o"}, {"a": "*"}, null, 7, true, [], [7, null, ["*"]]] {
		not name.is_listed("gpt-4o", list)
	}
}

test_what_is_no_name_is_not_listed if {
	every hostile in [null, 7, true, ["gpt-4o"], {"gpt-4o": 1}] {
		not name.is_listed(hostile, ["*", hostile])
	}
}
