package web

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/a-h/templ"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/audit"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
	"github.com/overens/overens/internal/text"
)

// access says who may open a page, and in which unit of work it is asked.
type access int

const (
	open      access = iota // everyone; what has no county
	published               // everyone; what the county has published
	members                 // whoever is signed in to the county
	either                  // a member as a member, everyone else as public
)

// visit is one request for a page, with all that a template has to know of it.
type visit struct {
	door   *Door
	r      *http.Request
	Lang   text.Lang
	Actor  auth.Actor
	Slug   string               // the county of the address; "" for pages of no county
	County tenant.Configuration // in force today; empty where there is none
	Now    time.Time
	Today  day.Day
	On     day.Day // the day that is asked about; Today on pages of no day

	status  int
	pressed bool                       // whether a button was pressed where nothing is written
	private bool                       // whether the page is for one who has no session, by a secret: kept by nobody on the way
	formTo  []string                   // other origins that this page's forms may lead to
	parties map[uuid.UUID]string       // what the parties of the visitor's roles are called, where the page says it
	called  map[audit.Ref]audit.Called // what the things of the page's rows of the trail are called
}

// T gives words in the visit's language.
func (v *visit) T(key string, pairs ...any) string { return v.Lang.T(key, pairs...) }

// Of gives words whose key is made at run time: a stem and one of the values
// that a test of this package goes through.
func (v *visit) Of(stem, value string, pairs ...any) string { return v.Lang.T(stem+value, pairs...) }

// Words gives a text of the configuration in the visit's language.
func (v *visit) Words(w tenant.Words) string { return w.In(string(v.Lang)) }

// Past tells whether another day than today is shown.
func (v *visit) Past() bool { return v.On != v.Today }

// Member tells whether the visitor is signed in to this county.
func (v *visit) Member() bool { return v.Actor.SignedIn() && v.Actor.Tenant == v.Slug && v.Slug != "" }

// Acts tells whether a link to an act may be shown: the actor may do it
// somewhere, and the page shows today.
func (v *visit) Acts(p auth.Permission) bool {
	return v.Member() && !v.Past() && v.Actor.MayAnywhere(p)
}

// To is an address in the county; it keeps the day.
func (v *visit) To(parts ...string) templ.SafeURL {
	address := "/lan/" + v.Slug + strings.Join(parts, "")
	if v.Past() {
		sep := "?"
		if strings.Contains(address, "?") {
			sep = "&"
		}
		address += sep + "on=" + v.On.String()
	}
	return templ.URL(address)
}

// OnDay is an address as of a day of its own. A fragment may end it.
func (v *visit) OnDay(on day.Day, parts ...string) templ.SafeURL {
	address, fragment, _ := strings.Cut("/lan/"+v.Slug+strings.Join(parts, ""), "#")
	if on != v.Today {
		address += "?on=" + on.String()
	}
	if fragment != "" {
		address += "#" + fragment
	}
	return templ.URL(address)
}

// With is the page's own address with some of its query changed; an empty value
// takes a name away.
func (v *visit) With(pairs ...string) templ.SafeURL {
	q := v.r.URL.Query()
	q.Del("done")
	q.Del("lang")
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			q.Del(pairs[i])
		} else {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	return templ.URL(withQuery(v.r.URL.Path, q))
}

func withQuery(path string, q url.Values) string {
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// Asked is a value of the query; what is no text has not been asked.
func (v *visit) Asked(name string) string {
	if s := v.r.URL.Query().Get(name); text.Plain(s) {
		return text.Line(s)
	}
	return ""
}

// Is tells whether the page stands at or under an address of the county: what
// the navigation marks as current.
func (v *visit) Is(place string) bool {
	here := strings.TrimPrefix(v.r.URL.Path, "/lan/"+v.Slug)
	if place == "" {
		return here == ""
	}
	return here == place || strings.HasPrefix(here, place+"/")
}

// Done is what has just been done, when the address says so in a way we know.
func (v *visit) Done() string {
	key := v.r.URL.Query().Get("done")
	if key == "" || !text.Has("web.done."+key) {
		return ""
	}
	return v.Of("web.done.", key)
}

const langCookie = "lang"

// visit reads who asks, for which county, in which language.
func (d *Door) visit(w http.ResponseWriter, r *http.Request) *visit {
	asked := r.URL.Query().Get("lang")
	if asked == "" {
		if c, err := r.Cookie(langCookie); err == nil {
			asked = c.Value
		}
	} else if text.Accept(asked, "") == text.Lang(asked) {
		http.SetCookie(w, &http.Cookie{Name: langCookie, Value: asked, Path: "/", MaxAge: 365 * 24 * 60 * 60, //nolint:gosec // a development server has no https
			HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: d.Production})
	}
	v := &visit{door: d, r: r, Lang: text.Accept(asked, r.Header.Get("Accept-Language")), Slug: slugOf(r), Now: d.DB.Now(), status: http.StatusOK}
	v.Actor, _ = auth.From(r.Context())
	v.Today = day.At(v.Now)
	v.On = v.Today
	return v
}

// slugOf is the county of the address, also where no route has been found.
func slugOf(r *http.Request) string {
	if r.URL.Path == populationImports || strings.HasPrefix(r.URL.Path, populationImports+"/") {
		return pg.Nation
	}
	switch r.URL.Path {
	case "/sverige/sign-in", "/sverige/sign-out", "/sverige/operator-entries":
		return pg.Nation
	}
	if hole := r.PathValue("county"); hole != "" {
		if !tenant.ValidSlug(hole) { // "kronoberg%2fx" is one name, and nobody's
			return ""
		}
		return hole
	}
	for _, prefix := range []string{"/lan/", "/invitations/"} {
		if rest, ok := strings.CutPrefix(r.URL.Path, prefix); ok {
			slug, _, _ := strings.Cut(rest, "/")
			if tenant.ValidSlug(slug) {
				return slug
			}
		}
	}
	return ""
}

// page makes a handler of a question: the unit of work ends before the page is
// rendered, and the page is rendered before anything is sent.
func (d *Door) page(who access, ask asks) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { d.answer(w, d.visit(w, r), who, ask) }
}

// answer sends the page of a question, also when something has been done first.
func (d *Door) answer(w http.ResponseWriter, v *visit, who access, ask asks) {
	c, err := d.ask(v.r.Context(), v, who, ask)
	if err != nil {
		d.refuse(w, v, err)
		return
	}
	d.render(w, v, c)
}

// dated is page for what can be asked as of another day, by ?on=.
func (d *Door) dated(who access, ask asks) http.HandlerFunc {
	return d.page(who, func(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
		if asked := v.Asked("on"); asked != "" {
			on, err := day.Parse(asked)
			if err != nil { // today's answer must not pass for another day's
				return nil, fault.Bad("shape.day", "/on")
			}
			v.On = on
		}
		return ask(ctx, tx, v)
	})
}

// ask does a reading unit of work.
func (d *Door) ask(ctx context.Context, v *visit, who access, ask asks) (c templ.Component, err error) {
	f := func(tx *pg.Tx) error {
		v.met(tx, who)
		var err error
		c, err = ask(ctx, tx, v)
		return err
	}
	switch who {
	case open:
		err = d.DB.InPublic(ctx, pg.Nation, f)
	case published:
		err = d.DB.InPublic(ctx, v.Slug, f)
	case either:
		if v.Member() {
			err = d.DB.InTenant(ctx, v.Actor, pg.Read, f)
		} else {
			err = d.DB.InPublic(ctx, v.Slug, f)
		}
	default:
		if v.Actor, err = d.actor(ctx, v); err != nil {
			return nil, err
		}
		err = d.DB.InTenant(ctx, v.Actor, pg.Read, f)
	}
	return c, err
}

// actor is the member who asks, or why nobody is.
func (d *Door) actor(ctx context.Context, v *visit) (auth.Actor, error) {
	// A county that is not there is not there for whoever is not signed in either.
	if _, err := d.DB.County(ctx, v.Slug); err != nil {
		return v.Actor, err
	}
	return auth.Member(ctx, v.Slug)
}

// met takes over what the unit of work knows: the configuration in force, the
// instant, and the actor as his rights stand now.
func (v *visit) met(tx *pg.Tx, who access) {
	v.Now, v.Today = tx.Now, tx.Today()
	if v.On.IsZero() || !v.Past() {
		v.On = v.Today
	}
	if who != open {
		v.County = tx.Config()
	}
	if tx.SignedIn() {
		v.Actor = tx.Actor
	}
}

// render sends a page that is whole.
func (d *Door) render(w http.ResponseWriter, v *visit, c templ.Component) {
	var page bytes.Buffer
	if err := c.Render(v.r.Context(), &page); err != nil {
		d.Logger.ErrorContext(v.r.Context(), "page not rendered", "route", v.r.Pattern, "error", err)
		http.Error(w, v.T("web.error.internal"), http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", string(v.Lang))
	h.Add("Vary", "Accept-Language, Cookie")
	switch {
	case v.private || v.Actor.SignedIn() || v.status != http.StatusOK || v.r.Method == http.MethodPost || v.r.URL.RawQuery != "":
		h.Set("Cache-Control", "private, no-store")
	default:
		h.Set("Cache-Control", "public, max-age=60")
	}
	harden(h, v.formTo)
	w.WriteHeader(v.status)
	if v.r.Method != http.MethodHead {
		_, _ = page.WriteTo(w)
	}
}

// harden says what a page may do in the browser: nothing that is not ours.
func harden(h http.Header, formTo []string) {
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; connect-src 'self'; "+
		"form-action "+strings.Join(append([]string{"'self'"}, formTo...), " ")+"; frame-ancestors 'none'; base-uri 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
}

// issuers are the origins of the county's identity providers, which a form for
// signing in or out leads to.
func (v *visit) issuers() {
	if v.door.Origins != nil {
		v.formTo = append(v.formTo, v.door.Origins(v.r.Context(), v.Slug)...)
		return
	}
	for _, i := range v.County.SignIn.Issuers {
		if u, err := url.Parse(i.URL); err == nil && u.Host != "" {
			v.formTo = append(v.formTo, u.Scheme+"://"+u.Host)
		}
	}
}
