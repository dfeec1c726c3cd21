package clickhouse

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"sentinel/internal/explore"
	"sentinel/internal/flow"
)

// piece is a part of the flows that a filter chooses: of those of some whole minutes, limit from offset on.
type piece struct {
	filter        explore.Filter
	offset, limit int64
}

// pieceFlows is how many flows the server sorts at once, but for those of one minute, which are never parted.
const pieceFlows = 1 << 18

// pieces cuts the flows from offset on, limit of them or all, into pieces. The minutes are counted, so that what comes
// before or after is not sorted.
func (s *Store) pieces(ctx context.Context, filter explore.Filter, offset, limit int64) (cut []piece, err error) {
	if limit <= 0 {
		limit = math.MaxInt64
	}
	full := true // the last piece
	err = s.counts(ctx, filter, time.Minute, func(start, flows int64) {
		if flows <= offset || limit == 0 {
			offset -= min(flows, offset)
			return
		}
		if full {
			cut = append(cut, piece{filter, offset, 0})
			cut[len(cut)-1].filter.From = start
		}
		taken := min(flows-offset, limit)
		last := &cut[len(cut)-1]
		last.limit, last.filter.To = last.limit+taken, start+time.Minute.Microseconds()
		full, offset, limit = last.limit >= pieceFlows, 0, limit-taken
	})
	return cut, err
}

// Flows implements explore.Explorer.
func (s *Store) Flows(ctx context.Context, filter explore.Filter, offset, limit int64) iter.Seq2[flow.Flow, error] {
	return func(yield func(flow.Flow, error) bool) {
		pieces, err := s.pieces(ctx, filter, max(offset, 0), limit)
		for i := 0; err == nil && i < len(pieces); i++ {
			err = s.readPiece(ctx, pieces[i], func(f flow.Flow) bool { return yield(f, nil) })
		}
		if err != nil && !errors.Is(err, errEnough) {
			yield(flow.Flow{}, err)
		}
	}
}

// readPiece visits the flows of a piece until visit wants no more.
func (s *Store) readPiece(ctx context.Context, p piece, visit func(flow.Flow) bool) error {
	chosen, err := s.choose(ctx, p.filter)
	if err != nil {
		return err
	}
	query := exploring("flows", "{where}", chosen.where(), "{offset}", fmt.Sprint(p.offset), "{limit}", fmt.Sprint(p.limit))
	var f flow.Flow
	into := flowFields(&f)
	return s.each(ctx, query, chosen, func(rows driver.Rows) error {
		if err := rows.Scan(into...); err != nil || visit(f) {
			return err
		}
		return errEnough
	})
}

// flowFields are where flow.Columns go, in their order.
func flowFields(f *flow.Flow) []any {
	return []any{
		&f.Start, &f.Duration, text{&f.SrcIP}, text{&f.DstIP}, protocol{&f.Proto}, port{&f.SrcPort}, port{&f.DstPort}, &f.UpBytes, &f.DownBytes,
		&f.UpPackets, &f.DownPackets, &f.UpPayload, &f.DownPayload, word[flow.State]{&f.State}, &f.Service, &f.Name, &f.JA4, word[flow.Opener]{&f.Opener},
	}
}

// protocol scans a protocol's keyword or number; one that IANA does not know is 0.
type protocol struct{ into *flow.Proto }

// Scan implements sql.Scanner.
func (p protocol) Scan(value any) error {
	written, _ := value.(string)
	*p.into = flow.ProtoOf(written)
	return nil
}

// port scans a port.
type port struct{ into *uint16 }

// Scan implements sql.Scanner.
func (p port) Scan(value any) error {
	number, _ := value.(int64)
	if number < 0 || number > math.MaxUint16 {
		return fmt.Errorf("port %d, expected 0 to %d", number, math.MaxUint16)
	}
	*p.into = uint16(number)
	return nil
}

// word scans one of few texts.
type word[Text ~string] struct{ into *Text }

// Scan implements sql.Scanner.
func (w word[Text]) Scan(value any) error {
	written, _ := value.(string)
	*w.into = Text(written)
	return nil
}

// Channel implements explore.Explorer.
func (s *Store) Channel(ctx context.Context, channel explore.Channel, limit int) (contacts []explore.Contact, ok bool, err error) {
	chosen, err := s.choose(ctx, explore.Filter{SrcIP: channel.SrcIP, DstIP: channel.DstIP, Proto: channel.Proto, DstPort: channel.DstPort})
	if err != nil {
		return nil, false, err
	}
	if limit <= 0 {
		limit = math.MaxInt
	}
	query := exploring("contacts", "{where}", chosen.where(), "{limit}", fmt.Sprint(limit))
	err = s.each(ctx, query, chosen, func(rows driver.Rows) error {
		var c explore.Contact
		err := rows.Scan(&c.Start, &c.UpBytes, &c.DownBytes)
		contacts = append(contacts, c)
		return err
	})
	return contacts, err == nil && len(contacts) > 0, err
}
