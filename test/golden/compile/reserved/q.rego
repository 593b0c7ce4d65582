package postern.policies.a.b.c

deny contains "x"
