package tenant_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
	"pgregory.net/rapid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/tenant"
)

var update = flag.Bool("update", false, "write the golden files anew")

// whole is a file with every key there is, and nothing wrong.
const whole = `slug: kronoberg
kind: county
identity:
  - name: {sv: Kronobergs län, en: Kronoberg County}
    administration: {sv: Länsstyrelsen i Kronobergs län}
    code: "07"
    letter: G
    organisationNumber: "2021002296"
    seat: Växjö
    address: Kungsgatan 8, Växjö
    contact:
      email: kronoberg@example.se
      phone: +46 10-000 00 00
      web: https://www.example.se/kronoberg
    languages: [sv, en]
  - from: 2026-07-01
    decision: Beslut 2026-05-01
    name: {sv: Kronobergs län}
    administration: {sv: Länsstyrelsen Kronoberg}
    code: "07"
    letter: G
    languages: [sv]
signIn:
  - issuers:
      - key: entra
        name: {sv: Länsstyrelsens konto}
        url: https://login.example.se/realm
        clientId: abc
        audiences: [api://overens]
        scopes: [profile]
        maxAge: 12h
        grants:
          - {claim: roles, value: strateg, role: strategist}
          - {claim: roles, value: alvesta, role: party-reporter, organisation: "0764"}
      - key: oidcse
        name: {sv: E-legitimation}
        url: http://127.0.0.1:9000
        clientId: def
        subject: https://id.oidc.se/claim/orgAffiliation
accessibility:
  - standard: WCAG 2.1 AA
    status: partial
    shortcomings:
      - sv: Inskannade protokoll saknar text.
    assessed: 2026-05-01
    method: {sv: Egen granskning}
    reportTo: {email: tillganglighet@example.se}
    reviewed: 2026-06-01
`

func TestParseReadsAllOfAFile(t *testing.T) {
	county, problems := tenant.Parse("tenants/kronoberg.yaml", []byte(whole), auth.RoleNames())
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	before, after := county.On(on("2026-06-30")), county.On(on("2026-07-01"))
	if before.Identity.OrganisationNumber != "202100-2296" || before.Identity.Contact.Phone != "+46 10-000 00 00" || after.Identity.Administration.In("sv") != "Länsstyrelsen Kronoberg" {
		t.Errorf("before %+v\nafter %+v", before.Identity, after.Identity)
	}
	if county.Identity[1].Decision != "Beslut 2026-05-01" {
		t.Errorf("decision %q", county.Identity[1].Decision)
	}
	entra, _ := before.SignIn.Issuer("entra")
	oidcse, ok := before.SignIn.Issuer("oidcse")
	if !ok || entra.Subject != tenant.SubjectSub || oidcse.Subject != tenant.SubjectOrgAffiliation {
		t.Errorf("entra %+v\noidcse %+v", entra, oidcse)
	}
	if entra.SubjectClaim() != "sub" || oidcse.SubjectClaim() != "https://id.oidc.se/claim/orgAffiliation" {
		t.Errorf("people are known by %s and %s", entra.SubjectClaim(), oidcse.SubjectClaim())
	}
	want := []tenant.Grant{{Claim: "roles", Value: "strateg", Role: "strategist"}, {Claim: "roles", Value: "alvesta", Role: "party-reporter", Organisation: "0764"}}
	if diff := cmp.Diff(want, entra.Grants); diff != "" || entra.MaxAge.String() != "12h" {
		t.Error(diff, entra.MaxAge)
	}
	if a := before.Accessibility; a.Status != tenant.StatusPartial || a.Assessed != on("2026-05-01") || len(a.Shortcomings) != 1 {
		t.Errorf("accessibility %+v", a)
	}
	if _, ok := before.SignIn.Issuer("other"); ok {
		t.Error("an issuer that is not there was found")
	}
}

// testdata/problems.txtar holds files, each followed by what is said of it.
func TestEveryProblemIsReportedWithItsPlace(t *testing.T) {
	const golden = "testdata/problems.txtar"
	archive, err := txtar.ParseFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	written := &txtar.Archive{Comment: archive.Comment}
	var place string
	for _, file := range archive.Files {
		if strings.HasSuffix(file.Name, ".problems") {
			continue
		}
		// a-doubled-key/kronoberg.yaml: what is wrong in it, and its name.
		_, problems := tenant.Parse(file.Name[strings.Index(file.Name, "/")+1:], file.Data, auth.RoleNames())
		var said strings.Builder
		for _, p := range problems {
			fmt.Fprintln(&said, p)
			if p.Line == 0 || p.Column == 0 || p.Message == "" {
				t.Errorf("%s: a problem without place or words: %s", file.Name, p)
			}
		}
		place, _, _ = strings.Cut(file.Name, "/")
		written.Files = append(written.Files, file, txtar.File{Name: place + ".problems", Data: []byte(said.String())})
	}
	if *update {
		if err := os.WriteFile(golden, txtar.Format(written), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(txtar.Format(archive)), string(txtar.Format(written))); diff != "" {
		t.Errorf("go test ./internal/tenant -update writes it anew:\n%s", diff)
	}
}

func TestTheRolesAreThoseThatThereAre(t *testing.T) {
	grant := func(kind tenant.Kind, slug string, role auth.Role, organisation string) []tenant.Problem {
		var found []tenant.Problem
		for _, p := range tenant.Check(tenant.County{Slug: slug, Kind: kind, SignIn: tenant.Section[tenant.SignIn]{{Value: tenant.SignIn{
			Issuers: []tenant.Issuer{{Grants: []tenant.Grant{{Claim: "roles", Value: "x", Role: string(role), Organisation: organisation}}}},
		}}}}, auth.RoleNames()) {
			if strings.Contains(p.Path, "grants") {
				found = append(found, p)
			}
		}
		return found
	}
	for _, role := range auth.Roles {
		refused := len(grant(tenant.KindCounty, "kronoberg", role, "")) > 0
		if want := role.National() || role.OfParty(); refused != want {
			t.Errorf("a county gives %s: refused %v, want %v", role, refused, want)
		}
		refused = len(grant(tenant.KindCounty, "kronoberg", role, "alvesta")) > 0
		if want := !role.OfParty(); refused != want {
			t.Errorf("a county gives %s for a party: refused %v, want %v", role, refused, want)
		}
		refused = len(grant(tenant.KindNational, "sverige", role, "")) > 0
		if want := role.OfParty(); refused != want {
			t.Errorf("the nation gives %s: refused %v, want %v", role, refused, want)
		}
	}
	for _, role := range []auth.Role{auth.RolePublic, "system", "king"} {
		if len(grant(tenant.KindNational, "sverige", role, "")) == 0 {
			t.Errorf("%s was given", role)
		}
	}
}

func TestNoCountyNamesAnothersSecret(t *testing.T) {
	if got := (tenant.Issuer{Key: "entra"}).SecretName("vastra-gotaland"); got != "OIDC_SECRET_VASTRA_GOTALAND_ENTRA" {
		t.Errorf("got %s", got)
	}
	slug := rapid.StringMatching(`[ab](-[ab]){0,3}`)
	key := rapid.StringMatching(`[ab][ab1]{0,2}`)
	rapid.Check(t, func(t *rapid.T) {
		s1, s2 := slug.Draw(t, "one"), slug.Draw(t, "other")
		k1, k2 := key.Draw(t, "key"), key.Draw(t, "other key")
		same := (tenant.Issuer{Key: k1}).SecretName(s1) == (tenant.Issuer{Key: k2}).SecretName(s2)
		if same != (s1 == s2 && k1 == k2) {
			t.Fatalf("%s of %s and %s of %s have the same secret: %v", k1, s1, k2, s2, same)
		}
	})
}

// Whatever stands in a file, it is answered with problems that have a place in
// it, never with a crash.
func TestParseStandsAnything(t *testing.T) {
	lines := strings.SplitAfter(whole, "\n")
	rapid.Check(t, func(t *rapid.T) {
		text := slices.Clone(lines)
		for range rapid.IntRange(1, 4).Draw(t, "changes") {
			n := rapid.IntRange(0, len(text)-1).Draw(t, "line")
			switch rapid.IntRange(0, 3).Draw(t, "change") {
			case 0:
				text[n] = ""
			case 1:
				text[n] += text[n]
			case 2:
				text[n] = " " + text[n]
			default:
				at := rapid.IntRange(0, len(text[n])).Draw(t, "at")
				text[n] = text[n][:at] + rapid.SampledFrom([]string{"{", "}", "[", "]", ":", "- ", "&a ", "*a", "!!str ", "|", ">", "\"", "'", "#", "\t", "---\n", "<<: ", "? ", "%", "\x00", "\xff", "å", "~", "@"}).Draw(t, "what") + text[n][at:]
			}
		}
		src := strings.Join(text, "")
		county, problems := tenant.Parse("kronoberg.yaml", []byte(src), auth.RoleNames())
		for _, p := range problems {
			if p.Line < 1 || p.Column < 1 || p.Line > strings.Count(src, "\n")+1 || p.Message == "" {
				t.Fatalf("%s\n%+v", src, p)
			}
		}
		if len(problems) == 0 {
			if again := tenant.Check(county, auth.RoleNames()); len(again) > 0 {
				t.Fatalf("%s\nwas read without problems, and has %v", src, again)
			}
		}
	})
}
