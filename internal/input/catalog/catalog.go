// Package catalog lists the formats that Sentinel reads.
package catalog

import (
	"sentinel/internal/input"
	"sentinel/internal/input/table"
)

// All are the formats in the order in which they are asked whether a file is theirs: those that know a file by its
// first bytes, then those that know its words, and the tables, which take almost any text, last.
var All = input.Formats{
	table.Parquet,
	table.JSON,
	table.CSV,
}
