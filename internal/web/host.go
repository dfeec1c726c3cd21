package web

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"sentinel/internal/explore"
	"sentinel/internal/output"
	"sentinel/internal/report"
)

// hostHead is what is known of a host besides its traffic.
type hostHead struct {
	Address string
	Roles   []string
	Place   string
	Figures []labelled
	Explain string // where the lines of the detectors are; empty: nowhere
	Peers   []table
	As      []labelled // its traffic as source alone, as destination alone
}

func showHost(v *visit) error {
	host, err := readAddress(v.r.PathValue("address"))
	if err != nil {
		return missing("%s is no address", output.Printable(v.r.PathValue("address")))
	}
	v.filter.Host = host
	l := lens{path: "/host/" + host.String(), filter: v.filter, pinned: true}
	content, err := v.survey(l)
	if err != nil {
		return err
	}
	if content.Head, err = v.head(host, l); err != nil {
		return err
	}
	return v.present("overview", v.frame("Host "+host.String(), ""), l, content)
}

func (v *visit) head(host netip.Addr, l lens) (*hostHead, error) {
	h := &hostHead{Address: host.String(), Roles: v.roles(host), Place: v.place(host)}
	if v.capture.Explain != nil {
		h.Explain = "/explain?host=" + host.String()
	}
	var opened, accepted explore.Totals
	outward, inward := ends(l.filter, host)
	group, ctx := errgroup.WithContext(v.ctx)
	group.Go(func() (err error) { opened, err = v.memo.totals(ctx, outward); return err })
	group.Go(func() (err error) { accepted, err = v.memo.totals(ctx, inward); return err })
	if err := group.Wait(); err != nil {
		return nil, err
	}
	h.As = []labelled{
		{"Opened", output.Counted(opened.Flows, "flow"), fmt.Sprintf("to %s; sent %s, received %s", output.Counted(opened.Servers, "destination"), output.Bytes(opened.UpBytes), output.Bytes(opened.DownBytes)), link("/flows", outward)},
		{"Accepted", output.Counted(accepted.Flows, "flow"), fmt.Sprintf("from %s; received %s, sent %s", output.Counted(accepted.Hosts, "source"), output.Bytes(accepted.UpBytes), output.Bytes(accepted.DownBytes)), link("/flows", inward)},
	}
	return h, nil
}

// ends are the filter for what a host opened, and for what it accepted.
func ends(filter explore.Filter, host netip.Addr) (outward, inward explore.Filter) {
	outward, inward = filter, filter
	if !filter.SrcIP.IsValid() || filter.SrcIP == host {
		outward.SrcIP, outward.Host = host, netip.Addr{}
	}
	if !filter.DstIP.IsValid() || filter.DstIP == host {
		inward.DstIP, inward.Host = host, netip.Addr{}
	}
	return outward, inward
}

// roles are what the detectors take a host for.
func (v *visit) roles(host netip.Addr) (roles []string) {
	r := v.capture.Report
	if slices.ContainsFunc(r.Summary.Internal.Networks, func(n netip.Prefix) bool { return n.Contains(host) }) {
		roles = append(roles, "internal")
	} else {
		roles = append(roles, "external")
	}
	if r.Detection == nil {
		return roles
	}
	if slices.Contains(r.Detection.Servers, host) {
		roles = append(roles, "server")
	}
	if slices.Contains(r.Detection.Resolvers, host) {
		roles = append(roles, "resolver")
	}
	return roles
}

// place is where a host is and whose, where a section of the report says so.
func (v *visit) place(host netip.Addr) string {
	for place := range places(v.capture.Report, host) {
		if place.Name != "" {
			return output.Printable(place.Name) + ", " + output.Origin(place)
		}
		return output.Origin(place)
	}
	return ""
}

// places are all that a report says of where a host is.
func places(r *report.Report, host netip.Addr) func(func(report.Place) bool) {
	return func(yield func(report.Place) bool) {
		if r.Talkers != nil {
			for _, t := range slices.Concat(r.Talkers.Hosts, r.Talkers.Servers) {
				if t.Address == host && !yield(t.Place) {
					return
				}
			}
		}
		if r.Exfiltration != nil {
			for _, t := range r.Exfiltration.Hosts {
				if t.SrcIP == host && !yield(t.Place) {
					return
				}
			}
		}
	}
}

// explainTime is how long the detectors may look, which may be as long as the first time.
const explainTime = 10 * time.Minute

// mostLines is how many lines of the detectors a page shows, those that fired or came nearest to it.
const mostLines = 60

// explanation is what the detectors see of a host.
type explanation struct {
	Lines []explainedLine
	More  int
}

type explainedLine struct {
	Detector, What, Value, Threshold, Why string
	Fired                                 bool
}

// showExplain is fetched by the page of a host when it is there: detectors take a while.
func showExplain(v *visit) error {
	if v.capture.Explain == nil {
		return missing("nobody explains hosts here")
	}
	if !v.filter.Host.IsValid() {
		return unclear(fmt.Errorf("no host is given"))
	}
	ctx, cancel := context.WithTimeout(v.r.Context(), explainTime)
	defer cancel()
	if err := unhurried(http.NewResponseController(v.w), explainTime); err != nil {
		return err
	}
	if err := v.site.asking.enter(ctx); err != nil {
		return err
	}
	defer v.site.asking.leave()
	lines, err := v.capture.Explain(ctx, v.filter.Host)
	if err != nil {
		return err
	}
	lines = slices.Clone(lines)
	slices.SortStableFunc(lines, func(a, b report.Line) int { return cmp.Compare(b.Closeness(), a.Closeness()) })
	content := explanation{More: max(len(lines)-mostLines, 0)}
	for _, line := range lines[:min(len(lines), mostLines)] {
		content.Lines = append(content.Lines, explainedLine{
			line.Detector, output.PrintableLong(line.What), defined(line.Value), defined(line.Threshold), output.PrintableLong(line.Why), line.Fired,
		})
	}
	v.site.pages.render(v.w, http.StatusOK, "explain", content)
	return nil
}

// defined prints a number, and nothing where there is none.
func defined(value float64) string {
	if !report.Defined(value) {
		return ""
	}
	return output.Rate(value)
}
