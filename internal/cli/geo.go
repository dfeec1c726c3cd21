package cli

import (
	"context"
	"errors"
	"fmt"
	"net/netip"

	"github.com/urfave/cli/v3"

	"sentinel/internal/geo"
	"sentinel/internal/output/terminal"
)

func geoCommand() *cli.Command {
	return &cli.Command{
		Name:      "geo",
		Usage:     "show what each database says of an address",
		ArgsUsage: "ADDRESS...",
		Flags:     geoFlags(),
		Action:    runGeo,
	}
}

func runGeo(_ context.Context, command *cli.Command) error {
	if !command.Args().Present() {
		return hinted{errors.New("no address given"), "sentinel geo 192.0.2.1 2001:db8::1"}
	}
	databases := []*geo.Database{geo.Builtin()}
	for _, flag := range []string{"gi", "gin"} {
		path := command.String(flag)
		if path == "" {
			continue
		}
		database, err := geo.Open(path)
		if err != nil {
			return err
		}
		databases = append(databases, database)
	}
	var rows [][]string
	for _, text := range command.Args().Slice() {
		address, err := netip.ParseAddr(text)
		if err != nil {
			return hinted{fmt.Errorf("%s is no IP address", text), "write addresses as 192.0.2.1 or 2001:db8::1; names are not looked up"}
		}
		for _, database := range databases {
			rows = append(rows, geoRow(database, address.Unmap()))
		}
	}
	width, _ := terminalWidth(command.Root().Writer)
	return terminal.WriteTable(command.Root().Writer, width, []string{"Address", "Database", "Country", "Name", "Owner"}, rows)
}

func geoRow(database *geo.Database, address netip.Addr) []string {
	info := database.Info()
	name := info.Kind
	if info.Path != "" {
		name = info.Path
	}
	if info.Built != "" {
		name += " (" + info.Built + ")"
	}
	country, countryName, owner := "", "", ""
	if database.HasCountries() {
		country = database.Country(address)
		countryName = geo.CountryName(country)
		if country == "" && geo.Private(address) {
			countryName = "private or reserved"
		}
	}
	if database.HasOwners() {
		owner = database.Owner(address).String()
	}
	return []string{address.String(), name, dash(country), dash(countryName), dash(owner)}
}

func dash(text string) string {
	if text == "" {
		return "–"
	}
	return text
}
