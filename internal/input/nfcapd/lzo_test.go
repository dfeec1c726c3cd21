package nfcapd

import (
	"bytes"
	"errors"
	"testing"
)

// TestLZO goes through every instruction; blocks are written by hand from the description of the format.
func TestLZO(t *testing.T) {
	end := []byte{17, 0, 0}
	far := bytes.Repeat([]byte("0123456789abcdef"), 1<<10) // 16 kB
	for name, c := range map[string]struct {
		block []byte
		want  string
		err   error
	}{
		"nothing":                         {end, "", nil},
		"short literals":                  {join([]byte{19, 'a', 'b'}, end), "ab", nil},
		"a run of literals":               {join([]byte{1}, []byte("abcd"), end), "abcd", nil},
		"a long run of literals":          {join([]byte{0, 0, 1}, bytes.Repeat([]byte("x"), 274), end), string(bytes.Repeat([]byte("x"), 274)), nil},
		"two bytes after short literals":  {join([]byte{20, 'a', 'b', 'c', 1 << 2, 0}, end), "abcbc", nil},
		"three bytes after many literals": {join(unended(far), []byte{3<<2 | 1, 1, '!'}, end), string(far) + string(far[len(far)-2056:][:3]) + "!", nil},
		"near copy":                       {join([]byte{21, 'a', 'b', 'c', 'd'}, []byte{5<<5 | 3<<2 | 2, 0, 'y', 'z'}, end), "abcdabcdabyz", nil},
		"middle copy":                     {join([]byte{18, 'a'}, []byte{32 | 9, 0, 0}, end), "a" + "aaaaaaaaaaa", nil},
		"long middle copy":                {join([]byte{18, 'a'}, []byte{32, 0, 2, 0, 0}, end), "a" + string(bytes.Repeat([]byte("a"), 31+255+2+2)), nil},
		"far copy":                        {join(unended(join([]byte("first"), far)), []byte{16 | 3, 5 << 2, 0}, end), "first" + string(far) + "first", nil},
		"no end":                          {[]byte{19, 'a', 'b'}, "", errLZOShort},
		"before the block":                {join([]byte{18, 'a'}, []byte{32 | 9, 4, 0}, end), "", errLZOBefore},
		"literals are missing":            {[]byte{60, 'a', 'b'}, "", errLZOShort},
		"an endless length":               {join([]byte{18, 'a', 32}, make([]byte, 100)), "", errLZOShort},
		"empty":                           {nil, "", errLZOShort},
	} {
		room := make([]byte, len(c.want)+20)
		n, err := decodeLZO(room, c.block)
		if !errors.Is(err, c.err) || string(room[:n]) != c.want {
			t.Errorf("%s: %.60q of %d bytes, error %v; want %.60q of %d bytes", name, room[:n], n, err, c.want, len(c.want))
		}
		if len(c.want) == 0 {
			continue
		}
		if _, err := decodeLZO(room[:len(c.want)-1], c.block); !errors.Is(err, errLZOLong) {
			t.Errorf("%s, with too little room: %v", name, err)
		}
	}
	if _, err := decodeLZO(make([]byte, 10), append(end, 0)); err == nil {
		t.Error("what follows the end is taken")
	}
}

// unended is a block of literals that can go on.
func unended(data []byte) []byte {
	block := literal(data)
	return block[:len(block)-3]
}

func join(parts ...[]byte) []byte { return bytes.Join(parts, nil) }
