package api

import (
	"context"

	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/pg"
)

// None is what is asked for with nothing but the path.
type None struct{}

// Info tells which version of the API answers.
type Info struct {
	APIName          string  `json:"apiName" doc:"The API's name." example:"Överens"`
	APIVersion       string  `json:"apiVersion" doc:"The version, by semantic versioning." example:"1.0.0"`
	APIReleased      day.Day `json:"apiReleased" doc:"The day this version was released." example:"2026-11-25"`
	APIDocumentation string  `json:"apiDocumentation" format:"uri" doc:"Where the documentation is." example:"https://overens.example/api/v1/docs"`
	APIStatus        string  `json:"apiStatus" enum:"active,deprecated,retired" doc:"Where in its life this version is." example:"active"`
	Linked
}

func (d *Door) info() {
	read(d, Open, "/api-info", "get-api-info", func(context.Context, *pg.Tx, *None) (Info, error) {
		i := Info{APIName: name, APIVersion: d.conf.Version, APIReleased: d.conf.Released, APIDocumentation: d.at("docs"), APIStatus: "active"}
		i.Links = Links{}
		i.Links.to("self", "GET", d.at("api-info"))
		i.Links.to("service-desc", "GET", d.at("openapi.json"))
		i.Links.to("service-doc", "GET", d.at("docs"))
		i.Links.to("counties", "GET", d.at("counties"))
		return i, nil
	})
}
