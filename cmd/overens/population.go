package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/fetch"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/population"
	"github.com/overens/overens/internal/text"
)

// fetchPopulation reads an address of population figures.
func (c Config) fetchPopulation(ctx context.Context, address string) ([]byte, error) {
	r := fetch.New(fetch.Config{Hosts: c.PopulationHosts, Limit: population.MaxBytes, Timeout: 45 * time.Second, Agent: "overens/" + version})
	raw, err := r.Get(ctx, address)
	if err != nil {
		return nil, r.Refusal("population", err)
	}
	return raw, nil
}

const populationUsage = "population import <file or address> [--dry-run] [--source text]"

// populationCommand is `overens population`: the national register from a shell.
func populationCommand(ctx context.Context, c Config, args []string, stdout, stderr io.Writer) error {
	if len(args) == 0 || args[0] != "import" {
		return errors.New("population: what is to be done?\n  " + populationUsage)
	}
	flags := flag.NewFlagSet("population import", flag.ContinueOnError)
	flags.SetOutput(stderr)
	dry := flags.Bool("dry-run", false, "only tell what would be written")
	source := flags.String("source", "", "the source of figures that do not name it themselves")
	var from []string
	for rest := args[1:]; len(rest) > 0; { // flags may also stand behind the file
		if err := flags.Parse(rest); err != nil {
			return err
		}
		if rest = flags.Args(); len(rest) > 0 {
			from, rest = append(from, rest[0]), rest[1:]
		}
	}
	if len(from) != 1 {
		return errors.New("population import: which file or address?\n  " + populationUsage)
	}
	raw, err := c.populationFile(ctx, from[0])
	if err != nil {
		return inWords(err)
	}
	db, err := openDoor(ctx, c, nil)
	if err != nil {
		return err
	}
	defer db.Close()
	f := population.File{Name: filepath.Base(from[0]), Source: *source, Raw: raw}
	if isAddress(from[0]) {
		f.Name, f.Address = "", from[0]
	}
	who := auth.System(pg.Nation, "population import", "")
	if *dry {
		return inWords(db.Rehearse(ctx, who, func(tx *pg.Tx) error {
			i, err := population.Receive(ctx, tx, f)
			if err == nil {
				tellImport(stdout, i, "would be")
			}
			return err
		}))
	}
	return inWords(importPopulation(ctx, db, who, f, stdout))
}

func isAddress(from string) bool { return strings.Contains(from, "://") }

// populationFile reads a file, or what lies at an address.
func (c Config) populationFile(ctx context.Context, from string) ([]byte, error) {
	if isAddress(from) {
		return c.fetchPopulation(ctx, from)
	}
	f, err := os.Open(filepath.Clean(from))
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	raw, err := io.ReadAll(io.LimitReader(f, population.MaxBytes+1))
	if err == nil && len(raw) > population.MaxBytes {
		err = fault.New(fault.TooLarge, "population.too_large").With("limit", population.MaxBytes>>20)
	}
	return raw, err
}

// importPopulation takes figures in and writes them here, without waiting for a
// server's jobs: should one run, it finds nothing left to do.
func importPopulation(ctx context.Context, db *pg.DB, who auth.Actor, f population.File, stdout io.Writer) error {
	var i population.Import
	err := db.InTenant(ctx, who, pg.Write, func(tx *pg.Tx) (err error) {
		if i, err = population.Receive(ctx, tx, f); err != nil || !i.Ready() {
			return err
		}
		i, err = population.Confirm(ctx, tx, i.ID, i.Version)
		return err
	})
	if err != nil {
		return err
	}
	for more := i.Works(); more; {
		err := db.InTenant(ctx, who, pg.Write, func(tx *pg.Tx) (err error) {
			more, err = population.WriteDay(ctx, tx, i.ID)
			return err
		})
		if err != nil {
			return err
		}
	}
	err = db.InTenant(ctx, who, pg.Read, func(tx *pg.Tx) (err error) {
		i, err = population.GetImport(ctx, tx, i.ID)
		return err
	})
	if err == nil {
		tellImport(stdout, i, "are")
	}
	return err
}

func tellImport(w io.Writer, i population.Import, are string) {
	fmt.Fprintf(w, "%d read: %d %s new, %d %s revised, %d unchanged, %d passed over, %d refused\n", i.Read, i.New, are, i.Revised, are, i.Unchanged, i.Skipped, i.Refused)
	for _, p := range i.Problems {
		fmt.Fprintf(w, "  row %d: %s. %s\n", p.Row, text.English.Fill(p.Key, p.Args), text.English.Fill(p.Key+"_detail", p.Args))
	}
	if more := i.Refused - len(i.Problems); more > 0 {
		fmt.Fprintf(w, "  and %d more\n", more)
	}
}

// inWords is an error as a person reads it, where it is one that he can mend.
func inWords(err error) error {
	faults := fault.All(err)
	if len(faults) == 0 {
		return err
	}
	var says []string
	for _, f := range faults {
		said := text.English.Fill(f.Key, f.Args)
		if text.Has(f.Key + "_detail") {
			said += ". " + text.English.Fill(f.Key+"_detail", f.Args)
		}
		says = append(says, said)
	}
	return fmt.Errorf("%s", strings.Join(says, "; "))
}
