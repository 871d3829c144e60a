package sheet

import (
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"github.com/overens/overens/internal/day"
)

// Book is a workbook in the making. It is one goroutine's, and its sheets are
// written one after the other: a new one ends the one before.
type Book struct {
	file   *excelize.File
	names  map[string]bool
	open   *Sheet
	styles map[Kind]int
	bold   int
}

// NewBook begins a workbook. Close must be called in the end, also after an
// error: rows that do not fit in memory lie in a file.
func NewBook() (*Book, error) {
	b := &Book{file: excelize.NewFile(), names: map[string]bool{}, styles: map[Kind]int{}}
	if err := b.prepare(); err != nil {
		return nil, errors.Join(fmt.Errorf("sheet: begin workbook: %w", err), b.file.Close())
	}
	return b, nil
}

func (b *Book) prepare() (err error) {
	// What is said of the file is what is known of it: no person, no machine.
	if err := b.file.SetDocProps(&excelize.DocProperties{Creator: "Överens"}); err != nil {
		return err
	}
	if err := b.file.SetAppProps(&excelize.AppProperties{Application: "Överens"}); err != nil {
		return err
	}
	for kind, style := range map[Kind]*excelize.Style{
		// A cell for text stays one when somebody edits it, whatever it begins with.
		Text:    {NumFmt: 49, Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}},
		Integer: {NumFmt: 1, Alignment: &excelize.Alignment{Vertical: "top"}},
		Date:    {CustomNumFmt: new("yyyy-mm-dd"), Alignment: &excelize.Alignment{Vertical: "top"}},
		Money:   {NumFmt: 4, Alignment: &excelize.Alignment{Vertical: "top"}},
		Percent: {CustomNumFmt: new("0.0%"), Alignment: &excelize.Alignment{Vertical: "top"}},
	} {
		if b.styles[kind], err = b.file.NewStyle(style); err != nil {
			return err
		}
	}
	b.bold, err = b.file.NewStyle(&excelize.Style{NumFmt: 49, Font: &excelize.Font{Bold: true}, Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}})
	return err
}

// Sheet is one sheet of a workbook.
type Sheet struct {
	book    *Book
	stream  *excelize.StreamWriter
	name    string
	columns []Column
	row     int // the last written
}

// What a workbook can hold.
const (
	maxName  = 31
	maxRows  = 1 << 20
	maxText  = 32_767
	maxWidth = 255
)

// Sheet begins the next sheet: its headings are bold, stay in sight and can be
// filtered by. A name is at most 31 characters, without : \ / ? * [ ] ' and
// unlike every other in the book, letter case aside.
func (b *Book) Sheet(name string, columns []Column) (*Sheet, error) {
	if err := b.end(); err != nil {
		return nil, err
	}
	if name != strings.TrimSpace(clean(name)) || name == "" || len(utf16.Encode([]rune(name))) > maxName || strings.ContainsAny(name, `:\/?*[]'`+"\n\t") ||
		strings.EqualFold(name, "history") { // Excel keeps it for itself
		return nil, fmt.Errorf("sheet: %q cannot be the name of a sheet", name)
	}
	if len(columns) == 0 || len(columns) > excelize.MaxColumns || b.names[strings.ToLower(name)] {
		return nil, fmt.Errorf("sheet: %q has no columns, too many, or another sheet's name", name)
	}
	if err := b.add(name); err != nil {
		return nil, fmt.Errorf("sheet: begin sheet: %w", err)
	}
	s := &Sheet{book: b, name: name, columns: columns}
	if err := s.head(); err != nil {
		return nil, fmt.Errorf("sheet: write headings: %w", err)
	}
	b.open = s
	return s, nil
}

// add makes the sheet, or takes the one that the library begins every book with.
func (b *Book) add(name string) error {
	defer func() { b.names[strings.ToLower(name)] = true }()
	if len(b.names) == 0 {
		return b.file.SetSheetName(b.file.GetSheetName(0), name)
	}
	_, err := b.file.NewSheet(name)
	return err
}

func (s *Sheet) head() (err error) {
	if s.stream, err = s.book.file.NewStreamWriter(s.name); err != nil {
		return err
	}
	for i, c := range slices.Backward(s.columns) { // each is put before the others, and they must rise
		width := c.Width
		if width == 0 {
			width = map[Kind]int{Text: 28, Integer: 10, Date: 12, Money: 16, Percent: 10}[c.Kind]
		}
		if err := s.stream.SetColWidth(i+1, i+1, float64(min(width, maxWidth))); err != nil {
			return err
		}
	}
	if err := s.stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	titles := make([]any, len(s.columns))
	for i, c := range s.columns {
		titles[i] = excelize.Cell{StyleID: s.book.bold, Value: strings.TrimSpace(clean(c.Title))}
	}
	s.row = 1
	return s.stream.SetRow("A1", titles)
}

// Row writes the next row: one value per column, of the column's kind.
func (s *Sheet) Row(in ...any) error {
	if s.book.open != s {
		return errors.New("sheet: this sheet is ended")
	}
	row := s.row + 1
	if row > maxRows {
		return &Error{Row: row, err: fmt.Errorf("%w: a workbook has %d", ErrTooManyRows, maxRows)}
	}
	values, err := cells(s.columns, row, in)
	if err != nil {
		return err
	}
	out := make([]any, len(values))
	for i, v := range values {
		if out[i], err = s.cell(s.columns[i].Kind, v); err != nil {
			return &Error{Row: row, Column: i + 1, err: err}
		}
	}
	at, err := excelize.CoordinatesToCellName(1, row)
	if err != nil {
		return &Error{Row: row, err: err}
	}
	if err := s.stream.SetRow(at, out); err != nil {
		return &Error{Row: row, err: err}
	}
	s.row = row
	return nil
}

// The first day whose number is the same in every spreadsheet: Excel believes in
// 29 February 1900.
var firstDay = day.Of(1900, 3, 1)

func (s *Sheet) cell(kind Kind, v value) (any, error) {
	c := excelize.Cell{StyleID: s.book.styles[kind]}
	switch {
	case v.empty:
		return nil, nil
	case v.formula != "":
		c.Formula = v.formula
		switch {
		case v.worked && kind == Money:
			c.Value = float64(v.number) / 100
		case v.worked:
			c.Value = v.number
		}
	case kind == Text:
		// Length is counted in UTF-16; the library would cut without a word.
		if utf8.RuneCountInString(v.text) > maxText/2 && len(utf16.Encode([]rune(v.text))) > maxText {
			return nil, fmt.Errorf("%w: text longer than %d characters", ErrValue, maxText)
		}
		c.Value = inRuns(v.text)
	case kind == Integer:
		c.Value = v.number
		if v.number > 1<<53 || v.number < -1<<53 { // a spreadsheet would round it
			c.Value, c.StyleID = fmt.Sprint(v.number), s.book.styles[Text]
		}
	case kind == Money:
		c.Value = float64(v.number) / 100
	case kind == Percent:
		c.Value = math.Round(v.share*1e12) / 1e12
	case v.date.Before(firstDay):
		c.Value, c.StyleID = v.date.String(), s.book.styles[Text]
	default:
		c.Value = v.date.Sub(firstDay) + 61
	}
	return c, nil
}

func (b *Book) end() error {
	s := b.open
	if s == nil {
		return nil
	}
	b.open = nil
	last, err := excelize.CoordinatesToCellName(len(s.columns), s.row)
	if err != nil {
		return fmt.Errorf("sheet: end sheet: %w", err)
	}
	if err := b.file.AutoFilter(s.name, "A1:"+last, nil); err != nil {
		return fmt.Errorf("sheet: end sheet: %w", err)
	}
	if err := s.stream.Flush(); err != nil {
		return fmt.Errorf("sheet: end sheet: %w", err)
	}
	return nil
}

// Write ends the workbook and writes it whole.
func (b *Book) Write(w io.Writer) error {
	if len(b.names) == 0 {
		return errors.New("sheet: a workbook has at least one sheet")
	}
	if err := b.end(); err != nil {
		return err
	}
	if err := b.file.Write(w); err != nil {
		return fmt.Errorf("sheet: write workbook: %w", err)
	}
	return nil
}

// Close lets go of the workbook and of the files it needed.
func (b *Book) Close() error {
	b.open = nil
	if err := b.file.Close(); err != nil {
		return fmt.Errorf("sheet: close workbook: %w", err)
	}
	return nil
}

// seemsCoded is what a reader takes for one character, so that what is written is not
// what is read. The library knows some of it and drops the rest.
var seemsCoded = regexp.MustCompile(`_x[0-9A-Za-z]{4}_`)

// inRuns is a text as it is, or, where a part of it would be taken for a
// character, in runs that are cut inside of that part.
func inRuns(text string) any {
	var runs []excelize.RichTextRun
	for at := seemsCoded.FindStringIndex(text); at != nil; at = seemsCoded.FindStringIndex(text) {
		runs = append(runs, excelize.RichTextRun{Text: text[:at[0]+1]})
		text = text[at[0]+1:]
	}
	if runs == nil {
		return text
	}
	return append(runs, excelize.RichTextRun{Text: text})
}
