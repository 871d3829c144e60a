package tenant_test

import (
	"maps"
	"slices"
	"sync"
	"testing"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/tenant"
	"github.com/overens/overens/tenants"
)

// The dimensions in which counties differ (D1 …) and the odd cases that break a
// naive form, each shown in a county where it is so, as the delivered file has it.

var files = sync.OnceValues(func() ([]tenant.County, []tenant.Problem) { return tenant.Load(tenants.Files, auth.RoleNames()) })

func delivered(t *testing.T, slug, d string) tenant.Configuration {
	t.Helper()
	counties, problems := files()
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	n := slices.IndexFunc(counties, func(c tenant.County) bool { return c.Slug == slug })
	if n < 0 {
		t.Fatalf("there is no %s", slug)
	}
	return counties[n].On(on(d))
}

func kind(t *testing.T, c tenant.Configuration, key string) tenant.InstrumentKind {
	t.Helper()
	k, ok := c.InstrumentKinds.Kind(key)
	if !ok {
		t.Fatalf("%s has no kind %s", c.Slug, key)
	}
	return k
}

func TestD1KindOfInstrument(t *testing.T) {
	for slug, want := range map[string]struct{ key, word string }{
		"kronoberg":       {"agreement", "strategisk överenskommelse"},
		"skane":           {"agreement", "regional överenskommelse"},
		"kalmar":          {"strategy", "integrationsstrategi"},
		"vasterbotten":    {"strategy", "regional utvecklingsstrategi"},
		"norrbotten":      {"action-plan", "handlingsplan"},
		"varmland":        {"expression-of-will", "viljeyttring"},
		"vastra-gotaland": {"partnership", "partnerskap"},
		"halland":         {"collaboration", "samverkan"},
	} {
		if got := kind(t, delivered(t, slug, "2026-01-01"), want.key).Word.In("sv").One; got != want.word {
			t.Errorf("%s: %q, want %q", slug, got, want.word)
		}
	}
	if !kind(t, delivered(t, "blekinge", "2026-01-01"), "agreement").Intent {
		t.Error("a statement of intent is not told")
	}
}

func TestD2Validity(t *testing.T) {
	gotland := kind(t, delivered(t, "gotland", "2026-01-01"), "strategy")
	blekinge := kind(t, delivered(t, "blekinge", "2026-01-01"), "agreement")
	kalmar := kind(t, delivered(t, "kalmar", "2026-01-01"), "strategy")
	kronoberg := kind(t, delivered(t, "kronoberg", "2026-01-01"), "agreement")
	for what, ok := range map[string]bool{
		"fixed and extended":                 slices.Equal(gotland.Validity, []string{tenant.ValidFixed}) && gotland.Extendable,
		"until further notice, looked over":  slices.Contains(blekinge.Validity, tenant.ValidUntilFurtherNotice) && blekinge.ReviewMonths == 12,
		"no end":                             slices.Equal(kalmar.Validity, []string{tenant.ValidOpen}),
		"begins before all have signed":      kronoberg.BeginsBeforeSigned,
		"unknown where no source has it":     len(kind(t, delivered(t, "halland", "2026-01-01"), "collaboration").Validity) == 0,
		"one that nobody extends is not one": !kronoberg.Extendable,
	} {
		if !ok {
			t.Error(what)
		}
	}
}

func TestD3LegalEffect(t *testing.T) {
	for slug, want := range map[string]struct{ key, adoption string }{
		"kronoberg":   {"agreement", tenant.AdoptedBySigning},
		"blekinge":    {"agreement", tenant.AdoptedByMinutes},
		"gotland":     {"strategy", tenant.AdoptedByBodies},
		"vastmanland": {"priorities", tenant.AdoptedAsDirection},
		"halland":     {"collaboration", ""}, // unknown
	} {
		k := kind(t, delivered(t, slug, "2026-01-01"), want.key)
		if k.Adoption != want.adoption || k.Signed() != (want.adoption == tenant.AdoptedBySigning) {
			t.Errorf("%s: %q, want %q", slug, k.Adoption, want.adoption)
		}
	}
	if kind(t, delivered(t, "gotland", "2026-01-01"), "strategy").Bodies != 2 {
		t.Error("two bodies adopt Gotland's strategy")
	}
}

func TestD4Lead(t *testing.T) {
	for slug, want := range map[string][]string{
		"kronoberg": {"lansstyrelsen"}, "dalarna": {"lansstyrelsen", "region"}, "stockholm": {"storsthlm"}, "halland": nil,
	} {
		lead := delivered(t, slug, "2026-01-01").Lead
		if !slices.Equal(lead.Organisations, want) || lead.Jointly() != (len(want) > 1) {
			t.Errorf("%s: %v, want %v", slug, lead.Organisations, want)
		}
	}
	if delivered(t, "dalarna", "2026-01-01").Lead.Secretariat.In("sv") != "Gemensamt kansli" {
		t.Error("Dalarna has a joint office")
	}
	if len(delivered(t, "vastra-gotaland", "2026-01-01").Lead.Form) == 0 {
		t.Error("in Västra Götaland the county management leads")
	}
}

func TestD5KindsOfParty(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range tenant.OfficialCounties() {
		for _, k := range delivered(t, c.Slug, "2026-01-01").PartyKinds.Kinds {
			seen[k.Type] = true
		}
	}
	for _, want := range []string{"municipality", "region", "state-agency", "university", "coordination-association", "municipal-association", "municipal-federation",
		"company", "business-association", "trade-union", "faith-community", "civil-society", "agreement-platform"} {
		if !seen[want] {
			t.Errorf("no county has a party of the kind %s", want)
		}
	}
	if delivered(t, "jamtland", "2026-01-01").PartyKinds.Can("municipality") {
		t.Error("Jämtland's municipalities cannot sign")
	}
}

func TestD6HowMunicipalitiesAreRepresented(t *testing.T) {
	for slug, want := range map[string]string{
		"kronoberg": tenant.MunicipalitiesEach, "ostergotland": tenant.MunicipalitiesEach, "skane": tenant.MunicipalitiesNetwork,
		"vastra-gotaland": tenant.MunicipalitiesSubRegion, "gotland": tenant.MunicipalitiesAreRegion, "jamtland": tenant.MunicipalitiesNone, "orebro": "",
	} {
		if got := delivered(t, slug, "2026-01-01").PartyKinds.Municipalities; got != want {
			t.Errorf("%s: %q, want %q", slug, got, want)
		}
	}
	if got := delivered(t, "ostergotland", "2013-04-12").PartyKinds.Municipalities; got != tenant.MunicipalitiesSome {
		t.Errorf("Östergötland in 2013: %q", got)
	}
	association := tenant.PartyKinds{Kinds: []tenant.PartyKind{{Type: "municipal-association"}}, Municipalities: tenant.MunicipalitiesAssociation}
	if problems := checked(tenant.County{PartyKinds: tenant.Section[tenant.PartyKinds]{{Value: association}}}, "partyKinds"); len(problems) > 0 {
		t.Error(problems)
	}
}

// checked are the problems of one section of an otherwise empty county.
func checked(c tenant.County, section string) []tenant.Problem {
	return slices.DeleteFunc(tenant.Check(c, auth.RoleNames()), func(p tenant.Problem) bool { return len(p.Path) < len(section) || p.Path[:len(section)] != section })
}

func TestD7StatusOfParty(t *testing.T) {
	usual := delivered(t, "uppsala", "2026-01-01").PartyStatuses
	for key, want := range map[string]tenant.PartyStatus{
		"signatory": {Counted: true, Signs: true}, "partner": {Counted: true}, "acceded": {Counted: true, Signs: true, Accedes: true},
		"supporter": {}, "ad-hoc": {Occasions: true}, "guest": {Occasions: true},
	} {
		got, ok := usual.Status(key)
		if !ok || got.Counted != want.Counted || got.Signs != want.Signs || got.Accedes != want.Accedes || got.Occasions != want.Occasions {
			t.Errorf("%s: %+v", key, got)
		}
	}
	kronoberg := delivered(t, "kronoberg", "2026-01-01").PartyStatuses
	if s, ok := kronoberg.Status("supporter"); !ok || s.Counted || s.Signs {
		t.Errorf("civil society supports Kronoberg's agreement without signing: %+v", s)
	}
	kalmar := delivered(t, "kalmar", "2026-01-01").PartyStatuses
	if s, ok := kalmar.Status("partner"); !ok || !s.Accedes || !s.Counted {
		t.Errorf("others may join Kalmar's strategy: %+v", s)
	}
}

func TestD8KindsOfBody(t *testing.T) {
	for slug, keys := range map[string][]string{
		"kronoberg": {"forum", "steering-group", "preparatory-group", "network"},
		"gavleborg": {"steering-group", "leadership-group", "reference-group", "forum"},
		"jonkoping": {"council", "focus-group"}, "kalmar": {"citizen-dialogue", "operational-network"},
		"dalarna": {"secretariat"}, "vastra-gotaland": {"sub-regional-partnership", "municipal-group"},
	} {
		kinds := delivered(t, slug, "2026-01-01").BodyKinds
		for _, key := range keys {
			if k, ok := kinds.Kind(key); !ok || k.Word.In("sv").TheOne == "" {
				t.Errorf("%s has no %s: %+v", slug, key, k)
			}
		}
	}
	// And the bodies themselves, each on a day when it was there.
	for county, want := range map[[2]string]map[string]int{
		{"kronoberg", "2026-01-01"}:       {"forum": 1, "steering-group": 1, "preparatory-group": 1, "network": 1},
		{"ostergotland", "2026-01-01"}:    {"council": 1, "preparatory-group": 1, "network": 1},
		{"halland", "2026-01-01"}:         {"strategic-group": 1, "heads-meeting": 1, "network": 1},
		{"gavleborg", "2018-03-09"}:       {"steering-group": 1, "leadership-group": 1, "reference-group": 1},
		{"gavleborg", "2026-01-01"}:       {"forum": 1},
		{"jonkoping", "2026-01-01"}:       {"council": 1, "focus-group": 7},
		{"kalmar", "2026-01-01"}:          {"council": 1, "preparatory-group": 1, "operational-network": 1, "citizen-dialogue": 1},
		{"dalarna", "2026-01-01"}:         {"secretariat": 1},
		{"vastmanland", "2026-01-01"}:     {"cohesion-council": 1, "secretariat": 1},
		{"vastra-gotaland", "2026-01-01"}: {"partnership": 1, "sub-regional-partnership": 3, "municipal-group": 1},
		{"gotland", "2026-01-01"}:         {"council": 1},
		{"stockholm", "2026-01-01"}:       {"consultation": 1, "sub-regional": 1},
		{"uppsala", "2026-01-01"}:         {}, // its organisation stands in an appendix that has not been found
	} {
		got := map[string]int{}
		for _, b := range delivered(t, county[0], county[1]).Bodies.Bodies {
			got[b.Kind]++
		}
		if !maps.Equal(got, want) {
			t.Errorf("%s on %s: %v, want %v", county[0], county[1], got, want)
		}
	}
}

func TestD16ShapeOfGoals(t *testing.T) {
	kronoberg := delivered(t, "kronoberg", "2026-01-01").Goals
	var beneath []string
	for _, l := range kronoberg.Beneath("area") {
		beneath = append(beneath, l.Key)
	}
	if len(kronoberg.Top()) != 1 || !slices.Equal(beneath, []string{"sub-goal", "collaboration-area"}) {
		t.Errorf("Kronoberg: %v beneath the areas", beneath)
	}
	if !kronoberg.Linked("collaboration-area", "sub-goal") || kronoberg.Linked("area", "sub-goal") || kronoberg.Fits("sub-goal", "collaboration-area") {
		t.Error("Kronoberg's goals and collaboration areas stand side by side and are linked")
	}
	if got := kronoberg.Levels[1].Word.In("sv").Of(9); got != "delmål" {
		t.Errorf("nine %s", got)
	}
	dalarna := delivered(t, "dalarna", "2026-01-01").Goals
	if p, ok := dalarna.Level("principle"); !ok || !p.Purpose || p.Indicators {
		t.Errorf("Dalarna's principles are not measured: %+v", p)
	}
	jonkoping := delivered(t, "jonkoping", "2026-01-01").Goals
	if !jonkoping.Fits("goal", "focus-area") || jonkoping.Fits("focus-area", "goal") || jonkoping.Fits("goal", "") {
		t.Error("Jönköping's goals stand under focus areas")
	}
	if kalmar := delivered(t, "kalmar", "2026-01-01").Goals; len(kalmar.Levels) != 1 {
		t.Errorf("Kalmar has areas only: %+v", kalmar)
	}

	// Any depth: a level that stands under its own.
	nested := tenant.Goals{Levels: []tenant.GoalLevel{{Key: "way", Word: tenant.Word{"sv": {Gender: "en", One: "väg", TheOne: "vägen", Many: "vägar", TheMany: "vägarna"}}, Nests: true}}}
	if problems := checked(tenant.County{Goals: tenant.Section[tenant.Goals]{{Value: nested}}}, "goals"); len(problems) > 0 {
		t.Error(problems)
	}
	if !nested.Fits("way", "way") || !nested.Fits("way", "") || nested.Fits("way", "area") || nested.Fits("area", "") {
		t.Error("a level that nests stands at the top and under its own, and nowhere else")
	}
}

func TestD17ChangeInTheMiddleOfATerm(t *testing.T) {
	for _, l := range delivered(t, "kronoberg", "2023-03-20").Goals.Levels {
		if !l.Closable {
			t.Errorf("Kronoberg closed an area and what was under it, and %s cannot be closed", l.Key)
		}
	}
	// A member that joined on a day.
	before, after := delivered(t, "halland", "2022-03-07"), delivered(t, "halland", "2022-03-08")
	if before.PartyKinds.Can("agreement-platform") || !after.PartyKinds.Can("agreement-platform") {
		t.Error("the platform joined on 8 March 2022")
	}
}

func TestD21LocalAgreements(t *testing.T) {
	for _, slug := range []string{"kronoberg", "ostergotland", "halland", "kalmar", "skane"} {
		k := kind(t, delivered(t, slug, "2026-01-01"), "local-agreement")
		if !k.Local() || k.Word.In("sv").Brief() != "LÖK" {
			t.Errorf("%s: %+v", slug, k)
		}
	}
	if got := kind(t, delivered(t, "halland", "2026-01-01"), "local-agreement").Initiator; got != "af" {
		t.Errorf("in Halland AF starts it, not %q", got)
	}
}

func TestD24TargetGroup(t *testing.T) {
	jamtland := delivered(t, "jamtland", "2026-01-01").TargetGroup
	if !slices.Equal(jamtland.Laws, []string{"2010:197"}) || jamtland.AsylumSeekers != tenant.Included || jamtland.UnaccompaniedChildren != tenant.Included || jamtland.TemporaryProtection != "" {
		t.Errorf("Jämtland: %+v", jamtland)
	}
	if len(delivered(t, "kronoberg", "2026-01-01").TargetGroup.Definition) > 0 {
		t.Error("Kronoberg's definition is unknown, and is told")
	}
}

func TestD25LanguageAndFormat(t *testing.T) {
	kronoberg, vasternorrland := delivered(t, "kronoberg", "2026-01-01").Publication, delivered(t, "vasternorrland", "2026-01-01").Publication
	if !kronoberg.EasySwedish || !vasternorrland.AlternativeFormat {
		t.Errorf("%+v, %+v", kronoberg, vasternorrland)
	}
	many := tenant.Publication{Languages: []string{"sv", "en", "ar", "so", "ti", "fa-AF", "uk"}}
	if problems := checked(tenant.County{Publication: tenant.Section[tenant.Publication]{{Value: many}}}, "publication"); len(problems) > 0 {
		t.Error(problems)
	}
}

// Odd case 1: Markaryd lies in Kronoberg and is no party. That a municipality
// can be party makes none of them one: only a status that is counted does.
func TestCase1AMunicipalityOfTheCountyThatIsNoParty(t *testing.T) {
	kronoberg := delivered(t, "kronoberg", "2026-01-01")
	if !kronoberg.PartyKinds.Can("municipality") {
		t.Error("a municipality can be party")
	}
	if s, ok := kronoberg.PartyStatuses.Status(""); ok || s.Counted || slices.Contains(kronoberg.PartyStatuses.Counted(), "") {
		t.Error("an organisation without status is counted")
	}
	if slices.Contains(kronoberg.PartyStatuses.Counted(), "supporter") {
		t.Error("a supporter is counted")
	}
}

// Odd case 7: who leads merges with another, and from that day the configuration
// names the other; before, it names who it was.
func TestCase7AnOrganisationThatMerges(t *testing.T) {
	lead := func(key string) tenant.Lead { return tenant.Lead{Organisations: []string{"lansstyrelsen", key}} }
	c := tenant.County{Lead: tenant.Section[tenant.Lead]{{Value: lead("regionforbundet")}, {From: on("2019-01-01"), Decision: "Bildande av Region", Value: lead("region")}}}
	if problems := checked(c, "lead"); len(problems) > 0 {
		t.Fatal(problems)
	}
	if c.On(on("2018-12-31")).Lead.Organisations[1] != "regionforbundet" || c.On(on("2019-01-01")).Lead.Organisations[1] != "region" {
		t.Error("the day of the merger is lost")
	}
}

// Odd case 11: a forum that makes no decisions is a body as any other.
func TestCase11ABodyThatMakesNoDecisions(t *testing.T) {
	gavleborg := delivered(t, "gavleborg", "2026-01-01").BodyKinds
	if forum, ok := gavleborg.Kind("forum"); !ok || forum.Decisions != tenant.DecisionsNone {
		t.Errorf("Gävleborg's forum: %+v", forum)
	}
	if forum, ok := delivered(t, "kronoberg", "2026-01-01").BodyKinds.Kind("forum"); !ok || forum.Decisions != tenant.DecisionsMade {
		t.Errorf("Kronoberg's Forum: %+v", forum)
	}
	if group, ok := gavleborg.Kind("reference-group"); !ok || group.Decisions != "" {
		t.Errorf("what is not known is told: %+v", group)
	}
}

// Odd case 15: counties define the newly arrived differently, and say so.
func TestCase15DefinitionsDiffer(t *testing.T) {
	gavleborg := delivered(t, "gavleborg", "2026-01-01").TargetGroup
	if gavleborg.YearsFrom != 2 || gavleborg.YearsTo != 4 || !gavleborg.DiffersFromNational || gavleborg.Definition.In("sv") == "" {
		t.Errorf("Gävleborg: %+v", gavleborg)
	}
	silent := gavleborg
	silent.DiffersFromNational = false
	if problems := checked(tenant.County{TargetGroup: tenant.Section[tenant.TargetGroup]{{Value: silent}}}, "targetGroup"); len(problems) != 1 {
		t.Errorf("a definition of its own that is said to be the law's: %v", problems)
	}
}

// Odd case 20: a level whose goals have no numbers is a level all the same.
func TestCase20GoalsWithoutNumbers(t *testing.T) {
	kronoberg := delivered(t, "kronoberg", "2026-01-01").Goals
	if l, ok := kronoberg.Level("collaboration-area"); !ok || l.Indicators || l.Purpose {
		t.Errorf("the collaboration areas are followed up in words: %+v", l)
	}
	if l, ok := kronoberg.Level("sub-goal"); !ok || !l.Indicators {
		t.Errorf("a sub-goal can have an indicator: %+v", l)
	}
}

// Odd case 22: papers that lie elsewhere are named, also where their address is
// not known.
func TestCase22PapersElsewhere(t *testing.T) {
	papers := delivered(t, "kronoberg", "2026-01-01").Publication.Papers
	if len(papers) != 1 || papers[0].Name.In("sv") == "" || papers[0].URL != "" {
		t.Errorf("%+v", papers)
	}
}
