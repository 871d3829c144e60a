package session_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/county"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/member"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/session"
	"github.com/overens/overens/internal/tenant"
)

const issuer = "https://login.example.se"

// clock is the program's clock, moved by hand.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.at }

func (c *clock) add(d time.Duration) { c.mu.Lock(); defer c.mu.Unlock(); c.at = c.at.Add(d) }

func (c *clock) set(t time.Time) { c.mu.Lock(); defer c.mu.Unlock(); c.at = t }

// world is two servers on one database: the second has a keeper and a memory
// of configurations of its own.
type world struct {
	*testing.T
	db    *dbtest.Database
	keep  *session.Keeper
	other *pg.DB
	next  *session.Keeper
	clock *clock
	party uuid.UUID // Alvesta, 0764
}

func start(t *testing.T, o session.Options) *world {
	t.Helper()
	w := &world{T: t, clock: &clock{at: dbtest.Noon}, keep: session.NewKeeper(o), next: session.NewKeeper(o)}
	w.db = dbtest.New(t, dbtest.Renew(w.keep.Renew), dbtest.Clock(w.clock.now))
	var err error
	if w.other, err = pg.New(t.Context(), w.db.URL, pg.Options{Load: county.Load, Renew: w.next.Renew, Now: w.clock.now}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.other.Close)
	w.configure("kronoberg", []tenant.Grant{{Claim: "roles", Value: "s", Role: "strategist"},
		{Claim: "groups", Value: "/alvesta", Role: "party-reporter", Organisation: "0764"},
		{Claim: "roles", Value: "n", Role: "operator"}, // which no county can give
		{Claim: "groups", Value: "/nowhere", Role: "party-administrator", Organisation: "nowhere"}})
	w.configure(pg.Nation, []tenant.Grant{{Claim: "roles", Value: "op", Role: "operator"}})
	w.work("kronoberg", func(tx *pg.Tx) error {
		o, err := organisation.Create(w.Context(), tx, organisation.Card{Type: organisation.Municipality, Name: "Alvesta kommun", OfficialCode: "0764"})
		w.party = o.ID
		return err
	})
	return w
}

func (w *world) configure(slug string, grants []tenant.Grant) {
	w.Helper()
	c, err := w.db.County(w.Context(), slug)
	if err != nil {
		w.Fatal(err)
	}
	c.SignIn = tenant.Section[tenant.SignIn]{{Value: tenant.SignIn{Issuers: []tenant.Issuer{
		{Key: "test", URL: issuer, ClientID: "overens", Subject: tenant.SubjectSub, Grants: grants}}}}}
	w.apply(w.db.DB, c)
}

func (w *world) apply(db *pg.DB, c tenant.County) {
	w.Helper()
	err := db.InNew(w.Context(), auth.System(c.Slug, "test", ""), func(tx *pg.Tx) error {
		_, _, err := county.Apply(w.Context(), tx, c, county.FromFile, "test")
		return err
	})
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) work(slug string, f func(tx *pg.Tx) error) {
	w.Helper()
	if err := w.db.InTenant(w.Context(), auth.System(slug, "test", ""), pg.Write, f); err != nil {
		w.Fatal(err)
	}
}

func claims(subject string, values session.Values) session.Claims {
	return session.Claims{Issuer: issuer, Subject: subject, Name: "Kim", Values: values}
}

// signIn is what the door does after the provider has answered.
func (w *world) signIn(slug string, c session.Claims, shown string) string {
	w.Helper()
	var cookie string
	w.work(slug, func(tx *pg.Tx) error {
		a, err := session.Arrive(w.Context(), tx, c)
		if err != nil {
			return err
		}
		cookie, err = w.keep.Begin(w.Context(), tx, session.Start{Person: a.Person, Issuer: c.Issuer, Values: c.Values,
			Device: session.Device{Browser: "Firefox", System: "Windows"}, Shown: shown})
		return err
	})
	return cookie
}

func (w *world) actor(cookie string) auth.Actor {
	w.Helper()
	a, err := w.keep.Cookie(w.Context(), w.db.DB, cookie)
	if err != nil {
		w.Fatalf("the cookie: %v", err)
	}
	return a
}

// gone says that nothing more can be done with a cookie, on either server. What
// a keeper remembers is compared with what is kept by the first unit of work.
func (w *world) gone(cookie string) {
	w.Helper()
	for where, s := range map[string]struct {
		keep *session.Keeper
		db   *pg.DB
	}{"this server": {w.keep, w.db.DB}, "another": {w.next, w.other}} {
		a, err := s.keep.Cookie(w.Context(), s.db, cookie)
		if err == nil {
			err = s.db.InTenant(w.Context(), a, pg.Read, func(tx *pg.Tx) error { _, err := tx.Exec(w.Context(), "SELECT"); return err })
		}
		if !fault.Is(err, "auth.session_ended") {
			w.Errorf("the cookie on %s: %v, want it to have ended", where, err)
		}
	}
}

// reads does a unit of work as an actor made earlier.
func (w *world) reads(a auth.Actor) error {
	return w.db.InTenant(w.Context(), a, pg.Read, func(tx *pg.Tx) error {
		if err := tx.Require(auth.CountyRead); err != nil {
			return err
		}
		_, err := tx.Exec(w.Context(), "SELECT")
		return err
	})
}

// joined makes somebody a confirmed reporter of the party.
func (w *world) joined(subject string, until day.Day) member.Membership {
	w.Helper()
	var m member.Membership
	w.work("kronoberg", func(tx *pg.Tx) error {
		ctx := w.Context()
		m0, err := member.Invite(ctx, tx, member.Invitation{Name: "Kim", ByHand: true, Role: auth.RolePartyReporter,
			Organisation: uuid.NullUUID{UUID: w.party, Valid: true}, ValidTo: until})
		if err != nil {
			return err
		}
		h, err := member.Link(ctx, tx, m0.ID, m0.Version)
		if err != nil {
			return err
		}
		if m0, err = member.Bind(ctx, tx, h.Token, issuer, subject); err != nil {
			return err
		}
		m, err = member.Confirm(ctx, tx, m0.ID, m0.Version)
		return err
	})
	return m
}

func (w *world) person(subject string) (id uuid.UUID) {
	w.Helper()
	w.work("kronoberg", func(tx *pg.Tx) (err error) {
		id, _, err = member.Known(w.Context(), tx, issuer, subject)
		return err
	})
	return id
}

func (w *world) revoke(m member.Membership) {
	w.Helper()
	w.work("kronoberg", func(tx *pg.Tx) error {
		_, err := member.Revoke(w.Context(), tx, m.ID, m.Version)
		return err
	})
}

func TestRolesComeFromClaimsAndMemberships(t *testing.T) {
	w := start(t, session.Options{})
	m := w.joined("kim", day.Day{})
	a := w.actor(w.signIn("kronoberg", claims("kim", session.Values{"roles": {"s", "n", "other"}, "groups": {"/alvesta", "/nowhere"}, "secret": {"x"}}), ""))
	if a.Person != m.PersonID || a.Tenant != "kronoberg" || !a.SignedIn() {
		t.Errorf("actor %+v", a)
	}
	want := []auth.Grant{{Role: auth.RoleStrategist}, {Role: auth.RolePartyReporter, Party: w.party}}
	if d := cmp.Diff(want, a.Grants); d != "" {
		t.Errorf("grants (-want +got):\n%s", d)
	}
	if err := w.reads(a); err != nil {
		t.Error(err)
	}
	var kept string
	if err := w.db.Owner(t).QueryRow(t.Context(), "SELECT claims::text FROM session").Scan(&kept); err != nil {
		t.Fatal(err)
	}
	if kept != `{"roles": ["n", "s"], "groups": ["/alvesta", "/nowhere"]}` {
		t.Errorf("of the claims is kept %s", kept)
	}
}

// A cookie is worth nothing to whoever reads the database, and is no other
// county's.
func TestACookieIsASecretOfOneCounty(t *testing.T) {
	w := start(t, session.Options{})
	cookie := w.signIn("kronoberg", claims("kim", session.Values{"roles": {"s"}}), "")
	slug, token, _ := strings.Cut(cookie, ".")
	if slug != "kronoberg" || len(token) != 43 {
		t.Errorf("cookie %q", cookie)
	}
	var rows string
	if err := w.db.Owner(t).QueryRow(t.Context(), "SELECT string_agg(to_jsonb(s)::text, '') FROM session s").Scan(&rows); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(rows, token) {
		t.Error("the secret stands in the database")
	}
	for _, forged := range []string{"", "x", "ostergotland." + token, "nowhere." + token, "kronoberg." + token[1:], "kronoberg." + token + "A",
		"kronoberg." + strings.Repeat("A", 43), token, "Kronoberg." + token, "kronoberg'." + token} {
		w.gone(forged)
	}
	if session.CountyOf(cookie) != "kronoberg" || session.CountyOf("kronoberg.") != "" {
		t.Error("the county of a cookie")
	}
}

func TestASecondRequestAsksNothing(t *testing.T) {
	w := start(t, session.Options{})
	cookie := w.signIn("kronoberg", claims("kim", session.Values{"roles": {"s"}}), "")
	w.actor(cookie)
	before := w.db.Pool().Stat().AcquireCount()
	w.actor(cookie)
	if _, err := w.keep.Bearer(t.Context(), w.db.DB, "kronoberg", claims("kim", session.Values{"roles": {"s"}})); err != nil {
		t.Fatal(err)
	}
	middle := w.db.Pool().Stat().AcquireCount()
	if _, err := w.keep.Bearer(t.Context(), w.db.DB, "kronoberg", claims("kim", session.Values{"roles": {"s"}, "jti": {"another"}})); err != nil {
		t.Fatal(err)
	}
	if n := w.db.Pool().Stat().AcquireCount() - middle; n != 0 || middle == before {
		t.Errorf("the second asked %d times, the first %d", n, middle-before)
	}
}

func TestARevokedMembershipEndsInOpenSessions(t *testing.T) {
	w := start(t, session.Options{})
	m := w.joined("kim", day.Day{})
	cookie := w.signIn("kronoberg", claims("kim", nil), "")
	a := w.actor(cookie)
	other, err := w.next.Cookie(t.Context(), w.other, cookie)
	if err != nil {
		t.Fatal(err)
	}
	w.revoke(m)
	if err := w.reads(a); !fault.Is(err, "auth.session_ended") {
		t.Errorf("the next unit of work: %v", err)
	}
	err = w.other.InTenant(t.Context(), other, pg.Read, func(tx *pg.Tx) error { _, err := tx.Exec(t.Context(), "SELECT"); return err })
	if !fault.Is(err, "auth.session_ended") {
		t.Errorf("the next unit of work on another server: %v", err)
	}
	w.gone(cookie)
}

// What is left of the rights after a revocation is what the next unit of work
// has, within one request.
func TestWhatIsLeftIsLeft(t *testing.T) {
	w := start(t, session.Options{})
	m := w.joined("kim", day.Day{})
	a := w.actor(w.signIn("kronoberg", claims("kim", session.Values{"roles": {"s"}}), ""))
	if len(a.Grants) != 2 {
		t.Fatalf("grants %v", a.Grants)
	}
	w.revoke(m)
	a.Request = "request-7"
	err := w.db.InTenant(t.Context(), a, pg.Read, func(tx *pg.Tx) error {
		if _, err := tx.Exec(t.Context(), "SELECT"); err != nil {
			return err
		}
		if d := cmp.Diff([]auth.Grant{{Role: auth.RoleStrategist}}, tx.Grants); d != "" || tx.Request != "request-7" {
			t.Errorf("request %s, grants (-want +got):\n%s", tx.Request, d)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestRightsEndAtMidnight(t *testing.T) {
	w := start(t, session.Options{Idle: 24 * time.Hour, Absolute: 48 * time.Hour})
	tomorrow := day.At(w.clock.now()).Add(1)
	w.joined("kim", tomorrow)
	cookie := w.signIn("kronoberg", claims("kim", nil), "")
	w.clock.set(tomorrow.Start().Add(-time.Second))
	w.actor(cookie)
	w.clock.set(tomorrow.Start())
	w.gone(cookie)
}

// A change written beforehand reaches sessions that were open before its day.
func TestARoleThatBeginsAtMidnight(t *testing.T) {
	w := start(t, session.Options{Idle: 24 * time.Hour, Absolute: 48 * time.Hour})
	tomorrow := day.At(w.clock.now()).Add(1)
	c, err := w.db.County(t.Context(), "kronoberg")
	if err != nil {
		t.Fatal(err)
	}
	later := c.SignIn[0]
	later.From = tomorrow
	later.Value.Issuers = slices.Clone(later.Value.Issuers)
	later.Value.Issuers[0].Grants = []tenant.Grant{{Claim: "roles", Value: "new", Role: "auditor"}}
	c.SignIn = append(c.SignIn, later)
	w.apply(w.db.DB, c)
	cookie := w.signIn("kronoberg", claims("kim", session.Values{"roles": {"s", "new", "never"}}), "")
	if a := w.actor(cookie); !a.Has(auth.RoleStrategist) || a.Has(auth.RoleAuditor) {
		t.Errorf("today %v", a.Grants)
	}
	w.clock.set(tomorrow.Start())
	if a := w.actor(cookie); a.Has(auth.RoleStrategist) || !a.Has(auth.RoleAuditor) {
		t.Errorf("tomorrow %v", a.Grants)
	}
}

// The configuration is changed by another server; the actor was made before.
func TestAGrantTakenAwayEndsInOpenSessions(t *testing.T) {
	w := start(t, session.Options{})
	cookie := w.signIn("kronoberg", claims("kim", session.Values{"roles": {"s"}}), "")
	a := w.actor(cookie)
	bearer, err := w.keep.Bearer(t.Context(), w.db.DB, "kronoberg", claims("kim", session.Values{"roles": {"s"}}))
	if err != nil {
		t.Fatal(err)
	}
	c, err := w.other.County(t.Context(), "kronoberg")
	if err != nil {
		t.Fatal(err)
	}
	c.SignIn = slices.Clone(c.SignIn)
	c.SignIn[0].Value.Issuers = slices.Clone(c.SignIn[0].Value.Issuers)
	c.SignIn[0].Value.Issuers[0].Grants = nil
	w.apply(w.other, c)
	if err := w.reads(a); !fault.Is(err, "auth.session_ended") {
		t.Errorf("the next unit of work of a session: %v", err)
	}
	if err := w.reads(bearer); !fault.Is(err, "auth.session_ended") {
		t.Errorf("the next unit of work of a token: %v", err)
	}
	w.gone(cookie)
}

func TestAnIssuerNoLongerTrustedEndsItsSessions(t *testing.T) {
	w := start(t, session.Options{})
	w.joined("kim", day.Day{})
	cookie := w.signIn("kronoberg", claims("kim", nil), "")
	w.actor(cookie)
	c, _ := w.db.County(t.Context(), "kronoberg")
	c.SignIn = nil
	w.apply(w.db.DB, c)
	w.gone(cookie)
}

func TestAnIdentityTakenAwayEndsItsSessions(t *testing.T) {
	w := start(t, session.Options{})
	cookie := w.signIn("kronoberg", claims("kim", session.Values{"roles": {"s"}}), "")
	a := w.actor(cookie)
	w.work("kronoberg", func(tx *pg.Tx) error {
		ids, err := member.Identities(t.Context(), tx, a.Person)
		if err != nil {
			return err
		}
		return member.Unbind(t.Context(), tx, a.Person, ids[0].ID)
	})
	if err := w.reads(a); !fault.Is(err, "auth.session_ended") {
		t.Errorf("the next unit of work: %v", err)
	}
	w.gone(cookie)
}

func TestASessionEndsWhenNobodyIsThere(t *testing.T) {
	w := start(t, session.Options{Idle: time.Hour, Absolute: 12 * time.Hour})
	cookie := w.signIn("kronoberg", claims("kim", session.Values{"roles": {"s"}}), "")
	for range 3 {
		w.clock.add(59 * time.Minute)
		a := w.actor(cookie)
		if err := w.keep.Seen(t.Context(), w.db.DB, a); err != nil {
			t.Fatal(err)
		}
		idle, latest, ok := w.keep.Remaining(auth.With(t.Context(), a, nil))
		if !ok || !idle.Equal(w.clock.now().Add(time.Hour)) || !latest.Equal(dbtest.Noon.Add(12*time.Hour)) {
			t.Errorf("remaining %v %v %v", idle, latest, ok)
		}
	}
	w.clock.add(time.Hour)
	w.gone(cookie)
	if _, _, ok := w.keep.Remaining(auth.With(t.Context(), auth.Public("kronoberg", ""), nil)); ok {
		t.Error("the public has a session")
	}
}

// Two servers: whoever was seen by one is not idle for the other.
func TestIdleIsCountedAcrossServers(t *testing.T) {
	w := start(t, session.Options{Idle: time.Hour})
	cookie := w.signIn("kronoberg", claims("kim", session.Values{"roles": {"s"}}), "")
	w.actor(cookie)
	for range 3 {
		w.clock.add(50 * time.Minute)
		a, err := w.next.Cookie(t.Context(), w.other, cookie)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.next.Seen(t.Context(), w.other, a); err != nil {
			t.Fatal(err)
		}
	}
	w.actor(cookie)
}

func TestASessionEndsAfterAWorkingDay(t *testing.T) {
	w := start(t, session.Options{Idle: time.Hour, Absolute: 3 * time.Hour})
	cookie := w.signIn("kronoberg", claims("kim", session.Values{"roles": {"s"}}), "")
	for range 3 {
		w.actor(cookie)
		w.clock.add(50 * time.Minute)
	}
	w.actor(cookie)
	w.clock.add(30*time.Minute - time.Second)
	w.actor(cookie)
	w.clock.add(time.Second)
	w.gone(cookie)
}

func TestBeingSeenIsWrittenOnceAMinute(t *testing.T) {
	w := start(t, session.Options{})
	cookie := w.signIn("kronoberg", claims("kim", session.Values{"roles": {"s"}}), "")
	owner := w.db.Owner(t)
	seen := func() (at time.Time, version int64) {
		t.Helper()
		if err := owner.QueryRow(t.Context(), "SELECT seen_at, version FROM session").Scan(&at, &version); err != nil {
			t.Fatal(err)
		}
		return at, version
	}
	for _, c := range []struct {
		wait  time.Duration
		after time.Duration // what stands in the row, since the beginning
	}{{30 * time.Second, 0}, {29 * time.Second, 0}, {time.Second, time.Minute}, {59 * time.Second, time.Minute}, {time.Minute, 179 * time.Second}} {
		w.clock.add(c.wait)
		if err := w.keep.Seen(t.Context(), w.db.DB, w.actor(cookie)); err != nil {
			t.Fatal(err)
		}
		if at, version := seen(); !at.Equal(dbtest.Noon.Add(c.after)) || version != 1 {
			t.Errorf("seen %s, version %d, want %s", at.Sub(dbtest.Noon), version, c.after)
		}
	}
}

func TestSigningInAnewEndsTheSessionBefore(t *testing.T) {
	w := start(t, session.Options{})
	c := claims("kim", session.Values{"roles": {"s"}})
	first := w.signIn("kronoberg", c, "")
	a := w.actor(first)
	second := w.signIn("kronoberg", c, first)
	if first == second {
		t.Error("the cookie is the same")
	}
	if err := w.reads(a); !fault.Is(err, "auth.session_ended") {
		t.Errorf("the next unit of work of the first: %v", err)
	}
	w.gone(first)
	w.actor(second)
	third := w.signIn("kronoberg", c, "ostergotland"+strings.TrimPrefix(second, "kronoberg"))
	w.actor(second) // another county's cookie of the same secret ends nothing here
	w.actor(third)
}

func TestSessionsAreSeenAndEnded(t *testing.T) {
	w := start(t, session.Options{Idle: time.Hour})
	c := claims("kim", session.Values{"roles": {"s"}})
	idle := w.signIn("kronoberg", c, "")
	w.clock.add(time.Hour)
	w.gone(idle)
	w.work("kronoberg", func(tx *pg.Tx) error { // left, and not ended: it is not in the list
		_, err := session.EndAll(t.Context(), tx, w.person("kim"))
		return err
	})
	one, two := w.signIn("kronoberg", c, ""), w.signIn("kronoberg", c, "")
	stranger := w.signIn("kronoberg", claims("sam", session.Values{"roles": {"s"}}), "")
	a := w.actor(one)
	in := func(a auth.Actor, f func(tx *pg.Tx) error) error { return w.db.InTenant(t.Context(), a, pg.Write, f) }
	if err := in(a, func(tx *pg.Tx) error {
		mine, err := w.keep.Mine(t.Context(), tx)
		if len(mine) != 2 || mine[0].Device.Browser != "Firefox" || mine[0].Current == mine[1].Current {
			t.Errorf("mine: %+v", mine)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	s := w.actor(stranger)
	want := func(err error, key string) {
		t.Helper()
		if !fault.Is(err, key) {
			t.Errorf("got %v, want %s", err, key)
		}
	}
	want(in(s, func(tx *pg.Tx) error { return session.End(t.Context(), tx, a.Session) }), "common.not_found")
	want(in(s, func(tx *pg.Tx) error { _, err := w.keep.List(t.Context(), tx, a.Person); return err }), "auth.forbidden")
	want(in(s, func(tx *pg.Tx) error { _, err := session.EndAll(t.Context(), tx, a.Person); return err }), "auth.forbidden")
	if err := in(a, func(tx *pg.Tx) error {
		n, err := session.EndOthers(t.Context(), tx)
		if n != 1 {
			t.Errorf("ended %d others", n)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	w.gone(two)
	w.actor(one)
	w.work("kronoberg", func(tx *pg.Tx) error { // as whoever may end others'
		list, err := w.keep.List(t.Context(), tx, a.Person)
		if err != nil || len(list) != 1 {
			t.Errorf("list %+v", list)
		}
		n, err := session.EndAll(t.Context(), tx, a.Person)
		if n != 1 {
			t.Errorf("ended %d", n)
		}
		return err
	})
	w.gone(one)
	if slug, iss, err := w.keep.SignOut(t.Context(), w.db.DB, stranger, ""); err != nil || slug != "kronoberg" || iss != issuer {
		t.Errorf("signing out: %s %s %v", slug, iss, err)
	}
	w.gone(stranger)
	if _, _, err := w.keep.SignOut(t.Context(), w.db.DB, stranger, ""); err != nil {
		t.Errorf("signing out again: %v", err)
	}
}

func TestSessionsLongEndedAreForgotten(t *testing.T) {
	w := start(t, session.Options{})
	c := claims("kim", session.Values{"roles": {"s"}})
	w.signIn("kronoberg", c, "")
	left := func() (n int) {
		t.Helper()
		w.work("kronoberg", func(tx *pg.Tx) error { return session.Sweep(t.Context(), tx) })
		if err := w.db.Owner(t).QueryRow(t.Context(), "SELECT count(*) FROM session").Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	w.clock.add(30*24*time.Hour + 12*time.Hour)
	if n := left(); n != 1 {
		t.Errorf("after 30 days %d", n)
	}
	w.clock.add(time.Second)
	if n := left(); n != 0 {
		t.Errorf("after 30 days and a second %d", n)
	}
}

func TestATokenOfANewPersonWritesHimDownOnce(t *testing.T) {
	w := start(t, session.Options{})
	var wg sync.WaitGroup
	actors := make([]auth.Actor, 8)
	for i := range actors {
		wg.Go(func() {
			var err error
			if actors[i], err = w.keep.Bearer(context.WithoutCancel(t.Context()), w.db.DB, "kronoberg", claims("new", session.Values{"roles": {"s"}})); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for _, a := range actors {
		if a.Person != actors[0].Person || a.Person == uuid.Nil || a.Session != uuid.Nil {
			t.Errorf("actor %+v", a)
		}
	}
	if err := w.reads(actors[0]); err != nil {
		t.Error(err)
	}
	for what, c := range map[string]session.Claims{
		"nobody":         claims("nobody", session.Values{"roles": {"none"}}),
		"no subject":     claims("", session.Values{"roles": {"s"}}),
		"another issuer": {Issuer: "https://elsewhere.example", Subject: "new", Values: session.Values{"roles": {"s"}}},
	} {
		if _, err := w.keep.Bearer(t.Context(), w.db.DB, "kronoberg", c); !fault.Is(err, "common.not_found") {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestTheKeeperForgetsRatherThanGrow(t *testing.T) {
	w := start(t, session.Options{Size: 2})
	var cookies []string
	for range 6 {
		cookies = append(cookies, w.signIn("kronoberg", claims("kim", session.Values{"roles": {"s"}}), ""))
	}
	for range 2 {
		for _, c := range cookies {
			if err := w.reads(w.actor(c)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if n := w.keep.Remembered(); n != 2 {
		t.Errorf("%d are remembered", n)
	}
}

func TestAPersonsNameIsNoNumber(t *testing.T) {
	w := start(t, session.Options{})
	for given, want := range map[string]string{
		"Kim\u0000 Å\nberg": "Kim Å berg", "": "Namn saknas", "19121212-1212": "Namn saknas", strings.Repeat("å", 300): strings.Repeat("å", 200),
	} {
		c := claims(uuid.NewString(), session.Values{"roles": {"s"}})
		c.Name = given
		a, err := w.keep.Bearer(t.Context(), w.db.DB, "kronoberg", c)
		if err != nil {
			t.Errorf("%q: %v", given, err)
			continue
		}
		var got string
		if err := w.db.Owner(t).QueryRow(t.Context(), "SELECT name FROM person WHERE id = $1", a.Person).Scan(&got); err != nil || got != want {
			t.Errorf("%q became %q, want %q (%v)", given, got, want, err)
		}
	}
}

// A mandate makes one its party's representative from its first day to its last,
// in sessions that were open before.
func TestAMandateGivesItsRightsWhileItHolds(t *testing.T) {
	w := start(t, session.Options{Idle: 72 * time.Hour, Absolute: 96 * time.Hour})
	c, err := w.db.County(t.Context(), "kronoberg")
	if err != nil {
		t.Fatal(err)
	}
	c.Bodies = tenant.Section[tenant.Bodies]{{Value: tenant.Bodies{Bodies: []tenant.Body{{Key: "forum", Kind: "forum", Name: tenant.Words{"sv": "Forum"},
		Seats: []tenant.Seat{{Key: "alvesta", Organisations: []string{"alvesta-kommun"}}}}}}}}
	w.apply(w.db.DB, c)
	m := w.joined("kim", day.Day{})
	cookie := w.signIn("kronoberg", claims("kim", session.Values{"roles": {"s"}}), "")
	tomorrow := day.At(w.clock.now()).Add(1)
	var seat governance.Mandate
	has := func(when string, want bool) {
		t.Helper()
		if got := w.actor(cookie).Has(auth.RolePartyRepresentative); got != want {
			t.Errorf("%s: representative %v, want %v", when, got, want)
		}
	}
	has("before", false)
	w.work("kronoberg", func(tx *pg.Tx) (err error) {
		seat, err = governance.Appoint(t.Context(), tx, governance.Nomination{Body: "forum", Place: "alvesta", Organisation: w.party, Person: m.PersonID, From: tomorrow})
		return err
	})
	has("appointed from tomorrow", false)
	w.clock.set(tomorrow.Start())
	has("on the first day", true)

	// The actor was made before it ended: the next unit of work knows.
	a := w.actor(cookie)
	w.work("kronoberg", func(tx *pg.Tx) error {
		_, err := governance.Correct(t.Context(), tx, seat.ID, seat.Version, governance.Facts{From: tomorrow.Add(1)})
		return err
	})
	err = w.db.InTenant(t.Context(), a, pg.Read, func(tx *pg.Tx) error {
		if _, err := tx.Exec(t.Context(), "SELECT"); err != nil {
			return err
		}
		if tx.Has(auth.RolePartyRepresentative) {
			t.Errorf("what was taken away is still there: %v", tx.Grants)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	w.clock.set(tomorrow.Add(1).Start())
	has("on the new first day", true)
	w.work("kronoberg", func(tx *pg.Tx) error {
		seat, err := governance.Get(t.Context(), tx, seat.ID)
		if err != nil {
			return err
		}
		_, err = governance.End(t.Context(), tx, seat.ID, seat.Version, governance.Ending{On: tomorrow.Add(2), Reason: "Lämnade"})
		return err
	})
	has("on the last day", true)
	w.clock.set(tomorrow.Add(2).Start())
	has("after the end", false)
}
