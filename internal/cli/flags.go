package cli

import (
	"fmt"
	"io"
	"net/netip"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/urfave/cli/v3"
	"golang.org/x/term"

	"sentinel/internal/analysis"
	"sentinel/internal/input/catalog"
	"sentinel/internal/input/table"
	"sentinel/internal/measure"
)

// Flags that several commands take.
const (
	defaultMemory     = "1500MB"
	defaultPercentile = 90
	defaultWidth      = 100 // where standard output is no terminal
	topRows           = 10
)

// geoFlags name the databases of places.
func geoFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Local: true, Name: "gi", Aliases: []string{"geo-country"}, Usage: "database of countries: legacy GeoIP .dat or MMDB (default: built in)", TakesFile: true},
		&cli.StringFlag{Local: true, Name: "gin", Aliases: []string{"geo-owner"}, Usage: "database of the networks' owners: legacy GeoIPASNum.dat or MMDB", TakesFile: true},
	}
}

// inputFlags say how to read a capture and with what means.
func inputFlags() []cli.Flag {
	return append([]cli.Flag{
		&cli.StringSliceFlag{Local: true, Name: "map", Usage: "take a column by its name, `COLUMN=FIELD`; FIELD - where the capture has none (see sentinel columns)"},
		&cli.StringFlag{Local: true, Name: "time-unit", Usage: "what times count: " + strings.Join(table.ClockNames(), ", ")},
		&cli.StringFlag{Local: true, Name: "memory", Value: defaultMemory, Usage: "memory limit of the engine, which spills to disk beyond it"},
		&cli.IntFlag{Local: true, Name: "threads", Usage: "threads of the engine (default: all cores)", HideDefault: true},
		&cli.StringFlag{Local: true, Name: "temp-dir", Usage: "where temporary files go", TakesFile: true},
	}, readingFlags()...)
}

// judgingFlags say what is known of the network.
func judgingFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringSliceFlag{Local: true, Name: "internal", Usage: "a network of your own, `CIDR` (default: private networks)"},
		&cli.BoolFlag{Local: true, Name: "resolve", Usage: "ask the DNS for the names of suspects (their networks may notice)"},
	}
}

// memorySize is how DuckDB writes sizes.
var memorySize = regexp.MustCompile(`(?i)^[0-9]*[1-9][0-9]*(\.[0-9]+)? ?[kmgt]i?b$`)

// readOptions reads the flags that say how to read captures.
func readOptions(command *cli.Command) (options analysis.Options, err error) {
	options = analysis.Options{
		Memory: command.String("memory"), Threads: command.Int("threads"), TempDir: command.String("temp-dir"), Version: Version(),
		Formats: catalog.All,
	}
	if options.Columns, err = table.ParseOverrides(command.StringSlice("map")); err != nil {
		return options, err
	}
	if name := command.String("time-unit"); name != "" {
		clock, err := table.ClockByName(name)
		if err != nil {
			return options, err
		}
		options.Clock = &clock
	}
	if options.Threads < 0 {
		return options, fmt.Errorf("--threads %d: expected 1 or more, or 0 for all cores", options.Threads)
	}
	if !memorySize.MatchString(options.Memory) {
		return options, hinted{fmt.Errorf("--memory %s: expected a size", options.Memory), "write a number and its unit: 500MB or 2GB"}
	}
	return options, readingFrom(command, &options)
}

// optionsFrom reads the flags that the ways of analysing share.
func optionsFrom(command *cli.Command) (options analysis.Options, err error) {
	if options, err = readOptions(command); err != nil {
		return options, err
	}
	options.Country, options.Owner = command.String("gi"), command.String("gin")
	options.Config = measure.Config{Internal: analysis.InternalNetworks, Top: topRows}
	if command.IsSet("internal") {
		if options.Config.Internal, err = parseNetworks("--internal", command.StringSlice("internal")); err != nil {
			return options, err
		}
	}
	if command.Bool("resolve") {
		options.Resolve = analysis.SystemResolver
	}
	if !command.Bool("reproducible") {
		options.Now = time.Now()
	}
	return options, nil
}

func parseNetworks(flag string, texts []string) ([]netip.Prefix, error) {
	var networks []netip.Prefix
	for _, text := range texts {
		network, err := parseNetwork(text)
		if err != nil {
			return nil, hinted{fmt.Errorf("%s %s: %w", flag, text, err), "write a network as address and prefix length: 192.168.104.0/24 or 2001:db8::/32"}
		}
		networks = append(networks, network)
	}
	return networks, nil
}

// parseNetwork reads CIDR notation; an address alone is a network of one.
func parseNetwork(text string) (netip.Prefix, error) {
	if address, err := netip.ParseAddr(text); err == nil {
		return netip.PrefixFrom(address, address.BitLen()), nil
	}
	network, err := netip.ParsePrefix(text)
	if err != nil {
		return netip.Prefix{}, fmt.Errorf("is no network")
	}
	if network != network.Masked() {
		return netip.Prefix{}, fmt.Errorf("has bits set beyond its prefix; the network is %s", network.Masked())
	}
	return network, nil
}

func parsePercentile(value int) (int, error) {
	if value < 0 || value > 100 {
		return 0, hinted{fmt.Errorf("-dx %d: expected 0 to 100", value), "-dx 90 shows the top 10 % of hosts"}
	}
	return value, nil
}

// terminalWidth is how wide standard output is, and whether it is a terminal.
func terminalWidth(stdout io.Writer) (width int, terminal bool) {
	if columns, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil && columns > 0 {
		width = columns
	}
	if file, ok := stdout.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
		terminal = true
		if columns, _, err := term.GetSize(int(file.Fd())); err == nil && width == 0 {
			width = columns
		}
	}
	if width == 0 {
		width = defaultWidth
	}
	return width, terminal
}
