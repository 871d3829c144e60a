package signin

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/member"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/session"
	"github.com/overens/overens/internal/tenant"
)

// flow is a sign-in under way. It lies in the browser that began it, so that
// nobody else's browser can end it.
type flow struct {
	State      string `json:"s"`
	Nonce      string `json:"n"`
	Verifier   string `json:"v"`
	County     string `json:"c"`
	Issuer     string `json:"i"` // its key
	ReturnTo   string `json:"r,omitempty"`
	Invitation string `json:"t,omitempty"`
	Began      int64  `json:"b"`
}

// flowLife is how long somebody may take at the provider.
const flowLife = 10 * time.Minute

const (
	formSize   = 64 << 10
	longestOne = 200 // of a single field that is passed on
)

func (f flow) sealed() string {
	b, _ := json.Marshal(f) // strings and a number: cannot fail
	return base64.RawURLEncoding.EncodeToString(b)
}

func readFlow(cookie string) (flow, bool) {
	var f flow
	b, err := base64.RawURLEncoding.DecodeString(cookie)
	return f, err == nil && json.Unmarshal(b, &f) == nil && f.State != "" && f.Nonce != "" && f.Verifier != "" && tenant.ValidSlug(f.County)
}

// start sends somebody to a provider. The form has issuer (its key; may be left
// out where there is one), return_to (a path of this server's), invitation (the
// secret of a link) and login_hint, each but the first optional.
func (d *Door) start(w http.ResponseWriter, r *http.Request) {
	county := CountyOf(r.URL.Path)
	c, err := d.DB.County(r.Context(), county)
	if err != nil {
		d.Refuse(w, r, err)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, formSize)
	if err := r.ParseForm(); err != nil {
		d.Refuse(w, r, fault.New(fault.BadRequest, "signin.form_malformed").Because(err))
		return
	}
	i, ok := chosen(c.On(today(d.DB.Now())).SignIn, r.PostForm.Get("issuer"))
	if !ok {
		d.Refuse(w, r, fault.Bad("signin.issuer_unknown", "/issuer"))
		return
	}
	p, err := d.providers.get(r.Context(), i.URL)
	if err != nil {
		d.refuse(w, r, county, err)
		return
	}
	f := flow{State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier(), County: county, Issuer: i.Key,
		ReturnTo: local(r.PostForm.Get("return_to"), home(county)), Began: d.DB.Now().Unix()}
	if t := r.PostForm.Get("invitation"); len(t) <= longestOne {
		f.Invitation = t
	}
	more := []oauth2.AuthCodeOption{oauth2.S256ChallengeOption(f.Verifier), oidc.Nonce(f.Nonce)}
	if age := time.Duration(i.MaxAge); age > 0 {
		more = append(more, oauth2.SetAuthURLParam("max_age", strconv.Itoa(int(age.Seconds()))))
	}
	if hint := r.PostForm.Get("login_hint"); hint != "" && len(hint) <= longestOne {
		more = append(more, oauth2.SetAuthURLParam("login_hint", hint))
	}
	client := p.oauth(i.ClientID, d.Secret(i.SecretName(county)), d.RedirectURL(), i.Scopes)
	d.give(w, flowCookie, f.sealed(), flowLife)
	see(w, r, client.AuthCodeURL(f.State, more...))
}

// chosen is the issuer with a key, or the only one there is.
func chosen(s tenant.SignIn, key string) (tenant.Issuer, bool) {
	if key == "" && len(s.Issuers) == 1 {
		return s.Issuers[0], true
	}
	return s.Issuer(key)
}

// callback is where a provider sends somebody back to.
func (d *Door) callback(w http.ResponseWriter, r *http.Request) {
	f, ok := readFlow(d.cookie(r, flowCookie))
	d.drop(w, flowCookie) // an answer is good for one try
	q := r.URL.Query()
	if !ok || subtle.ConstantTimeCompare([]byte(q.Get("state")), []byte(f.State)) != 1 || d.DB.Now().Sub(time.Unix(f.Began, 0)) > flowLife {
		d.refuse(w, r, "", fault.New(fault.BadRequest, "signin.flow_lost"))
		return
	}
	cookie, err := d.arrive(r.Context(), f, q, visitor{device: session.DeviceOf(r.UserAgent()), shown: d.cookie(r, sessionCookie), request: r.Header.Get(requestHeader)})
	if err != nil {
		d.Logger.InfoContext(r.Context(), "sign-in refused", "county", f.County, "issuer", f.Issuer, "why", err.Error(), "cause", errors.Unwrap(err))
		d.refuse(w, r, f.County, err)
		return
	}
	d.give(w, sessionCookie, cookie, 0)
	see(w, r, local(f.ReturnTo, home(f.County)))
}

// visitor is what a browser brings along.
type visitor struct {
	device  session.Device
	shown   string // the session it had
	request string
}

// arrive trades a provider's answer for a session and gives its cookie.
func (d *Door) arrive(ctx context.Context, f flow, answer url.Values, v visitor) (string, error) {
	c, err := d.DB.County(ctx, f.County)
	if err != nil {
		return "", err
	}
	i, ok := c.On(today(d.DB.Now())).SignIn.Issuer(f.Issuer)
	if !ok {
		return "", fault.New(fault.BadRequest, "signin.flow_lost")
	}
	p, err := d.providers.get(ctx, i.URL)
	if err != nil {
		return "", err
	}
	// With several providers one could pass on another's answer as its own.
	if from, said := answer["iss"]; (said && (len(from) != 1 || from[0] != i.URL)) || (!said && p.namesIss) {
		return "", fault.New(fault.BadRequest, "signin.token_refused").Because(errNotAsked)
	}
	switch why := answer.Get("error"); why {
	case "":
	case "access_denied":
		return "", fault.New(fault.Forbidden, "signin.cancelled")
	case "server_error", "temporarily_unavailable":
		return "", away(errors.New("signin: the provider answered " + why))
	default:
		return "", fault.New(fault.BadRequest, "signin.provider_refused").Because(errNotAsked)
	}
	if answer.Get("code") == "" {
		return "", fault.New(fault.BadRequest, "signin.flow_lost")
	}
	client := p.oauth(i.ClientID, d.Secret(i.SecretName(f.County)), d.RedirectURL(), i.Scopes)
	tokens, err := client.Exchange(oidc.ClientContext(ctx, d.Client), answer.Get("code"), oauth2.VerifierOption(f.Verifier))
	if e, told := errors.AsType[*oauth2.RetrieveError](err); told && e.Response.StatusCode < http.StatusInternalServerError {
		return "", fault.New(fault.BadRequest, "signin.provider_refused").Because(err)
	} else if err != nil {
		return "", away(err)
	}
	raw, _ := tokens.Extra("id_token").(string)
	claims, err := d.idToken(ctx, p, i, raw, tokens.AccessToken, f.Nonce)
	if err != nil {
		return "", err
	}
	return d.admit(ctx, c, i, f.Invitation, claims, v)
}

// admit begins a session for whoever a provider has vouched for, if the county
// has a place for him.
func (d *Door) admit(ctx context.Context, c tenant.County, i tenant.Issuer, invitation string, claims session.Claims, v visitor) (cookie string, err error) {
	var a session.Arrival
	for range 2 { // two windows at once write the same person: the second finds him
		err = d.DB.InTenant(ctx, auth.System(c.Slug, "sign-in", v.request), pg.Write, func(tx *pg.Tx) (err error) {
			cookie = ""
			if invitation != "" {
				if _, err := member.Bind(ctx, tx, invitation, session.KnownBy(i), claims.Subject); err != nil {
					return err
				}
			}
			if a, err = session.Arrive(ctx, tx, claims); err != nil || len(a.Grants) == 0 {
				return err // what was bound stays bound
			}
			cookie, err = d.Keeper.Begin(ctx, tx, session.Start{Person: a.Person, Issuer: claims.Issuer, Values: claims.Values, Device: v.device, Shown: v.shown})
			return err
		})
		if !fault.Is(err, "identity.once") {
			break
		}
	}
	switch {
	case err != nil:
		return "", err
	case cookie == "" && len(a.Waiting) > 0:
		return "", waits(a.Waiting)
	case cookie == "":
		contact := c.On(today(d.DB.Now())).Identity.Contact
		who := contact.Email
		if who == "" {
			who = contact.Phone
		}
		return "", fault.New(fault.Forbidden, "signin.not_a_member").With("contact", who)
	}
	// A browser is in one county at a time. The other's session is another unit
	// of work; should it fail, that session ends by itself.
	if other := session.CountyOf(v.shown); other != "" && other != c.Slug {
		if _, _, err := d.Keeper.SignOut(ctx, d.DB, v.shown, v.request); err != nil {
			d.Logger.WarnContext(ctx, "ending the session of another county", "error", err)
		}
	}
	return cookie, nil
}

// waits says who has to confirm first.
func waits(for_ []member.Unconfirmed) error {
	for _, m := range for_ {
		if m.PartyName != "" {
			return fault.New(fault.Forbidden, "signin.waits_for_party").With("party", m.PartyName)
		}
	}
	return fault.New(fault.Forbidden, "signin.waits_for_county")
}

// leave signs out: here, and at the provider where it has a place for that.
func (d *Door) leave(w http.ResponseWriter, r *http.Request) {
	d.drop(w, sessionCookie)
	county, issuer, err := d.Keeper.SignOut(r.Context(), d.DB, d.cookie(r, sessionCookie), r.Header.Get(requestHeader))
	if err != nil {
		d.Refuse(w, r, err)
		return
	}
	see(w, r, d.outside(r.Context(), county, issuer))
}

// outside is where to go after signing out.
func (d *Door) outside(ctx context.Context, county, issuer string) string {
	if issuer == "" {
		return "/"
	}
	c, err := d.DB.County(ctx, county)
	if err != nil {
		return "/"
	}
	for _, i := range c.On(today(d.DB.Now())).SignIn.Issuers {
		if i.URL != issuer {
			continue
		}
		p, err := d.providers.get(ctx, i.URL)
		if err != nil || p.end == "" {
			return "/" // here he is signed out, whatever the provider does
		}
		u, err := url.Parse(p.end)
		if err != nil {
			return "/"
		}
		q := u.Query()
		q.Set("client_id", i.ClientID)
		q.Set("post_logout_redirect_uri", d.LogoutURL())
		q.Set("state", rand.Text())
		u.RawQuery = q.Encode()
		return u.String()
	}
	return "/"
}

// enter lets an operator into a county: the form has county, reason and hours.
func (d *Door) enter(w http.ResponseWriter, r *http.Request) {
	a, err := auth.Member(r.Context(), pg.Nation)
	if err != nil {
		d.Refuse(w, r, err)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, formSize)
	if err := r.ParseForm(); err != nil {
		d.Refuse(w, r, fault.New(fault.BadRequest, "signin.form_malformed").Because(err))
		return
	}
	hours, _ := strconv.Atoi(r.PostForm.Get("hours")) // what is no number is 0, and refused as such
	visit := session.Visit{County: r.PostForm.Get("county"), Reason: r.PostForm.Get("reason"), Hours: hours}
	cookie, err := d.Keeper.Enter(r.Context(), d.DB, a, visit, session.DeviceOf(r.UserAgent()))
	if err != nil {
		d.Refuse(w, r, err)
		return
	}
	d.give(w, sessionCookie, cookie, 0)
	see(w, r, home(visit.County))
}

// refuse shows a refusal in the county it is about. The page gets the county's
// address and not the provider's answer, whose code nobody else shall see.
func (d *Door) refuse(w http.ResponseWriter, r *http.Request, county string, err error) {
	r = r.Clone(r.Context())
	r.URL.RawQuery, r.RequestURI = "", ""
	if county != "" {
		r.URL.Path, r.URL.RawPath = home(county), ""
	}
	d.Refuse(w, r, err)
}

// see sends somebody on, with nothing kept on the way.
func see(w http.ResponseWriter, r *http.Request, to string) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
	http.Redirect(w, r, to, http.StatusSeeOther) //nolint:gosec // a path of ours (local) or an address that a county's provider gave
}
