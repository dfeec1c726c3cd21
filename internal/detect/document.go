package detect

import (
	"fmt"
	"strings"
)

// Document is the page of a detector with its parameters, as Markdown.
func (d Detector) Document() string {
	var b strings.Builder
	b.WriteString(strings.TrimRight(d.Page, "\n"))
	fmt.Fprintf(&b, "\n\n## Reference\n| | |\n| - | - |\n| finds | %s |\n| null hypothesis or rule | %s |\n| ATT&CK | %s |\n| needs | %s |\n",
		d.Finds, d.Null, strings.Join(d.Attack, ", "), d.needs())
	if len(d.Params) == 0 {
		return b.String()
	}
	fmt.Fprintf(&b, "\n| parameter | default | from | to | meaning |\n| - | -: | -: | -: | - |\n")
	for _, param := range d.Params {
		fmt.Fprintf(&b, "| `%s.%s` | %g | %g | %g | %s |\n", d.ID, param.Name, param.Default, param.Min, param.Max, param.Doc)
	}
	return b.String()
}

func (d Detector) needs() string {
	needs := []string{"the required columns"}
	needs = append(needs, d.Columns...)
	if d.Relative {
		needs = append(needs, "a baseline")
	}
	return strings.Join(needs, ", ")
}
