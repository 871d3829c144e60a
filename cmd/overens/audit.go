package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/overens/overens/internal/audit"
	"github.com/overens/overens/internal/pg"
)

// auditCommand is `overens audit verify`.
func auditCommand(ctx context.Context, c Config, args []string, stdout, stderr io.Writer) error {
	flags, one, err := verifyFlags("audit", args, stderr)
	if err != nil {
		return err
	}
	anchor := flags.String("anchor", "", "a head of an earlier run (seq:hash) that must still stand in the chain of --county")
	if err := flags.Parse(args[1:]); err != nil {
		return err
	}
	if *anchor != "" && *one == "" {
		return errors.New("audit verify: --anchor needs --county")
	}
	broken, err := verifyCounties(ctx, c, "audit verify", *one, func(tx *pg.Tx) (audit.Report, error) {
		return audit.Verify(ctx, tx, *anchor)
	}, func(slug string, r audit.Report) int {
		if len(r.Breaks) == 0 {
			fmt.Fprintf(stdout, "%s: whole, %d rows, %d masked, head %s\n", slug, r.Rows, r.Masked, r.Head)
			return 0
		}
		for _, b := range r.Breaks {
			fmt.Fprintf(stdout, "%s: BROKEN at %s\n", slug, b)
		}
		return 1
	})
	if err == nil && broken > 0 {
		err = fmt.Errorf("the trail of %d counties does not hold", broken)
	}
	return err
}
