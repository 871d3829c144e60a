package meeting

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/meeting/internal/meetingdb"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
	"github.com/overens/overens/internal/text"
)

// Letter is one mail about a meeting, ready to be sent. It may hold a link's
// secret and is kept nowhere.
type Letter struct {
	ID       uuid.UUID // the mail's
	To, Name string
	Event    string
	County   string // slug
	Config   tenant.Configuration
	Meeting  Meeting
	Sequence int
	At       time.Time // when it was written
	Was      *Occasion // of a change, what stood before

	Party  bool   // a copy to a party's functional mailbox
	Placed bool   // whether the recipient is called for a place at the table
	Token  string // of the link to answer by; empty: none
	Answer string // what the recipient has answered so far
	Agenda []Item // as the recipient may see it
	Papers map[uuid.UUID][]Paper
	Paper  Paper    // of a paper that has a later version
	Text   Attested // of minutes that are being adjusted
	Tells  bool     // whether it goes into the recipient's calendar
}

// Lang is the language of the letter: the county's first.
func (l Letter) Lang() text.Lang {
	if langs := l.Config.Identity.Languages; len(langs) > 0 {
		return text.Accept(langs[0], "")
	}
	return text.Swedish
}

// summary is what a meeting is called in calendars and letters: the meeting's own title, or the body's name.
func (m Meeting) summary() string {
	if m.Title != "" {
		return m.BodyName + ": " + m.Title
	}
	return m.BodyName
}

// address is where the meeting stands, below the server's own address.
func (l Letter) address() string { return "/lan/" + l.County + "/meetings/" + l.Meeting.ID.String() }

// AnswerPath is where a link to answer by leads, below the server's own address.
func AnswerPath(county, token string) string { return "/lan/" + county + "/meeting-answers/" + token }

// Words are the letter's subject and body. publicURL is the server's own address.
func (l Letter) Words(publicURL string) (subject, body string) {
	lang, m := l.Lang(), l.Meeting
	args := []any{"body", m.BodyName, "meeting", m.summary(), "day", m.On.String(), "name", l.Name, "reason", m.CancelledReason,
		"paper", l.Paper.Title, "number", l.Paper.Number, "note", l.Paper.Note, "county", l.Config.Identity.Name.In(string(lang)),
		"by", l.Text.By}
	event := l.event()
	subject = lang.T("meeting_letter."+event+"_subject", args...)
	var b strings.Builder
	add := func(s string) {
		if s = strings.TrimSpace(s); s != "" {
			b.WriteString(s + "\n\n")
		}
	}
	add(lang.T("meeting_letter.hello", args...))
	if l.Party {
		add(lang.T("meeting_letter.copy", args...))
	}
	add(lang.T("meeting_letter."+event, args...))
	add(l.text(lang))
	add(l.changes(lang))
	if !l.ofMinutes() && (!l.written() || l.asks()) {
		add(l.facts(lang))
	}
	if !l.ofMinutes() && !l.Withdraws() {
		add(m.Note)
	}
	add(l.points(lang, publicURL))
	if l.asks() && l.written() {
		add(l.inWriting(lang, publicURL))
	} else if l.Token != "" {
		link := publicURL + AnswerPath(l.County, l.Token)
		if m.AnswerBy.IsZero() {
			add(lang.T("meeting_letter.answer", "link", link))
		} else {
			add(lang.T("meeting_letter.answer_by", "link", link, "by", m.AnswerBy.String()))
		}
	}
	switch {
	case l.ofMinutes():
		add(lang.T("meeting_letter.read_"+l.Text.Record, "link", publicURL+l.address()+"/minutes"+l.Text.anchor()))
	case !l.Withdraws():
		add(lang.T("meeting_letter.read", "link", publicURL+l.address()))
	}
	add(l.Config.Identity.Administration.In(string(lang)))
	return subject, b.String()
}

// written tells whether the letter is about a written procedure: nobody comes, and
// nobody is asked whether he does.
func (l Letter) written() bool { return l.Meeting.Kind == KindWritten }

// event is what the letter's words are about: a written procedure has its own, and so
// has who had no place to lose.
func (l Letter) event() string {
	if l.written() && slices.Contains([]string{mailCall, mailChange, mailCancel, mailReminder, mailDeputy, mailStandDown}, l.Event) {
		return l.Event + "_written"
	}
	if l.Event == mailEnded && !l.Placed {
		return l.Event + "_guest"
	}
	return l.Event
}

// asks tells whether the letter wants an answer of its reader.
func (l Letter) asks() bool {
	return slices.Contains([]string{mailCall, mailChange, mailReminder, mailDeputy}, l.Event)
}

// inWriting is how one answers in writing, that one objection stops a matter, and
// what it means to say nothing.
func (l Letter) inWriting(lang text.Lang, publicURL string) string {
	args := []any{"link", publicURL + l.address() + "/live", "day", l.Meeting.On.String()}
	lines := []string{lang.T("meeting_letter.written_answer", args...), lang.T("meeting_letter.written_objection", args...)}
	if b, ok := l.Config.Bodies.Body(l.Meeting.Body); ok && objects(b.Rules.Decision, string(governance.VoteAgainst)) {
		lines[1] += " " + lang.T("meeting_letter.written_against", args...)
	}
	return strings.Join(append(lines, lang.T("meeting_letter.written_silence", args...)), "\n\n")
}

// facts are when and where, a line each.
func (l Letter) facts(lang text.Lang) string {
	m := l.Meeting
	if l.written() {
		return lang.T("meeting_letter.last_day", "day", m.On.String())
	}
	lines := []string{lang.T("meeting_letter.when", "when", m.occasion().when(lang))}
	if m.Location != "" {
		lines = append(lines, lang.T("meeting_letter.where", "where", m.Location))
	}
	if m.Link != "" {
		lines = append(lines, lang.T("meeting_letter.remote", "link", m.Link))
	}
	return strings.Join(lines, "\n")
}

// points are the agenda, with its papers.
func (l Letter) points(lang text.Lang, publicURL string) string {
	if len(l.Agenda) == 0 {
		return ""
	}
	lines := []string{lang.T("meeting_letter.agenda")}
	if l.written() {
		lines[0] = lang.T("meeting_letter.questions")
	}
	for _, i := range l.Agenda {
		lines = append(lines, fmt.Sprintf("%d. %s (%s)", i.Number, i.Title, lang.T("meeting_letter.kind."+i.Kind)))
		if l.written() && i.Proposal != "" {
			lines = append(lines, "   "+lang.T("meeting_letter.proposal", "wording", i.Proposal))
		}
		for _, p := range l.Papers[i.ID] {
			if p.ReplacedAt == nil {
				lines = append(lines, "   - "+p.Title+": "+publicURL+"/lan/"+l.County+"/agenda-papers/"+p.ID.String()+"/content")
			}
		}
	}
	return strings.Join(lines, "\n")
}

// Entry is the meeting as the recipient's calendar is told of it.
func (l Letter) Entry() Entry {
	e := entry(l.Lang(), l.Meeting, l.At)
	e.Sequence, e.Asks, e.Answer, e.Path = l.Sequence, !l.written(), l.Answer, l.address()
	return e
}

// Withdraws tells whether the letter takes the meeting out of the recipient's calendar.
func (l Letter) Withdraws() bool {
	return l.Event == mailCancel || l.Event == mailStandDown || l.Event == mailEnded
}

// Entry is a meeting as a calendar shows it.
type Entry struct {
	UID        string
	Sequence   int
	Start, End time.Time
	AllDay     bool
	Summary    string
	Location   string
	Link       string
	Announced  bool // only the day is known as yet
	Cancelled  bool
	Asks       bool   // whether the reader is asked to say if he comes
	Answer     string // the reader's own: yes, no, remote; empty: none
	Path       string // below the server's own address
	Stamp      time.Time
}

// entry is the meeting's day and hours; of a written procedure the last day to
// answer.
func entry(lang text.Lang, m Meeting, now time.Time) Entry {
	begin, end, whole := m.starts()
	summary := m.summary()
	if m.Kind == KindWritten {
		summary = lang.T("meeting_letter.answer_last", "meeting", summary)
	}
	return Entry{UID: uid(m.ID), Sequence: m.Sequence, Start: begin, End: end, AllDay: whole, Summary: summary, Location: m.Location, Link: m.Link,
		Announced: m.State == Announced || m.State == Drafted, Cancelled: m.State == Cancelled, Stamp: now}
}

// write gathers what a mail says; nil with or without a reason when there is
// nothing to send.
func write(ctx context.Context, tx *pg.Tx, id uuid.UUID) (letter *Letter, failed string, err error) {
	q := meetingdb.New(tx)
	r, err := q.Mail(ctx, id)
	if fault.Is(err, "common.not_found") {
		return nil, "", nil
	}
	if err != nil || r.MeetingMail.SentAt != nil {
		return nil, "", err
	}
	if r.Address == "" {
		return nil, "no address", nil
	}
	mail := r.MeetingMail
	m, err := get(ctx, tx, mail.MeetingID)
	if err != nil {
		return nil, "", err
	}
	l := Letter{ID: id, To: r.Address, Name: r.Name, Event: mail.Event, County: tx.Tenant, Config: tx.Config(), Meeting: m, Sequence: int(mail.Sequence), At: tx.Now,
		Party: mail.OrganisationID.Valid, Tells: !mail.OrganisationID.Valid && slices.Contains([]string{mailCall, mailChange, mailCancel, mailDeputy, mailStandDown, mailEnded}, mail.Event)}
	if len(mail.Was) > 0 {
		if err := json.Unmarshal(mail.Was, &l.Was); err != nil {
			return nil, "", err
		}
	}
	going := !l.Withdraws()
	if going && m.State == Cancelled {
		return nil, "cancelled", nil // the letter that says so is under way
	}
	var own Invitation
	if !l.Party {
		if own, err = invited(ctx, tx, m.ID, mail.PersonID.UUID); err != nil && !fault.Is(err, "common.not_found") {
			return nil, "", err
		}
		if own.ID != uuid.Nil && (own.WithdrawnAt != nil || own.Over()) && mail.Event != mailStandDown && mail.Event != mailEnded {
			return nil, "withdrawn", nil
		}
		if mail.Event == mailEnded {
			if own.WithdrawnAt == nil {
				return nil, "called again", nil
			}
			l.Meeting.Link = "" // it is not for him any more
		}
		l.Answer, l.Placed = own.Answer, own.Place != ""
	}
	if mail.Event == mailPaper {
		p, err := q.Paper(ctx, mail.AboutID.UUID)
		if err != nil {
			return nil, "", err
		}
		l.Paper = madePaper(p.AgendaPaper, p.Title)
	}
	if l.ofMinutes() {
		if l.Text, err = attested(ctx, tx, m, mail); fault.Is(err, "common.not_found") {
			return nil, "asked no longer", nil // somebody else attests them now
		}
		if err != nil {
			return nil, "", err
		}
	}
	if mail.Event == mailReminder && own.Answer != "" {
		return nil, "answered", nil
	}
	if going && own.ID != uuid.Nil && m.State == Called && m.Kind != KindWritten {
		var hashed []byte
		l.Token, hashed = secret()
		if err := q.SetInvitationToken(ctx, meetingdb.SetInvitationTokenParams{MeetingID: m.ID, PersonID: own.Person, TokenHash: hashed}); err != nil {
			return nil, "", err
		}
	}
	if mail.Event == mailCall || mail.Event == mailChange || mail.Event == mailDeputy || l.asks() && l.written() {
		// A mailbox is read by whoever reads it: confidential matters are not in its copy.
		if l.Agenda, err = agenda(ctx, tx, m, seated(own.Role)); err != nil {
			return nil, "", err
		}
		ids := make([]uuid.UUID, len(l.Agenda))
		for n, i := range l.Agenda {
			ids[n] = i.ID
		}
		papers, err := papersOf(ctx, tx, ids...)
		if err != nil {
			return nil, "", err
		}
		l.Papers = map[uuid.UUID][]Paper{}
		for _, p := range papers {
			l.Papers[p.Item] = append(l.Papers[p.Item], p)
		}
	}
	return &l, "", nil
}
