package api_test

import (
	"strings"
	"testing"

	"github.com/overens/overens/internal/auth"
)

// Whom some of the trail is hidden from reads it without its numbers, and without what
// says nothing; its total is of what it reads.
func TestTheTrailHasNumbersForWhoSeesAllOfIt(t *testing.T) {
	w := enter(t)
	meeting, _, kim := w.minuted()
	tag := w.ask("GET", meeting+"/minutes", "").header.Get("ETag")
	w.ask("PUT", meeting+"/minutes/adjusters", `{"chair":"`+kim+`"}`, "If-Match", tag).is(200, "")
	const entries = county + "/audit-entries?subject=meeting&limit=100"
	all := w.ask("GET", entries, "").is(200, "")
	if strings.Count(all.raw, `"seq":`) != all.total("entries") || !strings.Contains(all.raw, `"changes":[]`) {
		t.Errorf("who sees all: %s", all.raw)
	}
	part := w.as("kronoberg", auth.RoleAuditor).ask("GET", entries, "").is(200, "")
	total := part.body["_meta"].(map[string]any)["totalRecords"]
	if rows := part.total("entries"); rows == 0 || total != float64(rows) || strings.Contains(part.raw, `"seq"`) || strings.Contains(part.raw, `"changes":[]`) || !strings.Contains(part.raw, last(meeting)) {
		t.Errorf("the auditor: %d rows of %v: %s", rows, total, part.raw)
	}
	if one := w.as("kronoberg", auth.RoleAuditor).ask("GET", w.alvesta()+"/history", "").is(200, ""); one.total("entries") == 0 || strings.Contains(one.raw, `"seq"`) {
		t.Errorf("a thing's history: %s", one.raw)
	}
}
