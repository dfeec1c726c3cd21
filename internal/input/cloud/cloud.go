// Package cloud reads the flow logs of AWS, Google Cloud and Azure.
package cloud

import (
	"io"

	"sentinel/internal/flow"
	"sentinel/internal/input"
)

// filled are the optional columns that flow logs of clouds fill.
var filled = []string{"duration", "src_port", "up_packets", "down_packets", "state", "opener"}

// reader turns the records of a log into flows.
type reader struct {
	log
	content io.Closer
	flows   gatherer
	columns []string
	clock   string
	done    bool // no record comes any more
}

// log is one that is being read.
type log interface {
	// next takes the next record; it is false at the end.
	next() bool
	// account tells what became of the records.
	account() input.Account
}

// gatherer makes flows of what a log puts into it, as biflow.Joiner does.
type gatherer interface {
	Drain(dst []flow.Flow) int
	Finish()
}

// turn is how many records are read before the flows that they finish are taken.
const turn = 256

func (r *reader) Columns() flow.Set { return flow.NewSet(r.columns...) }

func (r *reader) Read(dst []flow.Flow) (n int, err error) {
	for n < len(dst) {
		got := r.flows.Drain(dst[n:])
		n += got
		if got > 0 {
			continue
		}
		if r.done {
			return n, io.EOF
		}
		for i := 0; i < turn && !r.done; i++ {
			r.done = !r.next()
		}
		if r.done {
			r.flows.Finish()
		}
	}
	return n, nil
}

func (r *reader) Lookups() []flow.Lookup { return nil }

func (r *reader) Account() input.Account {
	account := r.account()
	account.Clock = r.clock
	return account
}

func (r *reader) Close() error { return r.content.Close() }
