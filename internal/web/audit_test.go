package web_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/overens/overens/internal/meeting"
)

// Whom some of the trail is hidden from reads it without the numbers of its rows, from
// page to page, and without rows that say nothing.
func TestTheTrailIsReadWithoutItsNumbersByWhomSomeOfItIsHiddenFrom(t *testing.T) {
	h := called(t, meeting.KindMeeting)
	const at = "/lan/kronoberg/audit"
	if p := h.get(strategist, at); p.Find("#trail .log > li[id]").Length() == 0 || !strings.Contains(p.says("#trail .log"), "rad ") {
		t.Errorf("who sees all: %s", p.says("main"))
	}
	for _, path := range []string{at, at + "?page=2", at + "?subject=meeting"} {
		p := h.get(auditor, path)
		rows := p.Find("#trail .log > li")
		if p.Status != http.StatusOK || rows.Length() == 0 || rows.Filter("[id]").Length() > 0 || strings.Contains(p.says("#trail .log"), "rad ") || p.Find(`a[href$="/mask"]`).Length() > 0 {
			t.Errorf("%s, the auditor: %d: %s", path, p.Status, p.says("main"))
		}
	}
	organisation := "/lan/kronoberg/organisations/" + h.organisation("vaxjo").String()
	if p := h.get(auditor, organisation); p.Find("#history .log > li").Length() == 0 || p.Find("#history .log > li[id]").Length() > 0 {
		t.Errorf("a thing's history: %s", p.says("#history"))
	}
}

// What became of a meeting and its matters reads in words, not in the database's.
func TestTheTrailTellsOfMeetingsInWords(t *testing.T) {
	h := closed(t)
	h.done(h.press(strategist, h.get(strategist, h.minutes()), `form[action$="/minutes/draft"]`, nil), "minutes_drafted")
	for _, c := range []struct{ subject, want string }{{"meeting", "utkastet är skrivet"}, {"agenda_item", "lagt till handlingarna"}} {
		says := h.get(strategist, "/lan/kronoberg/audit?subject="+c.subject).says("#trail .log")
		if !strings.Contains(says, c.want) {
			t.Errorf("%s does not tell %q: %.300s", c.subject, c.want, says)
		}
		for _, bad := range []string{"state", "drafted", "noted", "carried", "meeting id", "item id", "closed at"} {
			if strings.Contains(says, bad) {
				t.Errorf("%s tells %q", c.subject, bad)
			}
		}
	}
}
