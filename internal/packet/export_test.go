package packet

// DecodeAnything is Decode without its short way.
func DecodeAnything(link LinkType, data []byte, p *Packet) Verdict {
	return faults[decode(link, data, 0, 0, p)].verdict
}
