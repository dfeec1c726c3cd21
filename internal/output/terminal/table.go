package terminal

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"sentinel/internal/output"
)

// column describes one column of a table on the terminal.
type column struct {
	title string
	right bool // numbers stand to the right
	wide  bool // gives way first where the terminal is narrow
}

// table writes rows under titles, no wider than the terminal, and says what it left out.
func (p *printer) table(columns []column, rows [][]string) {
	shown := rows
	if p.Rows > 0 && len(rows) > p.Rows {
		shown = rows[:p.Rows]
	}
	t := table.NewWriter()
	t.SetStyle(p.style())
	t.SetColumnConfigs(p.columnConfigs(columns, shown))
	var header table.Row
	for _, column := range columns {
		header = append(header, column.title)
	}
	t.AppendHeader(header)
	for _, row := range shown {
		var cells table.Row
		for _, cell := range row {
			cells = append(cells, cell)
		}
		t.AppendRow(cells)
	}
	for line := range strings.Lines(t.Render()) {
		p.printf("%s\n", strings.TrimRight(line, " \n"))
	}
	if hidden := len(rows) - len(shown); hidden > 0 {
		p.printf("  … and %s more; --details shows all\n", output.Count(int64(hidden)))
	}
}

// WriteTable writes a table of its own, all columns to the left; the last is broken into lines where the terminal is narrow.
func WriteTable(w io.Writer, width int, titles []string, rows [][]string) error {
	p := &printer{Writer: bufio.NewWriter(w), Options: Options{Width: width}, fit: text.WrapSoft}
	var columns []column
	for i, title := range titles {
		columns = append(columns, column{title: title, wide: i == len(titles)-1})
	}
	p.table(columns, rows)
	return p.Flush()
}

func (p *printer) style() table.Style {
	style := table.StyleDefault
	style.Options = table.Options{SeparateHeader: false}
	style.Box = table.BoxStyle{PaddingLeft: " ", PaddingRight: " ", UnfinishedRow: "…"}
	style.Format.Header = text.FormatDefault
	style.Color = table.ColorOptions{}
	if p.Colour {
		style.Color.Header = text.Colors{text.Faint, text.Underline}
	}
	style.Size.WidthMax = max(p.Width, 40)
	return style
}

// columnConfigs aligns the columns and makes the wide ones narrower until the table fits.
func (p *printer) columnConfigs(columns []column, rows [][]string) []table.ColumnConfig {
	widths := make([]int, len(columns))
	total, wide := 0, 0
	for i, column := range columns {
		widths[i] = text.StringWidthWithoutEscSequences(column.title)
		for _, row := range rows {
			widths[i] = max(widths[i], text.StringWidthWithoutEscSequences(row[i]))
		}
		total += widths[i] + 2
		if column.wide {
			wide++
		}
	}
	var configs []table.ColumnConfig
	for i, column := range columns {
		config := table.ColumnConfig{Number: i + 1, Align: text.AlignLeft}
		if column.right {
			config.Align, config.AlignHeader = text.AlignRight, text.AlignRight
		}
		if over := total - p.Width; column.wide && over > 0 {
			config.WidthMax = max(widths[i]-(over+wide-1)/wide, 8)
			config.WidthMaxEnforcer = p.fit
		}
		configs = append(configs, config)
	}
	return configs
}

// shorten cuts a cell to width and marks that it did.
func shorten(cell string, width int) string {
	if text.StringWidthWithoutEscSequences(cell) <= width {
		return cell
	}
	return text.Trim(cell, width-1) + "…"
}

// list joins as many addresses as a cell is worth.
func list[T fmt.Stringer](items []T, most int) string {
	joined := ""
	for i, item := range items {
		if i == most {
			return fmt.Sprintf("%s +%d", joined, len(items)-most)
		}
		if i > 0 {
			joined += " "
		}
		joined += item.String()
	}
	return joined
}
