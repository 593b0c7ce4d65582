package main

// lintRules is everything that lint looks for. docs/lint.md is made from it, and tests try every example.
var lintRules = []LintRule{
	{
		ID: "undefined-negation", Severity: "error", Family: "holes",
		Why: "OPA evaluates the arguments of a call before its `not`, so where one is missing the whole is undefined and nothing is denied.",
		Fix: "Write the permission as a rule of its own and negate that: then whatever is missing forbids.",
		Bad: `deny contains "Unknown model." if not input.model in data.config.models
`,
		Good: `deny contains "Unknown model." if not is_allowed

is_allowed if input.model in data.config.models
`,
	},
	{
		ID: "untyped-setting", Severity: "error", Family: "holes",
		Why: "Types do not fail, they compare: 7 < \"x\" is true, and a setting of the wrong type permits or forbids everything.",
		Fix: "Ask is_number (or is_string) of the setting in the same body.",
		Bad: `deny contains "Too many tools." if count(input.tools) > data.config.most_tools
`,
		Good: `deny contains "Too many tools." if not are_few

are_few if {
	is_number(data.config.most_tools)
	count(input.tools) <= data.config.most_tools
}
`,
	},
	{
		ID: "default-true", Severity: "error", Family: "holes",
		Why:  "What is undefined for whatever reason becomes a permission.",
		Fix:  "Let the default be false, and write down what permits.",
		Bad:  "default is_allowed := true\n\nis_allowed := false if input.model == \"x\"\n\ndeny contains \"No.\" if not is_allowed\n",
		Good: "default is_allowed := false\n\nis_allowed if input.model == \"x\"\n\ndeny contains \"No.\" if not is_allowed\n",
	},
	{
		ID: "content-in-message", Severity: "error", Family: "holes",
		Why: "Codes and messages reach callers, logs and traces, where nothing of an exchange's content may be.",
		Fix: "Say what is wrong, not what was said; a finding's code tells what was found.",
		Bad: `deny contains message if {
	some part in input.parts
	contains(part.text, "x")
	message := sprintf("Not allowed: %s", [part.text])
}
`,
		Good: `deny contains "This is not allowed." if {
	some finding in input.findings
	finding.code == "team.x"
}
`,
	},
	{
		ID: "unknown-word", Severity: "error", Family: "holes",
		Why:  "Phases, origins, kinds, severities and actions are closed lists; a comparison with another word never holds.",
		Fix:  "Use a word of docs/glossary.md.",
		Bad:  "deny contains \"No.\" if input.phase == \"answer\"\n",
		Good: "deny contains \"No.\" if input.phase == \"response\"\n",
	},
	{
		ID: "dynamic-reference", Severity: "error", Family: "holes",
		Why: "A reference that is only known while it is evaluated is slow in WebAssembly, and undefined as a whole where one policy lacks the rule.",
		Fix: "Name the package and the rule.",
		Bad: `deny contains "No." if {
	some id
	data.postern.policies.length[id].verdicts
}
`,
		Good: `deny contains "No." if data.config.closed == true
`,
	},
	{
		ID: "whole-input", Severity: "error", Family: "holes",
		Why:  "A function that gets all of the input reads the text of every part: each decision then costs as much as the prompt is long, and streams wait for their end.",
		Fix:  "Pass the field that it needs.",
		Bad:  "deny contains \"No.\" if is_bad(input)\n\nis_bad(message) if message.model == \"x\"\n",
		Good: "deny contains \"No.\" if is_bad(input.model)\n\nis_bad(model) if model == \"x\"\n",
	},
	{
		ID: "unused-rule", Severity: "error", Family: "holes",
		Why:  "A policy speaks through verdicts, deny, warn and violation. What none of them leads to does nothing.",
		Fix:  "Use it, remove it, or give it the name that was meant.",
		Bad:  "block contains \"No.\" if input.model == \"x\"\n\nwarn contains \"Hm.\" if input.model == \"y\"\n",
		Good: "deny contains \"No.\" if input.model == \"x\"\n\nwarn contains \"Hm.\" if input.model == \"y\"\n",
	},
	{
		ID: "verdict-code", Severity: "warning", Family: "verdicts",
		Why:  "Logs, metrics and alerts are filtered by code, so its first word is the policy's category.",
		Fix:  "Name it <category>.<word>.",
		Bad:  "deny contains {\"code\": \"TooLong\", \"msg\": \"No.\"} if input.model == \"x\"\n",
		Good: "deny contains {\"code\": \"team.too_long\", \"msg\": \"No.\"} if input.model == \"x\"\n",
	},
	{
		ID: "code-reused", Severity: "warning", Family: "verdicts",
		Why: "Two messages under one code cannot be told apart in logs and metrics.",
		Fix: "Give each its own code, or both the same message.",
		Bad: `deny contains {"code": "team.model", "msg": "Not this model."} if input.model == "x"

deny contains {"code": "team.model", "msg": "This model has gone."} if input.model == "y"
`,
		Good: `deny contains {"code": "team.model", "msg": "Not this model."} if input.model == "x"

deny contains {"code": "team.model_gone", "msg": "This model has gone."} if input.model == "y"
`,
	},
	{
		ID: "metadata-missing", Severity: "error", Family: "metadata",
		Why:  "People, documentation and dashboards know a policy by its METADATA.",
		Fix:  "Give title, description, and under custom severity, phases and default_mode.",
		Bad:  "# METADATA\n# title: Team\npackage postern.policies.team.x\n\ndeny contains \"No.\" if input.model == \"x\"\n",
		Good: "deny contains \"No.\" if input.model == \"x\"\n",
	},
	{
		ID: "metadata-key", Severity: "error", Family: "metadata",
		Why: "A key with a slip in it is read by nothing, and the default holds instead.",
		Fix: "Use the key that is meant; keys that are like none of Postern's are yours.",
		Bad: `# METADATA
# title: Team
# description: Text.
# custom:
#   severity: low
#   phases: [request]
#   default_mode: audit
#   default-mode: enforce
package postern.policies.team.x

deny contains "No." if input.model == "x"
`,
		Good: "deny contains \"No.\" if input.model == \"x\"\n",
	},
	{
		ID: "duplicate-id", Severity: "error", Family: "metadata",
		Why:  "An id that two policies have names neither.",
		Fix:  "Give one of them another custom.id.",
		Bad:  "",
		Good: "deny contains \"No.\" if input.model == \"x\"\n",
	},
	{
		ID: "package-folder", Severity: "error", Family: "names",
		Why:  "Who knows a policy's name must find its file: folders say what the package says. At the top of a directory anything may lie, as ConfigMaps are flat.",
		Fix:  "Move the file to <category>/<name>/, or rename the package.",
		Bad:  "package postern.policies.team.y\n\ndeny contains \"No.\" if input.model == \"x\"\n",
		Good: "deny contains \"No.\" if input.model == \"x\"\n",
	},
	{
		ID: "snake-case", Severity: "warning", Family: "names",
		Why:  "One way to write names, so that nobody has to guess.",
		Fix:  "Write it in lower case, with underscores between words.",
		Bad:  "deny contains \"No.\" if isBad\n\nisBad if input.model == \"x\"\n",
		Good: "deny contains \"No.\" if is_bad\n\nis_bad if input.model == \"x\"\n",
	},
	{
		ID: "test-package", Severity: "error", Family: "names",
		Why:  "A test in a shipped file is never run; shipped rules in a test file are never shipped.",
		Fix:  "Put tests into the package <package>_test, in a file that ends in _test.rego.",
		Bad:  "deny contains \"No.\" if input.model == \"x\"\n\ntest_it if count(deny) == 1 with input.model as \"x\"\n",
		Good: "deny contains \"No.\" if input.model == \"x\"\n",
	},
	{
		ID: "test-without-assertion", Severity: "error", Family: "tests",
		Why:  "A test that cannot fail proves nothing.",
		Fix:  "Compare what comes out with what should.",
		Bad:  "package postern.policies.team.x_test\n\ntest_it if {\n\tfound := data.postern.policies.team.x.deny with input as {}\n}\n",
		Good: "package postern.policies.team.x_test\n\ntest_it if {\n\tdata.postern.policies.team.x.deny == set() with input as {}\n}\n",
	},
	{
		ID: "raw-pattern", Severity: "warning", Family: "layout",
		Why:  "In \"…\" every backslash of an expression is written twice, and one is soon forgotten.",
		Fix:  "Write expressions in back quotes.",
		Bad:  "deny contains \"No.\" if regex.match(\"^gpt-\\\\d\", input.model)\n",
		Good: "deny contains \"No.\" if regex.match(`^gpt-\\d`, input.model)\n",
	},
	{
		ID: "format", Severity: "warning", Family: "layout",
		Why:  "One format for all, and no diff about blanks.",
		Fix:  "Run `postern policy fmt`.",
		Bad:  "deny   contains \"No.\" if input.model == \"x\"\n",
		Good: "deny contains \"No.\" if input.model == \"x\"\n",
	},
	{
		ID: "line-length", Severity: "warning", Family: "layout",
		Why:  "A line that has to be scrolled is not read.",
		Fix:  "Break it, or give a part of it a name.",
		Bad:  "",
		Good: "deny contains \"No.\" if input.model == \"x\"\n",
	},
	{
		ID: "rule-length", Severity: "warning", Family: "layout",
		Why:  "A rule that does not fit on a screen does more than one thing.",
		Fix:  "Give parts of it a name.",
		Bad:  "",
		Good: "deny contains \"No.\" if input.model == \"x\"\n",
	},
	{
		ID: "file-length", Severity: "warning", Family: "layout",
		Why:  "A file of many screens holds more than one policy, or should share a library.",
		Fix:  "Split it by what it decides.",
		Bad:  "",
		Good: "deny contains \"No.\" if input.model == \"x\"\n",
	},
	{
		ID: "ignore", Severity: "error", Family: "ignores",
		Why:  "An exception needs a reason, and goes when there is nothing left to except.",
		Fix:  "Write `# postern:ignore <rule> <reason>` behind the line or above it, or remove the comment.",
		Bad:  "# postern:ignore line-length\ndeny contains \"No.\" if input.model == \"x\"\n",
		Good: "deny contains \"No.\" if input.model == \"x\"\n",
	},
}
