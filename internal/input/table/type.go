package table

import (
	"fmt"
	"slices"
	"strings"

	"sentinel/internal/flow"
)

// Types of fields by what they can hold; the names are DuckDB's.
var (
	integerTypes = []string{"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT"}
	realTypes    = []string{"FLOAT", "DOUBLE", "DECIMAL"}
	textTypes    = []string{"VARCHAR", "BLOB", "ENUM", "JSON"}
	dateTypes    = []string{"TIMESTAMP", "TIMESTAMP WITH TIME ZONE", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", "DATE"}
	clockTypes   = []string{"TIME", "TIME_NS", "TIME WITH TIME ZONE"}
)

// kind strips the parameters off a type: DECIMAL(18,3) is a DECIMAL.
func kind(fieldType string) string {
	name, _, _ := strings.Cut(fieldType, "(")
	return strings.TrimSpace(name)
}

func isText(fieldType string) bool    { return slices.Contains(textTypes, kind(fieldType)) }
func isInteger(fieldType string) bool { return slices.Contains(integerTypes, kind(fieldType)) }
func isReal(fieldType string) bool    { return slices.Contains(realTypes, kind(fieldType)) }
func isDate(fieldType string) bool    { return slices.Contains(dateTypes, kind(fieldType)) }
func isClock(fieldType string) bool   { return slices.Contains(clockTypes, kind(fieldType)) }

// fits tells whether a field of a type can hold what a flow column is. Text may hold numbers: a row in
// which it does not is skipped and counted.
func fits(column flow.Column, fieldType string) bool {
	number := isInteger(fieldType) || isReal(fieldType)
	switch {
	case strings.HasSuffix(fieldType, "]"): // a list of anything
		return false
	case isText(fieldType):
		return true
	case column.Name == "start":
		return number || isDate(fieldType) || isClock(fieldType)
	case column.Name == "proto":
		return isInteger(fieldType)
	case column.Type == flow.Integer:
		return number
	}
	return false
}

func checkTypes(matches []Match) error {
	for _, match := range matches {
		if len(match.Field.Path) > 0 && !fits(match.Column, match.Field.Type) {
			return &ColumnError{
				fmt.Sprintf("column %s, taken for %s, is of type %s; expected %s",
					match.Field.Name(), match.Column.Name, match.Field.Type, expected(match.Column)),
				fmt.Sprintf("if another column is meant, say so: --map %s=FIELD", match.Column.Name),
			}
		}
	}
	return nil
}

func expected(column flow.Column) string {
	switch {
	case column.Name == "start":
		return "a number, a timestamp or text"
	case column.Name == "proto":
		return "text or an integer"
	case column.Type == flow.Integer:
		return "a number"
	}
	return "text"
}
