package wire

import "sentinel/internal/flow"

// application is what the payload of a flow looks like.
type application struct {
	service string // as it is recognised by; empty where it is not
	proto   flow.Proto
	port    uint16
	// up and down write how the data of one direction begins, and tell how many bytes that took: 0 where the first
	// packet has no room for it.
	up, down func(*talk, []byte) int
	// record heads what one later packet carries.
	record func(b []byte, following int64)
	named  bool // up tells the name of the server
}

// talk is what the beginning of a direction is written from.
type talk struct {
	flow  *flow.Flow
	name  []byte
	total int64  // bytes of data this way
	hash  uint64 // of the flow
}

// applications are what payload is written for; the port decides where a flow has no service.
var applications = []application{
	{service: "tls", proto: flow.TCP, port: 443, up: clientHello, down: serverHello, record: tlsRecord, named: true},
	{service: "http", proto: flow.TCP, port: 80, up: httpRequest, down: httpResponse, named: true},
	{service: "dns", proto: flow.UDP, port: 53},
	{service: "ssh", proto: flow.TCP, port: 22, up: line("SSH-2.0-OpenSSH_9.9\r\n"), down: line("SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n")},
	{service: "smtp", proto: flow.TCP, port: 25, up: line("EHLO client.example\r\n"), down: line("220 mail.example ESMTP\r\n")},
	{service: "ntp", proto: flow.UDP, port: 123, up: line("\x23\x02\x06\xe9"), down: line("\x24\x01\x06\xe9")},
}

var (
	opaque         application
	dnsApplication = &applications[2]
)

// line begins with the same text always.
func line(text string) func(*talk, []byte) int {
	return func(_ *talk, b []byte) int {
		if len(b) < len(text) {
			return 0
		}
		return copy(b, text)
	}
}

func applicationOf(f *flow.Flow) *application {
	for i := range applications {
		app := &applications[i]
		if app.proto == f.Proto && (f.DstPort == app.port || f.Service == app.service) {
			return app
		}
	}
	return &opaque
}

// begin writes how the data of a direction begins.
func (a *application) begin(down bool, t *talk, b []byte) int {
	write := a.up
	if down {
		write = a.down
	}
	if write == nil {
		return 0
	}
	return write(t, b)
}

// shown is the service and the name that the payload tells.
func (p *plan) shown(f *flow.Flow) (service, name string) {
	if p.app == dnsApplication {
		return p.app.service, ""
	}
	if !p.shape.bears {
		return "", ""
	}
	t := newTalk(f, p.up.payload)
	if p.app.begin(false, &t, make([]byte, p.size(false, 0))) == 0 {
		return "", ""
	}
	if !p.app.named {
		return p.app.service, ""
	}
	return p.app.service, string(t.name)
}

func newTalk(f *flow.Flow, total int64) talk {
	t := talk{flow: f, total: total, hash: hashFlow(f)}
	t.name = appendServerName(nil, f)
	return t
}

func hashFlow(f *flow.Flow) uint64 { return mix(hashEnds(f) ^ uint64(f.Start)) }
