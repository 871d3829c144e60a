package web_test

import (
	"bufio"
	"context"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/county"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/member"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/session"
	"github.com/overens/overens/internal/tenant"
	"github.com/overens/overens/internal/web"
)

// chamber is a house with a meeting of the forum that has been called for today: five
// hold seats there, two are deputies, and the forum decides by majority of those
// who serve, with a third of its seats there at least.
type chamber struct {
	*house
	Meeting uuid.UUID
	Items   []meeting.Item
	holds   map[string]governance.Mandate // by party
	deputy  governance.Mandate            // Alvesta's

	sessions map[uuid.UUID]string // by person
}

func matters() []meeting.Matter {
	return []meeting.Matter{
		{Kind: meeting.ForInformation, Title: "Lägesbild"},
		{Kind: meeting.ForDecision, Title: "Nyckel för samordnaren", Proposal: "Forum fördelar kostnaden efter folkmängd."},
		{Kind: meeting.ForDecision, Title: "Hemligt ärende", Proposal: "Forum säger upp avtalet.", Confidential: true},
	}
}

// called calls the meeting; nobody has opened it.
func called(t testing.TB, kind string) *chamber {
	t.Helper()
	h := &chamber{house: buildEmpty(t), holds: map[string]governance.Mandate{}, sessions: map[uuid.UUID]string{}}
	h.agreed("kronoberg")
	h.ruled(t, func(b *tenant.Body) {
		b.Rules.Decision = tenant.DecisionRule{Mode: tenant.ByMajority}
		b.Rules.Quorum = tenant.Quorum{Of: tenant.QuorumSeats, Number: 3}
		b.Rules.Deputies.Form = tenant.DeputiesPersonal
		b.Rules.Notice = tenant.Notice{}
		b.Rules.Bias = tenant.BiasLeaves
		b.Rules.Record, b.Rules.Adjusting = tenant.RecordMinutes, tenant.Adjusting{By: tenant.AdjustedByChosen, Number: 1}
		b.Rules.Public = tenant.Public{Date: tenant.PublicAnnounced, Agenda: tenant.PublicCalled}
	})
	for _, s := range []struct{ party, place, name string }{
		{"lansstyrelsen", "county-administration/lansstyrelsen", "Länsråd"},
		{"alvesta", "municipality/alvesta", "Kommunchef i Alvesta"},
		{"lessebo", "municipality/lessebo", "Kommunchef i Lessebo"},
		{"vaxjo", "municipality/vaxjo", "Förvaltningschef i Växjö"},
		{"region", "region/region", "Utvecklingsdirektör"},
	} {
		h.holds[s.party] = h.sit("kronoberg", "forum", s.place, s.party, s.name, false)
	}
	h.deputy = h.sit("kronoberg", "forum", "municipality/alvesta", "alvesta", "Biträdande kommunchef", true)
	h.does(func(ctx context.Context, tx *pg.Tx) error {
		p, err := meeting.Prepare(ctx, tx, meeting.Date{Body: "forum", Kind: kind, On: tx.Today(), Title: "Höstens forum", Location: "Växjö"})
		if err != nil {
			return err
		}
		h.Meeting = p.Meeting.ID
		for _, m := range matters() {
			put, err := meeting.Put(ctx, tx, h.Meeting, m)
			if err != nil {
				return err
			}
			h.Items = append(h.Items, put.Item)
		}
		m, err := meeting.Get(ctx, tx, h.Meeting)
		if err != nil {
			return err
		}
		_, err = meeting.Call(ctx, tx, h.Meeting, m.Version, meeting.Notice{})
		return err
	})
	return h
}

// ruled gives the forum other rules.
func (h *chamber) ruled(t testing.TB, change func(*tenant.Body)) {
	t.Helper()
	c, err := h.db.County(t.Context(), "kronoberg")
	if err != nil {
		t.Fatal(err)
	}
	last := &c.Bodies[len(c.Bodies)-1].Value
	bodies := append([]tenant.Body{}, last.Bodies...)
	for i := range bodies {
		if bodies[i].Key == "forum" {
			change(&bodies[i])
		}
	}
	last.Bodies = bodies
	h.write("kronoberg", func(ctx context.Context, tx *pg.Tx) error {
		_, _, err := county.Apply(ctx, tx, c, county.FromFile, "test")
		return err
	})
}

// does does something as the strategist, who makes meetings.
func (h *chamber) does(f func(context.Context, *pg.Tx) error) {
	h.t.Helper()
	ctx := h.t.Context()
	if err := h.db.InTenant(ctx, actor(strategist), pg.Write, func(tx *pg.Tx) error { return f(ctx, tx) }); err != nil {
		h.t.Fatal(err)
	}
}

// opened is called with the meeting open and all who were called there.
func opened(t testing.TB) *chamber {
	t.Helper()
	h := called(t, meeting.KindMeeting)
	h.does(func(ctx context.Context, tx *pg.Tx) error {
		m, err := meeting.Get(ctx, tx, h.Meeting)
		if err != nil {
			return err
		}
		if _, err := meeting.Start(ctx, tx, h.Meeting, m.Version); err != nil {
			return err
		}
		_, err = meeting.AllCame(ctx, tx, h.Meeting)
		return err
	})
	return h
}

func (h *chamber) live() string { return "/lan/kronoberg/meetings/" + h.Meeting.String() + "/live" }

// of is who holds a party's seat, as he asks for pages.
func (h *chamber) of(party string) string { return h.who(h.holds[party], party) }

// who gives somebody a session of his own.
func (h *chamber) who(m governance.Mandate, party string) string {
	h.t.Helper()
	if cookie, ok := h.sessions[m.Person]; ok {
		return cookie
	}
	cookie := ""
	h.write("kronoberg", func(ctx context.Context, tx *pg.Tx) error {
		i, err := member.Invite(ctx, tx, member.Invitation{PersonID: uuid.NullUUID{UUID: m.Person, Valid: true}, Role: auth.RolePartyRepresentative,
			Organisation: uuid.NullUUID{UUID: h.organisation(party), Valid: true}, ByHand: true})
		if err != nil {
			return err
		}
		l, err := member.Link(ctx, tx, i.ID, i.Version)
		if err != nil {
			return err
		}
		b, err := member.Bind(ctx, tx, l.Token, "https://login.example/realm", m.Person.String())
		if err != nil {
			return err
		}
		if _, err = member.Confirm(ctx, tx, b.ID, b.Version); err != nil {
			return err
		}
		cookie, err = h.keeper.Begin(ctx, tx, session.Start{Person: m.Person, Issuer: "https://login.example/realm"})
		return err
	})
	cookie = "session=" + cookie
	h.sessions[m.Person] = cookie
	return cookie
}

// get and post ask as a role, or with somebody's session.
func (h *chamber) get(as, path string) page {
	h.t.Helper()
	return h.asked(http.MethodGet, as, path, nil)
}

func (h *chamber) post(as, path string, typed url.Values) page {
	h.t.Helper()
	return h.asked(http.MethodPost, as, path, typed)
}

func (h *chamber) asked(method, as, path string, typed url.Values) page {
	h.t.Helper()
	if strings.HasPrefix(as, "session=") {
		return h.ask(method, "", path, typed, "Cookie", as)
	}
	return h.ask(method, as, path, typed)
}

// press sends one of the page's forms as it stands there, found by a selector,
// with what is typed besides.
func (h *chamber) press(as string, p page, form string, typed url.Values) page {
	h.t.Helper()
	f := p.Find(form).First()
	if f.Length() == 0 {
		h.t.Fatalf("no form %s on the page:\n%s", form, p.says("main"))
	}
	all := url.Values{}
	f.Find("input[type=hidden], textarea").Each(func(_ int, i *goquery.Selection) {
		name, _ := i.Attr("name")
		value, _ := i.Attr("value")
		if goquery.NodeName(i) == "textarea" {
			value = i.Text()
		}
		all.Set(name, value)
	})
	maps.Copy(all, typed)
	to, _ := f.Attr("action")
	return h.post(as, to, all)
}

// follows presses and goes on to where it leads.
func (h *chamber) follows(as string, p page, form string, typed url.Values) page {
	h.t.Helper()
	answer := h.press(as, p, form, typed)
	if answer.Status != http.StatusSeeOther {
		h.t.Fatalf("%s: %d: %s", form, answer.Status, answer.says("main"))
	}
	to, _, _ := strings.Cut(answer.Header.Get("Location"), "#")
	return h.get(as, to)
}

func formTo(act string) string { return `form[action$="/live/` + act + `"]` }

// sums are the sums on a page, a row each.
func sums(p page) string {
	var rows []string
	p.Find("table.sum tr").Each(func(_ int, r *goquery.Selection) {
		var cells []string
		r.Find("th, td").Each(func(_ int, c *goquery.Selection) { cells = append(cells, strings.Fields(c.Text())...) })
		rows = append(rows, strings.Join(cells, " "))
	})
	return strings.Join(rows, "\n")
}

func (h *chamber) take(n int) {
	h.t.Helper()
	h.does(func(ctx context.Context, tx *pg.Tx) error {
		i, err := meeting.GetItem(ctx, tx, h.Items[n].ID)
		if err != nil {
			return err
		}
		_, err = meeting.TakeUp(ctx, tx, i.ID, i.Version)
		return err
	})
}

func TestAMeetingIsHeldOnItsPageFromOpeningToClosing(t *testing.T) {
	h := called(t, meeting.KindMeeting)
	p := h.get(strategist, h.live())
	if p.Status != http.StatusOK || p.Find(formTo("open")).Length() != 1 {
		t.Fatalf("%d: %s", p.Status, p.says("main"))
	}
	if p := h.get(h.of("alvesta"), h.live()); p.Find("form[method=post]").Length() != 0 {
		t.Errorf("who only sits can do something before the meeting is opened: %s", p.says("main"))
	}
	p = h.follows(strategist, p, formTo("open"), nil)
	p = h.follows(strategist, p, formTo("all-came"), nil)
	if got := p.says("#live-state .lead"); !strings.Contains(got, "5 av ") {
		t.Errorf("%q", got)
	}

	p = h.follows(strategist, p, "#table "+formTo("take-up"), nil)
	if got := p.says("#table-h"); got != "Lägesbild" || p.says("#agenda li[aria-current=step] b") != "1. Lägesbild" {
		t.Errorf("on the table: %q", got)
	}
	p = h.follows(strategist, p, formTo("settle"), url.Values{"result": {"Forum tackar."}})
	if done, next := p.says("#agenda li:nth-child(1) "+formTo("take-up")), p.says("#agenda li:nth-child(2) "+formTo("take-up")); done != "Ta upp igen" || next != "Ta upp ärendet" {
		t.Errorf("what is done with: %q, what is not: %q", done, next)
	}
	p = h.follows(strategist, p, "#table "+formTo("take-up"), nil)
	if got := p.says("#table .words"); got != "Forum fördelar kostnaden efter folkmängd." {
		t.Errorf("%q", got)
	}
	refused := h.press(strategist, p, formTo("postpone"), url.Values{"reason": {""}})
	if refused.Status != http.StatusUnprocessableEntity || refused.Find("#fault a[href='#postpone-reason']").Length() != 1 || refused.Find("#postpone[open] .why").Length() != 1 {
		t.Errorf("%d: %s", refused.Status, refused.says("#fault"))
	}
	p = h.follows(strategist, p, formTo("decide"), url.Values{"acclamation": {"true"}, "wording": {"Forum fördelar kostnaden efter folkmängd i år."}})
	if got := p.says("#agenda li:nth-child(2)"); !strings.Contains(got, "Beslut 1/2026") {
		t.Errorf("%q", got)
	}

	if p.Find(formTo("close")).Length() != 0 {
		t.Errorf("closing is offered while a matter is undecided: %s", p.says("main"))
	}
	p = h.follows(strategist, p, "#table "+formTo("take-up"), nil)
	p = h.follows(strategist, p, formTo("postpone"), url.Values{"reason": {"Underlag saknas"}})
	p = h.follows(strategist, p, formTo("close"), nil)
	if p.Find(formTo("reopen")).Length() != 1 || p.Find(formTo("take-up")).Length() != 0 {
		t.Errorf("%s", p.says("main"))
	}
	at := strings.TrimSuffix(h.live(), "/live")
	if all := h.get(strategist, meetings); all.Find(`#coming a[href="`+at+`"]`).Length() != 0 || all.Find(`#past a[href="`+at+`"]`).Length() != 1 {
		t.Errorf("what is over today is not past: %s", all.says("main"))
	}
	if says := h.get(h.of("alvesta"), "/lan/kronoberg").reads("#coming"); strings.Contains(says, "Inte kallad") {
		t.Errorf("what is over today comes: %s", says)
	}
	p = h.follows(strategist, p, formTo("reopen"), nil)
	if p.Find(formTo("close")).Length() != 1 {
		t.Errorf("%s", p.says("main"))
	}
}

func TestWhoServesASeatVotesAndTheSumIsWrittenOut(t *testing.T) {
	h := opened(t)
	h.take(1)
	as := h.of("vaxjo")
	p := h.get(as, h.live())
	if p.Find(formTo("decide")+", "+formTo("close")+", "+formTo("take-up")+", "+formTo("votes")+", "+formTo("arrive")).Length() != 0 {
		t.Errorf("one who does not lead is shown how to: %s", p.says("main"))
	}
	p = h.follows(as, p, formTo("vote"), url.Values{"vote": {"for"}})
	p = h.follows(as, p, formTo("vote"), url.Values{"vote": {"against"}})
	if got, _ := p.Find("#vote-against").Attr("aria-pressed"); got != "true" {
		t.Errorf("%s", p.says("#table"))
	}
	lead := h.get(strategist, h.live())
	h.follows(strategist, lead, formTo("votes"), url.Values{"vote:municipality/alvesta": {"for"}, "vote:region/region": {"for"}, "vote:county-administration/lansstyrelsen": {"abstains"}})
	p = h.get(as, h.live())
	if got := sums(p); !strings.Contains(got, "Ja 2") || !strings.Contains(got, "Nej + 1") || !strings.Contains(got, "Avstår 1") || !strings.Contains(got, "Har inte röstat 1") ||
		!strings.Contains(got, "Ordinarie på plats 5") || !strings.Contains(got, "Behövs 3") {
		t.Errorf("%q", got)
	}
	if p.Find(".dots svg rect.against").Length() == 0 {
		t.Error("the votes are not drawn")
	}
	if got := p.says("#attendance tr:contains(Växjö)"); !strings.Contains(got, "Nej") {
		t.Errorf("%q", got)
	}

	// The table of votes changes the rows that were changed there, not what has been voted since.
	stale := h.get(strategist, h.live())
	h.follows(as, h.get(as, h.live()), formTo("vote"), url.Values{"vote": {"for"}})
	h.follows(strategist, stale, formTo("votes"), url.Values{"vote:municipality/vaxjo": {"against"}, "vote:municipality/lessebo": {"for"}})
	if got := sums(h.get(as, h.live())); !strings.Contains(got, "Ja 4") || !strings.Contains(got, "Nej + 0") {
		t.Errorf("%q", got)
	}

	// Said beside the decision.
	p = h.follows(as, h.get(as, h.live()), formTo("say"), url.Values{"kind": {"reservation"}, "wording": {"Räkna på tre år."}})
	if got := p.says("#table .words.small"); got != "Räkna på tre år." {
		t.Errorf("%q", got)
	}
	p = h.follows(as, p, formTo("bias"), url.Values{"reason": {"Sitter i styrelsen"}})
	if p.Find(formTo("vote")).Length() != 0 || !strings.Contains(sums(p), "Jäv i ärendet, räknas inte 1") {
		t.Errorf("%s", p.says("#table"))
	}
	p = h.follows(as, p, formTo("unbias"), nil)
	if p.Find(formTo("vote")).Length() != 1 {
		t.Errorf("%s", p.says("#table"))
	}
}

// Of a body that decides nothing it is not said whether enough are there to decide.
func TestWhereNothingIsDecidedItIsOnlyToldWhoServes(t *testing.T) {
	h := opened(t)
	h.take(1)
	h.ruled(t, func(b *tenant.Body) { b.Decides, b.Rules.Decision = nil, tenant.DecisionRule{Mode: tenant.ByNothing} })
	says := h.get(strategist, h.live()).says("#table")
	contains(t, "the table", says, "Tjänstgör nu", "fattar inga beslut")
	if strings.Contains(says, "Räcker det för beslut") || strings.Contains(says, "Beslut kan alltså fattas") {
		t.Errorf("%s", says)
	}
}

func TestAVoteSentTwiceIsOne(t *testing.T) {
	h := opened(t)
	h.take(1)
	as := h.of("vaxjo")
	p := h.get(as, h.live())
	for range 2 {
		if a := h.press(as, p, formTo("vote"), url.Values{"vote": {"for"}}); a.Status != http.StatusSeeOther {
			t.Errorf("%d: %s", a.Status, a.says("main"))
		}
	}
	if got := sums(h.get(as, h.live())); !strings.Contains(got, "Ja 1") {
		t.Errorf("%q", got)
	}
}

func TestWhoIsSecondSeesBothAndKeepsWhatWasTyped(t *testing.T) {
	h := opened(t)
	h.take(1)
	p := h.get(strategist, h.live())
	h.does(func(ctx context.Context, tx *pg.Tx) error {
		i, err := meeting.GetItem(ctx, tx, h.Items[1].ID)
		if err != nil {
			return err
		}
		m := i.Matter
		m.Proposal = "Forum fördelar kostnaden lika."
		_, err = meeting.ChangeItem(ctx, tx, i.ID, i.Version, m)
		return err
	})
	late := h.press(strategist, p, formTo("decide"), url.Values{"acclamation": {"true"}, "wording": {"Forum fördelar kostnaden efter skattekraft."}})
	if late.Status != http.StatusPreconditionFailed {
		t.Fatalf("%d: %s", late.Status, late.says("main"))
	}
	if got := late.says("#both tbody"); !strings.Contains(got, "lika.") || !strings.Contains(got, "efter skattekraft.") {
		t.Errorf("%q", got)
	}
	if got := late.Find("#decide-wording").Text(); got != "Forum fördelar kostnaden efter skattekraft." {
		t.Errorf("%q", got)
	}
	h.follows(strategist, late, formTo("decide"), url.Values{"acclamation": {"true"}})
}

func TestWhoComesAndGoesIsNoted(t *testing.T) {
	h := opened(t)
	alvesta := h.holds["alvesta"].Person.String()
	p := h.get(strategist, h.live())
	p = h.follows(strategist, p, "#deviations tr:contains('Kommunchef i Alvesta') form", nil)
	p = h.follows(strategist, p, "#deviations "+formTo("arrive")+":has(select)", url.Values{"person": {h.deputy.Person.String()}, "remote": {"true"}, "item": {""}, "at": {""}})
	if got := p.says("#attendance .scroll:has(caption) tr:contains('Alvesta kommun')"); !strings.Contains(got, "Biträdande kommunchef") || !strings.Contains(got, "ersättare") {
		t.Errorf("%q", got)
	}
	if got := p.says("#live-attendance desc"); !strings.Contains(got, "En av dem av en ersättare.") {
		t.Errorf("%q", got)
	}
	p = h.follows(strategist, p, "#deviations "+formTo("arrive")+":has(select)", url.Values{"person": {alvesta}, "item": {""}, "at": {""}})
	if got := p.says("#attendance .scroll:has(caption) tr:contains('Alvesta kommun')"); !strings.Contains(got, "Kommunchef i Alvesta") || !strings.Contains(got, "ordinarie") {
		t.Errorf("%q", got)
	}
	ahead := h.press(strategist, p, "#deviations "+formTo("arrive")+":has(select)", url.Values{"person": {alvesta}, "item": {""}, "at": {"23:59"}})
	if ahead.Status != http.StatusUnprocessableEntity || ahead.Find("#arrive-fold[open] .why").Length() != 1 || ahead.value("#arrive-at") != "23:59" {
		t.Errorf("%d: %s", ahead.Status, ahead.says("#fault"))
	}
}

// What is confidential leaves no trace for whoever may not see it: neither on the
// page, nor by a sound in the stream.
func TestAConfidentialMatterIsNotHeardByOthers(t *testing.T) {
	h := opened(t)
	reader := auditor // reads meetings, and sits nowhere
	if p := h.get(reader, h.live()); p.Status != http.StatusOK || strings.Contains(p.Body, "Hemligt") || p.Find("#agenda li").Length() != 2 {
		t.Fatalf("%d: %s", p.Status, p.says("main"))
	}
	s := h.listen(reader)
	h.take(2)
	h.does(func(ctx context.Context, tx *pg.Tx) error {
		_, err := meeting.Say(ctx, tx, h.Items[2].ID, meeting.Saying{Kind: meeting.Reservation, Person: h.holds["vaxjo"].Person, Wording: "Hemligt"})
		return err
	})
	if p := h.get(reader, h.live()); strings.Contains(p.Body, "Hemligt") || p.Find("#agenda li").Length() != 2 {
		t.Errorf("%s", p.says("main"))
	}
	h.take(0) // and this is heard
	if got := s.wait(); got != 1 {
		t.Errorf("%d sounds", got)
	}
}

func TestAWithdrawnObjectionIsNotSaidToBeInTheMinutes(t *testing.T) {
	h := opened(t)
	h.take(1)
	var r meeting.Remark
	h.does(func(ctx context.Context, tx *pg.Tx) (err error) {
		r, err = meeting.Say(ctx, tx, h.Items[1].ID, meeting.Saying{Kind: meeting.Objection, Person: h.holds["vaxjo"].Person})
		return err
	})
	contains(t, "made", h.get(strategist, h.live()).says("main"), ", tas in i protokollet")
	h.does(func(ctx context.Context, tx *pg.Tx) error {
		_, err := meeting.TakeBack(ctx, tx, r.ID)
		return err
	})
	if says := h.get(strategist, h.live()).says("main"); strings.Contains(says, ", tas in i protokollet") || !strings.Contains(says, "tas inte in i protokollet") {
		t.Error(says)
	}
}

func TestAStreamIsForWhoMaySeeTheMeetingAlone(t *testing.T) {
	h := opened(t)
	events := strings.TrimSuffix(h.live(), "live") + "events"
	for as, want := range map[string]int{
		neighbour: http.StatusNotFound, // of Kronoberg, in Östergötland's person
		"kronoberg,party-representative," + h.organisation("markaryd").String() + "," + uuid.NewString(): http.StatusNotFound,
		"": http.StatusUnauthorized,
	} {
		for _, at := range []string{events, h.live()} {
			if p := h.get(as, at); p.Status != want && (as != neighbour || p.Status != http.StatusForbidden) {
				t.Errorf("%q %s: %d", as, at, p.Status)
			}
		}
	}
	mine := strings.Replace(events, "kronoberg", "ostergotland", 1)
	if p := h.get(neighbour, mine); p.Status != http.StatusNotFound {
		t.Errorf("another county's: %d", p.Status)
	}
}

// Two servers over one database: what is done at one is heard at the other.
func TestTwoServersHearOfOneMeeting(t *testing.T) {
	h := opened(t)
	other := h.second(t, nil)
	here, there := h.listen(strategist), h.listenAt(other, strategist)
	h.take(0)
	if a, b := here.wait(), there.wait(); a != 1 || b != 1 {
		t.Errorf("%d and %d sounds", a, b)
	}
	// The page says which it shows, so that what came between page and stream is told.
	seen, _ := h.get(strategist, h.live()).Find("#live").Attr("data-seen")
	late := h.listenFrom(h.URL, strategist, seen)
	h.take(1)
	if got := late.wait(); got != 1 {
		t.Errorf("%d sounds", got)
	}
}

func TestAStreamEndsWhenTheServerStops(t *testing.T) {
	h := opened(t)
	leaving := make(chan struct{})
	s := h.listenAt(h.second(t, leaving), strategist)
	close(leaving)
	select {
	case <-s.ended:
	case <-time.After(20 * time.Second):
		t.Error("the stream goes on")
	}
}

// second is another server over the same database.
func (h *chamber) second(t *testing.T, leaving <-chan struct{}) string {
	t.Helper()
	door := web.New(web.Config{DB: h.db.DB, PublicURL: "https://overens.example", Keeper: h.keeper, Demo: true, Files: h.store, Leaving: leaving})
	mux := http.NewServeMux()
	door.Register(mux)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a := auth.Public("", "")
		if c, err := r.Cookie("as"); err == nil {
			a = actor(c.Value)
		}
		mux.ServeHTTP(w, r.WithContext(auth.With(r.Context(), a, nil)))
	}))
	t.Cleanup(s.Close)
	return s.URL
}

// sounds are what is heard of an open stream.
type sounds struct {
	heard chan string
	ended chan struct{}
}

func (h *chamber) listen(as string) sounds { h.t.Helper(); return h.listenAt(h.URL, as) }

// listenAt opens a stream that has seen what there is now.
func (h *chamber) listenAt(server, as string) sounds {
	h.t.Helper()
	seen, _ := h.get(as, h.live()).Find("#live").Attr("data-seen")
	return h.listenFrom(server, as, seen)
}

func (h *chamber) listenFrom(server, as, seen string) sounds {
	h.t.Helper()
	r, err := http.NewRequestWithContext(h.t.Context(), http.MethodGet, server+strings.TrimSuffix(h.live(), "live")+"events?seen="+seen, nil)
	if err != nil {
		h.t.Fatal(err)
	}
	r.AddCookie(&http.Cookie{Name: "as", Value: as})
	answer, err := h.client.Do(r)
	if err != nil {
		h.t.Fatal(err)
	}
	if answer.StatusCode != http.StatusOK || !strings.HasPrefix(answer.Header.Get("Content-Type"), "text/event-stream") {
		h.t.Fatalf("%d %s", answer.StatusCode, answer.Header.Get("Content-Type"))
	}
	s := sounds{make(chan string, 100), make(chan struct{})}
	h.t.Cleanup(func() { _ = answer.Body.Close() })
	ready := make(chan struct{})
	go func() {
		defer close(s.ended)
		lines := bufio.NewScanner(answer.Body)
		for lines.Scan() {
			switch {
			case strings.HasPrefix(lines.Text(), "retry:"):
				close(ready)
			case strings.HasPrefix(lines.Text(), "event:"):
				s.heard <- lines.Text()
			}
		}
	}()
	<-ready
	return s
}

// wait gives how many sounds come until it has been quiet for a while; it waits for
// the first.
func (s sounds) wait() int {
	n := 0
	wait := 20 * time.Second
	for {
		select {
		case <-s.heard:
			n++
			wait = time.Second
		case <-s.ended:
			return n
		case <-time.After(wait):
			return n
		}
	}
}

// In writing nobody comes or goes: each matter is answered by itself.
func TestAWrittenProcedureIsAnsweredOnItsPage(t *testing.T) {
	h := called(t, meeting.KindWritten)
	as := h.of("vaxjo")
	p := h.get(as, h.live())
	if p.Status != http.StatusOK || p.Find("#attendance").Length() != 0 || p.Find("#agenda "+formTo("vote")).Length() != 2 {
		t.Fatalf("%d: %s", p.Status, p.says("main"))
	}
	p = h.follows(as, p, "#agenda li:nth-child(2) "+formTo("vote"), url.Values{"vote": {"for"}})
	if got, _ := p.Find("#vote-2-for").Attr("aria-pressed"); got != "true" {
		t.Errorf("%s", p.says("#agenda"))
	}
	refused := h.press(as, p, "#agenda li:nth-child(3) "+formTo("say"), url.Values{"kind": {""}, "wording": {"Vänta."}})
	if refused.Status != http.StatusUnprocessableEntity || refused.Find("#say-3-fold[open] .why").Length() != 1 || refused.Find("#say-3-wording").Text() != "Vänta." ||
		refused.Find("#say-2-wording").Text() != "" {
		t.Errorf("%d: %s", refused.Status, refused.says("#agenda"))
	}
}

// Nobody is asked whether he comes to what is decided in writing, and once all have
// answered the one who leads settles it on the page.
func TestAWrittenProcedureIsNoMeetingAndIsSettledWhenAllHaveAnswered(t *testing.T) {
	h := called(t, meeting.KindWritten)
	at, as := meetings+"/"+h.Meeting.String(), h.of("vaxjo")
	for path, who := range map[string][]string{"/lan/kronoberg": {as}, meetings: {as, strategist}, at: {as, strategist}} {
		for _, who := range who {
			p := h.get(who, path)
			says := p.says("main")
			if p.Status != http.StatusOK || p.Find(`main a[href="`+h.live()+`"]`).Length() == 0 && (path != meetings || who == as) {
				t.Errorf("%s leads nowhere to answer: %d %s", path, p.Status, says)
			}
			for _, never := range []string{"om du kommer", "kommer inte", "har inte svarat", "kallas din ersättare", "Anteckna svar", "kalendersvar"} {
				if strings.Contains(says, never) {
					t.Errorf("%s says %q: %s", path, never, says)
				}
			}
			if p.Find(`a[href*="/meeting-invitations/"]`).Length() != 0 {
				t.Errorf("%s asks who comes: %s", path, says)
			}
		}
	}
	p := h.get(strategist, h.live())
	if p.Find(`#agenda [id^="poll-"], form[action$="/live/decide"], form[action$="/live/close"]`).Length() != 0 {
		t.Errorf("before anybody has answered: %s", p.says("main"))
	}
	const matter = "#agenda li:nth-child(2) "
	for n, party := range []string{"vaxjo", "alvesta", "lessebo", "region", "lansstyrelsen"} {
		as := h.of(party)
		h.follows(as, h.get(as, h.live()), matter+formTo("vote"), url.Values{"vote": {"for"}})
		p = h.get(strategist, h.live())
		if all := n == 4; p.Find("#poll-2").Length() != 1 || p.Find("#poll-3").Length() != 0 || (p.Find(matter+formTo("decide")).Length() == 1) != all || p.Find(formTo("close")).Length() != 0 {
			t.Fatalf("%d have answered: %s", n+1, p.says("main"))
		}
	}
	p = h.follows(strategist, p, matter+formTo("decide"), nil)
	if says := p.says(matter); !strings.Contains(says, "bifall") {
		t.Fatalf("%s", p.says("main"))
	}
	if p = h.get(as, at); strings.Contains(p.says("#waits"), "Ändra ditt svar") || p.Find(`#waits a[href="`+h.live()+`"]`).Length() != 1 {
		t.Errorf("the other matter waits for an answer: %s", p.says("main"))
	}
	for _, party := range []string{"vaxjo", "alvesta", "lessebo", "region", "lansstyrelsen"} {
		as := h.of(party)
		h.follows(as, h.get(as, h.live()), "#agenda li:nth-child(3) "+formTo("vote"), url.Values{"vote": {"against"}})
	}
	p = h.follows(strategist, h.get(strategist, h.live()), "#agenda li:nth-child(3) "+formTo("decide"), nil)
	p = h.follows(strategist, p, formTo("close"), nil)
	if says := p.says("main"); !strings.Contains(says, "Ärendena är avgjorda") || strings.Contains(says, "tjänstgjorde") {
		t.Errorf("%s", says)
	}
}

func TestWhatWasStoppedInWritingIsToldAsStopped(t *testing.T) {
	h := called(t, meeting.KindWritten)
	h.does(func(ctx context.Context, tx *pg.Tx) error {
		m, err := meeting.Get(ctx, tx, h.Meeting)
		if err != nil {
			return err
		}
		date := m.Date
		date.On = tx.Today().Add(7)
		if _, err = meeting.Change(ctx, tx, m.ID, m.Version, date); err != nil {
			return err
		}
		_, err = meeting.Prepare(ctx, tx, meeting.Date{Body: "forum", On: tx.Today().Add(30)})
		return err
	})
	as := h.of("alvesta")
	for _, n := range []string{"2", "3"} {
		h.follows(as, h.get(as, h.live()), "#agenda li:nth-child("+n+") "+formTo("say"), url.Values{"kind": {meeting.Objection}})
	}
	for _, path := range []string{h.live(), strings.TrimSuffix(h.live(), "/live")} {
		p := h.get(strategist, path)
		contains(t, path, p.says(".lead"), "Förfarandet stoppades", "Alvesta kommun invände")
		if says := p.says("main"); strings.Contains(says, "är avgjorda") || strings.Contains(says, "svarade skriftligt") {
			t.Errorf("%s: %s", path, says)
		}
	}
	contains(t, "the agenda", h.get(strategist, h.live()).says("#table-h"), "Förfarandet är stoppat")
	if p := h.get(strategist, meetings); strings.Contains(p.reads("#coming"), "Höstens forum") {
		t.Errorf("what is stopped is to come: %s", p.reads("#coming"))
	}
}

func TestWhoObjectsAndVotesAgainstIsCountedOnce(t *testing.T) {
	h := opened(t)
	h.ruled(t, func(b *tenant.Body) { b.Rules.Decision = tenant.DecisionRule{} })
	h.take(1)
	as := h.of("alvesta")
	p := h.follows(as, h.get(as, h.live()), formTo("say"), url.Values{"kind": {meeting.Objection}})
	if got := sums(p); !strings.Contains(got, "Invänder − 1\nInvänder inte = 4") {
		t.Errorf("%s", got)
	}
	p = h.follows(as, p, formTo("vote"), url.Values{"vote": {"against"}})
	if got := sums(p); !strings.Contains(got, "Invänder − 1\nInvänder inte = 4") {
		t.Errorf("%s", got)
	}
}

// The places stand in the order of the body's own page, which is the Swedish one.
func TestThePlacesOfAMeetingAreNumberedAsOnTheBodysPage(t *testing.T) {
	h := called(t, meeting.KindMeeting)
	of := func(path string) map[string]string {
		t.Helper()
		numbers := map[string]string{}
		h.get(strategist, path).Find("tr:has(th.nr)").Each(func(_ int, r *goquery.Selection) {
			numbers[strings.TrimSpace(r.Find("th.nr").Text())] = strings.TrimSpace(r.Find("td").First().Text())
		})
		return numbers
	}
	body, live := of("/lan/kronoberg/bodies/forum"), of(h.live())
	if len(live) < 10 || live["2"] != "Alvesta kommun" {
		t.Errorf("%v", live)
	}
	for n, party := range live {
		if !strings.HasPrefix(body[n], party) {
			t.Errorf("%s is %q on the body's page, %q at the meeting", n, body[n], party)
		}
	}
}
