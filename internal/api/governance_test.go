package api_test

import (
	"bytes"
	"encoding/json"
	"mime/multipart"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	kept "github.com/overens/overens/internal/county"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/person"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/sample"
	"github.com/overens/overens/internal/tenant"
)

const inKronoberg = "/api/v1/counties/kronoberg"

// seated is a county with a forum and people, and what they are called.
func (w *world) seated() map[string]string {
	w.t.Helper()
	ctx := w.t.Context()
	ids := map[string]string{}
	err := w.db.InTenant(ctx, auth.System("kronoberg", "test", ""), pg.Write, func(tx *pg.Tx) error {
		if _, err := sample.Organisations(ctx, tx); err != nil {
			return err
		}
		if _, err := sample.Agreements(ctx, tx); err != nil {
			return err
		}
		for _, key := range []string{"alvesta", "fk"} {
			o, err := organisation.ByKey(ctx, tx, key)
			if err != nil {
				return err
			}
			ids[key] = o.ID.String()
		}
		for _, name := range []string{"Kim Lind", "Robin Berg"} {
			p, err := person.Create(ctx, tx, person.Card{Name: name})
			if err != nil {
				return err
			}
			ids[name] = p.ID.String()
		}
		c := tx.County
		c.Bodies = tenant.Section[tenant.Bodies]{{Value: tenant.Bodies{Bodies: []tenant.Body{{Key: "forum", Kind: "forum", Name: tenant.Words{"sv": "Forum"}, Published: true,
			Seats: []tenant.Seat{{Key: "municipality", Each: "municipality"}, {Key: "agency", Name: tenant.Words{"sv": "Annan myndighet"}, Standing: tenant.SeatOffered}}}}}}}
		_, _, err := kept.Apply(ctx, tx, c, kept.FromFile, "test")
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return ids
}

func body(v any) string {
	b, _ := json.Marshal(v)
	return string(b)
}

func TestWhoSitsWhereIsAskedAndChanged(t *testing.T) {
	w := enter(t)
	ids := w.seated()
	if l := w.ask("GET", inKronoberg+"/bodies", "").is(200, ""); l.total("bodies") != 1 || !strings.Contains(l.raw, `"places":7,"held":0`) {
		t.Error(l.raw)
	}
	b := w.ask("GET", inKronoberg+"/bodies/forum?lang=sv", "").is(200, "")
	if rules := b.body["rules"].([]any); len(rules) == 0 || rules[0].(map[string]any)["sentence"] == "" {
		t.Error(b.raw)
	}
	w.ask("GET", inKronoberg+"/bodies/nowhere", "").is(404, "common.not_found")
	w.ask("GET", inKronoberg+"/bodies/NO", "").is(404, "common.not_found")

	nomination := map[string]any{"body": "forum", "place": "municipality/alvesta", "person": ids["Kim Lind"], "from": "2026-01-01"}
	made := w.ask("POST", inKronoberg+"/mandates", body(nomination), "Idempotency-Key", "one").is(201, "")
	path := strings.TrimPrefix(made.header.Get("Location"), site)
	if w.ask("POST", inKronoberg+"/mandates", body(nomination), "Idempotency-Key", "one").is(201, "").raw != made.raw {
		t.Error("the same key twice")
	}
	nomination["person"] = ids["Robin Berg"]
	held := w.ask("POST", inKronoberg+"/mandates", body(nomination), "Idempotency-Key", "two").is(409, "mandate.held_already")
	if !strings.Contains(held.raw, "Kim Lind") {
		t.Errorf("it is not said who has the place: %s", held.raw)
	}
	if l := w.ask("GET", inKronoberg+"/bodies/forum/members", "").is(200, ""); l.total("members") != 7 || !strings.Contains(l.raw, "Kim Lind") {
		t.Error(l.raw)
	}
	if l := w.ask("GET", inKronoberg+"/bodies/forum/members?on=2025-12-31", "").is(200, ""); strings.Contains(l.raw, "Kim Lind") {
		t.Error(l.raw)
	}
	if l := w.ask("GET", inKronoberg+"/people/"+ids["Kim Lind"]+"/seats", "").is(200, ""); l.total("seats") != 1 {
		t.Error(l.raw)
	}
	if l := w.ask("GET", inKronoberg+"/organisations/"+ids["alvesta"]+"/speakers", "").is(200, ""); l.total("seats") != 1 {
		t.Error(l.raw)
	}
	if l := w.ask("GET", inKronoberg+"/vacancies", "").is(200, ""); l.total("vacancies") != 6 {
		t.Error(l.raw)
	}

	facts := map[string]any{"from": "2026-02-01", "reference": "KS 1"}
	w.ask("PUT", path, body(facts)).is(428, "problem.if_match_missing")
	w.ask("PUT", path, body(facts), "If-Match", `"1"`).is(200, "")
	late := w.ask("PUT", path, body(facts), "If-Match", `"1"`).is(412, "common.changed")
	if late.body["yours"].(map[string]any)["reference"] != "KS 1" || late.body["current"].(map[string]any)["from"] != "2026-02-01" {
		t.Error(late.raw)
	}
	w.ask("POST", path+"/ending", `{"on":"2026-11-01","reason":"Lämnade"}`, "If-Match", `"2"`, "Idempotency-Key", "end").is(200, "")
	if l := w.ask("GET", path+"/history", "").is(200, ""); l.total("entries") != 3 {
		t.Error(l.raw)
	}

	nomination["from"] = "2026-11-01"
	w.ask("POST", inKronoberg+"/mandates", body(nomination), "Idempotency-Key", "three").is(201, "")
	second := map[string]any{"body": "forum", "place": "municipality/lessebo", "person": ids["Robin Berg"], "from": "2026-11-02"}
	if a := w.ask("POST", inKronoberg+"/mandates", body(second), "Idempotency-Key", "second").is(201, ""); !strings.Contains(a.raw, "mandate.second_seat") || strings.Contains(a.raw, "⟨") {
		t.Errorf("two places, and nothing is said: %s", a.raw)
	}
	l := w.ask("GET", inKronoberg+"/handovers?unfinished=true", "").is(200, "")
	if l.total("handovers") != 1 {
		t.Fatal(l.raw)
	}
	h := l.body["handovers"].([]any)[0].(map[string]any)
	points := []any{}
	for _, it := range h["items"].([]any) {
		points = append(points, it.(map[string]any)["id"])
	}
	at := inKronoberg + "/handovers/" + h["id"].(string)
	w.as("kronoberg", auth.RoleOfficer).ask("POST", at+"/giving", body(map[string]any{"items": points}), "If-Match", `"1"`, "Idempotency-Key", "g0").is(403, "handover.giver")
	w.ask("POST", at+"/giving", body(map[string]any{"items": points}), "If-Match", `"1"`, "Idempotency-Key", "g1").is(200, "")
	if done := w.ask("POST", at+"/taking", body(map[string]any{"items": points}), "If-Match", `"2"`, "Idempotency-Key", "t1").is(200, ""); done.body["finished"] != true {
		t.Error(done.raw)
	}

	offer := w.ask("POST", inKronoberg+"/seat-offers", body(map[string]any{"body": "forum", "seat": "agency", "organisation": ids["fk"], "matter": "Bosättning", "from": "2026-11-01"}),
		"Idempotency-Key", "offer").is(201, "")
	at = strings.TrimPrefix(offer.header.Get("Location"), site)
	if a := w.ask("POST", at+"/answer", `{"accepted":true}`, "If-Match", `"1"`, "Idempotency-Key", "yes").is(200, ""); a.body["answer"] != "accepted" {
		t.Error(a.raw)
	}
	if l := w.ask("GET", inKronoberg+"/bodies/forum/members", "").is(200, ""); l.total("members") != 8 {
		t.Error(l.raw)
	}
	w.ask("POST", at+"/withdrawal", "", "If-Match", `"2"`, "Idempotency-Key", "no").is(200, "")
	w.nobody().ask("GET", inKronoberg+"/mandates", "").is(401, "auth.sign_in")
	w.as("halland", auth.RoleStrategist).ask("GET", path, "").is(404, "common.not_found")
}

// file sends a file as a form's one part.
func (w *world) file(path, content string) answer {
	w.t.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	part, err := form.CreateFormFile("file", "register.csv")
	if err != nil {
		w.t.Fatal(err)
	}
	_, _ = part.Write([]byte(content))
	_ = form.Close()
	return w.ask("POST", path, b.String(), "Content-Type", form.FormDataContentType(), "Idempotency-Key", uuid.NewString())
}

func TestTheRegisterGoesOutAndComesIn(t *testing.T) {
	w := enter(t)
	w.seated()
	const csv = "organ;plats;roll;namn;från;till och med\r\nforum;municipality/alvesta;ordinarie;Kim Lind;2026-01-01;\r\nforum;municipality/lessebo;ordinarie;Ny Person;2026-01-01;2026-12-31\r\n"
	counts := func(a answer) string {
		return body([]any{a.body["created"], a.body["changed"], a.body["ended"], a.body["same"], a.body["refused"]})
	}
	imports := inKronoberg + "/register-imports"
	if a := w.file(imports+"?preview=true", csv).is(200, ""); counts(a) != "[2,0,0,0,0]" || a.body["preview"] != true {
		t.Error(a.raw)
	}
	if l := w.ask("GET", inKronoberg+"/mandates?status=all", "").is(200, ""); l.total("mandates") != 0 {
		t.Errorf("a preview was kept: %s", l.raw)
	}
	if a := w.file(imports, csv).is(200, ""); counts(a) != "[2,0,0,0,0]" {
		t.Error(a.raw)
	}
	if a := w.file(imports, csv).is(200, ""); counts(a) != "[0,0,0,2,0]" {
		t.Errorf("the same file again: %s", a.raw)
	}
	for _, format := range []string{"csv", "xlsx"} {
		out := w.ask("GET", inKronoberg+"/register?format="+format, "").is(200, "")
		if a := w.file(imports, out.raw).is(200, ""); counts(a) != "[0,0,0,2,0]" {
			t.Errorf("what went out as %s: %s", format, a.raw)
		}
		w.ask("GET", inKronoberg+"/register?format="+format, "", "If-None-Match", out.header.Get("ETag")).is(304, "")
	}
	bad := strings.Replace(csv, "2026-12-31", "nyss", 1) + "forum;nowhere;ordinarie;Ny Person;2026-01-01;\r\n"
	a := w.file(imports+"?preview=true&lang=sv", bad).is(200, "")
	if counts(a) != "[0,0,0,1,2]" || !strings.Contains(a.raw, `"column":"till och med","code":"register.day_wrong"`) || !strings.Contains(a.raw, `"column":"plats","code":"mandate.place_unknown"`) ||
		!strings.Contains(a.raw, `"row":4`) {
		t.Error(a.raw)
	}
	w.file(imports, bad).is(422, "register.day_wrong").at("/rows/3/to")
	w.file(imports, "organ;plats\r\nforum;x\r\n").is(422, "register.columns_missing")
	w.file(imports, "\xd0\xcf\x11\xe0").is(422, "register.old_workbook")
	w.file(imports, "organ\r\nforum;x\r\n").is(422, "register.unreadable_row")
	w.ask("POST", imports, `{"rows":[{"body":"forum","place":"municipality/alvesta","role":"ordinary","name":"Kim Lind","from":"2026-01-01"}]}`, "Idempotency-Key", "json").is(200, "")
	w.ask("POST", imports, `{"rows":[]}`, "Idempotency-Key", "none").is(422, "shape.min_items")
	w.as("kronoberg", auth.RoleAuditor).ask("POST", imports, `{"rows":[]}`, "Idempotency-Key", "none").is(403, "auth.forbidden")
}

func TestPublishedBodiesNameNoPerson(t *testing.T) {
	w := enter(t)
	ids := w.seated()
	w.ask("POST", inKronoberg+"/mandates", `{"body":"forum","place":"municipality/alvesta","person":"`+ids["Kim Lind"]+`","from":"2026-01-01"}`, "Idempotency-Key", "one").is(201, "")
	l := w.nobody().ask("GET", inKronoberg+"/published-bodies", "").is(200, "")
	if l.total("bodies") != 1 || strings.Contains(l.raw, "Kim Lind") || !strings.Contains(l.raw, "Alvesta kommun") || strings.Contains(l.raw, "Annan myndighet") {
		t.Error(l.raw)
	}
	b := w.nobody().ask("GET", inKronoberg+"/published-bodies/forum", "").is(200, "")
	if len(b.body["seats"].([]any)) != 7 || len(b.body["rules"].([]any)) == 0 {
		t.Error(b.raw)
	}
	w.nobody().ask("GET", inKronoberg+"/published-bodies/board", "").is(404, "common.not_found")
	w.nobody().ask("GET", inKronoberg+"/bodies/forum", "").is(401, "auth.sign_in")
}
