package cli_test

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"net/http/cookiejar"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"sentinel/internal/cli"
)

// page is a page that sentinel serve shows.
type page struct {
	address string
	client  *http.Client
	status  chan int
	stderr  *quietBuffer
}

// quietBuffer may be written and read by two goroutines.
type quietBuffer struct {
	sync.Mutex
	bytes.Buffer
}

func (b *quietBuffer) Write(p []byte) (int, error) {
	b.Lock()
	defer b.Unlock()
	return b.Buffer.Write(p)
}

func (b *quietBuffer) text() string {
	b.Lock()
	defer b.Unlock()
	return b.String()
}

func servePage(t *testing.T, args ...string) *page {
	t.Helper()
	from, to := io.Pipe()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	p := &page{client: &http.Client{Jar: jar}, status: make(chan int, 1), stderr: &quietBuffer{}}
	go func() {
		p.status <- cli.Main(append([]string{"sentinel", "serve"}, args...), to, p.stderr)
		_ = to.Close() // never fails
	}()
	line, err := bufio.NewReader(from).ReadString('\n')
	if err != nil {
		t.Fatalf("no address: %v\n%s", err, p.stderr.text())
	}
	p.address = strings.TrimSpace(line)
	return p
}

// get waits until the page holds what is wanted.
func (p *page) get(t *testing.T, address, wanted string) string {
	t.Helper()
	for range 600 {
		answer, err := p.client.Get(address)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(answer.Body)
		if err := answer.Body.Close(); err != nil {
			t.Fatal(err)
		}
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(body), wanted) {
			return string(body)
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatalf("%s never showed %q\n%s", address, wanted, p.stderr.text())
	return ""
}

// end presses Ctrl-C.
func (p *page) end(t *testing.T) {
	t.Helper()
	if err := syscall.Kill(os.Getpid(), syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	if status := <-p.status; status != 0 {
		t.Errorf("status %d\n%s", status, p.stderr.text())
	}
}

func (p *page) base() string { before, _, _ := strings.Cut(p.address, "?"); return before }

func TestServe(t *testing.T) {
	t.Chdir(t.TempDir())
	done(t, "generate", "--flows", "20000", "--attack", "beacon", "day.parquet")
	args := []string{"--cache-dir", "cache", "day.parquet"}

	first := servePage(t, args...)
	first.get(t, first.address, "every 5.0 min") // the finding, once the day is judged
	first.get(t, first.base()+"sql?q=SELECT+count(*)+AS+n+FROM+flows", "<table")
	refused, err := http.Get(first.base())
	if err != nil {
		t.Fatal(err)
	}
	if err := refused.Body.Close(); err != nil || refused.StatusCode != http.StatusForbidden {
		t.Errorf("without its token: %v, %v", refused.Status, err)
	}
	first.end(t)

	second := servePage(t, append([]string{"--listen", "localhost:0"}, args...)...) // out of the cache, wherever it is shown
	second.get(t, second.address, "every 5.0 min")
	second.end(t)
	if text := second.stderr.text(); strings.Contains(text, "hint") {
		t.Errorf("the second time: %s", text)
	}
	if stores, err := filepath.Glob("cache/*.store"); err != nil || len(stores) != 1 {
		t.Errorf("the cache has %v, %v", stores, err)
	}
}

// What is allowed may change from one time to the next, under the same name.
func TestServeJudgesAnewByAnotherList(t *testing.T) {
	t.Chdir(t.TempDir())
	done(t, "generate", "--flows", "20000", "--attack", "beacon", "day.parquet")
	writeFile(t, "allow.txt", "192.0.2.1 # nobody\n")
	args := []string{"--cache-dir", "cache", "--allow", "allow.txt", "day.parquet"}
	first := servePage(t, args...)
	first.get(t, first.address, "every 5.0 min")
	first.end(t)
	writeFile(t, "allow.txt", "192.168.0.0/16 # everybody\n0.0.0.0/0 # and everywhere\n")
	second := servePage(t, args...)
	second.get(t, second.address, "facts")
	if page := second.get(t, second.base()+"findings", "id=\"title-detection\""); strings.Contains(page, "every 5.0 min") {
		t.Error("the findings are those of the list before")
	}
	second.end(t)
}

func TestServeShowsWhyThereIsNothing(t *testing.T) {
	t.Chdir(t.TempDir())
	writeFile(t, "odd.bin", "\x00\x01odd")
	p := servePage(t, "--no-cache", "odd.bin")
	p.get(t, p.address, "is no format")
	p.end(t)
	if text := p.stderr.text(); !strings.Contains(text, "odd.bin") || !strings.Contains(text, "hint: ") {
		t.Errorf("standard error: %s", text)
	}
}
