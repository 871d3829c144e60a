package county

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

// File is a county's file to be put in force.
type File struct {
	County   tenant.County
	Reason   string
	TakeOver []string // sections that the file keeps from now on, although the pages did
	Guards   []Guard

	source string // FromFile when empty
}

// Applied is what came of a file.
type Applied struct {
	Version     int64               // in force now
	Changed     bool                // whether it is new
	Differences []tenant.Difference // what changed
	Left        []string            // sections kept on the pages, where the file says otherwise: left as they are
}

// Put puts a county's file in force: the sections that the file keeps. What is
// kept on the pages stays as it is and is told. Where nothing differs nothing
// is written. The unit of work is opened by InNew, since the county may not
// exist yet.
func Put(ctx context.Context, tx *pg.Tx, f File) (Applied, error) {
	was, after, managers, a, err := plan(ctx, tx, f)
	if err != nil {
		return Applied{}, err
	}
	if err := guarded(ctx, tx, was, after, f.Guards); err != nil {
		return Applied{}, err
	}
	a.Version, a.Changed, err = keep(ctx, tx, was, after, origin{source: cmp.Or(f.source, FromFile), reason: f.Reason}, managers)
	return a, err
}

// Plan tells what Put would do, and does nothing. What a guard would refuse is
// the error.
func Plan(ctx context.Context, tx *pg.Tx, f File) (Applied, error) {
	was, after, _, a, err := plan(ctx, tx, f)
	if err != nil {
		return Applied{}, err
	}
	a.Version, a.Changed = was.Version, len(a.Differences) > 0 || was.Version == 0
	return a, guarded(ctx, tx, was, after, f.Guards)
}

func plan(ctx context.Context, tx *pg.Tx, f File) (was, after tenant.County, managers map[string]string, a Applied, err error) {
	if err = tx.Require(auth.CountyChange); err != nil {
		return
	}
	if f.County.Slug != tx.Tenant {
		err = fmt.Errorf("county: the configuration of %s in a unit of work of %s", f.County.Slug, tx.Tenant)
		return
	}
	managers = map[string]string{}
	for _, key := range f.TakeOver {
		if _, unknown := tenant.SectionOf(key); unknown != nil {
			err = fault.Bad("county.section_unknown", "/takeOver").With("section", key).Because(unknown)
			return
		}
		managers[key] = FromFile
	}
	if was, err = locked(ctx, tx); err != nil {
		return
	}
	states, err := kept(ctx, tx)
	if err != nil {
		return
	}
	after = f.County
	for _, s := range tenant.SectionTypes() {
		if states[s.Key].Manager == FromPages && !slices.Contains(f.TakeOver, s.Key) && !s.Same(was, after) {
			a.Left = append(a.Left, s.Key)
			after = s.TakenFrom(after, was)
		}
	}
	a.Differences = tenant.Compare(was, after)
	return
}

// Apply is Put for who has nothing to take over and no records to guard.
func Apply(ctx context.Context, tx *pg.Tx, c tenant.County, source, reason string) (version int64, changed bool, err error) {
	a, err := Put(ctx, tx, File{County: c, Reason: reason, source: source})
	return a.Version, a.Changed, err
}

// Create makes a new county that is kept on the pages, from a template filled
// in by tenant.FromTemplate. Asked for again it changes nothing; where another
// county has the slug it refuses. The unit of work is opened by InNew.
func Create(ctx context.Context, tx *pg.Tx, c tenant.County, reason string) (version int64, created bool, err error) {
	if err := tx.Require(auth.CountyChange); err != nil {
		return 0, false, err
	}
	if c.Slug != tx.Tenant {
		return 0, false, fmt.Errorf("county: the configuration of %s in a unit of work of %s", c.Slug, tx.Tenant)
	}
	if err := faults(tenant.Check(c, auth.RoleNames()), "", ""); err != nil {
		return 0, false, err
	}
	was, err := locked(ctx, tx)
	switch {
	case err != nil:
		return 0, false, err
	case was.Version > 0:
		first, err := at(ctx, tx, 1)
		if err != nil || tenant.Equal(first, c) {
			return was.Version, false, err
		}
		return 0, false, fault.New(fault.Conflict, "county.exists").With("slug", c.Slug)
	}
	managers := map[string]string{}
	for _, key := range tenant.SectionKeys() {
		managers[key] = FromPages
	}
	return keep(ctx, tx, tenant.County{}, c, origin{source: FromPages, reason: reason}, managers)
}
