package tenant_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/tenant"
)

func on(s string) day.Day {
	d, err := day.Parse(s)
	if err != nil {
		panic(err)
	}
	return d
}

func TestWhatIsInForceOnADay(t *testing.T) {
	name := func(sv string) tenant.Identity { return tenant.Identity{Name: tenant.Words{"sv": sv}} }
	county := tenant.County{
		Slug: "kronoberg", Kind: tenant.KindCounty,
		Identity: tenant.Section[tenant.Identity]{
			{Value: name("först")},
			{From: on("2020-05-04"), Value: name("sedan")},
			{From: on("2023-03-20"), Value: name("nu")},
		},
		SignIn: tenant.Section[tenant.SignIn]{
			{From: on("2021-01-01"), Value: tenant.SignIn{Issuers: []tenant.Issuer{{Key: "entra"}}}},
		},
	}
	for d, want := range map[string]struct {
		name    string
		issuers int
	}{
		"1900-01-01": {"först", 0},
		"2020-05-03": {"först", 0},
		"2020-05-04": {"sedan", 0},
		"2023-03-19": {"sedan", 1},
		"2023-03-20": {"nu", 1},
		"2999-01-01": {"nu", 1},
	} {
		got := county.On(on(d))
		if got.Slug != "kronoberg" || got.Kind != tenant.KindCounty || got.Identity.Name.In("sv") != want.name || len(got.SignIn.Issuers) != want.issuers {
			t.Errorf("on %s: %+v, want %+v", d, got, want)
		}
	}
	if _, ok := county.Accessibility.On(on("2023-03-20")); ok {
		t.Error("a section without versions is in force")
	}
	if _, ok := county.SignIn.On(on("2020-12-31")); ok {
		t.Error("a section is in force before its first version")
	}
}

func TestWordsFallBackOnSwedish(t *testing.T) {
	w := tenant.Words{"sv": "Kronobergs län", "en": ""}
	if w.In("en") != "Kronobergs län" || w.In("fi") != "Kronobergs län" || w.In("sv") != "Kronobergs län" {
		t.Errorf("in English %q, in Finnish %q", w.In("en"), w.In("fi"))
	}
}

func counties() *rapid.Generator[tenant.County] {
	text := rapid.StringN(0, 20, -1)
	words := rapid.Custom(func(t *rapid.T) tenant.Words {
		if rapid.Bool().Draw(t, "none") {
			return nil
		}
		return tenant.Words{"sv": text.Draw(t, "sv"), "en": text.Draw(t, "en")}
	})
	someday := rapid.Custom(func(t *rapid.T) day.Day {
		if rapid.Bool().Draw(t, "none") {
			return day.Day{}
		}
		return on("2000-01-01").Add(rapid.IntRange(0, 20_000).Draw(t, "days"))
	})
	contact := rapid.Custom(func(t *rapid.T) tenant.Contact {
		return tenant.Contact{Email: text.Draw(t, "email"), Phone: text.Draw(t, "phone"), Web: text.Draw(t, "web")}
	})
	list := func(t *rapid.T, name string) []string {
		if l := rapid.SliceOfN(text, 0, 3).Draw(t, name); len(l) > 0 {
			return l
		}
		return nil
	}
	return rapid.Custom(func(t *rapid.T) tenant.County {
		c := tenant.County{Slug: text.Draw(t, "slug"), Kind: tenant.Kind(text.Draw(t, "kind"))}
		for range rapid.IntRange(0, 3).Draw(t, "identities") {
			c.Identity = append(c.Identity, tenant.Dated[tenant.Identity]{
				From: someday.Draw(t, "from"), Decision: text.Draw(t, "decision"),
				Value: tenant.Identity{
					Name: words.Draw(t, "name"), Administration: words.Draw(t, "administration"), Code: text.Draw(t, "code"),
					Letter: text.Draw(t, "letter"), Contact: contact.Draw(t, "contact"), Languages: list(t, "languages"),
				},
			})
		}
		for range rapid.IntRange(0, 2).Draw(t, "sign-ins") {
			s := tenant.Dated[tenant.SignIn]{From: someday.Draw(t, "from")}
			for range rapid.IntRange(0, 2).Draw(t, "issuers") {
				s.Value.Issuers = append(s.Value.Issuers, tenant.Issuer{
					Key: text.Draw(t, "key"), Name: words.Draw(t, "button"), URL: text.Draw(t, "url"), ClientID: text.Draw(t, "client"),
					Audiences: list(t, "audiences"), Scopes: list(t, "scopes"), Subject: text.Draw(t, "subject"),
					MaxAge: tenant.Duration(rapid.Int64().Draw(t, "age")),
					Grants: []tenant.Grant{{Claim: text.Draw(t, "claim"), Value: text.Draw(t, "value"), Role: text.Draw(t, "role")}},
				})
			}
			c.SignIn = append(c.SignIn, s)
		}
		for range rapid.IntRange(0, 2).Draw(t, "statements") {
			c.Accessibility = append(c.Accessibility, tenant.Dated[tenant.Accessibility]{
				From: someday.Draw(t, "from"),
				Value: tenant.Accessibility{
					Standard: text.Draw(t, "standard"), Assessed: someday.Draw(t, "assessed"), Method: words.Draw(t, "method"), ReportTo: contact.Draw(t, "to"),
				},
			})
		}
		return c
	})
}

func TestTheDatabaseGivesBackWhatItWasGiven(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := counties().Draw(t, "county")
		written, err := tenant.Encode(c)
		if err != nil {
			t.Fatal(err)
		}
		read, err := tenant.Decode(written)
		if err != nil {
			t.Fatalf("%s: %v", written, err)
		}
		if diff := cmp.Diff(c, read, cmp.AllowUnexported(day.Day{})); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestAVersionIsOneObject(t *testing.T) {
	c := tenant.County{
		Slug: "x", Kind: tenant.KindSandbox, Version: 7,
		Identity: tenant.Section[tenant.Identity]{{From: on("2026-01-01"), Decision: "beslut", Value: tenant.Identity{Code: "07"}}},
		SignIn:   tenant.Section[tenant.SignIn]{{}, {From: on("2026-01-01")}},
	}
	got, err := tenant.Encode(c)
	want := `{"slug":"x","kind":"sandbox","identity":[{"from":"2026-01-01","decision":"beslut","code":"07"}],"signIn":[{},{"from":"2026-01-01"}]}`
	if err != nil || string(got) != want {
		t.Errorf("got  %s, %v\nwant %s", got, err, want)
	}
}

func TestAnOlderProgramReadsWhatANewerKept(t *testing.T) {
	c, err := tenant.Decode([]byte(`{"slug":"x","kind":"county","identity":[{"code":"07","motto":"new"}],"glossary":[{}]}`))
	if err != nil || c.On(on("2026-01-01")).Identity.Code != "07" {
		t.Errorf("got %+v, %v", c, err)
	}
	for _, wrong := range []string{``, `[]`, `{"identity":[{"from":"yesterday"}]}`, `{"identity":{}}`} {
		if _, err := tenant.Decode([]byte(wrong)); err == nil {
			t.Errorf("%s was read", wrong)
		}
	}
}

func TestEqualLooksAtWhatIsSaid(t *testing.T) {
	a := tenant.County{Slug: "x", Version: 1, SignIn: tenant.Section[tenant.SignIn]{{Value: tenant.SignIn{Issuers: []tenant.Issuer{}}}}}
	b := tenant.County{Slug: "x", Version: 2, SignIn: tenant.Section[tenant.SignIn]{{}}}
	if !tenant.Equal(a, b) {
		t.Error("another version of the same is not equal")
	}
	b.SignIn[0].From = on("2026-01-01")
	if tenant.Equal(a, b) {
		t.Error("what holds from another day is equal")
	}
}

func TestDuration(t *testing.T) {
	for written, want := range map[string]time.Duration{"30m": 30 * time.Minute, "12h": 12 * time.Hour, "1h30m": 90 * time.Minute, "45s": 45 * time.Second, "0s": 0, "1h0m5s": time.Hour + 5*time.Second} {
		var d tenant.Duration
		if err := d.UnmarshalText([]byte(written)); err != nil || time.Duration(d) != want || d.String() != written {
			t.Errorf("%s was read as %s (%s), %v", written, time.Duration(d), d, err)
		}
	}
	var d tenant.Duration
	if err := json.Unmarshal([]byte(`"a while"`), &d); err == nil || !strings.Contains(err.Error(), "12h") {
		t.Errorf("a while: %v", err)
	}
}

func TestValidSlug(t *testing.T) {
	for slug, want := range map[string]bool{
		"kronoberg": true, "vastra-gotaland": true, strings.Repeat("a", 40): true,
		"": false, "Kronoberg": false, "skåne": false, "-a": false, "a-": false, "a--b": false, "a_b": false, "a.b": false,
		"a1": false, "a'b": false, "a\n": false, strings.Repeat("a", 41): false,
	} {
		if got := tenant.ValidSlug(slug); got != want {
			t.Errorf("%q: %v", slug, got)
		}
	}
}
