package devop

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"slices"
	"time"

	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// client is the one client, as the library wants to see it.
type client struct{ p *Provider }

func (c client) GetID() string                    { return c.p.config.ClientID }
func (c client) RedirectURIs() []string           { return c.p.config.RedirectURIs }
func (c client) PostLogoutRedirectURIs() []string { return c.p.config.PostLogoutRedirectURIs }
func (c client) AuthMethod() oidc.AuthMethod      { return oidc.AuthMethodNone }
func (c client) ResponseTypes() []oidc.ResponseType {
	return []oidc.ResponseType{oidc.ResponseTypeCode}
}
func (c client) GrantTypes() []oidc.GrantType         { return []oidc.GrantType{oidc.GrantTypeCode} }
func (c client) AccessTokenType() op.AccessTokenType  { return op.AccessTokenTypeJWT }
func (c client) IDTokenLifetime() time.Duration       { return idTokenLife }
func (c client) DevMode() bool                        { return true } // http addresses are allowed
func (c client) IsScopeAllowed(string) bool           { return false }
func (c client) IDTokenUserinfoClaimsAssertion() bool { return true }
func (c client) ClockSkew() time.Duration             { return 0 }

// ApplicationType is not "native": that would let any port of the loopback
// pass as a redirect address.
func (c client) ApplicationType() op.ApplicationType { return op.ApplicationTypeUserAgent }

func (c client) RestrictAdditionalIdTokenScopes() func([]string) []string {
	return func(scopes []string) []string { return scopes }
}

func (c client) RestrictAdditionalAccessTokenScopes() func([]string) []string {
	return func(scopes []string) []string { return scopes }
}

// LoginURL is absolute: the library would resolve a path against the host,
// not against the issuer's prefix. A request that already has its person
// skips the page.
func (c client) LoginURL(id string) string {
	path := pathChoose
	if q, err := c.p.requests.byID(id); err == nil && q.Done() {
		path = pathCallback
	}
	return c.p.config.Issuer + path + "?" + url.Values{"id": {id}}.Encode()
}

// storage is what the library asks for and tells. Of the embedded interface
// only what is written out here is ever called: no route leads to the rest
// (refresh, introspection, revocation, client secrets).
type storage struct {
	op.Storage
	p *Provider
}

func (s storage) GetClientByClientID(_ context.Context, id string) (op.Client, error) {
	if id != s.p.config.ClientID {
		return nil, oidc.ErrInvalidClient().WithDescription("unknown client")
	}
	return client{s.p}, nil
}

func (s storage) CreateAuthRequest(_ context.Context, in *oidc.AuthRequest, _ string) (op.AuthRequest, error) {
	switch {
	case !slices.Contains(s.p.config.RedirectURIs, in.RedirectURI):
		// The library compares after unescaping; here an address is itself.
		return nil, oidc.ErrInvalidRequestRedirectURI().WithDescription("redirect_uri is not registered")
	case in.CodeChallenge == "", in.CodeChallengeMethod != oidc.CodeChallengeMethodS256:
		return nil, oidc.ErrInvalidRequest().WithDescription("PKCE with S256 is required")
	case cmp.Or(in.ResponseMode, oidc.ResponseModeQuery) != oidc.ResponseModeQuery:
		return nil, oidc.ErrInvalidRequest().WithDescription("response_mode must be query")
	case !slices.Contains(in.Scopes, oidc.ScopeOpenID):
		return nil, oidc.ErrInvalidScope().WithDescription("scope must have openid")
	}
	hinted, known := s.p.personas[in.LoginHint]
	if slices.Contains(in.Prompt, oidc.PromptNone) && !known {
		return nil, oidc.ErrLoginRequired()
	}
	q := s.p.requests.add(in, time.Now())
	if known && !slices.Contains(in.Prompt, oidc.PromptLogin) {
		return s.p.requests.choose(q.id, hinted, time.Now())
	}
	return q, nil
}

func (s storage) AuthRequestByID(_ context.Context, id string) (op.AuthRequest, error) {
	return s.p.requests.byID(id)
}

func (s storage) AuthRequestByCode(_ context.Context, code string) (op.AuthRequest, error) {
	return s.p.requests.redeem(code)
}

func (s storage) SaveAuthCode(_ context.Context, id, code string) error {
	return s.p.requests.giveCode(id, code)
}

func (s storage) DeleteAuthRequest(_ context.Context, id string) error {
	s.p.requests.remove(id)
	return nil
}

func (s storage) CreateAccessToken(context.Context, op.TokenRequest) (string, time.Time, error) {
	return randomID(), time.Now().Add(accessTokenLife), nil
}

// SetUserinfoFromScopes leaves everything to SetUserinfoFromRequest, as the
// library asks.
func (s storage) SetUserinfoFromScopes(context.Context, *oidc.UserInfo, string, string, []string) error {
	return nil
}

func (s storage) SetUserinfoFromRequest(_ context.Context, info *oidc.UserInfo, q op.IDTokenRequest, _ []string) error {
	return s.describe(info, q.GetSubject())
}

func (s storage) SetUserinfoFromToken(_ context.Context, info *oidc.UserInfo, _, subject, _ string) error {
	return s.describe(info, subject)
}

func (s storage) describe(info *oidc.UserInfo, subject string) error {
	persona, ok := s.p.personas[subject]
	if !ok {
		return fmt.Errorf("devop: no persona %q", subject)
	}
	info.Subject = subject
	info.Claims = persona.claims()
	return nil
}

func (s storage) GetPrivateClaimsFromRequest(_ context.Context, q op.TokenRequest, _ []string) (map[string]any, error) {
	request, ok := q.(request)
	if !ok {
		return nil, fmt.Errorf("devop: no claims for a %T", q)
	}
	claims := request.persona.claims()
	claims["azp"] = request.ClientID
	claims["auth_time"] = request.chosen.Unix()
	return claims, nil
}

// TerminateSession has nothing to end: the provider remembers nobody.
func (s storage) TerminateSession(context.Context, string, string) error { return nil }

func (s storage) SigningKey(context.Context) (op.SigningKey, error) {
	return signing{s.p.signingKey()}, nil
}

func (s storage) KeySet(context.Context) ([]op.Key, error) {
	var set []op.Key
	for _, k := range s.p.allKeys() {
		set = append(set, verifying{k})
	}
	return set, nil
}
