package ocsf

import "sentinel/internal/output/alert"

// document has the attributes of the class Detection Finding that a finding fills. Times are milliseconds since the
// epoch.
type document struct {
	ActivityID      int          `json:"activity_id"`
	ActivityName    string       `json:"activity_name"`
	CategoryUID     int          `json:"category_uid"`
	CategoryName    string       `json:"category_name"`
	ClassUID        int          `json:"class_uid"`
	ClassName       string       `json:"class_name"`
	TypeUID         int          `json:"type_uid"`
	TypeName        string       `json:"type_name"`
	StatusID        int          `json:"status_id"`
	Status          string       `json:"status"`
	IsAlert         bool         `json:"is_alert"`
	SeverityID      int          `json:"severity_id"`
	Severity        string       `json:"severity"`
	ConfidenceID    int          `json:"confidence_id"`
	Confidence      string       `json:"confidence"`
	ConfidenceScore int          `json:"confidence_score"`
	Time            int64        `json:"time"`
	StartTime       int64        `json:"start_time"`
	EndTime         int64        `json:"end_time"`
	Message         string       `json:"message"`
	Metadata        metadata     `json:"metadata"`
	FindingInfo     info         `json:"finding_info"`
	Evidences       []evidence   `json:"evidences"`
	Observables     []observable `json:"observables,omitempty"`
	Remediation     remediation  `json:"remediation"`
}

type metadata struct {
	Version string  `json:"version"`
	Product product `json:"product"`
	UID     string  `json:"uid"`
}

type product struct {
	Name    string `json:"name"`
	Vendor  string `json:"vendor_name"`
	Version string `json:"version,omitempty"`
}

type info struct {
	UID         string   `json:"uid"`
	Title       string   `json:"title"`
	Desc        string   `json:"desc"`
	Types       []string `json:"types"`
	FirstSeen   int64    `json:"first_seen_time"`
	LastSeen    int64    `json:"last_seen_time"`
	Analytic    analytic `json:"analytic"`
	Attacks     []attack `json:"attacks,omitempty"`
	DataSources []string `json:"data_sources"`
}

type analytic struct {
	UID    string `json:"uid"`
	Name   string `json:"name"`
	Desc   string `json:"desc,omitempty"`
	TypeID int    `json:"type_id"`
	Type   string `json:"type"`
}

type attack struct {
	Tactics   []named `json:"tactics,omitempty"`
	Technique named   `json:"technique"`
	Sub       *named  `json:"sub_technique,omitempty"`
	Version   string  `json:"version"`
}

type named struct {
	UID    string `json:"uid"`
	Name   string `json:"name,omitempty"`
	Source string `json:"src_url"`
}

type evidence struct {
	Source      *endpoint   `json:"src_endpoint,omitempty"`
	Destination *endpoint   `json:"dst_endpoint,omitempty"`
	Connection  *connection `json:"connection_info,omitempty"`
	Data        data        `json:"data"`
}

type endpoint struct {
	IP       string `json:"ip,omitempty"`
	Port     *int64 `json:"port,omitempty"`
	Hostname string `json:"hostname,omitempty"`
}

type connection struct {
	Protocol  string `json:"protocol_name"`
	Number    int    `json:"protocol_num,omitempty"`
	Direction int    `json:"direction_id"` // 0: unknown
}

// data is what the schema leaves to the product.
type data struct {
	Score   float64        `json:"score"`
	PValue  *float64       `json:"p_value,omitempty"`
	Figures []alert.Figure `json:"evidence,omitempty"`
	Filters []alert.Query  `json:"filters,omitempty"`
}

type observable struct {
	Name   string `json:"name"`
	Type   string `json:"type"`
	TypeID int    `json:"type_id"`
	Value  string `json:"value"`
}

type remediation struct {
	Desc string `json:"desc"`
}
