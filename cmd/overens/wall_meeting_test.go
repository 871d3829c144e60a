package main

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/day"
)

// hold holds a meeting of Kronoberg's forum, and makes one of each of what comes
// of a decision.
func hold(t *testing.T, p *program, own things) {
	t.Helper()
	const base = "/api/v1/counties/" + mine
	// happened does something to a thing in the version that is kept now.
	happened := func(thing, path string, body any) map[string]any {
		t.Helper()
		resp, _ := p.ask(mineAs, "GET", base+thing, nil, nil)
		resp, m := p.ask(mineAs, "POST", base+path, body, map[string]string{"Idempotency-Key": uuid.NewString(), "If-Match": resp.Header.Get("ETag")})
		if resp.StatusCode >= 300 {
			t.Fatalf("%s of %s: %d %v", path, mine, resp.StatusCode, m)
		}
		return m
	}
	first := func(path, list string) map[string]any {
		t.Helper()
		_, m := p.ask(mineAs, "GET", base+path, nil, nil)
		rows, _ := m[list].([]any)
		if len(rows) == 0 {
			t.Fatalf("nothing in %s of %s: %v", path, mine, m)
		}
		return rows[0].(map[string]any)
	}

	own["meetings"] = made(t, p, "/meetings", map[string]any{"body": "forum", "on": day.At(time.Now()).String()})
	meeting := "/meetings/" + own["meetings"]
	own["agenda-items"] = made(t, p, meeting+"/agenda", map[string]any{"kind": "decision", "title": "Hemlig", "proposal": "Hemligt."})
	item := "/agenda-items/" + own["agenda-items"]
	happened(meeting, meeting+"/call", map[string]any{"lateReason": "Prov"})
	happened(meeting, meeting+"/opening", nil)
	happened(meeting, meeting+"/roll-call", nil)
	happened(item, item+"/taking-up", nil)
	who := ""
	for _, row := range rowsOf(p, base+meeting+"/attendances?limit=100", "attendances") {
		if row["role"] == "member" && row["here"] == true {
			who = fmt.Sprint(row["person"])
		}
	}
	own["attendances"], own["interests"] = who, who
	happened(meeting, item+"/remarks", map[string]any{"kind": "objection", "person": who})
	_, now := p.ask(mineAs, "GET", base+meeting+"/now", nil, nil)
	remarks, _ := now["remarks"].([]any)
	if len(remarks) == 0 {
		t.Fatalf("no remark at %s: %v", meeting, now)
	}
	own["remarks"] = fmt.Sprint(remarks[0].(map[string]any)["id"])
	happened(meeting, "/remarks/"+own["remarks"]+"/withdrawal", nil)
	own["decisions"] = fmt.Sprint(happened(item, item+"/decision", map[string]any{"acclamation": true, "ratify": true, "duties": []any{map[string]any{"wording": "Hemligt"}}})["id"])
	own["ratifications"] = fmt.Sprint(first("/decisions/"+own["decisions"]+"/ratifications", "ratifications")["id"])
	own["standing-duties"] = fmt.Sprint(first("/standing-duties", "standingDuties")["id"])
}

func rowsOf(p *program, path, list string) []map[string]any {
	_, m := p.ask(mineAs, "GET", path, nil, nil)
	all, _ := m[list].([]any)
	rows := make([]map[string]any, len(all))
	for i, row := range all {
		rows[i], _ = row.(map[string]any)
	}
	return rows
}
