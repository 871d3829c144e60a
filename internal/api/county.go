package api

import (
	"context"
	"time"

	"github.com/overens/overens/internal/county"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

// InCounty names a county in the path.
type InCounty struct {
	County string `path:"county" maxLength:"40" doc:"The county's name in addresses." example:"kronoberg"`
}

// Words is one text in both languages.
type Words struct {
	Swedish string `json:"sv" doc:"In Swedish." example:"Kronobergs län"`
	English string `json:"en" doc:"In English." example:"Kronoberg County"`
}

func words(w tenant.Words) Words { return Words{w.In("sv"), w.In("en")} }

// CountyBrief is a county in the list.
type CountyBrief struct {
	Slug           string `json:"slug" doc:"The county's name in addresses." example:"kronoberg"`
	Kind           string `json:"kind" enum:"county,sandbox" doc:"One of the 21, or one to practise in." example:"county"`
	Code           string `json:"code" doc:"The official code; empty for a county to practise in." example:"07"`
	Name           Words  `json:"name" doc:"What it is called."`
	Administration Words  `json:"administration" doc:"The county administrative board." `
	Linked
}

// County is a county as everyone may know it.
type County struct {
	CountyBrief
	Letter                 string        `json:"letter" doc:"The county's letter." example:"G"`
	OrganisationNumber     string        `json:"organisationNumber" doc:"The administrative board's organisation number." example:"202100-2296"`
	Seat                   string        `json:"seat" doc:"The town where the board has its seat." example:"Växjö"`
	Languages              []string      `json:"languages" doc:"The languages of its pages, the first one first." example:"[\"sv\",\"en\"]"`
	Contact                CountyContact `json:"contact" doc:"How to reach it. What is empty is unknown."`
	PublishedOrganisations int           `json:"publishedOrganisations" doc:"How many organisations it has published." example:"8"`
}

// CountyContact is how to reach a county.
type CountyContact struct {
	Email string `json:"email" doc:"An e-mail address." example:"kontakt@kronoberg.example"`
	Phone string `json:"phone" doc:"A telephone number." example:"010-223 70 00"`
	Web   string `json:"web" doc:"A web address." example:"https://www.kronoberg.example"`
}

// CountyList is a page of counties.
type CountyList struct {
	Counties []CountyBrief `json:"counties" doc:"The counties, by official code."`
	Paged
}

// CountyQuery asks for counties.
type CountyQuery struct {
	Kind string `query:"kind" enum:"county,sandbox" default:"county" doc:"The 21 counties, or those to practise in." example:"county"`
	Paging
}

// Version is one version of a county's configuration.
type Version struct {
	Version int64     `json:"version" doc:"Its number." example:"3"`
	Source  string    `json:"source" enum:"file,pages" doc:"Where it came from." example:"file"`
	Reason  string    `json:"reason" doc:"Why, in the words of whoever put it in force." example:"Nya kontaktuppgifter"`
	At      time.Time `json:"at" doc:"When it was put in force." example:"2026-11-25T11:00:00Z"`
}

// VersionList is a page of versions.
type VersionList struct {
	Versions []Version `json:"versions" doc:"The versions, newest first."`
	Paged
}

// CountyPage asks for a page of something in a county.
type CountyPage struct {
	InCounty
	Paging
}

func (d *Door) counties() {
	list(d, National, "/counties", "list-counties", func(ctx context.Context, tx *pg.Tx, in *CountyQuery) (l CountyList, total int, err error) {
		all, err := county.List(ctx, tx, tenant.Kind(in.Kind))
		for _, c := range cut(all, in.Paging) {
			l.Counties = append(l.Counties, d.countyBrief(c.Slug, c.Kind, c.Code, c.Name, c.Administration))
		}
		return l, len(all), err
	})
	read(d, Public, "/counties/{county}", "get-county", func(ctx context.Context, tx *pg.Tx, in *InCounty) (c County, err error) {
		if in.County == pg.Nation {
			return c, missing()
		}
		_, c.PublishedOrganisations, err = organisation.Published(ctx, tx, 1, 1)
		on := tx.Config()
		who := on.Identity
		c.CountyBrief = d.countyBrief(on.Slug, on.Kind, who.Code, who.Name, who.Administration)
		c.Letter, c.OrganisationNumber, c.Seat, c.Languages = who.Letter, who.OrganisationNumber, who.Seat, append([]string{}, who.Languages...)
		c.Contact = CountyContact(who.Contact)
		return c, err
	})
	list(d, Member, "/counties/{county}/configuration-versions", "list-configuration-versions",
		func(ctx context.Context, tx *pg.Tx, in *CountyPage) (l VersionList, total int, err error) {
			vs, total, err := versions(ctx, tx, in.Paging)
			for _, v := range vs {
				l.Versions = append(l.Versions, Version{Version: v.Version, Source: v.Source, Reason: v.Reason, At: v.At.UTC()})
			}
			return l, total, err
		})
}

// versions gives a page of versions. They are numbered without gaps from 1, so
// the one in force tells how many there are.
func versions(ctx context.Context, tx *pg.Tx, p Paging) ([]county.Version, int, error) {
	vs, err := county.Versions(ctx, tx, int32(p.Limit), int32(p.skip())) //nolint:gosec // bounded by Paging
	return vs, int(tx.County.Version), err
}

func (d *Door) countyBrief(slug string, kind tenant.Kind, code string, name, administration tenant.Words) CountyBrief {
	c := CountyBrief{Slug: slug, Kind: string(kind), Code: code, Name: words(name), Administration: words(administration)}
	c.Links = Links{}
	c.Links.to("self", "GET", d.at("counties", slug))
	c.Links.to("published-organisations", "GET", d.at("counties", slug, "published-organisations"))
	c.Links.to("collection", "GET", d.at("counties"))
	return c
}
