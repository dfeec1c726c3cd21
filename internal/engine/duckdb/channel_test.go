package duckdb

import (
	"database/sql/driver"
	"fmt"
	"net/netip"
	"slices"
	"testing"

	"sentinel/internal/engine"
	"sentinel/internal/flow"
)

func TestChannelsToANetwork(t *testing.T) {
	var flows []flow.Flow
	for i, server := range []string{"198.51.100.7", "198.51.100.70", "198.51.10.7", "2001:db8::7", "2001:db8:0:1::7"} {
		flows = append(flows, flow.Flow{Start: int64(i), SrcIP: netip.MustParseAddr("192.0.2.1"), DstIP: netip.MustParseAddr(server), Proto: flow.TCP, DstPort: 443})
	}
	db := engineOf(t, Options{}, &list{flows: flows})
	for network, want := range map[string][]string{
		"198.51.100.0/24": {"198.51.100.7", "198.51.100.70"}, "2001:db8::/64": {"2001:db8::7"}, "203.0.113.0/24": nil,
	} {
		var got []string
		for channel, err := range db.Channels(t.Context(), engine.ChannelFilter{DstNet: netip.MustParsePrefix(network)}) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, channel.DstIP.String())
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: channels to %v, want %v", network, got, want)
		}
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
}

// strange is an answer of another driver.
type strange struct{ driver.Rows }

func TestAnswersOfAnotherDriver(t *testing.T) {
	for _, rows := range []driver.Rows{strange{}, &strange{}} {
		if _, err := resultOf(rows); err == nil {
			t.Errorf("%s: no error", fmt.Sprintf("%T", rows))
		}
	}
}

// Columns that are read as what they are not would be read beside their memory.
func TestOnlyKnownColumns(t *testing.T) {
	db := open(t)
	use := func(*block) (bool, error) { return true, nil }
	if err := db.blocks(t.Context(), "SELECT 1::INTEGER", nil, use); err == nil {
		t.Error("INTEGER: no error")
	}
	if err := db.blocks(t.Context(), "SELECT 1::BIGINT, 'text'", nil, use); err != nil {
		t.Error(err)
	}
}
