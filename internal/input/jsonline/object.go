// Package jsonline reads wanted members of JSON objects, a line each or in an array, without building the objects, and the
// values that logs write as text.
package jsonline

import "iter"

// Object finds the wanted members of one JSON object after the other. It allocates nothing for an object.
type Object struct {
	root  *node
	slots []slot
	data  []byte
	round uint64 // of Parse; slots of earlier rounds count as absent
	lines int64  // ended inside the object
}

// slot is where the value of a wanted member lies in the data.
type slot struct {
	round      uint64
	from, till uint32
	kind       Kind
	escaped    bool
}

// NewObject wants members by path: "flow.start" is the member start of the member flow, or a member with that dot in
// its name. Values are asked for by their place in paths.
func NewObject(paths ...string) *Object {
	o := &Object{root: newNode(), slots: make([]slot, len(paths))}
	for i, path := range paths {
		o.root.want(path, i)
	}
	return o
}

// Parse reads the object that text holds, with nothing but white space around it. Values lie in text. Text longer than
// MaxObject is refused.
func (o *Object) Parse(text []byte) bool {
	start := space(text, 0)
	if start >= len(text) || text[start] != '{' || len(text) > MaxObject {
		return false
	}
	end := o.parse(text, start)
	return end >= 0 && space(text, end) == len(text)
}

// parse reads the object that begins at data[at], of data shorter than 4 GiB, and gives where it ends, or why it does not.
func (o *Object) parse(data []byte, at int) int {
	o.data, o.lines = data, 0
	o.round++
	end := o.object(at, o.root, 0)
	if end < 0 {
		o.round++ // what was found counts as absent
	}
	return end
}

// Value is what the object had at the path of that place; it is absent where the object had nothing there. A member
// that comes twice has its last value.
func (o *Object) Value(place int) Value {
	s := &o.slots[place]
	if s.round != o.round {
		return Value{}
	}
	return Value{o.data[s.from:s.till], s.kind, s.escaped}
}

// Elements goes through the elements of an array; other values have none.
func (v Value) Elements() iter.Seq[Value] {
	return func(yield func(Value) bool) {
		if v.kind != Array {
			return
		}
		o := Object{data: v.raw}
		for at := space(v.raw, 1); v.raw[at] != ']'; at = space(v.raw, at) {
			if v.raw[at] == ',' {
				at = space(v.raw, at+1)
			}
			s := slot{}
			end := o.value(at, nil, &s, 0)
			if end < 0 || !yield(Value{v.raw[s.from:s.till], s.kind, s.escaped}) {
				return
			}
			at = end
		}
	}
}
