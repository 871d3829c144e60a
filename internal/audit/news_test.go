package audit_test

import (
	"context"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/audit"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/member"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/person"
	"github.com/overens/overens/internal/pg"
)

// line is a story as it is compared.
type line struct {
	Subject, Title, Action string
	Fields, Parts          []string
}

func news(t *testing.T, d *dbtest.Database, actor auth.Actor) (stories []audit.Story, lines []line) {
	t.Helper()
	in(t, d, actor, pg.Read, func(ctx context.Context, tx *pg.Tx) (err error) {
		stories, err = audit.News(ctx, tx, 8)
		return err
	})
	for _, s := range stories {
		l := line{Subject: s.Thing.Whole.Subject, Title: s.Thing.Title, Action: s.Action, Parts: s.Parts}
		if s.Thing.Role != "" {
			l.Title = string(s.Thing.Role) + " of " + s.Thing.Party
		}
		for _, c := range s.Changes {
			l.Fields = append(l.Fields, c.Field)
		}
		lines = append(lines, l)
	}
	return stories, lines
}

func TestNewsIsWhatPeopleDidOneLineForEachGo(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	byTheProgram := made(t, d, "kronoberg", "Lagd av programmet")
	administrator := dbtest.Actor("kronoberg", auth.RoleCountyAdministrator, uuid.Nil)
	var kim person.Person
	in(t, d, auth.System("kronoberg", "test", ""), pg.Write, func(ctx context.Context, tx *pg.Tx) (err error) {
		kim, err = person.Create(ctx, tx, person.Card{Name: "Kim Åberg"})
		return err
	})
	administrator.Person, administrator.RightsVersion = kim.ID, 1
	if got, lines := news(t, d, administrator); len(got) != 1 || lines[0].Subject != "county_version" {
		t.Fatalf("what the program does by itself is no news, but for the configuration: %+v", lines)
	}

	var o organisation.Organisation
	in(t, d, administrator, pg.Write, func(ctx context.Context, tx *pg.Tx) (err error) {
		o, err = organisation.Get(ctx, tx, byTheProgram.ID)
		return err
	})
	for _, change := range []func(*organisation.Card){
		func(c *organisation.Card) { c.Phone = "0472-150 00" },
		func(c *organisation.Card) { c.Website = "https://alvesta.example" },
		func(c *organisation.Card) { c.Name, c.Phone = "Alvesta kommun", "0472-150 01" },
	} {
		in(t, d, administrator, pg.Write, func(ctx context.Context, tx *pg.Tx) (err error) {
			c := o.Card
			change(&c)
			o, err = organisation.Change(ctx, tx, o.ID, o.Version, c)
			return err
		})
	}
	invited := administrator
	invited.Request = "one-request"
	in(t, d, invited, pg.Write, func(ctx context.Context, tx *pg.Tx) error {
		_, err := member.Invite(ctx, tx, member.Invitation{Name: "Robin Öst", Email: "robin@alvesta.example", Role: auth.RolePartyAdministrator,
			Organisation: uuid.NullUUID{UUID: o.ID, Valid: true}})
		return err
	})

	stories, lines := news(t, d, administrator)
	want := []line{
		{Subject: "membership", Title: "party-administrator of Alvesta kommun", Action: "insert"},
		{Subject: "organisation", Title: "Alvesta kommun", Action: "update", Fields: []string{"name", "phone", "website"}},
		{Subject: "county_version", Action: "insert"},
	}
	if d := cmp.Diff(want, lines); d != "" {
		t.Errorf("the news (-want +got):\n%s", d)
	}
	if stories[1].ActorName != "Kim Åberg" || stories[1].Actor != "person:"+kim.ID.String() {
		t.Errorf("by %q, %q", stories[1].Actor, stories[1].ActorName)
	}
	for _, s := range stories {
		for _, c := range s.Changes {
			if c.Personal && c.After != "" {
				t.Errorf("a personal value is told: %+v", c)
			}
		}
	}

	representative := dbtest.Actor("kronoberg", auth.RolePartyRepresentative, o.ID)
	stories, lines = news(t, d, representative)
	others := append([]line{{Subject: "person", Title: "Robin Öst", Action: "insert"}}, want[1:]...)
	if d := cmp.Diff(others, lines); d != "" {
		t.Errorf("for whoever may not read the members (-want +got):\n%s", d)
	}
	if slices.ContainsFunc(stories, func(s audit.Story) bool { return s.Actor != "" || s.ActorName != "" }) {
		t.Errorf("whoever may not read the trail reads who: %+v", stories)
	}
	if _, lines = news(t, d, dbtest.Actor("kronoberg", auth.RolePartyAdministrator, o.ID)); !cmp.Equal(want, lines) {
		t.Errorf("for the party's administrator: %+v", lines)
	}
	if _, lines = news(t, d, dbtest.Actor("kronoberg", auth.RolePartyAdministrator, uuid.New())); !cmp.Equal(others, lines) {
		t.Errorf("for another party's administrator: %+v", lines)
	}
	if _, lines = news(t, d, dbtest.Actor("halland", auth.RoleCountyAdministrator, uuid.Nil)); len(lines) != 1 {
		t.Errorf("another county reads %+v", lines)
	}
}

func TestASucceedingOrganisationIsPartOfTheNews(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	old, after := made(t, d, "kronoberg", "Det gamla förbundet"), made(t, d, "kronoberg", "Det nya förbundet")
	strategist := dbtest.Actor("kronoberg", auth.RoleStrategist, uuid.Nil)
	in(t, d, strategist, pg.Write, func(ctx context.Context, tx *pg.Tx) error {
		_, err := organisation.End(ctx, tx, old.ID, old.Version, organisation.Ending{On: tx.Today(), Kind: "merged", Successors: []uuid.UUID{after.ID}})
		return err
	})
	stories, lines := news(t, d, strategist)
	want := line{Subject: "organisation", Title: "Det gamla förbundet", Action: "update", Fields: []string{"valid_to"}, Parts: []string{"succession"}}
	if d := cmp.Diff(want, lines[0]); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if day, ok := stories[0].Went("valid_to"); !ok || day != "2026-11-25" {
		t.Errorf("it ends %q", day)
	}
	if len(lines) != 2 {
		t.Errorf("%+v", lines)
	}
}

func TestManyThingsAreNamedInOneQuestion(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	var refs []audit.Ref
	for _, name := range []string{"Alvesta kommun", "Ljungby kommun"} {
		refs = append(refs, audit.Ref{Subject: "organisation", ID: made(t, d, "kronoberg", name).ID.String()})
	}
	kinda := made(t, d, "ostergotland", "Kinda kommun")
	refs = append(refs, refs[0], audit.Ref{Subject: "organisation", ID: kinda.ID.String()}, audit.Ref{Subject: "county", ID: "kronoberg"},
		audit.Ref{Subject: "organisation", ID: "no id"}, audit.Ref{Subject: "person", ID: refs[0].ID})
	for _, c := range []struct {
		actor auth.Actor
		want  []string
	}{
		{dbtest.Actor("kronoberg", auth.RoleStrategist, uuid.Nil), []string{"Alvesta kommun", "Ljungby kommun"}},
		{dbtest.Actor("kronoberg", auth.RoleNationalAnalyst, uuid.Nil), nil},
	} {
		in(t, d, c.actor, pg.Read, func(ctx context.Context, tx *pg.Tx) error {
			called, err := audit.Names(ctx, tx, refs)
			var got []string
			for r, n := range called {
				got = append(got, n.Name)
				if n.Whole != r || n.Title != n.Name {
					t.Errorf("%v is part of %v", r, n.Whole)
				}
			}
			slices.Sort(got)
			if d := cmp.Diff(c.want, got); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
			return err
		})
	}
}

// Every thing that has a name or is part of one that has is named, and the
// query knows every table it asks.
func TestEverySubjectOfTheTrailIsNamedOrTechnical(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	technical := map[string]bool{"county": true, "county_version": true, "county_section": true, "county_section_change": true, "operator_entry": true}
	// What belongs to a meeting is told on its own pages, to those who may see it:
	// a confidential matter has no name anywhere else.
	for _, s := range []string{"meeting", "agenda_item", "agenda_called", "agenda_paper", "invitation", "meeting_mail", "meeting_seating", "calendar_feed", "attendance", "bias", "ballot",
		"remark", "decision", "ratification", "ratification_earlier", "duty", "minutes_paragraph", "adjusting", "minutes", "amendment", "sharing"} {
		technical[s] = true
	}
	// What belongs to costs is told on their own pages, to those who may see it: a
	// preview is the county's own. Figures of population are told by their register.
	for _, s := range []string{"cost_run", "cost_statement", "cost_question", "population_figure", "population_import"} {
		technical[s] = true
	}
	rows, err := d.Owner(t).Query(t.Context(), "SELECT c.relname FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid JOIN pg_proc f ON f.oid = g.tgfoid WHERE f.proname = 'audit_row'")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var subject string
		if err := rows.Scan(&subject); err != nil {
			t.Fatal(err)
		}
		if !technical[subject] && !audit.Named(subject) {
			t.Errorf("%s leaves a trail and is called nothing there", subject)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
}
