package postern.policies.a.b

deny := {"x"} if input.stream

warn if input.stream

violation[input.model] := "x"

verdicts contains {"action": "flag", "code": "a.b", "message": "x"}
