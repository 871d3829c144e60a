package web_test

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/uuid"
	"golang.org/x/net/html"

	"github.com/overens/overens/internal/agreement"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/sample"
)

// agreed is a house with a county's sourced facts in it.
func (h *house) agreed(county string) {
	h.t.Helper()
	h.write(county, func(ctx context.Context, tx *pg.Tx) error {
		if _, err := sample.Organisations(ctx, tx); err != nil {
			return err
		}
		_, err := sample.Agreements(ctx, tx)
		return err
	})
}

// keyed is the address of the agreement that facts call by a key.
func (h *house) keyed(county, key string) string {
	h.t.Helper()
	var id uuid.UUID
	h.write(county, func(ctx context.Context, tx *pg.Tx) error {
		i, err := agreement.ByKey(ctx, tx, key)
		id = i.ID
		return err
	})
	return "/lan/" + county + "/agreements/" + id.String()
}

func (h *house) goalKeyed(county, instrument, key string) string {
	h.t.Helper()
	var id uuid.UUID
	h.write(county, func(ctx context.Context, tx *pg.Tx) error {
		i, err := agreement.ByKey(ctx, tx, instrument)
		if err != nil {
			return err
		}
		g, err := agreement.GoalByKey(ctx, tx, i.ID, key)
		id = g.ID
		return err
	})
	return h.keyed(county, instrument) + "/goals/" + id.String()
}

func contains(t *testing.T, what, got string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(got, want) {
			t.Errorf("%s: %q is not in %q", what, want, got)
		}
	}
}

func TestKronobergsAgreementOnOnePage(t *testing.T) {
	h := buildEmpty(t)
	h.agreed("kronoberg")
	at := h.keyed("kronoberg", "sok-2019")
	p := h.get(strategist, at)
	contains(t, "kind", p.says(".kind"), "Strategisk överenskommelse (SÖK) · dnr 851-7420-19-3")
	contains(t, "h1", p.says("h1"), "2019–2025")
	if got, want := p.says(".lead"), "Femton parter var överens till och med 2025, bland dem sju av länets åtta kommuner. "+
		"Tre övergripande områden gällde till slutet, ett var redan avslutat. Vad som gäller efter den är inte känt."; got != want {
		t.Errorf("the lead says %q, want %q", got, want)
	}
	contains(t, "state", p.says(".head .st"), "har slutat gälla, efterträdare okänd")
	contains(t, "facts", p.reads(".head .facts"), "Parterna 15", "7 av 8", "3 gällde till slutet, 1 avslutat", "2019 till och med 2025")
	contains(t, "goals", p.reads("#goals"), "Arbetsmarknad och kompetens", "Boende avslutat 20 mars 2023", "Det slutade gälla 20 mars 2023", "Beslutet togs 30 mars 2023, tio dagar senare",
		"Nio delmål finns. Här står två; för sju är ordalydelsen inte funnen.", "Femton samverkansområden finns. Ordalydelsen är inte funnen.")
	contains(t, "parties", p.reads("#parties"), "15 parter den 25 november 2026", "Markaryd ligger i länet men är inte part.", "Alla var klara senast den 4 maj 2020")
	if n := p.Find("#parties tbody tr:not(.off)").Length(); n != 15 {
		t.Errorf("%d parties are shown as such", n)
	}
	if got := p.reads("#parties tr.off"); !strings.Contains(got, "Civilsamhället") || !strings.Contains(got, "Markaryds kommun") {
		t.Errorf("beside the parties: %q", got)
	}
	contains(t, "begun", p.reads("#time .terms"), "2019 Trädde i kraft", "Senast 2020-05-04 Alla hade skrivit under", "Våren 2020 Började tillämpas", "lansstyrelsen.se/kronoberg om SÖK, 2023")
	contains(t, "local", p.reads("#local"), "Fem av länets åtta kommuner", "tiden är inte känd", "Ljungby kommun ingen känd")
	contains(t, "texts", p.reads("#texts"), "14 sidor")
	contains(t, "log", p.reads("#log .log li:first-child"), "2023-03-30")
	// The picture says the same as its table.
	contains(t, "picture", p.reads("#time desc"), "Boende: från 2019, till 2023-03-20. Forum 2023-03-30.")
	contains(t, "table", p.reads("#time table"), "Boende 2019 2023-03-20", "Började tillämpas våren 2020")
	if n := p.Find("#time svg[role=img] .k2").Length(); n < 3 {
		t.Errorf("what is known to the year and the season is not drawn as spans: %d", n)
	}
}

func TestAnAgreementAsItWas(t *testing.T) {
	h := buildEmpty(t)
	h.agreed("kronoberg")
	at := h.keyed("kronoberg", "sok-2019")
	p := h.get(strategist, at+"?on=2022-01-01")
	if p.Find("body.past").Length() != 1 {
		t.Error("the spine is whole")
	}
	contains(t, "lead", p.says(".lead"), "Femton parter är överens till och med 2025", "Fyra övergripande områden gäller.")
	if n := p.Find("#goals > div > .tree > li .row > .st.on").Length(); n != 4 {
		t.Errorf("%d areas hold on 1 January 2022", n)
	}
	if p.Find(`main a[href*="/new"], main form[method=post]`).Length() != 0 {
		t.Error("something can be changed on another day")
	}
	p.Find("#goals a, #parties tbody a").Each(func(_ int, a *goquery.Selection) {
		if to, _ := a.Attr("href"); !strings.Contains(to, "on=2022-01-01") {
			t.Errorf("%s loses the day", to)
		}
	})
	p = h.get(strategist, at+"?on=2023-04-11")
	contains(t, "lead", p.says(".lead"), "Tre övergripande områden gäller, ett är avslutat.")
	p = h.get(strategist, at+"?on=2019-06-01")
	contains(t, "state", p.says(".head .st"), "gäller")
	p = h.get(strategist, at+"/compare?from=2022-01-01&to=2023-04-11")
	contains(t, "compared", p.says(".lead"), "Ett mål slutade gälla.")
	contains(t, "compared", p.reads("#goals"), "slutade gälla övergripande område Boende")
	if got := h.get(strategist, at+"/compare?from=2021-01-01&to=2022-01-01").says(".lead"); got != "Inget skiljer de två dagarna åt." {
		t.Errorf("two days alike: %q", got)
	}
}

func TestOtherCountiesInTheirOwnForms(t *testing.T) {
	h := buildEmpty(t)
	h.agreed("ostergotland")
	h.agreed("halland")
	const ost, hal = "ostergotland,strategist", "halland,strategist"
	p := h.get(ost, h.keyed("ostergotland", "hallbar-2021"))
	contains(t, "lead", p.says(".lead"), "Sjutton parter", "var överens till och med 2025", "Vad som gäller efter den är inte känt.")
	contains(t, "kin", p.reads(".head .facts"), "Kom efter Etablering i utveckling 2020")
	p = h.get(ost, h.keyed("ostergotland", "etablering-2020"))
	contains(t, "without parties", p.says(".lead"), "Vilka parterna var står inte i källan.", "Efter den kom Hållbar integration")
	contains(t, "succeeded", p.says(".head .st"), "efterträdd")
	p = h.get(ost, h.keyed("ostergotland", "etablering-2015"))
	contains(t, "areas", p.reads("#goals"), "Utbildning och praktik")
	p = h.get(ost, "/lan/ostergotland/agreements")
	contains(t, "list", p.reads("#holds"), "integrationssamordnare")
	contains(t, "list", p.reads("#ended"), "2021–2025")

	p = h.get(hal, h.keyed("halland", "sgi"))
	contains(t, "partnership", p.says(".lead"), "Tolv", "samverkar utan någon gemensam text", "alla länets sex kommuner")
	contains(t, "state", p.says(".head .st"), "samverkan utan text")
	contains(t, "joined later", p.reads("#parties"), "2022-03-08")
	contains(t, "local", p.reads("#local"), "Alla länets sex kommuner", "Arbetsförmedlingen")
	contains(t, "networks", p.reads(".leaf"), "Nätverksmöten om")
	if p := h.get(hal, h.keyed("halland", "sgi")+"?on=2022-03-07"); strings.Contains(p.reads("#parties tbody"), "Överenskommelsen Halland") || p.Find("#parties tbody tr:not(.off)").Length() != 11 {
		t.Errorf("the day before one joined: %q", p.reads("#parties caption"))
	}
}

func TestThePublicReadsWhatIsPublishedOfAnAgreement(t *testing.T) {
	h := buildEmpty(t)
	h.agreed("kronoberg")
	at := h.keyed("kronoberg", "sok-2019")
	p := h.get("", "/lan/kronoberg/agreements")
	contains(t, "list", p.reads("main"), "Strategisk överenskommelse för Kronobergs län 2019–2025", "15 parter")
	p = h.get("", at+"?on=2022-01-01")
	contains(t, "page", p.reads("main"), "Femton parter är överens", "Alvesta kommun", "Delaktighet")
	for _, hidden := range []string{"docplayer", "lokalpressen", "/goals/", "/edit", "/compare", "Civilsamhället skrev"} {
		if strings.Contains(p.Body, hidden) {
			t.Errorf("the public reads %q", hidden)
		}
	}
	if p = h.get("", at); strings.Contains(p.reads("#goals"), "Boende") {
		t.Error("the public reads what is closed")
	}
	h.write("kronoberg", func(ctx context.Context, tx *pg.Tx) error {
		i, err := agreement.ByKey(ctx, tx, "sok-2019")
		if err == nil {
			_, err = agreement.Publish(ctx, tx, i.ID, i.Version, false)
		}
		return err
	})
	if got := h.get("", at).Status; got != http.StatusNotFound {
		t.Errorf("when it is no longer published: %d", got)
	}
}

// reads is the text of what a selector finds, a space between one piece and the next.
func (p page) reads(selector string) string {
	var said []string
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.TextNode {
			said = append(said, strings.Fields(n.Data)...)
		}
		for c := range n.ChildNodes() {
			walk(c)
		}
	}
	for _, n := range p.Find(selector).Nodes {
		walk(n)
	}
	return strings.NewReplacer(" .", ".", " ,", ",").Replace(strings.Join(said, " "))
}

// fillIn fills in a form as it is shown and sends it.
func (h *house) fillIn(as, at string, typed url.Values) page {
	h.t.Helper()
	p := h.get(as, at)
	if p.Status != http.StatusOK {
		h.t.Fatalf("%s: %d %s", at, p.Status, p.says("h1"))
	}
	all := url.Values{}
	p.Find("main form[method=post]").Find("input, select, textarea").Each(func(_ int, s *goquery.Selection) {
		name, _ := s.Attr("name")
		value, _ := s.Attr("value")
		switch goquery.NodeName(s) {
		case "select":
			value, _ = s.Find("option[selected]").Attr("value")
		case "textarea":
			value = s.Text()
		}
		if kind, _ := s.Attr("type"); kind == "checkbox" {
			if _, on := s.Attr("checked"); !on {
				return
			}
		}
		all.Add(name, value)
	})
	maps.Copy(all, typed)
	return h.post(as, at, all)
}

func (p page) done(t *testing.T, what string) string {
	t.Helper()
	if p.Status != http.StatusSeeOther {
		t.Fatalf("%s: %d %s %s", what, p.Status, p.says(".fault"), p.says("h1"))
	}
	return p.Header.Get("Location")
}

// A strategist does everything with the forms, from the first card to a
// successor, and none of it needs a script.
func TestAnAgreementIsWrittenByHand(t *testing.T) {
	h := buildEmpty(t)
	h.agreed("kronoberg")
	to := h.fillIn(strategist, "/lan/kronoberg/agreements/new", url.Values{"title": {"Överenskommelse 2026-2030"}, "shortName": {"Ö30"}}).done(t, "new")
	at, _, _ := strings.Cut(to, "?")
	h.fillIn(strategist, at+"/validity", url.Values{"kind": {"fixed"}, "from": {"våren 2026"}, "until": {"2030"}}).done(t, "validity")
	if p := h.fillIn(strategist, at+"/validity", url.Values{"kind": {"extended"}, "until": {"i övermorgon"}, "knownFrom": {"2026-11-25"}}); p.Status != http.StatusUnprocessableEntity || p.reads("#f-until-why") == "" || p.value("#f-until") != "i övermorgon" {
		t.Errorf("a day that cannot be read: %d %q", p.Status, p.says(".fault"))
	}
	h.fillIn(strategist, at+"/events/new", url.Values{"kind": {"began-to-apply"}, "when": {"maj 2026"}, "source": {"Protokollet"}}).done(t, "event")
	h.fillIn(strategist, at+"/decisions/new", url.Values{"kind": {"adopted"}, "body": {"Forum"}, "when": {"senast 2026-06-30"}, "source": {"Protokollet"}}).done(t, "decision")
	h.fillIn(strategist, at+"/texts/new", url.Values{"kind": {"adopted"}, "name": {"Texten"}, "pages": {"12"}, "link": {"https://www.example.org/text.pdf"}, "source": {"Arkivet"}}).done(t, "text")
	h.fillIn(strategist, at+"/leads/new", url.Values{"organisation": {h.organisation("region").String()}}).done(t, "lead")
	h.fillIn(strategist, at+"/counts/new", url.Values{"what": {"goals"}, "level": {"sub-goal"}, "count": {"4"}, "source": {"Broschyren"}}).done(t, "count")
	h.fillIn(strategist, at+"/parties/new", url.Values{"organisation": {h.organisation("vaxjo").String()}, "status": {"signatory"}, "from": {"2026"}}).done(t, "party")
	h.fillIn(strategist, at+"/parties/"+h.organisation("vaxjo").String()+"/signature", url.Values{"when": {"2026-05-04"}, "by": {"Kommundirektören"}, "decision": {"KS § 55"}, "source": {"Exemplaret"}}).done(t, "signature")
	h.fillIn(strategist, at+"/parties/"+h.organisation("vaxjo").String()+"/signature", url.Values{"when": {"2026-05-05"}, "source": {"Exemplaret"}}).done(t, "signature again")
	goal := h.fillIn(strategist, at+"/goals/new", url.Values{"level": {"area"}, "name": {"Språk"}, "themes": {"work", "education-language"}, "from": {"2026"}}).done(t, "goal")
	goal, _, _ = strings.Cut(goal, "?")
	p := h.get(strategist, goal+"/edit")
	if n := p.Find("#f-themes input[checked]").Length(); n != 2 {
		t.Errorf("%d themes are kept", n)
	}
	under := h.fillIn(strategist, at+"/goals/new?parent="+goal[strings.LastIndex(goal, "/")+1:], url.Values{"level": {"sub-goal"}, "name": {"Fler läser svenska"}, "from": {"2026"}}).done(t, "goal under")
	h.fillIn(strategist, goal+"/edit", url.Values{"name": {"Språk och utbildning"}, "from": {"2026-09-01"}, "reason": {"Bredare"}}).done(t, "amend")
	h.fillIn(strategist, goal+"/notes/new", url.Values{"note": {"Så sa källan"}, "source": {"Brevet"}}).done(t, "note")
	other := h.fillIn(strategist, at+"/goals/new", url.Values{"level": {"area"}, "name": {"Boende"}, "from": {"2026"}}).done(t, "other goal")
	other, _, _ = strings.Cut(other, "?")
	closed := h.fillIn(strategist, other+"/close", url.Values{"effective": {"2026-10-01"}, "decided": {"2026-10-11"}, "reason": {"Pausas"}}).done(t, "close")
	if !strings.HasSuffix(closed, "done=goal_closed_two_days") {
		t.Errorf("two days are not warned of: %s", closed)
	}
	contains(t, "closed", h.get(strategist, closed).reads("main"), "båda dagarna är sparade", "tio dagar senare", "Pausas.")
	area := h.fillIn(strategist, at+"/goals/new", url.Values{"level": {"collaboration-area"}, "parent": {idOf(goal)}, "name": {"Sfi"}, "from": {"2026"}}).done(t, "facet")
	sub, _, _ := strings.Cut(under, "?")
	h.fillIn(strategist, sub+"/links/new", url.Values{"kind": {"linked"}, "to": {idOf(area)}}).done(t, "link")
	contains(t, "link", h.get(strategist, sub).reads("#links"), "Sfi")
	if p := h.fillIn(strategist, goal+"/links/new", url.Values{"kind": {"linked"}, "to": {idOf(area)}}); p.Status != http.StatusUnprocessableEntity {
		t.Errorf("levels that are not linked: %d", p.Status)
	}
	network := h.fillIn(strategist, at+"/networks/new", url.Values{"name": {"Sfi-nätverket"}, "contact": {"Rektorn"}, "goals": {idOf(goal)}}).done(t, "network")
	contains(t, "network", h.get(strategist, network).reads("#networks"), "Sfi-nätverket", "Rektorn")
	h.fillIn(strategist, at+"/local-agreements/new", url.Values{"title": {"LÖK Växjö"}, "parties": {h.organisation("vaxjo").String()}, "from": {"2026"}}).done(t, "local")
	h.fillIn(strategist, at+"/predecessor", url.Values{"predecessor": {idOf(h.keyed("kronoberg", "sok-2019"))}}).done(t, "predecessor")
	p = h.get(strategist, at)
	contains(t, "all of it", p.reads("main"), "En part är överens till och med 2030", "våren 2026 till och med 2030", "Språk och utbildning", "Delmål Fler läser svenska", "Samverkansområde Sfi", "Fyra delmål finns. Här står ett",
		"2026-05-05", "LÖK Växjö", "12 sidor", "Kom efter Strategisk överenskommelse", "Boende: två dagar", "Skriv in en händelse")
	h.post(strategist, at+"/publication", url.Values{"key": {"k1"}, "version": {p.value("form[action$='/publication'] input[name=version]")}}).done(t, "publish")
	contains(t, "public", h.get("", at).reads("main"), "Språk och utbildning")
	h.fillIn(strategist, at+"/parties/"+h.organisation("vaxjo").String()+"/end", url.Values{"on": {"2026-11-01"}, "ground": {"Går ur"}}).done(t, "leave")
	contains(t, "left", h.get(strategist, at+"/parties/"+h.organisation("vaxjo").String()).reads("main"), "Är inte med den här dagen.", "till och med 31 oktober 2026")

	// Who may only read is shown no way to change, and is refused. An officer may add papers.
	p = h.get(officer, at)
	p.Find("#documents").Remove()
	if p.Find(`main a[href*="/new"], main a[href$="/edit"], main form[method=post]`).Length() != 0 {
		t.Error("an officer is offered changes")
	}
	if got := h.get(officer, at+"/goals/new").Status; got != http.StatusForbidden {
		t.Errorf("an officer: %d", got)
	}
}

func TestASuccessorIsDraftedFromTheOldOne(t *testing.T) {
	h := buildEmpty(t)
	h.agreed("kronoberg")
	old := h.keyed("kronoberg", "sok-2019")
	at, _, _ := strings.Cut(h.fillIn(strategist, old+"/successor", url.Values{"title": {"SÖK 2026-2030"}}).done(t, "draft"), "/draft")
	p := h.get(strategist, at+"/draft")
	contains(t, "open", p.says(".lead"), "val återstår")
	goal := h.goalKeyed("kronoberg", "sok-2019", "delaktighet")
	h.fillIn(strategist, at+"/draft/goals/"+idOf(goal), url.Values{"choice": {"change"}, "reason": {"Tydligare"}, "name": {"Delaktighet och tillit"}}).done(t, "change")
	h.fillIn(strategist, at+"/draft/parties/"+h.organisation("lnu").String(), url.Values{"choice": {"leave-out"}, "reason": {"Vill inte"}}).done(t, "leave out")
	if p := h.fillIn(strategist, at+"/draft/parties/"+h.organisation("fk").String(), url.Values{"choice": {"carry"}}); p.Status != http.StatusUnprocessableEntity {
		t.Errorf("without a reason: %d", p.Status)
	}
	h.fillIn(strategist, at+"/draft/rest", url.Values{"what": {"both"}, "reason": {"Gäller lika mycket"}}).done(t, "rest")
	p = h.get(strategist, at+"/draft")
	contains(t, "ready", p.reads("main"), "Alla val är gjorda.", "Delaktighet ändras Tydligare", "Linnéuniversitetet lämnas Vill inte")
	h.post(strategist, at+"/settlement", url.Values{"key": {"k2"}, "version": {p.value("form[action$='/settlement'] input[name=version]")}}).done(t, "settle")
	contains(t, "settled", h.get(strategist, at).reads("main"), "Delaktighet och tillit", "14 parter")
	contains(t, "old", h.get(strategist, old).says(".head"), "har slutat gälla, efterträdd", "Efter den kom SÖK 2026–2030.")
}

func TestTwoWhoSayWhenItHolds(t *testing.T) {
	h := buildEmpty(t)
	h.agreed("kronoberg")
	at := h.keyed("kronoberg", "sok-2019")
	first := h.get(strategist, at+"/validity")
	h.fillIn(strategist, at+"/validity", url.Values{"kind": {"extended"}, "until": {"2026"}, "knownFrom": {"2025-11-01"}}).done(t, "the first")
	p := h.post(strategist, at+"/validity", url.Values{"key": {"k9"}, "version": {first.value("input[name=version]")}, "kind": {"ended"}, "until": {"våren 2026"}, "knownFrom": {"2025-12-01"}})
	if p.Status != http.StatusPreconditionFailed {
		t.Fatalf("the second: %d", p.Status)
	}
	contains(t, "both", p.reads("#both"), "Förlängd", "2026", "våren 2026", "Avslutad genom beslut")
}

func TestASearchOfTheWholeCounty(t *testing.T) {
	h := buildEmpty(t)
	h.agreed("kronoberg")
	p := h.get(strategist, "/lan/kronoberg/search?q="+url.QueryEscape("överenskommelsen"))
	contains(t, "forms of a word", p.reads("#instrument"), "Strategisk överenskommelse för Kronobergs län")
	contains(t, "local", p.reads("#local-agreement"), "Lokal överenskommelse för Alvesta")
	p = h.get(strategist, "/lan/kronoberg/search?q=boende")
	contains(t, "ended", p.reads("#goal"), "Boende", "har slutat gälla")
	p = h.get(strategist, "/lan/kronoberg/search?q=alvesta")
	contains(t, "organisation", p.reads("#organisations"), "Alvesta kommun")
	paper := h.linked("Protokoll från Forum", false)
	p = h.get(strategist, "/lan/kronoberg/search?q=protokollen")
	if to, _ := p.Find("#document a").Attr("href"); to != papers+"/"+paper.ID.String() || p.says("#document a") != "Protokoll från Forum" {
		t.Errorf("a document: %q %s", to, p.reads("#document"))
	}
	if got := h.get(strategist, "/lan/kronoberg/search?q=zzz").says(".lead"); got != "Inget i länet passar ”zzz”." {
		t.Errorf("%q", got)
	}
}

func TestAnOrganisationSaysWhatItTakesPartIn(t *testing.T) {
	h := buildEmpty(t)
	h.agreed("kronoberg")
	at := "/lan/kronoberg/organisations/"
	contains(t, "a party", h.get(strategist, at+h.organisation("vaxjo").String()).reads("#takes-part"), "Strategisk överenskommelse för Kronobergs län 2019–2025", "Undertecknare")
	contains(t, "no party", h.get(strategist, at+h.organisation("markaryd").String()).reads("#takes-part"), "inte part i något")
}

func TestTheStartPageSaysWhatIsMissingAndWhatLivesOn(t *testing.T) {
	h := buildEmpty(t)
	h.agreed("kronoberg")
	h.agreed("halland")
	h.write("kronoberg", func(ctx context.Context, tx *pg.Tx) error {
		i, err := agreement.ByKey(ctx, tx, "sok-2019")
		if err != nil {
			return err
		}
		_, err = agreement.Record(ctx, tx, i.ID, agreement.Happening{Kind: "lives-on", When: agreement.OnDay(day.Of(2026, 1, 1)), Note: "Forum och styrgrupperna möts vidare", Source: "Forum"})
		return err
	})
	contains(t, "Kronoberg", h.get(strategist, "/lan/kronoberg").reads("#holds"), "Strategisk överenskommelse för Kronobergs län", "har slutat gälla, efterträdare okänd", "Lever vidare", "Forum och styrgrupperna möts vidare")
	contains(t, "Halland", h.get("halland,strategist", "/lan/halland").reads("#holds"), "Strategisk grupp integration", "samverkan utan text")
}

func (h *house) organisation(key string) uuid.UUID {
	h.t.Helper()
	var id uuid.UUID
	h.write("kronoberg", func(ctx context.Context, tx *pg.Tx) error {
		o, err := organisation.ByKey(ctx, tx, key)
		id = o.ID
		return err
	})
	return id
}

// idOf is the last id of an address.
func idOf(at string) string {
	at, _, _ = strings.Cut(at, "?")
	return at[strings.LastIndex(at, "/")+1:]
}
