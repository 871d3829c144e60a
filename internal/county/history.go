package county

import (
	"context"
	"time"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/county/internal/countydb"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

// Entry is one change in a section's history.
type Entry struct {
	Version
	Differences []tenant.Difference `json:"differences" doc:"What changed in the section."`
}

// History are a section's changes, newest first.
func History(ctx context.Context, tx *pg.Tx, key string, limit, offset int32) ([]Entry, error) {
	if err := tx.Require(auth.CountyRead); err != nil {
		return nil, err
	}
	kind, err := tenant.SectionOf(key)
	if err != nil {
		return nil, fault.Missing().Because(err)
	}
	rows, err := countydb.New(tx).History(ctx, countydb.HistoryParams{Section: key, Max: limit, Skip: offset})
	if err != nil {
		return nil, err
	}
	all := make([]Entry, len(rows))
	for i, r := range rows {
		after, err := decode(tx, r.Version, r.Body)
		if err != nil {
			return nil, err
		}
		var before tenant.County
		if len(r.BodyBefore) > 0 {
			if before, err = decode(tx, r.Version-1, r.BodyBefore); err != nil {
				return nil, err
			}
		}
		all[i] = Entry{
			Version: Version{Version: r.Version, Source: r.Source, Reason: r.Reason, Decision: r.Decision, Actor: r.Actor, At: r.CreatedAt},
			// Only this section: the rest of before, with the section of after.
			Differences: tenant.Compare(before, kind.TakenFrom(before, after)),
		}
	}
	return all, nil
}

// HistoryLength is how many changes a section's history has.
func HistoryLength(ctx context.Context, tx *pg.Tx, key string) (int, error) {
	if err := tx.Require(auth.CountyRead); err != nil {
		return 0, err
	}
	n, err := countydb.New(tx).HistoryLength(ctx, key)
	return int(n), err
}

// Compare tells how one version of the configuration differs from another.
func Compare(ctx context.Context, tx *pg.Tx, one, other int64) ([]tenant.Difference, error) {
	if err := tx.Require(auth.CountyRead); err != nil {
		return nil, err
	}
	before, err := at(ctx, tx, one)
	if err != nil {
		return nil, err
	}
	after, err := at(ctx, tx, other)
	if err != nil {
		return nil, err
	}
	return tenant.Compare(before, after), nil
}

func at(ctx context.Context, tx *pg.Tx, version int64) (tenant.County, error) {
	body, err := countydb.New(tx).VersionAt(ctx, version)
	if err != nil {
		return tenant.County{}, err
	}
	return decode(tx, version, body)
}

// AsKnown is what held in the county on a day, as it was known at an instant:
// what a later correction has changed is not in it. It also gives the version
// of the configuration that told so.
func AsKnown(ctx context.Context, tx *pg.Tx, d day.Day, at time.Time) ([]InForce, int64, error) {
	if err := tx.Require(auth.CountyRead); err != nil {
		return nil, 0, err
	}
	row, err := countydb.New(tx).KnownAt(ctx, at)
	if err != nil {
		return nil, 0, err
	}
	c, err := decode(tx, row.Version, row.Body)
	if err != nil {
		return nil, 0, err
	}
	return holding(c, d), row.Version, nil
}
