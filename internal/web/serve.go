package web

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/url"
	"time"
)

// How long a browser may take for each step.
const (
	headerTime   = 10 * time.Second
	bodyTime     = 30 * time.Second
	answerTime   = 2 * time.Minute // downloads ask for more while they go on
	idleTime     = 2 * time.Minute
	questionTime = 60 * time.Second
	partingTime  = 3 * time.Second
)

// mostHeader is how many bytes the header of a request may have, a question in SQL among them.
const mostHeader = 64 << 10

// Listen opens the address to serve at. Public tells whether other machines can reach it.
func Listen(address string) (listener net.Listener, public bool, err error) {
	if listener, err = net.Listen("tcp", address); err != nil {
		return nil, false, err
	}
	tcp, ok := listener.Addr().(*net.TCPAddr)
	return listener, ok && !tcp.IP.IsLoopback(), nil
}

// Address is what to open in a browser.
func (s *Site) Address(listener net.Listener) string {
	host, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		host, port = listener.Addr().String(), "80"
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return (&url.URL{Scheme: "http", Host: net.JoinHostPort(host, port), Path: "/", RawQuery: url.Values{"token": {s.options.Token}}.Encode()}).String()
}

// Serve answers until the context ends, which ends all questions, too.
func (s *Site) Serve(ctx context.Context, listener net.Listener) error {
	server := &http.Server{
		Handler:           s,
		ReadHeaderTimeout: headerTime, ReadTimeout: bodyTime, WriteTimeout: answerTime, IdleTimeout: idleTime,
		MaxHeaderBytes: mostHeader,
		BaseContext:    func(net.Listener) context.Context { return ctx },
		ErrorLog:       log.New(io.Discard, "", 0), // what a broken connection said is nobody's concern
	}
	stopped := make(chan error, 1)
	stop := context.AfterFunc(ctx, func() {
		parting, cancel := context.WithTimeout(context.WithoutCancel(ctx), partingTime)
		defer cancel()
		err := server.Shutdown(parting)
		if errors.Is(err, context.DeadlineExceeded) {
			err = server.Close()
		}
		stopped <- err
	})
	err := server.Serve(listener)
	if stop() { // it ended by itself
		return err
	}
	return <-stopped
}
