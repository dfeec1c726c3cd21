package pcap_test

import (
	"path/filepath"
	"strings"
	"testing"

	"sentinel/internal/input/inputtest"
)

// TestPcapngGenerator counts the packets of files with blocks of all kinds, as the generator's descriptions list them.
func TestPcapngGenerator(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(inputtest.Shared(t, "pcapng-test-generator"), "output_*", "*", "*.pcapng"))
	if err != nil || len(files) == 0 {
		t.Fatal("no files", err)
	}
	for _, file := range files {
		want := int64(0)
		for _, line := range readLines(t, strings.TrimSuffix(file, "pcapng")+"txt") {
			kind, count, _ := strings.Cut(strings.TrimSpace(line), ": ")
			if kind == "EPB" || kind == "SPB" || kind == "PB" {
				want += number(count)
			}
		}
		result := readCapture(t, file)
		if result.Account.Records != want || result.Account.Damage != nil {
			t.Errorf("%s: %d packets, want %d; damage %v", file, result.Account.Records, want, result.Account.Damage)
		}
	}
	t.Logf("%d files agree", len(files))
}
