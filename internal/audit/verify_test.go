package audit_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/overens/overens/internal/audit"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/pg"
)

// Whoever holds the database can write what he likes into it; that he did shows.
func TestVerifyingFindsWhatWasTamperedWith(t *testing.T) {
	t.Parallel()
	const open = "ALTER TABLE audit_personal DISABLE TRIGGER USER"
	for _, c := range []struct {
		name   string
		tamper []string
		seq    int64
		why    string
	}{
		{"another actor", []string{"UPDATE audit_entry SET actor = 'person:somebody' WHERE seq = 5"}, 5, "does not fit its content"},
		{"another value", []string{`UPDATE audit_entry SET changed = jsonb_set(changed, '{after,name}', '"Annan"') WHERE seq = 5`}, 5, "does not fit its content"},
		{"another time", []string{"UPDATE audit_entry SET at = at - interval '1 microsecond' WHERE seq = 5"}, 5, "does not fit its content"},
		{"another digest", []string{`UPDATE audit_entry SET personal_digest = '\x00' WHERE seq = 5`}, 5, "does not fit its content"},
		{"a row taken away", []string{"DELETE FROM audit_personal WHERE seq = 5", "DELETE FROM audit_entry WHERE seq = 5"}, 5, "missing"},
		{"the first row taken away", []string{"DELETE FROM audit_personal WHERE seq = 1", "DELETE FROM audit_entry WHERE seq = 1"}, 1, "missing"},
		{"two rows that change places", []string{
			"ALTER TABLE audit_personal DROP CONSTRAINT audit_personal_of", open,
			"UPDATE audit_entry SET seq = -seq WHERE seq IN (5, 6)", "UPDATE audit_entry SET seq = 11 + seq WHERE seq < 0",
			"UPDATE audit_personal SET seq = -seq WHERE seq IN (5, 6)", "UPDATE audit_personal SET seq = 11 + seq WHERE seq < 0",
		}, 5, "does not fit its content"},
		{"rows after one moved up", []string{
			"ALTER TABLE audit_personal DROP CONSTRAINT audit_personal_of", open, "DELETE FROM audit_entry WHERE seq = 5", "DELETE FROM audit_personal WHERE seq = 5",
			"UPDATE audit_entry SET seq = -seq WHERE seq > 5", "UPDATE audit_entry SET seq = -seq - 1 WHERE seq < 0",
			"UPDATE audit_head SET seq = seq - 1",
		}, 5, "does not fit its content"},
		{"the tail cut off", []string{"DELETE FROM audit_personal WHERE seq > 6", "DELETE FROM audit_entry WHERE seq > 6"}, 7, "the chain ends at row 6"},
		{"everything cut off but the head", []string{"DELETE FROM audit_personal", "DELETE FROM audit_entry"}, 1, "the chain ends at row 0"},
		{"a row written behind", []string{`INSERT INTO audit_entry SELECT tenant_id, seq + 1, at, actor, request, subject, row_id, action, changed, NULL,
			audit_hash(hash, tenant_id, seq + 1, at, actor, request, subject, row_id, action, changed, NULL) FROM audit_entry ORDER BY seq DESC LIMIT 1`}, 10, "the chain ends at row 9, its head says 8"},
		{"a personal body changed", []string{open, `UPDATE audit_personal SET body = '{"after": {"email": "annan@alvesta.example"}}' WHERE seq = 5`}, 5, "do not fit their digest"},
		{"a personal body taken away", []string{"DELETE FROM audit_personal WHERE seq = 5"}, 5, "were not masked"},
		{"a personal body made up", []string{"UPDATE organisation SET source = 'x' WHERE name = 'Nr 1'", `INSERT INTO audit_personal (tenant_id, seq, salt, body) VALUES ('kronoberg', 9, '\x00', '{"after": {}}')`}, 9, "knows nothing of"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := eight(t)
			exec(t, d, c.tamper...)

			r := verify(t, d, "kronoberg", "")

			if !slices.ContainsFunc(r.Breaks, func(b audit.Break) bool { return b.Seq == c.seq && strings.Contains(b.Why, c.why) }) {
				t.Errorf("found %v; want row %d: … %s …", r.Breaks, c.seq, c.why)
			}
			if first := r.Breaks; len(first) > 0 && first[0].Seq != c.seq {
				t.Errorf("the first break is said to be row %d, want %d", first[0].Seq, c.seq)
			}
		})
	}
}

// A chain that was made anew from a row on is whole in itself. Only what was
// noted elsewhere shows it.
func TestAnAnchorShowsAChainMadeAnew(t *testing.T) {
	t.Parallel()
	d := eight(t)
	anchor := verify(t, d, "kronoberg", "").Head
	exec(t, d, "DELETE FROM audit_personal WHERE seq = 8", "DELETE FROM audit_entry WHERE seq = 8",
		"UPDATE audit_head h SET seq = 7, hash = e.hash FROM audit_entry e WHERE e.seq = 7 AND e.tenant_id = h.tenant_id AND h.tenant_id = 'kronoberg'")
	one(t, d, "Ny historia")

	if r := verify(t, d, "kronoberg", ""); len(r.Breaks) != 0 || r.Rows != 8 {
		t.Fatalf("%d rows, %v: the new chain should hold in itself", r.Rows, r.Breaks)
	}
	if r := verify(t, d, "kronoberg", anchor); len(r.Breaks) != 1 || !strings.Contains(r.Breaks[0].Why, anchor) {
		t.Errorf("with the anchor: %v", r.Breaks)
	}
	for _, wrong := range []string{"8:00", "nonsense", "9" + anchor[1:]} {
		if r := verify(t, d, "kronoberg", wrong); len(r.Breaks) != 1 {
			t.Errorf("the anchor %q: %v", wrong, r.Breaks)
		}
	}
}

func TestAnAnchorStandsWhenTheChainHasGrown(t *testing.T) {
	t.Parallel()
	d := eight(t)
	anchor := verify(t, d, "kronoberg", "").Head
	one(t, d, "En till")
	if r := verify(t, d, "kronoberg", anchor); len(r.Breaks) != 0 || r.Rows != 9 || r.Head == anchor {
		t.Errorf("%+v", r)
	}
}

func TestACountyWithoutATrailHolds(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	var r audit.Report
	err := d.InNew(t.Context(), auth.System("blekinge", "test", ""), func(tx *pg.Tx) (err error) {
		r, err = audit.Verify(t.Context(), tx, "")
		return err
	})
	if err != nil || r.Rows != 0 || len(r.Breaks) != 0 || r.Head != "" {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestALongChainIsReadInStretches(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	before := verify(t, d, "kronoberg", "").Rows
	const more = 2500
	in(t, d, auth.System("kronoberg", "test", ""), pg.Write, func(ctx context.Context, tx *pg.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO organisation (id, key, type, name) SELECT gen_random_uuid(), 'nr-' || n, 'other', 'Nr ' || n FROM generate_series(1, $1) n`, more)
		return err
	})
	if r := verify(t, d, "kronoberg", ""); r.Rows != before+more || len(r.Breaks) != 0 {
		t.Errorf("%d rows, want %d; %v", r.Rows, before+more, r.Breaks)
	}
	exec(t, d, "UPDATE audit_entry SET actor = 'somebody' WHERE tenant_id = 'kronoberg' AND seq > 100")
	if r := verify(t, d, "kronoberg", ""); len(r.Breaks) != 50 {
		t.Errorf("%d breaks are told of, want the first 50", len(r.Breaks))
	}
}

// eight is a database whose county of Kronoberg has a trail of eight rows, and no other.
func eight(t testing.TB) *dbtest.Database {
	t.Helper()
	d := dbtest.New(t)
	exec(t, d, "DELETE FROM audit_personal", "DELETE FROM audit_entry", "DELETE FROM audit_head")
	for i := range 8 {
		one(t, d, fmt.Sprint("Nr ", i+1))
	}
	if r := verify(t, d, "kronoberg", ""); r.Rows != 8 || len(r.Breaks) != 0 {
		t.Fatalf("%d rows, %v; want 8 that hold", r.Rows, r.Breaks)
	}
	return d
}

func one(t testing.TB, d *dbtest.Database, name string) { t.Helper(); made(t, d, "kronoberg", name) }
