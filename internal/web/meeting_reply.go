package web

import (
	"context"
	"crypto/rand"
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/ical"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/pg"
)

// The page that takes what a calendar has answered, as the secretary received it.

type replying struct{ door *Door }

// replySeen is a calendar's reply on its way in.
type replySeen struct {
	Of     meeting.Meeting
	Key    string
	Text   string
	Faults []rowFault
}

// replyAt is where a meeting takes calendars' replies.
const replyAt = "/calendar-reply"

func (p replying) show(w http.ResponseWriter, r *http.Request) {
	p.door.page(members, func(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
		return replyOf(ctx, tx, v, replySeen{})
	})(w, r)
}

func replyOf(ctx context.Context, tx *pg.Tx, v *visit, s replySeen) (templ.Component, error) {
	at, err := id(v.r, "id")
	if err != nil {
		return nil, err
	}
	if s.Of, err = meeting.Get(ctx, tx, at); err != nil {
		return nil, err
	}
	s.Key = rand.Text()
	return replyPage(v, s), tx.Require(auth.MeetingPrepare)
}

func (p replying) send(w http.ResponseWriter, r *http.Request) {
	v, ok := p.door.admitted(w, r, members, func(ctx context.Context, tx *pg.Tx, v *visit) error {
		_, err := replyOf(ctx, tx, v, replySeen{})
		return err
	})
	if !ok {
		return
	}
	typed, err := arrived(w, r)
	if err != nil {
		p.door.refuse(w, v, err)
		return
	}
	s := replySeen{Text: typed.Get("text")}
	said, err := ical.ReadReply(strings.NewReader(s.Text))
	if err == nil {
		err = p.door.once(w, v, members, pg.Once{Key: typed.Get("key"), Request: asked(r, typed)}, func(tx *pg.Tx) (string, error) {
			a, err := meeting.AnswerByCalendar(r.Context(), tx, meeting.CalendarReply{UID: said.UID, Sequence: said.Sequence, Address: said.Address, At: said.Stamp,
				Reply: meeting.Reply{Answer: said.Answer.Says(), Note: said.Comment}})
			return string(meetingAt(v, a.Invitation.Meeting, "?done=", answeredAs(a), "#called")), err
		})
		if err == nil {
			return
		}
	}
	err = ical.Refusal(err)
	if !mended(err) && !fault.Is(err, "invitation.calendar_large") {
		p.door.refuse(w, v, err)
		return
	}
	s.Faults = v.fileFaults(err)
	for _, f := range fault.All(err) {
		v.status = statuses[f.Kind]
	}
	p.door.answer(w, v, members, func(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
		return replyOf(ctx, tx, v, s)
	})
}
