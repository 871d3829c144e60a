package meeting

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/meeting/internal/meetingdb"
	"github.com/overens/overens/internal/pg"
)

// CalendarReply is an answer that a calendar sent. That the letter came from its
// address is for whoever received it to know.
type CalendarReply struct {
	UID      string
	Sequence int
	Address  string
	At       time.Time // when it was answered; zero where the calendar does not say
	Reply
}

// AnswerByCalendar is Answer by a calendar's reply, handed in by the secretary or
// by the program that receives the letters. An answer to an earlier day or hour is
// none, and neither is one that was overtaken by a later answer: handed in again,
// whenever that is, a reply changes nothing.
func AnswerByCalendar(ctx context.Context, tx *pg.Tx, c CalendarReply) (Answered, error) {
	if err := tx.Require(auth.MeetingPrepare); err != nil {
		return Answered{}, err
	}
	id, ok := meetingOf(c.UID)
	if !ok {
		return Answered{}, fault.Bad("invitation.calendar_unknown", "")
	}
	m, err := get(ctx, tx, id)
	switch {
	case fault.Is(err, "common.not_found"):
		return Answered{}, fault.Bad("invitation.calendar_unknown", "")
	case err != nil:
		return Answered{}, err
	case c.Sequence < m.Sequence:
		return Answered{}, fault.New(fault.Conflict, "invitation.answers_earlier")
	}
	of, err := meetingdb.New(tx).InvitationOfAddress(ctx, meetingdb.InvitationOfAddressParams{MeetingID: id, Email: c.Address})
	if fault.Is(err, "common.not_found") {
		return Answered{}, fault.Bad("invitation.calendar_address", "").With("address", c.Address)
	}
	if err != nil {
		return Answered{}, err
	}
	i, err := invitation(ctx, tx, of)
	if err != nil {
		return Answered{}, err
	}
	if c.Answer == "" {
		return Answered{}, fault.Bad("invitation.calendar_maybe", "").With("name", i.Name)
	}
	if c.At.IsZero() || c.At.After(tx.Now) { // a clock that is fast makes no answer of tomorrow
		c.At = tx.Now
	}
	return answer(ctx, tx, i, c.Reply, byCalendar, c.At)
}

// uid is a meeting's name in calendars, for all time.
func uid(meeting uuid.UUID) string { return "meeting-" + meeting.String() + "@overens" }

func meetingOf(uid string) (uuid.UUID, bool) {
	s, ok := strings.CutPrefix(uid, "meeting-")
	s, at := strings.CutSuffix(s, "@overens")
	id, err := uuid.Parse(s)
	return id, ok && at && err == nil
}
