// Package catalog lists the forms in which a report can be handed over.
package catalog

import (
	"sentinel/internal/output"
	"sentinel/internal/output/json"
	"sentinel/internal/output/markdown"
)

// All lists them: those for people first.
var All = []output.Format{markdown.Format, json.Format}
