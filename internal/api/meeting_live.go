package api

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/pg"
)

// AtMeeting names a meeting in the path.
type AtMeeting struct {
	InCounty
	ID uuid.UUID `path:"meeting" doc:"The meeting's identifier." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
}

// AtMeetingPage asks for a page of something of a meeting.
type AtMeetingPage struct {
	AtMeeting
	Paging
}

// AtItem names a matter in the path.
type AtItem struct {
	InCounty
	ID uuid.UUID `path:"item" doc:"The matter's identifier." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
}

// MeetingNow is a meeting as it stands this minute.
type MeetingNow struct {
	meeting.Now
	Linked
}

// MeetingClosed is a meeting that has been closed, and what is worth a look.
type MeetingClosed struct {
	Meeting
	Warnings []Warning `json:"warnings" nullable:"false" doc:"What was accepted and is worth a look."`
}

// Attendance is somebody at a meeting.
type Attendance struct {
	meeting.Attendance
	Linked
}

// AttendanceList is a page of those at a meeting.
type AttendanceList struct {
	Attendances []Attendance `json:"attendances" doc:"Those who were called and those who came, in Swedish order."`
	Paged
}

// NewPresence notes that somebody comes or goes.
type NewPresence struct {
	AtMeeting
	Body meeting.Presence
}

// PresenceOf names somebody at a meeting.
type PresenceOf struct {
	AtMeeting
	Person uuid.UUID `path:"person" doc:"Who." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
}

// NewSettlement is done with a matter that is not decided on.
type NewSettlement struct {
	AtItem
	Body meeting.Settlement
}

// NewDelay postpones a matter.
type NewDelay struct {
	AtItem
	Body meeting.Delay
}

// NewInterest tells of an interest in a matter.
type NewInterest struct {
	AtItem
	Body meeting.Telling
}

// InterestOf names somebody with an interest in a matter.
type InterestOf struct {
	AtItem
	Person uuid.UUID `path:"person" doc:"Who." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
}

// NewVote gives a vote in a matter.
type NewVote struct {
	AtItem
	Body meeting.Voice
}

// NewRemark says something about a matter.
type NewRemark struct {
	AtItem
	Body meeting.Saying
}

// AtRemark names a remark in the path.
type AtRemark struct {
	InCounty
	ID uuid.UUID `path:"remark" doc:"The remark's identifier." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
}

// meetingsLive are meetings while they are held.
func (d *Door) meetingsLive() {
	const one, item = "/counties/{county}/meetings/{meeting}", "/counties/{county}/agenda-items/{item}"

	read(d, Member, one+"/now", "get-meeting-now", func(ctx context.Context, tx *pg.Tx, in *AtMeeting) (MeetingNow, error) {
		n, err := meeting.Watch(ctx, tx, in.ID)
		l := Links{}
		l.to("self", http.MethodGet, d.meetingAt(tx, in.ID)+"/now")
		l.to("up", http.MethodGet, d.meetingAt(tx, in.ID))
		return MeetingNow{n, Linked{l}}, err
	})
	act(d, one+"/opening", "open-meeting", func(ctx context.Context, tx *pg.Tx, in *AtMeeting, version int64) (Meeting, error) {
		m, err := meeting.Start(ctx, tx, in.ID, version)
		return d.meeting(tx, m), err
	})
	act(d, one+"/closing", "close-meeting", func(ctx context.Context, tx *pg.Tx, in *AtMeeting, version int64) (MeetingClosed, error) {
		c, err := meeting.Close(ctx, tx, in.ID, version)
		return MeetingClosed{d.meeting(tx, c.Meeting), warned(ctx, c.Warnings)}, err
	})
	act(d, one+"/reopening", "reopen-meeting", func(ctx context.Context, tx *pg.Tx, in *AtMeeting, version int64) (Meeting, error) {
		m, err := meeting.Reopen(ctx, tx, in.ID, version)
		return d.meeting(tx, m), err
	})
	list(d, Member, one+"/attendances", "list-attendances", func(ctx context.Context, tx *pg.Tx, in *AtMeetingPage) (l AttendanceList, total int, err error) {
		as, err := meeting.Attendances(ctx, tx, in.ID)
		for _, a := range cut(as, in.Paging) {
			it := Attendance{a, Linked{Links{}}}
			it.Links.to("up", http.MethodGet, d.meetingAt(tx, in.ID))
			l.Attendances = append(l.Attendances, it)
		}
		return l, len(as), err
	})
	do(d, one+"/roll-call", "note-all-came", func(ctx context.Context, tx *pg.Tx, in *AtMeeting) error {
		_, err := meeting.AllCame(ctx, tx, in.ID)
		return err
	})
	do(d, one+"/arrivals", "note-arrival", func(ctx context.Context, tx *pg.Tx, in *NewPresence) error {
		return meeting.Arrive(ctx, tx, in.ID, in.Body)
	})
	do(d, one+"/departures", "note-departure", func(ctx context.Context, tx *pg.Tx, in *NewPresence) error {
		return meeting.Leave(ctx, tx, in.ID, in.Body)
	})
	remove(d, one+"/attendances/{person}", "delete-attendance", func(ctx context.Context, tx *pg.Tx, in *PresenceOf) error {
		return meeting.NeverCame(ctx, tx, in.ID, in.Person)
	})

	act(d, item+"/taking-up", "take-up-item", func(ctx context.Context, tx *pg.Tx, in *AtItem, version int64) (AgendaItem, error) {
		i, err := meeting.TakeUp(ctx, tx, in.ID, version)
		return d.agendaItem(tx, i), err
	})
	act(d, item+"/conclusion", "settle-item", func(ctx context.Context, tx *pg.Tx, in *NewSettlement, version int64) (AgendaItem, error) {
		i, err := meeting.Settle(ctx, tx, in.ID, version, in.Body)
		return d.agendaItem(tx, i), err
	})
	act(d, item+"/postponement", "postpone-item", func(ctx context.Context, tx *pg.Tx, in *NewDelay, version int64) (AgendaItem, error) {
		i, err := meeting.Postpone(ctx, tx, in.ID, version, in.Body)
		return d.agendaItem(tx, i), err
	})
	do(d, item+"/interests", "tell-interest", func(ctx context.Context, tx *pg.Tx, in *NewInterest) error {
		return meeting.Bias(ctx, tx, in.ID, in.Body)
	})
	remove(d, item+"/interests/{person}", "delete-interest", func(ctx context.Context, tx *pg.Tx, in *InterestOf) error {
		return meeting.Unbias(ctx, tx, in.ID, in.Person)
	})
	do(d, item+"/ballots", "vote", func(ctx context.Context, tx *pg.Tx, in *NewVote) error {
		return meeting.Vote(ctx, tx, in.ID, in.Body)
	})
	do(d, item+"/remarks", "make-remark", func(ctx context.Context, tx *pg.Tx, in *NewRemark) error {
		_, err := meeting.Say(ctx, tx, in.ID, in.Body)
		return err
	})
	do(d, "/counties/{county}/remarks/{remark}/withdrawal", "withdraw-remark", func(ctx context.Context, tx *pg.Tx, in *AtRemark) error {
		_, err := meeting.TakeBack(ctx, tx, in.ID)
		return err
	})
}

func (d *Door) meetingAt(tx *pg.Tx, id uuid.UUID) string {
	return d.at("counties", tx.Tenant, "meetings", id.String())
}

// warned are a room's warnings, in the language asked for.
func warned(ctx context.Context, ws []fault.Warning) []Warning {
	out := []Warning{}
	for _, w := range ws {
		out = append(out, Warning{w.Key, from(ctx).lang.Fill(w.Key, spoken(from(ctx).lang, w.Args)), w.Args})
	}
	return out
}
