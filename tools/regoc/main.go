// Command regoc is OPA's compiler as a WASI reactor: one JSON request in, one JSON answer out.
// The host allocates, writes the request there, calls, and reads the answer. No files, environment or network.
package main

import (
	"encoding/json"
	"fmt"
	"unsafe"

	"github.com/open-policy-agent/opa/v1/version"
)

var request, answer []byte

func main() {}

//go:wasmexport allocate
func allocate(size uint32) uint32 {
	request = make([]byte, size)
	return addressOf(request)
}

// call handles the request in the allocated buffer and gives the length of the answer.
//
//go:wasmexport call
func call() uint32 {
	bytes, err := json.Marshal(handle(request))
	if err != nil {
		bytes, _ = json.Marshal(Answer{Fault: err.Error()})
	}
	request, answer = nil, bytes
	return uint32(len(answer))
}

//go:wasmexport result
func result() uint32 {
	return addressOf(answer)
}

func addressOf(bytes []byte) uint32 {
	return uint32(uintptr(unsafe.Pointer(unsafe.SliceData(bytes))))
}

var operations = map[string]func(Request) Answer{
	"inspect": inspect,
	"build":   build,
	"check":   check,
	"fmt":     formatModules,
	"test":    test,
	"eval":    evaluate,
	"lint":    lint,
	"outline": outline,
	"explain": explain,
	"twins":   twins,
}

func handle(bytes []byte) (out Answer) {
	defer func() {
		if fault := recover(); fault != nil {
			out = Answer{Fault: fmt.Sprint(fault)}
		}
		out.Version = version.Version
	}()
	request, err := readRequest(bytes)
	if err != nil {
		return Answer{Fault: err.Error()}
	}
	operation, known := operations[request.Operation]
	if !known {
		return Answer{Fault: "unknown operation"}
	}
	return operation(request)
}
