package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/urfave/cli/v3"

	"sentinel/internal/flow"
	"sentinel/internal/input/table"
	"sentinel/internal/output/terminal"
)

func columnsCommand() *cli.Command {
	return &cli.Command{
		Name:  "columns",
		Usage: "list the columns of flows and DNS questions, and the names under which tables may carry them",
		Action: func(_ context.Context, command *cli.Command) error {
			var rows [][]string
			for _, column := range flow.Columns {
				required := ""
				if column.Required {
					required = "yes"
				}
				rows = append(rows, []string{column.Name, required, column.Doc, strings.Join(table.Aliases[column.Name], " ")})
			}
			stdout := command.Root().Writer
			width, _ := terminalWidth(stdout)
			if err := terminal.WriteTable(stdout, width, []string{"Column", "Required", "Meaning", "Recognised names"}, rows); err != nil {
				return err
			}
			if _, err := fmt.Fprintf(stdout, "\nQuestions to the DNS, which sentinel sql and convert call dns:\n"); err != nil {
				return err
			}
			rows = nil
			for _, column := range flow.LookupColumns {
				rows = append(rows, []string{column.Name, column.Doc})
			}
			return terminal.WriteTable(stdout, width, []string{"Column", "Meaning"}, rows)
		},
	}
}
