package duckdb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"math"
	"strings"

	"sentinel/internal/explore"
	"sentinel/internal/flow"
)

// pageLength is up to how many flows an answer counts as short: it is collected before it is handed over, so that a slow
// taker keeps nobody waiting. A longer one has an engine of its own.
const pageLength = 10_000

// pieceLength is how many flows of a long answer are sorted at once.
const pieceLength = 500_000

// openFlows opens an engine that has the relations flows and dns, and kept, and tells the files that it reads.
func (s *Store) openFlows(ctx context.Context, unlocked bool) (db *Database, files []string, err error) {
	if db, err = s.attached(ctx, unlocked); err != nil {
		return nil, nil, err
	}
	if s.copied {
		err = db.exec(ctx, "CREATE TEMP VIEW flows AS FROM kept.flow; CREATE TEMP VIEW dns AS FROM kept.lookup")
	} else if s.options.Originals == nil {
		err = errors.New("the flows are in the captures, which are not at hand")
	} else {
		files, err = s.options.Originals(ctx, db)
	}
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("reading flows behind the figures: %w", err), db.Close())
	}
	return db, files, nil
}

// shortly lets use ask the engine of short answers.
func (s *Store) shortly(ctx context.Context, use func(*Database) error) (err error) {
	s.pages.Lock()
	defer s.pages.Unlock()
	if s.pages.db == nil {
		if s.pages.db, _, err = s.openFlows(ctx, false); err != nil {
			return err
		}
	}
	return use(s.pages.db)
}

// behind are conditions on flows.
type behind []string

// add takes a condition with a place for each value, which become literals: a view cannot have parameters.
func (b *behind) add(condition string, values ...any) {
	literals := make([]any, len(values))
	for i, value := range values {
		literals[i] = value
		if text, ok := value.(string); ok {
			literals[i] = quoteText(text)
		}
	}
	*b = append(*b, fmt.Sprintf(condition, literals...))
}

func (b behind) where() string {
	if len(b) == 0 {
		return ""
	}
	return "WHERE " + strings.Join(b, " AND ")
}

// flowsBehind is the filter in terms of flows.
func flowsBehind(filter explore.Filter) (b behind) {
	if filter.Host.IsValid() {
		b.add("(src_ip = %v OR dst_ip = %v)", filter.Host.Unmap().String(), filter.Host.Unmap().String())
	}
	if filter.Network.IsValid() {
		const within = "IN (SELECT address FROM kept.node WHERE bytes BETWEEN %v AND %v)"
		low, high := sortable(filter.Network.Masked().Addr()), sortable(lastOf(filter.Network))
		b.add("(src_ip "+within+" OR dst_ip "+within+")", low, high, low, high)
	}
	if filter.SrcIP.IsValid() {
		b.add("src_ip = %v", filter.SrcIP.Unmap().String())
	}
	if filter.DstIP.IsValid() {
		b.add("dst_ip = %v", filter.DstIP.Unmap().String())
	}
	if filter.Country != "" {
		b.add("dst_ip IN (SELECT address FROM kept.node WHERE country = %v)", strings.TrimSuffix(filter.Country, explore.Unplaced))
	}
	if filter.Proto != "" {
		b.add("proto = %v", filter.Proto)
	}
	if filter.DstPort >= 0 {
		b.add("dst_port = %v", filter.DstPort)
	}
	if filter.Name != "" {
		b.add("name = %v", filter.Name)
	}
	from, to := filter.Minutes()
	if filter.From != 0 {
		b.add("start >= %v", from)
	}
	if filter.To != 0 {
		b.add("start < %v", to)
	}
	return b
}

// piece is some of the flows that a filter chooses: those of some minutes, without the first offset, at most limit.
type piece struct {
	filter        explore.Filter
	offset, limit int64
}

// pieces cuts the flows from offset on, limit of them or all, into pieces of whole minutes with at least length flows each.
// The minutes are added up, so no flow is read for it.
func (s *Store) pieces(ctx context.Context, filter explore.Filter, offset, limit, length int64) (cut []piece, err error) {
	if limit <= 0 {
		limit = math.MaxInt64
	}
	chosen, err := s.choose(ctx, filter)
	if err != nil {
		return nil, err
	}
	full := true // the last piece
	err = s.each(ctx, fmt.Sprintf("SELECT minute, sum(flows)::BIGINT FROM %s %s GROUP BY minute ORDER BY minute", chosen.minutes(), chosen.where()), nil, func(rows *sql.Rows) error {
		var at, flows int64
		if err := rows.Scan(&at, &flows); err != nil {
			return err
		}
		if flows <= offset {
			offset -= flows
			return nil
		}
		if limit == 0 {
			return nil
		}
		if full {
			cut = append(cut, piece{filter, offset, 0})
			cut[len(cut)-1].filter.From = at * minute
		}
		taken := min(flows-offset, limit)
		last := &cut[len(cut)-1]
		last.limit, last.filter.To = last.limit+taken, (at+1)*minute
		full, offset, limit = last.limit >= length, 0, limit-taken
		return nil
	})
	return cut, err
}

// Flows implements explore.Explorer.
func (s *Store) Flows(ctx context.Context, filter explore.Filter, offset, limit int64) iter.Seq2[flow.Flow, error] {
	return func(yield func(flow.Flow, error) bool) {
		read := s.page
		if limit <= 0 || limit > pageLength {
			read = s.alone
		}
		pieces, err := s.pieces(ctx, filter, max(offset, 0), limit, s.pieceLength)
		if err == nil && len(pieces) > 0 {
			err = read(ctx, pieces, func(f flow.Flow) bool { return yield(f, nil) })
		}
		if err != nil && !errors.Is(err, errEnough) {
			yield(flow.Flow{}, err)
		}
	}
}

// errEnough ends the reading of flows of which no more is wanted.
var errEnough = errors.New("no more flows are wanted")

// page reads flows through the engine of short answers, all before the first is taken.
func (s *Store) page(ctx context.Context, pieces []piece, take func(flow.Flow) bool) error {
	var page []flow.Flow
	err := s.shortly(ctx, func(db *Database) error {
		return s.readFlows(ctx, db, pieces, func(f flow.Flow) bool { page = append(page, f); return true })
	})
	for _, f := range page {
		if !take(f) {
			return errEnough
		}
	}
	return err
}

// alone reads flows through an engine of its own.
func (s *Store) alone(ctx context.Context, pieces []piece, take func(flow.Flow) bool) error {
	db, _, err := s.openFlows(ctx, false)
	if err != nil {
		return err
	}
	err = s.readFlows(ctx, db, pieces, take)
	return errors.Join(err, db.Close())
}

// flowValues are the columns of flow.Columns, none of them NULL.
func flowValues() string {
	none := map[flow.Type]string{flow.Integer: "0", flow.Text: "''"}
	var values []string
	for _, column := range flow.Columns {
		values = append(values, fmt.Sprintf("coalesce(%s, %s) AS %[1]s", column.Name, none[column.Type]))
	}
	return strings.Join(values, ", ")
}

// readFlows visits the flows of pieces, in their order, until visit wants no more.
func (s *Store) readFlows(ctx context.Context, db *Database, pieces []piece, visit func(flow.Flow) bool) error {
	for _, piece := range pieces {
		if err := s.readPiece(ctx, db, piece, flowValues(), func(rows *sql.Rows) error {
			var f flow.Flow
			if err := scanFlow(rows, &f); err != nil || visit(f) {
				return err
			}
			return errEnough
		}); err != nil {
			return err
		}
	}
	return nil
}

// readPiece visits values of the flows of a piece, in the order of the values.
func (s *Store) readPiece(ctx context.Context, db *Database, p piece, values string, visit func(*sql.Rows) error) error {
	ctx, stop := context.WithCancel(ctx) // ends a query of which no more is wanted
	defer stop()
	relation, err := s.narrowed(ctx, db, p.filter)
	if err != nil {
		return err
	}
	query := fmt.Sprintf("SELECT %s FROM %s %s ORDER BY ALL LIMIT %d OFFSET %d", values, relation, flowsBehind(p.filter).where(), p.limit, p.offset)
	rows, err := db.conn.QueryContext(ctx, query)
	if err != nil {
		return explain(err)
	}
	return visitAll(rows, visit)
}

// scanFlow reads a row of flow.Columns.
func scanFlow(rows *sql.Rows, f *flow.Flow) error {
	return rows.Scan(&f.Start, &f.Duration, end{&f.SrcIP}, end{&f.DstIP}, protocol{&f.Proto}, &f.SrcPort, &f.DstPort, &f.UpBytes, &f.DownBytes,
		&f.UpPackets, &f.DownPackets, &f.UpPayload, &f.DownPayload, &f.State, &f.Service, &f.Name, &f.JA4, &f.Opener)
}

// protocol scans a protocol's keyword or number; one that IANA does not know is 0.
type protocol struct{ into *flow.Proto }

// Scan implements sql.Scanner.
func (p protocol) Scan(value any) error {
	text, _ := value.(string)
	*p.into = flow.ProtoOf(text)
	return nil
}

// Channel implements explore.Explorer.
func (s *Store) Channel(ctx context.Context, channel explore.Channel, limit int) (contacts []explore.Contact, ok bool, err error) {
	filter := explore.Filter{SrcIP: channel.SrcIP, DstIP: channel.DstIP, Proto: channel.Proto, DstPort: channel.DstPort}
	pieces, err := s.pieces(ctx, filter, 0, int64(limit), math.MaxInt64)
	if err != nil || len(pieces) == 0 {
		return nil, false, err
	}
	err = s.shortly(ctx, func(db *Database) error {
		return s.readPiece(ctx, db, pieces[0], "start, up_bytes, down_bytes", func(rows *sql.Rows) error {
			var c explore.Contact
			err := rows.Scan(&c.Start, &c.UpBytes, &c.DownBytes)
			contacts = append(contacts, c)
			return err
		})
	})
	return contacts, err == nil, err
}
