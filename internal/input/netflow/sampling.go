package netflow

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"sentinel/internal/input"
)

// rates are the sampling rates that an exporter has told in options data: one in so many packets.
type rates struct {
	samplers   map[uint64]int64 // by flowSamplerId or selectorId
	interfaces map[uint64]int64
	whole      int64 // of the exporter; 0 where it has told none
}

const (
	// maxRate is the sparsest sampling that is believed: beyond it one packet would stand for a day of a fast line.
	maxRate = 1 << 24
	// maxSamplers is how many samplers, and how many interfaces, of one domain are kept.
	maxSamplers = 512
	// firstFilter is the first selectorAlgorithm that chooses packets by what they are (IANA, PSAMP): no sampling.
	firstFilter = 5
)

// rateOf is the rate that a record itself tells, 0 where it tells none.
func rateOf(r *record) int64 {
	if r.of(selectorAlgorithm) >= firstFilter {
		return 0
	}
	interval, space := r.of(samplingInterval), r.of(samplingSpace)
	if space != 0 && interval != 0 && space < maxRate { // RFC 5477, 8.2.4: interval packets are taken, then space left out
		return believed((interval + space) / interval)
	}
	if size := r.of(samplingSize); size != 0 {
		return believed(r.of(samplingPopulation) / size)
	}
	if r.tells(samplingSpace) && interval != 0 { // every packet is taken, interval at a time
		return 1
	}
	if interval == 0 && r.tells(samplingInterval) {
		return 1
	}
	return believed(interval)
}

func believed(rate uint64) int64 {
	if rate > maxRate {
		return 0
	}
	return int64(rate)
}

// learn takes what a record of options data tells of sampling.
func (s *rates) learn(r *record) {
	rate := rateOf(r)
	switch {
	case rate == 0:
	case r.tells(samplerID):
		s.samplers = keep(s.samplers, r.of(samplerID), rate)
	case r.tells(inputInterface):
		s.interfaces = keep(s.interfaces, r.of(inputInterface), rate)
	default:
		s.whole = rate
	}
}

func keep(known map[uint64]int64, id uint64, rate int64) map[uint64]int64 {
	if known == nil {
		known = map[uint64]int64{}
	}
	if _, ok := known[id]; ok || len(known) < maxSamplers {
		known[id] = rate
	}
	return known
}

// of is the rate at which a flow record was sampled, 0 where nothing tells it.
func (s *rates) of(r *record) int64 {
	if rate := rateOf(r); rate != 0 {
		return rate
	}
	if r.tells(samplerID) {
		if rate := s.samplers[r.of(samplerID)]; rate != 0 {
			return rate
		}
	} else if len(s.samplers) == 1 { // records of exporters with one sampler need not name it
		for _, rate := range s.samplers {
			return rate
		}
	}
	if rate := s.interfaces[r.of(inputInterface)]; rate != 0 {
		return rate
	}
	return s.whole
}

// scaling is what the report says of the sampling of a domain.
type scaling struct {
	applied []int64 // rates, in order
	last    int64   // of them
	unknown int64   // records without a rate
}

const (
	// maxNamed is how many exporters the report names.
	maxNamed = 8
	// maxRates is how many rates of one exporter it names.
	maxRates = 8
)

// add notes that a record was scaled by a rate, 0 where none is known.
func (s *scaling) add(rate int64) {
	switch rate {
	case 0:
		s.unknown++
	case s.last:
	default:
		s.last = rate
		s.insert(rate)
	}
}

func (s *scaling) insert(rate int64) {
	if i, found := slices.BinarySearch(s.applied, rate); !found && len(s.applied) < maxRates {
		s.applied = slices.Insert(s.applied, i, rate)
	}
}

// byExporter joins what is known of the domains of each exporter.
func byExporter(domains map[domainKey]*domain) map[netip.Addr]*scaling {
	all := map[netip.Addr]*scaling{}
	for _, domain := range domains { // sums and sorted sets, whatever the order
		s := all[domain.key.exporter.Addr()]
		if s == nil {
			s = &scaling{}
			all[domain.key.exporter.Addr()] = s
		}
		s.unknown += domain.scaling.unknown
		for _, rate := range domain.scaling.applied {
			s.insert(rate)
		}
	}
	return all
}

// samplingNotes tell the rates, an exporter each.
func samplingNotes(domains map[domainKey]*domain) (notes []input.Note) {
	all := byExporter(domains)
	var exporters []netip.Addr
	for exporter, s := range all {
		if len(s.applied) > 0 && s.applied[len(s.applied)-1] > 1 {
			exporters = append(exporters, exporter)
		}
	}
	slices.SortFunc(exporters, netip.Addr.Compare)
	for _, exporter := range exporters[:min(len(exporters), maxNamed)] {
		notes = append(notes, input.Note{Text: all[exporter].sentence(exporter), Hint: samplingHint})
	}
	if more := len(exporters) - maxNamed; more > 0 {
		notes = append(notes, input.Note{
			Text: fmt.Sprintf("%d more exporters sampled: their counts are scaled too", more), Hint: samplingHint,
		})
	}
	return notes
}

const samplingHint = "flows with few packets are missing: detectors that look for single contacts, scans and regular " +
	"beacons see a part of them only"

func (s *scaling) sentence(exporter netip.Addr) string {
	name := "the exporter"
	if exporter.IsValid() {
		name = exporter.String()
	}
	var each []string
	for _, rate := range s.applied {
		each = append(each, fmt.Sprintf("1 in %d", rate))
	}
	sentence := fmt.Sprintf("%s sampled %s packets: packets and bytes are scaled", name, strings.Join(each, " and "))
	if s.unknown > 0 {
		sentence += fmt.Sprintf(", but for %d records whose rate it had not told", s.unknown)
	}
	return sentence
}
