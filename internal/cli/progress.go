package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/urfave/cli/v3"
	"golang.org/x/term"

	"sentinel/internal/analysis"
	"sentinel/internal/output/terminal"
)

// showing shows the progress of work on standard error while it runs, where that is a terminal.
func showing(command *cli.Command, options *analysis.Options, work func() error) error {
	stderr, ok := command.Root().ErrWriter.(*os.File)
	if !ok || !term.IsTerminal(int(stderr.Fd())) || command.Bool("q") {
		return work()
	}
	options.Progress = &analysis.Progress{}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		watch(ctx, stderr, options.Progress)
	}()
	err := work()
	stop()
	<-done
	return err
}

// Progress appears after patience, so that short work shows none.
const (
	patience = 700 * time.Millisecond
	refresh  = 200 * time.Millisecond
)

func watch(ctx context.Context, stderr io.Writer, progress *analysis.Progress) {
	ticker := time.NewTicker(refresh)
	defer ticker.Stop()
	begun, shown := time.Now(), false
	bar := terminal.Progress{Begun: begun}
	for {
		select {
		case <-ctx.Done():
			if shown {
				fmt.Fprint(stderr, terminal.ClearLine)
			}
			return
		case now := <-ticker.C:
			if now.Sub(begun) < patience {
				continue
			}
			width, _ := terminalWidth(stderr)
			fmt.Fprint(stderr, terminal.ClearLine+bar.Line(now, progress.State(), width))
			shown = true
		}
	}
}
