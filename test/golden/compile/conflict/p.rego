package postern.policies.a.b

deny contains size

size := 1

size := 2
