package zeek

import (
	"bytes"
	"strconv"
)

// layout is what the header of a log says of its rows. Headers may come again in the middle, where logs were joined.
type layout struct {
	separator byte
	unset     string       // in place of a value that there is not
	empty     string       // in place of a set without elements
	set       string       // between the elements of a set
	named     bool         // there was a header
	fields    int          // up to the last one that fills a column
	places    [columns]int // of the fields that fill each column, counted from 1; 0 where none does
	kind      kind
	path      string
	open      bool // its connections had not ended when it was written
}

// newLayout has what Zeek writes where nobody sets it.
func newLayout() layout { return layout{separator: '\t', unset: "-", empty: "(empty)", set: ","} }

// header reads a line that begins with #, which may be a comment.
func (l *layout) header(line []byte) {
	if value, ok := bytes.CutPrefix(line, []byte("#separator")); ok && len(value) > 1 {
		l.separator = unescape(value[1:])[0]
		return
	}
	name, value, ok := bytes.Cut(line, []byte{l.separator})
	if !ok {
		return
	}
	switch string(name) {
	case "#set_separator":
		l.set = string(value)
	case "#empty_field":
		l.empty = string(value)
	case "#unset_field":
		l.unset = string(value)
	case "#path":
		l.path, l.open = string(value[:min(len(value), longestPath)]), isOpen(value)
	case "#fields":
		l.name(bytes.Split(value, []byte{l.separator}))
	}
}

// longestPath bounds the name of a log, which errors show.
const longestPath = 64

func isOpen(path []byte) bool { return string(path) == openLog }

// name takes the names of the fields. Of those that fill the same column, the first does.
func (l *layout) name(fields [][]byte) {
	l.named, l.fields, l.places = true, 0, [columns]int{}
	for i, field := range fields {
		if c, ok := columnOf(string(field)); ok && l.places[c] == 0 {
			l.places[c], l.fields = i+1, i+1
		}
	}
	l.kind = kindOf(func(c column) bool { return l.places[c] > 0 })
}

// bare are the fields of a conn.log that has lost its header, by their number: before Zeek 2.6 it had no local_resp.
var bare = map[int]string{
	20: "ts uid id.orig_h id.orig_p id.resp_h id.resp_p proto service duration orig_bytes resp_bytes conn_state local_orig" +
		" missed_bytes history orig_pkts orig_ip_bytes resp_pkts resp_ip_bytes tunnel_parents",
	21: "ts uid id.orig_h id.orig_p id.resp_h id.resp_p proto service duration orig_bytes resp_bytes conn_state local_orig" +
		" local_resp missed_bytes history orig_pkts orig_ip_bytes resp_pkts resp_ip_bytes tunnel_parents",
}

// plainHeader takes a first line of names without #fields, as programs write that know tables but not Zeek.
func (l *layout) plainHeader(line []byte) bool {
	if !bytes.HasPrefix(line, []byte("ts\tuid\t")) {
		return false
	}
	l.name(bytes.Split(line, []byte("\t")))
	return true
}

// guess takes a first line for a row of a conn.log that has lost its header, if it looks like one.
func (l *layout) guess(line []byte) bool {
	values := bytes.Split(line, []byte("\t"))
	named, ok := bare[min(len(values), 21)]
	if !ok || len(values[1]) < 10 || values[1][0] != 'C' {
		return false
	}
	if _, known := states.Find(values[11]); !known {
		return false
	}
	l.name(bytes.Fields([]byte(named)))
	return true
}

// comment finds the header or comment that a line is.
func comment(line []byte) ([]byte, bool) {
	if len(line) > 0 && line[0] <= ' ' { // as editors indent it
		line = bytes.TrimLeft(line, " \t")
	}
	return line, len(line) > 0 && line[0] == '#'
}

// unescape resolves the \xHH that stand for bytes which are not plain text, or would be taken for a separator.
func unescape(text []byte) []byte {
	if bytes.IndexByte(text, '\\') < 0 {
		return text
	}
	plain := make([]byte, 0, len(text))
	for i := 0; i < len(text); i++ {
		if text[i] == '\\' && i+3 < len(text) && text[i+1] == 'x' {
			if value, err := strconv.ParseUint(string(text[i+2:i+4]), 16, 8); err == nil {
				plain = append(plain, byte(value))
				i += 3
				continue
			}
		}
		plain = append(plain, text[i])
	}
	return plain
}
