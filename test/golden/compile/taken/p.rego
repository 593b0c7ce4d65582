package postern.policies.limits.length

deny contains "x"
