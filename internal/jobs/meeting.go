package jobs

import (
	"context"
	"errors"
	netmail "net/mail"

	"github.com/riverqueue/river"

	"github.com/overens/overens/internal/ical"
	"github.com/overens/overens/internal/mail"
	"github.com/overens/overens/internal/meeting"
)

// tell sends a mail about a meeting, with what its recipient's calendar is told.
func (c Config) tell(ctx context.Context, l meeting.Letter) error {
	subject, body := l.Words(c.PublicURL)
	m := mail.Message{To: l.To, Subject: subject, Text: body, ID: "meeting-" + l.ID.String()}
	if l.Tells {
		calendar, err := c.calendar(l)
		if err != nil {
			return river.JobCancel(err)
		}
		m.Calendar = calendar
	}
	err := c.Mail.Send(ctx, m)
	if errors.Is(err, mail.ErrMessage) { // no number of tries makes the address good
		return river.JobCancel(err)
	}
	return err
}

// calendar is the meeting as one recipient's calendar is told of it. It holds no
// link to answer by: calendars are shown to others.
func (c Config) calendar(l meeting.Letter) (*mail.Calendar, error) {
	from, err := netmail.ParseAddress(c.From)
	if err != nil {
		return nil, errors.New("jobs: the sender of letters is no address")
	}
	name := from.Name
	if name == "" {
		name = l.Config.Identity.Administration.In(string(l.Lang()))
	}
	e := l.Entry()
	event := ical.Event{UID: e.UID, Sequence: e.Sequence, Start: e.Start, End: e.End, AllDay: e.AllDay, Summary: e.Summary, Location: e.Location,
		URL: c.PublicURL + e.Path, Stamp: e.Stamp}
	if e.Link != "" {
		event.Description = e.Link
	}
	i := ical.Invitation{Method: ical.Request, Event: event, Organizer: ical.Person{Name: name, Address: from.Address},
		Attendee: ical.Person{Name: l.Name, Address: l.To}, Answer: answers[l.Answer]}
	if !e.Asks {
		i.Role = ical.Informed
	}
	if l.Withdraws() {
		i.Method = ical.Cancel
	}
	data, err := ical.Invite(i)
	return &mail.Calendar{Method: string(i.Method), Data: data}, err
}

// answers are what was answered, as calendars have it.
var answers = map[string]ical.Answer{meeting.AnswerYes: ical.Accepted, meeting.AnswerRemote: ical.Accepted, meeting.AnswerNo: ical.Declined}
