package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/overens/overens/internal/auth"
)

const configuration = "/api/v1/counties/kronoberg/configuration"

// onPages hands a section over to the pages and gives its ETag.
func (w *world) onPages(section string) string {
	w.t.Helper()
	at := configuration + "/sections/" + section
	tag := w.ask("GET", at, "").is(200, "").header.Get("ETag")
	return w.ask("PUT", at+"/manager", `{"manager":"pages"}`, "If-Match", tag).is(200, "").header.Get("ETag")
}

func edited(from, reason, body string) string {
	return fmt.Sprintf(`{"from":%q,"reason":%q,"decision":"Forum 2026-11-20","body":%s}`, from, reason, body)
}

const statusesOfThree = `{"statuses":[{"key":"signatory","word":{"sv":{"gender":"en","one":"undertecknare","theOne":"undertecknaren","many":"undertecknare","theMany":"undertecknarna"}},"counted":true,"signs":true},
	{"key":"supporter","word":{"sv":{"gender":"en","one":"stödjande aktör","theOne":"den stödjande aktören","many":"stödjande aktörer","theMany":"de stödjande aktörerna"}}},
	{"key":"guest","word":{"sv":{"gender":"en","one":"gäst","theOne":"gästen","many":"gäster","theMany":"gästerna"}},"occasions":true}]}`

func TestASectionIsPreviewedKeptAndComparedByTheAPI(t *testing.T) {
	w := enter(t).as("kronoberg", auth.RoleCountyAdministrator)
	at := configuration + "/sections/partyStatuses"

	first := w.ask("GET", at, "").is(200, "")
	if links := first.body["_links"].(map[string]any); links["edit"] != nil || links["manager"] == nil {
		t.Errorf("what the file keeps is offered for editing: %v", links)
	}
	w.ask("PUT", at, edited("2027-01-01", "x", statusesOfThree), "If-Match", first.header.Get("ETag")).is(409, "county.kept_in_file")
	tag := w.onPages("partyStatuses")

	p := w.ask("POST", at+"/previews", edited("2027-01-01", "Gäster tas emot", statusesOfThree), "Accept-Language", "sv").is(200, "")
	if n := len(p.body["differences"].([]any)); n < 2 || p.body["back"] != false || !strings.Contains(p.raw, "en ny version gäller från och med 2027-01-01") {
		t.Errorf("the preview: %s", p.raw)
	}
	if again := w.ask("GET", at, "").is(200, "").header.Get("ETag"); again != tag {
		t.Errorf("a preview was kept: %s, was %s", again, tag)
	}
	w.ask("POST", at+"/previews", edited("2027-01-01", "x", `{"statuses":[]}`)).is(422, "tenant.required")
	// What cannot be read, and the form that something has, is told in the caller's language too.
	for body, want := range map[string]string{`{"statuses":"x"}`: "Skriv en lista", `{"statuses":[],"motto":"x"}`: "motto",
		`{"statuses":[{"key":"Ö","word":{"sv":{"gender":"en","one":"x","theOne":"x","many":"x","theMany":"x"}}}]}`: "siffror och bindestreck"} {
		if r := w.ask("POST", at+"/previews", edited("2027-01-01", "x", body), "Accept-Language", "sv"); r.status != 422 || !strings.Contains(r.raw, want) || strings.Contains(r.raw, "json:") {
			t.Errorf("%s: %d %s", body, r.status, r.raw)
		}
	}

	w.ask("PUT", at, edited("2027-01-01", "", statusesOfThree), "If-Match", tag).is(422, "county.reason_missing")
	kept := w.ask("PUT", at, edited("2027-01-01", "Gäster tas emot", statusesOfThree), "If-Match", tag).is(200, "")
	if n := len(kept.body["versions"].([]any)); n != 2 || kept.header.Get("ETag") == tag {
		t.Errorf("%d versions, %s", n, kept.header.Get("ETag"))
	}
	late := w.ask("PUT", at, edited("2028-01-01", "Jag också", statusesOfThree), "If-Match", tag).is(412, "common.changed")
	if late.body["current"].(map[string]any)["version"] == nil || late.body["yours"].(map[string]any)["reason"] != "Jag också" {
		t.Errorf("not both versions: %s", late.raw)
	}

	h := w.ask("GET", at+"/history?limit=1", "").is(200, "")
	if e := h.body["changes"].([]any)[0].(map[string]any); e["reason"] != "Gäster tas emot" || e["decision"] != "Forum 2026-11-20" || len(e["sentences"].([]any)) == 0 {
		t.Errorf("the history: %s", h.raw)
	}
	if total := h.body["_meta"].(map[string]any)["totalRecords"]; total != 2.0 {
		t.Errorf("%v changes in all", total)
	}
	d := w.ask("GET", configuration+"/differences?from=1", "").is(200, "")
	if len(d.body["differences"].([]any)) != len(p.body["differences"].([]any)) {
		t.Errorf("the differences: %s", d.raw)
	}
	w.ask("GET", configuration+"/differences?from=999", "").is(404, "common.not_found")
}

func TestTheConfigurationIsReadAsOfADay(t *testing.T) {
	w := enter(t).as("kronoberg", auth.RoleCountyAdministrator)
	tag := w.onPages("partyStatuses")
	w.ask("PUT", configuration+"/sections/partyStatuses", edited("2027-01-01", "x", statusesOfThree), "If-Match", tag).is(200, "")
	held := func(query string) string {
		a := w.ask("GET", configuration+query, "").is(200, "")
		for _, s := range a.body["sections"].([]any) {
			if s := s.(map[string]any); s["section"] == "partyStatuses" {
				b, _ := json.Marshal(s["holds"])
				return string(b)
			}
		}
		return ""
	}
	if strings.Contains(held(""), "guest") || !strings.Contains(held("?on=2027-01-01"), "guest") {
		t.Errorf("the day makes no difference:\n%s\n%s", held(""), held("?on=2027-01-01"))
	}
	w.ask("GET", configuration+"?on=yesterday", "").is(422, "shape.day")
	w.as("kronoberg", auth.RoleAuditor).ask("GET", configuration, "").is(200, "")
	w.nobody().ask("GET", configuration, "").is(401, "auth.sign_in")
	w.ask("GET", configuration+"/sections/motto", "").is(404, "common.not_found")
}

func TestASectionThatNobodyHasWrittenCanBeTheFirst(t *testing.T) {
	w := enter(t).as("kronoberg", auth.RoleCountyAdministrator)
	tag := w.onPages("targetGroup") // Kronoberg's is unknown
	body := `{"definition":{"sv":"Nyanlända de första fyra åren"},"differsFromNational":true}`
	w.ask("PUT", configuration+"/sections/targetGroup", edited("2026-01-01", "Nu är den känd", body), "If-Match", tag).is(200, "")
	w.as("kronoberg", auth.RoleStrategist).ask("PUT", configuration+"/sections/targetGroup/manager", `{"manager":"file"}`, "If-Match", `"1"`).is(403, "auth.forbidden")
}

func TestTheOperatorMakesACountyOnce(t *testing.T) {
	w := enter(t)
	operator := w.as("sverige", auth.RoleOperator)
	asked := `{"slug":"ovningslan","name":{"sv":"Övningslän"},"template":"kronoberg","reason":"Att öva i"}`
	w.ask("POST", "/api/v1/counties", asked, "Idempotency-Key", "one").is(404, "common.not_found")
	w.nobody().ask("POST", "/api/v1/counties", asked, "Idempotency-Key", "one").is(401, "auth.sign_in")
	w.as("sverige", auth.RoleNationalAnalyst).ask("POST", "/api/v1/counties", asked, "Idempotency-Key", "one").is(403, "auth.forbidden")

	made := operator.ask("POST", "/api/v1/counties", asked, "Idempotency-Key", "one").is(201, "")
	if made.body["kind"] != "sandbox" || made.header.Get("Location") != site+"/api/v1/counties/ovningslan" {
		t.Errorf("%v %s", made.header, made.raw)
	}
	if again := operator.ask("POST", "/api/v1/counties", asked, "Idempotency-Key", "one"); again.status != 201 || again.raw != made.raw {
		t.Errorf("the same key: %d %s", again.status, again.raw)
	}
	if again := operator.ask("POST", "/api/v1/counties", asked, "Idempotency-Key", "two"); again.status != http.StatusOK || again.raw != made.raw {
		t.Errorf("another key: %d %s", again.status, again.raw)
	}
	operator.ask("POST", "/api/v1/counties", strings.Replace(asked, "Övningslän", "Annat län", 1), "Idempotency-Key", "three").is(409, "county.exists")
	operator.ask("POST", "/api/v1/counties", strings.Replace(asked, `"kronoberg"`, `"ingenstans"`, 1), "Idempotency-Key", "four").is(422, "configuration.template_unknown").at("/template")
	operator.ask("POST", "/api/v1/counties", strings.Replace(asked, "ovningslan", "Ö", 1), "Idempotency-Key", "five").is(422, "tenant.slug.wrong").at("/slug")
	operator.ask("POST", "/api/v1/counties", `{"slug":"ovningslan-tva","template":"kronoberg","reason":"x"}`, "Idempotency-Key", "six").is(422, "shape.required").at("/name/sv")

	// One of the 21 has its official name.
	operator.ask("POST", "/api/v1/counties", `{"slug":"dalarna","template":"halland","reason":"x"}`, "Idempotency-Key", "seven").is(201, "")
	if c := w.nobody().ask("GET", "/api/v1/counties/dalarna", "").is(200, ""); c.body["code"] != "20" {
		t.Errorf("%s", c.raw)
	}
}

func TestTheSchemaOfACountysFileIsOpenToAll(t *testing.T) {
	a := enter(t).nobody().ask("GET", "/api/v1/configuration/schema", "")
	if a.status != 200 || a.header.Get("Content-Type") != "application/schema+json" || a.body["$schema"] == nil {
		t.Errorf("%d %v", a.status, a.header)
	}
}

func TestABodysOwnWordsAreWrittenAndToldByTheAPI(t *testing.T) {
	w := enter(t).as("kronoberg", auth.RoleCountyAdministrator)
	tag := w.onPages("bodies")
	at := configuration + "/sections/bodies"
	versions := w.ask("GET", at, "").is(200, "").body["versions"].([]any)
	model := versions[len(versions)-1].(map[string]any)["body"].(map[string]any)
	forum := model["bodies"].([]any)[0].(map[string]any)
	worded := func(own map[string]any) string {
		forum["rules"].(map[string]any)["recordWords"] = own
		b, err := json.Marshal(model)
		if err != nil {
			t.Fatal(err)
		}
		return edited("2026-01-01", "Så skriver vi", string(b))
	}
	long := w.ask("PUT", at, worded(map[string]any{"headings": map[string]any{"closing": map[string]any{"sv": strings.Repeat("å", 201)}}}), "If-Match", tag).is(422, "tenant.rule.words_too_long")
	if !strings.Contains(long.raw, "/body/bodies/0/rules/recordWords/headings/closing/sv") {
		t.Errorf("the field is not named: %s", long.raw)
	}
	own := map[string]any{"preamble": map[string]any{"sv": "Forum möts."}, "headings": map[string]any{"opening": map[string]any{"sv": "Mötets öppnande"}}}
	w.ask("PUT", at, worded(own), "If-Match", tag).is(200, "")
	told := w.ask("GET", "/api/v1/counties/kronoberg/bodies/forum", "", "Accept-Language", "sv").is(200, "")
	if !strings.Contains(told.raw, "Protokollet inleds med egna ord. Egna rubriker: ”Mötets öppnande”.") {
		t.Errorf("the body's rules: %s", told.raw)
	}
}
