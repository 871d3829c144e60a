package sheet

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Dialect is a way to write CSV. Both are UTF-8, end lines with CR LF and write
// days as 2026-03-31.
type Dialect int

const (
	// Swedish is what a Swedish Excel opens by a double click: a byte order
	// mark, semicolons, decimal comma; a share as 12,5%.
	Swedish Dialect = iota
	// RFC4180 is for programs: commas, decimal point, no byte order mark; a
	// share as 0.125.
	RFC4180
)

// CSV is a table that is written as text.
type CSV struct {
	w       *csv.Writer
	dialect Dialect
	columns []Column
	row     int
}

// NewCSV begins a table with its headings.
func NewCSV(w io.Writer, d Dialect, columns []Column) (*CSV, error) {
	c := &CSV{w: csv.NewWriter(w), dialect: d, columns: columns, row: 1}
	c.w.UseCRLF = true
	if d == Swedish {
		c.w.Comma = ';'
		if _, err := io.WriteString(w, "\uFEFF"); err != nil {
			return nil, fmt.Errorf("sheet: write: %w", err)
		}
	}
	titles := make([]string, len(columns))
	for i, column := range columns {
		titles[i] = guard(strings.TrimSpace(clean(column.Title)))
	}
	return c, c.write(titles)
}

// Row writes the next row: one value per column, of the column's kind. Text that
// a spreadsheet would take for a formula gets an apostrophe before it, which
// Read takes away again. A Formula is refused: text works nothing out.
func (c *CSV) Row(in ...any) error {
	c.row++
	values, err := cells(c.columns, c.row, in)
	if err != nil {
		return err
	}
	out := make([]string, len(values))
	for i, v := range values {
		if v.formula != "" {
			return &Error{Row: c.row, Column: i + 1, err: fmt.Errorf("%w: a formula", ErrValue)}
		}
		out[i] = c.cell(c.columns[i].Kind, v)
	}
	return c.write(out)
}

func (c *CSV) cell(kind Kind, v value) string {
	switch {
	case v.empty:
		return ""
	case kind == Text:
		return guard(v.text)
	case kind == Integer:
		return strconv.FormatInt(v.number, 10)
	case kind == Date:
		return v.date.String()
	case kind == Money:
		sign, ore := "", uint64(v.number) //nolint:gosec // the negative is turned below
		if v.number < 0 {
			sign, ore = "-", -ore
		}
		return c.decimal(fmt.Sprintf("%s%d.%02d", sign, ore/100, ore%100))
	case c.dialect == Swedish:
		return c.decimal(strconv.FormatFloat(v.share*100, 'f', 1, 64)) + "%"
	default:
		return strconv.FormatFloat(v.share, 'f', -1, 64)
	}
}

func (c *CSV) decimal(s string) string {
	if c.dialect == Swedish {
		return strings.Replace(s, ".", ",", 1)
	}
	return s
}

func (c *CSV) write(fields []string) error {
	if len(fields) == 1 && fields[0] == "" {
		// The library writes such a row as an empty line, which readers skip.
		fields = []string{" "}
	}
	if err := c.w.Write(fields); err != nil {
		return fmt.Errorf("sheet: write: %w", err)
	}
	return nil
}

// Close writes what is left. It does not close the writer beneath.
func (c *CSV) Close() error {
	c.w.Flush()
	if err := c.w.Error(); err != nil {
		return fmt.Errorf("sheet: write: %w", err)
	}
	return nil
}

// danger is what a spreadsheet takes for the beginning of a formula. Spaces
// before it do not help.
func danger(s string) bool {
	s = strings.TrimLeft(s, " \u00a0")
	return s != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(s)[0])
}

// guard puts an apostrophe before dangerous text, and before what looks as if it
// had one already, so that unguard gives back every text as it was.
func guard(s string) string {
	if danger(strings.TrimLeft(s, "'")) {
		return "'" + s
	}
	return s
}

func unguard(s string) string {
	if rest, ok := strings.CutPrefix(s, "'"); ok && danger(strings.TrimLeft(rest, "'")) {
		return rest
	}
	return s
}
