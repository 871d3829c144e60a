package signin_test

import (
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/overens/overens/internal/devop"
	"github.com/overens/overens/internal/tenant"
)

// bearer asks the API with a token.
func (b *browser) bearer(path, token string) answer {
	b.Helper()
	r, err := http.NewRequestWithContext(b.Context(), http.MethodGet, b.url+path, nil)
	r.Header.Set("Authorization", "Bearer "+token)
	return b.send(r, err)
}

const api = "/api/v1/counties/kronoberg/me"

// good are the claims of a token that is accepted.
func (w *town) good() map[string]any {
	now := time.Now()
	return map[string]any{"iss": w.issuer, "sub": "strategist", "aud": []string{"api"}, "iat": now.Unix(), "exp": now.Add(5 * time.Minute).Unix(),
		"name": "Strateg", "roles": []string{"s"}, "azp": "someones-program"}
}

func TestATokenIsAcceptedOrRefused(t *testing.T) {
	w := start(t)
	stranger := must(devop.NewKey())
	in := func(d time.Duration) int64 { return time.Now().Add(d).Unix() }
	for name, c := range map[string]struct {
		change func(c map[string]any)
		key    *devop.Key
		want   string
	}{
		"good":                      {nil, w.key, "kronoberg person:"},
		"for several":               {func(c map[string]any) { c["aud"] = []string{"x", "api"} }, w.key, "kronoberg person:"},
		"for one, as text":          {func(c map[string]any) { c["aud"] = "api" }, w.key, "kronoberg person:"},
		"for somebody else":         {func(c map[string]any) { c["aud"] = "x" }, w.key, "signin.bearer_refused"},
		"for the sign-in":           {func(c map[string]any) { c["aud"] = clientID }, w.key, "signin.bearer_refused"},
		"an ID token":               {func(c map[string]any) { c["nonce"] = "n" }, w.key, "signin.bearer_refused"},
		"an ID token by its hash":   {func(c map[string]any) { c["at_hash"] = "h" }, w.key, "signin.bearer_refused"},
		"an ID token by its type":   {func(c map[string]any) { c["typ"] = "ID" }, w.key, "signin.bearer_refused"},
		"for nobody":                {func(c map[string]any) { delete(c, "aud") }, w.key, "signin.bearer_refused"},
		"expired":                   {func(c map[string]any) { c["iat"], c["exp"] = in(-time.Hour), in(-time.Second) }, w.key, "signin.bearer_expired"},
		"without an end":            {func(c map[string]any) { delete(c, "exp") }, w.key, "signin.bearer_"},
		"without a beginning":       {func(c map[string]any) { delete(c, "iat") }, w.key, "signin.bearer_refused"},
		"from the future":           {func(c map[string]any) { c["iat"] = in(5 * time.Minute) }, w.key, "signin.bearer_refused"},
		"not valid yet":             {func(c map[string]any) { c["nbf"] = in(10 * time.Minute) }, w.key, "signin.bearer_refused"},
		"for a year":                {func(c map[string]any) { c["exp"] = in(365 * 24 * time.Hour) }, w.key, "signin.bearer_refused"},
		"of another issuer":         {func(c map[string]any) { c["iss"] = "https://other.example" }, w.key, "signin.bearer_refused"},
		"of the issuer, with slash": {func(c map[string]any) { c["iss"] = w.issuer + "/" }, w.key, "signin.bearer_refused"},
		"of nobody":                 {func(c map[string]any) { delete(c, "sub") }, w.key, "signin.bearer_refused"},
		"by a stranger":             {nil, stranger, "signin.bearer_refused"},
		"expired, by a stranger":    {func(c map[string]any) { c["exp"] = in(-time.Hour) }, stranger, "signin.bearer_refused"},
		"no member":                 {func(c map[string]any) { c["sub"], c["roles"] = "guest", "none" }, w.key, "common.not_found"},
	} {
		claims := maps.Clone(w.good())
		if c.change != nil {
			c.change(claims)
		}
		a := w.browser().bearer(api, must(c.key.Sign(claims)))
		if !strings.Contains(a.body, c.want) {
			t.Errorf("%s: %q, want %q", name, a.body, c.want)
		}
	}
	good := must(w.key.Sign(w.good()))
	parts := strings.Split(good, ".")
	for name, raw := range map[string]string{
		"nothing": "", "no token": "x", "two parts": parts[0] + "." + parts[1], "unsigned": "eyJhbGciOiJub25lIn0." + parts[1] + ".",
		"unsigned, with the signature": "eyJhbGciOiJub25lIn0." + parts[1] + "." + parts[2], "HS256": "eyJhbGciOiJIUzI1NiJ9." + parts[1] + "." + parts[2],
		"too long": good + strings.Repeat("A", 20<<10), "of bad letters": "a.!.c",
	} {
		if a := w.browser().bearer(api, raw); a.body != "signin.bearer_refused" {
			t.Errorf("%s: %q", name, a.body)
		}
	}
}

func TestTokensCountOnlyWhereTheyBelong(t *testing.T) {
	w := start(t)
	good := must(w.key.Sign(w.good()))
	b := w.browser()
	b.bearer("/lan/kronoberg", good).says(t, "auth.sign_in") // pages know cookies alone
	b.bearer("/api/v1/counties/ostergotland/me", good).says(t, "common.not_found")
	b.bearer("/api/v1/counties/halland/me", good).says(t, "signin.bearer_refused") // trusts no issuer
	b.bearer("/api/v1/counties/nowhere/me", good).says(t, "signin.bearer_refused")
	b.signIn("strategist")
	b.get(api).says(t, "kronoberg person:")               // a cookie counts in the API too
	b.bearer(api, "bad").says(t, "signin.bearer_refused") // and does not help a bad token
	b.bearer(api, good).says(t, "kronoberg person:")
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.url+api, nil)
	r.Header.Set("Authorization", "Basic eDp5")
	w.browser().send(r, err).says(t, "auth.sign_in")

	w.configure("kronoberg", tenant.Issuer{Key: "dev", URL: w.issuer, ClientID: clientID, Subject: tenant.SubjectSub,
		Grants: []tenant.Grant{{Claim: "roles", Value: "s", Role: "strategist"}}})
	b.bearer(api, good).says(t, "signin.bearer_refused") // no audiences: no tokens
}

func TestATokensSignInMustNotBeTooOld(t *testing.T) {
	w := start(t, func(i *tenant.Issuer) { i.MaxAge = tenant.Duration(time.Hour) })
	c := w.good()
	c["auth_time"] = time.Now().Add(-2 * time.Hour).Unix()
	w.browser().bearer(api, must(w.key.Sign(c))).says(t, "signin.bearer_expired")
	c["auth_time"] = time.Now().Add(-30 * time.Minute).Unix()
	w.browser().bearer(api, must(w.key.Sign(c))).says(t, "kronoberg person:")
	delete(c, "auth_time")
	c["iat"] = time.Now().Add(-2 * time.Hour).Unix()
	w.browser().bearer(api, must(w.key.Sign(c))).says(t, "signin.bearer_expired")
}

// An orgAffiliation is one person, whichever of the county's providers states it.
func TestAnAffiliationIsTheSameAtEveryProvider(t *testing.T) {
	w := start(t, func(i *tenant.Issuer) { i.Subject = tenant.SubjectOrgAffiliation })
	c := w.good()
	c["https://id.oidc.se/claim/orgAffiliation"] = "s-1@SE0000000001"
	c["sub"] = "changes-each-time"
	before := w.browser().bearer(api, must(w.key.Sign(c))).body
	b := w.browser()
	b.signIn("strategist")
	if after := b.get("/lan/kronoberg").body; before != after || !strings.HasPrefix(after, "kronoberg person:") {
		t.Errorf("by token %q, by sign-in %q", before, after)
	}
	delete(c, "https://id.oidc.se/claim/orgAffiliation")
	w.browser().bearer(api, must(w.key.Sign(c))).says(t, "signin.bearer_refused")
}

func TestTokensWithMadeUpKeysCostTheProviderNothing(t *testing.T) {
	w := start(t)
	w.browser().bearer(api, must(w.key.Sign(w.good()))).says(t, "kronoberg person:")
	for range 20 {
		w.browser().bearer(api, must(must(devop.NewKey()).Sign(w.good()))).says(t, "signin.bearer_refused")
	}
	if n := w.keys.Load(); n != 1 {
		t.Errorf("the keys were fetched %d times", n)
	}
	w.wait(31 * time.Second)
	for range 5 {
		w.browser().bearer(api, must(must(devop.NewKey()).Sign(w.good()))).says(t, "signin.bearer_refused")
	}
	if n := w.keys.Load(); n != 2 {
		t.Errorf("after the throttle the keys were fetched %d times", n)
	}
	w.op.Misbehave(devop.Down)
	w.browser().bearer(api, must(w.key.Sign(w.good()))).says(t, "kronoberg person:") // known keys do without it
}
