package html

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"strings"

	"sentinel/internal/chart"
)

//go:embed report.css
var rules string

//go:embed report.js
var script string

var stylesheet = colours() + rules

// Stylesheet is the CSS of the page, the colours of its charts among it.
func Stylesheet() string { return stylesheet }

// Script is what makes tables sortable and searchable, findings filterable, and the theme a choice. It looks for what
// it needs, so it does on a page with other parts as well; enhanceReport, which it leaves behind, does so for parts that come later.
func Script() string { return script }

// colours are the charts' colours, light unless the reader's machine or choice says dark.
func colours() string {
	light, dark := chart.Light.CSS(), chart.Dark.CSS()
	return ":root{" + light + "}\n" +
		"@media screen and (prefers-color-scheme:dark){:root:not([data-theme=light]){" + dark + "}}\n" +
		"@media screen{:root[data-theme=dark]{" + dark + "}}\n"
}

// policy forbids whatever the page does not hold itself (Content Security Policy Level 3).
var policy = strings.Join([]string{
	"default-src 'none'", "style-src " + hashed(stylesheet), "script-src " + hashed(script), "img-src data:", "base-uri 'none'", "form-action 'none'",
}, "; ")

func hashed(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}
