package duckdb

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"sentinel/internal/flow"
	"sentinel/internal/input"
	"sentinel/internal/input/table"
)

// relation is a file as DuckDB reads it.
type relation struct {
	fields []table.Field
	// scan gives the table function that reads the fields in use; with rejects, it keeps in the named table
	// what it could not read.
	scan func(used []table.Field, rejects string) string
	// place is the expression of a row's place in the file; none is needed of what is kept.
	place string
	// streamed files are parsed on every reading, so their flows are kept in a table.
	streamed bool
}

// relations are the ways of reading, by format, and the compressions through which DuckDB reads each.
var relations = map[string]struct {
	read         func(*Database, context.Context, *input.File) (relation, error)
	compressions []input.Compression
}{
	table.Parquet.ID: {(*Database).parquet, []input.Compression{input.None}}, // read from its end, so through none
	table.CSV.ID:     {(*Database).csv, []input.Compression{input.None, input.Gzip, input.Zstd}},
	table.JSON.ID:    {(*Database).json, []input.Compression{input.None, input.Gzip, input.Zstd}},
}

// relation makes a table readable; what DuckDB cannot read where it is, it copies to the directory for temporary files.
func (db *Database) relation(ctx context.Context, file *input.File) (relation, error) {
	way := relations[file.Format.ID]
	if file.Path == "" || !slices.Contains(way.compressions, file.Compression) {
		if err := file.Spool(db.options.TempDir); err != nil {
			return relation{}, err
		}
	}
	file.Literal(db.options.TempDir)
	return way.read(db, ctx, file)
}

// noPartitions keeps DuckDB from reading columns out of the names of directories, as in day=1/a.parquet.
const noPartitions = "hive_partitioning = false"

func (db *Database) parquet(ctx context.Context, file *input.File) (relation, error) {
	scan := fmt.Sprintf("read_parquet(%s, %s)", quoteText(literalPath(file.Path)), noPartitions)
	fields, err := db.fieldsOf(ctx, scan)
	place := rowNumber
	if slices.ContainsFunc(fields, func(field table.Field) bool { return strings.EqualFold(field.Path[0], rowNumber) }) {
		place = "0" // the file has a column of that name, which hides DuckDB's
	}
	return relation{fields: fields, scan: func([]table.Field, string) string { return scan }, place: place}, err
}

// rowNumber is DuckDB's name for the place of a row in a file of Parquet, from 0 on.
const rowNumber = "file_row_number"

// csv reads text in columns: DuckDB finds the dialect, and every field is text until it is converted,
// so that one odd value spoils its row and not the file.
func (db *Database) csv(ctx context.Context, file *input.File) (relation, error) {
	source := fmt.Sprintf("%s, compression = %s", quoteText(literalPath(file.Path)), quoteText(compressionName(file)))
	var delimiter, quote, escape, comment string
	var skip int64
	var header bool
	var columns any
	sniff := func(options string) error {
		return db.queryRow(ctx, "SELECT Delimiter, Quote, Escape, Comment, SkipRows, HasHeader, list_transform(Columns, c -> c.name) FROM sniff_csv("+
			source+", ignore_errors = true"+options+")", &delimiter, &quote, &escape, &comment, &skip, &header, &columns)
	}
	if err := sniff(""); err != nil {
		return relation{}, fmt.Errorf("finding its columns: %w", err)
	}
	if first := columns.([]any); len(first) == 1 && strings.Contains(first[0].(string), " ") { // DuckDB does not try blanks
		if err := sniff(", delim = ' '"); err != nil {
			return relation{}, fmt.Errorf("finding its columns: %w", err)
		}
	}
	var fields []table.Field
	var types []string
	for _, name := range columns.([]any) {
		fields = append(fields, table.Field{Path: []string{name.(string)}, Type: "VARCHAR"})
		types = append(types, quoteText(name.(string))+": 'VARCHAR'")
	}
	dialect := fmt.Sprintf("auto_detect = false, delim = %s, quote = %s, escape = %s, comment = %s, skip = %d, header = %t, columns = {%s}",
		quoteText(delimiter), quoteText(unset(quote)), quoteText(unset(escape)), quoteText(unset(comment)), skip, header, strings.Join(types, ", "))
	scan := func(_ []table.Field, rejects string) string {
		keep := ", ignore_errors = true"
		if rejects != "" {
			keep = fmt.Sprintf(", store_rejects = true, rejects_limit = 0, rejects_table = '%s', rejects_scan = '%[1]s_scan'", rejects)
		}
		return fmt.Sprintf("read_csv(%s, %s, %s%s)", source, noPartitions, dialect, keep)
	}
	return relation{fields: fields, scan: scan, streamed: true}, nil
}

// unset turns the sniffer's word for a character that the dialect lacks into DuckDB's option for it.
func unset(character string) string {
	if character == "(empty)" || character == "\x00" {
		return ""
	}
	return character
}

func (db *Database) json(ctx context.Context, file *input.File) (relation, error) {
	source := fmt.Sprintf("read_json(%s, %s, compression = %s", quoteText(literalPath(file.Path)), noPartitions, quoteText(compressionName(file)))
	format := "newline_delimited', ignore_errors = 'true"
	fields, err := db.fieldsOf(ctx, source+", format = '"+format+"')")
	if err != nil || len(fields) < 2 { // a document that spans lines, or an array
		format = "auto"
		fields, err = db.fieldsOf(ctx, source+", format = 'auto')")
	}
	scan := func(used []table.Field, _ string) string {
		return fmt.Sprintf("%s, format = '%s', columns = {%s})", source, format, strings.Join(jsonColumns(used), ", "))
	}
	return relation{fields: asText(fields), scan: scan, streamed: true}, err
}

// asText tells of the fields that jsonColumns asks for as text that they are.
func asText(fields []table.Field) []table.Field {
	for i, field := range fields {
		if field.Type != "BOOLEAN" && !strings.HasPrefix(field.Type, "MAP(") && !strings.HasSuffix(field.Type, "]") {
			fields[i].Type = "VARCHAR"
		}
	}
	return fields
}

// jsonColumns asks for the used members as text, so that one odd value spoils its row and not the file.
func jsonColumns(used []table.Field) []string {
	var paths [][]string
	for _, field := range used {
		paths = append(paths, field.Path)
	}
	var columns []string
	for _, member := range members(paths) {
		columns = append(columns, quoteText(member.name)+": "+quoteText(member.kind()))
	}
	return columns
}

// member is what paths have in common: their first name, and what follows it in each.
type member struct {
	name  string
	below [][]string
}

// members groups paths by their first name, in the order of their first mention.
func members(paths [][]string) (grouped []member) {
	for _, path := range paths {
		i := slices.IndexFunc(grouped, func(m member) bool { return m.name == path[0] })
		if i < 0 {
			grouped = append(grouped, member{name: path[0]})
			i = len(grouped) - 1
		}
		if len(path) > 1 {
			grouped[i].below = append(grouped[i].below, path[1:])
		}
	}
	return grouped
}

// kind writes the type of a member: text, or a struct of the members below it.
func (m member) kind() string {
	if len(m.below) == 0 {
		return "VARCHAR"
	}
	var inside []string
	for _, member := range members(m.below) {
		inside = append(inside, quoteName(member.name)+" "+member.kind())
	}
	return "STRUCT(" + strings.Join(inside, ", ") + ")"
}

func compressionName(file *input.File) string {
	if file.Compression == input.None {
		return "uncompressed"
	}
	return string(file.Compression)
}

// literalPath keeps DuckDB from taking a path for a pattern.
func literalPath(path string) string {
	return strings.NewReplacer("[", "[[]", "*", "[*]", "?", "[?]").Replace(path)
}

// fieldsOf lists the fields of a relation, members of structs one by one.
func (db *Database) fieldsOf(ctx context.Context, scan string) ([]table.Field, error) {
	rows, err := db.conn.QueryContext(ctx, "DESCRIBE SELECT * FROM "+scan)
	if err != nil {
		return nil, explain(err)
	}
	defer rows.Close()
	var fields []table.Field
	for rows.Next() {
		var name, kind string
		var rest [4]sql.RawBytes
		if err := rows.Scan(&name, &kind, &rest[0], &rest[1], &rest[2], &rest[3]); err != nil {
			return nil, explain(err)
		}
		fields = append(fields, flatten(table.Field{Path: []string{name}, Type: kind})...)
	}
	return fields, explain(rows.Err())
}

// flatten turns a field of a struct type into its members.
func flatten(field table.Field) []table.Field {
	members, ok := structMembers(field.Type)
	if !ok {
		return []table.Field{field}
	}
	var fields []table.Field
	for _, member := range members {
		path := append(append([]string{}, field.Path...), member.Path[0])
		fields = append(fields, flatten(table.Field{Path: path, Type: member.Type})...)
	}
	return fields
}

// structMembers reads a type of the form STRUCT("a" BIGINT, b STRUCT(c VARCHAR)).
func structMembers(kind string) ([]table.Field, bool) {
	inside, ok := strings.CutPrefix(kind, "STRUCT(")
	if !ok || !strings.HasSuffix(inside, ")") {
		return nil, false
	}
	var fields []table.Field
	for _, part := range splitTop(strings.TrimSuffix(inside, ")")) {
		name, memberType := cutName(strings.TrimSpace(part))
		fields = append(fields, table.Field{Path: []string{name}, Type: memberType})
	}
	return fields, true
}

// splitTop splits at the commas outside of brackets and quotes.
func splitTop(list string) []string {
	var parts []string
	depth, start, quoted := 0, 0, false
	for i, r := range list {
		switch {
		case r == '"':
			quoted = !quoted
		case quoted:
		case r == '(':
			depth++
		case r == ')':
			depth--
		case r == ',' && depth == 0:
			parts = append(parts, list[start:i])
			start = i + 1
		}
	}
	return append(parts, list[start:])
}

// cutName takes the name off a struct member; within quotes a doubled quote is one.
func cutName(member string) (name, kind string) {
	if !strings.HasPrefix(member, `"`) {
		name, kind, _ = strings.Cut(member, " ")
		return name, kind
	}
	for i := 1; i < len(member); i++ {
		if member[i] != '"' {
			continue
		}
		if i+1 < len(member) && member[i+1] == '"' {
			i++
			continue
		}
		return strings.ReplaceAll(member[1:i], `""`, `"`), strings.TrimSpace(member[i+1:])
	}
	return member, ""
}

// expression names a field in SQL.
func expression(field table.Field) string {
	var names []string
	for _, name := range field.Path {
		names = append(names, quoteName(name))
	}
	return strings.Join(names, ".")
}

// columnList names all columns of the flow record.
func columnList() string {
	var names []string
	for _, column := range flow.Columns {
		names = append(names, column.Name)
	}
	return strings.Join(names, ", ")
}
