package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"github.com/overens/overens/internal/tenant"
)

// promote is where a mandate's page leads to give a deputy the place.
func (p page) promote() *goquery.Selection {
	return p.Find("a").FilterFunction(func(_ int, a *goquery.Selection) bool { return strings.TrimSpace(a.Text()) == "Gör till ordinarie" })
}

func TestADeputyIsMadeOrdinaryFromHisMandatesPage(t *testing.T) {
	h := seated(t)
	deputy := h.sit("kronoberg", "forum", "municipality/tingsryd", "tingsryd", "Ersättare i Tingsryd", true)
	at := "/lan/kronoberg/mandates/" + deputy.ID.String()
	form, ok := h.get(strategist, at).promote().Attr("href")
	if !ok {
		t.Fatalf("the deputy's page leads nowhere: %s", h.get(strategist, at).says("main"))
	}
	if p := h.get("kronoberg,auditor", at); p.Status != http.StatusOK || p.promote().Length() != 0 {
		t.Error("who may not appoint is led to the form")
	}
	p := h.get(strategist, form)
	if p.Status != http.StatusOK || p.typed().Get("person") != deputy.Person.String() || p.typed().Get("place") != deputy.Place {
		t.Fatalf("the form has not his name and place: %d %s", p.Status, p.says("main"))
	}
	if p.Find("#f-deputy[checked]").Length() != 0 {
		t.Error("he is to be a deputy once more")
	}
	h.fillIn(strategist, form, url.Values{"from": {today}}).done(t, "the place")
	contains(t, "his seat", h.get(strategist, "/lan/kronoberg/people/"+deputy.Person.String()).says("#sits tbody"), "Tingsryds kommun", "ordinarie")
	if h.get(strategist, at).promote().Length() != 0 {
		t.Error("who is deputy no longer is made ordinary once more")
	}
	ordinary := h.sit("kronoberg", "forum", "municipality/uppvidinge", "uppvidinge", "Kommunchef i Uppvidinge", false)
	if h.get(strategist, "/lan/kronoberg/mandates/"+ordinary.ID.String()).promote().Length() != 0 {
		t.Error("who is ordinary is made so")
	}
}

func TestTheStartPageSaysWhetherADeputyIsCalledOnANo(t *testing.T) {
	h := assemble(t)
	h.fillIn(strategist, h.planned("2027-01-20", "Struktur")+"/call", nil).done(t, "call")
	const called, alone = "Har platsen en ersättare till kallas den om du svarar nej.", "Då vet de andra vilka som kommer."
	if got := h.byKim("/lan/kronoberg").reads("#waits"); !strings.Contains(got, called) || strings.Contains(got, alone) {
		t.Errorf("with deputies: %s", got)
	}
	h.ruled(func(b *tenant.Body) { b.Rules.Deputies.Form = tenant.DeputiesNone })
	if got := h.byKim("/lan/kronoberg").reads("#waits"); !strings.Contains(got, alone) || strings.Contains(got, called) {
		t.Errorf("without deputies: %s", got)
	}
}

func TestTheStartPageTellsAPartyOfTheDeputyThatItsRuleDemands(t *testing.T) {
	h := assemble(t)
	const wanted = "Utse en ersättare i Forum"
	party := h.partyOf("almhult")
	if got := h.get(party, "/lan/kronoberg").reads("#waits"); strings.Contains(got, wanted) {
		t.Errorf("no rule demands one: %s", got)
	}
	h.ruled(func(b *tenant.Body) { b.Rules.Deputies.Required = true })
	contains(t, "the party without one", h.get(party, "/lan/kronoberg").reads("#waits"), wanted, "Platsen Älmhults kommun har ingen ersättare, och regeln kräver en.")
	if got := h.get(h.partyOf("alvesta"), "/lan/kronoberg").reads("#waits"); strings.Contains(got, wanted) {
		t.Errorf("the party that has one: %s", got)
	}
}
