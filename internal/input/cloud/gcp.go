package cloud

import (
	"bytes"

	"sentinel/internal/biflow"
	"sentinel/internal/flow"
	"sentinel/internal/input"
	"sentinel/internal/input/jsonline"
)

// GCP is the VPC flow logs of Google Cloud, as Cloud Logging exports them: an entry a line, or in an array. Bytes and
// packets are as Google extrapolates them from the packets that it samples.
var GCP = input.Format{
	ID: "gcp", Name: "Google Cloud VPC flow logs",
	Doc:     "VPC flow logs of Google Cloud as JSON, as sinks and gcloud logging read --format=json write them",
	Columns: filled,
	Recognise: func(head []byte) string {
		entries := jsonline.NewScanner(bytes.NewReader(head), &input.Tally{}, gcpPaths...)
		for range gcpFirst {
			if !entries.Scan() {
				break
			}
			if entries.Value(gcpSrc).Present() && entries.Value(gcpDst).Present() && entries.Value(gcpBytes).Present() {
				return ""
			}
		}
		return "has no entry with jsonPayload.connection.src_ip, dest_ip and bytes_sent"
	},
	Open: openGCP,
}

// gcpFirst is how many entries are looked at: sinks may put other logs between.
const gcpFirst = 20

// What is wanted of an entry.
const (
	gcpSrc = iota
	gcpDst
	gcpSrcPort
	gcpDstPort
	gcpProto
	gcpBytes
	gcpPackets
	gcpStart
	gcpEnd
	gcpReporter
)

var gcpPaths = []string{
	"jsonPayload.connection.src_ip", "jsonPayload.connection.dest_ip", "jsonPayload.connection.src_port",
	"jsonPayload.connection.dest_port", "jsonPayload.connection.protocol", "jsonPayload.bytes_sent",
	"jsonPayload.packets_sent", "jsonPayload.start_time", "jsonPayload.end_time", "jsonPayload.reporter",
}

func openGCP(file *input.File, settings input.Settings) (input.Reader, error) {
	content, err := file.Open()
	if err != nil {
		return nil, err
	}
	g := &gcp{joiner: biflow.New(biflow.Options{Idle: settings.Idle, Most: settings.MaxFlows})}
	g.joiner.Sampled()
	g.entries = jsonline.NewScanner(content, &g.tally, gcpPaths...)
	return &reader{log: g, content: content, flows: g.joiner, columns: filled, clock: "date and time as text with a zone"}, nil
}

// gcp reads a log entry by entry.
type gcp struct {
	entries   *jsonline.Scanner
	joiner    *biflow.Joiner
	witnesses witnesses
	tally     input.Tally
}

// Why an entry of Google Cloud is no flow.
const (
	noFlow     = "entry of another log"
	badGCPTime = "start_time that is no date and time"
)

func (g *gcp) next() bool {
	if !g.entries.Scan() {
		return false
	}
	var half biflow.Half
	if reason := g.parse(&half.Flow); reason != "" {
		g.tally.Add(reason, 1, g.entries.Place())
		return true
	}
	g.joiner.Add(&half)
	return true
}

func (g *gcp) account() input.Account {
	return input.Account{Records: g.entries.Objects(), Unit: "entries", Skipped: g.tally.Skips(), Damage: g.entries.Err()}
}

// parse fills f with an entry, else it tells why not.
func (g *gcp) parse(f *flow.Flow) (reason string) {
	if !g.entries.Value(gcpSrc).Present() {
		return noFlow
	}
	var src, dst bool
	f.SrcIP, src = g.entries.Value(gcpSrc).Addr()
	f.DstIP, dst = g.entries.Value(gcpDst).Addr()
	if !src || !dst {
		return badAddress
	}
	f.SrcPort, src = g.port(gcpSrcPort)
	f.DstPort, dst = g.port(gcpDstPort)
	if !src || !dst {
		return badPort
	}
	proto, ok := g.entries.Value(gcpProto).Int()
	if !ok || proto < 0 || proto > 255 {
		return badProto
	}
	f.Proto = flow.Proto(proto)
	f.UpBytes, src = g.count(gcpBytes)
	f.UpPackets, dst = g.count(gcpPackets)
	if !src || !dst {
		return badCount
	}
	if f.Start, ok = g.entries.Value(gcpStart).Time(); !ok {
		return badGCPTime
	}
	if end, ok := g.entries.Value(gcpEnd).Time(); ok {
		f.Duration = max(end-f.Start, 0)
	}
	if !g.witnesses.believes(endsOf(f), g.entries.Value(gcpReporter).Bytes()) {
		return twice
	}
	return ""
}

// port is absent for protocols without ports.
func (g *gcp) port(place int) (uint16, bool) {
	value := g.entries.Value(place)
	if !value.Present() {
		return 0, true
	}
	port, ok := value.Int()
	return uint16(port), ok && port >= 0 && port <= 0xffff
}

// count is absent where nothing was counted: fields of 0 are left out of entries.
func (g *gcp) count(place int) (int64, bool) {
	value := g.entries.Value(place)
	if !value.Present() {
		return 0, true
	}
	count, ok := value.Int()
	return count, ok && count >= 0
}
