package wire_test

import (
	"cmp"
	"net/netip"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"sentinel/internal/flow"
	"sentinel/internal/input"
	"sentinel/internal/input/inputtest"
	"sentinel/internal/input/pcap"
	"sentinel/internal/synth"
	"sentinel/internal/synth/wire"
)

// identity tells a flow from all others.
type identity struct {
	start int64
	ends  ends
}

// TestMeteredFlowsAreTheFlows writes the flows of a day as packets, meters those as the program does, and compares. Two
// things are found that flows do not have: fingerprints of hellos, and names of servers whose own packets tell none, from
// the lookups before. Packets that are cut tell less.
func TestMeteredFlowsAreTheFlows(t *testing.T) {
	for _, order := range []struct {
		packets int64
		options wire.Options
	}{
		{0, wire.Options{Format: wire.PCAP}},
		{100_000, wire.Options{Format: wire.PCAPNG, Snaplen: 128}},
		{9_000, wire.Options{Format: wire.NsecPCAP}},
	} {
		capture, lookups := asking(t, 5_000)
		if order.packets > 0 {
			if err := capture.Scale(order.packets, 700); err != nil {
				t.Fatal(err)
			}
		}
		if order.packets == 9_000 { // which leaves half of the lookups without an answer
			lookups = nil
		}
		meterAgain(t, capture, lookups, order.options)
	}
}

// asking is a day of an office, and what it asks the DNS, in order of time.
func asking(t *testing.T, flows int) (*wire.Capture, []flow.Lookup) {
	t.Helper()
	day, err := synth.Day(synth.Options{Kind: synth.Judge, Profile: synth.Office, Flows: flows})
	if err != nil {
		t.Fatal(err)
	}
	note := &noting{Capture: day}
	capture, err := wire.Collect(note, flows)
	if err != nil {
		t.Fatal(err)
	}
	return capture, note.lookups
}

// noting keeps the lookups that are read.
type noting struct {
	*synth.Capture
	lookups []flow.Lookup
}

func (n *noting) Lookups() []flow.Lookup {
	n.lookups = append(n.lookups, n.Capture.Lookups()...)
	return n.Capture.Lookups()
}

// sameLookups compares lookups but for the sizes of messages, which flows are compared by.
func sameLookups(t *testing.T, want, got []flow.Lookup) {
	t.Helper()
	for _, list := range [][]flow.Lookup{want, got} {
		for i := range list {
			list[i].UpBytes, list[i].DownBytes = 0, 0
		}
		slices.SortFunc(list, func(a, b flow.Lookup) int { return cmp.Or(cmp.Compare(a.Time, b.Time), a.Client.Compare(b.Client)) })
	}
	if diff := gocmp.Diff(want, got, sameAddress); diff != "" || len(want) < 100 {
		t.Errorf("%d lookups (-want +got):\n%s", len(want), diff)
	}
}

var sameAddress = gocmp.Comparer(func(a, b netip.Addr) bool { return a == b })

func meterAgain(t *testing.T, capture *wire.Capture, lookups []flow.Lookup, options wire.Options) {
	t.Helper()
	result := inputtest.Read(pcap.Format, write(t, capture, options), input.Settings{}, 1_024)
	if result.Err != nil || result.Account.Damage != nil || len(result.Account.Skipped) > 0 {
		t.Fatalf("%v, %v, %v", result.Err, result.Account.Damage, result.Account.Skipped)
	}
	cut := options.Snaplen > 0
	if lookups != nil && !cut {
		sameLookups(t, lookups, result.Lookups)
	}
	got, names := map[identity]flow.Flow{}, map[netip.Addr]string{}
	for _, f := range result.Flows {
		if f.JA4 != "" != (f.Service == "tls") && !cut {
			t.Errorf("fingerprint %q of service %q", f.JA4, f.Service)
		}
		f.JA4 = ""
		got[identity{f.Start, endsOf(f)}] = f
	}
	for f := range capture.Expected {
		if f.Name != "" {
			names[f.DstIP] = f.Name
		}
	}
	for want := range capture.Expected {
		id := identity{want.Start, endsOf(want)}
		f := got[id]
		if want.Name == "" && f.Name == names[f.DstIP] {
			want.Name = f.Name
		}
		if cut {
			want.Name, want.Service, f.Name, f.Service = "", "", "", ""
		}
		if diff := gocmp.Diff(want, f, sameAddress); diff != "" {
			t.Errorf("%v (-want +got):\n%s", options, diff)
		}
		delete(got, id)
	}
	for _, f := range got {
		t.Errorf("%v: not written: %v", options, f)
	}
}
