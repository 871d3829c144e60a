package organisation_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/pg"
)

var alvesta = organisation.Card{Type: "municipality", Name: "Alvesta kommun", ShortName: "Alvesta", OrganisationNumber: "212000-0639", OfficialCode: "0764",
	Email: "kontakt@alvesta.example", Phone: "0472-150 00", Website: "https://www.alvesta.example", Mailbox: "kommun@alvesta.example", ValidFrom: day.Of(1971, time.January, 1)}

func TestACardIsKeptAsItWasWritten(t *testing.T) {
	ctx, tx := dbtest.Kronoberg(t)

	created := create(ctx, t, tx, alvesta)

	want := organisation.Organisation{ID: created.ID, Key: "alvesta-kommun", Card: alvesta, Version: 1}
	if d := cmp.Diff(want, created, days); d != "" {
		t.Errorf("created (-want +got):\n%s", d)
	}
	for name, read := range map[string]func() (organisation.Organisation, error){
		"by id":  func() (organisation.Organisation, error) { return organisation.Get(ctx, tx, created.ID) },
		"by key": func() (organisation.Organisation, error) { return organisation.ByKey(ctx, tx, "alvesta-kommun") },
	} {
		got, err := read()
		if d := cmp.Diff(want, got, days); err != nil || d != "" {
			t.Errorf("%s: %v (-want +got):\n%s", name, err, d)
		}
	}
}

func TestAKeyIsMadeOfTheNameAndIsFree(t *testing.T) {
	ctx, tx := dbtest.Kronoberg(t)
	long := strings.Repeat("Å", 200)
	for _, c := range []struct{ name, key string }{
		{"Växjö kommun", "vaxjo-kommun"},
		{"VÄXJÖ KOMMUN", "vaxjo-kommun-2"},
		{"Växjö  kommun", "vaxjo-kommun-3"},
		{"Växjö", "vaxjo"},
		{"Växjö", "vaxjo-2"},
		{"  1177 – Vård & omsorg (Öst)  ", "1177-vard-omsorg-ost"},
		{"北海道", "other"},
		{"!!!", "other-2"},
		{long, strings.Repeat("a", 50)},
		{long, strings.Repeat("a", 50) + "-2"},
	} {
		if o := create(ctx, t, tx, organisation.Card{Type: "other", Name: c.name}); o.Key != c.key {
			t.Errorf("%q: key %q, want %q", c.name, o.Key, c.key)
		}
	}
}

func TestWhatIsThereTwiceIsSaidAtItsField(t *testing.T) {
	region := organisation.Card{Type: "region", Name: "Region Kronoberg", OfficialCode: "07"}
	for name, c := range map[string]struct {
		first, second organisation.Card
		wrong         []string
	}{
		"the same number":                   {alvesta, organisation.Card{Type: "company", Name: "Alvesta Energi", OrganisationNumber: "2120000639"}, []string{"/organisationNumber organisation.number_once"}},
		"the same code":                     {alvesta, organisation.Card{Type: "municipality", Name: "Alvesta", OfficialCode: "0764"}, []string{"/officialCode organisation.code_once"}},
		"a region and a county have a code": {region, organisation.Card{Type: "county-administration", Name: "Länsstyrelsen", OfficialCode: "07"}, nil},
		"two without number":                {organisation.Card{Type: "other", Name: "A"}, organisation.Card{Type: "other", Name: "A"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, tx := dbtest.Kronoberg(t)
			create(ctx, t, tx, c.first)
			_, err := organisation.Create(ctx, tx, c.second)
			if d := cmp.Diff(c.wrong, faults(err)); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

func TestANumberIsFreeWhenItsHolderHasEnded(t *testing.T) {
	ctx, tx := dbtest.Kronoberg(t)
	old := create(ctx, t, tx, alvesta)
	if _, err := organisation.End(ctx, tx, old.ID, old.Version, organisation.Ending{On: day.Of(2026, time.January, 1)}); err != nil {
		t.Fatal(err)
	}
	create(ctx, t, tx, alvesta)
}

func TestAChangeIsWrittenAndFoundByItsNewWordsAlone(t *testing.T) {
	ctx, tx := dbtest.Kronoberg(t)
	was := create(ctx, t, tx, alvesta)
	card := was.Card
	card.Name, card.ShortName = "Nya kommunen", ""

	is, err := organisation.Change(ctx, tx, was.ID, was.Version, card)

	if err != nil || is.Name != "Nya kommunen" || is.Version != 2 || is.Key != was.Key {
		t.Fatalf("%+v, %v", is, err)
	}
	for query, want := range map[string]int{"alvesta": 0, "nya": 1, "0764": 1} {
		if _, n, err := organisation.List(ctx, tx, organisation.Filter{Query: query, Limit: 1, Page: 1}); err != nil || n != want {
			t.Errorf("%q finds %d, want %d; %v", query, n, want, err)
		}
	}
	if same, err := organisation.Change(ctx, tx, is.ID, is.Version, is.Card); err != nil || same.Version != is.Version {
		t.Errorf("a change of nothing made version %d, %v", same.Version, err)
	}
}

func TestNothingIsWrittenOverWhatSomebodyElseHasChanged(t *testing.T) {
	ctx, tx := dbtest.Kronoberg(t)
	was := create(ctx, t, tx, alvesta)
	theirs, mine := was.Card, was.Card
	theirs.Phone, mine.Phone = "0472-1", "0472-2"
	if _, err := organisation.Change(ctx, tx, was.ID, was.Version, theirs); err != nil {
		t.Fatal(err)
	}

	_, changed := organisation.Change(ctx, tx, was.ID, was.Version, mine)
	_, ended := organisation.End(ctx, tx, was.ID, was.Version, organisation.Ending{On: day.Of(2026, time.January, 1)})

	for _, err := range []error{changed, ended} {
		f, ok := errors.AsType[*fault.Fault](err)
		if !ok || f.Kind != fault.Stale {
			t.Fatalf("got %v", err)
		}
		if now, _ := f.Current.(organisation.Organisation); now.Phone != "0472-1" || now.Version != 2 {
			t.Errorf("the fault carries %+v, want the card as it is now", f.Current)
		}
	}
}

// Two who began at the same time: the second finds the row changed only when
// the first has committed.
func TestWhoComesSecondIsToldWhatTheFirstWrote(t *testing.T) {
	d := dbtest.New(t)
	strategist := dbtest.Actor("kronoberg", auth.RoleStrategist, uuid.Nil)
	var was organisation.Organisation
	write := func(f func(*pg.Tx) error) error { return d.InTenant(t.Context(), strategist, pg.Write, f) }
	if err := write(func(tx *pg.Tx) (err error) { was, err = organisation.Create(t.Context(), tx, alvesta); return err }); err != nil {
		t.Fatal(err)
	}
	change := func(tx *pg.Tx, phone string) error {
		c := was.Card
		c.Phone = phone
		_, err := organisation.Change(t.Context(), tx, was.ID, was.Version, c)
		return err
	}
	second := make(chan error, 1)
	err := write(func(tx *pg.Tx) error {
		if err := change(tx, "first"); err != nil {
			return err
		}
		go func() { second <- write(func(tx *pg.Tx) error { return change(tx, "second") }) }()
		waiting(t, d)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	f, ok := errors.AsType[*fault.Fault](<-second)
	if !ok || f.Kind != fault.Stale || f.Current.(organisation.Organisation).Phone != "first" {
		t.Errorf("the second: %v", f)
	}
}

// waiting waits until somebody waits for a row.
func waiting(t *testing.T, d *dbtest.Database) {
	t.Helper()
	owner := d.Owner(t)
	for n := 0; n == 0; {
		if err := owner.QueryRow(t.Context(), `SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid)
			WHERE NOT l.granted AND a.datname = current_database()`).Scan(&n); err != nil {
			t.Error(err)
			return
		}
	}
}

func TestWhoMayChangeWhat(t *testing.T) {
	contact := func(c *organisation.Card) {
		c.Phone, c.Email, c.Website, c.Mailbox = "1", "a@b.example", "https://b.example", "c@b.example"
	}
	rename := func(c *organisation.Card) { c.Name = "Annan" }
	publish := func(c *organisation.Card) { c.Published = true }
	const own, other, none = "own", "other", "none"
	for _, c := range []struct {
		role   auth.Role
		party  string
		change func(*organisation.Card)
		key    string
	}{
		{auth.RoleCountyAdministrator, none, rename, ""},
		{auth.RoleStrategist, none, rename, ""},
		{auth.RoleOfficer, none, contact, ""},
		{auth.RoleOfficer, none, rename, "organisation.contact_only"},
		{auth.RoleOfficer, none, publish, "organisation.contact_only"},
		{auth.RolePartyAdministrator, own, contact, ""},
		{auth.RolePartyAdministrator, own, rename, "organisation.contact_only"},
		{auth.RolePartyAdministrator, other, contact, "auth.forbidden"},
		{auth.RolePartyAdministrator, none, contact, "auth.forbidden"},
		{auth.RolePartyRepresentative, own, contact, "auth.forbidden"},
		{auth.RolePartyReporter, own, contact, "auth.forbidden"},
		{auth.RoleAuditor, none, contact, "auth.forbidden"},
		{auth.RoleOperator, none, contact, "auth.forbidden"},
	} {
		t.Run(string(c.role)+" "+c.party, func(t *testing.T) {
			ctx, tx := dbtest.Kronoberg(t)
			o := create(ctx, t, tx, alvesta)
			party := map[string]uuid.UUID{own: o.ID, other: uuid.Must(uuid.NewV7())}[c.party]
			dbtest.As(tx, c.role, party)
			card := o.Card
			c.change(&card)
			_, err := organisation.Change(ctx, tx, o.ID, o.Version, card)
			if (c.key == "") != (err == nil) || c.key != "" && !fault.Is(err, c.key) {
				t.Errorf("%s of %s party: %v, want %q", c.role, c.party, err, c.key)
			}
		})
	}
}

func TestWhoMayNotIsRefusedEverywhere(t *testing.T) {
	ctx, tx := dbtest.Kronoberg(t)
	o := create(ctx, t, tx, alvesta)
	dbtest.As(tx, auth.RolePartyAdministrator, o.ID)
	_, created := organisation.Create(ctx, tx, alvesta)
	_, ended := organisation.End(ctx, tx, o.ID, o.Version, organisation.Ending{On: day.Of(2026, time.January, 1)})
	tx.Actor = auth.Public("kronoberg", "")
	_, got := organisation.Get(ctx, tx, o.ID)
	_, byKey := organisation.ByKey(ctx, tx, o.Key)
	_, _, listed := organisation.List(ctx, tx, organisation.Filter{Limit: 1, Page: 1})
	_, kin := organisation.Kindred(ctx, tx, o.ID)
	_, counted := organisation.CountByType(ctx, tx)
	for name, c := range map[string]struct {
		err error
		key string
	}{
		"create": {created, "auth.forbidden"}, "end": {ended, "auth.forbidden"}, "get": {got, "auth.sign_in"}, "by key": {byKey, "auth.sign_in"},
		"list": {listed, "auth.sign_in"}, "kin": {kin, "auth.sign_in"}, "count": {counted, "auth.sign_in"},
	} {
		if !fault.Is(c.err, c.key) {
			t.Errorf("%s: %v, want %s", name, c.err, c.key)
		}
	}
}

func TestAnotherCountysOrganisationIsAsIfItDidNotExist(t *testing.T) {
	d := dbtest.New(t)
	var theirs organisation.Organisation
	err := d.InTenant(t.Context(), auth.System("ostergotland", "test", ""), pg.Write, func(tx *pg.Tx) (err error) {
		theirs, err = organisation.Create(t.Context(), tx, alvesta)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	err = d.InTenant(t.Context(), auth.System("kronoberg", "test", ""), pg.Write, func(tx *pg.Tx) error {
		for _, id := range []uuid.UUID{theirs.ID, uuid.Must(uuid.NewV7()), uuid.Nil} {
			_, got := organisation.Get(t.Context(), tx, id)
			_, changed := organisation.Change(t.Context(), tx, id, 1, alvesta)
			_, ended := organisation.End(t.Context(), tx, id, 1, organisation.Ending{On: tx.Today()})
			for name, err := range map[string]error{"get": got, "change": changed, "end": ended, "exists": organisation.Exists(t.Context(), tx, id)} {
				if err == nil || err.Error() != fault.Missing().Error() {
					t.Errorf("%s: %v", name, err)
				}
			}
		}
		create(t.Context(), t, tx, alvesta) // the same number, code and key are free here
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func create(ctx context.Context, t testing.TB, tx *pg.Tx, c organisation.Card) organisation.Organisation {
	t.Helper()
	o, err := organisation.Create(ctx, tx, c)
	if err != nil {
		t.Fatalf("%q: %v", c.Name, err)
	}
	return o
}
