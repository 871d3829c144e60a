package governance

import (
	"context"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/pg"
)

// Laid are the places at the tables of all bodies on a day, by body: what Places
// gives for one, with as few questions.
func Laid(ctx context.Context, tx *pg.Tx, on day.Day) (map[string][]Place, error) {
	if err := tx.Require(auth.GovernanceRead); err != nil {
		return nil, err
	}
	t, err := tableOn(ctx, tx, on)
	if err != nil {
		return nil, err
	}
	laid := make(map[string][]Place, len(t.bodies.Bodies))
	for _, b := range t.bodies.Bodies {
		laid[b.Key] = t.places(b)
	}
	return laid, nil
}
