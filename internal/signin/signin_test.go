package signin_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/county"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/devop"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/member"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/session"
	"github.com/overens/overens/internal/signin"
	"github.com/overens/overens/internal/tenant"
)

const clientID = "overens"

var personas = []devop.Persona{
	{Key: "strategist", Name: "Strateg", Claims: map[string]any{"roles": []string{"s"}, "https://id.oidc.se/claim/orgAffiliation": "s-1@SE0000000001"}},
	{Key: "operator", Name: "Driftansvarig", Claims: map[string]any{"roles": "op"}},
	{Key: "guest", Name: "Gäst"},
	{Key: "other", Name: "Någon annan"},
}

// town is the whole road: a provider, the door before a few pages, and a
// database, with a clock that can be moved ahead.
type town struct {
	*testing.T
	db     *dbtest.Database
	door   *signin.Door
	op     *devop.Provider
	key    *devop.Key
	issuer string
	url    string
	ahead  atomic.Int64
	keys   atomic.Int64 // how often the provider was asked for its keys
	known  atomic.Int64 // and for what it says of itself
}

func (w *town) now() time.Time { return time.Now().Add(time.Duration(w.ahead.Load())) }

func (w *town) wait(d time.Duration) { w.ahead.Add(int64(d)) }

func start(t *testing.T, change ...func(*tenant.Issuer)) *town {
	t.Helper()
	w := &town{T: t}
	mux, opMux := http.NewServeMux(), http.NewServeMux()
	var handler http.Handler
	here := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { handler.ServeHTTP(rw, r) }))
	t.Cleanup(here.Close)
	there := httptest.NewServer(opMux)
	t.Cleanup(there.Close)
	w.url, w.issuer = here.URL, there.URL+"/dev"
	var err error
	if w.key, err = devop.NewKey(); err != nil {
		t.Fatal(err)
	}
	w.op, err = devop.New(devop.Config{Issuer: w.issuer, ClientID: clientID, RedirectURIs: []string{w.url + "/sign-in/callback"},
		PostLogoutRedirectURIs: []string{w.url + "/"}, Personas: personas, Key: w.key})
	if err != nil {
		t.Fatal(err)
	}
	opMux.HandleFunc("/dev/", func(rw http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/dev/keys":
			w.keys.Add(1)
		case "/dev/.well-known/openid-configuration":
			w.known.Add(1)
		}
		w.op.ServeHTTP(rw, r)
	})

	keeper := session.NewKeeper(session.Options{})
	w.db = dbtest.New(t, dbtest.Renew(keeper.Renew), dbtest.Clock(w.now))
	for slug, grants := range map[string][]tenant.Grant{
		"kronoberg":    {{Claim: "roles", Value: "s", Role: "strategist"}},
		"ostergotland": {},
		pg.Nation:      {{Claim: "roles", Value: "op", Role: "operator"}},
	} {
		i := tenant.Issuer{Key: "dev", URL: w.issuer, ClientID: clientID, Audiences: []string{"api"}, Subject: tenant.SubjectSub, Grants: grants}
		for _, f := range change {
			f(&i)
		}
		w.configure(slug, i)
	}
	w.door = signin.New(signin.Config{DB: w.db.DB, Keeper: keeper, PublicURL: w.url, AllowLoopback: true,
		Refuse: func(rw http.ResponseWriter, r *http.Request, err error) {
			f := fault.All(err)
			if len(f) == 0 {
				t.Errorf("%s %s: %v is no fault", r.Method, r.URL, err)
				return
			}
			rw.WriteHeader(http.StatusBadRequest)
			fmt.Fprintf(rw, "%s %s %v", r.URL.RequestURI(), f[0].Key, f[0].Args)
		}})
	w.door.Register(mux)
	// A page that says who asks, after a unit of work of his.
	me := func(rw http.ResponseWriter, r *http.Request) {
		a, err := auth.Member(r.Context(), signin.CountyOf(r.URL.Path))
		if err == nil {
			err = w.db.InTenant(r.Context(), a, pg.Read, func(tx *pg.Tx) error {
				_, err := tx.Exec(r.Context(), "SELECT")
				a = tx.Actor
				return err
			})
		}
		if f := fault.All(err); len(f) > 0 {
			fmt.Fprint(rw, f[0].Key)
			return
		}
		if err != nil {
			t.Errorf("%s: %v", r.URL, err)
		}
		fmt.Fprintf(rw, "%s %s %v", a.Tenant, a.Label(), a.Grants)
	}
	for _, p := range []string{"/{$}", "/lan/{county}", "/lan/{county}/{more}", "/sverige", "/api/v1/counties/{county}/me"} {
		mux.HandleFunc("GET "+p, me)
	}
	handler = w.door.Middleware(mux)
	t.Cleanup(w.door.Wait)
	return w
}

func (w *town) configure(slug string, issuers ...tenant.Issuer) {
	w.Helper()
	c, err := w.db.County(w.Context(), slug)
	if err != nil {
		w.Fatal(err)
	}
	c.Identity[0].Value.Contact.Email = "fraga@" + slug + ".example"
	c.SignIn = tenant.Section[tenant.SignIn]{{Value: tenant.SignIn{Issuers: issuers}}}
	err = w.db.InNew(w.Context(), auth.System(slug, "test", ""), func(tx *pg.Tx) error {
		_, _, err := county.Apply(w.Context(), tx, c, county.FromFile, "test")
		return err
	})
	if err != nil {
		w.Fatal(err)
	}
}

func (w *town) work(slug string, f func(tx *pg.Tx) error) {
	w.Helper()
	if err := w.db.InTenant(w.Context(), auth.System(slug, "test", ""), pg.Write, f); err != nil {
		w.Fatal(err)
	}
}

func (w *town) sessions() (n int) {
	w.Helper()
	if err := w.db.Owner(w).QueryRow(w.Context(), "SELECT count(*) FROM session WHERE ended_at IS NULL").Scan(&n); err != nil {
		w.Fatal(err)
	}
	return n
}

// browser is somebody's browser. It follows nobody by itself.
type browser struct {
	*town
	http.Client
	jar *cookiejar.Jar
}

func (w *town) browser() *browser {
	jar, _ := cookiejar.New(nil) // fails never
	return &browser{town: w, jar: jar, Client: http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// answer is what came back: where it leads, or what it says.
type answer struct {
	*http.Response
	to   string
	body string
}

func (b *browser) send(r *http.Request, err error) answer {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
	res, err := b.Do(r)
	if err != nil {
		b.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		b.Fatal(err)
	}
	return answer{res, res.Header.Get("Location"), string(body)}
}

func (b *browser) get(address string) answer {
	b.Helper()
	if strings.HasPrefix(address, "/") {
		address = b.url + address
	}
	return b.send(http.NewRequestWithContext(b.Context(), http.MethodGet, address, nil))
}

func (b *browser) post(path string, form url.Values) answer {
	b.Helper()
	r, err := http.NewRequestWithContext(b.Context(), http.MethodPost, b.url+path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.send(r, err)
}

// toProvider begins a sign-in and gives the address the provider sends back to.
func (b *browser) toProvider(path string, form url.Values) string {
	b.Helper()
	a := b.post(path, form)
	for range 5 {
		if a.StatusCode != http.StatusSeeOther && a.StatusCode != http.StatusFound {
			b.Fatalf("on the way to the provider: %s %s", a.Status, a.body)
		}
		if strings.HasPrefix(a.to, b.url) {
			return a.to
		}
		a = b.get(a.to)
	}
	b.Fatalf("the provider leads round in a circle")
	return ""
}

func as(persona string, more ...string) url.Values {
	form := url.Values{"issuer": {"dev"}, "login_hint": {persona}}
	for i := 0; i+1 < len(more); i += 2 {
		form.Set(more[i], more[i+1])
	}
	return form
}

// signIn walks the whole road.
func (b *browser) signIn(persona string, more ...string) answer {
	b.Helper()
	return b.get(b.toProvider("/lan/kronoberg/sign-in", as(persona, more...)))
}

func (b *browser) cookie() string {
	for _, c := range b.jar.Cookies(must(url.Parse(b.url))) {
		if c.Name == "overens" {
			return c.Value
		}
	}
	return ""
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// says wants an answer to begin with, or hold, a few words.
func (a answer) says(t testing.TB, words string) {
	t.Helper()
	if !strings.Contains(a.body, words) {
		t.Errorf("%s %s: %q, want %q", a.Status, a.Request.URL.Path, a.body, words)
	}
}

func TestInAndOut(t *testing.T) {
	w := start(t)
	b := w.browser()
	b.get("/lan/kronoberg").says(t, "auth.sign_in")

	a := b.post("/lan/kronoberg/sign-in", as("strategist", "return_to", "/lan/kronoberg/parter?sida=2"))
	q := must(url.Parse(a.to)).Query()
	for name, want := range map[string]string{"response_type": "code", "client_id": clientID, "redirect_uri": w.url + "/sign-in/callback",
		"code_challenge_method": "S256", "scope": "openid"} {
		if q.Get(name) != want {
			t.Errorf("%s is %q, want %q", name, q.Get(name), want)
		}
	}
	if len(q.Get("state")) < 22 || len(q.Get("nonce")) < 22 || len(q.Get("code_challenge")) != 43 {
		t.Errorf("state %q, nonce %q, challenge %q", q.Get("state"), q.Get("nonce"), q.Get("code_challenge"))
	}

	a = b.signIn("strategist", "return_to", "/lan/kronoberg/parter?sida=2")
	if a.StatusCode != http.StatusSeeOther || a.to != "/lan/kronoberg/parter?sida=2" {
		t.Fatalf("after signing in: %s to %s: %s", a.Status, a.to, a.body)
	}
	for _, c := range a.Cookies() {
		if c.Name == "overens" && (!c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || c.MaxAge != 0) {
			t.Errorf("the session's cookie: %s", c)
		}
		if c.Name != "overens" && c.MaxAge >= 0 {
			t.Errorf("a cookie is left: %s", c)
		}
	}
	b.get("/lan/kronoberg").says(t, "kronoberg person:")
	b.get("/lan/kronoberg").says(t, "[{strategist 00000000-0000-0000-0000-000000000000}]")
	first := b.cookie()

	b.signIn("strategist")
	if second := b.cookie(); second == first || second == "" || w.sessions() != 1 {
		t.Errorf("signing in again: %q, then %q, %d sessions", first, second, w.sessions())
	}

	a = b.post("/lan/kronoberg/sign-out", nil)
	to := must(url.Parse(a.to))
	if !strings.HasPrefix(a.to, w.issuer+"/end_session?") || to.Query().Get("client_id") != clientID ||
		to.Query().Get("post_logout_redirect_uri") != w.url+"/" || to.Query().Get("state") == "" {
		t.Errorf("signing out leads to %s", a.to)
	}
	if back := b.get(a.to); !strings.HasPrefix(back.to, w.url+"/") {
		t.Errorf("the provider leads to %q: %s", back.to, back.body)
	}
	if b.cookie() != "" || w.sessions() != 0 {
		t.Errorf("after signing out: cookie %q, %d sessions", b.cookie(), w.sessions())
	}
	b.get("/lan/kronoberg").says(t, "auth.sign_in")
	if a = b.post("/lan/kronoberg/sign-out", nil); a.to != "/" {
		t.Errorf("signing out without a session leads to %s", a.to)
	}
}

func TestWhatAProviderMustNotSay(t *testing.T) {
	claim := func(f func(c map[string]any)) devop.Fault { return devop.Fault{Claims: f} }
	old := func(name string, by time.Duration) devop.Fault {
		return claim(func(c map[string]any) { c[name] = time.Now().Add(by).Unix() })
	}
	without := func(name string) devop.Fault { return claim(func(c map[string]any) { delete(c, name) }) }
	aged := func(i *tenant.Issuer) { i.MaxAge = tenant.Duration(time.Hour) }
	affiliated := func(i *tenant.Issuer) { i.Subject = tenant.SubjectOrgAffiliation }
	plain := func(*tenant.Issuer) {}
	for name, c := range map[string]struct {
		fault  devop.Fault
		change func(*tenant.Issuer)
		key    string
	}{
		"another issuer":                    {devop.WrongIssuer, plain, "signin.token_refused"},
		"another audience":                  {devop.WrongAudience, plain, "signin.token_refused"},
		"another audience, said to be ours": {claim(func(c map[string]any) { c["aud"] = "someone-else"; c["azp"] = clientID }), plain, "signin.token_refused"},
		"another nonce":                     {devop.WrongNonce, plain, "signin.token_refused"},
		"no nonce":                          {without("nonce"), plain, "signin.token_refused"},
		"expired":                           {devop.Expired, plain, "signin.token_refused"},
		"unsigned":                          {devop.Unsigned, plain, "signin.token_refused"},
		"signed with the public key":        {devop.ForgedHS256, plain, "signin.token_refused"},
		"signed by a stranger":              {devop.ForgedKey, plain, "signin.token_refused"},
		"for another client":                {claim(func(c map[string]any) { c["azp"] = "someone-else" }), plain, "signin.token_refused"},
		"for several, without azp": {claim(func(c map[string]any) { c["aud"] = []string{clientID, "more"}; delete(c, "azp") }), plain,
			"signin.token_refused"},
		"made long ago":            {old("iat", -11*time.Minute), plain, "signin.token_refused"},
		"made in the future":       {old("iat", 5*time.Minute), plain, "signin.token_refused"},
		"not said when made":       {without("iat"), plain, "signin.token_refused"},
		"not valid yet":            {old("nbf", 10*time.Minute), plain, "signin.token_refused"},
		"signed in long ago":       {old("auth_time", -2*time.Hour), aged, "signin.too_old"},
		"not said when signed in":  {without("auth_time"), aged, "signin.token_refused"},
		"another access token":     {claim(func(c map[string]any) { c["at_hash"] = "AAAAAAAAAAAAAAAAAAAAAA" }), plain, "signin.token_refused"},
		"no subject of the chosen": {without("https://id.oidc.se/claim/orgAffiliation"), affiliated, "signin.subject_missing"},
		"a list for a subject":     {claim(func(c map[string]any) { c["https://id.oidc.se/claim/orgAffiliation"] = []string{"a"} }), affiliated, "signin.subject_missing"},
		"an empty subject":         {claim(func(c map[string]any) { c["sub"] = " " }), plain, "signin.subject_missing"},
	} {
		t.Run(name, func(t *testing.T) {
			w := start(t, c.change)
			b := w.browser()
			w.op.Misbehave(c.fault)
			b.signIn("strategist").says(t, c.key)
			if b.cookie() != "" || w.sessions() != 0 {
				t.Errorf("a session was begun: %q", b.cookie())
			}
			w.op.Misbehave(devop.Fault{})
			if a := b.signIn("strategist"); a.to == "" {
				t.Errorf("a good answer after it: %s", a.body)
			}
		})
	}
}

func TestAnAnswerBelongsToItsQuestion(t *testing.T) {
	w := start(t)
	mine := w.browser()
	back := mine.toProvider("/lan/kronoberg/sign-in", as("strategist"))

	// A code that somebody else's browser is sent with.
	victim := w.browser()
	victim.get(back).says(t, "signin.flow_lost")
	victim.toProvider("/lan/kronoberg/sign-in", as("guest"))
	victim.get(back).says(t, "signin.flow_lost")
	if victim.cookie() != "" {
		t.Error("the victim is signed in as somebody else")
	}
	// The refusal's page knows neither code nor state.
	if a := victim.get(back); strings.Contains(a.body, "code=") {
		t.Errorf("the page gets %s", a.body)
	}

	// The same answer twice, with the same cookie.
	u := must(url.Parse(w.url))
	kept := mine.jar.Cookies(u)
	if a := mine.get(back); a.to != "/lan/kronoberg" {
		t.Fatalf("the first time: %s %s", a.Status, a.body)
	}
	mine.get(back).says(t, "signin.flow_lost")
	again := w.browser()
	again.jar.SetCookies(u, kept)
	again.get(back).says(t, "signin.provider_refused")

	// Too late.
	slow := w.browser()
	back = slow.toProvider("/lan/kronoberg/sign-in", as("strategist"))
	w.wait(11 * time.Minute)
	slow.get(back).says(t, "signin.flow_lost")
	w.ahead.Store(0)

	// Said to be from another provider.
	mixed := w.browser()
	back = mixed.toProvider("/lan/kronoberg/sign-in", as("strategist"))
	mixed.get(back+"&iss="+url.QueryEscape("https://other.example")).says(t, "signin.token_refused")

	// Refused there.
	for why, key := range map[string]string{"access_denied": "signin.cancelled", "server_error": "signin.provider_away", "login_required": "signin.provider_refused"} {
		back = mixed.toProvider("/lan/kronoberg/sign-in", as("strategist"))
		state := must(url.Parse(back)).Query().Get("state")
		mixed.get("/sign-in/callback?error="+why+"&state="+state).says(t, key)
		mixed.get("/sign-in/callback?error="+why+"&state="+state).says(t, "signin.flow_lost")
	}
	back = mixed.toProvider("/lan/kronoberg/sign-in", as("strategist"))
	mixed.get("/sign-in/callback?state="+must(url.Parse(back)).Query().Get("state")).says(t, "signin.flow_lost")
	if mixed.cookie() != "" {
		t.Error("signed in without a code")
	}
}

func TestNobodyIsSentElsewhere(t *testing.T) {
	for _, to := range []string{"//evil.example", "///evil.example", `/\evil.example`, `\\evil.example`, "https://evil.example", "javascript:alert(1)", "evil",
		"/\t/evil.example", "/\n/evil.example", "/ /evil.example", "/./\\evil", "/..//evil.example/../..//evil.example\\", "/%0d%0aSet-Cookie:x=1\r\n",
		"/sign-in/callback?code=1", "/./sign-in/callback", "?x", "#x", "", "/" + strings.Repeat("a", 1000), "/\u2028/evil", "http:/evil.example", "/%5c%5cevil.example", "/%5cevil.example"} {
		if got := signin.Local(to, "/home"); got != "/home" {
			t.Errorf("%q leads to %q", to, got)
		}
	}
	for _, to := range []string{"/", "/lan/kronoberg", "/lan/kronoberg/parter?q=%C3%A5&sida=2#rad-3", "/lan/kronoberg/a//b", "/sverige?x=https://evil.example"} {
		if got := signin.Local(to, "/home"); got != to {
			t.Errorf("%q leads to %q", to, got)
		}
	}
	w := start(t)
	if a := w.browser().signIn("strategist", "return_to", "//evil.example/"); a.to != "/lan/kronoberg" {
		t.Errorf("after signing in: %s", a.to)
	}
}

// invited gives the secret of an invitation to be a reporter of a party.
func (w *town) invited() (string, member.Membership) {
	w.Helper()
	var h member.Handed
	w.work("kronoberg", func(tx *pg.Tx) error {
		o, err := organisation.Create(w.Context(), tx, organisation.Card{Type: "civil-society", Name: "Föreningen " + uuid.NewString()})
		if err != nil {
			return err
		}
		m, err := member.Invite(w.Context(), tx, member.Invitation{Name: "Kim", ByHand: true, Role: auth.RolePartyReporter, Organisation: uuid.NullUUID{UUID: o.ID, Valid: true}})
		if err != nil {
			return err
		}
		h, err = member.Link(w.Context(), tx, m.ID, m.Version)
		return err
	})
	return h.Token, h.Membership
}

func TestAnInvitedPersonComesInWhenConfirmed(t *testing.T) {
	w := start(t)
	b := w.browser()
	b.signIn("guest").says(t, "signin.not_a_member map[contact:fraga@kronoberg.example]")
	b.signIn("guest", "invitation", "made-up").says(t, "member.invitation_unknown")
	token, m := w.invited()

	// In another county the link is nothing.
	b.get(b.toProvider("/lan/ostergotland/sign-in", as("guest", "invitation", token))).says(t, "member.invitation_unknown")

	b.signIn("guest", "invitation", token).says(t, "signin.waits_for_party map[party:"+m.PartyName+"]")
	b.signIn("guest").says(t, "signin.waits_for_party")
	w.browser().signIn("other", "invitation", token).says(t, "member.invitation_used")
	if w.sessions() != 0 {
		t.Error("a session was begun before anybody confirmed")
	}
	w.work("kronoberg", func(tx *pg.Tx) error {
		now, err := member.Get(t.Context(), tx, m.ID)
		if err != nil {
			return err
		}
		m, err = member.Confirm(t.Context(), tx, m.ID, now.Version)
		return err
	})
	if a := b.signIn("guest"); a.to != "/lan/kronoberg" {
		t.Fatalf("confirmed: %s %s", a.Status, a.body)
	}
	b.get("/lan/kronoberg").says(t, "party-reporter")
	w.work("kronoberg", func(tx *pg.Tx) error {
		_, err := member.Revoke(t.Context(), tx, m.ID, m.Version)
		return err
	})
	b.get("/lan/kronoberg").says(t, "auth.session_ended")
	b.signIn("guest").says(t, "signin.not_a_member")
	if b.get("/lan/kronoberg"); b.cookie() != "" {
		t.Error("a cookie that opens nothing is kept")
	}

	token, m = w.invited()
	w.work("kronoberg", func(tx *pg.Tx) error {
		_, err := member.Revoke(t.Context(), tx, m.ID, m.Version)
		return err
	})
	w.browser().signIn("other", "invitation", token).says(t, "member.invitation_revoked")
}

// One person in two counties: each is entered on purpose, and one cookie opens
// one county.
func TestACookieOpensItsCountyAlone(t *testing.T) {
	w := start(t)
	b := w.browser()
	b.signIn("strategist")
	b.get("/lan/ostergotland").says(t, "common.not_found")
	b.get("/sverige").says(t, "common.not_found")
	b.get("/lan/nowhere").says(t, "common.not_found")
	b.get(b.toProvider("/lan/ostergotland/sign-in", as("strategist"))).says(t, "signin.not_a_member")
	b.get("/lan/kronoberg").says(t, "kronoberg person:") // a refusal elsewhere ends nothing here

	first := b.cookie()
	if a := b.get(b.toProvider("/sverige/sign-in", as("operator"))); a.to != "/sverige" {
		t.Fatalf("to the nation: %s %s", a.Status, a.body)
	}
	b.get("/sverige").says(t, "sverige person:")
	if w.sessions() != 1 || first == b.cookie() {
		t.Errorf("%d sessions are open", w.sessions())
	}
	b.post("/lan/nowhere/sign-in", as("strategist")).says(t, "common.not_found")
}

func TestAnOperatorEnters(t *testing.T) {
	w := start(t)
	b := w.browser()
	form := url.Values{"county": {"kronoberg"}, "reason": {"Ärende 123: listan visas inte"}, "hours": {"1"}}
	b.post("/sverige/operator-entries", form).says(t, "auth.sign_in")
	b.get(b.toProvider("/sverige/sign-in", as("operator")))
	b.post("/sverige/operator-entries", url.Values{"county": {"kronoberg"}, "hours": {"1"}}).says(t, "session.reason_short")
	if a := b.post("/sverige/operator-entries", form); a.to != "/lan/kronoberg" {
		t.Fatalf("%s %s", a.Status, a.body)
	}
	b.get("/lan/kronoberg").says(t, "kronoberg operator:")
	b.get("/sverige").says(t, "common.not_found")
	if a := b.post("/lan/kronoberg/sign-out", nil); a.to != "/" || w.sessions() != 0 {
		t.Errorf("leaving: %s, %d sessions", a.to, w.sessions())
	}
}

func TestAProviderThatIsAwayHurtsNobodyElse(t *testing.T) {
	w := start(t)
	in := w.browser()
	in.signIn("strategist")
	w.wait(61 * time.Minute) // what was known of the provider is old
	w.op.Misbehave(devop.Down)
	b := w.browser()
	for range 5 {
		b.post("/lan/kronoberg/sign-in", as("strategist")).says(t, "/lan/kronoberg signin.provider_away")
	}
	if n := w.known.Load(); n != 2 {
		t.Errorf("a provider that is away was asked %d times", n-1)
	}
	b.get("/lan/kronoberg").says(t, "auth.sign_in")
	w.op.Misbehave(devop.Fault{})
	b.post("/lan/kronoberg/sign-in", as("strategist")).says(t, "signin.provider_away") // not asked again at once
	w.wait(16 * time.Second)
	if a := b.post("/lan/kronoberg/sign-in", as("strategist")); a.to == "" {
		t.Errorf("the provider is back: %s", a.body)
	}
}

func TestTheCodeIsNotTradedWithAProviderThatIsAway(t *testing.T) {
	w := start(t)
	b := w.browser()
	back := b.toProvider("/lan/kronoberg/sign-in", as("strategist"))
	w.op.Misbehave(devop.Down)
	b.get(back).says(t, "signin.provider_away")
}

func TestFormsOfOtherSitesAreRefused(t *testing.T) {
	w := start(t)
	b := w.browser()
	b.signIn("strategist")
	for _, path := range []string{"/lan/kronoberg/sign-in", "/lan/kronoberg/sign-out", "/sverige/operator-entries"} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.url+path, strings.NewReader(as("guest").Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "cross-site")
		b.send(r, err).says(t, "signin.cross_site")
	}
	b.get("/lan/kronoberg").says(t, "kronoberg person:")
	b.post("/lan/kronoberg/sign-in", url.Values{"issuer": {"nope"}}).says(t, "signin.issuer_unknown")
	b.post("/lan/kronoberg/sign-in", url.Values{"x": {strings.Repeat("x", 70<<10)}}).says(t, "signin.form_malformed")
}

func TestCookiesOverHTTPS(t *testing.T) {
	w := start(t)
	d := signin.New(signin.Config{DB: w.db.DB, Keeper: session.NewKeeper(session.Options{}), PublicURL: "https://overens.example/", AllowLoopback: true})
	mux := http.NewServeMux()
	d.Register(mux)
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "https://overens.example/lan/kronoberg/sign-in", strings.NewReader(as("guest").Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	rec := httptest.NewRecorder()
	mux.ServeHTTP(rec, r)
	cookies := rec.Result().Cookies()
	if len(cookies) != 1 || cookies[0].Name != "__Host-overens-sign-in" || !cookies[0].Secure || !cookies[0].HttpOnly || cookies[0].Path != "/" || cookies[0].Domain != "" {
		t.Errorf("cookies %v", cookies)
	}
	if d.RedirectURL() != "https://overens.example/sign-in/callback" || d.LogoutURL() != "https://overens.example/" {
		t.Errorf("addresses %s %s", d.RedirectURL(), d.LogoutURL())
	}
}

func TestTheCountyOfAPath(t *testing.T) {
	for path, want := range map[string]string{
		"/": "", "/lan": "", "/lan/": "", "/lan/kronoberg": "kronoberg", "/lan/kronoberg/": "kronoberg", "/lan/kronoberg/members": "kronoberg",
		"/lan/Kronoberg": "", "/lan/kronoberg'--": "", "/api/v1/counties/halland/me": "halland", "/api/v1/counties": "", "/api/v1/api-info": "",
		"/sverige": "sverige", "/sverige/x": "sverige", "/sverigex": "", "/api/v1/national": "sverige", "/api/v1/national/figures": "sverige",
		"/problems/lan": "", "/x/lan/kronoberg": "",
	} {
		if got := signin.CountyOf(path); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
}

func TestSeenIsWrittenAfterTheAnswer(t *testing.T) {
	w := start(t)
	b := w.browser()
	b.signIn("strategist")
	w.wait(2 * time.Minute)
	b.get("/lan/kronoberg")
	w.door.Wait()
	var later bool
	if err := w.db.Owner(t).QueryRow(t.Context(), "SELECT seen_at > created_at + interval '1 minute' FROM session").Scan(&later); err != nil || !later {
		t.Errorf("seen later: %v %v", later, err)
	}
}

func TestFormsMayLeadToTheProvidersAlone(t *testing.T) {
	w := start(t)
	origin := strings.TrimSuffix(w.issuer, "/dev")
	if got := w.door.Origins(t.Context(), "kronoberg"); len(got) != 1 || got[0] != origin {
		t.Errorf("origins %v, want %s", got, origin)
	}
	if got := w.door.Origins(t.Context(), "nowhere"); got != nil {
		t.Errorf("origins of no county: %v", got)
	}
}
