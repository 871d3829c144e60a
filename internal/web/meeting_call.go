package web

import (
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/pg"
)

// callSeen is what a call would say and to whom, as its page shows it.
type callSeen struct {
	meeting.Preview
	Guests   []option
	Subject  string
	Letter   string
	Warnings []string
}

// calling is the form that calls a meeting: it stands below all that the call
// would say.
func (d *Door) calling(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	m, s, err := v.aboutMeeting(ctx, tx, "meeting.call")
	if err != nil {
		return s, err
	}
	if err := now(m, meeting.Drafted); err != nil {
		return s, err
	}
	p, err := meeting.Foresee(ctx, tx, m.ID)
	if err != nil {
		return s, err
	}
	c := callSeen{Preview: p}
	for _, w := range p.Warnings {
		if text := v.Lang.Fill(w.Key, v.args(w.Args)); !slices.Contains(c.Warnings, text) {
			c.Warnings = append(c.Warnings, text)
		}
	}
	papers, err := meeting.AgendaPapers(ctx, tx, m.ID)
	if err != nil {
		return s, err
	}
	// As a member reads it; the secret of the link is made for each when it is sent.
	of := meeting.Letter{Name: v.T("meeting.call.reader"), Event: "call", County: v.Slug, Config: v.County, Meeting: m, At: v.Now, Agenda: p.Agenda, Papers: papers,
		Token: "…", Tells: true}
	c.Subject, c.Letter = of.Words(v.door.PublicURL)
	s.Before = callPreview(v, c)
	s.Title, s.Lead, s.Submit = v.T("meeting.call.title", "name", v.meetingName(m)), c.lead(v), v.T("meeting.call.do", "count", len(p.Called))
	fields, notes := []string{"guests"}, []string{v.T("meeting.call.guests_note")}
	if p.Late {
		fields, notes = []string{"lateReason", "guests"}, append([]string{v.T("meeting.call.late_note")}, notes...)
		s.Kinds["lateReason"], s.Needed = "area", []string{"lateReason"}
	}
	s.Leaves = []leaf{{"call", v.T("meeting.call.do_heading"), notes, fields}}
	s.Times = map[string]int{"guests": 3}
	called := make([]uuid.UUID, len(p.Called))
	for n, i := range p.Called {
		called[n] = i.Person
	}
	s.Options["guests"], err = peopleOptions(ctx, tx, called...)
	return s, err
}

func callMeeting(ctx context.Context, tx *pg.Tx, v *visit, version int64, n meeting.Notice) (string, error) {
	at, err := id(v.r, "id")
	if err != nil {
		return "", err
	}
	n.Guests = slices.DeleteFunc(n.Guests, func(who uuid.UUID) bool { return who == uuid.Nil })
	_, err = meeting.Call(ctx, tx, at, version, n)
	return string(meetingAt(v, at, "?done=meeting_called#called")), err
}

// lead says to how many it goes, and whether it is in time.
func (c callSeen) lead(v *visit) string {
	says := []string{v.T("meeting.call.lead", "count", len(c.Called))}
	switch {
	case c.Stopped:
		says = append(says, v.T("meeting.call.stopped", "day", SentenceDay(v.Lang, c.By, v.Today)))
	case c.Late:
		says = append(says, v.T("meeting.call.late", "day", SentenceDay(v.Lang, c.By, v.Today)))
	case !c.By.IsZero():
		says = append(says, v.T("meeting.call.in_time", "day", SentenceDay(v.Lang, c.By, v.Today)))
	default:
		says = append(says, v.T("meeting.call.any_time"))
	}
	return strings.Join(says, " ")
}

// letterNote says whose letter it is that is shown.
func (c callSeen) letterNote(v *visit) string {
	if c.Meeting.Kind == meeting.KindWritten {
		return v.T("meeting.call.letter_note_written")
	}
	return v.T("meeting.call.letter_note")
}

// reached tells whether mail reaches somebody who is called.
func (c callSeen) reached(i meeting.Invited) bool {
	return !slices.ContainsFunc(c.Unmailed, func(o meeting.Invited) bool { return o.Person == i.Person })
}

// textLines are a text's lines.
func textLines(s string) []string { return strings.Split(s, "\n") }
