package stix

import (
	"fmt"
	"net/netip"
	"slices"
	"time"

	"sentinel/internal/finding"
	"sentinel/internal/output/alert"
	"sentinel/internal/report"
)

// mostTraffic bounds how many pairs of hosts have their traffic told one by one.
const mostTraffic = 100

// observables adds the addresses and names of a finding, and the traffic between them, and gives their identifiers.
func (b *bundle) observables(f finding.Finding) (refs []string) {
	add := func(o object) {
		if id := b.add(o); !slices.Contains(refs, id) {
			refs = append(refs, id)
		}
	}
	for _, address := range alert.Addresses(f) {
		add(addressObject(address))
	}
	if name := alert.HostName(f.Name); name != "" {
		add(observable("domain-name", object{"value": name}))
	}
	for _, pair := range pairs(f) {
		add(addressObject(pair.SrcIP))
		add(addressObject(pair.DstIP))
		add(traffic(f, pair))
	}
	return refs
}

// pairs are who had to do with whom: as the finding tells, or else its hosts with its destination.
func pairs(f finding.Finding) (all []finding.Pair) {
	told := f.Pairs
	if len(told) == 0 {
		for _, host := range f.Hosts {
			told = append(told, finding.Pair{SrcIP: host, DstIP: f.DstIP})
		}
	}
	for _, pair := range told {
		if pair.SrcIP.IsValid() && pair.DstIP.IsValid() && pair.SrcIP != pair.DstIP && len(all) < mostTraffic {
			all = append(all, pair)
		}
	}
	return all
}

func addressObject(address netip.Addr) object {
	return observable(alert.Family(address)+"-addr", object{"value": address.WithZone("").String()})
}

// traffic is what one host of a finding had to do with another. Protocols go from the network upwards
// (STIX 2.1, 6.12).
func traffic(f finding.Finding, pair finding.Pair) object {
	protocols := []string{alert.Family(pair.DstIP)}
	if transport := alert.Transport(f); transport != "" {
		protocols = append(protocols, transport)
	}
	seen := object{
		"start": shortest(f.First), "end": shortest(f.Last), "src_ref": addressObject(pair.SrcIP).id(), "dst_ref": addressObject(pair.DstIP).id(), "protocols": protocols,
	}
	if f.DstPort >= 0 {
		seen["dst_port"] = f.DstPort
	}
	return observable("network-traffic", seen).with(object{"is_active": false})
}

// shortest prints a moment without zeros at its end, as the library of OASIS does: the identifier follows from it.
func shortest(micros int64) string {
	return time.UnixMicro(micros).UTC().Format("2006-01-02T15:04:05.999999Z")
}

// indicated are the patterns by which a finding is to be recognised elsewhere (STIX 2.1, 9): addresses and names that
// are surely somebody else's. Findings of severity info indicate nothing.
func indicated(r *report.Report, f finding.Finding) (patterns []string) {
	if f.Severity <= finding.Info {
		return nil
	}
	for _, dst := range destinations(f) {
		if r.External(dst) {
			patterns = append(patterns, addressPattern(dst))
			if f.DstPort >= 0 {
				patterns = append(patterns, trafficPattern(dst, f.DstPort))
			}
		}
	}
	if name := alert.HostName(f.Name); name != "" && r.External(f.DstIP) {
		patterns = append(patterns, fmt.Sprintf("[domain-name:value = '%s']", name))
	}
	if r.External(f.SrcIP) {
		patterns = append(patterns, addressPattern(f.SrcIP))
	}
	return patterns
}

// mostDestinations is how many destinations a group has in common at most; those of a scan are its victims.
const mostDestinations = 5

// destinations are whom a finding is about besides its hosts.
func destinations(f finding.Finding) (all []netip.Addr) {
	if f.DstIP.IsValid() {
		return []netip.Addr{f.DstIP}
	}
	for _, pair := range f.Pairs {
		if pair.DstIP.IsValid() && !slices.Contains(all, pair.DstIP) {
			all = append(all, pair.DstIP)
		}
		if len(all) > mostDestinations {
			return nil
		}
	}
	return all
}

func addressPattern(address netip.Addr) string {
	return fmt.Sprintf("[%s-addr:value = '%s']", alert.Family(address), address.WithZone(""))
}

func trafficPattern(dst netip.Addr, port int64) string {
	return fmt.Sprintf("[network-traffic:dst_ref.type = '%s-addr' AND network-traffic:dst_ref.value = '%s' AND network-traffic:dst_port = %d]",
		alert.Family(dst), dst.WithZone(""), port)
}
