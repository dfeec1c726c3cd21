package pdf

import (
	"fmt"
	"strconv"
	"strings"

	"sentinel/internal/finding"
	"sentinel/internal/output"
	"sentinel/internal/output/figure"
	"sentinel/internal/report"
)

// cover tells what was read and how much stands out.
func (d *document) cover() {
	r := d.report
	d.letters(bold, 22, ink)
	d.CellFormat(inner, 11, "Sentinel traffic report", "", 1, "L", false, 0, "")
	d.letters(regular, 10, faint)
	d.paragraph(named(r.Inputs), 0)
	d.paragraph(r.Time(r.Summary.First)+" to "+r.Time(r.Summary.Last)+" UTC", 0)
	d.Ln(3)
	d.tiles([][2]string{
		{"Flows", output.Count(r.Summary.Flows)}, {"Hosts", output.Count(r.Summary.Hosts)}, {"Servers", output.Count(r.Summary.Servers)},
		{"Uploaded", output.Bytes(r.Summary.UpBytes)}, {"Downloaded", output.Bytes(r.Summary.DownBytes)},
	})
	d.severities()
}

// named names the captures.
func named(inputs []report.Input) string {
	const most = 5
	var names []string
	for _, input := range inputs[:min(len(inputs), most)] {
		names = append(names, output.Printable(input.Path))
	}
	if more := len(inputs) - most; more > 0 {
		names = append(names, fmt.Sprintf("and %d more captures", more))
	}
	return strings.Join(names, ", ")
}

// tiles sets figures in large letters side by side.
func (d *document) tiles(tiles [][2]string) {
	width, y := inner/float64(len(tiles)), d.GetY()
	for i, tile := range tiles {
		x := margin + float64(i)*width
		d.fill(shade)
		d.Rect(x, y, width-2, 15, "F")
		d.letters(regular, small, faint)
		d.SetXY(x+2.5, y+1.8)
		d.CellFormat(width-5, line, tile[0], "", 0, "L", false, 0, "")
		d.letters(bold, 13, ink)
		d.SetXY(x+2.5, y+7)
		d.CellFormat(width-5, 6, tile[1], "", 0, "L", false, 0, "")
	}
	d.SetXY(margin, y+18)
}

// severities counts the findings.
func (d *document) severities() {
	counts := map[finding.Severity]int{}
	for _, f := range d.report.Findings {
		counts[f.Severity]++
	}
	for severity := finding.Critical; severity > finding.Info; severity-- {
		if counts[severity] > 0 {
			d.chip(severity, fmt.Sprintf("%d %s", counts[severity], severity), 24)
			d.SetX(d.GetX() + 2)
		}
	}
	d.Ln(6)
}

func (d *document) detectors() {
	detection := d.report.Detection
	if detection == nil {
		return
	}
	d.heading("What the detectors looked at")
	d.letters(regular, body, ink)
	d.paragraph(fmt.Sprintf("%s tests were made. Of the findings with a chance at most %.1f are false on average; %s fell to chance, and the allow-list silenced %s.",
		output.Count(int64(detection.Tests)), detection.ExpectedFalse, output.Counted(int64(detection.Rejected), "candidate"), output.Counted(int64(detection.Allowed), "finding")), 0)
	d.Ln(1.5)
	var rows [][]string
	for _, ran := range detection.Ran {
		looked := ran.Looked
		if ran.Void != "" {
			looked = "could not judge: " + ran.Void
		}
		rows = append(rows, []string{ran.ID, ran.Finds, looked, strconv.Itoa(ran.Found)})
	}
	d.table([]column{{title: "Detector", width: 28}, {title: "Finds", width: 68}, {title: "Looked at", width: 62}, {title: "Findings", width: 16, right: true}}, rows)
}

// tallHeading is the room for a heading and the picture below it.
const tallHeading = 120

// course shows when the flows were.
func (d *document) course() {
	r := d.report
	if r.Timeline == nil && r.Hours == nil {
		return
	}
	d.need(tallHeading)
	d.heading("When")
	if r.Timeline != nil {
		d.picture(figure.Timeline(r), inner)
	}
	if r.Hours != nil {
		d.picture(figure.Hours(r), inner)
	}
	if r.Week != nil {
		d.picture(figure.Week(r), inner)
	}
}

// mostCountries is how many countries have a row; the picture adds up the others.
const mostCountries = 40

func (d *document) countries() {
	r := d.report
	if r.Countries == nil {
		return
	}
	d.need(tallHeading)
	d.heading("Where to")
	d.picture(figure.World(r), inner)
	d.picture(figure.Countries(r), inner)
	var rows [][]string
	for _, c := range r.Countries[:min(len(r.Countries), mostCountries)] {
		code, name := c.Code, c.Name
		if code == "" {
			code, name = "–", "unknown or private"
		}
		rows = append(rows, []string{code, name, output.Count(c.Flows), output.Share(c.Flows, r.Summary.Flows), output.Bytes(c.DownBytes), output.Bytes(c.UpBytes)})
	}
	d.table([]column{{title: "Code", width: 14}, {title: "Country", width: 60}, {title: "Flows", width: 25, right: true}, {title: "Share", width: 20, right: true},
		{title: "Downloaded", width: 27, right: true}, {title: "Uploaded", width: 27, right: true}}, rows)
	if more := len(r.Countries) - mostCountries; more > 0 {
		d.remark(fmt.Sprintf("… and %d more countries.", more))
	}
}

func (d *document) talkers() {
	talkers := d.report.Talkers
	if talkers == nil {
		return
	}
	d.heading("Top talkers")
	d.talker("Host", talkers.Hosts)
	d.talker("Server", talkers.Servers)
}

func (d *document) talker(title string, talkers []report.Talker) {
	var rows [][]string
	for _, t := range talkers {
		rows = append(rows, []string{t.Address.String(), t.Place.Name, output.Origin(t.Place), output.Count(t.Flows), output.Bytes(t.UpBytes), output.Bytes(t.DownBytes)})
	}
	d.table([]column{{title: title, width: 36}, {title: "Name", width: 42}, {title: "Origin", width: 38}, {title: "Flows", width: 18, right: true},
		{title: "Uploaded", width: 20, right: true}, {title: "Downloaded", width: 20, right: true}}, rows)
}

func (d *document) ports() {
	r := d.report
	if r.Ports == nil {
		return
	}
	d.heading("Protocols and ports")
	var rows [][]string
	for _, p := range r.Ports {
		proto, port := p.Proto, strconv.FormatInt(p.DstPort, 10)
		if p.Others > 0 {
			proto, port = fmt.Sprintf("%d others", p.Others), ""
		}
		rows = append(rows, []string{proto, port, output.Count(p.Flows), output.Share(p.Flows, r.Summary.Flows), output.Bytes(p.UpBytes), output.Bytes(p.DownBytes)})
	}
	d.table([]column{{title: "Protocol", width: 35}, {title: "Port", width: 20, right: true}, {title: "Flows", width: 30, right: true}, {title: "Share", width: 25, right: true},
		{title: "Uploaded", width: 30, right: true}, {title: "Downloaded", width: 30, right: true}}, rows)
}

func (d *document) exfiltration() {
	e := d.report.Exfiltration
	if e == nil {
		return
	}
	d.heading("Downloads over uploads")
	d.letters(regular, body, ink)
	d.paragraph(fmt.Sprintf("%s hosts were compared; these lie above the %d percentile of downloaded over uploaded bytes.", output.Count(int64(e.Ranked)), e.Percentile), 0)
	d.Ln(1.5)
	var rows [][]string
	for _, h := range e.Hosts {
		rows = append(rows, []string{h.SrcIP.String(), h.Place.Name, output.Origin(h.Place), output.Count(h.DownBytes), output.Count(h.UpBytes), output.Ratio(h.Ratio)})
	}
	d.table([]column{{title: "Host", width: 34}, {title: "Name", width: 40}, {title: "Origin", width: 34}, {title: "Downloaded bytes", width: 27, right: true},
		{title: "Uploaded bytes", width: 25, right: true}, {title: "Ratio", width: 18, right: true}}, rows)
}

func (d *document) botnet() {
	b := d.report.Botnet
	if b == nil {
		return
	}
	d.heading("Destinations inside the network")
	d.letters(regular, body, ink)
	d.paragraph("Destinations inside "+b.Network+" that hosts of it contact, the most frequent first.", 0)
	d.Ln(1.5)
	var rows [][]string
	for _, to := range b.Destinations {
		rows = append(rows, []string{to.DstIP.String(), to.Place.Name, output.Count(to.Flows), output.Rate(to.PerSecond), strconv.Itoa(len(to.SrcIPs))})
	}
	d.table([]column{{title: "Destination", width: 45}, {title: "Name", width: 60}, {title: "Flows", width: 22, right: true}, {title: "Flows a second", width: 26, right: true},
		{title: "Peers", width: 18, right: true}}, rows)
}
