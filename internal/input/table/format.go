package table

import (
	"bytes"
	"strings"

	"sentinel/internal/flow"
	"sentinel/internal/input"
)

// The formats of tables, which an engine reads itself. Text in columns is CSV, whatever its delimiter.
var (
	Parquet = input.Format{
		ID: "parquet", Name: "Parquet", Doc: "Apache Parquet with a row per flow, under any column names that sentinel columns lists",
		Columns: optional(), Recognise: parquet,
	}
	JSON = input.Format{
		ID: "json", Name: "JSON", Doc: "an object per flow, a line each or in one array",
		Columns: optional(), Recognise: json,
	}
	CSV = input.Format{
		ID: "csv", Name: "CSV", Doc: "text in columns with a header, whatever the delimiter",
		Columns: optional(), Recognise: csv,
	}
)

// optional are the columns of a flow that a table may lack.
func optional() (names []string) {
	for _, column := range flow.Columns {
		if !column.Required {
			names = append(names, column.Name)
		}
	}
	return names
}

func parquet(head []byte) string {
	if bytes.HasPrefix(head, []byte("PAR1")) { // Apache Parquet, File Format
		return ""
	}
	return "does not begin with PAR1"
}

func json(head []byte) string {
	text := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	if len(text) > 0 && (text[0] == '{' || text[0] == '[') {
		return ""
	}
	return "does not begin with { or ["
}

// csv takes any text in UTF-8 or Latin-1 for columns, of which UTF-16 is none. A few control characters are no reason
// to refuse it: who is captured may have sent them.
func csv(head []byte) string {
	controls := 0
	for _, b := range head {
		if b < ' ' && !strings.ContainsRune("\t\r\n\f", rune(b)) {
			controls++
		}
	}
	if controls*8 > len(head) {
		return "is no text"
	}
	return ""
}
