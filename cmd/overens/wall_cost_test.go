package main

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/google/uuid"
)

// share lets two of Kronoberg's municipalities pay for a function together,
// adopts a year of it, lets one of them ask about it, and binds the statements.
func share(t *testing.T, p *program, own things) {
	t.Helper()
	const base = "/api/v1/counties/" + mine
	keys := make([]string, 0, 2)
	for _, name := range []string{"alvesta", "ljungby"} {
		rows := rowsOf(p, base+"/organisations?q="+name, "organisations")
		if len(rows) == 0 {
			t.Fatalf("no %s in %s", name, mine)
		}
		keys = append(keys, fmt.Sprint(rows[0]["key"]))
		own["payers"] = fmt.Sprint(rows[0]["id"])
	}
	words := map[string]any{"sv": "Hemlig"}
	configure(t, p, "costKeys", map[string]any{"keys": []any{map[string]any{"key": "hemlig", "name": words, "parts": []any{map[string]any{"by": "population", "reference": map[string]any{"yearsBefore": 1}}}}}})
	configure(t, p, "sharedFunctions", map[string]any{"functions": []any{map[string]any{"key": "hemlig", "name": words, "kind": "post", "employer": "lansstyrelsen",
		"ground": map[string]any{"decision": "Hemligt", "furtherNotice": true}, "sharedBy": "hemlig",
		"payers":  map[string]any{"list": []any{map[string]any{"organisation": keys[0]}, map[string]any{"organisation": keys[1]}}},
		"periods": []any{map[string]any{"from": "2025-01-01", "until": "2025-12-31", "budget": "1000.00", "invented": true}}}}})

	own["cost-runs"] = made(t, p, "/cost-runs", map[string]any{"function": "hemlig", "from": "2025-01-01"})
	run := "/cost-runs/" + own["cost-runs"]
	made(t, p, run+"/adoption", map[string]any{"mandate": "Hemligt"})
	_, m := p.ask(mineAs, "GET", base+run, nil, nil)
	statements, _ := m["statements"].([]any)
	if m["state"] != "adopted" || len(statements) != 2 {
		t.Fatalf("%s is not adopted: %v", run, m)
	}
	own["cost-statements"] = fmt.Sprint(statements[0].(map[string]any)["id"])
	resp, m := p.ask("kronoberg-alvesta-representative", "POST", base+"/cost-statements/"+own["cost-statements"]+"/questions", map[string]any{"text": "Hemligt?"},
		map[string]string{"Idempotency-Key": uuid.NewString()})
	if resp.StatusCode != http.StatusCreated {
		t.Fatalf("asking of %s: %d %v", run, resp.StatusCode, m)
	}
	own["cost-questions"] = fmt.Sprint(m["id"])
	own["cost-bundles"] = made(t, p, run+"/bundles", nil)
}

// configure hands one of Kronoberg's sections over to its pages and gives it
// another content.
func configure(t *testing.T, p *program, section string, content any) {
	t.Helper()
	at := "/api/v1/counties/" + mine + "/configuration/sections/" + section
	for _, step := range []struct {
		path string
		body any
	}{
		{"/manager", map[string]any{"manager": "pages"}},
		{"", map[string]any{"from": "2020-01-01", "reason": "Prov", "body": content}},
	} {
		resp, _ := p.ask(mineAs, "GET", at, nil, nil)
		resp, m := p.ask(mineAs, "PUT", at+step.path, step.body, map[string]string{"If-Match": resp.Header.Get("ETag")})
		if resp.StatusCode != http.StatusOK {
			t.Fatalf("%s of %s: %d %v", section, mine, resp.StatusCode, m)
		}
	}
}
