package postern.policies.a.b

default allow := true

allow := false if input.stream
