package governance_test

import (
	"testing"

	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/tenant"
)

func TestAConfigurationCannotTakeASeatFromUnderSomebody(t *testing.T) {
	d := sit(t)
	d.appoint(governance.Nomination{Place: "municipality/alvesta", Person: d.person("Kim Lind"), To: on("2027-01-01")})
	d.appoint(governance.Nomination{Organisation: d.party("af"), Deputy: true, Person: d.person("Robin Berg")})
	before := d.tx.County
	with := func(versions ...tenant.Dated[tenant.Bodies]) (found map[string]int) {
		t.Helper()
		after := before
		after.Bodies = versions
		orphans, err := governance.Guard(d.ctx, d.tx, before, after)
		if err != nil {
			t.Fatal(err)
		}
		found = map[string]int{}
		for _, o := range orphans {
			n, _ := o.Args["count"].(int)
			found[o.Key] = n
		}
		return found
	}
	of := func(bs ...tenant.Body) tenant.Dated[tenant.Bodies] {
		return tenant.Dated[tenant.Bodies]{Value: tenant.Bodies{Bodies: bs}}
	}
	from := func(s string, v tenant.Dated[tenant.Bodies]) tenant.Dated[tenant.Bodies] { v.From = on(s); return v }
	fewer, renamed := forum(), forum()
	fewer.Seats = fewer.Seats[1:]
	renamed.Name = tenant.Words{"sv": "Samrådet"}

	for name, c := range map[string]struct {
		after []tenant.Dated[tenant.Bodies]
		key   string
		n     int
	}{
		"nothing changes":                     {[]tenant.Dated[tenant.Bodies]{of(forum())}, "", 0},
		"a name changes":                      {[]tenant.Dated[tenant.Bodies]{of(renamed)}, "", 0},
		"the body goes":                       {[]tenant.Dated[tenant.Bodies]{of()}, "governance.body_in_use", 2},
		"the body goes later":                 {[]tenant.Dated[tenant.Bodies]{of(forum()), from("2026-12-01", of())}, "governance.body_in_use", 2},
		"it goes when one mandate is over":    {[]tenant.Dated[tenant.Bodies]{of(forum()), from("2027-01-01", of())}, "governance.body_in_use", 1},
		"the seat goes":                       {[]tenant.Dated[tenant.Bodies]{of(fewer)}, "governance.seat_in_use", 1},
		"the seat goes when nobody has it":    {[]tenant.Dated[tenant.Bodies]{of(forum()), from("2027-01-01", of(fewer))}, "", 0},
		"the past changes, where nobody asks": {[]tenant.Dated[tenant.Bodies]{of(), from("2026-06-01", of(forum()))}, "", 0},
	} {
		got := with(c.after...)
		if c.key == "" && len(got) > 0 || c.key != "" && (len(got) != 1 || got[c.key] != c.n) {
			t.Errorf("%s: %v, want %s %d", name, got, c.key, c.n)
		}
	}
}

func TestAQuorumIsReckonedWithThePartiesThereAre(t *testing.T) {
	b := tenant.Body{Key: "forum", Name: tenant.Words{"sv": "Forum"}, Seats: []tenant.Seat{{Key: "municipality", Each: "municipality"}}}
	d := sit(t, b)
	for of, limit := range map[string]int{tenant.QuorumSeats: 14, tenant.QuorumParties: 7} {
		for n, refused := range map[int]bool{limit: false, limit + 1: true} {
			b := b
			b.Seats = []tenant.Seat{{Key: "municipality", Each: "municipality", Number: 2}}
			b.Rules.Quorum = tenant.Quorum{Of: of, Number: n}
			after := d.tx.County
			after.Bodies = tenant.Section[tenant.Bodies]{{Value: tenant.Bodies{Bodies: []tenant.Body{b}}}}
			orphans, err := governance.Guard(d.ctx, d.tx, d.tx.County, after)
			if err != nil || (len(orphans) == 1 && orphans[0].Key == "governance.quorum_above") != refused {
				t.Errorf("%d %s: %v, %v", n, of, orphans, err)
			}
		}
	}
}
