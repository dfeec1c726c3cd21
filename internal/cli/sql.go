package cli

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/urfave/cli/v3"

	"sentinel/internal/analysis"
	"sentinel/internal/output"
	"sentinel/internal/output/terminal"
	"sentinel/internal/report"
)

func sqlCommand() *cli.Command {
	return &cli.Command{
		Name:      "sql",
		Usage:     "ask the flows of captures a question of your own",
		ArgsUsage: `"SELECT ..." [CAPTURE...]`,
		Description: "The question reads from flows and dns, which hold all captures that are given, or from a capture by its\n" +
			"name: FROM 'x.pcap'. It is one statement of DuckDB's SQL that only reads, and sees no other file.\n" +
			"sentinel columns lists the columns of flows and dns. With --engine the database answers, in its own SQL.",
		Flags: slices.Concat([]cli.Flag{
			&cli.StringFlag{Local: true, Name: "format", Value: "table", Usage: "of standard output: table, csv or json (a line per row)"},
			&cli.BoolFlag{Local: true, Name: "q", Aliases: []string{"quiet"}, Usage: "no notes and no progress on standard error"},
		}, inputFlags(), engineFlags()[:3]),
		Action: runSQL,
	}
}

func runSQL(ctx context.Context, command *cli.Command) error {
	if !command.Args().Present() {
		return hinted{errors.New("no question given"), `sentinel sql "SELECT src_ip, sum(up_bytes) FROM flows GROUP BY 1 ORDER BY 2 DESC LIMIT 10" day.pcap`}
	}
	make, ok := answerers[command.String("format")]
	if !ok {
		return fmt.Errorf("--format %s: expected table, csv or json", command.String("format"))
	}
	options, err := readOptions(command)
	if err != nil {
		return err
	}
	options.Captures = command.Args().Tail()
	answer := make(command.Root().Writer)
	if command.IsSet("engine") {
		if len(options.Captures) > 0 {
			return bothGiven(options.Captures[0])
		}
		return errors.Join(askThere(ctx, command, command.Args().First(), answer), answer.end())
	}
	var result *report.Report
	err = showing(command, &options, func() (err error) {
		result, err = analysis.Query(ctx, options, command.Args().First(), analysis.Answer{Columns: answer.columns, Row: answer.row})
		return err
	})
	if err != nil {
		return err
	}
	if err := answer.end(); err != nil {
		return err
	}
	tellFailures(command.Root().ErrWriter, result.Failures)
	if !command.Bool("q") {
		tellNotes(command.Root().ErrWriter, result)
	}
	return completeness(result)
}

// answerer prints a result.
type answerer struct {
	columns func([]string) error
	row     func([]any) error
	end     func() error
}

// answerers are the ways of printing.
var answerers = map[string]func(io.Writer) answerer{"table": answerTable, "csv": answerCSV, "json": answerJSON}

// mostRows is how many rows a table on the terminal shows; CSV and JSON have all.
const mostRows = 10_000

// endless is the width of a table that is never cut.
const endless = 1 << 20

func answerTable(w io.Writer) answerer {
	var titles []string
	var rows [][]string
	beyond := 0
	return answerer{
		columns: func(names []string) error { titles = names; return nil },
		row: func(values []any) error {
			if len(rows) == mostRows {
				beyond++
				return nil
			}
			row := output.Values(values)
			for i := range row {
				row[i] = output.Printable(row[i])
			}
			rows = append(rows, row)
			return nil
		},
		end: func() error {
			if err := terminal.WriteTable(w, endless, titles, rows); err != nil || beyond == 0 {
				return err
			}
			_, err := fmt.Fprintf(w, "%d more rows; --format csv has all\n", beyond)
			return err
		},
	}
}

func answerCSV(w io.Writer) answerer {
	writer := csv.NewWriter(w)
	return answerer{
		columns: writer.Write,
		row: func(values []any) error {
			row := output.Values(values)
			for i := range row {
				row[i] = output.Defused(row[i])
			}
			return writer.Write(row)
		},
		end: func() error { writer.Flush(); return writer.Error() },
	}
}

func answerJSON(w io.Writer) answerer {
	var names []string
	encoder := json.NewEncoder(w)
	return answerer{
		columns: func(columns []string) error { names = columns; return nil },
		row: func(values []any) error {
			return encoder.Encode(object{names, values})
		},
		end: func() error { return nil },
	}
}

// object is a row as JSON, its members in the order of the columns.
type object struct {
	names  []string
	values []any
}

// MarshalJSON implements json.Marshaler.
func (o object) MarshalJSON() ([]byte, error) {
	text := []byte{'{'}
	for i, name := range o.names {
		if i > 0 {
			text = append(text, ',')
		}
		key, err := json.Marshal(name)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(plain(o.values[i]))
		if err != nil {
			return nil, err
		}
		text = append(append(append(text, key...), ':'), value...)
	}
	return append(text, '}'), nil
}

// plain turns what JSON cannot tell into text.
func plain(value any) any {
	switch value := value.(type) {
	case nil, bool, string, int8, int16, int32, int64, uint8, uint16, uint32, uint64:
		return value
	case float64:
		if report.Defined(value) {
			return value
		}
	case []any:
		list := make([]any, len(value))
		for i := range value {
			list[i] = plain(value[i])
		}
		return list
	}
	return output.Value(value)
}
