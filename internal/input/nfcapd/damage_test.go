package nfcapd

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"sentinel/internal/input"
	"sentinel/internal/input/inputtest"
)

// TestBroken: what cannot be used is skipped and counted, with its place; what breaks off says where.
func TestBroken(t *testing.T) {
	whole := file2(conversations, 3, lz, lz4Block)
	second := layouts[2].size + blockHeader + int(order.Uint32(whole[layouts[2].size+4:]))
	third := second + blockHeader + int(order.Uint32(whole[second+4:]))
	plain := file2(conversations, 3, none, nil)
	for _, c := range []struct {
		name    string
		content []byte
		records int64
		flows   int
		skip    input.Skip // or none
		damage  string
	}{
		{"a block cannot be decompressed", edit(whole, second+blockHeader, 0xff), 7, 3, input.Skip{
			Reason: "in blocks that cannot be decompressed", Rows: 3, Example: "record 1 of block 2, which begins at byte "}, ""},
		{"a block has a type of its own", edit(whole, third+8, 77), 6, 4, input.Skip{}, "header of block 3: of type 77"},
		{"a block is too large", edit(whole, second+7, 0x7f), 3, 2, input.Skip{}, "header of block 2: of type 3 with "},
		{"cut in a header", whole[:second+5], 3, 2, input.Skip{}, fmt.Sprintf("cut short at byte %d, in the header of block 2", second+5)},
		{"cut in its data", whole[:third-3], 3, 2, input.Skip{}, "in the data of block 2"},
		{"a record is too long", edit(plain, layouts[2].size+blockHeader+2, 0xff, 0xff), 7, 4, input.Skip{
			Reason: reasonSize, Rows: 3, Example: "record 1 of block 1, which begins at byte 40"}, ""},
		{"an element is too long", edit(plain, layouts[2].size+blockHeader+flowHeader+2, 0xff), 7, 4, input.Skip{
			Reason: reasonElement, Rows: 1, Example: "record 1 of block 1, which begins at byte 40"}, ""},
		{"a record of another type", edit(plain, layouts[2].size+blockHeader, 99), 7, 4, input.Skip{
			Reason: "of a type that is not known", Rows: 1, Example: "record 1 of block 1, which begins at byte 40"}, ""},
		{"no map", edit(file1(conversations, 0, nil), layouts[1].size+blockHeader+4, 9), 7, 1, input.Skip{
			Reason: reasonMap, Rows: 7, Example: "record 6 of block 1, which begins at byte 276"}, ""},
		{"a block of nfdump 1.5", edit(file1(conversations, 0, nil), layouts[1].size+8, kindRecords15), 12, 0, input.Skip{
			Reason: reasonOld, Rows: 12, Example: "record 1 of block 1, which begins at byte 276"}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			result := inputtest.Read(Format, c.content, input.Settings{}, 10)
			if result.Err != nil || result.Account.Records != c.records {
				t.Errorf("%d records, error %v, want %d records", result.Account.Records, result.Err, c.records)
			}
			if damage := result.Account.Damage; c.damage == "" && damage != nil || c.damage != "" && (damage == nil || !strings.Contains(damage.Error(), c.damage)) {
				t.Errorf("damage %v, want %q", damage, c.damage)
			}
			if c.skip.Rows == 0 != (len(result.Account.Skipped) == 0) {
				t.Fatalf("skipped %v, want %v", result.Account.Skipped, c.skip)
			}
			if c.skip.Rows == 0 {
				return
			}
			skip := result.Account.Skipped[0]
			if !strings.HasPrefix(skip.Reason, c.skip.Reason) || skip.Rows != c.skip.Rows || !strings.HasPrefix(skip.Example, c.skip.Example) {
				t.Errorf("skipped %v, want %v", skip, c.skip)
			}
		})
	}
}

// edit gives content with other bytes from a place on.
func edit(content []byte, at int, with ...byte) []byte {
	content = bytes.Clone(content)
	copy(content[at:], with)
	return content
}

// TestRefused: files that cannot be read are refused with what to do instead.
func TestRefused(t *testing.T) {
	swapped := []byte{0xa5, 0x0c, 0, 1, 0, 0, 0, 0}
	if reason := recognise(swapped); reason != "" {
		t.Errorf("a file of the other byte order is not recognised: %s", reason)
	}
	for name, c := range map[string]struct {
		content []byte
		want    string
	}{
		"byte order":  {swapped, "other byte order"},
		"layout":      {edit(file2(nil, 1, none, nil), 2, 3), "layout 3, of which only 1 (nfdump 1.6) and 2 (1.7) are read"},
		"encrypted":   {edit(file2(nil, 1, none, nil), 17, 1), "encrypted"},
		"compression": {edit(file2(nil, 1, none, nil), 16, 9), "compression 9 is not known"},
		"short":       {file2(nil, 1, none, nil)[:30], "cut short"},
	} {
		result := inputtest.Read(Format, c.content, input.Settings{}, 10)
		if result.Err == nil || !strings.Contains(result.Err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", name, result.Err, c.want)
		}
	}
}

// TestEmpty: a file without flows is sound.
func TestEmpty(t *testing.T) {
	for _, content := range [][]byte{file2(nil, 1, none, nil), file1(nil, 0, nil)} {
		result := inputtest.Read(Format, content, input.Settings{}, 10)
		if result.Err != nil || result.Account.Damage != nil || len(result.Flows) != 0 || len(result.Account.Skipped) != 0 {
			t.Errorf("got %+v", result)
		}
	}
}

// TestSampling: the collector has applied a sampler's rate already; what the user says is applied to other records.
func TestSampling(t *testing.T) {
	scaled := sample{src: client, dst: server, end: 100, proto: tcp, flags: 0x02, packets: 2000, bytes: 120000, sampled: true}
	counted := sample{src: client, dst: "198.51.100.8:443", end: 100, proto: tcp, flags: 0x02, packets: 2, bytes: 120}
	samplers := [][]byte{
		u16(u16(u32(u32(u16(u16(nil, typeSampler1), sampler1Size), 1), 1000), 2), 1),
		u32(u32(u64(u16(u16(u16(u16(nil, typeSampler2), sampler2Size), 1), 2), 1), 1), 999),
	}
	for name, content := range map[string][]byte{
		"layout 1": file1([]sample{scaled, counted}, 0, nil, samplers[0]),
		"layout 2": file2([]sample{scaled, counted}, 10, none, nil, samplers[1]),
	} {
		result := inputtest.Read(Format, content, input.Settings{Sampling: 100}, 10)
		got := text(result.Flows)
		want := []string{
			"192.0.2.10:50123 > 198.51.100.7:443 tcp 0+100 up 2000/120000 down 0/0 other syn",
			"192.0.2.10:50123 > 198.51.100.8:443 tcp 0+100 up 200/12000 down 0/0 other syn",
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %q", name, got)
		}
		var notes []string
		for _, note := range result.Account.Notes {
			notes = append(notes, note.Text)
		}
		wantNotes := []string{
			"1 records come from exporters that saw one in 1000 packets; the collector has scaled their counts up",
			"counts of 1 records were multiplied by 100, as told",
		}
		if !slices.Equal(notes, wantNotes) {
			t.Errorf("%s: notes %q", name, notes)
		}
	}
}

// TestTranslation: records of address translation are no flows.
func TestTranslation(t *testing.T) {
	event := sample{src: client, dst: server, proto: tcp, event: true, nat: 1}
	result := inputtest.Read(Format, file2([]sample{event}, 1, none, nil), input.Settings{}, 10)
	if len(result.Flows) != 0 || len(result.Account.Skipped) != 1 || result.Account.Skipped[0].Reason != reasonTranslation {
		t.Errorf("got %+v", result)
	}
}
