package pdf

import (
	"strconv"
	"strings"
	"sync"

	"codeberg.org/go-fonts/liberation/liberationsansregular"
	"golang.org/x/image/font/sfnt"

	"sentinel/internal/output"
)

// typeface tells which characters the font has; the bold one has the same.
var typeface = sync.OnceValue(func() *sfnt.Font {
	font, err := sfnt.Parse(liberationsansregular.TTF)
	if err != nil {
		panic(err) // the font is part of the binary
	}
	return font
})

// legible makes text from anywhere fit for the page: what is no letter is an escape, as on every output, and so is what
// the font lacks.
func legible(text string) string {
	var (
		b      strings.Builder
		buffer sfnt.Buffer
	)
	for _, r := range output.PrintableLong(text) {
		if index, err := typeface().GlyphIndex(&buffer, r); err == nil && index != 0 {
			b.WriteRune(r)
			continue
		}
		b.WriteString(strings.Trim(strconv.QuoteRuneToASCII(r), "'"))
	}
	return b.String()
}
