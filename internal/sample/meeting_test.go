package sample_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/document"
	"github.com/overens/overens/internal/files"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/person"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/sample"
)

// met is a county in full with its meetings made up for show, and how many there are.
func met(t *testing.T, slug string) (context.Context, *pg.Tx, int) {
	t.Helper()
	ctx, tx := loaded(t, slug)
	dbtest.AsSystem(tx)
	if err := sample.People(ctx, tx, "https://login.example.se"); err != nil {
		t.Fatal(err)
	}
	if _, err := sample.Seats(ctx, tx); err != nil {
		t.Fatal(err)
	}
	store, err := files.Open(ctx, "file://"+t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	content, err := sample.PaperFiles(slug)
	if err != nil {
		t.Fatal(err)
	}
	papers := map[string]document.Blob{}
	for title, b := range content {
		if papers[title], err = document.Accept(ctx, store, tx.Actor, title+".pdf", strings.NewReader(string(b)), 0); err != nil {
			t.Fatal(err)
		}
	}
	now := tx.Now
	n, err := sample.Meetings(ctx, tx, papers)
	if err != nil || n < 15 {
		t.Fatalf("%s: %d, %v", slug, n, err)
	}
	if again, err := sample.Meetings(ctx, tx, papers); err != nil || again != 0 {
		t.Errorf("%s: the second time %d, %v", slug, again, err)
	}
	if tx.Now != now || tx.Kind != auth.KindSystem {
		t.Errorf("%s: the unit of work was left at %s, as %s", slug, tx.Now, tx.Kind)
	}
	return ctx, tx, n
}

func TestTheDemosMeetingsHaveBeenHeldInTheirTime(t *testing.T) {
	for _, slug := range sample.InFull() {
		ctx, tx, n := met(t, slug)
		ms, total, err := meeting.List(ctx, tx, meeting.Filter{Limit: 1000, Page: 1})
		if err != nil || total != n {
			t.Fatalf("%s: %d of %d, %v", slug, total, n, err)
		}
		states := map[meeting.State]int{}
		for _, m := range ms {
			states[m.State]++
			if !m.Demo || m.Imported || m.CalledAt != nil && m.CalledAt.After(m.On.Start().AddDate(0, 0, 1)) || m.AdjustedAt != nil && m.AdjustedAt.Before(m.On.Start()) || m.State.Held() && m.On.After(tx.Today()) {
				t.Errorf("%s: %s on %s was called %v, adjusted %v, is %s, demo %v", slug, m.Body, m.On, m.CalledAt, m.AdjustedAt, m.State, m.Demo)
			}
		}
		for _, s := range []meeting.State{meeting.Announced, meeting.Drafted, meeting.Called, meeting.Minuted, meeting.Published} {
			if states[s] == 0 {
				t.Errorf("%s: no meeting is %s: %v", slug, s, states)
			}
		}
		ds, _, err := meeting.Decisions(ctx, tx, meeting.DecisionFilter{Limit: 100, Page: 1})
		if err != nil || (slug == "halland") != (len(ds) == 0) {
			t.Errorf("%s: %d decisions, %v", slug, len(ds), err)
		}
		if slug == "halland" {
			continue
		}
		if late, _, err := meeting.Decisions(ctx, tx, meeting.DecisionFilter{Status: meeting.StatusOpen, Overdue: true, Limit: 100, Page: 1}); err != nil || len(late) == 0 || len(late) == len(ds) {
			t.Errorf("%s: %d of %d decisions are late, %v", slug, len(late), len(ds), err)
		}
		waits, _, err := meeting.Ratifications(ctx, tx, meeting.RatificationFilter{Answer: "awaited", Limit: 100, Page: 1})
		if err != nil || len(waits) == 0 {
			t.Errorf("%s: nothing is awaited from the parties, %v", slug, err)
		}
	}
}

func TestThosePersonasWhoSitHaveSomethingWaiting(t *testing.T) {
	ctx, tx, _ := met(t, "kronoberg")
	for _, key := range []string{"kronoberg-strategist", "kronoberg-officer", "kronoberg-alvesta-representative", "kronoberg-alvesta-reporter", "kronoberg-af-administrator", "kronoberg-region-representative"} {
		at := slices.IndexFunc(sample.Personas(), func(p sample.Persona) bool { return p.Key == key })
		found, _, err := person.List(ctx, tx, person.Filter{Query: sample.Personas()[at].Name, Limit: 1, Page: 1})
		if err != nil || len(found) != 1 {
			t.Fatalf("%s: %v, %v", key, found, err)
		}
		was := tx.Actor
		tx.Actor = auth.Actor{Tenant: tx.Tenant, Kind: auth.KindPerson, Person: found[0].ID, Grants: []auth.Grant{{Role: auth.RolePartyRepresentative}}}
		if mine, err := meeting.Mine(ctx, tx, true); err != nil || len(mine) == 0 {
			t.Errorf("%s has nothing to answer, %v", key, err)
		}
		tx.Actor = was
	}
	// The chair has minutes to attest.
	ms, _, err := meeting.List(ctx, tx, meeting.Filter{Body: "forum", States: []meeting.State{meeting.Minuted}, Limit: 10, Page: 1})
	if err != nil || len(ms) != 1 {
		t.Fatalf("%+v, %v", ms, err)
	}
	m, err := meeting.MinutesOf(ctx, tx, ms[0].ID)
	if err != nil || len(m.Adjusters) == 0 || m.Adjusters[0].State != meeting.AdjusterAsked || m.Adjusters[0].Person == uuid.Nil {
		t.Errorf("%+v, %v", m.Adjusters, err)
	}
}
