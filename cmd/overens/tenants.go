package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/overens/overens/internal/agreement"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/county"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/sample"
	"github.com/overens/overens/internal/tenant"
	"github.com/overens/overens/internal/text"
	"github.com/overens/overens/tenants"
)

// configurationGuards are asked before a configuration changes: each room above
// county that keeps what a key of the configuration names has one.
var configurationGuards = []county.Guard{agreement.Guard, governance.Guard}

// tenantsFlags are what follows `overens tenants <verb>`.
type tenantsFlags struct {
	dir, reason, takeOver, template, name, english string
	slugs                                          []string
}

// tenantsVerbs are what can be done with the counties' files, in the order of help.
var tenantsVerbs = []struct {
	name, usage string
	run         func(ctx context.Context, c Config, f tenantsFlags, stdout, stderr io.Writer) error
}{
	{"check", "[--dir folder]: every fault, with file, line, column and what to do", tenantsCheck},
	{"diff", "[--dir folder] [slug ...]: what apply would change, in words", tenantsDiff},
	{"apply", "[--dir folder] [--reason text] [--take-over section,...] [slug ...]: put the files in force", tenantsApply},
	{"export", "[--dir folder] [slug ...]: write what is in force as files; one without a folder is printed", tenantsExport},
	{"new", "--template county --name name [--english name] [--dir folder] slug: a new county's file in another's form", tenantsNew},
	{"schema", "the JSON Schema of a county's file", tenantsSchema},
	{"import", "write the sourced facts of the counties as records", tenantsImport},
}

// tenantsCommand is `overens tenants`: the counties' files.
func tenantsCommand(ctx context.Context, c Config, args []string, stdout, stderr io.Writer) error {
	var usage strings.Builder
	for _, v := range tenantsVerbs {
		fmt.Fprintf(&usage, "\n  tenants %s %s", v.name, v.usage)
		if len(args) == 0 || args[0] != v.name {
			continue
		}
		var f tenantsFlags
		flags := flag.NewFlagSet("tenants "+v.name, flag.ContinueOnError)
		flags.SetOutput(stderr)
		flags.StringVar(&f.dir, "dir", "", "the folder with the files; those in the program when not given")
		flags.StringVar(&f.reason, "reason", "tenants apply", "why, for the history")
		flags.StringVar(&f.takeOver, "take-over", "", "sections that the file keeps from now on, although the pages did")
		flags.StringVar(&f.template, "template", "", "the county whose form is taken")
		flags.StringVar(&f.name, "name", "", "what the county is called in Swedish")
		flags.StringVar(&f.english, "english", "", "what the county is called in English")
		// Flags may also stand behind the slug: new sodermanland --template halland.
		for rest := args[1:]; len(rest) > 0; {
			if err := flags.Parse(rest); err != nil {
				return err
			}
			if rest = flags.Args(); len(rest) > 0 {
				f.slugs, rest = append(f.slugs, rest[0]), rest[1:]
			}
		}
		return v.run(ctx, c, f, stdout, stderr)
	}
	return errors.New("tenants: what is to be done?" + usage.String())
}

// load reads the files and tells every fault. Where slugs are asked for, it
// gives those.
func (f tenantsFlags) load(stderr io.Writer) ([]tenant.County, error) {
	var files fs.FS = tenants.Files
	if f.dir != "" {
		files = os.DirFS(f.dir)
	}
	counties, problems := tenant.Load(files, auth.RoleNames())
	for _, p := range problems {
		fmt.Fprintln(stderr, p)
	}
	if len(problems) > 0 {
		return nil, fmt.Errorf("tenants: %d faults; nothing was changed", len(problems))
	}
	if len(f.slugs) == 0 {
		return counties, nil
	}
	var asked []tenant.County
	for _, slug := range f.slugs {
		n := slices.IndexFunc(counties, func(c tenant.County) bool { return c.Slug == slug })
		if n < 0 {
			return nil, fmt.Errorf("tenants: there is no file %s.yaml", slug)
		}
		asked = append(asked, counties[n])
	}
	return asked, nil
}

func tenantsCheck(_ context.Context, _ Config, f tenantsFlags, stdout, stderr io.Writer) error {
	counties, err := f.load(stderr)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(stdout, "%d files are right\n", len(counties))
	return err
}

func tenantsSchema(_ context.Context, _ Config, _ tenantsFlags, stdout, _ io.Writer) error {
	_, err := stdout.Write(tenant.Schema())
	return err
}

// file is a county's file as the room takes it.
func (f tenantsFlags) file(c tenant.County) county.File {
	file := county.File{County: c, Reason: f.reason, Guards: configurationGuards}
	if f.takeOver != "" {
		file.TakeOver = strings.Split(f.takeOver, ",")
	}
	return file
}

func tenantsDiff(ctx context.Context, c Config, f tenantsFlags, stdout, stderr io.Writer) error {
	counties, db, err := f.open(ctx, c, stderr)
	if err != nil {
		return err
	}
	defer db.Close()
	return eachFile(ctx, db, counties, f, stdout, county.Plan, func(slug string, a county.Applied) {
		switch {
		case !a.Changed && len(a.Left) == 0:
			fmt.Fprintf(stdout, "%s: nothing would change\n", slug)
		case a.Version == 0:
			fmt.Fprintf(stdout, "%s: the county would be new\n", slug)
		default:
			fmt.Fprintf(stdout, "%s, version %d is in force:\n", slug, a.Version)
			sayDifferences(stdout, a)
		}
	})
}

func tenantsApply(ctx context.Context, c Config, f tenantsFlags, stdout, stderr io.Writer) error {
	counties, db, err := f.open(ctx, c, stderr)
	if err != nil {
		return err
	}
	defer db.Close()
	return f.apply(ctx, db, counties, stdout)
}

func (f tenantsFlags) apply(ctx context.Context, db *pg.DB, counties []tenant.County, stdout io.Writer) error {
	said := false
	err := eachFile(ctx, db, counties, f, stdout, county.Put, func(slug string, a county.Applied) {
		if !a.Changed && len(a.Left) == 0 {
			return
		}
		said = true
		fmt.Fprintf(stdout, "%s: version %d is in force\n", slug, a.Version)
		if a.Version > 1 {
			sayDifferences(stdout, a)
		}
	})
	if err == nil && !said {
		_, err = fmt.Fprintln(stdout, "nothing changed")
	}
	return err
}

// applyTenants puts counties in force as they are given, for the demo.
func applyTenants(ctx context.Context, db *pg.DB, counties []tenant.County, stdout io.Writer) error {
	return tenantsFlags{reason: "tenants apply"}.apply(ctx, db, counties, stdout)
}

func sayDifferences(w io.Writer, a county.Applied) {
	for _, d := range a.Differences {
		fmt.Fprintln(w, "  "+d.In(text.English))
	}
	for _, key := range a.Left {
		fmt.Fprintf(w, "  %s is kept on the pages and says otherwise; it is left as it is (--take-over %s would change it)\n", key, key)
	}
}

func (f tenantsFlags) open(ctx context.Context, c Config, stderr io.Writer) ([]tenant.County, *pg.DB, error) {
	counties, err := f.load(stderr)
	if err != nil {
		return nil, nil, err
	}
	db, err := openDoor(ctx, c, nil)
	return counties, db, err
}

// eachFile does something with each county's file, in one unit of work a
// county. A county that is refused does not stop the others.
func eachFile(ctx context.Context, db *pg.DB, counties []tenant.County, f tenantsFlags, stdout io.Writer,
	do func(context.Context, *pg.Tx, county.File) (county.Applied, error), say func(string, county.Applied)) error {
	refused := 0
	for _, c := range counties {
		var a county.Applied
		err := db.InNew(ctx, auth.System(c.Slug, "tenants apply", ""), func(tx *pg.Tx) (err error) {
			a, err = do(ctx, tx, f.file(c))
			return err
		})
		if faults := fault.All(err); len(faults) > 0 {
			refused++
			for _, f := range faults {
				fmt.Fprintf(stdout, "%s: refused: %s\n", c.Slug, text.English.Fill(f.Key, f.Args))
			}
			continue
		}
		if err != nil {
			return fmt.Errorf("%s: %w", c.Slug, err)
		}
		say(c.Slug, a)
	}
	if refused > 0 {
		return fmt.Errorf("tenants: %d counties were refused and are as they were", refused)
	}
	return nil
}

func tenantsExport(ctx context.Context, c Config, f tenantsFlags, stdout, _ io.Writer) error {
	db, err := openDoor(ctx, c, nil)
	if err != nil {
		return err
	}
	defer db.Close()
	if len(f.slugs) == 0 {
		if f.slugs, err = everyCounty(ctx, db); err != nil {
			return err
		}
	}
	if f.dir == "" && len(f.slugs) != 1 {
		return errors.New("tenants export: say into which folder (--dir), or which one county is to be printed")
	}
	for _, slug := range f.slugs {
		kept, err := db.County(ctx, slug)
		if err != nil {
			return fmt.Errorf("%s: %w", slug, err)
		}
		written, err := tenant.Format(kept)
		if err != nil {
			return fmt.Errorf("%s: %w", slug, err)
		}
		if f.dir == "" {
			_, err = stdout.Write(written)
			return err
		}
		if err := exportFile(filepath.Join(f.dir, slug+".yaml"), kept, written, stdout); err != nil {
			return err
		}
	}
	return nil
}

// exportFile writes a county's file. One that says the same already stays, with
// its comments.
func exportFile(name string, kept tenant.County, written []byte, stdout io.Writer) error {
	if src, err := os.ReadFile(filepath.Clean(name)); err == nil {
		if read, problems := tenant.Parse(name, src, auth.RoleNames()); len(problems) == 0 && tenant.Equal(read, kept) {
			_, err := fmt.Fprintf(stdout, "%s: says the same already\n", name)
			return err
		}
	}
	if err := os.WriteFile(name, written, 0o644); err != nil { //nolint:gosec // a file for people to read
		return err
	}
	_, err := fmt.Fprintf(stdout, "%s: written\n", name)
	return err
}

func tenantsNew(_ context.Context, _ Config, f tenantsFlags, stdout, stderr io.Writer) error {
	if len(f.slugs) != 1 || f.template == "" || f.name == "" {
		return errors.New("tenants new: give --template, --name and one slug, as: tenants new --template halland --name 'Provlän' provlan")
	}
	slug, dir := f.slugs[0], f.dir
	f.slugs, f.dir = []string{f.template}, "" // forms are those of the program's own files
	templates, err := f.load(stderr)
	if err != nil {
		return err
	}
	if dir == "" {
		dir = "tenants"
	}
	name := tenant.Words{"sv": f.name}
	if f.english != "" {
		name["en"] = f.english
	}
	c := tenant.FromTemplate(templates[0], slug, name)
	if problems := tenant.Check(c, auth.RoleNames()); len(problems) > 0 {
		for _, p := range problems {
			fmt.Fprintln(stderr, p)
		}
		return fmt.Errorf("tenants: %d faults; nothing was written", len(problems))
	}
	written, err := tenant.Format(c)
	if err != nil {
		return err
	}
	written = bytes.Replace(written, []byte(tenant.SchemaLine), []byte(tenant.SchemaLine+"# "+f.name+", in the form of "+f.template+". Change what differs.\n"), 1)
	path := filepath.Join(dir, slug+".yaml")
	file, err := os.OpenFile(filepath.Clean(path), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644) //nolint:gosec // a file for people to read
	if err != nil {
		return err
	}
	if _, err = file.Write(written); err == nil {
		err = file.Close()
	}
	if err == nil {
		_, err = fmt.Fprintf(stdout, "%s is written. Next: overens tenants check --dir %s, then apply --dir %s %s\n", path, dir, dir, slug)
	}
	return err
}

func tenantsImport(ctx context.Context, c Config, f tenantsFlags, stdout, stderr io.Writer) error {
	counties, db, err := f.open(ctx, c, stderr)
	if err != nil {
		return err
	}
	defer db.Close()
	return importFacts(ctx, db, counties, stdout)
}

// importFacts writes what is known of each county, each thing with its source.
func importFacts(ctx context.Context, db *pg.DB, counties []tenant.County, stdout io.Writer) error {
	for _, c := range counties {
		if c.Kind == tenant.KindNational {
			if err := importNationalFacts(ctx, db, c.Slug, stdout); err != nil {
				return err
			}
		}
		if c.Kind != tenant.KindCounty {
			continue
		}
		var n, m, k int
		err := db.InTenant(ctx, auth.System(c.Slug, "tenants import", ""), pg.Write, func(tx *pg.Tx) (err error) {
			if n, err = sample.Organisations(ctx, tx); err != nil {
				return err
			}
			if m, err = sample.Agreements(ctx, tx); err != nil {
				return err
			}
			k, err = sample.Past(ctx, tx)
			return err
		})
		if err != nil {
			return fmt.Errorf("%s: %w", c.Slug, err)
		}
		fmt.Fprintf(stdout, "%s: %d organisations, %d agreements and %d meetings are new\n", c.Slug, n, m, k)
	}
	return nil
}

// importNationalFacts writes what is known of all counties together.
func importNationalFacts(ctx context.Context, db *pg.DB, slug string, stdout io.Writer) error {
	var n int
	err := db.InTenant(ctx, auth.System(slug, "tenants import", ""), pg.Write, func(tx *pg.Tx) (err error) {
		n, err = sample.Population(ctx, tx)
		return err
	})
	if err != nil {
		return fmt.Errorf("%s: %w", slug, err)
	}
	_, err = fmt.Fprintf(stdout, "%s: %d figures of population are new\n", slug, n)
	return err
}
