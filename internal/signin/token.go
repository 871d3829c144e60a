package signin

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/session"
	"github.com/overens/overens/internal/tenant"
)

const (
	skew       = time.Minute      // how far two clocks may be apart
	fresh      = 10 * time.Minute // an ID token is made when its code is traded
	bearerLife = 24 * time.Hour   // of a token for the API, at most: it cannot be ended from here
	bearerSize = 16 << 10
)

// stated is what a token says beside what the library has checked.
type stated struct {
	AuthTime  *float64 `json:"auth_time"`
	Azp       *string  `json:"azp"`
	Nonce     *string  `json:"nonce"`
	AtHash    *string  `json:"at_hash"`
	Typ       string   `json:"typ"`
	Name      string   `json:"name"`
	GivenName string   `json:"given_name"`
	Family    string   `json:"family_name"`
}

// watched is a provider's keys that remember why they refused: the library
// keeps of the error its text alone.
type watched struct {
	*keySet
	err error
}

func (w *watched) VerifySignature(ctx context.Context, token string) ([]byte, error) {
	payload, err := w.keySet.VerifySignature(ctx, token)
	w.err = err
	return payload, err
}

// verify checks signature, issuer and expiry, and the audience where one is given.
func (d *Door) verify(ctx context.Context, f *found, raw, audience string) (*oidc.IDToken, stated, error) {
	keys := &watched{keySet: f.keys}
	algs := make([]string, len(algorithms))
	for i, a := range algorithms {
		algs[i] = string(a)
	}
	token, err := oidc.NewVerifier(f.issuer, keys, &oidc.Config{ClientID: audience, SkipClientIDCheck: audience == "",
		SupportedSigningAlgs: algs, Now: d.DB.Now}).Verify(ctx, raw)
	if errors.Is(keys.err, errAway) {
		return nil, stated{}, away(keys.err)
	}
	var s stated
	if err == nil {
		err = token.Claims(&s)
	}
	return token, s, err
}

// idToken checks what a provider answers a code with: that it is for us, from
// this sign-in, made just now, for somebody who has signed in lately enough.
func (d *Door) idToken(ctx context.Context, f *found, i tenant.Issuer, raw, access, nonce string) (session.Claims, error) {
	refused := func(why error) (session.Claims, error) {
		return session.Claims{}, fault.New(fault.BadRequest, "signin.token_refused").Because(why)
	}
	token, s, err := d.verify(ctx, f, raw, i.ClientID)
	if fault.Is(err, "signin.provider_away") {
		return session.Claims{}, err
	}
	if err != nil {
		return refused(err)
	}
	now := d.DB.Now()
	switch {
	case s.Nonce == nil || subtle.ConstantTimeCompare([]byte(*s.Nonce), []byte(nonce)) != 1:
		return refused(errors.New("signin: the token is of another sign-in: nonce"))
	case len(token.Audience) > 1 && s.Azp == nil, s.Azp != nil && *s.Azp != i.ClientID:
		return refused(errors.New("signin: the token was made for another client: azp"))
	case token.IssuedAt.IsZero() || token.IssuedAt.After(now.Add(skew)) || token.IssuedAt.Before(now.Add(-fresh)):
		return refused(errors.New("signin: the token was not made just now: iat"))
	case token.AccessTokenHash != "" && access != "" && token.VerifyAccessToken(access) != nil:
		return refused(errors.New("signin: the token belongs to another access token: at_hash"))
	}
	if age := time.Duration(i.MaxAge); age > 0 {
		if s.AuthTime == nil {
			return refused(errors.New("signin: the token does not say when the person signed in: auth_time"))
		}
		if at := instant(*s.AuthTime); at.After(now.Add(skew)) || at.Before(now.Add(-age-skew)) {
			return session.Claims{}, fault.New(fault.Forbidden, "signin.too_old")
		}
	}
	return person(token, s, i)
}

// bearer makes the actor of a token for the API. Whatever is wrong with a token,
// whoever sends it learns no more than that it is refused or has expired.
func (d *Door) bearer(ctx context.Context, county, raw string) (auth.Actor, error) {
	refused := func(why error) (auth.Actor, error) {
		return auth.Actor{}, fault.New(fault.Unauthenticated, "signin.bearer_refused").Because(why)
	}
	if len(raw) > bearerSize {
		return refused(errors.New("signin: the token is too long"))
	}
	c, err := d.DB.County(ctx, county)
	switch {
	case fault.Is(err, "common.not_found"): // as a county that does not trust the issuer
		return refused(err)
	case err != nil:
		return auth.Actor{}, err
	}
	now := d.DB.Now()
	iss, err := peekIssuer(raw)
	if err != nil {
		return refused(err)
	}
	trusted := c.On(today(now)).SignIn.Issuers
	n := slices.IndexFunc(trusted, func(i tenant.Issuer) bool { return i.URL == iss && len(i.Audiences) > 0 })
	if n < 0 {
		return refused(errors.New("signin: the county trusts no such issuer"))
	}
	i := trusted[n]
	f, err := d.providers.get(ctx, i.URL)
	if err != nil {
		return auth.Actor{}, err
	}
	token, s, err := d.verify(ctx, f, raw, "")
	if _, expired := errors.AsType[*oidc.TokenExpiredError](err); expired {
		return auth.Actor{}, fault.New(fault.Unauthenticated, "signin.bearer_expired").Because(err)
	}
	if fault.Is(err, "signin.provider_away") {
		return auth.Actor{}, err
	}
	if err != nil {
		return refused(err)
	}
	switch {
	case !slices.ContainsFunc(token.Audience, func(a string) bool { return slices.Contains(i.Audiences, a) }):
		return refused(errors.New("signin: the token is for somebody else: aud"))
	case s.Nonce != nil, s.AtHash != nil, slices.Contains([]string{"ID", "Refresh", "Offline", "Logout"}, s.Typ):
		return refused(errors.New("signin: the token is not for an API"))
	case token.IssuedAt.IsZero() || token.IssuedAt.After(now.Add(skew)) || token.Expiry.Sub(token.IssuedAt) > bearerLife:
		return refused(errors.New("signin: the token's age: iat, exp"))
	}
	if age := time.Duration(i.MaxAge); age > 0 {
		since := token.IssuedAt
		if s.AuthTime != nil {
			since = instant(*s.AuthTime)
		}
		if since.After(now.Add(skew)) || since.Before(now.Add(-age-skew)) {
			return auth.Actor{}, fault.New(fault.Unauthenticated, "signin.bearer_expired")
		}
	}
	claims, err := person(token, s, i)
	if err != nil {
		return refused(err)
	}
	return d.Keeper.Bearer(ctx, d.DB, county, claims)
}

// person reads who a verified token speaks of.
func person(token *oidc.IDToken, s stated, i tenant.Issuer) (session.Claims, error) {
	var all map[string]any
	if err := token.Claims(&all); err != nil {
		return session.Claims{}, err
	}
	subject, _ := all[i.SubjectClaim()].(string)
	if subject == "" || len(subject) > 255 || strings.TrimSpace(subject) != subject {
		return session.Claims{}, fault.New(fault.Forbidden, "signin.subject_missing").With("claim", i.SubjectClaim())
	}
	name := s.Name
	if name == "" {
		name = strings.TrimSpace(s.GivenName + " " + s.Family)
	}
	return session.Claims{Issuer: i.URL, Subject: subject, Name: name, Values: session.ReadValues(all)}, nil
}

// bearer reads the header Authorization, where tokens are looked at.
func bearer(r *http.Request) (token string, shown bool) {
	if !strings.HasPrefix(r.URL.Path, "/api/") {
		return "", false
	}
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	return strings.TrimSpace(token), strings.EqualFold(scheme, "Bearer")
}

// peekIssuer reads, unverified, which issuer a token says it is from: only to
// know whose keys to check it with.
func peekIssuer(raw string) (string, error) {
	parts := strings.Split(raw, ".")
	if len(parts) != 3 {
		return "", errors.New("signin: not a signed token")
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return "", err
	}
	var c struct {
		Iss string `json:"iss"`
	}
	return c.Iss, json.Unmarshal(payload, &c)
}

func instant(seconds float64) time.Time { return time.Unix(int64(seconds), 0) }

func today(now time.Time) day.Day { return day.At(now) }
