package alert

import (
	"strings"

	"sentinel/internal/finding"
)

// Tactic is why an adversary acts, by ATT&CK.
type Tactic struct {
	ID    string
	Name  string
	Phase string // how STIX calls it
}

// URL is the tactic's page.
func (t Tactic) URL() string { return "https://attack.mitre.org/tactics/" + t.ID }

// Technique is how an adversary acts, by ATT&CK.
type Technique struct {
	ID     string
	Name   string // empty of a technique that Version does not have
	Tactic Tactic
}

// URL is the technique's page.
func (t Technique) URL() string {
	return "https://attack.mitre.org/techniques/" + strings.ReplaceAll(t.ID, ".", "/")
}

// Parent is the technique that a sub-technique belongs to, or itself.
func (t Technique) Parent() Technique {
	id, _, _ := strings.Cut(t.ID, ".")
	return named(id)
}

// Sub tells whether it is a sub-technique.
func (t Technique) Sub() bool { return strings.Contains(t.ID, ".") }

// Version is the version of ATT&CK that names are from.
const Version = "18.1"

var (
	reconnaissance = Tactic{"TA0043", "Reconnaissance", "reconnaissance"}
	resources      = Tactic{"TA0042", "Resource Development", "resource-development"}
	credentials    = Tactic{"TA0006", "Credential Access", "credential-access"}
	discovery      = Tactic{"TA0007", "Discovery", "discovery"}
	lateral        = Tactic{"TA0008", "Lateral Movement", "lateral-movement"}
	collection     = Tactic{"TA0009", "Collection", "collection"}
	command        = Tactic{"TA0011", "Command and Control", "command-and-control"}
	exfiltration   = Tactic{"TA0010", "Exfiltration", "exfiltration"}
	impact         = Tactic{"TA0040", "Impact", "impact"}
)

// techniques are those that the detectors name, and the parents of their sub-techniques.
var techniques = map[string]Technique{
	"T1021":     {Name: "Remote Services", Tactic: lateral},
	"T1029":     {Name: "Scheduled Transfer", Tactic: exfiltration},
	"T1041":     {Name: "Exfiltration Over C2 Channel", Tactic: exfiltration},
	"T1046":     {Name: "Network Service Discovery", Tactic: discovery},
	"T1048":     {Name: "Exfiltration Over Alternative Protocol", Tactic: exfiltration},
	"T1071":     {Name: "Application Layer Protocol", Tactic: command},
	"T1071.004": {Name: "DNS", Tactic: command},
	"T1095":     {Name: "Non-Application Layer Protocol", Tactic: command},
	"T1110":     {Name: "Brute Force", Tactic: credentials},
	"T1119":     {Name: "Automated Collection", Tactic: collection},
	"T1498":     {Name: "Network Denial of Service", Tactic: impact},
	"T1499":     {Name: "Endpoint Denial of Service", Tactic: impact},
	"T1567":     {Name: "Exfiltration Over Web Service", Tactic: exfiltration},
	"T1568":     {Name: "Dynamic Resolution", Tactic: command},
	"T1568.002": {Name: "Domain Generation Algorithms", Tactic: command},
	"T1570":     {Name: "Lateral Tool Transfer", Tactic: lateral},
	"T1571":     {Name: "Non-Standard Port", Tactic: command},
	"T1572":     {Name: "Protocol Tunneling", Tactic: command},
	"T1583":     {Name: "Acquire Infrastructure", Tactic: resources},
	"T1584":     {Name: "Compromise Infrastructure", Tactic: resources},
	"T1584.005": {Name: "Botnet", Tactic: resources},
	"T1595":     {Name: "Active Scanning", Tactic: reconnaissance},
}

func named(id string) Technique {
	technique := techniques[id]
	technique.ID = id
	return technique
}

// Techniques names what a finding is evidence of, in the order of the finding.
func Techniques(f finding.Finding) []Technique {
	list := make([]Technique, 0, len(f.Attack))
	for _, id := range f.Attack {
		list = append(list, named(id))
	}
	return list
}
