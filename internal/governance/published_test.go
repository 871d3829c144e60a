package governance_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/tenant"
	"github.com/overens/overens/internal/text"
)

func TestOnlyWhatIsPublishedIsToldOfABody(t *testing.T) {
	open := forum()
	open.Published = true
	open.Under, open.PreparesFor = []string{"board", "council"}, []string{"board"}
	open.Chair = tenant.Office{By: tenant.ByOffice, Organisation: "af", Title: tenant.Words{"sv": "chefen"}}
	open.Rules.Quorum = tenant.Quorum{Of: tenant.QuorumParties, Named: []string{"af", "lansstyrelsen"}}
	closed := tenant.Body{Key: "board", Kind: "council", Name: tenant.Words{"sv": "Styrelsen"}}
	council := tenant.Body{Key: "council", Kind: "council", Name: tenant.Words{"sv": "Rådet"}, Published: true}
	d := sit(t, open, closed, council)
	d.appoint(governance.Nomination{Place: "municipality/almhult", Person: d.person("Kim Lind")})
	d.hide("af")
	d.hide("ljungby")

	bs, err := governance.PublishedBodies(d.ctx, d.tx, d.tx.Today())
	if err != nil || len(bs) != 2 || bs[0].Key != "forum" || bs[1].Key != "council" {
		t.Fatalf("%v, %v", bs, err)
	}
	b := bs[0]
	if !slices.Equal(b.Under, []string{"council"}) || len(b.PreparesFor) != 0 {
		t.Errorf("it names what is not published: %v %v", b.Under, b.PreparesFor)
	}
	var whose []string
	for _, p := range b.Places {
		var of []string
		for _, party := range p.Parties {
			of = append(of, party.Key)
		}
		whose = append(whose, p.Seat.Key+":"+strings.Join(of, "+"))
	}
	got := strings.Join(whose, " ")
	if !strings.Contains(got, "municipality:alvesta") || strings.Contains(got, "ljungby") || !strings.Contains(got, "af: corner:almhult expert: expert: guest:") {
		t.Errorf("its places: %s", got)
	}
	// What is withheld is not unknown, and sums are those that hold.
	const withheld = "en part som inte är publicerad"
	said := map[string]tenant.Sentence{}
	for _, s := range b.Tell(text.Swedish) {
		said[s.Rule] = s
	}
	if s := said["quorum"]; !strings.Contains(s.Text, withheld) || !strings.Contains(s.Text, "Länsstyrelsen") {
		t.Errorf("%s", s.Text)
	}
	if s := said["chair"]; s.Unknown || !strings.Contains(s.Text, "Chefen ("+withheld+")") {
		t.Errorf("%+v", s)
	}
	if af := b.Places[slices.IndexFunc(b.Places, func(p governance.Place) bool { return p.Seat.Key == "af" })]; af.Name("sv") != withheld {
		t.Errorf("a seat is called %q", af.Name("sv"))
	}
	// What is taken back is taken back of its earlier days too.
	open.Published = false
	d.tx.County.Bodies = append(d.tx.County.Bodies, tenant.Dated[tenant.Bodies]{From: d.tx.Today(), Value: tenant.Bodies{Bodies: []tenant.Body{open, council}}})
	if bs, err := governance.PublishedBodies(d.ctx, d.tx, d.tx.Today().Add(-1)); err != nil || len(bs) != 1 || bs[0].Key != "council" {
		t.Errorf("%v, %v", bs, err)
	}
	for key, want := range map[string]string{"board": "common.not_found", "nothing": "common.not_found", "council": ""} {
		if _, err := governance.GetPublishedBody(d.ctx, d.tx, key, d.tx.Today()); want == "" && err != nil || want != "" && !fault.Is(err, want) {
			t.Errorf("%s: %v", key, err)
		}
	}
}

// hide keeps an organisation from the public.
func (d *desk) hide(key string) {
	d.Helper()
	o, err := organisation.ByKey(d.ctx, d.tx, key)
	if err == nil {
		o.Published = false
		_, err = organisation.Change(d.ctx, d.tx, o.ID, o.Version, o.Card)
	}
	if err != nil {
		d.Fatal(err)
	}
}
