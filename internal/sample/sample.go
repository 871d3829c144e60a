// Package sample makes valid content through the rooms themselves: the sourced
// facts of real counties, and people made up for the demo and for tests. What is
// made up is marked demo on its row. Roles stand in the place of names.
package sample

import (
	"context"
	"embed"
	"fmt"
	"io/fs"

	"github.com/goccy/go-yaml"

	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

//go:embed facts/*.yaml
var facts embed.FS

// Fact is one organisation in a county's file of facts.
type Fact struct {
	Key                string `yaml:"key"`
	Type               string `yaml:"type"`
	Name               string `yaml:"name"`
	ShortName          string `yaml:"shortName"`
	OfficialCode       string `yaml:"officialCode"`
	OrganisationNumber string `yaml:"organisationNumber"`
	Source             string `yaml:"source"`
}

// Facts are the sourced organisations of a county. For a county without a file
// of its own they are its municipalities, as the official codes name them.
func Facts(slug string) ([]Fact, error) {
	src, err := facts.ReadFile("facts/" + slug + ".yaml")
	if err != nil {
		return municipalities(slug), nil
	}
	var file struct {
		Organisations []Fact `yaml:"organisations"`
	}
	if err := yaml.UnmarshalWithOptions(src, &file, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("facts/%s.yaml: %w", slug, err)
	}
	return file.Organisations, nil
}

// InFull are the counties whose facts lie in a file of their own.
func InFull() []string {
	files, err := fs.Glob(facts, "facts/*.yaml")
	if err != nil {
		panic(err) // a pattern of ours
	}
	slugs := make([]string, len(files))
	for i, f := range files {
		slugs[i] = f[len("facts/") : len(f)-len(".yaml")]
	}
	return slugs
}

func municipalities(slug string) []Fact {
	county, ok := tenant.CountyBySlug(slug)
	if !ok {
		return nil
	}
	var fs []Fact
	for _, m := range tenant.Municipalities(county.Code) {
		fs = append(fs, Fact{Key: "kommun-" + m.Code, Type: organisation.Municipality, Name: m.Name, OfficialCode: m.Code, Source: "SCB, kommunkoder"})
	}
	return fs
}

// Organisations writes a county's facts. What is there already is left as it
// is: the county may have changed it. It returns how many were new.
func Organisations(ctx context.Context, tx *pg.Tx) (int, error) {
	list, err := Facts(tx.Tenant)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, f := range list {
		if _, err := organisation.ByKey(ctx, tx, f.Key); err == nil {
			continue
		} else if !fault.Is(err, "common.not_found") {
			return n, err
		}
		_, err := organisation.Import(ctx, tx, organisation.Card{Type: f.Type, Name: f.Name, ShortName: f.ShortName, OfficialCode: f.OfficialCode,
			OrganisationNumber: f.OrganisationNumber, Published: true}, organisation.Origin{Key: f.Key, Source: f.Source})
		if err != nil {
			return n, fmt.Errorf("%s: %w", f.Key, err)
		}
		n++
	}
	return n, nil
}
