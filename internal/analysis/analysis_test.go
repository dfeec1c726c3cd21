package analysis_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"sentinel/internal/analysis"
	"sentinel/internal/input"
	"sentinel/internal/input/table"
	"sentinel/internal/measure"
	"sentinel/internal/report"
)

const day = `timestamp,src_ip,dst_ip,proto,port,up_bytes,down_bytes,sni
0,10.0.0.1,10.0.0.2,tcp,443,1,2,
100,10.0.0.1,10.0.0.2,tcp,443,1,2,
200,10.0.0.3,10.0.0.4,tcp,443,1,2,files.example
`

// options analyse one capture with all measures, temporary files below a directory of the test.
func options(t *testing.T, content string) analysis.Options {
	t.Helper()
	path := filepath.Join(t.TempDir(), "day.csv")
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	return analysis.Options{
		Formats:  input.Formats{table.CSV},
		Captures: []string{path}, Measures: measure.All, TempDir: t.TempDir(), Threads: 2,
		Config: measure.Config{Internal: analysis.InternalNetworks, Top: 5, Percentile: 0},
	}
}

func wantEmpty(t *testing.T, dir string) {
	t.Helper()
	if entries, err := os.ReadDir(dir); err != nil || len(entries) > 0 {
		t.Errorf("temporary directory holds %v, error %v", entries, err)
	}
}

// Only suspects without a name of their own are asked for, and a name server that fails is no fault.
func TestResolve(t *testing.T) {
	options := options(t, day)
	var asked atomic.Int32
	options.Resolve = func(_ context.Context, address string) ([]string, error) {
		asked.Add(1)
		switch address {
		case "10.0.0.2":
			return []string{"printer.example.", "second.example."}, nil
		case "10.0.0.4":
			t.Error("asked for 10.0.0.4, which the capture names")
		}
		return nil, errors.New("no such host")
	}
	result, err := analysis.Run(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]string{}
	for _, destination := range result.Botnet.Destinations {
		names[destination.DstIP.String()] = destination.Place.Name
	}
	if names["10.0.0.2"] != "printer.example" || names["10.0.0.4"] != "files.example" {
		t.Errorf("names %v", names)
	}
	if asked.Load() == 0 {
		t.Error("nobody was asked")
	}
	wantEmpty(t, options.TempDir)
}

func TestTimeOfRunStandsInOnePlace(t *testing.T) {
	options := options(t, day)
	result, err := analysis.Run(t.Context(), options)
	if err != nil || result.Provenance.Generated != "" {
		t.Errorf("generated %q, error %v", result.Provenance.Generated, err)
	}
	options.Now = time.Date(2026, 3, 1, 12, 0, 0, 0, time.FixedZone("", 3600))
	if result, err = analysis.Run(t.Context(), options); err != nil || result.Provenance.Generated != "2026-03-01T11:00:00Z" {
		t.Errorf("generated %q, error %v", result.Provenance.Generated, err)
	}
}

func TestProgressTellsWhatIsDone(t *testing.T) {
	options := options(t, day)
	options.Progress = &analysis.Progress{}
	if state := options.Progress.State(); state != (report.Stage{}) {
		t.Errorf("before all work it is at %+v", state)
	}
	var begun report.Stage
	options.Measures = append([]measure.Measure{{Attach: func(measure.Config, *measure.Folds) func(*report.Report) {
		begun = options.Progress.State()
		return func(*report.Report) {}
	}}}, options.Measures...)
	if _, err := analysis.Run(t.Context(), options); err != nil {
		t.Fatal(err)
	}
	if want := (report.Stage{Work: "measuring"}); begun != want {
		t.Errorf("then it is at %+v, want %+v", begun, want)
	}
	if state := options.Progress.State(); state.Work != "measuring" || state.Steps != state.All-1 || state.Step == "" {
		t.Errorf("in the end it is at %+v", state)
	}
}

func TestCancelled(t *testing.T) {
	options := options(t, day)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := analysis.Run(ctx, options); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	wantEmpty(t, options.TempDir)
}

func TestTooLittleMemory(t *testing.T) {
	rows := strings.Repeat(strings.SplitAfterN(day, "\n", 2)[1], 50_000)
	options := options(t, strings.SplitAfterN(day, "\n", 2)[0]+rows)
	options.Memory = "2MB"
	_, err := analysis.Run(t.Context(), options)
	if err == nil {
		t.Fatal("150,000 flows fit into 2 MB, so this proves nothing")
	}
	wantEmpty(t, options.TempDir)
}

func TestNoFlowsSaysWhy(t *testing.T) {
	options := options(t, "timestamp,src_ip,dst_ip,proto,port,up_bytes,down_bytes\n1,a,b,tcp,1,1,1\n2,a,10.0.0.1,tcp,1,1,1\n")
	_, err := analysis.Run(t.Context(), options)
	var hint interface{ Error() string }
	if err == nil || !errors.As(err, &hint) || !strings.Contains(err.Error(), "has no flows") {
		t.Errorf("error %v", err)
	}
	wantEmpty(t, options.TempDir)
}
