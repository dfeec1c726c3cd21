package pcap

import (
	"io"
	"runtime"
	"sync"
	"sync/atomic"

	"sentinel/internal/flow"
	"sentinel/internal/input"
	"sentinel/internal/meter"
)

// reader gives the flows of one capture. A goroutine of its own meters, ahead of whoever reads.
type reader struct {
	lines    *pipeline
	metering sync.WaitGroup
	stop     chan struct{}
	closing  sync.Once
	full     chan *batch // from the goroutine that meters
	empty    chan *batch // to it
	current  *batch
	given    int // flows of current
	lookups  []flow.Lookup
	account  input.Account
}

// batch is a number of flows and questions to the DNS on their way to the reader.
type batch struct {
	flows   []flow.Flow
	lookups []flow.Lookup
}

const (
	batchSize   = 1024
	batches     = 8
	mostLookups = 4096 // in a batch that waits for flows
)

// open starts to read a capture.
func open(file *input.File, settings input.Settings) (input.Reader, error) {
	begin, err := newStart(file.Head())
	if err != nil {
		return nil, err
	}
	latest := &atomic.Pointer[setting]{}
	latest.Store(begin.setting)
	s, err := openSource(file, begin, latest)
	if err != nil {
		return nil, err
	}
	r := &reader{
		lines: newPipeline(s, threads(settings)), stop: make(chan struct{}),
		full: make(chan *batch, batches), empty: make(chan *batch, batches),
	}
	o := &observer{reader: r, latest: latest, setting: begin.setting, offset: int64(begin.size), sampling: max(settings.Sampling, 1)}
	o.meter = meter.New(meter.Settings{Idle: settings.Idle, Active: settings.Active, MaxFlows: settings.MaxFlows})
	r.metering.Go(o.run)
	return r, nil
}

// threads is how many goroutines read packets.
func threads(settings input.Settings) int {
	if settings.Threads > 0 {
		return settings.Threads
	}
	return runtime.GOMAXPROCS(0)
}

// Columns are those that a capture can tell.
func (r *reader) Columns() flow.Set { return flow.NewSet(columns...) }

// Read waits for flows. It returns none without an error where questions to the DNS have come instead.
func (r *reader) Read(dst []flow.Flow) (int, error) {
	r.lookups = r.lookups[:0]
	for {
		if r.current != nil && r.given < len(r.current.flows) {
			n := copy(dst, r.current.flows[r.given:])
			r.given += n
			return n, nil
		}
		if r.current != nil {
			r.empty <- r.current // there is room for all
			r.current = nil
		}
		if len(r.lookups) >= mostLookups {
			return 0, nil
		}
		next, ok := <-r.full
		if !ok {
			return 0, io.EOF
		}
		r.current, r.given = next, 0
		r.lookups = append(r.lookups, next.lookups...)
	}
}

// Lookups hands over the questions to the DNS.
func (r *reader) Lookups() (found []flow.Lookup) {
	found, r.lookups = r.lookups, r.lookups[:0]
	return found
}

// Account tells what became of the capture.
func (r *reader) Account() input.Account { return r.account }

// Close ends the goroutines.
func (r *reader) Close() (err error) {
	r.closing.Do(func() {
		close(r.stop)
		r.metering.Wait()
		err = r.lines.close()
	})
	return err
}
