package web_test

import (
	"context"
	"crypto/sha256"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/county"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/member"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/person"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/session"
	"github.com/overens/overens/internal/tenant"
)

const (
	meetings = "/lan/kronoberg/meetings"
	items    = "/lan/kronoberg/agenda-items"
	register = "/lan/kronoberg/decisions"
	today    = "2026-11-25" // by the tests' clock
)

// hall is a house whose county has a forum with a group that prepares for it: Kim
// holds Alvesta's seat, Sam is the deputy, Noa sits for Älmhult.
type hall struct {
	*house
	kim, sam, noa uuid.UUID
	alvesta       uuid.UUID
	cookie        string // Kim's session
}

func assemble(t *testing.T, options ...dbtest.Option) *hall {
	t.Helper()
	h := &hall{house: buildEmpty(t, options...)}
	h.agreed("kronoberg")
	c, err := h.db.County(t.Context(), "kronoberg")
	if err != nil {
		t.Fatal(err)
	}
	forum := tenant.Body{Key: "forum", Kind: "forum", Name: tenant.Words{"sv": "Forum"}, Decides: []string{tenant.DecidesDirection, tenant.DecidesStructure},
		Rules: tenant.Rules{Notice: tenant.Notice{Days: 14, Late: tenant.LateReason}, Papers: tenant.Deadline{Days: 7}, Proposals: tenant.Deadline{Days: 21},
			Deputies: tenant.Deputies{Form: tenant.DeputiesOrdered}, Decision: tenant.DecisionRule{Mode: tenant.ByConsensus}, Ratification: tenant.RatificationNeeded},
		Seats: []tenant.Seat{{Key: "municipality", Each: "municipality"}}}
	group := tenant.Body{Key: "group", Kind: "preparatory-group", Name: tenant.Words{"sv": "Beredningsgruppen"}, PreparesFor: []string{"forum"}}
	c.Bodies = tenant.Section[tenant.Bodies]{{Value: tenant.Bodies{Bodies: []tenant.Body{forum, group}}}}
	h.write("kronoberg", func(ctx context.Context, tx *pg.Tx) error {
		_, _, err := county.Apply(ctx, tx, c, county.FromFile, "test")
		return err
	})
	h.write("kronoberg", func(ctx context.Context, tx *pg.Tx) error {
		o, err := organisation.ByKey(ctx, tx, "alvesta")
		if err != nil {
			return err
		}
		h.alvesta = o.ID
		for _, s := range []struct {
			id          *uuid.UUID
			name, place string
			deputy      bool
		}{{&h.kim, "Kim Lind", "municipality/alvesta", false}, {&h.sam, "Sam Ek", "municipality/alvesta", true}, {&h.noa, "Noa Alm", "municipality/almhult", false}} {
			p, err := person.Create(ctx, tx, person.Card{Name: s.name, Email: strings.ToLower(strings.Fields(s.name)[0]) + "@exempel.se"})
			if err != nil {
				return err
			}
			*s.id = p.ID
			if _, err := governance.Appoint(ctx, tx, governance.Nomination{Body: "forum", Place: s.place, Person: p.ID, Deputy: s.deputy, From: day.Of(2026, time.January, 1)}); err != nil {
				return err
			}
		}
		m, err := member.Invite(ctx, tx, member.Invitation{PersonID: uuid.NullUUID{UUID: h.kim, Valid: true}, Role: auth.RolePartyRepresentative,
			Organisation: uuid.NullUUID{UUID: o.ID, Valid: true}, ByHand: true})
		if err != nil {
			return err
		}
		l, err := member.Link(ctx, tx, m.ID, m.Version)
		if err != nil {
			return err
		}
		if m, err = member.Bind(ctx, tx, l.Token, "https://login.example/realm", "kim"); err != nil {
			return err
		}
		if _, err = member.Confirm(ctx, tx, m.ID, m.Version); err != nil {
			return err
		}
		h.cookie, err = h.keeper.Begin(ctx, tx, session.Start{Person: h.kim, Issuer: "https://login.example/realm", Device: session.DeviceOf("Firefox/140.0")})
		return err
	})
	return h
}

// byKim asks as Kim, who has a session of his own.
func (h *hall) byKim(path string) page { return h.get("", path, "Cookie", "session="+h.cookie) }

// sends fills in a form as Kim sees it, and sends it.
func (h *hall) sends(path string, typed url.Values) page {
	h.t.Helper()
	all := url.Values{}
	p := h.byKim(path)
	p.Find("main form[method=post] input[type=hidden]").Each(func(_ int, s *goquery.Selection) {
		name, _ := s.Attr("name")
		value, _ := s.Attr("value")
		all.Set(name, value)
	})
	maps.Copy(all, typed)
	return h.post("", path, all, "Cookie", "session="+h.cookie)
}

func local(to string) string {
	to, _, _ = strings.Cut(to, "#")
	to, _, _ = strings.Cut(to, "?")
	return to
}

// planned is a meeting of the forum on a day, with matters.
func (h *hall) planned(on string, titles ...string) string {
	h.t.Helper()
	when := url.Values{"body": {"forum"}, "on": {on}, "begins": {"09:30"}, "ends": {"12:00"}, "location": {"Residenset"}, "answerBy": {on}}
	if on == today { // that hour has passed
		when.Del("begins")
		when.Del("ends")
	}
	at := local(h.fillIn(strategist, meetings+"/new", when).done(h.t.(*testing.T), "new"))
	for _, title := range titles {
		h.fillIn(strategist, at+"/agenda-items/new", url.Values{"kind": {"decision"}, "title": {title}, "duration": {"20"}, "proposal": {"Forum beslutar om " + title + "."}}).done(h.t.(*testing.T), title)
	}
	return at
}

// do presses the button of a page that leads to an address.
func (h *hall) do(as, page, to string) page {
	h.t.Helper()
	form := h.get(as, page).Find(`form[action="` + to + `"]`)
	if form.Length() != 1 {
		h.t.Fatalf("%s has %d buttons to %s", page, form.Length(), to)
	}
	typed := url.Values{}
	form.Find("input").Each(func(_ int, s *goquery.Selection) {
		name, _ := s.Attr("name")
		value, _ := s.Attr("value")
		typed.Set(name, value)
	})
	return h.post(as, to, typed)
}

func TestAMeetingIsPlannedCalledAndAnswered(t *testing.T) {
	h := assemble(t)
	p := h.get(strategist, meetings)
	contains(t, "empty", p.reads("#coming"), "Inget är planerat", "Planera ett möte")
	if p.Find(`nav.places a[aria-current]`).Length() != 1 || p.Find("nav.places a").Length() > 8 {
		t.Errorf("the navigation: %s", p.says("nav.places"))
	}
	at := h.planned("2027-01-20", "Struktur", "Budget")
	p = h.get(strategist, at)
	contains(t, "lead", p.says(".lead"), "Forum möts onsdag 20 januari 2027. Mötet förbereds och är inte kallat. 2 punkter står på dagordningen, 2 till beslut.")
	contains(t, "agenda", p.reads("#agenda"), "1. Struktur 09.30 · Beslut, 20 minuter.", "2. Budget 09.50", "Kalla senast 6 januari 2027")
	contains(t, "waits", p.reads("#waits"), "Förhandsgranska och kalla", "senast 6 januari 2027")
	if got := h.byKim(at).Status; got != http.StatusNotFound {
		t.Errorf("a draft is there for a member: %d", got)
	}

	// The order is changed without a script, one step at a time.
	first, _ := p.Find("#agenda .todo > li:first-child a").First().Attr("href")
	h.do(strategist, at, first+"/down").done(t, "down")
	contains(t, "order", h.get(strategist, at).reads("#agenda .todo > li:first-child"), "1. Budget")

	// The preview says what would happen, and nothing has.
	p = h.get(strategist, at+"/call")
	contains(t, "preview", p.reads("main"), "2 kallas. Kallelsen är i tid till och med 6 januari 2027.", "Kim Lind", "Noa Alm", "Kallelse: Forum", "Lessebo kommun")
	h.fillIn(strategist, at+"/call", nil).done(t, "call")
	p = h.get(strategist, at)
	contains(t, "called", p.reads("#called"), "2 kallade, 2 har inte svarat.", "Kim Lind", "Alvesta kommun", "har inte svarat")
	contains(t, "kim waits", h.byKim("/lan/kronoberg").reads("#waits"), "Svara på kallelsen till Forum, 20 januari 2027")

	// Kim says no: the deputy is called. He changes his mind, and the deputy is told.
	p = h.byKim(at)
	contains(t, "who is called on a no", p.reads("#waits"), "Vid nej kallas Sam Ek som ersättare.")
	contains(t, "held without a deputy", h.get(strategist, at).reads("#alone"), "Platser utan ersättare", "Älmhult")
	if vacant := h.get(strategist, at).reads("#vacant"); strings.Contains(vacant, "Älmhult") || !strings.Contains(vacant, "Lessebo") {
		t.Errorf("the empty places: %s", vacant)
	}
	answer, _ := p.Find("#waits a").First().Attr("href")
	contains(t, "asked", h.byKim(answer).reads("main"), "Kim Lind, du är kallad som ordinarie.", "Vid nej kallas Sam Ek som ersättare.")
	if to := h.sends(answer, url.Values{"answer": {"no"}}).done(t, "no"); !strings.Contains(to, "done=meeting_answered_deputy") {
		t.Error(to)
	}
	contains(t, "deputy", h.get(strategist, at).reads("#called"), "3 kallade, en kommer inte, en ersättare, 2 har inte svarat.", "ersättare för Kim Lind")
	h.sends(answer, url.Values{"answer": {"remote"}, "note": {"Från tåget"}}).done(t, "remote")
	contains(t, "back", h.get(strategist, at).reads("#called"), "2 kallade, en på distans, en har inte svarat.", "Sam Ek", "behövs inte längre", "Från tåget")
	if strings.Contains(h.byKim(at).Body, "Från tåget") {
		t.Error("a line to the secretary is read by others")
	}

	// The agenda was called as it stood; what comes later is told.
	h.fillIn(strategist, at+"/agenda-items/new", url.Values{"kind": {"information"}, "title": {"Sent ärende"}}).done(t, "late")
	contains(t, "differs", h.get(strategist, at).reads("#agenda table"), "3. Sent ärende (information) tillagd efter kallelsen")

	// Kim may not do what those who make meetings do.
	for _, page := range []string{at + "/call", at + "/edit", at + "/cancel", first + "/defer", meetings + "/new"} {
		if got := h.byKim(page).Status; got != http.StatusForbidden {
			t.Errorf("%s: %d", page, got)
		}
	}
	h.fillIn(strategist, at+"/cancel", url.Values{"reason": {"För få kan komma."}}).done(t, "cancel")
	contains(t, "cancelled", h.byKim(at).reads("main"), "Mötet är inställt.")
}

func TestALateCallIsNotSentWithoutAReason(t *testing.T) {
	h := assemble(t)
	at := h.planned("2026-12-01", "Struktur")
	contains(t, "warned", h.get(strategist, at).reads(".warn"), "Kallelsen skulle ha gått ut senast 17 november 2026")
	if h.get(strategist, at+"/call").Find("#f-lateReason[required]").Length() != 1 {
		t.Error("the reason is said to be optional")
	}
	p := h.fillIn(strategist, at+"/call", nil)
	if p.Status != http.StatusUnprocessableEntity || p.Find("#f-lateReason[aria-invalid]").Length() != 1 {
		t.Fatalf("%d %s", p.Status, p.says(".fault"))
	}
	h.fillIn(strategist, at+"/call", url.Values{"lateReason": {"Regeringens beslut kom i går"}}).done(t, "call")
	contains(t, "reason", h.get(strategist, at).reads("#when"), "Skäl: Regeringens beslut kom i går")
}

func TestALinkAnswersWithoutSigningIn(t *testing.T) {
	h := assemble(t)
	at := h.planned("2027-01-20", "Struktur")
	h.fillIn(strategist, at+"/call", nil).done(t, "call")
	link := h.linkFor(h.kim)
	p := h.get("", link)
	contains(t, "page", p.reads("main"), "Svara på kallelsen till Forum, 20 januari 2027", "Kim Lind, du är kallad som ordinarie.", "Vid nej kallas Sam Ek")
	if got := p.Header.Get("Cache-Control"); got != "private, no-store" {
		t.Errorf("kept on the way: %q", got)
	}
	if strings.Contains(p.Body, "Struktur") || strings.Contains(p.Body, "Noa") {
		t.Error("a link tells more than it has to")
	}
	if p := h.post("", link, url.Values{"answer": {""}}); p.Status != http.StatusUnprocessableEntity {
		t.Errorf("no answer: %d", p.Status)
	}
	for range 2 { // sent twice it is one
		if to := h.post("", link, url.Values{"answer": {"no"}}).done(t, "no"); local(to) != link {
			t.Errorf("leads to %s", to)
		}
	}
	contains(t, "kept", h.get("", link).reads("#facts"), "kommer inte")
	contains(t, "called", h.get(strategist, at).reads("#called"), "3 kallade")
	if p := h.get("", link+"x"); p.Status != http.StatusNotFound {
		t.Errorf("another secret: %d", p.Status)
	}
	if p := h.get("", strings.Replace(link, "kronoberg", "halland", 1)); p.Status != http.StatusNotFound {
		t.Errorf("another county: %d", p.Status)
	}
}

func TestAPartyProposesAndIsAnswered(t *testing.T) {
	h := assemble(t)
	to := local(h.sends(items+"/new", url.Values{"body": {"forum"}, "kind": {"discussion"}, "title": {"Sfi på distans"}, "organisation": {h.alvesta.String()}}).done(t, "propose"))
	contains(t, "proposed", h.byKim(to).reads("main"), "väntar på svar", "Föreslås av Alvesta kommun")
	contains(t, "waits", h.get(strategist, "/lan/kronoberg").reads("#waits"), "Svara på ett förslag till dagordningen")
	contains(t, "listed", h.get(strategist, items).reads("#proposed"), "Sfi på distans")
	if p := h.fillIn(strategist, to+"/decline", nil); p.Status != http.StatusUnprocessableEntity {
		t.Errorf("declined without a reason: %d", p.Status)
	}
	h.fillIn(strategist, to+"/decline", url.Values{"reason": {"Hör till kommunen"}}).done(t, "decline")
	contains(t, "answered", h.byKim(items+"?state=answered").reads("#answered"), "Sfi på distans", "avböjt", "Hör till kommunen")
	if got := h.byKim(to + "/edit").Status; got != http.StatusConflict {
		t.Errorf("changed after the answer: %d", got)
	}
}

func TestWhatIsConfidentialLeavesNoTraceOnThePages(t *testing.T) {
	h := assemble(t)
	at := h.planned("2027-01-20", "Struktur")
	secret := local(h.fillIn(strategist, at+"/agenda-items/new", url.Values{"kind": {"information"}, "title": {"Hemligheten"}, "confidential": {"true"}}).done(t, "secret"))
	h.fillIn(strategist, at+"/agenda-items/new", url.Values{"kind": {"information"}, "title": {"Övrigt"}}).done(t, "after")
	h.fillIn(strategist, at+"/call", nil).done(t, "call")
	contains(t, "who sits", h.byKim(at).reads("#agenda"), "2. Hemligheten", "3. Övrigt")
	p := h.get(auditor, at)
	if strings.Contains(p.Body, "Hemligheten") || !strings.Contains(p.says("#agenda"), "2. Övrigt") || !strings.Contains(p.says(".lead"), "2 punkter") {
		t.Errorf("a trace: %s %s", p.says(".lead"), p.says("#agenda"))
	}
	if p, none := h.get(auditor, secret), h.get(auditor, items+"/"+uuid.NewString()); p.Status != http.StatusNotFound || p.says("main") != none.says("main") {
		t.Errorf("%d %s", p.Status, p.says("main"))
	}
}

func TestTwoWhoChangeAMatterSeeBoth(t *testing.T) {
	h := assemble(t)
	at := h.planned("2027-01-20", "Struktur")
	item, _ := h.get(strategist, at).Find("#agenda .todo a").First().Attr("href")
	before := h.get(strategist, item+"/edit")
	h.fillIn(officer, item+"/edit", url.Values{"title": {"Ny struktur"}}).done(t, "first")
	p := h.post(strategist, item+"/edit", url.Values{"key": {before.value("input[name=key]")}, "version": {before.value("input[name=version]")}, "kind": {"decision"}, "title": {"Strukturen"}})
	if p.Status != http.StatusPreconditionFailed {
		t.Fatalf("%d %s", p.Status, p.says("h1"))
	}
	contains(t, "both", p.reads("#both"), "Ny struktur", "Strukturen")
}

func TestADecisionIsReadWithItsSumAndTakenHome(t *testing.T) {
	h := assemble(t)
	page := h.decided("Struktur")
	p := h.get(strategist, page)
	contains(t, "lead", p.says(".lead"), "Bifallet av Forum 25 november 2026. Det gäller från samma dag. 0 av")
	contains(t, "words", p.says("#wording .words"), "Forum beslutar om Struktur.")
	contains(t, "sum", p.reads("#reckoning .sum"), "Platser med rösträtt", "Tjänstgör = 2", "Fick delta 2 Invänder − 0 Är för = 2")
	contains(t, "entitled", p.reads("#reckoning details"), "2 fick delta i beslutet", "Alvesta kommun Kim Lind")
	contains(t, "by when they answer", p.reads("#home header"), "Svar senast 1 mars 2027.")
	contains(t, "register", h.get(strategist, register+"?state=open").reads("#all"), "1/2026 Struktur", "öppet, senast 31 december")
	contains(t, "start", h.byKim("/lan/kronoberg").reads("#waits"), "Skriv vad ni beslutat hemma: Struktur")
	// What waits for several parties is one row, and leads whoever can answer to the answer.
	waits := h.get(strategist, register)
	contains(t, "awaited", waits.reads("#home"), "Struktur", "parter har inte svarat", "Alvesta kommun")
	if n := waits.Find("#home .todo > li").Length(); n != 1 {
		t.Errorf("%d rows wait for one decision", n)
	}
	own := h.byKim(register)
	contains(t, "own", own.reads("#home"), "Ert eget svar saknas")
	if own.Find(`#home a[href*="/ratifications/"]`).Length() != 1 {
		t.Error("the register does not lead to the own answer")
	}

	// The party writes what it decided, and how it goes with what it carries out.
	home, _ := h.byKim(page).Find(`#home a[href*="/ratifications/"]`).Attr("href")
	other, _ := h.get(strategist, page).Find(`#home a[href*="/ratifications/"]`).FilterFunction(func(_ int, a *goquery.Selection) bool { return a.AttrOr("href", "") != home }).Attr("href")
	refused := h.byKim(other)
	if refused.Status != http.StatusForbidden {
		t.Errorf("another party's answer: %d", refused.Status)
	}
	contains(t, "another party's", refused.says("main"), "för den här parten", "Din rätt gäller din egen part", "partens företrädare")
	if p := h.sends(home, url.Values{"answer": {"ratified"}}); p.Status != http.StatusUnprocessableEntity {
		t.Errorf("without day and reference: %d", p.Status)
	}
	h.sends(home, url.Values{"answer": {"ratified"}, "answeredOn": {"2026-11-25"}, "reference": {"KS 2026/112 § 45"}}).done(t, "ratify")
	contains(t, "home", h.byKim(page).reads("#home"), "godkänt 2026-11-25", "KS 2026/112 § 45", "Rätta svaret")
	if p := h.fillIn(strategist, page+"/wording", url.Values{"title": {"Struktur"}, "wording": {"Annat."}}); p.Status != http.StatusUnprocessableEntity || !strings.Contains(p.says("main .why"), "redan beslutat hemma") {
		t.Errorf("a decision is worded anew that a party has answered: %d %s", p.Status, p.says("main"))
	}
	if p := h.byKim(home); p.Find(`[name="correction"]`).Length() != 1 {
		t.Errorf("an answer that is given cannot be corrected: %s", p.says("main"))
	} else {
		contains(t, "by when they answer", p.reads("#answer"), "Svar senast 1 mars 2027.", "Krävs om svaret ändras")
		if says := p.reads(`label[for="f-correction"]`); says != "Varför svaret ändras" {
			t.Errorf("what is required is called %q", says)
		}
	}
	right := url.Values{"answer": {"ratified"}, "answeredOn": {"2026-11-25"}, "reference": {"KS 2026/112 § 46"}}
	if p := h.sends(home, right); p.Status != http.StatusUnprocessableEntity || !strings.Contains(p.says("main .why"), "varför svaret ändras") {
		t.Errorf("without a reason: %d %s", p.Status, p.says("main"))
	}
	right.Set("correction", "Fel paragraf angavs")
	h.sends(home, right).done(t, "correct")
	contains(t, "corrected", h.byKim(page).reads("#home"), "KS 2026/112 § 46", "Svarade tidigare godkänt 25 november", "KS 2026/112 § 45", "Fel paragraf angavs.")
	right.Set("answer", "refused")
	h.sends(home, right).done(t, "refuse")
	no := h.byKim(page)
	contains(t, "that one has refused", no.says(".lead"), "0 av", "En part har sagt nej.")
	contains(t, "who refused, first", no.reads("#home tbody tr:first-child"), "Alvesta kommun", "avslaget")
	right.Set("answer", "ratified")
	h.sends(home, right).done(t, "ratify after all")
	h.sends(page+"/status", url.Values{"status": {"done"}, "note": {"Klart"}}).done(t, "status")
	contains(t, "done", h.get(strategist, page).reads("main"), "genomfört", "Klart")
	contains(t, "promised", h.get(strategist, "/lan/kronoberg/organisations/"+h.alvesta.String()).reads("#promised"), "Beslut 1/2026: Struktur")
}

func TestADecisionIsReadWithThoseWhoDidNotVoteAndWhatWasSaidBesideIt(t *testing.T) {
	h := assemble(t)
	p := h.get(strategist, h.decides("Budget", func(ctx context.Context, tx *pg.Tx, item uuid.UUID, decide func(meeting.Ruling) error) error {
		if err := meeting.Vote(ctx, tx, item, meeting.Voice{Place: "municipality/almhult", Vote: "for"}); err != nil {
			return err
		}
		if err := decide(meeting.Ruling{}); err != nil {
			return err
		}
		_, err := meeting.Say(ctx, tx, item, meeting.Saying{Kind: meeting.Reservation, Person: h.kim, Wording: "Kostnaden är inte utredd."})
		return err
	}))
	contains(t, "votes", p.reads("#reckoning details"), "Noa Alm ja", "Kim Lind röstade inte")
	contains(t, "what was said beside it", p.reads("#remarks"), "Reservation av Kim Lind (Alvesta kommun)", "Kostnaden är inte utredd.")
	if p := h.get(strategist, h.decided("Struktur")); strings.Contains(p.reads("#reckoning details"), "röstade inte") || p.Find("#remarks").Length() != 0 {
		t.Errorf("where nobody voted, and nothing was said: %s", p.reads("main"))
	}
}

func TestACalendarIsFollowedAndRevoked(t *testing.T) {
	h := assemble(t)
	at := h.planned("2027-01-20", "Struktur")
	h.fillIn(strategist, at+"/call", nil).done(t, "call")
	p := h.post("", "/lan/kronoberg/calendars", url.Values{}, "Cookie", "session="+h.cookie)
	link := strings.TrimPrefix(p.says("#made .link"), "https://overens.example")
	if p.Status != http.StatusOK || !strings.HasSuffix(link, ".ics") {
		t.Fatalf("%d %q", p.Status, link)
	}
	feed := h.get("", link)
	if feed.Status != http.StatusOK || !strings.Contains(feed.Body, "SUMMARY:Forum") || feed.Header.Get("Content-Type") != "text/calendar; charset=utf-8" {
		t.Errorf("%d %s", feed.Status, feed.Body)
	}
	contains(t, "whose calendar it is", h.byKim("/lan/kronoberg/calendars").says("main"), "En roll som du bara har genom din inloggning syns inte där")
	revoke, _ := h.byKim("/lan/kronoberg/calendars").Find("#mine form").Attr("action")
	h.post("", revoke, url.Values{"key": {uuid.NewString()}}, "Cookie", "session="+h.cookie).done(t, "revoke")
	if got := h.get("", link).Status; got != http.StatusNotFound {
		t.Errorf("revoked: %d", got)
	}
}

// decided is the page of what the forum decided today, with all who were called there.
func (h *hall) decided(title string) string {
	h.t.Helper()
	return h.decides(title, func(ctx context.Context, tx *pg.Tx, item uuid.UUID, decide func(meeting.Ruling) error) error {
		return decide(meeting.Ruling{Acclamation: true, OwnerName: "Samordnaren", Owner: h.alvesta, Due: day.Of(2026, time.December, 31), RatifyBy: day.Of(2027, time.March, 1)})
	})
}

// decides is the page of what the forum decides today as the meeting goes.
func (h *hall) decides(title string, goes func(ctx context.Context, tx *pg.Tx, item uuid.UUID, decide func(meeting.Ruling) error) error) string {
	h.t.Helper()
	at := h.planned(today, title)
	h.fillIn(strategist, at+"/call", url.Values{"lateReason": {"Brådskar"}}).done(h.t.(*testing.T), "call")
	var decision uuid.UUID
	h.write("kronoberg", func(ctx context.Context, tx *pg.Tx) error {
		id := uuid.MustParse(at[strings.LastIndex(at, "/")+1:])
		m, err := meeting.Get(ctx, tx, id)
		if err != nil {
			return err
		}
		if m, err = meeting.Start(ctx, tx, id, m.Version); err != nil {
			return err
		}
		if _, err = meeting.AllCame(ctx, tx, id); err != nil {
			return err
		}
		all, err := meeting.Agenda(ctx, tx, id)
		if err != nil {
			return err
		}
		i, err := meeting.TakeUp(ctx, tx, all[0].ID, all[0].Version)
		if err != nil {
			return err
		}
		return goes(ctx, tx, i.ID, func(r meeting.Ruling) error {
			made, err := meeting.Decide(ctx, tx, i.ID, i.Version, r)
			decision = made.Decision.ID
			return err
		})
	})
	return register + "/" + decision.String()
}

// linkFor is the link that somebody's latest letter holds. Letters are written as they
// are sent, which another test sees to.
func (h *hall) linkFor(who uuid.UUID) string {
	h.t.Helper()
	const token = "BarnetPaSparvagnenVinkar"
	hashed := sha256.Sum256([]byte(token))
	conn := h.db.Owner(h.t)
	tag, err := conn.Exec(h.t.Context(), `UPDATE invitation SET token_hash = $1 WHERE id = (SELECT id FROM invitation WHERE person_id = $2 ORDER BY id DESC LIMIT 1)`, hashed[:], who)
	if err != nil || tag.RowsAffected() != 1 {
		h.t.Fatal(tag, err)
	}
	return "/lan/kronoberg/meeting-answers/" + token
}
