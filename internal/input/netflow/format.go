// Package netflow reads exports of flows as routers, switches and probes send them: NetFlow v1, v5, v7 and v9, IPFIX
// and sFlow v5, inside captures of packets or as datagrams one after another.
package netflow

import (
	"bytes"
	"fmt"
	"io"

	"sentinel/internal/flow"
	"sentinel/internal/input"
)

// The two ways in which exports are kept.
var (
	Datagrams = input.Format{
		ID: "netflow", Name: "NetFlow",
		Doc:       "datagrams of NetFlow v1, v5, v7 or v9, IPFIX or sFlow v5, one after another, and IPFIX files",
		Columns:   append(columns(), "service", "name"),
		Recognise: foreign,
		Open: func(file *input.File, settings input.Settings) (input.Reader, error) {
			return open(file, settings, "byte", func(content io.Reader) source { return newStream(content) })
		},
	}
	Captured = input.Format{
		ID: "netflow-pcap", Name: "NetFlow in a capture",
		Doc:       "a pcap or pcapng capture of what exporters of NetFlow, IPFIX or sFlow sent",
		Columns:   append(columns(), "service", "name"),
		Recognise: recogniseCapture,
		Open: func(file *input.File, settings input.Settings) (input.Reader, error) {
			return open(file, settings, "packet", func(content io.Reader) source { return newCapture(content) })
		},
	}
)

// columns are what all exports fill.
func columns() []string {
	return []string{"duration", "src_port", "up_packets", "down_packets", "state", "opener"}
}

// reader makes flows of the datagrams of a source.
type reader struct {
	*decoder
	source  source
	content io.Closer
	present flow.Set
	ended   bool
	failed  error
}

func open(file *input.File, settings input.Settings, unit string, from func(io.Reader) source) (input.Reader, error) {
	content, err := file.Open()
	if err != nil {
		return nil, err
	}
	return &reader{
		decoder: newDecoder(settings, unit), source: from(content), content: content,
		present: present(from(bytes.NewReader(file.Head())), settings, unit),
	}, nil
}

// present finds out, from the beginning of an input, which columns its templates fill.
func present(head source, settings input.Settings, unit string) flow.Set {
	ahead := &reader{decoder: newDecoder(settings, unit), source: head}
	defer ahead.stop()
	var batch [64]flow.Flow
	for {
		if _, err := ahead.Read(batch[:]); err != nil {
			break
		}
	}
	set := flow.NewSet(columns()...)
	for s, column := range map[slot]string{hostName: "name", applicationName: "service", applicationID: "service"} {
		if ahead.read[s] {
			set[column] = true
		}
	}
	return set
}

func (r *reader) Columns() flow.Set { return r.present }

func (r *reader) Read(dst []flow.Flow) (n int, err error) {
	for {
		n += r.joiner.Drain(dst[n:])
		if n == len(dst) {
			return n, nil
		}
		if r.ended {
			return n, r.failed
		}
		g, err := r.source.next(r.decoder)
		if err != nil {
			r.ended, r.failed = true, err
			r.finish()
			continue
		}
		r.decode(g)
	}
}

// Lookups are none: exports tell no questions.
func (r *reader) Lookups() []flow.Lookup { return nil }

func (r *reader) Account() input.Account {
	_, captured := r.source.(*capture)
	return input.Account{
		Clock:   clockOf(captured, r.dated),
		Records: r.records,
		Unit:    "records",
		Skipped: r.tally.Skips(),
		Notes:   r.notes(),
		Damage:  r.source.damage(),
	}
}

func (r *reader) notes() []input.Note {
	notes := samplingNotes(r.domains)
	if r.forced > 1 {
		notes = append(notes, input.Note{
			Text: fmt.Sprintf("packets and bytes of all records are scaled by %d, as told", r.forced), Hint: samplingHint,
		})
	}
	if early := r.joiner.Early(); early > 0 {
		notes = append(notes, input.Note{
			Text: fmt.Sprintf("%d flows have one direction only because more were open at once than are held", early),
			Hint: "raise the number of open flows, or read the file in parts",
		})
	}
	return notes
}

func (r *reader) Close() error {
	r.stop()
	return r.content.Close()
}

// stop ends the walk through a capture, which is held open between its packets.
func (r *reader) stop() {
	if c, ok := r.source.(*capture); ok {
		c.stop()
	}
}
