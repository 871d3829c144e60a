package agreement

import (
	"context"

	"github.com/overens/overens/internal/agreement/internal/agreementdb"
	"github.com/overens/overens/internal/county"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

// Guard names what a change of the county's configuration would leave without
// ground: an instrument without its kind, a party without its status, a goal
// without its level.
func Guard(ctx context.Context, tx *pg.Tx, before, after tenant.County) ([]county.Orphan, error) {
	q := agreementdb.New(tx)
	uses := map[string]struct {
		count func(context.Context, string) (int64, error)
		key   string
	}{
		"instrumentKinds": {q.KindUses, "agreement.kind_in_use"},
		"partyStatuses":   {q.StatusUses, "agreement.status_in_use"},
		"goals":           {q.LevelUses, "agreement.level_in_use"},
	}
	var orphans []county.Orphan
	for _, gone := range tenant.Vanished(before, after) {
		use, ok := uses[gone.Section]
		if !ok || (gone.Section == "goals" && gone.List != "levels") {
			continue
		}
		n, err := use.count(ctx, gone.Key)
		if err != nil {
			return nil, err
		}
		if n > 0 {
			orphans = append(orphans, county.Orphan{Section: gone.Section, Key: use.key, Args: fault.Args{"name": gone.Key, "count": n}})
		}
	}
	return orphans, nil
}
