package cli_test

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	_ "github.com/duckdb/duckdb-go/v2" // makes the Parquet files of the scripts

	"sentinel/internal/cli"
)

var update = flag.Bool("update", false, "write what the commands print into the scripts")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"sentinel": func() { os.Exit(cli.Main(os.Args, os.Stdout, os.Stderr)) },
	})
}

// TestScripts runs whole commands as a user types them. Temporary files go to $WORK/tmp, which must be
// empty in the end.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:           filepath.Join("testdata", "script"),
		UpdateScripts: *update,
		Setup: func(env *testscript.Env) error {
			env.Setenv("TMPDIR", filepath.Join(env.WorkDir, "tmp"))
			env.Setenv("COLUMNS", "100")
			return os.MkdirAll(filepath.Join(env.WorkDir, "tmp"), 0o755)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":   exits,
			"only":    only,
			"into":    into,
			"parquet": parquet,
			"cut":     cut,
			"report":  findReport,
			"unhex":   unhex,
		},
	})
}

// exits STATUS ARGS... runs sentinel and wants that exit status.
func exits(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	if got := status(ts.Exec("sentinel", args[1:]...)); got != want {
		ts.Fatalf("exit status %d, expected %d", got, want)
	}
}

func status(err error) int {
	var exit *exec.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &exit):
		return exit.ExitCode()
	}
	return -1
}

// into full|closed STATUS ARGS... runs sentinel with standard output on a full disk or a pipe that nobody reads.
func into(ts *testscript.TestScript, _ bool, args []string) {
	var stdout *os.File
	var err error
	if args[0] == "full" {
		stdout, err = os.OpenFile("/dev/full", os.O_WRONLY, 0)
	} else {
		var reader *os.File
		reader, stdout, err = os.Pipe()
		ts.Check(err)
		err = reader.Close()
	}
	ts.Check(err)
	defer stdout.Close()
	program, err := exec.LookPath("sentinel")
	ts.Check(err)
	command := exec.Command(program, args[2:]...)
	command.Dir, command.Stdout = ts.MkAbs("."), stdout
	command.Env = append(os.Environ(), "TMPDIR="+ts.Getenv("TMPDIR"))
	var stderr strings.Builder
	command.Stderr = &stderr
	got := status(command.Run())
	ts.Logf("[stderr]\n%s", stderr.String())
	ts.Check(os.WriteFile(ts.MkAbs("stderr.txt"), []byte(stderr.String()), 0o644))
	if strconv.Itoa(got) != args[1] {
		ts.Fatalf("exit status %d, expected %s", got, args[1])
	}
}

// only DIR PATTERN... wants every entry of a directory to match a pattern, and every pattern an entry.
func only(ts *testscript.TestScript, _ bool, args []string) {
	entries, err := os.ReadDir(ts.MkAbs(args[0]))
	ts.Check(err)
	used := map[string]bool{}
	for _, entry := range entries {
		if entry.Name() == ".tmp" { // testscript's own
			continue
		}
		i := slices.IndexFunc(args[1:], func(pattern string) bool {
			ok, _ := filepath.Match(pattern, entry.Name())
			return ok
		})
		if i < 0 {
			ts.Fatalf("%s: unexpected entry %s", args[0], entry.Name())
		}
		used[args[1+i]] = true
	}
	for _, pattern := range args[1:] {
		if !used[pattern] {
			ts.Fatalf("%s: no entry %s", args[0], pattern)
		}
	}
}

// parquet FILE QUERY writes the rows of a query.
func parquet(ts *testscript.TestScript, _ bool, args []string) {
	db, err := sql.Open("duckdb", "")
	ts.Check(err)
	defer db.Close()
	_, err = db.ExecContext(context.Background(), "COPY ("+args[1]+") TO '"+ts.MkAbs(args[0])+"' (FORMAT parquet)")
	ts.Check(err)
}

// cut FILE NEW BYTES copies the start of a file.
func cut(ts *testscript.TestScript, _ bool, args []string) {
	data, err := os.ReadFile(ts.MkAbs(args[0]))
	ts.Check(err)
	bytes, err := strconv.Atoi(args[2])
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), data[:bytes], 0o644))
}

// unhex FILE HEX writes bytes that a script cannot hold.
func unhex(ts *testscript.TestScript, _ bool, args []string) {
	data, err := hex.DecodeString(args[1])
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), data, 0o644))
}

// report copies the one Markdown report of the working directory to report.txt, to be looked into.
func findReport(ts *testscript.TestScript, _ bool, _ []string) {
	names, err := filepath.Glob(ts.MkAbs("report_*.md"))
	ts.Check(err)
	if len(names) != 1 {
		ts.Fatalf("%d reports, expected one", len(names))
	}
	data, err := os.ReadFile(names[0])
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs("report.txt"), data, 0o644))
}
