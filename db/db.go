// Package db embeds the schema: migrations, and the grants on river's tables.
package db

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

//go:embed migrations/*.sql
var migrations embed.FS

// RiverSchema is where the queue lives. It has no row-level security, so its
// arguments carry ids only.
const RiverSchema = "river"

// riverGrants lets the server's login work the queue and ask which migrations
// have run, and a county's unit of work put jobs into the queue. Said again after each migration, since an upgrade of
// river may bring tables.
const riverGrants = `
GRANT USAGE ON SCHEMA river TO overens, overens_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA river TO overens;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA river TO overens, overens_app;
GRANT SELECT, INSERT, UPDATE ON river.river_job TO overens_app;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA river TO overens, overens_app;
GRANT SELECT ON public.goose_db_version TO overens;`

// Migrate brings the schema at url to this program's version, as the owner.
// Two at once wait for each other. It returns how many migrations ran.
func Migrate(ctx context.Context, url string) (int, error) {
	conf, err := pgx.ParseConfig(url)
	if err != nil {
		return 0, fmt.Errorf("the owner's database address: %w", err)
	}
	conn := stdlib.OpenDB(*conf)
	defer conn.Close()
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return 0, err
	}
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return 0, err
	}
	p, err := goose.NewProvider(goose.DialectPostgres, conn, files, goose.WithSessionLocker(locker))
	if err != nil {
		return 0, err
	}
	done, err := p.Up(ctx)
	if err != nil {
		return len(done), fmt.Errorf("migrating: %w", err)
	}
	if err := migrateRiver(ctx, url, conn); err != nil {
		return len(done), fmt.Errorf("migrating the queue: %w", err)
	}
	return len(done), nil
}

func migrateRiver(ctx context.Context, url string, conn *sql.DB) error {
	if _, err := conn.ExecContext(ctx, `CREATE SCHEMA IF NOT EXISTS river`); err != nil {
		return err
	}
	pool, err := pgxpool.New(ctx, url)
	if err != nil {
		return err
	}
	defer pool.Close()
	m, err := rivermigrate.New(riverpgxv5.New(pool), &rivermigrate.Config{Schema: RiverSchema})
	if err != nil {
		return err
	}
	if _, err := m.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return err
	}
	_, err = conn.ExecContext(ctx, riverGrants)
	return err
}

// Pending tells how many migrations this program has that the database has
// not: a server that starts before its migrations is not ready.
func Pending(ctx context.Context, q interface {
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}) (int, error) {
	entries, err := fs.ReadDir(migrations, "migrations")
	if err != nil {
		return 0, err
	}
	var applied int
	if err := q.QueryRow(ctx, `SELECT count(*) FROM public.goose_db_version WHERE version_id > 0 AND is_applied`).Scan(&applied); err != nil {
		return len(entries), err
	}
	return len(entries) - applied, nil
}
