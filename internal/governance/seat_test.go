package governance_test

import (
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/sample"
	"github.com/overens/overens/internal/tenant"
)

func TestWhoMaySpeakForAParty(t *testing.T) {
	d := sit(t)
	kim, robin := d.person("Kim Lind"), d.person("Robin Berg")
	d.appoint(governance.Nomination{Place: "municipality/almhult", Person: kim})
	d.appoint(governance.Nomination{Place: "corner", Organisation: d.party("ljungby"), Person: robin})
	d.appoint(governance.Nomination{Organisation: d.party("almhult"), Deputy: true, Person: d.person("Sam Ek")})
	d.appoint(governance.Nomination{Place: "af", Person: d.person("Mio Holm")})
	got, err := governance.Speakers(d.ctx, d.tx, d.party("almhult"), d.tx.Today())
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, s := range got {
		names = append(names, s.Name+"@"+s.Place)
	}
	if want := "Sam Ek@ Robin Berg@corner Kim Lind@municipality/almhult"; strings.Join(names, " ") != want {
		t.Errorf("%v speak for Älmhult, want %s", names, want)
	}
	if none, err := governance.Speakers(d.ctx, d.tx, d.party("fk"), d.tx.Today()); err != nil || len(none) != 0 {
		t.Errorf("%v speak for FK, %v", none, err)
	}

	// Only who sits there may do what takes a seat, and only while it lasts.
	sits := func(who uuid.UUID, place string, at time.Time) error {
		was := d.tx.Now
		dbtest.As(d.tx, auth.RolePartyRepresentative, d.party("almhult"))
		d.tx.Person, d.tx.Now = who, at
		defer func() { d.tx.Now = was }()
		return governance.RequireSeat(d.ctx, d.tx, "forum", place)
	}
	noon := d.tx.Now
	for name, err := range map[string]error{"the holder": sits(kim, "municipality/almhult", noon), "any place": sits(kim, "", noon)} {
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, err := range map[string]error{"another place": sits(kim, "af", noon), "before it began": sits(kim, "", noon.AddDate(-1, 0, 0)), "nobody": sits(uuid.New(), "", noon)} {
		if !fault.Is(err, "governance.seat_needed") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestASeatIsOfferedWhenNeeded(t *testing.T) {
	d := sit(t)
	fk := d.party("fk")
	p := governance.Proposal{Body: "forum", Seat: "agency", Organisation: fk, Matter: "Bosättning", From: on("2026-11-01"), To: on("2027-01-01")}
	o, err := governance.Offer(d.ctx, d.tx, p)
	if err != nil || !o.Open() || o.Party != "Försäkringskassan" {
		t.Fatalf("%+v, %v", o, err)
	}
	d.refused("seat_offer.once", "/organisation", func() error { return second(governance.Offer(d.ctx, d.tx, p)) })
	for key, c := range map[string]struct {
		field  string
		change func(*governance.Proposal)
	}{
		"seat_offer.not_offered":  {"/seat", func(p *governance.Proposal) { p.Seat = "municipality" }},
		"mandate.body_unknown":    {"/body", func(p *governance.Proposal) { p.Body = "nowhere" }},
		"seat_offer.matter":       {"/matter", func(p *governance.Proposal) { p.Matter = " " }},
		"seat_offer.organisation": {"/organisation", func(p *governance.Proposal) { p.Organisation = uuid.New() }},
		"seat_offer.days":         {"/to", func(p *governance.Proposal) { p.Organisation, p.To = d.party("mv"), p.From }},
	} {
		bad := p
		c.change(&bad)
		d.refused(key, c.field, func() error { return second(governance.Offer(d.ctx, d.tx, bad)) })
	}
	there := func() bool {
		ps, err := governance.Places(d.ctx, d.tx, "forum", d.tx.Today())
		if err != nil {
			t.Fatal(err)
		}
		return strings.Contains(keys(ps), "agency/fk")
	}
	if there() {
		t.Error("the seat stands before anybody took it")
	}
	dbtest.As(d.tx, auth.RolePartyAdministrator, d.party("alvesta"))
	if _, err := governance.AnswerOffer(d.ctx, d.tx, o.ID, o.Version, governance.Reply{Accepted: true}); !fault.Is(err, "auth.forbidden") {
		t.Errorf("another party answers: %v", err)
	}
	dbtest.As(d.tx, auth.RolePartyAdministrator, fk)
	if o, err = governance.AnswerOffer(d.ctx, d.tx, o.ID, o.Version, governance.Reply{Accepted: true, Note: "Vi kommer"}); err != nil || o.Answer != governance.Accepted {
		t.Fatalf("%+v, %v", o, err)
	}
	if !there() {
		t.Error("the seat does not stand although it was taken")
	}
	m := d.appoint(governance.Nomination{Place: "agency/fk", Person: dbPerson(d), From: d.tx.Today()})
	dbtest.As(d.tx, auth.RoleStrategist, uuid.Nil)
	if _, err := governance.WithdrawOffer(d.ctx, d.tx, o.ID, o.Version); !fault.Is(err, "seat_offer.seated") {
		t.Errorf("withdrawn from under somebody: %v", err)
	}
	d.tx.Now = d.tx.Now.AddDate(0, 0, 2)
	if _, err := governance.End(d.ctx, d.tx, m.ID, m.Version, governance.Ending{On: d.tx.Today(), Reason: "Frågan är klar"}); err != nil {
		t.Fatal(err)
	}
	if o, err = governance.WithdrawOffer(d.ctx, d.tx, o.ID, o.Version); err != nil || o.Answer != governance.Withdrawn || there() {
		t.Errorf("%+v, %v, stands: %v", o, err, there())
	}
	if _, err := governance.AnswerOffer(d.ctx, d.tx, o.ID, o.Version, governance.Reply{}); !fault.Is(err, "seat_offer.answered_already") {
		t.Errorf("answered after it was withdrawn: %v", err)
	}
	if _, err := governance.Offer(d.ctx, d.tx, p); err != nil {
		t.Errorf("offered anew: %v", err)
	}
	if all, n, err := governance.Offers(d.ctx, d.tx, governance.OfferFilter{Organisation: fk, Answer: "open", Limit: 10, Page: 1}); err != nil || n != 1 || len(all) != 1 {
		t.Errorf("%d wait for an answer: %v, %v", n, all, err)
	}
}

// dbPerson is somebody of FK's, made by whoever may.
func dbPerson(d *desk) uuid.UUID {
	was := d.tx.Actor
	dbtest.AsSystem(d.tx)
	defer func() { d.tx.Actor = was }()
	return d.person("Lo Dahl")
}

func TestWhatIsMissingIsListedSinceWhen(t *testing.T) {
	b := forum()
	b.Seats = b.Seats[1:2] // AF's seat alone
	b.Seats = append(b.Seats, tenant.Seat{Key: "guest", Name: tenant.Words{"sv": "Gäst"}, Standing: tenant.SeatGuest})
	b.Rules.Deputies = tenant.Deputies{Required: true}
	d := sit(t, b)
	d.tx.County.Bodies = tenant.Section[tenant.Bodies]{{From: on("2026-01-01"), Value: tenant.Bodies{Bodies: []tenant.Body{b}}}}
	missing := func() map[string]day.Day {
		vs, err := governance.Vacancies(d.ctx, d.tx, d.tx.Today())
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]day.Day{}
		for _, v := range vs {
			got[v.What+" "+v.Key] = v.Since
		}
		return got
	}
	if got := missing(); len(got) != 2 || got["seat af"] != on("2026-01-01") || got["deputy af"] != on("2026-01-01") {
		t.Errorf("nobody has been appointed: %v", got)
	}
	m := d.appoint(governance.Nomination{Place: "af", Person: d.person("Kim Lind"), From: on("2026-02-01"), To: on("2026-10-01")})
	d.appoint(governance.Nomination{Organisation: d.party("af"), Person: d.person("Robin Berg"), Deputy: true, From: on("2026-02-01")})
	if got := missing(); len(got) != 1 || got["seat af"] != m.To {
		t.Errorf("the holder has left: %v", got)
	}
	d.appoint(governance.Nomination{Place: "af", Person: d.person("Sam Ek"), From: on("2026-11-01")})
	if got := missing(); len(got) != 0 {
		t.Errorf("all are there: %v", got)
	}
}

func TestASeatIsHandedOver(t *testing.T) {
	d := sit(t)
	kim, robin := d.person("Kim Lind"), d.person("Robin Berg")
	m := d.appoint(governance.Nomination{Place: "af", Person: kim})
	if m, err := governance.End(d.ctx, d.tx, m.ID, m.Version, governance.Ending{On: on("2026-12-01"), Reason: "Ny tjänst"}); err != nil || m.To.IsZero() {
		t.Fatal(err)
	}
	all := func() []governance.Handover {
		hs, _, err := governance.Handovers(d.ctx, d.tx, governance.HandoverFilter{Unfinished: true, Limit: 10, Page: 1})
		if err != nil {
			t.Fatal(err)
		}
		return hs
	}
	if hs := all(); len(hs) != 0 {
		t.Fatalf("begun without anybody to hand over to: %v", hs)
	}
	d.appoint(governance.Nomination{Place: "af", Person: robin, From: on("2026-12-01")})
	hs := all()
	if len(hs) != 1 || hs[0].FromName != "Kim Lind" || hs[0].ToName != "Robin Berg" || len(hs[0].Items) != len(governance.Points) || hs[0].Overdue {
		t.Fatalf("%+v", hs)
	}
	h := hs[0]
	var items []uuid.UUID
	for _, it := range h.Items {
		items = append(items, it.ID)
	}
	c := governance.Confirmation{Items: items}
	as := func(who uuid.UUID) { dbtest.As(d.tx, auth.RolePartyRepresentative, d.party("af")); d.tx.Person = who }

	as(robin)
	if _, err := governance.Give(d.ctx, d.tx, h.ID, h.Version, c); !fault.Is(err, "handover.giver") {
		t.Errorf("the successor gives: %v", err)
	}
	as(kim)
	if _, err := governance.Take(d.ctx, d.tx, h.ID, h.Version, c); !fault.Is(err, "handover.taker") {
		t.Errorf("who leaves takes: %v", err)
	}
	if _, err := governance.Give(d.ctx, d.tx, h.ID, h.Version, governance.Confirmation{Items: []uuid.UUID{uuid.New()}}); !fault.Is(err, "handover.item_unknown") {
		t.Errorf("another's point: %v", err)
	}
	h, err := governance.Give(d.ctx, d.tx, h.ID, h.Version, c)
	if err != nil || h.Finished || h.Items[0].GivenAt == nil || h.Items[0].GivenBy.UUID != kim {
		t.Fatalf("%+v, %v", h, err)
	}
	// 30 days after the seat changed hands it shows.
	d.tx.Now = on("2026-12-31").Start().Add(12 * time.Hour)
	if all()[0].Overdue {
		t.Error("overdue on the last day")
	}
	d.tx.Now = d.tx.Now.AddDate(0, 0, 1)
	if !all()[0].Overdue {
		t.Error("not overdue on the day after")
	}
	dbtest.As(d.tx, auth.RoleStrategist, uuid.Nil)
	h, err = governance.Take(d.ctx, d.tx, h.ID, h.Version, c)
	if err != nil || !h.Finished || h.Overdue || h.Items[0].TakenBy.UUID != d.tx.Person || h.Items[0].GivenBy.UUID != kim {
		t.Errorf("%+v, %v", h, err)
	}
	if left := all(); len(left) != 0 {
		t.Errorf("%d are not finished", len(left))
	}
}

func TestAHandoverBegunByHandWaitsForItsSuccessor(t *testing.T) {
	d := sit(t)
	m := d.appoint(governance.Nomination{Place: "af", Person: d.person("Kim Lind"), To: on("2026-11-01")})
	other := d.appoint(governance.Nomination{Place: "municipality/alvesta", Person: d.person("Sam Ek")})
	d.refused("handover.other_place", "/to", func() error {
		return second(governance.BeginHandover(d.ctx, d.tx, governance.Baton{From: m.ID, To: other.ID}))
	})
	h, err := governance.BeginHandover(d.ctx, d.tx, governance.Baton{From: m.ID, Points: []string{" ", "Nyckeln till arkivrummet"}})
	if err != nil || len(h.Items) != len(governance.Points)+1 || h.Items[len(governance.Points)].Wording != "Nyckeln till arkivrummet" {
		t.Fatalf("%+v, %v", h, err)
	}
	d.refused("handover.once", "/from", func() error { return second(governance.BeginHandover(d.ctx, d.tx, governance.Baton{From: m.ID})) })
	c := governance.Confirmation{Items: []uuid.UUID{h.Items[0].ID}}
	if _, err := governance.Take(d.ctx, d.tx, h.ID, h.Version, c); !fault.Is(err, "handover.no_successor") {
		t.Errorf("taken by nobody: %v", err)
	}
	d.appoint(governance.Nomination{Place: "af", Person: d.person("Robin Berg"), From: on("2026-11-15")})
	if h, err = governance.GetHandover(d.ctx, d.tx, h.ID); err != nil || h.ToName != "Robin Berg" {
		t.Errorf("%+v, %v", h, err)
	}
}

// A table of four hundred is asked about with as many questions as one of four.
func TestMembersAreNotAskedForOneByOne(t *testing.T) {
	t.Parallel()
	var sent atomic.Int64
	db := dbtest.New(t, dbtest.Statements(&sent))
	system := auth.System("kronoberg", "test", "")
	err := db.InTenant(t.Context(), system, pg.Write, func(tx *pg.Tx) error {
		if _, err := sample.Organisations(t.Context(), tx); err != nil {
			return err
		}
		_, err := sample.Agreements(t.Context(), tx)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	count := func(number int) (n int64, places int) {
		err := db.InTenant(t.Context(), system, pg.Read, func(tx *pg.Tx) error {
			b := forum()
			b.Seats[3].Number = number
			tx.County.Bodies = tenant.Section[tenant.Bodies]{{Value: tenant.Bodies{Bodies: []tenant.Body{b}}}}
			before := sent.Load()
			ms, err := governance.Members(t.Context(), tx, "forum", tx.Today())
			places, n = len(ms), sent.Load()-before
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return n, places
	}
	few, _ := count(2)
	many, places := count(400)
	if places < 400 || many != few {
		t.Errorf("%d places took %d statements, a few %d", places, many, few)
	}
}
