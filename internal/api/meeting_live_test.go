package api_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/overens/overens/internal/dbtest"
)

// held calls a meeting of Kronoberg's forum today, with somebody in Alvesta's seat
// and a matter to decide, and opens it.
func (w *world) held() (meeting, item, who string) {
	w.t.Helper()
	w.agreed()
	today := dbtest.Noon.Format("2006-01-02")
	who = last(w.made(county+"/people", `{"name":"Kim Lind","title":"Kommunchef"}`, "kim"))
	w.made(county+"/mandates", `{"body":"forum","place":"municipality/alvesta-kommun","person":"`+who+`","from":"2026-01-01"}`, "seat")
	meeting = w.made(county+"/meetings", `{"body":"forum","on":"`+today+`"}`, "meeting")
	item = county + "/agenda-items/" + last(w.made(meeting+"/agenda", `{"kind":"decision","title":"Riktning","proposal":"Riktningen antas."}`, "item"))
	w.did(meeting, meeting+"/call", `{}`).is(200, "")
	w.did(meeting, meeting+"/opening", "").is(200, "")
	return meeting, item, who
}

func (w *world) does(path, body string) answer {
	w.t.Helper()
	w.n++
	return w.ask("POST", path, body, "Idempotency-Key", fmt.Sprint("does ", w.n))
}

func TestAMeetingIsHeldAndDecidesByTheAPI(t *testing.T) {
	w := enter(t)
	meeting, item, who := w.held()

	w.did(item, item+"/decision", `{"acclamation":true}`).is(409, "ballot.not_on_table")
	w.does(meeting+"/roll-call", "").is(204, "")
	w.does(meeting+"/departures", `{"person":"`+who+`"}`).is(204, "")
	w.does(meeting+"/arrivals", `{"person":"`+who+`","at":"9"}`).is(422, "shape.pattern").at("/at")
	w.does(meeting+"/arrivals", `{"person":"`+who+`","remote":true}`).is(204, "")
	if l := w.ask("GET", meeting+"/attendances", "").is(200, ""); l.total("attendances") != 2 || !strings.Contains(l.raw, `"remote":true`) {
		t.Error(l.raw)
	}
	w.did(item, item+"/taking-up", "").is(200, "")
	w.does(item+"/interests", `{"person":"`+who+`"}`).is(204, "")
	w.ask("DELETE", item+"/interests/"+who, "").is(204, "")
	// One vote, however often it is sent.
	for range 2 {
		w.ask("POST", item+"/ballots", `{"place":"municipality/alvesta-kommun","vote":"for"}`, "Idempotency-Key", "vote").is(204, "")
	}
	w.does(item+"/ballots", `{"place":"municipality/alvesta-kommun","vote":"for"}`).is(204, "")
	w.does(item+"/ballots", `{"place":"municipality/ljungby","vote":"for"}`).is(422, "ballot.no_place").at("/place")
	w.does(item+"/remarks", `{"kind":"objection","person":"`+who+`","wording":"Nej"}`).is(204, "")
	n := w.ask("GET", meeting+"/now", "").is(200, "")
	if n.total("polls") != 1 || n.total("remarks") != 1 || !strings.Contains(n.raw, `"for":1`) || n.body["leads"] != true {
		t.Error(n.raw)
	}
	w.did(item, item+"/decision", `{}`).is(409, "decision.objected")
	remark := n.body["remarks"].([]any)[0].(map[string]any)["id"].(string)
	w.does(county+"/remarks/"+remark+"/withdrawal", "").is(204, "")
	w.did(meeting, meeting+"/closing", "").is(409, "meeting.undecided")

	made := w.did(item, item+"/decision", `{"effectiveOn":"2026-11-01","ratify":true,"duties":[{"wording":"Boende tas upp"}]}`).is(201, "")
	if !strings.Contains(made.raw, "decision.effective_before") || strings.Contains(made.raw, "⟨") || made.body["number"] != 1.0 {
		t.Error(made.raw)
	}
	decision := strings.TrimPrefix(made.header.Get("Location"), site)
	d := w.ask("GET", decision, "").is(200, "")
	if sum, _ := d.body["reckoning"].(map[string]any); sum == nil || sum["result"] == nil || sum["quorum"] == nil {
		t.Error(d.raw)
	}
	if d.total("remarks") != 0 {
		t.Errorf("what was taken back stands beside the decision: %s", d.raw)
	}
	w.does(item+"/remarks", `{"kind":"reservation","person":"`+who+`","wording":"Kostnaden är inte utredd."}`).is(204, "")
	if d := w.ask("GET", decision, "").is(200, ""); d.total("remarks") != 1 || !strings.Contains(d.raw, "Kostnaden är inte utredd.") {
		t.Errorf("a reservation is not read beside the decision: %s", d.raw)
	}
	w.ask("POST", decision+"/status", `{"status":"done"}`, "If-Match", `"9"`, "Idempotency-Key", "stale").is(412, "common.changed")
	w.did(decision, decision+"/assignment", `{"ownerName":"Samordnaren","due":"2027-01-01"}`).is(200, "")
	w.did(decision, decision+"/wording", `{"title":"Riktning","wording":"Riktningen antogs."}`).is(200, "")
	if l := w.ask("GET", county+"/decisions?q=riktningar&status=open&order=due", "").is(200, ""); l.total("decisions") != 1 {
		t.Error(l.raw)
	}
	w.did(decision, decision+"/carrying-out", "").is(409, "decision.nothing_to_carry")
	w.did(decision, decision+"/status", `{"status":"done","note":"Klart"}`).is(200, "")
	if l := w.ask("GET", county+"/decisions?status=open", "").is(200, ""); l.total("decisions") != 0 {
		t.Error(l.raw)
	}

	rs := w.ask("GET", decision+"/ratifications", "").is(200, "")
	if rs.total("ratifications") != 1 {
		t.Fatal(rs.raw)
	}
	r := county + "/ratifications/" + rs.body["ratifications"].([]any)[0].(map[string]any)["id"].(string)
	if got := w.ask("PUT", r+"?lang=sv", `{"answer":"perhaps"}`, "If-Match", `"1"`).is(422, "shape.one_of"); !strings.Contains(got.raw, "Välj något av: ratified, refused") {
		t.Errorf("what can be chosen: %s", got.raw)
	}
	other := w.kim(who) // of another party
	if got := other.ask("PUT", r+"?lang=sv", `{"answer":"ratified","answeredOn":"2026-11-25","reference":"KS 1"}`, "If-Match", `"1"`).is(403, "auth.forbidden"); !strings.Contains(got.body["detail"].(string), "gäller din egen part") {
		t.Errorf("another party's answers: %s", got.raw)
	}
	w.ask("PUT", r, `{"answer":"ratified"}`, "If-Match", `"1"`).is(422, "ratification.day_missing")
	w.ask("PUT", r, `{"answer":"ratified","answeredOn":"2026-11-25","reference":"KS 1"}`, "If-Match", `"1"`).is(200, "")
	if l := w.ask("GET", county+"/ratifications?answer=ratified", "").is(200, ""); l.total("ratifications") != 1 {
		t.Error(l.raw)
	}
	w.did(decision, decision+"/wording", `{"title":"Riktning","wording":"Annat."}`).is(422, "decision.answered").at("/wording")
	w.did(decision, decision+"/wording", `{"title":"Riktningen","wording":"Riktningen antogs."}`).is(200, "")
	w.ask("PUT", r, `{"answer":"ratified","answeredOn":"2026-11-25","reference":"KS 2"}`, "If-Match", `"2"`).is(422, "ratification.correction").at("/correction")
	w.ask("PUT", r, `{"answer":"ratified","answeredOn":"2026-11-25","reference":"KS 2","correction":"Fel paragraf"}`, "If-Match", `"2"`).is(200, "")
	if got := w.ask("GET", r, "").is(200, ""); got.total("earlierAnswers") != 1 {
		t.Error(got.raw)
	}
	ds := w.ask("GET", county+"/standing-duties?body=forum", "").is(200, "")
	if ds.total("standingDuties") != 1 {
		t.Fatal(ds.raw)
	}
	duty := county + "/standing-duties/" + ds.body["standingDuties"].([]any)[0].(map[string]any)["id"].(string)
	w.ask("POST", duty+"/ending", `{"from":"2027-01-01"}`, "If-Match", `"1"`, "Idempotency-Key", "duty").is(200, "")

	w.did(meeting, meeting+"/closing", "").is(200, "")
	w.does(item+"/remarks", `{"kind":"statement","person":"`+who+`","wording":"Mer"}`).is(409, "meeting.not_now")
	w.did(meeting, meeting+"/reopening", "").is(200, "")
	for _, path := range []string{"/now", "/attendances"} {
		w.ask("GET", county+"/meetings/"+nobody+path, "").is(404, "common.not_found")
	}
}

func TestAMatterIsSettledOrPostponedByTheAPI(t *testing.T) {
	w := enter(t)
	meeting, item, who := w.held()
	told := county + "/agenda-items/" + last(w.made(meeting+"/agenda", `{"kind":"information","title":"Läget"}`, "told"))
	if i := w.did(told, told+"/conclusion", `{"result":"Tack"}`).is(200, ""); i.body["outcome"] != "noted" {
		t.Error(i.raw)
	}
	w.did(item, item+"/postponement", `{"reason":"Underlag saknas"}`).is(200, "")
	w.ask("DELETE", meeting+"/attendances/"+who, "").is(404, "common.not_found")
	if c := w.did(meeting, meeting+"/closing", "").is(200, ""); c.body["state"] != "closed" {
		t.Error(c.raw)
	}
}
