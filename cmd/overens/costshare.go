package main

import (
	"context"
	"fmt"
	"io"

	"github.com/overens/overens/internal/costshare"
	"github.com/overens/overens/internal/pg"
)

// costshareCommand is `overens costshare verify`.
func costshareCommand(ctx context.Context, c Config, args []string, stdout, stderr io.Writer) error {
	flags, one, err := verifyFlags("costshare", args, stderr)
	if err != nil {
		return err
	}
	if err := flags.Parse(args[1:]); err != nil {
		return err
	}
	wrong, err := verifyCounties(ctx, c, "costshare verify", *one, func(tx *pg.Tx) (costshare.Verified, error) {
		return costshare.Verify(ctx, tx)
	}, func(slug string, v costshare.Verified) int {
		if v.Runs > 0 {
			fmt.Fprintf(stdout, "%s: %d adopted runs worked out again, %d came out otherwise\n", slug, v.Runs, len(v.Wrong))
		}
		for _, id := range v.Wrong {
			fmt.Fprintf(stdout, "%s: WRONG %s\n", slug, id)
		}
		return len(v.Wrong)
	})
	if err == nil && wrong > 0 {
		err = fmt.Errorf("%d adopted runs do not come out as they are kept", wrong)
	}
	return err
}
