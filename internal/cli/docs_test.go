package cli_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"sentinel/internal/cli"
	"sentinel/internal/detect/catalog"
	"sentinel/internal/flow"
	formats "sentinel/internal/input/catalog"
	"sentinel/internal/input/table"
	"sentinel/internal/synth"
)

// TestDocs holds the pages that derive from the program to what it says of itself; -update writes them.
func TestDocs(t *testing.T) {
	pages := map[string]func(*testing.T) string{
		"cli.md":       commandPage,
		"columns.md":   columnPage,
		"formats.md":   formatPage,
		"accuracy.md":  accuracyPage,
		"attacks.md":   attackPage,
		"detectors.md": detectorIndex,
	}
	for _, detector := range catalog.All {
		pages[filepath.Join("detectors", detector.ID+".md")] = func(*testing.T) string { return detector.Document() }
	}
	for name, write := range pages {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join("..", "..", "docs", name)
			want := "<!-- written by go test ./internal/cli -run TestDocs -update -->\n\n" + write(t)
			if *update {
				if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			got, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != want {
				t.Errorf("docs/%s is out of date: make docs", name)
			}
		})
	}
}

func commandPage(t *testing.T) string {
	var b strings.Builder
	b.WriteString("# Commands\n\nA flag of several letters may be written with one dash or two.\n")
	whole := help(t)
	fmt.Fprintf(&b, "\n## sentinel\n\n```\n%s```\n", whole)
	for _, command := range commands(whole) {
		fmt.Fprintf(&b, "\n## sentinel %s\n\n```\n%s```\n", command, help(t, command))
	}
	return b.String()
}

// commands reads the names of the commands off the help of the whole program.
func commands(whole string) (names []string) {
	_, list, _ := strings.Cut(whole, "\nCOMMANDS:\n")
	list, _, _ = strings.Cut(list, "\n\n")
	for line := range strings.Lines(list) {
		name, _, _ := strings.Cut(strings.Fields(line)[0], ",")
		names = append(names, name)
	}
	return names
}

// help runs a command with --help. The flags of the whole program that follow a command's own are left out.
func help(t *testing.T, command ...string) string {
	var stdout, stderr bytes.Buffer
	if status := cli.Main(append(append([]string{"sentinel"}, command...), "--help"), &stdout, &stderr); status != 0 {
		t.Fatalf("sentinel %v --help: exit status %d: %s", command, status, stderr.String())
	}
	text := stdout.String()
	if len(command) > 0 {
		text, _, _ = strings.Cut(text, "\nGLOBAL OPTIONS:\n")
	}
	return text
}

func detectorIndex(*testing.T) string {
	var b strings.Builder
	b.WriteString("# Detectors\n\nIn the order of how much a finding says: where two see one phenomenon, the earlier reports it.\n\n" +
		"| detector | finds | null hypothesis or rule | needs | ATT&CK |\n| - | - | - | - | - |\n")
	for _, detector := range catalog.All {
		needs := slices.Clone(detector.Columns)
		if detector.Relative {
			needs = append(needs, "a baseline")
		}
		fmt.Fprintf(&b, "| [%s](detectors/%[1]s.md) | %s | %s | %s | %s |\n", detector.ID, detector.Finds, detector.Null,
			strings.Join(needs, ", "), strings.Join(detector.Attack, ", "))
	}
	return b.String()
}

func formatPage(*testing.T) string {
	var b strings.Builder
	b.WriteString("# Formats\n\nWhat `sentinel` reads, in the order in which a file is tried. Every format fills the required columns of a flow\n" +
		"([columns.md](columns.md)); the table says what else each can tell, where the file at hand has it. [reading.md](reading.md)\n" +
		"says how files are found and recognised, and how packets and records become flows.\n\n" +
		"| `--input-format` | format | what it is |\n|---|---|---|\n")
	for _, format := range formats.All {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", format.ID, format.Name, format.Doc)
	}
	b.WriteString("\n## Columns beside the required ones\n\n| column |")
	line := "|---|"
	for _, format := range formats.All {
		fmt.Fprintf(&b, " %s |", format.ID)
		line += ":-:|"
	}
	b.WriteString("\n" + line + "\n")
	for _, column := range flow.Columns {
		if column.Required {
			continue
		}
		fmt.Fprintf(&b, "| `%s` |", column.Name)
		for _, format := range formats.All {
			b.WriteString(map[bool]string{true: " yes |", false: " |"}[slices.Contains(format.Columns, column.Name)])
		}
		b.WriteString("\n")
	}
	b.WriteString("| questions to the DNS |")
	for _, format := range formats.All {
		b.WriteString(map[bool]string{true: " yes |", false: " |"}[format.Lookups])
	}
	b.WriteString("\n")
	return b.String()
}

// oracles are those whose answers the tests of packet captures compare with, by the names that their tables bear.
var oracles = []struct{ id, name, what string }{
	{"zeek", "Zeek", "Zeek's own test traces with the conn.log that Zeek writes of each: ends, opener, protocol, state, packets and IP bytes both ways, start to the millisecond"},
	{"arkime", "Arkime", "Arkime's test captures with the sessions that it makes of each: packets both ways between every two ends"},
	{"ipfixprobe", "ipfixprobe", "the captures of its functional tests with the flows that it exports: packets and bytes both ways between every two ends"},
	{"tshark", "tshark", "captures of ipfixprobe, Joy and Slips with tshark -z conv: packets both ways between every two ends"},
}

func accuracyPage(t *testing.T) string {
	const dir = "../input/pcap/testdata/"
	var b strings.Builder
	b.WriteString(read(t, filepath.Join("testdata", "accuracy.md")))
	figures := map[string][]string{}
	for line := range strings.Lines(read(t, dir+"agreement.tsv")) {
		fields := strings.Split(strings.TrimSpace(line), "\t")
		figures[fields[0]] = fields[1:]
	}
	b.WriteString("\n## Packet captures\n\n| oracle | captures | agree | differ | compared |\n|---|--:|--:|--:|---|\n")
	for _, oracle := range oracles {
		if figure, ok := figures[oracle.id]; ok {
			cases, _ := strconv.Atoi(figure[0])
			agree, _ := strconv.Atoi(figure[1])
			fmt.Fprintf(&b, "| %s | %d | %d | %d | %s |\n", oracle.name, cases, agree, cases-agree, oracle.what)
		}
	}
	for _, oracle := range oracles {
		lines := strings.Split(strings.TrimSpace(readIfThere(t, dir+oracle.id+"_differences.tsv")), "\n")
		if lines[0] == "" {
			continue
		}
		fmt.Fprintf(&b, "\n## Where flows differ from %s, and why\n\n| capture | reason |\n|---|---|\n", oracle.name)
		for _, line := range lines {
			capture, reason, _ := strings.Cut(line, "\t")
			fmt.Fprintf(&b, "| %s | %s |\n", capture, strings.ReplaceAll(reason, "|", "&#124;"))
		}
	}
	return b.String()
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func readIfThere(t *testing.T, path string) string {
	t.Helper()
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return ""
	}
	return read(t, path)
}

func columnPage(*testing.T) string {
	var b strings.Builder
	b.WriteString("# Columns\n\nEvery input becomes flows with these columns. Those that are not required may be absent.\n\n" +
		"| column | required | meaning |\n|---|---|---|\n")
	var names strings.Builder
	for _, column := range flow.Columns {
		required := ""
		if column.Required {
			required = "yes"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", column.Name, required, column.Doc)
		if aliases := table.Aliases[column.Name]; len(aliases) > 0 {
			fmt.Fprintf(&names, "- **%s**: `%s`\n", column.Name, strings.Join(aliases, "` `"))
		} else {
			fmt.Fprintf(&names, "- **%s**: only by `--map`\n", column.Name)
		}
	}
	b.WriteString("\n## Questions to the DNS\n\nPacket captures and some logs hold them too; `sentinel sql` and `convert --dns` call them `dns`.\n\n| column | meaning |\n|---|---|\n")
	for _, column := range flow.LookupColumns {
		fmt.Fprintf(&b, "| `%s` | %s |\n", column.Name, column.Doc)
	}
	b.WriteString("\n## Recognised names\n\nA column is found by the first of these names that the input has; letter case and the marks `_ - . : @` and\n" +
		"space do not count. `--map COLUMN=FIELD` names one that has another name, and `--map COLUMN=-` says that the\n" +
		"capture has none (numbers only, they are then 0). Other columns are ignored, and the output lists them.\n\n")
	b.WriteString(names.String())
	b.WriteString("\n## Times\n\nThe unit of `start` follows from its type and range, and the output states it. Where several fit, the file is refused\n" +
		"and the hint lists them with the time that the capture would span; `--time-unit NAME` then says which.\n\n" +
		"| `--time-unit` | times are |\n|---|---|\n")
	for _, clock := range append(table.Clocks, table.Text) {
		fmt.Fprintf(&b, "| `%s` | %s |\n", clock.Name, clock.Doc)
	}
	b.WriteString("\nDates lie between 1990 and 2100, and times since midnight within 31 days; what lies outside is skipped and counted.\n")
	return b.String()
}

func attackPage(*testing.T) string {
	var b strings.Builder
	b.WriteString("# Attacks that `sentinel generate` plants\n\n`--attack NAME:PARAM=N,...` orders one; without it, a capture holds all that fit its kind and profile. Every attack\n" +
		"takes `strength=N` too (0.01 to 100, default 1), which multiplies what its section names. The truth beside the\n" +
		"capture, FILE.truth.json, tells for each its hosts, destinations, ports, times and bytes.\n")
	for _, kind := range synth.AttackKinds() {
		fmt.Fprintf(&b, "\n## %s\n\n%s\n\nFor detector `%s`, in captures of kind `%s`%s. Strength multiplies: %s.\n",
			kind.Name, kind.Doc, kind.Detector, kind.On, profile(kind), kind.Scale)
		if len(kind.Params) > 0 {
			b.WriteString("\n| parameter | default | range | meaning |\n|---|--:|---|---|\n")
		}
		for _, param := range kind.Params {
			fmt.Fprintf(&b, "| `%s` | %s | %s to %s | %s |\n", param.Name, number(param.Default), number(param.Min), number(param.Max), param.Doc)
		}
	}
	return b.String()
}

func profile(kind synth.AttackKind) string {
	if kind.Profile == "" {
		return ""
	}
	return fmt.Sprintf(" and profile `%s`", kind.Profile)
}

func number(value float64) string { return strconv.FormatFloat(value, 'f', -1, 64) }
