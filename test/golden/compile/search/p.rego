package postern.policies.a.b

words := ["fine", "…"]

deny contains "x" if {
	some p in input.parts
	count(postern.matches(p, "(unclosed")) > 0
}

deny contains "y" if {
	some p in input.parts
	count(postern.contains_any(p, words)) > 0
}

deny contains "z" if {
	some p in input.parts
	expression := `(?=lookahead)`
	count(postern.matches(p, expression)) > 0
}
