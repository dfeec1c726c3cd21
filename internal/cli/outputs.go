package cli

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v3"
	"golang.org/x/sync/errgroup"

	"sentinel/internal/analysis"
	"sentinel/internal/output"
	outputs "sentinel/internal/output/catalog"
	"sentinel/internal/report"
)

// outputFlags say what to do with the result.
func outputFlags() []cli.Flag {
	return []cli.Flag{
		&cli.BoolFlag{Local: true, Name: "q", Aliases: []string{"quiet"}, Usage: "nothing on standard output"},
		&cli.BoolFlag{Local: true, Name: "o", Aliases: []string{"outfileMd"}, Usage: "write a Markdown report, report_<time>.md, with its pictures"},
		&cli.BoolFlag{Local: true, Name: "p", Aliases: []string{"pdf"}, Usage: "write a report on paper, report_<time>.pdf"},
		&cli.StringSliceFlag{Local: true, Name: "report", Usage: "write a report, `FORMAT[=FILE]`: " + formatNames(writes)},
		&cli.StringFlag{Local: true, Name: "format", Value: "text", Usage: "of standard output: text, " + formatNames(prints)},
		&cli.BoolFlag{Local: true, Name: "details", Usage: "show all rows of all tables"},
		&cli.BoolFlag{Local: true, Name: "reproducible", Usage: "leave out the time of the run, so that the same input gives the same output"},
	}
}

// prints tells whether a format is text in one piece, fit for standard output.
func prints(f output.Format) bool { return f.Write != nil && !f.Binary }

func writes(output.Format) bool { return true }

func formatNames(fit func(output.Format) bool) string {
	var names []string
	for _, format := range outputs.All {
		if fit(format) {
			names = append(names, format.ID)
		}
	}
	return strings.Join(names, ", ")
}

func formatByID(flag, id string, fit func(output.Format) bool) (output.Format, error) {
	for _, format := range outputs.All {
		if format.ID == id && fit(format) {
			return format, nil
		}
	}
	known := formatNames(fit)
	if flag == "--format" {
		known = "text, " + known
	}
	return output.Format{}, hinted{fmt.Errorf("%s %s: expected one of %s", flag, id, known), "sentinel outputs tells what each is for"}
}

// delivery says where a report goes besides standard output.
type delivery struct {
	pictures bool // of the measures, as the original draws them
	rows     int  // of a table on the terminal
}

// order is a report to be written.
type order struct {
	format output.Format
	stem   string // of its files, with their directory
	plain  bool   // its only file is called by the stem alone
}

// ordersFrom reads which reports to write.
func ordersFrom(command *cli.Command, now time.Time) (orders []order, err error) {
	var wanted []string
	if command.Bool("o") {
		wanted = append(wanted, "md")
	}
	if command.Bool("p") {
		wanted = append(wanted, "pdf")
	}
	stem := "report"
	if !now.IsZero() {
		stem = fmt.Sprintf("report_%d", now.UnixMicro())
	}
	for _, text := range append(wanted, command.StringSlice("report")...) {
		id, file, named := strings.Cut(text, "=")
		format, err := formatByID("--report", id, writes)
		if err != nil {
			return nil, err
		}
		if named && file == "" {
			return nil, hinted{fmt.Errorf("--report %s: expected a file name behind the =", text), fmt.Sprintf("for example --report %s=day%s", id, format.Extension)}
		}
		orders = append(orders, orderOf(format, stem, file))
	}
	return orders, nil
}

// orderOf is the report of that name, or of the usual one where it is empty.
func orderOf(format output.Format, usual, name string) order {
	if name == "" {
		return order{format: format, stem: usual}
	}
	if stem, ok := strings.CutSuffix(name, format.Extension); ok {
		return order{format: format, stem: stem}
	}
	return order{format: format, stem: name, plain: format.Files == nil}
}

func (o order) files(r *report.Report) []output.File {
	files := o.format.FilesOf(o.stem, r)
	if o.plain {
		files[0].Name = o.stem
	}
	return files
}

// deliver writes the reports and tells where they are.
func deliver(command *cli.Command, result *report.Report, orders []order) error {
	for _, order := range orders {
		files := order.files(result)
		if err := writeFiles(files); err != nil {
			return err
		}
		if len(files) > 0 && command.IsSet("report") && !command.Bool("q") {
			fmt.Fprintf(command.Root().ErrWriter, "wrote %s\n", output.PrintableLong(namesOf(files)))
		}
	}
	return nil
}

// namesOf lists files; of many the first and how many.
func namesOf(files []output.File) string {
	if len(files) < 3 {
		names := []string{files[0].Name}
		for _, file := range files[1:] {
			names = append(names, file.Name)
		}
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more beside it", files[0].Name, len(files)-1)
}

// writeFiles writes files side by side.
func writeFiles(files []output.File) error {
	var group errgroup.Group
	for _, file := range files {
		group.Go(func() error { return writeFile(file) })
	}
	return group.Wait()
}

func writeFile(file output.File) error {
	err := output.WriteFile(file.Name, file.Write)
	if err == nil {
		return nil
	}
	dir, _ := filepath.Abs(filepath.Dir(file.Name))
	return hinted{fmt.Errorf("writing %s: %w", file.Name, err), "choose a directory where you may write; this one is " + dir}
}

// means are flags that say with what means to work and where results go, and change no result.
var means = []string{"q", "o", "p", "report", "format", "details", "reproducible", "memory", "threads", "temp-dir", "data", "baseline", "fail-on", "engine", "listen", "cache-dir", "no-cache"}

// settingsOf lists what a command line sets beyond the captures, for a report to tell.
func settingsOf(command *cli.Command) (settings []report.Setting) {
	for _, flag := range command.Flags {
		name := flag.Names()[0]
		if !command.IsSet(name) || slices.Contains(means, name) {
			continue
		}
		for _, value := range valuesOf(command, name) {
			settings = append(settings, report.Setting{Name: name, Value: value})
		}
	}
	return settings
}

func valuesOf(command *cli.Command, name string) []string {
	if list, ok := command.Value(name).([]string); ok {
		return list
	}
	return []string{fmt.Sprint(command.Value(name))}
}

// prepare makes the analysis tell what the outputs show, and gives the reports to write.
func prepare(command *cli.Command, options *analysis.Options) ([]order, error) {
	if id := command.String("format"); id != "text" {
		if _, err := formatByID("--format", id, prints); err != nil {
			return nil, err
		}
	}
	orders, err := ordersFrom(command, options.Now)
	if err != nil {
		return nil, err
	}
	options.Settings = settingsOf(command)
	for _, order := range orders {
		options.Checksums = options.Checksums || order.format.Thorough
		options.Compare = options.Compare || order.format.Thorough
	}
	return orders, nil
}
