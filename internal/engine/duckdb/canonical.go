package duckdb

import (
	"context"
	"database/sql/driver"
	"net/netip"
	"strconv"
	"strings"

	"sentinel/internal/flow"
)

// canonicalise checks the distinct texts of source N, which are few, instead of each row's. Where all are in
// canonical form, and the rows sound otherwise, it reports true; else the table canonical_N maps them.
func (db *Database) canonicalise(ctx context.Context, n string, rowsSound bool) (sound bool, err error) {
	type pair struct {
		kind, original string
		canonical      driver.Value // nil: none
	}
	rows, err := db.conn.QueryContext(ctx, statement("texts", n))
	if err != nil {
		return false, explain(err)
	}
	defer rows.Close()
	var pairs []pair
	sound = rowsSound
	for rows.Next() {
		var kind, text string
		if err := rows.Scan(&kind, &text); err != nil {
			return false, explain(err)
		}
		form := canonicalForms[kind](text)
		sound = sound && form == text
		pairs = append(pairs, pair{kind, text, form})
	}
	if err := rows.Err(); err != nil || sound {
		return sound, explain(err)
	}
	if err := db.exec(ctx, "CREATE TEMP TABLE canonical_"+n+" (kind VARCHAR, original VARCHAR, canonical VARCHAR)"); err != nil {
		return false, err
	}
	return false, db.fill("canonical_"+n, func(add func(...driver.Value) error) error {
		for _, pair := range pairs {
			if err := add(pair.kind, pair.original, pair.canonical); err != nil {
				return err
			}
		}
		return nil
	})
}

var canonicalForms = map[string]func(string) driver.Value{
	"address":  canonicalAddress,
	"protocol": canonicalProtocol,
}

// canonicalAddress writes an address as RFC 5952 does, without zone, IPv4-mapped ones as IPv4. A full-length
// prefix, as PostgreSQL writes addresses, is one too. What is no address gives nil.
func canonicalAddress(text string) driver.Value {
	text = strings.TrimSpace(text)
	if address, bits, ok := strings.Cut(text, "/"); ok && (bits == "32" || bits == "128") {
		text = address
	}
	address, err := netip.ParseAddr(text)
	if err != nil {
		return nil
	}
	return address.Unmap().WithZone("").String()
}

// canonicalProtocol writes a protocol as IANA's keyword in lower case, given as keyword or number.
func canonicalProtocol(text string) driver.Value {
	text = strings.ToLower(strings.TrimSpace(text))
	if number, err := strconv.ParseUint(text, 10, 8); err == nil {
		return flow.Proto(number).String()
	}
	if name, ok := protocolAliases[text]; ok {
		return name
	}
	return text
}

// protocolAliases are the spellings of others, the unset mark of Zeek and AWS among them.
var protocolAliases = map[string]string{"-": "", "icmp6": "ipv6-icmp", "icmpv6": "ipv6-icmp", "ipv6icmp": "ipv6-icmp"}
