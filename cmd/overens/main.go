// Command overens is the whole of Överens in one binary: the server, its
// background work, its migrations, and the demo that needs nothing else.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"text/tabwriter"
)

// version is set by the build.
var version = "development"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr); err != nil {
		if !errors.Is(err, errSaid) {
			fmt.Fprintln(os.Stderr, "overens:", err)
		}
		os.Exit(1)
	}
}

// errSaid ends the program with a failure that has already been told in full.
var errSaid = errors.New("said")

// command is one subcommand.
type command struct {
	name, usage string
	run         func(ctx context.Context, c Config, args []string, stdout, stderr io.Writer) error
}

// commands are all of them, in the order in which help shows them.
func commands() []command {
	return []command{
		{"demo", "everything on this machine, with embedded PostgreSQL and made-up people; `demo token <persona>`, `demo personas`", demo},
		{"serve", "the server: pages, API and background work", serve},
		{"migrate", "bring the schema to this version, as the owner (OWNER_DATABASE_URL)", migrate},
		{"tenants", "check | diff | apply | export | new | schema | import: the counties' files and facts; `tenants` alone says how", tenantsCommand},
		{"population", "import <file or address> [--dry-run] [--source text]: the national register of population", populationCommand},
		{"costshare", "verify [--county slug]: do adopted cost statements come out to the same öre?", costshareCommand},
		{"audit", "verify [--county slug] [--anchor seq:hash]: is the trail whole?", auditCommand},
		{"version", "which version this is", func(_ context.Context, _ Config, _ []string, stdout, _ io.Writer) error {
			_, err := fmt.Fprintln(stdout, "overens", version)
			return err
		}},
	}
}

// run is the program, for main and for tests.
func run(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) error {
	if len(args) == 0 || args[0] == "help" || args[0] == "-h" || args[0] == "--help" {
		return help(stdout)
	}
	conf, err := ReadConfig(getenv)
	if err != nil {
		return err
	}
	for _, c := range commands() {
		if c.name == args[0] {
			return c.run(ctx, conf, args[1:], stdout, stderr)
		}
	}
	_ = help(stderr)
	return fmt.Errorf("there is no command %q", args[0])
}

func help(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "usage: overens <command> [argument ...]")
	for _, c := range commands() {
		fmt.Fprintf(t, "  %s\t%s\n", c.name, c.usage)
	}
	return t.Flush()
}
