package pcap_test

import (
	"encoding/json"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sentinel/internal/flow"
	"sentinel/internal/input/inputtest"
)

// TestArkime compares packets each way between two ends with the sessions that Arkime makes of its test captures. Its
// bytes are those of frames as captured, which are not comparable.
func TestArkime(t *testing.T) {
	known := readDifferences(t, "testdata/arkime_differences.tsv")
	expected, err := filepath.Glob(filepath.Join(inputtest.Shared(t, "arkime"), "tests", "pcap", "*.test"))
	if err != nil || len(expected) == 0 {
		t.Fatal("no sessions", err)
	}
	agree := 0
	for _, path := range expected {
		capture := strings.TrimSuffix(path, ".test") + ".pcap"
		if _, err := os.Stat(capture); err != nil {
			continue
		}
		got := pairsOf(readCapture(t, capture).Flows).lines()
		if known.judge(t, filepath.Base(capture), readSessions(t, path).lines(), got) {
			agree++
		}
	}
	known.unused(t)
	t.Logf("%d of %d captures agree with Arkime's sessions, %d differ for known reasons", agree, len(known.seen), len(known.seen)-agree)
}

func readSessions(t *testing.T, path string) pairs {
	type end struct {
		IP      netip.Addr `json:"ip"`
		Port    uint16     `json:"port"`
		Packets int64      `json:"packets"`
	}
	type session struct {
		Body struct {
			Source      end        `json:"source"`
			Destination end        `json:"destination"`
			Proto       flow.Proto `json:"ipProtocol"`
		} `json:"body"`
	}
	var file struct {
		Sessions3, Sessions2 []session
	}
	content, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(content, &file)
	}
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	p := pairs{}
	for _, s := range append(file.Sessions3, file.Sessions2...) {
		from, to := s.Body.Source, s.Body.Destination
		if s.Body.Proto != flow.TCP && s.Body.Proto != flow.UDP {
			from.Port, to.Port = 0, 0
		}
		p.add(s.Body.Proto, netip.AddrPortFrom(from.IP, from.Port), netip.AddrPortFrom(to.IP, to.Port), from.Packets, to.Packets)
	}
	return p
}
