package api

import (
	"context"

	"github.com/overens/overens/internal/national"
	"github.com/overens/overens/internal/pg"
)

// NationalCounty is what the nation sees of one county.
type NationalCounty struct {
	Slug                   string `json:"slug" doc:"The county's name in addresses." example:"kronoberg"`
	Code                   string `json:"code" doc:"The official code." example:"07"`
	Name                   Words  `json:"name" doc:"What it is called."`
	PublishedOrganisations int    `json:"publishedOrganisations" doc:"How many organisations the county has published. 0: it has published none, not that it has none." example:"15"`
	Linked
}

// NationalCountyList is a page of what the nation sees.
type NationalCountyList struct {
	Counties []NationalCounty `json:"counties" doc:"The 21 counties, by official code."`
	Paged
}

// Page asks for a page of something that belongs to no county.
type Page struct{ Paging }

func (d *Door) nation() {
	list(d, National, "/national/counties", "list-national-counties", func(ctx context.Context, tx *pg.Tx, in *Page) (l NationalCountyList, total int, err error) {
		all, err := national.Counties(ctx, tx)
		for _, c := range cut(all, in.Paging) {
			n := NationalCounty{Slug: c.Slug, Code: c.Code, Name: words(c.Name), PublishedOrganisations: c.Published, Linked: Linked{Links{}}}
			n.Links.to("self", "GET", d.at("counties", c.Slug))
			l.Counties = append(l.Counties, n)
		}
		return l, len(all), err
	})
}
