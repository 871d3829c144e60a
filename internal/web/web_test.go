package web_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/county"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/document"
	"github.com/overens/overens/internal/files"
	"github.com/overens/overens/internal/member"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/person"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/session"
	"github.com/overens/overens/internal/tenant"
	"github.com/overens/overens/internal/web"
)

// house is the pages over a database of their own, with a little content. Who
// asks is told by a cookie "as" with county, role and party, which stands in
// place of the sign-in.
type house struct {
	*httptest.Server
	t      testing.TB
	db     *dbtest.Database
	door   *web.Door
	client *http.Client
	keeper *session.Keeper
	store  *files.Store

	Alvesta, Old, Church organisation.Organisation
	Kim                  person.Person
	Waiting              member.Membership
	Pact                 document.Document // of two versions, the later a link; everyone may read it
}

func build(t testing.TB, options ...dbtest.Option) *house {
	t.Helper()
	h := buildEmpty(t, options...)
	h.fill()
	h.file()
	return h
}

// buildEmpty is a house with nothing in it yet.
func buildEmpty(t testing.TB, options ...dbtest.Option) *house {
	t.Helper()
	h := &house{t: t, keeper: session.NewKeeper(session.Options{Idle: 4 * time.Minute})}
	h.db = dbtest.New(t, append(options, dbtest.Renew(h.keeper.Renew))...)
	h.store, _ = files.Open(t.Context(), "file://"+t.TempDir())
	t.Cleanup(func() { _ = h.store.Close() })
	h.door = web.New(web.Config{DB: h.db.DB, PublicURL: "https://overens.example", Keeper: h.keeper, Demo: true, Files: h.store, FilesLimit: 64 << 10, PopulationHosts: []string{"api.scb.se"},
		Starts: []web.Start{{Label: "Strateg i Kronobergs län", County: "kronoberg"}}})
	mux := http.NewServeMux()
	h.door.Register(mux)
	mux.HandleFunc("GET /session/{value}", func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "session", Value: r.PathValue("value"), Path: "/"})
		http.Redirect(w, r, r.URL.Query().Get("to"), http.StatusSeeOther)
	})
	mux.HandleFunc("GET /as/{who}", func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "as", Value: r.PathValue("who"), Path: "/"})
		http.Redirect(w, r, r.URL.Query().Get("to"), http.StatusSeeOther)
	})
	h.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a, err := auth.Public("", "0193a6b24c1e7d529a3f5b8c7d6e1f20"), error(nil)
		if c, e := r.Cookie("as"); e == nil {
			a = actor(c.Value)
		}
		if c, e := r.Cookie("session"); e == nil {
			if a, err = h.keeper.Cookie(r.Context(), h.db.DB, c.Value); err != nil {
				a = auth.Public("", "")
			}
		}
		mux.ServeHTTP(w, r.WithContext(auth.With(r.Context(), a, err)))
	}))
	t.Cleanup(h.Close)
	h.client = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	h.provide("kronoberg")
	return h
}

var someone = uuid.MustParse("0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1fff")

// actor reads county,role,party.
func actor(as string) auth.Actor {
	part := strings.Split(as+",,", ",")
	if part[1] == "" {
		return auth.Public(part[0], "")
	}
	g := auth.Grant{Role: auth.Role(part[1])}
	g.Party, _ = uuid.Parse(part[2])
	return auth.Actor{Tenant: part[0], Kind: auth.KindPerson, Person: someone, Grants: []auth.Grant{g}, Request: "0193a6b24c1e7d529a3f5b8c7d6e1f20"}
}

// provide gives a county a way to sign in.
func (h *house) provide(slug string) {
	h.t.Helper()
	c, err := h.db.County(h.t.Context(), slug)
	if err != nil {
		h.t.Fatal(err)
	}
	c.SignIn = tenant.Section[tenant.SignIn]{{Value: tenant.SignIn{Issuers: []tenant.Issuer{
		{Key: "entra", Name: tenant.Words{"sv": "Logga in med länsstyrelsens konto", "en": "Sign in with the board's account"}, URL: "https://login.example/realm", ClientID: "x"},
		{Key: "frejaorg", Name: tenant.Words{"sv": "Logga in med e-tjänstelegitimation"}, URL: "https://eid.example", ClientID: "x"},
	}}}}
	h.write(slug, func(ctx context.Context, tx *pg.Tx) error {
		_, _, err := county.Apply(ctx, tx, c, county.FromFile, "test")
		return err
	})
}

func (h *house) fill() {
	h.t.Helper()
	h.write("kronoberg", func(ctx context.Context, tx *pg.Tx) error {
		var err error
		add := func(o *organisation.Organisation, c organisation.Card, demo bool) {
			if err == nil {
				*o, err = organisation.Import(ctx, tx, c, organisation.Origin{Demo: demo, Source: "SCB, kommunkoder"})
			}
		}
		var o organisation.Organisation
		add(&h.Alvesta, organisation.Card{Type: "municipality", Name: "Alvesta kommun", ShortName: "Alvesta", OfficialCode: "0764", Email: "kommun@alvesta.example",
			Phone: "0472-150 00", Website: "https://www.alvesta.example", Mailbox: "registrator@alvesta.example", Published: true, ValidFrom: day.Of(1971, time.January, 1)}, false)
		add(&o, organisation.Card{Type: "municipality", Name: "Älmhults kommun", OfficialCode: "0765", Published: true}, false)
		add(&o, organisation.Card{Type: "municipality", Name: "Växjö kommun", OfficialCode: "0780", Published: true, Email: "info@vaxjo.example"}, false)
		add(&o, organisation.Card{Type: "region", Name: "Region Kronoberg", OfficialCode: "07", Published: true}, false)
		add(&h.Church, organisation.Card{Type: "faith-community", Name: "Församlingen vid Åsnen"}, true)
		add(&h.Old, organisation.Card{Type: "coordination-association", Name: "Samordningsförbundet Gamla", ValidFrom: day.Of(2005, time.January, 1)}, true)
		if err == nil {
			h.Old, err = organisation.End(ctx, tx, h.Old.ID, h.Old.Version, organisation.Ending{On: day.Of(2019, time.January, 1), Kind: "merged", Successors: []uuid.UUID{h.Church.ID}})
		}
		if err == nil {
			h.Alvesta, err = organisation.Change(ctx, tx, h.Alvesta.ID, h.Alvesta.Version, with(h.Alvesta.Card, func(c *organisation.Card) { c.Phone = "0472-150 01" }))
		}
		if err == nil {
			h.Kim, err = person.CreateDemo(ctx, tx, person.Card{Name: "Kim Åberg", Title: "Kommunchef", OrganisationID: uuid.NullUUID{UUID: h.Alvesta.ID, Valid: true},
				Email: "kim.aberg@alvesta.example", Phone: "0472-150 10"})
		}
		if err == nil {
			h.Waiting, err = member.Invite(ctx, tx, member.Invitation{PersonID: uuid.NullUUID{UUID: h.Kim.ID, Valid: true}, Role: auth.RolePartyRepresentative,
				Organisation: uuid.NullUUID{UUID: h.Alvesta.ID, Valid: true}, ByHand: true})
		}
		return err
	})
}

func with(c organisation.Card, f func(*organisation.Card)) organisation.Card { f(&c); return c }

// signIn lets Kim take up the invitation and gives the cookie of a real session.
func (h *house) signIn() string {
	h.t.Helper()
	var cookie string
	h.write("kronoberg", func(ctx context.Context, tx *pg.Tx) error {
		l, err := member.Link(ctx, tx, h.Waiting.ID, h.Waiting.Version)
		if err != nil {
			return err
		}
		m, err := member.Bind(ctx, tx, l.Token, "https://login.example/realm", "kim")
		if err != nil {
			return err
		}
		if _, err = member.Confirm(ctx, tx, m.ID, m.Version); err != nil {
			return err
		}
		cookie, err = h.keeper.Begin(ctx, tx, session.Start{Person: h.Kim.ID, Issuer: "https://login.example/realm",
			Device: session.DeviceOf("Mozilla/5.0 (Windows NT 10.0) Firefox/140.0")})
		return err
	})
	return cookie
}

// write does a unit of work of the system's.
func (h *house) write(county string, f func(context.Context, *pg.Tx) error) {
	h.t.Helper()
	ctx := h.t.Context()
	if err := h.db.InTenant(ctx, auth.System(county, "test", ""), pg.Write, func(tx *pg.Tx) error { return f(ctx, tx) }); err != nil {
		h.t.Fatal(err)
	}
}

// page is an answer, read.
type page struct {
	*goquery.Document
	t      testing.TB
	Status int
	Header http.Header
	Body   string
}

func (h *house) get(as, path string, header ...string) page {
	h.t.Helper()
	return h.ask(http.MethodGet, as, path, nil, header...)
}

func (h *house) post(as, path string, typed url.Values, header ...string) page {
	h.t.Helper()
	return h.ask(http.MethodPost, as, path, typed, header...)
}

func (h *house) ask(method, as, path string, typed url.Values, header ...string) page {
	h.t.Helper()
	kind := ""
	if typed != nil {
		kind = "application/x-www-form-urlencoded"
	}
	return h.bring(method, as, path, kind, typed.Encode(), header...)
}

// bring is ask with a body of any kind.
func (h *house) bring(method, as, path, kind, body string, header ...string) page {
	h.t.Helper()
	r, err := http.NewRequestWithContext(h.t.Context(), method, h.URL+path, strings.NewReader(body))
	if err != nil {
		h.t.Fatal(err)
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	if as != "" {
		r.AddCookie(&http.Cookie{Name: "as", Value: as})
	}
	for i := 0; i+1 < len(header); i += 2 {
		if name, value, ok := strings.Cut(header[i+1], "="); ok && header[i] == "Cookie" {
			r.AddCookie(&http.Cookie{Name: name, Value: value})
			continue
		}
		r.Header.Set(header[i], header[i+1])
	}
	answer, err := h.client.Do(r)
	if err != nil {
		h.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	got, err := io.ReadAll(answer.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(string(got)))
	if err != nil {
		h.t.Fatal(err)
	}
	return page{doc, h.t, answer.StatusCode, answer.Header, string(got)}
}

// says is the text of what a selector finds, with single spaces.
func (p page) says(selector string) string {
	return strings.Join(strings.Fields(p.Find(selector).Text()), " ")
}

func (p page) value(selector string) string {
	v, _ := p.Find(selector).Attr("value")
	return v
}

const (
	strategist = "kronoberg,strategist"
	admin      = "kronoberg,county-administrator"
	auditor    = "kronoberg,auditor"
	officer    = "kronoberg,officer"
	neighbour  = "ostergotland,county-administrator"
	operator   = "sverige,operator"
)

func (h *house) partyAdmin() string { return "kronoberg,party-administrator," + h.Alvesta.ID.String() }
