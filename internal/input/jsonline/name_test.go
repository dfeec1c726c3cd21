package jsonline_test

import (
	"encoding/binary"
	"strings"
	"testing"

	"sentinel/internal/input/jsonline"
)

func TestAppendHost(t *testing.T) {
	for text, want := range map[string]string{
		"Example.com": "example.com", " example.com.:8080 ": "example.com", "[2001:DB8::1]:443": "2001:db8::1", "2001:db8::1": "2001:db8::1",
		"192.0.2.1:80": "192.0.2.1", "": "", strings.Repeat("a", 256): "",
	} {
		if got := string(jsonline.AppendHost(nil, []byte(text))); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

func TestWords(t *testing.T) {
	var words jsonline.Words
	first := words.Keep([]byte("tls"))
	if again := words.Keep([]byte("tls")); again != first || words.Text(first) != "tls" || words.Text(words.Keep(nil)) != "" {
		t.Errorf("a word is %q, and %d and %d", words.Text(first), first, again)
	}
	for i := range uint32(1 << 20) {
		words.Keep(binary.LittleEndian.AppendUint32(nil, i))
	}
	if !words.Full() || words.Same([]byte("a new one")) != "" || words.Same([]byte("tls")) != "tls" {
		t.Error("words are not bounded")
	}
}
