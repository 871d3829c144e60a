// Package sheet is the outlet for tables: it writes workbooks (XLSX) and two
// kinds of CSV, and reads what people send in, whichever of them it is. It is
// handed finished values and knows no room.
//
// What is text stays text. A spreadsheet takes a cell that begins with an equals
// sign for a formula, and a formula that somebody typed into a form must not run
// on the machine of whoever opens the file: here only a Formula is one.
package sheet

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"unicode"

	"github.com/xuri/excelize/v2"

	"github.com/overens/overens/internal/day"
)

// What can be wrong, for errors.Is. Where it has a place, the error is an *Error.
var (
	ErrUnreadable     = errors.New("this is neither a workbook (XLSX) nor text (CSV)")
	ErrOldWorkbook    = errors.New("this is a workbook of the old kind (XLS) or has a password")
	ErrEmpty          = errors.New("there is no row with headings")
	ErrTooLarge       = errors.New("more bytes than the limit")
	ErrTooManyRows    = errors.New("more rows than the limit")
	ErrTooManyColumns = errors.New("more columns than the limit")
	ErrTwice          = errors.New("two columns have the same heading")
	ErrNoHeading      = errors.New("a value stands beside the columns that have headings")
	ErrQuote          = errors.New("a quotation mark is misplaced")
	ErrValue          = errors.New("the column does not take this value")
)

// Error says where in a table something is wrong, counted from 1 as a
// spreadsheet counts. Column is 0 where the whole row is meant.
type Error struct {
	Row, Column int
	err         error
}

func (e *Error) Error() string {
	if e.Column == 0 {
		return fmt.Sprintf("sheet: row %d: %v", e.Row, e.err)
	}
	return fmt.Sprintf("sheet: row %d, column %s: %v", e.Row, ColumnName(e.Column), e.err)
}

func (e *Error) Unwrap() error { return e.err }

// ColumnName is what a spreadsheet calls its nth column: A, B, …, Z, AA.
func ColumnName(n int) string {
	name, err := excelize.ColumnNumberToName(n)
	if err != nil {
		return fmt.Sprint(n)
	}
	return name
}

// Kind is what the cells of a column hold.
type Kind int

// The kinds, and the Go values that their cells are written from. Any kind takes
// nil and the zero Day, which leave the cell empty, and in a workbook a Formula;
// numbers and money a Worked.
const (
	Text    Kind = iota // string
	Integer             // int, int64
	Date                // day.Day
	Money               // int64, in öre; shown in kronor
	Percent             // float64: 0.125 is shown as 12.5 %
)

// Column is a column to write.
type Column struct {
	Title string
	Kind  Kind
	Width int // in characters; 0 is what suits the kind
}

// Formula is what a workbook works out: "SUM(B2:B9)", in English and with
// commas, as the file format has it. Nothing that anybody typed belongs in it.
type Formula string

// Worked is a Formula with what it comes to, in whole numbers or öre: what is
// shown where nothing works it out, as in a preview.
type Worked struct {
	Formula Formula
	Value   int64
}

// value is a cell, checked against its column.
type value struct {
	empty   bool
	formula string
	worked  bool // number is what the formula comes to
	text    string
	number  int64 // also öre
	share   float64
	date    day.Day
}

// cells checks the values of one row.
func cells(columns []Column, row int, in []any) ([]value, error) {
	if len(in) != len(columns) {
		return nil, &Error{Row: row, err: fmt.Errorf("%w: %d values for %d columns", ErrValue, len(in), len(columns))}
	}
	out := make([]value, len(in))
	for i, v := range in {
		var ok bool
		if out[i], ok = cell(columns[i].Kind, v); !ok {
			return nil, &Error{Row: row, Column: i + 1, err: fmt.Errorf("%w: %T", ErrValue, v)}
		}
	}
	return out, nil
}

func cell(kind Kind, in any) (value, bool) {
	switch v := in.(type) {
	case nil:
		return value{empty: true}, true
	case Worked:
		return value{formula: strings.TrimPrefix(string(v.Formula), "="), worked: true, number: v.Value}, v.Formula != "" && (kind == Integer || kind == Money)
	case Formula:
		return value{formula: strings.TrimPrefix(string(v), "=")}, v != ""
	case string:
		text := clean(v)
		return value{text: text, empty: text == ""}, kind == Text
	case int:
		return value{number: int64(v)}, kind == Integer
	case int64:
		return value{number: v}, kind == Integer || kind == Money
	case float64:
		return value{share: v}, kind == Percent && !math.IsNaN(v) && !math.IsInf(v, 0)
	case day.Day:
		return value{date: v, empty: v.IsZero()}, kind == Date
	}
	return value{}, false
}

// clean keeps what a cell can hold: no control characters but tab and new line,
// and the line ends of one kind.
func clean(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(strings.ToValidUTF8(s, "\uFFFD"))
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' || r == '\uFFFE' || r == '\uFFFF' {
			return -1
		}
		return r
	}, s)
}
