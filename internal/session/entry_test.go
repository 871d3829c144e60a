package session_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/session"
	"github.com/overens/overens/internal/tenant"
)

var visit = session.Visit{County: "kronoberg", Reason: "Ärende 123: listan visas inte", Hours: 1}

func (w *world) operator() (cookie string, a auth.Actor) {
	w.Helper()
	cookie = w.signIn(pg.Nation, claims("op", session.Values{"roles": {"op"}}), "")
	return cookie, w.actor(cookie)
}

func (w *world) enter(a auth.Actor) string {
	w.Helper()
	cookie, err := w.keep.Enter(w.Context(), w.db.DB, a, visit, session.Device{})
	if err != nil {
		w.Fatal(err)
	}
	return cookie
}

func (w *world) entries() []session.Entry {
	w.Helper()
	var list []session.Entry
	w.work("kronoberg", func(tx *pg.Tx) (err error) {
		list, _, err = session.Entries(w.Context(), tx, 20, 1)
		return err
	})
	return list
}

func TestAnOperatorLooksInForAReasonAndATime(t *testing.T) {
	w := start(t, session.Options{})
	national, op := w.operator()
	cookie := w.enter(op)
	w.gone(national) // a browser is in one place at a time
	a := w.actor(cookie)
	if a.Tenant != "kronoberg" || a.Person != uuid.Nil || !a.Has(auth.RoleOperator) || a.Label() != "operator:"+op.Person.String() {
		t.Errorf("the visitor %+v, label %s", a, a.Label())
	}
	if err := w.reads(a); err != nil {
		t.Error(err)
	}
	if a.May(auth.MemberInvite) || a.May(auth.OrganisationChange) || a.May(auth.PersonRead) {
		t.Error("the visitor may change the county")
	}
	list := w.entries()
	if len(list) != 1 || list[0].Operator != a.Label() || list[0].Reason != visit.Reason || !list[0].Open || list[0].Until.Sub(list[0].From) != time.Hour {
		t.Errorf("the county sees %+v", list)
	}
	var who string
	if err := w.db.Owner(t).QueryRow(t.Context(), "SELECT actor FROM audit_entry WHERE tenant_id = 'kronoberg' AND subject = 'operator_entry'").Scan(&who); err != nil || who != a.Label() {
		t.Errorf("in the trail stands %q %v", who, err)
	}
	w.clock.add(59 * time.Minute)
	w.actor(cookie)
	w.clock.add(time.Minute)
	w.gone(cookie)
	if list := w.entries(); list[0].Open || list[0].EndedAt != nil {
		t.Errorf("after its time: %+v", list)
	}
}

func TestTheCountyEndsAVisit(t *testing.T) {
	w := start(t, session.Options{})
	_, op := w.operator()
	cookie := w.enter(op)
	a := w.actor(cookie)
	id := w.entries()[0].ID
	in := func(a auth.Actor) error {
		return w.db.InTenant(t.Context(), a, pg.Write, func(tx *pg.Tx) error { return session.EndEntry(t.Context(), tx, id) })
	}
	strategist := w.actor(w.signIn("kronoberg", claims("kim", session.Values{"roles": {"s"}}), ""))
	if err := in(strategist); !fault.Is(err, "auth.forbidden") {
		t.Errorf("a strategist: %v", err)
	}
	if err := in(auth.System("kronoberg", "administrator", "")); err != nil {
		t.Fatal(err)
	}
	if err := w.reads(a); !fault.Is(err, "auth.session_ended") {
		t.Errorf("the next unit of work: %v", err)
	}
	w.gone(cookie)

	w.clock.add(time.Second)
	_, op = w.operator()
	cookie = w.enter(op)
	id = w.entries()[0].ID
	if err := in(w.actor(cookie)); err != nil {
		t.Errorf("the operator himself: %v", err)
	}
	w.gone(cookie)
}

func TestSigningOutEndsTheVisit(t *testing.T) {
	w := start(t, session.Options{})
	_, op := w.operator()
	cookie := w.enter(op)
	if _, iss, err := w.keep.SignOut(t.Context(), w.db.DB, cookie, ""); err != nil || iss != "" {
		t.Errorf("%s %v", iss, err)
	}
	w.gone(cookie)
	if e := w.entries()[0]; e.EndedAt == nil || e.Open {
		t.Errorf("the visit goes on: %+v", e)
	}
}

// The nation's role is asked for again within a minute, though nothing of the
// county's has moved.
func TestAVisitEndsWithTheNationsRole(t *testing.T) {
	w := start(t, session.Options{})
	_, op := w.operator()
	cookie := w.enter(op)
	w.actor(cookie)
	w.configure(pg.Nation, []tenant.Grant{})
	w.clock.add(time.Minute)
	w.gone(cookie)
}

func TestWhoMayEnterAndWithWhat(t *testing.T) {
	w := start(t, session.Options{})
	_, op := w.operator()
	strategist := w.actor(w.signIn("kronoberg", claims("kim", session.Values{"roles": {"s"}}), ""))
	bearer, err := w.keep.Bearer(t.Context(), w.db.DB, pg.Nation, claims("op", session.Values{"roles": {"op"}}))
	if err != nil {
		t.Fatal(err)
	}
	_, analyst := w.operator()
	analyst.Grants = []auth.Grant{{Role: auth.RoleNationalAnalyst}}
	for key, c := range map[string]struct {
		as     auth.Actor
		change func(*session.Visit)
	}{
		"session.enter_from_nation":  {strategist, func(*session.Visit) {}},
		"session.enter_from_nation ": {bearer, func(*session.Visit) {}},
		"auth.forbidden":             {analyst, func(*session.Visit) {}},
		"session.reason_short":       {op, func(v *session.Visit) { v.Reason = "  kort     " }},
		"session.reason_short ":      {op, func(v *session.Visit) { v.Reason = strings.Repeat("å", 501) }},
		"session.hours_wrong":        {op, func(v *session.Visit) { v.Hours = 9 }},
		"session.hours_wrong ":       {op, func(v *session.Visit) { v.Hours = 0 }},
		"session.county_unknown":     {op, func(v *session.Visit) { v.County = "nowhere" }},
		"session.county_unknown ":    {op, func(v *session.Visit) { v.County = pg.Nation }},
		"session.county_unknown  ":   {op, func(v *session.Visit) { v.County = "'; --" }},
	} {
		v := visit
		c.change(&v)
		if _, err := w.keep.Enter(t.Context(), w.db.DB, c.as, v, session.Device{}); !fault.Is(err, strings.TrimSpace(key)) {
			t.Errorf("%v, want %s", err, key)
		}
	}
	if n := len(w.entries()); n != 0 {
		t.Errorf("%d visits were begun", n)
	}
}
