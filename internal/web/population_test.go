package web_test

import (
	"bytes"
	"context"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/population"
	"github.com/overens/overens/internal/text"
)

const (
	analyst      = "sverige,national-analyst"
	populationAt = "/sverige/population"
	intakeAt     = populationAt + "/imports"
)

// count writes figures into the national register.
func (h *house) count(figures ...population.Line) {
	h.t.Helper()
	h.write(pg.Nation, func(ctx context.Context, tx *pg.Tx) error {
		_, err := population.Put(ctx, tx, figures, tx.Now)
		return err
	})
}

func living(code string, year int, n int64) population.Line {
	return population.Line{Municipality: code, Day: day.Of(year, 12, 31), Count: n, Source: "SCB, " + fmt.Sprint(year)}
}

// intake sends the form that takes figures in.
func (h *house) intake(as, content string, typed url.Values) page {
	h.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for name, values := range typed {
		_ = w.WriteField(name, values[0])
	}
	if content != "" {
		out, err := w.CreateFormFile("file", "folk.csv")
		if err != nil {
			h.t.Fatal(err)
		}
		_, _ = out.Write([]byte(content))
	}
	_ = w.Close()
	return h.bring(http.MethodPost, as, intakeAt, w.FormDataContentType(), b.String())
}

// cells is a table's part as it is read, cell by cell.
func cells(p page, selector string) string {
	var rows []string
	p.Find(selector).Each(func(_ int, tr *goquery.Selection) {
		var row []string
		tr.Find("th, td").Each(func(_ int, cell *goquery.Selection) {
			row = append(row, strings.Join(strings.Fields(cell.Text()), " "))
		})
		rows = append(rows, strings.Join(row, " | "))
	})
	return strings.Join(rows, " // ")
}

func TestEverybodyReadsTheRegisterOfPopulation(t *testing.T) {
	h := buildEmpty(t)
	p := h.get(",", populationAt)
	if p.Status != http.StatusOK || p.says("h1") != "Folkmängd" || p.says(".nothing h3") != "Registret är tomt" {
		t.Fatalf("empty: %d %s", p.Status, p.says("main"))
	}
	if p = h.get(",", populationAt+"/0580"); p.Status != http.StatusOK || p.says(".nothing h3") != "Inga uppgifter" || p.Find("figure").Length() != 0 {
		t.Errorf("empty: %d %s", p.Status, p.says("main"))
	}
	h.count(living("1315", 2022, 10545), living("1315", 2023, 10551), living("1380", 2023, 104573))
	h.count(living("1315", 2023, 10552))

	p = h.get(",", populationAt) // the first county that has figures
	if got := p.says("#figures h2"); got != "Hallands län" {
		t.Errorf("%q", got)
	}
	if got := cells(p, "#figures thead tr"); got != "Kommun | 2022-12-31 | 2023-12-31" {
		t.Errorf("%q", got)
	}
	if got := cells(p, `#figures tbody tr:has(a[href="/sverige/population/1315"])`); got != "Hylte 1315 | 10 545 | 10 552 reviderad" {
		t.Errorf("%q", got)
	}
	if got := cells(p, "#figures tfoot tr"); got != "Hela länet | –uppgift saknas | –uppgift saknas" {
		t.Errorf("a sum of some for all: %q", got)
	}
	if p.Find(`a[href="`+intakeAt+`"]`).Length() != 0 {
		t.Error("everybody is offered to import")
	}
	if p = h.get("kronoberg,strategist", populationAt); p.says("#figures h2") != "Kronobergs län" || p.says("#figures .nothing h3") != "Länet har inga uppgifter" {
		t.Errorf("%s", p.says("main"))
	}
	if p = h.get(analyst, populationAt+"?county=05"); p.says("#figures h2") != "Östergötlands län" || p.Find(`a[href="`+intakeAt+`"]`).Length() != 1 {
		t.Errorf("%s", p.says("main"))
	}
	for _, path := range []string{"?county=02", "?county=x", "/9999", "/x"} {
		if got := h.get(",", populationAt+path).Status; got != http.StatusNotFound {
			t.Errorf("%s: %d", path, got)
		}
	}
}

func TestAMunicipalityShowsItsFiguresAndWhatStoodBefore(t *testing.T) {
	h := buildEmpty(t)
	h.count(living("1315", 2021, 10560), living("1315", 2022, 10545), living("1315", 2023, 10551))
	h.count(living("1315", 2023, 10552))
	p := h.get(",", populationAt+"/1315?lang=en")
	if got := p.says("h1 + .lead"); got != "10,552 inhabitants on 31 December 2023. That is +7 since 31 December 2022." {
		t.Errorf("%q", got)
	}
	if got := cells(p, "#figures tbody tr"); got != "2023-12-31 | 10,552 | +7 | SCB, 2023 | 2026-11-25 12:00 | 2 // 2022-12-31 | 10,545 | −15 | SCB, 2022 | 2026-11-25 12:00 | 1 // "+
		"2021-12-31 | 10,560 | –not known | SCB, 2021 | 2026-11-25 12:00 | 1" {
		t.Errorf("%q", got)
	}
	if got := cells(p, "#revisions tbody tr"); got != "2023-12-31 | 10,552 | SCB, 2023 | 2026-11-25 12:00 | 2 // 2023-12-31 | 10,551 | SCB, 2023 | 2026-11-25 12:00 | 1" {
		t.Errorf("%q", got)
	}
	if p.Find("figure svg[role=img] > title").Length() != 1 || p.Find("figure .spark").Length() != 2 || !strings.Contains(p.says("#picture .note"), "10,5") {
		t.Errorf("the picture: %s", p.says("#picture"))
	}
}

func TestFiguresAreLookedAtBeforeTheyAreWritten(t *testing.T) {
	h := buildEmpty(t)
	key := func(p page) url.Values { return url.Values{"key": {p.value(`form[enctype] input[name="key"]`)}} }
	p := h.get(analyst, intakeAt)
	if p.Status != http.StatusOK || p.says("#all .nothing h3") != "Inget har lästs in här" {
		t.Fatalf("%d %s", p.Status, p.says("main"))
	}
	for name, c := range map[string]struct {
		content string
		typed   url.Values
		want    string
	}{
		"nothing":              {"", url.Values{}, "Välj en fil eller skriv"},
		"both":                 {"kommunkod;år;folkmängd\n", url.Values{"address": {"https://api.scb.se/x"}}, "inte båda"},
		"no source":            {"kommunkod;år;folkmängd\n0580;2024;1\n", url.Values{}, "Skriv varifrån"},
		"no table":             {"namn\n", url.Values{"source": {"SCB"}}, "Det saknas: kommunkod."},
		"an address of others": {"", url.Values{"address": {"https://evil.example/x"}}, "evil.example är ingen av de tillåtna: api.scb.se"},
	} {
		c.typed.Set("key", uuid.NewString())
		p := h.intake(analyst, c.content, c.typed)
		if p.Status != http.StatusUnprocessableEntity || !strings.Contains(p.says("#fault"), c.want) || !strings.HasPrefix(p.says("head > title"), "Fel: ") {
			t.Errorf("%s: %d %s", name, p.Status, p.says("#fault"))
		}
		if got := p.value("#f-address"); got != c.typed.Get("address") {
			t.Errorf("%s: what was typed is not kept: %q", name, got)
		}
	}

	typed := key(p)
	typed.Set("source", "SCB, 2025")
	const folk = "kommunkod;år;folkmängd\n0580;2024;168035\n0581;2024;144980\n9999;2024;1\n"
	first, again := h.intake(analyst, folk, typed), h.intake(analyst, folk, typed)
	at := first.Header.Get("Location")
	if first.Status != http.StatusSeeOther || again.Header.Get("Location") != at || !strings.HasPrefix(at, intakeAt+"/") {
		t.Fatalf("%d %s, then %s", first.Status, at, again.Header.Get("Location"))
	}
	p = h.get(analyst, at)
	if p.Header.Get("Refresh") != "" || !strings.Contains(cells(p, ".sum tr"), "Nya |  | 2 // ") || !strings.Contains(cells(p, ".sum tr"), "Lästa | = | 3") || !strings.Contains(p.says("#wrong tbody"), "9999") {
		t.Errorf("%s", p.says("main"))
	}
	// Another reading of the same is thrown away, and stays in the list.
	typed.Set("key", uuid.NewString())
	other := h.intake(analyst, folk, typed).Header.Get("Location")
	q := h.get(analyst, other)
	q = h.post(analyst, other+"/discard", url.Values{"key": {q.value(`form[action$="/discard"] input[name=key]`)}, "version": {q.value(`form[action$="/discard"] input[name="version"]`)}})
	if q.Status != http.StatusSeeOther || q.Header.Get("Location") != other {
		t.Fatalf("%d %s", q.Status, q.says("main"))
	}
	if q = h.get(analyst, other); q.says(".head .st") != "kastad" || q.Find(`form[action*="/imports/"]`).Length() != 0 {
		t.Errorf("%s", q.says("main"))
	}

	confirm := url.Values{"key": {p.value(`form[action$="/confirm"] input[name=key]`)}, "version": {p.value(`input[name="version"]`)}}
	for range 2 {
		if p = h.post(analyst, at+"/confirm", confirm); p.Status != http.StatusSeeOther || p.Header.Get("Location") != at {
			t.Fatalf("%d %s", p.Status, p.says("main"))
		}
	}
	confirm.Set("key", uuid.NewString())
	if p = h.post(analyst, at+"/confirm", confirm); p.Status != http.StatusConflict || !strings.Contains(p.says("main"), "redan godkänd") {
		t.Errorf("confirmed twice: %d %s", p.Status, p.says("main"))
	}
	if p = h.get(analyst, at); p.Header.Get("Refresh") == "" || !strings.Contains(p.says(".lead"), "0 av 1 dagar") || p.Find(`form[action$="/confirm"]`).Length() != 0 {
		t.Errorf("while it is written: %v %s", p.Header, p.says("main"))
	}
	h.write(pg.Nation, func(ctx context.Context, tx *pg.Tx) error {
		_, err := population.WriteDay(ctx, tx, uuid.MustParse(strings.TrimPrefix(at, intakeAt+"/")))
		return err
	})
	if p = h.get(analyst, at); p.Header.Get("Refresh") != "" || p.says(".head .st") != "inläst" {
		t.Errorf("%s", p.says("main"))
	}
	if p = h.get(",", populationAt+"/0580"); !strings.Contains(p.says("#figures tbody"), "SCB, 2025") {
		t.Errorf("%s", p.says("main"))
	}
	if p = h.get(analyst, intakeAt); !strings.Contains(cells(p, "#all tbody tr"), "folk.csv | 2 | 0 | inläst") {
		t.Errorf("%s", p.says("#all"))
	}

	for who, want := range map[string]int{"kronoberg,county-administrator": http.StatusNotFound, "sverige,auditor": http.StatusForbidden} {
		if got := h.get(who, intakeAt).Status; got != want {
			t.Errorf("%s: %d, want %d", who, got, want)
		}
		if got := h.intake(who, folk, typed).Status; got != want {
			t.Errorf("%s sends: %d, want %d", who, got, want)
		}
		if got := h.get(who, at).Status; got != want {
			t.Errorf("%s looks: %d, want %d", who, got, want)
		}
	}
}

func TestEveryStateOfAnImportHasWords(t *testing.T) {
	for _, s := range population.States {
		for _, key := range []string{"population.import.state." + s, "population.import.lead." + s} {
			if !text.Has(key) {
				t.Errorf("no words for %s", key)
			}
		}
	}
}

// census fills the register for a tour, and gives the address of an import that
// waits to be confirmed.
func (h *house) census() string {
	h.t.Helper()
	h.count(living("0764", 2018, 20026), living("0764", 2019, 20134), living("0764", 2024, 19904), living("0780", 2024, 98052))
	h.count(living("0764", 2024, 19905))
	p := h.intake(analyst, "kommunkod;år;folkmängd\n0764;2024;19906\n0765;2024;17500\n07;2024;203351\n9999;2024;1\n", url.Values{"key": {uuid.NewString()}, "source": {"SCB, 2025"}})
	return p.Header.Get("Location")
}
