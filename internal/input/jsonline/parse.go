package jsonline

// What the parser returns instead of a place in the data.
const (
	invalid    = -1
	incomplete = -2 // the data ends inside the value
)

// maxDepth bounds how deep arrays and objects are nested, for the sake of the stack and of the time that damaged
// input takes. Logs nest fewer than ten deep.
const maxDepth = 64

// object reads an object from its brace. Members below wanted ones are found by n, which is nil where none are wanted.
func (o *Object) object(at int, n *node, depth int) int {
	if depth == maxDepth {
		return invalid
	}
	data := o.data
	at = o.space(at + 1)
	if at < len(data) && data[at] == '}' {
		return at + 1
	}
	var last *member
	if n != nil {
		last = &n.before
	}
	for at < len(data) {
		if n == nil {
			at = o.unwanted(at, depth)
		} else {
			at, last = o.member(at, n, last, depth)
		}
		if at < 0 {
			return at
		}
		if at+1 < len(data) && data[at] == ',' && data[at+1] == '"' { // as most writers put it
			at++
			continue
		}
		if at = o.space(at); at >= len(data) {
			break
		}
		switch data[at] {
		case ',':
			at = o.space(at + 1)
		case '}':
			return at + 1
		default:
			return invalid
		}
	}
	return incomplete
}

// unwanted reads a member of an object of which nothing is wanted.
func (o *Object) unwanted(at, depth int) int {
	from, end, _ := o.name(at)
	if from < 0 {
		return from
	}
	return o.value(end, nil, nil, depth+1)
}

// member reads a member of which something may be wanted. It compares with the one that followed the last one before.
func (o *Object) member(at int, n *node, last *member, depth int) (int, *member) {
	m := last.next
	if data := o.data; m != nil && len(data)-at > len(m.literal) && string(data[at:at+len(m.literal)]) == m.literal {
		if at += len(m.literal); data[at] <= ' ' {
			at = o.space(at)
		}
	} else {
		from, end, escaped := o.name(at)
		if from < 0 {
			return from, last
		}
		m = n.meet(name(o.data[at+1:from], escaped))
		at = end
		if m == nil {
			return o.value(at, nil, nil, depth+1), last
		}
		last.next = m
	}
	if m.inner != nil {
		if m.round == o.round {
			o.forget(m.inner)
		}
		m.round = o.round
	}
	if m.place < 0 {
		return o.value(at, m.inner, nil, depth+1), m
	}
	return o.value(at, m.inner, &o.slots[m.place], depth+1), m
}

// name reads a name and its colon. It gives where the name ends and its value begins; the first is negative where that fails.
func (o *Object) name(at int) (till, next int, escaped bool) {
	data := o.data
	if data[at] != '"' {
		return invalid, 0, false
	}
	till, escaped = text(data, at+1)
	if till < 0 {
		return till, 0, false
	}
	at = o.space(till + 1)
	if at >= len(data) {
		return incomplete, 0, false
	}
	if data[at] != ':' {
		return invalid, 0, false
	}
	return till, o.space(at + 1), escaped
}

// value reads any value and notes in s, if given, where it lies: of a string what is between its quotes.
func (o *Object) value(at int, n *node, s *slot, depth int) int {
	data := o.data
	if at >= len(data) {
		return incomplete
	}
	if data[at] != '"' {
		end, kind := o.bare(at, n, depth)
		if s != nil && end >= 0 {
			*s = slot{o.round, uint32(at), uint32(end), kind, false}
		}
		return end
	}
	end, escaped := text(data, at+1)
	if end < 0 {
		return end
	}
	if s != nil {
		*s = slot{o.round, uint32(at + 1), uint32(end), String, escaped}
	}
	return end + 1
}

// bare reads a value that is no string.
func (o *Object) bare(at int, n *node, depth int) (end int, kind Kind) {
	switch c := o.data[at]; {
	case c-'0' < 10 || c == '-':
		return number(o.data, at), Number
	case c == '{':
		return o.object(at, n, depth), Members
	case c == '[':
		return o.array(at, depth), Array
	}
	return o.word(at)
}

// word reads one of the three words that are values.
func (o *Object) word(at int) (end int, kind Kind) {
	want := "null"
	switch kind = Null; o.data[at] {
	case 't':
		want, kind = "true", Bool
	case 'f':
		want, kind = "false", Bool
	}
	for i := range len(want) {
		if at+i >= len(o.data) {
			return incomplete, kind
		}
		if o.data[at+i] != want[i] {
			return invalid, kind
		}
	}
	return at + len(want), kind
}

// array reads an array from its bracket. Nothing inside is wanted by path.
func (o *Object) array(at, depth int) int {
	if depth == maxDepth {
		return invalid
	}
	data := o.data
	at = o.space(at + 1)
	if at < len(data) && data[at] == ']' {
		return at + 1
	}
	for at < len(data) {
		if at = o.value(at, nil, nil, depth+1); at < 0 {
			return at
		}
		if at = o.space(at); at >= len(data) {
			break
		}
		switch data[at] {
		case ',':
			at = o.space(at + 1)
		case ']':
			return at + 1
		default:
			return invalid
		}
	}
	return incomplete
}

// space goes to the next byte that is no white space, and counts the lines that end on the way.
func (o *Object) space(at int) int {
	if at < len(o.data) && o.data[at] > ' ' {
		return at
	}
	for ; at < len(o.data); at++ {
		switch o.data[at] {
		case ' ', '\t', '\r':
		case '\n':
			o.lines++
		default:
			return at
		}
	}
	return at
}

// space goes to the next byte that is no white space.
func space(data []byte, at int) int {
	o := Object{data: data}
	return o.space(at)
}
