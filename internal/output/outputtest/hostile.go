package outputtest

import (
	"strings"

	"sentinel/internal/report"
)

// Hostile are texts that an attacker may have put into a capture or its name, by what they attack.
var Hostile = map[string]string{
	"element":        `<script>alert(1)</script><img src=x onerror=alert(2)>`,
	"attribute":      `"><img onerror=alert(1)>`,
	"entity":         `&lt;script&gt;&#60;b&#62;`,
	"table":          `a|b|c`,
	"code":           "`rm -rf` ``` x",
	"emphasis":       `**bold** _it_ ~~gone~~ # title`,
	"link":           `[click](javascript:alert(1))`,
	"end of link":    `](javascript:alert(1))`,
	"picture":        `![x](https://evil.example/x.png)`,
	"bare link":      `https://evil.example/a www.evil.example mallory@evil.example`,
	"escape":         "\x1b[31mred\x1b]0;title\x07\x1b[2J",
	"C1 escape":      "\u009b31m\u009d0;x\u009c",
	"right to left":  "abc\u202egpj.exe\u2066x\u2069",
	"newline":        "a\n# b\r\n> c,\"d\"\n",
	"null":           "a\x00b",
	"not UTF-8":      "a\xff\xfeb",
	"line separator": "a\u2028b\u2029c",
	"long":           strings.Repeat("x", 10_000),
	"wide":           "日本語 😀 שלום العربية é̀",
	"quotes":         `' OR '1'='1'; -- "] OR [ipv4-addr:value = '192.0.2.1`,
	"formula":        `=cmd|' /C calc'!A0`,
	"formula tab":    "\t=1+1",
	"surrogate":      `\ud800 \u0000`,
	"PDF":            `) Tj ET /JS (app.alert(1)) (`,
}

// Spoiled is Full with the text wherever text can come from: a capture, a file name, a database, a list.
func Spoiled(text string) *report.Report {
	r := Full()
	r.Inputs[0].Path, r.Inputs[0].Format, r.Inputs[0].Clock = text, text, text
	r.Inputs[0].Columns[0].Field, r.Inputs[0].Ignored = text, []string{text}
	r.Inputs[0].Skipped[0].Reason, r.Inputs[0].Skipped[0].Example = text, text
	r.Inputs[0].Notes[0] = report.Note{Text: text, Hint: text}
	r.Failures[0] = report.Failure{Path: text, Reason: text, Hint: text}
	r.Baseline[0].Path, r.Notes[0] = text, report.Note{Text: text, Hint: text}
	r.Provenance.Databases[0], r.Provenance.Settings[0].Value = text, text
	for i := range r.Findings {
		f := &r.Findings[i]
		f.Name, f.Proto, f.Title, f.Explanation, f.Remedy = text, text, text, text, text
		f.Evidence[0].Text = text
	}
	r.Findings[0].Modifiers[0].Reason, r.Findings[0].Filters[0].Query = text, text
	r.Findings[0].Exhibits[0].Title, r.Findings[1].Exhibits[0].Points[0].Label = text, text
	r.Detection.Ran[0].Looked, r.Detection.Ran[2].Void = text, text
	r.Comparison.Dimensions[0].Changes[0].Key = text
	r.Countries[0].Name, r.Ports[0].Proto = text, text
	place := report.Place{Country: "PT", Owner: text, Name: text}
	r.Exfiltration.Hosts[0].Place, r.Botnet.Destinations[0].Place, r.Talkers.Hosts[0].Place, r.Talkers.Servers[0].Place = place, place, place, place
	return r
}
