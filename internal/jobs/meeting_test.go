package jobs

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/mail"
	"github.com/overens/overens/internal/meeting"
)

func TestAMailAboutAMeetingTellsItsRecipientsCalendar(t *testing.T) {
	folder := t.TempDir()
	out, err := mail.New(mail.Config{URL: "file://" + folder, From: "Överens <overens@demo.example>"})
	if err != nil {
		t.Fatal(err)
	}
	c := Config{Mail: out, From: "Överens <overens@demo.example>", PublicURL: "https://overens.example"}
	m := meeting.Meeting{ID: uuid.Must(uuid.NewV7()), BodyName: "Forum", Date: meeting.Date{Body: "forum", On: day.Of(2027, time.April, 15), Begins: "09:30", Ends: "12:00",
		Location: "Residenset", Link: "https://mote.example/forum"}}
	letter := func(event string, sequence int, change func(*meeting.Letter)) mail.Letter {
		t.Helper()
		l := meeting.Letter{ID: uuid.Must(uuid.NewV7()), To: "kim@alvesta.example", Name: "Kim Lind", Event: event, County: "kronoberg", Meeting: m, Sequence: sequence,
			At: time.Date(2027, time.March, 1, 8, 0, 0, 0, time.UTC), Token: "hemligheten", Answer: meeting.AnswerRemote, Tells: true}
		change(&l)
		if err := c.tell(t.Context(), l); err != nil {
			t.Fatal(err)
		}
		sent, err := mail.ReadLetter(folder, "meeting-"+l.ID.String())
		if err != nil {
			t.Fatal(err)
		}
		return sent
	}
	same := func(*meeting.Letter) {}

	call := letter("call", 3, same)
	if call.Calendar == nil || call.Calendar.Method != "REQUEST" || !strings.Contains(call.Text, "/lan/kronoberg/meeting-answers/hemligheten") {
		t.Fatalf("%+v", call)
	}
	ics := strings.ReplaceAll(string(call.Calendar.Data), "\r\n ", "")
	for _, want := range []string{"METHOD:REQUEST", "UID:meeting-" + m.ID.String() + "@overens", "SEQUENCE:3", "DTSTART;TZID=Europe/Stockholm:20270415T093000", "DTEND;TZID=Europe/Stockholm:20270415T120000",
		"BEGIN:VTIMEZONE", "mailto:overens@demo.example", "mailto:kim@alvesta.example", "PARTSTAT=ACCEPTED", "LOCATION:Residenset", "https://mote.example/forum",
		"URL:https://overens.example/lan/kronoberg/meetings/" + m.ID.String()} {
		if !strings.Contains(ics, want) {
			t.Errorf("the calendar does not say %q:\n%s", want, ics)
		}
	}
	if strings.Contains(ics, "hemligheten") {
		t.Error("a calendar, which others are shown, holds the secret")
	}
	for _, event := range []string{"cancel", "stand-down"} {
		if off := letter(event, 4, same); off.Calendar == nil || off.Calendar.Method != "CANCEL" || !strings.Contains(string(off.Calendar.Data), "METHOD:CANCEL\r\n") {
			t.Errorf("%s: %+v", event, off.Calendar)
		}
	}
	if written := letter("call", 0, func(l *meeting.Letter) { l.Meeting.Begins, l.Meeting.Ends = "", "" }); !strings.Contains(string(written.Calendar.Data), "DTSTART;VALUE=DATE:20270415") {
		t.Errorf("a day without hours: %s", written.Calendar.Data)
	}
	written := letter("call", 0, func(l *meeting.Letter) { l.Meeting.Kind, l.Answer = meeting.KindWritten, "" })
	ics = strings.ReplaceAll(string(written.Calendar.Data), "\r\n ", "")
	for _, want := range []string{"SUMMARY:Svara senast: Forum", "DTSTART;VALUE=DATE:20270415", "RSVP=FALSE"} {
		if !strings.Contains(ics, want) {
			t.Errorf("of a written procedure the calendar does not say %q:\n%s", want, ics)
		}
	}
	if strings.Contains(written.Text, "meeting-answers") {
		t.Errorf("%s", written.Text)
	}
	if copied := letter("call", 0, func(l *meeting.Letter) { l.Tells, l.Party = false, true }); copied.Calendar != nil {
		t.Error("a copy to a mailbox goes into a calendar")
	}
}
