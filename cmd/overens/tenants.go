package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/county"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/sample"
	"github.com/overens/overens/internal/tenant"
	"github.com/overens/overens/tenants"
)

// tenantsCommand is `overens tenants`: the counties' files.
func tenantsCommand(ctx context.Context, c Config, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("tenants", flag.ContinueOnError)
	flags.SetOutput(stderr)
	dir := flags.String("dir", "", "the folder with the files; those in the program when not given")
	if len(args) == 0 {
		return errors.New("tenants: check, apply or import?")
	}
	if err := flags.Parse(args[1:]); err != nil {
		return err
	}
	var files fs.FS = tenants.Files
	if *dir != "" {
		files = os.DirFS(*dir)
	}
	counties, problems := tenant.Load(files, auth.RoleNames())
	for _, p := range problems {
		fmt.Fprintln(stderr, p)
	}
	if len(problems) > 0 {
		return fmt.Errorf("tenants: %d faults; nothing was changed", len(problems))
	}
	switch args[0] {
	case "check":
		_, err := fmt.Fprintf(stdout, "%d files are right\n", len(counties))
		return err
	case "apply", "import":
		db, err := openDoor(ctx, c, nil)
		if err != nil {
			return err
		}
		defer db.Close()
		if args[0] == "apply" {
			return applyTenants(ctx, db, counties, stdout)
		}
		return importFacts(ctx, db, counties, stdout)
	}
	return fmt.Errorf("tenants: there is no %q; it can be check, apply or import", args[0])
}

// applyTenants puts each county's file in force, in one unit of work a county.
func applyTenants(ctx context.Context, db *pg.DB, counties []tenant.County, stdout io.Writer) error {
	for _, c := range counties {
		var n int64
		var changed bool
		err := db.InNew(ctx, auth.System(c.Slug, "tenants apply", ""), func(tx *pg.Tx) (err error) {
			n, changed, err = county.Apply(ctx, tx, c, county.FromFile, "tenants apply")
			return err
		})
		if err != nil {
			return fmt.Errorf("%s: %w", c.Slug, err)
		}
		if changed {
			fmt.Fprintf(stdout, "%s: version %d is in force\n", c.Slug, n)
		}
	}
	return nil
}

// importFacts writes the sourced organisations of each county.
func importFacts(ctx context.Context, db *pg.DB, counties []tenant.County, stdout io.Writer) error {
	for _, c := range counties {
		if c.Kind != tenant.KindCounty {
			continue
		}
		var n int
		err := db.InTenant(ctx, auth.System(c.Slug, "tenants import", ""), pg.Write, func(tx *pg.Tx) (err error) {
			n, err = sample.Organisations(ctx, tx)
			return err
		})
		if err != nil {
			return fmt.Errorf("%s: %w", c.Slug, err)
		}
		fmt.Fprintf(stdout, "%s: %d organisations are new\n", c.Slug, n)
	}
	return nil
}
