package main

//go:wasmimport postern ask
func hostAsk(address, length uint32) uint32

//go:wasmimport postern take
func hostTake(address uint32)

// askHost gives the bytes of a question to the host and gets those of its reply: first how many, then where to put them.
var askHost = func(bytes []byte) []byte {
	reply := make([]byte, hostAsk(addressOf(bytes), uint32(len(bytes))))
	hostTake(addressOf(reply))
	return reply
}
