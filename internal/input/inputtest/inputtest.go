// Package inputtest is the contract of a format: what every reader must do, whatever it reads.
package inputtest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sentinel/internal/flow"
	"sentinel/internal/input"
)

// Result is all that a reader gives.
type Result struct {
	Flows   []flow.Flow
	Lookups []flow.Lookup
	Columns flow.Set // as told in the end
	Account input.Account
	Err     error // nil where Read ended with io.EOF
}

// Read reads content to its end, in batches of the given size.
func Read(format input.Format, content []byte, settings input.Settings, batch int) (result Result) {
	file := input.NewFile("capture", content)
	file.Format = format
	return drain(file, settings, batch)
}

// ReadFile reads a file on disk as the program does.
func ReadFile(t testing.TB, format input.Format, path string, settings input.Settings) Result {
	t.Helper()
	file, err := input.Formats{format}.Open(path, &format)
	if err != nil {
		return Result{Err: err}
	}
	return drain(file, settings, 1024)
}

func drain(file *input.File, settings input.Settings, batch int) (result Result) {
	reader, err := file.Format.Open(file, settings)
	if err != nil {
		return Result{Err: err}
	}
	defer func() { result.Err = errors.Join(result.Err, reader.Close()) }()
	dst := make([]flow.Flow, batch)
	for {
		n, err := reader.Read(dst)
		result.Flows = append(result.Flows, dst[:n]...)
		result.Lookups = append(result.Lookups, reader.Lookups()...)
		if err == nil {
			continue
		}
		if !errors.Is(err, io.EOF) {
			result.Err = err
		}
		result.Columns, result.Account = reader.Columns(), reader.Account()
		return result
	}
}

// Run holds a format to the contract with a sound sample: it is recognised, comes out the same in batches of any size
// and on any number of threads, and breaks off anywhere without a panic, with an error or damage that says where, or
// as a whole smaller input.
func Run(t *testing.T, format input.Format, sample []byte) {
	t.Helper()
	if reason := format.Recognise(sample[:min(len(sample), input.HeadSize)]); reason != "" {
		t.Errorf("the sample is not recognised: %s", reason)
	}
	if reason := format.Recognise([]byte("\x00\x01\x02 nothing like it \xff\xfe")); reason == "" {
		t.Error("noise is recognised")
	}
	whole := Read(format, sample, input.Settings{}, 1024)
	if whole.Err != nil || len(whole.Flows)+len(whole.Lookups) == 0 {
		t.Fatalf("the sample gives %d flows, %d lookups, error %v", len(whole.Flows), len(whole.Lookups), whole.Err)
	}
	for name := range whole.Columns {
		if !slices.Contains(format.Columns, name) {
			t.Errorf("the reader fills %s, which its format does not tell", name)
		}
	}
	for _, other := range []struct {
		settings input.Settings
		batch    int
	}{{input.Settings{Threads: 1}, 1}, {input.Settings{Threads: 1}, 7}, {input.Settings{Threads: 4}, 100}} {
		again := Read(format, sample, other.settings, other.batch)
		if diff := cmp.Diff(whole, again, cmp.Comparer(sameError), sameAddress); diff != "" {
			t.Errorf("%d threads, batches of %d (-want +got):\n%s", other.settings.Threads, other.batch, diff)
		}
	}
	for _, length := range cuts(len(sample)) {
		part := Read(format, sample[:length], input.Settings{}, 1024)
		if len(part.Flows) > len(whole.Flows)+len(whole.Lookups) {
			t.Errorf("cut to %d bytes it has %d flows, whole %d", length, len(part.Flows), len(whole.Flows))
		}
	}
}

// sameAddress lets cmp compare addresses, which it does not look into.
var sameAddress = cmp.Comparer(func(a, b netip.Addr) bool { return a == b })

func sameError(a, b error) bool { return fmt.Sprint(a) == fmt.Sprint(b) }

// cuts are the lengths at which a sample is cut: all of a small one, and about a thousand of a large one.
func cuts(size int) (lengths []int) {
	for length := 0; length < size; length += 1 + size/1000 {
		lengths = append(lengths, length)
	}
	return lengths
}

// Shared is the folder of captures that the project did not write; tests that use it skip where it is absent.
func Shared(t testing.TB, parts ...string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; filepath.Dir(dir) != dir; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
	}
	shared := filepath.Join(append([]string{dir, "..", "shared", "data"}, parts...)...)
	if _, err := os.Stat(shared); err != nil {
		t.Skipf("no captures to compare with: %v", err)
	}
	return shared
}

// Fuzz feeds a format with what grows out of samples: no panic, and an end.
func Fuzz(f *testing.F, format input.Format, samples ...[]byte) {
	for _, sample := range samples {
		f.Add(bytes.Clone(sample))
	}
	f.Fuzz(func(_ *testing.T, content []byte) {
		Read(format, content, input.Settings{MaxFlows: 1000, Threads: 2}, 64)
	})
}
