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

// mostTraffic bounds how many hosts of a group have their traffic to the destination told one by one.
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
	if !f.DstIP.IsValid() {
		return refs
	}
	for _, source := range f.Hosts[:min(len(f.Hosts), mostTraffic)] {
		if source != f.DstIP {
			add(traffic(f, source))
		}
	}
	return refs
}

func addressObject(address netip.Addr) object {
	return observable(alert.Family(address)+"-addr", object{"value": address.WithZone("").String()})
}

// traffic is what a source had to do with the destination of a finding. Protocols go from the network upwards
// (STIX 2.1, 6.12).
func traffic(f finding.Finding, source netip.Addr) object {
	protocols := []string{alert.Family(f.DstIP)}
	if transport := alert.Transport(f); transport != "" {
		protocols = append(protocols, transport)
	}
	seen := object{
		"start": shortest(f.First), "end": shortest(f.Last), "src_ref": addressObject(source).id(), "dst_ref": addressObject(f.DstIP).id(), "protocols": protocols,
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
	if alert.External(r, f.DstIP) {
		patterns = append(patterns, addressPattern(f.DstIP))
		if f.DstPort >= 0 {
			patterns = append(patterns, trafficPattern(f))
		}
		if name := alert.HostName(f.Name); name != "" {
			patterns = append(patterns, fmt.Sprintf("[domain-name:value = '%s']", name))
		}
	}
	if alert.External(r, f.SrcIP) {
		patterns = append(patterns, addressPattern(f.SrcIP))
	}
	return patterns
}

func addressPattern(address netip.Addr) string {
	return fmt.Sprintf("[%s-addr:value = '%s']", alert.Family(address), address.WithZone(""))
}

func trafficPattern(f finding.Finding) string {
	return fmt.Sprintf("[network-traffic:dst_ref.type = '%s-addr' AND network-traffic:dst_ref.value = '%s' AND network-traffic:dst_port = %d]",
		alert.Family(f.DstIP), f.DstIP.WithZone(""), f.DstPort)
}
