package ical

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/mail"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	ics "github.com/arran4/golang-ical"

	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/text"
)

// Answer is what somebody answers to an invitation.
type Answer string

// The answers that count.
const (
	Accepted            Answer = "ACCEPTED"
	Declined            Answer = "DECLINED"
	TentativelyAccepted Answer = "TENTATIVE"
)

// Says is the answer in the one word that it has here; "" for what is neither yes
// nor no.
func (a Answer) Says() string {
	return map[Answer]string{Accepted: "yes", Declined: "no"}[a]
}

// Refusal is why a reply cannot be read, in words for whoever handed it in.
func Refusal(err error) error {
	switch {
	case errors.Is(err, ErrTooLarge):
		return fault.New(fault.TooLarge, "invitation.calendar_large").Because(err)
	}
	if u, ok := errors.AsType[unread](err); ok {
		return fault.Bad("invitation.calendar_unreadable", "").With("why", text.Word("invitation.calendar_unreadable."+string(u))).Because(err)
	}
	return err
}

// Reply is what a calendar sends back. It is the word of whoever sent the
// letter: that UID and Address go together, and that the sender may answer for
// Address, is for the caller to know.
type Reply struct {
	UID      string
	Sequence int // of the invitation that is answered
	Address  string
	Answer   Answer
	Comment  string    // what the person wrote to it: at most 1,000 characters
	Stamp    time.Time // when it was answered; zero where the calendar does not say
}

// What can be wrong with a reply, for errors.Is.
var (
	ErrTooLarge = errors.New("ical: more than a reply can be")
	ErrReply    = errors.New("ical: this is no answer to an invitation")
)

// unread is an ErrReply with what is wrong in one word, the end of the key of its
// words. It quotes nothing of what was sent.
type unread string

func (u unread) Error() string { return ErrReply.Error() + ": " + string(u) }

func (u unread) Unwrap() error { return ErrReply }

// A reply is some hundred bytes, and some thousand where the calendar sends the
// description along.
const (
	replyLimit   = 256 << 10
	partLimit    = 100
	lineLimit    = 8 << 10
	commentLimit = 1000
)

// ReadReply reads a calendar's answer, which may come from anybody. An answer to
// one date of a series, a proposed other time and an answer that somebody else
// was sent instead are ErrReply.
func ReadReply(r io.Reader) (Reply, error) {
	raw, err := io.ReadAll(io.LimitReader(r, replyLimit+1))
	if err != nil {
		return Reply{}, fmt.Errorf("ical: read: %w", err)
	}
	if len(raw) > replyLimit {
		return Reply{}, fmt.Errorf("%w: it has more than %d bytes", ErrTooLarge, replyLimit)
	}
	raw = bytes.TrimPrefix(raw, []byte("\uFEFF"))
	if !utf8.Valid(raw) || bytes.IndexByte(raw, 0) >= 0 {
		return Reply{}, unread("text")
	}
	if raw, err = plainLines(raw); err != nil {
		return Reply{}, err
	}
	c, err := ics.ParseCalendar(bytes.NewReader(raw))
	if err != nil || c == nil {
		return Reply{}, unread("calendar")
	}
	if !strings.EqualFold(method(c), "REPLY") {
		return Reply{}, unread("method")
	}
	events := c.Events()
	if len(events) != 1 {
		return Reply{}, unread("events")
	}
	return reply(events[0])
}

var fold = regexp.MustCompile(`\r?\n[ \t]`)

// plainLines joins folded lines and leaves out those that are longer than any
// line read here, such as a description: the library takes time by the square of
// a line's length. It takes as much by the depth of parts within parts, so they
// are counted wherever they hide.
func plainLines(raw []byte) ([]byte, error) {
	raw = fold.ReplaceAll(raw, nil)
	if n := bytes.Count(raw, []byte("BEGIN")); n > partLimit {
		return nil, fmt.Errorf("%w: it has more than %d parts", ErrTooLarge, partLimit)
	}
	kept := make([]byte, 0, len(raw))
	for line := range bytes.Lines(raw) {
		if len(line) <= lineLimit {
			kept = append(kept, line...)
		}
	}
	return kept, nil
}

func method(c *ics.Calendar) string {
	for _, p := range c.CalendarProperties {
		if strings.EqualFold(p.IANAToken, "METHOD") {
			return p.Value
		}
	}
	return ""
}

func reply(event *ics.VEvent) (Reply, error) {
	if event.HasProperty("RECURRENCE-ID") {
		return Reply{}, unread("series")
	}
	attendees := event.Attendees()
	if len(attendees) != 1 {
		return Reply{}, unread("people")
	}
	r := Reply{UID: value(event, ics.ComponentPropertyUniqueId)}
	if r.UID == "" || len(r.UID) > 255 || strings.ContainsFunc(r.UID, notInWord) {
		return Reply{}, unread("uid")
	}
	var err error
	if sequence := value(event, ics.ComponentPropertySequence); sequence != "" {
		if r.Sequence, err = strconv.Atoi(sequence); err != nil || r.Sequence < 0 {
			return Reply{}, unread("sequence")
		}
	}
	if r.Address, err = mailbox(attendees[0].Value); err != nil {
		return Reply{}, err
	}
	if r.Answer, err = answer(attendees[0].ICalParameters["PARTSTAT"]); err != nil {
		return Reply{}, err
	}
	if stamp := value(event, ics.ComponentPropertyDtstamp); stamp != "" {
		if r.Stamp, err = time.Parse(inUTC, stamp); err != nil {
			return Reply{}, unread("stamp")
		}
	}
	r.Comment = strings.TrimSpace(plain(value(event, ics.ComponentPropertyComment)))
	if runes := []rune(r.Comment); len(runes) > commentLimit {
		r.Comment = string(runes[:commentLimit-1]) + "…"
	}
	return r, nil
}

func value(event *ics.VEvent, property ics.ComponentProperty) string {
	if p := event.GetProperty(property); p != nil {
		return strings.TrimSpace(p.Value)
	}
	return ""
}

func mailbox(value string) (string, error) {
	no := unread("address")
	value = strings.TrimSpace(value)
	if len(value) < len("mailto:") || !strings.EqualFold(value[:len("mailto:")], "mailto:") {
		return "", no
	}
	value = value[len("mailto:"):]
	a, err := mail.ParseAddress(value)
	if err != nil || a.Name != "" || a.Address != value || len(value) > 254 || strings.ContainsFunc(value, notInWord) {
		return "", no
	}
	return value, nil
}

func answer(partstat []string) (Answer, error) {
	if len(partstat) == 1 {
		switch a := Answer(strings.ToUpper(partstat[0])); a {
		case Accepted, Declined, TentativelyAccepted:
			return a, nil
		}
	}
	return "", unread("answer")
}
