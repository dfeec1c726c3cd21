package cloud

import "bytes"

// awsField is a field that is read.
type awsField int

// The fields, as AWS names them.
const (
	awsInterface awsField = iota
	awsSrc
	awsDst
	awsPacketSrc
	awsPacketDst
	awsSrcPort
	awsDstPort
	awsProto
	awsPackets
	awsBytes
	awsStart
	awsEnd
	awsAction
	awsStatus
	awsFlags
	awsFields // how many there are
)

// awsNames are those of the fields. Transit gateways name their attachment instead of an interface.
var awsNames = map[string]awsField{
	"interface-id": awsInterface, "tgw-attachment-id": awsInterface, "srcaddr": awsSrc, "dstaddr": awsDst,
	"pkt-srcaddr": awsPacketSrc, "pkt-dstaddr": awsPacketDst, "srcport": awsSrcPort, "dstport": awsDstPort,
	"protocol": awsProto, "packets": awsPackets, "bytes": awsBytes, "start": awsStart, "end": awsEnd, "action": awsAction,
	"log-status": awsStatus, "tcp-flags": awsFlags,
}

// defaultNames are the fields of the default format, which is version 2.
var defaultNames = []string{
	"version", "account-id", "interface-id", "srcaddr", "dstaddr", "srcport", "dstport", "protocol", "packets", "bytes",
	"start", "end", "action", "log-status",
}

var defaultLayout = newAWSLayout(defaultNames)

// awsLayout says where the fields are.
type awsLayout struct {
	fields int            // in a line
	places [awsFields]int // of the fields that are there, plus 1
}

func newAWSLayout(names []string) *awsLayout {
	l := &awsLayout{fields: len(names)}
	for i, name := range names {
		if f, ok := awsNames[name]; ok && l.places[f] == 0 {
			l.places[f] = i + 1
		}
	}
	return l
}

func (l *awsLayout) has(f awsField) bool { return l.places[f] > 0 }

// readNames understands a line of names, if it is one that has all that flows need.
func readNames(line []byte) (*awsLayout, bool) {
	if !bytes.Contains(line, []byte("dstaddr")) { // most lines end here
		return nil, false
	}
	var names []string
	for _, name := range bytes.Fields(undated(line)) {
		names = append(names, string(bytes.TrimPrefix(name, []byte("\ufeff"))))
	}
	l := newAWSLayout(names)
	ends := (l.has(awsSrc) || l.has(awsPacketSrc)) && (l.has(awsDst) || l.has(awsPacketDst)) && l.has(awsDstPort) && l.has(awsProto)
	return l, ends && l.has(awsBytes) && l.has(awsStart)
}

// undated takes off the time that CloudWatch puts before a record when it exports it.
func undated(line []byte) []byte {
	const date = len("2006-01-02T15:04:05")
	if len(line) > date && line[4] == '-' && line[10] == 'T' {
		if at := bytes.IndexByte(line, ' '); at > 0 && line[at-1] == 'Z' {
			return line[at+1:]
		}
	}
	return line
}

// appendFields adds what stands between spaces.
func appendFields(fields [][]byte, line []byte) [][]byte {
	for {
		at := bytes.IndexByte(line, ' ')
		if at < 0 {
			break
		}
		if at > 0 {
			fields = append(fields, line[:at])
		}
		line = line[at+1:]
	}
	if len(line) > 0 {
		fields = append(fields, line)
	}
	return fields
}

// field is the text of a field; empty where it is absent or "-".
func (a *aws) field(f awsField) []byte {
	place := a.names.places[f]
	if place == 0 {
		return nil
	}
	if text := a.fields[place-1]; string(text) != "-" {
		return text
	}
	return nil
}

// either is the text of one field, else that of another.
func (a *aws) either(f, other awsField) []byte {
	if text := a.field(f); text != nil {
		return text
	}
	return a.field(other)
}
