package postern.policies.a.b

import data.lib.unused

deny contains "x" if {
	y := input.model
	input.stream
}
