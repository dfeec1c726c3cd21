package intel

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
)

// most is how large a feed may be, in bytes: lists of a few million lines.
const most = 256 << 20

// Read adds a feed to the list, whatever its format: STIX 2.1 or MISP in JSON, CSV with a header, or a value a line.
// What cannot be read is counted in the list; the error tells that nothing could.
func (l *List) Read(name string, from io.Reader) error {
	data, err := io.ReadAll(io.LimitReader(from, most+1))
	if err != nil {
		return err
	}
	if len(data) > most {
		return fmt.Errorf("list %s: larger than %d MB", name, most>>20)
	}
	f := &feed{list: l, name: feedOf(name)}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	before := l.Entries
	if start := bytes.TrimLeft(data, " \t\r\n"); len(start) > 0 && (start[0] == '{' || start[0] == '[') {
		err = f.json(data)
	} else {
		err = f.lines(string(data))
	}
	if err == nil && l.Entries == before {
		err = f.nothing()
	}
	if err != nil {
		return fmt.Errorf("list %s: %w", name, err)
	}
	return nil
}

// feed is one list being read.
type feed struct {
	list *List
	name string
	told int
}

// tellMost is how many problems of one feed are kept in words.
const tellMost = 5

func (f *feed) bad(line int, reason string) {
	f.list.Bad++
	if f.told++; f.told <= tellMost {
		f.list.Problems = append(f.list.Problems, Problem{f.name, line, reason})
	}
}

func (f *feed) nothing() error {
	if f.told > 0 {
		first := f.list.Problems[len(f.list.Problems)-min(f.told, tellMost)]
		return fmt.Errorf("no entry in it; line %d: %s", first.Line, first.Reason)
	}
	return errors.New("no entry in it")
}

// add reads a value and completes it with what else the feed says.
func (f *feed) add(line int, text string, complete func(*Entry)) {
	entry, err := value(text)
	if err != nil {
		f.bad(line, fmt.Sprintf("%s: %s", short(text), err))
		return
	}
	entry.Feed = f.name
	if complete != nil {
		complete(&entry)
	}
	f.list.Add(entry)
}

// lines reads text: CSV where the first line of any has commas or is a header, else a value a line.
func (f *feed) lines(text string) error {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") || strings.HasPrefix(line, ";") {
			continue
		}
		if strings.ContainsAny(line, ",") {
			return f.csv(text)
		}
		break
	}
	f.plain(text)
	return nil
}

// plain reads a value a line. What follows a # or white space is a remark; the value of a hosts file is its second word.
func (f *feed) plain(text string) {
	number := 0
	for line := range strings.Lines(text) {
		number++
		content, remark, _ := strings.Cut(line, "#")
		content, more, _ := strings.Cut(content, ";")
		words := strings.Fields(content)
		if len(words) == 0 {
			continue
		}
		at := 0
		if len(words) > 1 && (words[0] == "0.0.0.0" || words[0] == "127.0.0.1") {
			at = 1
		}
		label := strings.TrimSpace(remark + more)
		f.add(number, words[at], func(e *Entry) { e.Label = short(label) })
	}
}

// short cuts a text of others to what a message bears.
func short(text string) string {
	const length = 80
	text = strings.Join(strings.Fields(strings.ToValidUTF8(text, "?")), " ")
	if runes := []rune(text); len(runes) > length {
		return string(runes[:length]) + "..."
	}
	return text
}
