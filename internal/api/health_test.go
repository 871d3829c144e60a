package api_test

import (
	"strings"
	"testing"

	"github.com/overens/overens/internal/auth"
)

func TestWhatWasPromisedIsAskedForByTheAPI(t *testing.T) {
	w := enter(t)
	ids := w.seated()
	w = w.as("kronoberg", auth.RoleStrategist)
	all := w.ask("GET", inKronoberg+"/health?on=2026-11-25", "", "Accept-Language", "sv").is(200, "")
	promises, _ := all.body["promises"].([]any)
	if len(promises) != 1 || all.body["part"] != false { // nobody sits in the forum, and nothing else is promised
		t.Fatalf("%s", all.raw)
	}
	if seats := promises[0].(map[string]any); seats["kind"] != "seats" || seats["promised"] != 7.0 || seats["done"] != 0.0 || !strings.Contains(all.raw, `"mend":{"kind":"seat","body":"forum","place":"municipality/alvesta"}`) {
		t.Errorf("%s", all.raw)
	}
	w.ask("GET", inKronoberg+"/bodies/forum/health", "").is(200, "")
	w.ask("GET", inKronoberg+"/bodies/nowhere/health", "").is(404, "common.not_found")
	own := w.ask("GET", inKronoberg+"/organisations/"+ids["alvesta"]+"/health", "").is(200, "")
	if p := own.body["promises"].([]any)[0].(map[string]any); p["promised"] != 1.0 {
		t.Errorf("%s", own.raw)
	}
	w.ask("GET", inKronoberg+"/organisations/"+ids["Kim Lind"]+"/health", "").is(404, "common.not_found")
	w.as("kronoberg", auth.RoleNationalAnalyst).ask("GET", inKronoberg+"/health", "").is(403, "auth.forbidden")
}

func TestTheRulesOfABodyAreTriedByTheAPI(t *testing.T) {
	w := enter(t)
	w.seated()
	w = w.as("kronoberg", auth.RoleCountyAdministrator)
	at := configuration + "/sections/bodies/previews"
	w.onPages("bodies")
	model := `{"bodies":[{"key":"forum","kind":"forum","name":{"sv":"Forum"},"seats":[{"key":"municipality","each":"municipality"},
		{"key":"agency","name":{"sv":"Annan myndighet"},"standing":"offered"}],"rules":{"notice":{"days":14}}}]}`
	p := w.ask("POST", at, edited("2027-01-01", "Tid att läsa", model)).is(200, "")
	if trials := p.body["trials"].([]any); len(trials) != 1 || trials[0].(map[string]any)["body"] != "forum" {
		t.Errorf("%s", p.raw)
	}
	other := w.ask("POST", configuration+"/sections/partyStatuses/previews", edited("2027-01-01", "Gäster tas emot", statusesOfThree))
	if trials, ok := other.body["trials"].([]any); other.status == 200 && (!ok || len(trials) != 0) {
		t.Errorf("%s", other.raw)
	}
}
