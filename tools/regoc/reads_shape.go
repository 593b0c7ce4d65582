package main

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
)

type kind int

const (
	leaf   kind = iota // nothing below it is told apart
	open               // anything may be below it
	group              // fields that are known
	series             // elements, all of one shape
)

// node is a place in the input. An array and its elements share a path.
type node struct {
	id     int
	path   string
	kind   kind
	fields map[string]*node
	items  *node
}

// shape is the input as its schema describes it.
type shape struct {
	root  *node
	nodes []*node
}

// mostNodes is what a set of nodes can tell apart.
const mostNodes = 128

type schema struct {
	Type       string             `json:"type"`
	Properties map[string]*schema `json:"properties"`
	Items      *schema            `json:"items"`
}

// shapeOf reads a JSON schema. Without one nothing is known of the input, and all of it is read if any of it is.
func shapeOf(given any) (*shape, error) {
	described := &schema{}
	raw, err := json.Marshal(given)
	if err == nil {
		err = json.Unmarshal(raw, described)
	}
	if err != nil {
		return nil, err
	}
	s := &shape{}
	s.root = s.grow("", described)
	if len(s.nodes) > mostNodes {
		return nil, errors.New("the schema of the input has too many fields")
	}
	return s, nil
}

func (s *shape) grow(path string, described *schema) *node {
	n := &node{id: len(s.nodes), path: path, kind: kindOf(described)}
	s.nodes = append(s.nodes, n)
	switch n.kind {
	case group:
		n.fields = map[string]*node{}
		for _, name := range slices.Sorted(maps.Keys(described.Properties)) {
			n.fields[name] = s.grow(below(path, name), described.Properties[name])
		}
	case series:
		n.items = s.grow(path, described.Items)
	}
	return n
}

func kindOf(described *schema) kind {
	switch {
	case described.Type == "object" && len(described.Properties) > 0:
		return group
	case described.Type == "array" && described.Items != nil && kindOf(described.Items) != leaf:
		return series
	case described.Type == "" || described.Type == "object":
		return open
	}
	return leaf
}

func below(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
