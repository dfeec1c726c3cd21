package synth

import "sentinel/internal/flow"

// dress fills the columns that only the Office profile has, in keeping with the sizes of the flow.
func dress(f *flow.Flow, to endpoint, s stream) {
	f.Service, f.Name = to.service, to.name
	if f.Proto == flow.TCP || f.Proto == flow.UDP {
		f.SrcPort = uint16(32_768 + s.IntN(28_232)) // the ephemeral ports of Linux
	}
	f.UpPackets, f.DownPackets = packets(f.Proto, f.UpBytes), packets(f.Proto, f.DownBytes)
	f.State = flow.Established
	if s.chance(0.006) && f.Proto == flow.TCP {
		f.State = flow.Reset
	}
	switch {
	case f.DownBytes == 0:
		f.State, f.Service, f.Name = flow.Unanswered, "", ""
		f.UpPackets, f.DownPackets = max(1, f.UpBytes/60), 0
		f.Duration = (f.UpPackets - 1) * 1_000_000 // SYN again after a second (RFC 6298, 2)
	case f.Proto == flow.TCP && f.DownBytes <= 60:
		f.State, f.Service, f.Name = flow.Refused, "", ""
		f.Duration = int64(s.lognormal(400, 0.5))
	case f.Proto == flow.UDP:
		f.Duration = int64(s.lognormal(18_000, 0.9))
	default:
		f.Duration = int64(s.lognormal(9e6, 1.4) + float64(f.UpBytes+f.DownBytes)*s.lognormal(0.9, 0.5))
	}
}

// packets estimates how many packets carry so many bytes: full ones, and a few of the handshake.
func packets(proto flow.Proto, bytes int64) int64 {
	switch {
	case proto != flow.TCP:
		return 1 + bytes/1_400
	case bytes < 600:
		return 1
	}
	return 4 + bytes/1_380
}
