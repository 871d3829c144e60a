package web_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/web"
)

var anyID = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)

// pathOf fills a pattern with things that are there.
func (h *house) pathOf(pattern, county string, id uuid.UUID) string {
	return strings.NewReplacer("{county}", county, "{id}", id.String(), "{document}", id.String(), "{lead}", id.String(), "{goal}", id.String(), "{party}", id.String(), "{network}", id.String(), "{local}", id.String(), "{link}", id.String(), "{run}", id.String(), "{statement}", id.String(), "{question}", id.String(), "{organisation}", id.String(), "{bundle}", id.String(), "{code}", "0764", "{seq}", "1", "{number}", "1", "{key}", "common.not_found", "{token}", "secret", "{$}", "").Replace(pattern)
}

// Every closed address answers somebody of another county as if there were
// nothing: the same page, word for word, as for an id that does not exist.
func TestAnotherCountyIsNotThere(t *testing.T) {
	h := build(t)
	open := map[string]bool{"/{$}": true, "/sverige": true, "/problems": true, "/problems/{key}": true, "/lan/{county}": true,
		"/lan/{county}/accessibility": true, "/lan/{county}/personal-data": true, "/lan/{county}/sign-in": true, "/sverige/sign-in": true, "/invitations/{county}/{token}": true,
		"/sverige/population": true, "/sverige/population/{code}": true, "/lan/{county}/bodies": true, "/lan/{county}/meetings": true, "/lan/{county}/meetings/{id}": true, "/lan/{county}/meetings/{id}/minutes": true,
		"/lan/{county}/meeting-answers/{token}": true, "/lan/{county}/calendar/{feed}": true,
		"/lan/{county}/agreements": true, "/lan/{county}/agreements/{id}": true, "/lan/{county}/published-documents": true, "/lan/{county}/published-documents/{id}": true, "/lan/{county}/published-documents/{id}/versions/{number}/content": true}
	plain := func(p page) string {
		p.Find("script, .who, footer").Remove()
		return anyID.ReplaceAllString(p.says("body"), "#")
	}
	for _, r := range h.door.Routes() {
		if open[r.Pattern] {
			continue
		}
		var typed url.Values
		if r.Method == http.MethodPost {
			typed = url.Values{"key": {"k"}, "version": {"1"}, "name": {"x"}, "type": {"other"}, "on": {"2027-01-01"}}
		}
		foreign := h.ask(r.Method, neighbour, h.pathOf(r.Pattern, "kronoberg", h.Alvesta.ID), typed)
		absent := h.ask(r.Method, neighbour, h.pathOf(r.Pattern, "kronoberg", uuid.New()), typed)
		nowhere := h.ask(r.Method, neighbour, h.pathOf(r.Pattern, "ingenstans", h.Alvesta.ID), typed)
		for name, p := range map[string]page{"foreign": foreign, "absent": absent, "no such county": nowhere} {
			if p.Status != http.StatusNotFound {
				t.Errorf("%s %s, %s: %d", r.Method, r.Pattern, name, p.Status)
			}
		}
		if a, b := plain(foreign), plain(absent); a != b {
			t.Errorf("%s %s: the pages differ:\n%s\n%s", r.Method, r.Pattern, a, b)
		}
		if strings.Contains(foreign.Body, "Alvesta") {
			t.Errorf("%s %s: tells the name", r.Method, r.Pattern)
		}
		if p := h.ask(r.Method, "", h.pathOf(r.Pattern, "kronoberg", h.Alvesta.ID), typed); p.Status != http.StatusUnauthorized {
			t.Errorf("%s %s, not signed in: %d", r.Method, r.Pattern, p.Status)
		}
	}
}

func TestWhoeverIsNotSignedInIsShownTheWayAndTheWayBack(t *testing.T) {
	h := build(t)
	p := h.get("", "/lan/kronoberg/organisations?q=alv&lang=sv")
	if p.Status != http.StatusUnauthorized || p.says("h1") != "Logga in i Kronobergs län" {
		t.Fatalf("%d %q", p.Status, p.says("h1"))
	}
	if got := p.value("input[name=return_to]"); got != "/lan/kronoberg/organisations?q=alv" {
		t.Errorf("leads back to %q", got)
	}
	if got := p.Find("form[action='/lan/kronoberg/sign-in'] input[name=issuer]").Length(); got != 2 {
		t.Errorf("%d ways to sign in", got)
	}
	if got := p.Header.Get("Content-Security-Policy"); !strings.Contains(got, "form-action 'self' https://login.example https://eid.example;") {
		t.Errorf("the form may lead to: %q", got)
	}
	if got := h.get("", "/lan/kronoberg/sign-in?return_to=//evil.example&invitation=abc"); got.value("input[name=return_to]") != "/lan/kronoberg" || got.value("input[name=invitation]") != "abc" {
		t.Errorf("leads back to %q with %q", got.value("input[name=return_to]"), got.value("input[name=invitation]"))
	}
}

func TestARefusalSaysWhichRuleAndWhoMay(t *testing.T) {
	h := build(t)
	p := h.get(officer, "/lan/kronoberg/organisations/new")
	if p.Status != http.StatusForbidden {
		t.Fatalf("%d", p.Status)
	}
	for _, want := range []string{"organisation.create", "handläggare", "7D6E-1F20", "länets administratör eller strateg"} {
		if !strings.Contains(p.says("main"), want) {
			t.Errorf("does not say %q: %s", want, p.says("main"))
		}
	}
}

func TestRefusalsOfTheServerArePages(t *testing.T) {
	h := build(t)
	at := "/lan/kronoberg/organisations"
	for name, c := range map[string]struct {
		ask  func() page
		want int
	}{
		"nowhere":       {func() page { return h.get("", "/no/such/page") }, http.StatusNotFound},
		"no id":         {func() page { return h.get(strategist, at+"/12") }, http.StatusNotFound},
		"no such":       {func() page { return h.get(strategist, at+"/"+uuid.NewString()) }, http.StatusNotFound},
		"method":        {func() page { return h.post(strategist, at, url.Values{}) }, http.StatusMethodNotAllowed},
		"media type":    {func() page { return h.post(strategist, at+"/new", url.Values{}, "Content-Type", "application/json") }, http.StatusUnsupportedMediaType},
		"too large":     {func() page { return h.post(strategist, at+"/new", url.Values{"name": {strings.Repeat("x", 2<<20)}}) }, http.StatusRequestEntityTooLarge},
		"other methods": {func() page { return h.ask(http.MethodDelete, strategist, at, nil) }, http.StatusMethodNotAllowed},
	} {
		p := c.ask()
		if p.Status != c.want || p.Find("h1").Length() != 1 || p.Find("main").Length() != 1 {
			t.Errorf("%s: %d, want %d: %.200s", name, p.Status, c.want, p.Body)
		}
	}
	if got := h.post(strategist, at, url.Values{}).Header.Get("Allow"); got != "GET, HEAD" {
		t.Errorf("Allow: %q", got)
	}
}

// An address whose county holds a slash names no county, and least of all the
// one that stands before the slash.
func TestACountysNameInAnAddressIsTakenWhole(t *testing.T) {
	h := build(t)
	for _, at := range []string{"/lan/kronoberg%2forganisations", "/lan/kronoberg%2f..%2fostergotland", "/lan/kronoberg%2fx/people", "/invitations/kronoberg%2fx/secret"} {
		if p := h.get(strategist, at); p.Status != http.StatusNotFound {
			t.Errorf("%s: %d %q", at, p.Status, p.says("h1"))
		}
	}
}

// Whoever reads the log must not be able to use an invitation.
func TestTheLogHoldsNoInvitation(t *testing.T) {
	h := build(t)
	var log bytes.Buffer
	mux := http.NewServeMux()
	web.New(web.Config{DB: h.db.DB, Logger: slog.New(slog.NewTextHandler(&log, nil))}).Register(mux)
	h.db.Close()
	rec := httptest.NewRecorder()
	mux.ServeHTTP(rec, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/invitations/kronoberg/hemligheten", nil))
	if rec.Code < 500 || log.Len() == 0 {
		t.Fatalf("%d, logged %q", rec.Code, &log)
	}
	if strings.Contains(log.String(), "hemligheten") || !strings.Contains(log.String(), "/invitations/{county}/{token}") {
		t.Error(&log)
	}
}

func TestWhatIsNoFaultSaysNothing(t *testing.T) {
	h := build(t)
	h.db.Close()
	p := h.get(strategist, "/lan/kronoberg/organisations")
	if p.Status < 500 || strings.Contains(p.Body, "closed pool") {
		t.Errorf("%d: %s", p.Status, p.says("main"))
	}
	if !strings.Contains(p.says("main"), "7D6E-1F20") {
		t.Error("there is no code to find it by")
	}
}

// Where a button was pressed nothing was written: the page says nothing of that, and
// leads back to where the button was, and to what mends it.
func TestARefusedButtonLeadsBackToWhereItWas(t *testing.T) {
	h := closed(t)
	h.done(h.press(strategist, h.get(strategist, h.minutes()), `form[action$="/minutes/draft"]`, nil), "minutes_drafted")
	p := h.press(strategist, h.get(strategist, h.minutes()), `form[action$="/minutes/ask"]`, nil)
	if p.Status != http.StatusConflict || strings.Contains(p.says("main"), "Det du skrev är kvar") {
		t.Errorf("%d: %s", p.Status, p.says("main"))
	}
	for _, to := range []string{h.minutes(), h.minutes() + "/adjusters"} {
		if p.Find(`#do a[href="`+to+`"]`).Length() != 1 {
			t.Errorf("it does not lead to %s: %s", to, p.says("#do"))
		}
	}
}
