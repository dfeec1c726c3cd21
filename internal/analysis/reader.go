package analysis

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"

	"sentinel/internal/engine/duckdb"
	"sentinel/internal/flow"
	"sentinel/internal/input"
	"sentinel/internal/report"
)

// Content is one capture whose flows somebody wants to keep elsewhere.
type Content struct {
	Name   string
	SHA256 string // of its bytes, in hexadecimal
	// Open gives its flows, in an order that is the same each time. Contents closes the reader.
	Open func() (flow.Reader, error)
}

// Contents visits the captures of the options one by one. What cannot be read becomes a failure, and the others are
// visited; where none can be read, the error joins the reasons of all. An error of visit ends it.
func Contents(ctx context.Context, options Options, visit func(Content) error) (failures []report.Failure, err error) {
	candidates, errs := input.Expand(options.Captures)
	visited := 0
	for _, candidate := range candidates {
		one := options
		one.Captures = []string{candidate.Name}
		var stop visitError
		damage, err := one.content(ctx, candidate, len(candidates) > 1, visit)
		if damage != nil {
			failures = append(failures, report.Failure{Path: candidate.Name, Reason: damage.Error(), Hint: "what came before counts", Partial: true})
		}
		switch {
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case errors.As(err, &stop):
			return nil, stop.error
		case err == nil:
			visited++
		case !errors.Is(err, errLeftOut) && !errors.Is(err, errAside):
			errs = append(errs, err)
		}
	}
	if visited == 0 {
		return nil, errors.Join(errs...)
	}
	for _, err := range errs {
		failures = append(failures, failure(err))
	}
	return failures, nil
}

// visitError is of whoever visits, and not of a capture.
type visitError struct{ error }

// content opens one capture and has it visited. It tells where the capture breaks off, if it does.
func (o *Options) content(ctx context.Context, candidate input.Candidate, others bool, visit func(Content) error) (damage, err error) {
	file, err := o.open(candidate.Name)
	if err != nil && candidate.Found {
		return nil, errLeftOut
	}
	if err != nil {
		return nil, err
	}
	if (candidate.Found || others) && file.Aside() {
		return nil, errAside
	}
	source := &contentSource{options: o, file: file, ctx: ctx}
	defer func() { err = errors.Join(err, source.close()) }()
	sum, err := source.sum()
	if err != nil {
		return nil, err
	}
	o.Progress.begin(source.file)
	err = visit(Content{Name: file.Name, SHA256: sum, Open: source.open})
	if err != nil && source.fault != nil {
		return nil, source.fault
	}
	if err != nil {
		return nil, visitError{err}
	}
	return source.damage(), nil
}

// contentSource is one capture on its way to a reader.
type contentSource struct {
	ctx     context.Context
	options *Options
	file    *input.File
	fault   error        // of the capture
	parsed  input.Reader // where the format has a reader of its own
	closers []func() error
}

// sum is the digest of the bytes. A stream is written to a file first, since it must be read twice.
func (s *contentSource) sum() (string, error) {
	if s.file.Path != "" {
		return sumOf(s.file.Path)
	}
	return s.spool()
}

func (s *contentSource) spool() (sum string, err error) {
	dir, err := duckdb.MakeTempDir(s.options.TempDir)
	if err != nil {
		return "", err
	}
	s.closers = append(s.closers, func() error { return os.RemoveAll(dir) })
	content, err := s.file.Open()
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, content.Close()) }()
	spool, err := os.CreateTemp(dir, "capture")
	if err != nil {
		return "", err
	}
	hash := sha256.New()
	if _, err := io.Copy(io.MultiWriter(spool, hash), content); err != nil {
		return "", errors.Join(err, spool.Close())
	}
	if err := spool.Close(); err != nil {
		return "", err
	}
	name := s.file.Name
	if s.file, err = s.options.Formats.Open(spool.Name(), &s.file.Format); err != nil {
		return "", err
	}
	s.file.Name = name
	return hex.EncodeToString(hash.Sum(nil)), nil
}

// open gives the flows, through the format's own reader or through an engine that reads the format in place.
func (s *contentSource) open() (flow.Reader, error) {
	reader, err := s.reader()
	if err != nil {
		s.fault = readingError(s.file, err)
		return nil, s.fault
	}
	return reader, nil
}

func (s *contentSource) reader() (flow.Reader, error) {
	if s.file.Format.Open != nil {
		settings := s.options.Reading
		settings.Threads = s.options.Threads
		reader, err := s.file.Format.Open(s.file, settings)
		if err != nil {
			return nil, err
		}
		s.closers = append(s.closers, reader.Close)
		s.parsed = reader
		return reader, nil
	}
	return s.table()
}

// damage tells where a capture that was read breaks off; nil where it does not.
func (s *contentSource) damage() error {
	if s.parsed == nil {
		return nil
	}
	return s.parsed.Account().Damage
}

// table reads a format that an engine reads in place.
func (s *contentSource) table() (flow.Reader, error) {
	dir, err := duckdb.MakeTempDir(s.options.TempDir)
	if err != nil {
		return nil, err
	}
	s.closers = append(s.closers, func() error { return os.RemoveAll(dir) })
	db, err := duckdb.Open(s.ctx, duckdb.Options{Memory: s.options.Memory, Threads: s.options.Threads, TempDir: dir, KeepOrder: true})
	if err != nil {
		return nil, err
	}
	s.closers = append(s.closers, db.Close)
	source, err := db.Add(s.ctx, s.file, duckdb.Hints{Columns: s.options.Columns, Clock: s.options.Clock, Settings: s.options.Reading})
	if err != nil {
		return nil, err
	}
	if err := db.Seal(s.ctx); err != nil {
		return nil, err
	}
	filled := source.Present.Clone()
	for _, match := range source.Matches {
		filled[match.Column.Name] = true
	}
	reader := db.Flows(s.ctx, filled)
	s.closers = append(s.closers, reader.Close)
	return reader, nil
}

// close gives back what was opened, the last first.
func (s *contentSource) close() (err error) {
	for i := len(s.closers) - 1; i >= 0; i-- {
		err = errors.Join(err, s.closers[i]())
	}
	return err
}
