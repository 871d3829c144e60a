package county

import (
	"context"

	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

// Guard looks at what a room above keeps, and names what a change of the
// configuration would leave without ground: a party whose status is no longer
// there, a goal without its level. It reads only. tenant.Vanished tells which
// keys are gone; a key that ends on a day is in after's versions.
type Guard func(ctx context.Context, tx *pg.Tx, before, after tenant.County) ([]Orphan, error)

// Orphan is something kept that a change would leave without ground.
type Orphan struct {
	Section string     // the section that lets go of it
	Key     string     // the words: what it is, and what to do first
	Args    fault.Args // what they are filled with
}

// guarded asks all guards and refuses with everything they name.
func guarded(ctx context.Context, tx *pg.Tx, before, after tenant.County, guards []Guard) error {
	var faults fault.List
	for _, guard := range guards {
		orphans, err := guard(ctx, tx, before, after)
		if err != nil {
			return err
		}
		for _, o := range orphans {
			f := fault.New(fault.Conflict, o.Key)
			f.Args = o.Args
			faults = append(faults, f.With("section", o.Section))
		}
	}
	return faults.Err()
}
