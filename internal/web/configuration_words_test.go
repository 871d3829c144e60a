package web_test

import (
	"net/http"
	"strings"
	"testing"
)

// A county's own words go from the form to the body's page and into the minutes
// that are drafted from then on.
func TestABodysOwnWordsGoFromTheFormIntoTheMinutes(t *testing.T) {
	h := closed(t)
	h.onPages("bodies")
	at := bodies + "/edit"
	p := h.get(admin, at+"?body=forum")
	const own = "b.bodies.0.rules.recordWords."
	if got := p.says("#f-bodies-0-rules-recordWords-rule > summary"); got != "Egna ord i det som skrivs: Inga egna ord är skrivna. Rubrikerna är alltså de som programmet har." {
		t.Errorf("the rule is read as %q", got)
	}
	if p.Find("textarea[name='"+own+"preamble.sv']").Length() != 1 || p.Find("input[name='"+own+"headings.opening.sv']").Length() != 1 {
		t.Fatalf("%d: %s", p.Status, p.says("#f-bodies-0-rules-recordWords-rule"))
	}
	vs := p.typed()
	vs.Set("reason", "Så skriver vi")
	vs.Set(own+"preamble.sv", strings.Repeat("å", 4001))
	vs.Set(own+"headings.opening.sv", "Mötets öppnande")
	vs.Set(own+"attendanceFirst", "true")
	vs.Set(own+"ending.sv", "Frågor? Skriv till <kansliet>.")
	p = h.post(admin, at, pressed(vs, "do", "save"))
	if got := p.says("#f-bodies-0-rules-recordWords-preamble-sv-why"); p.Status != http.StatusUnprocessableEntity || !strings.Contains(got, "Texten har 4001 tecken. Högst 4000 får plats.") {
		t.Fatalf("%d %q: %s", p.Status, got, p.says(".fault"))
	}
	if _, open := p.Find("#f-bodies-0-rules-recordWords-rule").Attr("open"); !open {
		t.Error("the rule that is wrong is folded")
	}
	vs = p.typed()
	vs.Set(own+"preamble.sv", "Forum möts efter **överenskommelsen**.\r\n\r\nAlla parter är med.")
	p = h.post(admin, at, pressed(vs, "do", "preview"))
	for _, want := range []string{"Egna rubriker: ”Mötets öppnande”.", "Inledning: Forum möts efter **överenskommelsen**.", "Alla parter är med.", "Avslutning: Frågor? Skriv till <kansliet>."} {
		if !strings.Contains(p.says("#preview"), want) {
			t.Errorf("the preview lacks %q: %d %s %s", want, p.Status, p.says(".fault"), p.says("#preview"))
		}
	}
	if p = h.post(admin, at, pressed(p.typed(), "do", "save")); p.Status != http.StatusSeeOther {
		t.Fatalf("%d: %s", p.Status, p.says(".fault"))
	}
	forum, _ := h.model().Body("forum")
	if w := forum.Rules.RecordWords; !w.AttendanceFirst || w.Headings.Opening["sv"] != "Mötets öppnande" || w.Preamble["sv"] != "Forum möts efter **överenskommelsen**.\n\nAlla parter är med." {
		t.Errorf("%+v", w)
	}
	if got := h.get(strategist, bodies+"?body=forum").says("#rules"); !strings.Contains(got, "Protokollet inleds och avslutas med egna ord.") || !strings.Contains(got, "Inledning: Forum möts") {
		t.Errorf("the body's page says %q", got)
	}
	// Own words are no rule that a source has been silent about.
	if got := h.get(strategist, bodies).says("#holds tbody"); !strings.Contains(got, "av 17 kända") {
		t.Errorf("the list says %q", got)
	}

	h.done(h.press(strategist, h.get(strategist, h.minutes()), `form[action$="/minutes/draft"]`, nil), "minutes_drafted")
	p = h.get(strategist, h.minutes())
	main, _ := p.Find("main").Html()
	said := p.says("main")
	there, begins, opening, ending := strings.Index(said, "Närvarande"), strings.Index(said, "Forum möts efter överenskommelsen."), strings.Index(said, "Mötets öppnande"), strings.LastIndex(said, "Frågor? Skriv till")
	if there < 0 || begins < there || opening < begins || ending < opening || strings.Contains(said, "Mötet öppnas") {
		t.Errorf("%d %d %d %d: %s", there, begins, opening, ending, said)
	}
	if !strings.Contains(main, "<strong>överenskommelsen</strong>") || strings.Contains(main, "<kansliet>") {
		t.Errorf("the words are not shown as Markdown: %s", main)
	}
}
