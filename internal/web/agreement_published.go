package web

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/pg"
)

// publishedAgreement is what the public may see of one: what is not published is not there.
func (v *visit) publishedAgreement(ctx context.Context, tx *pg.Tx, id uuid.UUID) (a agreed, err error) {
	a.Public = true
	for page := 1; a.ID == uuid.Nil; page++ {
		ns, total, err := agreement.Published(ctx, tx, v.On, perPage, page)
		if err != nil {
			return a, err
		}
		for _, n := range ns {
			if n.Card.ID == id {
				a.Instrument, a.Parties.Known, a.Parties.Counted = n.Card, n.Parties, n.Parties
			}
		}
		if a.ID == uuid.Nil && page*perPage >= total {
			return a, fault.Missing()
		}
	}
	if a.Parties.List, err = agreement.PublishedParties(ctx, tx, id, v.On); err != nil {
		return a, err
	}
	if a.Papers, err = publishedAbout(ctx, tx, id); err != nil {
		return a, err
	}
	slices.SortStableFunc(a.Parties.List, func(a, b agreement.Party) int { // those that count first
		switch {
		case a.Counted == b.Counted:
			return 0
		case a.Counted:
			return -1
		}
		return 1
	})
	goals, n, err := agreement.PublishedGoals(ctx, tx, id, v.On, uuid.Nil, mostTop, 1)
	if err != nil {
		return a, err
	}
	nodes := make([]agreement.Node, len(goals))
	for i, g := range goals {
		nodes[i].Goal = g
	}
	under, err := agreement.PublishedBranches(ctx, tx, v.On, opened(nodes, mostOpened), mostUnder)
	if err != nil {
		return a, err
	}
	for _, node := range nodes {
		b := under[node.ID]
		a.Goals = append(a.Goals, branch{Node: node, Under: b.Total, Facets: v.facets(b.Nodes)})
	}
	a.goalCount = counted(nodes, n)
	return a, nil
}
