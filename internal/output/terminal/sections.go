package terminal

import (
	"fmt"
	"strings"
	"time"

	"sentinel/internal/output"
	"sentinel/internal/output/figure"
	"sentinel/internal/report"
)

func (p *printer) exfiltration() {
	e := p.report.Exfiltration
	if e == nil {
		return
	}
	p.heading(fmt.Sprintf("Downloads over uploads: %d of %d hosts above percentile %d", len(e.Hosts), e.Ranked, e.Percentile),
		"heavy downloaders rank first, as the original has it")
	var rows [][]string
	for _, host := range e.Hosts {
		rows = append(rows, []string{output.Address(host.SrcIP, host.Place), output.Count(host.DownBytes), output.Count(host.UpBytes),
			output.Ratio(host.Ratio), output.Origin(host.Place)})
	}
	p.table([]column{{title: "Source"}, {title: "Bytes down", right: true}, {title: "Bytes up", right: true},
		{title: "Ratio", right: true}, {title: "Origin", wide: true}}, rows)
}

func (p *printer) botnet() {
	b := p.report.Botnet
	if b == nil {
		return
	}
	p.heading(fmt.Sprintf("Flows inside %s, by destination", b.Network), "frequency: flows over the time from the first to the last")
	var rows [][]string
	for _, destination := range b.Destinations {
		rows = append(rows, []string{output.Address(destination.DstIP, destination.Place), output.Count(int64(len(destination.SrcIPs))),
			output.Count(destination.Flows), output.Rate(destination.PerSecond), list(destination.SrcIPs, 50)})
	}
	p.table([]column{{title: "Destination"}, {title: "Sources", right: true}, {title: "Flows", right: true},
		{title: "Flows/s", right: true}, {title: "Source addresses", wide: true}}, rows)
}

// wholeBytes is the width from which countries have room for bytes to the last one.
const wholeBytes = 100

// countryBar is how many cells the bar of the country with the most flows fills.
const countryBar = 12

func (p *printer) countries() {
	if p.report.Countries == nil {
		return
	}
	p.heading("Connections by country of destination", "")
	var rows [][]string
	largest := int64(0)
	for _, country := range p.report.Countries {
		largest = max(largest, country.Flows)
	}
	bytes := output.Count
	if p.Width < wholeBytes {
		bytes = output.Bytes
	}
	for _, country := range p.report.Countries {
		code := country.Code
		if code == "" {
			code = "–"
		}
		rows = append(rows, []string{code, country.Name, output.Count(country.Flows), output.Share(country.Flows, p.report.Summary.Flows),
			bar(country.Flows, largest, countryBar), bytes(country.DownBytes), bytes(country.UpBytes)})
	}
	p.table([]column{{title: "Country"}, {title: "Name", wide: true}, {title: "Flows", right: true}, {title: "Share", right: true}, {},
		{title: "Bytes down", right: true}, {title: "Bytes up", right: true}}, rows)
}

func (p *printer) hours() {
	if p.report.Hours == nil {
		return
	}
	p.heading("Connections by hour of the day (UTC)", "")
	bars := figure.Hours(p.report)
	bars.Title, bars.Subtitle, bars.CategoryAxis, bars.ValueAxis = "", "", "", ""
	bars.Horizontal = true
	kept := bars.Bars[:0]
	for _, hour := range p.report.Hours {
		bar := bars.Bars[hour.Hour]
		bar.Note = output.Count(hour.Flows)
		kept = append(kept, bar)
	}
	bars.Bars = kept
	p.printf("%s", bars.Text(min(p.Width, 80)))
}

func (p *printer) talkers() {
	if p.report.Talkers == nil {
		return
	}
	columns := []column{{title: "Host"}, {title: "Flows", right: true}, {title: "Up", right: true}, {title: "Down", right: true}, {title: "Origin", wide: true}}
	p.heading("Hosts with the most traffic", "")
	p.table(columns, talkerRows(p.report.Talkers.Hosts))
	columns[0].title = "Server"
	p.heading("Servers with the most traffic", "")
	p.table(columns, talkerRows(p.report.Talkers.Servers))
}

func talkerRows(talkers []report.Talker) (rows [][]string) {
	for _, talker := range talkers {
		rows = append(rows, []string{output.Address(talker.Address, talker.Place), output.Count(talker.Flows),
			output.Bytes(talker.UpBytes), output.Bytes(talker.DownBytes), output.Origin(talker.Place)})
	}
	return rows
}

func (p *printer) ports() {
	if p.report.Ports == nil {
		return
	}
	p.heading("Protocols and ports", "")
	var rows [][]string
	for _, port := range p.report.Ports {
		name := fmt.Sprintf("%s %d", output.Printable(port.Proto), port.DstPort)
		if port.Others > 0 {
			name = fmt.Sprintf("%s others", output.Count(int64(port.Others)))
		}
		rows = append(rows, []string{name, output.Count(port.Flows), output.Share(port.Flows, p.report.Summary.Flows),
			output.Bytes(port.UpBytes), output.Bytes(port.DownBytes)})
	}
	p.table([]column{{title: "Port"}, {title: "Flows", right: true}, {title: "Share", right: true}, {title: "Up", right: true}, {title: "Down", right: true}}, rows)
}

// fewSilences is how many silent stretches are listed without Details.
const fewSilences = 5

func (p *printer) quality() {
	q := p.report.Quality
	if q == nil {
		return
	}
	p.heading("Data quality", "")
	p.detail("duplicates: %s flows equal another in every column", output.Count(q.Duplicates))
	if len(q.Silences) == 0 {
		p.detail("clock: no stretch of an hour or more without flows")
	}
	for i, silence := range q.Silences {
		if i == fewSilences && p.Rows > 0 {
			p.detail("clock: %d more stretches without flows", len(q.Silences)-i)
			break
		}
		p.detail("clock: no flows from %s to %s (%s)", p.report.Time(silence.From), p.report.Time(silence.To),
			report.Duration(time.Duration(silence.To-silence.From)*time.Microsecond))
	}
	for _, input := range p.report.Inputs {
		if len(input.Absent) > 0 {
			p.detail("%s has no %s", output.Printable(input.Path), strings.Join(input.Absent, ", "))
		}
	}
}
