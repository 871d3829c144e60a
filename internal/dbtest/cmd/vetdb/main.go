// Command vetdb runs a command with SQLC_DATABASE_URL set to a throw-away
// database that has the schema: for checks that let PostgreSQL prepare every query.
package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"

	"github.com/jackc/pgx/v5"

	"github.com/overens/overens/db"
	"github.com/overens/overens/deploy"
	"github.com/overens/overens/internal/pgdev"
)

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "vetdb:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, command []string) error {
	if len(command) == 0 {
		return fmt.Errorf("which command? usage: vetdb <command> [argument ...]")
	}
	s, err := pgdev.Ephemeral(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = s.Stop() }()
	conn, err := pgx.Connect(ctx, s.URL("postgres", "postgres"))
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, deploy.RolesSQL)
	_ = conn.Close(ctx)
	if err != nil {
		return err
	}
	if _, err := db.Migrate(ctx, s.URL("postgres", "overens_owner")); err != nil {
		return err
	}
	c := exec.CommandContext(ctx, command[0], command[1:]...) // running what it is given is what it is for
	c.Stdout, c.Stderr = os.Stdout, os.Stderr
	c.Env = append(os.Environ(), "SQLC_DATABASE_URL="+s.URL("postgres", "postgres"))
	return c.Run()
}
