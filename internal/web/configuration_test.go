package web_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"github.com/overens/overens/internal/browsertest"
	"github.com/overens/overens/internal/county"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
	"github.com/overens/overens/internal/text"
)

const settings = "/lan/kronoberg/settings"

// onPages lets the pages keep some sections.
func (h *house) onPages(sections ...string) {
	h.t.Helper()
	h.write("kronoberg", func(ctx context.Context, tx *pg.Tx) error {
		for _, key := range sections {
			s, err := county.Get(ctx, tx, key)
			if err != nil {
				return err
			}
			if _, err = county.TakeOver(ctx, tx, key, county.FromPages, s.Version); err != nil {
				return err
			}
		}
		return nil
	})
}

// typed are a form's fields as a browser would send them.
func (p page) typed() url.Values {
	vs := url.Values{}
	p.Find("main form[method=post]").Find("input, select, textarea").Each(func(_ int, f *goquery.Selection) {
		name, _ := f.Attr("name")
		value, _ := f.Attr("value")
		kind, _ := f.Attr("type")
		switch {
		case goquery.NodeName(f) == "textarea":
			value = f.Text()
		case goquery.NodeName(f) == "select":
			value, _ = f.Find("option[selected]").Attr("value")
			if f.Find("option[selected]").Length() == 0 {
				value, _ = f.Find("option").First().Attr("value")
			}
		case kind == "checkbox" || kind == "radio":
			if _, checked := f.Attr("checked"); !checked {
				return
			}
		}
		vs.Add(name, value)
	})
	return vs
}

// pressed is a form with one of its buttons.
func pressed(vs url.Values, name, value string) url.Values {
	vs.Set(name, value)
	return vs
}

func TestEverySectionsFormSaysWhatTheSectionSays(t *testing.T) {
	h := build(t)
	h.onPages(tenant.SectionKeys()...)
	for _, key := range tenant.SectionKeys() {
		at := settings + "/" + key + "/edit"
		p := h.get(admin, at)
		if p.Status != http.StatusOK {
			t.Fatalf("%s: %d", at, p.Status)
		}
		kind, err := tenant.SectionOf(key)
		if err != nil {
			t.Fatal(err)
		}
		c, err := h.db.County(t.Context(), "kronoberg")
		if err != nil {
			t.Fatal(err)
		}
		holds, national, ok := kind.On(c, day.Of(2026, time.November, 25))
		if !ok || national {
			continue
		}
		// What is sent back as it came says what holds already.
		vs := pressed(p.typed(), "do", "preview")
		vs.Set("from", "")
		if !holds.From.IsZero() {
			vs.Set("from", holds.From.String())
			vs.Set("decision", holds.Decision)
		}
		vs.Set("reason", "x")
		if p = h.post(admin, at, vs); p.Status != http.StatusOK || p.Find("#preview .nothing").Length() != 1 {
			t.Errorf("%s: %d %s %s", key, p.Status, p.says(".fault"), p.says("#preview"))
		}
	}
}

func TestARowIsAddedAndTakenAwayWithoutScript(t *testing.T) {
	h := build(t)
	h.onPages("partyStatuses")
	at := settings + "/partyStatuses/edit"
	vs := h.get(admin, at).typed()
	vs.Set("reason", "Halvskrivet")
	vs.Set("b.statuses.0.word.sv.one", "underskrivare")
	p := h.post(admin, at, pressed(vs, "add", "statuses"))
	if p.Status != http.StatusOK || p.Find("#f-statuses-2").Length() != 1 {
		t.Fatalf("%d: %s", p.Status, p.says("main"))
	}
	if p.value("[name='b.statuses.0.word.sv.one']") != "underskrivare" || p.says("#f-reason") != "Halvskrivet" {
		t.Error("what was typed is lost")
	}
	if to, _ := p.Find("button[name=add]").Attr("formaction"); !strings.HasSuffix(to, "#f-statuses-3") {
		t.Errorf("the next row is shown at %q", to)
	}
	p = h.post(admin, at, pressed(p.typed(), "remove", "statuses.0"))
	if p.Find("#f-statuses-2").Length() != 0 || p.value("[name='b.statuses.0.key']") != "supporter" || p.says("#f-statuses-0 > legend") != "Stödjande aktör" {
		t.Errorf("after taking away the first: %s", p.says("main"))
	}
	for _, path := range []string{"statuses.99", "statuses.x", "motto.0", "statuses", "..", ""} {
		if p := h.post(admin, at, pressed(p.typed(), "remove", path)); p.Status != http.StatusOK && path != "" {
			t.Errorf("remove %q: %d", path, p.Status)
		}
	}
	h.onPages("goals")
	at = settings + "/goals/edit"
	p = h.post(admin, at, pressed(h.get(admin, at).typed(), "up", "levels.1"))
	if p.value("[name='b.levels.0.key']") != "sub-goal" || p.value("[name='b.levels.1.key']") != "area" {
		t.Errorf("moved up: %s", p.says("main"))
	}
}

// statuses is the form of the statuses with one row more.
func (h *house) statuses() url.Values {
	h.t.Helper()
	at := settings + "/partyStatuses/edit"
	vs := h.post(admin, at, pressed(h.get(admin, at).typed(), "add", "statuses")).typed()
	for name, value := range map[string]string{"gender": "en", "one": "gäst", "theOne": "gästen", "many": "gäster", "theMany": "gästerna"} {
		vs.Set("b.statuses.2.word.sv."+name, value)
	}
	vs.Set("b.statuses.2.occasions", "true")
	vs.Set("from", "2027-01-01")
	vs.Set("decision", "Forum 2026-11-20")
	vs.Set("reason", "Gäster tas emot")
	return vs
}

func TestASectionIsPreviewedSavedAndItsHistoryTold(t *testing.T) {
	h := build(t)
	h.onPages("partyStatuses")
	at := settings + "/partyStatuses"
	p := h.post(admin, at+"/edit", pressed(h.statuses(), "do", "preview"))
	if p.Status != http.StatusOK {
		t.Fatalf("%d: %s", p.Status, p.says(".fault"))
	}
	for _, want := range []string{"Från och med 1 januari 2027.", "parterna: hur många de är", "Inget som redan har gällt ändras.", "Gäst", "gäller enstaka tillfällen"} {
		if !strings.Contains(p.says("#preview"), want) {
			t.Errorf("the preview lacks %q: %s", want, p.says("#preview"))
		}
	}
	if strings.Contains(h.get(admin, at).says("main"), "Gäst") {
		t.Error("a preview was kept")
	}
	back := p.typed()
	back.Set("from", "2020-01-01")
	if got := h.post(admin, at+"/edit", pressed(back, "do", "preview")).says("#preview"); !strings.Contains(got, "Från 1 januari 2020 till 25 november 2026 hade det här gällt") {
		t.Errorf("back in time: %s", got)
	}
	vs := pressed(p.typed(), "do", "save")
	p = h.post(admin, at+"/edit", vs)
	if p.Status != http.StatusSeeOther {
		t.Fatalf("%d: %s", p.Status, p.says(".fault"))
	}
	again := h.post(admin, at+"/edit", vs) // the button pressed twice
	if again.Status != http.StatusSeeOther || again.Header.Get("Location") != p.Header.Get("Location") {
		t.Errorf("pressed twice: %d", again.Status)
	}
	p = h.get(admin, p.Header.Get("Location"))
	if !strings.Contains(p.says("#history li"), "Gäster tas emot") || !strings.Contains(p.says("#history li"), "Forum 2026-11-20") || p.says("[role=status]") != "Ändringen är sparad" {
		t.Errorf("%s", p.says("#history"))
	}
	if p.Find("#versions > div > ol > li").Length() != 2 || strings.Contains(p.says("#holds"), "Gäst") {
		t.Errorf("%s", p.says("#versions"))
	}
	if got := h.get(strategist, at+"?on=2027-01-01"); !strings.Contains(got.says("#holds"), "Gäst") || got.Find("body.past").Length() != 1 {
		t.Errorf("on the day: %s", got.says("#holds"))
	}
	p = h.get(strategist, at+"/compare?one=always&other=2027-01-01")
	if got := p.says("main"); !strings.Contains(got, "skiljer sig i en sak") || p.Find("tbody tr").Length() != 3 {
		t.Errorf("%s", got)
	}

	// A version is corrected, moved and taken away; the history keeps all of it.
	vs = h.get(admin, at+"/edit?from=2027-01-01").typed()
	vs.Set("from", "2027-02-01")
	vs.Set("reason", "Fel månad")
	if p = h.post(admin, at+"/edit", pressed(vs, "do", "save")); p.Status != http.StatusSeeOther {
		t.Fatalf("%d: %s", p.Status, p.says(".fault"))
	}
	vs = h.get(admin, at+"/edit?from=2027-02-01").typed()
	vs.Set("reason", "Ångrat")
	if p = h.post(admin, at+"/edit", pressed(vs, "do", "remove")); p.Status != http.StatusSeeOther {
		t.Fatalf("%d: %s", p.Status, p.says(".fault"))
	}
	if p = h.get(admin, at); p.Find("#versions > div > ol > li").Length() != 1 || p.Find("#history > div > ol > li").Length() != 4 {
		t.Errorf("%s", p.says("main"))
	}
}

func TestARuleThatCannotWorkIsSaidAtItsField(t *testing.T) {
	h := build(t)
	h.onPages("partyStatuses", "goals", "instrumentKinds", "targetGroup", "identity")
	vs := h.statuses()
	vs.Set("b.statuses.2.counted", "true")
	vs.Set("reason", "")
	vs.Set("from", "2027-13-01")
	p := h.post(admin, settings+"/partyStatuses/edit", pressed(vs, "do", "save"))
	if p.Status != http.StatusUnprocessableEntity || !strings.HasPrefix(p.says("title"), "Fel: ") || p.says("#f-from-why") == "" {
		t.Fatalf("%d: %s", p.Status, p.says(".fault"))
	}
	vs.Set("from", "2027-01-01")
	p = h.post(admin, settings+"/partyStatuses/edit", pressed(vs, "do", "save"))
	if p.says("#f-reason-why") == "" {
		t.Errorf("the reason is not asked for together with the rest: %s", p.says(".fault"))
	}
	if got := p.says("#f-statuses-2-occasions-why"); !strings.Contains(got, "antalet parter skulle ändras från möte till möte") {
		t.Errorf("%q in %s", got, p.says(".fault"))
	}
	if got := p.says(".fault a[href='#f-statuses-2-occasions']"); !strings.HasPrefix(got, "Gäst, ") {
		t.Errorf("the summary: %q", got)
	}

	for _, c := range []struct{ section, field, value, at, says string }{
		{"goals", "b.levels.0.under", "sub-goal", "#f-levels-0-under-why", "Ta bort ett av leden"},
		{"goals", "b.levels.0.word.sv.theOne", "", "#f-levels-0-word-sv-why", "bestämd form, en"},
		{"instrumentKinds", "b.kinds.0.reviewMonths", "ofta", "#f-kinds-0-reviewMonths-why", ""},
		{"instrumentKinds", "b.kinds.0.bodies", "3", "#f-kinds-0-bodies-why", "flera organ antar"},
		{"identity", "b.contact.email", "kim", "#f-contact-email-why", "ingen e-postadress"},
		{"targetGroup", "b.definition.en", "x", "#f-definition-why", "saknas på svenska"},
	} {
		at := settings + "/" + c.section + "/edit"
		vs := pressed(h.get(admin, at).typed(), "do", "preview")
		vs.Set(c.field, c.value)
		p := h.post(admin, at, vs)
		if got := p.says(c.at); p.Status != http.StatusUnprocessableEntity || got == "" || !strings.Contains(got, c.says) || strings.Contains(p.Body, "⟨") {
			t.Errorf("%s %s = %q: %d %q of %s", c.section, c.field, c.value, p.Status, got, p.says(".fault"))
		}
	}
}

func TestANewEntryNeedsNoKey(t *testing.T) {
	h := build(t)
	h.onPages("partyStatuses")
	vs := h.statuses()
	vs.Set("b.statuses.2.word.sv.one", "Gäst från Växjö")
	vs.Set("n.statuses", "5") // two rows in which nothing was written
	if p := h.post(admin, settings+"/partyStatuses/edit", pressed(vs, "do", "save")); p.Status != http.StatusSeeOther {
		t.Fatalf("%d: %s", p.Status, p.says(".fault"))
	}
	h.write("kronoberg", func(ctx context.Context, tx *pg.Tx) error {
		s, err := county.Get(ctx, tx, "partyStatuses")
		if err != nil {
			return err
		}
		var said tenant.PartyStatuses
		if err := json.Unmarshal(s.Versions[1].Body, &said); err != nil {
			return err
		}
		if len(said.Statuses) != 3 || said.Statuses[2].Key != "gast-fran-vaxjo" {
			t.Errorf("%+v", said.Statuses)
		}
		return nil
	})
}

func TestWhoChangesASectionSecondSeesBoth(t *testing.T) {
	h := build(t)
	h.onPages("lead")
	at := settings + "/lead/edit"
	first, second := h.get(admin, at).typed(), h.get(admin, at).typed()
	for vs, who := range map[*url.Values]string{&first: "lansstyrelsen\nregion", &second: h.Alvesta.Key} {
		vs.Set("b.organisations", who)
		vs.Set("reason", "x")
		vs.Set("do", "save")
	}
	if p := h.post(admin, at, first); p.Status != http.StatusSeeOther {
		t.Fatalf("%d: %s", p.Status, p.says(".fault"))
	}
	p := h.post(admin, at, second)
	if got := p.says("#both tbody"); p.Status != http.StatusPreconditionFailed || !strings.Contains(got, "lansstyrelsen och region") || !strings.Contains(got, "Alvesta kommun") {
		t.Fatalf("%d: %s", p.Status, p.says("main"))
	}
	if got := p.says("#f-organisations"); got != h.Alvesta.Key {
		t.Errorf("what was typed became %q", got)
	}
	if p = h.post(admin, at, pressed(p.typed(), "do", "save")); p.Status != http.StatusSeeOther {
		t.Errorf("saved over: %d %s", p.Status, p.says(".fault"))
	}
}

func TestWhatTheFileKeepsIsReadAndTakenOver(t *testing.T) {
	h := build(t)
	at := settings + "/goals"
	if p := h.get(admin, at+"/edit"); p.Status != http.StatusConflict || p.Find("form button.do").Length() != 1 || !strings.Contains(p.says("main"), "tenants/kronoberg.yaml") {
		t.Fatalf("%d: %s", p.Status, p.says("main"))
	}
	vs := h.get(admin, at+"/manager").typed()
	if p := h.post(strategist, at+"/manager", vs); p.Status != http.StatusForbidden {
		t.Errorf("a strategist: %d", p.Status)
	}
	p := h.post(admin, at+"/manager", vs)
	if p.Status != http.StatusSeeOther {
		t.Fatalf("%d: %s", p.Status, p.says("main"))
	}
	if p = h.get(admin, p.Header.Get("Location")); p.says("[role=status]") != "Delen sköts nu här på sidorna" || p.Find(`a[href$="/goals/edit"]`).Length() != 1 {
		t.Errorf("%s", p.says("main"))
	}
	if p = h.get(strategist, at); p.Find(`a[href$="/edit"]`).Length() != 0 || h.get(strategist, at+"/edit").Status != http.StatusForbidden {
		t.Error("a strategist is offered to change")
	}
	if p = h.post(strategist, at+"/edit", url.Values{"add": {"levels"}}); p.Status != http.StatusForbidden {
		t.Errorf("a strategist adds a row: %d", p.Status)
	}
	if p = h.get(admin, settings+"/motto"); p.Status != http.StatusNotFound {
		t.Errorf("a section that there is not: %d", p.Status)
	}
}

// Every section is told and drawn without a word missing, whatever of it is filled in.
func TestEveryFieldOfEverySectionHasWords(t *testing.T) {
	for _, s := range tenant.SectionTypes() {
		var walk func(t reflect.Type, path string) []string
		walk = func(kind reflect.Type, path string) []string {
			var lists []string
			if kind.Kind() != reflect.Struct {
				return nil
			}
			for f := range kind.Fields() {
				name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
				under := path + "." + name
				if f.Type.Kind() == reflect.Slice && f.Type.Elem().Kind() != reflect.String {
					lists = append(lists, under)
					lists = append(lists, walk(f.Type.Elem(), under)...)
				}
			}
			return lists
		}
		for _, list := range walk(s.Type, s.Key) {
			for _, key := range []string{"configuration.add." + list, "configuration.entry." + list} {
				if !text.Has(key) {
					t.Errorf("no words for %s", key)
				}
			}
		}
	}
	for _, key := range []string{"configuration.manager.file", "configuration.manager.pages", "configuration.by.file", "configuration.by.pages",
		"configuration.compare_one", "configuration.compare_other", "web.done.settings_file", "web.done.settings_pages"} {
		if !text.Has(key) {
			t.Errorf("no words for %s", key)
		}
	}
	for f := range reflect.TypeFor[tenant.Genitives]().Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if !text.Has("configuration.genitive." + name) {
			t.Errorf("no words for the genitive of %s", name)
		}
	}
}

// The forms that a county's administrator meets, by the browser itself.
func TestTheSettingsCanBeChangedByEveryone(t *testing.T) {
	t.Parallel()
	b := browsertest.New(t)
	h := build(t)
	h.onPages(tenant.SectionKeys()...)
	for _, key := range tenant.SectionKeys() {
		t.Run(key, func(t *testing.T) {
			b.Open(h.URL + "/as/" + url.PathEscape(admin) + "?to=" + url.QueryEscape(settings+"/"+key+"/edit"))
			usable(t, b, "edit-"+key)
		})
	}
	t.Run("refused and previewed", func(t *testing.T) {
		b.Size(1280, 900)
		b.NoScript(true)
		b.Open(h.URL + "/as/" + url.PathEscape(admin) + "?to=" + url.QueryEscape(settings+"/partyStatuses/edit"))
		b.Follow("button[name=add]")
		b.Type("#f-statuses-2-word-sv-one", "gäst")
		b.Follow("button.do")
		if !strings.HasPrefix(b.Title(), "Fel: ") {
			t.Errorf("%q", b.Title())
		}
		for _, v := range b.Axe() {
			t.Error(v)
		}
		b.Screenshot("edit-refused")
		b.Set("#f-statuses-2-word-sv-gender", "en")
		for id, word := range map[string]string{"theOne": "gästen", "many": "gäster", "theMany": "gästerna"} {
			b.Type("#f-statuses-2-word-sv-"+id, word)
		}
		b.Follow("button[value=preview]:not(.vh)")
		if !strings.Contains(b.Text("#preview"), "Gäst") {
			t.Errorf("%s", b.Text("main"))
		}
		for _, v := range b.Axe() {
			t.Error(v)
		}
		b.Screenshot("edit-previewed")
		b.Size(320, 800)
		if n := b.OverflowX(); n > 0 {
			t.Errorf("%d px beside a window of 320", n)
		}
		b.Screenshot("edit-previewed-320")
	})
}
