package ecs

import (
	"net/netip"

	"sentinel/internal/finding"
	"sentinel/internal/output/alert"
)

// document has the fields of the schema that a finding fills; what the schema does not know is below sentinel.
type document struct {
	Timestamp   string    `json:"@timestamp"`
	Message     string    `json:"message"`
	ECS         version   `json:"ecs"`
	Event       event     `json:"event"`
	Rule        described `json:"rule"`
	Threat      *threat   `json:"threat,omitempty"`
	Source      *end      `json:"source,omitempty"`
	Destination *end      `json:"destination,omitempty"`
	Network     *network  `json:"network,omitempty"`
	Related     related   `json:"related"`
	Observer    observer  `json:"observer"`
	Sentinel    sentinel  `json:"sentinel"`
}

type version struct {
	Version string `json:"version"`
}

type event struct {
	ID        string   `json:"id"`
	Kind      string   `json:"kind"`
	Category  []string `json:"category"`
	Type      []string `json:"type"`
	Module    string   `json:"module"`
	Dataset   string   `json:"dataset"`
	Severity  int      `json:"severity"`
	RiskScore int      `json:"risk_score"`
	Start     string   `json:"start"`
	End       string   `json:"end"`
	Duration  int64    `json:"duration"` // nanoseconds
	Reason    string   `json:"reason"`
}

type described struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
	Ruleset     string `json:"ruleset"`
}

type threat struct {
	Framework string     `json:"framework"`
	Tactic    names      `json:"tactic"`
	Technique *technique `json:"technique"`
}

type technique struct {
	names
	Sub *names `json:"subtechnique,omitempty"`
}

type names struct {
	ID        []string `json:"id,omitempty"`
	Name      []string `json:"name,omitempty"`
	Reference []string `json:"reference,omitempty"`
}

type end struct {
	Address string `json:"address"`
	IP      string `json:"ip,omitempty"`
	Port    *int64 `json:"port,omitempty"`
	Domain  string `json:"domain,omitempty"`
}

type network struct {
	Transport string `json:"transport,omitempty"`
	Type      string `json:"type,omitempty"`
}

type related struct {
	IP    []netip.Addr `json:"ip,omitempty"`
	Hosts []string     `json:"hosts,omitempty"`
}

type observer struct {
	Vendor  string `json:"vendor"`
	Product string `json:"product"`
	Type    string `json:"type"`
	Version string `json:"version"`
}

type sentinel struct {
	Finding own `json:"finding"`
}

type own struct {
	Severity finding.Severity `json:"severity"`
	Score    float64          `json:"score"`
	PValue   *float64         `json:"p_value,omitempty"`
	Hosts    int              `json:"hosts"`
	Evidence []alert.Figure   `json:"evidence,omitempty"`
	Remedy   string           `json:"remedy"`
	Filters  []alert.Query    `json:"filters,omitempty"`
	Also     []string         `json:"also,omitempty"`
}
