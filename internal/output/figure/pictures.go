package figure

import (
	"sentinel/internal/output"
	"sentinel/internal/report"
)

// Pictures, under the names that the original gave them.
const (
	CountryPicture = "connectionsxcountry.png"
	HourPicture    = "connectionsxhour.png"
)

// Pictures are those that the original draws, of what the report has.
func Pictures(r *report.Report) (files []output.File) {
	if r.Countries != nil {
		files = append(files, output.File{Name: CountryPicture, Write: Countries(r).PNG})
	}
	if r.Hours != nil {
		files = append(files, output.File{Name: HourPicture, Write: Hours(r).PNG})
	}
	return files
}
