package hello_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sentinel/internal/flow"
	"sentinel/internal/input/inputtest"
	"sentinel/internal/input/pcap"
	"sentinel/internal/packet"
	"sentinel/internal/packet/hello"
	"sentinel/internal/packet/quic"
)

// TestArkime compares with the fingerprints that Arkime gives for its own captures.
func TestArkime(t *testing.T) {
	dir := inputtest.Shared(t, "arkime", "tests", "pcap")
	wanted, err := filepath.Glob(filepath.Join(dir, "*.test"))
	if err != nil || len(wanted) == 0 {
		t.Fatalf("%s has no sessions: %v", dir, err)
	}
	compared := 0
	for _, path := range wanted {
		fingerprints := arkime(t, path)
		if len(fingerprints) == 0 {
			continue
		}
		found := ours(t, strings.TrimSuffix(path, ".test")+".pcap")
		for _, want := range fingerprints {
			compared++
			if !found[want] {
				t.Errorf("%s: %s is not among %v", filepath.Base(path), want, found)
			}
		}
	}
	if compared < 30 {
		t.Errorf("compared %d fingerprints only", compared)
	}
}

// arkime lists what it found in TLS over TCP and in QUIC. Its hellos inside OpenVPN are left out.
func arkime(t *testing.T, path string) (fingerprints []string) {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var document struct {
		Sessions3 []struct {
			Body struct {
				TLS      struct{ JA4 []string }
				Protocol []string
			}
		}
	}
	if json.Unmarshal(content, &document) != nil || strings.HasPrefix(filepath.Base(path), "openvpn") {
		return nil
	}
	for _, session := range document.Sessions3 {
		for _, fingerprint := range session.Body.TLS.JA4 {
			if fingerprint[0] != 'd' {
				fingerprints = append(fingerprints, fingerprint)
			}
		}
	}
	return fingerprints
}

// ours are the fingerprints of all hellos of a capture, each looked for from every packet on.
func ours(t *testing.T, path string) map[string]bool {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	streams := map[packet.Ends][]byte{} // of hellos that have begun
	datagrams := map[packet.Ends]*quic.Stream{}
	for record, err := range pcap.Records(bytes.NewReader(content)) {
		if err != nil {
			break // some are cut short on purpose
		}
		var p packet.Packet
		if packet.Decode(record.Link, record.Data, &p) != packet.Decoded {
			continue
		}
		payload := record.Data[p.From:p.Till]
		if p.Proto == flow.UDP && quic.Looks(payload) {
			if datagrams[p.Ends] == nil {
				datagrams[p.Ends] = &quic.Stream{}
			}
			got, _ := datagrams[p.Ends].Add(payload)
			found[got.JA4] = true
		} else if p.Proto == flow.TCP {
			stream := append(bytes.Clone(streams[p.Ends]), payload...)
			got, progress := hello.Parse(stream)
			if progress != hello.NeedMore {
				stream = nil
			}
			streams[p.Ends] = stream
			found[got.JA4] = true
		}
	}
	return found
}
