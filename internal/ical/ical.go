// Package ical is the outlet for calendars: an invitation or its withdrawal to
// one person, a feed that a calendar subscribes to, and the answer that a
// calendar sends back. It is handed finished values, knows no room and asks no
// clock.
//
// Times are written as they are read on a wall in Stockholm, with the rules of
// its clock beside them, so that a calendar anywhere shows the right hour.
package ical

import (
	"bytes"
	"errors"
	"fmt"
	"net/mail"
	"net/url"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	ics "github.com/arran4/golang-ical"

	"github.com/overens/overens/internal/day"
)

// ErrEvent is wrapped when what was handed in makes no calendar. The text after
// it says what is wrong and quotes nothing.
var ErrEvent = errors.New("ical: this makes no event")

// Method says what a calendar should do with what it gets.
type Method string

// The methods an invitation can have.
const (
	Request Method = "REQUEST" // invites, and tells of a change
	Cancel  Method = "CANCEL"  // takes an invitation back
)

// Status is how sure an event is. An event without one is confirmed.
type Status string

// How sure an event can be.
const (
	Tentative Status = "TENTATIVE"
	Confirmed Status = "CONFIRMED"
	Cancelled Status = "CANCELLED"
)

// Event is something that happens.
type Event struct {
	// UID is the event's name for all time and in every calendar: no spaces, at
	// most 255 characters, the same in each invitation to the same event.
	UID string
	// Sequence is 0 in the first invitation and rises with each change.
	Sequence int
	// Start and End are instants. AllDay makes whole days of them in Stockholm,
	// the day of End included; End may then be the same as Start.
	Start, End time.Time
	AllDay     bool

	Summary     string // one line
	Location    string // one line; may be empty
	Description string // may be empty; line breaks are kept
	URL         string // http or https; may be empty
	Status      Status

	// Stamp is when this was written. Of two invitations with the same Sequence
	// the later one counts.
	Stamp time.Time
}

// Person is an address, and the name to show for it.
type Person struct {
	Name    string // may be empty
	Address string // anna@example.se
}

// Role is what is expected of the one who is invited.
type Role string

// What can be expected. Somebody without a role is required.
const (
	Chair    Role = "CHAIR"
	Required Role = "REQ-PARTICIPANT"
	Optional Role = "OPT-PARTICIPANT"
	Informed Role = "NON-PARTICIPANT" // gets it for information
)

// Invitation is one event for one person.
type Invitation struct {
	Method    Method
	Event     Event
	Organizer Person // who gets the calendar's answers
	Attendee  Person
	Role      Role
	// Answer is what the person has answered so far; empty is nothing yet, and
	// the calendar then asks.
	Answer Answer
}

// Invite writes an invitation. It goes to its Attendee alone: nobody is told who
// else was invited.
func Invite(i Invitation) ([]byte, error) {
	if i.Method != Request && i.Method != Cancel {
		return nil, fmt.Errorf("%w: the method is neither REQUEST nor CANCEL", ErrEvent)
	}
	if i.Method == Cancel {
		i.Event.Status = Cancelled
	}
	event, err := component(i.Event)
	if err != nil {
		return nil, err
	}
	organizer, err := person("ORGANIZER", i.Organizer)
	if err != nil {
		return nil, fmt.Errorf("%w: the organizer's address is wrong", ErrEvent)
	}
	attendee, err := person("ATTENDEE", i.Attendee)
	if err != nil {
		return nil, fmt.Errorf("%w: the attendee's address is wrong", ErrEvent)
	}
	rules, err := attendance(i)
	if err != nil {
		return nil, err
	}
	attendee.IANAToken += rules
	event.Properties = append(event.Properties, organizer, attendee)
	return write(calendar(i.Method), event)
}

func attendance(i Invitation) (string, error) {
	role, answer := i.Role, i.Answer
	switch role {
	case "":
		role = Required
	case Chair, Required, Optional, Informed:
	default:
		return "", fmt.Errorf("%w: the role is none", ErrEvent)
	}
	switch answer {
	case "":
		answer = "NEEDS-ACTION"
	case Accepted, Declined, TentativelyAccepted:
	default:
		return "", fmt.Errorf("%w: the answer is none", ErrEvent)
	}
	asks := "FALSE" // nobody answers to a meeting that is off, or that he is told of
	if i.Method == Request && role != Informed {
		asks = "TRUE"
	}
	return ";CUTYPE=INDIVIDUAL;ROLE=" + string(role) + ";PARTSTAT=" + string(answer) + ";RSVP=" + asks, nil
}

// Feed is a calendar that others subscribe to.
type Feed struct {
	Name   string // one line
	Events []Event
	// Refresh is how often a calendar should ask again; 0 leaves it to itself.
	Refresh time.Duration
}

// Publish writes a feed. What makes no event is left out, and left says which and
// why: one wrong event does not take the others from everybody.
func Publish(f Feed) (feed []byte, left []error, err error) {
	c := calendar("PUBLISH")
	name := oneLine(f.Name)
	if name == "" {
		return nil, nil, fmt.Errorf("%w: the feed has no name", ErrEvent)
	}
	c.SetName(name)
	c.SetXWRCalName(name) // what calendars read before there was a NAME
	if f.Refresh > 0 {
		every := fmt.Sprintf("PT%dM", max(1, int(f.Refresh.Minutes())))
		c.SetRefreshInterval(every)
		c.SetXPublishedTTL(every)
	}
	events := make([]*ics.VEvent, 0, len(f.Events))
	seen := make(map[string]bool, len(f.Events))
	for _, e := range f.Events {
		event, err := component(e)
		if err == nil && seen[e.UID] {
			err = fmt.Errorf("%w: the UID is taken by another", ErrEvent)
		}
		if err != nil {
			left = append(left, fmt.Errorf("%s: %w", strings.ToValidUTF8(e.UID, "?"), err))
			continue
		}
		seen[e.UID] = true
		events = append(events, event)
	}
	feed, err = write(c, events...)
	return feed, left, err
}

func calendar(m Method) *ics.Calendar {
	c := &ics.Calendar{}
	c.SetVersion("2.0")
	c.SetProductId("-//Overens//Overens//SV")
	c.SetCalscale("GREGORIAN")
	c.SetMethod(ics.Method(m))
	return c
}

func write(c *ics.Calendar, events ...*ics.VEvent) ([]byte, error) {
	c.AddVTimezone(stockholm())
	for _, e := range events {
		c.AddVEvent(e)
	}
	var b bytes.Buffer
	if err := c.SerializeTo(&b, ics.WithNewLineWindows); err != nil {
		return nil, fmt.Errorf("ical: write: %w", err)
	}
	return b.Bytes(), nil
}

const (
	inStockholm = "20060102T150405"
	inUTC       = "20060102T150405Z"
	asDate      = "20060102"
)

func component(e Event) (*ics.VEvent, error) {
	if err := check(e); err != nil {
		return nil, err
	}
	v := ics.NewEvent(e.UID)
	v.SetSequence(e.Sequence)
	v.SetDtStampTime(e.Stamp)
	if e.AllDay {
		date := ics.WithValue(string(ics.ValueDataTypeDate))
		v.SetProperty(ics.ComponentPropertyDtStart, day.At(e.Start).Start().Format(asDate), date)
		// The format names the first day that is no longer part of it.
		v.SetProperty(ics.ComponentPropertyDtEnd, day.At(e.End).Add(1).Start().Format(asDate), date)
	} else {
		v.SetProperty(ics.ComponentPropertyDtStart, e.Start.In(day.Stockholm).Format(inStockholm), ics.WithTZID(tzid))
		v.SetProperty(ics.ComponentPropertyDtEnd, e.End.In(day.Stockholm).Format(inStockholm), ics.WithTZID(tzid))
	}
	v.SetSummary(oneLine(e.Summary))
	if location := oneLine(e.Location); location != "" {
		v.SetLocation(location)
	}
	if description := strings.TrimSpace(plain(e.Description)); description != "" {
		v.SetDescription(description)
	}
	if e.URL != "" {
		v.SetURL(e.URL)
	}
	v.SetStatus(ics.ObjectStatus(e.Status))
	if e.Status == "" {
		v.SetStatus(ics.ObjectStatus(Confirmed))
	}
	return v, nil
}

func check(e Event) error {
	if e.UID == "" || len(e.UID) > 255 || !utf8.ValidString(e.UID) || strings.ContainsFunc(e.UID, notInWord) {
		return fmt.Errorf("%w: the UID is missing, too long or has spaces", ErrEvent)
	}
	if e.Sequence < 0 {
		return fmt.Errorf("%w: the sequence is below 0", ErrEvent)
	}
	if e.Stamp.IsZero() || e.Start.IsZero() {
		return fmt.Errorf("%w: start and stamp are required", ErrEvent)
	}
	if e.AllDay && (e.End.Before(e.Start) || !day.At(e.End).Add(1).After(day.At(e.End))) || !e.AllDay && !e.End.After(e.Start) {
		return fmt.Errorf("%w: it ends before it begins", ErrEvent)
	}
	if oneLine(e.Summary) == "" {
		return fmt.Errorf("%w: it has no summary", ErrEvent)
	}
	switch e.Status {
	case "", Tentative, Confirmed, Cancelled:
	default:
		return fmt.Errorf("%w: the status is none", ErrEvent)
	}
	if e.URL == "" {
		return nil
	}
	u, err := url.Parse(e.URL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || strings.ContainsFunc(e.URL, notInWord) || !utf8.ValidString(e.URL) {
		return fmt.Errorf("%w: the URL is no http or https address", ErrEvent)
	}
	return nil
}

// person is a line of the calendar that names somebody. The library escapes
// what stands in a parameter with a backslash, which the format does not know:
// a name with a comma is written in quotes. So name and parameters are handed
// to it as part of the line's own name, which it leaves alone.
func person(property string, p Person) (ics.IANAProperty, error) {
	a, err := mail.ParseAddress(p.Address)
	// Characters that would be escaped in the line are no part of an address
	// that anybody uses.
	if err != nil || a.Name != "" || strings.ContainsFunc(p.Address, notInWord) || strings.ContainsAny(a.Address, `\;,"<>`) {
		return ics.IANAProperty{}, ErrEvent
	}
	line := ics.IANAProperty{}
	line.IANAToken, line.Value = property, "mailto:"+a.Address
	if name := strings.ReplaceAll(oneLine(p.Name), `"`, "”"); name != "" {
		line.IANAToken += `;CN="` + name + `"`
	}
	return line, nil
}

func notInWord(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }

// plain keeps line breaks and drops every other control character.
func plain(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n").Replace(strings.ToValidUTF8(s, "\uFFFD"))
	return strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && unicode.IsControl(r) {
			return -1
		}
		return r
	}, s)
}

// oneLine turns whatever was written into one line of plain words.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(plain(s), notInWord), " ")
}
