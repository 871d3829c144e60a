package web_test

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"

	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/pg"
)

const newOrganisation = "/lan/kronoberg/organisations/new"

// card is what somebody types about an organisation.
func card(pairs ...string) url.Values {
	typed := url.Values{"key": {"k-" + strings.Join(pairs, "")}, "version": {"0"}, "type": {"civil-society"}, "name": {"Föreningen Bygdens väl"}}
	for i := 0; i+1 < len(pairs); i += 2 {
		typed.Set(pairs[i], pairs[i+1])
	}
	return typed
}

func TestAFormIsDrawnByTheShapeOfItsInput(t *testing.T) {
	h := build(t)
	p := h.get(strategist, newOrganisation)
	for selector, want := range map[string]int{
		"input#f-name[required][maxlength='200']": 1, "input#f-email[type=email][maxlength='254']": 1, "input#f-phone[type=tel]": 1,
		"input#f-website[type=url]": 1, "input#f-validFrom[type=date]": 1, "select#f-type[required] option": 16, "input#f-published[type=checkbox][checked]": 1,
		"input[name=key][type=hidden]": 1, "form[novalidate]": 1,
	} {
		if got := p.Find(selector).Length(); got != want {
			t.Errorf("%s: %d, want %d", selector, got, want)
		}
	}
	if got := p.says("label[for=f-email]"); got != "E-post frivilligt" {
		t.Errorf("an optional field: %q", got)
	}
	if got := p.says("label[for=f-name]"); got != "Namn" {
		t.Errorf("a required field: %q", got)
	}
}

func TestWhatIsSentIsDoneOnce(t *testing.T) {
	h := build(t)
	p := h.post(strategist, newOrganisation, card())
	to := p.Header.Get("Location")
	if p.Status != http.StatusSeeOther || !strings.Contains(to, "done=organisation_added") {
		t.Fatalf("%d %s: %s", p.Status, to, p.says(".fault"))
	}
	if got := h.get(strategist, to).says("[role=status]"); got != "Organisationen är tillagd" {
		t.Errorf("says %q", got)
	}
	if again := h.post(strategist, newOrganisation, card()).Header.Get("Location"); again != to {
		t.Errorf("sent twice: %s and %s", to, again)
	}
	// The same key for something else is asked about.
	other := card("name", "En annan")
	other.Set("key", card().Get("key"))
	p = h.post(strategist, newOrganisation, other)
	if p.Status != http.StatusUnprocessableEntity || p.value("input[name=key]") == other.Get("key") || p.value("#f-name") != "En annan" {
		t.Errorf("%d, key %q, name %q", p.Status, p.value("input[name=key]"), p.value("#f-name"))
	}
	if got := h.get(strategist, "/lan/kronoberg/organisations?q=bygdens").Find("tbody tr").Length(); got != 1 {
		t.Errorf("%d were made", got)
	}
}

func TestARefusalKeepsWhatWasTypedAndSaysWhatIsWrongBesideTheField(t *testing.T) {
	h := build(t)
	p := h.post(strategist, newOrganisation, card("name", "", "organisationNumber", "202100-2297", "email", "kim", "validFrom", "i går", "phone", "0470-1"))
	if p.Status != http.StatusUnprocessableEntity || !strings.HasPrefix(p.says("title"), "Fel: ") {
		t.Fatalf("%d %q", p.Status, p.says("title"))
	}
	// What the shape stops is told at once; what the room stops, when that is mended.
	if got := p.Find(".fault[role=alert][tabindex='-1'] a[href='#f-name'], .fault a[href='#f-validFrom']").Length(); got != 2 {
		t.Errorf("%d links in the summary: %s", got, p.says(".fault"))
	}
	if by, _ := p.Find("#f-name[aria-invalid=true]").Attr("aria-describedby"); by != "f-name-why f-name-help" || p.Find("#f-name-why").Length() != 1 {
		t.Errorf("described by %q", by)
	}
	for field, want := range map[string]string{"organisationNumber": "202100-2297", "email": "kim", "phone": "0470-1"} {
		if got := p.value("#f-" + field); got != want {
			t.Errorf("%s: %q was kept of %q", field, got, want)
		}
	}
	for _, name := range []string{"A\x1bB", "A\x00B", "A\xff"} {
		if p := h.post(strategist, newOrganisation, card("name", name)); p.Status != http.StatusUnprocessableEntity || p.Find("#f-name-why").Length() != 1 {
			t.Errorf("%q: %d: %s", name, p.Status, p.says(".fault"))
		}
	}
	p = h.post(strategist, newOrganisation, card("organisationNumber", "202100-2297", "email", "kim"))
	if got := p.says("#f-organisationNumber-why"); !strings.HasPrefix(got, "Organisationsnumret stämmer inte. Det har tio siffror") {
		t.Errorf("%q", got)
	}
	if got := p.says(".fault h2"); got != "Inget är sparat. 2 saker behöver rättas" {
		t.Errorf("%q", got)
	}
	// A conflict with what is kept stands beside its field too.
	p = h.post(strategist, newOrganisation, card("type", "municipality", "officialCode", "0764"))
	if p.Status != http.StatusConflict || p.Find("#f-officialCode-why").Length() != 1 {
		t.Errorf("%d: %s", p.Status, p.says(".fault"))
	}
}

func TestWhoeverComesSecondSeesBothAndLosesNothing(t *testing.T) {
	h := build(t)
	at := "/lan/kronoberg/organisations/" + h.Alvesta.ID.String() + "/edit"
	first := h.get(strategist, at)
	typed := url.Values{}
	for _, name := range []string{"key", "version", "name", "shortName", "officialCode", "email", "phone", "website", "mailbox", "validFrom"} {
		typed.Set(name, first.value("[name="+name+"]"))
	}
	typed.Set("type", "municipality")
	typed.Set("published", "true")

	h.write("kronoberg", func(ctx context.Context, tx *pg.Tx) error {
		_, err := organisation.Change(ctx, tx, h.Alvesta.ID, h.Alvesta.Version, with(h.Alvesta.Card, func(c *organisation.Card) { c.Phone = "0472-111 11" }))
		return err
	})
	typed.Set("phone", "0472-222 22")
	p := h.post(strategist, at, typed)
	if p.Status != http.StatusPreconditionFailed {
		t.Fatalf("%d: %s", p.Status, p.says("main"))
	}
	var row []string
	p.Find("#both tbody tr").First().Children().Each(func(_ int, c *goquery.Selection) { row = append(row, strings.TrimSpace(c.Text())) })
	if d := cmp.Diff([]string{"Telefon", "0472-111 11", "0472-222 22"}, row); d != "" {
		t.Errorf("the difference (-want +got):\n%s", d)
	}
	if n := p.Find("#both tbody tr").Length(); n != 1 {
		t.Errorf("%d fields differ", n)
	}
	if got := p.value("#f-phone"); got != "0472-222 22" {
		t.Errorf("what was typed became %q", got)
	}
	// Saving over is a choice, made on the same page.
	typed.Set("key", p.value("input[name=key]"))
	typed.Set("version", p.value("input[name=version]"))
	if p = h.post(strategist, at, typed); p.Status != http.StatusSeeOther {
		t.Fatalf("%d: %s", p.Status, p.says("main"))
	}
	if got := h.get(strategist, strings.TrimSuffix(at, "/edit")).says("#reach"); !strings.Contains(got, "0472-222 22") {
		t.Errorf("%q", got)
	}
}

func TestAPartyChangesItsOwnContactAndNothingElse(t *testing.T) {
	h := build(t)
	at := "/lan/kronoberg/organisations/" + h.Alvesta.ID.String() + "/edit"
	p := h.get(h.partyAdmin(), at)
	if p.Find("#f-phone").Length() != 1 || p.Find("#f-name").Length() != 0 {
		t.Fatalf("the form shows %s", p.says("form"))
	}
	typed := url.Values{}
	p.Find("form[method=post] input").Each(func(_ int, i *goquery.Selection) {
		name, _ := i.Attr("name")
		value, _ := i.Attr("value")
		typed.Set(name, value)
	})
	typed.Set("phone", "0472-333 33")
	if p = h.post(h.partyAdmin(), at, typed); p.Status != http.StatusSeeOther {
		t.Fatalf("%d: %s", p.Status, p.says("main"))
	}
	typed.Set("name", "Något annat")
	typed.Set("key", "another")
	typed.Set("version", strconv.FormatInt(h.Alvesta.Version+1, 10))
	if p = h.post(h.partyAdmin(), at, typed); p.Status != http.StatusForbidden {
		t.Errorf("the name: %d: %s", p.Status, p.says("main"))
	}
	if got := h.get(h.partyAdmin(), "/lan/kronoberg/organisations/"+h.Church.ID.String()+"/edit").Status; got != http.StatusForbidden {
		t.Errorf("another party: %d", got)
	}
}

func TestAnOrganisationEndsWithItsSuccessors(t *testing.T) {
	h := build(t)
	at := "/lan/kronoberg/organisations/" + h.Church.ID.String() + "/end"
	typed := url.Values{"key": {"end"}, "version": {strconv.FormatInt(h.Church.Version, 10)}, "on": {"2027-01-01"}, "successors": {h.Alvesta.ID.String(), "", ""}}
	p := h.post(strategist, at, typed)
	if p.Status != http.StatusUnprocessableEntity || p.Find("#f-kind-why").Length() != 1 {
		t.Fatalf("without what happened: %d %s", p.Status, p.says(".fault"))
	}
	if got, _ := p.Find("#f-successors option[selected]").Attr("value"); got != h.Alvesta.ID.String() {
		t.Errorf("the successor was not kept: %q", got)
	}
	typed.Set("kind", "merged")
	if p = h.post(strategist, at, typed); p.Status != http.StatusSeeOther {
		t.Fatalf("%d: %s", p.Status, p.says("main"))
	}
	if got := h.get(strategist, "/lan/kronoberg/organisations/"+h.Church.ID.String()).says("#kin"); !strings.Contains(got, "Gick upp i Alvesta kommun") {
		t.Errorf("%q", got)
	}
}

func TestAnInvitationIsMadeAndItsLinkShownOnce(t *testing.T) {
	h := build(t)
	p := h.post(admin, "/lan/kronoberg/members/new", url.Values{"key": {"i"}, "version": {"0"}, "name": {"Robin Öst"}, "role": {"officer"}, "byHand": {"true"}})
	to := p.Header.Get("Location")
	if p.Status != http.StatusSeeOther {
		t.Fatalf("%d: %s", p.Status, p.says("main"))
	}
	at, _, _ := strings.Cut(to, "?")
	m := h.get(admin, to)
	version := m.value(`form[action$="/link"] input[name=version]`)
	press := url.Values{"key": {"l"}, "version": {version}}
	p = h.post(admin, at+"/link", press)
	link := p.says(".link")
	if p.Status != http.StatusOK || !strings.HasPrefix(link, "https://overens.example/lan/kronoberg/sign-in?invitation=") {
		t.Fatalf("%d %q: %s", p.Status, link, p.says("main"))
	}
	if p = h.post(admin, at+"/link", press); p.Status != http.StatusPreconditionFailed || strings.Contains(p.Body, "invitation=") {
		t.Errorf("the second time: %d", p.Status)
	}
	if strings.Contains(h.get(admin, at).Body, link) {
		t.Error("the link is still shown")
	}
	p = h.post(admin, at+"/revoke", url.Values{"key": {"r"}, "version": {h.get(admin, at).value(`form[action$="/revoke"] input[name=version]`)}})
	if p.Status != http.StatusSeeOther || !strings.Contains(h.get(admin, at).says(".head .st"), "återkallad") {
		t.Errorf("%d: %s", p.Status, p.says("main"))
	}
}

func TestPersonalDataInTheTrailCanBeHidden(t *testing.T) {
	h := build(t)
	trail := h.get(admin, "/lan/kronoberg/audit?subject=person")
	to, ok := trail.Find(`a[href$="/mask"]`).Attr("href")
	if !ok || !strings.Contains(trail.Body, "kim.aberg@alvesta.example") {
		t.Fatalf("nothing to hide: %s", trail.says("main"))
	}
	if p := h.post(admin, to, url.Values{"key": {"m"}, "version": {"0"}, "reason": {""}}); p.Status != http.StatusUnprocessableEntity {
		t.Errorf("without a reason: %d", p.Status)
	}
	if p := h.post(admin, to, url.Values{"key": {"m"}, "version": {"0"}, "reason": {"Begäran, dnr 1-2026"}}); p.Status != http.StatusSeeOther {
		t.Fatalf("%d: %s", p.Status, p.says("main"))
	}
	if trail = h.get(admin, "/lan/kronoberg/audit?subject=person"); strings.Contains(trail.Body, "kim.aberg") || !strings.Contains(trail.says("main"), "dnr 1-2026") {
		t.Errorf("after hiding: %s", trail.says("main"))
	}
	if p := h.get(strategist, to); p.Status != http.StatusForbidden {
		t.Errorf("a strategist: %d", p.Status)
	}
}
