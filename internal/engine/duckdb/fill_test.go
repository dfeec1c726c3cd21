package duckdb

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"sentinel/internal/flow"
)

// Texts of all lengths come out as they went in: those that lie in a column, those that lie elsewhere, and NULL.
func TestTexts(t *testing.T) {
	names := []string{strings.Repeat("long", 9), "", "twelve bytes", "thirteen byte", "a", "\xff is not UTF-8, and longer than twelve bytes", "käse", strings.Repeat("é", 7)}
	for first := range names {
		var flows []flow.Flow
		var want []string
		for i := range 3000 { // more than a chunk
			name := names[(first+i)%len(names)]
			flows = append(flows, flow.Flow{
				Start: int64(i), SrcIP: netip.MustParseAddr("192.0.2.1"), DstIP: netip.MustParseAddr("2001:db8::ffff:1:2"), Proto: flow.TCP, Name: name,
			})
			if name == "" || name[0] == 0xff {
				name = "NULL"
			}
			want = append(want, fmt.Sprint(i, " 192.0.2.1 2001:db8::ffff:1:2 tcp ", name))
		}
		db := engineOf(t, Options{}, &list{flows: flows})
		got := textsOf(t, db)
		if len(got) != len(want) {
			t.Fatalf("%d rows, want %d", len(got), len(want))
		}
		for i := range want {
			if got[i] != want[i] {
				t.Fatalf("row %d is %q, want %q", i, got[i], want[i])
			}
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func textsOf(t *testing.T, db *Database) (list []string) {
	rows, err := db.conn.QueryContext(t.Context(), "SELECT concat_ws(' ', start, src_ip, dst_ip, proto, coalesce(name, 'NULL')) FROM flows ORDER BY start")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var row string
		if err := rows.Scan(&row); err != nil {
			t.Fatal(err)
		}
		list = append(list, row)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return list
}
