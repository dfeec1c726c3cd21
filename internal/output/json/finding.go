package json

import (
	"net/netip"

	"sentinel/internal/finding"
	"sentinel/internal/report"
)

// Finding is one finding as the document has it. Fields that do not apply are null.
type Finding struct {
	ID          string           `json:"id"`
	Detector    string           `json:"detector"`
	Severity    finding.Severity `json:"severity"`
	Score       float64          `json:"score"`
	PValue      *float64         `json:"p_value"`
	SrcIP       *netip.Addr      `json:"src_ip"`
	DstIP       *netip.Addr      `json:"dst_ip"`
	DstName     string           `json:"dst_name,omitempty"`
	DstPort     *int64           `json:"dst_port"`
	Proto       string           `json:"proto"`
	Hosts       []netip.Addr     `json:"hosts"`
	First       string           `json:"first"`
	Last        string           `json:"last"`
	Title       string           `json:"title"`
	Explanation string           `json:"explanation"`
	Evidence    []evidence       `json:"evidence"`
	Exhibits    []exhibit        `json:"exhibits,omitempty"`
	Modifiers   []modifier       `json:"modifiers"`
	Attack      []string         `json:"attack"`
	Remedy      string           `json:"remedy"`
	Filters     []filter         `json:"filters"`
	Also        []string         `json:"also"`
}

type evidence struct {
	Name  string   `json:"name"`
	Value *float64 `json:"value"`
	Text  string   `json:"text"`
}

type modifier struct {
	Delta  float64 `json:"delta"`
	Reason string  `json:"reason"`
}

type filter struct {
	Tool  string `json:"tool"`
	Query string `json:"query"`
}

type detection struct {
	Ran           []ran        `json:"ran"`
	Tests         int          `json:"tests"`
	Rejected      int          `json:"rejected"`
	Allowed       int          `json:"allowed"`
	ExpectedFalse float64      `json:"expected_false"`
	Servers       []netip.Addr `json:"servers"`
	Resolvers     []netip.Addr `json:"resolvers"`
}

type ran struct {
	Detector string `json:"detector"`
	Looked   string `json:"looked"`
	Void     string `json:"void"`
	Tests    int    `json:"tests"`
	Found    int    `json:"found"`
}

// ConvertFinding brings a finding into the form of the document.
func ConvertFinding(f finding.Finding) Finding {
	return Finding{
		ID: f.ID, Detector: f.Detector, Severity: f.Severity, Score: f.Score, PValue: defined(f.PValue),
		SrcIP: valid(f.SrcIP), DstIP: valid(f.DstIP), DstName: f.Name, DstPort: notNegative(f.DstPort), Proto: f.Proto, Hosts: notNil(f.Hosts),
		First: moment(f.First), Last: moment(f.Last), Title: f.Title, Explanation: f.Explanation,
		Evidence:  each(f.Evidence, func(e finding.Evidence) evidence { return evidence{e.Name, defined(e.Value), e.Text} }),
		Exhibits:  each(f.Exhibits, convertExhibit),
		Modifiers: each(f.Modifiers, func(m finding.Modifier) modifier { return modifier(m) }),
		Attack:    notNil(f.Attack), Remedy: f.Remedy,
		Filters: each(f.Filters, func(q finding.Filter) filter { return filter(q) }),
		Also:    notNil(f.Also),
	}
}

func valid(address netip.Addr) *netip.Addr {
	if !address.IsValid() {
		return nil
	}
	return &address
}

func notNegative(port int64) *int64 {
	if port < 0 {
		return nil
	}
	return &port
}

func convertDetection(d *report.Detection) *detection {
	if d == nil {
		return nil
	}
	return &detection{
		Ran:   each(d.Ran, func(r report.Ran) ran { return ran{r.ID, r.Looked, r.Void, r.Tests, r.Found} }),
		Tests: d.Tests, Rejected: d.Rejected, Allowed: d.Allowed, ExpectedFalse: d.ExpectedFalse,
		Servers: notNil(d.Servers), Resolvers: notNil(d.Resolvers),
	}
}
