package web_test

import "testing"

func TestABodyTellsOfItsMeetingsAndDecisions(t *testing.T) {
	h := seated(t)
	contains(t, "before any is known", h.get(strategist, forum).says("#meetings .nothing"), "Inga möten är inlagda")
	contains(t, "before any is decided", h.get(strategist, forum).says("#decisions .nothing"), "Här finns inga beslut")
	h.met()
	p := h.get(strategist, forum)
	contains(t, "to come and last", p.says("#meetings"), "Kommande", "10 december 2026", "Har varit", "16 april 2026", "30 mars 2023")
	if n := p.Find(`#meetings tbody a[href*="/meetings/"]`).Length(); n != 7 {
		t.Errorf("%d meetings are led to", n)
	}
	// Of another day only what had been held is told.
	p = h.get(strategist, forum+"?on=2024-05-01")
	if n := p.Find("#meetings tbody tr").Length(); n != 3 {
		t.Errorf("another day: %s", p.says("#meetings"))
	}
	// A body that decides nothing has no decisions to look for.
	if p = h.get(strategist, councils+"/networks"); p.Find("#decisions").Length() != 0 || p.Find("#meetings .nothing").Length() != 1 {
		t.Errorf("a network: %s", p.says("main"))
	}
}

func TestABodysDecisionsAreThoseThatTheReaderMaySee(t *testing.T) {
	h := assemble(t)
	at := h.decided("Bostäder åt alla")
	p := h.get(strategist, forum)
	if p.Find(`#decisions tbody a[href="`+at+`"]`).Length() != 1 {
		t.Errorf("%s", p.says("#decisions"))
	}
	contains(t, "the decision", p.says("#decisions tbody"), "1/2026", "Bostäder åt alla", today)
	if p = h.get(strategist, forum+"?on=2026-11-24"); p.Find("#decisions tbody tr").Length() != 0 {
		t.Errorf("the day before: %s", p.says("#decisions"))
	}
	// Who was not at the table of a meeting that is not published sees no trace of it.
	if p = h.get(h.partyOf("vaxjo"), forum); p.Find("#decisions tbody tr").Length() != 0 {
		t.Errorf("another party: %s", p.says("#decisions"))
	}
}

func TestWhatABodyAnswersForIsCalledByItsName(t *testing.T) {
	h := seated(t)
	contains(t, "today", h.get(strategist, councils+"/steering-groups").says("#about"), "Svarar för", "Arbetsmarknad", "Hälsa")
	contains(t, "the settings", h.get(strategist, "/lan/kronoberg/settings/bodies?body=steering-groups").says("main"), "Hälsa")
}
