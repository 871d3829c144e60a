package ical_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	ics "github.com/arran4/golang-ical"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/ical"
)

func at(month time.Month, d, hour, minute int) time.Time {
	return time.Date(2026, month, d, hour, minute, 0, 0, day.Stockholm)
}

func event() ical.Event {
	return ical.Event{
		UID:         "0190-meeting@overens.example.se",
		Sequence:    3,
		Start:       at(time.March, 3, 9, 0),
		End:         at(time.March, 3, 11, 30),
		Summary:     "Forum för länet; möte 1, våren",
		Location:    "Länsstyrelsen, Växjö",
		Description: "Ärenden:\n1. Plan\n2. Budget, förslag",
		URL:         "https://overens.example.se/lan/kronoberg/meetings/0190?a=1,2;b=3",
		Stamp:       time.Date(2026, time.February, 1, 8, 15, 0, 0, time.UTC),
	}
}

func invitation() ical.Invitation {
	return ical.Invitation{
		Method:    ical.Request,
		Event:     event(),
		Organizer: ical.Person{Name: "Överens, Kronoberg", Address: "moten@example.se"},
		Attendee:  ical.Person{Name: `Åsa "Ö"; Ek: 1`, Address: "asa@example.se"},
	}
}

// unfold takes the lines apart as the format says, and checks the form of each.
func unfold(t interface {
	Helper()
	Fatalf(string, ...any)
}, raw []byte) []string {
	t.Helper()
	text, ok := strings.CutSuffix(string(raw), "\r\n")
	if !ok {
		t.Fatalf("does not end with a line: %q", raw)
	}
	for line := range strings.SplitSeq(text, "\r\n") {
		if len(line) > 75 {
			t.Fatalf("%d bytes in one line: %q", len(line), line)
		}
		if !utf8.ValidString(line) {
			t.Fatalf("a letter is cut in two: %q", line)
		}
		if strings.ContainsAny(line, "\r\n") {
			t.Fatalf("a stray line break: %q", line)
		}
	}
	return strings.Split(strings.ReplaceAll(text, "\r\n ", ""), "\r\n")
}

func TestInvitation(t *testing.T) {
	raw, err := ical.Invite(invitation())
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"BEGIN:VCALENDAR",
		"VERSION:2.0",
		"PRODID:-//Overens//Overens//SV",
		"CALSCALE:GREGORIAN",
		"METHOD:REQUEST",
		"BEGIN:VTIMEZONE",
		"TZID:Europe/Stockholm",
		"BEGIN:DAYLIGHT",
		"DTSTART:19960331T020000",
		"TZOFFSETFROM:+0100",
		"TZOFFSETTO:+0200",
		"TZNAME:CEST",
		"RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
		"END:DAYLIGHT",
		"BEGIN:STANDARD",
		"DTSTART:19961027T030000",
		"TZOFFSETFROM:+0200",
		"TZOFFSETTO:+0100",
		"TZNAME:CET",
		"RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
		"END:STANDARD",
		"END:VTIMEZONE",
		"BEGIN:VEVENT",
		"UID:0190-meeting@overens.example.se",
		"SEQUENCE:3",
		"DTSTAMP:20260201T081500Z",
		"DTSTART;TZID=Europe/Stockholm:20260303T090000",
		"DTEND;TZID=Europe/Stockholm:20260303T113000",
		`SUMMARY:Forum för länet\; möte 1\, våren`,
		`LOCATION:Länsstyrelsen\, Växjö`,
		`DESCRIPTION:Ärenden:\n1. Plan\n2. Budget\, förslag`,
		"URL:https://overens.example.se/lan/kronoberg/meetings/0190?a=1,2;b=3",
		"STATUS:CONFIRMED",
		`ORGANIZER;CN="Överens, Kronoberg":mailto:moten@example.se`,
		`ATTENDEE;CN="Åsa ”Ö”; Ek: 1";CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:asa@example.se`,
		"END:VEVENT",
		"END:VCALENDAR",
	}
	if diff := cmp.Diff(want, unfold(t, raw)); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
}

func TestCancellation(t *testing.T) {
	i := invitation()
	i.Method, i.Event.Status, i.Role, i.Answer = ical.Cancel, ical.Confirmed, ical.Chair, ical.Accepted
	raw, err := ical.Invite(i)
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Join(unfold(t, raw), "\n")
	for _, line := range []string{"METHOD:CANCEL", "STATUS:CANCELLED", "ROLE=CHAIR;PARTSTAT=ACCEPTED;RSVP=FALSE:mailto:asa@example.se"} {
		if !strings.Contains(got, line+"\n") {
			t.Errorf("no %s in\n%s", line, got)
		}
	}
}

func TestWholeDays(t *testing.T) {
	e := event()
	e.AllDay, e.Start, e.End = true, at(time.March, 3, 0, 0), at(time.March, 4, 23, 0)
	raw, _, err := ical.Publish(ical.Feed{Name: "Möten", Events: []ical.Event{e}})
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Join(unfold(t, raw), "\n")
	if want := "DTSTART;VALUE=DATE:20260303\nDTEND;VALUE=DATE:20260305\n"; !strings.Contains(got, want) {
		t.Errorf("no %q in\n%s", want, got)
	}
}

func TestFeed(t *testing.T) {
	first, second := event(), event()
	second.UID, second.Status = "0191", ical.Tentative
	raw, _, err := ical.Publish(ical.Feed{Name: "Kronoberg\r\nMETHOD:CANCEL", Events: []ical.Event{first, second}, Refresh: 6 * time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	c, err := ics.ParseCalendar(strings.NewReader(string(raw)))
	if err != nil {
		t.Fatal(err)
	}
	var uids []string
	for _, e := range c.Events() {
		uids = append(uids, e.Id())
		if len(e.Attendees()) > 0 {
			t.Error("a feed tells who is invited")
		}
	}
	if diff := cmp.Diff([]string{first.UID, second.UID}, uids); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	lines := strings.Join(unfold(t, raw), "\n")
	for _, line := range []string{"METHOD:PUBLISH", "NAME:Kronoberg METHOD:CANCEL", "REFRESH-INTERVAL;VALUE=DURATION:PT360M", "STATUS:TENTATIVE"} {
		if !strings.Contains(lines, "\n"+line+"\n") {
			t.Errorf("no %s in\n%s", line, lines)
		}
	}
	if _, _, err := ical.Publish(ical.Feed{Name: "Tom"}); err != nil {
		t.Errorf("a feed without events: %v", err)
	}
}

func TestWhatMakesNoEventIsLeftOutOfAFeedAndNothingElseIs(t *testing.T) {
	good, backwards, last := event(), event(), event()
	backwards.UID, backwards.End = "0191", backwards.Start.Add(-time.Hour)
	last.UID, last.AllDay, last.Start = "0192", true, time.Date(9999, time.December, 31, 12, 0, 0, 0, time.UTC)
	last.End = last.Start // there is no day after it, which the format asks for
	raw, left, err := ical.Publish(ical.Feed{Name: "Möten", Events: []ical.Event{backwards, good, last, good}})
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(raw), "BEGIN:VEVENT"); n != 1 || !strings.Contains(string(raw), good.UID) {
		t.Errorf("%d events", n)
	}
	if len(left) != 3 {
		t.Errorf("left out: %v", left)
	}
	for _, err := range left {
		if !errors.Is(err, ical.ErrEvent) {
			t.Errorf("left out for %v", err)
		}
	}
}

// The rules that go along say the same as the time zone database, year by year.
func TestClockOfStockholm(t *testing.T) {
	raw, err := ical.Invite(invitation())
	if err != nil {
		t.Fatal(err)
	}
	changes := map[time.Month]string{}
	var to string
	for _, line := range unfold(t, raw) {
		if after, ok := strings.CutPrefix(line, "TZOFFSETTO:"); ok {
			to = after
		}
		var month time.Month
		if _, err := fmt.Sscanf(line, "RRULE:FREQ=YEARLY;BYMONTH=%d;BYDAY=-1SU", &month); err == nil {
			changes[month] = to
		}
	}
	if len(changes) != 2 {
		t.Fatalf("changes: %v", changes)
	}
	for year := 1996; year <= 2037; year++ {
		for month, to := range changes {
			lastSunday := time.Date(year, month+1, 0, 1, 0, 0, 0, time.UTC)
			for lastSunday.Weekday() != time.Sunday {
				lastSunday = lastSunday.AddDate(0, 0, -1)
			}
			before, after := lastSunday.Add(-time.Second).In(day.Stockholm), lastSunday.In(day.Stockholm)
			if before.Format("-0700") == to || after.Format("-0700") != to {
				t.Errorf("%v: %s before, %s after, want %s after", lastSunday, before.Format("-0700"), after.Format("-0700"), to)
			}
		}
	}
}

func TestWhatMakesNoEvent(t *testing.T) {
	for name, spoil := range map[string]func(*ical.Invitation){
		"no method":               func(i *ical.Invitation) { i.Method = "" },
		"method of a feed":        func(i *ical.Invitation) { i.Method = "PUBLISH" },
		"line in method":          func(i *ical.Invitation) { i.Method = "REQUEST\r\nX:1" },
		"no UID":                  func(i *ical.Invitation) { i.Event.UID = "" },
		"line in UID":             func(i *ical.Invitation) { i.Event.UID = "a\r\nATTENDEE:mailto:b@example.se" },
		"long UID":                func(i *ical.Invitation) { i.Event.UID = strings.Repeat("a", 256) },
		"sequence below 0":        func(i *ical.Invitation) { i.Event.Sequence = -1 },
		"no start":                func(i *ical.Invitation) { i.Event.Start = time.Time{} },
		"no end":                  func(i *ical.Invitation) { i.Event.End = time.Time{} },
		"no time at all":          func(i *ical.Invitation) { i.Event.End = i.Event.Start },
		"no stamp":                func(i *ical.Invitation) { i.Event.Stamp = time.Time{} },
		"no summary":              func(i *ical.Invitation) { i.Event.Summary = "\r\n" },
		"other status":            func(i *ical.Invitation) { i.Event.Status = "X\r\nY:1" },
		"script as URL":           func(i *ical.Invitation) { i.Event.URL = "javascript:alert(1)" },
		"line in URL":             func(i *ical.Invitation) { i.Event.URL = "https://example.se/\r\nX:1" },
		"no organizer":            func(i *ical.Invitation) { i.Organizer = ical.Person{} },
		"no attendee":             func(i *ical.Invitation) { i.Attendee.Address = "" },
		"two attendees":           func(i *ical.Invitation) { i.Attendee.Address = "a@example.se,b@example.se" },
		"line in address":         func(i *ical.Invitation) { i.Attendee.Address = "a@example.se\r\nX:1" },
		"parameter in address":    func(i *ical.Invitation) { i.Attendee.Address = `"a;b"@example.se` },
		"other role":              func(i *ical.Invitation) { i.Role = "CHAIR;X=1" },
		"other answer":            func(i *ical.Invitation) { i.Answer = "ACCEPTED;X=1" },
		"whole days that go back": func(i *ical.Invitation) { i.Event.AllDay, i.Event.End = true, at(time.March, 2, 0, 0) },
	} {
		i := invitation()
		spoil(&i)
		if _, err := ical.Invite(i); !errors.Is(err, ical.ErrEvent) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Whatever is written in an event, its lines are the outlet's own, and the words
// arrive as they were.
func TestWordsStayWords(t *testing.T) {
	names := func(lines []string) (names []string) {
		for _, line := range lines {
			names = append(names, line[:strings.IndexAny(line, ";:")])
		}
		return names
	}
	raw, err := ical.Invite(invitation())
	if err != nil {
		t.Fatal(err)
	}
	want := names(unfold(t, raw))
	words := rapid.OneOf(rapid.String(), rapid.StringMatching(`[a-zåäö,;:"\\ ]{0,200}(\r\n|\n|\r|\x{2028}|\x85|\x00|\\n)(ATTENDEE|X-A;B="): [a-z@.]{1,20}`))
	rapid.Check(t, func(t *rapid.T) {
		i := invitation()
		i.Event.Summary = "x" + words.Draw(t, "summary")
		i.Event.Location = "x" + words.Draw(t, "location")
		i.Event.Description = "x" + words.Draw(t, "description") + "x"
		i.Attendee.Name = "x" + words.Draw(t, "name")
		i.Organizer.Name = "x" + words.Draw(t, "organizer")
		raw, err := ical.Invite(i)
		if err != nil {
			t.Fatal(err)
		}
		lines := unfold(t, raw)
		if diff := cmp.Diff(want, names(lines)); diff != "" {
			t.Fatalf("lines (-want +got):\n%s", diff)
		}
		visible := func(r rune) rune {
			if r == '\u2028' || r == '\u2029' {
				return '\n'
			}
			if r < ' ' && r != '\n' && r != '\t' || r >= 0x7f && r < 0xa0 {
				return -1
			}
			return r
		}
		sent := strings.Map(visible, strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(i.Event.Description))
		for _, line := range lines {
			if text, ok := strings.CutPrefix(line, "DESCRIPTION:"); ok && unescape(text) != sent {
				t.Fatalf("description %q, want %q", unescape(text), sent)
			}
		}
	})
}

func unescape(s string) string {
	return strings.NewReplacer(`\\`, `\`, `\n`, "\n", `\,`, `,`, `\;`, `;`).Replace(s)
}
