package intel_test

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"sentinel/internal/intel"
)

func read(t testing.TB, name, text string) *intel.List {
	t.Helper()
	list := &intel.List{}
	if err := list.Read(name, strings.NewReader(text)); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return list
}

const stix = `{"type": "bundle", "id": "bundle--1", "objects": [
 {"type": "identity", "name": "somebody"},
 {"type": "indicator", "name": "Controller", "pattern_type": "stix", "pattern": "[ipv4-addr:value = '192.0.2.7' OR domain-name:value = 'bad.example']",
  "valid_from": "2026-01-01T00:00:00Z", "modified": "2026-02-01T10:00:00.000Z", "confidence": 80},
 {"type": "indicator", "name": "Network", "pattern_type": "stix", "pattern": "[ipv4-addr:value ISSUBSET '198.51.100.0/25']"},
 {"type": "indicator", "name": "Old", "revoked": true, "pattern_type": "stix", "pattern": "[ipv4-addr:value = '203.0.113.1']"},
 {"type": "indicator", "name": "Hash", "pattern_type": "stix", "pattern": "[file:hashes.MD5 = 'x']"}]}`

const misp = `{"response": [{"Event": {"info": "Campaign", "Attribute": [
 {"type": "ip-dst", "value": "192.0.2.7", "comment": "c2", "timestamp": "1767225600", "to_ids": true},
 {"type": "domain|ip", "value": "bad.example|198.51.100.9"},
 {"type": "ip-dst|port", "value": "203.0.113.4|443"},
 {"type": "ip-dst", "value": "203.0.113.5", "to_ids": false},
 {"type": "md5", "value": "x"}], "Object": [{"Attribute": [{"type": "url", "value": "https://worse.example/a?b"}]}]}}]}`

func TestFormats(t *testing.T) {
	for _, test := range []struct {
		name, text   string
		entries, bad int
		hits, misses []string
	}{
		{"plain", "# a list\n192.0.2.7 # c2\n\n198.51.100.0/25\nbad[.]example\n2001:db8::1\n; more\nnonsense!\n999.1.2.3\n", 4, 2,
			[]string{"192.0.2.7", "198.51.100.100", "bad.example", "WWW.bad.example.", "2001:db8::1", "::ffff:192.0.2.7"}, []string{"192.0.2.8", "198.51.100.200", "notbad.example", "example"}},
		{"hosts file", "0.0.0.0 bad.example\n127.0.0.1 worse.example # x\n", 2, 0, []string{"bad.example", "a.worse.example"}, []string{"0.0.0.0", "127.0.0.1"}},
		{"URLs", "hxxps://bad.example:8443/x\nhttp://192.0.2.7/y\n", 2, 0, []string{"bad.example", "192.0.2.7"}, nil},
		{"CSV with a header", "first_seen,dst_ip,confidence,malware\n2026-01-01 10:00:00,192.0.2.7,75,Bot\n2026-01-01,oops,1,x\n", 1, 1, []string{"192.0.2.7"}, nil},
		{"CSV with its header in a remark", "# by somebody\n# first_seen_utc,dst_ip,dst_port\n\"2026-01-01 10:00:00\",\"192.0.2.7\",\"443\"\n", 1, 0, []string{"192.0.2.7"}, nil},
		{"CSV without a header", "7,bad.example,x\n8,192.0.2.0/24,y\n", 2, 0, []string{"bad.example", "192.0.2.1"}, nil},
		{"STIX", stix, 3, 1, []string{"192.0.2.7", "bad.example", "198.51.100.1"}, []string{"203.0.113.1", "198.51.100.129"}},
		{"MISP", misp, 5, 0, []string{"192.0.2.7", "bad.example", "198.51.100.9", "203.0.113.4", "worse.example"}, []string{"203.0.113.5"}},
		{"JSON list", `["192.0.2.7", "bad.example", 7]`, 2, 1, []string{"192.0.2.7"}, nil},
		{"half the world", "0.0.0.0/0\n::/0\n192.0.2.7\n", 1, 2, []string{"192.0.2.7"}, []string{"8.8.8.8", "2001:db8::1"}},
	} {
		list := read(t, test.name, test.text)
		if list.Entries != test.entries || list.Bad != test.bad {
			t.Errorf("%s: %d entries and %d bad, want %d and %d: %v", test.name, list.Entries, list.Bad, test.entries, test.bad, list.Problems)
		}
		for _, hit := range test.hits {
			if len(find(list, hit)) == 0 {
				t.Errorf("%s: %s is not found", test.name, hit)
			}
		}
		for _, miss := range test.misses {
			if listed := find(list, miss); len(listed) > 0 {
				t.Errorf("%s: %s is found as %v", test.name, miss, listed)
			}
		}
	}
}

func find(list *intel.List, text string) []intel.Entry {
	if address, err := netip.ParseAddr(text); err == nil {
		return list.Address(address)
	}
	return list.Named(text)
}

func TestWhatFeedsSay(t *testing.T) {
	for _, test := range []struct {
		name, text, label string
		seen              time.Time
		confidence        float64
	}{
		{"feeds/a.csv", "ip,description,last_seen,confidence\n192.0.2.7,Bot,2026-02-01T10:00:00Z,75\n", "Bot", time.Date(2026, 2, 1, 10, 0, 0, 0, time.UTC), 0.75},
		{"a.json", stix, "Controller", time.Date(2026, 2, 1, 10, 0, 0, 0, time.UTC), 0.8},
		{"a.json", misp, "Campaign c2", time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), -1},
		{"a.txt", "192.0.2.7 # Bot", "Bot", time.Time{}, -1},
	} {
		listed := read(t, test.name, test.text).Address(netip.MustParseAddr("192.0.2.7"))
		if len(listed) != 1 {
			t.Errorf("%s: %v", test.name, listed)
			continue
		}
		got := listed[0]
		if got.Feed != "a" || got.Label != test.label || !got.Seen.Equal(test.seen) || got.Confidence != test.confidence {
			t.Errorf("%s: %+v, want %s of %s, %v", test.name, got, test.label, test.seen, test.confidence)
		}
	}
}

// The smallest network that holds an address tells most; feeds that list the same thing are all told.
func TestSeveralFeeds(t *testing.T) {
	list := &intel.List{}
	for name, text := range map[string]string{"wide.txt": "192.0.2.0/24", "narrow.txt": "192.0.2.7", "again.txt": "192.0.2.7"} {
		if err := list.Read(name, strings.NewReader(text)); err != nil {
			t.Fatal(err)
		}
	}
	if listed := list.Address(netip.MustParseAddr("192.0.2.7")); len(listed) != 2 {
		t.Errorf("%v, want the two feeds that list the address itself", listed)
	}
	if listed := list.Address(netip.MustParseAddr("192.0.2.8")); len(listed) != 1 || listed[0].Feed != "wide" {
		t.Errorf("%v, want the network", listed)
	}
}

func TestNothingInIt(t *testing.T) {
	for name, text := range map[string]string{"empty": "", "remarks": "# nothing\n", "nonsense": "?\n", "broken JSON": `{"type": "bundle",`, "other JSON": `{"a": 1}`} {
		list := &intel.List{}
		if err := list.Read(name, strings.NewReader(text)); err == nil {
			t.Errorf("%s: read without an error", name)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, text := range []string{stix, misp, "192.0.2.7\nbad.example # x", "ip,score\n192.0.2.0/24,5", `["a.b"]`, "0.0.0.0 x.example", "[[[[[[1]]]]]]", `{"response":null}`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		list := &intel.List{}
		err := list.Read("fuzz", strings.NewReader(text))
		if err == nil && list.Entries == 0 {
			t.Error("no error and no entries")
		}
		if len(list.Problems) > list.Bad {
			t.Errorf("%d problems told, %d counted", len(list.Problems), list.Bad)
		}
		list.Address(netip.MustParseAddr("192.0.2.7"))
		list.Named(text)
	})
}
