package signin

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/overens/overens/internal/fault"
)

const (
	knownFor  = time.Hour        // what a provider says of itself
	failedFor = 15 * time.Second // a provider that did not answer is left alone
)

// providers are the providers met so far, by issuer: what they say of
// themselves, and their keys. Their number is that of the counties' issuers.
type providers struct {
	client   *http.Client
	now      func() time.Time
	loopback bool

	mu    sync.Mutex
	known map[string]*provider
}

// provider is one provider. Two counties that trust the same share it.
type provider struct {
	mu    sync.Mutex
	found *found
	asked time.Time
	err   error
}

// found is what a provider says of itself, checked.
type found struct {
	issuer   string
	endpoint oauth2.Endpoint
	end      string // where people sign out; may be empty
	namesIss bool   // every answer says which provider it is from
	basic    bool   // a client's secret goes into the header
	keys     *keySet
}

// get gives what a provider says of itself, asking it when that is not known
// or old. A provider that does not answer is signin.provider_away.
func (ps *providers) get(ctx context.Context, issuer string) (*found, error) {
	ps.mu.Lock()
	p := ps.known[issuer]
	if p == nil {
		p = &provider{}
		ps.known[issuer] = p
	}
	ps.mu.Unlock()

	p.mu.Lock() // one asks, the others wait for the answer
	defer p.mu.Unlock()
	now := ps.now()
	if p.found != nil && now.Sub(p.asked) < knownFor {
		return p.found, nil
	}
	if p.err != nil && now.Sub(p.asked) < failedFor {
		return nil, away(p.err)
	}
	// Whoever gives up waiting does not make it fail for the others.
	f, err := ps.discover(context.WithoutCancel(ctx), issuer)
	if err == nil && p.found != nil && p.found.keys.url == f.keys.url {
		f.keys = p.found.keys // with what is known of their age
	}
	p.found, p.err, p.asked = f, err, ps.now()
	if err != nil {
		return nil, away(err)
	}
	return f, nil
}

// peek gives what is known already, without asking.
func (ps *providers) peek(issuer string) *found {
	ps.mu.Lock()
	p := ps.known[issuer]
	ps.mu.Unlock()
	if p == nil || !p.mu.TryLock() {
		return nil
	}
	defer p.mu.Unlock()
	return p.found
}

func away(err error) error {
	return fault.New(fault.Unavailable, "signin.provider_away").Because(err)
}

func (ps *providers) discover(ctx context.Context, issuer string) (*found, error) {
	p, err := oidc.NewProvider(oidc.ClientContext(ctx, ps.client), issuer)
	if err != nil {
		return nil, err
	}
	var said struct {
		Keys     string   `json:"jwks_uri"`
		End      string   `json:"end_session_endpoint"`
		NamesIss bool     `json:"authorization_response_iss_parameter_supported"`
		Methods  []string `json:"token_endpoint_auth_methods_supported"`
	}
	if err := p.Claims(&said); err != nil {
		return nil, err
	}
	e := p.Endpoint()
	for what, address := range map[string]string{"authorization_endpoint": e.AuthURL, "token_endpoint": e.TokenURL, "jwks_uri": said.Keys} {
		if !ps.safe(address) {
			return nil, fmt.Errorf("signin: %s of %s is no https address", what, issuer)
		}
	}
	if !ps.safe(said.End) {
		said.End = ""
	}
	return &found{issuer: issuer, endpoint: e, end: said.End, namesIss: said.NamesIss,
		basic: len(said.Methods) == 0 || slices.Contains(said.Methods, "client_secret_basic"),
		keys:  &keySet{url: said.Keys, client: ps.client, now: ps.now}}, nil
}

// safe tells whether an address is reached over https, or stands on this
// machine where that is allowed.
func (ps *providers) safe(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil {
		return false
	}
	if u.Scheme == "https" {
		return true
	}
	ip, err := netip.ParseAddr(u.Hostname())
	return ps.loopback && u.Scheme == "http" && (u.Hostname() == "localhost" || err == nil && ip.IsLoopback())
}

// oauth is the client at a provider.
func (f *found) oauth(id, secret, redirect string, scopes []string) oauth2.Config {
	e := f.endpoint
	// Said, and not found out by trying: a failed try uses up the code.
	e.AuthStyle = oauth2.AuthStyleInParams
	if secret != "" && f.basic {
		e.AuthStyle = oauth2.AuthStyleInHeader
	}
	asked := []string{oidc.ScopeOpenID}
	for _, s := range scopes {
		if !slices.Contains(asked, s) {
			asked = append(asked, s)
		}
	}
	return oauth2.Config{ClientID: id, ClientSecret: secret, Endpoint: e, RedirectURL: redirect, Scopes: asked}
}

// Origins are the origins of a county's providers, as far as they are known:
// where the forms to sign in and out lead, for the pages' policy.
func (d *Door) Origins(ctx context.Context, county string) []string {
	c, err := d.DB.County(ctx, county)
	if err != nil {
		return nil
	}
	var all []string
	add := func(address string) {
		if u, err := url.Parse(address); err == nil && u.Host != "" {
			if o := u.Scheme + "://" + u.Host; !slices.Contains(all, o) {
				all = append(all, o)
			}
		}
	}
	for _, i := range c.On(today(d.DB.Now())).SignIn.Issuers {
		add(i.URL)
		if f := d.providers.peek(i.URL); f != nil {
			add(f.endpoint.AuthURL)
			add(f.end)
		}
	}
	return all
}

var errNotAsked = errors.New("signin: the answer is not one to what was asked")
