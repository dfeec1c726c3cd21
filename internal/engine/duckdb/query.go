package duckdb

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"sentinel/internal/flow"
)

// Question is a user's own SQL: one statement that only reads.
type Question struct{ statement map[string]any }

// Ask takes SQL apart without running it. It refuses all but one SELECT, or what reads as one: FROM, WITH, DESCRIBE, VALUES.
func (db *Database) Ask(ctx context.Context, text string) (*Question, error) {
	if strings.ContainsRune(text, 0) { // which would end it for the engine
		return nil, errors.New("the statement has a NUL character in it")
	}
	var answer string
	if err := explain(db.conn.QueryRowContext(ctx, "SELECT json_serialize_sql(CAST(? AS VARCHAR))::VARCHAR", text).Scan(&answer)); err != nil {
		return nil, err
	}
	var parsed struct {
		Error      bool             `json:"error"`
		Kind       string           `json:"error_type"`
		Message    string           `json:"error_message"`
		Statements []map[string]any `json:"statements"`
	}
	if err := decode(answer, &parsed); err != nil {
		return nil, fmt.Errorf("reading the statement: %w", err)
	}
	switch {
	case parsed.Kind == "not implemented":
		return nil, errors.New("the statement does more than read: expected SELECT, FROM, WITH, DESCRIBE or SUMMARIZE")
	case parsed.Error:
		return nil, errors.New(parsed.Message)
	case len(parsed.Statements) != 1:
		return nil, fmt.Errorf("expected one statement, got %d", len(parsed.Statements))
	}
	return &Question{parsed.Statements[0]}, nil
}

// decode keeps numbers as they are written.
func decode(text string, into any) error {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	return decoder.Decode(into)
}

// Tables are the names from which a question reads and which it does not define itself, each once, sorted.
func (q *Question) Tables() []string {
	own := map[string]bool{}
	found := map[string]bool{}
	walk(q.statement, func(node map[string]any) {
		if entries, ok := node["cte_map"].(map[string]any); ok {
			for _, name := range cteNames(entries) {
				own[name] = true
			}
		}
		if name, ok := baseTable(node); ok {
			found[name] = true
		}
	})
	var names []string
	for name := range found {
		if !own[name] {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func cteNames(entries map[string]any) (names []string) {
	list, _ := entries["map"].([]any)
	for _, entry := range list {
		if pair, ok := entry.(map[string]any); ok {
			if name, ok := pair["key"].(string); ok {
				names = append(names, name)
			}
		}
	}
	return names
}

func baseTable(node map[string]any) (name string, ok bool) {
	if node["type"] != "BASE_TABLE" || node["schema_name"] != "" || node["catalog_name"] != "" {
		return "", false
	}
	name, ok = node["table_name"].(string)
	return name, ok
}

// tableFunctions are those that a question may use: they make rows of what they are given.
var tableFunctions = []string{"generate_series", "json_each", "json_tree", "range", "unnest"}

// refusedFunctions are scalar functions that tell of the machine rather than of flows, or make single values of gigabytes, in
// the making of which the engine cannot be interrupted.
var refusedFunctions = []string{
	"current_setting", "getenv",
	"array_resize", "bitstring", "format", "list_resize", "lpad", "printf", "repeat", "rpad",
}

// plainName is one that cannot be taken for that of a file.
var plainName = regexp.MustCompile("^[A-Za-z_][A-Za-z0-9_]*$")

// Within refuses a question that reads from anything but the named relations and what it defines itself. It knows what
// is allowed, not what is not, so that what a later DuckDB can read is refused as well.
func (q *Question) Within(relations ...string) error {
	known := map[string]bool{}
	for _, name := range relations {
		known[name] = true
	}
	var err error
	refuse := func(format string, args ...any) {
		if err == nil {
			err = fmt.Errorf(format+": expected "+strings.Join(relations, " or "), args...)
		}
	}
	walk(q.statement, func(node map[string]any) {
		entries, _ := node["cte_map"].(map[string]any)
		for _, name := range cteNames(entries) {
			if known[strings.ToLower(name)] = true; !plainName.MatchString(name) {
				refuse("%q is no name for a part of a question", name)
			}
		}
	})
	walk(q.statement, func(node map[string]any) {
		if name, ok := node["function_name"].(string); ok && slices.Contains(refusedFunctions, strings.ToLower(name)) {
			refuse("the question calls %s", name)
		}
		switch node["type"] {
		case "BASE_TABLE":
			if name, ok := baseTable(node); !ok || !known[strings.ToLower(name)] {
				refuse("the question reads from %v", node["table_name"])
			}
		case "TABLE_FUNCTION":
			if name := functionName(node); !slices.Contains(tableFunctions, strings.ToLower(name)) {
				refuse("the question reads from the function %s", name)
			}
		case "SHOW_REF":
			if name, _ := node["table_name"].(string); name != "" {
				refuse("the question lists %s", name)
			}
		case "COLUMN_DATA", "DELIM_GET", "BOUND_TABLE_REF", "CTE": // only the engine itself makes these
			refuse("the question reads from a %v", node["type"])
		}
	})
	return err
}

// functionName is that of a table function.
func functionName(node map[string]any) string {
	function, _ := node["function"].(map[string]any)
	name, _ := function["function_name"].(string)
	return name
}

// Rename makes a question read from other tables, by their names. What it calls them stays.
func (q *Question) Rename(tables map[string]string) {
	walk(q.statement, func(node map[string]any) {
		name, ok := baseTable(node)
		if target, known := tables[name]; ok && known {
			node["table_name"] = target
			if node["alias"] == "" {
				node["alias"] = name
			}
		}
	})
}

// walk visits every object of a tree.
func walk(tree any, visit func(map[string]any)) {
	switch node := tree.(type) {
	case map[string]any:
		visit(node)
		for _, child := range node {
			walk(child, visit)
		}
	case []any:
		for _, child := range node {
			walk(child, visit)
		}
	}
}

// Restrict ends the reading of files but for those that views still read, for good: a question can neither read nor
// write others.
func (db *Database) Restrict(ctx context.Context, files []string) error {
	var quoted []string
	for _, file := range files {
		quoted = append(quoted, quoteText(file))
	}
	for _, setting := range []string{
		"SET allowed_paths = [" + strings.Join(quoted, ", ") + "]", "SET enable_external_access = false", "SET lock_configuration = true",
	} {
		if err := db.exec(ctx, setting); err != nil {
			return err
		}
	}
	return nil
}

// Answer runs a question and hands over its columns, then row by row its values, as database/sql gives them.
func (db *Database) Answer(ctx context.Context, q *Question, columns func([]string) error, row func([]any) error) error {
	text, err := db.write(ctx, q)
	if err != nil {
		return err
	}
	rows, err := db.conn.QueryContext(ctx, text)
	if err != nil {
		return explain(err)
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		return explain(err)
	}
	if err := columns(names); err != nil {
		return err
	}
	return eachRow(rows, len(names), row)
}

func eachRow(rows *sql.Rows, width int, row func([]any) error) error {
	values, into := make([]any, width), make([]any, width)
	for i := range values {
		into[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return explain(err)
		}
		if err := row(values); err != nil {
			return err
		}
	}
	return explain(rows.Err())
}

// write turns a question into SQL again.
func (db *Database) write(ctx context.Context, q *Question) (text string, err error) {
	var document bytes.Buffer
	encoder := json.NewEncoder(&document)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(map[string]any{"error": false, "statements": []any{q.statement}}); err != nil {
		return "", err
	}
	err = explain(db.conn.QueryRowContext(ctx, "SELECT json_deserialize_sql(CAST(? AS JSON))", document.String()).Scan(&text))
	return text, err
}

// Relations are the names that a question may read from without naming a file, with the columns of each.
func Relations() map[string][]flow.Column {
	return map[string][]flow.Column{"flows": flow.Columns, "dns": flow.LookupColumns}
}
