package member_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/member"
	"github.com/overens/overens/internal/organisation"
)

func TestWhatWaitsIsWhatTheActorCanDoSomethingAbout(t *testing.T) {
	t.Parallel()
	ctx, tx := dbtest.Kronoberg(t)
	now := tx.Now
	dbtest.AsSystem(tx)
	alvesta, other := party(ctx, t, tx, "Alvesta kommun"), party(ctx, t, tx, "Tingsryds kommun")
	waiting := bound(ctx, t, tx, reporter(alvesta), "kim")
	bound(ctx, t, tx, reporter(other), "robin")
	staff := reporter(alvesta)
	staff.Role, staff.Organisation = auth.RoleStrategist, uuid.NullUUID{}
	bound(ctx, t, tx, staff, "sam")
	late := reporter(alvesta)
	late.Name, late.Email = "Sena Ek", "sena@alvesta.example"
	link(ctx, t, tx, invite(ctx, t, tx, late))

	asks := func(role auth.Role, of uuid.UUID) map[string]int {
		t.Helper()
		dbtest.As(tx, role, of)
		ws, err := member.Awaiting(ctx, tx)
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]int{}
		for _, w := range ws {
			got[w.What] = w.N
			if w.What == member.WaitConfirm && of == alvesta && w.ID != waiting.ID {
				t.Errorf("%s waits, want the own party's", w.Name)
			}
		}
		return got
	}
	for _, c := range []struct {
		name string
		role auth.Role
		of   uuid.UUID
		at   time.Duration
		want map[string]int
	}{
		{"the county's administrator confirms all", auth.RoleCountyAdministrator, uuid.Nil, 0, map[string]int{"confirm": 3}},
		{"a strategist confirms nobody", auth.RoleStrategist, uuid.Nil, 0, map[string]int{}},
		{"a party's administrator confirms the own, and has an address to give", auth.RolePartyAdministrator, alvesta, 0, map[string]int{"confirm": 1, "unreachable": 1}},
		{"whoever represents a party does neither", auth.RolePartyRepresentative, alvesta, 0, map[string]int{}},
		{"an auditor only reads", auth.RoleAuditor, uuid.Nil, 0, map[string]int{}},
		{"after a week the invitation is remembered", auth.RolePartyAdministrator, alvesta, 8 * 24 * time.Hour, map[string]int{"confirm": 1, "unreachable": 1, "unanswered": 1}},
		{"after its last day it leads nowhere", auth.RolePartyAdministrator, alvesta, 60 * 24 * time.Hour, map[string]int{"confirm": 1, "unreachable": 1, "expired": 1}},
		{"another party's administrator has nothing to do with it", auth.RolePartyAdministrator, other, 60 * 24 * time.Hour, map[string]int{"confirm": 1, "unreachable": 1}},
	} {
		tx.Now = now.Add(c.at)
		if d := cmp.Diff(c.want, asks(c.role, c.of)); d != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, d)
		}
	}
}

func TestAnOwnRoleThatEndsSoonWaits(t *testing.T) {
	t.Parallel()
	ctx, tx := dbtest.Kronoberg(t)
	dbtest.AsSystem(tx)
	in := reporter(party(ctx, t, tx, "Alvesta kommun"))
	m := confirmed(ctx, t, tx, in, "kim")
	ends := tx.Today().Add(20)
	if _, err := member.End(ctx, tx, m.ID, m.Version, member.Ending{On: ends}); err != nil {
		t.Fatal(err)
	}
	dbtest.As(tx, auth.RolePartyReporter, in.Organisation.UUID)
	tx.Person = m.PersonID
	ws, err := member.Awaiting(ctx, tx)
	want := []member.Wait{{What: member.WaitEnding, N: 1, Day: ends, ID: m.ID, Name: "Alvesta kommun", Role: auth.RolePartyReporter}}
	if d := cmp.Diff(want, ws, cmp.Comparer(func(a, b day.Day) bool { return a == b })); err != nil || d != "" {
		t.Errorf("%v (-want +got):\n%s", err, d)
	}
}

func TestAPartyWithItsAddressesIsNotAskedForThem(t *testing.T) {
	t.Parallel()
	ctx, tx := dbtest.Kronoberg(t)
	o, err := organisation.Create(ctx, tx, organisation.Card{Type: "municipality", Name: "Alvesta kommun", Email: "kommun@alvesta.example"})
	if err != nil {
		t.Fatal(err)
	}
	dbtest.As(tx, auth.RolePartyAdministrator, o.ID)
	ws, err := member.Awaiting(ctx, tx)
	if err != nil || len(ws) != 1 || !ws[0].Email || ws[0].Mailbox {
		t.Fatalf("without a mailbox: %+v %v", ws, err)
	}
	c := o.Card
	c.Mailbox = "registrator@alvesta.example"
	if _, err := organisation.Change(ctx, tx, o.ID, o.Version, c); err != nil {
		t.Fatal(err)
	}
	if ws, err := member.Awaiting(ctx, tx); err != nil || len(ws) != 0 {
		t.Errorf("with both: %+v %v", ws, err)
	}
}
