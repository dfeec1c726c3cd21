package clickhouse

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"

	clickhouse "github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/ClickHouse/clickhouse-go/v2/lib/proto"

	"sentinel/internal/engine"
	"sentinel/internal/flow"
	"sentinel/internal/input"
)

// Capture is what a load stores.
type Capture struct {
	// Content identifies the capture: the SHA-256 of all bytes that its flows are read from, in hexadecimal. The same
	// content is stored once, whatever its name and format settings.
	Content string
	Name    string
	// Open gives the flows. It is asked once, and only where the capture is not whole already. A flow.LookupReader
	// gives its questions to the DNS, too.
	Open func() (flow.Reader, error)
	// Progress, where not nil, hears after each block how many flows are stored.
	Progress func(flows int64)
}

// Outcome is what came of a load.
type Outcome struct {
	Load
	Already bool         // the capture was whole before; nothing was read
	Resumed int64        // flows that an earlier, unfinished load had stored
	Skipped []input.Skip // flows that cannot be analysed, by reason
}

// Loader stores captures in a database. One goroutine uses it at a time; several loaders may work side by side.
type Loader struct {
	address *address
	conn    driver.Conn
	server  proto.Version
}

// OpenLoader connects to a server and makes what is missing of the database and its tables.
func OpenLoader(ctx context.Context, options Options) (*Loader, error) {
	a, err := options.address()
	if err != nil {
		return nil, err
	}
	if err := create(ctx, a); err != nil {
		return nil, a.explain(err)
	}
	conn, err := clickhouse.Open(a.options(2))
	if err != nil {
		return nil, a.explain(err)
	}
	server, err := conn.ServerVersion()
	if err != nil {
		return nil, errors.Join(a.explain(err), conn.Close())
	}
	return &Loader{a, conn, server.Version}, nil
}

// Close ends the connection.
func (l *Loader) Close() error { return l.address.explain(l.conn.Close()) }

// blockRows is how many flows a block has: large, as MergeTree likes them, and about 60 MB here. Blocks of another
// size would not be found again by a load that goes on.
const blockRows = 1 << 17

// Load stores a capture, exactly once. While it works, and where it ends early, nothing of the capture counts; the next
// load of the same content goes on behind the blocks that were stored whole. In the end the server's rows are counted.
func (l *Loader) Load(ctx context.Context, c Capture) (*Outcome, error) {
	if c.Content == "" {
		return nil, errors.New("a capture to load needs the digest of its content")
	}
	outcome, err := l.load(l.settings(ctx), c)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return outcome, l.address.explain(err)
}

// inserting are settings for inserts that older servers do not know.
var inserting = clickhouse.Settings{"max_partitions_per_insert_block": 0, "async_insert": 0}

// insertingSince is a version that knows them.
var insertingSince = proto.Version{Major: 22}

func (l *Loader) settings(ctx context.Context) context.Context {
	if !proto.CheckMinVersion(insertingSince, l.server) {
		return ctx
	}
	return clickhouse.Context(ctx, clickhouse.WithSettings(inserting))
}

func (l *Loader) load(ctx context.Context, c Capture) (*Outcome, error) {
	if load, err := findLoad(ctx, l.conn, c.Content); err != nil || load != nil {
		return already(load), err
	}
	known, err := steps(ctx, l.conn, c.Content)
	if err != nil {
		return nil, err
	}
	reader, err := c.Open()
	if err != nil {
		return nil, err
	}
	w := &work{loader: l, capture: c, known: known, attempt: newAttempt(), source: source{reader: reader}}
	if err := w.storeAll(ctx); err != nil {
		return nil, err
	}
	return w.finish(ctx)
}

func already(load *Load) *Outcome {
	if load == nil {
		return nil
	}
	return &Outcome{Load: *load, Already: true}
}

// newAttempt is a number that no other attempt has.
func newAttempt() uint64 {
	var bytes [8]byte
	_, _ = rand.Read(bytes[:]) // never fails, see its documentation
	return max(1, binary.LittleEndian.Uint64(bytes[:])>>(64-attemptBits))
}

// work is one attempt at loading a capture.
type work struct {
	loader  *Loader
	capture Capture
	known   map[place]step // of earlier attempts
	attempt uint64
	source  source
	done    []step
	resumed int64
}

// storeAll stores block after block; while one is on its way, the next is read.
func (w *work) storeAll(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	free, full := make(chan *block, 2), make(chan *block)
	free <- newBlock()
	free <- newBlock()
	go w.source.read(ctx, free, full)
	err := w.storeEach(ctx, free, full)
	stop()
	for range full { // the reader is idle once this ends
	}
	return cmp.Or(w.source.err, err)
}

func (w *work) storeEach(ctx context.Context, free, full chan *block) error {
	stored := int64(0)
	for b := range full {
		if err := w.store(ctx, b); err != nil {
			return err
		}
		stored += int64(b.flows.rows)
		free <- b
		if w.capture.Progress != nil {
			w.capture.Progress(stored)
		}
	}
	return nil
}

// store stores a block, unless an earlier attempt has.
func (w *work) store(ctx context.Context, b *block) error {
	at := place{b.number, b.digest()}
	if earlier, ok := w.known[at]; ok {
		w.done = append(w.done, earlier)
		w.resumed += earlier.flows
		return nil
	}
	s := step{
		place: at, batch: batchOf(w.attempt, b.number), flows: int64(b.flows.rows), lookups: int64(b.lookups.rows), span: b.span,
	}
	conn := w.loader.conn
	if err := insert(ctx, conn, "stored_flows", flow.Columns, b.flows, s.batch); err != nil {
		return err
	}
	if err := insert(ctx, conn, "stored_dns", flow.LookupColumns, b.lookups, s.batch); err != nil {
		return err
	}
	w.done = append(w.done, s)
	return enterStep(ctx, conn, w.capture.Content, s)
}

// insert sends records as one block of columns.
func insert[Record any](ctx context.Context, conn driver.Conn, table string, columns []flow.Column, records *columnar[Record], batch uint64) error {
	if records.rows == 0 {
		return nil
	}
	into, err := conn.PrepareBatch(ctx, fmt.Sprintf("INSERT INTO %s (%s, batch)", table, strings.Join(names(columns), ", ")))
	if err != nil {
		return err
	}
	defer into.Close()
	for i := range columns {
		if records.cells[i].Integer != nil {
			err = into.Column(i).Append(records.integers[i])
		} else {
			err = into.Column(i).Append(records.texts[i])
		}
		if err != nil {
			return err
		}
	}
	same := make([]uint64, records.rows)
	for i := range same {
		same[i] = batch
	}
	if err := into.Column(len(columns)).Append(same); err != nil {
		return err
	}
	return into.Send()
}

// finish counts what the server has, and says that the capture is whole.
func (w *work) finish(ctx context.Context) (*Outcome, error) {
	conn := w.loader.conn
	counts, err := countBatches(ctx, conn, w.done)
	if err != nil {
		return nil, err
	}
	load := Load{Content: w.capture.Content, Name: w.capture.Name, Columns: w.source.reader.Columns().Clone(), attempt: w.attempt}
	all := nothing
	for _, s := range w.done {
		if got := counts[s.batch]; got != (stored{s.flows, s.lookups}) {
			return nil, w.loader.address.fault(fmt.Sprintf("block %d of %s has %d flows and %d lookups on the server, expected %d and %d",
				s.block, w.capture.Name, got.flows, got.lookups, s.flows, s.lookups), again)
		}
		load.batches = append(load.batches, s.batch)
		load.Flows, load.Lookups, all = load.Flows+s.flows, load.Lookups+s.lookups, all.and(s.span)
	}
	if len(w.done) > 0 {
		load.First, load.Last = all.first, all.last
	}
	if other, err := findLoad(ctx, conn, load.Content); err != nil || other != nil {
		return already(other), err
	}
	return &Outcome{Load: load, Resumed: w.resumed, Skipped: w.source.tally.Skips()}, enterLoad(ctx, conn, load)
}

// source cuts the flows of a reader into blocks.
type source struct {
	reader flow.Reader
	texts  flow.Texts
	tally  input.Tally
	err    error // that ended the reading; complete once the blocks are
}

// readRows is how many flows are read at once.
const readRows = 1024

// read fills blocks until the end or until ctx is done, and closes full.
func (s *source) read(ctx context.Context, free, full chan *block) {
	defer close(full)
	buffer := make([]flow.Flow, readRows)
	for number := uint64(0); ; number++ {
		var b *block
		select {
		case b = <-free:
		case <-ctx.Done():
			return
		}
		b.clear(number)
		err := s.fill(b, buffer)
		if err != nil && !errors.Is(err, io.EOF) {
			s.err = err
			return
		}
		if number == mostBlocks {
			s.err = fmt.Errorf("the capture has more than %d flows", int64(mostBlocks)*blockRows)
			return
		}
		if b.flows.rows+b.lookups.rows > 0 {
			select {
			case full <- b:
			case <-ctx.Done():
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// fill reads flows until the block has its number of them, or to the end.
func (s *source) fill(b *block, buffer []flow.Flow) error {
	asking, _ := s.reader.(flow.LookupReader)
	for b.flows.rows < blockRows {
		n, err := s.reader.Read(buffer[:min(readRows, blockRows-b.flows.rows)])
		usable := s.usable(buffer[:n])
		for i := range usable {
			b.span = b.span.with(usable[i].Start)
		}
		b.flows.add(usable, &s.texts)
		if asking != nil {
			lookups := asking.Lookups()
			for i := range lookups {
				b.span = b.span.with(lookups[i].Time)
			}
			b.lookups.add(lookups, &s.texts)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// usable moves what can be analysed to the front, and counts the rest by reason.
func (s *source) usable(batch []flow.Flow) []flow.Flow {
	kept := 0
	for i := range batch {
		if reason := engine.Unusable(&batch[i]); reason != "" {
			s.tally.Add(reason, 1, "")
			continue
		}
		if kept != i {
			batch[kept] = batch[i]
		}
		kept++
	}
	return batch[:kept]
}
