//go:build unsealed

package pg

import (
	"context"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"github.com/overens/overens/internal/tenant"
)

// Unsealed opens a door without the wall, with any login: no role, no county,
// no policy. It exists for the benchmark that measures what the wall costs, and
// is in no program: only the build tag "unsealed" brings it.
func Unsealed(ctx context.Context, url string, o Options) (*DB, error) {
	conf, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	conf.ConnConfig.StatementCacheCapacity = statements
	if o.Configure != nil {
		o.Configure(conf)
	}
	pool, err := pgxpool.NewWithConfig(ctx, conf)
	if err != nil {
		return nil, err
	}
	jobs, err := river.NewClient(riverpgxv5.New(pool), &river.Config{Schema: "river"})
	if err != nil {
		return nil, err
	}
	return &DB{pool: pool, jobs: jobs, load: o.Load, renew: o.Renew, now: o.Now, counties: map[string]tenant.County{}}, nil
}
