package postern.policies.a.b

deny contains 7
