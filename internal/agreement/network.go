package agreement

import (
	"context"
	"strconv"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement/internal/agreementdb"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/pg"
)

// Group is what is written on the card of a network of others.
type Group struct {
	Instrument uuid.UUID   `json:"instrument,omitzero" doc:"The instrument that leans on it." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Name       string      `json:"name" minLength:"1" maxLength:"200" doc:"What it is called." example:"Nätverket för introduktionssamordnare"`
	Purpose    string      `json:"purpose,omitempty" maxLength:"2000" doc:"What it is for." example:"Kommunernas introduktionssamordnare möts regelbundet"`
	LedBy      uuid.UUID   `json:"ledBy,omitzero" doc:"The organisation that leads it. Empty: unknown." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Contact    string      `json:"contact,omitempty" maxLength:"300" doc:"Whom to ask. Empty: unknown." example:"Samordnaren på länsstyrelsen"`
	Website    string      `json:"website,omitempty" maxLength:"300" doc:"A web address that begins with https:// or http://." example:"https://www.okhalland.se"`
	Goals      []uuid.UUID `json:"goals,omitempty" maxItems:"200" nullable:"false" doc:"The goals it works for." example:"[\"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20\"]"`
	ValidFrom  day.Day     `json:"validFrom,omitzero" doc:"The first day it is known to be there." example:"2018-01-01"`
	ValidTo    day.Day     `json:"validTo,omitzero" doc:"The first day it is no longer there." example:"2024-01-01"`
	Source     string      `json:"source,omitempty" maxLength:"300" doc:"Where it is known from." example:"lansstyrelsen.se/halland"`
}

// Network is a network of others that the agreement leans on. It is neither
// seated nor minuted here.
type Network struct {
	ID  uuid.UUID `json:"id" doc:"The identifier, unique over time." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Key string    `json:"key" doc:"A stable name that imports use." example:"introduktionssamordnare"`
	Group
	LedByName string `json:"ledByName,omitempty" doc:"What the organisation that leads it is called." example:"Länsstyrelsen"`
	Version   int64  `json:"version" doc:"Moves with each change; it is the ETag." example:"1"`
}

// ETag is the version as HTTP wants it.
func (n Network) ETag() string { return strconv.FormatInt(n.Version, 10) }

// AddNetwork writes a network's card. A key is chosen when it is empty.
func AddNetwork(ctx context.Context, tx *pg.Tx, g Group, key string) (Network, error) {
	if err := tx.Require(auth.AgreementChange); err != nil {
		return Network{}, err
	}
	g, err := checkedGroup(ctx, tx, g)
	if err != nil {
		return Network{}, err
	}
	q := agreementdb.New(tx)
	if key == "" {
		if key, err = freeKey(ctx, g.Name, "network", q.NetworkKeys); err != nil {
			return Network{}, err
		}
	}
	row, err := q.CreateNetwork(ctx, agreementdb.CreateNetworkParams{ID: tx.NewID(), Key: key, InstrumentID: maybe(g.Instrument), Name: g.Name, Purpose: g.Purpose,
		LedByID: maybe(g.LedBy), Contact: g.Contact, Website: g.Website, ValidFrom: g.ValidFrom, ValidTo: g.ValidTo, Source: g.Source})
	if err != nil {
		return Network{}, at(err)
	}
	return settled(ctx, tx, row.ID, g)
}

// ChangeNetwork writes a network's card anew.
func ChangeNetwork(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64, g Group) (Network, error) {
	if err := tx.Require(auth.AgreementChange); err != nil {
		return Network{}, err
	}
	g, err := checkedGroup(ctx, tx, g)
	if err != nil {
		return Network{}, err
	}
	err = anew(ctx, tx, id, version, GetNetwork, func(n Network) int64 { return n.Version }, func(q *agreementdb.Queries) error {
		_, err := q.ChangeNetwork(ctx, agreementdb.ChangeNetworkParams{ID: id, Version: version, InstrumentID: maybe(g.Instrument), Name: g.Name, Purpose: g.Purpose,
			LedByID: maybe(g.LedBy), Contact: g.Contact, Website: g.Website, ValidFrom: g.ValidFrom, ValidTo: g.ValidTo, Source: g.Source})
		return err
	}, func(q *agreementdb.Queries) error { return q.ForgetNetworkGoals(ctx, id) })
	if err != nil {
		return Network{}, err
	}
	return settled(ctx, tx, id, g)
}

// settled writes what hangs on a network's card.
func settled(ctx context.Context, tx *pg.Tx, id uuid.UUID, g Group) (Network, error) {
	q := agreementdb.New(tx)
	for _, goal := range g.Goals {
		if err := q.AddNetworkGoal(ctx, agreementdb.AddNetworkGoalParams{ID: tx.NewID(), NetworkID: id, GoalID: goal}); err != nil {
			return Network{}, at(err)
		}
	}
	tx.Notify("agreement", id)
	if err := addWords(ctx, tx, "network", id, g.Name, g.Purpose); err != nil {
		return Network{}, err
	}
	return GetNetwork(ctx, tx, id)
}

func checkedGroup(ctx context.Context, tx *pg.Tx, g Group) (Group, error) {
	tidy(&g.Name, &g.Purpose, &g.Contact, &g.Website, &g.Source)
	var wrong fault.List
	if g.Name == "" {
		wrong.Add(fault.Bad("network.named", "/name"))
	}
	if linked(g.Website) != nil {
		wrong.Add(fault.Bad("common.website_wrong", "/website").With("address", g.Website))
	}
	if err := exists(ctx, tx, g.LedBy, "/ledBy", &wrong); err != nil {
		return g, err
	}
	g.Goals = distinct(g.Goals)
	return g, wrong.Err()
}

// distinct keeps each id once, in the order given.
func distinct(ids []uuid.UUID) []uuid.UUID {
	seen := map[uuid.UUID]bool{}
	var kept []uuid.UUID
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			kept = append(kept, id)
		}
	}
	return kept
}

// GetNetwork gives one network.
func GetNetwork(ctx context.Context, tx *pg.Tx, id uuid.UUID) (Network, error) {
	if err := tx.Require(auth.AgreementRead); err != nil {
		return Network{}, err
	}
	r, err := agreementdb.New(tx).Network(ctx, id)
	return network(r.Network, r.LedBy, r.Goals), err
}

// NetworkByKey gives the network that an import names.
func NetworkByKey(ctx context.Context, tx *pg.Tx, key string) (Network, error) {
	if err := tx.Require(auth.AgreementRead); err != nil {
		return Network{}, err
	}
	row, err := agreementdb.New(tx).NetworkByKey(ctx, key)
	if err != nil {
		return Network{}, err
	}
	return GetNetwork(ctx, tx, row.ID)
}

// Networks are a page of those there on a day, for an instrument or (uuid.Nil)
// all, and how many there are.
func Networks(ctx context.Context, tx *pg.Tx, instrument uuid.UUID, on day.Day, limit, page int) ([]Network, int, error) {
	if err := tx.Require(auth.AgreementRead); err != nil {
		return nil, 0, err
	}
	most, skip := window(limit, page)
	rows, err := agreementdb.New(tx).Networks(ctx, agreementdb.NetworksParams{InstrumentID: instrument, OnDay: on, Max: most, Skip: skip})
	if err != nil {
		return nil, 0, err
	}
	ns := make([]Network, len(rows))
	total := 0
	for i, r := range rows {
		ns[i], total = network(r.Network, r.LedBy, r.Goals), int(r.Total)
	}
	return ns, total, nil
}

func network(r agreementdb.Network, ledBy string, goals []uuid.UUID) Network {
	return Network{ID: r.ID, Key: r.Key, LedByName: ledBy, Version: r.Version, Group: Group{Instrument: r.InstrumentID.UUID, Name: r.Name, Purpose: r.Purpose,
		LedBy: r.LedByID.UUID, Contact: r.Contact, Website: r.Website, Goals: goals, ValidFrom: r.ValidFrom, ValidTo: r.ValidTo, Source: r.Source}}
}
