package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"

	"github.com/overens/overens/internal/audit"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/county"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

// auditCommand is `overens audit verify`.
func auditCommand(ctx context.Context, c Config, args []string, stdout, stderr io.Writer) error {
	if len(args) == 0 || args[0] != "verify" {
		return errors.New("audit: did you mean `audit verify`?")
	}
	flags := flag.NewFlagSet("audit verify", flag.ContinueOnError)
	flags.SetOutput(stderr)
	one := flags.String("county", "", "one county; all when not given")
	anchor := flags.String("anchor", "", "a head of an earlier run (seq:hash) that must still stand in the chain of --county")
	if err := flags.Parse(args[1:]); err != nil {
		return err
	}
	if *anchor != "" && *one == "" {
		return errors.New("audit verify: --anchor needs --county")
	}
	db, err := openDoor(ctx, c, nil)
	if err != nil {
		return err
	}
	defer db.Close()
	slugs := []string{*one}
	if *one == "" {
		if slugs, err = everyCounty(ctx, db); err != nil {
			return err
		}
	}
	broken := 0
	for _, slug := range slugs {
		var r audit.Report
		err := db.InTenant(ctx, auth.System(slug, "audit verify", ""), pg.Read, func(tx *pg.Tx) (err error) {
			r, err = audit.Verify(ctx, tx, *anchor)
			return err
		})
		if err != nil {
			return fmt.Errorf("%s: %w", slug, err)
		}
		if len(r.Breaks) == 0 {
			fmt.Fprintf(stdout, "%s: whole, %d rows, %d masked, head %s\n", slug, r.Rows, r.Masked, r.Head)
			continue
		}
		broken++
		for _, b := range r.Breaks {
			fmt.Fprintf(stdout, "%s: BROKEN at %s\n", slug, b)
		}
	}
	if broken > 0 {
		return fmt.Errorf("the trail of %d counties does not hold", broken)
	}
	return nil
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
