package web_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"strings"
	"testing"
	"time"

	"sentinel/internal/web"
)

// served is a site behind a real listener.
func served(t *testing.T, capture *web.Capture) (site *web.Site, address string, client *http.Client, stop func() error) {
	t.Helper()
	listener, public, err := web.Listen("127.0.0.1:0")
	if err != nil || public {
		t.Fatal(public, err)
	}
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	site = web.New(web.Options{Token: token, Port: port, Log: io.Discard, Now: time.Now})
	site.Show(capture)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- site.Serve(ctx, listener) }()
	jar, _ := cookiejar.New(nil)
	stop = func() error { cancel(); return <-done }
	return site, site.Address(listener), &http.Client{Jar: jar}, stop
}

func TestServe(t *testing.T) {
	_, address, client, stop := served(t, sampleCapture())
	answer, err := client.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(answer.Body)
	answer.Body.Close()
	if answer.StatusCode != http.StatusOK || !strings.Contains(string(body), "Overview") || answer.Request.URL.RawQuery != "" {
		t.Errorf("status %d at %s", answer.StatusCode, answer.Request.URL)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
	if answer, err := client.Get(address); err == nil {
		answer.Body.Close()
		t.Error("it still answers")
	}
}

// A question that is under way ends with the server.
func TestServeEndsQuestions(t *testing.T) {
	capture := sampleCapture()
	m := capture.Explorer.(*memory)
	m.gate = make(chan struct{}) // never opens
	_, address, client, stop := served(t, capture)
	ended := make(chan int, 1)
	go func() {
		answer, err := client.Get(address)
		if err != nil {
			ended <- 0
			return
		}
		answer.Body.Close()
		ended <- answer.StatusCode
	}()
	for m.asked.Load() == 0 {
		time.Sleep(time.Millisecond)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
	if status := <-ended; status == http.StatusOK {
		t.Error("the question was answered")
	}
}

func TestAddresses(t *testing.T) {
	for given, wanted := range map[string]string{"127.0.0.1:0": "http://127.0.0.1:", "[::1]:0": "http://[::1]:", "0.0.0.0:0": "http://localhost:"} {
		listener, public, err := web.Listen(given)
		if err != nil {
			t.Logf("%s: %v", given, err) // not every machine has IPv6
			continue
		}
		got := newSite(io.Discard).Address(listener)
		if !strings.HasPrefix(got, wanted) || !strings.HasSuffix(got, "/?token="+token) || public != (given == "0.0.0.0:0") {
			t.Errorf("%s: %s, public %t", given, got, public)
		}
		if err := listener.Close(); err != nil {
			t.Error(err)
		}
	}
	if _, _, err := web.Listen("nowhere"); err == nil {
		t.Error("an address without a port is taken")
	}
}
