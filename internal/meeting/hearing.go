package meeting

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/pg"
)

// hearing is what the minutes are written from: a meeting that has been held,
// with all who came to it.
type hearing struct {
	sitting
	came   []uuid.UUID // in whatever order
	seated governance.Table
	people []Attendance
}

// hear asks for all of it.
func hear(ctx context.Context, tx *pg.Tx, m Meeting) (hearing, error) {
	s, err := sit(ctx, tx, m)
	if err != nil {
		return hearing{}, err
	}
	h := hearing{sitting: s}
	if h.people, err = attendances(ctx, tx, m.ID, nil); err != nil {
		return h, err
	}
	if m.Kind == KindWritten {
		for _, bs := range s.ballots {
			for _, b := range bs {
				if !slices.Contains(h.came, b.PersonID) {
					h.came = append(h.came, b.PersonID)
				}
			}
		}
	}
	for _, p := range h.people {
		if p.ArrivedAt != nil && !slices.Contains(h.came, p.Person) {
			h.came = append(h.came, p.Person)
		}
	}
	h.seated = governance.Serve(s.body.Rules.Deputies, s.places, s.mandates, h.came)
	return h, nil
}
