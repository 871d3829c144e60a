package api

import (
	"context"
	"net/http"

	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/pg"
)

// PublishedMeetingQuery asks for the meetings whose day is public.
type PublishedMeetingQuery struct {
	InCounty
	BodyKey string  `query:"body" maxLength:"40" pattern:"^[a-z][a-z0-9-]*$" doc:"Only of this body, by key." example:"forum"`
	From    day.Day `query:"from" doc:"Only on this day or later." example:"2027-01-01"`
	To      day.Day `query:"to" doc:"Only before this day." example:"2028-01-01"`
	Order   string  `query:"order" enum:"latest,coming" default:"latest" doc:"The latest first, or the first first." example:"coming"`
	Paging
}

// PublishedMeeting is what everyone may know of a meeting.
type PublishedMeeting struct {
	meeting.PublicMeeting
	Linked
}

// PublishedMeetingList is a page of meetings.
type PublishedMeetingList struct {
	Meetings []PublishedMeeting `json:"meetings" doc:"The meetings whose day is public."`
	Paged
}

// PublishedMeetingPage is all that everyone may read of one meeting.
type PublishedMeetingPage struct {
	meeting.PublicPage
	Linked
}

// PublishedDecisionQuery asks for decisions that are public.
type PublishedDecisionQuery struct {
	InCounty
	BodyKey string `query:"body" maxLength:"40" pattern:"^[a-z][a-z0-9-]*$" doc:"Only of this body, by key." example:"forum"`
	Year    int    `query:"year" minimum:"1900" maximum:"9999" doc:"Only of this year." example:"2027"`
	Paging
}

// PublishedDecision is what everyone may know of a decision.
type PublishedDecision struct {
	meeting.PublicDecision
	Linked
}

// PublishedDecisionList is a page of decisions.
type PublishedDecisionList struct {
	Decisions []PublishedDecision `json:"decisions" doc:"The decisions that are public, the latest first."`
	Paged
}

// publishedMeetings are what everyone may read of meetings.
func (d *Door) publishedMeetings() {
	const meetings, decisions = "/counties/{county}/published-meetings", "/counties/{county}/published-decisions"

	list(d, Public, meetings, "list-published-meetings", func(ctx context.Context, tx *pg.Tx, in *PublishedMeetingQuery) (l PublishedMeetingList, total int, err error) {
		ms, total, err := meeting.PublicMeetings(ctx, tx, meeting.PublicFilter{Body: in.BodyKey, From: in.From, To: in.To, Rising: in.Order == "coming", Limit: in.Limit, Page: in.Page})
		for _, m := range ms {
			it := PublishedMeeting{m, Linked{Links{}}}
			it.Links.to("self", http.MethodGet, d.at("counties", tx.Tenant, "published-meetings", m.ID.String()))
			l.Meetings = append(l.Meetings, it)
		}
		return l, total, err
	})
	read(d, Public, meetings+"/{meeting}", "get-published-meeting", func(ctx context.Context, tx *pg.Tx, in *AtMeeting) (PublishedMeetingPage, error) {
		p, err := meeting.GetPublic(ctx, tx, in.ID)
		here := d.at("counties", tx.Tenant, "published-meetings", in.ID.String())
		l := Links{}
		l.to("self", http.MethodGet, here)
		l.to("collection", http.MethodGet, d.at("counties", tx.Tenant, "published-meetings"))
		if len(p.Paragraphs) > 0 {
			l.to("pdf", http.MethodGet, here+"/minutes/pdf")
		}
		return PublishedMeetingPage{p, Linked{l}}, err
	})
	list(d, Public, decisions, "list-published-decisions", func(ctx context.Context, tx *pg.Tx, in *PublishedDecisionQuery) (l PublishedDecisionList, total int, err error) {
		ds, total, err := meeting.PublicDecisions(ctx, tx, meeting.PublicFilter{Body: in.BodyKey, Year: in.Year, Limit: in.Limit, Page: in.Page})
		for _, it := range ds {
			l.Decisions = append(l.Decisions, d.publishedDecision(tx, it))
		}
		return l, total, err
	})
	read(d, Public, decisions+"/{decision}", "get-published-decision", func(ctx context.Context, tx *pg.Tx, in *InDecision) (PublishedDecision, error) {
		it, err := meeting.GetPublicDecision(ctx, tx, in.ID)
		return d.publishedDecision(tx, it), err
	})
}

func (d *Door) publishedDecision(tx *pg.Tx, it meeting.PublicDecision) PublishedDecision {
	l := Links{}
	l.to("self", http.MethodGet, d.at("counties", tx.Tenant, "published-decisions", it.ID.String()))
	l.to("collection", http.MethodGet, d.at("counties", tx.Tenant, "published-decisions"))
	return PublishedDecision{it, Linked{l}}
}
