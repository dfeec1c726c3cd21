// Package cli is the command line: one file a command, and how errors become messages and exit statuses.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/urfave/cli/v3"

	"sentinel/internal/input"
	"sentinel/internal/output"
)

// Exit statuses.
const (
	exitDone        = 0
	exitFindings    = 1
	exitCannotRun   = 2
	exitPartly      = 3
	exitInterrupted = 130
)

// Main runs the command line and returns its exit status.
func Main(args []string, stdout, stderr io.Writer) (status int) {
	defer func() {
		if fault := recover(); fault != nil {
			fmt.Fprintf(stderr, "sentinel: internal error: %v\n%s\nhint: please report this with the command that you ran\n", fault, debug.Stack())
			status = exitCannotRun
		}
	}()
	signal.Ignore(syscall.SIGPIPE) // a reader that has seen enough, such as head, is no fault
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := command(stdout, stderr).Run(ctx, args)
	if ctx.Err() != nil && err != nil { // a page that was shown until Ctrl-C has no error
		fmt.Fprintln(stderr, "sentinel: interrupted")
		return exitInterrupted
	}
	return conclude(stderr, err)
}

// partly tells that the work was done, but not on all of the input.
type partly struct{ error }

// hinted adds the next step to an error.
type hinted struct {
	error
	hint string
}

func (h hinted) Unwrap() error { return h.error }

// conclude prints what went wrong, each fault with its hint, and finds the exit status.
func conclude(stderr io.Writer, err error) int {
	if err == nil || errors.Is(err, syscall.EPIPE) {
		return exitDone
	}
	var part partly
	if errors.As(err, &part) {
		return exitPartly
	}
	var found failing
	if errors.As(err, &found) {
		return exitFindings
	}
	for _, fault := range faults(err) {
		tell(stderr, fault.Error(), hintOf(fault))
	}
	return exitCannotRun
}

// tell prints what went wrong, and each line of its hint.
func tell(stderr io.Writer, what, hint string) {
	fmt.Fprintf(stderr, "sentinel: %s\n", printable(what))
	for line := range strings.Lines(hint) {
		fmt.Fprintf(stderr, "hint: %s\n", output.PrintableLong(strings.TrimSuffix(line, "\n")))
	}
}

// faults takes joined errors apart.
func faults(err error) []error {
	joined, ok := err.(interface{ Unwrap() []error }) // one inside another error belongs to that error's message
	if !ok {
		return []error{err}
	}
	var all []error
	for _, one := range joined.Unwrap() {
		all = append(all, faults(one)...)
	}
	return all
}

func hintOf(err error) string {
	var fault *input.Error
	var hint hinted
	switch {
	case errors.As(err, &hint):
		return hint.hint
	case errors.As(err, &fault):
		return fault.Hint
	}
	return ""
}

// printable makes a message safe for a terminal, line by line.
func printable(message string) string {
	var lines []string
	for _, line := range strings.Split(message, "\n") {
		lines = append(lines, output.PrintableLong(line))
	}
	return strings.Join(lines, "\n")
}

// command is the whole command line. Without a subcommand it takes the flags of the original.
func command(stdout, stderr io.Writer) *cli.Command {
	root := &cli.Command{
		Name:                      "sentinel",
		Usage:                     "analyse captures of network traffic",
		UsageText:                 "sentinel analyze CAPTURE...\nsentinel --data FILE [-gi GEOIP.dat] [-gin GEOIPASNUM.dat] [-dx PERCENT] [-bn CIDR] [-cv] [-td] [-q] [-o]",
		Flags:                     originalFlags(),
		Action:                    runOriginal,
		HideVersion:               true,
		HideHelpCommand:           true,
		DisableSliceFlagSeparator: true, // names of files and columns may hold commas
		Commands:                  []*cli.Command{analyzeCommand(), compareCommand(), serveCommand(), explainCommand(), injectCommand(), detectorsCommand(), convertCommand(), loadCommand(), sqlCommand(), formatsCommand(), outputsCommand(), columnsCommand(), generateCommand(), geoCommand(), versionCommand()},
		Writer:                    stdout,
		ErrWriter:                 stderr,
		ExitErrHandler:            func(context.Context, *cli.Command, error) {}, // Main decides
		OnUsageError:              usageError,
	}
	for _, sub := range root.Commands {
		sub.OnUsageError = usageError
		sub.HideHelpCommand = true
		sub.DisableSliceFlagSeparator = true
	}
	return root
}

func usageError(_ context.Context, command *cli.Command, err error, _ bool) error {
	return hinted{err, command.FullName() + " --help lists the flags"}
}
