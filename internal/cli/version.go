package cli

import (
	"context"
	"fmt"
	"runtime"

	"github.com/urfave/cli/v3"

	"sentinel/internal/engine/duckdb"
)

// Set at link time; see the Makefile.
var (
	version = "0.1.0-dev"
	commit  = "unknown"
)

// Version is the version of the program.
func Version() string { return version }

func versionCommand() *cli.Command {
	return &cli.Command{
		Name:  "version",
		Usage: "print version, commit and engine",
		Action: func(_ context.Context, command *cli.Command) error {
			_, err := fmt.Fprintf(command.Root().Writer, "sentinel %s\ncommit %s\nengine %s\nbuilt with %s for %s/%s\n",
				version, commit, duckdb.Version(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return err
		},
	}
}
