package api

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement"
	"github.com/overens/overens/internal/pg"
)

// PublishedQuery asks for what is published as of a day.
type PublishedQuery struct {
	InCounty
	AsOf
	Paging
}

// PublishedAgreement is what everyone may know of an agreement.
type PublishedAgreement struct {
	agreement.Notice
	Linked
}

// PublishedAgreementList is a page of published agreements.
type PublishedAgreementList struct {
	Agreements []PublishedAgreement `json:"agreements" doc:"The published agreements: those without an end first, then by end, the latest first."`
	Paged
}

// PublishedParty is what everyone may know of a party.
type PublishedParty struct {
	Organisation uuid.UUID      `json:"organisation" doc:"The organisation." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Name         string         `json:"name" doc:"What it is called." example:"Alvesta kommun"`
	ShortName    string         `json:"shortName" doc:"What it is called in tables." example:"Alvesta"`
	Type         string         `json:"type" doc:"What sort of organisation it is." example:"municipality"`
	Status       string         `json:"status" doc:"As what it takes part, as the county's configuration names it." example:"signatory"`
	Counted      bool           `json:"counted" doc:"Whether it is counted among the parties." example:"true"`
	From         agreement.When `json:"from,omitzero" doc:"From when, as closely as is known." example:"2019"`
	Linked
}

// PublishedPartyList is a page of published parties.
type PublishedPartyList struct {
	Parties []PublishedParty `json:"parties" doc:"The parties whose organisations are published, in Swedish order."`
	Paged
}

// PublishedGoalQuery asks for one level of a published agreement's goals.
type PublishedGoalQuery struct {
	InAgreement
	AsOf
	Parent uuid.UUID `query:"parent" doc:"What lies directly under this goal. Default: directly under the agreement." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Paging
}

// PublishedGoal is what everyone may know of a goal.
type PublishedGoal struct {
	ID      uuid.UUID      `json:"id" doc:"The identifier; it stays when the goal is renamed or moved." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Level   string         `json:"level" doc:"Its level, as the county's configuration names it." example:"area"`
	Name    string         `json:"name" doc:"What the county calls it." example:"Arbetsmarknad och kompetens"`
	Wording string         `json:"wording" doc:"Its wording in full. Empty: not found." example:"Nyanlända kvinnor i arbete eller studier ska minst fördubblas"`
	Ground  string         `json:"ground" doc:"Collaboration is a prerequisite for it, or is judged to contribute. Empty: not stated." example:"prerequisite"`
	Measure string         `json:"measure" doc:"Whether it is measured, cannot be, or is not meant to be." example:"unmeasurable"`
	Themes  []string       `json:"themes" nullable:"false" doc:"The national themes it belongs to." example:"[\"work\"]"`
	From    agreement.When `json:"from,omitzero" doc:"From when it says so." example:"2019"`
	Source  string         `json:"source" doc:"Where it is known from." example:"lansstyrelsen.se/kronoberg om undertecknandet, 2020"`
	Linked
}

// PublishedGoalList is a page of published goals.
type PublishedGoalList struct {
	Goals []PublishedGoal `json:"goals" doc:"What lies directly there on the day, in its order."`
	Paged
}

// PublishedLocalAgreement is what everyone may know of a local agreement.
type PublishedLocalAgreement struct {
	agreement.PublishedLocal
	Linked
}

// PublishedLocalAgreementList is a page of published local agreements.
type PublishedLocalAgreementList struct {
	LocalAgreements []PublishedLocalAgreement `json:"localAgreements" doc:"The local agreements, by title."`
	Paged
}

// publishedAgreements are what everyone may read.
func (d *Door) publishedAgreements() {
	const all, one = "/counties/{county}/published-agreements", "/counties/{county}/published-agreements/{agreement}"

	list(d, Public, all, "list-published-agreements", func(ctx context.Context, tx *pg.Tx, in *PublishedQuery) (l PublishedAgreementList, total int, err error) {
		ns, total, err := agreement.Published(ctx, tx, in.day(tx), in.Limit, in.Page)
		for _, n := range ns {
			l.Agreements = append(l.Agreements, d.published(tx, n))
		}
		return l, total, err
	})
	read(d, Public, one, "get-published-agreement", func(ctx context.Context, tx *pg.Tx, in *AgreementOn) (PublishedAgreement, error) {
		n, err := agreement.GetPublished(ctx, tx, in.ID, in.day(tx))
		return d.published(tx, n), err
	})
	list(d, Public, one+"/parties", "list-published-parties", func(ctx context.Context, tx *pg.Tx, in *AgreementPageOn) (l PublishedPartyList, total int, err error) {
		if _, err := agreement.GetPublished(ctx, tx, in.ID, in.day(tx)); err != nil {
			return l, 0, err
		}
		ps, err := agreement.PublishedParties(ctx, tx, in.ID, in.day(tx))
		for _, p := range cut(ps, in.Paging) {
			it := PublishedParty{Organisation: p.Organisation, Name: p.Name, ShortName: p.ShortName, Type: p.Type, Status: p.Status, Counted: p.Counted, From: p.From}
			it.Links = Links{}
			it.Links.to("up", http.MethodGet, d.at("counties", tx.Tenant, "published-agreements", in.ID.String()))
			l.Parties = append(l.Parties, it)
		}
		return l, len(ps), err
	})
	list(d, Public, one+"/goals", "list-published-goals", func(ctx context.Context, tx *pg.Tx, in *PublishedGoalQuery) (l PublishedGoalList, total int, err error) {
		if _, err := agreement.GetPublished(ctx, tx, in.ID, in.day(tx)); err != nil {
			return l, 0, err
		}
		gs, total, err := agreement.PublishedGoals(ctx, tx, in.ID, in.day(tx), in.Parent, in.Limit, in.Page)
		here := d.at("counties", tx.Tenant, "published-agreements", in.ID.String())
		for _, g := range gs {
			if g.Instrument != in.ID {
				return PublishedGoalList{}, 0, missing()
			}
			it := PublishedGoal{ID: g.ID, Level: g.Level, Name: g.Name, Wording: g.Wording, Ground: g.Ground, Measure: g.Measure,
				Themes: append([]string{}, g.Themes...), From: g.From, Source: g.Source, Linked: Linked{Links{}}}
			it.Links.to("up", http.MethodGet, here)
			it.Links.to("children", http.MethodGet, here+"/goals?parent="+g.ID.String()+"&on="+in.day(tx).String())
			l.Goals = append(l.Goals, it)
		}
		return l, total, err
	})
	list(d, Public, "/counties/{county}/published-local-agreements", "list-published-local-agreements",
		func(ctx context.Context, tx *pg.Tx, in *PublishedQuery) (l PublishedLocalAgreementList, total int, err error) {
			ls, total, err := agreement.PublishedLocals(ctx, tx, in.day(tx), in.Limit, in.Page)
			for _, it := range ls {
				p := PublishedLocalAgreement{it, Linked{Links{}}}
				p.Links.to("collection", http.MethodGet, d.at("counties", tx.Tenant, "published-local-agreements"))
				l.LocalAgreements = append(l.LocalAgreements, p)
			}
			return l, total, err
		})
}

func (d *Door) published(tx *pg.Tx, n agreement.Notice) PublishedAgreement {
	here := d.at("counties", tx.Tenant, "published-agreements", n.Card.ID.String())
	l := Links{}
	l.to("self", http.MethodGet, here)
	l.to("collection", http.MethodGet, d.at("counties", tx.Tenant, "published-agreements"))
	l.to("parties", http.MethodGet, here+"/parties")
	l.to("goals", http.MethodGet, here+"/goals")
	return PublishedAgreement{n, Linked{l}}
}
