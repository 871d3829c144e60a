package sample

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/pg"
)

// sitting is a meeting in a county's file of facts: one that is known of.
type sitting struct {
	Body    string   `yaml:"body"`
	On      day.Day  `yaml:"on"`
	Title   string   `yaml:"title"`
	Source  string   `yaml:"source"`
	Matters []matter `yaml:"matters"`
}

type matter struct {
	Title      string  `yaml:"title"`
	Kind       string  `yaml:"kind"`
	Outcome    string  `yaml:"outcome"`
	Note       string  `yaml:"note"`
	Wording    string  `yaml:"wording"`
	Effective  day.Day `yaml:"effective"`
	Instrument string  `yaml:"instrument"` // of the goal that was closed
	Closed     string  `yaml:"closed"`     // that goal, by key
}

// Past writes a county's sourced meetings of before, after Agreements: what was
// decided there is linked to what it did. What is there already is left as it
// is. It returns how many were new.
func Past(ctx context.Context, tx *pg.Tx) (int, error) {
	f, err := read(tx.Tenant)
	if err != nil {
		return 0, err
	}
	var ps []meeting.Past
	for _, s := range f.Meetings {
		for _, m := range s.Matters {
			p := meeting.Past{Row: len(ps) + 1, Body: s.Body, On: s.On, Title: s.Title, Source: s.Source, Public: true, Matter: m.Title, Kind: m.Kind, Outcome: m.Outcome,
				Result: m.Note, Wording: m.Wording, Effective: m.Effective}
			if p.Closed, err = goalOf(ctx, tx, m); err != nil {
				return 0, fmt.Errorf("%s %s: %w", s.Body, s.On, err)
			}
			ps = append(ps, p)
		}
	}
	if len(ps) == 0 {
		return 0, nil
	}
	es, err := meeting.Remember(ctx, tx, ps)
	if err == nil {
		err = es.Err()
	}
	return es.Meetings, err
}

func goalOf(ctx context.Context, tx *pg.Tx, m matter) (uuid.UUID, error) {
	if m.Closed == "" {
		return uuid.Nil, nil
	}
	i, err := agreement.ByKey(ctx, tx, m.Instrument)
	if err != nil {
		return uuid.Nil, fmt.Errorf("the instrument %s: %w", m.Instrument, err)
	}
	g, err := agreement.GoalByKey(ctx, tx, i.ID, m.Closed)
	return g.ID, err
}
