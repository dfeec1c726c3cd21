package measure

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sentinel/internal/engine"
	"sentinel/internal/geo"
	"sentinel/internal/report"
)

// rows is an engine whose answers are given.
type rows struct {
	engine.Engine
	hosts      []engine.Host
	servers    []engine.Server
	minutes    []engine.Minute
	ports      []engine.Port
	peers      []engine.Peer // all; those inside are chosen
	duplicates int64
	err        error // that ends every answer
}

func given[Row any](rows []Row, err error) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		for _, row := range rows {
			if !yield(row, nil) {
				return
			}
		}
		if err != nil {
			var none Row
			yield(none, err)
		}
	}
}

func (r rows) Hosts(context.Context) iter.Seq2[engine.Host, error] { return given(r.hosts, r.err) }
func (r rows) Servers(context.Context) iter.Seq2[engine.Server, error] {
	return given(r.servers, r.err)
}
func (r rows) Minutes(context.Context) iter.Seq2[engine.Minute, error] {
	return given(r.minutes, r.err)
}
func (r rows) Ports(context.Context) iter.Seq2[engine.Port, error] { return given(r.ports, r.err) }
func (r rows) Duplicates(context.Context) (int64, error)           { return r.duplicates, r.err }

func (r rows) Peers(_ context.Context, networks []netip.Prefix) iter.Seq2[engine.Peer, error] {
	in := func(a netip.Addr) bool {
		return slices.ContainsFunc(networks, func(n netip.Prefix) bool { return n.Contains(a) })
	}
	var inside []engine.Peer
	for _, peer := range r.peers {
		if in(peer.SrcIP) && in(peer.DstIP) {
			inside = append(inside, peer)
		}
	}
	return given(inside, r.err)
}

func measured(t *testing.T, flows rows, config Config, chosen ...Measure) *report.Report {
	t.Helper()
	config.Places = Places{Countries: geo.Builtin()}
	result := &report.Report{}
	if err := Run(t.Context(), flows, config, chosen, result); err != nil {
		t.Fatal(err)
	}
	return result
}

func addr(text string) netip.Addr { return netip.MustParseAddr(text) }

// host is a source 192.0.2.N with bytes down and up.
func host(n byte, down, up int64) engine.Host {
	return engine.Host{SrcIP: netip.AddrFrom4([4]byte{192, 0, 2, n}), Flows: 1, DownBytes: down, UpBytes: up}
}

func TestExfiltrationCount(t *testing.T) {
	for _, test := range []struct{ hosts, percentile, want int }{
		{200, 90, 20}, // in floating point 19, as the original has it
		{200, 0, 200}, {200, 100, 0}, {200, 99, 2}, {199, 99, 1}, {99, 99, 0}, {3, 50, 1}, {1, 0, 1}, {0, 0, 0}, {10, 70, 3}, {30, 90, 3},
	} {
		var flows rows
		for i := range test.hosts {
			flows.hosts = append(flows.hosts, host(byte(i), int64(i), 1))
		}
		result := measured(t, flows, Config{Percentile: test.percentile}, exfiltration).Exfiltration
		if len(result.Hosts) != test.want || result.Ranked != test.hosts {
			t.Errorf("%d hosts at %d: %d of %d, expected %d", test.hosts, test.percentile, len(result.Hosts), result.Ranked, test.want)
		}
	}
}

func TestExfiltrationOrder(t *testing.T) {
	flows := rows{hosts: []engine.Host{host(1, 0, 0), host(2, 5, 10), host(3, 7, 0), host(4, 9, 0), host(5, 10, 5), host(7, 20, 10), host(6, 20, 10), host(8, 0, 3)}}
	var got []string
	for _, h := range measured(t, flows, Config{}, exfiltration).Exfiltration.Hosts {
		got = append(got, fmt.Sprintf("%s %g", h.SrcIP, h.Ratio))
	}
	want := []string{"192.0.2.4 +Inf", "192.0.2.3 +Inf", "192.0.2.6 2", "192.0.2.7 2", "192.0.2.5 2", "192.0.2.2 0.5", "192.0.2.8 0", "192.0.2.1 NaN"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestBotnet(t *testing.T) {
	second := time.Second.Microseconds()
	peer := func(src, dst string, flows, first, last int64) engine.Peer {
		return engine.Peer{SrcIP: addr(src), DstIP: addr(dst), Flows: flows, First: first * second, Last: last * second}
	}
	flows := rows{
		peers: []engine.Peer{
			peer("10.0.0.1", "10.0.0.8", 1, 5, 5),
			peer("10.0.0.20", "10.0.0.9", 3, 10, 20), peer("10.0.0.3", "10.0.0.9", 1, 0, 0),
			peer("10.0.0.1", "192.0.2.1", 5, 0, 5),
			peer("10.0.0.2", "10.0.0.7", 4, 7, 7),
			peer("2001:db8::1", "2001:db8::2", 2, 0, 1),
		},
		servers: []engine.Server{{DstIP: addr("10.0.0.9"), Name: "files.example"}},
	}
	tests := []struct {
		networks string
		label    string
		want     []string
	}{
		{"10.0.0.0/24", "10.0.0.0/24", []string{"10.0.0.9 [10.0.0.3 10.0.0.20] 4 0.2 files.example", "10.0.0.7 [10.0.0.2] 4 NaN ", "10.0.0.8 [10.0.0.1] 1 NaN "}},
		{"2001:db8::/32", "2001:db8::/32", []string{"2001:db8::2 [2001:db8::1] 2 2 "}},
		{"0.0.0.0/0", "0.0.0.0/0", []string{"2001:db8::2 [2001:db8::1] 2 2 ", "192.0.2.1 [10.0.0.1] 5 1 ", "10.0.0.9 [10.0.0.3 10.0.0.20] 4 0.2 files.example", "10.0.0.7 [10.0.0.2] 4 NaN ", "10.0.0.8 [10.0.0.1] 1 NaN "}},
		{"172.16.0.0/12", "172.16.0.0/12", nil},
	}
	for _, test := range tests {
		result := measured(t, flows, Config{Botnet: []netip.Prefix{netip.MustParsePrefix(test.networks)}}, botnet).Botnet
		var got []string
		for _, d := range result.Destinations {
			got = append(got, fmt.Sprintf("%s %v %d %g %s", d.DstIP, d.SrcIPs, d.Flows, d.PerSecond, d.Place.Name))
		}
		if diff := cmp.Diff(test.want, got); diff != "" || result.Network != test.label {
			t.Errorf("%s, called %s (-want +got):\n%s", test.networks, result.Network, diff)
		}
	}
}

func TestCountries(t *testing.T) {
	server := func(address string, flows, down int64) engine.Server {
		return engine.Server{DstIP: addr(address), Flows: flows, DownBytes: down}
	}
	flows := rows{servers: []engine.Server{
		server("10.0.0.1", 2, 1), server("192.0.2.1", 3, 1), server("8.8.8.8", 5, 7), server("193.136.2.1", 2, 9), server("130.226.237.173", 2, 9), server("::1", 1, 0),
	}}
	var got []string
	for _, c := range measured(t, flows, Config{}, countries).Countries {
		got = append(got, fmt.Sprintf("%s %d %d", c.Code, c.Flows, c.DownBytes))
	}
	if diff := cmp.Diff([]string{" 6 2", "US 5 7", "DK 2 9", "PT 2 9"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestHours(t *testing.T) {
	minute := func(day, hour, minute int) engine.Minute {
		return engine.Minute{Start: int64((day*24+hour)*60+minute) * time.Minute.Microseconds(), Flows: 1}
	}
	flows := rows{minutes: []engine.Minute{minute(0, 0, 0), minute(0, 23, 59), minute(1, 0, 59), minute(19783, 13, 0)}}
	if diff := cmp.Diff([]report.Hour{{Hour: 0, Flows: 2}, {Hour: 13, Flows: 1}, {Hour: 23, Flows: 1}}, measured(t, flows, Config{}, hours).Hours); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestSilences(t *testing.T) {
	minute := time.Minute.Microseconds()
	flows := rows{duplicates: 7, minutes: []engine.Minute{{Start: 5 * minute}, {Start: 65 * minute}, {Start: 126 * minute}, {Start: 127 * minute}}}
	want := &report.Quality{Duplicates: 7, Silences: []report.Silence{{From: 66 * minute, To: 126 * minute}}} // not the 59 minutes before
	if diff := cmp.Diff(want, measured(t, flows, Config{}, quality).Quality); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestTopAndOthers(t *testing.T) {
	var flows rows
	for i := range 250 { // more than is ever kept
		n := (i*97 + 13) % 250
		flows.ports = append(flows.ports, engine.Port{Proto: "tcp", DstPort: int64(n), Flows: int64(n / 2), UpBytes: 1, DownBytes: 2})
		flows.hosts = append(flows.hosts, host(byte(n), int64(n/2), 0))
	}
	result := measured(t, flows, Config{Top: 3}, talkers, ports)
	want := []report.Port{
		{Proto: "tcp", DstPort: 248, Flows: 124, UpBytes: 1, DownBytes: 2}, {Proto: "tcp", DstPort: 249, Flows: 124, UpBytes: 1, DownBytes: 2},
		{Proto: "tcp", DstPort: 246, Flows: 123, UpBytes: 1, DownBytes: 2}, {Others: 247, Flows: 15500 - 371, UpBytes: 247, DownBytes: 494},
	}
	if diff := cmp.Diff(want, result.Ports); diff != "" {
		t.Errorf("ports (-want +got):\n%s", diff)
	}
	var got []string
	for _, talker := range result.Talkers.Hosts {
		got = append(got, talker.Address.String())
	}
	if diff := cmp.Diff([]string{"192.0.2.248", "192.0.2.249", "192.0.2.246"}, got); diff != "" {
		t.Errorf("talkers (-want +got):\n%s", diff)
	}
}

// Volumes that no integer holds stop at its limit; they never turn negative, and never hide who had them.
func TestVolumesBeyondAnInteger(t *testing.T) {
	const most = math.MaxInt64
	flows := rows{
		hosts:   []engine.Host{host(1, most, most), host(2, most, 5), host(3, 1, 1)},
		servers: []engine.Server{{DstIP: addr("8.8.8.8"), Flows: 1, UpBytes: most, DownBytes: most}, {DstIP: addr("8.8.4.4"), Flows: 1, UpBytes: 5, DownBytes: most}},
		ports:   []engine.Port{{Proto: "tcp", DstPort: 1, Flows: 2, UpBytes: most}, {Proto: "tcp", DstPort: 2, Flows: 1, UpBytes: most}, {Proto: "tcp", DstPort: 3, Flows: 1, UpBytes: most}},
	}
	r := measured(t, flows, Config{Top: 2}, All...)
	if r.Summary.UpBytes != most || r.Summary.DownBytes != most || r.Countries[0].DownBytes != most || r.Ports[2].UpBytes < 0 {
		t.Errorf("summary %d up, %d down; country %d down; other ports %d up", r.Summary.UpBytes, r.Summary.DownBytes, r.Countries[0].DownBytes, r.Ports[2].UpBytes)
	}
	if first := r.Talkers.Hosts[0].Address; first != addr("192.0.2.1") {
		t.Errorf("first talker %s", first)
	}
}

func TestNoFlows(t *testing.T) {
	r := measured(t, rows{}, Config{Top: 3, Internal: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}}, All...)
	if r.Summary.Flows != 0 || r.Exfiltration == nil || r.Botnet == nil || r.Countries == nil || r.Hours == nil || len(r.Ports) > 0 {
		t.Errorf("report %+v", r)
	}
}

func TestOnlyWhatIsChosen(t *testing.T) {
	r := measured(t, rows{}, Config{}, hours)
	if r.Hours == nil || r.Exfiltration != nil || r.Botnet != nil || r.Countries != nil || r.Talkers != nil || r.Quality != nil {
		t.Errorf("report %+v", r)
	}
}

func TestErrorsEndAMeasure(t *testing.T) {
	cause := errors.New("disk gone")
	for _, measure := range All {
		if err := Run(t.Context(), rows{err: cause}, Config{}, []Measure{measure}, &report.Report{}); !errors.Is(err, cause) {
			t.Errorf("%s: error %v", measure.ID, err)
		}
	}
}

func TestNoteOnForeignNetworks(t *testing.T) {
	config := Config{Internal: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}}
	if notes := measured(t, rows{hosts: []engine.Host{host(1, 1, 1)}}, config, summary).Notes; len(notes) != 1 || !strings.Contains(notes[0].Hint, "--internal") {
		t.Errorf("notes %v", notes)
	}
	config.Internal = append(config.Internal, netip.MustParsePrefix("192.0.2.0/24"))
	if notes := measured(t, rows{hosts: []engine.Host{host(1, 1, 1)}}, config, summary).Notes; len(notes) > 0 {
		t.Errorf("notes %v", notes)
	}
}
