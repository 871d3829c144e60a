package web

import (
	"strconv"
	"strings"

	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/meeting"
)

// yearsFigure is how often bodies met, year by year: a line for each body, on one
// scale, with a mark for each meeting and for each that was not held.
type yearsFigure struct {
	Years  []yearHead
	Rows   []yearsRow
	Height string
	Foot   string // where the hairlines end
	Desc   string
	Demo   bool
	Missed bool
	Coming bool
}

// yearHead is where a year begins.
type yearHead struct {
	Year     int
	X, TextX string
}

// yearsRow is one body's line.
type yearsRow struct {
	Name           string
	Y, NameY       string
	Marks          []yearDot
	Years          []yearCell
	Kept, Promised int
}

// yearDot is one meeting: held, to come, or missing.
type yearDot struct{ Class, X string }

// yearCell is a body's year in the table.
type yearCell struct {
	Class, Word, Count string
	Year               int
	Known              bool
}

// rowHeight is how high a body's line is, its name above it.
const rowHeight = 58

// yearsFigure draws it; nil where nothing is promised.
func (v *visit) yearsFigure(p meeting.Promise, on day.Day) *yearsFigure {
	first, last := on.Year(), on.Year()
	for _, a := range p.Accounts {
		if len(a.Years) > 0 {
			first = min(first, a.Years[0].Year)
		}
	}
	if p.Kind != meeting.PromisedMeetings || len(p.Accounts) == 0 {
		return nil
	}
	f := &yearsFigure{}
	of := float64(last - first + 1)
	at := func(year int, part float64) string { return percent(100 * (float64(year-first) + part) / of) }
	for year := first; year <= last; year++ {
		f.Years = append(f.Years, yearHead{year, at(year, 0), at(year, 0.03)})
	}
	var says []string
	for i, a := range p.Accounts {
		y := 34 + i*rowHeight
		r := yearsRow{Name: v.accountName(a), Y: strconv.Itoa(y + 30), NameY: strconv.Itoa(y + 8), Kept: a.Done, Promised: a.Promised, Years: make([]yearCell, last-first+1)}
		for _, year := range a.Years {
			word := v.Of("health.year.", year.State)
			class := map[string]string{meeting.YearKept: "on", meeting.YearMissed: "late", meeting.YearRunning: "half", meeting.YearShort: "waits", meeting.YearPartly: "none"}[year.State]
			r.Years[year.Year-first] = yearCell{class, word, v.T("health.year_count", "held", year.Held, "of", year.Promised), year.Year, true}
			for _, m := range year.Meetings {
				mark := yearDot{"on", at(year.Year, float64(m.On.Sub(day.Of(year.Year, 1, 1)))/366)}
				if !m.Held {
					mark.Class, f.Coming = "next", true
				}
				f.Demo = f.Demo || m.Demo
				r.Marks = append(r.Marks, mark)
			}
			if year.State == meeting.YearMissed {
				f.Missed = true
				for n := range min(year.Promised-year.Held, 6) {
					r.Marks = append(r.Marks, yearDot{"late", at(year.Year, 0.97-0.05*float64(n))})
				}
			}
		}
		says = append(says, v.T("health.years_desc", "body", r.Name, "done", a.Done, "of", a.Promised))
		f.Rows = append(f.Rows, r)
	}
	f.Desc = strings.Join(says, " ")
	bottom := 34 + len(p.Accounts)*rowHeight
	f.Height, f.Foot = strconv.Itoa(bottom+4), strconv.Itoa(bottom)
	return f
}
