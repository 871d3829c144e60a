package main

import (
	"context"
	"fmt"
	"io"

	"github.com/overens/overens/db"
)

// migrate is `overens migrate`: the one command that needs the owner.
func migrate(ctx context.Context, c Config, _ []string, stdout, _ io.Writer) error {
	if err := c.need(map[string]string{"OWNER_DATABASE_URL": c.OwnerDatabaseURL}); err != nil {
		return err
	}
	n, err := db.Migrate(ctx, c.OwnerDatabaseURL)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(stdout, "the schema is up to date; %d migrations ran\n", n)
	return err
}
