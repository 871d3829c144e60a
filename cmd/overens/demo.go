package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/overens/overens/deploy"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/devop"
	"github.com/overens/overens/internal/document"
	"github.com/overens/overens/internal/files"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/pgdev"
	"github.com/overens/overens/internal/sample"
	"github.com/overens/overens/internal/tenant"
	"github.com/overens/overens/internal/web"
	"github.com/overens/overens/tenants"
)

const (
	demoPrefix = "/dev/openid"
	demoClient = "overens-demo"
	demoToken  = time.Hour // a development token's life
)

// demo is `overens demo`: everything on this machine, with made-up people. It
// is the only command that reaches the development provider.
func demo(ctx context.Context, c Config, args []string, stdout, stderr io.Writer) error {
	if len(args) > 0 {
		switch args[0] {
		case "token":
			return demoTokenCommand(c, args[1:], stdout)
		case "personas":
			return listPersonas(stdout)
		}
		return fmt.Errorf("demo: there is no %q; it can be token or personas", args[0])
	}
	l, err := listen(ctx, c.Addr, "ADDR")
	if err != nil {
		return err
	}
	defer func() { _ = l.Close() }()
	side, err := listenSide(ctx, c)
	if err != nil {
		return err
	}
	if c.PublicURL == "" {
		c.PublicURL = "http://" + reachable(l.Addr())
	}
	log := newLogger(stderr, max(c.LogLevel, slog.LevelWarn))
	stop, tracing, err := startTracing(ctx, c.getenv)
	if err != nil {
		return err
	}
	defer func() { _ = stop(context.WithoutCancel(ctx)) }()

	if c.DatabaseURL == "" {
		dev, err := pgdev.Start(ctx, c.Data)
		if err != nil {
			return err
		}
		defer func() { _ = dev.Stop() }()
		if c, err = embedded(ctx, c, dev); err != nil {
			return err
		}
	}
	alone, err := aloneInDemo(ctx, c.DatabaseURL)
	if err != nil {
		return err
	}
	defer alone()
	if c.Mail.URL == "" {
		folder, err := filepath.Abs(filepath.Join(c.Data, "mail"))
		if err != nil {
			return err
		}
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return err
		}
		c.Mail = MailConfig{URL: "file://" + folder, From: "overens@demo.example"}
	}
	if c.FilesURL == "" {
		folder, err := filepath.Abs(filepath.Join(c.Data, "files"))
		if err != nil {
			return err
		}
		c.FilesURL = "file://" + folder
	}
	if err := migrate(ctx, c, nil, io.Discard, stderr); err != nil {
		return err
	}
	dev, err := developers(c, log)
	if err != nil {
		return err
	}
	s, err := newServer(ctx, c, dev, log, tracing)
	if err != nil {
		return err
	}
	counties, problems := tenant.Load(tenants.Files, auth.RoleNames())
	if len(problems) > 0 {
		return fmt.Errorf("tenants: %v", problems[0])
	}
	for i := range counties {
		counties[i] = sample.WithCosts(withDemoSignIn(counties[i], c.PublicURL+demoPrefix))
	}
	if err := applyTenants(ctx, s.db, counties, io.Discard); err != nil {
		return err
	}
	first := append(sample.InFull(), pg.Nation)
	if err := fillDemo(ctx, s.db, first, c.PublicURL+demoPrefix); err != nil {
		return err
	}
	// The meetings and the other counties' content come when the server is already ready.
	filled := make(chan struct{})
	go func() {
		defer close(filled)
		for _, slug := range sample.InFull() {
			if err := holdDemo(ctx, s.db, s.store, slug); err != nil && ctx.Err() == nil {
				log.ErrorContext(ctx, "demo meetings", slog.String("county", slug), slog.String("error", err.Error()))
			}
			err := s.db.InTenant(ctx, auth.System(slug, "demo", ""), pg.Write, func(tx *pg.Tx) error {
				_, err := sample.CostRuns(ctx, tx)
				return err
			})
			if err != nil && ctx.Err() == nil {
				log.ErrorContext(ctx, "demo costs", slog.String("county", slug), slog.String("error", err.Error()))
			}
		}
		var rest []string
		for _, official := range tenant.OfficialCounties() {
			rest = append(rest, official.Slug)
		}
		if err := fillDemo(ctx, s.db, rest, c.PublicURL+demoPrefix); err != nil && ctx.Err() == nil {
			log.ErrorContext(ctx, "demo content", slog.String("error", err.Error()))
		}
	}()
	welcome(stdout, c)
	err = s.answer(ctx, l, side)
	<-filled
	return err
}

// aloneInDemo sees to it that no two demos share a database: each writes its own
// address into the counties' sign-in, and the first would lead its people to the
// second's. The claim ends with the connection, whatever becomes of the program.
func aloneInDemo(ctx context.Context, url string) (release func(), err error) {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return nil, err
	}
	release = func() { _ = conn.Close(context.WithoutCancel(ctx)) }
	// A demo that has just been killed may not be gone from the database yet.
	for deadline := time.Now().Add(2 * time.Second); ; {
		var mine bool
		if err = conn.QueryRow(ctx, `SELECT pg_try_advisory_lock(hashtextextended('overens demo', 0))`).Scan(&mine); err != nil {
			break
		}
		if mine {
			return release, nil
		}
		if time.Now().After(deadline) {
			err = errors.New("another demo runs on this database; stop it, or run this one in another folder")
			break
		}
		select {
		case <-ctx.Done():
		case <-time.After(50 * time.Millisecond):
		}
	}
	release()
	return nil, err
}

// embedded makes the database and its roles in the embedded server, and says
// how to reach it as server and as owner.
func embedded(ctx context.Context, c Config, dev *pgdev.Server) (Config, error) {
	conn, err := pgx.Connect(ctx, dev.URL("postgres", pgdev.Administrator))
	if err != nil {
		return c, err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	var there bool
	if err := conn.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_database WHERE datname = 'overens')`).Scan(&there); err != nil {
		return c, err
	}
	if !there {
		if _, err := conn.Exec(ctx, `CREATE DATABASE overens`); err != nil {
			return c, err
		}
	}
	in, err := pgx.Connect(ctx, dev.URL("overens", pgdev.Administrator))
	if err != nil {
		return c, err
	}
	defer func() { _ = in.Close(context.WithoutCancel(ctx)) }()
	if _, err := in.Exec(ctx, deploy.RolesSQL); err != nil {
		return c, fmt.Errorf("making the roles: %w", err)
	}
	// Migrating need not wait for the disk: a crash takes back the last of them whole.
	c.DatabaseURL, c.OwnerDatabaseURL = dev.URL("overens", "overens"), dev.URL("overens", "overens_owner")+"&options=-csynchronous_commit%3Doff"
	return c, nil
}

// developers is the development provider with every persona.
func developers(c Config, log *slog.Logger) (*development, error) {
	key, err := demoKey(c)
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	for _, o := range tenant.OfficialCounties() {
		names[o.Slug] = o.Name
	}
	names[pg.Nation] = "Sverige"
	var ps []devop.Persona
	for _, p := range sample.Personas() {
		ps = append(ps, persona(p, names[p.County]))
	}
	provider, err := devop.New(devop.Config{Issuer: c.PublicURL + demoPrefix, ClientID: demoClient, Key: key, Personas: ps,
		RedirectURIs: []string{c.PublicURL + "/sign-in/callback"}, PostLogoutRedirectURIs: []string{c.PublicURL + "/"}, Stylesheet: web.Static("look.css"), Logger: log})
	if err != nil {
		return nil, err
	}
	d := &development{provider: provider, prefix: demoPrefix}
	for _, slug := range sample.InFull() {
		d.starts = append(d.starts, web.Start{Label: names[slug], County: slug})
	}
	return d, nil
}

func persona(p sample.Persona, group string) devop.Persona {
	d := devop.Persona{Key: p.Key, Name: p.Name, Group: group, About: p.About}
	if p.Claims {
		d.Claims = map[string]any{"roles": []string{p.County + "-" + string(p.Role)}}
	}
	return d
}

// withDemoSignIn lets a county's people sign in at the development provider.
// What a file says of sign-in is put aside in the demo.
func withDemoSignIn(c tenant.County, issuer string) tenant.County {
	in := tenant.Issuer{Key: "demo", Name: tenant.Words{"sv": "Utvecklingsinloggningen", "en": "The development sign-in"}, URL: issuer, ClientID: demoClient,
		Audiences: []string{demoClient}}
	for _, p := range sample.Of(c.Slug) {
		if p.Claims {
			in.Grants = append(in.Grants, tenant.Grant{Claim: "roles", Value: p.County + "-" + string(p.Role), Role: string(p.Role)})
		}
	}
	c.SignIn = tenant.Section[tenant.SignIn]{{Value: tenant.SignIn{Issuers: []tenant.Issuer{in}}}}
	return c
}

// fillDemo writes facts and people, in one unit of work a county.
func fillDemo(ctx context.Context, db *pg.DB, slugs []string, issuer string) error {
	for _, slug := range slugs {
		err := db.InTenant(ctx, auth.System(slug, "demo", ""), pg.Write, func(tx *pg.Tx) error {
			if _, err := sample.Organisations(ctx, tx); err != nil {
				return err
			}
			if _, err := sample.Agreements(ctx, tx); err != nil {
				return err
			}
			if _, err := sample.Past(ctx, tx); err != nil {
				return err
			}
			if slug == pg.Nation {
				if _, err := sample.Population(ctx, tx); err != nil {
					return err
				}
			}
			if err := sample.People(ctx, tx, issuer); err != nil {
				return err
			}
			_, err := sample.Seats(ctx, tx)
			return err
		})
		if err != nil {
			return fmt.Errorf("%s: %w", slug, err)
		}
	}
	return nil
}

// holdDemo holds a county's meetings made up for show, once. Their papers are in
// the store before the unit of work begins.
func holdDemo(ctx context.Context, db *pg.DB, store *files.Store, slug string) error {
	who := auth.System(slug, "demo", "")
	var there bool
	err := db.InTenant(ctx, who, pg.Read, func(tx *pg.Tx) (err error) {
		there, err = sample.Met(ctx, tx)
		return err
	})
	if err != nil || there {
		return err
	}
	content, err := sample.PaperFiles(slug)
	if err != nil {
		return err
	}
	papers := map[string]document.Blob{}
	for title, b := range content {
		if papers[title], err = document.Accept(ctx, store, who, title+".pdf", bytes.NewReader(b), 0); err != nil {
			return fmt.Errorf("%s: %s: %w", slug, title, err)
		}
	}
	return db.InTenant(ctx, who, pg.Write, func(tx *pg.Tx) error {
		_, err := sample.Meetings(ctx, tx, papers)
		return err
	})
}

// reachable is a listener's address as a browser can use it.
func reachable(a net.Addr) string {
	host, port, err := net.SplitHostPort(a.String())
	if err != nil {
		return a.String()
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port)
}

func welcome(w io.Writer, c Config) {
	fmt.Fprintf(w, "\nÖverens is ready: %s\n\n", c.PublicURL)
	fmt.Fprintln(w, "Choose a county, sign in, and say who you want to be. For example:")
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, key := range []string{"kronoberg-strategist", "ostergotland-strategist", "kronoberg-alvesta-administrator"} {
		p, _ := findPersona(key)
		fmt.Fprintf(t, "  %s\t%s\t%s/lan/%s/sign-in\n", key, p.Name, c.PublicURL, p.County)
	}
	_ = t.Flush()
	fmt.Fprintln(w, "All of them: overens demo personas. A token for curl: overens demo token kronoberg-strategist.")
	fmt.Fprintln(w, "API: "+c.PublicURL+"/api/v1/docs. Letters lie in "+filepath.Join(c.Data, "mail")+". Stop with Ctrl-C.")
}

func listPersonas(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "PERSONA\tCOUNTY\tROLE\tWHO")
	for _, p := range sample.Personas() {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", p.Key, p.County, p.Role, p.Name)
	}
	return t.Flush()
}

func findPersona(key string) (sample.Persona, bool) {
	for _, p := range sample.Personas() {
		if p.Key == key {
			return p, true
		}
	}
	return sample.Persona{}, false
}

func demoKey(c Config) (*devop.Key, error) {
	if err := os.MkdirAll(c.Data, 0o755); err != nil { //nolint:gosec // the database below has a folder of its own, closed
		return nil, err
	}
	return devop.LoadKey(filepath.Join(c.Data, "openid.key"))
}

// demoTokenCommand prints a bearer token as the development provider would give.
func demoTokenCommand(c Config, args []string, stdout io.Writer) error {
	if len(args) != 1 {
		return errors.New("demo token: which persona? `overens demo personas` lists them")
	}
	p, ok := findPersona(args[0])
	if !ok {
		return fmt.Errorf("demo token: there is no persona %q; `overens demo personas` lists them", args[0])
	}
	key, err := demoKey(c)
	if err != nil {
		return err
	}
	public := c.PublicURL
	if public == "" {
		public = "http://" + strings.Replace(c.Addr, "0.0.0.0", "127.0.0.1", 1)
	}
	token, err := devop.Token(key, public+demoPrefix, demoClient, persona(p, ""), time.Now(), demoToken)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(stdout, token)
	return err
}
