package duckdb

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"sentinel/internal/engine"
	"sentinel/internal/flow"
	"sentinel/internal/input"
	"sentinel/internal/input/table"
)

//go:embed sql/*.sql
var statements embed.FS

// Source is what became of one file.
type Source struct {
	Relation string        // that holds its flows
	Matches  []table.Match // of a table
	Present  flow.Set      // optional columns of a capture that Sentinel parses itself
	Clock    table.Clock
	Ignored  []string // fields that fill no column
	Flows    int64    // rows that are flows
	First    int64    // start of the earliest, microseconds since the epoch; 0 without flows
	Last     int64    // start of the latest
	Filled   int64    // flows whose missing byte counts or port were taken as 0
	Skipped  []Skip   // the other rows, the most frequent reason first
	Lookups  int64    // questions to the DNS
	Account  input.Account
}

// Skip counts rows that could not be used.
type Skip struct {
	Reason  string
	Rows    int64
	Example string // where the first one stands, if the reader tells
}

// Hints are a user's own words on what a table means and how a capture is read.
type Hints struct {
	Columns  table.Overrides
	Clock    *table.Clock // nil: infer
	Settings input.Settings
}

// Add makes the flows of a file part of the analysis. After an error the file is no part of it, and the
// others still are.
func (db *Database) Add(ctx context.Context, file *input.File, hints Hints) (Source, error) {
	if file.Format.Open != nil {
		return db.addCapture(ctx, file, hints.Settings)
	}
	relation, err := db.relation(ctx, file)
	if err != nil {
		return Source{}, err
	}
	source := Source{Relation: relationOf(len(db.rows))}
	if source.Matches, err = table.Matching(relation.fields, hints.Columns); err != nil {
		return Source{}, err
	}
	used := usedFields(source.Matches)
	source.Ignored = ignored(relation.fields, used)
	if source.Clock, err = db.clock(ctx, relation.scan(used, ""), source.Matches, hints.Clock); err != nil {
		return Source{}, err
	}
	return source, db.attach(ctx, relation, &source)
}

// attach creates the relations of the next source: source_N converts its rows and tells the place of each, placed_N leaves
// out the unusable ones, and flows_N the places.
func (db *Database) attach(ctx context.Context, relation relation, source *Source) (err error) {
	n := strconv.Itoa(len(db.rows))
	defer func() {
		if err != nil {
			err = errors.Join(err, db.exec(context.WithoutCancel(ctx), fmt.Sprintf("DROP VIEW IF EXISTS source_%s; DROP TABLE IF EXISTS kept_%[1]s", n)))
		}
	}()
	rejects := "rejects_" + n
	columns, place, rows := projection(source.Matches, source.Clock), relation.place, relation.scan(usedFields(source.Matches), rejects)
	if relation.streamed {
		if err := db.exec(ctx, fmt.Sprintf("CREATE TEMP TABLE kept_%s AS SELECT\n    %s\nFROM %s", n, columns, rows)); err != nil {
			return err
		}
		columns, place, rows = "*", "rowid", "kept_"+n
	}
	if err := db.exec(ctx, fmt.Sprintf("CREATE TEMP VIEW source_%s AS SELECT\n    %s, %s AS place\nFROM %s", n, columns, place, rows)); err != nil {
		return err
	}
	if err := db.survey(ctx, n, source); err != nil {
		return err
	}
	count := source.Flows
	for _, skip := range source.Skipped {
		count += skip.Rows
	}
	if relation.streamed {
		if err := db.countRejects(ctx, rejects, source); err != nil {
			return err
		}
	}
	db.rows = append(db.rows, count)
	return nil
}

// survey finds out whether all rows are sound, and if not, sets the unusable ones apart.
func (db *Database) survey(ctx context.Context, n string, source *Source) error {
	var sound bool
	if err := db.queryRow(ctx, statement("survey", n), &source.Flows, &source.First, &source.Last, &sound); err != nil {
		return err
	}
	if clock := source.Clock; scales(source.Matches[0], clock) {
		sound = sound && (source.Flows == 0 || clock.Holds(source.First) && clock.Holds(source.Last))
		source.First, source.Last = clock.Micros(source.First), clock.Micros(source.Last)
	}
	if err := db.gatherEnds(ctx, n, "source_"+n); err != nil {
		return err
	}
	sound, err := db.canonicalise(ctx, n, sound)
	if err != nil {
		return err
	}
	if sound {
		return db.exec(ctx, flowsFrom(n, "source_"+n))
	}
	if err := db.exec(ctx, statement("mended", n)); err != nil {
		return err
	}
	if err := db.countSkipped(ctx, n, source); err != nil {
		return err
	}
	err = db.exec(ctx, flowsFrom(n, fmt.Sprintf("mended_%s WHERE reason IS NULL", n)))
	return errors.Join(err, db.gatherEnds(ctx, n, "flows_"+n))
}

// flowsFrom makes the relations of the flows among rows.
func flowsFrom(n, rows string) string {
	return fmt.Sprintf("CREATE TEMP VIEW placed_%s AS SELECT place, %s FROM %s; CREATE TEMP VIEW flows_%[1]s AS SELECT %[2]s FROM placed_%[1]s", n, columnList(), rows)
}

// gatherEnds adds up the addresses of a source, from which hosts and servers derive.
func (db *Database) gatherEnds(ctx context.Context, n, relation string) error {
	return db.exec(ctx, strings.ReplaceAll(statement("ends_prepare", n), "{relation}", relation))
}

func (db *Database) countSkipped(ctx context.Context, n string, source *Source) error {
	source.Flows, source.First, source.Last = 0, 0, 0
	rows, err := db.conn.QueryContext(ctx, statement("skipped", n))
	if err != nil {
		return explain(err)
	}
	defer rows.Close()
	for rows.Next() {
		var reason string
		var count, first, last, filled int64
		if err := rows.Scan(&reason, &count, &first, &last, &filled); err != nil {
			return explain(err)
		}
		if reason == "" {
			source.Flows, source.First, source.Last, source.Filled = count, first, last, filled
		} else {
			source.Skipped = append(source.Skipped, Skip{Reason: reason, Rows: count})
		}
	}
	return explain(rows.Err())
}

// countRejects adds the lines that the CSV reader could not split into fields.
func (db *Database) countRejects(ctx context.Context, rejects string, source *Source) error {
	var exists bool
	if err := db.queryRow(ctx, "SELECT count(*) > 0 FROM duckdb_tables() WHERE table_name = "+quoteText(rejects), &exists); err != nil || !exists {
		return err
	}
	var lines, first int64
	if err := db.queryRow(ctx, "SELECT count(DISTINCT line), coalesce(min(line), 0) FROM "+rejects, &lines, &first); err != nil || lines == 0 {
		return err
	}
	source.Skipped = append(source.Skipped, Skip{"line does not have the fields of the header", lines, fmt.Sprintf("line %d", first)})
	return nil
}

// relationOf is the name of the relation with the flows of the n-th source.
func relationOf(n int) string { return "flows_" + strconv.Itoa(n) }

// Seal ends the adding of files; rollups may be asked from then on.
func (db *Database) Seal(ctx context.Context) error {
	if len(db.rows) == 0 {
		return errors.New("no input to analyse")
	}
	if err := db.unite(ctx, "flows"); err != nil {
		return err
	}
	return db.exec(ctx, lookupDefinition()+"; CREATE TEMP VIEW dns AS FROM "+lookupTable)
}

// unite makes one relation of those of all sources.
func (db *Database) unite(ctx context.Context, relation string) error {
	var parts []string
	for n := range db.rows {
		parts = append(parts, fmt.Sprintf("FROM %s_%d", relation, n))
	}
	return db.exec(ctx, "CREATE TEMP VIEW "+relation+" AS "+strings.Join(parts, " UNION ALL "))
}

// needEnds makes the relation of all addresses.
func (db *Database) needEnds(ctx context.Context) error {
	if db.ends {
		return nil
	}
	for _, n := range db.ungathered {
		if err := db.gatherEnds(ctx, n, "flows_"+n); err != nil {
			return err
		}
	}
	err := db.unite(ctx, "ends")
	db.ends = err == nil
	return err
}

func (db *Database) clock(ctx context.Context, scan string, matches []table.Match, given *table.Clock) (table.Clock, error) {
	if clock, typed := table.TypedClock(matches); typed {
		return clock, nil
	}
	if given != nil {
		return *given, nil
	}
	start := expression(matches[0].Field)
	times, err := db.times(ctx, fmt.Sprintf("(SELECT %s AS start FROM %s LIMIT 100000)", start, scan))
	if err != nil {
		return table.Clock{}, err
	}
	clock, err := table.InferClock(matches, times)
	var unclear *table.ClockError
	if errors.As(err, &unclear) { // the hint wants the whole span
		if times, err := db.times(ctx, fmt.Sprintf("(SELECT %s AS start FROM %s)", start, scan)); err == nil {
			return table.InferClock(matches, times)
		}
	}
	return clock, err
}

func (db *Database) times(ctx context.Context, raw string) (times table.Times, err error) {
	query := strings.ReplaceAll(mustRead("times"), "{raw}", raw)
	err = db.queryRow(ctx, query, &times.Rows, &times.Numbers, &times.Low, &times.High, &times.LowMost, &times.HighMost)
	return times, err
}

func usedFields(matches []table.Match) []table.Field {
	var used []table.Field
	for _, match := range matches {
		if len(match.Field.Path) > 0 {
			used = append(used, match.Field)
		}
	}
	return used
}

func ignored(fields, used []table.Field) []string {
	taken := map[string]bool{"index": true, "__index_level_0__": true} // what pandas stores beside the columns
	for _, field := range used {
		taken[field.Name()] = true
	}
	var names []string
	for _, field := range fields {
		if !taken[field.Name()] {
			names = append(names, field.Name())
		}
	}
	return names
}

// statement reads an SQL file and sets the number of the source that it speaks of.
func statement(name, n string) string {
	return strings.NewReplacer("{n}", n, "{max_bytes}", strconv.FormatInt(engine.MaxBytes, 10), "{columns}", columnList(),
		"{short_span}", strconv.Itoa(engine.ShortSpan), "{burst_factor}", strconv.Itoa(engine.BurstFactor),
		"{bulky_types}", "'"+strings.Join(engine.BulkyTypes, "', '")+"'").Replace(mustRead(name))
}

func mustRead(name string) string {
	text, err := statements.ReadFile("sql/" + name + ".sql")
	if err != nil {
		panic(err) // the file is part of the program
	}
	return string(text)
}
