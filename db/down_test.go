package db_test

import (
	"database/sql"
	"os"
	"path/filepath"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

	"github.com/overens/overens/internal/dbtest"
)

// TestEveryMigrationCanBeTakenBackAndDoneAgain where nothing has been written that
// only the later schema can hold.
func TestEveryMigrationCanBeTakenBackAndDoneAgain(t *testing.T) {
	conn, err := sql.Open("pgx", dbtest.New(t).Owner(t).Config().ConnString())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	p, err := goose.NewProvider(goose.DialectPostgres, conn, os.DirFS(filepath.Join(dbtest.Root(), "db", "migrations")))
	if err != nil {
		t.Fatal(err)
	}
	back, err := p.DownTo(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	again, err := p.Up(t.Context())
	if err != nil || len(again) != len(back) || len(again) == 0 {
		t.Errorf("%d taken back, %d done again, %v", len(back), len(again), err)
	}
}
