package html

import (
	"fmt"
	"math"
	"net/netip"
	"strings"

	"sentinel/internal/output"
	"sentinel/internal/report"
)

func measures(r *report.Report) any {
	if r.Exfiltration == nil && r.Botnet == nil {
		return nil
	}
	s := shown{Text: "The two measures of the original Sentinel. They rank, they do not judge: a host stands here because others stand lower."}
	if r.Exfiltration != nil {
		s.Tables = append(s.Tables, exfiltrationTable(r.Exfiltration))
	}
	if r.Botnet != nil {
		s.Tables = append(s.Tables, botnetTable(r.Botnet))
	}
	return s
}

func exfiltrationTable(e *report.Exfiltration) Table {
	t := Table{ID: "exfiltration", Folded: usual, Caption: fmt.Sprintf(
		"Downloads over uploads: %s of %s above percentile %d", output.Count(int64(len(e.Hosts))), output.Counted(int64(e.Ranked), "host"), e.Percentile)}
	t.Columns = append(words("Source", "Name", "Origin"), numbers("Downloaded", "Uploaded", "Ratio")...)
	for _, host := range bounded(&t, e.Hosts) {
		t.Rows = append(t.Rows, []Cell{
			addressCell(host.SrcIP), hostCell(host.Place), textCell(output.Origin(host.Place)),
			bytesCell(host.DownBytes), bytesCell(host.UpBytes), ratioCell(host.Ratio),
		})
	}
	return t
}

func ratioCell(ratio float64) Cell {
	switch {
	case math.IsNaN(ratio):
		return Cell{Text: output.Ratio(ratio)}
	case math.IsInf(ratio, 1):
		return numberCell(output.Ratio(ratio), math.MaxFloat64)
	}
	return numberCell(output.Ratio(ratio), ratio)
}

// namedSources is how many sources a row names.
const namedSources = 4

func botnetTable(b *report.Botnet) Table {
	t := Table{ID: "botnet", Caption: "Flows inside " + output.Printable(b.Network) + ", by destination", Folded: usual}
	t.Columns = append(words("Destination", "Name"), numbers("Flows", "Flows a second", "Sources")...)
	t.Columns = append(t.Columns, words("Source addresses")...)
	for _, d := range bounded(&t, b.Destinations) {
		t.Rows = append(t.Rows, []Cell{
			addressCell(d.DstIP), hostCell(d.Place), countCell(d.Flows), rateCell(d.PerSecond), countCell(int64(len(d.SrcIPs))),
			{Text: addresses(d.SrcIPs, namedSources), Kind: "prose"},
		})
	}
	return t
}

func rateCell(rate float64) Cell {
	if !report.Defined(rate) {
		return Cell{Text: output.Rate(rate)}
	}
	return numberCell(output.Rate(rate), rate)
}

// addresses lists the first few and counts the others.
func addresses(list []netip.Addr, most int) string {
	var texts []string
	for _, address := range list[:min(len(list), most)] {
		texts = append(texts, address.String())
	}
	text := strings.Join(texts, ", ")
	if left := len(list) - most; left > 0 {
		text += fmt.Sprintf(" and %s more", output.Count(int64(left)))
	}
	return text
}
