package html

import (
	"fmt"
	"html/template"
	"path/filepath"
	"strings"

	"sentinel/internal/finding"
	"sentinel/internal/output"
	"sentinel/internal/report"
)

// headline is what a reader sees first.
type headline struct {
	*report.Report
	Name      string
	Verdict   string
	Calm      bool // nothing needs attention
	Counts    []severityCount
	Attention []trouble
	Look      []trouble
	Facts     []fact
}

type severityCount struct {
	Severity finding.Severity
	Count    int
}

// fact is a figure with its name.
type fact struct{ Name, Value string }

// Headline is the top of the page: what was read, when, what to think of it, and the hosts in trouble. Its heading has
// level 1.
func Headline(r *report.Report) (template.HTML, error) {
	attention, look := troubles(r)
	h := headline{
		Report: r, Name: captureName(r), Attention: attention, Look: look, Facts: facts(r),
		Verdict: verdict(r, attention, look), Calm: len(attention) == 0,
	}
	if r.Detection != nil {
		h.Counts = severityCounts(r.Findings)
	}
	return render("headline", h)
}

func severityCounts(findings []finding.Finding) (counts []severityCount) {
	for severity := finding.Critical; severity >= finding.Info; severity-- {
		count := severityCount{Severity: severity}
		for _, f := range findings {
			if f.Severity == severity {
				count.Count++
			}
		}
		counts = append(counts, count)
	}
	return counts
}

func captureName(r *report.Report) string {
	if len(r.Inputs) == 1 {
		return output.Printable(filepath.Base(r.Inputs[0].Path))
	}
	return output.Counted(int64(len(r.Inputs)), "capture")
}

func pageTitle(r *report.Report) string { return captureName(r) + " – Sentinel" }

func facts(r *report.Report) []fact {
	s := r.Summary
	list := []fact{
		{"Flows", output.Count(s.Flows)}, {"Hosts", output.Count(s.Hosts)}, {"Servers", output.Count(s.Servers)},
		{"Uploaded", output.Bytes(s.UpBytes)}, {"Downloaded", output.Bytes(s.DownBytes)},
	}
	if s.Flows > 0 {
		list = append(list, fact{"Time span", r.Span(s.First, s.Last)})
	}
	if s.Internal.Flows != nil {
		list = append(list, fact{"Inside the network", output.Counted(*s.Internal.Flows, "flow")})
	}
	return list
}

// made tells who made the report, and when.
func made(p report.Provenance) string {
	text := "Sentinel " + output.Printable(p.Version)
	if p.Generated != "" {
		text += ", " + moment(p.Generated)
	}
	return text
}

// moment prints the time of a run, which stands in RFC 3339, as the other times of the page are.
func moment(rfc3339 string) string {
	return strings.NewReplacer("T", " ", "Z", " UTC").Replace(rfc3339)
}

// few is how many hosts a sentence names.
const few = 4

// verdict is the report in a sentence.
func verdict(r *report.Report, attention, look []trouble) string {
	d := r.Detection
	switch {
	case d == nil:
		return "No detector was asked: this report holds figures, no judgement."
	case void(d) > 0 && void(d) == len(d.Ran):
		return "No detector could judge this capture; the reasons are below."
	case len(attention) == 0 && len(look) == 0:
		return "No host needs attention: nothing stood out beyond what chance and ordinary days do." + reservation(d)
	case len(attention) == 0:
		return fmt.Sprintf("No host needs attention; %s.%s", deserve(look, ""), reservation(d))
	}
	text := needs(attention) + ": "
	if hostsIn(attention) <= few {
		text += namedWith(attention)
	} else {
		text += strings.Join(kinds(r, attention), ", ")
	}
	if len(look) > 0 {
		text += "; " + deserve(look, " more")
	}
	return text + "."
}

// void counts the detectors that could not judge.
func void(d *report.Detection) (count int) {
	for _, one := range d.Ran {
		if one.Void != "" {
			count++
		}
	}
	return count
}

// reservation keeps a reader from taking silence for safety where detectors could not judge.
func reservation(d *report.Detection) string {
	if void(d) == 0 {
		return ""
	}
	return fmt.Sprintf(" But %d of %s could not judge.", void(d), output.Counted(int64(len(d.Ran)), "detector"))
}

func needs(all []trouble) string {
	if n := hostsIn(all); n != 1 {
		return fmt.Sprintf("%s hosts need attention", output.Count(int64(n)))
	}
	return "1 host needs attention"
}

func deserve(all []trouble, more string) string {
	if n := hostsIn(all); n != 1 {
		return fmt.Sprintf("%s%s deserve a look", output.Count(int64(n)), more)
	}
	return "1" + more + " deserves a look"
}

func hostsIn(all []trouble) (hosts int) {
	for _, one := range all {
		hosts += len(one.Hosts)
	}
	return hosts
}

func namedWith(all []trouble) string {
	var texts []string
	for _, one := range all {
		var why, hosts []string
		for _, reason := range one.Reasons {
			why = appendNew(why, lowered(reason.Kind))
		}
		for _, host := range one.Hosts {
			hosts = append(hosts, host.String())
		}
		texts = append(texts, strings.Join(hosts, ", ")+" ("+strings.Join(why, ", ")+")")
	}
	return strings.Join(texts, "; ")
}

// kinds are the kinds of the reasons, each once.
func kinds(r *report.Report, all []trouble) (list []string) {
	for _, f := range r.Findings {
		for _, one := range all {
			for _, reason := range one.Reasons {
				if reason.ID == f.ID {
					list = appendNew(list, lowered(reason.Kind))
				}
			}
		}
	}
	return list
}
