package threatintel_test

import (
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"testing"

	"sentinel/internal/detect/detecttest"
	"sentinel/internal/detect/threatintel"
	"sentinel/internal/finding"
	"sentinel/internal/flow"
	"sentinel/internal/intel"
	"sentinel/internal/synth"
)

func host(i int) netip.Addr { return netip.AddrFrom4([4]byte{10, 0, 0, byte(i)}) }

func call(src, dst string, down int64, name string) flow.Flow {
	return flow.Flow{
		Start: 1_767_571_200e6, SrcIP: netip.MustParseAddr(src), DstIP: netip.MustParseAddr(dst), Proto: flow.TCP, DstPort: 443,
		UpBytes: 900, DownBytes: down, Name: name,
	}
}

// crowd are twenty hosts that contact one server.
func crowd(dst string) []flow.Flow {
	var flows []flow.Flow
	for i := range 20 {
		flows = append(flows, call(host(50+i).String(), dst, 2_000, ""))
	}
	return flows
}

func lists(t *testing.T, texts ...string) *intel.List {
	t.Helper()
	list := &intel.List{}
	for i, text := range texts {
		if err := list.Read([]string{"first.csv", "second.csv"}[i], strings.NewReader(text)); err != nil {
			t.Fatal(err)
		}
	}
	return list
}

const (
	plain = "192.0.2.7\n198.51.100.0/24\nbad.example\n"
	table = "ip,confidence,last_seen\n192.0.2.7,90,2026-01-04\n192.0.2.8,20,2026-01-04\n192.0.2.9,50,2024-01-01\n"
)

func TestWhatIsFoundAndHowSevere(t *testing.T) {
	for _, test := range []struct {
		name  string
		lists []string
		flow  flow.Flow
		want  finding.Severity // Info: nothing
		title string
	}{
		{"an address", []string{plain}, call("10.0.0.1", "192.0.2.7", 2_000, ""), finding.High, "10.0.0.1 contacts 192.0.2.7, which first lists, 1 times"},
		{"a network", []string{plain}, call("10.0.0.1", "198.51.100.9", 2_000, ""), finding.High, "10.0.0.1 contacts 198.51.100.9 (198.51.100.0/24)"},
		{"a name below one", []string{plain}, call("10.0.0.1", "203.0.113.1", 2_000, "www.bad.example"), finding.High, "10.0.0.1 contacts 203.0.113.1 (bad.example)"},
		{"another address", []string{plain}, call("10.0.0.1", "192.0.2.99", 2_000, "good.example"), finding.Info, ""},
		{"much, and sure of it", []string{table}, call("10.0.0.1", "192.0.2.7", 30e6, ""), finding.Critical, "10.0.0.1 contacts 192.0.2.7"},
		{"two lists", []string{table, plain}, call("10.0.0.1", "192.0.2.7", 2_000, ""), finding.Critical, "10.0.0.1 contacts 192.0.2.7"},
		{"the list is not sure", []string{table}, call("10.0.0.1", "192.0.2.8", 2_000, ""), finding.Medium, "10.0.0.1"},
		{"an old entry", []string{table}, call("10.0.0.1", "192.0.2.9", 2_000, ""), finding.Medium, "10.0.0.1"},
		{"nothing answered", []string{plain}, call("10.0.0.1", "192.0.2.7", 0, ""), finding.Low, "10.0.0.1"},
		{"it came by itself", []string{plain}, call("192.0.2.7", "10.0.0.1", 2_000, ""), finding.Low, "192.0.2.7, which first lists, contacts 10.0.0.1"},
	} {
		flows := append(crowd("203.0.113.50"), test.flow)
		found := detecttest.Run(t, threatintel.New(lists(t, test.lists...)), detecttest.Capture{Flows: flows, Columns: detecttest.Office}).Findings
		if test.want == finding.Info {
			if len(found) > 0 {
				t.Errorf("%s: %s", test.name, found[0].Title)
			}
			continue
		}
		if len(found) != 1 || found[0].Severity != test.want || !strings.HasPrefix(found[0].Title, test.title) {
			t.Errorf("%s: %+v, want one, %s", test.name, found, test.want)
		}
	}
}

func TestGroupsAndShared(t *testing.T) {
	found := detecttest.Run(t, threatintel.New(lists(t, plain)), detecttest.Capture{Flows: crowd("192.0.2.7")}).Findings
	if len(found) != 1 || len(found[0].Hosts) != 20 || found[0].Severity != finding.Low {
		t.Errorf("%+v, want one finding about all hosts, low since everybody goes there", found)
	}
}

func TestGeneratedDay(t *testing.T) {
	flows, truth := detecttest.Day(t, synth.Options{Kind: synth.Judge, Seed: 4, Flows: 30_000, Attacks: []synth.Attack{{Name: "beacon"}}})
	detector := threatintel.New(lists(t, truth.Attacks[0].Destinations[0].String()))
	first := detecttest.Run(t, detector, detecttest.Capture{Flows: flows})
	if len(first.Findings) != 1 || !slices.Equal(first.Findings[0].Hosts, truth.Attacks[0].Hosts) || first.Findings[0].Severity < finding.High {
		t.Errorf("%+v, want %v", first.Findings, truth.Attacks[0].Hosts)
	}
	second := detecttest.Run(t, detector, detecttest.Capture{Flows: detecttest.Shuffled(flows), Threads: 2})
	first.Findings[0].PValue, second.Findings[0].PValue = 0, 0 // a rule has none, and NaN equals nothing
	if !reflect.DeepEqual(first.Findings, second.Findings) {
		t.Errorf("shuffled: %+v\nbefore: %+v", second.Findings, first.Findings)
	}
}

func TestWithoutList(t *testing.T) {
	result := detecttest.Run(t, threatintel.Detector, detecttest.Capture{Flows: crowd("192.0.2.7")})
	if result.Ran[0].Void != "no list given: --intel FILE" {
		t.Errorf("void %q", result.Ran[0].Void)
	}
}

func TestParameters(t *testing.T) {
	for _, test := range []struct {
		name   string
		value  float64
		dst    string
		down   int64
		before finding.Severity
		after  finding.Severity
	}{
		{"min_confidence", 0.3, "192.0.2.8", 2_000, finding.Medium, finding.Info},
		{"stale_days", 2_000, "192.0.2.9", 2_000, finding.Medium, finding.High},
		{"much_bytes", 1_000, "192.0.2.7", 2_000, finding.High, finding.Critical},
	} {
		detector := threatintel.New(lists(t, table))
		for value, want := range map[float64]finding.Severity{detector.Defaults()[test.name]: test.before, test.value: test.after} {
			found := detecttest.Run(t, detector, detecttest.Capture{
				Flows: append(crowd("203.0.113.50"), call("10.0.0.1", test.dst, test.down, "")), Params: map[string]float64{test.name: value},
			}).Findings
			got := finding.Info
			if len(found) > 0 {
				got = found[0].Severity
			}
			if got != want {
				t.Errorf("%s %v: %s, want %s", test.name, value, got, want)
			}
		}
	}
}

func TestExplain(t *testing.T) {
	result := detecttest.Run(t, threatintel.New(lists(t, plain)), detecttest.Capture{Flows: crowd("192.0.2.7"), Explain: host(50)})
	if len(result.Lines) != 1 || !result.Lines[0].Fired {
		t.Errorf("lines %v", result.Lines)
	}
}
