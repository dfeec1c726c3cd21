package duckdb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"strings"

	"sentinel/internal/explore"
	"sentinel/internal/flow"
)

// pageLength is up to how many flows an answer counts as short: it is collected before it is handed over, so that a slow
// taker keeps nobody waiting. A longer one has an engine of its own.
const pageLength = 10_000

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

// page lets use ask the engine of short answers.
func (s *Store) page(ctx context.Context, use func(*Database) error) (err error) {
	s.pages.Lock()
	defer s.pages.Unlock()
	if s.pages.db == nil {
		if s.pages.db, _, err = s.openFlows(ctx, false); err != nil {
			return err
		}
	}
	return use(s.pages.db)
}

// behind is a condition on flows, with its arguments.
type behind struct {
	conditions []string
	args       []any
}

func (b *behind) add(condition string, args ...any) {
	b.conditions = append(b.conditions, condition)
	b.args = append(b.args, args...)
}

func (b *behind) where() string {
	if len(b.conditions) == 0 {
		return ""
	}
	return "WHERE " + strings.Join(b.conditions, " AND ")
}

// flowsBehind is the filter in terms of flows.
func flowsBehind(filter explore.Filter) (b behind) {
	if filter.Host.IsValid() {
		b.add("(src_ip = ? OR dst_ip = ?)", filter.Host.Unmap().String(), filter.Host.Unmap().String())
	}
	if filter.Network.IsValid() {
		const within = "IN (SELECT address FROM kept.node WHERE bytes BETWEEN ? AND ?)"
		low, high := sortable(filter.Network.Masked().Addr()), sortable(lastOf(filter.Network))
		b.add("(src_ip "+within+" OR dst_ip "+within+")", low, high, low, high)
	}
	if filter.SrcIP.IsValid() {
		b.add("src_ip = ?", filter.SrcIP.Unmap().String())
	}
	if filter.DstIP.IsValid() {
		b.add("dst_ip = ?", filter.DstIP.Unmap().String())
	}
	if filter.Country != "" {
		b.add("dst_ip IN (SELECT address FROM kept.node WHERE country = ?)", strings.TrimSuffix(filter.Country, explore.Unplaced))
	}
	if filter.Proto != "" {
		b.add("proto = ?", filter.Proto)
	}
	if filter.DstPort >= 0 {
		b.add("dst_port = ?", filter.DstPort)
	}
	if filter.Name != "" {
		b.add("name = ?", filter.Name)
	}
	from, to := filter.Minutes()
	if filter.From != 0 {
		b.add("start >= ?", from)
	}
	if filter.To != 0 {
		b.add("start < ?", to)
	}
	return b
}

// window narrows a filter to the minutes that hold the flows from offset on, and tells how many of the flows of those
// minutes come before; empty where there are none. The minutes are added up, so no flow is read for it.
func (s *Store) window(ctx context.Context, filter explore.Filter, offset, limit int64) (narrow explore.Filter, before int64, empty bool, err error) {
	chosen, err := s.choose(ctx, filter)
	if err != nil {
		return filter, 0, false, err
	}
	rows, err := s.db.pool.QueryContext(ctx, fmt.Sprintf("SELECT minute, sum(flows)::BIGINT FROM kept.cell %s GROUP BY minute ORDER BY minute", chosen.where()))
	if err != nil {
		return filter, 0, false, explain(err)
	}
	defer rows.Close()
	narrow, empty = filter, true
	var passed int64
	for rows.Next() {
		var at, flows int64
		if err := rows.Scan(&at, &flows); err != nil {
			return filter, 0, false, explain(err)
		}
		if empty && passed+flows > offset {
			narrow.From, before, empty = at*minute, offset-passed, false
		}
		if passed += flows; !empty && limit > 0 && passed >= offset+limit {
			narrow.To = (at + 1) * minute
			break
		}
	}
	return narrow, before, empty, explain(rows.Err())
}

// Flows implements explore.Explorer.
func (s *Store) Flows(ctx context.Context, filter explore.Filter, offset, limit int64) iter.Seq2[flow.Flow, error] {
	return func(yield func(flow.Flow, error) bool) {
		narrow, before, empty, err := s.window(ctx, filter, max(offset, 0), limit)
		if err != nil || empty {
			if err != nil {
				yield(flow.Flow{}, err)
			}
			return
		}
		if limit <= 0 || limit > pageLength {
			s.stream(ctx, narrow, before, limit, yield)
			return
		}
		var page []flow.Flow
		err = s.page(ctx, func(db *Database) error {
			return readFlows(ctx, db, narrow, before, limit, func(f flow.Flow) bool { page = append(page, f); return true })
		})
		for _, f := range page {
			if !yield(f, nil) {
				return
			}
		}
		if err != nil {
			yield(flow.Flow{}, err)
		}
	}
}

// stream reads flows through an engine of its own.
func (s *Store) stream(ctx context.Context, filter explore.Filter, offset, limit int64, yield func(flow.Flow, error) bool) {
	db, _, err := s.openFlows(ctx, false)
	if err != nil {
		yield(flow.Flow{}, err)
		return
	}
	more := true
	err = readFlows(ctx, db, filter, offset, limit, func(f flow.Flow) bool { more = yield(f, nil); return more })
	if err := errors.Join(err, db.Close()); err != nil && more {
		yield(flow.Flow{}, err)
	}
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

// readFlows visits the flows that a filter chooses, in their order, until visit wants no more.
func readFlows(ctx context.Context, db *Database, filter explore.Filter, offset, limit int64, visit func(flow.Flow) bool) error {
	ctx, stop := context.WithCancel(ctx) // ends a query of which no more is wanted
	defer stop()
	chosen := flowsBehind(filter)
	query := fmt.Sprintf("SELECT %s FROM flows %s ORDER BY ALL", flowValues(), chosen.where())
	if limit > 0 {
		query += fmt.Sprintf(" LIMIT %d", limit)
	}
	if offset > 0 {
		query += fmt.Sprintf(" OFFSET %d", offset)
	}
	rows, err := db.conn.QueryContext(ctx, query, chosen.args...)
	if err != nil {
		return explain(err)
	}
	defer rows.Close()
	for rows.Next() {
		var f flow.Flow
		if err := scanFlow(rows, &f); err != nil {
			return explain(err)
		}
		if !visit(f) {
			return nil
		}
	}
	return explain(rows.Err())
}

// scanFlow reads a row of flow.Columns.
func scanFlow(rows *sql.Rows, f *flow.Flow) error {
	return rows.Scan(&f.Start, &f.Duration, address{&f.SrcIP}, address{&f.DstIP}, protocol{&f.Proto}, &f.SrcPort, &f.DstPort, &f.UpBytes, &f.DownBytes,
		&f.UpPackets, &f.DownPackets, &f.UpPayload, &f.DownPayload, &f.State, &f.Service, &f.Name, &f.JA4, &f.Opener)
}

// protocol scans a protocol's keyword or number; one that IANA does not know is 0.
type protocol struct{ into *flow.Proto }

// protocolNumbers are the numbers of what flow.Proto prints.
var protocolNumbers = func() map[string]flow.Proto {
	numbers := map[string]flow.Proto{}
	for number := range 256 {
		numbers[flow.Proto(number).String()] = flow.Proto(number)
	}
	return numbers
}()

// Scan implements sql.Scanner.
func (p protocol) Scan(value any) error {
	text, _ := value.(string)
	*p.into = protocolNumbers[text]
	return nil
}

// Channel implements explore.Explorer.
func (s *Store) Channel(ctx context.Context, channel explore.Channel, limit int) (contacts []explore.Contact, ok bool, err error) {
	filter := explore.Filter{SrcIP: channel.SrcIP, DstIP: channel.DstIP, Proto: channel.Proto, DstPort: channel.DstPort}
	narrow, _, empty, err := s.window(ctx, filter, 0, int64(limit))
	if err != nil || empty {
		return nil, false, err
	}
	err = s.page(ctx, func(db *Database) error {
		contacts, err = readContacts(ctx, db, narrow, limit)
		return err
	})
	return contacts, err == nil, err
}

func readContacts(ctx context.Context, db *Database, filter explore.Filter, limit int) (contacts []explore.Contact, err error) {
	chosen := flowsBehind(filter)
	query := fmt.Sprintf("SELECT start, up_bytes, down_bytes FROM flows %s ORDER BY ALL", chosen.where())
	if limit > 0 {
		query += fmt.Sprintf(" LIMIT %d", limit)
	}
	rows, err := db.conn.QueryContext(ctx, query, chosen.args...)
	if err != nil {
		return nil, explain(err)
	}
	defer rows.Close()
	for rows.Next() {
		var c explore.Contact
		if err := rows.Scan(&c.Start, &c.UpBytes, &c.DownBytes); err != nil {
			return nil, explain(err)
		}
		contacts = append(contacts, c)
	}
	return contacts, explain(rows.Err())
}
