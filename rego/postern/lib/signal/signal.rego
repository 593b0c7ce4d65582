# METADATA
# title: Signals
# description: What findings mean, where more than one policy must mean the same by them.
# scope: package
package postern.lib.signal

# METADATA
# title: A phrase of prompt injection
# description: |
#   In text that carries no trust. Instructions of the operator may speak of such phrases, and so may the model. The
#   list is of codes that the operator knows to be harmless here.
is_phrase(finding, harmless) if {
	startswith(finding.code, "injection.")
	finding.origin in {"user", "tool", "document", "unknown"}
	not _is_harmless(finding.code, harmless)
}

# METADATA
# title: A phrase of prompt injection that leaves no doubt
# description: A person wrote it. The same in data is somebody else's attack on the user, and a case for review.
is_attack(finding, harmless) if {
	is_phrase(finding, harmless)
	finding.origin == "user"
	finding.severity in {"high", "critical"}
}

_is_harmless(code, harmless) if {
	is_array(harmless)
	code in harmless
}
