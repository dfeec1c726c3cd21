package host_test

import (
	"strings"
	"testing"

	"sentinel/internal/packet/host"
)

const request = "GET /a?b=http://other.example.com/ HTTP/1.1\r\nUser-Agent: x\r\nHOST:\t WWW.Example.com:8080 \r\nHost: second.example.com\r\n\r\nbody"

func TestParse(t *testing.T) {
	for payload, want := range map[string]string{
		request:                                  "www.example.com",
		"GET / HTTP/1.0\nhost: example.com.\n\n": "example.com",
		"GET / HTTP/1.1\r\nHost: [2001:DB8::1]:81\r\n\r\n":                          "2001:db8::1",
		"GET / HTTP/1.1\r\nHost: 192.0.2.1:81\r\n\r\n":                              "192.0.2.1",
		"POST / HTTP/1.1\r\nHost:example.com\r\n":                                   "example.com",
		"CONNECT Example.com:443 HTTP/1.1\r\n\r\n":                                  "example.com",
		"CONNECT example.com:443 HTTP/1.1\r\nHost: example.org:443\r\n":             "example.org",
		"CONNECT [2001:db8::1]:443 HTTP/1.1\r\n":                                    "2001:db8::1",
		"GET http://user@Example.com:80/x@y HTTP/1.1\r\nAccept: */*\r\n\r\n":        "example.com",
		"GET http://example.com?q HTTP/1.1\r\n\r\n":                                 "example.com",
		"VERSION-CONTROL /x HTTP/1.1\r\nHost: example.com\r\n\r\n":                  "example.com",
		"GET /a b HTTP/1.1\r\nHost: example.com\r\n":                                "example.com",
		"GET / HTTP/1.1\r\n\r\nHost: in.the.body.example.com\r\n":                   "",
		"GET / HTTP/1.1\r\nHost: cut.exam":                                          "",
		"GET / HTTP/1.1\r\nHost:\r\n\r\n":                                           "",
		"GET / HTTP/1.1\r\nX-Host: example.com\r\n\r\n":                             "",
		"GET /x://example.com/ HTTP/1.1\r\n\r\n":                                    "",
		"HTTP/1.1 200 OK\r\nHost: example.com\r\n\r\n":                              "",
		"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n":                                          "",
		"OPTIONS sip:a@example.com SIP/2.0\r\nHost: example.com\r\n":                "",
		"SSH-2.0-OpenSSH\r\n":                                                       "",
		"get / HTTP/1.1\r\nHost: example.com\r\n":                                   "",
		"GET / HTTP/1.1\r\nHost: " + strings.Repeat("a", 256) + "\r\n":              "",
		"GET /" + strings.Repeat("a", 20000) + " HTTP/1.1\r\nHost: example.com\r\n": "",
		"": "",
	} {
		if got := host.Parse([]byte(payload)); got != want {
			t.Errorf("%.60q names %q, want %q", payload, got, want)
		}
	}
}

func TestCutShort(t *testing.T) {
	named := strings.Index(request, " \r\nHost: second") + len(" \r\n")
	for length := range request {
		want := ""
		if length >= named {
			want = "www.example.com"
		}
		if got := host.Parse([]byte(request[:length])); got != want {
			t.Errorf("%d bytes name %q, want %q", length, got, want)
		}
	}
}

func TestAllocations(t *testing.T) {
	payload := []byte(request)
	if allocs := testing.AllocsPerRun(10, func() { host.Parse(payload) }); allocs > 1 {
		t.Errorf("%v allocations, want that of the name", allocs)
	}
}

func BenchmarkParse(b *testing.B) {
	payload := []byte(request)
	for b.Loop() {
		host.Parse(payload)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(request))
	f.Add([]byte("CONNECT [2001:db8::1]:443 HTTP/1.1\r\n"))
	f.Add([]byte("GET http://user@example.com:80/ HTTP/1.1\r\n\r\n"))
	f.Fuzz(func(t *testing.T, payload []byte) {
		if got := host.Parse(payload); len(got) > 255 {
			t.Errorf("a name of %d bytes", len(got))
		}
	})
}
