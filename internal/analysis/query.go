package analysis

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"sentinel/internal/engine/duckdb"
	"sentinel/internal/input"
	"sentinel/internal/report"
)

// Answer takes the columns of a result, then its rows one by one.
type Answer struct {
	Columns func([]string) error
	Row     func([]any) error
}

// Query answers a question in SQL over the captures of the options, of which it sees flows and dns, and over files
// that the question itself names: FROM 'x.pcap'. It can read nothing else, and write nothing.
func Query(ctx context.Context, options Options, question string, answer Answer) (result *report.Report, err error) {
	parsed, named, err := ask(ctx, question)
	if err != nil {
		return nil, err
	}
	for _, name := range named {
		if !slices.Contains(options.Captures, name) {
			options.Captures = append(options.Captures, name)
		}
	}
	if len(options.Captures) == 0 {
		return nil, &input.Error{Name: "the question", Hint: `sentinel sql "SELECT count(*) FROM flows" day.parquet, or FROM 'day.parquet'`, Err: fmt.Errorf("names no capture")}
	}
	options.unlocked = true
	err = with(ctx, options, func(set *capture) error {
		result = &report.Report{}
		set.tell(result)
		if err := set.db.Restrict(ctx, set.files); err != nil {
			return err
		}
		parsed.Rename(set.tables(named))
		return set.db.Answer(ctx, parsed, answer.Columns, answer.Row)
	})
	return result, err
}

// ask takes a question apart and finds the files that it names.
func ask(ctx context.Context, question string) (parsed *duckdb.Question, files []string, err error) {
	db, err := duckdb.Open(ctx, duckdb.Options{})
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if parsed, err = db.Ask(ctx, question); err != nil {
		return nil, nil, &input.Error{Name: "the question", Hint: "sentinel columns lists what flows and dns have", Err: err}
	}
	known := duckdb.Relations()
	for _, name := range parsed.Tables() {
		if _, ok := known[name]; ok {
			continue
		}
		if _, err := os.Stat(name); err != nil {
			return nil, nil, &input.Error{Name: name, Hint: "there are " + strings.Join(slices.Sorted(maps.Keys(known)), " and ") + ", and files: FROM 'x.pcap'", Err: fmt.Errorf("is neither a table nor a file")}
		}
		files = append(files, name)
	}
	return parsed, files, nil
}

// tables finds the relation of each file.
func (c *capture) tables(files []string) map[string]string {
	relations := map[string]string{}
	for i, in := range c.inputs {
		if slices.Contains(files, in.Path) {
			relations[in.Path] = c.relations[i]
		}
	}
	return relations
}
