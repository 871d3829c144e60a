package web

import (
	"context"

	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

// How many of a body's meetings and decisions its page shows; the lists of all
// have the rest.
const (
	mostComing  = 5
	mostLast    = 8
	mostDecided = 8
)

// bodyWork is what a body is about to do and has done, as far as the reader may
// know: its meetings and its decisions.
type bodyWork struct {
	Coming, Last     []meeting.Meeting
	Comes, Been      int // how many there are in all
	Decisions        []decisionRow
	Decided          int
	Known            bool // whether what was to come is known: of a day that is past it is not
	Decides          bool
	meetings, ruling string // where all of them are listed
}

// workOf gathers a body's work as it stood on the day.
func (v *visit) workOf(ctx context.Context, tx *pg.Tx, b tenant.Body) (bodyWork, error) {
	w := bodyWork{Known: !v.On.Before(v.Today), Decides: len(b.Decides) > 0, meetings: meetingsAt + "?body=" + b.Key, ruling: decisionsAt + "?body=" + b.Key}
	var err error
	been := meeting.Filter{Body: b.Key, To: v.On.Add(1), Limit: mostLast, Page: 1}
	if w.Known {
		been.To, been.Over = day.Day{}, true // what is held today is among those to come until it is over
		if w.Coming, w.Comes, err = meeting.List(ctx, tx, meeting.Filter{Body: b.Key, From: v.On, Ahead: true, Rising: true, Limit: mostComing, Page: 1}); err != nil {
			return w, err
		}
	}
	if w.Last, w.Been, err = meeting.List(ctx, tx, been); err != nil {
		return w, err
	}
	ds, n, err := meeting.Decisions(ctx, tx, meeting.DecisionFilter{Body: b.Key, To: v.On.Add(1), Limit: mostDecided, Page: 1})
	w.Decided = n
	for _, d := range ds {
		row := decisionRow{Decision: d}
		row.Class, row.Word = v.decisionState(d)
		w.Decisions = append(w.Decisions, row)
	}
	return w, err
}

// noMeetings says why a body has none.
func (w bodyWork) noMeetings(v *visit) string {
	if !w.Known {
		return v.T("governance.page.no_work_past")
	}
	return v.nothingComing()
}
