package main

import (
	"fmt"
	"testing"

	"github.com/google/uuid"
)

// minute writes the minutes of the meeting that was held, and gives them to
// somebody for comment.
func minute(t *testing.T, p *program, own things) {
	t.Helper()
	meeting := "/api/v1/counties/" + mine + "/meetings/" + own["meetings"]
	for _, path := range []string{"/closing", "/minutes/drafting"} {
		resp, _ := p.ask(mineAs, "GET", meeting, nil, nil)
		resp, m := p.ask(mineAs, "POST", meeting+path, nil, map[string]string{"Idempotency-Key": uuid.NewString(), "If-Match": resp.Header.Get("ETag")})
		if resp.StatusCode >= 300 {
			t.Fatalf("%s: %d %v", path, resp.StatusCode, m)
		}
	}
	_, m := p.ask(mineAs, "GET", meeting+"/minutes", nil, nil)
	paragraphs, _ := m["paragraphs"].([]any)
	if len(paragraphs) == 0 {
		t.Fatalf("no minutes at %s: %v", meeting, m)
	}
	own["minutes-paragraphs"] = fmt.Sprint(paragraphs[0].(map[string]any)["id"])
	own["paragraphs"] = own["minutes-paragraphs"] // as the pages have it, below their meeting
	own["sharings"] = made(t, p, "/meetings/"+own["meetings"]+"/sharings", map[string]any{"kind": "comment", "recipient": "Hemlig"})
}
