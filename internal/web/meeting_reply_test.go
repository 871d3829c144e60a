package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestTheSecretaryHandsInACalendarsReply(t *testing.T) {
	h := assemble(t)
	at := h.planned("2026-12-20", "Läget")
	h.fillIn(strategist, at+"/call", url.Values{}).done(t, "call")
	if p := h.get(strategist, at); p.Find(`.head a[href="`+at+`/calendar-reply"]`).Length() != 1 {
		t.Fatalf("nothing leads there: %s", p.says(".head"))
	}
	reply := strings.Join([]string{"BEGIN:VCALENDAR", "METHOD:REPLY", "PRODID:x", "VERSION:2.0", "BEGIN:VEVENT", "UID:meeting-" + at[strings.LastIndex(at, "/")+1:] + "@overens",
		"SEQUENCE:0", "DTSTAMP:20261125T080000Z", "ATTENDEE;PARTSTAT=DECLINED:mailto:kim@exempel.se", "END:VEVENT", "END:VCALENDAR", ""}, "\n")
	to := at + "/calendar-reply"
	key := h.get(strategist, to).value("input[name=key]")
	vs := url.Values{"key": {key}, "text": {reply}, "do": {"answer"}}
	p := h.bringIn(strategist, to, url.Values{"key": {key}, "do": {"answer"}}, reply)
	if got := p.done(t, "the reply"); !strings.Contains(got, "meeting_answered_deputy") {
		t.Errorf("the deputy is not called: %s", got)
	}
	contains(t, "the answers", h.get(strategist, at).says("#called tbody"), "kommer inte", "Sam Ek")
	// The same again changes nothing, and what is no reply is told.
	vs.Set("key", h.get(strategist, to).value("input[name=key]"))
	h.bringIn(strategist, to, vs, "").done(t, "again")
	vs.Set("key", h.get(strategist, to).value("input[name=key]"))
	vs.Set("text", "Hej, jag kommer")
	p = h.bringIn(strategist, to, vs, "")
	contains(t, "no reply", p.says("#fault"), "Det här är inget kalendersvar", "invite.ics")
	if p.Status != http.StatusUnprocessableEntity || !strings.Contains(p.says("#f-text"), "Hej, jag kommer") {
		t.Errorf("%d %s", p.Status, p.says("main"))
	}
	if got := h.byKim(to).Status; got != http.StatusForbidden {
		t.Errorf("a member who makes no meetings: %d", got)
	}
}
