package postern.policies.a.b

deny contains sprintf("%q", [input.model])

deny contains sprintf("%d %d", [1])

warn contains sprintf("%d", [1, 2])

warn contains sprintf(input.model, [1])
