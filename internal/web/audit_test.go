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
