package json

import "sentinel/internal/output"

// Format is the value that the catalog lists.
var Format = output.Format{
	ID: "json", Title: "JSON", Extension: ".json", Thorough: true,
	Doc:   "the whole report as one document, of the form that docs/schema.json states, for programs",
	Write: Write,
}
