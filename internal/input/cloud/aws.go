package cloud

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"

	"sentinel/internal/biflow"
	"sentinel/internal/flow"
	"sentinel/internal/input"
	"sentinel/internal/input/jsonline"
	"sentinel/internal/packet"
)

// AWS is the VPC flow logs of AWS, versions 2 to 5, in the default format or in one that the first line tells. Where they
// have pkt-srcaddr and pkt-dstaddr, these are the ends: they are those of the packets, while srcaddr and dstaddr
// may be those of an interface that they passed, such as that of a NAT gateway.
var AWS = input.Format{
	ID: "aws", Name: "AWS VPC flow logs",
	Doc:     "VPC flow logs of AWS, versions 2 to 5, in the default format or with their fields named in the first line",
	Columns: filled,
	Recognise: func(head []byte) string {
		line, _, _ := bytes.Cut(head, []byte("\n"))
		return awsKnows(line)
	},
	Open: openAWS,
}

// awsKnows tells why a first line is not one of AWS.
func awsKnows(line []byte) string {
	if _, ok := readNames(line); ok {
		return ""
	}
	fields := bytes.Fields(undated(line))
	switch {
	case len(fields) < len(defaultNames):
		return fmt.Sprintf("its first line has %d fields, neither names nor the %d of the default format", len(fields), len(defaultNames))
	case !known(fields[12], "ACCEPT", "REJECT", "-"):
		return "its first line has no action, ACCEPT or REJECT, as the 13th field"
	case !known(fields[13], "OK", "NODATA", "SKIPDATA"):
		return "its first line has no log-status as the 14th field"
	}
	return ""
}

func known(text []byte, words ...string) bool {
	for _, word := range words {
		if string(text) == word {
			return true
		}
	}
	return false
}

func openAWS(file *input.File, settings input.Settings) (input.Reader, error) {
	content, err := file.Open()
	if err != nil {
		return nil, err
	}
	a := &aws{names: defaultLayout, joiner: biflow.New(biflow.Options{Idle: settings.Idle, Most: settings.MaxFlows})}
	a.lines = bufio.NewScanner(content)
	a.lines.Buffer(nil, longestLine)
	a.lines.Split(a.split)
	columns := a.columns(file.Head())
	return &reader{log: a, content: content, flows: a.joiner, columns: columns, clock: "seconds since 1970"}, nil
}

// longestLine bounds a line. Those with all fields have some 500 bytes.
const longestLine = 64 << 10

// aws reads a log line by line.
type aws struct {
	lines     *bufio.Scanner
	number    int64 // of the line
	unended   bool  // the line is the last one and has no end
	names     *awsLayout
	fields    [][]byte
	joiner    *biflow.Joiner
	witnesses witnesses
	tally     input.Tally
	records   int64
	damage    error
}

// split takes a line; it remembers whether its end is there.
func (a *aws) split(data []byte, atEOF bool) (advance int, line []byte, err error) {
	if at := bytes.IndexByte(data, '\n'); at >= 0 {
		return at + 1, data[:at], nil
	}
	if atEOF && len(data) > 0 {
		a.unended = true
		return len(data), data, nil
	}
	return 0, nil, nil
}

// columns are those that the first line promises.
func (a *aws) columns(head []byte) []string {
	line, _, _ := bytes.Cut(head, []byte("\n"))
	names := defaultLayout
	if named, ok := readNames(line); ok {
		names = named
	}
	list := []string{"opener", "state"}
	for _, c := range []struct {
		name string
		from awsField
	}{{"duration", awsEnd}, {"src_port", awsSrcPort}, {"up_packets", awsPackets}, {"down_packets", awsPackets}} {
		if names.has(c.from) {
			list = append(list, c.name)
		}
	}
	return list
}

// Why a line of AWS is no flow.
const (
	noData     = "NODATA: an interface without traffic"
	skipData   = "SKIPDATA: records that AWS lost"
	awsTooFew  = "fewer fields than names"
	badAddress = "address that is not one of IP"
	badPort    = "port that is no number"
	badProto   = "protocol that is no number"
	badCount   = "count that is no number"
	badTime    = "time that is no number"
	badStatus  = "log-status that is not known"
)

func (a *aws) next() bool {
	if !a.lines.Scan() {
		a.broken()
		return false
	}
	a.number++
	line := bytes.TrimRight(a.lines.Bytes(), "\r")
	if len(line) == 0 {
		return true
	}
	if named, ok := readNames(line); ok { // again before the records of each file that went into this one
		a.names = named
		return true
	}
	a.records++
	var half biflow.Half
	switch reason := a.parse(undated(line), &half); {
	case reason == "":
		a.joiner.Add(&half)
	case a.unended && reason != noData && reason != skipData && reason != twice:
		a.damage = fmt.Errorf("cut short in line %d", a.number)
	default:
		a.tally.Add(reason, 1, fmt.Sprintf("line %d", a.number))
	}
	return true
}

// broken notes where the log breaks off, if it does.
func (a *aws) broken() {
	err := a.lines.Err()
	if errors.Is(err, bufio.ErrTooLong) {
		err = fmt.Errorf("the line is longer than %d KiB", longestLine>>10)
	}
	if err != nil {
		a.damage = fmt.Errorf("reading line %d: %w", a.number+1, err)
	}
}

func (a *aws) account() input.Account {
	return input.Account{Records: a.records, Unit: "lines", Skipped: a.tally.Skips(), Damage: a.damage}
}

// parse makes a half flow of a line, else it tells why not.
func (a *aws) parse(line []byte, half *biflow.Half) (reason string) {
	if a.fields = appendFields(a.fields[:0], line); len(a.fields) < a.names.fields {
		return awsTooFew
	}
	switch status := a.field(awsStatus); string(status) {
	case "OK", "":
	case "NODATA":
		return noData
	case "SKIPDATA":
		return skipData
	default:
		return badStatus
	}
	if reason := a.ends(&half.Flow); reason != "" {
		return reason
	}
	if reason := a.counts(&half.Flow); reason != "" {
		return reason
	}
	reporter := a.field(awsInterface)
	if string(a.field(awsAction)) == "REJECT" {
		// What one end lets out the other may reject: both count.
		half.State, reporter = flow.Refused, nil
	}
	if flags, ok := jsonline.Int(a.field(awsFlags)); ok && half.Proto == flow.TCP {
		half.Flags, half.HasFlags = packet.TCPFlags(flags), true
	}
	if !a.witnesses.believes(endsOf(&half.Flow), reporter) {
		return twice
	}
	return ""
}

func (a *aws) ends(f *flow.Flow) (reason string) {
	var src, dst bool
	f.SrcIP, src = jsonline.Addr(a.either(awsPacketSrc, awsSrc))
	f.DstIP, dst = jsonline.Addr(a.either(awsPacketDst, awsDst))
	if !src || !dst {
		return badAddress
	}
	if f.SrcPort, src = portOf(a.field(awsSrcPort)); !src {
		return badPort
	}
	if f.DstPort, dst = portOf(a.field(awsDstPort)); !dst {
		return badPort
	}
	proto, ok := jsonline.Int(a.field(awsProto))
	if !ok || proto < 0 || proto > 255 {
		return badProto
	}
	f.Proto = flow.Proto(proto)
	return ""
}

func (a *aws) counts(f *flow.Flow) (reason string) {
	start, ok := secondsOf(a.field(awsStart))
	if !ok {
		return badTime
	}
	f.Start = start
	if end, ok := secondsOf(a.field(awsEnd)); ok {
		f.Duration = max(end-start, 0)
	}
	if f.UpBytes, ok = jsonline.Int(a.field(awsBytes)); !ok || f.UpBytes < 0 {
		return badCount
	}
	if text := a.field(awsPackets); len(text) > 0 {
		if f.UpPackets, ok = jsonline.Int(text); !ok || f.UpPackets < 0 {
			return badCount
		}
	}
	return ""
}

// mostSeconds bounds times, so that they have room in microseconds: it is the year 33658.
const mostSeconds = 1e12

// secondsOf reads seconds since 1970 as microseconds.
func secondsOf(text []byte) (micros int64, ok bool) {
	seconds, ok := jsonline.Int(text)
	return seconds * 1e6, ok && seconds >= 0 && seconds < mostSeconds
}

// portOf reads a port; an absent one is 0.
func portOf(text []byte) (uint16, bool) {
	if len(text) == 0 {
		return 0, true
	}
	port, ok := jsonline.Int(text)
	return uint16(port), ok && port >= 0 && port <= 0xffff
}
