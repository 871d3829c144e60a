package web

import (
	"context"
	"net/url"

	"github.com/a-h/templ"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/person"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

// found is what a search of the whole county found, by sort.
type found struct {
	Query  string
	Groups []foundGroup
	Total  int
	paging
}

type foundGroup struct {
	ID, Heading string
	Hits        []hit
	More        templ.SafeURL // the rest of them, where they have a list
	Rest        int
}

// ended is what is said of those of the group that are over.
func (g foundGroup) ended(v *visit) string {
	if g.ID == "document" {
		return v.T("document.page.withdrawn")
	}
	return v.T("web.agreement.search_ended")
}

type hit struct {
	Name, What string
	To         templ.SafeURL
	Ended      bool
}

// mostFound is how many of each sort are shown.
const mostFound = 20

func (d *Door) search(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	f := found{Query: v.Asked("q")}
	f.Page = v.pageAsked()
	if f.Query == "" {
		return searchPage(v, f), nil
	}
	if tx.May(auth.AgreementRead) {
		hits, total, err := agreement.Search(ctx, tx, f.Query, perPage, f.Page)
		if err != nil {
			return nil, err
		}
		f.paging.Total = total
		f.Total += total
		f.agreements(v, hits)
	}
	if f.Page == 1 && tx.May(auth.OrganisationRead) {
		os, n, err := organisation.List(ctx, tx, organisation.Filter{Query: f.Query, Status: organisation.Any, On: v.On, Limit: mostFound, Page: 1})
		if err != nil {
			return nil, err
		}
		g := foundGroup{ID: "organisations", Heading: v.T("web.place.organisations"), Rest: n - len(os), More: v.To("/organisations?status=all&q=" + url.QueryEscape(f.Query))}
		for _, o := range os {
			g.Hits = append(g.Hits, hit{Name: o.Name, What: small(v.Of("organisation.type.", o.Type)), To: v.To("/organisations/", o.ID.String()), Ended: !o.StandsOn(v.On)})
		}
		f.add(g, n)
	}
	if f.Page == 1 && tx.May(auth.PersonRead) {
		ps, n, err := person.List(ctx, tx, person.Filter{Query: f.Query, On: v.On, Limit: mostFound, Page: 1})
		if err != nil {
			return nil, err
		}
		g := foundGroup{ID: "people", Heading: v.T("web.place.people"), Rest: n - len(ps), More: v.To("/people?q=" + url.QueryEscape(f.Query))}
		for _, p := range ps {
			g.Hits = append(g.Hits, hit{Name: p.Name, What: p.Title, To: v.To("/people/", p.ID.String())})
		}
		f.add(g, n)
	}
	return searchPage(v, f), nil
}

func (f *found) add(g foundGroup, total int) {
	f.Total += total
	if len(g.Hits) > 0 {
		f.Groups = append(f.Groups, g)
	}
}

// agreements sorts what the agreements' search found, in the order agreement,
// goal, local agreement, network, document.
func (f *found) agreements(v *visit, hits []agreement.Hit) {
	for _, of := range []struct {
		subject string
		heading string
		under   string
	}{
		{"instrument", v.word(tenant.Agreement).Many, ""},
		{"goal", v.T("web.agreement.goals_many"), "/goals/"},
		{"local-agreement", v.word(tenant.LocalAgreement).Many, "/local-agreements/"},
		{"network", v.word(tenant.Network).Many, "/networks/"},
		{"document", v.T("document.place"), inside + "/"},
	} {
		g := foundGroup{ID: of.subject, Heading: capital(of.heading)}
		for _, h := range hits {
			if h.Subject != of.subject {
				continue
			}
			k := hit{Name: titled(h.Name), Ended: h.Ended}
			switch {
			case of.under == "":
				k.To = agreementAt(v, h.ID)
			case h.Instrument != uuid.Nil:
				k.To = agreementAt(v, h.Instrument, of.under, h.ID.String())
			case h.Subject == "local-agreement" || h.Subject == "document":
				k.To = v.To(of.under, h.ID.String())
			}
			g.Hits = append(g.Hits, k)
		}
		if len(g.Hits) > 0 {
			f.Groups = append(f.Groups, g)
		}
	}
}

func (f found) sentence(v *visit) string {
	switch {
	case f.Query == "":
		return v.T("web.agreement.search_lead")
	case f.Total == 0:
		return v.T("web.agreement.search_none", "query", f.Query)
	}
	return v.T("web.agreement.search_found", "count", f.Total, "n", capital(v.spelled(f.Total, "en")), "query", f.Query)
}

// searches tells whether the head of the page leads to the search.
func (v *visit) searches() bool {
	return v.Member() && v.Slug != pg.Nation && v.Actor.May(auth.AgreementRead)
}
