package web

import (
	"context"
	"encoding/csv"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"sentinel/internal/explore"
	"sentinel/internal/flow"
	"sentinel/internal/output"
	"sentinel/internal/output/html"
	"sentinel/internal/output/json"
	"sentinel/internal/report"
)

// stalled is how long a download may stand still.
const stalled = time.Minute

// attachment is the body of an answer that a browser saves. It may take its time as long as it goes on.
type attachment struct {
	w       http.ResponseWriter
	control *http.ResponseController
	started bool
}

// attach begins a download of that name. It holds one of the few places for downloads until done.
func (v *visit) attach(name, kind string) (_ *attachment, done func(), err error) {
	if !v.site.writing.try() {
		return nil, nil, fault{http.StatusServiceUnavailable, errors.New("other downloads are under way; try again when they are done")}
	}
	v.w.Header().Set("Content-Type", kind)
	v.w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	v.ctx = v.r.Context() // not bounded by the time for a question
	control := http.NewResponseController(v.w)
	if err := unhurried(control, 0); err != nil {
		v.site.writing.leave()
		return nil, nil, err
	}
	return &attachment{w: v.w, control: control}, v.site.writing.leave, nil
}

// unhurried gives an answer more time, or as much as it takes where that is 0.
func unhurried(control *http.ResponseController, most time.Duration) error {
	var deadline time.Time
	if most > 0 {
		deadline = time.Now().Add(most)
	}
	if err := control.SetWriteDeadline(deadline); err != nil && !errors.Is(err, http.ErrNotSupported) { // tests have no connection
		return err
	}
	return nil
}

// Write implements io.Writer.
func (a *attachment) Write(text []byte) (int, error) {
	a.started = true
	if err := unhurried(a.control, stalled); err != nil {
		return 0, err
	}
	return a.w.Write(text)
}

// finish ends a download. What broke off must not look complete, so the connection is cut; what has not begun becomes
// a page that says why.
func (v *visit) finish(a *attachment, err error) error {
	if err == nil {
		return nil
	}
	if !a.started {
		v.w.Header().Del("Content-Disposition")
		return err
	}
	v.site.log(v.r, "a download broke off: "+err.Error())
	panic(http.ErrAbortHandler)
}

const kindCSV = "text/csv; charset=utf-8"

func downloadFlows(v *visit) error {
	a, done, err := v.attach("flows.csv", kindCSV)
	if err != nil {
		return err
	}
	defer done()
	table := csv.NewWriter(a)
	err = writeFlows(v.ctx, table, v.memo, v.filter)
	return v.finish(a, flushed(table, err))
}

// flushed ends a table; where it failed before anything was sent, nothing is.
func flushed(table *csv.Writer, err error) error {
	if err != nil {
		return err
	}
	table.Flush()
	return table.Error()
}

// writeFlows writes the columns of the flow record, as docs/columns.md has them.
func writeFlows(ctx context.Context, table *csv.Writer, m *memo, filter explore.Filter) error {
	var names []string
	for _, column := range flow.Columns {
		names = append(names, column.Name)
	}
	if err := table.Write(names); err != nil {
		return err
	}
	for f, err := range m.stream(ctx, filter) {
		if err != nil {
			return err
		}
		if err := table.Write(record(f)); err != nil {
			return err
		}
	}
	return nil
}

// record is a flow in the order of flow.Columns.
func record(f flow.Flow) []string {
	whole := func(n int64) string { return strconv.FormatInt(n, 10) }
	return []string{
		whole(f.Start), whole(f.Duration), f.SrcIP.String(), f.DstIP.String(), f.Proto.String(), whole(int64(f.SrcPort)), whole(int64(f.DstPort)),
		whole(f.UpBytes), whole(f.DownBytes), whole(f.UpPackets), whole(f.DownPackets), whole(f.UpPayload), whole(f.DownPayload),
		string(f.State), output.Defused(f.Service), output.Defused(f.Name), output.Defused(f.JA4), string(f.Opener),
	}
}

func downloadParquet(v *visit) error {
	exporter, ok := v.capture.Explorer.(Exporter)
	if !ok {
		return missing("There is no Parquet here; CSV has the same flows.")
	}
	a, done, err := v.attach("flows.parquet", "application/vnd.apache.parquet")
	if err != nil {
		return err
	}
	defer done()
	return v.finish(a, export(v.ctx, exporter, v.filter, a))
}

// export makes the file aside: Parquet is complete only at its end.
func export(ctx context.Context, exporter Exporter, filter explore.Filter, to io.Writer) (err error) {
	dir, err := os.MkdirTemp("", "sentinel-export-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	path := filepath.Join(dir, "flows.parquet")
	if err := exporter.Export(ctx, filter, path); err != nil {
		return err
	}
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	_, err = io.Copy(to, file)
	return err
}

func downloadTop(v *visit) error {
	d, ok := dimensionBy(explore.Dimension(v.query.Get("by")))
	if !ok {
		return missing("There is no such ranking.")
	}
	ranked, err := v.memo.top(v.ctx, v.filter, d.by, mostRows)
	if err != nil {
		return err
	}
	a, done, err := v.attach(string(d.by)+".csv", kindCSV)
	if err != nil {
		return err
	}
	defer done()
	table := csv.NewWriter(a)
	err = table.Write([]string{d.column, "flows", "up_bytes", "down_bytes", "first", "last"})
	for _, row := range ranked.rows {
		err = errors.Join(err, table.Write([]string{
			output.Defused(d.label(v, row)), strconv.FormatInt(row.Flows, 10), strconv.FormatInt(row.UpBytes, 10), strconv.FormatInt(row.DownBytes, 10),
			v.capture.Report.Time(row.First), v.capture.Report.Time(row.Last),
		}))
	}
	return v.finish(a, flushed(table, err))
}

func downloadJSON(v *visit) error {
	return v.downloadReport("report.json", "application/json", json.Write)
}

func downloadHTML(v *visit) error {
	return v.downloadReport("report.html", "text/html; charset=utf-8", html.Write)
}

func (v *visit) downloadReport(name, kind string, write func(io.Writer, *report.Report) error) error {
	a, done, err := v.attach(name, kind)
	if err != nil {
		return err
	}
	defer done()
	return v.finish(a, write(a, v.capture.Report))
}

func downloadAnswer(v *visit) error {
	question, err := v.question()
	if err != nil {
		return err
	}
	a, done, err := v.attach("answer.csv", kindCSV)
	if err != nil {
		return err
	}
	defer done()
	table := csv.NewWriter(a)
	err = v.ask(question, table.Write, func(values []any) error {
		row := output.Values(values)
		for i := range row {
			row[i] = output.Defused(row[i])
		}
		return table.Write(row)
	})
	if err = flushed(table, err); err != nil && !isCancelled(err) {
		err = unclear(err) // the question is the user's
	}
	return v.finish(a, err)
}
