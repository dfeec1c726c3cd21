// Package catalog lists the forms in which a report can be handed over.
package catalog

import (
	"sentinel/internal/output"
	"sentinel/internal/output/csv"
	"sentinel/internal/output/ecs"
	"sentinel/internal/output/html"
	"sentinel/internal/output/json"
	"sentinel/internal/output/markdown"
	"sentinel/internal/output/ocsf"
	"sentinel/internal/output/pdf"
	"sentinel/internal/output/sarif"
	"sentinel/internal/output/stix"
)

// All lists them: those for people first.
var All = []output.Format{
	html.Format, markdown.Format, pdf.Format, json.Format, csv.Format, ecs.Format, ocsf.Format, sarif.Format, stix.Format,
}
