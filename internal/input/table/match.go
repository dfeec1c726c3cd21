package table

import (
	"fmt"
	"maps"
	"strings"

	"sentinel/internal/flow"
)

// Field is one column of a table as an engine describes it. Members of a struct are fields of their own.
type Field struct {
	Path []string // outermost name first
	Type string   // the engine's name of its type, in capitals
}

// Name joins the path of a field with dots.
func (f Field) Name() string { return strings.Join(f.Path, ".") }

// Match says which field fills a flow column.
type Match struct {
	Column flow.Column
	Field  Field // without path where the capture has no such column and --map says so: the column is 0
}

// Usual tells whether the field bears the name that the original's files or Sentinel's own give it.
func (m Match) Usual() bool {
	return m.Field.Name() == m.Column.Name || originalNames[m.Field.Name()] == m.Column.Name
}

// Overrides are the user's own words on columns: flow column to field name.
type Overrides map[string]string

// Absent is what --map gives as the field of a column that the capture does not have, which is then 0.
const Absent = "-"

// ParseOverrides reads --map arguments of the form column=field.
func ParseOverrides(args []string) (Overrides, error) {
	overrides := Overrides{}
	for _, arg := range args {
		name, field, ok := strings.Cut(arg, "=")
		column, known := target(strings.TrimSpace(name))
		field = strings.TrimSpace(field)
		if !ok || field == "" || !known {
			return nil, fmt.Errorf("--map %s: expected column=field, where column is one of %s", arg, strings.Join(columnNames(), ", "))
		}
		overrides[column.Name] = field
	}
	return overrides, nil
}

func columnNames() []string {
	var names []string
	for _, column := range flow.Columns {
		names = append(names, column.Name)
	}
	return names
}

// Matching finds the field of every flow column. It fails with a *MissingError where a required one has
// none, and where the type of a field cannot hold what the column is.
func Matching(fields []Field, overrides Overrides) ([]Match, error) {
	byName := map[string]Field{}
	for _, field := range fields {
		if _, taken := byName[fold(field.Name())]; !taken {
			byName[fold(field.Name())] = field
		}
	}
	if isOwn(byName) {
		overrides = withOwn(overrides, byName)
	}
	var matches []Match
	missing := &MissingError{fields: fields}
	for _, column := range flow.Columns {
		field, found, err := find(column, fields, byName, overrides)
		switch {
		case err != nil:
			return nil, err
		case found:
			matches = append(matches, Match{column, field})
		case column.Required:
			missing.Columns = append(missing.Columns, column.Name)
		}
	}
	if len(missing.Columns) > 0 {
		return nil, missing
	}
	return matches, checkTypes(matches)
}

// isOwn tells whether a table has the required columns under the flow record's own names, as sentinel generate and
// inject write them: then every column is what its name says, in the record's units.
func isOwn(byName map[string]Field) bool {
	for _, column := range flow.Columns {
		if field := byName[fold(column.Name)]; column.Required && field.Name() != column.Name {
			return false
		}
	}
	return true
}

// withOwn adds to the user's words the columns that no alias finds.
func withOwn(overrides Overrides, byName map[string]Field) Overrides {
	own := Overrides{}
	for _, column := range flow.Columns {
		if _, ok := byName[fold(column.Name)]; ok {
			own[column.Name] = column.Name
		}
	}
	maps.Copy(own, overrides)
	return own
}

func find(column flow.Column, fields []Field, byName map[string]Field, overrides Overrides) (Field, bool, error) {
	if name, ok := overrides[column.Name]; ok {
		if name == Absent && column.Type == flow.Integer && column.Name != "start" {
			return Field{}, true, nil
		}
		field, ok := byName[fold(name)]
		if !ok {
			return Field{}, false, &ColumnError{
				fmt.Sprintf("--map %s=%s: no such column", column.Name, name),
				fmt.Sprintf("it has %s; for %s the nearest is %s", fieldNames(fields, listed), name, nearest(fields, name)),
			}
		}
		return field, true, nil
	}
	for _, alias := range Aliases[column.Name] {
		if field, ok := byName[fold(alias)]; ok {
			return field, true, nil
		}
	}
	return Field{}, false, nil
}

// ColumnError is trouble with one column, which the user may settle with --map.
type ColumnError struct{ text, hint string }

func (e *ColumnError) Error() string { return e.text }

// Hint says how.
func (e *ColumnError) Hint() string { return e.hint }

// MissingError tells which required columns a table lacks.
type MissingError struct {
	Columns []string
	fields  []Field
}

func (e *MissingError) Error() string {
	return "no column for " + strings.Join(e.Columns, ", ")
}

// Hint names the columns that the table has, those nearest in name to the missing ones first.
func (e *MissingError) Hint() string {
	if len(e.fields) < 2 {
		return "it does not look like a table of flows: name its columns in a header line"
	}
	var advice []string
	for _, column := range e.Columns {
		advice = append(advice, fmt.Sprintf("--map %s=%s", column, nearest(e.fields, append(Aliases[column], column)...)))
	}
	return fmt.Sprintf("it has %s; if one of them is meant, say so: %s", fieldNames(e.fields, listed), strings.Join(advice, " "))
}

// listed is how many fields of a table a hint names.
const listed = 12

func fieldNames(fields []Field, limit int) string {
	var names []string
	for _, field := range fields {
		names = append(names, field.Name())
	}
	if len(names) > limit {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:limit], ", "), len(names)-limit)
	}
	return strings.Join(names, ", ")
}

// nearest finds the field whose name is most like any of names; of equals the first.
func nearest(fields []Field, names ...string) string {
	found, best := "", -1.0
	for _, field := range fields {
		for _, name := range names {
			if score := likeness(fold(name), fold(field.Name())); score > best {
				found, best = field.Name(), score
			}
		}
	}
	return found
}

// likeness is the Dice coefficient of the letter pairs of two names, 0 to 1.
func likeness(a, b string) float64 {
	pairs := map[string]int{}
	for i := range max(len(a)-1, 0) {
		pairs[a[i:i+2]]++
	}
	shared := 0
	for i := range max(len(b)-1, 0) {
		if pairs[b[i:i+2]] > 0 {
			pairs[b[i:i+2]]--
			shared++
		}
	}
	return 2 * float64(shared) / float64(max(len(a)+len(b)-2, 1))
}
