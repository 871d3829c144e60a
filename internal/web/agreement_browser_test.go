package web_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/overens/overens/internal/browsertest"
)

// The agreement's pages as a person meets them: by axe-core and the keyboard,
// light and dark, wide and at 320 px, with everything unfolded, and on paper.
func TestEveryPageOfAnAgreementCanBeUsedByEveryone(t *testing.T) {
	t.Parallel()
	b := browsertest.New(t)
	h := buildEmpty(t)
	for _, county := range []string{"kronoberg", "ostergotland", "halland"} {
		h.agreed(county)
	}
	at := h.keyed("kronoberg", "sok-2019")
	draft := h.fillIn(strategist, at+"/successor", url.Values{"title": {"SÖK 2026-2030"}}).done(t, "draft")
	draft, _, _ = strings.Cut(draft, "?")
	area := h.goalKeyed("kronoberg", "sok-2019", "arbetsmarknad")
	for _, s := range []stop{
		{"agreement", strategist, at},
		{"agreement-past", strategist, at + "?on=2022-01-01"},
		{"agreement-english", strategist, at + "?lang=en"},
		{"agreement-public", ",", at + "?lang=sv"},
		{"agreement-officer", officer, at},
		{"agreement-ostergotland", "ostergotland,strategist", h.keyed("ostergotland", "hallbar-2021")},
		{"agreement-halland", "halland,strategist", h.keyed("halland", "sgi")},
		{"agreements", strategist, "/lan/kronoberg/agreements"},
		{"agreements-ostergotland", "ostergotland,strategist", "/lan/ostergotland/agreements"},
		{"agreements-public", ",", "/lan/kronoberg/agreements"},
		{"agreement-compare", strategist, at + "/compare?from=2022-01-01&to=2023-04-11"},
		{"goal", strategist, area},
		{"goal-closed", strategist, h.goalKeyed("kronoberg", "sok-2019", "boende")},
		{"goal-new", strategist, at + "/goals/new"},
		{"goal-edit", strategist, area + "/edit"},
		{"goal-close", strategist, area + "/close"},
		{"party", strategist, at + "/parties/" + h.organisation("vaxjo").String()},
		{"party-sign", strategist, at + "/parties/" + h.organisation("vaxjo").String() + "/signature"},
		{"agreement-new", strategist, "/lan/kronoberg/agreements/new"},
		{"agreement-validity", strategist, at + "/validity"},
		{"agreement-event", strategist, at + "/events/new"},
		{"draft", strategist, draft},
		{"start-kronoberg", strategist, "/lan/kronoberg"},
		{"start-ostergotland", "ostergotland,strategist", "/lan/ostergotland"},
		{"start-halland", "halland,strategist", "/lan/halland"},
		{"organisation-party", strategist, "/lan/kronoberg/organisations/" + h.organisation("vaxjo").String()},
		{"search", strategist, "/lan/kronoberg/search?q=boende"},
	} {
		t.Run(s.name, func(t *testing.T) {
			b.Open(h.URL + "/as/" + url.PathEscape(s.as) + "?to=" + url.QueryEscape(s.path))
			usable(t, b, s.name)
			if s.name == "agreement-past" {
				b.Size(800, 1100)
				b.Print(true)
				b.Screenshot(s.name + "-print")
				if shown := browsertest.Eval[int](b, `[...document.querySelectorAll("form, .places, .foot, .get, .noprint")].filter(e => e.offsetParent).length`); shown > 0 {
					t.Errorf("%d parts for the screen are printed", shown)
				}
				b.Print(false)
			}
		})
	}
}
