# METADATA
# title: Verdicts
# description: |
#   The shapes in which a policy speaks. Codes and messages leave the house, so they hold no content.
# scope: package
package postern.lib.verdict

# METADATA
# title: Nothing passes
deny(code, message) := {"action": "deny", "code": code, "message": message}

# METADATA
# title: A person decides
# description: Everybody reads the same sentence, so that an attacker learns nothing from it.
escalate(code) := {
	"action": "escalate",
	"code": code,
	"message": "Your message looks unsafe. A specialist will review it.",
}

# METADATA
# title: It passes, and is written down
flag(code, message) := {"action": "flag", "code": code, "message": message}

# METADATA
# title: It passes without what was found under these codes
redact(code, message, findings) := {"action": "redact", "code": code, "message": message, "findings": findings}

# METADATA
# title: It passes without what was found under these codes in these parts
# description: The parts are named by their index, as findings name them.
redact_in(code, message, findings, parts) := object.union(redact(code, message, findings), {"parts": parts})

# METADATA
# title: It passes without these stretches of text
# description: Each is {part, start, end}, in UTF-16 units, such as the built-ins postern.* give.
redact_spans(code, message, spans) := {"action": "redact", "code": code, "message": message, "spans": spans}

# METADATA
# title: The text of users passes changed
# description: The kind is one of trim, normalise, strip_controls, drop_high_entropy.
rewrite(code, message, kind) := {
	"action": "rewrite",
	"code": code,
	"message": message,
	"rewrite": kind,
	"origins": ["user"],
}

# METADATA
# title: The texts of users pass, cut to so many characters
truncate(code, message, limit) := object.union(rewrite(code, message, "truncate"), {"limit": limit})

# METADATA
# title: An instruction goes before all others
pin_system(code, message, text) := {
	"action": "rewrite",
	"code": code,
	"message": message,
	"rewrite": "pin_system",
	"text": text,
}
