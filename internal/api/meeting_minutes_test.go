package api_test

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/uuid"
	pdfcpu "github.com/pdfcpu/pdfcpu/pkg/api"

	"github.com/overens/overens/internal/api"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/browsertest"
	"github.com/overens/overens/internal/files"
	"github.com/overens/overens/internal/print"
	"github.com/overens/overens/internal/session"
)

// minuted is a meeting that has been held and whose minutes are drafted; somebody
// has a card and writes them, and kim was there.
func (w *world) minuted() (meeting, item, kim string) {
	w.t.Helper()
	w.agreed()
	kim = last(w.made(county+"/people", `{"name":"Kim Lind"}`, "kim"))
	w.made(county+"/mandates", `{"body":"forum","place":"municipality/alvesta-kommun","person":"`+kim+`","from":"2026-01-01"}`, "seat")
	w.who.Person = uuid.MustParse(last(w.made(county+"/people", `{"name":"Skrivare"}`, "writer")))
	meeting = w.made(county+"/meetings", `{"body":"forum","on":"2026-11-25"}`, "meeting")
	item = county + "/agenda-items/" + last(w.made(meeting+"/agenda", `{"kind":"decision","title":"Riktning","proposal":"Riktningen antas."}`, "item"))
	w.did(meeting, meeting+"/call", `{}`).is(200, "")
	w.did(meeting, meeting+"/opening", "").is(200, "")
	w.ask("POST", meeting+"/roll-call", "", key()...).is(204, "")
	w.did(item, item+"/taking-up", "").is(200, "")
	w.did(item, item+"/decision", `{"acclamation":true}`).is(201, "")
	w.did(meeting, meeting+"/closing", "").is(200, "")
	w.did(meeting, meeting+"/minutes/drafting", "").is(200, "")
	return meeting, item, kim
}

// kim lets the person who was at the meeting ask, with no other right than the seat's.
func (w *world) kim(id string) *world {
	c := *w
	c.who = auth.Actor{Tenant: "kronoberg", Kind: auth.KindPerson, Person: uuid.MustParse(id), Request: "test",
		Grants: []auth.Grant{{Role: auth.RolePartyRepresentative, Party: uuid.New()}}}
	return &c
}

func paragraphs(a answer) []map[string]any {
	var ps []map[string]any
	for _, p := range a.body["paragraphs"].([]any) {
		ps = append(ps, p.(map[string]any))
	}
	return ps
}

func TestMinutesAreAdjustedPublishedAndCorrectedByTheAPI(t *testing.T) {
	w := enter(t)
	meeting, item, who := w.minuted()
	minutes := meeting + "/minutes"
	kim := w.kim(who)
	kim.ask("GET", minutes, "").is(403, "minutes.not_yet")
	m := w.ask("GET", minutes, "").is(200, "")
	if m.body["record"] != "minutes" || m.total("paragraphs") != 4 || strings.Contains(m.raw, "⟨") {
		t.Error(m.raw)
	}
	p := paragraphs(m)[2]
	one := county + "/minutes-paragraphs/" + p["id"].(string)
	text := `{"heading":"Riktning","wording":"Forum **antar** riktningen."}`
	w.ask("PUT", one, text, "If-Match", `"99"`).is(412, "common.changed")
	w.ask("PUT", one, text).is(428, "problem.if_match_missing")
	w.ask("PUT", one, `{"heading":""}`, "If-Match", `"1"`).is(422, "shape.min_length").at("/heading")
	w.ask("PUT", one, text, "If-Match", `"1"`).is(200, "")

	tag := w.ask("GET", minutes, "").header.Get("ETag")
	w.ask("PUT", minutes+"/adjusters", `{"adjusters":["`+nobody+`"]}`, "If-Match", tag).is(422, "adjusting.not_there").at("/adjusters")
	w.ask("PUT", minutes+"/adjusters", `{"adjusters":["`+who+`"]}`, "If-Match", tag).is(200, "")
	w.did(minutes, minutes+"/adjusting-request", "").is(200, "")
	w.did(minutes, minutes+"/adjusting", `{"hash":"`+strings.Repeat("0", 64)+`"}`).is(403, "adjusting.not_yours")
	m = kim.ask("GET", minutes, "").is(200, "")
	kim.did(minutes, minutes+"/adjusting", `{"hash":"`+strings.Repeat("0", 64)+`"}`).is(412, "common.changed")
	kim.did(minutes, minutes+"/return", `{"reason":"Ett ord saknas"}`).is(200, "")
	w.did(minutes, minutes+"/adjusting-request", "").is(200, "")
	kim.did(minutes, minutes+"/adjusting", `{"hash":"`+m.body["hash"].(string)+`"}`).is(200, "")
	w.did(minutes, minutes+"/drafting", "").is(409, "meeting.not_now")

	public := county + "/published-meetings/" + last(meeting)
	w.nobody().ask("GET", public, "").is(404, "common.not_found")
	w.did(meeting, minutes+"/publication", "").is(200, "")
	w.did(minutes, minutes+"/amendments", `{"paragraph":"`+p["id"].(string)+`","wording":"Rätt.","ground":"Skrivfel"}`).is(200, "")
	page := w.nobody().ask("GET", public, "").is(200, "")
	if page.total("paragraphs") != 4+1 || page.total("amendments") != 1 || !strings.Contains(page.raw, "Forum **antar**") {
		t.Error(page.raw)
	}
	if l := w.nobody().ask("GET", county+"/published-meetings?body=forum", "").is(200, ""); l.total("meetings") != 1 {
		t.Error(l.raw)
	}
	if l := w.nobody().ask("GET", county+"/published-decisions", "").is(200, ""); l.total("decisions") != 0 { // no rule makes them public
		t.Error(l.raw)
	}
	w.nobody().ask("GET", county+"/published-decisions/"+nobody, "").is(404, "common.not_found")

	ds := w.ask("GET", county+"/decisions", "").is(200, "")
	d := ds.body["decisions"].([]any)[0].(map[string]any)["id"].(string)
	if e := w.ask("GET", county+"/decisions/"+d+"/extract", "").is(200, ""); e.total("adjusters") != 1 || e.total("amendments") != 1 {
		t.Error(e.raw)
	}
	w.did(item, item+"/immediate-adjusting", "").is(409, "meeting.not_now")
	w.ask("POST", one+"/masking", `{"wording":"[maskerat]"}`, "If-Match", `"1"`, "Idempotency-Key", "mask").is(412, "common.changed")

	// Nothing prints here, and that is said.
	w.ask("GET", meeting+"/minutes/pdf", "").is(409, "bundle.nothing_prints")
	w.ask("GET", meeting+"/papers/pdf", "").is(409, "bundle.none")
}

func TestWhoAttestsAConfidentialParagraphIsNotToldByTheAPI(t *testing.T) {
	w := enter(t)
	meeting, _, kim := w.held()
	w.who.Person = uuid.MustParse(last(w.made(county+"/people", `{"name":"Skrivare"}`, "writer")))
	secret := county + "/agenda-items/" + last(w.made(meeting+"/agenda", `{"kind":"information","title":"Hemligt","confidential":true}`, "secret"))
	w.does(meeting+"/roll-call", "").is(204, "")
	w.did(secret, secret+"/conclusion", `{"result":"Klart."}`).is(200, "")
	minutes := meeting + "/minutes"
	tag := w.ask("GET", minutes, "").header.Get("ETag")
	w.ask("PUT", minutes+"/adjusters", `{"chair":"`+kim+`"}`, "If-Match", tag).is(200, "")
	id := w.did(secret, secret+"/immediate-adjusting", "").is(200, "").body["id"].(string)
	if m := w.ask("GET", minutes, "").is(200, ""); m.total("adjusters") != 2 || !strings.Contains(m.raw, id) {
		t.Errorf("who writes them: %s", m.raw)
	}
	if m := w.as("kronoberg", auth.RoleAuditor).ask("GET", minutes, "").is(200, ""); m.total("adjusters") != 1 || m.total("paragraphs") != 0 || strings.Contains(m.raw, id) {
		t.Errorf("the auditor: %s", m.raw)
	}
	if m := w.kim(kim).ask("GET", minutes, "").is(200, ""); m.total("adjusters") != 2 || m.total("paragraphs") != 1 {
		t.Errorf("who attests it: %s", m.raw)
	}
}

func TestWhatIsWrittenByHandIsToldToBeStaleByTheAPI(t *testing.T) {
	w := enter(t)
	meeting, _, who := w.minuted()
	minutes := meeting + "/minutes"
	w.ask("PUT", minutes+"/adjusters", `{"adjusters":["`+who+`"]}`, "If-Match", w.ask("GET", minutes, "").header.Get("ETag")).is(200, "")
	one := paragraphs(w.ask("GET", minutes, ""))[3]
	w.ask("PUT", county+"/minutes-paragraphs/"+one["id"].(string), `{"heading":"Riktning","wording":"Forum **antar** riktningen."}`, "If-Match", fmt.Sprintf(`"%v"`, one["version"])).is(200, "")
	written := w.ask("GET", minutes, "").is(200, "")
	if p := paragraphs(written)[3]; p["stale"] != nil || p["edited"] != true {
		t.Error(p)
	}
	d := w.ask("GET", county+"/decisions", "").is(200, "").body["decisions"].([]any)[0].(map[string]any)["id"].(string)
	at := county + "/decisions/" + d
	w.did(at, at+"/wording", `{"title":"Riktning","wording":"Riktningen antas till 2030."}`).is(200, "")
	p := paragraphs(w.ask("GET", minutes, "").is(200, ""))[3]
	if afresh, _ := p["afresh"].(map[string]any); p["stale"] != true || afresh == nil || !strings.Contains(afresh["wording"].(string), "till 2030") {
		t.Error(p)
	}
	w.did(minutes, minutes+"/adjusting-request", "").is(409, "adjusting.unread")
}

func TestWhatIsSharedIsRegisteredByTheAPI(t *testing.T) {
	w := enter(t)
	meeting, _, _ := w.minuted()
	sharings := meeting + "/sharings"
	w.ask("POST", sharings, `{"kind":"information","recipient":"Regeringen"}`, key()...).is(409, "sharing.draft")
	s := w.made(sharings, `{"kind":"comment","recipient":"Alla parter","note":"Svara snart"}`, "share")
	w.did(s, s+"/reply", `{"reply":"Bra","on":"2020-01-01"}`).is(422, "sharing.replied_on").at("/on")
	if r := w.did(s, s+"/reply", `{"reply":"Bra"}`).is(200, ""); r.body["countsAsSent"] != false || r.body["reply"] != "Bra" {
		t.Error(r.raw)
	}
	if l := w.ask("GET", sharings, "").is(200, ""); l.total("sharings") != 1 {
		t.Error(l.raw)
	}
}

func TestMinutesAndPapersArePrinted(t *testing.T) {
	path := print.Find(os.Getenv("CHROMIUM"))
	if path == "" {
		browsertest.Skip(t, "Chromium or Chrome is not here; sh internal/browsertest/setup.sh says how to get it")
	}
	printer, err := print.New(print.Config{Chromium: path})
	if err != nil {
		t.Fatal(err)
	}
	w, _ := archive(t)
	store, err := files.Open(t.Context(), "file://"+t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	w.door = api.New(api.Config{DB: w.db.DB, PublicURL: site, Version: "1.0.0", Sessions: session.NewKeeper(session.Options{}), Files: store, Printer: printer})

	w.agreed()
	doc, err := print.Leaf{Lang: "sv", Title: "Underlag"}.Document()
	if err != nil {
		t.Fatal(err)
	}
	pdf, err := printer.Print(t.Context(), doc)
	if err != nil {
		t.Fatal(err)
	}
	file := func(title, name, content string) string {
		a := w.send(papers, []part{{"card", "", `{"title":"` + title + `","kind":"other","published":false}`}, {"file", name, content}}, key()...).is(201, "")
		return last(strings.TrimPrefix(a.header.Get("Location"), site))
	}
	bound, broken, text := file("Underlag", "a.pdf", string(pdf)), file("Trasig", "b.pdf", "%PDF-1.7\n nothing more"), file("Text", "c.txt", "Hej")
	kim := last(w.made(county+"/people", `{"name":"Kim Lind"}`, "kim"))
	w.made(county+"/mandates", `{"body":"forum","place":"municipality/alvesta-kommun","person":"`+kim+`","from":"2026-01-01"}`, "seat")
	meeting := w.made(county+"/meetings", `{"body":"forum","on":"2026-11-25"}`, "meeting")
	item := county + "/agenda-items/" + last(w.made(meeting+"/agenda", `{"kind":"information","title":"Läget"}`, "item"))
	for _, d := range []string{bound, broken, text} {
		w.ask("POST", item+"/papers", `{"document":"`+d+`"}`, key()...).is(201, "")
	}
	w.did(meeting, meeting+"/call", `{}`).is(200, "")
	got := w.ask("GET", meeting+"/papers/pdf", "").is(200, "")
	if n, err := pdfcpu.PageCount(bytes.NewReader([]byte(got.raw)), nil); err != nil || n != 2 {
		t.Errorf("%d pages, %v", n, err)
	}
	marks, err := pdfcpu.Bookmarks(bytes.NewReader([]byte(got.raw)), nil)
	if err != nil || len(marks) != 2 || marks[0].Title != "Innehåll" || marks[1].Title != "1. Läget: Underlag (version 1)" {
		t.Errorf("%+v, %v", marks, err)
	}

	w.did(meeting, meeting+"/opening", "").is(200, "")
	w.did(meeting, meeting+"/closing", "").is(200, "")
	w.did(meeting, meeting+"/minutes/drafting", "").is(200, "")
	got = w.ask("GET", meeting+"/minutes/pdf", "").is(200, "")
	if got.header.Get("Content-Type") != "application/pdf" || !strings.HasPrefix(got.raw, "%PDF-") || !strings.Contains(got.header.Get("Content-Disposition"), "Protokoll") {
		t.Errorf("%v", got.header)
	}
	w.ask("GET", county+"/published-meetings/"+last(meeting)+"/minutes/pdf", "").is(404, "common.not_found")
	minutes := meeting + "/minutes"
	w.did(minutes, minutes+"/adjusting-request", "").is(200, "")
	w.did(meeting, minutes+"/publication", "").is(200, "")
	got = w.nobody().ask("GET", county+"/published-meetings/"+last(meeting)+"/minutes/pdf", "").is(200, "")
	info, err := pdfcpu.PDFInfo(bytes.NewReader([]byte(got.raw)), "", nil, false, nil)
	if err != nil || !strings.HasPrefix(info.Title, "Protokoll") || info.Author != "" || info.Creator != "" || info.Producer != "" || !info.Tagged {
		t.Errorf("%+v, %v", info, err)
	}
}
