// Package report is the view model: everything that an output shows, with nothing left to compute.
package report

import (
	"math"
	"net/netip"

	"sentinel/internal/finding"
)

// Report is the result of one analysis. A section that was not asked for is nil.
type Report struct {
	Provenance   Provenance
	Inputs       []Input
	Failures     []Failure
	Baseline     []Input // what the detectors compared with
	Summary      Summary
	Findings     []finding.Finding // most severe first
	Detection    *Detection
	Comparison   *Comparison
	Beside       *Beside // the baseline's own figures, where it is compared
	Lines        []Line  // what the detectors saw of the host that explain asks for
	Exfiltration *Exfiltration
	Botnet       *Botnet
	Countries    []Country
	Hours        []Hour
	Week         *Week     // nil too where the capture has no dates, or not two days of them
	Timeline     *Timeline // nil too without flows
	Edges        []Edge    // inside the internal networks, most flows first
	EdgeCount    int       // edges that there are, of which Edges has the first
	Talkers      *Talkers
	Ports        []Port
	Quality      *Quality
	Notes        []Note
	Undated      bool // times count from midnight of a day that the capture does not name
}

// Comparison sets the capture beside its baseline.
type Comparison struct {
	Dimensions []Dimension
	Standing   int // changes that stand
	Tests      int // keys compared
}

// Dimension is one way to divide the traffic. Changes that stand come first, the least likely before the others.
type Dimension struct {
	ID          string
	Title       string
	Unit        string // what changes are of: flows or bytes
	KeysBefore  int
	KeysAfter   int
	New         int     // keys that the baseline lacks
	NewExpected float64 // how many the baseline lets expect, by Good and Turing
	NewPValue   float64 // chance of so many new ones
	Changes     []Change
}

// ChangeKind is what became of a key.
type ChangeKind string

// The kinds of change.
const (
	New     ChangeKind = "new"
	Gone    ChangeKind = "gone"
	Changed ChangeKind = "changed"
)

// Change is what became of one key.
type Change struct {
	Key         string
	Kind        ChangeKind
	FlowsBefore int64
	FlowsAfter  int64
	BytesBefore int64
	BytesAfter  int64
	Log2        float64 // of after over before, beyond the median shift of all keys
	PValue      float64
	Stands      bool // among all changes at a false discovery rate of 5 %, and by a factor of 2 or more
}

// Detection tells what the detectors looked at.
type Detection struct {
	Ran           []Ran
	Tests         int     // made by all detectors together
	Rejected      int     // candidates that chance explains
	Allowed       int     // findings that the allow-list silenced
	ExpectedFalse float64 // findings with a p-value that are false, on average, at most
	Servers       []netip.Addr
	Resolvers     []netip.Addr
}

// Ran tells what one detector looked at, or why it could not judge.
type Ran struct {
	ID     string
	Title  string
	Finds  string // one sentence
	Looked string
	Void   string
	Tests  int
	Found  int
}

// Line is one value that a detector looked at.
type Line struct {
	Detector  string
	What      string
	Value     float64 // NaN where there is none
	Threshold float64 // NaN where there is none
	Fired     bool
	Why       string
}

// Closeness is how near the line came to firing; one that fired is nearest.
func (l Line) Closeness() float64 {
	switch {
	case l.Fired:
		return math.Inf(1)
	case l.Threshold == 0 || math.IsNaN(l.Value) || math.IsNaN(l.Threshold):
		return math.Inf(-1)
	}
	return l.Value / l.Threshold
}

// Provenance tells how a report came about.
type Provenance struct {
	Generated string // time of the run, RFC 3339; empty where the report must be reproducible
	Version   string
	Engine    string
	Databases []string  // what told countries and owners
	Settings  []Setting // what was set other than by default, in the order of the command line
}

// Setting is one of them, as it would be given again.
type Setting struct{ Name, Value string }

// Input is one capture that was read.
type Input struct {
	Path        string
	Format      string
	Compression string
	SHA256      string // of the file as it lies there, in hex; empty where it was not asked for, or of a stream
	Flows       int64
	Lookups     int64  // questions to the DNS
	Records     int64  // packets, lines... that were read; 0 where flows are all there is
	Unit        string // what Records counts, in the plural
	First       int64  // microseconds since the epoch
	Last        int64
	Clock       string // what its times count
	Columns     []Column
	Ignored     []string
	Absent      []string // flow columns that it cannot fill
	Skipped     []Skip
	Filled      int64  // flows whose missing byte counts or port were taken as 0
	Notes       []Note // of who read it
}

// SkippedRows adds up what could not be used.
func (i Input) SkippedRows() (rows int64) {
	for _, skip := range i.Skipped {
		rows += skip.Rows
	}
	return rows
}

// Extent is the time from the first flow of all inputs to the last; both are 0 without flows.
func Extent(inputs []Input) (first, last int64) {
	empty := true
	for _, input := range inputs {
		if input.Flows == 0 {
			continue
		}
		if empty {
			first, last, empty = input.First, input.Last, false
		}
		first, last = min(first, input.First), max(last, input.Last)
	}
	return first, last
}

// Column says what a column of an input was taken for.
type Column struct {
	Name  string
	Field string // empty where --map says that the capture has none
	Usual bool   // the field has the name that the original or Sentinel gives it
}

// Skip counts rows that could not be used, by reason.
type Skip struct {
	Reason  string
	Rows    int64
	Example string
}

// Failure is an input that could not be read, or, where it is partial, not to its end.
type Failure struct {
	Path, Reason, Hint string
	Partial            bool
}

// Note is a remark for the reader, with what to do about it.
type Note struct{ Text, Hint string }

// Summary counts what was read.
type Summary struct {
	Flows     int64
	Hosts     int64 // distinct sources
	Servers   int64 // distinct destinations
	UpBytes   int64
	DownBytes int64
	First     int64 // microseconds since the epoch
	Last      int64
	Internal  Internal
}

// Internal tells what stayed inside.
type Internal struct {
	Networks []netip.Prefix // those that hold a host of the capture
	Hosts    int64          // sources in them
	Flows    *int64         // between hosts of them; nil where not measured
}

// Place tells where an address is and whose.
type Place struct {
	Private bool   // an address that no public database can place
	Country string // ISO 3166-1 alpha-2, empty where unknown
	Owner   string // network owner with its AS number, empty where unknown
	Name    string // host name, empty where unknown
}

// Exfiltration ranks hosts by what they downloaded over what they uploaded.
type Exfiltration struct {
	Percentile int
	Ranked     int // hosts that were compared
	Hosts      []Ratio
}

// Ratio is one host's balance.
type Ratio struct {
	SrcIP     netip.Addr
	DownBytes int64
	UpBytes   int64
	Ratio     float64 // down over up; +Inf without uploads, NaN without either
	Place     Place
}

// Botnet ranks destinations inside a network by how often hosts of that network contact them.
type Botnet struct {
	Network      string // as CIDR; of several networks, those with such traffic
	Destinations []Destination
}

// Destination is one end of internal traffic.
type Destination struct {
	DstIP     netip.Addr
	SrcIPs    []netip.Addr // in order of their value
	Flows     int64
	First     int64
	Last      int64
	PerSecond float64 // NaN where the flows span no time
	Place     Place
}

// Country is what went to one country.
type Country struct {
	Code      string // ISO 3166-1 alpha-2, empty for private and unknown addresses
	Name      string
	Flows     int64
	UpBytes   int64
	DownBytes int64
}

// Hour is an hour of the day, UTC, over all days of a capture.
type Hour struct {
	Hour  int
	Flows int64
}

// Week counts flows by day of the week, Monday first, and hour of the day, UTC.
type Week struct{ Flows [7][24]int64 }

// Timeline counts the flows that began in steps of equal length.
type Timeline struct {
	Start int64 // microseconds since the epoch
	Step  int64 // microseconds
	Flows []int64
}

// Edge is what one internal host had to do with another.
type Edge struct {
	SrcIP netip.Addr
	DstIP netip.Addr
	Flows int64
	First int64 // start of the first flow, microseconds since the epoch
	Last  int64
}

// Beside is what the baseline was like.
type Beside struct {
	Summary   Summary
	Countries []Country
	Hours     []Hour
	Timeline  *Timeline
}

// Talkers are the hosts and servers with the most bytes both ways.
type Talkers struct {
	Hosts   []Talker
	Servers []Talker
}

// Talker is one of them.
type Talker struct {
	Address   netip.Addr
	Flows     int64
	UpBytes   int64
	DownBytes int64
	Place     Place
}

// Port is what went to one port of one protocol. Beyond the largest, Others stands for the rest.
type Port struct {
	Proto     string
	DstPort   int64
	Others    int // ports that this row adds up; 0 for a port of its own
	Flows     int64
	UpBytes   int64
	DownBytes int64
}

// Quality tells how far the capture can be trusted.
type Quality struct {
	Duplicates int64 // flows that equal another in every column
	Silences   []Silence
}

// Silence is a stretch without flows inside the capture's span.
type Silence struct{ From, To int64 }

// Defined reports whether a ratio or a rate has a finite value.
func Defined(value float64) bool { return !math.IsNaN(value) && !math.IsInf(value, 0) }
