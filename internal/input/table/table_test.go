package table_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sentinel/internal/flow"
	"sentinel/internal/input/table"
)

func fields(names ...string) (fields []table.Field) {
	for _, name := range names {
		fields = append(fields, table.Field{Path: strings.Split(name, "/"), Type: "VARCHAR"})
	}
	return fields
}

// folded is a name as Aliases promises to compare it.
func folded(name string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("_-.: @", r) {
			return -1
		}
		return r
	}, strings.ToLower(name))
}

// An alias that two columns claim would fill whichever comes first.
func TestAliasesBelongToOneColumn(t *testing.T) {
	owner := map[string]string{}
	for column, aliases := range table.Aliases {
		if _, ok := flow.ColumnByName(column); !ok {
			t.Errorf("aliases for %s, which is no column", column)
		}
		for _, alias := range aliases {
			if other, taken := owner[folded(alias)]; taken && other != column {
				t.Errorf("alias %s belongs to %s and to %s", alias, column, other)
			}
			owner[folded(alias)] = column
		}
	}
	for _, column := range flow.Columns {
		if column.Required && len(table.Aliases[column.Name]) == 0 {
			t.Errorf("required column %s has no aliases", column.Name)
		}
	}
}

func TestEveryAliasIsRecognised(t *testing.T) {
	own := map[string]string{}
	for _, column := range flow.Columns {
		if column.Required {
			own[column.Name] = table.Aliases[column.Name][0]
		}
	}
	for column, aliases := range table.Aliases {
		for _, alias := range aliases {
			names := []string{strings.ToUpper(alias)}
			for other, name := range own {
				if other != column {
					names = append(names, name)
				}
			}
			matches, err := table.Matching(fields(names...), nil)
			if err != nil {
				t.Errorf("%s: %v", alias, err)
				continue
			}
			if got := fieldOf(matches, column); got != names[0] {
				t.Errorf("%s is taken for %q by %s", alias, got, column)
			}
		}
	}
}

func fieldOf(matches []table.Match, column string) string {
	for _, match := range matches {
		if match.Column.Name == column {
			return match.Field.Name()
		}
	}
	return ""
}

func TestHeaders(t *testing.T) {
	tests := []struct {
		name   string
		header string
		want   map[string]string // by flow column, those that matter
	}{
		{"original", "timestamp src_ip dst_ip proto port up_bytes down_bytes",
			map[string]string{"start": "timestamp", "dst_port": "port", "src_port": ""}},
		{"Zeek", "ts uid id.orig_h id.orig_p id.resp_h id.resp_p proto service duration orig_bytes resp_bytes conn_state local_orig missed_bytes history orig_pkts orig_ip_bytes resp_pkts resp_ip_bytes tunnel_parents",
			map[string]string{"start": "ts", "src_ip": "id.orig_h", "dst_ip": "id.resp_h", "src_port": "id.orig_p", "dst_port": "id.resp_p", "up_bytes": "orig_ip_bytes", "down_bytes": "resp_ip_bytes", "up_packets": "orig_pkts", "service": "service", "duration": "", "state": ""}},
		{"Suricata", "timestamp flow_id event_type src_ip src_port dest_ip dest_port proto app_proto flow/pkts_toserver flow/pkts_toclient flow/bytes_toserver flow/bytes_toclient flow/start flow/end host",
			map[string]string{"start": "flow.start", "dst_ip": "dest_ip", "dst_port": "dest_port", "up_bytes": "flow.bytes_toserver", "down_bytes": "flow.bytes_toclient", "service": "app_proto", "name": ""}},
		{"nfdump", "ts te td sa da sp dp pr flg fwd stos ipkt ibyt opkt obyt in out",
			map[string]string{"start": "ts", "src_ip": "sa", "dst_ip": "da", "proto": "pr", "src_port": "sp", "dst_port": "dp", "up_bytes": "ibyt", "down_bytes": "obyt", "up_packets": "ipkt"}},
		{"OCSF", "time start_time src_endpoint/ip src_endpoint/port dst_endpoint/ip dst_endpoint/port connection_info/protocol_num traffic/bytes_in traffic/bytes_out",
			map[string]string{"start": "start_time", "src_ip": "src_endpoint.ip", "dst_port": "dst_endpoint.port", "proto": "connection_info.protocol_num", "up_bytes": "traffic.bytes_out", "down_bytes": "traffic.bytes_in"}},
		{"Argus", "StartTime Dur Proto SrcAddr Sport Dir DstAddr Dport State sTos dTos TotPkts TotBytes SrcBytes DstBytes SrcPkts Label",
			map[string]string{"start": "StartTime", "src_ip": "SrcAddr", "dst_ip": "DstAddr", "src_port": "Sport", "dst_port": "Dport", "up_bytes": "SrcBytes", "down_bytes": "DstBytes", "up_packets": "SrcPkts", "state": ""}},
		{"ECS", "@timestamp source/ip source/port source/bytes destination/ip destination/port destination/bytes destination/domain network/transport network/protocol host/name",
			map[string]string{"start": "@timestamp", "proto": "network.transport", "service": "network.protocol", "name": "destination.domain"}},
		{"firewall", "Start Time,Source IP,Destination IP,Protocol,Source Port,Destination Port,Bytes Sent,Bytes Received",
			map[string]string{"start": "Start Time", "src_ip": "Source IP", "dst_ip": "Destination IP", "dst_port": "Destination Port", "up_bytes": "Bytes Sent", "down_bytes": "Bytes Received"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			names := strings.FieldsFunc(test.header, func(r rune) bool { return r == ',' })
			if len(names) == 1 {
				names = strings.Fields(test.header)
			}
			matches, err := table.Matching(fields(names...), nil)
			if err != nil {
				t.Fatal(err)
			}
			for column, want := range test.want {
				if got := fieldOf(matches, column); got != want {
					t.Errorf("%s is taken from %q, expected %q", column, got, want)
				}
			}
		})
	}
}

func TestAWSHasOneWayOnly(t *testing.T) {
	header := fields(strings.Fields("version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status")...)
	_, err := table.Matching(header, nil)
	var missing *table.MissingError
	if !errors.As(err, &missing) || !slices.Equal(missing.Columns, []string{"up_bytes", "down_bytes"}) {
		t.Fatalf("error %v, expected both byte columns to be missing", err)
	}
	for _, part := range []string{"it has version, account-id, ", " and 2 more", "--map up_bytes=bytes"} {
		if !strings.Contains(missing.Hint(), part) {
			t.Errorf("hint %q lacks %q", missing.Hint(), part)
		}
	}
	overrides, err := table.ParseOverrides([]string{"up_bytes=bytes", "down_bytes=-"})
	if err != nil {
		t.Fatal(err)
	}
	matches, err := table.Matching(header, overrides)
	if err != nil {
		t.Fatal(err)
	}
	if up, down := fieldOf(matches, "up_bytes"), fieldOf(matches, "down_bytes"); up != "bytes" || down != "" {
		t.Errorf("up_bytes from %q, down_bytes from %q", up, down)
	}
}

func TestNearest(t *testing.T) {
	tests := []struct{ header, want string }{
		{"timestmp src_ip dst_ip proto port up_bytes down_bytes", "--map start=timestmp"},
		{"ts source_addr dst_ip proto port up_bytes down_bytes", "--map src_ip=source_addr"},
		{"ts src_ip destinationaddr proto port up_bytes down_bytes", "--map dst_ip=destinationaddr"},
		{"ts src_ip dst_ip proto port uploaded downloaded", "--map up_bytes=uploaded --map down_bytes=downloaded"},
	}
	for _, test := range tests {
		_, err := table.Matching(fields(strings.Fields(test.header)...), nil)
		var missing *table.MissingError
		if !errors.As(err, &missing) || !strings.HasSuffix(missing.Hint(), test.want) {
			t.Errorf("%s: error %v, expected the hint %s", test.header, err, test.want)
		}
	}
}

func TestUsual(t *testing.T) {
	matches, err := table.Matching(fields(strings.Fields("timestamp src_ip dst_ip proto dst_port up_bytes ibyt obyt SNI")...), nil)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]bool{}
	for _, match := range matches {
		got[match.Field.Name()] = match.Usual()
	}
	want := map[string]bool{"timestamp": true, "src_ip": true, "dst_ip": true, "proto": true, "dst_port": true, "up_bytes": true, "obyt": false, "SNI": false}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("usual (-want +got):\n%s", diff)
	}
}

func TestParseOverrides(t *testing.T) {
	got, err := table.ParseOverrides([]string{"src_ip=Source", " port = Dst Port ", "timestamp=t=0", "down_bytes=-"})
	want := table.Overrides{"src_ip": "Source", "dst_port": "Dst Port", "start": "t=0", "down_bytes": "-"}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("error %v, (-want +got):\n%s", err, diff)
	}
	for _, bad := range []string{"", "=", "src_ip", "src_ip=", "src_ip= ", "=x", "nosuch=x", "SRC=x"} {
		if _, err := table.ParseOverrides([]string{bad}); err == nil || !strings.Contains(err.Error(), "expected column=field") {
			t.Errorf("--map %q: error %v", bad, err)
		}
	}
}

func TestClockByName(t *testing.T) {
	for _, name := range table.ClockNames() {
		if clock, err := table.ClockByName(name); err != nil || clock.Name != name {
			t.Errorf("%s gives %v, %v", name, clock, err)
		}
	}
	if clock, err := table.ClockByName("cs"); err != nil || clock.Name != "midnight-cs" {
		t.Errorf("cs gives %v, %v", clock, err)
	}
	if _, err := table.ClockByName("h"); err == nil {
		t.Error("no error for --time-unit h")
	}
}

func FuzzMatching(f *testing.F) {
	f.Add("timestamp src_ip dst_ip proto port up_bytes down_bytes", "src_ip=x")
	f.Add("@ - . _", "start=@")
	f.Add("", "down_bytes=-")
	f.Add("a/b/c ts \xff", "src_ip=\x00")
	f.Fuzz(func(t *testing.T, header, override string) {
		overrides, err := table.ParseOverrides([]string{override})
		if err != nil {
			overrides = nil
		}
		_, err = table.Matching(fields(strings.Fields(header)...), overrides)
		var hinted interface{ Hint() string }
		if errors.As(err, &hinted) && hinted.Hint() == "" {
			t.Errorf("error %v without a hint", err)
		}
	})
}
