package web_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/overens/overens/internal/browsertest"
	"github.com/overens/overens/internal/county"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

const bodies = settings + "/bodies"

// model is the county's bodies as they are kept, in the latest version.
func (h *house) model() tenant.Bodies {
	h.t.Helper()
	var said tenant.Bodies
	h.write("kronoberg", func(ctx context.Context, tx *pg.Tx) error {
		s, err := county.Get(ctx, tx, "bodies")
		if err != nil {
			return err
		}
		return json.Unmarshal(s.Versions[len(s.Versions)-1].Body, &said)
	})
	return said
}

func TestABodyHasAPageWithItsRulesInPlainWords(t *testing.T) {
	h := build(t)
	p := h.get(strategist, bodies)
	if got := p.says("#holds tbody"); p.Status != http.StatusOK || !strings.Contains(got, "Forum för mottagande och etablering") || !strings.Contains(got, "av 17 kända") {
		t.Fatalf("%d: %s", p.Status, got)
	}
	if p.Find(`#holds a[href$="/bodies?body=forum"]`).Length() != 1 {
		t.Errorf("the forum has no page: %s", p.says("#holds"))
	}
	p = h.get(strategist, bodies+"?body=forum")
	for _, want := range []string{"Forum för mottagande och etablering möts två gånger om året.",
		"Ingen regel är känd. Forum för mottagande och etablering kan alltså besluta hur få som än är där.", "En för varje kommun, högsta tjänstemannaledning"} {
		if !strings.Contains(p.says("main"), want) {
			t.Errorf("the page lacks %q: %s", want, p.says("main"))
		}
	}
	if got := h.get(strategist, bodies+"?body=senate"); got.Status != http.StatusNotFound {
		t.Errorf("a body that there is not: %d", got.Status)
	}
}

func TestOneBodyIsChangedAndTheOthersStay(t *testing.T) {
	h := build(t)
	h.onPages("bodies")
	before := h.model()
	at := bodies + "/edit"
	p := h.get(admin, at+"?body=steering-groups")
	if p.Status != http.StatusOK || p.Find("input[name='b.bodies.0.key']").Length() != 1 || p.Find("[name^='b.bodies.1.']").Length() != 0 {
		t.Fatalf("%d: %s", p.Status, p.says("main"))
	}
	if got := p.says("#f-bodies-0-rules-quorum-rule > summary"); !strings.HasPrefix(got, "När det kan besluta: Ingen regel är känd.") {
		t.Errorf("the rule is read as %q", got)
	}
	if p.Find("#f-bodies-0-under input[value=forum]").Length() != 1 || p.Find("#f-bodies-0-under input[value='steering-groups']").Length() != 0 {
		t.Error("a body cannot be put under the others, or under itself")
	}
	// Saved as it came, nothing is different.
	vs := p.typed()
	vs.Set("from", "2023-03-20")
	vs.Set("decision", "Forum 2023-03-30")
	if p = h.post(admin, at, pressed(vs, "do", "preview")); p.Find("#preview .nothing").Length() != 1 {
		t.Errorf("%d %s %s", p.Status, p.says(".fault"), p.says("#preview"))
	}

	vs = p.typed()
	vs.Set("from", "2027-01-01")
	vs.Set("reason", "Regler saknas")
	vs.Set("b.bodies.0.rules.notice.days", "14")
	p = h.post(admin, at, pressed(vs, "add", "bodies.0.seats"))
	if got := p.says("#f-bodies-0-rules-notice-rule > summary"); !strings.Contains(got, "Kallelsen går ut senast 14 dagar före mötet.") {
		t.Errorf("the rule that was typed is read as %q", got)
	}
	vs = p.typed()
	vs.Set("b.bodies.0.seats.0.organisations", "alvesta")
	vs.Set("b.bodies.0.rules.quorum.of", "seats")
	vs.Set("b.bodies.0.rules.quorum.number", "2")
	p = h.post(admin, at, pressed(vs, "do", "save"))
	if got := p.says("#f-bodies-0-rules-quorum-number-why"); p.Status != http.StatusUnprocessableEntity || !strings.Contains(got, "Med 2 kan det aldrig besluta. Skriv 1.") {
		t.Fatalf("%d %q: %s", p.Status, got, p.says(".fault"))
	}
	if _, open := p.Find("#f-bodies-0-rules-quorum-rule").Attr("open"); !open {
		t.Error("the rule that is wrong is folded")
	}
	vs = p.typed()
	vs.Set("b.bodies.0.seats.0.number", "5")
	p = h.post(admin, at, pressed(vs, "do", "preview"))
	for _, want := range []string{"Styrgrupperna: kallelse", "Kallelsen går ut senast 14 dagar före mötet.", "Ingen regel är känd. Styrgrupperna kan alltså besluta hur få som än är där.", "minst 2 av 5 platser tjänstgör"} {
		if !strings.Contains(p.says("#preview"), want) {
			t.Errorf("the preview lacks %q: %d %s %s", want, p.Status, p.says(".fault"), p.says("#preview"))
		}
	}
	if strings.Contains(p.says("#preview"), "Forum för mottagande och etablering:") {
		t.Errorf("the preview tells of another body: %s", p.says("#preview"))
	}
	if p = h.post(admin, at, pressed(p.typed(), "do", "save")); p.Status != http.StatusSeeOther {
		t.Fatalf("%d: %s", p.Status, p.says(".fault"))
	}
	after := h.model()
	if len(after.Bodies) != len(before.Bodies) {
		t.Fatalf("%d bodies became %d", len(before.Bodies), len(after.Bodies))
	}
	for i, b := range after.Bodies {
		was, _ := json.Marshal(before.Bodies[i])
		is, _ := json.Marshal(b)
		if same := string(was) == string(is); same == (b.Key == "steering-groups") {
			t.Errorf("%s: the same %v\n%s\n%s", b.Key, same, was, is)
		}
	}
	steering, _ := after.Body("steering-groups")
	if steering.Rules.Quorum.Number != 2 || steering.Seats[0].Key != "alvesta" {
		t.Errorf("%+v", steering)
	}
}

func TestABodyBeginsFromATemplateAndIsDissolved(t *testing.T) {
	h := build(t)
	h.onPages("bodies")
	at := bodies + "/edit"
	n := len(h.model().Bodies)
	p := h.get(admin, at+"?body=%2B")
	if p.Status != http.StatusOK || p.Find("button[name=template]").Length() != 3 {
		t.Fatalf("%d: %s", p.Status, p.says("main"))
	}
	p = h.post(admin, at, pressed(p.typed(), "template", "network"))
	if p.value("[name='b.bodies.0.name.sv']") != "Nätverket" {
		t.Fatalf("%d: %s", p.Status, p.says("main"))
	}
	vs := p.typed()
	vs.Set("b.bodies.0.name.sv", "Nätverket för språk")
	vs.Set("b.bodies.0.name.en", "")
	vs.Set("from", "2027-01-01")
	vs.Set("reason", "Nytt nätverk")
	if p = h.post(admin, at, pressed(vs, "do", "save")); p.Status != http.StatusSeeOther {
		t.Fatalf("%d: %s", p.Status, p.says(".fault"))
	}
	b, ok := h.model().Body("natverket-for-sprak")
	if !ok || b.Rules.Decision.Decides() || len(h.model().Bodies) != n+1 {
		t.Fatalf("%+v", h.model())
	}

	p = h.get(admin, at+"?body=natverket-for-sprak&from=2027-01-01")
	p = h.post(admin, at, pressed(p.typed(), "remove", "bodies.0"))
	if p.Find("[name='b.bodies.0.key']").Length() != 0 || !strings.Contains(p.says("main"), "Organet tas bort") {
		t.Fatalf("%d: %s", p.Status, p.says("main"))
	}
	vs = p.typed()
	vs.Set("reason", "Det behövdes inte")
	if p = h.post(admin, at, pressed(vs, "do", "save")); p.Status != http.StatusSeeOther {
		t.Fatalf("%d: %s", p.Status, p.says(".fault"))
	}
	if _, ok := h.model().Body("natverket-for-sprak"); ok || len(h.model().Bodies) != n {
		t.Errorf("%+v", h.model())
	}

	// Another body's fault is told by its name: it does not stand in the form.
	p = h.get(admin, at+"?body=forum")
	p = h.post(admin, at, pressed(p.typed(), "remove", "bodies.0"))
	vs = p.typed()
	vs.Set("reason", "x")
	p = h.post(admin, at, pressed(vs, "do", "save"))
	if got := p.says(".fault"); p.Status != http.StatusUnprocessableEntity || !strings.Contains(got, "Beredningsgruppen: ") || strings.Contains(got, "⟨") {
		t.Errorf("%d: %s", p.Status, got)
	}
}

func TestAllBodiesCanBeArranged(t *testing.T) {
	h := build(t)
	h.onPages("bodies")
	at := bodies + "/edit"
	p := h.post(admin, at, pressed(h.get(admin, at).typed(), "up", "bodies.1"))
	if p.value("[name='b.bodies.0.key']") != "steering-groups" {
		t.Errorf("%d: %s", p.Status, p.says("main"))
	}
	n := p.Find("#leaf-f-bodies > div > .sheet > details").Length()
	p = h.post(admin, at, pressed(p.typed(), "template", "council"))
	if got := p.Find("#leaf-f-bodies > div > .sheet > details").Length(); got != n+1 {
		t.Errorf("%d bodies became %d", n, got)
	}
	if p = h.post(admin, at, pressed(p.typed(), "template", "senate")); p.Status != http.StatusOK {
		t.Errorf("a template that there is not: %d", p.Status)
	}
}

// The pages of a body, by the browser itself.
func TestABodysPagesCanBeUsedByEveryone(t *testing.T) {
	t.Parallel()
	b := browsertest.New(t)
	h := build(t)
	h.onPages("bodies")
	for name, path := range map[string]string{"bodies": bodies, "body": bodies + "?body=forum", "body-edit": bodies + "/edit?body=forum", "body-new": bodies + "/edit?body=%2B",
		"bodies-compare": bodies + "/compare?one=always&other=2023-03-20"} {
		t.Run(name, func(t *testing.T) {
			b.Open(h.URL + "/as/" + url.PathEscape(admin) + "?to=" + url.QueryEscape(path))
			usable(t, b, name)
		})
	}
	t.Run("refused and previewed", func(t *testing.T) {
		b.Size(1280, 900)
		b.NoScript(true)
		b.Open(h.URL + "/as/" + url.PathEscape(admin) + "?to=" + url.QueryEscape(bodies+"/edit?body=%2B"))
		b.Follow("button[value=council]")
		b.Set("#f-bodies-0-rules-quorum-of", "seats")
		b.Follow("button[value=preview]:not(.vh)")
		if !strings.HasPrefix(b.Title(), "Fel: ") {
			t.Errorf("%q", b.Title())
		}
		b.Screenshot("body-refused")
		b.Type("#f-bodies-0-rules-quorum-number", "3")
		b.Set("#f-bodies-0-kind", "forum")
		b.Follow("button[value=preview]:not(.vh)")
		if !strings.Contains(b.Text("#preview"), "Rådet kan besluta när minst tre platser tjänstgör.") {
			t.Errorf("%s", b.Text("main"))
		}
		for _, v := range b.Axe() {
			t.Error(v)
		}
		b.Screenshot("body-previewed")
		b.Size(320, 800)
		if n := b.OverflowX(); n > 0 {
			t.Errorf("%d px beside a window of 320", n)
		}
		b.Screenshot("body-previewed-320")
	})
}
