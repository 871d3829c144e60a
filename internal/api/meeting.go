package api

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/pg"
)

// Meeting is a meeting with what leads on from it.
type Meeting struct {
	meeting.Meeting
	Linked
}

// MeetingList is a page of meetings.
type MeetingList struct {
	Meetings []Meeting `json:"meetings" doc:"The meetings that the caller may know of. Of one that is only announced, the day."`
	Paged
}

// PlannedMeeting is a meeting as it is planned, and what is worth a look.
type PlannedMeeting struct {
	Meeting
	Warnings []Warning `json:"warnings" nullable:"false" doc:"What was accepted and is worth a look."`
}

// MeetingQuery asks for meetings.
type MeetingQuery struct {
	InCounty
	BodyKey string  `query:"body" maxLength:"40" pattern:"^[a-z][a-z0-9-]*$" doc:"Only of this body, by key." example:"forum"`
	From    day.Day `query:"from" doc:"Only on this day or later." example:"2027-01-01"`
	To      day.Day `query:"to" doc:"Only before this day." example:"2028-01-01"`
	State   string  `query:"state" enum:"announced,draft,called,open,closed,drafted,adjusted,published,cancelled" doc:"Only those that have come so far." example:"called"`
	Order   string  `query:"order" enum:"latest,coming" default:"latest" doc:"The latest first, or the first first." example:"coming"`
	Paging
}

// NextMeetingQuery asks for a body's next meeting.
type NextMeetingQuery struct {
	InCounty
	BodyKey string `query:"body" maxLength:"40" pattern:"^[a-z][a-z0-9-]*$" doc:"Only of this body, by key. Default: of any." example:"forum"`
}

// MeetingPlan is a new meeting: its day is announced, or it is prepared at once.
type MeetingPlan struct {
	meeting.Date
	Announce bool `json:"announce,omitempty" doc:"Whether only its day is announced, long before. Else it is a draft, which its makers alone see." example:"false"`
}

// NewMeeting is a new meeting.
type NewMeeting struct {
	InCounty
	Body MeetingPlan
}

// ChangedMeeting is a meeting planned anew.
type ChangedMeeting struct {
	AtMeeting
	Body meeting.Date
}

// MeetingCancellation cancels a meeting.
type MeetingCancellation struct {
	AtMeeting
	Body meeting.Cancellation
}

// NewCall calls a meeting.
type NewCall struct {
	AtMeeting
	Body meeting.Notice
}

// CalledMeeting is a meeting that has been called, and to whom.
type CalledMeeting struct {
	Meeting
	Called []meeting.Invited `json:"invitees" nullable:"false" doc:"Who was called."`
	Vacant []meeting.Empty   `json:"vacantPlaces" nullable:"false" doc:"The places that nobody holds."`
	Alone  []meeting.Empty   `json:"deputylessPlaces" nullable:"false" doc:"The places without a deputy, where the body has deputies."`
}

// CallPreview is what a call would say and to whom.
type CallPreview struct {
	Meeting  Meeting           `json:"meeting" doc:"The meeting."`
	Called   []meeting.Invited `json:"invitees" nullable:"false" doc:"Who would be called."`
	Vacant   []meeting.Empty   `json:"vacantPlaces" nullable:"false" doc:"The places that nobody holds."`
	Alone    []meeting.Empty   `json:"deputylessPlaces" nullable:"false" doc:"The places without a deputy, where the body has deputies."`
	Unmailed []meeting.Invited `json:"unreachables" nullable:"false" doc:"Those who have no address that mail reaches."`
	By       day.Day           `json:"by,omitzero" doc:"The last day on which it can be called in time. Left out: the body demands nothing." example:"2027-04-01"`
	Late     bool              `json:"late" doc:"Whether that day has passed, so that the call needs a reason." example:"false"`
	Stopped  bool              `json:"stopped" doc:"Whether the body's rule stops a call that comes late." example:"false"`
	Warnings []Warning         `json:"warnings" nullable:"false" doc:"What is worth a look."`
	Linked
}

// meetings are meetings as they are planned and called.
func (d *Door) meetings() {
	const all, one = "/counties/{county}/meetings", "/counties/{county}/meetings/{meeting}"

	list(d, Member, all, "list-meetings", func(ctx context.Context, tx *pg.Tx, in *MeetingQuery) (l MeetingList, total int, err error) {
		f := meeting.Filter{Body: in.BodyKey, From: in.From, To: in.To, Rising: in.Order == "coming", Limit: in.Limit, Page: in.Page}
		if in.State != "" {
			f.States = []meeting.State{meeting.State(in.State)}
		}
		ms, total, err := meeting.List(ctx, tx, f)
		for _, m := range ms {
			l.Meetings = append(l.Meetings, d.meeting(tx, m))
		}
		return l, total, err
	})
	create(d, all, "create-meeting", func(ctx context.Context, tx *pg.Tx, in *NewMeeting) (PlannedMeeting, error) {
		plan := meeting.Prepare
		if in.Body.Announce {
			plan = meeting.Announce
		}
		p, err := plan(ctx, tx, in.Body.Date)
		return d.planned(ctx, tx, p), err
	})
	read(d, Member, "/counties/{county}/next-meeting", "get-next-meeting", func(ctx context.Context, tx *pg.Tx, in *NextMeetingQuery) (Meeting, error) {
		m, ok, err := meeting.Next(ctx, tx, in.BodyKey)
		if !ok {
			return Meeting{}, orMissing(err)
		}
		return d.meeting(tx, m), nil
	})
	read(d, Member, one, "get-meeting", func(ctx context.Context, tx *pg.Tx, in *AtMeeting) (Meeting, error) {
		m, err := meeting.Get(ctx, tx, in.ID)
		return d.meeting(tx, m), err
	})
	replace(d, one, "replace-meeting", func(ctx context.Context, tx *pg.Tx, in *ChangedMeeting, version int64) (PlannedMeeting, error) {
		p, err := meeting.Change(ctx, tx, in.ID, version, in.Body)
		return d.planned(ctx, tx, p), err
	})
	act(d, one+"/preparation", "prepare-meeting", func(ctx context.Context, tx *pg.Tx, in *AtMeeting, version int64) (Meeting, error) {
		m, err := meeting.Begin(ctx, tx, in.ID, version)
		return d.meeting(tx, m), err
	})
	act(d, one+"/announcement", "announce-meeting", func(ctx context.Context, tx *pg.Tx, in *AtMeeting, version int64) (Meeting, error) {
		m, err := meeting.Disclose(ctx, tx, in.ID, version)
		return d.meeting(tx, m), err
	})
	act(d, one+"/cancellation", "cancel-meeting", func(ctx context.Context, tx *pg.Tx, in *MeetingCancellation, version int64) (Meeting, error) {
		m, err := meeting.Cancel(ctx, tx, in.ID, version, in.Body)
		return d.meeting(tx, m), err
	})
	read(d, Member, one+"/call-preview", "preview-call", func(ctx context.Context, tx *pg.Tx, in *AtMeeting) (CallPreview, error) {
		p, err := meeting.Foresee(ctx, tx, in.ID)
		l := Links{}
		l.to("self", http.MethodGet, d.meetingAt(tx, in.ID)+"/call-preview")
		l.to("up", http.MethodGet, d.meetingAt(tx, in.ID))
		return CallPreview{d.meeting(tx, p.Meeting), p.Called, p.Vacant, p.Alone, p.Unmailed, p.By, p.Late, p.Stopped, warned(ctx, p.Warnings), Linked{l}}, err
	})
	act(d, one+"/call", "call-meeting", func(ctx context.Context, tx *pg.Tx, in *NewCall, version int64) (CalledMeeting, error) {
		c, err := meeting.Call(ctx, tx, in.ID, version, in.Body)
		return CalledMeeting{d.meeting(tx, c.Meeting), c.Called, c.Vacant, c.Alone}, err
	})
	d.agendas()
	d.invitations()
	d.calendarFeeds()
}

// meeting adds what leads on, and what can be done now.
func (d *Door) meeting(tx *pg.Tx, m meeting.Meeting) Meeting {
	l, here := Links{}, d.meetingAt(tx, m.ID)
	l.to("self", http.MethodGet, here)
	if m.CalledAt != nil || tx.May(auth.MeetingPrepare) {
		for _, rel := range []string{"agenda", "invitations"} {
			l.to(rel, http.MethodGet, here+"/"+rel)
		}
	}
	if tx.May(auth.MeetingPrepare) {
		d.planningOf(l, m, here)
		d.liveOf(l, m, here)
	}
	if m.State.Sent() {
		for _, rel := range []string{"now", "attendances"} {
			l.to(rel, http.MethodGet, here+"/"+rel)
		}
	}
	return Meeting{m, Linked{l}}
}

// planningOf links what can be done with a meeting that is not open yet.
func (d *Door) planningOf(l Links, m meeting.Meeting, here string) {
	switch m.State {
	case meeting.Announced:
		l.to("preparation", http.MethodPost, here+"/preparation")
	case meeting.Drafted:
		l.to("call-preview", http.MethodGet, here+"/call-preview")
		l.to("call", http.MethodPost, here+"/call")
		if m.AnnouncedAt == nil {
			l.to("announcement", http.MethodPost, here+"/announcement")
		}
	case meeting.Called:
	default:
		return
	}
	l.to("edit", http.MethodPut, here)
	l.to("cancellation", http.MethodPost, here+"/cancellation")
}

func (d *Door) planned(ctx context.Context, tx *pg.Tx, p meeting.Planned) PlannedMeeting {
	return PlannedMeeting{d.meeting(tx, p.Meeting), warned(ctx, p.Warnings)}
}

// partOfMeeting links what stands on a meeting.
func (d *Door) partOfMeeting(tx *pg.Tx, self string, of uuid.UUID) Linked {
	l := Links{}
	l.to("self", http.MethodGet, self)
	if of != uuid.Nil {
		l.to("up", http.MethodGet, d.meetingAt(tx, of))
	}
	return Linked{l}
}
