package sheet

import (
	"bytes"
	"fmt"
	"io"
	"strings"
)

// Limits say how large a table that is read may be.
type Limits struct {
	Bytes    int64 // of the file
	Unpacked int64 // of what is read from a workbook, which is packed
	Rows     int   // below the headings, empty ones not counted
	Columns  int
}

// Usual are limits for a register that a person keeps.
var Usual = Limits{Bytes: 10 << 20, Unpacked: 32 << 20, Rows: 20_000, Columns: 200}

// Table is what was read: the first row that says anything is the headings. The
// cells are text without space around it; a day is 2026-03-31, a time of a day
// 2026-03-31T09:30, a number is written with a point and without grouping where
// the file was a workbook, and as it stood where it was CSV.
type Table struct {
	Header []string
	Rows   []Row // those that say anything
}

// Row is one row. It has as many cells as the table has headings.
type Row struct {
	Number int // as a spreadsheet counts, from 1
	Cells  []string
}

// Column is the place of the column with one of these headings, letter case
// aside; the first name that fits counts.
func (t Table) Column(names ...string) (int, bool) {
	for _, name := range names {
		for i, heading := range t.Header {
			if heading != "" && strings.EqualFold(heading, strings.TrimSpace(name)) {
				return i, true
			}
		}
	}
	return 0, false
}

// Read reads a table from a workbook (its first sheet that is not hidden) or
// from CSV: with semicolon, comma or tab, in UTF-8, UTF-16 or Windows-1252. The
// file tells which it is; its name does not matter. It may come from anybody: of
// a workbook nothing is unpacked beyond the limits, and no formula is worked out.
func Read(r io.Reader, l Limits) (Table, error) {
	raw, err := io.ReadAll(io.LimitReader(r, l.Bytes+1))
	if err != nil {
		return Table{}, fmt.Errorf("sheet: read: %w", err)
	}
	if int64(len(raw)) > l.Bytes {
		return Table{}, fmt.Errorf("sheet: %w of %d", ErrTooLarge, l.Bytes)
	}
	g := &gatherer{limits: l}
	switch {
	case bytes.HasPrefix(raw, []byte("PK\x03\x04")):
		err = readBook(raw, g)
	case bytes.HasPrefix(raw, []byte("\xd0\xcf\x11\xe0")):
		err = fmt.Errorf("sheet: %w", ErrOldWorkbook)
	default:
		err = readText(raw, g)
	}
	if err != nil {
		return Table{}, err
	}
	if g.table.Header == nil {
		return Table{}, fmt.Errorf("sheet: %w", ErrEmpty)
	}
	return g.table, nil
}

// gatherer makes a table of the rows that are read, one after the other.
type gatherer struct {
	limits Limits
	table  Table
}

// add takes the next row. It keeps nothing of the slice itself.
func (g *gatherer) add(number int, in []string) error {
	last := -1
	for i := range in {
		if in[i] = strings.TrimSpace(in[i]); in[i] != "" {
			last = i
		}
	}
	switch {
	case last < 0:
		return nil
	case last >= g.limits.Columns:
		return &Error{Row: number, Column: last + 1, err: fmt.Errorf("%w of %d", ErrTooManyColumns, g.limits.Columns)}
	case g.table.Header == nil:
		return g.head(number, in[:last+1])
	case last >= len(g.table.Header):
		return &Error{Row: number, Column: last + 1, err: ErrNoHeading}
	case len(g.table.Rows) == g.limits.Rows:
		return &Error{Row: number, err: fmt.Errorf("%w of %d", ErrTooManyRows, g.limits.Rows)}
	}
	row := Row{Number: number, Cells: make([]string, len(g.table.Header))}
	copy(row.Cells, in[:last+1])
	g.table.Rows = append(g.table.Rows, row)
	return nil
}

func (g *gatherer) head(number int, in []string) error {
	seen := map[string]bool{}
	for i, heading := range in {
		heading = strings.Join(strings.Fields(heading), " ")
		if key := strings.ToLower(heading); key != "" {
			if seen[key] {
				return &Error{Row: number, Column: i + 1, err: ErrTwice}
			}
			seen[key] = true
		}
		g.table.Header = append(g.table.Header, heading)
	}
	return nil
}
