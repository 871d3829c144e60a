package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/costshare"
	"github.com/overens/overens/internal/pg"
)

// costshareCommand is `overens costshare verify`.
func costshareCommand(ctx context.Context, c Config, args []string, stdout, stderr io.Writer) error {
	if len(args) == 0 || args[0] != "verify" {
		return errors.New("costshare: did you mean `costshare verify`?")
	}
	flags := flag.NewFlagSet("costshare verify", flag.ContinueOnError)
	flags.SetOutput(stderr)
	one := flags.String("county", "", "one county; all when not given")
	if err := flags.Parse(args[1:]); err != nil {
		return err
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
	wrong := 0
	for _, slug := range slugs {
		var v costshare.Verified
		err := db.InTenant(ctx, auth.System(slug, "costshare verify", ""), pg.Read, func(tx *pg.Tx) (err error) {
			v, err = costshare.Verify(ctx, tx)
			return err
		})
		if err != nil {
			return fmt.Errorf("%s: %w", slug, err)
		}
		if v.Runs > 0 {
			fmt.Fprintf(stdout, "%s: %d adopted runs worked out again, %d came out otherwise\n", slug, v.Runs, len(v.Wrong))
		}
		for _, id := range v.Wrong {
			fmt.Fprintf(stdout, "%s: WRONG %s\n", slug, id)
		}
		wrong += len(v.Wrong)
	}
	if wrong > 0 {
		return fmt.Errorf("%d adopted runs do not come out as they are kept", wrong)
	}
	return nil
}
