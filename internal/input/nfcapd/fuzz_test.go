package nfcapd

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"sentinel/internal/input/inputtest"
)

func FuzzRead(f *testing.F) {
	for _, content := range files() {
		f.Add(content)
	}
	f.Add(file1([]sample{{src: client, dst: server, proto: tcp, event: true, firewall: 2, outBytes: 9}}, 0, nil))
	f.Add(file2([]sample{{src: client, dst: server, proto: tcp, event: true, firewall: 2, outBytes: 9, nat: 1}}, 1, none, nil))
	compressed, err := filepath.Glob(filepath.Join("testdata", "*.nfcapd"))
	if err != nil || len(compressed) == 0 {
		f.Fatal("no samples: ", err)
	}
	var samples [][]byte
	for _, path := range compressed {
		content, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		samples = append(samples, content)
	}
	inputtest.Fuzz(f, Format, samples...)
}

// FuzzLZO: whatever the block holds, the decoder ends, and stays within its room.
func FuzzLZO(f *testing.F) {
	f.Add(literal([]byte("nfdump")), 100)
	f.Add(literal(bytes.Repeat([]byte("nfdump"), 200)), 2000)
	content, err := os.ReadFile(filepath.Join("testdata", "lzo.nfcapd"))
	if err != nil {
		f.Fatal(err)
	}
	size := order.Uint32(content[layouts[2].size+4:])
	f.Add(content[layouts[2].size+blockHeader:][:size], 1<<15)
	f.Fuzz(func(t *testing.T, block []byte, room int) {
		const most = 1 << 20
		if room < 0 || room > most {
			return
		}
		guarded := bytes.Repeat([]byte{0xee}, room+16)
		n, err := decodeLZO(guarded[:room:room], block)
		if n > room || err != nil && n != 0 {
			t.Errorf("%d bytes in %d, error %v", n, room, err)
		}
		if !bytes.Equal(guarded[room:], bytes.Repeat([]byte{0xee}, 16)) {
			t.Error("wrote beyond its room")
		}
	})
}
