package eval_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/netip"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"sentinel/internal/flow"
)

// record is one line of a log by the names of its fields.
type record map[string]string

// zeekStates tells how a connection went (Zeek, conn.log: conn_state); what is not here is other.
var zeekStates = map[string]flow.State{
	"S0": flow.Unanswered, "RSTOS0": flow.Unanswered, "SH": flow.Unanswered, "REJ": flow.Refused,
	"SF": flow.Established, "S1": flow.Established, "S2": flow.Established, "S3": flow.Established,
	"RSTO": flow.Reset, "RSTR": flow.Reset,
}

// zeekFlows reads conn.log, as tab-separated text or as JSON.
func zeekFlows(t *testing.T, path string) []flow.Flow {
	t.Helper()
	var fields []string
	var flows []flow.Flow
	for _, line := range lines(t, path) {
		line = strings.TrimLeft(line, "\t")
		var r record
		switch {
		case strings.HasPrefix(line, "{"):
			r = fromJSON(t, line)
		case strings.HasPrefix(line, "#fields"):
			fields = strings.Split(line, "\t")[1:]
			continue
		case strings.HasPrefix(line, "#") || line == "":
			continue
		default:
			r = named(fields, strings.Split(line, "\t"))
		}
		flows = append(flows, zeekFlow(t, r))
	}
	return flows
}

func zeekFlow(t *testing.T, r record) flow.Flow {
	t.Helper()
	state, known := zeekStates[r["conn_state"]]
	if !known {
		state = flow.Other
	}
	return flow.Flow{
		Start: micros(number(r["ts"])), Duration: micros(number(r["duration"])),
		SrcIP: address(t, r["id.orig_h"]), DstIP: address(t, r["id.resp_h"]), Proto: protoOf(r["proto"], address(t, r["id.orig_h"])),
		SrcPort: port(r["id.orig_p"]), DstPort: port(r["id.resp_p"]),
		UpBytes: whole(r["orig_ip_bytes"]), DownBytes: whole(r["resp_ip_bytes"]),
		UpPackets: whole(r["orig_pkts"]), DownPackets: whole(r["resp_pkts"]), State: state, Service: strings.Trim(r["service"], "-"),
	}
}

// argusFlows reads binetflow text, by commas or tabs; flows without addresses of IP are left out.
func argusFlows(t *testing.T, path string) []flow.Flow {
	t.Helper()
	var fields []string
	var flows []flow.Flow
	for i, line := range lines(t, path) {
		separator := ","
		if strings.Contains(line, "\t") {
			separator = "\t"
		}
		cells := strings.Split(line, separator)
		if i == 0 {
			fields = cells
			continue
		}
		r := named(fields, cells)
		start, err := time.Parse("2006/01/02 15:04:05.000000", r["StartTime"])
		if err != nil {
			t.Fatalf("%s, line %d: %v", path, i+1, err)
		}
		src, srcErr := netip.ParseAddr(r["SrcAddr"])
		dst, dstErr := netip.ParseAddr(r["DstAddr"])
		if srcErr != nil || dstErr != nil {
			continue
		}
		up := whole(r["SrcBytes"])
		flows = append(flows, flow.Flow{
			Start: start.UnixMicro(), Duration: micros(number(r["Dur"])), SrcIP: src, DstIP: dst, Proto: protoOf(r["Proto"], src),
			SrcPort: port(r["Sport"]), DstPort: port(r["Dport"]), UpBytes: up, DownBytes: whole(r["TotBytes"]) - up,
			State: argusState(r["State"]),
		})
	}
	return flows
}

// argusState reads flags of both directions ("SRPA_SPA"), or a word for what is not TCP.
func argusState(text string) flow.State {
	up, down, both := strings.Cut(text, "_")
	switch {
	case text == "CON" || text == "ECO" || text == "ECR":
		return flow.Established
	case text == "INT" || text == "REQ" || text == "S0" || both && down == "":
		return flow.Unanswered
	case both && strings.Contains(down, "R") && !strings.Contains(down, "S"):
		return flow.Refused
	case strings.Contains(up+down, "R") && both:
		return flow.Reset
	case both:
		return flow.Established
	}
	return flow.Other
}

func lines(t *testing.T, path string) []string {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	var list []string
	scanner := bufio.NewScanner(file)
	scanner.Buffer(nil, 1<<20)
	for scanner.Scan() {
		list = append(list, scanner.Text())
	}
	if err := scanner.Err(); err != nil {
		t.Fatal(err)
	}
	return list
}

func fromJSON(t *testing.T, line string) record {
	t.Helper()
	values := map[string]any{}
	decoder := json.NewDecoder(strings.NewReader(line))
	decoder.UseNumber()
	if err := decoder.Decode(&values); err != nil {
		t.Fatal(err)
	}
	r := record{}
	for name, value := range values {
		r[name] = fmt.Sprint(value)
	}
	return r
}

func named(fields, cells []string) record {
	r := record{}
	for i, cell := range cells {
		if i < len(fields) {
			r[fields[i]] = cell
		}
	}
	return r
}

func address(t *testing.T, text string) netip.Addr {
	t.Helper()
	addr, err := netip.ParseAddr(text)
	if err != nil {
		t.Fatal(err)
	}
	return addr
}

func protoOf(name string, src netip.Addr) flow.Proto {
	switch name = strings.TrimSpace(name); {
	case name == "tcp":
		return flow.TCP
	case name == "udp":
		return flow.UDP
	case strings.HasPrefix(name, "icmp") && src.Is6() && !src.Is4In6():
		return flow.ICMPv6
	case strings.HasPrefix(name, "icmp"):
		return flow.ICMP
	}
	return 0
}

// The logs write "-" or nothing for what they do not know; that becomes 0.

func number(text string) float64 { n, _ := strconv.ParseFloat(text, 64); return n }

func whole(text string) int64 { n, _ := strconv.ParseInt(text, 10, 64); return n }

func port(text string) uint16 { n, _ := strconv.ParseUint(text, 0, 16); return uint16(n) }

func micros(seconds float64) int64 { return int64(seconds*1e6 + 0.5) }
