package web_test

import (
	"net/url"
	"testing"

	"github.com/overens/overens/internal/browsertest"
)

// The pages around a meeting as a person meets them: by axe-core and the
// keyboard, light and dark, wide and at 320 px, with everything unfolded, and on
// paper.
func TestEveryPageAroundAMeetingCanBeUsedByEveryone(t *testing.T) {
	t.Parallel()
	b := browsertest.New(t)
	h := assemble(t)
	empty := meetings
	visit := func(name, as, path string) {
		t.Run(name, func(t *testing.T) {
			b.NoScript(as == "kim") // his session ends by the tests' clock, and the script's is the day's
			if as == "kim" {
				b.Open(h.URL + "/session/" + h.cookie + "?to=" + url.QueryEscape(path))
			} else {
				b.Open(h.URL + "/as/" + url.PathEscape(as) + "?to=" + url.QueryEscape(path))
			}
			usable(t, b, "meeting-"+name)
			if name == "one-called" {
				b.Size(800, 1100)
				b.Print(true)
				b.Screenshot("meeting-one-print")
				if shown := browsertest.Eval[int](b, `[...document.querySelectorAll("form, .places, .foot, .noprint")].filter(e => e.offsetParent).length`); shown > 0 {
					t.Errorf("%d parts for the screen are printed", shown)
				}
				b.Print(false)
			}
		})
	}
	visit("list-empty", strategist, empty)
	visit("decisions-empty", strategist, register)
	decision := h.decided("Ny samverkansstruktur")
	draft := h.planned("2027-02-10", "Riktning för 2027", "Uppföljning av resultaten", "Kommunbesöken")
	called := h.planned("2027-01-20", "Struktur", "Budget")
	h.fillIn(strategist, called+"/agenda-items/new", url.Values{"kind": {"information"}, "title": {"Känsligt läge i en kommun"}, "confidential": {"true"}, "rapporteur": {"Samordnaren"}}).done(t, "secret")
	h.fillIn(strategist, called+"/call", nil).done(t, "call")
	h.fillIn(strategist, called+"/agenda-items/new", url.Values{"kind": {"information"}, "title": {"Sent ärende"}}).done(t, "late")
	off := h.planned("2027-03-10", "Struktur")
	h.fillIn(strategist, off+"/cancel", url.Values{"reason": {"För få kan komma."}}).done(t, "cancel")
	item, _ := h.get(strategist, called).Find("#agenda .todo a").First().Attr("href")
	answer, _ := h.byKim(called).Find("#waits a").First().Attr("href")
	h.sends(answer, url.Values{"answer": {"no"}}).done(t, "no")
	proposal := local(h.sends(items+"/new", url.Values{"body": {"forum"}, "kind": {"discussion"}, "title": {"Sfi på distans"}, "organisation": {h.alvesta.String()}}).done(t, "propose"))
	group := local(h.fillIn(strategist, meetings+"/new", url.Values{"body": {"group"}, "on": {"2026-12-09"}}).done(t, "group"))
	below := local(h.fillIn(strategist, group+"/agenda-items/new", url.Values{"kind": {"discussion"}, "title": {"Boende"}}).done(t, "below"))
	h.fillIn(strategist, below+"/hand-on", url.Values{"body": {"forum"}}).done(t, "on")
	home, _ := h.byKim(decision).Find(`#home a[href*="/ratifications/"]`).Attr("href")
	for _, s := range []stop{
		{"list", strategist, meetings},
		{"list-english", strategist, meetings + "?lang=en"},
		{"new", strategist, meetings + "/new?lang=sv"},
		{"one-draft", strategist, draft},
		{"one-called", strategist, called},
		{"one-auditor", auditor, called},
		{"one-cancelled", strategist, off},
		{"edit", strategist, called + "/edit"},
		{"cancel", strategist, called + "/cancel"},
		{"call", strategist, draft + "/call"},
		{"guest", strategist, called + "/guests"},
		{"item", strategist, item},
		{"item-below", strategist, below},
		{"item-new", strategist, draft + "/agenda-items/new"},
		{"item-edit", strategist, item + "/edit"},
		{"item-act", strategist, item + "/act/close-goal"},
		{"item-paper", strategist, item + "/papers/upload"},
		{"waiting", strategist, items},
		{"accept", strategist, proposal + "/accept"},
		{"decline", strategist, proposal + "/decline"},
		{"decisions", strategist, register},
		{"decision", strategist, decision},
		{"status", strategist, decision + "/status"},
		{"start", strategist, "/lan/kronoberg"},
		{"link", ",", h.linkFor(h.kim)},
		{"kim-start", "kim", "/lan/kronoberg"},
		{"kim-one", "kim", called},
		{"kim-answer", "kim", answer},
		{"kim-propose", "kim", items + "/new"},
		{"kim-ratify", "kim", home},
		{"kim-calendars", "kim", "/lan/kronoberg/calendars"},
	} {
		visit(s.name, s.as, s.path)
	}
}
