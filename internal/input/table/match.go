package table

import (
	"fmt"
	"sort"
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
	return m.Field.Name() == m.Column.Name || len(Aliases[m.Column.Name]) > 0 && m.Field.Name() == Aliases[m.Column.Name][0]
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
		if !ok || field == "" || !known {
			return nil, fmt.Errorf("--map %s: expected column=field, where column is one of %s", arg, strings.Join(columnNames(), ", "))
		}
		overrides[column.Name] = strings.TrimSpace(field)
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
	var matches []Match
	missing := &MissingError{fields: fields}
	for _, column := range flow.Columns {
		field, found, err := find(column, byName, overrides)
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

func find(column flow.Column, byName map[string]Field, overrides Overrides) (Field, bool, error) {
	if name, ok := overrides[column.Name]; ok {
		if name == Absent && column.Type == flow.Integer && column.Name != "start" {
			return Field{}, true, nil
		}
		field, ok := byName[fold(name)]
		if !ok {
			return Field{}, false, fmt.Errorf("--map %s=%s: no such column", column.Name, name)
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
		advice = append(advice, fmt.Sprintf("--map %s=%s", column, e.nearest(column)))
	}
	return fmt.Sprintf("it has %s; if one of them is meant, say so: %s", e.fieldNames(12), strings.Join(advice, " "))
}

func (e *MissingError) fieldNames(limit int) string {
	var names []string
	for _, field := range e.fields {
		names = append(names, field.Name())
	}
	if len(names) > limit {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:limit], ", "), len(names)-limit)
	}
	return strings.Join(names, ", ")
}

// nearest finds the field whose name is most like any alias of column.
func (e *MissingError) nearest(column string) string {
	type candidate struct {
		name  string
		score float64
	}
	var candidates []candidate
	for _, field := range e.fields {
		best := 0.0
		for _, alias := range append(Aliases[column], column) {
			best = max(best, likeness(fold(alias), fold(field.Name())))
		}
		candidates = append(candidates, candidate{field.Name(), best})
	}
	sort.SliceStable(candidates, func(i, j int) bool { return candidates[i].score > candidates[j].score })
	return candidates[0].name
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
