package postern.lib.signal_test

import data.postern.lib.signal

_phrase(origin, severity) := {"code": "injection.ignore_previous", "origin": origin, "severity": severity}

test_phrases_count_where_there_is_no_trust if {
	every origin in ["user", "tool", "document", "unknown"] {
		signal.is_phrase(_phrase(origin, "low"), [])
	}
	every origin in ["system", "developer", "assistant", null, 7] {
		not signal.is_phrase(_phrase(origin, "high"), [])
	}
}

test_only_a_clear_phrase_of_a_user_is_an_attack if {
	signal.is_attack(_phrase("user", "high"), [])
	signal.is_attack(_phrase("user", "critical"), [])
	not signal.is_attack(_phrase("user", "medium"), [])
	every origin in ["tool", "document", "unknown", "system", "assistant"] {
		not signal.is_attack(_phrase(origin, "critical"), [])
	}
}

test_a_phrase_is_harmless_only_by_a_list_that_names_it if {
	not signal.is_phrase(_phrase("user", "high"), ["injection.ignore_previous"])
	every list in [null, true, "injection.ignore_previous", {"a": "injection.ignore_previous"}, ["injection"], []] {
		signal.is_attack(_phrase("user", "high"), list)
	}
}

test_other_findings_are_no_phrases if {
	every code in ["secret.jwt", "injection", "my.injection.phrase", null, 7] {
		not signal.is_phrase({"code": code, "origin": "user", "severity": "high"}, [])
	}
	not signal.is_phrase({"origin": "user"}, [])
}
