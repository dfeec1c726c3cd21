package suricata_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"sentinel/internal/flow"
	"sentinel/internal/input"
	"sentinel/internal/input/inputtest"
	"sentinel/internal/input/suricata"
)

// samples are logs that hold flows.
var samples = []string{"eve.json", "netflow.json", "firewall.json"}

func read(t testing.TB, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func TestContract(t *testing.T) {
	for _, name := range samples {
		t.Run(name, func(t *testing.T) { inputtest.Run(t, suricata.Format, read(t, name)) })
	}
}

func FuzzFormat(f *testing.F) {
	var all [][]byte
	for _, name := range samples {
		all = append(all, read(f, name))
	}
	inputtest.Fuzz(f, suricata.Format, all...)
}

func TestGolden(t *testing.T) {
	for _, name := range append(samples, "alerts.json") {
		result := inputtest.Read(suricata.Format, read(t, name), input.Settings{}, 5)
		inputtest.Golden(t, filepath.Join("testdata", "golden", name+".txt"), result)
	}
}

func TestNotSuricata(t *testing.T) {
	for _, text := range []string{
		"", "{}", `{"event_type":"flow"}`, `{"timestamp":"2024-05-01T12:00:00Z"}`, `{"timestamp":"noon","event_type":"flow"}`, "event_type,timestamp\n",
		`{"ts":1,"uid":"C","id.orig_h":"192.0.2.1"}`,
	} {
		if reason := suricata.Format.Recognise([]byte(text)); reason == "" {
			t.Errorf("%q is recognised", text)
		}
	}
}

// TestQuestionsWait gives up questions in time, and in the order in which they were asked.
func TestQuestionsWait(t *testing.T) {
	var log bytes.Buffer
	for i := range 100_000 {
		fmt.Fprintf(&log, `{"timestamp":"2024-05-01T12:%02d:%02d.%06d+0000","flow_id":%d,"event_type":"dns","src_ip":"192.0.2.1","src_port":4000,`+
			`"dest_ip":"192.0.2.53","dest_port":53,"proto":"UDP","dns":{"type":"query","id":1,"rrname":"n%d.example.com","rrtype":"A"}}`+"\n",
			i/10000, i/1000%60, i%1000, i, i)
	}
	result := inputtest.Read(suricata.Format, log.Bytes(), input.Settings{}, 100)
	if len(result.Lookups) != 100_000 {
		t.Fatalf("%d lookups, want 100000", len(result.Lookups))
	}
	for i, lookup := range result.Lookups {
		if want := fmt.Sprintf("n%d.example.com", i); lookup.Name != want {
			t.Fatalf("lookup %d is %s", i, lookup.Name)
		}
	}
}

// TestSharedLogs compares with what the events of logs that the project did not write add up to, as Python's json reads
// them.
func TestSharedLogs(t *testing.T) {
	for _, test := range []struct {
		parts                  []string
		events, flows, lookups int
		up, down               int64
	}{
		{[]string{"slips", "dataset", "test6-malicious.suricata.json"}, 5000, 3512, 170, 4381935, 648694}, // which saw each packet of the DNS twice
		{[]string{"tenzir-vast", "vast", "integration", "data", "suricata", "eve.json"}, 7, 1, 1, 486, 0},
		{[]string{"tenzir-vast", "plugins", "pcap", "integration", "data", "pcap", "suricata", "eve.json.gz"}, 1183, 21, 0, 62146, 84174},
		{[]string{"netflowlabeler", "examples", "suricata.json"}, 13, 0, 0, 0, 0},
	} {
		path := inputtest.Shared(t, test.parts...)
		got := inputtest.ReadFile(t, suricata.Format, path, input.Settings{})
		up, down := int64(0), int64(0)
		for _, f := range got.Flows {
			up, down = up+f.UpBytes, down+f.DownBytes
		}
		if got.Err != nil || int(got.Account.Records) != test.events || len(got.Flows) != test.flows || len(got.Lookups) != test.lookups ||
			up != test.up || down != test.down || len(got.Account.Skipped) > 0 {
			t.Errorf("%s: error %v, %d events, %d flows, %d lookups, up %d, down %d, skipped %v, want %+v", path, got.Err, got.Account.Records,
				len(got.Flows), len(got.Lookups), up, down, got.Account.Skipped, test)
		}
	}
}

// TestNetflowIsDropped uses netflow events only where no flow events come.
func TestNetflowIsDropped(t *testing.T) {
	both := append(bytes.Clone(read(t, "netflow.json")), read(t, "eve.json")...)
	for _, f := range inputtest.Read(suricata.Format, both, input.Settings{}, 64).Flows {
		if f.Proto == flow.UDP && f.DstPort == 53 {
			t.Errorf("a flow comes from a netflow event: %+v", f)
		}
	}
}
