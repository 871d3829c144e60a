package member_test

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/member"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/person"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/text"
)

const issuer = "https://login.example.se"

func party(ctx context.Context, t *testing.T, tx *pg.Tx, name string) uuid.UUID {
	t.Helper()
	was := tx.Actor
	defer func() { tx.Actor = was }()
	dbtest.AsSystem(tx)
	o, err := organisation.Create(ctx, tx, organisation.Card{Type: "civil-society", Name: name})
	if err != nil {
		t.Fatal(err)
	}
	return o.ID
}

func of(id uuid.UUID) uuid.NullUUID { return uuid.NullUUID{UUID: id, Valid: id != uuid.Nil} }

// reporter is an invitation that every test changes one thing of.
func reporter(party uuid.UUID) member.Invitation {
	return member.Invitation{Name: "Kim Åberg", Email: "kim@alvesta.example", Role: auth.RolePartyReporter, Organisation: of(party)}
}

func invite(ctx context.Context, t *testing.T, tx *pg.Tx, in member.Invitation) member.Membership {
	t.Helper()
	m, err := member.Invite(ctx, tx, in)
	if err != nil {
		t.Fatalf("invite: %v", err)
	}
	return m
}

// link gives the secret of a fresh link, and the membership after it.
func link(ctx context.Context, t *testing.T, tx *pg.Tx, m member.Membership) (string, member.Membership) {
	t.Helper()
	h, err := member.Link(ctx, tx, m.ID, m.Version)
	if err != nil {
		t.Fatalf("link: %v", err)
	}
	return h.Token, h.Membership
}

// bind is the sign-in's part, done as the system.
func bind(ctx context.Context, tx *pg.Tx, token, subject string) (member.Membership, error) {
	was := tx.Actor
	defer func() { tx.Actor = was }()
	dbtest.AsSystem(tx)
	return member.Bind(ctx, tx, token, issuer, subject)
}

func bound(ctx context.Context, t *testing.T, tx *pg.Tx, in member.Invitation, subject string) member.Membership {
	t.Helper()
	token, _ := link(ctx, t, tx, invite(ctx, t, tx, in))
	m, err := bind(ctx, tx, token, subject)
	if err != nil {
		t.Fatalf("bind: %v", err)
	}
	return m
}

func confirmed(ctx context.Context, t *testing.T, tx *pg.Tx, in member.Invitation, subject string) member.Membership {
	t.Helper()
	m := bound(ctx, t, tx, in, subject)
	was := tx.Actor
	defer func() { tx.Actor = was }()
	dbtest.As(tx, auth.RoleCountyAdministrator, uuid.Nil)
	m, err := member.Confirm(ctx, tx, m.ID, m.Version)
	if err != nil {
		t.Fatalf("confirm: %v", err)
	}
	return m
}

func want(t *testing.T, err error, key string) {
	t.Helper()
	if !fault.Is(err, key) {
		t.Errorf("got %v, want the fault %s", err, key)
	}
}

func TestFromInvitationToEnd(t *testing.T) {
	ctx, tx := dbtest.Kronoberg(t)
	p := party(ctx, t, tx, "Föreningen Först")
	m := invite(ctx, t, tx, reporter(p))
	if m.State != member.Invited || m.PartyName != "Föreningen Först" || m.ValidFrom != tx.Today() || m.InvitedBy != of(tx.Person) {
		t.Errorf("invited: %+v", m)
	}
	token, m := link(ctx, t, tx, m)
	if m.State != member.Invited || m.ExpiresAt == nil || !m.ExpiresAt.Equal(tx.Now.Add(14*24*time.Hour)) {
		t.Errorf("with a link: %+v", m)
	}
	m, err := bind(ctx, tx, token, "kim")
	if err != nil || m.State != member.Bound {
		t.Fatalf("bound: %s %v", m.State, err)
	}
	if g, err := member.Grants(ctx, tx, m.PersonID, tx.Today()); err != nil || len(g) != 0 {
		t.Errorf("before anybody confirmed: %v %v", g, err)
	}
	dbtest.As(tx, auth.RolePartyAdministrator, p)
	if m, err = member.Confirm(ctx, tx, m.ID, m.Version); err != nil || m.State != member.Active || m.ConfirmedBy != of(tx.Person) {
		t.Fatalf("confirmed: %+v %v", m, err)
	}
	g, err := member.Grants(ctx, tx, m.PersonID, tx.Today())
	if d := cmp.Diff([]auth.Grant{{Role: auth.RolePartyReporter, Party: p}}, g); d != "" || err != nil {
		t.Errorf("grants %v (-want +got):\n%s", err, d)
	}
	if m, err = member.End(ctx, tx, m.ID, m.Version, member.Ending{On: tx.Today().Add(1)}); err != nil || m.State != member.Active {
		t.Fatalf("ends tomorrow: %s %v", m.State, err)
	}
	if g, _ := member.Grants(ctx, tx, m.PersonID, tx.Today().Add(1)); len(g) != 0 {
		t.Errorf("the day after the last: %v", g)
	}
	if m, err = member.End(ctx, tx, m.ID, m.Version, member.Ending{On: tx.Today()}); err != nil || m.State != member.Ended {
		t.Fatalf("ended: %s %v", m.State, err)
	}
}

// The states follow from what happened and from the day: each by the one thing
// that makes it.
func TestStates(t *testing.T) {
	ctx, tx := dbtest.Kronoberg(t)
	p := party(ctx, t, tx, "Föreningen Tillstånd")
	today := tx.Today()
	state := func(m member.Membership) member.State {
		m, err := member.Get(ctx, tx, m.ID)
		if err != nil {
			t.Fatal(err)
		}
		return m.State
	}
	at := tx.Now
	token, m := link(ctx, t, tx, invite(ctx, t, tx, reporter(p)))
	tx.Now = at.Add(member.Life)
	if s := state(m); s != member.Expired {
		t.Errorf("when the link's time is over: %s", s)
	}
	_, err := bind(ctx, tx, token, "late")
	want(t, err, "member.invitation_expired")
	tx.Now = at.Add(member.Life - time.Second)
	if s := state(m); s != member.Invited {
		t.Errorf("a second before: %s", s)
	}
	tx.Now = at

	in := reporter(p)
	in.ValidFrom, in.ValidTo = today.Add(1), today.Add(3)
	m = confirmed(ctx, t, tx, in, "coming")
	for n, w := range []member.State{member.Coming, member.Active, member.Active, member.Ended} {
		tx.Now = today.Add(n).Start()
		if s := state(m); s != w {
			t.Errorf("day %d: %s, want %s", n, s, w)
		}
		if g, _ := member.Grants(ctx, tx, m.PersonID, tx.Today()); (len(g) > 0) != (w == member.Active) {
			t.Errorf("day %d: grants %v", n, g)
		}
	}
	tx.Now = at
	if m, err = member.Revoke(ctx, tx, m.ID, m.Version); err != nil || m.State != member.Revoked {
		t.Errorf("revoked: %s %v", m.State, err)
	}
	_, err = member.End(ctx, tx, m.ID, m.Version, member.Ending{On: today})
	want(t, err, "member.over")
}

func TestAnInvitationIsGoodOnceAndForOne(t *testing.T) {
	ctx, tx := dbtest.Kronoberg(t)
	p := party(ctx, t, tx, "Föreningen Länk")
	first, m := link(ctx, t, tx, invite(ctx, t, tx, reporter(p)))
	second, m := link(ctx, t, tx, m)
	_, err := bind(ctx, tx, first, "kim")
	want(t, err, "member.invitation_unknown") // a newer link was made
	if _, err := bind(ctx, tx, second, "kim"); err != nil {
		t.Fatal(err)
	}
	_, err = bind(ctx, tx, second, "somebody-else")
	want(t, err, "member.invitation_used")
	if again, err := bind(ctx, tx, second, "kim"); err != nil || again.ID != m.ID {
		t.Errorf("opened again by the same: %v", err)
	}
	_, err = bind(ctx, tx, "", "kim")
	want(t, err, "member.invitation_unknown")

	token, m := link(ctx, t, tx, invite(ctx, t, tx, reporter(p)))
	if _, err := member.Revoke(ctx, tx, m.ID, m.Version); err != nil {
		t.Fatal(err)
	}
	_, err = bind(ctx, tx, token, "sam")
	want(t, err, "member.invitation_revoked")
	if _, known, _ := member.Known(ctx, tx, issuer, "sam"); known {
		t.Error("a refused invitation left an identity behind")
	}
}

// Another county's link is not known at all.
func TestAnInvitationOpensItsOwnCountyAlone(t *testing.T) {
	ctx, k := dbtest.Kronoberg(t)
	token, _ := link(ctx, t, k, invite(ctx, t, k, reporter(party(ctx, t, k, "Föreningen Gräns"))))
	ctx, o := dbtest.Ostergotland(t)
	_, err := bind(ctx, o, token, "kim")
	want(t, err, "member.invitation_unknown")
}

// A link to a small role must not be a way into all the roles of somebody.
func TestNobodyStepsIntoAnother(t *testing.T) {
	ctx, tx := dbtest.Kronoberg(t)
	p := party(ctx, t, tx, "Föreningen Steg")
	dbtest.As(tx, auth.RoleCountyAdministrator, uuid.Nil)
	anna := confirmed(ctx, t, tx, member.Invitation{Name: "Anna", Email: "anna@example.se", Role: auth.RoleStrategist}, "anna")

	dbtest.As(tx, auth.RolePartyAdministrator, p)
	in := reporter(p)
	in.PersonID, in.Name, in.Email = of(anna.PersonID), "", ""
	token, _ := link(ctx, t, tx, invite(ctx, t, tx, in))
	_, err := bind(ctx, tx, token, "mallory")
	want(t, err, "member.identity_second")
	if _, err := bind(ctx, tx, token, "anna"); err != nil {
		t.Errorf("herself: %v", err)
	}
	token, _ = link(ctx, t, tx, invite(ctx, t, tx, reporter(p)))
	_, err = bind(ctx, tx, token, "anna")
	want(t, err, "member.identity_of_other")

	// With the last identity taken away, nothing that was confirmed still holds.
	dbtest.As(tx, auth.RoleStrategist, uuid.Nil)
	_, err = member.Identities(ctx, tx, anna.PersonID)
	want(t, err, "auth.forbidden")
	dbtest.As(tx, auth.RoleCountyAdministrator, uuid.Nil)
	ids, err := member.Identities(ctx, tx, anna.PersonID)
	if err != nil || len(ids) != 1 || ids[0].Issuer != issuer {
		t.Fatalf("identities %+v %v", ids, err)
	}
	want(t, member.Unbind(ctx, tx, uuid.New(), ids[0].ID), "common.not_found")
	if err := member.Unbind(ctx, tx, anna.PersonID, ids[0].ID); err != nil {
		t.Fatal(err)
	}
	if g, _ := member.Grants(ctx, tx, anna.PersonID, tx.Today()); len(g) != 0 {
		t.Errorf("after unbinding: %v", g)
	}
	if m, _ := member.Get(ctx, tx, anna.ID); m.State != member.Invited || m.ConfirmedAt != nil {
		t.Errorf("after unbinding: %+v", m)
	}
}

func TestWhoMayInviteWhom(t *testing.T) {
	ctx, tx := dbtest.Kronoberg(t)
	mine, other := party(ctx, t, tx, "Föreningen Egen"), party(ctx, t, tx, "Föreningen Annan")
	for _, c := range []struct {
		as    auth.Role
		of    uuid.UUID
		role  auth.Role
		party uuid.UUID
		may   bool
	}{
		{auth.RolePartyAdministrator, mine, auth.RolePartyReporter, mine, true},
		{auth.RolePartyAdministrator, mine, auth.RolePartyRepresentative, mine, true},
		{auth.RolePartyAdministrator, mine, auth.RolePartyReporter, other, false},
		{auth.RolePartyAdministrator, mine, auth.RolePartyAdministrator, mine, false},
		{auth.RolePartyAdministrator, mine, auth.RoleOfficer, uuid.Nil, false},
		{auth.RoleStrategist, uuid.Nil, auth.RolePartyAdministrator, mine, true},
		{auth.RoleStrategist, uuid.Nil, auth.RoleOfficer, uuid.Nil, false},
		{auth.RoleCountyAdministrator, uuid.Nil, auth.RoleOfficer, uuid.Nil, true},
		{auth.RoleCountyAdministrator, uuid.Nil, auth.RoleCountyAdministrator, uuid.Nil, true},
		{auth.RoleOfficer, uuid.Nil, auth.RolePartyReporter, mine, false},
		{auth.RolePartyRepresentative, mine, auth.RolePartyReporter, mine, false},
		{auth.RoleOperator, uuid.Nil, auth.RolePartyReporter, mine, false},
	} {
		dbtest.As(tx, c.as, c.of)
		in := reporter(c.party)
		in.Role = c.role
		_, err := member.Invite(ctx, tx, in)
		if c.may && err != nil {
			t.Errorf("%s inviting a %s: %v", c.as, c.role, err)
		}
		if !c.may && !fault.Is(err, "auth.forbidden") {
			t.Errorf("%s inviting a %s: %v, want to be refused", c.as, c.role, err)
		}
	}
}

func TestWhoMayConfirm(t *testing.T) {
	ctx, tx := dbtest.Kronoberg(t)
	p, other := party(ctx, t, tx, "Föreningen Ja"), party(ctx, t, tx, "Föreningen Nej")
	m := bound(ctx, t, tx, reporter(p), "confirm-me")
	try := func(as auth.Role, of uuid.UUID) error {
		dbtest.As(tx, as, of)
		_, err := member.Confirm(ctx, tx, m.ID, m.Version)
		return err
	}
	want(t, try(auth.RoleStrategist, uuid.Nil), "auth.forbidden")
	want(t, try(auth.RolePartyAdministrator, other), "auth.forbidden")
	want(t, try(auth.RolePartyRepresentative, p), "auth.forbidden")
	dbtest.As(tx, auth.RoleCountyAdministrator, uuid.Nil)
	tx.Person = m.PersonID
	_, err := member.Confirm(ctx, tx, m.ID, m.Version)
	want(t, err, "member.confirm_self")
	if err := try(auth.RoleCountyAdministrator, uuid.Nil); err != nil {
		t.Errorf("the county's administrator: %v", err)
	}
	dbtest.As(tx, auth.RoleCountyAdministrator, uuid.Nil)
	m, _ = member.Get(ctx, tx, m.ID)
	_, err = member.Confirm(ctx, tx, m.ID, m.Version)
	want(t, err, "member.confirmed_already")

	m = invite(ctx, t, tx, reporter(p))
	_, err = member.Confirm(ctx, tx, m.ID, m.Version)
	want(t, err, "member.not_bound")

	m = bound(ctx, t, tx, member.Invitation{Name: "Ola", Email: "ola@example.se", Role: auth.RoleOfficer}, "ola")
	want(t, try(auth.RoleStrategist, uuid.Nil), "auth.forbidden")
	want(t, try(auth.RolePartyAdministrator, p), "auth.forbidden")
}

func TestWhatIsWrongWithAnInvitation(t *testing.T) {
	ctx, tx := dbtest.Kronoberg(t)
	p := party(ctx, t, tx, "Föreningen Fel")
	dbtest.As(tx, auth.RoleCountyAdministrator, uuid.Nil)
	for key, change := range map[string]func(*member.Invitation){
		"member.role_unknown":             func(in *member.Invitation) { in.Role = "king" },
		"member.party_missing":            func(in *member.Invitation) { in.Organisation = uuid.NullUUID{} },
		"member.party_unknown":            func(in *member.Invitation) { in.Organisation = of(uuid.New()) },
		"member.role_elsewhere":           func(in *member.Invitation) { in.Role, in.Organisation = auth.RoleOperator, uuid.NullUUID{} },
		"member.party_for_county_role":    func(in *member.Invitation) { in.Role = auth.RoleOfficer },
		"member.deputy_of_representative": func(in *member.Invitation) { in.Deputy = true },
		"member.days":                     func(in *member.Invitation) { in.ValidTo = tx.Today() },
		"member.person_twice":             func(in *member.Invitation) { in.PersonID = of(uuid.New()) },
		"member.person_unknown":           func(in *member.Invitation) { in.PersonID, in.Name, in.Email = of(uuid.New()), "", "" },
		"member.over_before_it_begins":    func(in *member.Invitation) { in.ValidFrom, in.ValidTo = tx.Today().Add(-9), tx.Today() },
		"member.name_missing":             func(in *member.Invitation) { in.Name = "  " },
		"member.email_missing":            func(in *member.Invitation) { in.Email = "" },
	} {
		in := reporter(p)
		change(&in)
		_, err := member.Invite(ctx, tx, in)
		want(t, err, key)
	}
	in := reporter(p)
	in.Email, in.ByHand = "", true
	m := invite(ctx, t, tx, in)
	_, err := member.Resend(ctx, tx, m.ID, m.Version)
	want(t, err, "member.address_missing")
}

func TestNationalRolesAreGivenInTheNation(t *testing.T) {
	ctx, tx := dbtest.In(t, pg.Nation)
	dbtest.As(tx, auth.RoleCountyAdministrator, uuid.Nil)
	invite(ctx, t, tx, member.Invitation{Name: "Drift", Email: "drift@example.se", Role: auth.RoleOperator})
}

func TestOneRoleOnceAtATime(t *testing.T) {
	ctx, tx := dbtest.Kronoberg(t)
	p := party(ctx, t, tx, "Föreningen En")
	m := invite(ctx, t, tx, reporter(p))
	again := reporter(p)
	again.PersonID, again.Name, again.Email = of(m.PersonID), "", ""
	_, err := member.Invite(ctx, tx, again)
	want(t, err, "membership.once")
}

func TestAChangeNeedsTheLatestVersion(t *testing.T) {
	ctx, tx := dbtest.Kronoberg(t)
	m := invite(ctx, t, tx, reporter(party(ctx, t, tx, "Föreningen Två")))
	_, m2 := link(ctx, t, tx, m)
	_, err := member.Revoke(ctx, tx, m.ID, m.Version)
	want(t, err, "common.changed")
	f := fault.All(err)
	if current, ok := f[0].Current.(member.Membership); !ok || current.Version != m2.Version {
		t.Errorf("what is kept: %+v", f[0].Current)
	}
}

func TestListsArePagedFilteredAndThePartysOwn(t *testing.T) {
	ctx, tx := dbtest.Kronoberg(t)
	mine, other := party(ctx, t, tx, "Föreningen Min"), party(ctx, t, tx, "Föreningen Din")
	for _, name := range []string{"Örjan", "Åsa", "Anna"} {
		in := reporter(mine)
		in.Name = name
		invite(ctx, t, tx, in)
	}
	active := confirmed(ctx, t, tx, reporter(other), "din")
	names := func(f member.Filter) ([]string, int) {
		t.Helper()
		if f.Limit == 0 {
			f.Limit, f.Page = 20, 1
		}
		list, total, err := member.List(ctx, tx, f)
		if err != nil {
			t.Fatal(err)
		}
		got := []string{}
		for _, m := range list {
			got = append(got, m.PersonName)
		}
		return got, total
	}
	got, total := names(member.Filter{Organisation: mine, State: member.NeverIn})
	if d := cmp.Diff([]string{"Anna", "Åsa", "Örjan"}, got); d != "" || total != 3 {
		t.Errorf("%d (-want +got):\n%s", total, d)
	}
	got, total = names(member.Filter{Organisation: mine, Limit: 2, Page: 2})
	if d := cmp.Diff([]string{"Örjan"}, got); d != "" || total != 3 {
		t.Errorf("second page: %d (-want +got):\n%s", total, d)
	}
	if got, total = names(member.Filter{Organisation: mine, Limit: 2, Page: 3}); len(got) != 0 || total != 3 {
		t.Errorf("beyond the end: %v of %d", got, total)
	}
	if got, _ = names(member.Filter{Person: active.PersonID, State: member.Active}); len(got) != 1 {
		t.Errorf("one person's: %v", got)
	}
	counts, err := member.Counts(ctx, tx, mine)
	if err != nil || counts[member.NeverIn] != 3 || counts[member.Active] != 0 {
		t.Errorf("counts %v %v", counts, err)
	}

	dbtest.As(tx, auth.RolePartyAdministrator, mine)
	if got, _ = names(member.Filter{}); len(got) != 3 {
		t.Errorf("the party's administrator sees %v", got)
	}
	_, _, err = member.List(ctx, tx, member.Filter{Organisation: other, Limit: 20, Page: 1})
	want(t, err, "auth.forbidden")
	_, err = member.Get(ctx, tx, active.ID)
	want(t, err, "auth.forbidden")
	_, err = member.Revoke(ctx, tx, active.ID, active.Version)
	want(t, err, "auth.forbidden")
	dbtest.As(tx, auth.RolePartyReporter, other)
	_, _, err = member.List(ctx, tx, member.Filter{Limit: 20, Page: 1})
	want(t, err, "auth.forbidden")
	tx.Person = active.PersonID
	if m, err := member.Mine(ctx, tx); err != nil || len(m) != 1 || m[0].ID != active.ID {
		t.Errorf("my own: %v %v", m, err)
	}
}

// Rights rest on the membership, the person and the party, all on the day.
func TestRightsEndWithPersonAndParty(t *testing.T) {
	ctx, tx := dbtest.Kronoberg(t)
	p := party(ctx, t, tx, "Föreningen Slut")
	a, b := confirmed(ctx, t, tx, reporter(p), "a"), confirmed(ctx, t, tx, reporter(p), "b")
	grants := func(m member.Membership, on day.Day) int {
		g, err := member.Grants(ctx, tx, m.PersonID, on)
		if err != nil {
			t.Fatal(err)
		}
		return len(g)
	}
	dbtest.As(tx, auth.RoleCountyAdministrator, uuid.Nil)
	card, err := person.Get(ctx, tx, a.PersonID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := person.End(ctx, tx, a.PersonID, card.Version, person.Ending{On: tx.Today().Add(1)}); err != nil {
		t.Fatal(err)
	}
	if grants(a, tx.Today()) != 1 || grants(a, tx.Today().Add(1)) != 0 {
		t.Error("the person's end does not end the role")
	}
	o, err := organisation.Get(ctx, tx, p)
	if err != nil {
		t.Fatal(err)
	}
	before := rights(ctx, t, tx, b.PersonID)
	if _, err := organisation.End(ctx, tx, p, o.Version, organisation.Ending{On: tx.Today().Add(1)}); err != nil {
		t.Fatal(err)
	}
	if grants(b, tx.Today()) != 1 || grants(b, tx.Today().Add(1)) != 0 {
		t.Error("the party's end does not end the role")
	}
	if after := rights(ctx, t, tx, b.PersonID); after <= before {
		t.Errorf("open sessions do not see the party's end: %d, then %d", before, after)
	}
}

func rights(ctx context.Context, t *testing.T, tx *pg.Tx, person uuid.UUID) (n int64) {
	t.Helper()
	if err := tx.QueryRow(ctx, "SELECT version FROM person_rights WHERE person_id = $1", person).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestTheSecretIsNotInTheDatabase(t *testing.T) {
	ctx, tx := dbtest.Kronoberg(t)
	token, m := link(ctx, t, tx, invite(ctx, t, tx, reporter(party(ctx, t, tx, "Föreningen Hemlig"))))
	var row string
	var kept []byte
	if err := tx.QueryRow(ctx, "SELECT to_jsonb(m)::text, token_hash FROM membership m WHERE id = $1", m.ID).Scan(&row, &kept); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(row, token) || bytes.Contains(kept, []byte(token)) || len(kept) != 32 || len(token) != 43 {
		t.Errorf("a secret of %d characters, kept as %d bytes", len(token), len(kept))
	}
}

func TestEveryStateHasWords(t *testing.T) {
	for _, s := range append(member.States, member.NeverIn) {
		if !text.Has("member.state." + string(s)) {
			t.Errorf("no words for %s", s)
		}
	}
}
