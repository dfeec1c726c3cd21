package pcap_test

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
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
		capture, ok := captureOf(path)
		if !ok {
			continue
		}
		p := pairs{}
		for _, s := range readSessions(t, path) {
			if s.Proto != flow.TCP && s.Proto != flow.UDP {
				s.Source.Port, s.Destination.Port = 0, 0
			}
			p.add(s.Proto, s.Source.port(), s.Destination.port(), s.Source.Packets, s.Destination.Packets)
		}
		if known.judge(t, filepath.Base(capture), p.lines(), pairsOf(readCapture(t, capture).Flows).lines()) {
			agree++
		}
	}
	known.unused(t)
	inputtest.Agreement(t, "testdata/agreement.tsv", "arkime", len(known.seen), agree)
}

// TestArkimeNames looks for the hosts and the fingerprints that Arkime finds in HTTP and TLS. It has all of a session,
// Sentinel the first.
func TestArkimeNames(t *testing.T) {
	known := readDifferences(t, "testdata/arkime_name_differences.tsv")
	expected, err := filepath.Glob(filepath.Join(inputtest.Shared(t, "arkime"), "tests", "pcap", "*.test"))
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, path := range expected {
		capture, ok := captureOf(path)
		if !ok {
			continue
		}
		missed := missedNames(readSessions(t, path), readCapture(t, capture).Flows, &found)
		known.judge(t, filepath.Base(capture), nil, missed)
	}
	known.unused(t)
	t.Logf("%d hosts and fingerprints are found", found)
}

// missedNames lists what no flow between the ends of a session has.
func missedNames(sessions []session, flows []flow.Flow, found *int) (missed []string) {
	told := map[string]bool{}
	for _, f := range flows {
		src, dst := netip.AddrPortFrom(f.SrcIP, f.SrcPort), netip.AddrPortFrom(f.DstIP, f.DstPort)
		told[src.String()+" "+f.Name], told[src.String()+" "+f.JA4] = true, true
		told[dst.String()+" "+f.Name], told[dst.String()+" "+f.JA4] = true, true
	}
	for _, s := range sessions {
		for _, names := range [][]string{s.HTTP.Host, s.TLS.JA4} {
			isTold := func(name string) bool {
				host, _, _ := strings.Cut(strings.ToLower(name), ":")
				return told[s.Source.port().String()+" "+host] || told[s.Source.port().String()+" "+name]
			}
			switch {
			case len(names) == 0:
			case slices.ContainsFunc(names, isTold):
				*found++
			default:
				missed = append(missed, fmt.Sprintf("%s %v", s.Source.port(), names))
			}
		}
	}
	slices.Sort(missed)
	return missed
}

// captureOf gives the capture that sessions were made of; one of them is missing.
func captureOf(path string) (capture string, ok bool) {
	capture = strings.TrimSuffix(path, ".test") + ".pcap"
	_, err := os.Stat(capture)
	return capture, err == nil
}

type session struct {
	Source      sessionEnd `json:"source"`
	Destination sessionEnd `json:"destination"`
	Proto       flow.Proto `json:"ipProtocol"`
	HTTP        struct {
		Host []string `json:"host"`
	} `json:"http"`
	TLS struct {
		JA4 []string `json:"ja4"`
	} `json:"tls"`
}

type sessionEnd struct {
	IP      netip.Addr `json:"ip"`
	Port    uint16     `json:"port"`
	Packets int64      `json:"packets"`
}

func (e sessionEnd) port() netip.AddrPort { return netip.AddrPortFrom(e.IP, e.Port) }

func readSessions(t *testing.T, path string) (sessions []session) {
	type body struct {
		Body session `json:"body"`
	}
	var file struct{ Sessions3, Sessions2 []body }
	content, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(content, &file)
	}
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	for _, b := range append(file.Sessions3, file.Sessions2...) {
		sessions = append(sessions, b.Body)
	}
	return sessions
}
