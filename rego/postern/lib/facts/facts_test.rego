# What Postern tells policies about an ordinary request and its ordinary answer, for tests to change.
package postern.lib.facts_test

request := {
	"phase": "request",
	"partial": false,
	"provider": "openai",
	"dialect": "openai-chat",
	"operation": "chat",
	"model": "gpt-4o",
	"stream": false,
	"upstream": {"name": "openai", "host": "api.openai.com"},
	"parts": [said("user", 12)],
	"tools": [],
	"references": [],
	"limits": {},
	"findings": [],
	"coverage": {"bytes": 80, "judged": 80, "opaque": 0, "unknown_fields": 0},
	"finish_reasons": [],
	"usage": {},
}

response := object.union(request, {
	"phase": "response",
	"parts": [said("assistant", 40)],
	"finish_reasons": ["stop"],
	"usage": {"input_tokens": 9, "output_tokens": 12},
})

# A text of so many characters.
said(origin, chars) := object.union(
	{
		"turn": 0,
		"role": origin,
		"origin": origin,
		"lane": "0.0.text",
		"kind": "text",
		"chars": chars,
	},
	object.get(instructions, origin, {}),
)

# Only these have a hash.
instructions := {origin: {"sha256": hash} |
	some origin in ["system", "developer"]
	hash := "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
}

called(name) := object.union(said("assistant", 20), {"kind": "tool_call", "name": name, "arguments": {}})

found(code, origin) := {
	"detector": "patterns",
	"code": code,
	"severity": "high",
	"confidence": 1,
	"part": 0,
	"origin": origin,
}

# The action and code of every verdict.
summarise(verdicts) := {concat(" ", [v.action, v.code]) | some v in verdicts}

# Values of every type, none of which is what a setting or a fact should be.
hostile := [null, true, -1, "", "x", ["x"], {"x": "x"}]
