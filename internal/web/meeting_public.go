package web

import (
	"context"
	"slices"

	"github.com/a-h/templ"

	"github.com/overens/overens/internal/markdown"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

// What everybody may read of meetings: their days, what was decided, and minutes
// that have been published. The unit of work sees nothing else.

// orPublic shows a page to members and another to everybody else, at one address.
func orPublic(inside, outside asks) asks {
	return func(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
		if v.Member() {
			return inside(ctx, tx, v)
		}
		return outside(ctx, tx, v)
	}
}

// publicList is the county's meetings as everybody sees them.
type publicList struct {
	Coming, Past []meeting.PublicMeeting
	paging
}

func (d *Door) publicMeetings(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	l := publicList{paging: paging{Page: v.pageAsked()}}
	var err error
	if l.Page == 1 {
		if l.Coming, _, err = meeting.PublicMeetings(ctx, tx, meeting.PublicFilter{Ahead: true, Rising: true, Limit: perPage, Page: 1}); err != nil {
			return nil, err
		}
	}
	l.Past, l.Total, err = meeting.PublicMeetings(ctx, tx, meeting.PublicFilter{Over: true, Limit: perPage, Page: l.Page})
	return publicMeetingsPage(v, l), err
}

// publicSeen is one meeting as everybody sees it.
type publicSeen struct {
	meeting.PublicPage
	Name        string
	Class, Word string
	Paragraphs  []publicParagraph
	Attested    bool // whether somebody attests what is written, by the body's rule
	Opens       bool // whether everybody may read of the body too
}

type publicParagraph struct {
	meeting.PublicParagraph
	HTML     string
	Corrects []meeting.PublicAmendment
}

func (d *Door) publicMeeting(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	at, err := id(v.r, "id")
	if err != nil {
		return nil, err
	}
	p, err := meeting.GetPublic(ctx, tx, at)
	if err != nil {
		return nil, err
	}
	s := publicSeen{PublicPage: p, Name: v.publicName(p.Meeting), Attested: bodyOn(tx, p.Meeting.Body, p.Meeting.On).Rules.Adjusting.Attested()}
	s.Class, s.Word = v.publicState(p.Meeting)
	today, _ := v.County.Bodies.Body(p.Meeting.Body)
	s.Opens = today.Published
	for _, one := range p.Paragraphs {
		seen := publicParagraph{PublicParagraph: one, HTML: markdown.HTML(one.Wording, paragraphTop)}
		for _, a := range p.Amendments {
			if a.Section == one.Number {
				seen.Corrects = append(seen.Corrects, a)
			}
		}
		s.Paragraphs = append(s.Paragraphs, seen)
	}
	return publicMeetingPage(v, s), nil
}

func (v *visit) publicName(m meeting.PublicMeeting) string {
	return v.meetingName(meeting.Meeting{BodyName: m.BodyName, Date: meeting.Date{Title: m.Title, On: m.On}})
}

// publicState is how far a meeting has come, as far as that is public.
func (v *visit) publicState(m meeting.PublicMeeting) (class, word string) {
	return v.meetingState(meeting.Meeting{State: m.State, Imported: m.Imported, Date: meeting.Date{Body: m.Body, On: m.On}})
}

// lead says what there is to read.
func (s publicSeen) lead(v *visit) string {
	says := v.T("meeting.public.lead", "body", s.Meeting.BodyName, "day", weekdayOf(v, s.Meeting.On))
	switch {
	case len(s.Paragraphs) > 0:
		key := s.Record
		if !s.Attested {
			key += "_settled"
		}
		says += " " + v.Of("meeting.public.with_", key, "day", LongDay(v.Lang, s.Meeting.AdjustedOn))
		if slices.ContainsFunc(s.Paragraphs, func(p publicParagraph) bool { return p.Wording == "" }) {
			says += " " + v.T("meeting.public.some_masked")
		}
		return says
	case s.Meeting.Imported:
		return says + " " + v.T("meeting.public.imported")
	case s.Meeting.State.Held():
		return says + " " + v.Of("meeting.public.no_", s.Record)
	}
	return says
}

// listLead says how many meetings everybody may know of.
func (l publicList) lead(v *visit) string {
	w := v.word(tenant.Meeting)
	return v.T("meeting.public.list_lead", "meetings", w.Many, "coming", len(l.Coming), "past", l.Total)
}
