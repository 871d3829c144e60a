// Package api is the door for programs: REST over JSON under /api/v1, described
// by an OpenAPI document that is made from the same code that answers. It turns
// requests into calls of the rooms, and what the rooms say into answers; it
// decides nothing of its own.
//
// An operation is a line in a table and a few lines of mapping:
//
//	read(d, Member, "/counties/{county}/organisations/{organisation}", "get-organisation",
//		func(ctx context.Context, tx *pg.Tx, in *InOrganisation) (Organisation, error) {…})
//
// What it is called and what it does stands in package text, under
// "api.get-organisation".
package api

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/overens/overens/internal/county"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/files"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/print"
	"github.com/overens/overens/internal/session"
	"github.com/overens/overens/internal/text"
)

// Base is where the API stands on the server.
const Base = "/api/v1"

// MaxBody is how many bytes a request's body may have.
const MaxBody = 1 << 20

// apiVersion is told when the program's own version is not of the form x.y.z.
const apiVersion = "1.0.0"

// Config is what the door is given.
type Config struct {
	DB        *pg.DB
	PublicURL string  // "https://overens.example": the beginning of every absolute address
	Version   string  // of the API, x.y.z
	Released  day.Day // the day of that version
	Contact   Contact
	Sessions  *session.Keeper
	Guards    []county.Guard // asked before a configuration changes
	Logger    *slog.Logger

	Files      *files.Store // where documents' files lie
	FilesLimit int64        // how large one may be, in bytes; 0: document.Limit

	PopulationHosts []string // that figures of population may be fetched from

	Readings *meeting.Readings // who has opened which paper; nil: nobody is noted

	Printer print.Printer // makes PDF; nil: nothing does

	Style string // the address of the stylesheet that the documentation's pages wear
}

// Contact is whom the API's users can ask.
type Contact struct{ Name, URL, Email string }

// Door answers everything under /api/.
type Door struct {
	conf       Config
	db         *pg.DB
	url        string
	log        *slog.Logger
	mux        *http.ServeMux
	api        huma.API
	operations []Operation
	described  func() described
	pages      sync.Map // pageKey → a page of the documentation, as HTML
}

// New makes the door with all its operations.
func New(c Config) *Door {
	if !regexp.MustCompile(`^[1-9]\d*\.\d+\.\d+$`).MatchString(c.Version) {
		c.Version = apiVersion
	}
	if c.Sessions == nil {
		c.Sessions = session.NewKeeper(session.Options{})
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	d := &Door{conf: c, db: c.DB, url: strings.TrimSuffix(c.PublicURL, "/"), log: c.Logger, mux: http.NewServeMux()}
	d.api = humago.NewWithPrefix(d.mux, Base, d.document())

	d.info()
	d.counties()
	d.configuration()
	d.organisations()
	d.documents()
	d.agreements()
	d.meetings()
	d.meetingsLive()
	d.decisions()
	d.minutes()
	d.bodies()
	d.costs()
	d.people()
	d.memberships()
	d.signedIn()
	d.trail()
	d.nation()
	d.population()

	d.finish()
	return d
}

// Register puts the door on the server's mux.
func (d *Door) Register(mux *http.ServeMux) { mux.Handle("/api/", d) }

// Route is the pattern of the operation that a request meets, "/api/" where
// there is none: what requests are counted by.
func (d *Door) Route(r *http.Request) string {
	if _, pattern := d.mux.Handler(r); pattern != "" {
		return pattern
	}
	return "/api/"
}

// Operations are all operations of the API, as they were registered.
func (d *Door) Operations() []Operation { return slices.Clone(d.operations) }

// OpenAPI is the document that describes the API.
func (d *Door) OpenAPI() *huma.OpenAPI { return d.api.OpenAPI() }

// asked is a request as the whole door sees it.
type asked struct {
	door  *Door
	r     *http.Request
	lang  text.Lang
	trace trace
}

type askedKey struct{}

func from(ctx context.Context) *asked {
	a, _ := ctx.Value(askedKey{}).(*asked)
	return a
}

// ask gives the request with what the door knows of it in its context.
func (d *Door) ask(r *http.Request) (*http.Request, *asked) {
	if a := from(r.Context()); a != nil && a.door == d {
		return r, a
	}
	a := &asked{door: d, lang: text.Accept(r.URL.Query().Get("lang"), r.Header.Get("Accept-Language")), trace: traceOf(r)}
	r = r.WithContext(context.WithValue(r.Context(), askedKey{}, a))
	a.r = r
	return r, a
}

// ServeHTTP answers a request. What has no operation gets the same kind of
// problem as everything else.
func (d *Door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	r, a := d.ask(r)
	h := w.Header()
	h.Set("Traceparent", a.trace.header())
	h.Set("Vary", "Accept-Language, Authorization, Cookie")
	h.Set("X-Content-Type-Options", "nosniff")
	if _, pattern := d.mux.Handler(r); pattern != "" {
		d.mux.ServeHTTP(w, r)
		return
	}
	allowed := d.allowed(r)
	if len(allowed) == 0 {
		d.Refuse(w, r, refused(http.StatusNotFound, "problem.no_address"))
		return
	}
	h.Set("Allow", strings.Join(allowed, ", "))
	if r.Method == http.MethodOptions {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	d.Refuse(w, r, refused(http.StatusMethodNotAllowed, "problem.method").With("method", shown(r.Method), "allowed", strings.Join(allowed, ", ")))
}

// shown cuts a word of the caller's own that stands in a message.
func shown(s string) string {
	if len(s) > 40 {
		return s[:40]
	}
	return s
}

// allowed are the methods that the request's path answers.
func (d *Door) allowed(r *http.Request) []string {
	var ms []string
	for _, m := range []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodDelete} {
		try := r.Clone(r.Context())
		try.Method = m
		if _, pattern := d.mux.Handler(try); pattern != "" {
			ms = append(ms, m)
		}
	}
	if len(ms) > 0 {
		ms = append(ms, http.MethodOptions)
	}
	return ms
}

// encode writes a value as the API does.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return b.Bytes(), err
}
