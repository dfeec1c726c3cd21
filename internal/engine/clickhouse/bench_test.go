package clickhouse_test

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"iter"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"sentinel/internal/analysis"
	"sentinel/internal/engine"
	"sentinel/internal/engine/clickhouse"
	"sentinel/internal/engine/clickhouse/servertest"
	"sentinel/internal/flow"
	"sentinel/internal/synth"
)

// benchFlows tells how many flows the benchmarks take; see bench/clickhouse.
func benchFlows(b *testing.B) int {
	flows, err := strconv.Atoi(cmp.Or(os.Getenv("SENTINEL_BENCH_FLOWS"), "1000000"))
	if err != nil {
		b.Fatal(err)
	}
	return flows
}

// days reads the flows of one generated day again and again, a day later each time, so that reading costs little.
type days struct {
	day      []flow.Flow
	at, left int
	shift    int64
}

func (d *days) Columns() flow.Set {
	return flow.NewSet("duration", "src_port", "up_packets", "down_packets", "state", "service", "name")
}

func (d *days) Read(dst []flow.Flow) (int, error) {
	n := min(len(dst), d.left, len(d.day)-d.at)
	copy(dst, d.day[d.at:d.at+n])
	for i := range dst[:n] {
		dst[i].Start += d.shift
	}
	if d.at += n; d.at == len(d.day) {
		d.at, d.shift = 0, d.shift+24*time.Hour.Microseconds()
	}
	if d.left -= n; d.left == 0 {
		return n, io.EOF
	}
	return n, nil
}

const perDay = 1_000_000

func benchDay(b *testing.B) []flow.Flow {
	b.Helper()
	made, err := synth.Day(synth.Options{Kind: synth.Judge, Profile: synth.Office, Flows: perDay, Seed: 1, Start: time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		b.Fatal(err)
	}
	flows, err := flow.ReadAll(made)
	if err != nil {
		b.Fatal(err)
	}
	return flows
}

// processor is the time that this process, or those that it has waited for, spent.
func processor(b *testing.B, who int) time.Duration {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(who, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

func BenchmarkLoad(b *testing.B) {
	day, flows := benchDay(b), benchFlows(b)
	for _, shards := range []int{1, 2} {
		b.Run(fmt.Sprintf("shards=%d", shards), func(b *testing.B) {
			servers := servertest.Start(b, shards, servertest.Options{})
			for b.Loop() {
				options := fresh(servers)
				loader := openLoader(b, options)
				reader := &days{day: day, left: flows}
				begun, before, server := time.Now(), processor(b, syscall.RUSAGE_SELF), servers.Processor(b)
				if _, err := loader.Load(b.Context(), clickhouse.Capture{Content: "x", Open: func() (flow.Reader, error) { return reader, nil }}); err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(flows)/time.Since(begun).Seconds(), "flows/s")
				b.ReportMetric(float64(flows)/(processor(b, syscall.RUSAGE_SELF)-before).Seconds(), "flows/s-of-client-core")
				b.ReportMetric(float64(flows)/(servers.Processor(b)-server).Seconds(), "flows/s-of-server-core")
				b.ReportMetric(stored(b, servers, options)/float64(flows), "B/flow-on-disk")
			}
		})
	}
}

// stored is how many bytes the flows take on all shards.
func stored(b *testing.B, servers *servertest.Cluster, options clickhouse.Options) (bytes float64) {
	b.Helper()
	for _, server := range servers.Servers {
		bytes += float64(server.Sum(b, fmt.Sprintf(
			"SELECT toInt64(sum(bytes_on_disk)) FROM system.parts WHERE active AND database = '%s' AND table LIKE 'stored_flows%%'", databaseOf(options))))
	}
	return bytes
}

// BenchmarkTSV is what the server's own client does with the same rows.
func BenchmarkTSV(b *testing.B) {
	day, flows := benchDay(b), benchFlows(b)
	servers := servertest.Start(b, 1, servertest.Options{})
	file := filepath.Join(b.TempDir(), "flows.tsv")
	writeTSV(b, file, &days{day: day, left: flows})
	for b.Loop() {
		options := fresh(servers)
		load(b, options, captureOf(&list{flows: day[:1]})) // makes the tables
		rows, err := os.Open(file)
		if err != nil {
			b.Fatal(err)
		}
		client := exec.Command("clickhouse-client", "--port", fmt.Sprint(servers.Servers[0].Port), "--user", servertest.User, "--password", servertest.Password,
			"--query", "INSERT INTO "+databaseOf(options)+".stored_flows FORMAT TSV")
		client.Stdin = rows
		begun, before, server := time.Now(), processor(b, syscall.RUSAGE_CHILDREN), servers.Processor(b)
		if output, err := client.CombinedOutput(); err != nil {
			b.Fatalf("%v: %s", err, output)
		}
		b.ReportMetric(float64(flows)/time.Since(begun).Seconds(), "flows/s")
		b.ReportMetric(float64(flows)/(processor(b, syscall.RUSAGE_CHILDREN)-before).Seconds(), "flows/s-of-client-core")
		b.ReportMetric(float64(flows)/(servers.Processor(b)-server).Seconds(), "flows/s-of-server-core")
		rows.Close()
	}
}

func writeTSV(b *testing.B, path string, reader flow.Reader) {
	b.Helper()
	file, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	into := bufio.NewWriter(file)
	batch := make([]flow.Flow, 1024)
	for err = nil; err == nil; {
		var n int
		n, err = reader.Read(batch)
		for _, f := range batch[:n] {
			fmt.Fprintf(into, "%d\t%d\t%s\t%s\t%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%s\t%s\t%s\t%s\t%s\t1\n", f.Start, f.Duration, f.SrcIP, f.DstIP, f.Proto, f.SrcPort, f.DstPort,
				f.UpBytes, f.DownBytes, f.UpPackets, f.DownPackets, f.UpPayload, f.DownPayload, f.State, f.Service, f.Name, f.JA4, f.Opener)
		}
	}
	if err := cmp.Or(into.Flush(), file.Close()); err != nil {
		b.Fatal(err)
	}
}

// drain counts rows.
func drain[Row any](b *testing.B, rows iter.Seq2[Row, error]) (count int) {
	b.Helper()
	for _, err := range rows {
		if err != nil {
			b.Fatal(err)
		}
		count++
	}
	return count
}

// rollups are those that measures and detectors ask, as they ask them; the first of the channels makes their table.
var rollups = []struct {
	name string
	ask  func(*testing.B, engine.Engine) int
}{
	{"hosts", func(b *testing.B, e engine.Engine) int { return drain(b, e.Hosts(b.Context())) }},
	{"servers", func(b *testing.B, e engine.Engine) int { return drain(b, e.Servers(b.Context())) }},
	{"minutes", func(b *testing.B, e engine.Engine) int { return drain(b, e.Minutes(b.Context())) }},
	{"ports", func(b *testing.B, e engine.Engine) int { return drain(b, e.Ports(b.Context())) }},
	{"peers", func(b *testing.B, e engine.Engine) int {
		return drain(b, e.Peers(b.Context(), analysis.InternalNetworks))
	}},
	{"prepare+nodes", func(b *testing.B, e engine.Engine) int { return drain(b, e.Nodes(b.Context())) }},
	{"nodes", func(b *testing.B, e engine.Engine) int { return drain(b, e.Nodes(b.Context())) }},
	{"channels", func(b *testing.B, e engine.Engine) int {
		return drain(b, e.Channels(b.Context(), engine.ChannelFilter{}))
	}},
	{"channels of 8", func(b *testing.B, e engine.Engine) int {
		return drain(b, e.Channels(b.Context(), engine.ChannelFilter{MinFlows: 8}))
	}},
	{"rhythms of 8", func(b *testing.B, e engine.Engine) int {
		return drain(b, e.Rhythms(b.Context(), engine.ChannelFilter{MinFlows: 8}))
	}},
	{"visits", func(b *testing.B, e engine.Engine) int { return drain(b, e.Visits(b.Context(), 50)) }},
	{"sweeps", func(b *testing.B, e engine.Engine) int { return drain(b, e.Sweeps(b.Context(), 20)) }},
	{"probes", func(b *testing.B, e engine.Engine) int { return drain(b, e.Probes(b.Context(), 20)) }},
	{"host hours", func(b *testing.B, e engine.Engine) int { return drain(b, e.HostHours(b.Context(), 0)) }},
	{"bursts", func(b *testing.B, e engine.Engine) int { return drain(b, e.Bursts(b.Context(), 100)) }},
	{"duplicates", func(b *testing.B, e engine.Engine) int {
		count, err := e.Duplicates(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		return int(count)
	}},
}

// peak is the most memory that this process has had so far.
func peak(b *testing.B) float64 {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return float64(used.Maxrss) / 1000
}

func BenchmarkRollups(b *testing.B) {
	flows := benchFlows(b)
	if address := os.Getenv("SENTINEL_BENCH_ADDRESS"); address != "" {
		benchRollups(b, clickhouse.Options{Address: address, Getenv: os.Getenv}, flows, func() time.Duration { return 0 })
		return
	}
	for _, shards := range []int{1, 2} {
		b.Run(fmt.Sprintf("shards=%d", shards), func(b *testing.B) {
			servers := servertest.Start(b, shards, servertest.Options{})
			benchRollups(b, fresh(servers), flows, func() time.Duration { return servers.Processor(b) })
		})
	}
}

// benchRollups loads the days, unless they are there, and asks; spent is the time of the servers' processors.
func benchRollups(b *testing.B, options clickhouse.Options, flows int, spent func() time.Duration) {
	load(b, options, clickhouse.Capture{Content: fmt.Sprint("days of ", flows), Open: func() (flow.Reader, error) {
		return &days{day: benchDay(b), left: flows}, nil
	}})
	db := open(b, options)
	closeLater(b, db)
	for _, rollup := range rollups {
		b.Run(rollup.name, func(b *testing.B) {
			for b.Loop() {
				begun, before := time.Now(), spent()
				rows := rollup.ask(b, db)
				b.ReportMetric(float64(flows)/time.Since(begun).Seconds(), "flows/s")
				b.ReportMetric(float64(flows)/max(spent()-before, time.Millisecond).Seconds(), "flows/s-of-server-core")
				b.ReportMetric(float64(rows), "rows")
				b.ReportMetric(peak(b), "MB-peak")
			}
		})
	}
}
