package synth

import (
	"encoding/base32"
	"fmt"
	"strings"

	"sentinel/internal/flow"
)

// Bytes of a question and its answer beside the name: header, length and end of the name, type and class (RFC 1035, 4.1);
// an answer by an address has a record that points to the name. Below both are the headers of IPv4 and UDP.
const (
	questionBytes = 12 + 2 + 4
	addressBytes  = 16
	headerBytes   = 28
)

// question enters what a flow asks the DNS; only the Office profile tells. The flow grows where the name does not fit.
func (p *pen) question(f *flow.Flow, name, record, code string) {
	if !p.page.office || !f.SrcIP.IsValid() {
		return
	}
	asked := questionBytes + int64(len(name))
	answered, answers := asked, int64(0)
	if code == "NOERROR" {
		answered, answers = asked+addressBytes, 1
	}
	f.UpBytes, f.DownBytes = max(f.UpBytes, asked+headerBytes), max(f.DownBytes, answered+headerBytes)
	p.page.questions = append(p.page.questions, question{len(p.page.flows), flow.Lookup{
		Time: f.Start, Client: f.SrcIP, Server: f.DstIP, Name: name, Type: record, Code: code,
		Answers: answers, UpBytes: f.UpBytes - headerBytes, DownBytes: f.DownBytes - headerBytes,
	}})
}

// question is a lookup and how many flows its page had when it was asked.
type question struct {
	flows  int
	lookup flow.Lookup
}

// cut leaves so many flows, and the questions that went in them.
func (g *page) cut(flows int) {
	g.flows = g.flows[:flows]
	last := len(g.questions)
	for last > 0 && g.questions[last-1].flows > flows {
		last--
	}
	g.questions = g.questions[:last]
}

// wonder enters a question about a site that its owner is about to visit, as real hosts ask: mostly its name, now and
// then another of a popular site's many, or something else that harmless programs ask. What it draws follows from the
// flow, so that flows do not depend on names.
func (p *pen) wonder(f *flow.Flow, name string) {
	if !p.page.office || !f.SrcIP.IsValid() {
		return
	}
	four := f.SrcIP.As16()
	s := newStream(uint64(f.Start), "question", int(four[14]), int(four[15]), int(f.SrcPort))
	for u, i := s.Float64(), 0; i < len(oddities); i++ {
		if u -= oddities[i].chance; u < 0 {
			odd, record, code := oddities[i].ask(s, name)
			if fits := questionBytes+headerBytes+int64(len(odd)) <= f.UpBytes; fits {
				p.question(f, odd, record, code)
				return
			}
			break
		}
	}
	p.question(f, name, pick(s, []string{"A", "A", "A", "A", "AAAA", "AAAA", "HTTPS"}), "NOERROR")
}

// oddity is a kind of question that is not simply about the next site.
type oddity struct {
	chance float64
	ask    func(s stream, name string) (odd, record, code string)
}

// Domains that harmless programs ask below.
const (
	searchSuffix = "corp.example"
	vendor       = "files.antivirus-vendor.example" // asks are rated by a hash
)

var oddities = []oddity{
	{0.02, func(_ stream, name string) (string, string, string) {
		return name + "." + searchSuffix, "A", "NXDOMAIN"
	}},
	{0.03, func(s stream, _ string) (string, string, string) {
		return fmt.Sprintf("%016x%016x.%s", s.Uint64(), s.Uint64(), vendor), "A", "NOERROR"
	}},
	{0.004, probe},
	{0.003, func(s stream, name string) (string, string, string) { return mistype(s, name), "A", "NXDOMAIN" }},
	{0.01, func(s stream, _ string) (string, string, string) {
		return fmt.Sprintf("%d.104.168.192.in-addr.arpa", s.IntN(256)), "PTR", pick(s, []string{"NOERROR", "NXDOMAIN"})
	}},
	{0.05, func(s stream, name string) (string, string, string) {
		return fmt.Sprintf("e%d.%s", s.IntN(40), registered(name)), "A", "NOERROR" // one of many hosts of a delivery network
	}},
}

// probe is a random name of one label, by which browsers find out whether their network lies about names.
func probe(s stream, _ string) (string, string, string) {
	return letters(s, 7+s.IntN(9)), "A", "NXDOMAIN"
}

func letters(s stream, count int) string {
	var b strings.Builder
	for range count {
		b.WriteByte(byte('a' + s.IntN(26)))
	}
	return b.String()
}

// mistype leaves out a letter of the registered domain.
func mistype(s stream, name string) string {
	domain := registered(name)
	at := 1 + s.IntN(3)
	return "www." + domain[:at] + domain[at+1:]
}

// registered is the domain that the owner of a name registered: two labels.
func registered(name string) string {
	top := strings.LastIndexByte(name, '.')
	return name[strings.LastIndexByte(name[:top], '.')+1:]
}

// payload spells random bytes as labels of at most 63 letters (RFC 1035, 2.3.4).
func payload(s stream, bytes int) string {
	raw := make([]byte, bytes)
	for i := range raw {
		raw[i] = byte(s.Uint32())
	}
	text := strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(raw))
	var labels []string
	for len(text) > 63 {
		labels, text = append(labels, text[:63]), text[63:]
	}
	return strings.Join(append(labels, text), ".")
}
