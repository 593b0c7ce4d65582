package postern.policies.a.c

deny["x"] { true }
