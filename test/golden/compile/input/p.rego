package postern.policies.a.b

deny contains "x" if input.partz[_].kind == "media"

deny contains "y" if {
	some part in input.parts
	part.origin == "user"
	part.colour == "red"
}

deny contains "z" if input.model.name == "x"

deny contains "w" if input.parts.kind == "media"

deny contains "v" if object.get(input, "tenant", "") == "x"
