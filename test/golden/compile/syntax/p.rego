package postern.policies.a.b

deny contains "x" if {
	input.model ==
}
