package input

import (
	"time"

	"sentinel/internal/flow"
)

// Format is a way of keeping flows, or what flows are made of, in files. A format is a value in a folder of its own.
type Format struct {
	ID   string // what --input-format takes, in lower case
	Name string // as its authors spell it
	Doc  string // one sentence for those who choose a format
	// Columns are the optional columns of a flow that it can fill. The required ones it fills always.
	Columns []string
	// Lookups tells that it can hold questions to the DNS.
	Lookups bool
	// Recognise looks at the first bytes of the content, decompressed, at most HeadSize of them. It gives an empty text
	// where they are of this format, else in a phrase why not: "does not begin with PAR1".
	Recognise func(head []byte) string
	// Aside tells, of a file found in a directory, that another file is read with it or that it holds nothing of flows,
	// so that it does not stand for itself. It may be nil.
	Aside func(*File) bool
	// Open begins to read. It is nil for formats that an engine reads in place.
	Open func(*File, Settings) (Reader, error)
}

// HeadSize is how much of a file the formats are shown for recognising it.
const HeadSize = 64 << 10

// Reader is an input that is being read, by one goroutine. Readers start goroutines of their own only between Open and
// Close, and give the same flows in the same order whatever Settings.Threads says.
type Reader interface {
	// LookupReader yields flows and questions to the DNS. Its Read ends with io.EOF on a sound input and on one that
	// breaks off, which Account tells; another error means that nothing can be made of the input.
	flow.LookupReader
	// Account tells what became of the input. It is complete once Read has ended.
	Account() Account
	// Close frees what the reader holds; it may come before the end.
	Close() error
}

// Settings say how to read. The zero value stands for what the comments name.
type Settings struct {
	Idle     time.Duration // after which a flow without packets ends: 5 min for TCP, 1 min for others
	Active   time.Duration // after which a flow that goes on is cut: never
	MaxFlows int           // open flows at once, beyond which the longest idle end early: 2,000,000
	Threads  int           // all cores
	Sampling int64         // one in so many packets was seen; 0: what the input itself says
}

// Account is what became of an input.
type Account struct {
	Clock   string // what its times count, for the report
	Records int64  // packets, lines or records that were read, used or not
	Unit    string // what Records counts, in the plural: "packets"
	Skipped []Skip // what of them could not be used, the most frequent reason first
	Notes   []Note
	// Damage tells where and why the input breaks off; nil where it was read to its end. What came before it counts.
	Damage error
}

// Skip counts records that could not be used.
type Skip struct {
	Reason  string // "shorter than its IPv4 header"
	Rows    int64
	Example string // where the first one stands: "line 12", "packet 3"
}

// Note is a remark for whoever reads the report, with what to do about it, if anything.
type Note struct{ Text, Hint string }
