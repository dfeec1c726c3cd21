package jsonline_test

import (
	"fmt"
	"testing"

	"sentinel/internal/input/jsonline"
)

// TestHash tells apart what logs identify by: counters, identifiers of Zeek, and texts that end in zeros.
func TestHash(t *testing.T) {
	seen := map[uint64]string{}
	for i := range 50_000 {
		for _, text := range []string{fmt.Sprint(i), fmt.Sprintf("C%017d", i), fmt.Sprintf("%d%016d", i, 0)} {
			key := jsonline.Hash(0, []byte(text))
			if before, met := seen[key]; met && before != text {
				t.Fatalf("%q and %q have the same", before, text)
			}
			seen[key] = text
		}
	}
	for _, pair := range [][2]string{{"", "\x00"}, {"\x00", "\x00\x00"}, {"a", "a\x00"}} {
		if jsonline.Hash(0, []byte(pair[0])) == jsonline.Hash(0, []byte(pair[1])) {
			t.Errorf("%q and %q have the same", pair[0], pair[1])
		}
	}
	if jsonline.Hash(jsonline.Hash(0, []byte("a")), []byte("bc")) == jsonline.Hash(jsonline.Hash(0, []byte("ab")), []byte("c")) {
		t.Error("two texts have the hash of two others")
	}
}
