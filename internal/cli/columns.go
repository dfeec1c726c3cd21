package cli

import (
	"context"
	"strings"

	"github.com/urfave/cli/v3"

	"sentinel/internal/flow"
	"sentinel/internal/input/table"
	"sentinel/internal/output/terminal"
)

func columnsCommand() *cli.Command {
	return &cli.Command{
		Name:  "columns",
		Usage: "list the columns of a flow and the names under which tables may carry them",
		Action: func(_ context.Context, command *cli.Command) error {
			var rows [][]string
			for _, column := range flow.Columns {
				required := ""
				if column.Required {
					required = "yes"
				}
				rows = append(rows, []string{column.Name, required, column.Doc, strings.Join(table.Aliases[column.Name], " ")})
			}
			width, _ := terminalWidth(command.Root().Writer)
			return terminal.WriteTable(command.Root().Writer, width, []string{"Column", "Required", "Meaning", "Recognised names"}, rows)
		},
	}
}
