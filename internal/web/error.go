package web

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/text"
)

// status is a refusal that the server itself has, and no room.
type status struct {
	code int
	key  string
}

func (s status) Error() string { return s.key }

var (
	errNowhere   = status{http.StatusNotFound, "common.not_found"}
	errMethod    = status{http.StatusMethodNotAllowed, "web.refused.method"}
	errMediaType = status{http.StatusUnsupportedMediaType, "web.refused.media_type"}
	errTooLarge  = status{http.StatusRequestEntityTooLarge, "web.refused.too_large"}
	errMalformed = status{http.StatusBadRequest, "web.refused.malformed"}
)

var statuses = map[fault.Kind]int{
	fault.Unauthenticated: http.StatusUnauthorized, fault.NotFound: http.StatusNotFound, fault.Precondition: http.StatusPreconditionRequired,
	fault.BadRequest: http.StatusBadRequest, fault.Invalid: http.StatusUnprocessableEntity, fault.Forbidden: http.StatusForbidden,
	fault.Conflict: http.StatusConflict, fault.Stale: http.StatusPreconditionFailed, fault.TooLarge: http.StatusRequestEntityTooLarge,
	fault.TooMany: http.StatusTooManyRequests, fault.Unavailable: http.StatusServiceUnavailable,
}

// refused is what an error page shows.
type refused struct {
	Status     int
	Title      string
	Lead       string
	Permission auth.Permission
	Who        []auth.Role // who may do it
	Code       string      // to find the event by
	Back       string      // where to go on
	From       string      // the page the form or the button stood on
	Next       []crumb     // what mends it
	Faults     []string
}

// Refuse answers with an error page: whatever went wrong, and what works instead.
func (d *Door) Refuse(w http.ResponseWriter, r *http.Request, err error) {
	d.refuse(w, d.visit(w, r), err)
}

func (d *Door) refuse(w http.ResponseWriter, v *visit, err error) {
	ctx := v.r.Context()
	if errors.Is(err, context.Canceled) && ctx.Err() != nil {
		return // nobody is there to read it
	}
	if v.Slug != "" && v.County.Slug == "" {
		if c, e := d.DB.County(ctx, v.Slug); e == nil {
			v.County = c.On(v.Today)
		} else {
			v.Slug = ""
		}
	}
	if d.visitAgain(w, v, err) {
		return
	}
	p := v.refusedBy(err)
	v.status = p.Status
	switch p.Status {
	case http.StatusUnauthorized:
		v.Actor = auth.Public(v.Slug, v.Actor.Request)
		w.Header().Set("WWW-Authenticate", "Session")
		v.issuers()
		d.render(w, v, signInPage(v, signIn{ReturnTo: v.returnTo(), Why: p.Title, Issuers: v.County.SignIn.Issuers}))
		return
	case http.StatusInternalServerError:
		d.Logger.ErrorContext(ctx, "page failed", "method", v.r.Method, "route", v.r.Pattern, "code", p.Code, "error", err)
	case http.StatusServiceUnavailable, http.StatusTooManyRequests:
		if w.Header().Get("Retry-After") == "" {
			w.Header().Set("Retry-After", "10")
		}
		d.Logger.WarnContext(ctx, "page not served", "method", v.r.Method, "route", v.r.Pattern, "code", p.Code, "error", err)
	case http.StatusForbidden:
		d.Logger.InfoContext(ctx, "page refused", "method", v.r.Method, "route", v.r.Pattern, "code", p.Code, "error", err)
	}
	if v.Member() && p.Status == http.StatusForbidden {
		// What cannot be read now is left unsaid: the page is about something else. A
		// page that tells that the database is away does not ask it.
		_ = d.DB.InTenant(ctx, v.Actor, pg.Read, func(tx *pg.Tx) error { return v.nameParties(ctx, tx) })
	}
	d.render(w, v, errorPage(v, p))
}

// nameParties finds what the parties of the visitor's roles are called.
func (v *visit) nameParties(ctx context.Context, tx *pg.Tx) error {
	v.parties = map[uuid.UUID]string{}
	for _, g := range v.Actor.Grants {
		if g.Party == uuid.Nil || v.parties[g.Party] != "" || !tx.May(auth.OrganisationRead) {
			continue
		}
		o, err := organisation.Get(ctx, tx, g.Party)
		if err != nil && !fault.Is(err, "common.not_found") {
			return err
		}
		v.parties[g.Party] = o.Name
	}
	return nil
}

// refusedBy turns an error into what its page says. What is no fault says nothing.
func (v *visit) refusedBy(err error) refused {
	p := refused{Status: http.StatusInternalServerError, Title: v.T("web.refused.internal"), Lead: v.T("web.refused.internal_detail"), Code: v.code(), Back: "/"}
	if v.Slug != "" {
		p.Back = string(v.To(""))
	}
	p.From = v.cameFrom()
	if s, ok := errors.AsType[status](err); ok {
		p.Status, p.Title, p.Lead = s.code, v.T(s.key), v.detail(s.key, nil)
		return p
	}
	faults := fault.All(err)
	if len(faults) == 0 {
		return p
	}
	f := faults[0]
	p.Status, p.Next = statuses[f.Kind], v.mends(f)
	p.Title, p.Lead = sentences(v.say(f), v.detail(f.Key, f.Args))
	p.Title = strings.TrimSuffix(p.Title, ".")
	for _, f := range faults[1:] {
		p.Faults = append(p.Faults, v.say(f))
	}
	if who, ok := f.Args["who"].([]auth.Role); ok {
		p.Who = who
	}
	if permission, ok := f.Args["permission"].(string); ok {
		p.Permission = auth.Permission(permission)
		p.Title = v.T("web.refused.permission", "what", v.permission(p.Permission))
		p.Lead = v.T("web.refused.permission_detail", "who", v.roles(p.Who))
		if f.Args["elsewhere"] != nil {
			p.Title = v.T("web.refused.elsewhere", "what", v.permission(p.Permission))
			p.Lead = v.T("web.refused.elsewhere_detail", "who", v.roles(p.Who))
		}
	}
	return p
}

// cameFrom is the page that a form or a button stood on: as the browser tells, or for
// a button the page of what its address is about. "": not known.
func (v *visit) cameFrom() string {
	if v.r.Method != http.MethodPost {
		return ""
	}
	if u, err := url.Parse(v.r.Referer()); err == nil && u.Host == v.r.Host && localPath(u.Path) {
		return withQuery(u.Path, u.Query())
	}
	of := path.Dir(v.r.URL.Path)
	if v.pressed && localPath(of) && v.door.shows(of) {
		return of
	}
	return ""
}

// shows tells whether an address of the server has a page.
func (d *Door) shows(path string) bool {
	if d.mux == nil {
		return false
	}
	_, pattern := d.mux.Handler(&http.Request{Method: http.MethodGet, URL: &url.URL{Path: path}})
	return pattern != "" && pattern != "/" && !strings.HasSuffix(pattern, " /")
}

// mends are the pages where what a fault refused can be made possible.
func (v *visit) mends(f *fault.Fault) []crumb {
	if f.Key != "adjusting.not_chosen" {
		return nil
	}
	meeting, ok := f.Args["meeting"].(uuid.UUID)
	if !ok {
		return nil
	}
	return []crumb{{v.T("minutes.page.do.choose"), minutesAt(v, meeting, "/adjusters")}}
}

// code is what an event is found by in the log: short enough to be read out.
func (v *visit) code() string {
	request := strings.ToUpper(strings.ReplaceAll(v.Actor.Request, "-", ""))
	if len(request) < 8 {
		request = rand.Text()
	}
	request = request[len(request)-8:]
	return request[:4] + "-" + request[4:]
}

// returnTo is where to go after signing in: what was asked for, or, after a
// form, the page the form stands on.
func (v *visit) returnTo() string {
	q := v.r.URL.Query()
	q.Del("lang")
	q.Del("done")
	return withQuery(v.r.URL.Path, q)
}

// say is what a fault says, in one sentence.
func (v *visit) say(f *fault.Fault) string { return v.Lang.Fill(f.Key, v.args(f.Args)) }

// detail is why and what works, or nothing.
func (v *visit) detail(key string, args fault.Args) string {
	if !text.Has(key + "_detail") {
		return ""
	}
	return v.Lang.Fill(key+"_detail", v.args(args))
}

// args are a fault's values as a person reads them.
func (v *visit) args(args fault.Args) map[string]any {
	if args == nil {
		return nil
	}
	said := make(map[string]any, len(args))
	for name, value := range args {
		switch x := value.(type) {
		case day.Day:
			if said[name] = ""; !x.IsZero() {
				said[name] = LongDay(v.Lang, x)
			}
		case []auth.Role:
			said[name] = v.roles(x)
		case auth.Role:
			said[name] = v.role(x)
		case text.Word:
			said[name] = v.T(string(x))
		default:
			said[name] = value
		}
	}
	return said
}

func (v *visit) role(r auth.Role) string { return v.Of("auth.role.", string(r)) }

func (v *visit) permission(p auth.Permission) string { return v.Of("auth.permission.", string(p)) }

// roles are several roles in a sentence: a, b or c.
func (v *visit) roles(rs []auth.Role) string {
	names := make([]string, len(rs))
	for i, r := range rs {
		names[i] = v.role(r)
	}
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " " + v.T("web.or") + " " + names[len(names)-1]
}

// here is the actor's role as the head of the page tells it.
func (v *visit) here() string {
	names := []string{}
	for _, g := range v.Actor.Grants {
		name := v.role(g.Role)
		if party := v.parties[g.Party]; party != "" {
			name = v.T("web.role_of", "role", name, "party", party)
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return v.T("web.no_role")
	}
	return strings.Join(names, ", ")
}

// id reads an id of the address; what is no id is not there.
func id(r *http.Request, name string) (uuid.UUID, error) {
	u, err := uuid.Parse(r.PathValue(name))
	if err != nil || len(r.PathValue(name)) != 36 {
		return u, fault.Missing()
	}
	return u, nil
}

// localPath tells whether an address leads to a page of this server and nowhere else.
func localPath(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Scheme == "" && u.Host == "" && strings.HasPrefix(s, "/") && !strings.HasPrefix(s, "//") && !strings.ContainsAny(s, "\\\r\n\t")
}

// statusWord is what sort of refusal a status is, in a word or two.
func (v *visit) statusWord(code int) string {
	key := "web.status." + strconv.Itoa(code)
	if !text.Has(key) {
		key = "web.status.other"
	}
	return v.Lang.Fill(key, nil)
}

func (v *visit) refusedNotes() []string {
	if v.r.Method == http.MethodPost && !v.pressed {
		return []string{v.T("web.refused.kept")}
	}
	return nil
}
