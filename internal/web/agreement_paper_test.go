package web_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/overens/overens/internal/document"
	"github.com/overens/overens/internal/pg"
)

// linked gives Kronoberg a document that lies elsewhere.
func (h *house) linked(title string, public bool) document.Document {
	h.t.Helper()
	var made document.Document
	h.write("kronoberg", func(ctx context.Context, tx *pg.Tx) (err error) {
		made, err = document.AddLink(ctx, tx, document.Card{Title: title, Kind: "decision", Published: public}, document.Link{URL: "https://example.org/beslut"})
		return err
	})
	return made
}

func TestAPaperIsHungOnAnAgreementAndTakenOff(t *testing.T) {
	h := buildEmpty(t)
	h.agreed("kronoberg")
	at := h.keyed("kronoberg", "sok-2019")
	secret, open := h.linked("Beslut om avgifter", false), h.linked("Beslut om parter", true)
	contains(t, "none", h.get(strategist, at).reads("#documents"), "Inga handlingar hör hit", "Knyt hit en handling")

	typed := url.Values{"document": {secret.ID.String()}, "key": {key()}, "version": {"0"}}
	to := h.post(strategist, at+"/documents/choose", typed).done(t, "hang")
	if again := h.post(strategist, at+"/documents/choose", typed).done(t, "sent twice"); again != to || !strings.HasPrefix(to, at) || !strings.HasSuffix(to, "#documents") {
		t.Errorf("leads to %s and %s", to, again)
	}
	h.fillIn(strategist, at+"/documents/choose", url.Values{"document": {open.ID.String()}}).done(t, "hang another")
	p := h.get(strategist, to)
	contains(t, "done", p.says("[role=status]"), "hör nu till överenskommelsen")
	contains(t, "papers", p.reads("#documents tbody"), "Beslut om avgifter", "Beslut om parter")
	if n := h.get(strategist, at+"/documents/choose").Find("#f-document option[value='" + secret.ID.String() + "']").Length(); n != 0 {
		t.Error("what hangs already is offered")
	}
	contains(t, "on its own page", h.get(strategist, papers+"/"+secret.ID.String()).reads("#facts"), "Strategisk överenskommelse")

	// Everyone sees what is published on an agreement that is, and nothing of the rest.
	public := h.get("", at)
	if got := public.reads("#documents tbody"); !strings.Contains(got, "Beslut om parter") || strings.Contains(public.Body, "avgifter") {
		t.Errorf("the public sees %q", got)
	}

	form := "#documents form[action$='/documents/" + secret.ID.String() + "/removal']"
	off := url.Values{"key": {p.value(form + " input[name=key]")}, "version": {p.value(form + " input[name=version]")}}
	to = h.post(strategist, at+"/documents/"+secret.ID.String()+"/removal", off).done(t, "take off")
	if again := h.post(strategist, at+"/documents/"+secret.ID.String()+"/removal", off).done(t, "pressed twice"); again != to {
		t.Error(again)
	}
	p = h.get(strategist, to)
	if got := p.reads("#documents tbody"); strings.Contains(got, "avgifter") || !strings.Contains(got, "parter") {
		t.Errorf("%q", got)
	}
	if got := h.get(strategist, papers+"/"+secret.ID.String()).Status; got != http.StatusOK {
		t.Errorf("the document went with it: %d", got)
	}
	off.Set("key", key())
	if got := h.post(strategist, at+"/documents/"+secret.ID.String()+"/removal", off).Status; got != http.StatusNotFound {
		t.Errorf("what hangs no longer was taken off: %d", got)
	}
	off.Set("version", "1")
	if got := h.post(strategist, at+"/documents/"+open.ID.String()+"/removal", off).Status; got != http.StatusPreconditionFailed {
		t.Errorf("taken off by whoever had read less: %d", got)
	}
	if p := h.fillIn(strategist, at+"/documents/choose", url.Values{"document": {h.organisation("region").String()}}); p.Status != http.StatusUnprocessableEntity || p.reads("#f-document-why") == "" {
		t.Errorf("no document of the county's: %d %s", p.Status, p.says(".fault"))
	}

	if p := h.get(auditor, at); p.Find("#documents form, #documents .btn").Length() != 0 {
		t.Error("an auditor is offered changes")
	}
	for _, last := range []string{"/documents/choose", "/documents/new"} {
		if got := h.get(auditor, at+last).Status; got != http.StatusForbidden {
			t.Errorf("an auditor at %s: %d", last, got)
		}
	}
}

func TestANewPaperIsFiledOnAnAgreement(t *testing.T) {
	h := buildEmpty(t)
	h.agreed("kronoberg")
	at := h.keyed("kronoberg", "sok-2019")
	contains(t, "lead", h.get(strategist, at+"/documents/new").says(".lead"), "Den hör till Strategisk överenskommelse")
	typed := url.Values{"title": {"Bilaga om boende"}, "kind": {"appendix"}, "organisations": {h.organisation("vaxjo").String()}, "key": {key()}, "version": {"0"}}
	if p := h.send(strategist, at+"/documents/new", url.Values{"kind": {"appendix"}, "key": {key()}}, "bilaga.exe", "MZ"); p.Status != http.StatusUnprocessableEntity || p.reads("#f-title-why") == "" {
		t.Errorf("without a title: %d", p.Status)
	}
	to := h.send(strategist, at+"/documents/new", typed, "Bilaga.txt", "Om boende.").done(t, "file")
	if again := h.send(strategist, at+"/documents/new", typed, "Bilaga.txt", "Om boende.").done(t, "sent twice"); again != to {
		t.Error(again)
	}
	p := h.get(strategist, to)
	contains(t, "done", p.says("[role=status]"), "Handlingen är tillagd")
	if n := p.Find("#documents tbody tr").Length(); n != 1 {
		t.Errorf("%d papers", n)
	}
	contains(t, "paper", p.reads("#documents tbody"), "Bilaga om boende", "TXT, 10 B")
}
