package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"github.com/exaring/otelpgx"
	"github.com/jackc/pgx/v5/pgxpool"

	schema "github.com/overens/overens/db"
	"github.com/overens/overens/internal/api"
	"github.com/overens/overens/internal/county"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/files"
	"github.com/overens/overens/internal/jobs"
	"github.com/overens/overens/internal/mail"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/print"
	"github.com/overens/overens/internal/session"
	"github.com/overens/overens/internal/signin"
	"github.com/overens/overens/internal/web"
)

// apiVersion is the API's own version, which moves when the API does.
const apiVersion = "1.0.0"

// development is what the demo adds to the server.
type development struct {
	provider http.Handler // the OpenID provider, under its prefix
	prefix   string
	starts   []web.Start
}

// server is the whole program, ready to answer.
type server struct {
	db      *pg.DB
	handler http.Handler
	metrics http.Handler
	jobs    *pg.Queue
	log     *slog.Logger
	people  *signin.Door
	store   *files.Store
	reading *meeting.Readings
	leaving chan struct{} // closed when the server is about to stop: not ready any more
}

// openDoor opens the database for a server or a command.
func openDoor(ctx context.Context, c Config, o *pg.Options) (*pg.DB, error) {
	if err := c.need(map[string]string{"DATABASE_URL": c.DatabaseURL}); err != nil {
		return nil, err
	}
	if o == nil {
		o = &pg.Options{}
	}
	o.Load = county.Load
	return pg.New(ctx, c.DatabaseURL, *o)
}

// newServer puts the house together: pool, door, sign-in, API and pages on one
// mux, and the middleware around them, outermost last.
func newServer(ctx context.Context, c Config, dev *development, log *slog.Logger, tracing bool) (*server, error) {
	keeper := session.NewKeeper(session.Options{})
	db, err := openDoor(ctx, c, &pg.Options{Renew: keeper.Renew, Configure: func(p *pgxpool.Config) {
		if tracing {
			p.ConnConfig.Tracer = otelpgx.NewTracer(otelpgx.WithDisableSQLStatementInAttributes())
		}
	}})
	if err != nil {
		return nil, err
	}
	store, err := files.Open(ctx, c.FilesURL)
	if err != nil {
		db.Close()
		return nil, fmt.Errorf("FILES_URL: %w", err)
	}
	s, err := assemble(c, dev, log, db, keeper, store)
	if err != nil {
		_ = store.Close()
		db.Close()
	}
	return s, err
}

// assemble puts everything above the door together.
func assemble(c Config, dev *development, log *slog.Logger, db *pg.DB, keeper *session.Keeper, store *files.Store) (*server, error) {
	letters, err := mail.New(mail.Config{URL: c.Mail.URL, Password: c.Mail.Password, From: c.Mail.From})
	if err != nil {
		return nil, fmt.Errorf("MAIL_URL: %w", err)
	}
	chromium := print.Find(c.Chromium)
	if c.Chromium != "" && chromium == "" {
		return nil, fmt.Errorf("CHROMIUM is %q, and there is no such program", c.Chromium)
	}
	printer, err := print.New(print.Config{Gotenberg: c.GotenbergURL, Chromium: chromium})
	if err != nil {
		return nil, fmt.Errorf("GOTENBERG_URL: %w", err)
	}
	s := &server{db: db, log: log, store: store, leaving: make(chan struct{})}
	s.reading = meeting.NewReadings(db, time.Second, func(err error) { log.Error("who has read what was not written", slog.String("error", err.Error())) })
	m := newMetrics(db.Pool())
	if s.jobs, err = jobs.New(jobs.Config{DB: db, Mail: letters, From: c.Mail.From, Files: store, PublicURL: c.PublicURL, Logger: log, Worked: m.worked, Fetch: c.fetchPopulation, Printer: printer}); err != nil {
		return nil, err
	}

	var people *signin.Door
	pages := web.New(web.Config{DB: db, PublicURL: c.PublicURL, Production: dev == nil, Demo: dev != nil, Starts: dev.ways(), Logger: log, Guards: configurationGuards, Version: version, Files: store, FilesLimit: c.FilesLimit, PopulationHosts: c.PopulationHosts,
		Letters: dev.letters(c.Mail.URL), Readings: s.reading, Leaving: s.leaving,
		Keeper: keeper, Origins: func(ctx context.Context, county string) []string { return people.Origins(ctx, county) }})
	machines := api.New(api.Config{DB: db, PublicURL: c.PublicURL, Version: apiVersion, Released: day.Of(2026, time.November, 25), Sessions: keeper, Logger: log, Guards: configurationGuards,
		Printer: printer, Files: store, FilesLimit: c.FilesLimit, PopulationHosts: c.PopulationHosts, Readings: s.reading, Style: web.Static("look.css")})
	people = signin.New(signin.Config{DB: db, Keeper: keeper, PublicURL: c.PublicURL, Secret: c.Secret, Refuse: pages.Refuse,
		AllowLoopback: dev != nil, Logger: log})

	mux := http.NewServeMux()
	pages.Register(mux)
	machines.Register(mux)
	people.Register(mux)
	mux.HandleFunc("GET /healthz", healthy)
	mux.HandleFunc("GET /readyz", s.ready)
	if dev != nil {
		mux.Handle(dev.prefix+"/", dev.provider)
	}

	refuse := func(w http.ResponseWriter, r *http.Request, err error) {
		if strings.HasPrefix(r.URL.Path, "/api/") {
			machines.Refuse(w, r, err)
			return
		}
		pages.Refuse(w, r, err)
	}
	sameSite := http.NewCrossOriginProtection()
	sameSite.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		refuse(w, r, fault.New(fault.Forbidden, "common.cross_site"))
	}))
	if err := sameSite.AddTrustedOrigin(c.PublicURL); err != nil {
		return nil, fmt.Errorf("PUBLIC_URL: %w", err)
	}
	s.people = people
	h := sameSite.Handler(people.Middleware(mux))
	h = recovered(log, refuse, h)
	h = observed(log, m, func(r *http.Request) string {
		if strings.HasPrefix(r.URL.Path, "/api/") {
			return machines.Route(r)
		}
		_, pattern := mux.Handler(r)
		return pattern
	}, db.Knows, h)
	s.handler = h

	side := http.NewServeMux()
	side.Handle("GET /metrics", m.handler())
	side.HandleFunc("GET /healthz", healthy)
	side.HandleFunc("GET /readyz", s.ready)
	s.metrics = side
	return s, nil
}

func (d *development) ways() []web.Start {
	if d == nil {
		return nil
	}
	return d.starts
}

// letters is the folder of the letters that the demo has sent, for all to read:
// nobody there is anybody.
func (d *development) letters(url string) string {
	folder, ok := strings.CutPrefix(url, "file://")
	if d == nil || !ok {
		return ""
	}
	return folder
}

// healthy says that the program runs.
func healthy(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = io.WriteString(w, "ok\n")
}

// ready says that the program can answer: the database is there, its schema is
// this version's, and the server is not about to stop.
func (s *server) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	not := func(why string) {
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = io.WriteString(w, why+"\n")
	}
	select {
	case <-s.leaving:
		not("stopping")
		return
	default:
	}
	switch pending, err := schema.Pending(ctx, s.db.Pool()); {
	case err != nil:
		not("database: away")
	case pending > 0:
		not(fmt.Sprintf("migrations: %d to run", pending))
	default:
		_, _ = io.WriteString(w, "ready\n")
	}
}

// recovered turns a panic into an internal error, with its trace in the log.
func recovered(log *slog.Logger, refuse func(http.ResponseWriter, *http.Request, error), next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			p := recover()
			if p == nil {
				return
			}
			if err, ok := p.(error); ok && errors.Is(err, http.ErrAbortHandler) {
				panic(p)
			}
			log.ErrorContext(r.Context(), "panic", slog.Any("panic", p), slog.String("stack", string(debug.Stack())))
			refuse(w, r, errors.New("panic"))
		}()
		next.ServeHTTP(w, r)
	})
}

// listen takes an address, and says which variable chooses another when it is taken.
func listen(ctx context.Context, addr, variable string) (net.Listener, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", addr)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("the address %s is taken; set %s to another, for example %s=127.0.0.1:8081", addr, variable, variable)
	}
	return l, err
}

// patience is how long requests under way may take when the server stops.
const patience = 20 * time.Second

// answer serves until ctx ends, then lets what is under way finish.
func (s *server) answer(ctx context.Context, main, side net.Listener) error {
	if err := s.jobs.Start(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("starting background work: %w", err)
	}
	failed := make(chan error, 2)
	servers := []*http.Server{}
	open := func(l net.Listener, h http.Handler) {
		srv := &http.Server{Handler: h, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second, WriteTimeout: 60 * time.Second,
			IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10, ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelWarn)}
		servers = append(servers, srv)
		go func() { failed <- srv.Serve(l) }()
	}
	open(main, s.handler)
	if side != nil {
		open(side, s.metrics)
	}
	var err error
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	close(s.leaving)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	for _, srv := range servers {
		err = errors.Join(err, srv.Shutdown(ctx))
	}
	s.people.Wait()
	s.reading.Wait()
	err = errors.Join(err, s.jobs.Stop(ctx))
	s.db.Close()
	err = errors.Join(err, s.store.Close())
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// serve is `overens serve`: the server of an installation.
func serve(ctx context.Context, c Config, _ []string, stdout, _ io.Writer) error {
	if err := c.need(map[string]string{"DATABASE_URL": c.DatabaseURL, "PUBLIC_URL": c.PublicURL, "FILES_URL": c.FilesURL}); err != nil {
		return err
	}
	log := newLogger(stdout, c.LogLevel)
	stop, tracing, err := startTracing(ctx, c.getenv)
	if err != nil {
		return err
	}
	defer func() { _ = stop(context.WithoutCancel(ctx)) }()
	l, err := listen(ctx, c.Addr, "ADDR")
	if err != nil {
		return err
	}
	side, err := listenSide(ctx, c)
	if err != nil {
		return err
	}
	s, err := newServer(ctx, c, nil, log, tracing)
	if err != nil {
		return err
	}
	log.InfoContext(ctx, "serving", slog.String("addr", l.Addr().String()), slog.String("version", version))
	return s.answer(ctx, l, side)
}

func listenSide(ctx context.Context, c Config) (net.Listener, error) {
	if c.MetricsAddr == "" {
		return nil, nil //nolint:nilnil // no address, no listener: that is an answer
	}
	return listen(ctx, c.MetricsAddr, "METRICS_ADDR")
}
