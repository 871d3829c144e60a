package api

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/population"
	"github.com/overens/overens/internal/tenant"
)

// PopulationFigure is how many lived in a municipality on a day, with what leads on.
type PopulationFigure struct {
	population.Figure
	Name   string `json:"name" doc:"The municipality's name." example:"Linköping"`
	County string `json:"county" doc:"The official code of the county it lies in." example:"05"`
	Linked
}

// PopulationFigureList is a page of figures.
type PopulationFigureList struct {
	Figures []PopulationFigure `json:"figures" doc:"The figures, the latest day first, then by municipality."`
	Paged
}

// PopulationQuery asks for figures.
type PopulationQuery struct {
	County       string  `query:"county" pattern:"^[0-9]{2}$" patternDescription:"two digits" doc:"Only of this county's municipalities, by its official code." example:"05"`
	Municipality string  `query:"municipality" pattern:"^[0-9]{4}$" patternDescription:"four digits" doc:"Only of this municipality, by its official code." example:"0580"`
	Day          day.Day `query:"day" doc:"Only of this reference day." example:"2024-12-31"`
	Revisions    string  `query:"revisions" enum:"newest,all" default:"newest" doc:"The newest revision of each figure, or all." example:"newest"`
	Paging
}

// InPopulationFigure names a figure in the path.
type InPopulationFigure struct {
	ID uuid.UUID `path:"figure" doc:"The figure's identifier." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
}

func (d *Door) population() {
	const all, one = "/national/population-figures", "/national/population-figures/{figure}"
	list(d, National, all, "list-population-figures", func(ctx context.Context, tx *pg.Tx, in *PopulationQuery) (l PopulationFigureList, total int, err error) {
		figures, total, err := population.List(ctx, tx, population.Filter{County: in.County, Municipality: in.Municipality, Day: in.Day,
			Every: in.Revisions == "all", Limit: in.Limit, Page: in.Page})
		for _, f := range figures {
			l.Figures = append(l.Figures, d.figure(f))
		}
		return l, total, err
	})
	read(d, National, one, "get-population-figure", func(ctx context.Context, tx *pg.Tx, in *InPopulationFigure) (PopulationFigure, error) {
		f, err := population.Get(ctx, tx, in.ID)
		return d.figure(f), err
	})
	d.populationImports()
}

// figure adds to a figure what its municipality is called, and what leads on.
func (d *Door) figure(f population.Figure) PopulationFigure {
	m, _ := tenant.MunicipalityByCode(f.Municipality)
	it := PopulationFigure{Figure: f, Name: m.Name, County: m.County, Linked: Linked{Links{}}}
	all := d.at("national", "population-figures")
	it.Links.to("self", http.MethodGet, all+"/"+f.ID.String())
	it.Links.to("collection", http.MethodGet, all)
	it.Links.to("version-history", http.MethodGet, all+"?revisions=all&municipality="+f.Municipality+"&day="+f.Day.String())
	return it
}
