package volumeshift_test

import (
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"testing"

	"sentinel/internal/detect/detecttest"
	"sentinel/internal/detect/volumeshift"
	"sentinel/internal/finding"
	"sentinel/internal/flow"
	"sentinel/internal/synth"
)

const hosts = 40

func host(i int) netip.Addr   { return netip.AddrFrom4([4]byte{10, 0, 0, byte(i)}) }
func server(i int) netip.Addr { return netip.AddrFrom4([4]byte{198, 51, 100, byte(i)}) }

// day is one of forty hosts with ten servers each, which move some 10 MB; each day they do a little more or less.
func day(number int) []flow.Flow {
	var flows []flow.Flow
	for h := 1; h <= hosts; h++ {
		more := 1 + 0.2*float64((h*7+number*13)%11-5)/5
		flows = append(flows, traffic(h, more)...)
	}
	return flows
}

// traffic is what a host does, times a factor.
func traffic(h int, factor float64) []flow.Flow {
	var flows []flow.Flow
	for s := range 10 {
		for i := range max(int(10*factor), 1) {
			at := int64(3600*(8+i%9)+60*s+h) * 1e6
			flows = append(flows, flow.Flow{Start: at, SrcIP: host(h), DstIP: server(s), Proto: flow.TCP, DstPort: 443, UpBytes: 10_000, DownBytes: 90_000})
		}
	}
	return flows
}

func without(flows []flow.Flow, h int) []flow.Flow {
	return slices.DeleteFunc(slices.Clone(flows), func(f flow.Flow) bool { return f.SrcIP == host(h) })
}

func run(t *testing.T, test, base []flow.Flow, params map[string]float64) []finding.Finding {
	t.Helper()
	return detecttest.Run(t, volumeshift.Detector, detecttest.Capture{Flows: test, Base: base, Params: params}).Findings
}

func one(to netip.Addr, h int, up, down int64) flow.Flow {
	return flow.Flow{Start: 9 * 3600e6, SrcIP: host(h), DstIP: to, Proto: flow.TCP, DstPort: 443, UpBytes: up, DownBytes: down}
}

func TestWhatIsFoundAndHowSevere(t *testing.T) {
	var night, busy []flow.Flow
	for h := 1; h <= hosts; h++ {
		for range 10 {
			f := one(server(1), h, 10_000, 900_000)
			f.Start = 16 * 3600e6
			night = append(night, f)
		}
		busy = append(busy, traffic(h, 4)...)
	}
	refused := slices.Repeat([]flow.Flow{one(server(3), 5, 100, 0)}, 5_000)
	for _, test := range []struct {
		name  string
		flows []flow.Flow
		want  finding.Severity // Info: nothing above
		title string
	}{
		{"an ordinary day", day(1), finding.Info, ""},
		{"four times the volume, with the usual servers", append(without(day(1), 5), traffic(5, 4)...), finding.Medium, "10.0.0.5 "},
		{"one server makes up the change", append(day(1), one(server(3), 5, 90e6, 1e6)), finding.Low, "10.0.0.5 sent"},
		{"a day almost without one", append(without(day(1), 5), traffic(5, 0.1)...), finding.Low, "10.0.0.5 "},
		{"a host that is new", append(day(1), traffic(77, 30)...), finding.Info, ""},
		{"a host that is gone", without(day(1), 5), finding.Info, ""},
		{"flows that nobody answers", append(day(1), refused...), finding.Info, ""},
		{"an hour in which all are busy", append(day(1), night...), finding.Low, "the hour from 16 to 17"},
		{"all hosts do more", busy, finding.Low, ""},
	} {
		found := run(t, test.flows, day(0), nil)
		worst := finding.Info
		for _, f := range found {
			worst = max(worst, f.Severity)
		}
		if worst != test.want || test.title != "" && (len(found) != 1 || !strings.HasPrefix(found[0].Title, test.title)) {
			t.Errorf("%s: %+v, want %s", test.name, found, test.want)
		}
	}
}

func TestServiceOfAll(t *testing.T) {
	found := run(t, slices.Concat(day(1), day(1), day(1), day(1)), day(0), nil)
	if !slices.ContainsFunc(found, func(f finding.Finding) bool { return strings.HasPrefix(f.Title, "tcp 443 carries") }) {
		t.Errorf("%v, want the service", found)
	}
	if slices.ContainsFunc(found, func(f finding.Finding) bool { return f.SrcIP.IsValid() }) {
		t.Errorf("%v, want no single host where all change", found)
	}
}

func TestGeneratedDays(t *testing.T) {
	flows, truth := detecttest.Day(t, synth.Options{Kind: synth.Judge, Seed: 3, Day: 1, Flows: 100_000, Attacks: []synth.Attack{{Name: "volume-shift"}, {Name: "exfil"}}})
	base, _ := detecttest.Day(t, synth.Options{Seed: 3, Flows: 100_000})
	severe := detecttest.Severe(detecttest.Run(t, volumeshift.Detector, detecttest.Capture{Flows: flows, Base: base}), finding.Medium)
	var named []netip.Addr
	for _, f := range severe {
		named = append(named, f.SrcIP)
	}
	slices.SortFunc(named, netip.Addr.Compare)
	if !slices.Equal(named, truth.Attacks[0].Hosts) {
		t.Errorf("names %v, planted were %v", named, truth.Attacks[0].Hosts)
	}
	again := detecttest.Run(t, volumeshift.Detector, detecttest.Capture{Flows: detecttest.Shuffled(flows), Base: detecttest.Shuffled(base), Threads: 2})
	if got := detecttest.Severe(again, finding.Medium); !reflect.DeepEqual(got, severe) {
		t.Errorf("shuffled: %v\nbefore: %v", got, severe)
	}
	clean, _ := detecttest.Day(t, synth.Options{Seed: 3, Day: 1, Flows: 100_000})
	for _, f := range run(t, clean, base, nil) {
		if f.Severity >= finding.Medium {
			t.Errorf("on a clean day: %s", f.Title)
		}
	}
}

func TestEdges(t *testing.T) {
	few := traffic(1, 1)
	for name, test := range map[string][2][]flow.Flow{
		"one host": {few, few}, "nobody in both": {traffic(1, 1), traffic(2, 1)}, "one flow": {few[:1], day(0)},
	} {
		result := detecttest.Run(t, volumeshift.Detector, detecttest.Capture{Flows: test[0], Base: test[1]})
		if result.Ran[0].Void == "" || len(result.Findings) > 0 {
			t.Errorf("%s: judged, %v", name, result.Findings)
		}
	}
	same := day(0)
	if found := run(t, same, same, nil); len(found) > 0 {
		t.Errorf("a day against itself: %s", found[0].Title)
	}
	var instant []flow.Flow
	for h := 1; h <= hosts; h++ {
		instant = append(instant, one(server(1), h, 1_000, 1_000))
	}
	for _, f := range run(t, instant, day(0), nil) {
		if f.PValue != f.PValue || f.Score != f.Score {
			t.Errorf("all in one second: %+v", f)
		}
	}
}

func TestParameters(t *testing.T) {
	shifted := append(without(day(1), 5), traffic(5, 4)...)
	single := append(day(1), one(server(3), 5, 90e6, 1e6))
	all := slices.Concat(day(1), day(1), day(1), day(1))
	for _, test := range []struct {
		name   string
		value  float64
		flows  []flow.Flow
		before finding.Severity
		after  finding.Severity
	}{
		{"min_ratio", 20, shifted, finding.Medium, finding.Info},
		{"min_z", 100, shifted, finding.Medium, finding.Info},
		{"min_bytes", 1e12, shifted, finding.Medium, finding.Info},
		{"min_hosts", 41, shifted, finding.Medium, finding.Info},
		{"one_server", 1, single, finding.Low, finding.High},
		{"min_bytes", 1e11, all, finding.Low, finding.Info},
	} {
		for value, want := range map[float64]finding.Severity{volumeshift.Detector.Defaults()[test.name]: test.before, test.value: test.after} {
			worst := finding.Info
			for _, f := range run(t, test.flows, day(0), map[string]float64{test.name: value}) {
				worst = max(worst, f.Severity)
			}
			if worst != want {
				t.Errorf("%s %v: %s, want %s", test.name, value, worst, want)
			}
		}
	}
}

// Three quarters of the hosts do more, which is enough or not.
func TestCollective(t *testing.T) {
	test := day(0)
	for h := 1; h <= 32; h++ {
		test = append(without(test, h), traffic(h, 4)...)
	}
	for h := 33; h <= hosts; h++ {
		test = append(without(test, h), traffic(h, 0.5)...)
	}
	service := func(params map[string]float64) bool {
		return slices.ContainsFunc(run(t, test, day(0), params), func(f finding.Finding) bool { return strings.HasPrefix(f.Title, "tcp 443") })
	}
	if !service(nil) || service(map[string]float64{"collective": 0.95}) {
		t.Error("four fifths of the hosts are enough by default, and not where 95 % are asked for")
	}
}

func TestExplain(t *testing.T) {
	result := detecttest.Run(t, volumeshift.Detector, detecttest.Capture{Flows: append(without(day(1), 5), traffic(5, 4)...), Base: day(0), Explain: host(5)})
	if len(result.Lines) != 3 || !result.Lines[0].Fired {
		t.Errorf("lines %v, want one for each way, fired", result.Lines)
	}
}
