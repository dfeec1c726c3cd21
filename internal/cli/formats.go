package cli

import (
	"context"
	"slices"
	"strings"

	"github.com/urfave/cli/v3"

	"sentinel/internal/flow"
	"sentinel/internal/input"
	"sentinel/internal/input/catalog"
	"sentinel/internal/output/terminal"
)

func formatsCommand() *cli.Command {
	return &cli.Command{
		Name:        "formats",
		Usage:       "list the formats that are read, and what each can tell",
		Description: "A file is recognised by its content, whatever its name, plain or compressed with gzip, zstd, LZ4, bzip2 or xz.",
		Action: func(_ context.Context, command *cli.Command) error {
			var rows [][]string
			for _, format := range catalog.All {
				rows = append(rows, []string{format.ID, format.Name, format.Doc + "; tells " + columnsOf(format)})
			}
			width, _ := terminalWidth(command.Root().Writer)
			return terminal.WriteTable(command.Root().Writer, width, []string{"--input-format", "Format", "What it is, and what it tells beside the columns that every flow has"}, rows)
		},
	}
}

// columnsOf lists the optional columns that a format can fill.
func columnsOf(format input.Format) string {
	var names []string
	for _, column := range flow.Columns {
		if slices.Contains(format.Columns, column.Name) {
			names = append(names, column.Name)
		}
	}
	text := strings.Join(names, ", ")
	if !slices.ContainsFunc(flow.Columns, func(c flow.Column) bool { return !c.Required && !slices.Contains(format.Columns, c.Name) }) {
		text = "every column"
	}
	if format.Lookups {
		text += ", questions to the DNS"
	}
	return strings.TrimPrefix(text, ", ")
}
