package jsonline_test

import (
	"fmt"
	"math"
	"math/big"
	"net/netip"
	"slices"
	"strconv"
	"testing"
	"time"

	"sentinel/internal/input/jsonline"
)

func TestInt(t *testing.T) {
	for text, want := range map[string]int64{
		"0": 0, "12": 12, "-7": -7, "9223372036854775807": math.MaxInt64, "1e3": 1000, "2.0": 2, "000000000000000000012": 12,
	} {
		if got, ok := jsonline.Int([]byte(text)); !ok || got != want {
			t.Errorf("%s is %d, %v, want %d", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "-", "1.5", "9223372036854775808", "x", "1e400", "1x"} {
		if got, ok := jsonline.Int([]byte(text)); ok {
			t.Errorf("%q is %d", text, got)
		}
	}
}

// TestDigits: a number ends with its text, whatever follows in memory.
func TestDigits(t *testing.T) {
	const row = "0123456789abcdef"
	for from := range 10 {
		for to := from + 1; to <= len(row); to++ {
			want, err := strconv.ParseInt(row[from:to], 10, 64)
			for _, text := range [][]byte{[]byte(row)[from:to], slices.Clip([]byte(row[from:to])), []byte(row)[from:to:to]} {
				if got, ok := jsonline.Int(text); ok != (err == nil) || ok && got != want {
					t.Errorf("%s is %d, %v", text, got, ok)
				}
			}
		}
	}
	for _, text := range []string{"0.000000", "0.000001", "0.999999", "1.0x0000", "1.00000/", "1.00000:", "1.\xff00000"} {
		want, err := strconv.ParseFloat(text, 64)
		if got, ok := jsonline.Micros([]byte(text)); ok != (err == nil) || ok && got != int64(math.Round(want*1e6)) {
			t.Errorf("%s is %d, %v", text, got, ok)
		}
	}
}

func TestMicros(t *testing.T) {
	for text, want := range map[string]int64{
		"1521911721.255387": 1521911721255387, "0.0000005": 1, "0.0000004999": 0, "3": 3e6, "-1.5": -15e5, "1e-3": 1000,
		"1.5219117e9": 1521911700000000, "0.9999999": 1e6, ".5": 5e5,
	} {
		if got, ok := jsonline.Micros([]byte(text)); !ok || got != want {
			t.Errorf("%s is %d, %v, want %d", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "-", "x", "1.x", "1e99", "12:00", "NaN", "9999999999999999999"} {
		if got, ok := jsonline.Micros([]byte(text)); ok {
			t.Errorf("%q is %d", text, got)
		}
	}
}

func FuzzMicros(f *testing.F) {
	f.Add("1521911721.255387")
	f.Add("-0.0000005")
	f.Fuzz(func(t *testing.T, text string) {
		got, ok := jsonline.Micros([]byte(text))
		exact, valid := new(big.Rat).SetString(text)
		float, err := strconv.ParseFloat(text, 64)
		if !ok || !valid || err != nil || math.Abs(float) > 1e9 {
			return
		}
		exact.Sub(exact.Mul(exact, big.NewRat(1e6, 1)), big.NewRat(got, 1))
		if exact.Abs(exact).Cmp(big.NewRat(6, 10)) > 0 {
			t.Errorf("%s is %d", text, got)
		}
	})
}

func TestTime(t *testing.T) {
	for text, layout := range map[string]string{
		"2020-12-18T16:09:01.000000+0000": "2006-01-02T15:04:05.000000-0700",
		"2024-02-29T23:59:59.5+05:30":     time.RFC3339,
		"1969-12-31T23:59:59Z":            time.RFC3339,
		"2000-03-01 00:00:00":             time.DateTime,
		"2024-05-01T12:00:00.123456-02":   "2006-01-02T15:04:05.000000-07",
	} {
		want, err := time.Parse(layout, text)
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := jsonline.Time([]byte(text)); !ok || got != want.UnixMicro() {
			t.Errorf("%s is %d, %v, want %d", text, got, ok, want.UnixMicro())
		}
	}
	for _, text := range []string{"", "2024", "2024-02-30T00:00:00Z", "2024-13-01T00:00:00Z", "2024-01-01T24:00:00Z",
		"2024-01-01T00:00:00+", "2024-01-01T00:00:00.Z", "2024-01-01T00:00:00 UTC", "2024-01-0xT00:00:00Z"} {
		if got, ok := jsonline.Time([]byte(text)); ok {
			t.Errorf("%q is %d", text, got)
		}
	}
}

func FuzzTime(f *testing.F) {
	f.Add("2020-12-18T16:09:01.000001Z")
	f.Add("2024-02-29T23:59:59.5+05:30")
	f.Add("0000-01-01T00:00:00-23:59")
	f.Fuzz(func(t *testing.T, text string) {
		got, ok := jsonline.Time([]byte(text))
		want, err := time.Parse(time.RFC3339Nano, text)
		_, offset := want.Zone()
		odd := err == nil && (text[13] != ':' || offset > 86400 || offset < -86400) // which time.Parse takes
		if err == nil && !odd && (!ok || got != want.Round(time.Microsecond).UnixMicro()) {
			t.Errorf("%s is %d, %v, want %d", text, got, ok, want.UnixMicro())
		}
	})
}

func FuzzAddr(f *testing.F) {
	for _, seed := range []string{"192.0.2.1", "2001:db8::1", "::ffff:192.0.2.1", "fe80::1%eth0", "192.0.2.01", "1.2.3.4.5", "256.1.1.1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, ok := jsonline.Addr([]byte(text))
		want, err := netip.ParseAddr(text)
		if ok != (err == nil) || ok && got != want.Unmap().WithZone("") {
			t.Errorf("%s is %s, %v, want %s, %v", text, got, ok, want, err)
		}
	})
}

// TestAddresses: what is remembered is the same as what is read.
func TestAddresses(t *testing.T) {
	var addresses jsonline.Addresses
	texts := []string{"", "x", "192.0.2.01", "::ffff:192.0.2.1", "fe80::1%eth0", "fe80::1%a-zone-that-is-longer-than-any-address", "2001:db8:1111:2222:3333:4444:5555:6666"}
	for i := range 5000 { // more than are remembered
		texts = append(texts, fmt.Sprintf("198.51.%d.%d", i>>8, i&0xff), fmt.Sprintf("2001:db8::%x", i))
	}
	for range 2 {
		for _, text := range texts {
			for range 2 {
				got, ok := addresses.Of([]byte(text))
				if want, wantOK := jsonline.Addr([]byte(text)); ok != wantOK || got != want {
					t.Fatalf("%q is %s, %v, want %s, %v", text, got, ok, want, wantOK)
				}
			}
		}
	}
}
