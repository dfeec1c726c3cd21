package duckdb

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"sentinel/internal/flow"
	"sentinel/internal/input"
)

// Shape is which columns an exported file has. Its value is the statement that makes them.
type Shape string

// The shapes of files.
const (
	// OriginalShape has the seven columns of the original's files, times in 1/100 s since midnight of the first day.
	OriginalShape Shape = "original"
	// FlowShape has the columns of flow.Columns.
	FlowShape Shape = "flow"
	// zeekShape has the fields of a conn.log of Zeek, whatever shape was asked for.
	zeekShape Shape = "zeek"
)

// zeekHeader begins a conn.log; its fields are those of export_zeek.sql.
const zeekHeader = "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tconn\n" +
	"#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tservice\tduration\torig_bytes\tresp_bytes\tconn_state\torig_pkts\torig_ip_bytes\tresp_pkts\tresp_ip_bytes\tserver_name\n" +
	"#types\ttime\tstring\taddr\tport\taddr\tport\tenum\tstring\tinterval\tcount\tcount\tstring\tcount\tcount\tcount\tcount\tstring\n"

// Rows of a group of Parquet: what DuckDB takes where all rows are there already, and fewer where a group is written
// while the next is still being read.
const (
	wholeGroup   = 122_880
	flowingGroup = 30_720
)

// fileTypes are the formats that Export writes, by the ending of the file.
var fileTypes = []struct{ ending, options string }{
	{".parquet", "FORMAT parquet, ROW_GROUP_SIZE {row_group}"},
	{".csv", "FORMAT csv, HEADER"},
	{".csv.gz", "FORMAT csv, HEADER, COMPRESSION gzip"},
	{".csv.zst", "FORMAT csv, HEADER, COMPRESSION zstd"},
	{".ndjson", "FORMAT json"},
	{".ndjson.gz", "FORMAT json, COMPRESSION gzip"},
	{".ndjson.zst", "FORMAT json, COMPRESSION zstd"},
	{".log", "FORMAT csv, HEADER false, DELIMITER '\t', QUOTE '', ESCAPE '', NULLSTR '-', SUFFIX '\n#close\n', PREFIX " + quoteText(zeekHeader)},
}

// FileEndings lists the endings that Export knows.
func FileEndings() []string {
	var endings []string
	for _, fileType := range fileTypes {
		endings = append(endings, fileType.ending)
	}
	return endings
}

// Export writes the flows of reader, in their order, to a file in the format of its ending. The file is whole
// or absent.
func Export(ctx context.Context, reader flow.Reader, path string, shape Shape, midnight int64) error {
	return export(ctx, &feed{reader: reader, columns: reader.Columns()}, path, shape, midnight, wholeGroup)
}

// ExportCapture writes the flows of a format that Sentinel parses itself to a file while they are read, in the order
// of the reader, and tells what came of the capture. Nothing of it stays in memory. Without flows nothing is written.
func ExportCapture(ctx context.Context, file *input.File, settings input.Settings, path string) (source Source, err error) {
	reader, err := file.Format.Open(file, settings)
	if err != nil {
		return Source{}, err
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	var lookups int64
	from := &feed{reader: reader, columns: flow.NewSet(file.Format.Columns...), some: true, after: func() error { lookups += int64(len(reader.Lookups())); return nil }}
	if err := export(ctx, from, path, FlowShape, 0, flowingGroup); err != nil && !errors.Is(err, errNoFlows) {
		return Source{}, err
	}
	return describe(reader, &from.seen, lookups), nil
}

func export(ctx context.Context, source *feed, path string, shape Shape, midnight int64, rowGroup int) error {
	if err := checkEnding(path); err != nil {
		return err
	}
	// More than one thread would mix up the order of the flows; and one that has nothing to do does not sleep, but asks
	// for work again and again, which takes a core from the reader.
	db, err := Open(ctx, Options{KeepOrder: true, Threads: 1})
	if err != nil {
		return err
	}
	source.threads = 1
	err = db.register("feed", source)
	if err == nil {
		err = source.during(ctx, func() error { return db.copyTo(ctx, source.selection("feed"), path, shape, midnight, rowGroup) })
	}
	return errors.Join(err, db.Close())
}

// Export writes the flows of the analysis to a file as the function does, earliest first.
func (db *Database) Export(ctx context.Context, path string, shape Shape, midnight int64) error {
	if err := checkEnding(path); err != nil {
		return err
	}
	return db.copyTo(ctx, "(FROM flows ORDER BY start, "+columnList()+")", path, shape, midnight, wholeGroup)
}

// ExportLookups writes the questions to the DNS to a file, earliest first.
func (db *Database) ExportLookups(ctx context.Context, path string) error {
	if err := checkEnding(path); err != nil {
		return err
	}
	return db.copyTo(ctx, "(FROM dns ORDER BY ALL)", path, FlowShape, 0, wholeGroup)
}

// checkEnding tells before the work whether Export knows the format.
func checkEnding(path string) error {
	if _, ok := fileOptions(path); !ok {
		return fmt.Errorf("%s: expected a name that ends in %s", path, strings.Join(FileEndings(), ", "))
	}
	return nil
}

func (db *Database) copyTo(ctx context.Context, relation, path string, shape Shape, midnight int64, rowGroup int) error {
	options, _ := fileOptions(path)
	options = strings.ReplaceAll(options, "{row_group}", fmt.Sprint(rowGroup))
	if strings.HasSuffix(strings.ToLower(path), ".log") {
		shape = zeekShape
	}
	query := strings.NewReplacer("{midnight}", fmt.Sprint(midnight), "{relation}", relation).Replace(mustRead("export_" + string(shape)))
	aside := path + ".partial"
	err := db.exec(ctx, fmt.Sprintf("COPY (%s) TO %s (%s)", query, quoteText(aside), options))
	if err == nil {
		err = os.Rename(aside, path)
	}
	if err != nil {
		_ = os.Remove(aside) // absent where it could not be made
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return nil
}

func fileOptions(path string) (string, bool) {
	for _, fileType := range fileTypes {
		if strings.HasSuffix(strings.ToLower(path), fileType.ending) {
			return fileType.options, true
		}
	}
	return "", false
}
