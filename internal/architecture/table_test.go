package architecture

// row says which packages of this module the code of a package may import; its tests may import any. A dir that ends
// in /* stands for plug-ins, a folder each, which come and go without an edit here.
type row struct {
	dir     string
	imports []string
}

// table has a row for every package that is not only tests, in the order of the road from captures to reports. A row
// of its own goes before /*.
var table = []row{
	{"cmd/sentinel", []string{"internal/cli"}},
	{"internal/cli", []string{
		"internal/inject", "internal/allow", "internal/analysis", "internal/detect", "internal/detect/catalog",
		"internal/detect/threatintel", "internal/engine/clickhouse", "internal/engine/duckdb", "internal/explore", "internal/intel",
		"internal/finding", "internal/flow", "internal/geo", "internal/input", "internal/input/catalog", "internal/input/table", "internal/measure",
		"internal/output", "internal/output/catalog", "internal/output/figure",
		"internal/output/terminal", "internal/report", "internal/synth", "internal/synth/wire", "internal/web",
	}},
	{"internal/analysis", []string{
		"internal/compare", "internal/detect", "internal/engine", "internal/engine/duckdb", "internal/flow", "internal/geo", "internal/input", "internal/input/table",
		"internal/measure", "internal/report",
	}},
	{"internal/flow", nil},
	{"internal/input", []string{"internal/flow"}},
	{"internal/input/catalog", []string{"internal/input", "internal/input/*"}},
	{"internal/input/table", []string{"internal/flow", "internal/input"}},
	{"internal/input/pcap", []string{"internal/flow", "internal/input", "internal/meter", "internal/packet", "internal/prefetch"}},
	{"internal/input/netflow", []string{"internal/biflow", "internal/flow", "internal/input", "internal/input/pcap", "internal/packet"}},
	{"internal/input/jsonline", []string{"internal/input"}},
	{"internal/input/answers", []string{"internal/flow", "internal/input/jsonline"}},
	{"internal/input/inputtest", []string{"internal/flow", "internal/input"}},
	{"internal/input/*", []string{"internal/biflow", "internal/flow", "internal/input", "internal/input/answers", "internal/input/jsonline", "internal/packet", "internal/packet/dns"}},
	{"internal/packet", []string{"internal/flow"}},
	{"internal/packet/*", []string{"internal/packet/hello"}},
	{"internal/meter", []string{"internal/flow", "internal/packet", "internal/packet/*", "internal/prefetch"}},
	{"internal/prefetch", nil},
	{"internal/biflow", []string{"internal/flow", "internal/packet"}},
	{"internal/engine", []string{"internal/flow"}},
	{"internal/explore", []string{"internal/flow"}},
	{"internal/explore/exploretest", []string{"internal/explore", "internal/flow"}},
	{"internal/engine/duckdb", []string{"internal/engine", "internal/explore", "internal/flow", "internal/input", "internal/input/table"}},
	{"internal/engine/clickhouse", []string{"internal/engine", "internal/explore", "internal/flow", "internal/input"}},
	{"internal/engine/clickhouse/servertest", nil},
	{"internal/engine/enginetest", []string{"internal/engine", "internal/flow"}},
	{"internal/geo", []string{"internal/geo/builtin", "internal/geo/reserved"}},
	{"internal/geo/builtin", nil},
	{"internal/geo/builtin/generate", []string{"internal/geo/builtin", "internal/geo/reserved"}},
	{"internal/geo/reserved", nil},
	{"internal/measure", []string{"internal/engine", "internal/geo", "internal/report"}},
	{"internal/detect", []string{"internal/engine", "internal/finding", "internal/flow", "internal/measure", "internal/stat"}},
	{"internal/detect/rhythm", []string{"internal/engine", "internal/finding", "internal/stat"}},
	{"internal/detect/words", []string{"internal/engine"}},
	{"internal/detect/dnsname", []string{"internal/engine", "internal/finding"}},
	{"internal/detect/detecttest", []string{
		"internal/analysis", "internal/detect", "internal/engine/duckdb", "internal/finding", "internal/flow", "internal/geo",
		"internal/measure", "internal/synth",
	}},
	{"internal/detect/dga/generate", nil},
	{"internal/detect/*", []string{"internal/detect", "internal/detect/dnsname", "internal/detect/rhythm", "internal/detect/words", "internal/engine", "internal/finding", "internal/flow", "internal/geo", "internal/intel", "internal/stat"}},
	{"internal/detect/catalog", []string{"internal/detect", "internal/detect/*"}},
	{"internal/detect/eval", []string{
		"internal/analysis", "internal/detect", "internal/detect/beacon", "internal/engine/duckdb", "internal/finding", "internal/flow",
		"internal/geo", "internal/measure", "internal/stat", "internal/synth",
	}},
	{"internal/detect/eval/run", []string{
		"internal/detect", "internal/detect/catalog", "internal/detect/eval", "internal/finding", "internal/synth",
	}},
	{"internal/compare", []string{"internal/engine", "internal/flow", "internal/measure", "internal/report", "internal/stat"}},
	{"internal/inject", []string{"internal/analysis", "internal/detect", "internal/engine", "internal/finding", "internal/flow", "internal/synth"}},
	{"internal/finding", nil},
	{"internal/allow", []string{"internal/finding"}},
	{"internal/intel", nil},
	{"internal/stat", nil},
	{"internal/report", []string{"internal/finding", "internal/geo/reserved"}},
	{"internal/chart", []string{"internal/chart/world"}},
	{"internal/chart/world", nil},
	{"internal/chart/world/generate", []string{"internal/chart/world"}},
	{"internal/output", []string{"internal/report"}},
	{"internal/output/figure", []string{"internal/chart", "internal/finding", "internal/output", "internal/report"}},
	{"internal/output/terminal", []string{"internal/finding", "internal/output", "internal/output/figure", "internal/report"}},
	{"internal/output/catalog", []string{"internal/output", "internal/output/*"}},
	{"internal/output/alert", []string{"internal/finding", "internal/output", "internal/report"}},
	{"internal/output/outputtest", []string{"internal/finding", "internal/report"}},
	{"internal/output/*", []string{"internal/chart", "internal/finding", "internal/output", "internal/output/alert", "internal/output/figure", "internal/report"}},
	{"internal/browsertest", nil},
	{"internal/web", []string{
		"internal/chart", "internal/explore", "internal/finding", "internal/flow", "internal/output", "internal/output/figure",
		"internal/output/html", "internal/output/json", "internal/report",
	}},
	{"internal/synth", []string{"internal/flow"}},
	{"internal/synth/wire", []string{"internal/flow", "internal/packet"}},
}

// bindings are what needs cgo, and bindingsHome is the one package whose code may import them.
const (
	bindings     = "github.com/duckdb/"
	bindingsHome = "internal/engine/duckdb"
)

// maxDepth is how many imports the longest chain within the module may have.
const maxDepth = 7

// empty are folder names that say nothing.
var empty = []string{"util", "utils", "common", "helper", "helpers", "base", "misc"}
