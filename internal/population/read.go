package population

import (
	"bytes"
	"strconv"
	"strings"
	"time"

	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/tenant"
)

// What is read may be so large and no larger.
const (
	MaxBytes = 16 << 20 // of a file
	MaxLines = 60_000   // figures: all municipalities for two hundred days
)

// mostProblems is how many of the rows that were refused are told of, one by one.
const mostProblems = 100

// Problem is why a row of what was read is no figure: a fault's key and what fills
// its words.
type Problem struct {
	Row  int        `json:"row"`
	Key  string     `json:"key"`
	Args fault.Args `json:"args,omitempty"`
}

// Batch is what was read from a file.
type Batch struct {
	Lines    []Line
	Read     int       // cells or rows that were looked at
	Skipped  int       // what is about a county or the nation, has no value, or stands twice
	Refused  int       // what is no figure
	Problems []Problem // why, the first hundred of them
	Source   string    // what the file says of itself
}

// Read reads figures from a file: a workbook (XLSX), text (CSV) or JSON-stat2 as
// PxWeb gives it. The file tells which it is. It may come from anybody. today is
// the last day that can have a figure.
func Read(raw []byte, today day.Day) (Batch, error) {
	b := &batch{today: today, first: map[place]int{}}
	var err error
	if start := bytes.TrimLeft(bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf")), " \t\r\n"); bytes.HasPrefix(start, []byte("{")) {
		err = readStat(start, b)
	} else {
		err = readTable(raw, b)
	}
	if err != nil {
		return Batch{}, err
	}
	return b.settled(), nil
}

// batch gathers lines as they are read.
type batch struct {
	Batch
	today day.Day
	first map[place]int  // where a place's line stands in Lines
	apart map[place]bool // places that were said to have two counts
}

// refuse notes a row that is no figure.
func (b *batch) refuse(row int, key string, pairs ...any) {
	b.Refused++
	if len(b.Problems) < mostProblems {
		b.Problems = append(b.Problems, Problem{Row: row, Key: key, Args: fault.New(fault.Invalid, key).With(pairs...).Args})
	}
}

// add takes a line whose municipality, day and count have been read.
func (b *batch) add(l Line) error {
	if l.Day.After(b.today) {
		b.refuse(l.Row, "population.ahead", "on", l.Day.String())
		return nil
	}
	if at, twice := b.first[l.place()]; twice {
		first := b.Lines[at]
		if first.Count == l.Count {
			b.Skipped++
			return nil
		}
		if b.apart == nil {
			b.apart = map[place]bool{}
		}
		b.apart[l.place()] = true
		b.refuse(l.Row, "population.twice", "code", l.Municipality, "on", l.Day.String(), "row", first.Row)
		return nil
	}
	if len(b.Lines) == MaxLines {
		return fault.Bad("population.too_many", "/file").With("limit", MaxLines)
	}
	b.first[l.place()] = len(b.Lines)
	b.Lines = append(b.Lines, l)
	return nil
}

// settled takes away the first of those that were said to have two counts:
// nobody knows which is right.
func (b *batch) settled() Batch {
	if len(b.apart) == 0 {
		return b.Batch
	}
	kept := b.Lines[:0:0]
	for _, l := range b.Lines {
		if b.apart[l.place()] {
			b.Refused++
			continue
		}
		kept = append(kept, l)
	}
	b.Lines = kept
	return b.Batch
}

// area is what a code of a place names.
type area int

const (
	unknownArea      area = iota
	municipalityArea      // one of the 290
	widerArea             // a county or the nation
)

// areaOf reads a code as registers and spreadsheets write it: "0580", "580" where
// a spreadsheet has taken the zero for a number's, "0580 Linköping"; "05" is a
// county and "00" the nation.
func areaOf(written string) (string, area) {
	code, _, _ := strings.Cut(strings.TrimSpace(written), " ")
	if code == "" || strings.ContainsFunc(code, func(r rune) bool { return r < '0' || r > '9' }) {
		return short(written), unknownArea
	}
	switch len(code) {
	case 1, 2:
		return code, widerArea
	case 3:
		code = "0" + code
	}
	if _, ok := tenant.MunicipalityByCode(code); ok {
		return code, municipalityArea
	}
	return short(code), unknownArea
}

// short is a value of the file's that stands in a message.
func short(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:39]) + "…"
	}
	return s
}

// dayOf reads a reference day: a day, or the last day of a year (2024), a quarter
// (2024K3) or a month (2024M11).
func dayOf(written string) (day.Day, bool) {
	if d, err := day.Parse(written); err == nil {
		return d, true
	}
	if len(written) < 4 {
		return day.Day{}, false
	}
	year, err := strconv.Atoi(written[:4])
	if err != nil || year < 1700 || year > 2999 || written[0] == '+' {
		return day.Day{}, false
	}
	month, part := 12, written[4:]
	if part != "" {
		n, err := strconv.Atoi(part[1:])
		switch kind := part[0]; {
		case err != nil || n < 1 || len(part) > 3 || part[1] == '+':
			return day.Day{}, false
		case (kind == 'K' || kind == 'Q') && n <= 4:
			month = 3 * n
		case kind == 'M' && n <= 12:
			month = n
		default:
			return day.Day{}, false
		}
	}
	return day.Of(year, time.Month(month+1), 0), true
}

// countOf reads a count as people write it: thousands may stand apart.
func countOf(written string) (int64, bool) {
	digits := strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", "\u2009", "").Replace(written)
	if digits == "" || strings.ContainsFunc(digits, func(r rune) bool { return r < '0' || r > '9' }) {
		return 0, false
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	return n, err == nil && possible(n)
}

// possible tells whether a municipality can have so many.
func possible(n int64) bool { return n > 0 && n < 100_000_000 }

// missing tells whether a cell says that there is no value, as statistics write it.
func missing(written string) bool {
	switch strings.TrimSpace(written) {
	case "", "..", "...", ".", "-", "–", "x", "X", "null":
		return true
	}
	return false
}
