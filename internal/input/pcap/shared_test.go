package pcap_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"sentinel/internal/input"
	"sentinel/internal/input/inputtest"
	"sentinel/internal/input/pcap"
)

// endings are those of captures, and of compressed ones.
var endings = []string{".pcap", ".pcapng", ".cap", ".trace", ".dmp", ".pcap_", ".gz"}

// TestEveryCapture reads all captures there are, whole from disk and cut in memory: each to its end, or to an error
// or damage that says where.
func TestEveryCapture(t *testing.T) {
	captures, damaged, refused := 0, 0, 0
	err := filepath.WalkDir(inputtest.Shared(t), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !slices.Contains(endings, filepath.Ext(path)) {
			return err
		}
		result := inputtest.ReadFile(t, pcap.Format, path, input.Settings{})
		switch captures++; {
		case result.Err != nil:
			refused++
			return nil
		case result.Account.Damage != nil:
			damaged++
		}
		content, err := os.ReadFile(path)
		if err == nil && filepath.Ext(path) != ".gz" {
			readCut(t, path, content, len(result.Flows))
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	t.Logf("%d captures: %d damaged, %d are something else", captures, damaged, refused)
}

// readCut compares a stream with the mapped file, and reads beginnings of it.
func readCut(t *testing.T, path string, content []byte, flows int) {
	if got := len(inputtest.Read(pcap.Format, content, input.Settings{Threads: 1}, 100).Flows); got != flows {
		t.Errorf("%s: %d flows as a stream, %d as a file", path, got, flows)
	}
	for _, part := range []int{23, 61} {
		length := len(content) * part / 100
		result := inputtest.Read(pcap.Format, content[:length], input.Settings{Threads: 1}, 100)
		if result.Err == nil && result.Account.Damage == nil && len(result.Flows) > flows {
			t.Errorf("%s: %d flows in the first %d bytes, %d in all", path, len(result.Flows), length, flows)
		}
	}
}
