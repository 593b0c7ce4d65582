package postern.policies.a.b

deny contains "x" if not allow

default allow := true

allow := false if input.model == "x"

default is_allowed := false

default is_quiet := true
