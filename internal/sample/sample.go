// Package sample makes valid content through the rooms themselves: the sourced
// facts of real counties, and people made up for the demo and for tests. What is
// made up is marked demo on its row. Roles stand in the place of names.
package sample

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"

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

// Facts are the sourced organisations of a county. Municipalities that its file
// does not name, or all of them where it has no file, are as the official codes
// name them.
func Facts(slug string) ([]Fact, error) {
	file, err := read(slug)
	if err != nil {
		return nil, err
	}
	list, known := file.Organisations, map[string]bool{}
	for _, f := range list {
		if f.Type == organisation.Municipality {
			known[f.OfficialCode] = true
		}
	}
	for _, m := range municipalities(slug) {
		if !known[m.OfficialCode] {
			list = append(list, m)
		}
	}
	return list, nil
}

// file is a county's file of facts.
type file struct {
	Organisations   []Fact       `yaml:"organisations"`
	Instruments     []instrument `yaml:"instruments"`
	Networks        []network    `yaml:"networks"`
	LocalAgreements []local      `yaml:"localAgreements"`
	Meetings        []sitting    `yaml:"meetings"`
}

func read(slug string) (file, error) {
	var f file
	src, err := facts.ReadFile("facts/" + slug + ".yaml")
	if errors.Is(err, fs.ErrNotExist) {
		return f, nil
	}
	if err == nil {
		err = yaml.UnmarshalWithOptions(src, &f, yaml.Strict())
	}
	if err != nil {
		return f, fmt.Errorf("facts/%s.yaml: %w", slug, err)
	}
	return f, nil
}

// InFull are the counties whose facts are told in full.
func InFull() []string { return slices.Sorted(maps.Keys(parties)) }

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
