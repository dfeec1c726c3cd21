package alert

import (
	"encoding/json"
	"io"

	"sentinel/internal/finding"
	"sentinel/internal/report"
)

// WriteLines writes findings as JSON, a line each (NDJSON).
func WriteLines[Document any](w io.Writer, r *report.Report, convert func(*report.Report, finding.Finding) Document) error {
	encoder := json.NewEncoder(w)
	for _, f := range r.Findings {
		if err := encoder.Encode(convert(r, f)); err != nil {
			return err
		}
	}
	return nil
}
