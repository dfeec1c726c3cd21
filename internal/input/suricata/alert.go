package suricata

import (
	"fmt"

	"sentinel/internal/input"
	"sentinel/internal/input/jsonline"
)

const (
	// mostSignatures bounds those that are counted one by one: rule sets have tens of thousands, a network meets few.
	mostSignatures = 4096
	// longestSignature bounds their text, in bytes.
	longestSignature = 1 << 10
)

// alerts counts those of Suricata by signature.
type alerts struct {
	total int64
	place map[string]int
	list  []alert // in the order of their first appearance
}

type alert struct {
	signature string
	count     int64
}

func (a *alerts) add(signature jsonline.Value) {
	a.total++
	text := signature.Bytes()
	text = text[:min(len(text), longestSignature)]
	at, ok := a.place[string(text)]
	if !ok {
		if len(a.list) == mostSignatures {
			return
		}
		if a.place == nil {
			a.place = map[string]int{}
		}
		at = len(a.list)
		a.list = append(a.list, alert{signature: string(text)})
		a.place[a.list[at].signature] = at
	}
	a.list[at].count++
}

// note tells of them, as long as there are any.
func (a *alerts) note() (note input.Note, ok bool) {
	if a.total == 0 {
		return note, false
	}
	most := a.list[0]
	for _, other := range a.list {
		if other.count > most.count {
			most = other
		}
	}
	return input.Note{Text: fmt.Sprintf("%d alerts of Suricata, most of them (%d): %s", a.total, most.count, most.signature)}, true
}
