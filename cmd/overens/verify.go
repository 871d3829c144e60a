package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/county"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

// verifyFlags are those of `overens <of> verify`, to which it can add its own before
// they are read; one is the county that is asked for, all when empty.
func verifyFlags(of string, args []string, stderr io.Writer) (flags *flag.FlagSet, one *string, err error) {
	if len(args) == 0 || args[0] != "verify" {
		return nil, nil, errors.New(of + ": did you mean `" + of + " verify`?")
	}
	flags = flag.NewFlagSet(of+" verify", flag.ContinueOnError)
	flags.SetOutput(stderr)
	return flags, flags.String("county", "", "one county; all when not given"), nil
}

// verifyCounties looks at one county, or at each where one is empty, whether what is
// kept holds, and lets what was found be told. It adds up what does not hold.
func verifyCounties[Found any](ctx context.Context, c Config, command, one string, look func(*pg.Tx) (Found, error), tell func(slug string, f Found) (wrong int)) (wrong int, err error) {
	db, err := openDoor(ctx, c, nil)
	if err != nil {
		return 0, err
	}
	defer db.Close()
	slugs := []string{one}
	if one == "" {
		if slugs, err = everyCounty(ctx, db); err != nil {
			return 0, err
		}
	}
	for _, slug := range slugs {
		var f Found
		err := db.InTenant(ctx, auth.System(slug, command, ""), pg.Read, func(tx *pg.Tx) (err error) {
			f, err = look(tx)
			return err
		})
		if err != nil {
			return wrong, fmt.Errorf("%s: %w", slug, err)
		}
		wrong += tell(slug, f)
	}
	return wrong, nil
}

// everyCounty are the slugs of all tenants, the nation and sandboxes among them.
func everyCounty(ctx context.Context, db *pg.DB) ([]string, error) {
	var slugs []string
	err := db.InPublic(ctx, pg.Nation, func(tx *pg.Tx) error {
		known, err := county.List(ctx, tx, tenant.KindCounty, tenant.KindNational, tenant.KindSandbox)
		slugs = nil
		for _, k := range known {
			slugs = append(slugs, k.Slug)
		}
		return err
	})
	return slugs, err
}
