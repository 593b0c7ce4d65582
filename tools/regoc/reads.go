package main

import (
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// Reads are paths into the input, sorted, for each phase: `a.b` is that field with nothing below it, `a.*` with all of
// it, `*` everything; arrays are passed through. `a.@id` is that elements stay different, `a.@text` that the host is
// asked for their texts.
type Reads struct {
	Request  []string `json:"request"`
	Response []string `json:"response"`
}

func readsOf(compiler *ast.Compiler, known *shape) *Reads {
	return &Reads{Request: readsIn("request", compiler, known), Response: readsIn("response", compiler, known)}
}

// readsIn leaves a field out only when it is certain that no rule can see it. Nodes of the input are followed through
// variables, arguments, results and collections until nothing new is learnt; whatever is not understood reads whole.
func readsIn(phase string, compiler *ast.Compiler, known *shape) []string {
	flow := &flow{
		compiler:  compiler,
		shape:     known,
		phase:     phase,
		results:   map[string]value{},
		variables: map[*ast.Rule]map[ast.Var]value{},
		binders:   map[*ast.Rule]binders{},
		isNeeded:  map[*ast.Rule]bool{},
		marks:     make([]mark, len(known.nodes)),
	}
	flow.needExported()
	for flow.changed = true; flow.changed; {
		flow.changed = false
		for _, rule := range flow.needed {
			flow.rule(rule, rule)
		}
		flow.export()
	}
	return flow.paths()
}

// mark is what is known to be read of a node.
type mark uint8

const (
	seen mark = 1 << iota
	wholly
	distinct
	texts
)

type flow struct {
	compiler  *ast.Compiler
	shape     *shape
	phase     string
	results   map[string]value
	variables map[*ast.Rule]map[ast.Var]value
	binders   map[*ast.Rule]binders
	// needed are the rules that something asks for; others are in the bundle, but evaluated by nobody.
	needed   []*ast.Rule
	isNeeded map[*ast.Rule]bool
	marks    []mark
	changed  bool
}

func (f *flow) needExported() {
	for _, module := range f.compiler.Modules {
		for _, rule := range module.Rules {
			if isExported(resultOf(rule)) {
				f.need(rule)
			}
		}
	}
}

func (f *flow) need(rule *ast.Rule) {
	if !f.isNeeded[rule] {
		f.isNeeded[rule] = true
		f.needed = append(f.needed, rule)
		f.changed = true
	}
}

func (f *flow) mark(n *node, m mark) {
	if f.marks[n.id]|m != f.marks[n.id] {
		f.marks[n.id] |= m
		f.changed = true
	}
}

// look notes that something is there, and gives what may yet be read of it.
func (f *flow) look(n *node) value {
	switch n.kind {
	case leaf:
		f.mark(n, seen)
		return nothing
	case open:
		f.mark(n, wholly)
		return nothing
	}
	f.mark(n, seen)
	return value{at: [deepest]nodeSet{nodeSet{}.with(n)}}
}

// readWhole notes that everything is seen that a value holds.
func (f *flow) readWhole(v value) {
	v.all().each(func(id int) { f.mark(f.shape.nodes[id], wholly) })
}

// collect gives a collection of what is given.
func (f *flow) collect(v value) value {
	v.at[deepest-1].each(func(id int) { f.mark(f.shape.nodes[id], wholly) })
	copy(v.at[1:], v.at[:deepest-1])
	v.at[0] = nodeSet{}
	if v == (value{keyed: true}) {
		return nothing
	}
	return v
}

// key gives a collection that has what is given as keys too. What is equal there becomes one.
func (f *flow) key(v value) value {
	if v == nothing {
		return nothing
	}
	v = f.collect(f.meet(v))
	v.keyed = v != nothing
	return v
}

// meet notes that values are told apart: where several come under one name, they must be the same.
func (f *flow) meet(v value) value {
	v.all().each(func(id int) { f.mark(f.shape.nodes[id], distinctness(f.shape.nodes[id])) })
	return v
}

// distinctness is what must be read to tell elements apart: the host can number those that have texts, and so never
// are the same; what else is equal is so in all of its fields.
func distinctness(n *node) mark {
	if n.fields["text"] != nil || n.kind == series && n.items.fields["text"] != nil {
		return distinct
	}
	return wholly
}

func (f *flow) learn(result string, v value) {
	if known := f.results[result].union(v); known != f.results[result] {
		f.results[result] = known
		f.changed = true
	}
}

// export reads what leaves in a verdict.
func (f *flow) export() {
	for result, v := range f.results {
		if isExported(result) {
			f.readWhole(v)
		}
	}
}

func isExported(result string) bool {
	if strings.HasPrefix(result, "data.postern.main.") {
		return true
	}
	if !strings.HasPrefix(result, "data.postern.policies.") {
		return false
	}
	for _, name := range []string{".verdicts", ".deny", ".warn", ".violation"} {
		if strings.HasSuffix(result, name) {
			return true
		}
	}
	return false
}

func (f *flow) paths() []string {
	found := map[string]bool{}
	for _, n := range f.shape.nodes {
		for _, path := range pathsOf(n, f.marks[n.id]) {
			found[path] = true
		}
	}
	return leaveOutImplied(found)
}

func pathsOf(n *node, m mark) []string {
	switch {
	case m&wholly != 0 && n.kind == leaf:
		return []string{n.path}
	case m&wholly != 0:
		return []string{below(n.path, "*")}
	case m == 0 || n.path == "":
		return nil
	}
	paths := []string{n.path}
	if m&distinct != 0 {
		paths = append(paths, below(n.path, "@id"))
	}
	if m&texts != 0 {
		paths = append(paths, below(n.path, "@text"))
	}
	return paths
}

// leaveOutImplied keeps a path unless one below it is there too, or all of something above it.
func leaveOutImplied(found map[string]bool) []string {
	paths := []string{}
	for path := range found {
		if !isImplied(path, found) {
			paths = append(paths, path)
		}
	}
	slices.Sort(paths)
	return paths
}

func isImplied(path string, found map[string]bool) bool {
	if path == "*" {
		return false
	}
	if found["*"] {
		return true
	}
	for other := range found {
		above, isWhole := strings.CutSuffix(other, ".*")
		if isWhole && other != path && (path == above || strings.HasPrefix(path, above+".")) {
			return true
		}
		if strings.HasPrefix(other, path+".") {
			return true
		}
	}
	return false
}
