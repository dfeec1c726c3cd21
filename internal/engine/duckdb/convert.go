package duckdb

import (
	"fmt"
	"strings"

	"sentinel/internal/flow"
	"sentinel/internal/input/table"
)

// projection writes the select list that turns the fields of a source into flow columns, in the order of
// flow.Columns, and for each column that may spoil a row one that tells whether the source gave a value.
func projection(matches []table.Match, clock table.Clock) string {
	byColumn := map[string]table.Match{}
	for _, match := range matches {
		byColumn[match.Column.Name] = match
	}
	var list []string
	for _, column := range flow.Columns {
		match, ok := byColumn[column.Name]
		list = append(list, convert(column, match, ok, clock)+" AS "+column.Name)
		if column.Required && column.Type == flow.Integer {
			list = append(list, given(match)+" AS "+column.Name+"_given")
		}
	}
	return strings.Join(append(list, rawStart(byColumn["start"], clock)+" AS start_raw"), ",\n    ")
}

// rawStart writes the time as the file has it where that is a whole number, else as convert does.
func rawStart(match table.Match, clock table.Clock) string {
	if scales(match, clock) {
		return expression(match.Field)
	}
	return convert(match.Column, match, true, clock)
}

// scales tells whether times are whole numbers in the unit of a clock.
func scales(match table.Match, clock table.Clock) bool {
	return isIntegerType(match.Field.Type) && clock.Counts()
}

func given(match table.Match) string {
	if len(match.Field.Path) == 0 {
		return "false"
	}
	if match.Field.Type != "VARCHAR" {
		return expression(match.Field) + " IS NOT NULL"
	}
	return "nullif(nullif(trim(" + expression(match.Field) + "), '-'), '') IS NOT NULL"
}

// convert writes the expression of one flow column. What cannot be converted becomes NULL.
func convert(column flow.Column, match table.Match, matched bool, clock table.Clock) string {
	field := expression(match.Field)
	switch {
	case !matched && column.Type == flow.Text:
		return "NULL::VARCHAR"
	case !matched:
		return "NULL::BIGINT"
	case len(match.Field.Path) == 0:
		return "0::BIGINT"
	case column.Name == "start":
		return convertTime(field, match.Field.Type, clock)
	case column.Type == flow.Integer:
		return "TRY_CAST(" + field + " AS BIGINT)"
	}
	text := "CAST(" + field + " AS VARCHAR)"
	if column.Name == "proto" { // a flow without protocol is still a flow
		return "coalesce(" + text + ", '')"
	}
	return text
}

func isIntegerType(kind string) bool {
	return strings.HasSuffix(kind, "INT") || strings.HasSuffix(kind, "INTEGER")
}

// convertTime writes the expression of a start in microseconds; what lies outside the clock's bounds becomes NULL.
func convertTime(field, kind string, clock table.Clock) string {
	switch clock.Name {
	case table.Text.Name:
		micros := "epoch_us(TRY_CAST(" + field + " AS TIMESTAMPTZ))"
		return within(micros, clock, micros)
	case table.Typed.Name:
		micros := "epoch_us(" + field + ")"
		if kind == "DATE" {
			micros = "epoch_us(CAST(" + field + " AS TIMESTAMP))"
		}
		return within(micros, clock, micros)
	case table.TimeOfDay.Name:
		return "epoch_us(CAST(" + field + " AS TIME))"
	}
	return convertNumber(field, kind, clock)
}

func convertNumber(field, kind string, clock table.Clock) string {
	if !isIntegerType(kind) && clock.Divide == 1 {
		value := "TRY_CAST(" + field + " AS DOUBLE)"
		return within(value, clock, fmt.Sprintf("CAST(round(%s * %d) AS BIGINT)", value, clock.Multiply))
	}
	value := "TRY_CAST(" + field + " AS BIGINT)" // nanoseconds are too long for a double
	scaled := fmt.Sprintf("%s * %d", value, clock.Multiply)
	if clock.Divide > 1 {
		scaled = fmt.Sprintf("%s // %d", value, clock.Divide)
	}
	return within(value, clock, scaled)
}

// within writes result where value lies within the clock's bounds, else NULL.
func within(value string, clock table.Clock, result string) string {
	return fmt.Sprintf("CASE WHEN %[1]s >= %.0[2]f AND %[1]s < %.0[3]f THEN %[4]s END", value, clock.Low, clock.High, result)
}
