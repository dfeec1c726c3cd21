package nfcapd

import (
	"errors"
	"fmt"
	"io"
	"runtime"

	"sentinel/internal/biflow"
	"sentinel/internal/flow"
	"sentinel/internal/input"
)

// reader joins the records of a file into flows.
type reader struct {
	content io.Closer
	source  source
	decoder decoder
	joiner  *biflow.Joiner
	columns flow.Set
	damage  error
	ended   bool
	sampled bool
}

func newReader(content io.ReadCloser, header header, settings input.Settings) *reader {
	blocks := blocks{content: content, header: header, offset: header.size}
	r := &reader{
		content: content,
		source:  newSource(blocks, settings.Threads),
		joiner:  biflow.New(biflow.Options{Idle: settings.Idle, Most: settings.MaxFlows}),
		columns: flow.NewSet(columns...),
		decoder: decoder{layout: header.layout, sampling: uint64(max(settings.Sampling, 1)), maps: map[uint16]*extensionMap{}},
	}
	r.decoder.emit = r.add
	return r
}

// mostThreads bounds the blocks that are held: more goroutines decompress faster than records can be joined.
const mostThreads = 8

func newSource(b blocks, threads int) source {
	if threads <= 0 {
		threads = runtime.GOMAXPROCS(0)
	}
	if threads == 1 {
		return &alone{blocks: b}
	}
	return newAhead(b, min(threads, mostThreads)-1)
}

// add takes a half from the decoder.
func (r *reader) add(half *biflow.Half) {
	if !r.sampled && (r.decoder.record.sampled || r.decoder.sampling > 1) {
		r.sampled = true
		r.joiner.Sampled()
	}
	r.joiner.Add(half)
}

// Columns tells what records of nfdump have.
func (r *reader) Columns() flow.Set { return r.columns }

// Read gives flows as they are finished, most of them after the last block.
func (r *reader) Read(dst []flow.Flow) (int, error) {
	for {
		n := r.joiner.Drain(dst)
		if n > 0 || len(dst) == 0 {
			return n, nil
		}
		if r.ended {
			return 0, io.EOF
		}
		r.fill()
	}
}

// fill takes the next block.
func (r *reader) fill() {
	block, err := r.source.next()
	if err != nil {
		r.ended = true
		if !errors.Is(err, io.EOF) {
			r.damage = err
		}
		r.joiner.Finish()
		return
	}
	r.decoder.take(block)
}

// Lookups are none: nfdump keeps no questions to the DNS.
func (r *reader) Lookups() []flow.Lookup { return nil }

// Account tells what became of the records.
func (r *reader) Account() input.Account {
	account := input.Account{
		Clock: "milliseconds since 1970", Records: r.decoder.records, Unit: "records",
		Skipped: r.decoder.tally.Skips(), Notes: r.decoder.notes(), Damage: r.damage,
	}
	if early := r.joiner.Early(); early > 0 {
		account.Notes = append(account.Notes, input.Note{
			Text: fmt.Sprintf("%d flows have one direction only because more were open at once than are held", early),
			Hint: "raise the number of open flows, or read the file in parts",
		})
	}
	return account
}

// Close ends the goroutines and closes the file.
func (r *reader) Close() error {
	r.source.close()
	return r.content.Close()
}
