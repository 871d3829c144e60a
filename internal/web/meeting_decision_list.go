package web

import (
	"context"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

// The ways to narrow the register.
var decisionStates = []string{"", "open", "overdue", "waiting", "done"}

func (d *Door) decisions(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	l := decisionList{Body: v.Asked("body"), State: v.Asked("state"), Query: v.Asked("q"), Bodies: v.bodyOptions(tx.County), paging: paging{Page: v.pageAsked()}}
	if !slices.ContainsFunc(l.Bodies, func(o option) bool { return o.Value == l.Body }) {
		l.Body = ""
	}
	if !slices.Contains(decisionStates, l.State) {
		l.State = ""
	}
	if y, err := strconv.Atoi(v.Asked("year")); err == nil && y > 1900 && y < 3000 {
		l.Year = y
	}
	f := meeting.DecisionFilter{Body: l.Body, Year: l.Year, Query: l.Query, Limit: perPage, Page: l.Page}
	switch l.State {
	case "open":
		f.Status, f.ByDue = meeting.StatusOpen, true
	case "overdue":
		f.Status, f.Overdue, f.ByDue = meeting.StatusOpen, true, true
	case "waiting":
		f.Waiting = true
	case "done":
		f.Status = meeting.StatusDone
	}
	all, total, err := meeting.Decisions(ctx, tx, f)
	if err != nil {
		return nil, err
	}
	l.Total = total
	for _, one := range all {
		r := decisionRow{Decision: one, BodyName: v.bodyCalled(tx.County, one.Body)}
		r.Class, r.Word = v.decisionState(one)
		l.Rows = append(l.Rows, r)
	}
	// The first and the last year of all, to choose among.
	for y := v.Today.Year(); y >= v.Today.Year()-10; y-- {
		l.Years = append(l.Years, y)
	}
	l.Decides = slices.ContainsFunc(v.County.Bodies.Bodies, func(b tenant.Body) bool { return len(b.Decides) > 0 })
	silent, n, err := meeting.Ratifications(ctx, tx, meeting.RatificationFilter{Answer: "awaited", Limit: mostSilent, Page: 1})
	l.Awaited, l.More = awaiting(v, silent), n-len(silent)
	return decisionsPage(v, l), err
}

// decisionRow is a decision in the register.
type decisionRow struct {
	meeting.Decision
	BodyName    string
	Class, Word string
}

// decisionList is the register as it was asked for.
type decisionList struct {
	Body, State, Query string
	Year               int
	Years              []int
	Bodies             []option
	Rows               []decisionRow
	Awaited            []awaited
	More               int  // how many more answers are awaited than were asked for
	Decides            bool // whether any body of the county decides today
	paging
}

// asked tells whether the register is narrowed.
func (l decisionList) asked() bool {
	return l.Body != "" || l.State != "" || l.Query != "" || l.Year != 0
}
