package sarif

// log has the properties of SARIF 2.1.0, section 3, that Sentinel fills.
type log struct {
	Schema  string `json:"$schema"`
	Version string `json:"version"`
	Runs    []run  `json:"runs"`
}

type run struct {
	Tool        tool         `json:"tool"`
	Invocations []invocation `json:"invocations"`
	Artifacts   []artifact   `json:"artifacts"`
	Taxonomies  []component  `json:"taxonomies,omitempty"`
	Results     []result     `json:"results"`
	Properties  *properties  `json:"properties,omitempty"`
}

type tool struct {
	Driver component `json:"driver"`
}

type component struct {
	Name            string   `json:"name"`
	Version         string   `json:"version,omitempty"`
	SemanticVersion string   `json:"semanticVersion,omitempty"`
	Organization    string   `json:"organization,omitempty"`
	InformationURI  string   `json:"informationUri,omitempty"`
	Short           *message `json:"shortDescription,omitempty"`
	Rules           []rule   `json:"rules,omitempty"`
	Taxa            []taxon  `json:"taxa,omitempty"`
}

type rule struct {
	ID         string     `json:"id"`
	Name       string     `json:"name"`
	Short      message    `json:"shortDescription"`
	Full       message    `json:"fullDescription"`
	Help       help       `json:"help"`
	Properties properties `json:"properties"`
}

type taxon struct {
	ID      string `json:"id"`
	Name    string `json:"name,omitempty"`
	HelpURI string `json:"helpUri"`
}

type message struct {
	Text string `json:"text"`
}

type help struct {
	Text     string `json:"text"`
	Markdown string `json:"markdown"`
}

type invocation struct {
	Successful    bool           `json:"executionSuccessful"`
	Notifications []notification `json:"toolExecutionNotifications,omitempty"`
}

type notification struct {
	Level   string  `json:"level"`
	Message message `json:"message"`
}

type artifact struct {
	Location    location          `json:"location"`
	Description message           `json:"description"`
	Roles       []string          `json:"roles"`
	Hashes      map[string]string `json:"hashes,omitempty"`
}

type location struct {
	URI   string `json:"uri"`
	Index *int   `json:"index,omitempty"`
}

type result struct {
	RuleID       string            `json:"ruleId"`
	RuleIndex    int               `json:"ruleIndex"`
	Kind         string            `json:"kind"`
	Level        string            `json:"level"`
	Rank         int               `json:"rank"`
	Message      message           `json:"message"`
	Locations    []place           `json:"locations"`
	Fingerprints map[string]string `json:"partialFingerprints"`
	Taxa         []reference       `json:"taxa,omitempty"`
	Properties   properties        `json:"properties"`
}

type place struct {
	Physical physicalLocation  `json:"physicalLocation"`
	Logical  []logicalLocation `json:"logicalLocations,omitempty"`
}

type physicalLocation struct {
	Artifact location `json:"artifactLocation"`
	Region   region   `json:"region"`
}

// region is the first line of a file: a finding has no place in it, but GitHub shows nothing without a line.
type region struct {
	StartLine int `json:"startLine"`
}

type logicalLocation struct {
	Name string `json:"name"`
	Kind string `json:"kind"`
}

type reference struct {
	ID        string             `json:"id"`
	Component componentReference `json:"toolComponent"`
}

type componentReference struct {
	Name string `json:"name"`
}

// properties is a property bag (SARIF 2.1.0, 3.8); encoding/json writes its keys in order.
type properties map[string]any
