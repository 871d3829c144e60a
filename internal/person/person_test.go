package person_test

import (
	"context"
	"errors"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/person"
	"github.com/overens/overens/internal/pg"
)

// days lets cmp compare days.
var days = cmpopts.EquateComparable(day.Day{})

func TestACardIsKeptAsItWasWritten(t *testing.T) {
	ctx, tx := dbtest.Kronoberg(t)
	alvesta := party(ctx, t, tx, "Alvesta kommun")
	card := person.Card{Name: "Kim Åberg", Title: "Kommunchef", OrganisationID: of(alvesta), Email: "kim@alvesta.example", Phone: "0472-150 00",
		ValidFrom: day.Of(2024, time.January, 1)}

	created := create(ctx, t, tx, card)
	got, err := person.Get(ctx, tx, created.ID)

	want := person.Person{ID: created.ID, Card: card, OrganisationName: "Alvesta kommun", Version: 1}
	if d := cmp.Diff(want, created, days); d != "" {
		t.Errorf("created (-want +got):\n%s", d)
	}
	if d := cmp.Diff(want, got, days); err != nil || d != "" {
		t.Errorf("read: %v (-want +got):\n%s", err, d)
	}
	dbtest.AsSystem(tx)
	if demo, err := person.CreateDemo(ctx, tx, card); err != nil || !demo.Demo {
		t.Errorf("made up for show: %+v, %v", demo, err)
	}
}

func TestANameIsOneLineOfWhatCanBeSeen(t *testing.T) {
	ctx, tx := dbtest.Kronoberg(t)
	got := create(ctx, t, tx, person.Card{Name: " Kim\n\u202eA\u030aberg\u200b ", Title: "Chef\r\nBcc: x@y.example"})
	if got.Name != "Kim Åberg" || got.Title != "Chef Bcc: x@y.example" {
		t.Errorf("kept as %q, %q", got.Name, got.Title)
	}
}

func TestACardIsToldAllThatIsWrongWithIt(t *testing.T) {
	for name, c := range map[string]struct {
		card  person.Card
		wrong []string
	}{
		"everything": {person.Card{Name: " ", Email: "Kim <kim@alvesta.example>", OrganisationID: of(uuid.Must(uuid.NewV7()))},
			[]string{"/email common.email_wrong", "/name person.named", "/organisationId person.organisation"}},
		"a name and nothing else":      {person.Card{Name: "Kim Åberg"}, nil},
		"a personal identity number":   {person.Card{Name: "Kim Åberg 811218-9876"}, []string{"/name person.identity_number"}},
		"with its century":             {person.Card{Name: "19811218-9876 Kim"}, []string{"/name person.identity_number"}},
		"of somebody over a hundred":   {person.Card{Name: "Kim 181218+9876"}, []string{"/name person.identity_number"}},
		"without hyphen":               {person.Card{Name: "Kim", Title: "198112189876"}, []string{"/title person.identity_number"}},
		"with another hyphen":          {person.Card{Name: "Kim 811218‐9876"}, []string{"/name person.identity_number"}},
		"with a dash and spaces":       {person.Card{Name: "Kim 811218 – 9876"}, []string{"/name person.identity_number"}},
		"in wide digits":               {person.Card{Name: "Kim８１１２１８-９８７６"}, []string{"/name person.identity_number"}},
		"ten digits":                   {person.Card{Name: "Kim 8112189876"}, []string{"/name person.identity_number"}},
		"a coordination number":        {person.Card{Name: "Kim 811278-9876"}, []string{"/name person.identity_number"}},
		"a telephone number":           {person.Card{Name: "Kim", Title: "Växel 0470-123456"}, nil},
		"an organisation number":       {person.Card{Name: "Kim", Title: "Ombud 202100-2296"}, nil},
		"a name that cannot be seen":   {person.Card{Name: "\u200b\u202e"}, []string{"/name person.named"}},
		"a number that is none":        {person.Card{Name: "Kim", Title: "Enhet 112"}, nil},
		"a name that is no UTF-8":      {person.Card{Name: "Kim\xff"}, []string{" common.text_broken"}},
		"a phone with a NUL":           {person.Card{Name: "Kim", Phone: "0472\x00"}, []string{" common.text_broken"}},
		"an address that is a command": {person.Card{Name: "Kim", Email: "a@b.example\r\nBcc: c@d.example"}, []string{"/email common.email_wrong"}},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, tx := dbtest.Kronoberg(t)
			_, err := person.Create(ctx, tx, c.card)
			if d := cmp.Diff(c.wrong, faults(err)); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

// The doors take the longest text from the card's own tags. The longest text in
// the widest letters can be kept and found.
func TestTheLongestTextCanBeKept(t *testing.T) {
	ctx, tx := dbtest.Kronoberg(t)
	for f := range reflect.TypeFor[person.Card]().Fields() {
		if f.Type.Kind() == reflect.String && f.Tag.Get("maxLength") == "" {
			t.Errorf("%s has no longest length", f.Name)
		}
	}
	widest := strings.Repeat("𐐷", 200)
	create(ctx, t, tx, person.Card{Name: widest, Title: widest[:4*120]})
	if _, total, err := person.List(ctx, tx, person.Filter{Query: widest, Limit: 1, Page: 1}); err != nil || total != 1 {
		t.Errorf("found %d, %v", total, err)
	}
}

func TestAPartysAdministratorKeepsToHisOwn(t *testing.T) {
	ctx, tx := dbtest.Kronoberg(t)
	own, other := party(ctx, t, tx, "Alvesta kommun"), party(ctx, t, tx, "Ljungby kommun")
	mine := create(ctx, t, tx, person.Card{Name: "Kim Åberg", OrganisationID: of(own)})
	theirs := create(ctx, t, tx, person.Card{Name: "Robin Öst", OrganisationID: of(other)})
	nobodys := create(ctx, t, tx, person.Card{Name: "Sam Berg"})
	dbtest.As(tx, auth.RolePartyAdministrator, own)
	end := person.Ending{On: tx.Today()}
	moved := mine.Card
	moved.OrganisationID = of(other)
	freed := mine.Card
	freed.OrganisationID = uuid.NullUUID{}
	taken := theirs.Card
	taken.OrganisationID = of(own)
	titled := mine.Card
	titled.Title = "Samordnare"

	for _, c := range []struct {
		name string
		do   func() error
		key  string
	}{
		{"writes a card of its own", func() error {
			_, err := person.Create(ctx, tx, person.Card{Name: "Ny", OrganisationID: of(own)})
			return err
		}, ""},
		{"writes another party's", func() error {
			_, err := person.Create(ctx, tx, person.Card{Name: "Ny", OrganisationID: of(other)})
			return err
		}, "auth.forbidden"},
		{"writes one of no party", func() error { _, err := person.Create(ctx, tx, person.Card{Name: "Ny"}); return err }, "auth.forbidden"},
		{"moves its own away", func() error { _, err := person.Change(ctx, tx, mine.ID, 1, moved); return err }, "auth.forbidden"},
		{"lets its own go", func() error { _, err := person.Change(ctx, tx, mine.ID, 1, freed); return err }, "auth.forbidden"},
		{"takes another's", func() error { _, err := person.Change(ctx, tx, theirs.ID, 1, taken); return err }, "auth.forbidden"},
		{"changes another's", func() error { _, err := person.Change(ctx, tx, theirs.ID, 1, theirs.Card); return err }, "auth.forbidden"},
		{"changes nobody's", func() error { _, err := person.Change(ctx, tx, nobodys.ID, 1, nobodys.Card); return err }, "auth.forbidden"},
		{"ends another's", func() error { _, err := person.End(ctx, tx, theirs.ID, 1, end); return err }, "auth.forbidden"},
		{"changes what is not there", func() error { _, err := person.Change(ctx, tx, uuid.Must(uuid.NewV7()), 1, titled); return err }, "common.not_found"},
		{"changes its own", func() error { _, err := person.Change(ctx, tx, mine.ID, 1, titled); return err }, ""},
		{"ends its own", func() error { _, err := person.End(ctx, tx, mine.ID, 2, end); return err }, ""},
	} {
		if err := c.do(); (c.key == "") != (err == nil) || c.key != "" && !fault.Is(err, c.key) {
			t.Errorf("a party's administrator %s: %v, want %q", c.name, err, c.key)
		}
	}
}

func TestWhoMayNotIsRefused(t *testing.T) {
	ctx, tx := dbtest.Kronoberg(t)
	kim := create(ctx, t, tx, person.Card{Name: "Kim Åberg"})
	for _, c := range []struct {
		role        auth.Role
		read, write string
	}{
		{auth.RoleOfficer, "", ""},
		{auth.RoleAuditor, "", "auth.forbidden"},
		{auth.RolePartyRepresentative, "", "auth.forbidden"},
		{auth.RolePartyReporter, "auth.forbidden", "auth.forbidden"},
		{auth.RoleOperator, "auth.forbidden", "auth.forbidden"},
		{auth.RoleNationalAnalyst, "auth.forbidden", "auth.forbidden"},
	} {
		var own uuid.UUID
		if c.role.OfParty() {
			own = uuid.Must(uuid.NewV7())
		}
		dbtest.As(tx, c.role, own)
		_, got := person.Get(ctx, tx, kim.ID)
		_, _, listed := person.List(ctx, tx, person.Filter{Limit: 1, Page: 1})
		_, created := person.Create(ctx, tx, person.Card{Name: "Ny"})
		_, changed := person.Change(ctx, tx, kim.ID, kim.Version, kim.Card)
		for name, e := range map[string]struct {
			err error
			key string
		}{"get": {got, c.read}, "list": {listed, c.read}, "create": {created, c.write}, "change": {changed, c.write}} {
			if (e.key == "") != (e.err == nil) || e.key != "" && !fault.Is(e.err, e.key) {
				t.Errorf("%s %s: %v, want %q", c.role, name, e.err, e.key)
			}
		}
	}
}

func TestEveryoneReadsHisOwnCard(t *testing.T) {
	ctx, tx := dbtest.Kronoberg(t)
	kim, robin := create(ctx, t, tx, person.Card{Name: "Kim Åberg"}), create(ctx, t, tx, person.Card{Name: "Robin Öst"})
	dbtest.As(tx, auth.RolePartyReporter, uuid.Must(uuid.NewV7()))
	tx.Person = kim.ID
	if got, err := person.Get(ctx, tx, kim.ID); err != nil || got.Name != "Kim Åberg" {
		t.Errorf("his own: %+v, %v", got, err)
	}
	if _, err := person.Get(ctx, tx, robin.ID); !fault.Is(err, "auth.forbidden") {
		t.Errorf("another's: %v", err)
	}
	tx.Actor = auth.Public("kronoberg", "")
	if _, err := person.Get(ctx, tx, uuid.Nil); !fault.Is(err, "auth.sign_in") {
		t.Errorf("nobody: %v", err)
	}
}

func TestNothingIsWrittenOverWhatSomebodyElseHasChanged(t *testing.T) {
	ctx, tx := dbtest.Kronoberg(t)
	was := create(ctx, t, tx, person.Card{Name: "Kim Åberg"})
	theirs, mine := was.Card, was.Card
	theirs.Phone, mine.Phone = "1", "2"
	if _, err := person.Change(ctx, tx, was.ID, was.Version, theirs); err != nil {
		t.Fatal(err)
	}

	_, changed := person.Change(ctx, tx, was.ID, was.Version, mine)
	_, ended := person.End(ctx, tx, was.ID, was.Version, person.Ending{On: tx.Today()})

	for _, err := range []error{changed, ended} {
		f, ok := errors.AsType[*fault.Fault](err)
		if !ok || f.Kind != fault.Stale {
			t.Fatalf("got %v", err)
		}
		if now, _ := f.Current.(person.Person); now.Phone != "1" || now.Version != 2 {
			t.Errorf("the fault carries %+v, want the card as it is now", f.Current)
		}
	}
}

func TestACardEndsAndTheDayCanBeCorrected(t *testing.T) {
	ctx, tx := dbtest.Kronoberg(t)
	began := day.Of(2026, time.January, 1)
	kim := create(ctx, t, tx, person.Card{Name: "Kim Åberg", ValidFrom: began})
	for name, c := range map[string]struct {
		on    day.Day
		wrong []string
	}{
		"no day":           {day.Day{}, []string{"/on person.end_without_day"}},
		"the day it began": {began, []string{"/on person.days"}},
	} {
		_, err := person.End(ctx, tx, kim.ID, kim.Version, person.Ending{On: c.on})
		if d := cmp.Diff(c.wrong, faults(err)); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
	for _, on := range []day.Day{began.Add(10), began.Add(5), began.Add(400)} {
		var err error
		if kim, err = person.End(ctx, tx, kim.ID, kim.Version, person.Ending{On: on}); err != nil || kim.ValidTo != on || kim.StandsOn(on) || !kim.StandsOn(on.Add(-1)) {
			t.Errorf("ends on %s: %+v, %v", on, kim, err)
		}
	}
	late := kim.Card
	late.ValidFrom = kim.ValidTo
	_, err := person.Change(ctx, tx, kim.ID, kim.Version, late)
	if d := cmp.Diff([]string{"/validFrom person.days"}, faults(err)); d != "" {
		t.Errorf("a beginning after the end (-want +got):\n%s", d)
	}
}

func TestPeopleAreFoundByNameAndTitle(t *testing.T) {
	ctx, tx := dbtest.Kronoberg(t)
	alvesta := party(ctx, t, tx, "Alvesta kommun")
	create(ctx, t, tx, person.Card{Name: "Östen Ågren", Title: "Kommunchef", OrganisationID: of(alvesta)})
	create(ctx, t, tx, person.Card{Name: "Åsa Öman", Title: "Strateg"})
	create(ctx, t, tx, person.Card{Name: "Zacharias Berg", OrganisationID: of(alvesta)})
	ended := create(ctx, t, tx, person.Card{Name: "Agda Berg"})
	if _, err := person.End(ctx, tx, ended.ID, ended.Version, person.Ending{On: tx.Today()}); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		filter person.Filter
		want   []string
		total  int
	}{
		"all, in Swedish order": {person.Filter{Limit: 10, Page: 1}, []string{"Zacharias Berg", "Åsa Öman", "Östen Ågren"}, 3},
		"as written":            {person.Filter{Query: "ÅGREN", Limit: 10, Page: 1}, []string{"Östen Ågren"}, 1},
		"without marks":         {person.Filter{Query: "agren osten", Limit: 10, Page: 1}, []string{"Östen Ågren"}, 1},
		"by title":              {person.Filter{Query: "strateg", Limit: 10, Page: 1}, []string{"Åsa Öman"}, 1},
		"of an organisation":    {person.Filter{Organisation: alvesta, Limit: 10, Page: 1}, []string{"Zacharias Berg", "Östen Ågren"}, 2},
		"found in one":          {person.Filter{Organisation: alvesta, Query: "o", Limit: 10, Page: 1}, []string{"Östen Ågren"}, 1},
		"yesterday":             {person.Filter{On: tx.Today().Add(-1), Query: "berg", Limit: 10, Page: 1}, []string{"Agda Berg", "Zacharias Berg"}, 2},
		"ended":                 {person.Filter{Status: person.Ended, Limit: 10, Page: 1}, []string{"Agda Berg"}, 1},
		"a page":                {person.Filter{Status: person.Any, Limit: 2, Page: 2}, []string{"Åsa Öman", "Östen Ågren"}, 4},
		"beyond the end":        {person.Filter{Status: person.Any, Limit: 2, Page: 9}, nil, 4},
		"found beyond the end":  {person.Filter{Query: "berg", Limit: 2, Page: 9}, nil, 1},
		"signs alone":           {person.Filter{Query: "😀 %", Limit: 10, Page: 1}, nil, 0},
		"nonsense":              {person.Filter{Query: "'; -- \x00\xff", Limit: 10, Page: 1}, nil, 0},
	} {
		list, total, err := person.List(ctx, tx, c.filter)
		var got []string
		for _, p := range list {
			got = append(got, p.Name)
		}
		if d := cmp.Diff(c.want, got); err != nil || total != c.total || d != "" {
			t.Errorf("%s: total %d, want %d; %v (-want +got):\n%s", name, total, c.total, err, d)
		}
	}
}

func TestAChangeIsFoundByItsNewWordsAlone(t *testing.T) {
	ctx, tx := dbtest.Kronoberg(t)
	kim := create(ctx, t, tx, person.Card{Name: "Kim Åberg"})
	card := kim.Card
	card.Name = "Kim Öst"
	if _, err := person.Change(ctx, tx, kim.ID, kim.Version, card); err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string]int{"åberg": 0, "öst": 1, "kim": 1} {
		if _, n, err := person.List(ctx, tx, person.Filter{Query: query, Limit: 1, Page: 1}); err != nil || n != want {
			t.Errorf("%q finds %d, want %d; %v", query, n, want, err)
		}
	}
	if same, err := person.Change(ctx, tx, kim.ID, 2, card); err != nil || same.Version != 2 {
		t.Errorf("a change of nothing made version %d, %v", same.Version, err)
	}
}

func TestAnotherCountysPersonAndOrganisationAreAsIfTheyDidNotExist(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	var theirs person.Person
	err := d.InTenant(t.Context(), auth.System("ostergotland", "test", ""), pg.Write, func(tx *pg.Tx) error {
		theirs = create(t.Context(), t, tx, person.Card{Name: "Åsa Öman", OrganisationID: of(party(t.Context(), t, tx, "Kinda kommun"))})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	err = d.InTenant(t.Context(), auth.System("kronoberg", "test", ""), pg.Write, func(tx *pg.Tx) error {
		kim := create(t.Context(), t, tx, person.Card{Name: "Kim Åberg"})
		for _, id := range []uuid.UUID{theirs.ID, uuid.Must(uuid.NewV7()), uuid.Nil} {
			_, got := person.Get(t.Context(), tx, id)
			_, changed := person.Change(t.Context(), tx, id, 1, person.Card{Name: "Ny"})
			_, ended := person.End(t.Context(), tx, id, 1, person.Ending{On: tx.Today()})
			for name, err := range map[string]error{"get": got, "change": changed, "end": ended} {
				if err == nil || err.Error() != fault.Missing().Error() {
					t.Errorf("%s: %v", name, err)
				}
			}
		}
		for _, id := range []uuid.UUID{theirs.OrganisationID.UUID, uuid.Must(uuid.NewV7())} {
			card := kim.Card
			card.OrganisationID = of(id)
			_, changed := person.Change(t.Context(), tx, kim.ID, kim.Version, card)
			_, created := person.Create(t.Context(), tx, card)
			for name, err := range map[string]error{"change": changed, "create": created} {
				if d := cmp.Diff([]string{"/organisationId person.organisation"}, faults(err)); d != "" {
					t.Errorf("%s (-want +got):\n%s", name, d)
				}
			}
		}
		if list, n, err := person.List(t.Context(), tx, person.Filter{Organisation: theirs.OrganisationID.UUID, Status: person.Any, Limit: 9, Page: 1}); err != nil || n != 0 {
			t.Errorf("the other county's people: %v, %v", list, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func create(ctx context.Context, t testing.TB, tx *pg.Tx, c person.Card) person.Person {
	t.Helper()
	p, err := person.Create(ctx, tx, c)
	if err != nil {
		t.Fatalf("%q: %v", c.Name, err)
	}
	return p
}

func party(ctx context.Context, t testing.TB, tx *pg.Tx, name string) uuid.UUID {
	t.Helper()
	o, err := organisation.Create(ctx, tx, organisation.Card{Type: "other", Name: name})
	if err != nil {
		t.Fatal(err)
	}
	return o.ID
}

func of(id uuid.UUID) uuid.NullUUID { return uuid.NullUUID{UUID: id, Valid: true} }

// faults are the faults in an error as "field key", in order; an internal error
// shows as itself.
func faults(err error) []string {
	if err == nil {
		return nil
	}
	all := map[string]bool{}
	for _, f := range fault.All(err) {
		all[f.Field+" "+f.Key] = true
	}
	if len(all) == 0 {
		return []string{err.Error()}
	}
	return slices.Sorted(maps.Keys(all))
}
