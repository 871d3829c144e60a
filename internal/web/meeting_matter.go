package web

import (
	"context"
	"slices"
	"strings"

	"github.com/a-h/templ"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/pg"
)

// itemSeen is one matter with all that its page shows.
type itemSeen struct {
	meeting.Detail
	Body        string
	Facts       string
	Prepared    *crumb
	Class, Word string
	Of          *meeting.Meeting // whose agenda it is on, where the reader sees that
	Papers      []meeting.Paper
	Does        string // what a decision on it does
	DoesTo      templ.SafeURL
	Decision    *meeting.Decision
	Deeds       []crumb // what the reader may do
	Moves       bool    // whether papers and acts can be added now
	HandsOn     bool
}

func (d *Door) item(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	at, err := id(v.r, "id")
	if err != nil {
		return nil, err
	}
	i, err := meeting.GetItem(ctx, tx, at)
	if err != nil {
		return nil, err
	}
	s := itemSeen{Detail: i, Body: v.bodyCalled(tx.County, i.Body)}
	if i.Meeting != uuid.Nil {
		m, err := meeting.Get(ctx, tx, i.Meeting)
		if err != nil && !fault.Is(err, "common.not_found") {
			return nil, err
		}
		if err == nil {
			s.Of = &m
		}
	}
	if s.Papers, err = meeting.Papers(ctx, tx, at); err != nil {
		return nil, err
	}
	names, err := proposers(ctx, tx, []meeting.Item{i.Item})
	if err != nil {
		return nil, err
	}
	s.Facts = v.itemFacts(i.Item, names[i.Organisation])
	if i.PreparedBy != "" {
		s.Prepared = &crumb{v.bodyCalled(tx.County, i.PreparedBy), string(v.To(bodyAddress(i.PreparedBy, "")))}
	}
	s.Class, s.Word = v.itemState(i.Item)
	if s.Does, s.DoesTo, err = v.does(ctx, tx, i.Act, i.ActBody); err != nil {
		return nil, err
	}
	if s.Of != nil && i.State == meeting.ItemHandled && i.Kind == meeting.ForDecision {
		ds, _, err := meeting.Decisions(ctx, tx, meeting.DecisionFilter{Meeting: i.Meeting, Limit: 200, Page: 1})
		if err != nil {
			return nil, err
		}
		if n := slices.IndexFunc(ds, func(d meeting.Decision) bool { return d.Item == at }); n >= 0 {
			s.Decision = &ds[n]
		}
	}
	s.HandsOn = len(bodyOn(tx, i.Item.Body, v.Today).PreparesFor) > 0
	s.deeds(v)
	return itemPage(v, s), nil
}

// deeds are what the reader may do with the matter as far as it has come.
func (s *itemSeen) deeds(v *visit) {
	add := func(label, page string) { s.Deeds = append(s.Deeds, crumb{label, string(itemAt(v, s.ID, page))}) }
	makes := v.Acts(auth.MeetingPrepare)
	planning := s.Of == nil || slices.Contains([]meeting.State{meeting.Announced, meeting.Drafted, meeting.Called, meeting.Open}, s.Of.State)
	open := slices.Contains([]string{meeting.ItemProposed, meeting.ItemWaiting, meeting.ItemPlanned, meeting.ItemOnTable}, s.State)
	s.Moves = makes && planning && open
	if !makes {
		if own := s.ProposedAt != nil && v.Acts(auth.MeetingPropose); own && s.State == meeting.ItemProposed {
			add(v.T("form.change"), "/edit")
			add(v.T("agenda_item.page.withdraw_link"), "/withdraw")
		}
		return
	}
	if s.State == meeting.ItemProposed {
		add(v.T("agenda_item.page.accept_link"), "/accept")
		add(v.T("agenda_item.page.decline_link"), "/decline")
	}
	if s.Moves {
		add(v.T("form.change"), "/edit")
	}
	if s.State == meeting.ItemWaiting || s.State == meeting.ItemPostponed && !s.goesOn() {
		add(v.T("agenda_item.page.place_link"), "/place")
	}
	if s.State == meeting.ItemPlanned && planning && (s.Of == nil || s.Of.State != meeting.Open) {
		add(v.T("agenda_item.page.defer_link"), "/defer")
	}
	if s.HandsOn && s.State != meeting.ItemProposed && s.State != meeting.ItemDeclined && s.State != meeting.ItemWithdrawn && s.State != meeting.ItemPostponed {
		add(v.T("agenda_item.page.hand_on_link"), "/hand-on")
	}
	if s.Moves {
		add(v.T("agenda_item.page.withdraw_link"), "/withdraw")
	}
}

// goesOn tells whether what was postponed has come up again already.
func (s itemSeen) goesOn() bool {
	return slices.ContainsFunc(s.Onward, func(t meeting.Trace) bool { return t.Body == s.Item.Body && t.State != meeting.ItemWithdrawn })
}

// lead says what the matter is and how far it has come.
func (s itemSeen) lead(v *visit) string {
	switch {
	case s.Of != nil:
		return v.T("agenda_item.page.lead_on", "number", s.Number, "body", s.Body, "day", weekdayOf(v, s.Of.On))
	case s.State == meeting.ItemProposed:
		return v.T("agenda_item.page.lead_proposed", "body", s.Body, "day", SentenceDay(v.Lang, dayOf(*s.ProposedAt), v.Today))
	case s.State == meeting.ItemDeclined:
		return v.T("agenda_item.page.lead_declined", "body", s.Body)
	case s.State == meeting.ItemWithdrawn:
		return v.T("agenda_item.page.lead_withdrawn", "body", s.Body)
	}
	return v.T("agenda_item.page.lead_waiting", "body", s.Body)
}

// kind is what sort of thing the page is about.
func (s itemSeen) kind(v *visit) string {
	if s.Number > 0 {
		return v.T("agenda_item.page.numbered", "number", s.Number)
	}
	return v.T("agenda_item.page.one")
}

// traced tells of a matter in another place: where, when, and what came of it.
func (v *visit) traced(t meeting.Trace) (class, word string) {
	return v.itemState(meeting.Item{State: t.State, Outcome: t.Outcome})
}

func (v *visit) tracedAt(t meeting.Trace) string {
	if t.On.IsZero() {
		return t.BodyName
	}
	return v.T("meeting.page.name", "what", t.BodyName, "day", LongDay(v.Lang, t.On))
}

// crumbs lead back to where the matter stands.
func (s itemSeen) crumbs(v *visit) []crumb {
	cs := []crumb{v.meetingsCrumb()}
	if s.Of != nil {
		return append(cs, crumb{v.meetingName(*s.Of), string(meetingAt(v, s.Of.ID, "#agenda"))})
	}
	return append(cs, crumb{v.T("agenda_item.page.waiting"), string(v.To(itemsAt))})
}

// proposalNote says who has prepared what is proposed.
func (v *visit) proposalNote(s itemSeen) []string {
	if s.Prepared == nil {
		return nil
	}
	return []string{v.T("agenda_item.page.prepared") + " " + s.Prepared.Label + "."}
}

// paragraphs are a text's, as they were written.
func paragraphs(s string) []string {
	var ps []string
	for p := range strings.SplitSeq(s, "\n\n") {
		if p = strings.TrimSpace(p); p != "" {
			ps = append(ps, p)
		}
	}
	return ps
}

func none(id uuid.UUID) bool { return id == uuid.Nil }
