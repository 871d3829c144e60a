package web

import (
	"context"

	"github.com/a-h/templ"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

func (d *Door) waitingItems(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	l := itemList{State: v.Asked("state"), Makes: v.Acts(auth.MeetingPrepare), paging: paging{Page: v.pageAsked()}}
	f := meeting.ItemFilter{Limit: perPage, Page: l.Page}
	if l.State == "answered" {
		f.States = []string{meeting.ItemDeclined, meeting.ItemWithdrawn, meeting.ItemPlanned, meeting.ItemOnTable, meeting.ItemHandled, meeting.ItemPostponed}
	} else {
		l.State = ""
	}
	items, total, err := meeting.Waiting(ctx, tx, f)
	if err != nil {
		return nil, err
	}
	names, err := proposers(ctx, tx, items)
	if err != nil {
		return nil, err
	}
	l.Total = total
	for _, i := range items {
		r := waitingRow{Item: i, Body: v.bodyCalled(tx.County, i.Body), Facts: v.itemFacts(i, names[i.Organisation])}
		r.Class, r.Word = v.itemState(i)
		switch {
		case l.State != "":
			l.Rest = append(l.Rest, r)
		case i.State == meeting.ItemProposed:
			l.Proposed = append(l.Proposed, r)
		default: // also what a meeting has postponed
			l.Waiting = append(l.Waiting, r)
		}
	}
	return waitingPage(v, l), nil
}

// itemList is what waits for a meeting, or has been answered.
type itemList struct {
	State    string // "" = what is proposed and waits; "answered"
	Proposed []waitingRow
	Waiting  []waitingRow
	Rest     []waitingRow
	Makes    bool
	paging
}

// lead says how much waits.
func (l itemList) lead(v *visit) string {
	if l.State != "" {
		return v.T("agenda_item.page.answered_lead", "count", l.Total)
	}
	return v.T("agenda_item.page.waiting_lead", "count", l.Total, "meeting", v.word(tenant.Meeting).One)
}

// waitingRow is a matter on no agenda.
type waitingRow struct {
	meeting.Item
	Body, Facts string
	Class, Word string
}
