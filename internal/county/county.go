// Package county keeps a county's configuration: its versions, which one is in
// force, and how a new one comes in. What a configuration is, and whether it is
// valid, package tenant knows.
package county

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/county/internal/countydb"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

// Sources of a version.
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
	c, err := tenant.Decode(row.Body)
	if err != nil {
		return tenant.County{}, fmt.Errorf("county %s version %d: %w", tx.Tenant, row.Version, err)
	}
	c.Version = row.Version
	return c, nil
}

// Apply puts a configuration in force, unless it says what already holds: then
// nothing is written. It returns the version in force and whether it is new.
// The unit of work is opened by InNew, since the county may not exist yet.
func Apply(ctx context.Context, tx *pg.Tx, c tenant.County, source, reason string) (version int64, changed bool, err error) {
	if err := tx.Require(auth.CountyChange); err != nil {
		return 0, false, err
	}
	if c.Slug != tx.Tenant {
		return 0, false, fmt.Errorf("county: the configuration of %s in a unit of work of %s", c.Slug, tx.Tenant)
	}
	q := countydb.New(tx)
	version, err = q.Lock(ctx, tx.Tenant)
	switch {
	case fault.Is(err, "common.not_found"):
		version = 0
	case err != nil:
		return 0, false, err
	default:
		was, err := Load(ctx, tx)
		if err != nil {
			return 0, false, err
		}
		if tenant.Equal(was, c) {
			return version, false, nil
		}
	}
	version++
	body, err := tenant.Encode(c)
	if err != nil {
		return 0, false, err
	}
	on := c.On(tx.Today())
	names, err := json.Marshal(on.Identity.Name)
	if err != nil {
		return 0, false, err
	}
	administrations, err := json.Marshal(on.Identity.Administration)
	if err != nil {
		return 0, false, err
	}
	var code *string
	if on.Identity.Code != "" {
		code = &on.Identity.Code
	}
	if err := q.Put(ctx, countydb.PutParams{Kind: string(c.Kind), Version: version, Code: code, Names: names, Administrations: administrations, CreatedAt: tx.Now}); err != nil {
		return 0, false, err
	}
	err = q.AddVersion(ctx, countydb.AddVersionParams{Version: version, Body: body, Source: source, Reason: reason, CreatedAt: tx.Now})
	return version, true, err
}

// Version is one version of the configuration, without its body.
type Version struct {
	Version int64
	Source  string // FromFile or FromPages
	Reason  string
	At      time.Time
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
		vs[i] = Version{Version: r.Version, Source: r.Source, Reason: r.Reason, At: r.CreatedAt}
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
