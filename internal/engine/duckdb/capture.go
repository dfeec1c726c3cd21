package duckdb

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"strings"

	duckdb "github.com/duckdb/duckdb-go/v2"

	"sentinel/internal/flow"
	"sentinel/internal/input"
	"sentinel/internal/input/table"
)

// addCapture reads a format that Sentinel parses itself: its flows into a table, its questions to the DNS into another.
func (db *Database) addCapture(ctx context.Context, file *input.File, settings input.Settings) (source Source, err error) {
	if settings.Threads == 0 {
		settings.Threads = db.threads()
	}
	reader, err := file.Format.Open(file, settings)
	if err != nil {
		return Source{}, err
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	relation := relationOf(len(db.rows))
	seen, lookups, err := db.addReader(ctx, reader, flow.NewSet(file.Format.Columns...))
	if err != nil {
		return Source{}, err
	}
	source = describe(reader, seen, lookups)
	source.Relation = relation
	return source, nil
}

// describe tells what came of a reader.
func describe(reader input.Reader, seen *seen, lookups int64) Source {
	account := reader.Account()
	source := Source{
		Present: reader.Columns(), Clock: table.Clock{Doc: account.Clock}, Flows: seen.flows, First: seen.first, Last: seen.last,
		Lookups: lookups, Account: account,
	}
	for _, skip := range append(account.Skipped, seen.tally.Skips()...) {
		source.Skipped = append(source.Skipped, Skip(skip))
	}
	return source
}

// lookups appends questions to the DNS to the table of all. It has a connection of its own, since the one of the
// database is busy with the flows at the same time.
type lookups struct {
	conn     driver.Conn
	appender *duckdb.Appender
	rows     int64
}

const lookupTable = "lookups" // in the catalog of the database, not temporary: two connections share it

// openLookups prepares the table, which is empty unless a capture tells of lookups.
func (db *Database) openLookups(ctx context.Context) (*lookups, error) {
	if err := db.exec(ctx, lookupDefinition()); err != nil {
		return nil, err
	}
	conn, err := db.connector.Connect(ctx)
	if err != nil {
		return nil, explain(err)
	}
	appender, err := duckdb.NewAppenderFromConn(conn, "", lookupTable)
	if err != nil {
		return nil, errors.Join(explain(err), conn.Close())
	}
	return &lookups{conn: conn, appender: appender}, nil
}

// lookupDefinition writes the table of lookups as flow.LookupColumns declares it.
func lookupDefinition() string {
	var columns []string
	for _, column := range flow.LookupColumns {
		columns = append(columns, quoteName(column.Name)+" "+sqlTypes[column.Type])
	}
	return fmt.Sprintf("CREATE TABLE IF NOT EXISTS %s (%s)", lookupTable, strings.Join(columns, ", "))
}

// add appends lookups, values in the order of flow.LookupColumns.
func (l *lookups) add(found []flow.Lookup) error {
	for i := range found {
		f := &found[i]
		var code driver.Value = f.Code
		if f.Code == "" {
			code = nil
		}
		err := l.appender.AppendRow(f.Time, f.Client.String(), f.Server.String(), f.Name, f.Type, code, f.Answers, f.UpBytes, f.DownBytes)
		if err != nil {
			return fmt.Errorf("keeping lookups: %w", explain(err))
		}
	}
	l.rows += int64(len(found))
	return nil
}

func (l *lookups) close() error { return errors.Join(explain(l.appender.Close()), l.conn.Close()) }
