package architecture

import (
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// root is the module's folder, seen from this one.
const root = "../.."

const modulePrefix = "sentinel/"

// source is a package as its files tell.
type source struct {
	dir       string   // from the module's folder, with slashes
	name      string   // as its package clauses have it, without _test
	opening   string   // first sentence of the package comment
	code      []string // import paths outside of tests, sorted, each once
	onlyTests bool
}

// readSources parses the packages of the program, sorted by folder. It parses in-process: the result of a test
// that asks `go list` is cached where only the files that it lists have changed.
func readSources(t *testing.T) []source {
	t.Helper()
	byDir := map[string]*source{}
	for _, top := range []string{"cmd", "internal"} {
		err := filepath.WalkDir(filepath.Join(root, top), func(path string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case entry.IsDir() && entry.Name() == "testdata":
				return filepath.SkipDir
			case entry.IsDir() || filepath.Ext(path) != ".go":
				return nil
			}
			return add(byDir, path)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	var all []source
	for _, s := range byDir {
		slices.Sort(s.code)
		s.code = slices.Compact(s.code)
		all = append(all, *s)
	}
	slices.SortFunc(all, func(a, b source) int { return strings.Compare(a.dir, b.dir) })
	return all
}

func add(byDir map[string]*source, path string) error {
	dir, err := filepath.Rel(root, filepath.Dir(path))
	if err != nil {
		return err
	}
	dir = filepath.ToSlash(dir)
	if byDir[dir] == nil {
		byDir[dir] = &source{dir: dir, onlyTests: true}
	}
	return byDir[dir].add(path)
}

func (s *source) add(path string) error {
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly|parser.ParseComments)
	if err != nil {
		return err
	}
	s.name = strings.TrimSuffix(file.Name.Name, "_test")
	if file.Doc != nil && s.opening == "" {
		s.opening = new(doc.Package).Synopsis(file.Doc.Text())
	}
	if strings.HasSuffix(path, "_test.go") {
		return nil
	}
	s.onlyTests = false
	for _, spec := range file.Imports {
		s.code = append(s.code, strings.Trim(spec.Path.Value, "\"`"))
	}
	return nil
}

// own lists which packages of this module the code of s imports.
func (s source) own() []string {
	var dirs []string
	for _, path := range s.code {
		if dir, ok := strings.CutPrefix(path, modulePrefix); ok {
			dirs = append(dirs, dir)
		}
	}
	return dirs
}

// method is one of an interface, with its comment in one line.
type method struct{ name, doc string }

// methods lists what an interface in a file asks for.
func methods(t *testing.T, path, name string) (found []method) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	declared, ok := file.Scope.Lookup(name).Decl.(*ast.TypeSpec).Type.(*ast.InterfaceType)
	if !ok {
		t.Fatalf("%s in %s is no interface", name, path)
	}
	for _, field := range declared.Methods.List {
		found = append(found, method{field.Names[0].Name, strings.Join(strings.Fields(field.Doc.Text()), " ")})
	}
	return found
}
