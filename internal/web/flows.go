package web

import (
	"fmt"
	"net/url"
	"strconv"

	"sentinel/internal/explore"
	"sentinel/internal/flow"
	"sentinel/internal/output"
	"sentinel/internal/report"
)

// pageRows is how many flows a page has; of the pages there are only so many, whose offsets the engine still
// finds quickly.
const (
	pageRows  = 100
	mostPages = 10_000
)

// flowsView is a page of the flows behind a figure.
type flowsView struct {
	Rows             []flowRow
	Shown            string
	Previous, Next   string
	CSV, Parquet     string
	Overview, Beyond string
	Page, Pages      int64
}

type flowRow struct {
	Start, Duration, Source, SourceLink, Destination, DestinationLink, Port, PortLink string
	Up, Down, State, Service, Name, Channel                                           string
}

func showFlows(v *visit) error {
	l := lens{path: "/flows", filter: v.filter}
	totals, err := v.memo.totals(v.ctx, l.filter)
	if err != nil {
		return err
	}
	pages := min((totals.Flows+pageRows-1)/pageRows, mostPages)
	page, err := pageOf(v.query.Get("page"), pages)
	if err != nil {
		return err
	}
	offset := (page - 1) * pageRows
	flows, err := v.memo.flows(v.ctx, l.filter, offset, pageRows)
	if err != nil {
		return err
	}
	content := flowsView{Page: page, Pages: pages, Overview: link("/", l.filter), CSV: link("/flows.csv", l.filter), Rows: v.flowRows(flows, l)}
	content.Shown = fmt.Sprintf("%s to %s of %s", output.Count(min(offset+1, totals.Flows)), output.Count(offset+int64(len(flows))), output.Counted(totals.Flows, "flow"))
	if _, ok := v.capture.Explorer.(Exporter); ok {
		content.Parquet = link("/flows.parquet", l.filter)
	}
	if page > 1 {
		content.Previous = pageLink(l.filter, page-1)
	}
	if page < pages {
		content.Next = pageLink(l.filter, page+1)
	}
	return v.present("flows", v.frame("Flows", "/flows"), l, content)
}

func pageOf(text string, pages int64) (int64, error) {
	if text == "" {
		return 1, nil
	}
	page, err := strconv.ParseInt(text, 10, 64)
	if err != nil || page < 1 {
		return 0, unclear(fmt.Errorf("page %s is none", output.Printable(text)))
	}
	if page > max(pages, 1) {
		return 0, missing("There are only %s here.", output.Counted(max(pages, 1), "page"))
	}
	return page, nil
}

func pageLink(filter explore.Filter, page int64) string {
	query := writeFilter(filter)
	if page > 1 {
		query.Set("page", strconv.FormatInt(page, 10))
	}
	return (&url.URL{Path: "/flows", RawQuery: query.Encode()}).String()
}

func (v *visit) flowRows(flows []flow.Flow, l lens) (rows []flowRow) {
	for _, f := range flows {
		proto := f.Proto.String()
		row := flowRow{
			Start: v.capture.Report.Time(f.Start), Duration: seconds(float64(f.Duration) / 1e6), Source: f.SrcIP.String(), Destination: f.DstIP.String(),
			Port: portOf(proto, int64(f.DstPort)), Up: output.Bytes(f.UpBytes), Down: output.Bytes(f.DownBytes),
			State: string(f.State), Service: output.Printable(f.Service), Name: output.Printable(f.Name),
		}
		row.SourceLink = l.to(func(filter *explore.Filter) { filter.SrcIP = f.SrcIP })
		row.DestinationLink = l.to(func(filter *explore.Filter) { filter.DstIP = f.DstIP })
		row.PortLink = l.to(func(filter *explore.Filter) { filter.Proto, filter.DstPort = proto, int64(f.DstPort) })
		row.Channel = channelPage(explore.Channel{SrcIP: f.SrcIP, DstIP: f.DstIP, Proto: proto, DstPort: int64(f.DstPort)})
		rows = append(rows, row)
	}
	return rows
}

// topView is a whole ranking.
type topView struct {
	Table  table
	Others []navigation
	Shown  string
}

func showTop(v *visit) error {
	d, ok := dimensionBy(explore.Dimension(v.r.PathValue("by")))
	if !ok {
		return missing("There is no such ranking.")
	}
	l := lens{path: "/top/" + string(d.by), filter: v.filter}
	ranked, err := v.tabulate(d, l, mostRows)
	if err != nil {
		return err
	}
	content := topView{Table: ranked, Shown: fmt.Sprintf("%s of %s, most flows first", output.Count(int64(len(ranked.Rows))), output.Count(ranked.Values))}
	for _, other := range dimensions {
		content.Others = append(content.Others, navigation{Title: other.title, Link: link("/top/"+string(other.by), l.filter), Here: other.by == d.by})
	}
	return v.present("top", v.frame(d.title, ""), l, content)
}

// captureNames are the names of what was read, the first of many.
func captureNames(inputs []report.Input) string {
	if len(inputs) == 0 {
		return "no capture"
	}
	first := output.Printable(inputs[0].Path)
	if len(inputs) == 1 {
		return first
	}
	return first + " and " + output.Counted(int64(len(inputs)-1), "other")
}
