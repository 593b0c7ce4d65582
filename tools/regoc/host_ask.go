package main

import (
	"bytes"
	"encoding/json"
	"io"

	"github.com/open-policy-agent/opa/v1/ast"
)

func ask(asked question) (reply, error) {
	var said reply
	written, err := json.Marshal(asked)
	if err != nil {
		return said, err
	}
	return said, json.Unmarshal(askHost(written), &said)
}

func writeOperands(operands []*ast.Term) (part, wanted json.RawMessage, err error) {
	if part, err = writeTerm(operands[0]); err != nil {
		return nil, nil, err
	}
	wanted, err = writeTerm(operands[1])
	return part, wanted, err
}

func writeTerm(term *ast.Term) (json.RawMessage, error) {
	value, err := ast.JSON(term.Value)
	if err != nil {
		return nil, err
	}
	return json.Marshal(value)
}

func readerOf(raw json.RawMessage) io.Reader {
	return bytes.NewReader(raw)
}
