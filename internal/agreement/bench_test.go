package agreement_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/sample"
)

// grown is a county with a tree of goals, fan wide and levels deep, each of which
// has said something else every so many years since 1996. It is written as the
// owner, past trail and rules: what is measured is the reading.
func grown(t testing.TB, fan, levels, versions int) (*dbtest.Database, uuid.UUID) {
	t.Helper()
	db := dbtest.New(t)
	var id uuid.UUID
	err := db.InTenant(t.Context(), auth.System("kronoberg", "test", "test"), pg.Write, func(tx *pg.Tx) error {
		if _, err := sample.Organisations(t.Context(), tx); err != nil {
			return err
		}
		if _, err := sample.Agreements(t.Context(), tx); err != nil {
			return err
		}
		i, err := agreement.Create(t.Context(), tx, agreement.Card{Kind: "agreement", Title: "Stor"})
		id = i.ID
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	conn := db.Owner(t)
	statements := []string{
		`ALTER TABLE goal DISABLE TRIGGER goal_audit`,
		`ALTER TABLE goal_version DISABLE TRIGGER goal_version_audit`,
		// The exclusion's own index is not read by any query, and slow to fill.
		`ALTER TABLE goal_version DROP CONSTRAINT goal_version_once`,
		// A node's number is its parent's times fan, plus its place: 0 is the instrument.
		fmt.Sprintf(`CREATE TEMP TABLE node AS WITH RECURSIVE tree AS (
			SELECT NULL::uuid AS parent, gen_random_uuid() AS id, 1 AS depth, p FROM generate_series(1, %[1]d) p
			UNION ALL SELECT t.id, gen_random_uuid(), t.depth + 1, s FROM tree t, generate_series(1, %[1]d) s WHERE t.depth < %[2]d)
			SELECT * FROM tree`, fan, levels),
		fmt.Sprintf(`INSERT INTO goal (tenant_id, id, instrument_id, key) SELECT 'kronoberg', id, '%s', 'g' || row_number() OVER () FROM node`, id),
		fmt.Sprintf(`INSERT INTO goal_version (tenant_id, id, goal_id, instrument_id, parent_id, level, position, name, valid_from, valid_to, ending)
			SELECT 'kronoberg', gen_random_uuid(), n.id, '%s', n.parent, 'area', n.p, 'Mål ' || n.p || ' version ' || v,
				make_date(1996 + 30 * (v - 1) / %[2]d, 1, 1), CASE WHEN v < %[2]d THEN make_date(1996 + 30 * v / %[2]d, 1, 1) END, CASE WHEN v < %[2]d THEN 'changed' ELSE '' END
			FROM node n, generate_series(1, %[2]d) v`, id, versions),
		`ANALYZE goal`, `ANALYZE goal_version`,
	}
	for _, s := range statements {
		if _, err := conn.Exec(t.Context(), s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
	if _, err := conn.Exec(t.Context(), `VACUUM goal_version`); err != nil { // as autovacuum would have
		t.Fatal(err)
	}
	return db, id
}

// Behind the wall only what is leakproof reaches an index: the words and the
// tree are asked so that they do.
func TestSearchAndTreeUseTheirIndexesBehindTheWall(t *testing.T) {
	t.Parallel()
	db, id := grown(t, 20, 2, 6)
	src, err := os.ReadFile("queries.sql")
	if err != nil {
		t.Fatal(err)
	}
	literal := strings.NewReplacer("@words", "ARRAY['bo']", "@documents", "true", "@on_day", "'2024-01-01'::date", "@tenant_id", "'kronoberg'", "@unders", "ARRAY['"+id.String()+"']", "@upto", "10", "@max", "10", "@skip", "0")
	for name, wants := range map[string][]string{
		"Search": {"(word >= q.a) AND (word < q.beyond)", "(word = (q_1.stem)::text)", "document_word_pkey on document_word b_1", "document_word_pkey on document_word s_1"},
		"Tree":   {"Index Only Scan using goal_version_tree ", "AND (until > '2024-01-01'::date)", "goal_version_tree_closed"},
	} {
		_, query, _ := strings.Cut(string(src), "-- name: "+name+" :many\n")
		query, _, _ = strings.Cut(query, "-- name:")
		query = strings.ReplaceAll(query, "sqlc.embed(v)", "v.*")
		err := db.InTenant(t.Context(), auth.System("kronoberg", "test", "test"), pg.Read, func(tx *pg.Tx) error {
			// The words are few in a test; what matters is that the index could be asked.
			if _, err := tx.Exec(t.Context(), "SET LOCAL enable_seqscan = off"); err != nil {
				return err
			}
			rows, err := tx.Query(t.Context(), "EXPLAIN "+literal.Replace(query))
			if err != nil {
				return err
			}
			var lines []string
			for rows.Next() {
				var line string
				if err := rows.Scan(&line); err != nil {
					return err
				}
				lines = append(lines, line)
			}
			plan := strings.Join(lines, "\n")
			for _, want := range wants {
				if !strings.Contains(plan, want) {
					t.Errorf("%s does not ask its index for %s:\n%s", name, want, plan)
				}
			}
			return rows.Err()
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// The tree of the county as its facts tell it, and that of a county with 100,000
// goals and 30 years of versions: one level open, as of a day. The second
// should take at most twice the first's time.
func BenchmarkTree(b *testing.B) {
	db, large := grown(b, 10, 5, 6) // 111,110 goals, 666,660 versions
	var small uuid.UUID
	who := auth.System("kronoberg", "test", "test")
	err := db.InTenant(b.Context(), who, pg.Read, func(tx *pg.Tx) error {
		i, err := agreement.ByKey(b.Context(), tx, "sok-2019")
		small = i.ID
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	for _, c := range []struct {
		name string
		id   uuid.UUID
		on   day.Day
	}{{"demo/late", small, d("2024-01-01")}, {"large/late", large, d("2024-01-01")}, {"demo/early", small, d("2019-06-01")}, {"large/early", large, d("2003-06-01")}} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				err := db.InTenant(b.Context(), who, pg.Read, func(tx *pg.Tx) error {
					top, n, err := agreement.Tree(b.Context(), tx, c.id, c.on, uuid.Nil, 50, 1)
					if err != nil || n == 0 {
						return fmt.Errorf("%d goals: %w", n, err)
					}
					_, _, err = agreement.Tree(b.Context(), tx, c.id, c.on, top[0].ID, 50, 1)
					return err
				})
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
