package api_test

import (
	"encoding/csv"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/xuri/excelize/v2"

	"github.com/overens/overens/internal/auth"
	kept "github.com/overens/overens/internal/county"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/population"
	"github.com/overens/overens/internal/tenant"
)

const costRuns = county + "/cost-runs"

// paying is a county where Alvesta and Lessebo share a coordinator's cost by
// population, and where the year before lacks Lessebo's. It gives their
// identifiers, and that of Uppvidinge, which pays nothing; an officer asks.
func (w *world) paying() (officer *world, ids map[string]string) {
	w.t.Helper()
	ctx := w.t.Context()
	err := w.db.InTenant(ctx, auth.System(pg.Nation, "test", ""), pg.Write, func(tx *pg.Tx) error {
		_, err := population.Put(ctx, tx, []population.Line{
			{Municipality: "0764", Day: day.Of(2024, 12, 31), Count: 20000, Source: "SCB"}, {Municipality: "0761", Day: day.Of(2024, 12, 31), Count: 8000, Source: "SCB"},
			{Municipality: "0764", Day: day.Of(2023, 12, 31), Count: 20000, Source: "SCB"},
		}, tx.Now)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	ids = map[string]string{}
	err = w.db.InTenant(ctx, auth.System("kronoberg", "test", ""), pg.Write, func(tx *pg.Tx) error {
		for _, m := range [][3]string{{"alvesta", "Alvesta kommun", "0764"}, {"lessebo", "Lessebo kommun", "0761"}, {"uppvidinge", "Uppvidinge kommun", "0760"}} {
			o, err := organisation.Import(ctx, tx, organisation.Card{Type: "municipality", Name: m[1], OfficialCode: m[2]}, organisation.Origin{Key: m[0]})
			if err != nil {
				return err
			}
			ids[m[0]] = o.ID.String()
		}
		c := tx.County
		c.CostKeys = tenant.Section[tenant.CostKeys]{{Value: tenant.CostKeys{Keys: []tenant.CostKey{
			{Key: "population", Name: tenant.Words{"sv": "Efter folkmängd"}, Parts: []tenant.CostPart{{By: tenant.ByPopulation, Reference: tenant.CostReference{YearsBefore: 1}}}},
			{Key: "equal", Name: tenant.Words{"sv": "Lika delar"}, Parts: []tenant.CostPart{{By: tenant.ByEqual}}},
		}}}}
		c.SharedFunctions = tenant.Section[tenant.SharedFunctions]{{Value: tenant.SharedFunctions{Functions: []tenant.SharedFunction{{
			Key: "coordinator", Name: tenant.Words{"sv": "Samordnare"}, Kind: tenant.FunctionPost, Employer: "lansstyrelsen", SharedBy: "population",
			Ground: tenant.CostGround{Decision: "Rådets beslut", FurtherNotice: true},
			Payers: tenant.CostPayers{List: []tenant.CostPayer{{Organisation: "alvesta"}, {Organisation: "lessebo"}}},
			Periods: []tenant.CostPeriod{{From: day.Of(2024, 1, 1), Until: day.Of(2024, 12, 31), Budget: "1000.00"},
				{From: day.Of(2025, 1, 1), Until: day.Of(2025, 12, 31), Budget: "1000.00", Outcome: "900.00"}},
		}}}}}
		_, _, err := kept.Apply(ctx, tx, c, kept.FromFile, "test")
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return w.as("kronoberg", auth.RoleOfficer), ids
}

// economist asks for a payer: its finance officer, with no role in the county.
func (w *world) economist(party string) *world {
	c := w.as("kronoberg")
	c.who.Grants = []auth.Grant{{Role: auth.RolePartyFinance, Party: uuid.MustParse(party)}}
	return c
}

// statement is the identifier of a payer's statement of a run.
func (w *world) statement(run, payer string) string {
	w.t.Helper()
	for _, s := range w.ask("GET", run, "").is(200, "").body["statements"].([]any) {
		if s := s.(map[string]any); s["organisation"] == payer {
			return county + "/cost-statements/" + s["id"].(string)
		}
	}
	w.t.Fatalf("%s bills no %s", run, payer)
	return ""
}

// charged makes an adopted run of 2025.
func (w *world) charged() string {
	w.t.Helper()
	run := w.made(costRuns, `{"function":"coordinator","from":"2025-01-01"}`, uuid.NewString())
	w.did(run, run+"/adoption", `{"mandate":"Delegationsordning, punkt 7"}`).is(200, "")
	return run
}

func link(a answer, rel string) string {
	l, _ := a.body["_links"].(map[string]any)[rel].(map[string]any)
	href, _ := l["href"].(string)
	return strings.TrimPrefix(href, site)
}

func TestACostIsDrawnAdoptedAndCorrectedByTheAPI(t *testing.T) {
	w, ids := enter(t).paying()
	const order = `{"function":"coordinator","from":"2025-01-01"}`
	w.ask("POST", costRuns, order).is(400, "idempotency.key_missing")
	w.ask("POST", costRuns, `{"function":"cook","from":"2025-01-01"}`, key()...).is(422, "cost.function_unknown").at("/function")
	w.ask("POST", costRuns, `{"function":"coordinator","from":"2025-02-01"}`, key()...).is(422, "cost.period_unknown").at("/from")
	w.ask("POST", costRuns, `{"function":"coordinator","from":"2025-01-01","sharedBy":"guess"}`, key()...).is(422, "cost.key_unknown").at("/sharedBy")
	w.ask("POST", costRuns, `{"function":"coordinator","from":"2024-01-01","basis":"outcome"}`, key()...).is(422, "cost.outcome_unknown").at("/basis")
	if missing := w.ask("POST", costRuns, `{"function":"coordinator","from":"2024-01-01"}`, key()...).is(422, "cost.population_missing"); !strings.Contains(missing.raw, "Lessebo kommun") ||
		!strings.Contains(missing.raw, "2023-12-31") || strings.Contains(missing.raw, "Alvesta") {
		t.Errorf("who lacks a figure is not named: %s", missing.raw)
	}
	w.as("kronoberg", auth.RoleAuditor).ask("POST", costRuns, order, key()...).is(403, "auth.forbidden")

	a := w.ask("POST", costRuns, order, "Idempotency-Key", "draw").is(201, "")
	if again := w.ask("POST", costRuns, order, "Idempotency-Key", "draw").is(201, ""); again.raw != a.raw || again.header.Get("Idempotency-Replayed") != "true" {
		t.Errorf("drawn twice: %s", again.raw)
	}
	w.ask("POST", costRuns, `{"function":"coordinator","from":"2024-01-01"}`, "Idempotency-Key", "draw").is(422, "idempotency.other_request")
	run := strings.TrimPrefix(a.header.Get("Location"), site)
	var shares []float64
	for _, s := range a.body["statements"].([]any) { // in the order of their codes: Lessebo, then Alvesta
		shares = append(shares, s.(map[string]any)["billed"].(float64))
	}
	if !slices.Equal(shares, []float64{28571, 71429}) || a.body["state"] != "preview" || link(a, "redraw") != run || link(a, "adoption") != run+"/adoption" || link(a, "xlsx") != "" {
		t.Errorf("%v: %s", shares, a.raw)
	}

	// A preview is drawn anew in the version that was seen.
	equal := `{"sharedBy":"equal"}`
	w.ask("PUT", run, equal).is(428, "problem.if_match_missing")
	w.ask("PUT", run, equal, "If-Match", `"1"`).is(200, "")
	stale := w.ask("PUT", run, `{"sharedBy":"population","reason":"Jag också"}`, "If-Match", `"1"`).is(412, "common.changed")
	if current, _ := stale.body["current"].(map[string]any); current["version"] != 2.0 || stale.body["yours"].(map[string]any)["reason"] != "Jag också" {
		t.Errorf("not both versions: %s", stale.raw)
	}
	w.ask("DELETE", run, "", "If-Match", `"1"`).is(412, "common.changed")
	w.ask("PUT", run, `{"sharedBy":"population"}`, "If-Match", `"2"`).is(200, "")

	w.ask("POST", run+"/adoption", `{"mandate":"x"}`, key()...).is(428, "problem.if_match_missing")
	w.did(run, run+"/adoption", `{}`).is(422, "cost.ground_missing").at("/mandate")
	w.did(run, run+"/adoption", `{"decision":"`+nobody+`"}`).is(422, "cost.decision_unknown").at("/decision")
	a = w.did(run, run+"/adoption", `{"mandate":"Delegationsordning, punkt 7"}`).is(200, "")
	if a.body["state"] != "adopted" || a.body["adoptedOn"] != "2026-11-25" || link(a, "redraw") != "" || link(a, "follow") != costRuns || link(a, "xlsx") != run+"/xlsx" {
		t.Errorf("%s", a.raw)
	}
	tag := a.header.Get("ETag")
	w.ask("PUT", run, equal, "If-Match", tag).is(409, "cost_run.closed")
	w.ask("DELETE", run, "", "If-Match", tag).is(409, "cost_run.closed")
	w.did(run, run+"/adoption", `{"mandate":"x"}`).is(409, "cost_run.closed")
	again := w.made(costRuns, order, "again")
	w.did(again, again+"/adoption", `{"mandate":"x"}`).is(409, "cost_run.once")
	w.ask("DELETE", again, "", "If-Match", `"1"`).is(204, "")

	// What comes later is a run of its own, which names the first.
	previous := `"previous":"` + last(run) + `"`
	w.ask("POST", costRuns, `{"kind":"correction",`+previous+`}`, key()...).is(422, "cost.reason_missing").at("/reason")
	w.ask("POST", costRuns, `{"kind":"correction","reason":"Fel nyckel"}`, key()...).is(422, "cost.previous_missing").at("/previous")
	correction := w.made(costRuns, `{"kind":"correction","reason":"Fel nyckel","sharedBy":"equal",`+previous+`}`, "correction")
	c := w.did(correction, correction+"/adoption", `{"mandate":"Delegationsordning, punkt 7"}`).is(200, "")
	if c.body["origin"] != last(run) || c.body["previous"] != last(run) || c.body["reason"] != "Fel nyckel" || c.body["billed"] != 0.0 || link(c, "predecessor-version") != run {
		t.Errorf("%s", c.raw)
	}
	settlement := w.made(costRuns, `{"kind":"settlement","reason":"Bokslut 2025","previous":"`+last(correction)+`"}`, "settlement")
	s := w.ask("GET", settlement, "").is(200, "")
	if s.body["origin"] != last(run) || s.body["shared"] != 90000.0 || s.body["billed"] != -10000.0 {
		t.Errorf("%s", s.raw)
	}
	if first := w.ask("GET", run, "").is(200, ""); first.body["next"] != last(correction) || link(first, "successor-version") != correction || link(first, "follow") != "" {
		t.Errorf("%s", first.raw)
	}
	w.ask("POST", costRuns, `{"kind":"correction","reason":"En till",`+previous+`}`, key()...).is(422, "cost.previous_followed").at("/previous")
	if v := w.as("kronoberg", auth.RoleAuditor).ask("GET", county+"/cost-verification", "").is(200, ""); v.body["count"] != 2.0 || v.total("wrongRuns") != 0 {
		t.Errorf("%s", v.raw)
	}
	if r := w.ask("GET", run+"/revised-figures", "").is(200, ""); r.total("revisedFigures") != 0 {
		t.Errorf("%s", r.raw)
	}
	err := w.db.InTenant(t.Context(), auth.System(pg.Nation, "test", ""), pg.Write, func(tx *pg.Tx) error {
		_, err := population.Put(t.Context(), tx, []population.Line{{Municipality: "0761", Day: day.Of(2024, 12, 31), Count: 8001, Source: "SCB, rättad"}}, tx.Now)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	r := w.ask("GET", run+"/revised-figures", "").is(200, "")
	if r.total("revisedFigures") != 1 {
		t.Fatalf("%s", r.raw)
	}
	f := r.body["revisedFigures"].([]any)[0].(map[string]any)
	if f["organisation"] != ids["lessebo"] || f["used"].(map[string]any)["count"] != 8000.0 || f["now"].(map[string]any)["count"] != 8001.0 {
		t.Errorf("%v", f)
	}
}

func TestRunsAreListedInPagesAndKeysCompared(t *testing.T) {
	w, _ := enter(t).paying()
	run := w.charged()
	correction := w.made(costRuns, `{"kind":"correction","reason":"Prov","previous":"`+last(run)+`"}`, "correction")
	l := w.ask("GET", costRuns+"?function=coordinator&limit=1&page=2", "").is(200, "")
	if meta := l.body["_meta"].(map[string]any); meta["totalRecords"] != 2.0 || l.total("costRuns") != 1 {
		t.Errorf("%s", l.raw)
	}
	for rel, page := range map[string]string{"self": "2", "first": "1", "prev": "1", "last": "2", "next": ""} {
		want := costRuns + "?function=coordinator&limit=1&page=" + page
		if page == "" {
			want = ""
		}
		if got := link(l, rel); got != want {
			t.Errorf("%s leads to %q, want %q", rel, got, want)
		}
	}
	l = w.ask("GET", costRuns+"?state=preview", "").is(200, "")
	if row := l.body["costRuns"].([]any)[0].(map[string]any); l.total("costRuns") != 1 || row["id"] != last(correction) || row["kind"] != "correction" {
		t.Errorf("%s", l.raw)
	}
	w.ask("GET", costRuns+"?state=closed", "").is(422, "shape.one_of")
	if l = w.as("kronoberg", auth.RoleAuditor).ask("GET", costRuns, "").is(200, ""); l.total("costRuns") != 1 {
		t.Errorf("a preview is listed for somebody who prepares nothing: %s", l.raw)
	}

	comparison := county + "/cost-comparison?function=coordinator&keys=population,equal&years=2024,2025"
	c := w.ask("GET", comparison, "").is(200, "")
	columns, rows := c.body["columns"].([]any), c.body["rows"].([]any)
	if len(columns) != 4 || len(rows) != 2 || link(c, "self") != comparison {
		t.Fatalf("%s", c.raw)
	}
	first := columns[0].(map[string]any)
	refusals, _ := first["refusals"].([]any)
	if first["year"] != 2024.0 || first["key"] != "population" || len(refusals) != 1 {
		t.Fatalf("the first column: %v", first)
	}
	if r := refusals[0].(map[string]any); r["key"] != "cost.population_missing" || r["args"].(map[string]any)["payer"] != "Lessebo kommun" {
		t.Errorf("who lacks a figure is not named: %v", r)
	}
	for n, want := range []float64{0, 50000, 28571, 50000} { // Lessebo by key and year
		cell := rows[0].(map[string]any)["cells"].([]any)[n].(map[string]any)
		if cell["amount"] != want || n > 0 && cell["difference"] != want-50000 {
			t.Errorf("column %d: %v, want %v", n, cell, want)
		}
	}
	w.as("kronoberg", auth.RoleAuditor).ask("GET", comparison, "").is(403, "auth.forbidden")
	if l = w.ask("GET", costRuns, "").is(200, ""); l.total("costRuns") != 2 {
		t.Errorf("a comparison was kept: %s", l.raw)
	}
}

func TestAPayerAsksAndIsAnsweredByTheAPI(t *testing.T) {
	w, ids := enter(t).paying()
	run := w.charged()
	preview := w.made(costRuns, `{"kind":"settlement","reason":"Bokslut","previous":"`+last(run)+`"}`, "settle")
	maja, other, outside := w.economist(ids["alvesta"]), w.economist(ids["lessebo"]), w.economist(ids["uppvidinge"])
	statement := maja.statement(run, ids["alvesta"])
	mine := county + "/organisations/" + ids["alvesta"] + "/cost-statements"

	s := maja.ask("GET", statement, "").is(200, "")
	if s.body["billed"] != 71429.0 || s.body["payer"].(map[string]any)["population"].(map[string]any)["count"] != 20000.0 || s.body["number"] != nil || link(s, "ask") != statement+"/questions" {
		t.Errorf("%s", s.raw)
	}
	if steps := s.body["reckoning"].(map[string]any)["steps"].([]any); len(steps) != 1 || steps[0].(map[string]any)["whole"] != 71428.0 || steps[0].(map[string]any)["extra"] != true {
		t.Errorf("how it came about: %v", steps)
	}
	if l := maja.ask("GET", mine, "").is(200, ""); l.total("costStatements") != 1 || l.body["costStatements"].([]any)[0].(map[string]any)["statement"].(map[string]any)["billed"] != 71429.0 {
		t.Errorf("%s", l.raw)
	}
	maja.ask("GET", preview, "").is(404, "common.not_found")
	maja.ask("POST", costRuns, `{"function":"coordinator","from":"2024-01-01"}`, key()...).is(403, "auth.forbidden")
	maja.ask("POST", run+"/adoption", `{"mandate":"x"}`, "If-Match", `"2"`, "Idempotency-Key", "x").is(403, "auth.forbidden")

	w.ask("POST", statement+"/questions", `{"text":"Varför?"}`, key()...).is(403, "auth.forbidden") // the county answers, it does not ask
	maja.ask("POST", statement+"/questions", `{"text":" "}`, key()...).is(422, "cost.text_missing").at("/text")
	question := strings.TrimPrefix(maja.ask("POST", statement+"/questions", `{"text":"Varför är basåret 2024?"}`, key()...).is(201, "").header.Get("Location"), site)
	waits := w.ask("GET", county+"/cost-questions", "").is(200, "")
	if q := waits.body["costQuestions"].([]any)[0].(map[string]any); waits.total("costQuestions") != 1 || q["organisation"] != ids["alvesta"] || q["question"] != "Varför är basåret 2024?" {
		t.Errorf("%s", waits.raw)
	}
	maja.ask("GET", county+"/cost-questions", "").is(403, "auth.forbidden")

	// Another payer sees how the cost is shared, and nothing of what others ask.
	other.ask("GET", run, "").is(200, "")
	other.ask("GET", statement, "").is(200, "")
	other.ask("GET", mine, "").is(403, "auth.forbidden")
	other.ask("GET", statement+"/questions", "").is(403, "auth.forbidden")
	other.ask("GET", question, "").is(404, "common.not_found")
	other.ask("POST", statement+"/questions", `{"text":"Vad betalar ni?"}`, key()...).is(403, "auth.forbidden")
	for _, path := range []string{run, statement, question, run + "/xlsx", run + "/revised-figures"} {
		outside.ask("GET", path, "").is(404, "common.not_found") // who pays nothing of it
	}
	maja.ask("POST", question+"/answer", `{"text":"Själv"}`, "If-Match", `"1"`, "Idempotency-Key", "self").is(403, "auth.forbidden")
	w.ask("POST", question+"/answer", `{"text":"x"}`, "If-Match", `"7"`, "Idempotency-Key", "stale").is(412, "common.changed")
	w.did(question, question+"/answer", `{"text":"Nyckeln räknar med årsskiftet före."}`).is(200, "")
	w.did(question, question+"/answer", `{"text":"Eller så."}`).is(409, "cost_question.stands")
	if q := maja.ask("GET", question, "").is(200, ""); q.body["answer"] != "Nyckeln räknar med årsskiftet före." || q.body["answeredAt"] == nil {
		t.Errorf("%s", q.raw)
	}
	if l := w.ask("GET", county+"/cost-questions", "").is(200, ""); l.total("costQuestions") != 0 {
		t.Errorf("it still waits: %s", l.raw)
	}

	w.ask("GET", county+"/organisations/"+nobody+"/cost-statements", "").is(404, "common.not_found")
	stranger := w.as("ostergotland", auth.RoleCountyAdministrator)
	for _, path := range []string{run, statement, question, mine, costRuns, run + "/csv"} {
		stranger.ask("GET", path, "").is(404, "common.not_found")
		if path != costRuns {
			stranger.ask("GET", strings.Replace(path, "kronoberg", "ostergotland", 1), "").is(404, "common.not_found")
		}
		w.nobody().ask("GET", path, "").is(401, "auth.sign_in")
	}
}

func TestARunIsFetchedAsFiles(t *testing.T) {
	w, ids := enter(t).paying()
	run := w.charged()
	maja := w.economist(ids["alvesta"])

	x := maja.ask("GET", run+"/xlsx", "").is(200, "")
	book, err := excelize.OpenReader(strings.NewReader(x.raw))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = book.Close() }()
	if sheets := book.GetSheetList(); len(sheets) < 2 || !strings.Contains(x.header.Get("Content-Disposition"), "Samordnare%202025.xlsx") {
		t.Errorf("%v %v", sheets, x.header)
	}
	for dialect, comma := range map[string]rune{"?dialect=swedish": ';', "": ';', "?dialect=rfc4180": ','} {
		c := maja.ask("GET", run+"/csv"+dialect, "").is(200, "")
		reader := csv.NewReader(strings.NewReader(strings.TrimPrefix(c.raw, "\ufeff")))
		reader.Comma = comma
		rows, err := reader.ReadAll()
		if err != nil || len(rows) != 3 {
			t.Fatalf("%q: %v %q", dialect, err, c.raw)
		}
		want := "714,29"
		if comma == ',' {
			want = "714.29"
		}
		if bom := strings.HasPrefix(c.raw, "\ufeff"); !slices.Contains(rows[2], want) || !slices.Contains(rows[2], "Alvesta kommun") || bom != (comma == ';') {
			t.Errorf("%q: %q", dialect, c.raw)
		}
	}
	maja.ask("GET", run+"/csv?dialect=other", "").is(422, "shape.one_of")

	preview := w.made(costRuns, `{"kind":"settlement","reason":"Bokslut","previous":"`+last(run)+`"}`, "settle")
	for _, file := range []string{"/xlsx", "/csv"} {
		w.ask("GET", preview+file, "").is(409, "cost.not_adopted")
	}
	w.ask("POST", preview+"/bundles", "", key()...).is(409, "cost.not_adopted")

	// Nothing prints here, and that is said.
	maja.ask("GET", maja.statement(run, ids["alvesta"])+"/pdf", "").is(409, "bundle.nothing_prints")

	b := w.ask("POST", run+"/bundles", "", "Idempotency-Key", "pack").is(201, "")
	if b.body["ready"] != false || b.body["total"] != 2.0 || link(b, "zip") != "" {
		t.Errorf("%s", b.raw)
	}
	if again := w.ask("POST", run+"/bundles", "", "Idempotency-Key", "pack").is(201, ""); again.raw != b.raw {
		t.Errorf("done again: %s", again.raw)
	}
	if other := w.ask("POST", run+"/bundles", "", "Idempotency-Key", "pack too").is(201, ""); other.body["id"] != b.body["id"] {
		t.Errorf("another bundle of the same run: %s", other.raw)
	}
	bundle := strings.TrimPrefix(b.header.Get("Location"), site)
	w.ask("GET", bundle, "").is(200, "")
	w.ask("GET", bundle+"/zip", "").is(409, "cost.bundle_not_ready")
	maja.ask("GET", bundle, "").is(403, "auth.forbidden")
	maja.ask("POST", run+"/bundles", "", key()...).is(403, "auth.forbidden")
}
