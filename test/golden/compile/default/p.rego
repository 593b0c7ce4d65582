package postern.policies.a.b

deny contains "x" if not allow

default allow := true

allow := false if input.model == "x"

default is_allowed := false

default is_quiet := true

default not_allowed := true

default tool_is_allowed(_) := true

default gate.permitted := true

verdicts contains {"action": action, "code": "a.b", "message": "x"}

default action := "allow"

default decision := {"action": "allow", "allowed": true, "reason": "x", "quiet": true}

default warn := {"x"}
