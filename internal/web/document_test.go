package web_test

import (
	"bytes"
	"context"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/document"
	"github.com/overens/overens/internal/pg"
)

const papers = "/lan/kronoberg/documents"

// file gives the house a document of two versions.
func (h *house) file() {
	h.t.Helper()
	actor := auth.System("kronoberg", "test", "")
	b, err := document.Accept(h.t.Context(), h.store, actor, "Överenskommelse 2022.txt", strings.NewReader(strings.Repeat("Vi är överens. ", 1000)), 0)
	if err != nil {
		h.t.Fatal(err)
	}
	h.write("kronoberg", func(ctx context.Context, tx *pg.Tx) (err error) {
		h.Pact, err = document.Add(ctx, tx, document.Card{Title: "Överenskommelse om integration", Kind: "agreement", Published: true, Source: "Länsstyrelsen",
			About: []document.About{{About: "organisation", ID: h.Alvesta.ID}}}, b)
		if err == nil {
			h.Pact, err = document.AddLinkVersion(ctx, tx, h.Pact.ID, h.Pact.Version, document.Link{URL: "https://www.lansstyrelsen.example/overenskommelse.pdf"})
		}
		if err == nil {
			h.Pact, err = document.Correct(ctx, tx, h.Pact.ID, 1, h.Pact.Version, document.Erratum{Note: "På sidan 4 ska det stå 2025."})
		}
		return err
	})
}

// send sends a form in parts, as a browser does when a file is among them.
func (h *house) send(as, path string, typed url.Values, name, content string) page {
	h.t.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	for field, values := range typed {
		for _, v := range values {
			_ = form.WriteField(field, v)
		}
	}
	out, err := form.CreateFormFile("file", name)
	if err != nil {
		h.t.Fatal(err)
	}
	_, _ = io.WriteString(out, content)
	_ = form.Close()
	return h.bring(http.MethodPost, as, path, form.FormDataContentType(), b.String())
}

func key() string { return uuid.NewString() }

func (h *house) titles(as, path string) string {
	h.t.Helper()
	return h.get(as, path).says("tbody th")
}

func TestAFileIsFiledFromThePageAndFetched(t *testing.T) {
	h := build(t)
	p := h.get(strategist, papers+"/new?organisations="+h.Alvesta.ID.String())
	if enc, _ := p.Find("main form").Attr("enctype"); enc != "multipart/form-data" {
		t.Fatalf("the form is sent as %q", enc)
	}
	if got, _ := p.Find("#f-organisations option[selected]").Attr("value"); got != h.Alvesta.ID.String() {
		t.Errorf("the organisation that one came from is not chosen: %q", got)
	}
	if got, _ := p.Find("#f-file").Attr("accept"); !strings.Contains(got, ".pdf") {
		t.Errorf("offers %q", got)
	}
	typed := url.Values{"title": {"Beslut om parter"}, "kind": {"decision"}, "language": {"sv"}, "organisations": {h.Alvesta.ID.String(), ""}, "key": {key()}, "version": {"0"}}
	done := h.send(strategist, papers+"/new", typed, "Beslut å.txt", "Vi beslutar.")
	if done.Status != http.StatusSeeOther {
		t.Fatalf("%d %s", done.Status, done.says("main"))
	}
	if again := h.send(strategist, papers+"/new", typed, "Beslut å.txt", "Vi beslutar."); again.Header.Get("Location") != done.Header.Get("Location") {
		t.Errorf("sent twice: %d %s", again.Status, again.Header.Get("Location"))
	}
	to := done.Header.Get("Location")
	p = h.get(strategist, to)
	if p.says("[role=status]") != "Handlingen är tillagd" || p.says("h1") != "Beslut om parter" || !strings.Contains(p.says("#facts"), "Alvesta kommun") || !strings.Contains(p.says("#facts"), "svenska") {
		t.Errorf("%s", p.says("main"))
	}
	at, _ := p.Find(".head a.btn").Attr("href")
	if got := p.says(".head a.btn"); got != "Hämta (TXT, 12 B)" {
		t.Errorf("%q", got)
	}
	f := h.get(strategist, at)
	if f.Status != http.StatusOK || f.Body != "Vi beslutar." || f.Header.Get("Cache-Control") != "private, no-cache" || !strings.Contains(f.Header.Get("Content-Security-Policy"), "sandbox") ||
		f.Header.Get("Content-Disposition") != `attachment; filename="Beslut a.txt"; filename*=UTF-8''Beslut%20%C3%A5.txt` {
		t.Errorf("%d %q %v", f.Status, f.Body, f.Header)
	}
	if part := h.get(strategist, at, "Range", "bytes=0-1"); part.Status != http.StatusPartialContent || part.Body != "Vi" {
		t.Errorf("%d %q", part.Status, part.Body)
	}
	if beyond := h.get(strategist, at, "Range", "bytes=99-"); beyond.Status != http.StatusRequestedRangeNotSatisfiable || beyond.says("h1") != "Filen är inte så lång" {
		t.Errorf("%d %q", beyond.Status, beyond.says("h1"))
	}
	if got := h.titles(strategist, papers+"?kind=decision"); got != "Beslut om parter" {
		t.Errorf("%q", got)
	}
	if got := h.get(strategist, "/lan/kronoberg/organisations/"+h.Alvesta.ID.String()).says("#documents tbody th"); !strings.Contains(got, "Beslut om parter") {
		t.Errorf("on the organisation's page: %q", got)
	}
}

func TestNothingTypedIsLostWhenAFileIsRefused(t *testing.T) {
	h := build(t)
	typed := url.Values{"title": {"Rapport 2025"}, "kind": {"report"}, "source": {"dnr 1"}, "published": {"true"}, "key": {key()}, "version": {"0"}}
	for name, c := range map[string]struct {
		content string
		status  int
		says    string
	}{
		"a.exe": {"MZ", http.StatusUnprocessableEntity, "är av ett slag som inte tas emot"},
		"a.pdf": {"text", http.StatusUnprocessableEntity, "är inte det som namnet säger"},
		"a.txt": {"", http.StatusUnprocessableEntity, "är tom"},
		"b.txt": {strings.Repeat("a", 64<<10+1), http.StatusRequestEntityTooLarge, "är för stor. Högst 64 kB tas emot."},
		"c.txt": {strings.Repeat("a", 4<<20), http.StatusRequestEntityTooLarge, "är för stor. Högst 64 kB tas emot."},
	} {
		p := h.send(strategist, papers+"/new", typed, name, c.content)
		if p.Status != c.status || !strings.Contains(p.says("[role=alert]"), c.says) || !strings.HasPrefix(p.says("title"), "Fel: ") {
			t.Errorf("%s: %d %q %q", name, p.Status, p.says("title"), p.says("[role=alert]"))
		}
		if name != "c.txt" && (p.value("#f-title") != "Rapport 2025" || p.value("#f-source") != "dnr 1") {
			t.Errorf("%s: what was typed is lost: %q %q", name, p.value("#f-title"), p.value("#f-source"))
		}
		if to, _ := p.Find("[role=alert] a").Attr("href"); to != "#f-file" {
			t.Errorf("%s: leads to %q", name, to)
		}
	}
	wrong := h.send(strategist, papers+"/new", url.Values{"key": {key()}, "version": {"0"}, "url": {"https://a.example"}}, "a.exe", "MZ")
	for _, want := range []string{"Titel", "Slag", "Fil"} {
		if !strings.Contains(wrong.says("[role=alert]"), want) {
			t.Errorf("not told: %s in %q", want, wrong.says("[role=alert]"))
		}
	}
	if got := h.post(strategist, papers+"/new", typed).Status; got != http.StatusUnsupportedMediaType {
		t.Errorf("a form without parts: %d", got)
	}
	if got := h.bring(http.MethodPost, strategist, papers+"/new", "multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\ncut").Status; got != http.StatusBadRequest {
		t.Errorf("a form that was cut off: %d", got)
	}
	if got := h.titles(strategist, papers); got != h.Pact.Title {
		t.Errorf("something was filed: %q", got)
	}
}

func TestADocumentGrowsIsCorrectedAndWithdrawn(t *testing.T) {
	h := build(t)
	at := papers + "/" + h.Pact.ID.String()
	p := h.get(strategist, at)
	if got := p.says("#versions dt"); got != "Version 2Version 1" {
		t.Errorf("%q", got)
	}
	if !strings.Contains(p.says("#version-1"), "På sidan 4 ska det stå 2025.") || !strings.Contains(p.says("#version-1"), "TXT, 17 kB") {
		t.Errorf("%q", p.says("#version-1"))
	}
	version := h.get(strategist, at+"/versions/new").value("[name=version]")
	if got := h.send(strategist, at+"/versions/new", url.Values{"key": {key()}, "version": {version}}, "ny.txt", "ny").Header.Get("Location"); got != at+"?done=version_added" {
		t.Fatalf("%q", got)
	}
	if late := h.send(strategist, at+"/versions/new", url.Values{"key": {key()}, "version": {version}}, "sen.txt", "sen"); late.Status != http.StatusPreconditionFailed {
		t.Errorf("who came second: %d", late.Status)
	}
	if p = h.get(strategist, at); p.says("#versions dt") != "Version 3Version 2Version 1" {
		t.Errorf("%q", p.says("#versions dt"))
	}
	act := func(path string, typed url.Values, want int) page {
		t.Helper()
		typed.Set("key", key())
		typed.Set("version", h.get(strategist, at+path).value("[name=version]"))
		p := h.post(strategist, at+path, typed)
		if p.Status != want {
			t.Fatalf("%s: %d %s", path, p.Status, p.says("main"))
		}
		return p
	}
	act("/versions/2/dead-link", url.Values{"on": {"2026-11-24"}}, http.StatusSeeOther)
	act("/versions/3/erratum", url.Values{"note": {"Fel år."}}, http.StatusSeeOther)
	act("/edit", url.Values{"title": {"Nytt namn"}, "kind": {"agreement"}, "organisations": {h.Church.ID.String()}}, http.StatusSeeOther)
	p = h.get(strategist, at)
	if !strings.Contains(p.says("#version-2"), "leder ingenstans sedan 24 november 2026") || !strings.Contains(p.says("#version-3"), "Fel år.") ||
		p.says("h1") != "Nytt namn" || !strings.Contains(p.says("#facts"), h.Church.Name) || strings.Contains(p.says("#facts"), "Alvesta") {
		t.Errorf("%s", p.says("main"))
	}
	for path, want := range map[string]int{"/versions/1/dead-link": http.StatusConflict, "/versions/9/erratum": http.StatusNotFound, "/versions/x/erratum": http.StatusNotFound,
		"/versions/01/content": http.StatusNotFound, "/versions/9/content": http.StatusNotFound, "/versions/2/content": http.StatusConflict} {
		if got := h.get(strategist, at+path).Status; got != want {
			t.Errorf("%s: %d, want %d", path, got, want)
		}
	}
	act("/withdraw", url.Values{"reason": {""}}, http.StatusUnprocessableEntity)
	act("/withdraw", url.Values{"reason": {"Ersatt av en annan."}}, http.StatusSeeOther)
	p = h.get(strategist, at)
	if !strings.Contains(p.says(".warn"), "Ersatt av en annan.") || p.Find(`a[href$="/edit"]`).Length() != 0 {
		t.Errorf("%s", p.says("main"))
	}
	if got := h.get(strategist, at+"/edit").Status; got != http.StatusConflict {
		t.Errorf("changing what is withdrawn: %d", got)
	}
	if got := h.get(strategist, at+"/versions/1/content").Status; got != http.StatusOK {
		t.Errorf("whoever may change it reads it: %d", got)
	}
	if got := h.get(auditor, at+"/versions/1/content"); got.Status != http.StatusForbidden || h.get(auditor, at).Find("#versions a").Length() != 0 {
		t.Errorf("%d", got.Status)
	}
}

func TestWhoMayNotChangeDocumentsIsOfferedNothing(t *testing.T) {
	h := build(t)
	at := papers + "/" + h.Pact.ID.String()
	for _, path := range []string{papers, at, "/lan/kronoberg/organisations/" + h.Alvesta.ID.String()} {
		if n := h.get(auditor, path).Find(`a[href*="/documents/new"], a[href$="/withdraw"], a[href$="/erratum"], a[href$="/versions/new"]`).Length(); n != 0 {
			t.Errorf("%s offers %d acts", path, n)
		}
	}
	for _, path := range []string{papers + "/new", at + "/versions/new", at + "/withdraw", at + "/edit"} {
		if got := h.get(auditor, path).Status; got != http.StatusForbidden {
			t.Errorf("%s: %d", path, got)
		}
	}
	before := stored(h)
	if got := h.send(auditor, papers+"/new", url.Values{"title": {"x"}, "kind": {"other"}, "key": {key()}}, "a.txt", "text").Status; got != http.StatusForbidden {
		t.Errorf("%d", got)
	}
	if got := stored(h); got != before {
		t.Errorf("what may not be filed was stored: %d files, before %d", got, before)
	}
}

func stored(h *house) (n int) {
	for _, err := range h.store.List(h.t.Context(), "kronoberg") {
		if err != nil {
			h.t.Fatal(err)
		}
		n++
	}
	return n
}

func TestThePublicReadsPublishedDocumentsAndNoOthers(t *testing.T) {
	h := build(t)
	h.write("kronoberg", func(ctx context.Context, tx *pg.Tx) error {
		_, err := document.AddLink(ctx, tx, document.Card{Title: "Hemlig PM", Kind: "other"}, document.Link{URL: "https://a.example/pm.pdf"})
		return err
	})
	start := h.get("", "/lan/kronoberg")
	if got := start.says("#documents tbody th"); got != h.Pact.Title {
		t.Errorf("on the start page: %q", got)
	}
	const open = "/lan/kronoberg/published-documents"
	if got := h.titles("", open); got != h.Pact.Title {
		t.Errorf("%q", got)
	}
	at := open + "/" + h.Pact.ID.String()
	p := h.get("", at)
	if p.says("h1") != h.Pact.Title || p.Find("#history").Length() != 0 || p.Find(`a[href*="/edit"]`).Length() != 0 || strings.Contains(p.says("main"), "Alvesta") {
		t.Errorf("%s", p.says("main"))
	}
	if f := h.get("", at+"/versions/1/content"); f.Status != http.StatusOK || !strings.HasPrefix(f.Body, "Vi är överens.") || f.Header.Get("Cache-Control") != "public, no-cache" {
		t.Errorf("%d %v", f.Status, f.Header)
	}
	for _, path := range []string{papers, papers + "/" + h.Pact.ID.String(), papers + "/" + h.Pact.ID.String() + "/versions/1/content"} {
		if got := h.get("", path).Status; got != http.StatusUnauthorized {
			t.Errorf("%s: %d", path, got)
		}
	}
	h.write("kronoberg", func(ctx context.Context, tx *pg.Tx) error {
		_, err := document.Withdraw(ctx, tx, h.Pact.ID, h.Pact.Version, document.Withdrawal{Reason: "Av ett skäl"})
		return err
	})
	if f := h.get("", at+"/versions/1/content"); f.Status != http.StatusNotFound {
		t.Errorf("%d", f.Status)
	}
	if p = h.get("", at); p.Status != http.StatusOK || !strings.Contains(p.says(".warn"), "Tillbakadragen 25 november 2026") || strings.Contains(p.Body, "Av ett skäl") {
		t.Errorf("%d %s", p.Status, p.says("main"))
	}
}

func TestAnotherCountysDocumentsAreNotThereByAnyPage(t *testing.T) {
	h := build(t)
	h.provide("ostergotland")
	for _, r := range h.door.Routes() {
		if !strings.Contains(r.Pattern, "documents/{id}") {
			continue
		}
		for _, id := range []string{h.Pact.ID.String(), uuid.NewString()} {
			path := strings.NewReplacer("{county}", "ostergotland", "{id}", id, "{number}", "1").Replace(r.Pattern)
			p := h.ask(r.Method, neighbour, path, url.Values{"key": {key()}, "version": {"1"}, "title": {"x"}, "kind": {"other"}, "reason": {"x"}, "note": {"x"}})
			if p.Status != http.StatusNotFound {
				t.Errorf("%s %s: %d", r.Method, path, p.Status)
			}
			if !strings.Contains(r.Pattern, "/published-") {
				path = strings.Replace(path, "ostergotland", "kronoberg", 1)
				if got := h.ask(r.Method, neighbour, path, url.Values{"key": {key()}}).Status; got != http.StatusNotFound {
					t.Errorf("%s %s: %d", r.Method, path, got)
				}
			}
		}
	}
	elsewhere := h.send(neighbour, "/lan/ostergotland/documents/new", url.Values{"title": {"x"}, "kind": {"other"}, "organisations": {h.Alvesta.ID.String()}, "key": {key()}}, "a.txt", "text")
	if elsewhere.Status != http.StatusUnprocessableEntity || !strings.Contains(elsewhere.says("[role=alert]"), "Valet finns inte") {
		t.Errorf("a paper was hung on another county's organisation: %d %s", elsewhere.Status, elsewhere.says("main"))
	}
}

func TestARestrictedPaperIsMarkedForThoseWhoMaySeeIt(t *testing.T) {
	h := build(t)
	var d document.Document
	h.write("kronoberg", func(ctx context.Context, tx *pg.Tx) (err error) {
		if d, err = document.AddLink(ctx, tx, document.Card{Title: "Underlag om boende", Kind: "other"}, document.Link{URL: "https://www.exempel.se/underlag"}); err != nil {
			return err
		}
		return document.Restrict(ctx, tx, d.ID)
	})
	row := h.get(strategist, papers).Find(`tbody tr:has(a[href$="` + d.ID.String() + `"])`)
	if got := row.Find(".st.closed").Text(); got != "begränsad" {
		t.Errorf("the list says %q: %s", got, row.Text())
	}
	if p := h.get(strategist, papers+"/"+d.ID.String()); p.Find(`.st.closed`).First().Text() != "begränsad" {
		t.Errorf("its page: %s", p.says(".head"))
	}
	if got := h.titles("kronoberg,auditor", papers); strings.Contains(got, "Underlag om boende") {
		t.Errorf("another's list: %s", got)
	}
}
