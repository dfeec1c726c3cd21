// Package architecture holds the code to the table of allowed imports, and ARCHITECTURE.md to both.
package architecture

import (
	"flag"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the generated parts of ARCHITECTURE.md")

func TestImportsAreThoseOfTheTable(t *testing.T) {
	used := map[string]map[string]bool{} // row to those of its imports that some package has
	for _, s := range readSources(t) {
		r, known := rowOf(s.dir)
		switch {
		case s.onlyTests:
			continue
		case !known:
			t.Errorf("%s has no row in the table of imports", s.dir)
			continue
		}
		if used[r.dir] == nil {
			used[r.dir] = map[string]bool{}
		}
		for _, dir := range s.own() {
			allowed := dir
			if !slices.Contains(r.imports, dir) {
				allowed = path.Dir(dir) + "/*"
			}
			if !slices.Contains(r.imports, allowed) {
				t.Errorf("%s imports %s, which its row does not allow", s.dir, dir)
			}
			used[r.dir][allowed] = true
		}
	}
	for _, r := range table {
		if used[r.dir] == nil {
			t.Errorf("the table has a row for %s, which is no package", r.dir)
			continue
		}
		for _, dir := range r.imports {
			if !used[r.dir][dir] && !strings.HasSuffix(r.dir, "/*") { // not every plug-in needs everything
				t.Errorf("%s does not import %s, which its row allows: take it off the row", r.dir, dir)
			}
		}
	}
}

// rowOf finds the row of a package: its own, else that of the plug-ins beside it.
func rowOf(dir string) (row, bool) {
	for _, name := range []string{dir, path.Dir(dir) + "/*"} {
		if at := slices.IndexFunc(table, func(r row) bool { return r.dir == name }); at >= 0 {
			return table[at], true
		}
	}
	return row{}, false
}

func TestOnlyTheEngineNeedsC(t *testing.T) {
	for _, s := range readSources(t) {
		for _, imported := range s.code {
			if strings.HasPrefix(imported, bindings) && s.dir != bindingsHome {
				t.Errorf("%s imports %s; only %s may", s.dir, imported, bindingsHome)
			}
			if imported == "C" {
				t.Errorf("%s uses cgo", s.dir)
			}
		}
	}
}

func TestImportsAreNotDeep(t *testing.T) {
	imports := map[string][]string{}
	for _, s := range readSources(t) {
		imports[s.dir] = s.own()
	}
	var chain func(dir string) []string
	chain = func(dir string) (longest []string) {
		for _, next := range imports[dir] {
			if below := chain(next); len(below) > len(longest) {
				longest = below
			}
		}
		return append([]string{dir}, longest...)
	}
	for dir := range imports {
		if found := chain(dir); len(found)-1 > maxDepth {
			t.Errorf("%d imports deep, at most %d: %s", len(found)-1, maxDepth, strings.Join(found, " > "))
		}
	}
}

func TestNamesSayWhatAPackageIs(t *testing.T) {
	for _, s := range readSources(t) {
		for _, name := range strings.Split(s.dir, "/") {
			if slices.Contains(empty, name) {
				t.Errorf("%s: the name %s says nothing", s.dir, name)
			}
		}
	}
}

func TestPackagesOpenWithASentence(t *testing.T) {
	sentence := regexp.MustCompile(`^(Package|Command) (\S+) .+\.$`)
	for _, s := range readSources(t) {
		name := s.name
		if name == "main" {
			name = filepath.Base(s.dir)
		}
		if match := sentence.FindStringSubmatch(s.opening); match == nil || match[2] != name {
			t.Errorf("%s opens with %q; expected a sentence that begins with its name", s.dir, s.opening)
		}
	}
}

// generated are the parts of ARCHITECTURE.md that derive from the code, by the word that opens them.
var generated = map[string]func(*testing.T) string{
	"packages": packageMap,
	"rollups":  rollupTable,
}

func TestArchitectureIsTrue(t *testing.T) {
	const page = root + "/ARCHITECTURE.md"
	file, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	text := string(file)
	for word, write := range generated {
		begin := "<!-- " + word + ": go test ./internal/architecture -update -->\n"
		before, rest, begins := strings.Cut(text, begin)
		old, after, ends := strings.Cut(rest, "<!-- end of "+word+" -->\n")
		if !begins || !ends {
			t.Fatalf("%s has no place for the %s", page, word)
		}
		want := write(t)
		if old != want && !*update {
			t.Errorf("the %s of %s are out of date: make docs", word, page)
		}
		text = before + begin + want + "<!-- end of " + word + " -->\n" + after
	}
	if *update && text != string(file) {
		if err := os.WriteFile(page, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// packageMap writes the table of imports, each package with its first sentence.
func packageMap(t *testing.T) string {
	sources := readSources(t)
	var b strings.Builder
	b.WriteString("| package | is | imports of this module |\n|---|---|---|\n")
	for _, r := range table {
		is := "plug-ins, a folder each"
		if at := slices.IndexFunc(sources, func(s source) bool { return s.dir == r.dir }); at >= 0 {
			is = purpose(sources[at])
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", strings.TrimPrefix(r.dir, "internal/"), is, imported(r))
	}
	return b.String()
}

// purpose is a package's sentence without its beginning, which the first column says.
func purpose(s source) string {
	words := strings.SplitN(strings.TrimSuffix(s.opening, "."), " ", 3)
	if len(words) < 3 {
		return ""
	}
	return strings.ReplaceAll(strings.TrimPrefix(words[2], "is "), "|", "&#124;")
}

func imported(r row) string {
	var names []string
	for _, dir := range r.imports {
		names = append(names, "`"+strings.TrimPrefix(dir, "internal/")+"`")
	}
	return strings.Join(names, " ")
}

// rollupTable writes what the interface of an engine says of each of its rollups, with the file that asks it of DuckDB.
func rollupTable(t *testing.T) string {
	var b strings.Builder
	b.WriteString("| rollup | | in `engine/duckdb/sql` |\n|---|---|---|\n")
	for _, method := range methods(t, root+"/internal/engine/engine.go", "Engine") {
		file := snake(method.name) + ".sql"
		if _, err := os.Stat(filepath.Join(root, "internal/engine/duckdb/sql", file)); err == nil {
			fmt.Fprintf(&b, "| %s | %s | `%s` |\n", method.name, strings.TrimPrefix(method.doc, method.name+" "), file)
		}
	}
	return b.String()
}

// snake writes a Go name as a file name: HostHours is host_hours.
func snake(name string) string {
	return strings.ToLower(regexp.MustCompile(`([a-z])([A-Z])`).ReplaceAllString(name, "${1}_$2"))
}
