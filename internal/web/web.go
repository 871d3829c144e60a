// Package web is the door for people: the pages. A page asks the rooms in one
// reading unit of work, which ends before its template is rendered; a form does
// its work in one writing unit of work and answers with another address, or with
// the same page, the faults beside their fields and what was typed kept.
//
// Pages work without scripts and ask no one but this server for anything.
package web

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"github.com/overens/overens/internal/county"
	"github.com/overens/overens/internal/files"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/session"
)

// Config is what the pages are given from above.
type Config struct {
	DB         *pg.DB
	PublicURL  string // makes absolute addresses, such as an invitation's
	Production bool   // cookies are sent over https alone
	Demo       bool   // the content is made up for show, and every page says so
	Starts     []Start
	Logger     *slog.Logger
	Guards     []county.Guard // asked before a configuration changes
	Version    string
	Files      *files.Store // where documents' files lie
	FilesLimit int64        // how large one may be, in bytes; 0: document.Limit
	Letters    string       // the folder of the letters that the demo has sent, for all to read; "" elsewhere

	PopulationHosts []string // that figures of population may be fetched from

	Readings *meeting.Readings // remembers who has opened which paper; nil remembers nothing
	Leaving  <-chan struct{}   // closed when the server is about to stop: streams end; nil: never

	Keeper  *session.Keeper                                   // knows sessions and when they end; nil where nobody can sign in
	Origins func(ctx context.Context, county string) []string // where forms to sign in and out lead; nil: the issuers' own
}

// Start is a way in for somebody who tries the program: shown on the first page.
type Start struct {
	Label  string
	County string
}

// Door serves the pages.
type Door struct {
	Config
	mux  *http.ServeMux // to see what a refused method would have met
	ears ears           // those who hear of meetings that are held
}

// New makes the door.
func New(c Config) *Door {
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	return &Door{Config: c}
}

// Route is one address of the pages, as the server's mux knows it.
type Route struct{ Method, Pattern string }

// Routes are all of them, so that a test can walk through every one.
func (d *Door) Routes() []Route {
	var rs []Route
	for _, r := range d.table() {
		rs = append(rs, r.Route)
	}
	return rs
}

// Register puts the pages on the server's mux, with a page for all that is
// found nowhere.
func (d *Door) Register(mux *http.ServeMux) {
	d.mux = mux
	for _, r := range d.table() {
		mux.HandleFunc(r.Method+" "+r.Pattern, r.serve)
	}
	mux.HandleFunc("GET /static/{file}", d.serveStatic)
	mux.HandleFunc("/", d.nowhere)
}

type route struct {
	Route
	serve http.HandlerFunc
}

func get(pattern string, serve http.HandlerFunc) route {
	return route{Route{http.MethodGet, pattern}, serve}
}

func post(pattern string, serve http.HandlerFunc) route {
	return route{Route{http.MethodPost, pattern}, serve}
}

// both is a form's address: GET shows it, POST does what it asks.
func both(pattern string, f interface {
	show(http.ResponseWriter, *http.Request)
	send(http.ResponseWriter, *http.Request)
},
) []route {
	return []route{get(pattern, f.show), post(pattern, f.send)}
}

// table is every page there is.
func (d *Door) table() []route {
	return slices.Concat(
		[]route{
			get("/{$}", d.page(open, d.counties)),
			get("/sverige", d.page(open, d.nation)),
			get("/problems", d.page(open, d.problems)),
			get("/problems/{key}", d.page(open, d.problem)),
			get("/lan/{county}", d.page(either, d.start)),
			get("/lan/{county}/accessibility", d.page(published, d.accessibility)),
			get("/lan/{county}/personal-data", d.page(published, d.personalData)),
		},
		d.organisationRoutes(),
		d.agreementRoutes(),
		d.governanceRoutes(),
		d.meetingRoutes(),
		d.meetingLiveRoutes(),
		d.meetingMinutesRoutes(),
		d.costRoutes(),
		d.documentRoutes(),
		d.calendarRoutes(),
		d.personRoutes(),
		d.memberRoutes(),
		d.sessionRoutes(),
		d.auditRoutes(),
		d.operatorRoutes(),
		d.configurationRoutes(),
		d.populationRoutes(),
		d.signInRoutes(),
	)
}

// nowhere answers what no route takes: the page is not there, or is there for
// another method.
func (d *Door) nowhere(w http.ResponseWriter, r *http.Request) {
	var allowed []string
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		if method == r.Method || (method == http.MethodGet && r.Method == http.MethodHead) {
			continue
		}
		probe := &http.Request{Method: method, URL: r.URL, Host: r.Host}
		if _, pattern := d.mux.Handler(probe); pattern != "" && pattern != "/" && !strings.HasSuffix(pattern, " /") {
			allowed = append(allowed, method)
		}
	}
	if len(allowed) > 0 {
		if allowed[0] == http.MethodGet {
			allowed = slices.Insert(allowed, 1, http.MethodHead)
		}
		w.Header().Set("Allow", strings.Join(allowed, ", "))
		d.Refuse(w, r, errMethod)
		return
	}
	d.Refuse(w, r, errNowhere)
}

// asks is what makes a page: it asks the rooms and gives what shows the answer.
type asks func(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error)
