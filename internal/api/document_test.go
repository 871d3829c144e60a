package api_test

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/api"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/files"
	"github.com/overens/overens/internal/session"
)

const papers = "/api/v1/counties/kronoberg/documents"

// archive gives the world a store of files, of at most 64 kB each.
func archive(t *testing.T) (*world, *files.Store) {
	t.Helper()
	w := enter(t)
	store, err := files.Open(t.Context(), "file://"+t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	w.door = api.New(api.Config{DB: w.db.DB, PublicURL: site, Version: "1.0.0", Sessions: session.NewKeeper(session.Options{}), Files: store, FilesLimit: 64 << 10})
	return w, store
}

// part is one part of a form: a field when it has no file's name.
type part struct{ name, file, content string }

// send sends a form.
func (w *world) send(path string, parts []part, headers ...string) answer {
	w.t.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	for _, p := range parts {
		out, err := io.Writer(nil), error(nil)
		if p.file != "" {
			out, err = form.CreateFormFile(p.name, p.file)
		} else {
			out, err = form.CreateFormField(p.name)
		}
		if err != nil {
			w.t.Fatal(err)
		}
		_, _ = io.WriteString(out, p.content)
	}
	_ = form.Close()
	return w.ask(http.MethodPost, path, b.String(), append([]string{"Content-Type", form.FormDataContentType()}, headers...)...)
}

func paper(more map[string]any) string {
	c := map[string]any{"title": "Överenskommelse 2022–2025", "kind": "agreement", "published": false}
	maps.Copy(c, more)
	b, _ := json.Marshal(c)
	return string(b)
}

func key() []string { return []string{"Idempotency-Key", uuid.NewString()} }

// filed adds a file of text and gives the document's path.
func (w *world) filed(more map[string]any, content string) (path string, a answer) {
	w.t.Helper()
	a = w.send(papers, []part{{"card", "", paper(more)}, {"file", "Överens.txt", content}}, key()...).is(201, "")
	return strings.TrimPrefix(a.header.Get("Location"), site), a
}

func TestAFileIsFiledReadGrownCorrectedAndWithdrawn(t *testing.T) {
	w, _ := archive(t)
	path, made := w.filed(nil, "Första versionen\n")
	if made.header.Get("ETag") != `"1"` || made.body["latest"] != 1.0 || made.body["language"] != "sv" {
		t.Errorf("%v %s", made.header, made.raw)
	}
	if got := w.ask("GET", path, "").is(200, ""); got.raw != made.raw {
		t.Errorf("%s\n%s", got.raw, made.raw)
	}

	file := w.ask("GET", path+"/versions/1/content", "")
	if file.status != 200 || file.raw != "Första versionen\n" || file.header.Get("Content-Type") != "text/plain; charset=utf-8" ||
		file.header.Get("Content-Disposition") != `attachment; filename="Overens.txt"; filename*=UTF-8''%C3%96verens.txt` ||
		file.header.Get("Cache-Control") != "private, no-cache" || file.header.Get("X-Content-Type-Options") != "nosniff" ||
		!strings.Contains(file.header.Get("Content-Security-Policy"), "sandbox") || !strings.HasPrefix(file.header.Get("Repr-Digest"), "sha-256=:") {
		t.Errorf("%d %q %v", file.status, file.raw, file.header)
	}
	if part := w.ask("GET", path+"/versions/1/content", "", "Range", "bytes=-10"); part.status != 206 || part.raw != "versionen\n" {
		t.Errorf("%d %q", part.status, part.raw)
	}
	if same := w.ask("GET", path+"/versions/1/content", "", "If-None-Match", file.header.Get("ETag")); same.status != 304 || same.raw != "" {
		t.Errorf("%d", same.status)
	}
	if beyond := w.ask("GET", path+"/versions/1/content", "", "Range", "bytes=999-").is(416, "problem.range"); beyond.header.Get("Content-Range") != "bytes */18" {
		t.Errorf("%v", beyond.header)
	}

	grown := w.send(path+"/versions", []part{{"file", "ny.txt", "Andra versionen\n"}}, append(key(), "If-Match", `"1"`)...).is(201, "")
	if grown.header.Get("Location") != site+path+"/versions/2" || grown.header.Get("ETag") != `"2"` || grown.body["latest"] != 2.0 {
		t.Errorf("%v %s", grown.header, grown.raw)
	}
	if v := w.ask("GET", path+"/versions/2", "").is(200, ""); v.body["name"] != "ny.txt" {
		t.Errorf("%s", v.raw)
	}
	if old := w.ask("GET", path+"/versions/1/content", ""); old.raw != file.raw {
		t.Errorf("the first version became %q", old.raw)
	}
	w.send(path+"/versions", []part{{"file", "ny.txt", "Andra versionen\n"}}, append(key(), "If-Match", `"2"`)...).is(422, "document.same_as_before").at("/file")
	late := w.send(path+"/versions", []part{{"file", "sen.txt", "Tredje\n"}}, append(key(), "If-Match", `"1"`)...).is(412, "common.changed")
	if late.body["current"].(map[string]any)["latest"] != 2.0 {
		t.Errorf("%s", late.raw)
	}
	linked := w.ask("POST", path+"/versions", `{"url":"https://www.lansstyrelsen.example/ny.pdf"}`, append(key(), "If-Match", `"2"`)...).is(201, "")
	if linked.header.Get("ETag") != `"3"` {
		t.Errorf("%v", linked.header)
	}
	if no := w.ask("GET", path+"/versions/3/content", "").is(409, "document.only_link"); !strings.Contains(no.raw, "https://www.lansstyrelsen.example/ny.pdf") {
		t.Errorf("%s", no.raw)
	}
	if l := w.ask("GET", path+"/versions?limit=2", "").is(200, ""); len(l.body["versions"].([]any)) != 2 || l.body["_meta"].(map[string]any)["totalRecords"] != 3.0 {
		t.Errorf("%s", l.raw)
	}

	w.ask("POST", path+"/versions/3/dead-link", `{"on":"2026-11-24"}`, append(key(), "If-Match", `"3"`)...).is(200, "")
	w.ask("POST", path+"/versions/1/dead-link", `{"on":"2026-11-24"}`, append(key(), "If-Match", `"4"`)...).is(409, "document.no_link")
	e := w.ask("POST", path+"/versions/1/erratum", `{"note":"Det ska stå 2025."}`, append(key(), "If-Match", `"4"`)...).is(200, "")
	if v := e.body["versions"].([]any)[2].(map[string]any); v["errata"] != "Det ska stå 2025." {
		t.Errorf("%s", e.raw)
	}
	w.ask("PUT", path, paper(map[string]any{"title": "Nytt namn"}), "If-Match", `"5"`).is(200, "")
	w.ask("GET", path+"/history", "").is(200, "")

	w.ask("POST", path+"/withdrawal", `{"reason":"Ersatt"}`, append(key(), "If-Match", `"6"`)...).is(200, "")
	w.ask("PUT", path, paper(nil), "If-Match", `"7"`).is(409, "document.withdrawn_already")
	if reader := w.as("kronoberg", auth.RoleAuditor); reader.ask("GET", path, "").is(200, "").body["_links"].(map[string]any)["edit"] != nil {
		t.Error("a withdrawn document is offered for change")
	} else {
		reader.ask("GET", path+"/versions/1/content", "").is(403, "document.withdrawn_closed")
	}
	if again := w.ask("GET", path+"/versions/1/content", ""); again.status != 200 {
		t.Errorf("%d", again.status)
	}
}

func TestTheSameFileWithTheSameKeyIsFiledOnce(t *testing.T) {
	w, _ := archive(t)
	form := []part{{"card", "", paper(nil)}, {"file", "a.txt", "text"}}
	first := w.send(papers, form, "Idempotency-Key", "k").is(201, "")
	again := w.send(papers, []part{form[1], form[0]}, "Idempotency-Key", "k").is(201, "")
	if again.raw != first.raw || again.header.Get("Idempotency-Replayed") != "true" || again.header.Get("Location") != first.header.Get("Location") {
		t.Errorf("%v %s", again.header, again.raw)
	}
	for _, other := range [][]part{{form[0], {"file", "a.txt", "another text"}}, {form[0], {"file", "b.txt", "text"}}} {
		w.send(papers, other, "Idempotency-Key", "k").is(422, "idempotency.other_request")
	}
	w.ask("POST", papers, paper(map[string]any{"url": "https://a.example/b.pdf"}), "Idempotency-Key", "k").is(422, "idempotency.other_request")
	if l := w.ask("GET", papers, "").is(200, ""); l.body["_meta"].(map[string]any)["totalRecords"] != 1.0 {
		t.Errorf("%s", l.raw)
	}
}

func TestWhatIsWrongWithAnUploadIsToldWithItsPlace(t *testing.T) {
	w, store := archive(t)
	card := part{"card", "", paper(nil)}
	for _, c := range []struct {
		parts  []part
		status int
		code   string
		at     string
	}{
		{[]part{card}, 422, "document.file_none", "/file"},
		{[]part{{"file", "a.txt", "text"}}, 422, "shape.required", "/card/title"},
		{[]part{{"card", "", `{"title":1}`}, {"file", "a.txt", "text"}}, 422, "shape.required", "/card/kind"},
		{[]part{{"card", "", `{`}, {"file", "a.txt", "text"}}, 400, "shape.json", ""},
		{[]part{{"card", "", ``}, {"file", "a.txt", "text"}}, 400, "shape.body_missing", ""},
		{[]part{{"card", "", paper(map[string]any{"colour": "red"})}, {"file", "a.txt", "text"}}, 422, "shape.unknown", "/card/colour"},
		{[]part{{"card", "", paper(map[string]any{"title": " \u200b"})}, {"file", "a.txt", "text"}}, 422, "document.titled", "/card/title"},
		{[]part{card, {"file", "a.exe", "text"}}, 422, "document.type_unknown", "/file"},
		{[]part{card, {"file", "a.pdf", "text"}}, 422, "document.type_differs", "/file"},
		{[]part{card, {"file", "a.txt", ""}}, 422, "document.empty", "/file"},
		{[]part{card, {"file", "a.txt", strings.Repeat("a", 64<<10+1)}}, 413, "document.too_large", "/file"},
		{[]part{card, {"file", "a.txt", "text"}, {"file", "b.txt", "text"}}, 422, "shape.unknown", "/file"},
		{[]part{card, {"colour", "", "red"}, {"file", "a.txt", "text"}}, 422, "shape.unknown", "/colour"},
		{[]part{{"card", "", paper(map[string]any{"url": "https://a.example/b.pdf"})}, {"file", "a.txt", "text"}}, 422, "document.file_or_link", "/card/url"},
		{[]part{{"card", "", paper(map[string]any{"subjects": []any{map[string]any{"subject": "organisation", "id": nobody}}})}, {"file", "a.txt", "text"}}, 422, "document.about_unknown", "/card/subjects"},
	} {
		a := w.send(papers, c.parts, key()...).is(c.status, c.code)
		if c.at != "" {
			a.at(c.at)
		}
	}
	w.ask("POST", papers, paper(nil), key()...).is(422, "document.file_none")
	w.ask("POST", papers, paper(map[string]any{"url": "http://a.example"}), key()...).is(422, "document.link_wrong").at("/url")
	w.ask("POST", papers, "--x", append(key(), "Content-Type", "multipart/form-data")...).is(400, "shape.form")
	w.ask("POST", papers, "--x\r\nContent-Disposition: form-data; name=\"card\"\r\n\r\n{", append(key(), "Content-Type", "multipart/form-data; boundary=x")...).is(400, "shape.body_cut_off")
	w.ask("POST", papers, "text", append(key(), "Content-Type", "text/plain")...).is(415, "problem.media_type")
	w.send(papers, []part{card, {"file", "a.txt", "text"}}).is(400, "idempotency.key_missing")
	if l := w.ask("GET", papers, "").is(200, ""); l.body["_meta"].(map[string]any)["totalRecords"] != 0.0 {
		t.Errorf("something was filed: %s", l.raw)
	}

	before := keys(t, store, "kronoberg")
	w.as("kronoberg", auth.RoleAuditor).send(papers, []part{card, {"file", "a.txt", "text"}}, key()...).is(403, "auth.forbidden")
	w.as("kronoberg", auth.RoleStrategist).send(papers+"/"+nobody+"/versions", []part{{"file", "a.txt", "text"}}, append(key(), "If-Match", `"1"`)...).is(404, "common.not_found")
	if got := keys(t, store, "kronoberg"); !slices.Equal(got, before) {
		t.Errorf("what may not be filed was stored: %v", got)
	}
}

func keys(t *testing.T, store *files.Store, county string) (ks []string) {
	t.Helper()
	for e, err := range store.List(t.Context(), county) {
		if err != nil {
			t.Fatal(err)
		}
		ks = append(ks, e.Key)
	}
	return ks
}

func TestDocumentsAreFoundByKindAndByWhatTheyAreAbout(t *testing.T) {
	w, _ := archive(t)
	alvesta := w.alvesta()
	id := alvesta[strings.LastIndex(alvesta, "/")+1:]
	w.filed(map[string]any{"title": "Ett", "kind": "decision", "subjects": []any{map[string]any{"subject": "organisation", "id": id}}}, "ett")
	w.filed(map[string]any{"title": "Två", "kind": "report"}, "två")
	for q, want := range map[string]string{"": "Ett Två", "?kind=report": "Två", "?about=organisation:" + id: "Ett", "?about=person:" + id: "", "?about=organisation:" + id + "&kind=report": ""} {
		var titles []string
		for _, d := range w.ask("GET", papers+q, "").is(200, "").body["documents"].([]any) {
			titles = append(titles, d.(map[string]any)["title"].(string))
		}
		if got := strings.Join(titles, " "); got != want {
			t.Errorf("%s: %q, want %q", q, got, want)
		}
	}
	w.ask("GET", papers+"?about=organisation", "").is(422, "shape.pattern").at("about")
	w.ask("GET", papers+"?about=organisation:"+strings.Repeat("-", 36), "").is(422, "document.about_unknown").at("about")
	w.ask("GET", papers+"?kind=song", "").is(422, "shape.one_of").at("kind")
}

func TestEveryoneReadsWhatIsPublishedAndNothingElse(t *testing.T) {
	w, _ := archive(t)
	path, _ := w.filed(map[string]any{"published": true, "title": "Öppen"}, "öppen")
	secret, _ := w.filed(map[string]any{"title": "Hemlig"}, "hemlig")
	public := w.nobody()
	open := func(path string) string { return strings.Replace(path, "/documents/", "/published-documents/", 1) }
	l := public.ask("GET", "/api/v1/counties/kronoberg/published-documents", "").is(200, "")
	if !strings.Contains(l.raw, "Öppen") || strings.Contains(l.raw, "Hemlig") || strings.Contains(l.raw, "uploadedBy") || strings.Contains(l.raw, `"edit"`) {
		t.Errorf("%s", l.raw)
	}
	public.ask("GET", open(path), "").is(200, "")
	public.ask("GET", open(path)+"/versions", "").is(200, "")
	if a := public.ask("GET", open(path)+"/versions/1/content", ""); a.status != 200 || a.raw != "öppen" || a.header.Get("Cache-Control") != "public, no-cache" {
		t.Errorf("%d %v", a.status, a.header)
	}
	for _, p := range []string{open(secret), open(secret) + "/versions", open(secret) + "/versions/1/content", open(path) + "/versions/2/content"} {
		public.ask("GET", p, "").is(404, "common.not_found")
	}
	public.ask("GET", path+"/versions/1/content", "").is(401, "auth.sign_in")
	w.ask("POST", path+"/withdrawal", `{"reason":"Fel"}`, append(key(), "If-Match", `"1"`)...).is(200, "")
	public.ask("GET", open(path)+"/versions/1/content", "").is(404, "common.not_found")
	if a := public.ask("GET", open(path), "").is(200, ""); strings.Contains(a.raw, "Fel") || len(a.body["versions"].([]any)) != 0 {
		t.Errorf("%s", a.raw)
	}
}

// Another county's papers are not there by any road: not by the own address
// with the other's ids, not by the other's address, and not by their place in
// the store.
func TestAnotherCountysPapersAreNotThere(t *testing.T) {
	w, store := archive(t)
	path, made := w.filed(map[string]any{"published": false}, "hemlig")
	id := path[strings.LastIndex(path, "/")+1:]
	other := w.as("ostergotland", auth.RoleCountyAdministrator)
	own := "/api/v1/counties/ostergotland/documents"
	for _, p := range []string{path, own + "/" + id} {
		for _, tail := range []string{"", "/versions", "/versions/1", "/versions/1/content", "/history"} {
			other.ask("GET", p+tail, "").is(404, "common.not_found")
		}
		other.ask("PUT", p, paper(nil), "If-Match", `"1"`).is(404, "common.not_found")
		for tail, body := range map[string]string{"/withdrawal": `{"reason":"x"}`, "/versions/1/erratum": `{"note":"x"}`, "/versions/1/dead-link": `{"on":"2026-11-24"}`, "/versions": `{"url":"https://a.example"}`} {
			other.ask("POST", p+tail, body, append(key(), "If-Match", `"1"`)...).is(404, "common.not_found")
		}
		other.send(p+"/versions", []part{{"file", "a.txt", "text"}}, append(key(), "If-Match", `"1"`)...).is(404, "common.not_found")
	}
	other.send(own, []part{{"card", "", paper(map[string]any{"subjects": []any{map[string]any{"subject": "organisation", "id": w.alvesta()[len(all)+1:]}}})},
		{"file", "a.txt", "text"}}, key()...).is(422, "document.about_unknown")
	if l := other.ask("GET", own+"?about=organisation:"+nobody, "").is(200, ""); strings.Contains(l.raw, id) {
		t.Errorf("%s", l.raw)
	}
	ks := keys(t, store, "kronoberg")
	if len(ks) != 1 || strings.Contains(made.raw, ks[0]) {
		t.Fatalf("the place in the store is told: %v %s", ks, made.raw)
	}
	blob := strings.TrimPrefix(ks[0], "kronoberg/")
	other.ask("GET", own+"/"+blob, "").is(404, "common.not_found")
	other.ask("GET", own+"/"+blob+"/versions/1/content", "").is(404, "common.not_found")
}

func TestAFileThatIsGoneIsSaidToBe(t *testing.T) {
	w, store := archive(t)
	path, _ := w.filed(nil, "text")
	for _, k := range keys(t, store, "kronoberg") {
		if err := store.Delete(t.Context(), k); err != nil {
			t.Fatal(err)
		}
	}
	w.ask("GET", path+"/versions/1/content", "").is(503, "document.file_gone")
}

// An upload may take longer than the server gives other requests, as long as
// something keeps coming; here each read would be too late by the server's own
// clock.
func TestAnUploadMayTakeItsTime(t *testing.T) {
	w, _ := archive(t)
	mux := http.NewServeMux()
	w.door.Register(mux)
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		// What the server's own limits come to when they have run out.
		_ = http.NewResponseController(rw).SetWriteDeadline(w.db.Now().AddDate(-30, 0, 0))
		mux.ServeHTTP(rw, r.WithContext(auth.With(r.Context(), w.who, nil)))
	}))
	s.Start()
	defer s.Close()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	_ = form.WriteField("card", paper(nil))
	out, _ := form.CreateFormFile("file", "a.txt")
	_, _ = io.WriteString(out, "text")
	_ = form.Close()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+papers, &b)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", form.FormDataContentType())
	r.Header.Set("Idempotency-Key", "slow")
	a, err := s.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = a.Body.Close() }()
	if a.StatusCode != http.StatusCreated {
		t.Errorf("%d", a.StatusCode)
	}
}
