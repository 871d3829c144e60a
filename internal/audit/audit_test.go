package audit_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/audit"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/person"
	"github.com/overens/overens/internal/pg"
)

func TestEveryChangeSaysWhoDidWhatAndWhy(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	strategist := dbtest.Actor("kronoberg", auth.RoleStrategist, uuid.Nil)
	strategist.Request = "the-request"
	var o organisation.Organisation
	in(t, d, strategist, pg.Write, func(ctx context.Context, tx *pg.Tx) (err error) {
		o, err = organisation.Create(ctx, tx, organisation.Card{Type: "other", Name: "Ideell förening", Email: "anna@forening.example"})
		return err
	})
	in(t, d, strategist, pg.Write, func(ctx context.Context, tx *pg.Tx) error {
		c := o.Card
		c.Website, c.Email = "https://forening.example", "bo@forening.example"
		_, err := organisation.Change(ctx, tx, o.ID, o.Version, c)
		return err
	})

	var list []audit.Entry
	in(t, d, strategist, pg.Read, func(ctx context.Context, tx *pg.Tx) (err error) {
		list, _, err = audit.List(ctx, tx, audit.Filter{Subject: "organisation", RowID: o.ID.String(), Limit: 10, Page: 1})
		return err
	})

	if len(list) != 2 {
		t.Fatalf("%d rows of trail, want 2", len(list))
	}
	changed, created := list[0], list[1]
	if changed.Actor != "person:"+strategist.Person.String() || changed.Request != "the-request" || changed.Action != "update" || created.Action != "insert" {
		t.Errorf("got %+v, then %+v", created, changed)
	}
	if changed.Seq != created.Seq+1 || changed.At.Before(created.At) {
		t.Errorf("the order is lost: %d at %s, then %d at %s", created.Seq, created.At, changed.Seq, changed.At)
	}
	want := []audit.Change{
		{Field: "website", After: "https://forening.example"},
		{Field: "email", Before: "anna@forening.example", After: "bo@forening.example", Personal: true},
	}
	if d := cmp.Diff(want, changed.Changes); d != "" {
		t.Errorf("changes (-want +got):\n%s", d)
	}
}

func TestPersonalValuesNeverStandInTheChain(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	secrets := []string{"Kim Åberg", "Robin Öst", "Kommunchef", "kim@alvesta.example", "0472-150 00"}
	in(t, d, auth.System("kronoberg", "test", ""), pg.Write, func(ctx context.Context, tx *pg.Tx) error {
		p, err := person.Create(ctx, tx, person.Card{Name: "Kim Åberg", Title: "Kommunchef", Email: "kim@alvesta.example", Phone: "0472-150 00"})
		if err != nil {
			return err
		}
		c := p.Card
		c.Name, c.Title, c.Email, c.Phone = "Robin Öst", "", "", ""
		if p, err = person.Change(ctx, tx, p.ID, p.Version, c); err != nil {
			return err
		}
		_, err = organisation.Create(ctx, tx, organisation.Card{Type: "other", Name: "Förening", Email: "kim@alvesta.example", Phone: "0472-150 00"})
		return err
	})

	owner := d.Owner(t)
	var chain, bodies string
	if err := owner.QueryRow(t.Context(), "SELECT string_agg(to_jsonb(e)::text, '') FROM audit_entry e").Scan(&chain); err != nil {
		t.Fatal(err)
	}
	if err := owner.QueryRow(t.Context(), "SELECT string_agg(body::text, '') FROM audit_personal").Scan(&bodies); err != nil {
		t.Fatal(err)
	}
	for _, s := range secrets {
		if strings.Contains(chain, s) {
			t.Errorf("%q stands in the chain", s)
		}
		if !strings.Contains(bodies, s) {
			t.Errorf("%q is not kept beside the chain", s)
		}
	}
}

func TestTheOwnersOwnHandLeavesATrail(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	o := made(t, d, "kronoberg", "Alvesta kommun")
	if _, err := d.Owner(t).Exec(t.Context(), "UPDATE organisation SET source = 'by hand' WHERE id = $1", o.ID); err != nil {
		t.Fatal(err)
	}
	list := trail(t, d, "kronoberg", o.ID)
	if got := list[0]; got.Actor != "database:overens_owner" || got.Request != "" || got.Changes[0].After != "by hand" {
		t.Errorf("got %+v", got)
	}
	if r := verify(t, d, "kronoberg", ""); len(r.Breaks) > 0 {
		t.Error(r.Breaks)
	}
}

func TestAChangeOfNothingLeavesNoTrail(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	o := made(t, d, "kronoberg", "Alvesta kommun")
	in(t, d, auth.System("kronoberg", "test", ""), pg.Write, func(ctx context.Context, tx *pg.Tx) error {
		if _, err := organisation.Change(ctx, tx, o.ID, o.Version, o.Card); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, "UPDATE organisation SET name = name")
		return err
	})
	if got := trail(t, d, "kronoberg", o.ID); len(got) != 1 {
		t.Errorf("%d rows of trail, want the creation alone", len(got))
	}
}

func TestAnotherCountysTrailIsNotThere(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	o := made(t, d, "ostergotland", "Kinda kommun")
	if got := trail(t, d, "kronoberg", o.ID); len(got) != 0 {
		t.Errorf("Kronoberg reads %v", got)
	}
	in(t, d, auth.System("kronoberg", "test", ""), pg.Write, func(ctx context.Context, tx *pg.Tx) error {
		history, err := audit.History(ctx, tx, "organisation", o.ID, 10, 1)
		if len(history) != 0 {
			t.Errorf("Kronoberg reads %v", history)
		}
		if err := audit.Mask(ctx, tx, 1<<40, "test"); !fault.Is(err, "common.not_found") {
			t.Errorf("masking what is not there: %v", err)
		}
		return err
	})
}

// Many at once, each changing several rows in another order: one chain without
// a fork, and nobody waits for somebody who waits for him.
func TestCommitsAtTheSameTimeMakeOneChain(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	const workers, rounds, rows = 8, 10, 5
	before := verify(t, d, "kronoberg", "").Rows
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			tries := 0
			for range rounds {
				err := d.InTenant(t.Context(), auth.System("kronoberg", fmt.Sprint(w), ""), pg.Write, func(tx *pg.Tx) error {
					tries++
					order := []int{0, 1, 2, 3, 4}[:rows]
					if w%2 == 1 {
						slices.Reverse(order)
					}
					for _, i := range order {
						if _, err := organisation.Create(t.Context(), tx, organisation.Card{Type: "other", Name: fmt.Sprintf("Nr %d %d", w, i)}); err != nil {
							return err
						}
					}
					return nil
				})
				if err != nil {
					t.Error(err)
				}
			}
			if tries != rounds {
				t.Errorf("worker %d had to begin anew %d times", w, tries-rounds)
			}
		})
	}
	var watched sync.WaitGroup
	done := make(chan struct{})
	watched.Go(func() { // a trail that is being written holds as well
		for {
			if r := verify(t, d, "kronoberg", ""); len(r.Breaks) > 0 {
				t.Error(r.Breaks)
			}
			select {
			case <-done:
				return
			default:
			}
		}
	})
	wg.Wait()
	close(done)
	watched.Wait()

	r := verify(t, d, "kronoberg", "")
	if len(r.Breaks) > 0 || r.Rows != before+workers*rounds*rows {
		t.Errorf("%d rows, want %d; breaks: %v", r.Rows, before+workers*rounds*rows, r.Breaks)
	}
}

func TestAMaskHidesAndTheChainHolds(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	o := made(t, d, "kronoberg", "Alvesta kommun")
	anchor := verify(t, d, "kronoberg", "").Head
	seq := trail(t, d, "kronoberg", o.ID)[0].Seq
	administrator := dbtest.Actor("kronoberg", auth.RoleCountyAdministrator, uuid.Nil)

	mask := func(actor auth.Actor, seq int64, reason string) error {
		return d.InTenant(t.Context(), actor, pg.Write, func(tx *pg.Tx) error { return audit.Mask(t.Context(), tx, seq, reason) })
	}
	if err := mask(dbtest.Actor("kronoberg", auth.RoleStrategist, uuid.Nil), seq, "dnr 1"); !fault.Is(err, "auth.forbidden") {
		t.Errorf("a strategist masks: %v", err)
	}
	if err := mask(administrator, seq, "  "); !fault.Is(err, "audit.mask_reason") {
		t.Errorf("without a reason: %v", err)
	}
	if err := mask(dbtest.Actor("ostergotland", auth.RoleCountyAdministrator, uuid.Nil), seq, "dnr 1"); !fault.Is(err, "common.not_found") {
		t.Errorf("another county's administrator: %v", err)
	}
	if err := mask(administrator, seq, "Begäran, dnr 123-2026"); err != nil {
		t.Fatal(err)
	}
	if err := mask(administrator, seq, "dnr 1"); !fault.Is(err, "audit.masked_already") {
		t.Errorf("a second time: %v", err)
	}

	got := trail(t, d, "kronoberg", o.ID)[0]
	if got.Masked != "Begäran, dnr 123-2026" {
		t.Errorf("the reason is %q", got.Masked)
	}
	i := slices.IndexFunc(got.Changes, func(c audit.Change) bool { return c.Field == "email" })
	if i < 0 || got.Changes[i] != (audit.Change{Field: "email", Personal: true, Hidden: true}) {
		t.Errorf("changes: %+v", got.Changes)
	}
	if r := verify(t, d, "kronoberg", anchor); len(r.Breaks) > 0 || r.Masked != 1 || r.Head != anchor {
		t.Errorf("%+v, want one masked row and the chain as before", r)
	}
	var left int
	if err := d.Owner(t).QueryRow(t.Context(), "SELECT count(*) FROM audit_personal WHERE body::text LIKE '%alvesta.example%'").Scan(&left); err != nil || left != 0 {
		t.Errorf("%d bodies still hold the address: %v", left, err)
	}
}

func TestTheServerCanOnlyReadAndMaskTheTrail(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	made(t, d, "kronoberg", "Alvesta kommun")
	masked := trail(t, d, "kronoberg", made(t, d, "kronoberg", "Ljungby kommun").ID)[0].Seq
	system := auth.System("kronoberg", "test", "")
	in(t, d, system, pg.Write, func(ctx context.Context, tx *pg.Tx) error { return audit.Mask(ctx, tx, masked, "dnr 1") })
	before := verify(t, d, "kronoberg", "")

	for _, statement := range []string{
		"INSERT INTO audit_entry SELECT tenant_id, seq + 1000, at, actor, request, subject, row_id, action, changed, personal_digest, hash FROM audit_entry LIMIT 1",
		"UPDATE audit_entry SET actor = 'person:somebody'",
		"DELETE FROM audit_entry",
		"TRUNCATE audit_entry CASCADE",
		"UPDATE audit_head SET seq = 0",
		"DELETE FROM audit_head",
		"INSERT INTO audit_head (tenant_id, seq, hash) VALUES ('kronoberg', 0, '')",
		"DELETE FROM audit_personal",
		"INSERT INTO audit_personal (seq, salt, body) VALUES (1, '', '{}')",
		`UPDATE audit_personal SET body = '{"after": {"email": "x@y.example"}}', salt = '\x00', masked_at = NULL, masked_reason = NULL`,              // unmask
		`UPDATE audit_personal SET body = '{"after": {"email": "x@y.example"}}' WHERE body IS NOT NULL`,                                              // change
		"UPDATE audit_personal SET body = NULL, salt = NULL, masked_at = now(), masked_reason = '' WHERE body IS NOT NULL",                           // no reason
		"UPDATE audit_personal SET seq = seq + 1000, body = NULL, salt = NULL, masked_at = now(), masked_reason = 'a reason' WHERE body IS NOT NULL", // move
		"UPDATE audit_personal SET masked_reason = 'another reason' WHERE body IS NULL",                                                              // the reason stays
		"ALTER TABLE audit_entry DISABLE TRIGGER ALL",
		"ALTER TABLE organisation DISABLE TRIGGER ALL",
		"SET session_replication_role = 'replica'",
		"CREATE TEMP TABLE mine (tenant_id text); CREATE TRIGGER mine AFTER INSERT ON mine FOR EACH ROW EXECUTE FUNCTION public.audit_row('organisation')",
	} {
		err := d.InTenant(t.Context(), system, pg.Write, func(tx *pg.Tx) error {
			for s := range strings.SplitSeq(statement, "; ") {
				if _, err := tx.Exec(t.Context(), s); err != nil {
					return err
				}
			}
			return nil
		})
		if err == nil {
			t.Errorf("done: %s", statement)
		}
	}
	if d := cmp.Diff(before, verify(t, d, "kronoberg", "")); d != "" {
		t.Errorf("(-before +after):\n%s", d)
	}
}

func TestAHistoryTellsThoseWhoMayNotReadTheTrailWhatButNotWho(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	o := made(t, d, "kronoberg", "Alvesta kommun")
	var history []audit.Entry
	in(t, d, dbtest.Actor("kronoberg", auth.RolePartyReporter, o.ID), pg.Read, func(ctx context.Context, tx *pg.Tx) (err error) {
		if _, _, err := audit.List(ctx, tx, audit.Filter{Limit: 1, Page: 1}); !fault.Is(err, "auth.forbidden") {
			t.Errorf("the trail: %v", err)
		}
		history, err = audit.History(ctx, tx, "organisation", o.ID, 10, 1)
		return err
	})
	if len(history) != 1 || history[0].Actor != "" || history[0].Request != "" || history[0].ActorName != "" {
		t.Fatalf("got %+v", history)
	}
	for _, c := range history[0].Changes {
		if c.Personal && (!c.Hidden || c.Before != "" || c.After != "") {
			t.Errorf("a personal field shows: %+v", c)
		}
		if c.Field == "name" && c.After != "Alvesta kommun" {
			t.Errorf("the name: %+v", c)
		}
	}
}

func TestTheTrailIsReadPageByPageAndByWhoAndWhat(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	kim := dbtest.Actor("kronoberg", auth.RoleStrategist, uuid.Nil)
	for i := range 5 {
		in(t, d, kim, pg.Write, func(ctx context.Context, tx *pg.Tx) error {
			_, err := organisation.Create(ctx, tx, organisation.Card{Type: "other", Name: fmt.Sprint("Nr ", i)})
			return err
		})
	}
	made(t, d, "kronoberg", "Alvesta kommun")
	for _, c := range []struct {
		filter      audit.Filter
		rows, total int
	}{
		{audit.Filter{Actor: "person:" + kim.Person.String(), Limit: 2, Page: 1}, 2, 5},
		{audit.Filter{Actor: "person:" + kim.Person.String(), Limit: 2, Page: 3}, 1, 5},
		{audit.Filter{Actor: "person:" + kim.Person.String(), Limit: 2, Page: 4}, 0, 5},
		{audit.Filter{Subject: "organisation", Limit: 10, Page: 1}, 6, 6},
		{audit.Filter{Subject: "county", Limit: 10, Page: 1}, 1, 1},
		{audit.Filter{Subject: "nothing'; --", Limit: 10, Page: 1}, 0, 0},
	} {
		in(t, d, kim, pg.Read, func(ctx context.Context, tx *pg.Tx) error {
			list, total, err := audit.List(ctx, tx, c.filter)
			if len(list) != c.rows || total != c.total {
				t.Errorf("%+v: %d rows of %d, want %d of %d", c.filter, len(list), total, c.rows, c.total)
			}
			if !slices.IsSortedFunc(list, func(a, b audit.Entry) int { return int(b.Seq - a.Seq) }) {
				t.Errorf("%+v: not newest first", c.filter)
			}
			return err
		})
	}
}

// in does one unit of work that must succeed.
func in(t testing.TB, d *dbtest.Database, actor auth.Actor, mode pg.Mode, f func(context.Context, *pg.Tx) error) {
	t.Helper()
	if err := d.InTenant(t.Context(), actor, mode, func(tx *pg.Tx) error { return f(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
}

func made(t testing.TB, d *dbtest.Database, slug, name string) (o organisation.Organisation) {
	t.Helper()
	in(t, d, auth.System(slug, "test", ""), pg.Write, func(ctx context.Context, tx *pg.Tx) (err error) {
		o, err = organisation.Create(ctx, tx, organisation.Card{Type: "other", Name: name, Email: "kontakt@alvesta.example"})
		return err
	})
	return o
}

// trail is what is told of one organisation, newest first.
func trail(t testing.TB, d *dbtest.Database, slug string, id uuid.UUID) (list []audit.Entry) {
	t.Helper()
	in(t, d, auth.System(slug, "test", ""), pg.Read, func(ctx context.Context, tx *pg.Tx) (err error) {
		list, _, err = audit.List(ctx, tx, audit.Filter{RowID: id.String(), Limit: 100, Page: 1})
		return err
	})
	return list
}

func verify(t testing.TB, d *dbtest.Database, slug, anchor string) (r audit.Report) {
	t.Helper()
	err := d.InTenant(t.Context(), auth.System(slug, "test", ""), pg.Read, func(tx *pg.Tx) (err error) {
		r, err = audit.Verify(t.Context(), tx, anchor)
		return err
	})
	if err != nil {
		t.Error(err)
	}
	return r
}

// exec does as the owner what no unit of work can.
func exec(t testing.TB, d *dbtest.Database, statements ...string) {
	t.Helper()
	conn := d.Owner(t)
	for _, s := range statements {
		if _, err := conn.Exec(t.Context(), s); err != nil {
			t.Fatalf("%v in %s", err, s)
		}
	}
}
