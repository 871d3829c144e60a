package main

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/day"
)

// summon calls a meeting of Kronoberg's forum with a paper on a confidential
// matter, and lets somebody follow its calendar.
func summon(t *testing.T, p *program, own things) {
	t.Helper()
	meeting := "/meetings/" + made(t, p, "/meetings", map[string]any{"body": "forum", "on": day.At(time.Now()).Add(60).String()})
	item := made(t, p, meeting+"/agenda", map[string]any{"kind": "discussion", "title": "Hemlig", "confidential": true})
	own["agenda-papers"] = made(t, p, "/agenda-items/"+item+"/papers", map[string]any{"document": own["documents"]})
	resp, m := p.ask(mineAs, "POST", "/api/v1/counties/"+mine+meeting+"/call", map[string]any{}, map[string]string{"Idempotency-Key": uuid.NewString(), "If-Match": `"1"`})
	if resp.StatusCode >= 300 {
		t.Fatalf("calling %s: %d %v", meeting, resp.StatusCode, m)
	}
	rows := rowsOf(p, "/api/v1/counties/"+mine+meeting+"/invitations", "invitations")
	if len(rows) == 0 {
		t.Fatalf("nobody is called to %s", meeting)
	}
	own["invitations"] = fmt.Sprint(rows[0]["id"])
	own["meeting-invitations"] = own["invitations"]
	own["calendar-feeds"] = made(t, p, "/calendar-feeds", map[string]any{"body": "forum"})
	own["calendars"] = own["calendar-feeds"]
	own["called-meeting"] = meeting[len("/meetings/"):]
}
