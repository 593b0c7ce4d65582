package main

// label tells what a value may be, as far as the text of parts is concerned: bit 0 a part, bit n a collection of such
// n levels deep, then the whole input. Zero holds no text.
type label uint16

const (
	nothing label = 0
	part    label = 1
	parts   label = part << 1
	deepest label = part << 7
	whole   label = part << 8
	// keyed goes with collections that may have parts as keys: sets and objects, which policies make.
	keyed  label = part << 9
	levels label = deepest<<1 - 1
)

// elements gives what is found one level below.
func (l label) elements() label {
	found := (l &^ part & levels) >> 1
	if found == nothing {
		return nothing
	}
	return found | l&keyed
}

// keys gives what the keys may be.
func (l label) keys() label {
	if l&keyed == 0 {
		return nothing
	}
	return l.elements()
}

// isOpen tells whether a key that is not known could lead to text.
func (l label) isOpen() bool {
	return l&(part|whole) != 0
}
