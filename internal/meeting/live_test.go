package meeting_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/person"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/sample"
	"github.com/overens/overens/internal/tenant"
)

// seats are whose seats the council has; each is held by somebody named after it.
var seats = []string{"alvesta", "lessebo", "ljungby", "markaryd", "region"}

// hall is a county whose council meets today: who holds each seat, and a deputy
// for Alvesta. Nobody has come yet.
type hall struct {
	testing.TB
	ctx    context.Context
	tx     *pg.Tx
	holds  map[string]uuid.UUID
	deputy uuid.UUID
	id     uuid.UUID
}

func council(r tenant.Rules) tenant.Body {
	if r.Deputies.Form == "" {
		r.Deputies.Form = tenant.DeputiesPersonal
	}
	b := tenant.Body{Key: "council", Kind: "forum", Name: tenant.Words{"sv": "Rådet"}, Rules: r,
		Decides: []string{tenant.DecidesDirection, tenant.DecidesStructure, tenant.DecidesAgreement, tenant.DecidesMembership, tenant.DecidesRules}}
	for _, key := range seats {
		b.Seats = append(b.Seats, tenant.Seat{Key: key, Organisations: []string{key}})
	}
	b.Seats = append(b.Seats, tenant.Seat{Key: "expert", Name: tenant.Words{"sv": "Sakkunnig"}, Standing: tenant.SeatAdjunct})
	return b
}

// gather calls a meeting of the council today, with the matters given.
func gather(t testing.TB, r tenant.Rules, kind string, matters ...meeting.Matter) (*hall, []meeting.Item) {
	t.Helper()
	ctx, tx := dbtest.Kronoberg(t)
	return gatherIn(ctx, t, tx, r, kind, matters...)
}

func gatherIn(ctx context.Context, t testing.TB, tx *pg.Tx, r tenant.Rules, kind string, matters ...meeting.Matter) (*hall, []meeting.Item) {
	t.Helper()
	h := &hall{TB: t, ctx: ctx, tx: tx, holds: map[string]uuid.UUID{}}
	dbtest.AsSystem(tx)
	if _, err := sample.Organisations(ctx, tx); err != nil {
		t.Fatal(err)
	}
	if _, err := sample.Agreements(ctx, tx); err != nil {
		t.Fatal(err)
	}
	tx.County.Bodies = tenant.Section[tenant.Bodies]{{Value: tenant.Bodies{Bodies: []tenant.Body{council(r), {Key: "network", Kind: "network", Name: tenant.Words{"sv": "Nätverket"}}}}}}
	h.strategist()
	for _, key := range seats {
		h.holds[key] = h.person("Ledamot " + key)
		h.appoint(governance.Nomination{Body: "council", Place: key, Person: h.holds[key], From: d("2026-01-01")})
	}
	h.deputy = h.person("Ersättare alvesta")
	h.appoint(governance.Nomination{Body: "council", Place: "alvesta", Person: h.deputy, Deputy: true, From: d("2026-01-01")})
	return h, h.call(kind, matters...)
}

func (h *hall) call(kind string, matters ...meeting.Matter) []meeting.Item {
	h.Helper()
	p := must(meeting.Prepare(h.ctx, h.tx, meeting.Date{Body: "council", Kind: kind, On: h.tx.Today(), Title: "Prov"}))(h)
	h.id = p.Meeting.ID
	items := make([]meeting.Item, len(matters))
	for i, m := range matters {
		items[i] = must(meeting.Put(h.ctx, h.tx, h.id, m))(h).Item
	}
	must(meeting.Call(h.ctx, h.tx, h.id, h.now().Version, meeting.Notice{}))(h)
	return items
}

// open opens the meeting, and those who are named come.
func (h *hall) open(keys ...string) {
	h.Helper()
	must(meeting.Start(h.ctx, h.tx, h.id, h.now().Version))(h)
	for _, key := range keys {
		h.arrive(h.holds[key])
	}
}

func (h *hall) arrive(who uuid.UUID) {
	h.Helper()
	h.ok(meeting.Arrive(h.ctx, h.tx, h.id, meeting.Presence{Person: who}))
}

func (h *hall) strategist() { dbtest.As(h.tx, auth.RoleStrategist, uuid.Nil) }

// as lets somebody act who represents a party and has no other right.
func (h *hall) as(who uuid.UUID, key string) {
	h.Helper()
	o := h.party(key)
	dbtest.As(h.tx, auth.RolePartyRepresentative, o)
	h.tx.Person = who
}

func (h *hall) party(key string) uuid.UUID {
	h.Helper()
	return must(organisation.ByKey(h.ctx, h.tx, key))(h).ID
}

func (h *hall) person(name string) uuid.UUID {
	h.Helper()
	return must(person.Create(h.ctx, h.tx, person.Card{Name: name}))(h).ID
}

func (h *hall) appoint(n governance.Nomination) {
	h.Helper()
	must(governance.Appoint(h.ctx, h.tx, n))(h)
}

func (h *hall) now() meeting.Meeting {
	h.Helper()
	return must(meeting.Get(h.ctx, h.tx, h.id))(h)
}

func (h *hall) item(id uuid.UUID) meeting.Item {
	h.Helper()
	return must(meeting.GetItem(h.ctx, h.tx, id))(h).Item
}

// take puts a matter on the table.
func (h *hall) take(id uuid.UUID) {
	h.Helper()
	must(meeting.TakeUp(h.ctx, h.tx, id, h.item(id).Version))(h)
}

func (h *hall) vote(item uuid.UUID, votes string) {
	h.Helper()
	for v := range strings.FieldsSeq(votes) {
		place, vote, _ := strings.Cut(v, ":")
		h.ok(meeting.Vote(h.ctx, h.tx, item, meeting.Voice{Place: place, Vote: vote}))
	}
}

func (h *hall) decide(item uuid.UUID, r meeting.Ruling) (meeting.Decided, error) {
	h.Helper()
	return meeting.Decide(h.ctx, h.tx, item, h.item(item).Version, r)
}

func (h *hall) sum(d meeting.Decision) meeting.Reckoning {
	h.Helper()
	var r meeting.Reckoning
	h.ok(json.Unmarshal(d.Reckoning, &r))
	return r
}

func (h *hall) ok(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

// refuses wants a fault with a key.
func (h *hall) refuses(err error, key string) *fault.Fault {
	h.Helper()
	for _, f := range fault.All(err) {
		if f.Key == key {
			return f
		}
	}
	h.Fatalf("got %v, want %s", err, key)
	return nil
}

func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func d(s string) day.Day {
	v, err := day.Parse(s)
	if err != nil {
		panic(err)
	}
	return v
}

var (
	toDecide = meeting.Matter{Kind: meeting.ForDecision, Title: "Riktning", Proposal: "Riktningen antas."}
	toTell   = meeting.Matter{Kind: meeting.ForInformation, Title: "Läget"}
	majority = tenant.Rules{Quorum: tenant.Quorum{Of: tenant.QuorumSeats, Share: "1/2", MoreThan: true}, Decision: tenant.DecisionRule{Mode: tenant.ByMajority, Casting: true},
		Bias: tenant.BiasLeaves}
)

func goalOf(h *hall) agreement.Goal {
	h.Helper()
	is, _, err := agreement.List(h.ctx, h.tx, agreement.Filter{Limit: 10, Page: 1})
	h.ok(err)
	for _, i := range is {
		if g, err := agreement.GoalByKey(h.ctx, h.tx, i.ID, "halsa"); err == nil {
			return g
		}
	}
	h.Fatal("no goal")
	return agreement.Goal{}
}
