package devop_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/oauth2"

	"github.com/overens/overens/internal/devop"
)

const (
	clientID   = "overens"
	redirect   = "http://127.0.0.1:1/signed-in"
	afterwards = "http://127.0.0.1:1/bye"
)

var people = []devop.Persona{
	{Key: "kronoberg-strategist", Name: "Strateg", Group: "Kronoberg", About: "Håller ihop överenskommelsen.",
		Claims: map[string]any{"roles": []string{"strategist"}, "orgAffiliation": "k-1@SE0000000001"}},
	{Key: "ostergotland-strategist", Name: "Strateg", Group: "Östergötland", About: "Håller ihop överenskommelsen."},
	{Key: "kronoberg-officer", Name: "Handläggare", Group: "Kronoberg"},
}

// party is a relying party in front of a provider under a prefix.
type party struct {
	*devop.Provider
	issuer string
	known  *oidc.Provider
	oauth  oauth2.Config
	client http.Client
}

func start(t *testing.T) *party {
	t.Helper()
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	p := &party{issuer: server.URL + "/dev/openid"}
	var err error
	p.Provider, err = devop.New(devop.Config{
		Issuer: p.issuer, ClientID: clientID, RedirectURIs: []string{redirect},
		PostLogoutRedirectURIs: []string{afterwards}, Personas: people, Stylesheet: "/static/look.css",
	})
	if err != nil {
		t.Fatal(err)
	}
	mux.Handle("/dev/openid/", p.Provider)
	if p.known, err = oidc.NewProvider(t.Context(), p.issuer); err != nil {
		t.Fatal(err)
	}
	p.oauth = oauth2.Config{ClientID: clientID, RedirectURL: redirect, Scopes: []string{"openid"}, Endpoint: p.known.Endpoint()}
	// Redirects are followed inside the provider; what leaves it is the answer.
	p.client.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), p.issuer) {
			return nil
		}
		return http.ErrUseLastResponse
	}
	return p
}

// get gives the answer and where it sends the reader, if it leaves the provider.
func (p *party) get(t *testing.T, address string) (*http.Response, *url.URL) {
	t.Helper()
	res, err := p.client.Get(address)
	return p.answer(t, res, err)
}

func (p *party) answer(t *testing.T, res *http.Response, err error) (*http.Response, *url.URL) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { res.Body.Close() })
	to, err := res.Location()
	if err != nil {
		to = &url.URL{}
	}
	return res, to
}

const verifier = "a-verifier-that-is-long-enough-to-be-one-0123456789"

func (p *party) authorize(more ...oauth2.AuthCodeOption) string {
	more = slices.Insert(more, 0, oauth2.S256ChallengeOption(verifier), oidc.Nonce("a-nonce"))
	return p.oauth.AuthCodeURL("a-state", more...)
}

func hint(key string) oauth2.AuthCodeOption { return oauth2.SetAuthURLParam("login_hint", key) }

// signIn walks the whole road for the first persona.
func (p *party) signIn(t *testing.T) (*oauth2.Token, *oidc.IDToken, error) {
	t.Helper()
	_, back := p.get(t, p.authorize(hint("kronoberg-strategist")))
	tokens, err := p.oauth.Exchange(t.Context(), back.Query().Get("code"), oauth2.VerifierOption(verifier))
	if err != nil {
		t.Fatalf("exchange: %v (answer was %s)", err, back)
	}
	raw, _ := tokens.Extra("id_token").(string)
	id, err := p.known.VerifierContext(t.Context(), &oidc.Config{ClientID: clientID}).Verify(t.Context(), raw)
	return tokens, id, err
}

func TestSignInWithoutThePage(t *testing.T) {
	p := start(t)
	_, back := p.get(t, p.authorize(hint("kronoberg-strategist")))
	if got := back.Query().Get("state"); got != "a-state" {
		t.Errorf("state %q", got)
	}
	tokens, id, err := p.signIn(t)
	if err != nil {
		t.Fatal(err)
	}
	if id.Subject != "kronoberg-strategist" || id.Nonce != "a-nonce" {
		t.Errorf("subject %q, nonce %q", id.Subject, id.Nonce)
	}
	if err := id.VerifyAccessToken(tokens.AccessToken); err != nil {
		t.Error(err)
	}
	type claims struct {
		Name           string   `json:"name"`
		Roles          []string `json:"roles"`
		OrgAffiliation string   `json:"orgAffiliation"`
	}
	want := claims{"Strateg", []string{"strategist"}, "k-1@SE0000000001"}
	var got claims
	if err := id.Claims(&got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("ID token (-want +got):\n%s", diff)
	}
	got = claims{}
	info, err := p.known.UserInfo(t.Context(), oauth2.StaticTokenSource(tokens))
	if err != nil {
		t.Fatal(err)
	}
	if err := info.Claims(&got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("userinfo (-want +got):\n%s", diff)
	}
}

func TestChoosingOnThePage(t *testing.T) {
	p := start(t)
	res, _ := p.get(t, p.authorize())
	page, err := goquery.NewDocumentFromReader(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	if got := page.Find("h1").Text(); got != "Vem vill du vara?" {
		t.Errorf("h1 %q", got)
	}
	if lang := page.Find("html").AttrOr("lang", ""); lang != "sv" {
		t.Errorf("lang %q", lang)
	}
	if got := page.Find(`link[rel=stylesheet]`).AttrOr("href", ""); got != "/static/look.css" {
		t.Errorf("stylesheet %q", got)
	}
	if got := page.Find(".lead").Text(); !strings.Contains(got, "påhittade") {
		t.Errorf("the page does not say that the people are made up: %q", got)
	}
	shown := map[string][]string{}
	page.Find("section").Each(func(_ int, s *goquery.Selection) {
		s.Find("button[name=persona]").Each(func(_ int, b *goquery.Selection) {
			shown[s.Find("h2").Text()] = append(shown[s.Find("h2").Text()], b.AttrOr("value", ""))
		})
	})
	want := map[string][]string{
		"Kronoberg":    {"kronoberg-strategist", "kronoberg-officer"},
		"Östergötland": {"ostergotland-strategist"},
	}
	if diff := cmp.Diff(want, shown); diff != "" {
		t.Errorf("personas (-want +got):\n%s", diff)
	}
	if n := page.Find("script, [style], style, [onclick]").Length(); n != 0 {
		t.Errorf("%d things that the policy forbids", n)
	}
	if got := res.Header.Get("Content-Security-Policy"); !strings.Contains(got, "default-src 'none'") || !strings.Contains(got, "form-action 'self' http://127.0.0.1:1;") {
		t.Errorf("policy %q", got)
	}

	form := url.Values{"id": {page.Find("input[name=id]").AttrOr("value", "")}, "persona": {"ostergotland-strategist"}}
	post, err := p.client.PostForm(page.Find("form").AttrOr("action", ""), form)
	_, back := p.answer(t, post, err)
	tokens, err := p.oauth.Exchange(t.Context(), back.Query().Get("code"), oauth2.VerifierOption(verifier))
	if err != nil {
		t.Fatal(err)
	}
	id, err := p.known.Verifier(&oidc.Config{ClientID: clientID}).Verify(t.Context(), tokens.Extra("id_token").(string))
	if err != nil {
		t.Fatal(err)
	}
	if id.Subject != "ostergotland-strategist" {
		t.Errorf("subject %q", id.Subject)
	}

	form.Set("persona", "kronoberg-officer")
	post, err = p.client.PostForm(page.Find("form").AttrOr("action", ""), form)
	if again, _ := p.answer(t, post, err); again.StatusCode != http.StatusBadRequest {
		t.Errorf("choosing twice gives %d", again.StatusCode)
	}
}

func TestWhenThePageIsShown(t *testing.T) {
	p := start(t)
	for _, c := range []struct {
		name  string
		more  []oauth2.AuthCodeOption
		page  bool
		error string
	}{
		{"nothing said", nil, true, ""},
		{"a hint", []oauth2.AuthCodeOption{hint("kronoberg-officer")}, false, ""},
		{"a hint that nobody answers to", []oauth2.AuthCodeOption{hint("nobody")}, true, ""},
		{"a hint, but asked to sign in anew", []oauth2.AuthCodeOption{hint("kronoberg-officer"), oauth2.SetAuthURLParam("prompt", "login")}, true, ""},
		{"asked not to ask", []oauth2.AuthCodeOption{oauth2.SetAuthURLParam("prompt", "none")}, false, "login_required"},
	} {
		res, back := p.get(t, p.authorize(c.more...))
		if page := res.StatusCode == http.StatusOK; page != c.page {
			t.Errorf("%s: page is %v, status %d", c.name, page, res.StatusCode)
		}
		if got := back.Query().Get("error"); got != c.error {
			t.Errorf("%s: error %q, want %q", c.name, got, c.error)
		}
	}
}

func TestRefusedRequests(t *testing.T) {
	p := start(t)
	set := oauth2.SetAuthURLParam
	for _, c := range []struct {
		name, error string
		change      oauth2.AuthCodeOption
	}{
		{"no challenge", "invalid_request", set("code_challenge", "")},
		{"plain challenge", "invalid_request", set("code_challenge_method", "plain")},
		{"implicit flow", "unauthorized_client", set("response_type", "id_token")},
		{"form_post", "invalid_request", set("response_mode", "form_post")},
		{"no openid", "invalid_scope", set("scope", "profile")},
	} {
		_, back := p.get(t, p.authorize(hint("kronoberg-officer"), c.change))
		answer := back.Query()
		if c.name == "implicit flow" {
			answer, _ = url.ParseQuery(back.Fragment)
		}
		if answer.Get("error") != c.error || answer.Has("code") {
			t.Errorf("%s: answered %s", c.name, back)
		}
	}
	for name, change := range map[string]oauth2.AuthCodeOption{
		"other path":     set("redirect_uri", redirect+"/elsewhere"),
		"other port":     set("redirect_uri", "http://127.0.0.1:2/signed-in"),
		"other host":     set("redirect_uri", "http://127.0.0.2:1/signed-in"),
		"escaped":        set("redirect_uri", url.QueryEscape(redirect)),
		"unknown client": set("client_id", "someone-else"),
	} {
		if res, back := p.get(t, p.authorize(hint("kronoberg-officer"), change)); res.StatusCode != http.StatusBadRequest || back.String() != "" {
			t.Errorf("%s: status %d to %q", name, res.StatusCode, back)
		}
	}
}

func TestACodeIsGoodForOneAttempt(t *testing.T) {
	p := start(t)
	code := func() string {
		_, back := p.get(t, p.authorize(hint("kronoberg-officer")))
		return back.Query().Get("code")
	}
	good := oauth2.VerifierOption(verifier)

	spent := code()
	if _, err := p.oauth.Exchange(t.Context(), spent, good); err != nil {
		t.Fatal(err)
	}
	if _, err := p.oauth.Exchange(t.Context(), spent, good); err == nil {
		t.Error("a code was redeemed twice")
	}

	guessed := code()
	if _, err := p.oauth.Exchange(t.Context(), guessed, oauth2.VerifierOption(verifier+"x")); err == nil {
		t.Error("a wrong verifier was accepted")
	}
	if _, err := p.oauth.Exchange(t.Context(), guessed, good); err == nil {
		t.Error("a code outlived a wrong guess")
	}
	if _, err := p.oauth.Exchange(t.Context(), code()); err == nil {
		t.Error("no verifier was accepted")
	}
}

func TestMintedTokenIsWhatTheProviderGives(t *testing.T) {
	file := filepath.Join(t.TempDir(), "state", "key.pem")
	here, err := devop.LoadKey(file)
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	defer server.Close()
	provider, err := devop.New(devop.Config{
		Issuer: server.URL, ClientID: clientID, RedirectURIs: []string{redirect}, Personas: people, Key: here,
	})
	if err != nil {
		t.Fatal(err)
	}
	mux.Handle("/", provider)
	there, err := devop.LoadKey(file) // as another process would
	if err != nil {
		t.Fatal(err)
	}
	minted, err := devop.Token(there, server.URL, clientID, people[0], time.Now(), time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	known, err := oidc.NewProvider(t.Context(), server.URL)
	if err != nil {
		t.Fatal(err)
	}
	token, err := known.Verifier(&oidc.Config{ClientID: clientID}).Verify(t.Context(), minted)
	if err != nil {
		t.Fatal(err)
	}
	if token.Subject != people[0].Key {
		t.Errorf("subject %q", token.Subject)
	}

	p := &party{Provider: provider, issuer: server.URL, known: known, oauth: oauth2.Config{
		ClientID: clientID, RedirectURL: redirect, Scopes: []string{"openid"}, Endpoint: known.Endpoint(),
	}}
	p.client.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), server.URL+"/") {
			return nil
		}
		return http.ErrUseLastResponse
	}
	given, _, err := p.signIn(t)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(lasting(t, known, given.AccessToken), lasting(t, known, minted)); diff != "" {
		t.Errorf("claims (-given +minted):\n%s", diff)
	}
}

// lasting gives a token's claims, with those that differ by nature reduced to
// their presence.
func lasting(t *testing.T, known *oidc.Provider, raw string) map[string]any {
	t.Helper()
	token, err := known.Verifier(&oidc.Config{ClientID: clientID}).Verify(t.Context(), raw)
	if err != nil {
		t.Fatal(err)
	}
	var claims map[string]any
	if err := token.Claims(&claims); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"iat", "nbf", "exp", "auth_time", "jti"} {
		if _, ok := claims[name]; ok {
			claims[name] = "some"
		}
	}
	return claims
}

func TestMintedTokenExpires(t *testing.T) {
	p := start(t)
	k, err := p.Rotate() // gives the key that the JWKS still has
	if err != nil {
		t.Fatal(err)
	}
	late, err := devop.Token(k, p.issuer, clientID, people[0], time.Now().Add(-time.Hour), time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	_, err = p.known.Verifier(&oidc.Config{ClientID: clientID}).Verify(t.Context(), late)
	if _, expired := errors.AsType[*oidc.TokenExpiredError](err); !expired {
		t.Errorf("an old token: %v", err)
	}
}

func TestRotation(t *testing.T) {
	p := start(t)
	before, _, err := p.signIn(t)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Rotate(); err != nil {
		t.Fatal(err)
	}
	after, _, err := p.signIn(t)
	if err != nil {
		t.Fatalf("signed with the new key: %v", err)
	}
	if header(before.AccessToken) == header(after.AccessToken) {
		t.Error("both tokens name the same key")
	}
	fresh, err := oidc.NewProvider(t.Context(), p.issuer)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fresh.Verifier(&oidc.Config{ClientID: clientID}).Verify(t.Context(), before.AccessToken); err != nil {
		t.Errorf("signed with the old key: %v", err)
	}
}

func header(token string) string { h, _, _ := strings.Cut(token, "."); return h }

func TestEndSession(t *testing.T) {
	p := start(t)
	tokens, _, err := p.signIn(t)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Rotate(); err != nil { // a session outlives the key that its token was signed with
		t.Fatal(err)
	}
	var found struct {
		EndSession string `json:"end_session_endpoint"`
	}
	if err := p.known.Claims(&found); err != nil {
		t.Fatal(err)
	}
	hinted := url.Values{"id_token_hint": {tokens.Extra("id_token").(string)}, "post_logout_redirect_uri": {afterwards}, "state": {"s"}}
	if res, to := p.get(t, found.EndSession+"?"+hinted.Encode()); to.String() != afterwards+"?state=s" {
		t.Errorf("status %d to %q", res.StatusCode, to)
	}
	hinted.Set("post_logout_redirect_uri", "https://someone-else.example/")
	if res, to := p.get(t, found.EndSession+"?"+hinted.Encode()); res.StatusCode != http.StatusBadRequest || to.String() != "" {
		t.Errorf("unregistered address: status %d to %q", res.StatusCode, to)
	}
	res, _ := p.get(t, found.EndSession)
	page, err := goquery.NewDocumentFromReader(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	if got := page.Find("h1").Text(); got != "Du är utloggad" {
		t.Errorf("with nothing said: h1 %q", got)
	}
}

func TestFaults(t *testing.T) {
	p := start(t)
	for name, fault := range map[string]devop.Fault{
		"wrong issuer": devop.WrongIssuer, "wrong audience": devop.WrongAudience, "expired": devop.Expired,
		"unsigned": devop.Unsigned, "forged HS256": devop.ForgedHS256, "forged key": devop.ForgedKey,
	} {
		p.Misbehave(fault)
		if _, _, err := p.signIn(t); err == nil {
			t.Errorf("%s: the verifier accepts it", name)
		}
	}
	p.Misbehave(devop.WrongNonce)
	if _, id, err := p.signIn(t); err != nil || id.Nonce == "a-nonce" {
		t.Errorf("wrong nonce: %v, %v", id, err)
	}
	p.Misbehave(devop.Down)
	if res, _ := p.get(t, p.issuer+"/keys"); res.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("down: status %d", res.StatusCode)
	}
	p.Misbehave(devop.Fault{})
	if _, _, err := p.signIn(t); err != nil {
		t.Errorf("mended: %v", err)
	}
}

// What the provider says of itself is what it does.
func TestDiscovery(t *testing.T) {
	p := start(t)
	res, _ := p.get(t, p.issuer+"/.well-known/openid-configuration")
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string][]any{
		"response_types_supported":              {"code"},
		"grant_types_supported":                 {"authorization_code"},
		"code_challenge_methods_supported":      {"S256"},
		"token_endpoint_auth_methods_supported": {"none"},
		"id_token_signing_alg_values_supported": {"ES256"},
	} {
		if diff := cmp.Diff(any(want), got[name]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	for _, closed := range []string{"/oauth/introspect", "/revoke", "/device_authorization", "/healthz", "/ready"} {
		if res, _ := p.get(t, p.issuer+closed); res.StatusCode != http.StatusNotFound {
			t.Errorf("%s: status %d", closed, res.StatusCode)
		}
	}
	res, err = p.client.PostForm(p.issuer+"/oauth/token", url.Values{"grant_type": {"refresh_token"}, "refresh_token": {"x"}, "client_id": {clientID}})
	if res, _ := p.answer(t, res, err); res.StatusCode != http.StatusBadRequest {
		t.Errorf("refresh: status %d", res.StatusCode)
	}
}

func TestKeyFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "key.pem")
	var together sync.WaitGroup
	tokens := make([]string, 8)
	for i := range tokens {
		together.Go(func() {
			k, err := devop.LoadKey(file)
			if err != nil {
				t.Error(err)
				return
			}
			if tokens[i], err = k.Sign(nil); err != nil {
				t.Error(err)
			}
		})
	}
	together.Wait()
	for _, token := range tokens {
		if header(token) != header(tokens[0]) {
			t.Fatal("two who came at once have different keys")
		}
	}
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(file), ".key-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}

	if err := os.WriteFile(file, []byte("something of value"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := devop.LoadKey(file); err == nil {
		t.Error("no key was read as one")
	}
	if text, _ := os.ReadFile(file); string(text) != "something of value" {
		t.Errorf("the file was overwritten with %q", text)
	}
}

func TestConfigurationIsChecked(t *testing.T) {
	good := devop.Config{Issuer: "http://127.0.0.1:1/x", ClientID: "c", RedirectURIs: []string{redirect}}
	if _, err := devop.New(good); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*devop.Config){
		"no issuer":       func(c *devop.Config) { c.Issuer = "" },
		"relative issuer": func(c *devop.Config) { c.Issuer = "/dev/openid" },
		"trailing slash":  func(c *devop.Config) { c.Issuer += "/" },
		"no client":       func(c *devop.Config) { c.ClientID = "" },
		"no redirect":     func(c *devop.Config) { c.RedirectURIs = nil },
		"twins":           func(c *devop.Config) { c.Personas = []devop.Persona{people[0], people[0]} },
		"nameless":        func(c *devop.Config) { c.Personas = []devop.Persona{{Key: "k"}} },
		"false subject": func(c *devop.Config) {
			c.Personas = []devop.Persona{{Key: "k", Name: "n", Claims: map[string]any{"sub": "someone-else"}}}
		},
	} {
		c := good
		spoil(&c)
		if _, err := devop.New(c); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
