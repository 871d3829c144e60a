package api_test

import (
	"crypto/sha256"
	"strings"
	"testing"

	"github.com/overens/overens/internal/auth"
)

// summoned is a meeting that has been called, and the link that Kim's letter holds.
func (w *world) summoned() (meeting, link string) {
	w.t.Helper()
	meeting, who := w.convened()
	w.did(meeting, meeting+"/call", `{}`).is(200, "")
	// Letters are written as they are sent, which another test sees to.
	const token = "BarnetPaSparvagnenVinkar"
	hashed := sha256.Sum256([]byte(token))
	tag, err := w.db.Owner(w.t).Exec(w.t.Context(), `UPDATE invitation SET token_hash = $1 WHERE person_id = $2`, hashed[:], who)
	if err != nil || tag.RowsAffected() != 1 {
		w.t.Fatal(tag, err)
	}
	return meeting, token
}

func TestACallIsAnsweredByItsLinkWithoutSigningIn(t *testing.T) {
	w := enter(t)
	meeting, token := w.summoned()
	nobody, at := w.nobody(), county+"/meeting-answers/"+token
	got := nobody.ask("GET", at, "").is(200, "")
	if got.body["meeting"].(map[string]any)["id"] != last(meeting) || got.header.Get("Cache-Control") != "private, no-store" {
		t.Errorf("%v %s", got.header, got.raw)
	}
	nobody.ask("POST", at, `{"answer":"yes"}`, "Idempotency-Key", "a").is(428, "problem.if_match_missing")
	nobody.ask("POST", at, `{"answer":"perhaps"}`, "If-Match", got.header.Get("ETag"), "Idempotency-Key", "a").is(422, "shape.one_of")
	said := nobody.ask("POST", at, `{"answer":"yes","note":"Kommer en kvart sent."}`, "If-Match", got.header.Get("ETag"), "Idempotency-Key", "b").is(200, "")
	if i := said.body["invitation"].(map[string]any); i["answer"] != "yes" || i["answeredHow"] != "link" {
		t.Errorf("%s", said.raw)
	}
	if again := nobody.ask("POST", at, `{"answer":"yes","note":"Kommer en kvart sent."}`, "If-Match", got.header.Get("ETag"), "Idempotency-Key", "b").is(200, ""); again.header.Get("Idempotency-Replayed") != "true" {
		t.Error("sent twice it was answered twice")
	}
	nobody.ask("POST", at, `{"answer":"no"}`, "If-Match", got.header.Get("ETag"), "Idempotency-Key", "c").is(412, "common.changed")

	// Another county's address, another secret and what is none lead nowhere.
	for _, wrong := range []string{strings.Replace(at, "kronoberg", "ostergotland", 1), at + "A", county + "/meeting-answers/kort", strings.Replace(at, "kronoberg", "nowhere", 1)} {
		if a := nobody.ask("GET", wrong, ""); a.status != 404 {
			t.Errorf("%s: %d %s", wrong, a.status, a.raw)
		}
	}
}

// replied is a calendar's answer for Kim.
func replied(meeting, says, stamp string, more ...string) string {
	lines := append([]string{"BEGIN:VCALENDAR", "METHOD:REPLY", "PRODID:x", "VERSION:2.0", "BEGIN:VEVENT", "UID:meeting-" + last(meeting) + "@overens", "SEQUENCE:0",
		"DTSTAMP:" + stamp, "ATTENDEE;PARTSTAT=" + says + ":mailto:Kim@alvesta.example"}, more...)
	return strings.Join(append(lines, "END:VEVENT", "END:VCALENDAR", ""), "\r\n")
}

func TestACalendarsReplyIsHandedIn(t *testing.T) {
	w := enter(t)
	meeting, _ := w.summoned()
	const all = county + "/calendar-replies"
	hand := func(body, key string) answer {
		return w.ask("POST", all, body, "Content-Type", "text/calendar; charset=utf-8; method=REPLY", "Idempotency-Key", key)
	}
	yes, no := replied(meeting, "ACCEPTED", "20260101T090000Z", `COMMENT:Kommer en kvart sent.`), replied(meeting, "DECLINED", "20260101T090100Z")
	first := hand(yes, "<1@mail.example>").is(200, "")
	if first.body["answer"] != "yes" || first.body["answeredHow"] != "calendar" || first.body["answeredAt"] != "2026-01-01T09:00:00Z" || first.body["note"] != "Kommer en kvart sent." {
		t.Errorf("%s", first.raw)
	}
	if again := hand(yes, "<1@mail.example>").is(200, ""); again.header.Get("Idempotency-Replayed") != "true" {
		t.Error("the same letter was taken twice")
	}
	hand(no, "<1@mail.example>").is(422, "idempotency.other_request")
	if a := hand(no, "<2@mail.example>").is(200, ""); a.body["answer"] != "no" {
		t.Errorf("a changed mind: %s", a.raw)
	}
	// The first reply, handed in again under another name, was overtaken.
	hand(yes, "<3@mail.example>").is(409, "invitation.answered_since")
	if a := hand(no, "<4@mail.example>").is(200, ""); a.body["answer"] != "no" || a.header.Get("ETag") != `"3"` {
		t.Errorf("the same reply moved something: %v %s", a.header, a.raw)
	}
	for name, c := range map[string]struct {
		body   string
		status int
		code   string
	}{
		"no calendar":      {"Hej, jag kommer.", 422, "invitation.calendar_unreadable"},
		"an invitation":    {strings.Replace(yes, "REPLY", "REQUEST", 1), 422, "invitation.calendar_unreadable"},
		"maybe":            {replied(meeting, "TENTATIVE", "20260102T090000Z"), 422, "invitation.calendar_maybe"},
		"another address":  {strings.Replace(yes, "Kim@", "annan@", 1), 422, "invitation.calendar_address"},
		"another's event":  {strings.Replace(yes, "@overens", "@elsewhere", 1), 422, "invitation.calendar_unknown"},
		"no such meeting":  {replied("/"+nobody, "ACCEPTED", "20260102T090000Z"), 422, "invitation.calendar_unknown"},
		"nothing":          {"", 400, "shape.body_missing"},
		"more than can be": {yes + strings.Repeat("X-A:b\r\n", 50_000), 413, "invitation.calendar_large"},
	} {
		if a := hand(c.body, name); a.status != c.status || a.body["code"] != c.code {
			t.Errorf("%s: %d %s", name, a.status, a.raw)
		}
	}
	w.ask("POST", all, `{"answer":"yes"}`, "Idempotency-Key", "json").is(415, "problem.media_type")
	w.as("kronoberg", auth.RolePartyReporter).ask("POST", all, yes, "Content-Type", "text/calendar", "Idempotency-Key", "x").is(403, "auth.forbidden")
	w.as("ostergotland", auth.RoleCountyAdministrator).ask("POST", strings.Replace(all, "kronoberg", "ostergotland", 1), yes, "Content-Type", "text/calendar", "Idempotency-Key", "x").is(422, "invitation.calendar_unknown")
}
