package jsonline

// Words keeps texts that come again and again, each once. The zero value is empty; Word 0 is the empty text.
type Words struct {
	byText map[string]Word
	texts  []string
	recent [64]Word // by scatter: the few words of most rows need no map
	full   bool
}

// Word stands for a text.
type Word uint32

const (
	mostWords = 1 << 20 // texts kept, beyond which new ones are left out: a large network names fewer hosts in a day
	mostText  = 255     // bytes of a text: as long as names in the DNS
)

// Keep gives the word for a text, of which it keeps the first 255 bytes. It is 0 where too many are kept already.
func (w *Words) Keep(text []byte) Word {
	text = text[:min(len(text), mostText)]
	if len(text) == 0 {
		return 0
	}
	recent := &w.recent[scatter(text)%uint32(len(w.recent))]
	if *recent == 0 || w.texts[*recent] != string(text) {
		*recent = w.find(text)
	}
	return *recent
}

// find gives the word for a text, new if need be.
func (w *Words) find(text []byte) Word {
	if word, ok := w.byText[string(text)]; ok {
		return word
	}
	if w.byText == nil {
		w.byText, w.texts = map[string]Word{}, []string{""}
	}
	if len(w.texts) == mostWords {
		w.full = true
		return 0
	}
	word := Word(len(w.texts))
	kept := string(text)
	w.texts, w.byText[kept] = append(w.texts, kept), word
	return word
}

// Text is what a word stands for.
func (w *Words) Text(word Word) string {
	if word == 0 {
		return ""
	}
	return w.texts[word]
}

// Same is the text as one string, however often it comes.
func (w *Words) Same(text []byte) string { return w.Text(w.Keep(text)) }

// Full tells whether texts were left out.
func (w *Words) Full() bool { return w.full }
