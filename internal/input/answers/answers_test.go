package answers_test

import (
	"fmt"
	"net/netip"
	"testing"

	"sentinel/internal/flow"
	"sentinel/internal/input/answers"
)

var (
	client = netip.MustParseAddr("192.0.2.1")
	other  = netip.MustParseAddr("192.0.2.2")
	server = netip.MustParseAddr("198.51.100.1")
	second = netip.MustParseAddr("2001:db8::1")
)

func TestName(t *testing.T) {
	book := answers.New()
	for i, name := range []string{"a.example.com", "a.example.com", "b.example.com"} {
		book.Add(&flow.Lookup{Time: int64(i+1) * 100, Client: client, Name: name}, []netip.Addr{server, second})
	}
	book.Add(&flow.Lookup{Time: 1000, Client: client, Name: "none.example.com"}, nil)
	for _, test := range []struct {
		client, server netip.Addr
		until          int64
		want           string
	}{
		{client, server, 99, ""}, {client, server, 100, "a.example.com"}, {client, server, 299, "a.example.com"},
		{client, server, 300, "b.example.com"}, {client, second, 5000, "b.example.com"}, {other, server, 5000, ""}, {server, client, 5000, ""},
	} {
		if got := book.Name(test.client, test.server, test.until); got != test.want {
			t.Errorf("%s to %s at %d is %q, want %q", test.client, test.server, test.until, got, test.want)
		}
	}
}

// TestManyNames looks back no further than is quick.
func TestManyNames(t *testing.T) {
	book := answers.New()
	for i := range 1000 {
		book.Add(&flow.Lookup{Time: int64(i), Client: client, Name: fmt.Sprintf("host%d.example.com", i)}, []netip.Addr{server})
	}
	if got := book.Name(client, server, 990); got != "host990.example.com" {
		t.Errorf("at 990: %q", got)
	}
	if got := book.Name(client, server, 5); got != "" {
		t.Errorf("at 5: %q, want none", got)
	}
	if book.Full() {
		t.Error("1000 answers fill it")
	}
}
