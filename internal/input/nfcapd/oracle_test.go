package nfcapd

import (
	"bufio"
	"compress/gzip"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sentinel/internal/biflow"
	"sentinel/internal/flow"
	"sentinel/internal/input"
	"sentinel/internal/input/inputtest"
)

// halves are the records of a file before joining, with the addresses before translation, which nfdump lists.
func halves(t testing.TB, path string) (list []biflow.Half, account input.Account) {
	t.Helper()
	content, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	header, err := readHeader(content)
	if err != nil {
		t.Fatal(err)
	}
	reader := newReader(content, header, input.Settings{})
	defer func() {
		if err := reader.Close(); err != nil {
			t.Error(err)
		}
	}()
	reader.decoder.emit = func(half *biflow.Half) {
		untranslated := *half
		if r := &reader.decoder.record; r.isTranslated() {
			untranslated.DstIP = r.dst
			if half.DstPort == r.natPort {
				untranslated.DstPort = r.dstPort
			}
		}
		list = append(list, untranslated)
	}
	for !reader.ended {
		reader.fill()
	}
	return list, reader.Account()
}

// oracles are files with nfdump 1.7.1's own listing of every record.
var oracles = []struct{ file, listing string }{
	{"chrispassas-nfdump/devtestdata/nfcapd.sample", "nfcapd.sample"},
	{"chrispassas-nfdump/testdata/nfcapd-small-lzo", "nfcapd-small-lzo"},
	{"slips/dataset/test1-malicious.nfdump", "test1-malicious.nfdump"},
}

// TestOracle compares every record with what nfdump lists.
func TestOracle(t *testing.T) {
	for _, oracle := range oracles {
		t.Run(oracle.listing, func(t *testing.T) {
			path := inputtest.Shared(t, filepath.FromSlash(oracle.file))
			want := listing(t, inputtest.Shared(t, "oracles", oracle.listing+".nfdump-1.7.1.csv.gz"))
			got, account := halves(t, path)
			if len(account.Skipped) > 0 || account.Damage != nil {
				t.Errorf("skipped %v, damage %v", account.Skipped, account.Damage)
			}
			var lines []string
			for _, half := range got {
				lines = append(lines, line(half))
			}
			if len(lines) != len(want) || len(want) == 0 {
				t.Errorf("%d records, nfdump lists %d", len(lines), len(want))
			}
			if diff := cmp.Diff(want, lines); diff != "" {
				t.Errorf("(-nfdump +got):\n%.4000s", diff)
			}
		})
	}
}

// listing reads what nfdump -o csv writes, and gives each record as line does.
func listing(t testing.TB, path string) (lines []string) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	return listed(t, unzipped)
}

func listed(t testing.TB, r io.Reader) (lines []string) {
	t.Helper()
	rows := csv.NewReader(bufio.NewReader(r))
	rows.FieldsPerRecord = -1
	column := map[string]int{}
	for {
		row, err := rows.Read()
		if err == io.EOF {
			return lines
		}
		if err != nil {
			t.Fatal(err)
		}
		if len(column) == 0 {
			for i, name := range row {
				column[name] = i
			}
			continue
		}
		if row[0] == "Summary" {
			return lines
		}
		field := func(name string) string { return row[column[name]] }
		lines = append(lines, fmt.Sprintf("%s %ss %s:%s > %s:%s %s %s %s/%s %s/%s", field("ts"), seconds(field("td")), field("sa"), field("sp"),
			field("da"), field("dp"), field("pr"), field("flg"), field("ipkt"), field("ibyt"), field("opkt"), field("obyt")))
	}
}

// seconds undoes what nfdump makes of a duration below zero: it is printed as a number of 64 bits without sign.
func seconds(duration string) string {
	if len(duration) > len("1000000000.000") {
		return "0.000"
	}
	return duration
}

// line is a record in the words of nfdump's listing.
func line(half biflow.Half) string {
	src, dst := half.SrcPort, half.DstPort
	if half.Proto == flow.ICMP || half.Proto == flow.ICMPv6 {
		src, dst = 0, half.SrcPort<<8|half.DstPort
	}
	return fmt.Sprintf("%s %.3fs %s:%d > %s:%d %s %s %d/%d %d/%d", time.UnixMicro(half.Start).UTC().Format(time.DateTime),
		float64(half.Duration)/1e6, half.SrcIP, src, half.DstIP, dst, proto(half.Proto), flags(half), half.UpPackets, half.UpBytes,
		half.DownPackets, half.DownBytes)
}

// proto is a protocol as nfdump calls it.
func proto(p flow.Proto) string {
	if name, ok := map[flow.Proto]string{flow.ICMPv6: "ICMP6", 0: "0", 60: "OPTS6", 44: "Frag6", 43: "Rte6"}[p]; ok {
		return name
	}
	return strings.ToUpper(p.String())
}

// flags are those of TCP as nfdump shows them.
func flags(half biflow.Half) string {
	letters := []byte("CEUAPRSF")
	for i := range letters {
		if half.Flags&(0x80>>i) == 0 {
			letters[i] = '.'
		}
	}
	return string(letters)
}
