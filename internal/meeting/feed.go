package meeting

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/meeting/internal/meetingdb"
	"github.com/overens/overens/internal/member"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/text"
)

// Feed is a calendar that somebody follows: one's own meetings, or a body's.
type Feed struct {
	ID        uuid.UUID `json:"id" doc:"The identifier, unique over time." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Body      string    `json:"body,omitempty" doc:"The body, by key. Left out: one's own meetings." example:"forum"`
	BodyName  string    `json:"bodyName,omitempty" doc:"What the body is called." example:"Forum för mottagande och etablering"`
	Path      string    `json:"path,omitempty" doc:"Its address, below the server's own. It holds a secret and is shown this once." example:"/lan/kronoberg/calendar/….ics"`
	CreatedAt time.Time `json:"createdAt" doc:"When it was made." example:"2027-01-10T09:00:00Z"`
}

// ETag never moves: a feed is made and revoked.
func (f Feed) ETag() string { return "1" }

// Following is what calendar somebody wants to follow.
type Following struct {
	Body string `json:"body,omitempty" maxLength:"40" doc:"A body, by key. Left out: one's own meetings." example:"forum"`
}

// Follow makes a calendar to follow, with an address that nobody else knows.
func Follow(ctx context.Context, tx *pg.Tx, f Following) (Feed, error) {
	if tx.Person == uuid.Nil {
		return Feed{}, tx.Require(auth.MeetingRead)
	}
	lines(&f.Body)
	if f.Body != "" {
		if _, ok := bodyOf(tx, f.Body, tx.Today()); !ok {
			return Feed{}, fault.Bad("meeting.body_unknown", "/body").With("body", f.Body, "on", tx.Today())
		}
	}
	token, hashed := secret()
	row, err := meetingdb.New(tx).AddFeed(ctx, meetingdb.AddFeedParams{ID: tx.NewID(), PersonID: tx.Person, Body: f.Body, TokenHash: hashed, CreatedAt: tx.Now})
	if err != nil {
		return Feed{}, err
	}
	made := madeFeed(tx, row)
	made.Path = "/lan/" + tx.Tenant + "/calendar/" + token + ".ics"
	return made, nil
}

func madeFeed(tx *pg.Tx, r meetingdb.CalendarFeed) Feed {
	f := Feed{ID: r.ID, Body: r.Body, CreatedAt: r.CreatedAt}
	if r.Body != "" {
		f.BodyName = bodyName(tx, r.Body, tx.Today())
	}
	return f
}

// Feeds are the calendars that the actor follows, without their secrets.
func Feeds(ctx context.Context, tx *pg.Tx) ([]Feed, error) {
	rows, err := meetingdb.New(tx).FeedsOf(ctx, meetingdb.FeedsOfParams{TenantID: tx.Tenant, PersonID: tx.Person})
	all := make([]Feed, len(rows))
	for n, r := range rows {
		all[n] = madeFeed(tx, r)
	}
	return all, err
}

// Unfollow revokes one of the actor's calendars: its address leads nowhere from now.
func Unfollow(ctx context.Context, tx *pg.Tx, id uuid.UUID) error {
	n, err := meetingdb.New(tx).RevokeFeed(ctx, meetingdb.RevokeFeedParams{ID: id, PersonID: tx.Person, RevokedAt: &tx.Now})
	if err == nil && n == 0 {
		return fault.Missing()
	}
	return err
}

// Calendar is what a feed shows.
type Calendar struct {
	Name    string
	Lang    text.Lang
	Entries []Entry
}

// past is how far back a feed tells.
const past = 180

// Read gives what the calendar behind a secret shows, as far as the one who made
// it may see it today: one who has left the county or a body sees no more of it.
// Which claims a provider states is known in a session alone, so what somebody may
// by them does not count here; the page on which a calendar is made says so.
// It asks for no right but the secret, in a unit of work of the system's.
func Read(ctx context.Context, tx *pg.Tx, token string) (Calendar, error) {
	q := meetingdb.New(tx)
	r, err := q.FeedByToken(ctx, meetingdb.FeedByTokenParams{TenantID: tx.Tenant, TokenHash: hash(token), Today: tx.Today()})
	if err != nil {
		return Calendar{}, err
	}
	f := r.CalendarFeed
	grants, err := member.Grants(ctx, tx, f.PersonID, tx.Today())
	if err != nil {
		return Calendar{}, err
	}
	system := tx.Actor
	tx.Actor = auth.Actor{Tenant: tx.Tenant, Kind: auth.KindPerson, Person: f.PersonID, Grants: grants, Request: system.Request}
	s, err := sees(ctx, tx)
	tx.Actor = system
	if err != nil {
		return Calendar{}, err
	}
	rows, err := q.FeedMeetings(ctx, meetingdb.FeedMeetingsParams{TenantID: tx.Tenant, PersonID: f.PersonID, Body: f.Body, FromDay: tx.Today().Add(-past)})
	if err != nil {
		return Calendar{}, err
	}
	c := Calendar{Lang: text.Swedish, Entries: []Entry{}}
	if langs := tx.Config().Identity.Languages; len(langs) > 0 {
		c.Lang = text.Accept(langs[0], "")
	}
	c.Name = c.Lang.T("meeting_letter.own_calendar")
	if f.Body != "" {
		c.Name = bodyName(tx, f.Body, tx.Today())
	}
	for _, r := range rows {
		m := made(tx, r.Meeting)
		if m.State == Drafted && s.makes && m.AnnouncedAt == nil {
			continue // a draft is in nobody's calendar
		}
		shown, err := s.shown(m)
		if err != nil {
			continue // not for this one's eyes
		}
		e := entry(c.Lang, shown, tx.Today().Start()) // the same all day, so that what has not changed is not sent again
		e.Sequence, e.Answer, e.Path = m.Sequence, r.Answer, "/lan/"+tx.Tenant+"/meetings/"+m.ID.String()
		c.Entries = append(c.Entries, e)
	}
	return c, nil
}
