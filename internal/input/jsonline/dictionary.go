package jsonline

import "math/bits"

// Dictionary tells what a few known words mean. It is quicker than a map, whose hash costs more than a short word is
// worth.
type Dictionary[Meaning any] struct{ entries []entry[Meaning] } // by scatter, then the next; free ones have no word

type entry[Meaning any] struct {
	word    string
	meaning Meaning
}

// NewDictionary holds the words of a map, none of which is empty.
func NewDictionary[Meaning any](meanings map[string]Meaning) Dictionary[Meaning] {
	d := Dictionary[Meaning]{make([]entry[Meaning], 4<<bits.Len(uint(len(meanings))))}
	for word, meaning := range meanings {
		*d.entry([]byte(word)) = entry[Meaning]{word, meaning}
	}
	return d
}

// Find is what a word means; ok is false where it is not known.
func (d Dictionary[Meaning]) Find(word []byte) (meaning Meaning, ok bool) {
	if len(word) == 0 {
		return meaning, false
	}
	e := d.entry(word)
	return e.meaning, e.word != ""
}

// entry is that of a word, or the free one where it would be.
func (d Dictionary[Meaning]) entry(word []byte) *entry[Meaning] {
	for at := scatter(word); ; at++ {
		if e := &d.entries[at%uint32(len(d.entries))]; e.word == string(word) || e.word == "" {
			return e
		}
	}
}

// scatter is a number for a text that is not empty: few of the words that logs repeat have the same.
func scatter(text []byte) uint32 {
	last := len(text) - 1
	return (uint32(text[0]) | uint32(text[last/2])<<8 | uint32(text[last])<<16 | uint32(last)<<24) * 0x9e3779b1 >> 16
}
