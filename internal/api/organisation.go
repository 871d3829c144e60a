package api

import (
	"context"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/pg"
)

func missing() error { return fault.Missing() }

// InOrganisation names an organisation in the path.
type InOrganisation struct {
	InCounty
	ID uuid.UUID `path:"organisation" doc:"The organisation's identifier." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
}

// Organisation is an organisation with what leads on from it.
type Organisation struct {
	organisation.Organisation
	Linked
}

// OrganisationList is a page of organisations.
type OrganisationList struct {
	Organisations []Organisation `json:"organisations" doc:"The organisations, in Swedish order."`
	Paged
}

// OrganisationQuery asks for organisations.
type OrganisationQuery struct {
	InCounty
	Query  string  `query:"q" maxLength:"200" doc:"Beginnings of words in name, short name, number or code." example:"alv"`
	Type   string  `query:"type" enum:"municipality,region,county-administration,state-agency,university,coordination-association,municipal-federation,municipal-association,company,business-association,trade-union,faith-community,civil-society,agreement-platform,other" doc:"Only of this type." example:"municipality"`
	Status string  `query:"status" enum:"standing,ended,all" default:"standing" doc:"Those that stand, those that have ended, or all." example:"standing"`
	On     day.Day `query:"on" doc:"As of this day. Default: today in Sweden." example:"2026-11-25"`
	Paging
}

// NewOrganisation is a new organisation's card.
type NewOrganisation struct {
	InCounty
	Body organisation.Card
}

// OrganisationCard is an organisation's card, written anew.
type OrganisationCard struct {
	InOrganisation
	Body organisation.Card
}

// OrganisationEnding is how an organisation ceases.
type OrganisationEnding struct {
	InOrganisation
	Body organisation.Ending
}

// OrganisationPage asks for a page of something about an organisation.
type OrganisationPage struct {
	InOrganisation
	Paging
}

// Relative is an organisation that came before or after.
type Relative struct {
	organisation.Kin
	Linked
}

// RelativeList is a page of relatives.
type RelativeList struct {
	Relatives []Relative `json:"relatives" doc:"Predecessors and successors, by day."`
	Paged
}

// PublishedOrganisation is what the public may know of an organisation.
type PublishedOrganisation struct {
	ID                 uuid.UUID `json:"id" doc:"The identifier, unique over time." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Type               string    `json:"type" doc:"What kind of organisation it is." example:"municipality"`
	Name               string    `json:"name" doc:"The name in full." example:"Alvesta kommun"`
	ShortName          string    `json:"shortName" doc:"What it is called in tables." example:"Alvesta"`
	OrganisationNumber string    `json:"organisationNumber" doc:"Ten digits with hyphen; empty: unknown." example:"202100-2296"`
	OfficialCode       string    `json:"officialCode" doc:"The official code; empty: none." example:"0764"`
	Website            string    `json:"website" doc:"A web address; empty: unknown." example:"https://www.alvesta.example"`
	Mailbox            string    `json:"mailbox" doc:"The functional mailbox for official post; empty: unknown." example:"kommun@alvesta.example"`
	Demo               bool      `json:"demo" doc:"Whether the content is made up for show." example:"false"`
}

// PublishedOrganisationList is a page of published organisations.
type PublishedOrganisationList struct {
	Organisations []PublishedOrganisation `json:"organisations" doc:"The organisations, in Swedish order."`
	Paged
}

func (d *Door) organisations() {
	const all, one = "/counties/{county}/organisations", "/counties/{county}/organisations/{organisation}"

	list(d, Public, "/counties/{county}/published-organisations", "list-published-organisations",
		func(ctx context.Context, tx *pg.Tx, in *CountyPage) (l PublishedOrganisationList, total int, err error) {
			os, total, err := organisation.Published(ctx, tx, in.Limit, in.Page)
			for _, o := range os {
				l.Organisations = append(l.Organisations, PublishedOrganisation{ID: o.ID, Type: o.Type, Name: o.Name, ShortName: o.ShortName,
					OrganisationNumber: o.OrganisationNumber, OfficialCode: o.OfficialCode, Website: o.Website, Mailbox: o.Mailbox, Demo: o.Demo})
			}
			return l, total, err
		})
	list(d, Member, all, "list-organisations", func(ctx context.Context, tx *pg.Tx, in *OrganisationQuery) (l OrganisationList, total int, err error) {
		os, total, err := organisation.List(ctx, tx, organisation.Filter{Query: in.Query, Type: in.Type, Status: in.Status, On: in.On, Limit: in.Limit, Page: in.Page})
		for _, o := range os {
			l.Organisations = append(l.Organisations, d.organisation(tx, o))
		}
		return l, total, err
	})
	create(d, all, "create-organisation", func(ctx context.Context, tx *pg.Tx, in *NewOrganisation) (Organisation, error) {
		o, err := organisation.Create(ctx, tx, in.Body)
		return d.organisation(tx, o), err
	})
	read(d, Member, one, "get-organisation", func(ctx context.Context, tx *pg.Tx, in *InOrganisation) (Organisation, error) {
		o, err := organisation.Get(ctx, tx, in.ID)
		return d.organisation(tx, o), err
	})
	replace(d, one, "replace-organisation", func(ctx context.Context, tx *pg.Tx, in *OrganisationCard, version int64) (Organisation, error) {
		o, err := organisation.Change(ctx, tx, in.ID, version, in.Body)
		return d.organisation(tx, o), err
	})
	act(d, one+"/ending", "end-organisation", func(ctx context.Context, tx *pg.Tx, in *OrganisationEnding, version int64) (Organisation, error) {
		o, err := organisation.End(ctx, tx, in.ID, version, in.Body)
		return d.organisation(tx, o), err
	})
	list(d, Member, one+"/relatives", "list-relatives", func(ctx context.Context, tx *pg.Tx, in *OrganisationPage) (l RelativeList, total int, err error) {
		if _, err := organisation.Get(ctx, tx, in.ID); err != nil {
			return l, 0, err
		}
		kin, err := organisation.Kindred(ctx, tx, in.ID)
		for _, k := range cut(kin, in.Paging) {
			r := Relative{Kin: k, Linked: Linked{Links{}}}
			r.Links.to("self", "GET", d.at("counties", tx.Tenant, "organisations", k.ID.String()))
			l.Relatives = append(l.Relatives, r)
		}
		return l, len(kin), err
	})
	list(d, Member, one+"/history", "list-organisation-history", func(ctx context.Context, tx *pg.Tx, in *OrganisationPage) (EntryList, int, error) {
		if _, err := organisation.Get(ctx, tx, in.ID); err != nil {
			return EntryList{}, 0, err
		}
		return history(ctx, tx, "organisation", in.ID, in.Paging)
	})
}

// organisation adds what leads on, and what the caller may do.
func (d *Door) organisation(tx *pg.Tx, o organisation.Organisation) Organisation {
	here := d.at("counties", tx.Tenant, "organisations", o.ID.String())
	l := Links{}
	l.to("self", "GET", here)
	l.to("collection", "GET", d.at("counties", tx.Tenant, "organisations"))
	l.to("relatives", "GET", here+"/relatives")
	l.to("history", "GET", here+"/history")
	if tx.MayFor(auth.OrganisationChange, o.ID) {
		l.to("edit", "PUT", here)
	}
	if tx.May(auth.OrganisationCreate) {
		l.to("ending", "POST", here+"/ending")
	}
	return Organisation{o, Linked{l}}
}
