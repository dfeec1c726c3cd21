package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"slices"
	"time"

	"github.com/urfave/cli/v3"

	"sentinel/internal/analysis"
	"sentinel/internal/engine/duckdb"
	"sentinel/internal/measure"
	"sentinel/internal/output"
	"sentinel/internal/web"
)

func serveCommand() *cli.Command {
	return &cli.Command{
		Name:      "serve",
		Usage:     "explore captures on a page in your browser",
		ArgsUsage: "CAPTURE...",
		Description: "The page is served to this machine only, to whoever knows the address that is printed. What it shows is kept in a cache,\n" +
			"so that the next time the same captures appear at once. Ctrl-C ends it.",
		Flags: slices.Concat([]cli.Flag{
			&cli.StringFlag{Local: true, Name: "listen", Value: "127.0.0.1:0", Usage: "`ADDRESS:PORT` to serve at; port 0: one that is free"},
			&cli.StringFlag{Local: true, Name: "cache-dir", Usage: "where captures that were read are kept (default: your cache directory)", TakesFile: true},
			&cli.BoolFlag{Local: true, Name: "no-cache", Usage: "keep nothing"},
		}, geoFlags(), detectionFlags(), inputFlags(), engineFlags(), judgingFlags()),
		Action: runServe,
	}
}

func runServe(ctx context.Context, command *cli.Command) (err error) {
	const example = "sentinel serve CAPTURE..., for example sentinel serve day.parquet"
	if !command.Args().Present() && !command.IsSet("engine") {
		return hinted{errors.New("no capture given"), example}
	}
	options, err := optionsFrom(command)
	if err != nil {
		return err
	}
	if err := detectionFrom(command, &options); err != nil {
		return err
	}
	options.Captures, options.Measures = command.Args().Slice(), measure.All
	options.Checksums, options.Compare, options.Settings = true, true, settingsOf(command)
	options.Config.Percentile = defaultPercentile
	options.Progress = &analysis.Progress{}
	var held *holding
	if command.IsSet("engine") {
		if held, err = holdingOf(command); err != nil {
			return err
		}
		options.Captures = []string{shown(command.String("engine"))} // for the page to name
	}
	listener, public, err := web.Listen(command.String("listen"))
	if err != nil {
		return hinted{err, "--listen 127.0.0.1:0 takes a port that is free"}
	}
	dir, err := duckdb.MakeTempDir(options.TempDir)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	return serve(ctx, command, options, held, listener, public, dir)
}

// serve shows the page from the first moment on, and reads the captures beside it.
func serve(ctx context.Context, command *cli.Command, options analysis.Options, held *holding, listener net.Listener, public bool, dir string) error {
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		return err
	}
	stderr := command.Root().ErrWriter
	site := web.New(web.Options{
		Token: web.NewToken(), Port: port, Public: public, Captures: options.Captures, Log: stderr, Now: time.Now,
		Progress: options.Progress.State,
	})
	if _, err := fmt.Fprintln(command.Root().Writer, site.Address(listener)); err != nil {
		return errors.Join(err, listener.Close())
	}
	fmt.Fprintln(stderr, "open this address in your browser; Ctrl-C ends the page")
	if public {
		fmt.Fprintln(stderr, "other machines can reach it, and whoever knows the address can read the capture")
	}
	exhibition := &exhibition{site: site, options: options, holding: held, dir: dir, cached: !command.Bool("no-cache"), cache: duckdb.Cache{Dir: command.String("cache-dir")}}
	if !exhibition.cached {
		exhibition.cache.Dir = dir
	}
	ctx, stop := context.WithCancel(ctx)
	ready := make(chan error, 1)
	go func() { ready <- exhibition.prepare(ctx, stderr) }()
	err = site.Serve(ctx, listener)
	stop()
	return errors.Join(err, <-ready, exhibition.close())
}

// failed makes of an error what the page shows in place of a capture.
func failed(err error) web.Failure {
	var failure web.Failure
	for i, fault := range faults(err) {
		if i > 0 {
			failure.Reason += "\n"
		}
		failure.Reason += output.PrintableLong(fault.Error())
		if hint := hintOf(fault); hint != "" && failure.Hint == "" {
			failure.Hint = hint
		}
	}
	return failure
}
