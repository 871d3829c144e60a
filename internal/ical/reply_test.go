package ical_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/ical"
	"github.com/overens/overens/internal/text"
)

// answer is what a calendar sends back, in lines that the test can spoil.
func answer(lines ...string) string {
	if lines == nil {
		lines = []string{
			"UID:0190-meeting@overens.example.se",
			"SEQUENCE:3",
			"DTSTAMP:20260202T101500Z",
			`ATTENDEE;CN="Ek, Åsa";PARTSTAT=ACCEPTED:mailto:asa@example.se`,
			`COMMENT:Jag kommer\, men sent.\nHälsningar`,
			"SUMMARY:Accepterat: Forum",
		}
	}
	return "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nPRODID:x\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\n" +
		strings.Join(lines, "\r\n") + "\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
}

func TestReply(t *testing.T) {
	got, err := ical.ReadReply(strings.NewReader("\uFEFF" + answer()))
	if err != nil {
		t.Fatal(err)
	}
	want := ical.Reply{
		UID:      "0190-meeting@overens.example.se",
		Sequence: 3,
		Address:  "asa@example.se",
		Answer:   ical.Accepted,
		Comment:  "Jag kommer, men sent.\nHälsningar",
		Stamp:    time.Date(2026, time.February, 2, 10, 15, 0, 0, time.UTC),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("reply (-want +got):\n%s", diff)
	}
}

func TestRepliesAsCalendarsWriteThem(t *testing.T) {
	for name, c := range map[string]struct {
		line string
		want ical.Answer
	}{
		"no":               {"ATTENDEE;PARTSTAT=DECLINED:mailto:asa@example.se", ical.Declined},
		"maybe":            {"ATTENDEE;PARTSTAT=TENTATIVE;CN=Asa:MAILTO:asa@example.se", ical.TentativelyAccepted},
		"small letters":    {"ATTENDEE;PARTSTAT=declined:mailto:asa@example.se", ical.Declined},
		"in quotes":        {`ATTENDEE;CN="a:b;c";PARTSTAT="ACCEPTED":mailto:asa@example.se`, ical.Accepted},
		"folded":           {"ATTENDEE;CN=Asa;PARTS\r\n TAT=ACC\r\n\tEPTED:mailto:asa@exam\r\n ple.se", ical.Accepted},
		"bare line breaks": {"ATTENDEE;PARTSTAT=\n ACCEPTED:mailto:asa@example.se", ical.Accepted},
	} {
		// A description such as Outlook sends along, longer than a line that is read.
		raw := answer("UID:1", "DESCRIPTION:"+strings.Repeat("Ärende\\, ", 2000), c.line)
		got, err := ical.ReadReply(strings.NewReader(raw))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got.UID != "1" || got.Sequence != 0 || got.Answer != c.want || got.Address != "asa@example.se" || !got.Stamp.IsZero() {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestWhatIsNoReply(t *testing.T) {
	yes := "ATTENDEE;PARTSTAT=ACCEPTED:mailto:asa@example.se"
	for name, c := range map[string]struct {
		raw  string
		want error
	}{
		"nothing":            {"", ical.ErrReply},
		"a letter":           {"Hej\r\n\r\nJag kommer!", ical.ErrReply},
		"no text":            {"BEGIN:VCALENDAR\x00", ical.ErrReply},
		"other letters":      {answer("UID:\xe5", yes), ical.ErrReply},
		"a request":          {strings.Replace(answer(), "METHOD:REPLY", "METHOD:REQUEST", 1), ical.ErrReply},
		"another time":       {strings.Replace(answer(), "METHOD:REPLY", "METHOD:COUNTER", 1), ical.ErrReply},
		"no method":          {strings.Replace(answer(), "METHOD:REPLY\r\n", "", 1), ical.ErrReply},
		"cut off":            {answer()[:150], ical.ErrReply},
		"no event":           {"BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nEND:VCALENDAR\r\n", ical.ErrReply},
		"two events":         {strings.Replace(answer(), "END:VCALENDAR", "BEGIN:VEVENT\r\nEND:VEVENT\r\nEND:VCALENDAR", 1), ical.ErrReply},
		"no UID":             {answer(yes), ical.ErrReply},
		"long UID":           {answer("UID:"+strings.Repeat("a", 256), yes), ical.ErrReply},
		"line in UID":        {answer(`UID:a\nb`, yes), ical.ErrReply},
		"nobody":             {answer("UID:1"), ical.ErrReply},
		"two people":         {answer("UID:1", yes, yes), ical.ErrReply},
		"no address":         {answer("UID:1", "ATTENDEE;PARTSTAT=ACCEPTED:invalid:nomail"), ical.ErrReply},
		"a name and address": {answer("UID:1", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:Asa <asa@example.se>"), ical.ErrReply},
		"two addresses":      {answer("UID:1", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:a@example.se,b@example.se"), ical.ErrReply},
		"no answer":          {answer("UID:1", "ATTENDEE:mailto:asa@example.se"), ical.ErrReply},
		"not yet":            {answer("UID:1", "ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:asa@example.se"), ical.ErrReply},
		"somebody else":      {answer("UID:1", "ATTENDEE;PARTSTAT=DELEGATED:mailto:asa@example.se"), ical.ErrReply},
		"two answers":        {answer("UID:1", "ATTENDEE;PARTSTAT=ACCEPTED,DECLINED:mailto:asa@example.se"), ical.ErrReply},
		"sequence below 0":   {answer("UID:1", "SEQUENCE:-1", yes), ical.ErrReply},
		"huge sequence":      {answer("UID:1", "SEQUENCE:99999999999999999999", yes), ical.ErrReply},
		"stamp by the wall":  {answer("UID:1", "DTSTAMP:20260202T101500", yes), ical.ErrReply},
		"one of a series":    {answer("UID:1", "RECURRENCE-ID:20260202T101500Z", yes), ical.ErrReply},
		"unfinished quote":   {answer("UID:1", `ATTENDEE;CN="Asa;PARTSTAT=ACCEPTED:mailto:asa@example.se`), ical.ErrReply},
		"backslash at end":   {answer("UID:1", `ATTENDEE;CN=\`), ical.ErrReply},
		"too large":          {answer("UID:1", "X-A:"+strings.Repeat("a", 256<<10), yes), ical.ErrTooLarge},
		"too deep":           {"BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\n" + strings.Repeat("!!BEG\r\n IN:A\r\n", 15_000), ical.ErrTooLarge},
	} {
		got, err := ical.ReadReply(strings.NewReader(c.raw))
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %+v, %v", name, got, err)
			continue
		}
		if got != (ical.Reply{}) {
			t.Errorf("%s: an error, and yet %+v", name, got)
		}
		// What is wrong is told in the language of whoever handed it in.
		for _, f := range fault.All(ical.Refusal(err)) {
			if why, ok := f.Args["why"].(text.Word); errors.Is(err, ical.ErrReply) && (!ok || !text.Has(string(why))) {
				t.Errorf("%s: no words for %v", name, f.Args["why"])
			}
		}
		if strings.Contains(err.Error(), "asa@") {
			t.Errorf("%s: the error tells the address: %v", name, err)
		}
	}
}

func FuzzReadReply(f *testing.F) {
	f.Add(answer())
	f.Add(answer("UID:1", `ATTENDEE;CN="a\\;PARTSTAT=ACCEPTED:mailto:a@b`))
	f.Fuzz(func(t *testing.T, raw string) {
		got, err := ical.ReadReply(strings.NewReader(raw))
		if err != nil {
			return
		}
		if got.UID == "" || !strings.Contains(got.Address, "@") || strings.ContainsAny(got.UID+got.Address, "\r\n ") || got.Answer == "" {
			t.Errorf("%+v", got)
		}
	})
}
