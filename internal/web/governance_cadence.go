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
	Next     *meeting.Meeting
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
// must not be told of as left out.
func (v *visit) promiseOf(ctx context.Context, tx *pg.Tx, b tenant.Body, rules []tenant.Sentence) (*promise, error) {
	if !tx.May(auth.MeetingRead) {
		return nil, nil
	}
	ms, _, err := meeting.List(ctx, tx, meeting.Filter{Body: b.Key, Rising: true, Limit: 1000, Page: 1})
	if err != nil {
		return nil, err
	}
	// Written procedures stand in for no meeting, and what is cancelled is none.
	ms = slices.DeleteFunc(ms, func(m meeting.Meeting) bool { return m.Kind == meeting.KindWritten || m.State == meeting.Cancelled })
	// What a day that is past had before it is not known any more, and what a day
	// to come will have had is not known yet.
	on := v.On
	switch {
	case on.Before(v.Today):
		ms = slices.DeleteFunc(ms, func(m meeting.Meeting) bool { return m.On.After(on) })
	case on.After(v.Today):
		on = v.Today
	}
	p := &promise{on: on}
	if i := slices.IndexFunc(rules, func(r tenant.Sentence) bool { return r.Rule == "cadence" }); i >= 0 {
		p.Rule, p.Known = rules[i].Text, !rules[i].Unknown
	}
	if i := slices.IndexFunc(ms, func(m meeting.Meeting) bool { return !m.On.Before(p.on) && !m.State.Held() }); i >= 0 {
		p.Next = &ms[i]
	}
	if len(ms) == 0 {
		return p, nil
	}
	// Before the first that is known nothing is known to have been left out.
	first := max(ms[0].On.Year(), p.on.Year()-promisedYears+1)
	last := max(p.on.Year(), first)
	if p.Next != nil {
		last = max(last, min(p.Next.On.Year(), p.on.Year()+1))
	}
	if last-first >= promisedYears {
		first = last - promisedYears + 1
	}
	for year := first; year <= last; year++ {
		p.year(v, tx.County, b.Key, ms, year, float64(year-first), float64(last-first+1))
	}
	p.Desc = p.sentences(v)
	return p, nil
}

// year counts a year, and sets its marks.
func (p *promise) year(v *visit, c tenant.County, body string, ms []meeting.Meeting, year int, at, of float64) {
	// The rule of the year is the one of its last day, or of the day that is shown.
	end := day.Of(year, time.December, 31)
	if p.on.Before(end) {
		end = p.on
	}
	then, _ := c.On(end).Bodies.Body(body)
	y := promisedYear{Year: year, Promised: then.Rules.Cadence.PerYear, X: percent(100 * at / of), TextX: percent(100*at/of + 0.8)}
	place := func(in float64) string { return percent(100 * (at + in) / of) }
	for _, m := range ms {
		if m.On.Year() != year {
			continue
		}
		in := float64(m.On.Sub(day.Of(year, time.January, 1))) / 366
		switch {
		case m.State.Held() && !m.On.After(p.on):
			y.Held++
			p.Held = true
			p.Marks = append(p.Marks, metMark{place(in), "on"})
		case !m.On.Before(p.on):
			p.Coming = true
			p.Marks = append(p.Marks, metMark{place(in), "next"})
		}
	}
	switch over := year < p.on.Year(); {
	case y.Promised == 0:
		y.Class, y.Word = "none", v.T("governance.page.promise_none")
	case y.Held >= y.Promised:
		y.Class, y.Word = "on", v.T("governance.page.promise_kept")
		p.Kept, p.Of = p.Kept+1, p.Of+1
	case over:
		y.Class, y.Word = "late", v.T("governance.page.promise_broken")
		p.Of, p.Missed = p.Of+1, true
		for n := range min(y.Promised-y.Held, 6) {
			p.Marks = append(p.Marks, metMark{place(0.88 - 0.14*float64(n)), "late"})
		}
	case year > p.on.Year():
		y.Class, y.Word = "next", v.T("governance.page.promise_coming")
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
