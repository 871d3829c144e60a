package web_test

import (
	"bytes"
	"context"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/browsertest"
	"github.com/overens/overens/internal/county"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/member"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/person"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

const (
	councils = "/lan/kronoberg/bodies"
	forum    = councils + "/forum"
)

// seated is a county with an agreement and people around its first body's table.
func seated(t testing.TB) *house {
	t.Helper()
	h := buildEmpty(t)
	h.agreed("kronoberg")
	for key, name := range map[string]string{"lansstyrelsen": "Länsråd", "alvesta": "Kommunchef i Alvesta", "vaxjo": "Förvaltningschef i Växjö", "region": "Utvecklingsdirektör"} {
		place := "municipality/" + key
		switch key {
		case "lansstyrelsen":
			place = "county-administration/" + key
		case "region":
			place = "region/" + key
		}
		h.sit("kronoberg", "forum", place, key, name, false)
	}
	h.sit("kronoberg", "forum", "municipality/alvesta", "alvesta", "Biträdande kommunchef", true)
	h.sit("kronoberg", "forum", "municipality/lessebo", "lessebo", "Ersättare i Lessebo", true)
	return h
}

// sit makes somebody up and gives the place since the beginning of the year.
func (h *house) sit(county, body, place, party, name string, deputy bool) governance.Mandate {
	h.t.Helper()
	var m governance.Mandate
	h.write(county, func(ctx context.Context, tx *pg.Tx) error {
		o, err := organisation.ByKey(ctx, tx, party)
		if err != nil {
			return err
		}
		p, err := person.CreateDemo(ctx, tx, person.Card{Name: name, OrganisationID: uuid.NullUUID{UUID: o.ID, Valid: true}})
		if err != nil {
			return err
		}
		m, err = governance.AppointDemo(ctx, tx, governance.Nomination{Body: body, Place: place, Person: p.ID, Deputy: deputy, From: day.Of(2026, 1, 1)})
		return err
	})
	return m
}

func (h *house) partyOf(key string) string {
	return "kronoberg,party-administrator," + h.organisation(key).String()
}

func (h *house) newcomer(name, party string) string {
	h.t.Helper()
	var id uuid.UUID
	h.write("kronoberg", func(ctx context.Context, tx *pg.Tx) error {
		p, err := person.Create(ctx, tx, person.Card{Name: name, OrganisationID: uuid.NullUUID{UUID: h.organisation(party), Valid: true}})
		id = p.ID
		return err
	})
	return id.String()
}

func TestAllBodiesAreSeenAsAPictureAndAList(t *testing.T) {
	h := seated(t)
	p := h.get(strategist, councils)
	if p.Status != http.StatusOK || p.Find("#list tbody tr").Length() != 4 {
		t.Fatalf("%d: %s", p.Status, p.says("main"))
	}
	contains(t, "the picture", p.says("#tiers svg desc"), "Forum för mottagande och etablering: 4 av", "Beredningsgruppen bereder för Forum för mottagande och etablering.")
	contains(t, "the list", p.says("#list tbody"), "Landshövdingen", "Styrgrupp", "inga platser kända", "Beredningsgrupp")
	if p.Find(`nav.places a[aria-current]`).Text() != "Samverkansorgan" || p.Find(`#tiers path[stroke-dasharray]`).Length() == 0 {
		t.Errorf("%s", p.says("nav.places"))
	}
	if got := h.get(strategist, councils+"?on=2022-01-01"); !strings.Contains(got.says(".past-note"), "1 januari 2022") || got.Find(`#list th a[href="`+forum+`?on=2022-01-01"]`).Length() != 1 {
		t.Errorf("another day: %s", got.says("main"))
	}
	h.bodies(func(*tenant.County) tenant.Section[tenant.Bodies] { return nil })
	p = h.get(strategist, councils)
	if p.Find(".nothing").Length() != 1 || !strings.Contains(p.says(".nothing"), "Länets administratör") {
		t.Errorf("a county without: %s", p.says("main"))
	}
	if p = h.get(admin, councils); p.Find(`.nothing a[href*="/settings/bodies/edit"]`).Length() != 1 {
		t.Errorf("nothing leads to where they are set up: %s", p.says(".nothing"))
	}
}

func TestABodyHasItsTableItsRulesAndItsPast(t *testing.T) {
	h := seated(t)
	p := h.get(strategist, forum)
	if p.Status != http.StatusOK || p.says("h1") != "Forum för mottagande och etablering" {
		t.Fatalf("%d: %s", p.Status, p.says("main"))
	}
	contains(t, "the row", p.says(".head .row"), "Verksamt", "beslutar om inriktning", "bereds av Beredningsgruppen")
	n := p.Find("#seats tbody tr").Length()
	if drawn := p.Find("#seats figure .name").Length(); n < 10 || drawn != n {
		t.Errorf("%d chairs in the picture, %d in the table", drawn, n)
	}
	first := p.says("#seats tbody tr:first-child")
	contains(t, "who leads", first, "Länsstyrelsen", "Länsråd", "ordinarie", "2026-01-01")
	contains(t, "the table", p.says("#seats tbody"), "Kommunchef i Alvesta", "Ersättare i Lessebo", "ersättare", "Ingen utsedd", "vakant")
	contains(t, "the picture", p.says("#seats desc"), "4 har en ordinarie ledamot", "En plats saknar ordinarie men har en ersättare")
	contains(t, "the deputies", p.says("#deputies tbody"), "Biträdande kommunchef", "Alvesta kommun", "ersättare 1")
	contains(t, "the rules", p.says("#rules dl"), "möts två gånger om året", "Ingen regel är känd. Forum för mottagande och etablering kan alltså besluta hur få som än är där.")
	if p.Find(`#rules .st.none`).Length() == 0 || p.Find(`a[href$="/appoint"]`).Length() == 0 {
		t.Error("what is unknown is not told, or nobody can be appointed")
	}
	p = h.get(strategist, forum+"?on=2025-06-01")
	if p.Find(`main a[href*="/appoint"], main a[href*="/end"]`).Length() != 0 || strings.Contains(p.says("#seats tbody"), "Kommunchef") {
		t.Errorf("another day: %s", p.says("#seats"))
	}
	if p = h.get(strategist, councils+"/senate"); p.Status != http.StatusNotFound {
		t.Errorf("a body that there is not: %d", p.Status)
	}
	p = h.get("kronoberg,party-reporter,"+h.organisation("vaxjo").String(), forum)
	if p.Status != http.StatusOK || p.Find(`main a[href*="/appoint"]`).Length() != 0 {
		t.Errorf("a reporter: %d", p.Status)
	}
}

// met lets the forum have met before, and announces its next meeting.
func (h *house) met() {
	h.t.Helper()
	h.write("kronoberg", func(ctx context.Context, tx *pg.Tx) error {
		var rows []meeting.TableRow
		for i, on := range []string{"2023-03-30", "2023-10-12", "2024-04-11", "2025-03-20", "2025-10-16", "2026-04-16"} {
			rows = append(rows, meeting.TableRow{Number: i + 2, Cells: []string{"forum", on, "Läget i länet"}})
		}
		entries, err := meeting.ReadPast([]string{"body", "date", "matter"}, rows)
		if err != nil {
			return err
		}
		es, err := meeting.Import(ctx, tx, entries, nil)
		if err == nil {
			err = es.Err()
		}
		if err == nil {
			_, err = meeting.Announce(ctx, tx, meeting.Date{Body: "forum", On: day.Of(2026, 12, 10)})
		}
		return err
	})
	// As if they had been held here: of what came in from a register of before it is
	// not known whether it is all.
	if _, err := h.db.Super(h.t).Exec(h.t.Context(), "SET session_replication_role = replica; UPDATE meeting SET imported = false"); err != nil {
		h.t.Fatal(err)
	}
}

func TestABodyIsHeldToHowOftenItIsToMeet(t *testing.T) {
	h := seated(t)
	p := h.get(strategist, forum)
	contains(t, "before any is known", p.says("#promise .nothing"), "Inga möten är inlagda", "möts två gånger om året")
	h.met()
	p = h.get(strategist, forum)
	contains(t, "the sum", p.says("#promise figcaption"), "möts två gånger om året. Hållet 2 år av 3.")
	contains(t, "the picture", p.says("#promise desc"), "2024: 1 av 2, inte hållet.", "2026: 1 av 2, pågår.")
	if got := [3]int{p.Find("#promise figure > svg circle.disc").Length(), p.Find("#promise figure > svg path.miss").Length(), p.Find("#promise figure > svg circle.ring").Length()}; got != [3]int{6, 1, 1} {
		t.Errorf("held, left out and to come: %v", got)
	}
	contains(t, "the next", p.says("#promise header"), "10 december 2026")
	contains(t, "the next of each", h.get(strategist, councils).says("#list tbody"), "2026-12-10")
	// On another day what came later has not been.
	p = h.get(strategist, forum+"?on=2024-12-01")
	contains(t, "another day", p.says("#promise desc"), "2024: 1 av 2, pågår.")
	if got := p.says("#promise"); strings.Contains(got, "2025") || strings.Contains(got, "10 december 2026") {
		t.Errorf("another day knows what came later: %s", got)
	}
	contains(t, "a day to come", h.get(strategist, forum+"?on=2028-01-01").says("#promise desc"), "2026: 1 av 2, pågår.")
	// Who does not see every meeting is not told that one was left out.
	if p = h.get(h.partyOf("vaxjo"), forum); p.Find("#promise").Length() != 0 {
		t.Errorf("%s", p.says("#promise"))
	}
}

func TestABodyThatIsDissolvedIsReadOnItsOwnDays(t *testing.T) {
	h := seated(t)
	h.bodies(func(c *tenant.County) tenant.Section[tenant.Bodies] {
		last := c.Bodies[len(c.Bodies)-1].Value
		return append(c.Bodies, tenant.Dated[tenant.Bodies]{From: day.Of(2026, 6, 1), Decision: "Forum 2026-05-20",
			Value: tenant.Bodies{Bodies: last.Bodies[:len(last.Bodies)-1]}})
	})
	p := h.get(strategist, councils)
	contains(t, "what there was", p.says("#gone"), "Befintliga nätverk", "till och med 31 maj 2026")
	to, _ := p.Find("#gone a").Attr("href")
	if p = h.get(strategist, to); p.Status != http.StatusOK || p.Find("#rules dl").Length() == 0 {
		t.Errorf("%s: %d %s", to, p.Status, p.says("main"))
	}
	bare, _, _ := strings.Cut(to, "?")
	if p = h.get(strategist, bare); p.Status != http.StatusOK || p.Find("#absent .nothing").Length() != 1 || !strings.Contains(p.says(".head"), "upphörd sedan 1 juni 2026") {
		t.Errorf("today: %d %s", p.Status, p.says("main"))
	}
}

// bodies gives Kronoberg other bodies.
func (h *house) bodies(other func(*tenant.County) tenant.Section[tenant.Bodies]) {
	h.t.Helper()
	c, err := h.db.County(h.t.Context(), "kronoberg")
	if err != nil {
		h.t.Fatal(err)
	}
	c.Bodies = other(&c)
	h.write("kronoberg", func(ctx context.Context, tx *pg.Tx) error {
		_, _, err := county.Apply(ctx, tx, c, county.FromFile, "test")
		return err
	})
}

func TestAPartySitsItsOwnPeople(t *testing.T) {
	h := seated(t)
	mine := h.partyOf("tingsryd")
	kim := h.newcomer("Kim Lind", "tingsryd")
	at := forum + "/appoint?place=" + url.QueryEscape("municipality/tingsryd")
	p := h.get(mine, forum)
	if p.Find(`#seats a[href*="appoint?place"]`).Length() != 1 {
		t.Errorf("%d places can be filled by a party", p.Find(`#seats a[href*="appoint?place"]`).Length())
	}
	p = h.get(mine, at)
	if p.Find("#f-person option").Length() != 2 || p.Find("#f-organisation").Length() != 0 {
		t.Errorf("people to choose among: %s", p.says("#f-person"))
	}
	if p.Find(`.head a[href*="/people/new?organisationId="]`).Length() != 1 {
		t.Error("somebody new cannot be added")
	}
	// Nothing typed is lost.
	p = h.fillIn(mine, at, url.Values{"person": {kim}, "from": {"2026-05-01"}, "to": {"2026-04-01"}, "appointedBy": {"Kommunstyrelsen"}})
	if p.Status != http.StatusUnprocessableEntity || p.says("#f-to-why") == "" || p.value("#f-appointedBy") != "Kommunstyrelsen" || !strings.HasPrefix(p.says("title"), "Fel:") {
		t.Fatalf("%d %s", p.Status, p.says(".fault"))
	}
	typed := p.typed()
	typed.Set("to", "")
	if to := h.post(mine, at, typed).done(t, "appoint"); to != forum+"?done=appointed" {
		t.Errorf("%s", to)
	}
	h.post(mine, at, typed).done(t, "pressed twice")
	p = h.get(mine, forum)
	if got := strings.Count(p.says("#seats tbody td:nth-child(3)"), "Kim Lind"); got != 1 {
		t.Errorf("sits %d times", got)
	}
	// Another's place is another's.
	typed = h.get(mine, at).typed()
	typed.Set("place", "municipality/almhult")
	typed.Set("person", kim)
	if p = h.post(mine, at, typed); p.Status != http.StatusForbidden {
		t.Errorf("another party's place: %d %s", p.Status, p.says("main"))
	}
	representative := "kronoberg,party-representative," + h.organisation("tingsryd").String()
	contains(t, "whom somebody is here for", h.get(representative, "/lan/kronoberg/context").says(".lead"), "partens företrädare för Tingsryds kommun")
	if p = h.get(representative, at); p.Status != http.StatusForbidden || !strings.Contains(p.says("#help"), "partens företrädare för Tingsryds kommun") {
		t.Errorf("a representative: %d", p.Status)
	}
	// The second is told who is there already.
	p = h.fillIn(mine, at, url.Values{"person": {h.newcomer("Robin Berg", "tingsryd")}})
	contains(t, "a place that is taken", p.says(".fault"), "Kim Lind har redan platsen")

	who := h.get(mine, "/lan/kronoberg/people/"+kim)
	contains(t, "the person's page", who.says("#sits tbody"), "Forum för mottagande och etablering", "Tingsryds kommun", "ordinarie")
	contains(t, "the party's page", h.get(mine, "/lan/kronoberg/organisations/"+h.organisation("tingsryd").String()).says("#speakers tbody"), "Kim Lind", "Forum")
	contains(t, "on another day", h.get(mine, "/lan/kronoberg/people/"+kim+"?on=2025-01-01").says("#sits"), "Inget uppdrag")
}

func TestAMandateIsCorrectedEndedAndHandedOver(t *testing.T) {
	h := seated(t)
	m := h.sit("kronoberg", "forum", "municipality/tingsryd", "tingsryd", "Den som lämnar", false)
	at := "/lan/kronoberg/mandates/" + m.ID.String()
	h.fillIn(strategist, at+"/edit", url.Values{"reference": {"KS § 45"}}).done(t, "edit")
	contains(t, "the mandate", h.get(strategist, at).says("#facts"), "KS § 45", "Tingsryds kommun")
	if p := h.fillIn(strategist, at+"/end", url.Values{"on": {"2026-11-25"}}); p.Status != http.StatusUnprocessableEntity || p.says("#f-reason-why") == "" {
		t.Errorf("without a reason: %d %s", p.Status, p.says(".fault"))
	}
	h.fillIn(strategist, at+"/end", url.Values{"on": {m.From.String()}, "reason": {"Fel person"}}).done(t, "the withdrawal")
	contains(t, "what was a mistake", h.get(strategist, at).says("main"), "tillbakadraget, har aldrig gällt", "Fel person")
	h.fillIn(strategist, at+"/end", url.Values{"on": {"2026-11-25"}, "reason": {"Nytt arbete"}}).done(t, "end")
	if p := h.get(h.partyOf("tingsryd"), "/lan/kronoberg"); !strings.Contains(p.says("#waits"), "Utse någon i Forum") || !strings.Contains(p.says("#waits"), "Sedan 25 november") {
		t.Errorf("the party is not told: %s", p.says("#waits"))
	}
	contains(t, "the county is told", h.get(strategist, "/lan/kronoberg").says("#waits"), "tomma platser")
	contains(t, "what is vacant", h.get(strategist, councils+"/vacancies").says("tbody"), "Tingsryds kommun", "tom plats", "2026-11-25")
	contains(t, "what is vacant of one", h.get(strategist, councils+"/vacancies?organisation="+h.organisation("tingsryd").String()).says(".lead"), "En plats är tom.")

	// Whoever comes signs in, is told, and takes over.
	h.write("kronoberg", func(ctx context.Context, tx *pg.Tx) error {
		o, err := organisation.ByKey(ctx, tx, "tingsryd")
		if err != nil {
			return err
		}
		party := uuid.NullUUID{UUID: o.ID, Valid: true}
		if h.Kim, err = person.Create(ctx, tx, person.Card{Name: "Den som kommer", OrganisationID: party}); err != nil {
			return err
		}
		h.Waiting, err = member.Invite(ctx, tx, member.Invitation{PersonID: uuid.NullUUID{UUID: h.Kim.ID, Valid: true}, Role: auth.RolePartyRepresentative, Organisation: party, ByHand: true})
		return err
	})
	h.fillIn(h.partyOf("tingsryd"), forum+"/appoint?place="+url.QueryEscape("municipality/tingsryd"), url.Values{"person": {h.Kim.ID.String()}}).done(t, "the successor")
	p := h.get(strategist, forum)
	to, ok := p.Find("#handovers tbody a").Attr("href")
	if !ok {
		t.Fatalf("no handover has begun: %s", p.says("main"))
	}
	cookie := "session=" + h.signIn()
	if p = h.get("", "/lan/kronoberg", "Cookie", cookie); !strings.Contains(p.says("#waits"), "Ta emot platsen i Forum") {
		t.Errorf("who comes is not told: %s", p.says("#waits"))
	}
	p = h.get("", to, "Cookie", cookie)
	if p.Find(`a[href$="/take"]`).Length() != 1 || p.Find(`a[href$="/give"]`).Length() != 0 {
		t.Errorf("%s", p.says(".head"))
	}
	take := h.get("", to+"/take", "Cookie", cookie)
	if take.Find("fieldset input:checked").Length() != 5 {
		t.Fatalf("%d points", take.Find("fieldset input:checked").Length())
	}
	h.post("", to+"/take", take.typed(), "Cookie", cookie).done(t, "take")
	none := take.typed()
	none.Del("items")
	none.Set("key", "another")
	if p = h.post("", to+"/give", none, "Cookie", cookie); p.Status == http.StatusSeeOther {
		t.Error("who comes says what was given")
	}
	if got := h.fillIn(strategist, to+"/give", nil).done(t, "give"); !strings.Contains(got, "handover_finished") {
		t.Errorf("%s", got)
	}
	contains(t, "the handover", h.get(strategist, to).says(".head"), "klar")
	contains(t, "the history", h.get(strategist, forum+"/history").says("tbody"), "Den som lämnar", "Den som kommer", "2026-11-24")
}

func TestASeatIsOfferedAnsweredAndFilled(t *testing.T) {
	h := buildEmpty(t)
	h.agreed("ostergotland")
	const at = "/lan/ostergotland/bodies/council"
	const as = "ostergotland,strategist"
	var party organisation.Organisation
	h.write("ostergotland", func(ctx context.Context, tx *pg.Tx) (err error) {
		party, err = organisation.Create(ctx, tx, organisation.Card{Type: "state-agency", Name: "Polismyndigheten"})
		return err
	})
	p := h.fillIn(as, at+"/offer", url.Values{"seat": {"other-agency"}, "organisation": {party.ID.String()}})
	if p.Status != http.StatusUnprocessableEntity || p.says("#f-matter-why") == "" {
		t.Fatalf("for no matter: %d %s", p.Status, p.says(".fault"))
	}
	h.fillIn(as, at+"/offer", url.Values{"seat": {"other-agency"}, "organisation": {party.ID.String()}, "matter": {"Bosättning 2027"}}).done(t, "offer")
	mine := "ostergotland,party-administrator," + party.ID.String()
	to, _ := h.get(mine, "/lan/ostergotland").Find(`#waits a[href*="/seat-offers/"]`).Attr("href")
	if p = h.get(mine, at); p.Find(`#offers a[href="`+to+`"]`).Length() != 1 || p.Find(`#offers form`).Length() != 0 {
		t.Fatalf("%q: %s", to, p.says("#offers"))
	}
	if p = h.fillIn(mine, to, nil); p.Status != http.StatusUnprocessableEntity || p.says("#f-answer-why") == "" {
		t.Errorf("no answer is an answer: %d %s", p.Status, p.says(".fault"))
	}
	next := h.fillIn(mine, to, url.Values{"answer": {"accepted"}}).done(t, "answer")
	if p = h.get(mine, next); p.Status != http.StatusOK || p.Find("#f-place option[selected]").Text() != "Polismyndigheten" {
		t.Errorf("%s: %d %s", next, p.Status, p.says("main"))
	}
	p = h.get(as, at)
	contains(t, "the table", p.says("#seats tbody"), "Polismyndigheten")
	if p.Find("#seats figure rect.gap").Length() != 1 {
		t.Error("an offered seat is no square")
	}
	typed := url.Values{}
	p.Find("#offers form input").Each(func(_ int, in *goquery.Selection) {
		name, _ := in.Attr("name")
		value, _ := in.Attr("value")
		typed.Set(name, value)
	})
	action, _ := p.Find("#offers form").Attr("action")
	h.post(as, action, typed).done(t, "withdraw")
	if p = h.get(as, at); strings.Contains(p.says("#seats tbody"), "Polismyndigheten") || !strings.Contains(p.says("#offers"), "drogs tillbaka") {
		t.Errorf("%s", p.says("#offers"))
	}
}

// hand sends a register, as a file or as rows that were mended on the page.
func (h *house) hand(as, do, file string, typed url.Values) page {
	h.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for name, values := range typed {
		_ = w.WriteField(name, values[0])
	}
	_ = w.WriteField("do", do)
	name := ""
	if file != "" {
		name = "register.csv"
	}
	out, err := w.CreateFormFile("file", name)
	if err != nil {
		h.t.Fatal(err)
	}
	_, _ = io.WriteString(out, file)
	_ = w.Close()
	return h.bring(http.MethodPost, as, councils+"/register", w.FormDataContentType(), b.String())
}

func TestTheRegisterIsLookedAtBeforeItIsTakenIn(t *testing.T) {
	h := seated(t)
	const head = "organ;plats;roll;namn;från;till och med\n"
	const good = "forum;municipality/tingsryd;ordinarie;Kim Lind;2026-02-01;\n"
	p := h.get(strategist, councils+"/register")
	if p.Find(`#out a[href*="format=xlsx"], #out a[href*="format=csv"]`).Length() != 2 || p.Find("#columns dt").Length() != len(governance.RegisterColumns) {
		t.Fatalf("%d: %s", p.Status, p.says("main"))
	}
	typed := url.Values{"key": {p.value("[name=key]")}}
	p = h.hand(strategist, "preview", head+good+"\nforum;municipality/nowhere;ordinarie;Robin Berg;2026-02-01;\n", typed)
	if p.Status != http.StatusUnprocessableEntity || p.Find("button[value=import]").Length() != 0 {
		t.Fatalf("%d: %s", p.Status, p.says("main"))
	}
	contains(t, "what is wrong", p.says(".fault"), "Rad 4, plats", "Robin Berg", "Den platsen finns inte då")
	mended := url.Values{"key": {p.value("[name=key]")}, "text": {strings.Replace(p.Find("#f-text").Text(), "municipality/nowhere", "municipality/uppvidinge", 1)}}
	p = h.hand(strategist, "preview", "", mended)
	if p.Status != http.StatusOK || p.Find("#preview tbody tr").Length() != 2 {
		t.Fatalf("%d: %s", p.Status, p.says("main"))
	}
	if strings.Contains(h.get(strategist, forum).says("#seats"), "Kim Lind") {
		t.Error("what was looked at is kept")
	}
	apply := url.Values{"key": {p.value("[name=key]")}, "text": {p.Find("#f-text").Text()}}
	for range 2 {
		if to := h.hand(strategist, "import", "", apply).done(t, "import"); to != councils+"?done=register_entered" {
			t.Errorf("%s", to)
		}
	}
	contains(t, "the table", h.get(strategist, forum).says("#seats tbody"), "Kim Lind", "Robin Berg")
	apply.Set("key", "another")
	if p = h.hand(strategist, "preview", "", apply); p.Find("button[value=import]").Length() != 0 || !strings.Contains(p.says(".lead"), "står redan") {
		t.Errorf("the same again: %s", p.says("main"))
	}
	for what, file := range map[string]string{"nothing": "", "no columns": "a;b\n1;2\n"} {
		if p = h.hand(strategist, "preview", file, url.Values{"key": {what}}); p.Status != http.StatusUnprocessableEntity || p.Find("[role=alert]").Length() != 1 {
			t.Errorf("%s: %d %s", what, p.Status, p.says("main"))
		}
	}
	if p = h.hand(h.partyOf("vaxjo"), "import", head+good, typed); p.Status != http.StatusForbidden {
		t.Errorf("a party: %d", p.Status)
	}
	if p = h.get(h.partyOf("vaxjo"), councils+"/register"); p.Status != http.StatusOK || p.Find("form[method=post]").Length() != 0 {
		t.Errorf("a party sees the form: %d", p.Status)
	}
}

// The pages about bodies as a person meets them: by axe-core and the keyboard,
// light and dark, wide and narrow.
func TestEveryPageOfABodyCanBeUsedByEveryone(t *testing.T) {
	t.Parallel()
	b := browsertest.New(t)
	h := seated(t)
	h.agreed("ostergotland")
	h.met()
	m := h.sit("kronoberg", "forum", "municipality/tingsryd", "tingsryd", "Den som lämnar", false)
	var handover governance.Handover
	h.write("kronoberg", func(ctx context.Context, tx *pg.Tx) (err error) {
		if m, err = governance.End(ctx, tx, m.ID, m.Version, governance.Ending{On: day.Of(2026, 11, 1), Reason: "Nytt arbete"}); err != nil {
			return err
		}
		handover, err = governance.BeginHandover(ctx, tx, governance.Baton{From: m.ID, Points: []string{"Nyckeln till arkivrummet"}})
		return err
	})
	h.write("ostergotland", func(ctx context.Context, tx *pg.Tx) error {
		for _, seat := range []string{"other-agency", "civil-society"} {
			o, err := organisation.ByKey(ctx, tx, "linkoping")
			if err != nil {
				return err
			}
			offer, err := governance.Offer(ctx, tx, governance.Proposal{Body: "council", Seat: seat, Organisation: o.ID, Matter: "Bosättning 2027"})
			if err != nil {
				return err
			}
			if seat == "civil-society" {
				continue
			}
			if _, err = governance.AnswerOffer(ctx, tx, offer.ID, offer.Version, governance.Reply{Accepted: true}); err != nil {
				return err
			}
		}
		return nil
	})
	mandate := "/lan/kronoberg/mandates/" + m.ID.String()
	for _, s := range []stop{
		{"bodies", strategist, councils},
		{"bodies-english", strategist, councils + "?lang=en"},
		{"bodies-ostergotland", "ostergotland,strategist", "/lan/ostergotland/bodies?lang=sv"},
		{"bodies-empty", "sverige,operator", "/lan/sverige/bodies"},
		{"bodies-halland", "halland,strategist", "/lan/halland/bodies"},
		{"body", strategist, forum},
		{"body-past", strategist, forum + "?on=2022-01-01"},
		{"bodies-public", ",", councils},
		{"body-public", ",", forum},
		{"body-party", h.partyOf("alvesta"), forum},
		{"body-ostergotland", "ostergotland,strategist", "/lan/ostergotland/bodies/council"},
		{"body-without-seats", strategist, councils + "/steering-groups"},
		{"body-history", strategist, forum + "/history"},
		{"vacancies", strategist, councils + "/vacancies"},
		{"register", strategist, councils + "/register"},
		{"appoint", strategist, forum + "/appoint"},
		{"offer", "ostergotland,strategist", "/lan/ostergotland/bodies/council/offer"},
		{"mandate", strategist, mandate},
		{"mandate-end", strategist, mandate + "/end"},
		{"handover", strategist, "/lan/kronoberg/handovers/" + handover.ID.String()},
		{"handover-give", strategist, "/lan/kronoberg/handovers/" + handover.ID.String() + "/give"},
		{"start-party", h.partyOf("tingsryd"), "/lan/kronoberg"},
		{"person-sits", strategist, "/lan/kronoberg/people/" + m.Person.String() + "?on=2026-06-01"},
		{"organisation-speakers", strategist, "/lan/kronoberg/organisations/" + h.organisation("alvesta").String()},
	} {
		t.Run(s.name, func(t *testing.T) {
			b.Open(h.URL + "/as/" + url.PathEscape(s.as) + "?to=" + url.QueryEscape(s.path))
			usable(t, b, s.name)
		})
	}
}
