package main

import "math/bits"

// nodeSet holds nodes by their ids.
type nodeSet [mostNodes / 64]uint64

func (s nodeSet) with(n *node) nodeSet {
	s[n.id/64] |= 1 << (n.id % 64)
	return s
}

func (s nodeSet) union(other nodeSet) nodeSet {
	for i := range s {
		s[i] |= other[i]
	}
	return s
}

func (s nodeSet) isEmpty() bool {
	return s == nodeSet{}
}

func (s nodeSet) each(visit func(id int)) {
	for i, word := range s {
		for ; word != 0; word &= word - 1 {
			visit(i*64 + bits.TrailingZeros64(word))
		}
	}
}

const deepest = 4

// value tells what a term may hold of the input that was not read yet: at 0 the nodes that it may be, at n those that
// it may hold in collections n levels deep. Once something is read whole, nobody has to follow it any more.
type value struct {
	at [deepest]nodeSet
	// keyed goes with collections that may have nodes as keys: sets and objects, which policies make.
	keyed bool
}

var nothing value

func (v value) union(other value) value {
	for i := range v.at {
		v.at[i] = v.at[i].union(other.at[i])
	}
	v.keyed = v.keyed || other.keyed
	return v
}

func (v value) all() nodeSet {
	var all nodeSet
	for _, nodes := range v.at {
		all = all.union(nodes)
	}
	return all
}

// elements gives what is found one level below in collections that policies made.
func (v value) elements() value {
	var found value
	copy(found.at[:], v.at[1:])
	if found != nothing {
		found.keyed = v.keyed
	}
	return found
}

// keys gives what the keys may be.
func (v value) keys() value {
	if !v.keyed {
		return nothing
	}
	return v.elements()
}
