package tenant_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/overens/overens/internal/tenant"
)

func body(t *testing.T, c tenant.Configuration, key string) tenant.Body {
	t.Helper()
	b, ok := c.Bodies.Body(key)
	if !ok {
		t.Fatalf("%s has no body %s", c.Slug, key)
	}
	return b
}

func seat(t *testing.T, b tenant.Body, key string) tenant.Seat {
	t.Helper()
	s, ok := b.Seat(key)
	if !ok {
		t.Fatalf("the body %s has no seat %s", b.Key, key)
	}
	return s
}

func bodyKeys(bodies []tenant.Body) []string {
	var keys []string
	for _, b := range bodies {
		keys = append(keys, b.Key)
	}
	return keys
}

func seatKeys(b tenant.Body) []string {
	var keys []string
	for _, s := range b.Seats {
		keys = append(keys, s.Key)
	}
	return keys
}

func TestD9HowBodiesRelate(t *testing.T) {
	// Three tiers, one under the other.
	gavleborg := delivered(t, "gavleborg", "2018-03-09").Bodies
	for under, want := range map[string][]string{
		"": {"steering-group"}, "steering-group": {"leadership-group"}, "leadership-group": {"reference-group"}, "reference-group": nil,
	} {
		if diff := cmp.Diff(want, bodyKeys(gavleborg.Beneath(under))); diff != "" {
			t.Errorf("Gävleborg under %q:\n%s", under, diff)
		}
	}
	// Seven focus groups under one council, for six areas.
	groups := delivered(t, "jonkoping", "2018-01-01").Bodies.Beneath("council")
	if len(groups) != 7 || slices.ContainsFunc(groups, func(b tenant.Body) bool { return b.Kind != "focus-group" || len(b.AnswersFor) > 0 }) {
		t.Errorf("Jönköping: %v", bodyKeys(groups))
	}
	// Who prepares, by some or by all.
	for _, county := range []struct {
		slug, of  string
		initiates bool
	}{
		{"kronoberg", "forum", false}, {"ostergotland", "council", true}, {"skane", "strategic-group", false}, {"kalmar", "council", false}, {"blekinge", "council", false},
	} {
		group := delivered(t, county.slug, "2025-01-01").Bodies.Preparing(county.of)
		if len(group) != 1 || group[0].Key != "preparatory-group" || group[0].Initiates != county.initiates {
			t.Errorf("%s: %+v prepares", county.slug, group)
		}
	}
	var six []string
	for _, s := range body(t, delivered(t, "kalmar", "2025-01-01"), "preparatory-group").Seats {
		six = append(six, s.Organisations...)
	}
	if diff := cmp.Diff([]string{"af", "kommunforbundet", "lnu", "lansstyrelsen", "mv", "region"}, six); diff != "" {
		t.Errorf("Kalmar's municipalities sit through their association:\n%s", diff)
	}
	// Shared with other themes, and borrowed from what there is.
	if b := body(t, delivered(t, "vastmanland", "2024-01-01"), "cohesion-council"); b.Origin != tenant.OriginShared || len(b.Themes) != 2 {
		t.Errorf("Västmanland: %+v", b)
	}
	if b := body(t, delivered(t, "kronoberg", "2025-01-01"), "networks"); b.Origin != tenant.OriginLine {
		t.Errorf("Kronoberg builds on the networks that there are: %+v", b)
	}
	for slug, own := range map[string][]string{"kronoberg": {"forum", "steering-groups", "preparatory-group"}, "ostergotland": {"council", "preparatory-group", "coordinator-networks"}, "norrbotten": {"network"}} {
		for _, key := range own {
			if b := body(t, delivered(t, slug, "2025-01-01"), key); b.Origin != tenant.OriginOwn {
				t.Errorf("%s, %s: %q", slug, key, b.Origin)
			}
		}
	}
	// Two lead organisations keep one secretariat, and one of each group.
	joint := append(slices.Clone(gavleborg.Bodies), body(t, delivered(t, "dalarna", "2018-01-01"), "secretariat"))
	for _, b := range joint {
		if !slices.Equal(b.Secretariat, []string{"lansstyrelsen", "region"}) {
			t.Errorf("%s is kept by %v", b.Key, b.Secretariat)
		}
	}
}

func TestD10ChairAndConvener(t *testing.T) {
	for _, want := range []struct{ slug, key, chair, convener string }{
		{"kronoberg", "forum", "landshövdingen", ""},
		{"blekinge", "council", "länsrådet", ""},
		{"kalmar", "council", "", "landshövdingen"},
		{"jonkoping", "council", "landshövdingen", ""},
		{"vastmanland", "cohesion-council", "landshövdingen", ""},
		{"vasterbotten", "council", "landshövdingen", ""},
		{"vastra-gotaland", "partnership", "länsledningen", ""},
		{"ostergotland", "coordinator-networks", "", "den kommunala integrationssamordnaren"},
		{"halland", "strategic-group", "", ""}, // unknown
	} {
		b := body(t, delivered(t, want.slug, "2025-01-01"), want.key)
		if b.Chair.Title.In("sv") != want.chair || b.Convener.Title.In("sv") != want.convener {
			t.Errorf("%s: led by %+v, called by %+v", want.slug, b.Chair, b.Convener)
		}
	}
	// The governor leads the council, and the administration calls it.
	council := body(t, delivered(t, "ostergotland", "2025-01-01"), "council")
	if council.Chair.Title.In("sv") != "landshövdingen" || council.Convener.By != tenant.ByOffice || council.Convener.Organisation != "lansstyrelsen" || len(council.Convener.Title) > 0 {
		t.Errorf("Östergötland: led by %+v, called by %+v", council.Chair, council.Convener)
	}
	if lst := body(t, delivered(t, "skane", "2025-01-01"), "strategic-group").Chair; lst.By != tenant.ByOffice || lst.Organisation != "lansstyrelsen" {
		t.Errorf("Skåne: led by %+v", lst)
	}
}

func TestD11Seats(t *testing.T) {
	// A seat for each party, of every type that is party.
	forum := body(t, delivered(t, "kronoberg", "2025-01-01"), "forum")
	var types, can []string
	for _, s := range forum.Seats {
		types = append(types, s.Each)
	}
	for _, k := range delivered(t, "kronoberg", "2025-01-01").PartyKinds.Kinds {
		can = append(can, k.Type)
	}
	slices.Sort(types)
	slices.Sort(can)
	if !slices.Equal(types, can) {
		t.Errorf("all parties sit in the Forum: %v, and parties can be %v", types, can)
	}
	// A seat for each municipality; seats that are offered when needed.
	council := body(t, delivered(t, "ostergotland", "2025-01-01"), "council")
	if s := seat(t, council, "municipality"); s.Each != "municipality" || s.Optional() {
		t.Errorf("each of the thirteen has a seat: %+v", s)
	}
	var offered []string
	for _, s := range council.Seats {
		if s.Optional() {
			offered = append(offered, s.Key)
		}
	}
	if diff := cmp.Diff([]string{"other-agency", "business", "civil-society"}, offered); diff != "" {
		t.Errorf("Östergötland offers seats:\n%s", diff)
	}
	for _, key := range []string{"af", "mv", "region", "lansstyrelsen"} {
		if s := seat(t, council, key); !slices.Equal(s.Organisations, []string{key}) {
			t.Errorf("%s: %+v", key, s)
		}
	}
	// Named offices, majority and opposition.
	steering := body(t, delivered(t, "gavleborg", "2018-03-09"), "steering-group")
	for slug, d := range map[string]string{"blekinge": "2016-02-17", "halland": "2025-01-01", "jonkoping": "2018-01-01", "sodermanland": "2007-06-01"} {
		if b := delivered(t, slug, d).Bodies.Bodies[0]; seat(t, b, "municipality").Each != "municipality" {
			t.Errorf("each municipality sits in %s: %+v", slug, b.Seats)
		}
	}
	for key, name := range map[string]string{"kommunalrad": "kommunalråd", "oppositionsrad": "oppositionsråd", "regionrad": "regionråd", "landshovding": "landshövdingen", "rektor": "högskolans rektor"} {
		if got := seat(t, steering, key).Name.In("sv"); got != name {
			t.Errorf("%s is %q", key, got)
		}
	}
	if seat(t, steering, "kommunalrad").Each != "municipality" || seat(t, steering, "oppositionsrad").Each != "municipality" {
		t.Error("a municipality has two seats in Gävleborg's steering group")
	}
	// Four corners for 33 municipalities.
	strategic := body(t, delivered(t, "skane", "2025-01-01"), "strategic-group")
	if corner := seat(t, strategic, "corner"); corner.Of() != 4 || corner.Each != "" {
		t.Errorf("a corner: %+v", corner)
	}
	if n, all := strategic.Votes(); n != 12 || !all {
		t.Errorf("Skåne's group has %d seats, and that is all: %v", n, all)
	}
}

func TestD12Levels(t *testing.T) {
	for _, want := range []struct{ slug, day, body, seat, level string }{
		{"kronoberg", "2025-01-01", "forum", "municipality", "top-management"},
		{"kronoberg", "2025-01-01", "preparatory-group", "official", "official"},
		{"ostergotland", "2025-01-01", "council", "municipality", "political"},
		{"ostergotland", "2025-01-01", "council", "af", ""}, // "strategic level" is none of the four
		{"ostergotland", "2025-01-01", "preparatory-group", "official", "official"},
		{"halland", "2025-01-01", "introduktion", "coordinator", "official"},
		{"halland", "2025-01-01", "introduktion", "af", "official"},
		{"halland", "2025-01-01", "introduktion", "region", ""},
		{"blekinge", "2016-02-17", "council", "municipality", "top-management"},
		{"orebro", "2025-01-01", "dialogue", "kso", "political"},
		{"skane", "2025-01-01", "preparatory-group", "manager", "middle-management"},
		{"gavleborg", "2018-03-09", "steering-group", "regionrad", "political"},
		{"gavleborg", "2018-03-09", "steering-group", "kommunalrad", "political"},
		{"gavleborg", "2018-03-09", "steering-group", "oppositionsrad", "political"},
		{"gavleborg", "2018-03-09", "reference-group", "official", "official"},
		{"varmland", "2025-01-01", "municipal-forum", "kso", "political"},
		{"varmland", "2025-01-01", "municipal-forum", "kommunchef", "top-management"},
	} {
		if got := seat(t, body(t, delivered(t, want.slug, want.day), want.body), want.seat).Level; got != want.level {
			t.Errorf("%s, %s, %s: %q, want %q", want.slug, want.body, want.seat, got, want.level)
		}
	}
	for _, s := range body(t, delivered(t, "skane", "2025-01-01"), "strategic-group").Seats {
		if s.Level != "top-management" {
			t.Errorf("the highest managers sit in Skåne's group: %+v", s)
		}
	}
	// "Relevant mandate": told in words, since it says neither of the two.
	council := body(t, delivered(t, "ostergotland", "2025-01-01"), "council")
	if council.Appointed.In("sv") != "Parterna utser företrädare med relevant mandat" || seat(t, council, "municipality").Mandate != "" {
		t.Errorf("%v, %+v", council.Appointed, seat(t, council, "municipality"))
	}
}

func TestD13Deputies(t *testing.T) {
	want := tenant.Deputies{Required: true, Handover: true}
	if got := body(t, delivered(t, "ostergotland", "2025-01-01"), "council").Rules.Deputies; got != want {
		t.Errorf("in Östergötland deputies and succession are written rules: %+v", got)
	}
	if got := body(t, delivered(t, "ostergotland", "2013-04-12"), "council").Rules.Deputies; got != (tenant.Deputies{}) {
		t.Errorf("in 2013 they were not told of: %+v", got)
	}
	if got := body(t, delivered(t, "kronoberg", "2025-01-01"), "forum").Rules.Deputies; got != (tenant.Deputies{}) {
		t.Errorf("in Kronoberg they are unregulated: %+v", got)
	}
}

func TestD14HowABodyDecides(t *testing.T) {
	for _, d := range []string{"2016-02-17", "2019-09-12", "2025-01-01"} {
		blekinge := body(t, delivered(t, "blekinge", d), "council")
		if rule := blekinge.Rules.Decision; rule.Mode != tenant.ByUnanimity || rule.Of() != tenant.BaseServing || rule.Needed(7) != 7 {
			t.Errorf("Blekinge decides unanimously: %+v", rule)
		}
		if !blekinge.May(tenant.DecidesAgreement) || !blekinge.May(tenant.DecidesPlan) {
			t.Errorf("on %s Blekinge's council decides %v", d, blekinge.Decides)
		}
	}
	for _, key := range []string{"steering-group", "leadership-group"} {
		if b := body(t, delivered(t, "gavleborg", "2018-03-09"), key); !slices.Equal(b.Decides, []string{tenant.DecidesDirection}) {
			t.Errorf("%s decides %v", key, b.Decides)
		}
	}
	for _, d := range []struct{ slug, key string }{{"gavleborg", "forum"}, {"halland", "introduktion"}} {
		b := body(t, delivered(t, d.slug, "2025-01-01"), d.key)
		if b.Rules.Decision.Decides() || len(b.Decides) > 0 {
			t.Errorf("%s decides nothing: %+v", d.slug, b)
		}
	}
	// What it may decide, and that how is unknown.
	for _, d := range []struct {
		slug, key string
		may, not  []string
	}{
		{"kronoberg", "forum", []string{tenant.DecidesDirection, tenant.DecidesResults, tenant.DecidesStructure}, []string{tenant.DecidesBudget, tenant.DecidesAgreement}},
		{"kronoberg", "steering-groups", nil, []string{tenant.DecidesStructure, tenant.DecidesDirection}},
		{"jonkoping", "council", []string{tenant.DecidesAgreement}, []string{tenant.DecidesPlan}},
		{"vastmanland", "cohesion-council", []string{tenant.DecidesDirection}, []string{tenant.DecidesStructure}},
		{"ostergotland", "council", []string{tenant.DecidesBudget}, []string{tenant.DecidesStructure}},
	} {
		b := body(t, delivered(t, d.slug, "2025-01-01"), d.key)
		if slices.ContainsFunc(d.may, func(s string) bool { return !b.May(s) }) || slices.ContainsFunc(d.not, b.May) || b.Rules.Decision != (tenant.DecisionRule{}) {
			t.Errorf("%s, %s decides %v by %+v", d.slug, d.key, b.Decides, b.Rules.Decision)
		}
	}
}

func TestD15Cadence(t *testing.T) {
	for _, want := range []struct {
		slug, day, key string
		cadence        tenant.Cadence
	}{
		{"kronoberg", "2025-01-01", "forum", tenant.Cadence{PerYear: 2}},
		{"kalmar", "2025-01-01", "council", tenant.Cadence{PerYear: 2}},
		{"kalmar", "2025-01-01", "citizen-dialogue", tenant.Cadence{OnNeed: true}},
		{"gavleborg", "2018-03-09", "steering-group", tenant.Cadence{PerYear: 2}},
		{"gavleborg", "2018-03-09", "leadership-group", tenant.Cadence{PerYear: 4}},
		{"gavleborg", "2018-03-09", "reference-group", tenant.Cadence{PerYear: 8}},
		{"halland", "2025-01-01", "heads-meeting", tenant.Cadence{PerYear: 2, About: true}},
		{"ostergotland", "2025-01-01", "council", tenant.Cadence{}}, // unknown
	} {
		if got := body(t, delivered(t, want.slug, want.day), want.key).Rules.Cadence; got != want.cadence {
			t.Errorf("%s, %s: %+v, want %+v", want.slug, want.key, got, want.cadence)
		}
	}
}

func TestD23Record(t *testing.T) {
	for _, want := range []struct{ slug, key, record string }{
		{"kronoberg", "forum", tenant.RecordMinutes}, {"blekinge", "council", tenant.RecordMinutes},
		{"skane", "strategic-group", tenant.RecordNotes}, {"skane", "preparatory-group", tenant.RecordNotes}, {"ostergotland", "council", ""},
	} {
		rules := body(t, delivered(t, want.slug, "2025-01-01"), want.key).Rules
		if rules.Record != want.record || rules.Adjusting != (tenant.Adjusting{}) {
			t.Errorf("%s: %q, attested by %+v", want.slug, rules.Record, rules.Adjusting)
		}
	}
}
