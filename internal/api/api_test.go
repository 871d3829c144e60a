package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/api"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/session"
)

const site = "https://overens.example"

// world is the door over a database of the test's own, and who asks.
type world struct {
	t    *testing.T
	door *api.Door
	db   *dbtest.Database
	who  auth.Actor
	n    int
}

// door makes the door without a database, for what needs none.
func door(db *pg.DB) *api.Door {
	released, _ := day.Parse("2026-11-25")
	return api.New(api.Config{DB: db, PublicURL: site, Style: "/static/look.css", Version: "1.0.0", Released: released, Sessions: session.NewKeeper(session.Options{}),
		Contact: api.Contact{Name: "Överens förvaltning", URL: "https://overens.example/kontakt", Email: "api@overens.example"}})
}

func enter(t *testing.T) *world {
	t.Helper()
	db := dbtest.New(t, dbtest.Renew(func(_ context.Context, _ *pg.DB, a auth.Actor) (auth.Actor, error) {
		a.RightsVersion++ // until it is the one that is kept
		return a, nil
	}))
	w := &world{t: t, db: db, door: door(db.DB)}
	return w.as("kronoberg", auth.RoleStrategist)
}

// as gives the same world with somebody else asking.
func (w *world) as(county string, roles ...auth.Role) *world {
	a := auth.Actor{Tenant: county, Kind: auth.KindPerson, Person: uuid.Must(uuid.NewV7()), Request: "test"}
	for _, r := range roles {
		a.Grants = append(a.Grants, auth.Grant{Role: r})
	}
	c := *w
	c.who = a
	return &c
}

func (w *world) nobody() *world {
	c := *w
	c.who = auth.Public("", "test")
	return &c
}

type answer struct {
	t      *testing.T
	status int
	header http.Header
	body   map[string]any
	raw    string
}

// ask sends a request; headers are name, value pairs.
func (w *world) ask(method, path, body string, headers ...string) answer {
	w.t.Helper()
	var content io.Reader
	if body != "" {
		content = strings.NewReader(body)
	}
	r := httptest.NewRequestWithContext(w.t.Context(), method, path, content)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	mux := http.NewServeMux()
	w.door.Register(mux)
	rec := httptest.NewRecorder()
	mux.ServeHTTP(rec, r.WithContext(auth.With(r.Context(), w.who, nil)))
	a := answer{t: w.t, status: rec.Code, header: rec.Header(), raw: rec.Body.String()}
	if strings.Contains(rec.Header().Get("Content-Type"), "json") {
		if err := json.Unmarshal(rec.Body.Bytes(), &a.body); err != nil {
			w.t.Fatalf("%s %s: %v in %s", method, path, err, rec.Body)
		}
	}
	return a
}

// is checks status and the problem's code ("" when it is no problem).
func (a answer) is(status int, code string) answer {
	a.t.Helper()
	if got, _ := a.body["code"].(string); a.status != status || (status >= 400 && got != code) {
		a.t.Fatalf("%d %q, want %d %q\n%s", a.status, got, status, code, a.raw)
	}
	if status >= 400 {
		for _, name := range []string{"type", "title", "status", "detail", "instance"} {
			if a.body[name] == nil || a.body[name] == "" {
				a.t.Errorf("a problem without %s: %s", name, a.raw)
			}
		}
		if got := a.header.Get("Content-Type"); got != "application/problem+json" {
			a.t.Errorf("content type %q", got)
		}
		if a.header.Get("Content-Language") == "" || !strings.Contains(a.header.Get("Vary"), "Accept-Language") {
			a.t.Errorf("no language: %v", a.header)
		}
		if strings.Contains(a.raw, "⟨") || strings.Contains(a.raw, "<no value>") {
			a.t.Errorf("words are missing: %s", a.raw)
		}
	}
	if a.header.Get("Traceparent") == "" {
		a.t.Error("no traceparent")
	}
	return a
}

// at is the first of the errors: its pointer, parameter or header.
func (a answer) at(want string) {
	a.t.Helper()
	all, _ := a.body["errors"].([]any)
	for _, e := range all {
		e := e.(map[string]any)
		for _, k := range []string{"pointer", "parameter", "header"} {
			if e[k] == want {
				return
			}
		}
	}
	a.t.Fatalf("no error at %s: %s", want, a.raw)
}

const (
	all    = "/api/v1/counties/kronoberg/organisations"
	nobody = "0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"
)

func card(name string) string {
	b, _ := json.Marshal(map[string]any{"type": "municipality", "name": name, "published": true})
	return string(b)
}

// alvesta makes an organisation and gives its path.
func (w *world) alvesta() string {
	w.t.Helper()
	a := w.ask("POST", all, card("Alvesta kommun"), "Idempotency-Key", uuid.NewString()).is(201, "")
	return strings.TrimPrefix(a.header.Get("Location"), site)
}

func TestAnOrganisationIsMadeReadChangedAndEnded(t *testing.T) {
	w := enter(t)
	made := w.ask("POST", all, card("Alvesta kommun"), "Idempotency-Key", "one").is(201, "")
	path := strings.TrimPrefix(made.header.Get("Location"), site)
	if made.header.Get("ETag") != `"1"` || !strings.HasPrefix(path, all+"/") {
		t.Fatalf("%v", made.header)
	}

	got := w.ask("GET", path, "").is(200, "")
	if got.raw != made.raw || got.header.Get("ETag") != `"1"` || got.header.Get("Cache-Control") != "private, no-cache" {
		t.Errorf("%v\n%s\n%s", got.header, got.raw, made.raw)
	}
	links := got.body["_links"].(map[string]any)
	if links["edit"].(map[string]any)["method"] != "PUT" || links["self"].(map[string]any)["href"] != site+path {
		t.Errorf("links: %v", links)
	}
	if a := w.ask("GET", path, "", "If-None-Match", `W/"1"`).is(304, ""); a.raw != "" {
		t.Error("304 with a body")
	}
	if reader := w.as("kronoberg", auth.RoleAuditor).ask("GET", path, "").is(200, ""); reader.body["_links"].(map[string]any)["edit"] != nil {
		t.Error("an auditor is offered to edit")
	}

	changed := w.ask("PUT", path, card("Alvesta kommun i Småland"), "If-Match", `"1"`).is(200, "")
	if changed.header.Get("ETag") != `"2"` || changed.body["name"] != "Alvesta kommun i Småland" {
		t.Errorf("%v %s", changed.header, changed.raw)
	}
	late := w.ask("PUT", path, card("Någon annan"), "If-Match", `"1"`).is(412, "common.changed")
	if late.body["current"].(map[string]any)["name"] != "Alvesta kommun i Småland" || late.body["yours"].(map[string]any)["name"] != "Någon annan" {
		t.Errorf("not both versions: %s", late.raw)
	}
	w.ask("PUT", path, card("X"), "If-Match", `"not-ours"`).is(412, "common.changed")

	ended := w.ask("POST", path+"/ending", `{"on":"2026-12-31"}`, "If-Match", `"2"`, "Idempotency-Key", "end").is(200, "")
	if ended.body["validTo"] != "2026-12-31" || ended.header.Get("ETag") != `"3"` {
		t.Errorf("%s", ended.raw)
	}
	w.ask("POST", path+"/ending", `{"on":"2026-12-30"}`, "If-Match", `"2"`, "Idempotency-Key", "end2").is(412, "common.changed")

	if h := w.ask("GET", path+"/history", "").is(200, ""); len(h.body["entries"].([]any)) != 3 {
		t.Errorf("history: %s", h.raw)
	}
	if k := w.ask("GET", path+"/relatives", "").is(200, ""); len(k.body["relatives"].([]any)) != 0 {
		t.Errorf("relatives: %s", k.raw)
	}
}

func TestTheSameKeyIsDoneOnce(t *testing.T) {
	w := enter(t)
	first := w.ask("POST", all, card("Alvesta kommun"), "Idempotency-Key", "k").is(201, "")
	again := w.ask("POST", all, `{ "published":true, "name":"Alvesta kommun","type":"municipality"}`, "Idempotency-Key", "k").is(201, "")
	if first.raw != again.raw || again.header.Get("Location") != first.header.Get("Location") || again.header.Get("ETag") != first.header.Get("ETag") ||
		again.header.Get("Idempotency-Replayed") != "true" || first.header.Get("Idempotency-Replayed") != "" {
		t.Errorf("%v\n%v\n%s", first.header, again.header, again.raw)
	}
	w.ask("POST", all, card("Något annat"), "Idempotency-Key", "k").is(422, "idempotency.other_request")
	w.ask("POST", all, card("Något annat")).is(400, "idempotency.key_missing").at("Idempotency-Key")
	if l := w.ask("GET", all, "").is(200, ""); l.body["_meta"].(map[string]any)["totalRecords"] != float64(1) {
		t.Errorf("%s", l.raw)
	}
}

func TestChecksAreMadeInTheOrderThatTellsLeast(t *testing.T) {
	w := enter(t)
	path := w.alvesta()
	const wrong = `{"name":5}`
	// Everything is wrong each time; one thing more is mended each time.
	w.nobody().ask("PUT", path, wrong).is(401, "auth.sign_in")
	w.as("ostergotland", auth.RoleStrategist).ask("PUT", path, wrong).is(404, "common.not_found")
	auditor := w.as("kronoberg", auth.RoleAuditor)
	auditor.ask("PUT", path, wrong).is(428, "problem.if_match_missing")
	auditor.ask("PUT", path, wrong, "If-Match", `"1"`).is(422, "shape.string")
	auditor.ask("PUT", path, card("X"), "If-Match", `"1"`).is(403, "auth.forbidden")
	if got := w.nobody().ask("GET", path, "").header.Get("WWW-Authenticate"); !strings.HasPrefix(got, "Bearer") {
		t.Errorf("401 with WWW-Authenticate %q", got)
	}
	refused := w.nobody()
	refused.who = auth.Public("", "")
	r := httptest.NewRequestWithContext(t.Context(), "GET", path, nil)
	rec := httptest.NewRecorder()
	w.door.ServeHTTP(rec, r.WithContext(auth.With(r.Context(), refused.who, fault.New(fault.Unauthenticated, "auth.session_ended"))))
	if rec.Code != 401 || !strings.Contains(rec.Body.String(), "auth.session_ended") {
		t.Errorf("a refused credential: %d %s", rec.Code, rec.Body)
	}
}

func TestWhatIsNotThereAndWhatIsAnothersLookTheSame(t *testing.T) {
	w := enter(t)
	path := w.alvesta()
	other := w.as("ostergotland", auth.RoleStrategist)
	id := path[strings.LastIndex(path, "/")+1:]
	var bodies []map[string]any
	for _, p := range []string{
		"/api/v1/counties/ostergotland/organisations/" + id,
		"/api/v1/counties/ostergotland/organisations/" + nobody,
		"/api/v1/counties/ostergotland/organisations/not-an-id",
		"/api/v1/counties/ostergotland/organisations/{" + nobody + "}",
		path,
		"/api/v1/counties/no-such-county/organisations/" + id,
		"/api/v1/counties/NO_SUCH/organisations/" + id,
	} {
		a := other.ask("GET", p, "").is(404, "common.not_found")
		delete(a.body, "instance")
		bodies = append(bodies, a.body)
	}
	for i, b := range bodies {
		if !maps.EqualFunc(b, bodies[0], func(x, y any) bool { return x == y }) {
			t.Errorf("%d differs: %v\n%v", i, b, bodies[0])
		}
	}
}

func TestIfMatchTakesOneStrongTag(t *testing.T) {
	w := enter(t)
	path := w.alvesta()
	for tag, code := range map[string]string{"*": "problem.if_match_any", `W/"1"`: "problem.if_match_weak", `"1", "2"`: "problem.if_match_many", "1": "problem.if_match_wrong", `""`: "problem.if_match_wrong"} {
		w.ask("PUT", path, card("X"), "If-Match", tag).is(400, code).at("If-Match")
	}
}

// The tag is compared letter by letter: "01" names no version.
func TestATagIsWhatWasGiven(t *testing.T) {
	w := enter(t)
	w.ask("PUT", w.alvesta(), card("X"), "If-Match", `"01"`).is(412, "common.changed")
}

func TestTheDocumentationSpeaksTheLanguageChosenOnThePages(t *testing.T) {
	w := enter(t)
	for _, c := range []struct{ path, cookie, want string }{
		{"/api/v1/docs", "lang=en", "en"}, {"/api/v1/docs?lang=sv", "lang=en", "sv"}, {"/api/v1/docs", "lang=xx", "sv"}, {"/api/v1/docs", "", "sv"},
	} {
		if got := w.ask("GET", c.path, "", "Cookie", c.cookie).header.Get("Content-Language"); got != c.want {
			t.Errorf("%s with %q: %q", c.path, c.cookie, got)
		}
	}
}

func TestAShapeIsToldWithItsPlaceInTheCallersLanguage(t *testing.T) {
	w := enter(t)
	for _, c := range []struct {
		body   string
		status int
		code   string
		at     string
	}{
		{`{"type":"municipality","published":true}`, 422, "shape.required", "/name"},
		{`{"type":"municipality","name":"","published":true}`, 422, "shape.min_length", "/name"},
		{`{"type":"municipality","name":"A","published":"yes"}`, 422, "shape.boolean", "/published"},
		{`{"type":"kingdom","name":"A","published":true}`, 422, "shape.one_of", "/type"},
		{`{"type":"municipality","name":"A","published":true,"colour":1}`, 422, "shape.unknown", "/colour"},
		{`{"type":"municipality","Name":"A","name":"A","published":true}`, 422, "shape.unknown", "/Name"},
		{`{"type":"municipality","name":"A","published":true,"validFrom":"2026-02-30"}`, 422, "shape.day", "/validFrom"},
		{`{"type":"municipality","name":"A","published":true,"validFrom":""}`, 422, "shape.day", "/validFrom"},
		{`{"type":"municipality","name":"A\u0000B","published":true}`, 422, "shape.control", "/name"},
		{`{"type":"municipality","name":"A\u001bB","published":true}`, 422, "shape.control", "/name"},
		{`{"type":"municipality","name":"A\ud800B","published":true}`, 422, "shape.control", "/name"},
		{`{"type":"municipality","name":"A","published":true,"validFrom":"0000-01-01"}`, 422, "shape.day", ""},
		{"{\"type\":\"municipality\",\"name\":\"A\xff\",\"published\":true}", 422, "shape.utf8", ""},
		{`{"type":"municipality","name":"A","published":true,"organisationNumber":"2021002297"}`, 422, "organisation.number_wrong", "/organisationNumber"},
		{`{"type":`, 400, "shape.json", ""},
		{`[]`, 422, "shape.object", ""},
		{`null`, 422, "shape.object", ""},
	} {
		a := w.ask("POST", all, c.body, "Idempotency-Key", uuid.NewString()).is(c.status, c.code)
		if c.at != "" {
			a.at(c.at)
		}
		if strings.Contains(a.raw, "kingdom\"") || strings.Contains(a.raw, "unmarshal") {
			t.Errorf("says too much: %s", a.raw)
		}
	}
	long := w.ask("POST", all, `{"type":"municipality","published":true}`, "Idempotency-Key", "x", "Accept-Language", "en").is(422, "shape.required")
	if long.body["title"] != "name is missing" || long.header.Get("Content-Language") != "en" {
		t.Errorf("in English: %s", long.raw)
	}
	if sv := w.ask("POST", all+"?lang=sv", `{"type":"municipality","published":true}`, "Idempotency-Key", "x", "Accept-Language", "en"); sv.body["title"] != "name saknas" {
		t.Errorf("?lang goes first: %s", sv.raw)
	}
}

func TestBodiesAreLimitedAndOfOneKind(t *testing.T) {
	w := enter(t)
	w.ask("POST", all, card(strings.Repeat("a", api.MaxBody)), "Idempotency-Key", "big").is(413, "problem.too_large")
	for _, kind := range []string{"text/plain", "application/x-www-form-urlencoded", "application/json; charset=iso-8859-1", ""} {
		w.ask("POST", all, card("A"), "Idempotency-Key", "kind", "Content-Type", kind).is(415, "problem.media_type")
	}
	w.ask("POST", all, card("A"), "Idempotency-Key", "kind", "Content-Type", "application/json; charset=UTF-8").is(201, "")
	w.ask("GET", all, "{}").is(400, "shape.body_unwanted")
	w.ask("POST", all, "", "Idempotency-Key", "none", "Content-Type", "application/json").is(400, "shape.body_missing")
}

func TestQueriesAreChecked(t *testing.T) {
	w := enter(t)
	for q, c := range map[string]struct {
		status int
		code   string
		at     string
	}{
		"colour=red":         {400, "shape.parameter_unknown", "colour"},
		"limit=1&limit=2":    {400, "shape.parameter_twice", "limit"},
		"limit=0":            {422, "shape.minimum", "limit"},
		"limit=101":          {422, "shape.maximum", "limit"},
		"page=0":             {422, "shape.minimum", "page"},
		"limit=many":         {422, "shape.integer", "limit"},
		"status=gone":        {422, "shape.one_of", "status"},
		"on=yesterday":       {422, "shape.day", "on"},
		"on=2026-02-30":      {422, "shape.day", "on"},
		"on=0000-01-01":      {422, "shape.day", "on"},
		"q=%00":              {400, "shape.control", "q"},
		"q=%ff":              {400, "shape.control", "q"},
		"q=%zz":              {400, "shape.query", ""},
		"page=9999999999999": {422, "shape.maximum", "page"},
	} {
		a := w.ask("GET", all+"?"+q, "").is(c.status, c.code)
		if c.at != "" {
			a.at(c.at)
		}
	}
	if got := w.ask("GET", all+"?page=1000001", "").body["title"]; got != "Skriv högst 1000000" {
		t.Errorf("the limit is written %q", got)
	}
	w.ask("GET", all+"?lang=en&on=2026-11-25&q=%C3%A5&page=1000000&limit=100", "").is(200, "")
}

func TestAListHasPagesThatCarryTheQuestion(t *testing.T) {
	w := enter(t)
	for _, name := range []string{"Alvesta kommun", "Växjö kommun", "Älmhults kommun", "Ljungby kommun", "Tingsryds kommun"} {
		w.ask("POST", all, card(name), "Idempotency-Key", uuid.NewString()).is(201, "")
	}
	a := w.ask("GET", all+"?q=kommun&limit=2&page=2", "").is(200, "")
	var names []string
	for _, o := range a.body["organisations"].([]any) {
		names = append(names, o.(map[string]any)["name"].(string))
	}
	if strings.Join(names, ", ") != "Tingsryds kommun, Växjö kommun" {
		t.Errorf("page 2: %v", names)
	}
	meta := a.body["_meta"].(map[string]any)
	if meta["totalRecords"] != 5.0 || meta["page"] != 2.0 || meta["limit"] != 2.0 || meta["count"] != 2.0 {
		t.Errorf("%v", meta)
	}
	links := a.body["_links"].(map[string]any)
	for rel, page := range map[string]string{"self": "2", "first": "1", "prev": "1", "next": "3", "last": "3"} {
		want := site + all + "?limit=2&page=" + page + "&q=kommun"
		if l := links[rel].(map[string]any); l["href"] != want || l["rel"] != rel || l["method"] != "GET" {
			t.Errorf("%s: %v, want %s", rel, l, want)
		}
	}
	w.ask("GET", all+"?q=kommun&limit=2&page=2", "", "If-None-Match", a.header.Get("ETag")).is(304, "")
	beyond := w.ask("GET", all+"?limit=2&page=9", "").is(200, "")
	if l, ok := beyond.body["organisations"].([]any); !ok || len(l) != 0 || beyond.body["_links"].(map[string]any)["next"] != nil {
		t.Errorf("beyond the end: %s", beyond.raw)
	}
}

func TestWhatLeadsNowhereIsAProblemToo(t *testing.T) {
	w := enter(t)
	w.ask("GET", "/api/v1/nothing", "").is(404, "problem.no_address")
	w.ask("GET", "/api/", "").is(404, "problem.no_address")
	if a := w.ask("PATCH", all, "{}").is(405, "problem.method"); a.header.Get("Allow") != "GET, HEAD, POST, OPTIONS" {
		t.Errorf("Allow: %q", a.header.Get("Allow"))
	}
	if a := w.ask("OPTIONS", all, ""); a.status != 204 || a.header.Get("Allow") == "" {
		t.Errorf("OPTIONS: %d %v", a.status, a.header)
	}
	if a := w.ask("HEAD", "/api/v1/api-info", ""); a.status != 200 {
		t.Errorf("HEAD: %d", a.status)
	}
	rec := httptest.NewRecorder()
	w.door.Refuse(rec, httptest.NewRequestWithContext(t.Context(), "POST", all, nil), fault.New(fault.Forbidden, "common.cross_site"))
	if rec.Code != 403 || !strings.Contains(rec.Body.String(), "bärartoken") {
		t.Errorf("%d %s", rec.Code, rec.Body)
	}
}

func TestAFaultOfOursIsMasked(t *testing.T) {
	w := enter(t)
	rec := httptest.NewRecorder()
	w.door.Refuse(rec, httptest.NewRequestWithContext(t.Context(), "GET", all, nil), io.ErrUnexpectedEOF)
	if rec.Code != 500 || bytes.Contains(rec.Body.Bytes(), []byte("EOF")) || !bytes.Contains(rec.Body.Bytes(), []byte("traceId")) {
		t.Errorf("%d %s", rec.Code, rec.Body)
	}
	rec = httptest.NewRecorder()
	w.door.Refuse(rec, httptest.NewRequestWithContext(t.Context(), "GET", all, nil), fault.New(fault.Conflict, "no_words.for_this"))
	if rec.Code != 409 || !strings.Contains(rec.Body.String(), "Det går inte ihop med det som redan finns") {
		t.Errorf("%d %s", rec.Code, rec.Body)
	}
	a := w.as("kronoberg", auth.RoleAuditor).ask("POST", all, card("A"), "Idempotency-Key", "k").is(403, "auth.forbidden")
	if detail := a.body["detail"].(string); !strings.Contains(detail, "lägga till och avsluta organisationer") || !strings.Contains(detail, "strateg") {
		t.Errorf("which rule and who: %s", detail)
	}
}

func TestTheTraceIsTheCallers(t *testing.T) {
	w := enter(t)
	a := w.ask("GET", "/api/v1/api-info", "", "Traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01").is(200, "")
	if got := a.header.Get("Traceparent"); !strings.HasPrefix(got, "00-4bf92f3577b34da6a3ce929d0e0e4736-") || strings.Contains(got, "00f067aa0ba902b7") {
		t.Error(got)
	}
	if got := w.ask("GET", "/api/v1/api-info", "", "Traceparent", "nonsense").header.Get("Traceparent"); len(got) != 55 {
		t.Error(got)
	}
}

func TestThePublicSeesWhatIsPublished(t *testing.T) {
	w := enter(t)
	w.alvesta()
	w.ask("POST", all, `{"type":"other","name":"Hemlig","published":false,"email":"x@example.se"}`, "Idempotency-Key", "secret").is(201, "")
	public := w.nobody()
	if a := public.ask("GET", "/api/v1/counties", "").is(200, ""); len(a.body["counties"].([]any)) != 3 || a.header.Get("Cache-Control") != "public, no-cache" {
		t.Errorf("%s", a.raw)
	}
	a := public.ask("GET", "/api/v1/counties/kronoberg", "").is(200, "")
	if a.body["code"] != "07" || a.body["publishedOrganisations"] != 1.0 || a.body["name"].(map[string]any)["sv"] != "Kronobergs län" {
		t.Errorf("%s", a.raw)
	}
	l := public.ask("GET", "/api/v1/counties/kronoberg/published-organisations", "").is(200, "")
	if strings.Contains(l.raw, "Hemlig") || !strings.Contains(l.raw, "Alvesta") || strings.Contains(l.raw, `"email"`) {
		t.Errorf("%s", l.raw)
	}
	n := public.ask("GET", "/api/v1/national/counties", "").is(200, "")
	if !strings.Contains(n.raw, `"publishedOrganisations":1`) {
		t.Errorf("%s", n.raw)
	}
	for _, no := range []string{"sverige", "nowhere", "NOT_A_SLUG"} {
		public.ask("GET", "/api/v1/counties/"+no, "").is(404, "common.not_found")
	}
}

func TestTheRestOfTheRoomsAnswer(t *testing.T) {
	w := enter(t)
	admin := w.as("kronoberg", auth.RoleCountyAdministrator)
	const county = "/api/v1/counties/kronoberg"
	p := admin.ask("POST", county+"/people", `{"name":"Kim Åberg","email":"kim@example.se"}`, "Idempotency-Key", "kim").is(201, "")
	person := strings.TrimPrefix(p.header.Get("Location"), site)
	admin.ask("GET", person, "").is(200, "")
	admin.ask("PUT", person, `{"name":"Kim Öberg","email":"kim@example.se","organisationId":null}`, "If-Match", `"1"`).is(200, "")
	admin.ask("GET", person+"/history", "").is(200, "")
	admin.ask("GET", county+"/people?q=kim", "").is(200, "")

	m := admin.ask("POST", county+"/memberships", `{"name":"Robin Ek","email":"robin@example.se","role":"officer"}`, "Idempotency-Key", "robin").is(201, "")
	membership := strings.TrimPrefix(m.header.Get("Location"), site)
	if at := m.body["invitedAt"].(string); !strings.HasSuffix(at, "Z") {
		t.Errorf("not in UTC: %s", at)
	}
	if a := admin.ask("GET", county+"/memberships?state=never-in", "").is(200, ""); len(a.body["memberships"].([]any)) != 1 {
		t.Errorf("%s", a.raw)
	}
	admin.ask("POST", membership+"/confirmation", "", "If-Match", `"1"`, "Idempotency-Key", "c").is(409, "member.not_bound")
	link := admin.ask("POST", membership+"/link", "", "If-Match", m.header.Get("ETag"), "Idempotency-Key", "l").is(200, "")
	if !strings.HasPrefix(link.body["href"].(string), site+"/lan/kronoberg/") {
		t.Errorf("%s", link.raw)
	}
	if again := admin.ask("POST", membership+"/link", "", "If-Match", m.header.Get("ETag"), "Idempotency-Key", "l").is(200, ""); again.body["href"] != nil || strings.Contains(again.raw, "invitation=") {
		t.Errorf("the secret was kept: %s", again.raw)
	}
	admin.ask("POST", membership+"/revocation", "", "If-Match", link.header.Get("ETag"), "Idempotency-Key", "r").is(200, "")

	trail := admin.ask("GET", county+"/audit-entries?subject=person", "").is(200, "")
	seq := trail.body["entries"].([]any)[0].(map[string]any)["seq"].(float64)
	masking := fmt.Sprintf("%s/audit-entries/%d/masking", county, int(seq))
	admin.ask("POST", masking, `{"reason":"Begäran om radering"}`, "Idempotency-Key", "m").is(204, "")
	admin.ask("POST", masking, `{"reason":"Igen"}`, "Idempotency-Key", "m2").is(409, "audit.masked_already")
	for _, no := range []string{"0", "-1", "01", "x"} {
		admin.ask("POST", county+"/audit-entries/"+no+"/masking", `{"reason":"x"}`, "Idempotency-Key", "n").is(404, "common.not_found")
	}

	admin.ask("GET", county+"/sessions", "").is(200, "")
	admin.ask("DELETE", county+"/sessions/"+nobody, "").is(404, "common.not_found")
	admin.ask("GET", county+"/operator-entries", "").is(200, "")
	if v := admin.ask("GET", county+"/configuration-versions", "").is(200, ""); v.body["_meta"].(map[string]any)["totalRecords"] != 1.0 {
		t.Errorf("%s", v.raw)
	}
	me := admin
	me.who.Person = uuid.MustParse(person[strings.LastIndex(person, "/")+1:])
	a := me.ask("GET", county+"/me", "").is(200, "")
	if a.body["name"] != "Kim Öberg" || !strings.Contains(a.raw, `"member.staff"`) {
		t.Errorf("%s", a.raw)
	}
}

// Every operation, asked by somebody of another county and by somebody of this
// one who means an id that does not exist: the first learns nothing, the second
// never meets a fault of ours.
func TestNoOperationLeaksOrFails(t *testing.T) {
	w := enter(t)
	fill := strings.NewReplacer("{county}", "kronoberg", "{seq}", "999999", "{number}", "1")
	hole := regexp.MustCompile(`\{[^}]+\}`)
	stranger, admin := w.as("ostergotland", auth.RoleCountyAdministrator), w.as("kronoberg", auth.RoleCountyAdministrator)
	for _, o := range w.door.Operations() {
		path := hole.ReplaceAllString(fill.Replace(o.Path), nobody)
		headers := []string{"Accept-Language", "en"}
		if o.IfMatch {
			headers = append(headers, "If-Match", `"1"`)
		}
		if o.IdempotencyKey {
			headers = append(headers, "Idempotency-Key", uuid.NewString())
		}
		if o.Access == api.Member {
			stranger.ask(o.Method, path, string(o.Body), headers...).is(404, "common.not_found")
			w.nobody().ask(o.Method, path, string(o.Body), headers...).is(401, "auth.sign_in")
		}
		if a := admin.ask(o.Method, path, string(o.Body), headers...); a.status >= 500 {
			t.Errorf("%s: %d %s", o.ID, a.status, a.raw)
		}
		if a := admin.ask(o.Method, path+"?%00=%ff", string(o.Body), headers...); a.status >= 500 {
			t.Errorf("%s with a strange question: %d %s", o.ID, a.status, a.raw)
		}
	}
}
