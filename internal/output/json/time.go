package json

import (
	"net/netip"

	"sentinel/internal/report"
)

// week counts flows by day, Monday first, and hour.
type week struct {
	Flows [7][24]int64 `json:"flows"`
}

type timeline struct {
	Start       string  `json:"start"`
	StepSeconds float64 `json:"step_seconds"`
	Flows       []int64 `json:"flows"`
}

type edge struct {
	SrcIP netip.Addr `json:"src_ip"`
	DstIP netip.Addr `json:"dst_ip"`
	Flows int64      `json:"flows"`
	First string     `json:"first"`
	Last  string     `json:"last"`
}

// beside is what the baseline was like.
type beside struct {
	Summary   summary    `json:"summary"`
	Countries *[]country `json:"countries,omitempty"`
	Hours     *[]hour    `json:"hours,omitempty"`
	Timeline  *timeline  `json:"timeline,omitempty"`
}

func convertWeek(w *report.Week) *week {
	if w == nil {
		return nil
	}
	return &week{w.Flows}
}

func convertTimeline(t *report.Timeline) *timeline {
	if t == nil {
		return nil
	}
	return &timeline{moment(t.Start), float64(t.Step) / 1e6, notNil(t.Flows)}
}

func convertEdge(e report.Edge) edge {
	return edge{e.SrcIP, e.DstIP, e.Flows, moment(e.First), moment(e.Last)}
}

func convertCountries(countries []report.Country) *[]country {
	return section(countries, func(c report.Country) country { return country{c.Code, c.Flows, c.UpBytes, c.DownBytes} })
}

func convertHours(hours []report.Hour) *[]hour {
	return section(hours, func(h report.Hour) hour { return hour(h) })
}

func convertBeside(b *report.Beside, undated bool) *beside {
	if b == nil {
		return nil
	}
	return &beside{convertSummary(b.Summary, undated), convertCountries(b.Countries), convertHours(b.Hours), convertTimeline(b.Timeline)}
}
