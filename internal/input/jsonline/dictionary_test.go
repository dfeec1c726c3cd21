package jsonline_test

import (
	"fmt"
	"testing"

	"sentinel/internal/input/jsonline"
)

func TestDictionary(t *testing.T) {
	meanings := map[string]int{}
	for i := range 300 { // more than differ in what a word is scattered by
		meanings[fmt.Sprintf("a%d-%da", i, i)] = i
	}
	dictionary := jsonline.NewDictionary(meanings)
	for word, want := range meanings {
		if got, ok := dictionary.Find([]byte(word)); !ok || got != want {
			t.Errorf("%s means %d, %v; want %d", word, got, ok, want)
		}
		if got, ok := dictionary.Find([]byte(word + "a")); ok {
			t.Errorf("%sa, which is unknown, means %d", word, got)
		}
	}
	if got, ok := dictionary.Find(nil); ok {
		t.Errorf("nothing means %d", got)
	}
	if got, ok := (jsonline.Dictionary[int]{}).Find(nil); ok {
		t.Errorf("nothing means %d in an empty dictionary", got)
	}
}

// TestWordsComeAgain: a word stands for its text also where others of the same beginning, middle and end came between.
func TestWordsComeAgain(t *testing.T) {
	var words jsonline.Words
	first := map[string]jsonline.Word{}
	for round := range 3 {
		for i := range 500 {
			text := fmt.Sprintf("a%03d-%03da", i, i)
			word := words.Keep([]byte(text))
			if round == 0 {
				first[text] = word
			}
			if word == 0 || word != first[text] || words.Text(word) != text || words.Same([]byte(text)) != text {
				t.Fatalf("round %d: %s is word %d, %q; it was %d", round, text, word, words.Text(word), first[text])
			}
		}
	}
	if words.Keep(nil) != 0 || words.Text(0) != "" {
		t.Error("the empty text is no word")
	}
}
