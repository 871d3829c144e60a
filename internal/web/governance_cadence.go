package web

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

// promise is how often a body meets against how often it is to: a mark for each
// meeting where it lay in its year, and one for each that was left out.
type promise struct {
	Rule     string // how often, in a sentence
	Known    bool   // whether anybody has said how often
	Years    []promisedYear
	Marks    []metMark
	Kept, Of int // years that are over, or kept already
	Next     *meeting.Sketch
	Desc     string
	on       day.Day // the day that it is told of
	Coming   bool    // whether the keys tell of these
	Missed   bool
	Held     bool
}

// promisedYear is one year of it.
type promisedYear struct {
	Year, Promised, Held int
	X, TextX             string
	Class, Word          string
}

// metMark is a meeting in the picture: held, to come, or left out.
type metMark struct{ X, Class string }

// promisedYears is how many years the picture bears.
const promisedYears = 6

// promiseOf is nil for whoever does not see every meeting: what one does not see
// must not be told of as left out. What each year came to is counted where all that
// was promised is.
func (v *visit) promiseOf(ctx context.Context, tx *pg.Tx, b tenant.Body, rules []tenant.Sentence) (*promise, error) {
	if !tx.May(auth.MeetingRead) {
		return nil, nil
	}
	// What a day to come will have had is not known yet.
	p := &promise{on: v.On}
	if v.Today.Before(v.On) {
		p.on = v.Today
	}
	if i := slices.IndexFunc(rules, func(r tenant.Sentence) bool { return r.Rule == "cadence" }); i >= 0 {
		p.Rule, p.Known = rules[i].Text, !rules[i].Unknown
	}
	years, err := meeting.Met(ctx, tx, b.Key, p.on, promisedYears)
	if err != nil {
		return nil, err
	}
	if p.on.Before(v.Today) { // what it had before it is not known any more
		for i := range years {
			years[i].Meetings = slices.DeleteFunc(years[i].Meetings, func(m meeting.Sketch) bool { return m.On.After(p.on) })
		}
		years = slices.DeleteFunc(years, func(y meeting.Year) bool { return y.Year > p.on.Year() })
	}
	if len(years) > promisedYears {
		years = years[len(years)-promisedYears:]
	}
	for i, y := range years {
		p.year(v, y, float64(i), float64(len(years)))
	}
	p.Desc = p.sentences(v)
	return p, nil
}

// year sets a year's marks.
func (p *promise) year(v *visit, of meeting.Year, at, all float64) {
	y := promisedYear{Year: of.Year, Promised: of.Promised, Held: of.Held, X: percent(100 * at / all), TextX: percent(100*at/all + 0.8)}
	place := func(in float64) string { return percent(100 * (at + in) / all) }
	for _, m := range of.Meetings {
		in := place(float64(m.On.Sub(day.Of(of.Year, time.January, 1))) / 366)
		if m.Held {
			p.Held = true
			p.Marks = append(p.Marks, metMark{in, "on"})
			continue
		}
		if p.Next == nil {
			p.Next = &m
		}
		p.Coming = true
		p.Marks = append(p.Marks, metMark{in, "next"})
	}
	switch {
	case of.State == "":
		y.Class, y.Word = "none", v.T("governance.page.promise_none")
	case of.State == meeting.YearKept:
		y.Class, y.Word = "on", v.T("governance.page.promise_kept")
		p.Kept, p.Of = p.Kept+1, p.Of+1
	case of.State == meeting.YearMissed:
		y.Class, y.Word = "late", v.T("governance.page.promise_broken")
		p.Of, p.Missed = p.Of+1, true
		for n := range min(y.Promised-y.Held, 6) {
			p.Marks = append(p.Marks, metMark{place(0.88 - 0.14*float64(n)), "late"})
		}
	case of.Year > p.on.Year():
		y.Class, y.Word = "next", v.T("governance.page.promise_coming")
	case of.State == meeting.YearPartly:
		y.Class, y.Word = "none", v.T("governance.page.promise_partly")
	default:
		y.Class, y.Word = "half", v.T("governance.page.promise_under_way")
	}
	p.Years = append(p.Years, y)
}

// count is how many meetings a year had, of how many.
func (y promisedYear) count(v *visit) string {
	if y.Promised == 0 {
		return strconv.Itoa(y.Held)
	}
	return v.T("governance.page.points_of", "done", y.Held, "all", y.Promised)
}

func (p *promise) caption(v *visit) string {
	if p.Of == 0 {
		return p.Rule
	}
	return p.Rule + " " + v.T("governance.page.promise_sum", "kept", p.Kept, "count", p.Of)
}

func (p *promise) sentences(v *visit) string {
	var says strings.Builder
	for _, y := range p.Years {
		fmt.Fprintf(&says, "%d: %s, %s. ", y.Year, y.count(v), y.Word)
	}
	return says.String()
}

// nextMeetings are the next meetings of the bodies, by key.
func (v *visit) nextMeetings(ctx context.Context, tx *pg.Tx) (map[string]meeting.Meeting, error) {
	next := map[string]meeting.Meeting{}
	if !tx.MayAnywhere(auth.MeetingRead) || v.On.Before(v.Today) {
		return next, nil
	}
	ms, _, err := meeting.List(ctx, tx, meeting.Filter{From: v.On, Rising: true, Limit: 1000, Page: 1})
	for _, m := range ms {
		if _, known := next[m.Body]; !known && !m.State.Held() && m.State != meeting.Cancelled {
			next[m.Body] = m
		}
	}
	return next, err
}
