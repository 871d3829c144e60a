package web_test

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/county"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/population"
	"github.com/overens/overens/internal/tenant"
)

// shareCosts lets three of Kronoberg's municipalities share a coordinator, by
// population, and gives their ids by name.
func (h *house) shareCosts() map[string]uuid.UUID {
	h.t.Helper()
	ids := map[string]uuid.UUID{}
	h.write(pg.Nation, func(ctx context.Context, tx *pg.Tx) error {
		var lines []population.Line
		for code, n := range map[string]int64{"0764": 20_000, "0765": 17_000, "0780": 97_000} {
			for y, year := range []int{2023, 2024} {
				lines = append(lines, population.Line{Municipality: code, Day: day.Of(year, 12, 31), Count: n + int64(y)*100, Source: "SCB"})
			}
		}
		_, err := population.Put(ctx, tx, lines, tx.Now)
		return err
	})
	h.write("kronoberg", func(ctx context.Context, tx *pg.Tx) error {
		all, _, err := organisation.List(ctx, tx, organisation.Filter{Type: "municipality", Limit: 10, Page: 1})
		if err != nil {
			return err
		}
		c := tx.County
		f := tenant.SharedFunction{Key: "coordinator", Name: tenant.Words{"sv": "Samordnare"}, Kind: tenant.FunctionPost, Employer: "lansstyrelsen",
			Ground: tenant.CostGround{Decision: "Forums beslut", On: day.Of(2023, 3, 30), FurtherNotice: true}, SharedBy: "population",
			Periods: []tenant.CostPeriod{{From: day.Of(2024, 1, 1), Until: day.Of(2024, 12, 31), Budget: "900000.00", Invented: true},
				{From: day.Of(2025, 1, 1), Until: day.Of(2025, 12, 31), Budget: "1000000.00", Outcome: "990000.00", Invented: true}}}
		for _, o := range all {
			ids[o.Name] = o.ID
			f.Payers.List = append(f.Payers.List, tenant.CostPayer{Organisation: o.Key})
		}
		c.CostKeys = tenant.Section[tenant.CostKeys]{{Value: tenant.CostKeys{Keys: []tenant.CostKey{
			{Key: "population", Name: tenant.Words{"sv": "Folkmängd"}, Parts: []tenant.CostPart{{By: tenant.ByPopulation, Reference: tenant.CostReference{YearsBefore: 1}}}},
			{Key: "half", Name: tenant.Words{"sv": "Hälften av varje"}, Parts: []tenant.CostPart{{By: tenant.ByEqual, Portion: 1},
				{By: tenant.ByPopulation, Portion: 1, Reference: tenant.CostReference{YearsBefore: 1}}}},
		}}}}
		c.SharedFunctions = tenant.Section[tenant.SharedFunctions]{{Value: tenant.SharedFunctions{Functions: []tenant.SharedFunction{f}}}}
		_, _, err = county.Apply(ctx, tx, c, county.FromFile, "test")
		return err
	})
	return ids
}

// fill fills in what a form has, and gives what is to be sent.
func (p page) filled(pairs ...string) url.Values {
	typed := url.Values{}
	p.Find("main form[method=post]").First().Find("input[name], select[name], textarea[name]").Each(func(_ int, f *goquery.Selection) {
		name, _ := f.Attr("name")
		value, _ := f.Attr("value")
		if f.Is("select") {
			value, _ = f.Find("option[selected]").Attr("value")
		}
		typed.Set(name, value)
	})
	for i := 0; i+1 < len(pairs); i += 2 {
		typed.Set(pairs[i], pairs[i+1])
	}
	return typed
}

// follow sends a form of a page and gives the page that it leads to.
func (h *house) follow(as, at string, pairs ...string) page {
	h.t.Helper()
	sent := h.post(as, at, h.get(as, at).filled(pairs...))
	if sent.Status != http.StatusSeeOther {
		h.t.Fatalf("%s: %d %q", at, sent.Status, sent.says(".fault"))
	}
	return h.get(as, sent.Header.Get("Location"))
}

// An officer draws a year, adopts it, and each payer has a statement with every
// step of its sum; what is adopted offers no way to change it.
func TestACostIsDrawnAdoptedAndReadToTheOre(t *testing.T) {
	h := build(t)
	ids := h.shareCosts()
	const at = "/lan/kronoberg"
	p := h.follow(officer, at+"/cost-runs/new", "function", "coordinator", "from", "2025-01-01", "basis", "budget")
	if !strings.Contains(p.says(".head .st"), "Utkast") || p.Find("a[href$='/adopt']").Length() != 1 {
		t.Fatalf("%q", p.says(".head"))
	}
	run, _ := p.Find("a[href$='/adopt']").Attr("href")
	run = strings.TrimSuffix(run, "/adopt")
	finance := "kronoberg,party-finance," + ids["Alvesta kommun"].String()
	if got := h.get(finance, run); got.Status != http.StatusNotFound {
		t.Errorf("a payer sees a preview: %d", got.Status)
	}

	// Neither decision nor mandate: the form says so, and keeps what was typed.
	wrong := h.post(officer, run+"/adopt", h.get(officer, run+"/adopt").filled())
	if wrong.Status != http.StatusUnprocessableEntity || !strings.Contains(wrong.says(".fault"), "med vilken rätt") {
		t.Errorf("%d %q", wrong.Status, wrong.says(".fault"))
	}
	p = h.follow(officer, run+"/adopt", "mandate", "Delegationsordning, punkt 7")
	if !strings.Contains(p.says(".head"), "Delegationsordning") || p.Find("a[href$='/adopt'], a[href$='/redraw'], form[action$='/drop']").Length() != 0 {
		t.Errorf("%q", p.says(".head"))
	}
	if again := h.get(officer, run+"/adopt"); again.Status != http.StatusConflict {
		t.Errorf("adopted twice: %d", again.Status)
	}

	p = h.get(finance, at+"/costs")
	to, _ := p.Find("main a[href*='/cost-statements/']").Attr("href")
	if !strings.Contains(p.says("main"), "149 664,93 kr") || to == "" {
		t.Fatalf("%q", p.says("main"))
	}
	p = h.get(finance, to)
	for _, want := range []string{"Alvesta kommun betalar för 2025", "149 664,93 kr", "÷134 300", "=14,9665 %", "Forums beslut, 30 mars 2023, tills vidare", "Summa", "100,0"} {
		if plain := strings.NewReplacer("\u202f", " ", "\u00a0", " ").Replace(p.says("main")); !strings.Contains(plain, want) {
			t.Errorf("%q is not on the statement: %q", want, plain)
		}
	}
	if p.Find("tr.me th").Length() != 1 || !strings.Contains(p.says("tr.me th"), "Alvesta") {
		t.Error("the payer's own row is not marked")
	}
	if href, _ := p.Find("a[href$='/pdf?lang=sv']").Attr("href"); !strings.HasPrefix(href, "/api/v1/counties/kronoberg/cost-statements/") {
		t.Errorf("the PDF: %q", href)
	}

	// The payer asks, the county answers, and another payer reads neither.
	p = h.follow(finance, to+"/ask", "text", "Varför räknas 2024?")
	if !strings.Contains(p.says("#questions"), "Väntar på svar") {
		t.Errorf("%q", p.says("#questions"))
	}
	answer, _ := h.get(officer, at+"/costs").Find("#waits a").Attr("href")
	p = h.follow(officer, answer, "text", "Nyckeln räknar med året före.")
	if !strings.Contains(p.says("#questions"), "Nyckeln räknar med året före.") {
		t.Errorf("%q", p.says("#questions"))
	}
	other := "kronoberg,party-finance," + ids["Växjö kommun"].String()
	if got := h.get(other, to); got.Status != http.StatusOK || strings.Contains(got.says("#questions"), "2024?") {
		t.Errorf("another payer: %d %q", got.Status, got.says("#questions"))
	}
	if got := h.get(neighbour, "/lan/ostergotland"+strings.TrimPrefix(to, at)); got.Status != http.StatusNotFound {
		t.Errorf("another county: %d", got.Status)
	}
	if got := h.get("kronoberg,party-finance,"+uuid.NewString(), to); got.Status != http.StatusNotFound {
		t.Errorf("who pays nothing: %d", got.Status)
	}

	// The outcome is settled by a new run that names the first.
	p = h.follow(officer, run+"/follow", "kind", "settlement", "reason", "Bokslut 2025")
	if old := h.get(finance, to); old.Find(".warn a").Length() != 0 {
		t.Error("a preview is told of to a payer")
	}
	settle, _ := p.Find("a[href$='/adopt']").Attr("href")
	h.follow(officer, settle, "mandate", "Delegationsordning, punkt 7")
	old := h.get(finance, to)
	if href, _ := old.Find(".warn a").Attr("href"); !strings.Contains(old.says(".warn"), "nytt besked för samma period") || !strings.Contains(h.get(finance, href).says("main"), "Vad som redan är betalat") {
		t.Errorf("what has followed: %q %q", old.says(".warn"), href)
	}
	if !strings.Contains(p.says(".head"), "Avräkning mot utfall") || !strings.Contains(p.says("main"), "Bokslut 2025") || !strings.Contains(p.says("tfoot"), "−10") {
		t.Errorf("%q", p.says("main"))
	}
}

// Who presses twice makes one thing, and is led to it both times.
func TestTwoPressesAtOnceLeadToOneRun(t *testing.T) {
	h := build(t)
	h.shareCosts()
	const at = "/lan/kronoberg/cost-runs/new"
	typed := h.get(officer, at).filled("function", "coordinator", "from", "2025-01-01", "basis", "budget")
	var wg sync.WaitGroup
	to := make([]string, 4)
	for i := range to {
		wg.Go(func() {
			if p := h.post(officer, at, typed); p.Status == http.StatusSeeOther {
				to[i] = p.Header.Get("Location")
			}
		})
	}
	wg.Wait()
	if to[0] == "" || len(slices.Compact(to)) != 1 {
		t.Errorf("%q", to)
	}
}

// Keys are compared by an address that can be sent to others; a picture has its
// table, and what cannot be worked out says why.
func TestKeysAreComparedOnAPageThatKeepsNothing(t *testing.T) {
	h := build(t)
	h.shareCosts()
	const at = "/lan/kronoberg/costs/compare"
	p := h.get(strategist, at)
	if p.Find("input[name=key][checked]").Length() != 2 || p.Find("figure").Length() != 0 {
		t.Errorf("%q", p.says("main"))
	}
	p = h.get(strategist, at+"?function=coordinator&key=population&key=half&year=2025&year=2031&amount=1+000+000")
	if p.Find("figure svg desc").Length() != 1 || p.Find("table tbody tr").Length() != 3 || p.Find(".warn").Length() != 2 {
		t.Errorf("%d rows, %d warnings: %q", p.Find("table tbody tr").Length(), p.Find(".warn").Length(), p.says("main"))
	}
	if !strings.Contains(p.says(".warn"), "Folkmängden saknas") || !strings.Contains(p.says("tfoot"), "100,0") {
		t.Errorf("%q", p.says(".warn"))
	}
	for typed, want := range map[string]string{
		"function=coordinator&year=2025":                        "Välj en till tio nycklar",
		"function=coordinator&key=half&year=x":                  "Skriv ett årtal",
		"function=coordinator&key=half&year=2025&amount=mycket": "Beloppet går inte att läsa",
	} {
		if p := h.get(strategist, at+"?"+typed); p.Status != http.StatusUnprocessableEntity || !strings.Contains(p.says(".fault"), want) {
			t.Errorf("%s: %d %q", typed, p.Status, p.says(".fault"))
		}
	}
	if p := h.get("kronoberg,party-finance,"+h.Alvesta.ID.String(), at); p.Status != http.StatusForbidden {
		t.Errorf("a payer: %d", p.Status)
	}
}

func TestACountyThatSharesNothingIsToldWhatToDo(t *testing.T) {
	h := build(t)
	p := h.get(admin, "/lan/kronoberg/costs")
	if !strings.Contains(p.says("main"), "Länet delar ingen kostnad") || p.Find("a[href='/lan/kronoberg/settings/sharedFunctions']").Length() != 1 {
		t.Errorf("%q", p.says("main"))
	}
	if strings.Contains(h.get(admin, "/lan/kronoberg").says(".places"), "Kostnader") {
		t.Error("the navigation has a place for nothing")
	}
}
