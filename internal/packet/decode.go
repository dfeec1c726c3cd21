package packet

// Decode reads the headers of a frame, down to the innermost IP packet, into all of p but Time. Only with Decoded does p
// hold something. It neither allocates nor keeps data.
func Decode(link LinkType, data []byte, p *Packet) Verdict {
	return faults[decode(link, data, p)].verdict
}

// Reason says, for counting, why Decode gave another verdict than Decoded: "shorter than its IPv4 header". There are
// few different ones.
func Reason(link LinkType, data []byte) string {
	var p Packet
	return faults[decode(link, data, &p)].text
}

// fault is what is wrong with a frame.
type fault uint8

const (
	none fault = iota
	unknownLink
)

var faults = [...]struct {
	verdict Verdict
	text    string
}{
	none:        {Decoded, ""},
	unknownLink: {Unknown, "link type that is not read"},
}

func decode(link LinkType, data []byte, p *Packet) fault {
	if link.Known() && len(data) == 0 {
		p.Payload = 0
	}
	return unknownLink
}
