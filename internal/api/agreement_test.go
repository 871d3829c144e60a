package api_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/dbtest"
)

const county = "/api/v1/counties/kronoberg"

// made posts something new and gives its path.
func (w *world) made(path, body, key string) string {
	w.t.Helper()
	return strings.TrimPrefix(w.ask("POST", path, body, "Idempotency-Key", key).is(201, "").header.Get("Location"), site)
}

// did does something that happens to a thing, in the version that is kept now.
func (w *world) did(thing, path, body string) answer {
	w.t.Helper()
	tag := w.ask("GET", thing, "").is(200, "").header.Get("ETag")
	w.n++
	return w.ask("POST", path, body, "If-Match", tag, "Idempotency-Key", fmt.Sprint("did ", w.n))
}

func last(path string) string { return path[strings.LastIndex(path, "/")+1:] }

// agreed makes an agreement with a party and two goals.
func (w *world) agreed() (agreement, participation, goal string) {
	w.t.Helper()
	alvesta := last(w.alvesta())
	agreement = w.made(county+"/agreements", `{"kind":"agreement","title":"Strategisk överenskommelse","shortName":"SÖK"}`, "agreement")
	w.did(agreement, agreement+"/validities", `{"kind":"fixed","from":"2019","until":"2025"}`).is(200, "")
	participation = w.made(agreement+"/participations", `{"organisation":"`+alvesta+`","status":"signatory","from":"2019"}`, "join")
	goal = w.made(agreement+"/goals", `{"level":"area","name":"Boende","from":"2019"}`, "area")
	w.made(agreement+"/goals", `{"level":"sub-goal","name":"Fler bostäder","from":"2019","parent":"`+last(goal)+`"}`, "sub-goal")
	return agreement, participation, goal
}

func (a answer) total(name string) int {
	a.t.Helper()
	list, ok := a.body[name].([]any)
	if !ok || a.status != 200 {
		a.t.Fatalf("no %s: %s", name, a.raw)
	}
	return len(list)
}

func TestAnAgreementIsMadeReadAsOfADayChangedAndCompared(t *testing.T) {
	w := enter(t)
	agreement, participation, goal := w.agreed()

	if s := w.ask("GET", agreement+"/state?on=2018-06-01", "").is(200, ""); s.body["key"] != "coming" || s.body["holds"] != false {
		t.Error(s.raw)
	}
	if s := w.ask("GET", agreement+"?on=2026-01-01", "").is(200, ""); s.body["state"].(map[string]any)["key"] != "ended" || s.body["validity"].(map[string]any)["until"] != "2025" {
		t.Error(s.raw)
	}
	stale := w.ask("PUT", agreement, `{"kind":"agreement","title":"En annan"}`, "If-Match", `"1"`).is(412, "common.changed")
	if stale.body["yours"].(map[string]any)["title"] != "En annan" || stale.body["current"].(map[string]any)["shortName"] != "SÖK" {
		t.Error(stale.raw)
	}
	w.ask("PUT", agreement, `{"kind":"agreement","title":"En annan"}`).is(428, "problem.if_match_missing")
	w.ask("POST", agreement+"/validities", `{"kind":"fixed","from":"2019-13","until":"2025"}`, "If-Match", `"1"`, "Idempotency-Key", "month").is(422, "shape.pattern").at("/from")

	text := w.did(agreement, agreement+"/texts", `{"kind":"adopted","name":"Antagen","source":"källa"}`).is(201, "")
	w.did(agreement, agreement+"/texts", `{"kind":"errata","name":"Rättad","source":"källa"}`).is(422, "instrument_text.errata_names_text").at("/of")
	w.did(agreement, agreement+"/texts", `{"kind":"errata","name":"Rättad","source":"källa","of":"`+text.body["id"].(string)+`"}`).is(201, "")
	w.ask("GET", strings.TrimPrefix(text.header.Get("Location"), site), "").is(200, "")
	event := w.made(agreement+"/events", `{"kind":"decided","when":"2020-06","source":"protokoll"}`, "event")
	w.made(agreement+"/events", `{"kind":"decided","when":"2020-05-04","source":"protokoll","corrects":"`+last(event)+`"}`, "correction")
	if e := w.ask("GET", event, "").is(200, ""); e.body["corrected"] != true || e.header.Get("ETag") != `"2"` {
		t.Error(e.raw)
	}
	w.ask("GET", w.made(agreement+"/adoptions", `{"kind":"adopted","body":"Regionfullmäktige","source":"protokoll"}`, "adoption"), "").is(200, "")

	w.made(participation+"/signature", `{"when":"2020-05-04","source":"exemplar"}`, "sign")
	w.ask("POST", participation+"/signature", `{"when":"2020-05-05","source":"exemplar"}`, "Idempotency-Key", "again").is(409, "signature.once")
	w.made(participation+"/signature/correction", `{"when":"2020-05-05","source":"exemplar"}`, "correct")
	if l := w.ask("GET", agreement+"/participations?on=2021-01-01", "").is(200, ""); l.body["counted"] != 1.0 || !strings.Contains(l.raw, `"hasSigned":true`) {
		t.Error(l.raw)
	}
	w.made(county+"/organisations", `{"type":"municipality","name":"Markaryds kommun","officialCode":"0767","published":true}`, "markaryd")
	w.did(participation, participation+"/ending", `{"on":"2022-01-01","ground":"Klev av"}`).is(200, "")
	if l := w.ask("GET", agreement+"/non-parties?on=2023-01-01", "").is(200, ""); l.total("nonParties") != 1 {
		t.Error(l.raw)
	}

	if l := w.ask("GET", agreement+"/goals?on=2020-01-01", "").is(200, ""); l.total("goals") != 1 || !strings.Contains(l.raw, `"standing":1`) {
		t.Error(l.raw)
	}
	if l := w.ask("GET", agreement+"/goals?on=2020-01-01&parent="+last(goal), "").is(200, ""); l.total("goals") != 1 {
		t.Error(l.raw)
	}
	w.did(goal, goal+"/versions", `{"level":"area","name":"Bostad","from":"2021-01-01","reason":"Byter namn"}`).is(200, "")
	if g := w.ask("GET", goal+"?on=2020-06-01", "").is(200, ""); g.body["name"] != "Boende" {
		t.Error(g.raw)
	}
	c := w.did(goal, goal+"/closing", `{"effective":"2023-03-20","decided":"2023-03-30","reason":"Vilar"}`).is(200, "")
	if c.total("closedGoals") != 1 || c.total("warnings") != 1 || strings.Contains(c.raw, "⟨") || !strings.Contains(c.raw, "2023-03-30") {
		t.Error(c.raw)
	}
	if l := w.ask("GET", goal+"/versions", "").is(200, ""); l.total("versions") != 2 {
		t.Error(l.raw)
	}
	w.ask("POST", goal+"/notes", `{"kind":"note","on":"2024-01-01","note":"Mer","source":"källa"}`, "Idempotency-Key", "note").is(204, "")
	if l := w.ask("GET", goal+"/notes", "").is(200, ""); l.total("notes") != 1 {
		t.Error(l.raw)
	}
	if l := w.ask("GET", agreement+"/offered-goals?on=2024-01-01", "").is(200, ""); l.total("goals") != 0 {
		t.Error(l.raw)
	}
	w.did(agreement, agreement+"/counts", `{"what":"goals","level":"sub-goal","count":9,"source":"källa"}`).is(200, "")
	if l := w.ask("GET", agreement+"/levels?on=2020-01-01", "").is(200, ""); !strings.Contains(l.raw, `"unworded":8`) {
		t.Error(l.raw)
	}
	x := w.ask("GET", agreement+"/differences?from=2021-06-01&to=2024-01-01", "").is(200, "")
	if x.total("formerParties") != 1 || x.total("goals") != 2 {
		t.Error(x.raw)
	}
	for _, path := range []string{"/texts", "/events", "/adoptions", "/validities", "/leads", "/timeline", "/relatives", "/history", "/counts"} {
		w.ask("GET", agreement+path, "").is(200, "")
		w.ask("GET", county+"/agreements/"+nobody+path, "").is(404, "common.not_found")
	}
	for _, path := range []string{"/links", "/history"} {
		w.ask("GET", goal+path, "").is(200, "")
	}
	if s := w.ask("GET", county+"/situation?on=2026-06-01", "").is(200, ""); s.total("endedAgreements") != 1 || s.total("currentAgreements") != 0 {
		t.Error(s.raw)
	}
	if h := w.ask("GET", county+"/search-hits?q=överenskommelsen", "").is(200, ""); h.total("hits") != 1 {
		t.Error(h.raw)
	}
	if l := w.ask("GET", county+"/agreements?state=ended&on=2026-06-01", "").is(200, ""); l.total("agreements") != 1 {
		t.Error(l.raw)
	}
	if l := w.ask("GET", county+"/agreements?state=in-force&on=2026-06-01", "").is(200, ""); l.total("agreements") != 0 {
		t.Error(l.raw)
	}
	w.as("kronoberg", auth.RoleAuditor).ask("POST", county+"/agreements", `{"kind":"agreement","title":"Nej"}`, "Idempotency-Key", "no").is(403, "auth.forbidden")
}

func TestWhatLeansOnAnAgreementAndWhatComesAfterIt(t *testing.T) {
	w := enter(t)
	agreement, _, goal := w.agreed()
	alvesta := w.ask("GET", county+"/organisations?q=alvesta", "").body["organisations"].([]any)[0].(map[string]any)["id"].(string)

	network := w.made(county+"/networks", `{"instrument":"`+last(agreement)+`","name":"Samordnare","goals":["`+last(goal)+`"]}`, "network")
	w.ask("PUT", network, `{"instrument":"`+last(agreement)+`","name":"Samordnarna"}`, "If-Match", `"1"`).is(200, "")
	if l := w.ask("GET", county+"/networks?agreement="+last(agreement), "").is(200, ""); l.total("networks") != 1 {
		t.Error(l.raw)
	}
	local := w.made(county+"/local-agreements", `{"instrument":"`+last(agreement)+`","title":"LÖK Alvesta","parties":["`+alvesta+`"],"from":"2020","published":false}`, "local")
	w.ask("PUT", local, `{"instrument":"`+last(agreement)+`","title":"LÖK Alvesta","parties":["`+alvesta+`"],"from":"2021","published":false}`, "If-Match", `"1"`).is(200, "")
	if l := w.ask("GET", county+"/local-agreements?party="+alvesta, "").is(200, ""); l.total("localAgreements") != 1 {
		t.Error(l.raw)
	}
	if l := w.ask("GET", county+"/local-agreement-coverage?on=2022-01-01", "").is(200, ""); !strings.Contains(l.raw, `"inForce":1`) {
		t.Error(l.raw)
	}
	if l := w.ask("GET", county+"/organisations/"+alvesta+"/participations", "").is(200, ""); l.total("participations") != 1 {
		t.Error(l.raw)
	}
	w.did(agreement, agreement+"/leads", `{"organisation":"`+alvesta+`"}`).is(200, "")
	w.did(agreement, agreement+"/leads/"+alvesta+"/ending", `{"from":"2021-01-01"}`).is(200, "")

	draft := w.made(agreement+"/successor-drafts", `{"kind":"agreement","title":"Ny överenskommelse"}`, "draft")
	f := w.ask("GET", draft+"/draft", "").is(200, "")
	if f.total("openGoals") != 2 || f.total("openParties") != 1 {
		t.Error(f.raw)
	}
	w.did(draft, draft+"/draft/decision", "").is(409, "draft_choice.undecided")
	for n, id := range f.body["openGoals"].([]any) {
		w.made(draft+"/draft/choices", fmt.Sprintf(`{"goal":%q,"choice":"carry","reason":"Gäller ännu"}`, id.(map[string]any)["id"]), fmt.Sprint("goal ", n))
	}
	w.made(draft+"/draft/choices", `{"organisation":"`+alvesta+`","choice":"leave-out","reason":"Vill inte"}`, "party")
	if a := w.did(draft, draft+"/draft/decision", "").is(200, ""); a.body["draft"] != false {
		t.Error(a.raw)
	}
	if l := w.ask("GET", agreement+"/relatives", "").is(200, ""); l.total("relatives") != 1 {
		t.Error(l.raw)
	}
	if l := w.ask("GET", goal+"/links", "").is(200, ""); l.total("goalLinks") != 1 || !strings.Contains(l.raw, "carried-over") {
		t.Error(l.raw)
	}
}

func TestThePublicSeesAPublishedAgreementAndNoOther(t *testing.T) {
	w := enter(t)
	agreement, _, goal := w.agreed()
	public := w.nobody()
	published := county + "/published-agreements/" + last(agreement)
	public.ask("GET", published, "").is(404, "common.not_found")
	tag := w.ask("GET", agreement, "").header.Get("ETag")
	w.ask("PUT", agreement+"/publication", `{"published":true}`, "If-Match", tag).is(200, "")
	if l := public.ask("GET", county+"/published-agreements?on=2020-01-01", "").is(200, ""); l.total("agreements") != 1 {
		t.Error(l.raw)
	}
	public.ask("GET", published+"?on=2020-01-01", "").is(200, "")
	if l := public.ask("GET", published+"/parties?on=2020-01-01", "").is(200, ""); l.total("parties") != 1 {
		t.Error(l.raw)
	}
	for q, n := range map[string]int{"": 1, "&parent=" + last(goal): 1} {
		if l := public.ask("GET", published+"/goals?on=2020-01-01"+q, "").is(200, ""); l.total("goals") != n {
			t.Error(l.raw)
		}
	}
	public.ask("GET", county+"/published-local-agreements", "").is(200, "")
	public.ask("GET", agreement, "").is(401, "auth.sign_in")
}

func TestAWholeAgreementIsCarriedToAnotherInstallation(t *testing.T) {
	w := enter(t)
	agreement, participation, _ := w.agreed()
	w.made(participation+"/signature", `{"when":"2020-05-04","source":"exemplar"}`, "sign")
	w.made(agreement+"/events", `{"kind":"decided","when":"2020","note":"2020: \"ja\"\nnej","source":"2019"}`, "event")
	js := w.ask("GET", agreement+"/export", "").is(200, "")
	ym := w.ask("GET", agreement+"/export", "", "Accept", "application/yaml")
	if again := w.ask("GET", agreement+"/export?format=yaml", ""); ym.status != 200 || ym.header.Get("Content-Type") != "application/yaml" || again.raw != ym.raw ||
		ym.header.Get("ETag") == js.header.Get("ETag") || !strings.Contains(ym.raw, "  when: \"2020\"") {
		t.Errorf("%v\n%s", ym.header, ym.raw)
	}
	if strings.Contains(strings.ReplaceAll(js.raw, last(agreement), ""), last(participation)) {
		t.Error("an id was carried")
	}

	there := *w
	there.db = dbtest.New(t)
	there.door = door(there.db.DB)
	preview := there.ask("POST", county+"/agreement-imports?preview=true", js.raw, "Idempotency-Key", "preview").is(200, "")
	if preview.body["preview"] != true || preview.body["agreement"] != nil || preview.body["created"].(float64) < 6 {
		t.Error(preview.raw)
	}
	if l := there.ask("GET", county+"/agreements", "").is(200, ""); l.total("agreements") != 0 {
		t.Errorf("a preview kept something: %s", l.raw)
	}
	kept := there.ask("POST", county+"/agreement-imports", ym.raw, "Idempotency-Key", "yaml", "Content-Type", "application/yaml").is(200, "")
	arrived := county + "/agreements/" + kept.body["agreement"].(string)
	back := there.ask("GET", arrived+"/export", "").is(200, "")
	delete(js.body, "_links")
	delete(back.body, "_links")
	if d := cmp.Diff(js.body, back.body); d != "" {
		t.Error(d)
	}
	tag := there.ask("GET", arrived, "").header.Get("ETag")
	again := there.ask("POST", county+"/agreement-imports", js.raw, "Idempotency-Key", "again").is(200, "")
	if again.body["created"] != 0.0 || there.ask("GET", arrived, "").header.Get("ETag") != tag {
		t.Errorf("twice changed something: %s", again.raw)
	}

	js.body["participations"].([]any)[0].(map[string]any)["organisation"] = "ingen"
	broken, err := json.Marshal(js.body)
	if err != nil {
		t.Fatal(err)
	}
	there.ask("POST", county+"/agreement-imports", string(broken), "Idempotency-Key", "broken").is(422, "agreement.organisation_unknown").at("/participations/0/organisation")
	told := there.ask("POST", county+"/agreement-imports?preview=true", string(broken), "Idempotency-Key", "told", "Accept-Language", "en").is(200, "")
	if told.body["refused"] != 1.0 || told.body["agreement"] != last(arrived) || !strings.Contains(told.raw, "The county has no such organisation") {
		t.Error(told.raw)
	}
	for _, bad := range []string{"a: &x [1, 1]\nb: [*x, *x]", "a: [", "a: 1\n---\nb: 1", "# no more than a comment"} {
		there.ask("POST", county+"/agreement-imports", bad, "Idempotency-Key", "bad", "Content-Type", "application/yaml").is(400, "shape.yaml")
	}
	there.ask("POST", county+"/agreement-imports", "format: x", "Idempotency-Key", "bad", "Content-Type", "application/yaml").is(422, "shape.required")
	there.as("kronoberg", auth.RoleAuditor).ask("POST", county+"/agreement-imports?preview=true", js.raw, "Idempotency-Key", "no").is(403, "auth.forbidden")
}
