package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestWhoeverIsSignedInSeesWhereAndCanEndIt(t *testing.T) {
	h := build(t)
	first := h.signIn()
	p := h.get("", "/lan/kronoberg/sessions", "Cookie", "session="+first)
	if p.Status != http.StatusOK || !strings.Contains(p.says("table tr[aria-current]"), "Firefox på Windows") {
		t.Fatalf("%d: %s", p.Status, p.says("main"))
	}
	if got := p.says(".foot [data-ends]"); got != "Du loggas ut 12.04 om du inte gör något, och senast 00.00." && !strings.HasPrefix(got, "Du loggas ut 12.04") {
		t.Errorf("when it ends, without a script: %q", got)
	}
	if got := h.get("", "/lan/kronoberg/sessions/ping", "Cookie", "session="+first); got.Status != http.StatusNoContent || got.Header.Get("Session-Ends") != "2026-11-25T11:04:00Z" {
		t.Errorf("asking to stay: %d, ends %q", got.Status, got.Header.Get("Session-Ends"))
	}
	to, _ := p.Find(`form[action$="/end"]`).Attr("action")
	p = h.post("", to, url.Values{"key": {"e"}, "version": {"0"}}, "Cookie", "session="+first)
	if p.Status != http.StatusSeeOther || p.Header.Get("Location") != "/lan/kronoberg" {
		t.Fatalf("%d %s: %s", p.Status, p.Header.Get("Location"), p.says("main"))
	}
	if p = h.get("", "/lan/kronoberg/sessions", "Cookie", "session="+first); p.Status != http.StatusUnauthorized {
		t.Errorf("after the end: %d", p.Status)
	}
}
