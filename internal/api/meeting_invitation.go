package api

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/pg"
)

// MeetingInvitation is a person who is called to a meeting, with what leads on.
type MeetingInvitation struct {
	meeting.Invitation
	Linked
}

// MeetingInvitationList is a page of invitations.
type MeetingInvitationList struct {
	Invitations []MeetingInvitation `json:"invitations" doc:"Those who are called, and those who are needed no longer."`
	Paged
}

// OwnInvitationQuery asks for one's own invitations.
type OwnInvitationQuery struct {
	InCounty
	Unanswered bool `query:"unanswered" doc:"Only those that have not been answered." example:"true"`
	Paging
}

// NewMeetingInvitation calls one more to a meeting.
type NewMeetingInvitation struct {
	AtMeeting
	Body meeting.Guest
}

// AtInvitation names an invitation in the path.
type AtInvitation struct {
	InCounty
	ID uuid.UUID `path:"invitation" doc:"The invitation's identifier." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
}

// NewAnswer answers an invitation.
type NewAnswer struct {
	AtInvitation
	Body meeting.Reply
}

// AnsweredMeetingInvitation is an invitation with its answer, and what followed.
type AnsweredMeetingInvitation struct {
	MeetingInvitation
	Deputy *MeetingInvitation `json:"deputy,omitempty" doc:"The deputy who was called instead, or who is needed no longer."`
}

// CalendarFeed is a calendar that somebody follows.
type CalendarFeed struct {
	meeting.Feed
	Href string `json:"href,omitempty" format:"uri" doc:"The whole address. It holds a secret and is shown this once." example:"https://overens.example/lan/kronoberg/calendar/….ics"`
	Linked
}

func (f CalendarFeed) kept() any {
	f.Href, f.Path = "", ""
	return f
}

// CalendarFeedList is a page of one's calendars.
type CalendarFeedList struct {
	CalendarFeeds []CalendarFeed `json:"calendarFeeds" doc:"The calendars that the caller follows, without their secrets."`
	Paged
}

// CalendarFeedPage asks for a page of one's calendars.
type CalendarFeedPage struct {
	InCounty
	Paging
}

// NewCalendarFeed makes a calendar to follow.
type NewCalendarFeed struct {
	InCounty
	Body meeting.Following
}

// AtCalendarFeed names a calendar in the path.
type AtCalendarFeed struct {
	InCounty
	ID uuid.UUID `path:"feed" doc:"The calendar's identifier." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
}

// invitations are who is called, and what they answer.
func (d *Door) invitations() {
	const on, one = "/counties/{county}/meetings/{meeting}/invitations", "/counties/{county}/invitations/{invitation}"

	list(d, Member, on, "list-invitations", func(ctx context.Context, tx *pg.Tx, in *AtMeetingPage) (l MeetingInvitationList, total int, err error) {
		is, err := meeting.Invitations(ctx, tx, in.ID)
		for _, i := range cut(is, in.Paging) {
			l.Invitations = append(l.Invitations, d.invitation(tx, i))
		}
		return l, len(is), err
	})
	create(d, on, "create-invitation", func(ctx context.Context, tx *pg.Tx, in *NewMeetingInvitation) (MeetingInvitation, error) {
		i, err := meeting.InviteGuest(ctx, tx, in.ID, in.Body)
		return d.invitation(tx, i), err
	})
	list(d, Member, "/counties/{county}/own-invitations", "list-own-invitations", func(ctx context.Context, tx *pg.Tx, in *OwnInvitationQuery) (l MeetingInvitationList, total int, err error) {
		own, err := meeting.Mine(ctx, tx, in.Unanswered)
		for _, o := range cut(own, in.Paging) {
			l.Invitations = append(l.Invitations, d.invitation(tx, o.Invitation))
		}
		return l, len(own), err
	})
	read(d, Member, one, "get-invitation", func(ctx context.Context, tx *pg.Tx, in *AtInvitation) (MeetingInvitation, error) {
		i, err := meeting.GetInvitation(ctx, tx, in.ID)
		return d.invitation(tx, i), err
	})
	act(d, one+"/answer", "answer-invitation", func(ctx context.Context, tx *pg.Tx, in *NewAnswer, version int64) (AnsweredMeetingInvitation, error) {
		a, err := meeting.Answer(ctx, tx, in.ID, version, in.Body)
		return d.answeredInvitation(tx, a), err
	})
	d.answers()
}

func (d *Door) answeredInvitation(tx *pg.Tx, a meeting.Answered) AnsweredMeetingInvitation {
	it := AnsweredMeetingInvitation{MeetingInvitation: d.invitation(tx, a.Invitation)}
	if a.Deputy != nil {
		it.Deputy = new(d.invitation(tx, *a.Deputy))
	}
	return it
}

func (d *Door) invitation(tx *pg.Tx, i meeting.Invitation) MeetingInvitation {
	self := d.at("counties", tx.Tenant, "invitations", i.ID.String())
	l := d.partOfMeeting(tx, self, i.Meeting)
	if i.WithdrawnAt == nil && !i.Over() && (i.Person == tx.Person || tx.May(auth.MeetingPrepare)) {
		l.Links.to("answer", http.MethodPost, self+"/answer")
	}
	return MeetingInvitation{i, l}
}

// calendarFeeds are the calendars that people follow.
func (d *Door) calendarFeeds() {
	const all, one = "/counties/{county}/calendar-feeds", "/counties/{county}/calendar-feeds/{feed}"

	list(d, Member, all, "list-calendar-feeds", func(ctx context.Context, tx *pg.Tx, in *CalendarFeedPage) (l CalendarFeedList, total int, err error) {
		fs, err := meeting.Feeds(ctx, tx)
		for _, f := range cut(fs, in.Paging) {
			l.CalendarFeeds = append(l.CalendarFeeds, d.calendarFeed(tx, f))
		}
		return l, len(fs), err
	})
	create(d, all, "create-calendar-feed", func(ctx context.Context, tx *pg.Tx, in *NewCalendarFeed) (CalendarFeed, error) {
		f, err := meeting.Follow(ctx, tx, in.Body)
		return d.calendarFeed(tx, f), err
	})
	read(d, Member, one, "get-calendar-feed", func(ctx context.Context, tx *pg.Tx, in *AtCalendarFeed) (CalendarFeed, error) {
		fs, err := meeting.Feeds(ctx, tx)
		for _, f := range fs {
			if f.ID == in.ID {
				return d.calendarFeed(tx, f), nil
			}
		}
		return CalendarFeed{}, orMissing(err)
	})
	remove(d, one, "revoke-calendar-feed", func(ctx context.Context, tx *pg.Tx, in *AtCalendarFeed) error {
		return meeting.Unfollow(ctx, tx, in.ID)
	})
}

func (d *Door) calendarFeed(tx *pg.Tx, f meeting.Feed) CalendarFeed {
	it := CalendarFeed{Feed: f, Linked: Linked{Links{}}}
	if f.Path != "" {
		it.Href = d.url + f.Path
	}
	self := d.at("counties", tx.Tenant, "calendar-feeds", f.ID.String())
	it.Links.to("self", http.MethodGet, self)
	it.Links.to("revoke", http.MethodDelete, self)
	return it
}
