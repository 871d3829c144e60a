package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/api"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/population"
)

const (
	figuresAt = "/api/v1/national/population-figures"
	importsAt = "/api/v1/national/population-imports"
)

// written lets a confirmed import be written as its job would.
func (w *world) written(id string) {
	w.t.Helper()
	for more := true; more; {
		err := w.db.InTenant(w.t.Context(), auth.System(pg.Nation, "test", ""), pg.Write, func(tx *pg.Tx) (err error) {
			more, err = population.WriteDay(w.t.Context(), tx, uuid.MustParse(id))
			return err
		})
		if err != nil {
			w.t.Fatal(err)
		}
	}
}

// figures hands in a file of figures.
func (w *world) figures(key, source, content string, parts ...string) answer {
	w.t.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	part, err := m.CreateFormFile("file", "folkmängd.csv")
	if err != nil {
		w.t.Fatal(err)
	}
	_, _ = part.Write([]byte(content))
	if source != "" {
		_ = m.WriteField("source", source)
	}
	for _, name := range parts {
		_ = m.WriteField(name, "x")
	}
	_ = m.Close()
	r := httptest.NewRequestWithContext(w.t.Context(), http.MethodPost, importsAt, &body)
	r.Header.Set("Content-Type", m.FormDataContentType())
	if key != "" {
		r.Header.Set("Idempotency-Key", key)
	}
	mux := http.NewServeMux()
	w.door.Register(mux)
	rec := httptest.NewRecorder()
	mux.ServeHTTP(rec, r.WithContext(auth.With(r.Context(), w.who, nil)))
	a := answer{t: w.t, status: rec.Code, header: rec.Header(), raw: rec.Body.String()}
	if err := json.Unmarshal(rec.Body.Bytes(), &a.body); err != nil {
		w.t.Fatalf("%v in %s", err, rec.Body)
	}
	return a
}

const folk = "kommunkod;år;folkmängd\n0580;2023;167404\n0580;2024;168035\n0764;2024;20000\n05;2024;472446\n9999;2024;1\n"

func TestFiguresOfPopulationAreImportedConfirmedAndReadByAll(t *testing.T) {
	w := enter(t)
	analyst := w.as(pg.Nation, auth.RoleNationalAnalyst)
	a := analyst.figures("first", "SCB, 2025", folk).is(201, "")
	id, _ := a.body["id"].(string)
	if a.body["state"] != "preview" || a.body["new"] != 3.0 || a.body["skipped"] != 1.0 || a.body["refused"] != 1.0 || a.header.Get("ETag") != `"2"` ||
		a.header.Get("Location") != site+importsAt+"/"+id {
		t.Errorf("%s %v", a.raw, a.header)
	}
	problem := a.body["problems"].([]any)[0].(map[string]any)
	if problem["row"] != 6.0 || problem["code"] != "population.code_unknown" || !strings.Contains(problem["detail"].(string), "9999") {
		t.Errorf("%v", problem)
	}
	if again := analyst.figures("first", "SCB, 2025", folk).is(201, ""); again.raw != a.raw || again.header.Get("Idempotency-Replayed") != "true" {
		t.Errorf("done again: %s", again.raw)
	}
	analyst.figures("first", "SCB, 2025", folk+"0781;2024;1\n").is(422, "idempotency.other_request")
	if got := w.nobody().ask("GET", figuresAt, "").is(200, ""); got.body["_meta"].(map[string]any)["totalRecords"] != 0.0 {
		t.Errorf("written before it was confirmed: %s", got.raw)
	}

	confirm := importsAt + "/" + id + "/confirmation"
	analyst.ask("POST", confirm, "", "Idempotency-Key", "c1").is(428, "problem.if_match_missing")
	analyst.ask("POST", confirm, "", "If-Match", `"2"`).is(400, "idempotency.key_missing")
	stale := analyst.ask("POST", confirm, "", "If-Match", `"1"`, "Idempotency-Key", "c1").is(412, "common.changed")
	if now, _ := stale.body["current"].(map[string]any); now["state"] != "preview" || now["version"] != 2.0 {
		t.Errorf("%s", stale.raw)
	}
	a = analyst.ask("POST", confirm, "", "If-Match", `"2"`, "Idempotency-Key", "c2").is(200, "")
	if a.body["state"] != "writing" || a.header.Get("ETag") != `"3-0"` {
		t.Errorf("%s %v", a.raw, a.header)
	}
	analyst.ask("POST", confirm, "", "If-Match", `"2"`, "Idempotency-Key", "c2").is(200, "")
	analyst.ask("POST", confirm, "", "If-Match", `"3"`, "Idempotency-Key", "c3").is(409, "population.confirmed_already")
	w.written(id)
	a = analyst.ask("GET", importsAt+"/"+id, "").is(200, "")
	if a.body["state"] != "done" || a.body["daysWritten"] != 2.0 || a.body["endedAt"] == nil {
		t.Errorf("%s", a.raw)
	}
	analyst.ask("GET", importsAt+"/"+id, "", "If-None-Match", a.header.Get("ETag")).is(304, "")

	for query, want := range map[string]float64{"": 3, "?county=05": 2, "?county=07&day=2024-12-31": 1, "?municipality=0580&revisions=all": 2, "?county=21": 0, "?day=2020-12-31": 0} {
		if got := w.nobody().ask("GET", figuresAt+query, "").is(200, ""); got.body["_meta"].(map[string]any)["totalRecords"] != want {
			t.Errorf("%s: %s, want %v", query, got.raw, want)
		}
	}
	l := w.nobody().ask("GET", figuresAt+"?municipality=0580&day=2024-12-31", "").is(200, "")
	f := l.body["figures"].([]any)[0].(map[string]any)
	if f["count"] != 168035.0 || f["name"] != "Linköping" || f["county"] != "05" || f["source"] != "SCB, 2025" || f["revision"] != 1.0 || f["fetchedAt"] != "2026-11-25T11:00:00Z" {
		t.Errorf("%v", f)
	}
	one := w.nobody().ask("GET", figuresAt+"/"+f["id"].(string), "").is(200, "")
	if one.body["count"] != 168035.0 {
		t.Errorf("%s", one.raw)
	}
	w.nobody().ask("GET", figuresAt+"/"+nobody, "").is(404, "common.not_found")
	w.nobody().ask("GET", figuresAt+"?county=5", "").is(422, "shape.pattern")
}

func TestAPreviewOfPopulationIsThrownAway(t *testing.T) {
	w := enter(t)
	analyst := w.as(pg.Nation, auth.RoleNationalAnalyst)
	id, _ := analyst.figures("first", "SCB, 2025", folk).is(201, "").body["id"].(string)
	discard := importsAt + "/" + id + "/discarding"
	analyst.ask("POST", discard, "", "If-Match", `"1"`, "Idempotency-Key", "d1").is(412, "common.changed")
	for range 2 {
		if a := analyst.ask("POST", discard, "", "If-Match", `"2"`, "Idempotency-Key", "d2").is(200, ""); a.body["state"] != "discarded" || a.body["endedAt"] == nil {
			t.Errorf("%s", a.raw)
		}
	}
	analyst.ask("POST", importsAt+"/"+id+"/confirmation", "", "If-Match", `"3"`, "Idempotency-Key", "c").is(409, "population.not_ready")
	if got := w.nobody().ask("GET", figuresAt, "").is(200, ""); got.body["_meta"].(map[string]any)["totalRecords"] != 0.0 {
		t.Errorf("it was written: %s", got.raw)
	}
}

func TestWhoMayNotTakePopulationInIsToldBeforeAnythingIsRead(t *testing.T) {
	w := enter(t)
	for _, ask := range []func(*world) answer{
		func(w *world) answer { return w.ask("GET", importsAt, "") },
		func(w *world) answer { return w.ask("GET", importsAt+"/"+nobody, "") },
		func(w *world) answer {
			return w.ask("POST", importsAt, `{"address":"https://api.scb.se/x"}`, "Idempotency-Key", uuid.NewString())
		},
		func(w *world) answer { return w.figures(uuid.NewString(), "SCB", folk) },
		func(w *world) answer {
			return w.ask("POST", importsAt+"/"+nobody+"/confirmation", "", "If-Match", `"1"`, "Idempotency-Key", uuid.NewString())
		},
		func(w *world) answer {
			return w.ask("POST", importsAt+"/"+nobody+"/discarding", "", "If-Match", `"1"`, "Idempotency-Key", uuid.NewString())
		},
	} {
		ask(w.nobody()).is(401, "auth.sign_in")
		ask(w.as("ostergotland", auth.RoleCountyAdministrator)).is(404, "common.not_found")
		ask(w.as(pg.Nation, auth.RoleAuditor)).is(403, "auth.forbidden")
	}
	for _, role := range []auth.Role{auth.RoleOperator, auth.RoleNationalAnalyst} {
		w.as(pg.Nation, role).ask("GET", importsAt, "").is(200, "")
	}
}

func TestAnAddressOfPopulationIsOrderedWhereItIsAllowed(t *testing.T) {
	w := enter(t)
	w.door = api.New(api.Config{DB: w.db.DB, PublicURL: site, Version: "1.0.0", PopulationHosts: []string{"api.scb.se"}})
	analyst := w.as(pg.Nation, auth.RoleNationalAnalyst)
	ask := func(body string) answer {
		return analyst.ask("POST", importsAt, body, "Idempotency-Key", uuid.NewString())
	}
	a := ask(`{"address":"https://api.scb.se/folk"}`).is(201, "")
	if a.body["state"] != "fetching" || a.body["address"] != "https://api.scb.se/folk" {
		t.Errorf("%s", a.raw)
	}
	var jobs int
	err := w.db.Pool().QueryRow(context.Background(), `SELECT count(*) FROM river.river_job WHERE kind = 'population.fetch'`).Scan(&jobs)
	if err != nil || jobs != 1 {
		t.Errorf("%d jobs, %v", jobs, err)
	}
	ask(`{"address":"https://evil.example/folk"}`).is(422, "population.host_not_allowed").at("/address")
	ask(`{"address":"http://api.scb.se/folk"}`).is(422, "population.address_wrong").at("/address")
	ask(`{}`).is(422, "shape.required").at("/address")
	ask(`{"address":"https://api.scb.se/folk","county":"05"}`).is(422, "shape.unknown")
	analyst.figures(uuid.NewString(), "", folk).is(422, "population.source_missing").at("/source")
	analyst.figures(uuid.NewString(), "SCB", "namn;antal\nx;1\n").is(422, "population.columns_missing").at("/file")
	analyst.figures(uuid.NewString(), "SCB", folk, "other").is(422, "population.part_unknown")
	analyst.figures("", "SCB", folk).is(400, "idempotency.key_missing")
}
