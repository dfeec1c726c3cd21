package cli

import (
	"context"

	"github.com/urfave/cli/v3"

	outputs "sentinel/internal/output/catalog"
	"sentinel/internal/output/terminal"
)

func outputsCommand() *cli.Command {
	return &cli.Command{
		Name:        "outputs",
		Usage:       "list the forms in which a report can be handed over",
		Description: "--report FORMAT writes a file, --format FORMAT prints on standard output what is text in one piece.",
		Action: func(_ context.Context, command *cli.Command) error {
			rows := [][]string{{"text", "Text", "for people at a terminal; of standard output only"}}
			for _, format := range outputs.All {
				rows = append(rows, []string{format.ID, format.Title, format.Doc})
			}
			width, _ := terminalWidth(command.Root().Writer)
			return terminal.WriteTable(command.Root().Writer, width, []string{"Format", "Title", "What it is for"}, rows)
		},
	}
}
