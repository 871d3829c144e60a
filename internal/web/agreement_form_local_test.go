package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestALocalAgreementThatStandsUnderNone(t *testing.T) {
	h := buildEmpty(t)
	h.agreed("kronoberg")
	const list = "/lan/kronoberg/agreements"
	contains(t, "none", h.get(strategist, list).reads("#alone"), "Lägg till en lokal överenskommelse", "Lokal överenskommelse för Alvesta")
	typed := url.Values{"title": {"LÖK om språk"}, "parties": {h.organisation("vaxjo").String(), h.organisation("af").String()},
		"initiatedBy": {h.organisation("af").String()}, "from": {"2024"}}
	if p := h.fillIn(strategist, "/lan/kronoberg/local-agreements/new", url.Values{"title": {"LÖK"}}); p.Status != http.StatusUnprocessableEntity || p.reads("#f-parties-why") == "" {
		t.Errorf("without parties: %d %s", p.Status, p.says(".fault"))
	}
	to := h.fillIn(strategist, "/lan/kronoberg/local-agreements/new", typed).done(t, "new")
	if !strings.HasPrefix(to, "/lan/kronoberg/local-agreements/") {
		t.Fatal(to)
	}
	p := h.get(strategist, to)
	contains(t, "page", p.reads("main"), "Startades av Arbetsförmedlingen", "Hör under ingen regional", "Växjö kommun")
	contains(t, "list", h.get(strategist, list).reads("#alone"), "LÖK om språk", "Arbetsförmedlingen, Växjö kommun · ")
	if got := h.get("", list); strings.Contains(got.Body, "LÖK om språk") {
		t.Error("the public sees it")
	}
	at, _, _ := strings.Cut(to, "?")
	contains(t, "found", h.get(strategist, "/lan/kronoberg/search?q=språk").reads("#local-agreement"), "LÖK om språk")
	if got, _ := h.get(strategist, "/lan/kronoberg/search?q=språk").Find("#local-agreement a").Attr("href"); got != at {
		t.Errorf("the search leads to %q", got)
	}

	// It comes to stand under the regional one, and is then listed there alone.
	sok := h.keyed("kronoberg", "sok-2019")
	moved := h.fillIn(strategist, at+"/edit", url.Values{"instrument": {idOf(sok)}}).done(t, "edit")
	if !strings.HasPrefix(moved, sok+"/local-agreements/") {
		t.Error(moved)
	}
	contains(t, "moved", h.get(strategist, sok).reads("#local"), "LÖK om språk")
	if got := h.get(strategist, list).reads("#alone"); strings.Contains(got, "språk") {
		t.Errorf("still alone: %q", got)
	}
	contains(t, "at its old address", h.get(strategist, at).reads("main"), "SÖK", "LÖK om språk")
	contains(t, "under", h.fillIn(strategist, sok+"/local-agreements/new", url.Values{"title": {"LÖK 2"}, "parties": {h.organisation("vaxjo").String()}}).done(t, "under"), "#local")

	if got := h.get(auditor, "/lan/kronoberg/local-agreements/new").Status; got != http.StatusForbidden {
		t.Errorf("an auditor: %d", got)
	}
}

func TestALeadershipEndsOnThePage(t *testing.T) {
	h := buildEmpty(t)
	h.agreed("kronoberg")
	at := h.keyed("kronoberg", "sok-2019")
	h.fillIn(strategist, at+"/leads/new", url.Values{"organisation": {h.organisation("af").String()}, "from": {"2020-01-01"}}).done(t, "lead")
	end := at + "/leads/" + h.organisation("af").String() + "/end"
	p := h.get(strategist, at)
	if p.Find(`a[href="`+end+`"]`).Length() != 1 || !strings.Contains(p.reads(".head .facts"), "Arbetsförmedlingen") {
		t.Errorf("no way to end it: %s", p.reads(".head"))
	}
	before := h.get(strategist, end)
	if p := h.fillIn(strategist, end, url.Values{"from": {"2019-01-01"}}); p.Status != http.StatusUnprocessableEntity && p.Status != http.StatusConflict || p.reads("#f-from-why") == "" {
		t.Errorf("ended before it began: %d %s", p.Status, p.says(".fault"))
	}
	contains(t, "done", h.get(strategist, h.fillIn(strategist, end, url.Values{"from": {"2024-01-01"}}).done(t, "end")).says("[role=status]"), "leder inte längre")
	p = h.get(strategist, at)
	if strings.Contains(p.reads(".head"), "Arbetsförmedlingen") {
		t.Errorf("leads still: %s", p.reads(".head .facts"))
	}
	contains(t, "before", h.get(strategist, at+"?on=2023-12-31").reads(".head .facts"), "Arbetsförmedlingen")
	if p := h.post(strategist, end, url.Values{"key": {key()}, "version": {before.value("input[name=version]")}, "from": {"2025-01-01"}}); p.Status != http.StatusNotFound && p.Status != http.StatusPreconditionFailed {
		t.Errorf("ended twice: %d", p.Status)
	}
	if got := h.get(strategist, end).Status; got != http.StatusNotFound {
		t.Errorf("whoever does not lead is ended: %d", got)
	}
}
