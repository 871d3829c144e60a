// Package devop is the OpenID provider of development: made-up people sign in
// with one click, so that the whole road of signing in is walked with no
// account anywhere. It is reached from the demo and from tests only, and it
// knows nothing of counties beyond the claims that a persona carries.
//
// It has one public client, which must use the code flow with PKCE (S256).
package devop

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	httphelper "github.com/zitadel/oidc/v3/pkg/http"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

const (
	idTokenLife     = 10 * time.Minute
	accessTokenLife = 5 * time.Minute // the profile for public APIs allows no more
)

// Config is what a provider is made of.
type Config struct {
	Issuer                 string   // absolute address with its prefix, without a slash at the end
	ClientID               string   // the one client
	RedirectURIs           []string // compared as they stand
	PostLogoutRedirectURIs []string // compared as they stand
	Personas               []Persona
	Key                    *Key         // signs every token; nil makes a new one
	Stylesheet             string       // path on the issuer's own origin; "" leaves the pages bare
	Logger                 *slog.Logger // nil says nothing
}

// Provider answers everything below the issuer's path. Mount it there as it
// is, without stripping the prefix:
//
//	mux.Handle("/dev/openid/", provider) // issuer http://127.0.0.1:8080/dev/openid
type Provider struct {
	config   Config
	op       *op.Provider
	mux      *http.ServeMux
	personas map[string]Persona
	requests requests

	mu    sync.Mutex
	keys  []*Key // the newest signs; all of them verify
	fault Fault
}

// New makes a provider, or says what is wrong with its configuration.
func New(c Config) (*Provider, error) {
	issuer, err := url.Parse(c.Issuer)
	switch {
	case err != nil, issuer.Host == "", issuer.Scheme != "http" && issuer.Scheme != "https":
		return nil, fmt.Errorf("devop: issuer %q is no absolute http address", c.Issuer)
	case issuer.RawQuery != "", issuer.Fragment != "", strings.HasSuffix(c.Issuer, "/"):
		return nil, fmt.Errorf("devop: issuer %q must end with its path", c.Issuer)
	case c.ClientID == "":
		return nil, errors.New("devop: no client id")
	case len(c.RedirectURIs) == 0:
		return nil, errors.New("devop: no redirect address")
	}
	if c.Key == nil {
		if c.Key, err = NewKey(); err != nil {
			return nil, err
		}
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	p := &Provider{config: c, keys: []*Key{c.Key}, personas: map[string]Persona{}}
	for _, persona := range c.Personas {
		if err := persona.check(); err != nil {
			return nil, err
		}
		if _, twice := p.personas[persona.Key]; twice {
			return nil, fmt.Errorf("devop: two personas have the key %q", persona.Key)
		}
		p.personas[persona.Key] = persona
	}

	algorithm := string(algorithm)
	p.op, err = op.NewProvider(
		&op.Config{
			// Codes are sealed with a secret that lives as long as the process.
			CryptoKey:                sha256.Sum256([]byte(randomID())),
			CodeMethodS256:           true,
			DefaultLogoutRedirectURI: c.Issuer + pathSignedOut,
		},
		storage{p: p}, op.StaticIssuer(c.Issuer),
		op.WithAllowInsecure(),
		op.WithLogger(c.Logger),
		op.WithIDTokenHintVerifierOpts(op.WithSupportedIDTokenHintSigningAlgorithms(algorithm)),
		op.WithAccessTokenVerifierOpts(op.WithSupportedAccessTokenSigningAlgorithms(algorithm)),
	)
	if err != nil {
		return nil, fmt.Errorf("devop: %w", err)
	}
	p.mux = p.routes(issuer.Path)
	return p, nil
}

const (
	pathAuthorize = "/authorize"
	pathCallback  = "/authorize/callback" // where the library answers a request that has its person
	pathChoose    = "/choose"
	pathToken     = "/oauth/token"
	pathUserinfo  = "/userinfo"
	pathKeys      = "/keys"
	pathEnd       = "/end_session"
	pathSignedOut = "/signed-out"
)

// routes lists everything that is answered. The library's own router would
// also open introspection, revocation and the device flow, which nobody here
// uses.
func (p *Provider) routes(prefix string) *http.ServeMux {
	m := http.NewServeMux()
	m.HandleFunc("GET "+prefix+oidc.DiscoveryEndpoint, p.discovery)
	m.HandleFunc("GET "+prefix+pathKeys, func(w http.ResponseWriter, r *http.Request) { op.Keys(w, r, p.op.Storage()) })
	m.HandleFunc("GET "+prefix+pathAuthorize, func(w http.ResponseWriter, r *http.Request) { op.Authorize(w, r, p.op) })
	m.HandleFunc("POST "+prefix+pathAuthorize, func(w http.ResponseWriter, r *http.Request) { op.Authorize(w, r, p.op) })
	m.HandleFunc("GET "+prefix+pathCallback, func(w http.ResponseWriter, r *http.Request) { op.AuthorizeCallback(w, r, p.op) })
	m.HandleFunc("GET "+prefix+pathChoose, p.showPersonas)
	m.HandleFunc("POST "+prefix+pathChoose, p.choosePersona)
	m.HandleFunc("POST "+prefix+pathToken, p.token)
	m.HandleFunc(prefix+pathUserinfo, func(w http.ResponseWriter, r *http.Request) { op.Userinfo(w, r, p.op) })
	m.HandleFunc("GET "+prefix+pathEnd, func(w http.ResponseWriter, r *http.Request) { op.EndSession(w, r, p.op) })
	m.HandleFunc("POST "+prefix+pathEnd, func(w http.ResponseWriter, r *http.Request) { op.EndSession(w, r, p.op) })
	m.HandleFunc("GET "+prefix+pathSignedOut, p.showSignedOut)
	return m
}

// ServeHTTP answers one request, or 503 while the provider plays dead.
func (p *Provider) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if p.faulty().Down {
		http.Error(w, "down on purpose", http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	p.mux.ServeHTTP(w, r.WithContext(op.ContextWithIssuer(r.Context(), p.config.Issuer)))
}

// discovery tells what there is. It is written here because the library's own
// document promises flows that the client may not use.
func (p *Provider) discovery(w http.ResponseWriter, _ *http.Request) {
	httphelper.MarshalJSON(w, &oidc.DiscoveryConfiguration{
		Issuer:                            p.config.Issuer,
		AuthorizationEndpoint:             p.config.Issuer + pathAuthorize,
		TokenEndpoint:                     p.config.Issuer + pathToken,
		UserinfoEndpoint:                  p.config.Issuer + pathUserinfo,
		EndSessionEndpoint:                p.config.Issuer + pathEnd,
		JwksURI:                           p.config.Issuer + pathKeys,
		ScopesSupported:                   []string{oidc.ScopeOpenID, oidc.ScopeProfile},
		ResponseTypesSupported:            []string{string(oidc.ResponseTypeCode)},
		ResponseModesSupported:            []string{string(oidc.ResponseModeQuery)},
		GrantTypesSupported:               []oidc.GrantType{oidc.GrantTypeCode},
		SubjectTypesSupported:             []string{"public"},
		IDTokenSigningAlgValuesSupported:  []string{string(algorithm)},
		TokenEndpointAuthMethodsSupported: []oidc.AuthMethod{oidc.AuthMethodNone},
		CodeChallengeMethodsSupported:     []oidc.CodeChallengeMethod{oidc.CodeChallengeMethodS256},
		ClaimsSupported:                   p.claimNames(),
	})
}

func (p *Provider) claimNames() []string {
	names := []string{"iss", "sub", "aud", "exp", "iat", "auth_time", "azp", "nonce"}
	for _, persona := range p.personas {
		for name := range persona.claims() {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// token trades a code for tokens.
func (p *Provider) token(w http.ResponseWriter, r *http.Request) {
	answer, err := p.exchange(r)
	if err != nil {
		op.RequestError(w, r, err, p.config.Logger)
		return
	}
	httphelper.MarshalJSON(w, answer)
}

func (p *Provider) exchange(r *http.Request) (*oidc.AccessTokenResponse, error) {
	ctx := r.Context()
	if r.PostFormValue("grant_type") != string(oidc.GrantTypeCode) {
		return nil, oidc.ErrUnsupportedGrantType().WithDescription("only authorization_code is given here")
	}
	request, err := op.ParseAccessTokenRequest(r, p.op.Decoder())
	if err != nil {
		return nil, err
	}
	authorized, client, err := op.ValidateAccessTokenRequest(ctx, request, p.op)
	if err != nil {
		return nil, err
	}
	answer, err := op.CreateTokenResponse(ctx, authorized, client, p.op, true, request.Code, "")
	if err != nil {
		return nil, err
	}
	answer.IDToken, err = p.faulty().bend(answer.IDToken, p.signingKey())
	return answer, err
}

// Rotate makes a new signing key and gives back the key it follows, which
// stays in the JWKS: tokens signed with it still hold.
func (p *Provider) Rotate() (old *Key, err error) {
	k, err := NewKey()
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	old = p.keys[0]
	p.keys = slices.Insert(p.keys, 0, k)
	return old, nil
}

func (p *Provider) signingKey() *Key {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.keys[0]
}

func (p *Provider) allKeys() []*Key {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.keys)
}
