package api_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
)

// convened makes somebody who holds Alvesta's seat, and a draft with a matter.
func (w *world) convened() (meeting, who string) {
	w.t.Helper()
	w.agreed()
	who = last(w.made(county+"/people", `{"name":"Kim Lind","email":"kim@alvesta.example"}`, "kim"))
	w.made(county+"/mandates", `{"body":"forum","place":"municipality/alvesta-kommun","person":"`+who+`","from":"2026-01-01"}`, "seat")
	return w.made(county+"/meetings", `{"body":"forum","on":"2027-04-15","begins":"09:30","ends":"12:00"}`, "draft"), who
}

// person lets a person of the county's ask, with a role there.
func (w *world) person(id string, role auth.Role) *world {
	c := w.as("kronoberg", role)
	c.who.Person = uuid.MustParse(id)
	return c
}

func TestAMeetingIsPlannedAndCalledByTheAPI(t *testing.T) {
	w := enter(t)
	meeting, who := w.convened()
	reader := w.person(who, auth.RolePartyReporter)

	w.ask("POST", county+"/meetings", `{"body":"nowhere","on":"2027-04-15"}`, "Idempotency-Key", "bad").is(422, "meeting.body_unknown").at("/body")
	again := w.ask("POST", county+"/meetings", `{"body":"forum","on":"2027-04-15","begins":"09:30","ends":"12:00"}`, "Idempotency-Key", "draft").is(201, "")
	if again.header.Get("Idempotency-Replayed") != "true" || last(again.header.Get("Location")) != last(meeting) {
		t.Error("the same form sent twice made two")
	}
	reader.ask("GET", meeting, "").is(404, "common.not_found")
	if l := reader.ask("GET", county+"/meetings", "").is(200, ""); l.total("meetings") != 0 || l.body["_meta"].(map[string]any)["totalRecords"] != 0.0 {
		t.Error(l.raw)
	}
	w.ask("PUT", meeting, `{"body":"forum","on":"2027-04-16"}`, "If-Match", `"7"`).is(412, "common.changed")
	w.ask("PUT", meeting, `{"body":"forum","on":"2027-04-16","begins":"09:30","ends":"12:00","answerBy":"2027-04-10"}`, "If-Match", `"1"`).is(200, "")
	a := last(w.made(meeting+"/agenda", `{"kind":"discussion","title":"A"}`, "a"))
	b := last(w.made(meeting+"/agenda", `{"kind":"discussion","title":"Hemlig","confidential":true}`, "b"))
	c := last(w.made(meeting+"/agenda", `{"kind":"discussion","title":"C"}`, "c"))
	w.did(meeting, meeting+"/agenda-order", `{"items":["`+c+`","`+b+`"]}`).is(422, "meeting.order_not_whole").at("/items")
	w.did(meeting, meeting+"/agenda-order", `{"items":["`+c+`","`+b+`","`+a+`"]}`).is(200, "")
	w.did(meeting, meeting+"/announcement", "").is(200, "")
	day := reader.ask("GET", county+"/next-meeting?body=forum", "").is(200, "")
	if day.body["state"] != "announced" || day.body["begins"] != nil || day.body["answerBy"] != nil {
		t.Error(day.raw)
	}
	if p := w.ask("GET", meeting+"/call-preview", "").is(200, ""); p.total("invitees") != 1 || p.body["late"] != false {
		t.Error(p.raw)
	}
	if called := w.did(meeting, meeting+"/call", `{}`).is(200, ""); called.body["state"] != "called" || called.total("invitees") != 1 {
		t.Error(called.raw)
	}
	w.did(meeting, meeting+"/call", `{}`).is(409, "meeting.called_already")

	auditor := w.as("kronoberg", auth.RoleAuditor)
	l := auditor.ask("GET", meeting+"/agenda", "").is(200, "")
	if l.total("agendaItems") != 2 || l.body["_meta"].(map[string]any)["totalRecords"] != 2.0 || strings.Contains(l.raw, "Hemlig") || !strings.Contains(l.raw, `"number":2,"position":20`) {
		t.Error(l.raw)
	}
	auditor.ask("GET", county+"/agenda-items/"+b, "").is(404, "common.not_found")
	if l := reader.ask("GET", meeting+"/agenda", "").is(200, ""); l.total("agendaItems") != 3 {
		t.Error(l.raw)
	}
	mine := reader.ask("GET", county+"/own-invitations?unanswered=true", "").is(200, "")
	if mine.total("invitations") != 1 {
		t.Fatal(mine.raw)
	}
	invitation := county + "/invitations/" + mine.body["invitations"].([]any)[0].(map[string]any)["id"].(string)
	if yes := reader.did(invitation, invitation+"/answer", `{"answer":"yes"}`).is(200, ""); yes.body["answeredHow"] != "page" {
		t.Error(yes.raw)
	}

	doc := last(w.made(county+"/documents", `{"title":"Underlag","kind":"other","published":false,"url":"https://exempel.example/underlag"}`, "doc"))
	paper := w.made(county+"/agenda-items/"+a+"/papers", `{"document":"`+doc+`"}`, "paper")
	w.ask("GET", paper, "").is(200, "")
	w.did(county+"/agenda-items/"+a, county+"/agenda-items/"+a+"/deferral", `{"reason":"Underlaget saknas"}`).is(200, "")
	if d := auditor.ask("GET", meeting+"/agenda-differences", "").is(200, ""); d.total("differences") != 1 {
		t.Error(d.raw)
	}
	if l := w.ask("GET", county+"/agenda-items?body=forum", "").is(200, ""); l.total("agendaItems") != 1 {
		t.Error(l.raw)
	}
	w.did(meeting, meeting+"/cancellation", `{"reason":"För få kan komma"}`).is(200, "")
}

func TestWhoseCardEndsIsCalledNoLongerToMeetingsFromThatDay(t *testing.T) {
	w := enter(t)
	meeting, who := w.convened()
	w.did(meeting, meeting+"/call", `{}`).is(200, "")
	person := county + "/people/" + who
	for _, c := range []struct {
		on        string
		withdrawn bool
	}{{"2027-04-16", false}, {"2027-04-15", true}, {"2027-05-01", false}} {
		w.did(person, person+"/ending", `{"on":"`+c.on+`"}`).is(200, "")
		l := w.ask("GET", meeting+"/invitations", "").is(200, "")
		if got := l.body["invitations"].([]any)[0].(map[string]any)["withdrawnAt"] != nil; got != c.withdrawn {
			t.Errorf("a card that ends on %s: %s", c.on, l.raw)
		}
	}
}

func TestACalendarsAddressIsShownOnce(t *testing.T) {
	w := enter(t)
	_, who := w.convened()
	kim := w.person(who, auth.RolePartyReporter)
	first := kim.ask("POST", county+"/calendar-feeds", `{"body":"forum"}`, "Idempotency-Key", "feed").is(201, "")
	href, _ := first.body["href"].(string)
	if !strings.HasPrefix(href, site+"/lan/kronoberg/calendar/") {
		t.Error(first.raw)
	}
	again := kim.ask("POST", county+"/calendar-feeds", `{"body":"forum"}`, "Idempotency-Key", "feed").is(201, "")
	feed := strings.TrimPrefix(first.header.Get("Location"), site)
	if again.body["href"] != nil || again.body["path"] != nil || kim.ask("GET", feed, "").is(200, "").body["path"] != nil {
		t.Error("the secret is shown twice")
	}
	w.ask("GET", feed, "").is(404, "common.not_found")
	w.ask("DELETE", feed, "").is(404, "common.not_found")
	kim.ask("DELETE", feed, "").is(204, "")
	if l := kim.ask("GET", county+"/calendar-feeds", "").is(200, ""); l.total("calendarFeeds") != 0 {
		t.Error(l.raw)
	}
}
