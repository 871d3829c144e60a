// Package county keeps a county's configuration: its versions, which one is in
// force, who keeps which section, and how a change comes in. What a
// configuration is, and whether it is valid, package tenant knows.
//
// Nothing is ever written over. A version of the configuration says what is
// known; inside it each section says from which day it holds. So both can be
// asked: what held on a day, and what was known of that at an instant.
package county

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/county/internal/countydb"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

// Where a version comes from, and who keeps a section.
const (
	FromFile  = "file"
	FromPages = "pages"
)

// Load reads the configuration in force. It is the loader that the door is
// opened with.
func Load(ctx context.Context, tx *pg.Tx) (tenant.County, error) {
	row, err := countydb.New(tx).InForce(ctx, tx.Tenant)
	if err != nil {
		return tenant.County{}, err
	}
	return decode(tx, row.Version, row.Body)
}

func decode(tx *pg.Tx, version int64, body []byte) (tenant.County, error) {
	c, err := tenant.Decode(body)
	if err != nil {
		return tenant.County{}, fmt.Errorf("county %s version %d: %w", tx.Tenant, version, err)
	}
	c.Version = version
	return c, nil
}

// locked reads the configuration in force and keeps others from changing it. A
// county that is not there yet is empty, with version 0.
func locked(ctx context.Context, tx *pg.Tx) (tenant.County, error) {
	_, err := countydb.New(tx).Lock(ctx, tx.Tenant)
	switch {
	case fault.Is(err, "common.not_found"):
		return tenant.County{}, nil
	case err != nil:
		return tenant.County{}, err
	}
	return Load(ctx, tx)
}

// origin is where a version comes from.
type origin struct{ source, reason, decision string }

// keep writes what a county now says as a new version, unless it says what
// already holds. managers are those of the sections that change hands; the
// other sections that changed keep theirs.
func keep(ctx context.Context, tx *pg.Tx, was, c tenant.County, from origin, managers map[string]string) (version int64, changed bool, err error) {
	q := countydb.New(tx)
	states, err := kept(ctx, tx)
	if err != nil {
		return 0, false, err
	}
	var sections []string
	for _, s := range tenant.SectionTypes() {
		if !s.Same(was, c) {
			sections = append(sections, s.Key)
		}
	}
	version = was.Version
	changed = len(sections) > 0 || was.Kind != c.Kind || was.Version == 0
	if changed {
		version++
		if err := put(ctx, tx, c, version, from); err != nil {
			return 0, false, err
		}
		tx.County = c
		tx.County.Version = version
		tx.Notify("county")
	}
	for _, s := range tenant.SectionTypes() {
		manager, handed := managers[s.Key]
		handed = handed && manager != states[s.Key].Manager
		touched := slices.Contains(sections, s.Key)
		if touched {
			if err := q.AddChange(ctx, countydb.AddChangeParams{Section: s.Key, Version: version}); err != nil {
				return 0, false, err
			}
		}
		if !handed {
			manager = states[s.Key].Manager
		}
		if touched || handed {
			if err := q.PutSection(ctx, countydb.PutSectionParams{Section: s.Key, Manager: manager}); err != nil {
				return 0, false, err
			}
		}
	}
	return version, changed, nil
}

func put(ctx context.Context, tx *pg.Tx, c tenant.County, version int64, from origin) error {
	q := countydb.New(tx)
	body, err := tenant.Encode(c)
	if err != nil {
		return err
	}
	on := c.On(tx.Today())
	names, err := json.Marshal(on.Identity.Name)
	if err != nil {
		return err
	}
	administrations, err := json.Marshal(on.Identity.Administration)
	if err != nil {
		return err
	}
	var code *string
	if on.Identity.Code != "" {
		code = &on.Identity.Code
	}
	if err := q.Put(ctx, countydb.PutParams{Kind: string(c.Kind), Version: version, Code: code, Names: names, Administrations: administrations, CreatedAt: tx.Now}); err != nil {
		return err
	}
	return q.AddVersion(ctx, countydb.AddVersionParams{Version: version, Body: body, Source: from.source, Reason: from.reason,
		Decision: from.decision, Actor: tx.Label(), CreatedAt: tx.Now})
}

// Version is one version of the configuration, without its body.
type Version struct {
	Version  int64     `json:"version" doc:"Counted from 1." example:"7"`
	Source   string    `json:"source" enum:"file,pages" doc:"Where the change came from." example:"pages"`
	Reason   string    `json:"reason" doc:"Why, in the words of whoever changed it." example:"Forum har ändrat områdena"`
	Decision string    `json:"decision,omitempty" doc:"By what decision." example:"Forum 2023-03-30"`
	Actor    string    `json:"actor" doc:"Who, as in the trail: never a name." example:"person:0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	At       time.Time `json:"at" doc:"When." example:"2026-11-25T11:00:00Z"`
}

// Versions are a county's versions, newest first.
func Versions(ctx context.Context, tx *pg.Tx, limit, offset int32) ([]Version, error) {
	if err := tx.Require(auth.CountyRead); err != nil {
		return nil, err
	}
	rows, err := countydb.New(tx).Versions(ctx, countydb.VersionsParams{Max: limit, Skip: offset})
	if err != nil {
		return nil, err
	}
	vs := make([]Version, len(rows))
	for i, r := range rows {
		vs[i] = Version{Version: r.Version, Source: r.Source, Reason: r.Reason, Decision: r.Decision, Actor: r.Actor, At: r.CreatedAt}
	}
	return vs, nil
}

// Known is a county as everyone may know it.
type Known struct {
	Slug           string
	Kind           tenant.Kind
	Code           string
	Name           tenant.Words
	Administration tenant.Words
}

// List gives every county of the given kinds, by official code. It asks for no
// right and works in a public or national unit of work.
func List(ctx context.Context, tx *pg.Tx, kinds ...tenant.Kind) ([]Known, error) {
	ks := make([]string, len(kinds))
	for i, k := range kinds {
		ks[i] = string(k)
	}
	rows, err := countydb.New(tx).Known(ctx, ks)
	if err != nil {
		return nil, err
	}
	list := make([]Known, len(rows))
	for i, r := range rows {
		list[i] = Known{Slug: r.TenantID, Kind: tenant.Kind(r.Kind), Code: r.Code}
		if err := json.Unmarshal(r.Names, &list[i].Name); err != nil {
			return nil, err
		}
		if err := json.Unmarshal(r.Administrations, &list[i].Administration); err != nil {
			return nil, err
		}
	}
	return list, nil
}
