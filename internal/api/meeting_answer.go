package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"io"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/ical"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/text"
)

// Answers that come by other ways than a signed-in person's own: by the link of a
// letter, whose secret is all that is asked for, and from calendars.

// calendarType is what calendars send each other.
const calendarType = "text/calendar"

// AtAnswerLink names the secret of a link in the path.
type AtAnswerLink struct {
	InCounty
	Link string `path:"link" minLength:"20" maxLength:"100" doc:"The secret that ends the address in the letter." example:"sSqYx3gqjGqkYlC0V0h6r3pPZ2m5vJwTt0n1k9Q8aBc"`
}

// OpenedInvitation is what a link's secret opens: an invitation and its meeting.
type OpenedInvitation struct {
	Invitation MeetingInvitation  `json:"invitation" doc:"The invitation."`
	Meeting    Meeting            `json:"meeting" doc:"The meeting."`
	Deputy     *MeetingInvitation `json:"deputy,omitempty" doc:"The deputy who was called instead, or who is needed no longer; told when it happens."`
	Linked
}

// ETag is the invitation's.
func (o OpenedInvitation) ETag() string { return o.Invitation.ETag() }

// NewLinkedAnswer answers by a link.
type NewLinkedAnswer struct {
	AtAnswerLink
	Body meeting.Reply
}

// CalendarReplyInput is a county that a calendar's reply came to; the reply itself
// is the body.
type CalendarReplyInput struct{ InCounty }

func (d *Door) answers() {
	const one = "/counties/{county}/meeting-answers/{link}"

	read(d, ByLink, one, "get-linked-invitation", func(ctx context.Context, tx *pg.Tx, in *AtAnswerLink) (OpenedInvitation, error) {
		l, err := meeting.ByToken(ctx, tx, in.Link)
		return d.opened(tx, in.Link, l.Invitation, l.Meeting), err
	})
	rt := route{method: http.MethodPost, path: one, id: "answer-linked-invitation", access: ByLink, status: http.StatusOK, ifMatch: true, key: true}
	register(d, rt, reflect.TypeFor[OpenedInvitation](), func(ctx context.Context, in *NewLinkedAnswer) (answer, error) {
		version, err := ifMatch(from(ctx).r)
		if err != nil {
			return answer{}, err
		}
		return onceAs(ctx, d, d.linked(ctx), in, func(tx *pg.Tx) (answer, error) {
			// A version is 1 at least: 0 asks for no check.
			a, err := meeting.AnswerByToken(ctx, tx, in.Link, asVersion(version), in.Body)
			if err != nil {
				return answer{}, withYours(err, in)
			}
			l, err := meeting.ByToken(ctx, tx, in.Link)
			if err != nil {
				return answer{}, err
			}
			o := d.opened(tx, in.Link, a.Invitation, l.Meeting)
			if a.Deputy != nil {
				o.Deputy = &MeetingInvitation{*a.Deputy, Linked{Links{}}}
			}
			return answered(http.StatusOK, o)
		})
	})
	d.calendarReplies()
}

// asVersion is a version as it was asked for: none that there is, where it is not
// one of ours.
func asVersion(v int64) int64 {
	if v < 1 {
		return -1
	}
	return v
}

// linked is the system, at work for whoever has a link.
func (d *Door) linked(ctx context.Context) auth.Actor {
	who, _ := auth.From(ctx)
	return auth.System(from(ctx).r.PathValue("county"), "link", who.Request)
}

func (d *Door) opened(tx *pg.Tx, link string, i meeting.Invitation, m meeting.Meeting) OpenedInvitation {
	// What else there is to do with them asks for signing in: no links lead there.
	o := OpenedInvitation{Invitation: MeetingInvitation{i, Linked{Links{}}}, Meeting: Meeting{m, Linked{Links{}}}, Linked: Linked{Links{}}}
	self := d.at("counties", tx.Tenant, "meeting-answers", link)
	o.Links.to("self", http.MethodGet, self)
	if i.WithdrawnAt == nil && (m.State == meeting.Called || m.State == meeting.Open) {
		o.Links.to("answer", http.MethodPost, self)
	}
	return o
}

// calendarReplies takes what calendars answer, as whoever receives the county's
// letters hands it on. The key is best the letter's own Message-ID.
func (d *Door) calendarReplies() {
	rt := route{method: http.MethodPost, path: "/counties/{county}/calendar-replies", id: "take-calendar-reply", access: Member, status: http.StatusOK, key: true, body: calendarType}
	op := d.describe(rt, reflect.TypeFor[AnsweredMeetingInvitation]())
	// The library would read a body whose schema it knows.
	op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{calendarType: {}}}
	expose(d, rt, op, func(ctx context.Context, in *CalendarReplyInput) (http.HandlerFunc, error) {
		return func(w http.ResponseWriter, r *http.Request) {
			a, err := d.calendarReply(ctx, w, r, in)
			if err != nil {
				d.Refuse(w, r, err)
				return
			}
			a.write(w, r, rt)
		}, nil
	})
	op.RequestBody.Content[calendarType].Schema = &huma.Schema{Type: huma.TypeString, Description: text.English.T("api.text.calendar_reply"),
		Examples: []any{"BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\n…\r\nEND:VCALENDAR\r\n"}}
}

func (d *Door) calendarReply(ctx context.Context, w http.ResponseWriter, r *http.Request, in *CalendarReplyInput) (answer, error) {
	// Whoever may not hand it in learns so before it is read.
	if err := d.work(ctx, Member, pg.Read, func(tx *pg.Tx) error { return tx.Require(auth.MeetingPrepare) }); err != nil {
		return answer{}, err
	}
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxBody))
	if err != nil {
		return answer{}, cutOff(err)
	}
	if len(raw) == 0 {
		return answer{}, fault.New(fault.BadRequest, "shape.body_missing")
	}
	said, err := ical.ReadReply(bytes.NewReader(raw))
	if err != nil {
		return answer{}, ical.Refusal(err)
	}
	type request struct {
		In  *CalendarReplyInput
		Sum [sha256.Size]byte
	}
	return once(ctx, d, &request{in, sha256.Sum256(raw)}, func(tx *pg.Tx) (answer, error) {
		a, err := meeting.AnswerByCalendar(ctx, tx, meeting.CalendarReply{UID: said.UID, Sequence: said.Sequence, Address: said.Address, At: said.Stamp,
			Reply: meeting.Reply{Answer: said.Answer.Says(), Note: said.Comment}})
		if err != nil {
			return answer{}, err
		}
		return answered(http.StatusOK, d.answeredInvitation(tx, a))
	})
}
