// Package signin is the door where people come in: by a county's OpenID
// providers to a session cookie, or with a bearer token from one of them. It
// turns both into the actor that stands in the request's context. Who somebody
// is and what he may, the rooms say; this package believes nothing that a
// provider of the county's has not signed.
package signin

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/session"
	"github.com/overens/overens/internal/tenant"
)

// Config is what the door needs from outside.
type Config struct {
	DB        *pg.DB
	Keeper    *session.Keeper
	PublicURL string                                          // makes absolute addresses; https makes the cookies Secure
	Client    *http.Client                                    // asks the providers; nil: Guarded
	Secret    func(name string) string                        // a client's secret by the name of its variable; nil: no secrets
	Refuse    func(http.ResponseWriter, *http.Request, error) // shows a refusal as a page; nil: bare text
	Logger    *slog.Logger                                    // nil says nothing

	// AllowLoopback lets providers stand on this machine, over http: for the
	// demo and for tests.
	AllowLoopback bool
}

// Door is the sign-in. It may be used by many at once.
type Door struct {
	Config
	secure    bool
	providers providers
	notes     sync.WaitGroup
}

// New makes the door. It asks no provider before somebody signs in.
func New(c Config) *Door {
	c.PublicURL = strings.TrimRight(c.PublicURL, "/")
	if c.Client == nil {
		c.Client = Guarded(c.AllowLoopback)
	}
	if c.Secret == nil {
		c.Secret = func(string) string { return "" }
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Refuse == nil {
		c.Refuse = bare
	}
	d := &Door{Config: c, secure: strings.HasPrefix(c.PublicURL, "https://")}
	d.providers = providers{client: c.Client, now: c.DB.Now, loopback: c.AllowLoopback, known: map[string]*provider{}}
	return d
}

// callbackPath is where every provider sends people back to: with PublicURL it
// is the redirect address to register.
const callbackPath = "/sign-in/callback"

// RedirectURL is the address to register at a provider.
func (d *Door) RedirectURL() string { return d.PublicURL + callbackPath }

// LogoutURL is where a provider may send people after signing out, to register
// there.
func (d *Door) LogoutURL() string { return d.PublicURL + "/" }

// Routes are the patterns that Register answers.
var Routes = []string{
	"POST /lan/{county}/sign-in", "POST /sverige/sign-in",
	"GET " + callbackPath,
	"POST /lan/{county}/sign-out", "POST /sverige/sign-out",
	"POST /sverige/operator-entries",
}

// Register puts the door's routes on a mux. The page with the form to sign in is
// the pages' own: GET at the same addresses.
func (d *Door) Register(mux *http.ServeMux) {
	for _, pattern := range Routes {
		var h http.HandlerFunc
		switch {
		case strings.HasSuffix(pattern, "/sign-in"):
			h = d.start
		case strings.HasSuffix(pattern, "/sign-out"):
			h = d.leave
		case strings.HasSuffix(pattern, "/operator-entries"):
			h = d.enter
		default:
			h = d.callback
		}
		mux.Handle(pattern, d.sameSite(h))
	}
}

// sameSite refuses forms that another site has sent: signing somebody in as
// somebody else is an attack too.
func (d *Door) sameSite(next http.Handler) http.Handler {
	p := http.NewCrossOriginProtection()
	if u, err := url.Parse(d.PublicURL); err == nil && u.Host != "" {
		_ = p.AddTrustedOrigin(u.Scheme + "://" + u.Host) // fails on no origin only
	}
	p.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		d.Refuse(w, r, fault.New(fault.Forbidden, "signin.cross_site"))
	}))
	return p.Handler(next)
}

// requestHeader carries the request's id, set by whoever stands before.
const requestHeader = "X-Request-Id"

// Middleware finds out who asks and puts the actor, or why what was shown is
// not accepted, into the request's context. Cookies are looked at everywhere,
// bearer tokens below /api/ only; where both are shown the token decides. An
// actor of another county than the address's stays that county's: the doors
// answer as if the address were not there.
func (d *Door) Middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/static/") { // the same for everyone
			next.ServeHTTP(w, r)
			return
		}
		a, err := d.who(w, r)
		if err != nil && !known(err) {
			d.Logger.ErrorContext(r.Context(), "asking who signed in", "error", err)
		}
		next.ServeHTTP(w, r.WithContext(auth.With(r.Context(), a, err)))
		if err == nil && d.Keeper.Due(a) {
			d.note(r.Context(), a)
		}
	})
}

func known(err error) bool {
	return fault.All(err) != nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

// who makes the actor of a request.
func (d *Door) who(w http.ResponseWriter, r *http.Request) (auth.Actor, error) {
	county, request := CountyOf(r.URL.Path), r.Header.Get(requestHeader)
	a := auth.Public(county, request)
	var err error
	if token, shown := bearer(r); shown {
		if county == "" {
			return a, nil // a place that is the same for everyone, where no county could vouch for the token
		}
		a, err = d.bearer(r.Context(), county, token)
	} else if cookie := d.cookie(r, sessionCookie); cookie != "" {
		a, err = d.Keeper.Cookie(r.Context(), d.DB, cookie)
		if f := fault.All(err); len(f) > 0 && f[0].Kind == fault.Unauthenticated {
			d.drop(w, sessionCookie) // it opens nothing any more
		}
	} else {
		return a, nil
	}
	if err != nil {
		return auth.Public(county, request), err
	}
	a.Request = request
	return a, nil
}

// noting is how long the note that somebody was here may take.
const noting = 5 * time.Second

// note writes down that somebody was here, after the answer and beside it.
func (d *Door) note(ctx context.Context, a auth.Actor) {
	d.notes.Go(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), noting)
		defer cancel()
		if err := d.Keeper.Seen(ctx, d.DB, a); err != nil {
			d.Logger.WarnContext(ctx, "noting that a session was seen", "error", err)
		}
	})
}

// Wait waits until everything that is written after answers has been written.
func (d *Door) Wait() { d.notes.Wait() }

// CountyOf is the county that a path belongs to: "sverige" for the nation, ""
// where it belongs to none. It is not looked whether there is such a county.
func CountyOf(path string) string {
	for _, prefix := range []string{"/lan/", "/api/v1/counties/"} {
		if rest, ok := strings.CutPrefix(path, prefix); ok {
			slug, _, _ := strings.Cut(rest, "/")
			if tenant.ValidSlug(slug) {
				return slug
			}
			return ""
		}
	}
	for _, place := range []string{"/sverige", "/api/v1/national"} {
		if path == place || strings.HasPrefix(path, place+"/") {
			return pg.Nation
		}
	}
	return ""
}

// home is a county's first page.
func home(county string) string {
	if county == pg.Nation {
		return "/" + county
	}
	return "/lan/" + county
}

func bare(w http.ResponseWriter, _ *http.Request, err error) {
	f := fault.All(err)
	if len(f) == 0 {
		http.Error(w, "internal error", http.StatusInternalServerError)
		return
	}
	status := map[fault.Kind]int{
		fault.Unauthenticated: http.StatusUnauthorized, fault.NotFound: http.StatusNotFound, fault.BadRequest: http.StatusBadRequest,
		fault.Invalid: http.StatusUnprocessableEntity, fault.Forbidden: http.StatusForbidden, fault.Conflict: http.StatusConflict,
		fault.Unavailable: http.StatusServiceUnavailable,
	}[f[0].Kind]
	if status == 0 {
		status = http.StatusBadRequest
	}
	http.Error(w, f[0].Key, status)
}
