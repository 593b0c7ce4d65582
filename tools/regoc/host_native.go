//go:build !wasip1

package main

// askHost has nobody to ask outside of the host; tests put one in its place.
var askHost = func([]byte) []byte {
	return []byte(`{"error": "only the host of the compiler can search texts"}`)
}
