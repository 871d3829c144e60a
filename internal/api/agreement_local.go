package api

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/pg"
)

// InNetwork names a network in the path.
type InNetwork struct {
	InCounty
	ID uuid.UUID `path:"network" doc:"The network's identifier." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
}

// Network is a network of others with what leads on from it.
type Network struct {
	agreement.Network
	Linked
}

// NetworkList is a page of networks.
type NetworkList struct {
	Networks []Network `json:"networks" doc:"The networks, in Swedish order."`
	Paged
}

// NetworkQuery asks for networks.
type NetworkQuery struct {
	InCounty
	AsOf
	Agreement uuid.UUID `query:"agreement" doc:"Only those that this agreement leans on." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Paging
}

// NewNetwork is a new network's card.
type NewNetwork struct {
	InCounty
	Body agreement.Group
}

// NetworkCard is a network's card, written anew.
type NetworkCard struct {
	InNetwork
	Body agreement.Group
}

// InLocalAgreement names a local agreement in the path.
type InLocalAgreement struct {
	InCounty
	ID uuid.UUID `path:"local" doc:"The local agreement's identifier." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
}

// LocalAgreement is a local agreement with what leads on from it.
type LocalAgreement struct {
	agreement.LocalAgreement
	Linked
}

// LocalAgreementList is a page of local agreements.
type LocalAgreementList struct {
	LocalAgreements []LocalAgreement `json:"localAgreements" doc:"The local agreements, by title."`
	Paged
}

// LocalAgreementQuery asks for local agreements.
type LocalAgreementQuery struct {
	InCounty
	AsOf
	Agreement uuid.UUID `query:"agreement" doc:"Only those under this agreement." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Party     uuid.UUID `query:"party" doc:"Only those that this organisation is party to." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Status    string    `query:"status" enum:"standing,all" default:"standing" doc:"Those that had not ended by the day, or all." example:"standing"`
	Paging
}

// NewLocalAgreement is a new local agreement's card.
type NewLocalAgreement struct {
	InCounty
	Body agreement.LocalCard
}

// LocalAgreementCard is a local agreement's card, written anew.
type LocalAgreementCard struct {
	InLocalAgreement
	Body agreement.LocalCard
}

// MunicipalityQuery asks for every municipality's local agreements.
type MunicipalityQuery struct {
	InCounty
	AsOf
	Paging
}

// MunicipalityCoverage is how many local agreements a municipality has.
type MunicipalityCoverage struct {
	agreement.Coverage
	Linked
}

// MunicipalityCoverageList is a page of municipalities.
type MunicipalityCoverageList struct {
	Municipalities []MunicipalityCoverage `json:"municipalities" doc:"The municipalities that stand on the day, in Swedish order."`
	Paged
}

// agreementNetworks are the networks of others that agreements lean on.
func (d *Door) agreementNetworks() {
	const all, one = "/counties/{county}/networks", "/counties/{county}/networks/{network}"

	list(d, Member, all, "list-networks", func(ctx context.Context, tx *pg.Tx, in *NetworkQuery) (l NetworkList, total int, err error) {
		ns, total, err := agreement.Networks(ctx, tx, in.Agreement, in.day(tx), in.Limit, in.Page)
		for _, n := range ns {
			l.Networks = append(l.Networks, d.network(tx, n))
		}
		return l, total, err
	})
	create(d, all, "create-network", func(ctx context.Context, tx *pg.Tx, in *NewNetwork) (Network, error) {
		n, err := agreement.AddNetwork(ctx, tx, in.Body, "")
		return d.network(tx, n), err
	})
	read(d, Member, one, "get-network", func(ctx context.Context, tx *pg.Tx, in *InNetwork) (Network, error) {
		n, err := agreement.GetNetwork(ctx, tx, in.ID)
		return d.network(tx, n), err
	})
	replace(d, one, "replace-network", func(ctx context.Context, tx *pg.Tx, in *NetworkCard, version int64) (Network, error) {
		n, err := agreement.ChangeNetwork(ctx, tx, in.ID, version, in.Body)
		return d.network(tx, n), err
	})
}

func (d *Door) network(tx *pg.Tx, n agreement.Network) Network {
	here := d.at("counties", tx.Tenant, "networks", n.ID.String())
	l := Links{}
	l.to("self", http.MethodGet, here)
	l.to("collection", http.MethodGet, d.at("counties", tx.Tenant, "networks"))
	if n.Instrument != uuid.Nil {
		l.to("up", http.MethodGet, d.instrument(tx, n.Instrument))
	}
	if tx.May(auth.AgreementChange) {
		l.to("edit", http.MethodPut, here)
	}
	return Network{n, Linked{l}}
}

// localAgreements are the agreements under the regional ones.
func (d *Door) localAgreements() {
	const all, one = "/counties/{county}/local-agreements", "/counties/{county}/local-agreements/{local}"

	list(d, Member, all, "list-local-agreements", func(ctx context.Context, tx *pg.Tx, in *LocalAgreementQuery) (l LocalAgreementList, total int, err error) {
		ls, total, err := agreement.Locals(ctx, tx, agreement.LocalFilter{Instrument: in.Agreement, Party: in.Party, On: in.day(tx),
			Ended: in.Status == "all", Limit: in.Limit, Page: in.Page})
		for _, it := range ls {
			l.LocalAgreements = append(l.LocalAgreements, d.local(tx, it))
		}
		return l, total, err
	})
	create(d, all, "create-local-agreement", func(ctx context.Context, tx *pg.Tx, in *NewLocalAgreement) (LocalAgreement, error) {
		it, err := agreement.AddLocal(ctx, tx, in.Body, "")
		return d.local(tx, it), err
	})
	read(d, Member, one, "get-local-agreement", func(ctx context.Context, tx *pg.Tx, in *InLocalAgreement) (LocalAgreement, error) {
		it, err := agreement.GetLocal(ctx, tx, in.ID)
		return d.local(tx, it), err
	})
	replace(d, one, "replace-local-agreement", func(ctx context.Context, tx *pg.Tx, in *LocalAgreementCard, version int64) (LocalAgreement, error) {
		it, err := agreement.ChangeLocal(ctx, tx, in.ID, version, in.Body)
		return d.local(tx, it), err
	})
	list(d, Member, "/counties/{county}/local-agreement-coverage", "list-local-agreement-coverage",
		func(ctx context.Context, tx *pg.Tx, in *MunicipalityQuery) (l MunicipalityCoverageList, total int, err error) {
			cs, err := agreement.LocalPerMunicipality(ctx, tx, in.day(tx))
			for _, c := range cut(cs, in.Paging) {
				it := MunicipalityCoverage{c, Linked{Links{}}}
				it.Links.to("organisation", http.MethodGet, d.at("counties", tx.Tenant, "organisations", c.Municipality.String()))
				it.Links.to("local-agreements", http.MethodGet, d.at("counties", tx.Tenant, "local-agreements")+"?party="+c.Municipality.String())
				l.Municipalities = append(l.Municipalities, it)
			}
			return l, len(cs), err
		})
}

func (d *Door) local(tx *pg.Tx, it agreement.LocalAgreement) LocalAgreement {
	here := d.at("counties", tx.Tenant, "local-agreements", it.ID.String())
	l := Links{}
	l.to("self", http.MethodGet, here)
	l.to("collection", http.MethodGet, d.at("counties", tx.Tenant, "local-agreements"))
	if it.Instrument != uuid.Nil {
		l.to("up", http.MethodGet, d.instrument(tx, it.Instrument))
	}
	if tx.May(auth.AgreementChange) {
		l.to("edit", http.MethodPut, here)
	}
	return LocalAgreement{it, Linked{l}}
}
