package governance_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/person"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/sample"
	"github.com/overens/overens/internal/tenant"
	"github.com/overens/overens/internal/text"
)

// desk is a county with an agreement, a forum in which each municipality sits,
// and whatever else the tests sit people in.
type desk struct {
	*testing.T
	ctx context.Context
	tx  *pg.Tx
}

func forum() tenant.Body {
	return tenant.Body{Key: "forum", Kind: "forum", Name: tenant.Words{"sv": "Forum"}, Decides: []string{tenant.DecidesDirection},
		Seats: []tenant.Seat{
			{Key: "municipality", Each: "municipality", Level: "political", Mandate: tenant.MandateBinds},
			{Key: "af", Organisations: []string{"af"}},
			{Key: "corner", Name: tenant.Words{"sv": "Västra hörnet"}, Organisations: []string{"ljungby", "almhult"}},
			{Key: "expert", Name: tenant.Words{"sv": "Sakkunnig"}, Number: 2, Standing: tenant.SeatAdjunct},
			{Key: "agency", Name: tenant.Words{"sv": "Annan myndighet"}, Standing: tenant.SeatOffered},
			{Key: "guest", Name: tenant.Words{"sv": "Gäst"}, Standing: tenant.SeatGuest},
		}}
}

func sit(t *testing.T, bodies ...tenant.Body) *desk {
	t.Helper()
	ctx, tx := dbtest.Kronoberg(t)
	dbtest.AsSystem(tx)
	if _, err := sample.Organisations(ctx, tx); err != nil {
		t.Fatal(err)
	}
	if _, err := sample.Agreements(ctx, tx); err != nil {
		t.Fatal(err)
	}
	if len(bodies) == 0 {
		bodies = []tenant.Body{forum()}
	}
	tx.County.Bodies = tenant.Section[tenant.Bodies]{{Value: tenant.Bodies{Bodies: bodies}}}
	dbtest.As(tx, auth.RoleStrategist, uuid.Nil)
	return &desk{t, ctx, tx}
}

func (d *desk) party(key string) uuid.UUID {
	d.Helper()
	o, err := organisation.ByKey(d.ctx, d.tx, key)
	if err != nil {
		d.Fatalf("%s: %v", key, err)
	}
	return o.ID
}

func (d *desk) person(name string) uuid.UUID {
	d.Helper()
	p, err := person.Create(d.ctx, d.tx, person.Card{Name: name})
	if err != nil {
		d.Fatal(err)
	}
	return p.ID
}

func (d *desk) appoint(n governance.Nomination) governance.Mandate {
	d.Helper()
	if n.Body == "" {
		n.Body = "forum"
	}
	if n.From.IsZero() {
		n.From = on("2026-01-01")
	}
	m, err := governance.Appoint(d.ctx, d.tx, n)
	if err != nil {
		d.Fatalf("%s: %v", n.Place, err)
	}
	return m
}

// refused tries something that has to be refused with a key, and undoes it.
func (d *desk) refused(key, field string, f func() error) {
	d.Helper()
	err := d.tx.Savepoint(d.ctx, f)
	i := slices.IndexFunc(fault.All(err), func(f *fault.Fault) bool { return f.Key == key })
	if i < 0 {
		d.Errorf("want %s at %s, got %v", key, field, err)
		return
	}
	if got := fault.All(err)[i].Field; got != field {
		d.Errorf("%s is at %q, want %q", key, got, field)
	}
}

func on(s string) day.Day {
	d, err := day.Parse(s)
	if err != nil {
		panic(err)
	}
	return d
}

func keys(ps []governance.Place) string {
	var ks []string
	for _, p := range ps {
		ks = append(ks, p.Key)
	}
	return strings.Join(ks, " ")
}

func TestPlacesFollowFromTheConfigurationAndTheParties(t *testing.T) {
	d := sit(t)
	today := d.tx.Today()
	ps, err := governance.Places(d.ctx, d.tx, "forum", today)
	if err != nil {
		t.Fatal(err)
	}
	// The agreement ended with 2025; the forum lives on with the parties it had.
	const want = "municipality/alvesta municipality/lessebo municipality/ljungby municipality/tingsryd municipality/uppvidinge municipality/vaxjo municipality/almhult af corner expert#1 expert#2 guest"
	if diff := cmp.Diff(want, keys(ps)); diff != "" {
		t.Error(diff)
	}
	if before, err := governance.Places(d.ctx, d.tx, "forum", on("2020-06-01")); err != nil || keys(before) != want {
		t.Errorf("while the agreement held: %s, %v", keys(before), err)
	}
	if early, err := governance.Places(d.ctx, d.tx, "forum", on("2010-01-01")); err != nil || strings.Contains(keys(early), "municipality") {
		t.Errorf("before there was an agreement nobody was party: %s, %v", keys(early), err)
	}
	if _, err := governance.Places(d.ctx, d.tx, "elsewhere", today); !fault.Is(err, "common.not_found") {
		t.Errorf("%v for a body that is not there", err)
	}

	// Who joins has a place from that day, and one that is both municipality and
	// region has one as each.
	dbtest.AsSystem(d.tx)
	i, err := agreement.ByKey(d.ctx, d.tx, "sok-2019")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := agreement.Join(d.ctx, d.tx, i.ID, agreement.Entry{Organisation: d.party("markaryd"), Status: "signatory", Roles: []string{"municipality", "region"},
		From: agreement.OnDay(on("2026-10-01"))}); err != nil {
		t.Fatal(err)
	}
	body := forum()
	body.Seats = []tenant.Seat{{Key: "municipality", Each: "municipality"}, {Key: "region", Each: "region"}}
	d.tx.County.Bodies = tenant.Section[tenant.Bodies]{{Value: tenant.Bodies{Bodies: []tenant.Body{body}}}}
	for s, want := range map[string]int{"2026-09-30": 0, "2026-10-01": 2} {
		ps, err := governance.Places(d.ctx, d.tx, "forum", on(s))
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(keys(ps), "/markaryd"); n != want {
			t.Errorf("%s: Markaryd has %d places, want %d: %s", s, n, want, keys(ps))
		}
	}
}

func TestASecondPlaceOfOnePersonIsWorthALook(t *testing.T) {
	d := sit(t)
	kim := d.person("Kim Lind")
	d.appoint(governance.Nomination{Place: "municipality/alvesta", Person: kim, From: on("2022-11-01"), To: on("2027-01-01")})
	for from, want := range map[string]int{"2026-12-31": 1, "2027-01-01": 0} {
		err := d.tx.Savepoint(d.ctx, func() error {
			m := d.appoint(governance.Nomination{Place: "municipality/lessebo", Person: kim, From: on(from)})
			ws, err := governance.Doubts(d.ctx, d.tx, m)
			if err != nil || len(ws) != want {
				t.Errorf("%s: %v, %v", from, ws, err)
			}
			if want > 0 && (ws[0].Key != "mandate.second_seat" || ws[0].Args["first"] != "Alvesta kommun" || ws[0].Args["then"] != "Lessebo kommun") {
				t.Errorf("%+v", ws[0])
			}
			return errors.New("undone")
		})
		if err == nil {
			t.Error("it stands")
		}
	}
	m := d.appoint(governance.Nomination{Place: "municipality/lessebo", Person: kim, Deputy: true, From: on("2026-12-01")})
	if ws, err := governance.Doubts(d.ctx, d.tx, m); err != nil || len(ws) != 0 {
		t.Errorf("a deputy: %v, %v", ws, err)
	}
}

func TestWhoSitsWhereOnADay(t *testing.T) {
	d := sit(t)
	first, second := d.person("Kim Lind"), d.person("Robin Berg")
	m := d.appoint(governance.Nomination{Place: "municipality/alvesta", Person: first, From: on("2022-11-01"), AppointedBy: "Kommunstyrelsen"})
	if m.Organisation != d.party("alvesta") || m.Party != "Alvesta kommun" {
		t.Errorf("the place has one party, yet the mandate is of %q", m.Party)
	}
	own := d.appoint(governance.Nomination{Place: "municipality/alvesta", Person: second, Deputy: true})
	if own.Rank != 1 {
		t.Errorf("the first deputy has rank %d", own.Rank)
	}
	if next := d.appoint(governance.Nomination{Place: "municipality/alvesta", Person: d.person("Sam Ek"), Deputy: true}); next.Rank != 2 {
		t.Errorf("the second deputy has rank %d", next.Rank)
	}
	pool := d.appoint(governance.Nomination{Organisation: d.party("alvesta"), Person: d.person("Mio Holm"), Deputy: true})
	if !pool.Pooled() {
		t.Error("a deputy without a place is one of the party's pool")
	}

	// Kim leaves, the seat is empty for a time, and Kim comes back.
	ended, err := governance.End(d.ctx, d.tx, m.ID, m.Version, governance.Ending{On: on("2026-06-01"), Reason: "Föräldraledig"})
	if err != nil {
		t.Fatal(err)
	}
	d.appoint(governance.Nomination{Place: "municipality/alvesta", Person: first, From: on("2026-12-01")})
	for s, want := range map[string]string{"2022-10-31": "", "2022-11-01": "Kim Lind", "2026-05-31": "Kim Lind", "2026-06-01": "", "2026-11-30": "", "2026-12-01": "Kim Lind"} {
		ms, err := governance.Members(d.ctx, d.tx, "forum", on(s))
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if ms[0].Holder != nil {
			got = ms[0].Holder.Name
		}
		if got != want {
			t.Errorf("%s: %q sits for Alvesta, want %q", s, got, want)
		}
		if s == "2026-11-30" {
			if ms[0].VacantSince != ended.To {
				t.Errorf("vacant since %s, want %s", ms[0].VacantSince, ended.To)
			}
			if len(ms[0].Deputies) != 3 || ms[0].Deputies[0].ID != own.ID || ms[0].Deputies[2].ID != pool.ID {
				t.Errorf("the deputies are %v", ms[0].Deputies)
			}
		}
	}

	all, n, err := governance.List(d.ctx, d.tx, governance.Filter{Person: first, Status: governance.Every, Limit: 1, Page: 1})
	if err != nil || n != 2 || len(all) != 1 || all[0].From != on("2026-12-01") {
		t.Errorf("Kim's two times, the latest first: %v of %d, %v", all, n, err)
	}
	if _, n, err := governance.List(d.ctx, d.tx, governance.Filter{Person: first, Status: governance.Every, Limit: 1, Page: 9}); err != nil || n != 2 {
		t.Errorf("beyond the end: %d, %v", n, err)
	}
}

func TestWhatIsWrongWithANominationIsSaid(t *testing.T) {
	body := forum()
	personal := tenant.Body{Key: "council", Name: tenant.Words{"sv": "Rådet"}, Seats: []tenant.Seat{{Key: "municipality", Each: "municipality"}},
		Rules: tenant.Rules{Deputies: tenant.Deputies{Form: tenant.DeputiesPersonal}}}
	none := personal
	none.Key, none.Rules.Deputies.Form = "group", tenant.DeputiesNone
	d := sit(t, body, personal, none)
	kim := d.person("Kim Lind")
	d.appoint(governance.Nomination{Place: "municipality/alvesta", Person: kim, From: on("2026-01-01"), To: on("2027-01-01")})
	gone, err := person.Create(d.ctx, d.tx, person.Card{Name: "Lo Dahl", ValidFrom: on("2026-11-01")})
	if err != nil {
		t.Fatal(err)
	}
	start := on("2026-02-01")
	for _, c := range []struct {
		key, field string
		n          governance.Nomination
	}{
		{"mandate.from_missing", "/from", governance.Nomination{Body: "forum", Place: "af", Person: kim}},
		{"mandate.days", "/to", governance.Nomination{Body: "forum", Place: "af", Person: kim, From: start, To: start}},
		{"mandate.body_unknown", "/body", governance.Nomination{Body: "nowhere", Place: "af", Person: kim, From: start}},
		{"mandate.place_unknown", "/place", governance.Nomination{Body: "forum", Place: "municipality/markaryd", Person: kim, From: start}},
		{"mandate.place_unknown", "/place", governance.Nomination{Body: "forum", Place: "agency/fk", Person: kim, From: start}},
		{"mandate.place_unknown", "/place", governance.Nomination{Body: "forum", Place: "expert", Person: kim, From: start}},
		{"mandate.seated", "/place", governance.Nomination{Body: "forum", Person: kim, From: start}},
		{"mandate.of_which_party", "/organisation", governance.Nomination{Body: "forum", Place: "corner", Person: kim, From: start}},
		{"mandate.not_their_place", "/organisation", governance.Nomination{Body: "forum", Place: "corner", Organisation: d.party("alvesta"), Person: kim, From: start}},
		{"mandate.person", "/person", governance.Nomination{Body: "forum", Place: "af", Person: uuid.New(), From: start}},
		{"mandate.person_not_standing", "/from", governance.Nomination{Body: "forum", Place: "af", Person: gone.ID, From: start}},
		{"mandate.no_deputies", "/deputy", governance.Nomination{Body: "group", Place: "municipality/alvesta", Deputy: true, Person: kim, From: start}},
		{"mandate.deputy_of_whom", "/place", governance.Nomination{Body: "council", Organisation: d.party("alvesta"), Deputy: true, Person: kim, From: start}},
		{"mandate.pool_of_whom", "/organisation", governance.Nomination{Body: "forum", Deputy: true, Person: kim, From: start}},
		{"mandate.party_without_seat", "/organisation", governance.Nomination{Body: "forum", Organisation: d.party("fk"), Deputy: true, Person: kim, From: start}},
		{"mandate.rank", "/rank", governance.Nomination{Body: "forum", Place: "af", Rank: 1, Person: kim, From: start}},
		{"mandate.held_until", "/place", governance.Nomination{Body: "forum", Place: "municipality/alvesta", Person: d.person("Robin Berg"), From: start}},
		{"mandate.person_once", "/person", governance.Nomination{Body: "forum", Place: "municipality/alvesta", Deputy: true, Person: kim, From: start}},
	} {
		d.refused(c.key, c.field, func() error { _, err := governance.Appoint(d.ctx, d.tx, c.n); return err })
	}
	// The same person sits in another body, for another organisation.
	d.appoint(governance.Nomination{Body: "council", Place: "municipality/lessebo", Person: kim})
	seats, err := governance.Seats(d.ctx, d.tx, kim, d.tx.Today())
	if err != nil || len(seats) != 2 || seats[0].Body != "forum" || seats[1].Party != "Lessebo kommun" || seats[0].Binds != tenant.MandateBinds {
		t.Errorf("Kim's seats: %+v, %v", seats, err)
	}
	// A rank that is taken, a mandate that begins anew on the day another ends.
	d.appoint(governance.Nomination{Place: "af", Deputy: true, Rank: 3, Person: kim})
	d.refused("mandate.rank_once", "/rank", func() error {
		_, err := governance.Appoint(d.ctx, d.tx, governance.Nomination{Body: "forum", Place: "af", Deputy: true, Rank: 3, Person: d.person("Sam Ek"), From: start})
		return err
	})
	d.appoint(governance.Nomination{Place: "municipality/alvesta", Person: d.person("Mio Holm"), From: on("2027-01-01")})
}

func TestAMandateIsMendedAndEnded(t *testing.T) {
	d := sit(t)
	kim := d.person("Kim Lind")
	m := d.appoint(governance.Nomination{Place: "af", Person: kim, From: on("2026-03-01")})
	d.refused("mandate.ends_before", "/on", func() error {
		_, err := governance.End(d.ctx, d.tx, m.ID, m.Version, governance.Ending{On: on("2026-02-28"), Reason: "Fel"})
		return err
	})
	d.refused("mandate.end_without_reason", "/reason", func() error {
		_, err := governance.End(d.ctx, d.tx, m.ID, m.Version, governance.Ending{On: on("2026-04-01"), Reason: " "})
		return err
	})
	mended, err := governance.Correct(d.ctx, d.tx, m.ID, m.Version, governance.Facts{From: on("2026-02-01"), Reference: "AF 2026/1"})
	if err != nil || mended.From != on("2026-02-01") || mended.Reference != "AF 2026/1" || mended.Version != m.Version+1 {
		t.Fatalf("%+v, %v", mended, err)
	}
	if _, err := governance.Correct(d.ctx, d.tx, m.ID, m.Version, governance.Facts{From: on("2026-01-01")}); !fault.Is(err, "common.changed") {
		t.Errorf("%v for an old version", err)
	}
	same, err := governance.Correct(d.ctx, d.tx, m.ID, mended.Version, governance.Facts{From: on("2026-02-01"), Reference: "AF 2026/1"})
	if err != nil || same.Version != mended.Version {
		t.Errorf("nothing was mended, yet version %d, %v", same.Version, err)
	}
	over, err := governance.End(d.ctx, d.tx, m.ID, mended.Version, governance.Ending{On: on("2026-04-01"), Reason: "Ny tjänst"})
	if err != nil || over.Holds(on("2026-04-01")) || !over.Holds(on("2026-03-31")) {
		t.Fatalf("%+v, %v", over, err)
	}
	d.appoint(governance.Nomination{Place: "af", Person: d.person("Robin Berg"), From: on("2026-05-01")})
	d.refused("mandate.held_already", "/place", func() error {
		_, err := governance.End(d.ctx, d.tx, m.ID, over.Version, governance.Ending{On: on("2026-06-01"), Reason: "Ny tjänst"})
		return err
	})
	d.refused("mandate.rank", "/rank", func() error {
		_, err := governance.Correct(d.ctx, d.tx, m.ID, over.Version, governance.Facts{Rank: 2, From: on("2026-02-01")})
		return err
	})
}

func TestAMandateEnteredByMistakeIsWithdrawnAndHasNeverHeld(t *testing.T) {
	d := sit(t)
	today := d.tx.Today()
	before := d.appoint(governance.Nomination{Place: "af", Person: d.person("Kim Lind"), To: today})
	wrong := d.appoint(governance.Nomination{Place: "af", Person: d.person("Robin Berg"), From: today})
	withdraw := func(m governance.Mandate, reason string) (governance.Mandate, error) {
		return governance.End(d.ctx, d.tx, m.ID, m.Version, governance.Ending{On: m.From, Reason: reason})
	}
	d.refused("mandate.end_without_reason", "/reason", func() error { return second(withdraw(wrong, "")) })
	m, err := withdraw(wrong, "Fel person")
	if err != nil || !m.Withdrawn || m.Holds(today) || m.EndedReason != "Fel person" {
		t.Fatalf("%+v, %v", m, err)
	}
	over, _, err := governance.List(d.ctx, d.tx, governance.Filter{Body: "forum", Place: "af", Status: governance.Over, Limit: 10, Page: 1})
	if err != nil || len(over) != 2 || over[0].ID != m.ID {
		t.Errorf("it stands in the history: %+v, %v", over, err)
	}
	hs, _, err := governance.Handovers(d.ctx, d.tx, governance.HandoverFilter{Limit: 10, Page: 1})
	if err != nil || len(hs) != 1 || hs[0].From != before.ID || hs[0].To.Valid {
		t.Errorf("the place is still handed over to whoever never had it: %+v, %v", hs, err)
	}
	for _, r := range d.exported(text.Swedish) {
		if slices.Contains(r, "Robin Berg") {
			t.Errorf("the register tells of it: %v", r)
		}
	}
	// Another is appointed from the same day, and one from a day to come is in nobody's way.
	right := d.appoint(governance.Nomination{Place: "af", Person: d.person("Sam Ek"), From: today})
	if hs, _, err = governance.Handovers(d.ctx, d.tx, governance.HandoverFilter{Limit: 10, Page: 1}); err != nil || len(hs) != 1 || hs[0].To.UUID != right.ID {
		t.Errorf("%+v, %v", hs, err)
	}
	later := d.appoint(governance.Nomination{Place: "municipality/alvesta", Person: d.person("Mio Holm"), From: today.Add(30)})
	if _, err := withdraw(later, "Fel plats"); err != nil {
		t.Fatal(err)
	}
	coming, _, err := governance.List(d.ctx, d.tx, governance.Filter{Body: "forum", Status: governance.Coming, Limit: 10, Page: 1})
	if err != nil || len(coming) != 0 {
		t.Errorf("what has been withdrawn is to come: %+v, %v", coming, err)
	}
	d.appoint(governance.Nomination{Place: "municipality/alvesta", Person: d.person("Noa Ask"), From: today})
}

func TestADeputyWhoIsGivenTheSeatIsItsDeputyNoLonger(t *testing.T) {
	d := sit(t)
	kim, robin := d.person("Kim Lind"), d.person("Robin Berg")
	one := d.appoint(governance.Nomination{Place: "municipality/alvesta", Deputy: true, Person: kim})
	pool := d.appoint(governance.Nomination{Organisation: d.party("alvesta"), Deputy: true, Person: kim})
	other := d.appoint(governance.Nomination{Place: "municipality/alvesta", Deputy: true, Person: robin})
	elsewhere := d.appoint(governance.Nomination{Place: "municipality/lessebo", Deputy: true, Person: kim})
	seat := d.appoint(governance.Nomination{Place: "municipality/alvesta", Person: kim, From: on("2026-10-01")})
	for name, c := range map[string]struct {
		governance.Mandate
		holds bool
	}{"the holder": {seat, true}, "the deputy": {one, false}, "the pool's": {pool, false}, "another deputy": {other, true}, "a deputy of another": {elsewhere, true}} {
		m, err := governance.Get(d.ctx, d.tx, c.ID)
		if err != nil || m.Holds(on("2026-10-01")) != c.holds || (m.EndedReason == "") != c.holds {
			t.Errorf("%s: %+v, %v", name, m, err)
		}
		if name != "the holder" && !m.Holds(on("2026-09-30")) {
			t.Errorf("%s did not serve the day before", name)
		}
	}
	d.refused("mandate.person_once", "/person", func() error {
		return second(governance.Appoint(d.ctx, d.tx, governance.Nomination{Body: "forum", Place: "municipality/alvesta", Deputy: true, Person: kim, From: on("2026-11-01")}))
	})
}

func TestWhoseCardHasEndedStandsInNobodysWay(t *testing.T) {
	d := sit(t)
	kim, robin := d.person("Kim Lind"), d.person("Robin Berg")
	was := d.appoint(governance.Nomination{Place: "municipality/alvesta", Person: kim})
	p, err := person.Get(d.ctx, d.tx, kim)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := person.End(d.ctx, d.tx, kim, p.Version, person.Ending{On: on("2026-11-01")}); err != nil {
		t.Fatal(err)
	}
	next := governance.Nomination{Body: "forum", Place: "municipality/alvesta", Person: robin, From: on("2026-10-31")}
	d.refused("mandate.held_until", "/place", func() error { return second(governance.Appoint(d.ctx, d.tx, next)) })
	next.From = on("2026-11-20")
	heir := d.appoint(next)
	m, err := governance.Get(d.ctx, d.tx, was.ID)
	if err != nil || m.To != on("2026-11-01") || m.EndedReason == "" || m.Withdrawn {
		t.Errorf("%+v, %v", m, err)
	}
	hs, _, err := governance.Handovers(d.ctx, d.tx, governance.HandoverFilter{Body: "forum", Limit: 10, Page: 1})
	if err != nil || len(hs) != 1 || hs[0].From != was.ID || hs[0].To.UUID != heir.ID {
		t.Errorf("the handover: %+v, %v", hs, err)
	}
}

func TestAPartysAdministratorAppointsForTheOwnParty(t *testing.T) {
	d := sit(t)
	kim := d.person("Kim Lind")
	other := d.appoint(governance.Nomination{Place: "af", Person: kim})
	dbtest.As(d.tx, auth.RolePartyAdministrator, d.party("alvesta"))
	m := d.appoint(governance.Nomination{Place: "municipality/alvesta", Person: kim})
	if _, err := governance.End(d.ctx, d.tx, m.ID, m.Version, governance.Ending{On: on("2026-12-01"), Reason: "Lämnade"}); err != nil {
		t.Error(err)
	}
	for name, err := range map[string]error{
		"another's seat": second(governance.Appoint(d.ctx, d.tx, governance.Nomination{Body: "forum", Place: "municipality/lessebo", Person: kim, From: on("2026-01-01")})),
		"nobody's seat":  second(governance.Appoint(d.ctx, d.tx, governance.Nomination{Body: "forum", Place: "expert#1", Person: kim, From: on("2026-01-01")})),
		"another's end":  second(governance.End(d.ctx, d.tx, other.ID, other.Version, governance.Ending{On: on("2026-12-01"), Reason: "Lämnade"})),
		"an offer":       second(governance.Offer(d.ctx, d.tx, governance.Proposal{Body: "forum", Seat: "agency", Organisation: d.party("fk"), Matter: "Bosättning"})),
	} {
		if !fault.Is(err, "auth.forbidden") {
			t.Errorf("%s: %v", name, err)
		}
	}
	dbtest.As(d.tx, auth.RolePartyRepresentative, d.party("alvesta"))
	if _, err := governance.Appoint(d.ctx, d.tx, governance.Nomination{}); !fault.Is(err, "auth.forbidden") {
		t.Errorf("a representative appoints: %v", err)
	}
	d.tx.Actor = auth.Public("kronoberg", "")
	if _, err := governance.Members(d.ctx, d.tx, "forum", d.tx.Today()); !fault.Is(err, "auth.sign_in") {
		t.Errorf("the public reads members: %v", err)
	}
}

func second[T any](_ T, err error) error { return err }
