package web

import (
	"cmp"
	"encoding/json"

	"sentinel/internal/chart"
	"sentinel/internal/explore"
	"sentinel/internal/finding"
	"sentinel/internal/output/figure"
	"sentinel/internal/report"
)

// How fine a picture is.
const (
	mostSteps  = 240
	mostPlaces = 300 // countries there are fewer
	mostEdges  = 40  // more cannot be told apart
)

// drawing is a chart for the browser, with where clicks on it lead.
type drawing struct {
	Option chart.Option      `json:"option"`
	Links  map[string]string `json:"links,omitempty"` // by the name of what is clicked on
	Brush  string            `json:"brush,omitempty"` // the page to narrow in time, without from and to
}

// drawn is a chart and where it leads.
type drawn struct {
	chart chart.Chart
	links map[string]string
	brush string
}

// charts are all that a page may ask for.
var charts = map[string]func(*visit, lens) (drawn, error){
	"timeline": drawTimeline,
	"hours":    drawHours,
	"week":     drawWeek,
	"world":    drawWorld,
	"edges":    drawEdges,
	"contacts": drawContacts,
	"gaps":     drawGaps,
	"up":       func(v *visit, _ lens) (drawn, error) { return drawSizes(v, "Bytes sent", upOf) },
	"down":     func(v *visit, _ lens) (drawn, error) { return drawSizes(v, "Bytes received", downOf) },
}

func serveChart(v *visit) error {
	draw, ok := charts[v.r.PathValue("kind")]
	if !ok {
		return missing("There is no such chart.")
	}
	l := lens{path: "/", filter: v.filter}
	if v.query.Get("pin") == "host" && l.filter.Host.IsValid() {
		l.path, l.pinned = hostPage(l.filter.Host), true
	}
	picture, err := draw(v, l)
	if err != nil {
		return err
	}
	if picture.chart == nil {
		return missing("There is nothing to draw.")
	}
	theme := chart.Light
	if v.query.Get("theme") == "dark" {
		theme = chart.Dark
	}
	return v.writeJSON(drawing{picture.chart.ECharts(theme), picture.links, picture.brush})
}

func (v *visit) writeJSON(value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return err
	}
	v.w.Header().Set("Content-Type", "application/json")
	_, _ = v.w.Write(text) // who went away needs no answer
	return nil
}

// chartLink is the address of a chart for what a page shows.
func chartLink(kind string, l lens) string {
	query := writeFilter(l.filter)
	if l.pinned {
		query.Set("pin", "host")
	}
	return "/chart/" + kind + "?" + query.Encode()
}

// narrowed is the report with the figures of what is chosen, which figure draws.
func (v *visit) narrowed() (*report.Report, error) {
	totals, err := v.memo.totals(v.ctx, v.filter)
	if err != nil {
		return nil, err
	}
	r := *v.capture.Report
	r.Summary.Flows, r.Summary.First, r.Summary.Last = totals.Flows, totals.First, totals.Last
	r.Countries, r.Hours, r.Week, r.Timeline, r.Edges, r.Findings = nil, nil, nil, nil, nil, nil
	for _, f := range v.capture.Report.Findings {
		if concerns(f, v.filter) {
			r.Findings = append(r.Findings, f)
		}
	}
	return &r, nil
}

func drawTimeline(v *visit, l lens) (drawn, error) {
	r, err := v.narrowed()
	if err != nil {
		return drawn{}, err
	}
	line, err := v.memo.timeline(v.ctx, v.filter, mostSteps)
	if err != nil {
		return drawn{}, err
	}
	r.Timeline = v.even(line)
	brush := l.to(func(f *explore.Filter) { f.From, f.To = 0, 0 })
	return drawn{chart: figure.Timeline(r), brush: brush}, nil
}

// even is a timeline with a value for every step, from where the chosen time begins to where it ends.
func (v *visit) even(line timeline) *report.Timeline {
	if len(line.rows) == 0 || line.step <= 0 {
		return nil
	}
	first, last := v.capture.Explorer.Extent()
	begin := line.rows[0].Start
	from := max(cmp.Or(v.filter.From, first), first)
	if from < begin {
		begin -= (begin - from + line.step - 1) / line.step * line.step
	}
	to := max(line.rows[len(line.rows)-1].Start, min(cmp.Or(v.filter.To, last+1), last+1)-1)
	even := &report.Timeline{Start: begin, Step: line.step, Flows: make([]int64, min((to-begin)/line.step+1, 4*mostSteps))}
	for _, m := range line.rows {
		if at := (m.Start - begin) / line.step; at < int64(len(even.Flows)) {
			even.Flows[at] += m.Flows
		}
	}
	return even
}

func drawHours(v *visit, _ lens) (drawn, error) {
	r, err := v.narrowed()
	if err != nil {
		return drawn{}, err
	}
	week, err := v.memo.week(v.ctx, v.filter)
	if err != nil {
		return drawn{}, err
	}
	for hour := range 24 {
		entry := report.Hour{Hour: hour}
		for day := range week {
			entry.Flows += week[day][hour]
		}
		r.Hours = append(r.Hours, entry)
	}
	return drawn{chart: figure.Hours(r)}, nil
}

func drawWeek(v *visit, _ lens) (drawn, error) {
	r, err := v.narrowed()
	if err != nil {
		return drawn{}, err
	}
	week, err := v.memo.week(v.ctx, v.filter)
	if err != nil {
		return drawn{}, err
	}
	r.Week = &report.Week{Flows: week}
	return drawn{chart: figure.Week(r)}, nil
}

// ranked gives what a chart of the largest values of a dimension shows, and the report to put them into.
func (v *visit) ranked(by explore.Dimension, most int) (r *report.Report, top ranking, err error) {
	if r, err = v.narrowed(); err == nil {
		top, err = v.memo.top(v.ctx, v.filter, by, most)
	}
	return r, top, err
}

func drawWorld(v *visit, l lens) (drawn, error) {
	r, ranked, err := v.ranked(explore.Countries, mostPlaces)
	if err != nil {
		return drawn{}, err
	}
	links := map[string]string{}
	for _, row := range ranked.rows {
		code := row.Country
		if code == explore.Unplaced {
			code = ""
		}
		name := cmp.Or(v.countryName(code), code)
		r.Countries = append(r.Countries, report.Country{Code: code, Name: name, Flows: row.Flows, UpBytes: row.UpBytes, DownBytes: row.DownBytes})
		links[code] = l.to(func(f *explore.Filter) { f.Country = countryOf(row) })
		links[name] = links[code]
	}
	return drawn{chart: figure.World(r), links: links}, nil
}

func drawEdges(v *visit, l lens) (drawn, error) {
	r, ranked, err := v.ranked(explore.Edges, mostEdges)
	if err != nil {
		return drawn{}, err
	}
	links := map[string]string{}
	for _, row := range ranked.rows {
		r.Edges = append(r.Edges, report.Edge{SrcIP: row.SrcIP, DstIP: row.DstIP, Flows: row.Flows, First: row.First, Last: row.Last})
		links[row.SrcIP.String()] = hostPage(row.SrcIP)
		links[row.DstIP.String()] = hostPage(row.DstIP)
		links[row.SrcIP.String()+" > "+row.DstIP.String()] = l.to(func(f *explore.Filter) { f.SrcIP, f.DstIP = row.SrcIP, row.DstIP })
	}
	return drawn{chart: figure.Edges(r), links: links}, nil
}

func drawContacts(v *visit, _ lens) (drawn, error) {
	_, contacts, err := v.contacts()
	if err != nil {
		return drawn{}, err
	}
	points := make([]finding.Point, len(contacts))
	for i, c := range contacts {
		points[i] = finding.Point{X: float64(c.Start), Y: float64(c.UpBytes)}
	}
	return drawn{chart: figure.Exhibit(v.capture.Report, finding.Exhibit{
		Kind: finding.Contacts, Title: "Contacts over time", XAxis: "Time (UTC)", YAxis: "Bytes sent", Points: finding.Thinned(points),
	})}, nil
}

func drawGaps(v *visit, _ lens) (drawn, error) {
	_, contacts, err := v.contacts()
	if err != nil {
		return drawn{}, err
	}
	edges, counts := distribution(gapsOf(contacts))
	return drawn{chart: chart.Histogram{Title: "Gaps between contacts", ValueAxis: "Time between contacts", CountAxis: "Gaps", Unit: chart.Seconds, Edges: edges, Counts: counts}}, nil
}

func upOf(c explore.Contact) int64   { return c.UpBytes }
func downOf(c explore.Contact) int64 { return c.DownBytes }

func drawSizes(v *visit, title string, of func(explore.Contact) int64) (drawn, error) {
	_, contacts, err := v.contacts()
	if err != nil {
		return drawn{}, err
	}
	values := make([]float64, len(contacts))
	for i, c := range contacts {
		values[i] = float64(of(c))
	}
	edges, counts := distribution(values)
	return drawn{chart: chart.Histogram{Title: title + " per contact", ValueAxis: title, CountAxis: "Contacts", Unit: chart.Bytes, Edges: edges, Counts: counts}}, nil
}

// serveWorld gives the shapes of the countries out, once for all maps.
func serveWorld(v *visit) error {
	shapes, err := chart.WorldGeoJSON()
	if err != nil {
		return err
	}
	v.w.Header().Set("Content-Type", "application/json")
	v.w.Header().Set("Cache-Control", "private, max-age=86400")
	_, _ = v.w.Write(shapes)
	return nil
}
