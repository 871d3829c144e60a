package tenant_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/tenant"
	"github.com/overens/overens/tenants"
)

func TestTheCountiesDelivered(t *testing.T) {
	counties, problems := tenant.Load(tenants.Files, auth.RoleNames())
	for _, p := range problems {
		t.Error(p)
	}
	kinds := map[tenant.Kind][]string{}
	for _, c := range counties {
		kinds[c.Kind] = append(kinds[c.Kind], c.Slug)
		now := c.On(on("2026-01-01"))
		if now.Identity.Name["en"] == "" || now.Identity.Administration["en"] == "" || now.Accessibility.Standard == "" {
			t.Errorf("%s has no English name, administration or accessibility statement", c.Slug)
		}
		if official, ok := tenant.CountyBySlug(c.Slug); ok && (now.Identity.Name["sv"] != official.Name || now.Identity.Seat != official.Seat) {
			t.Errorf("%s is called %s, with its seat in %s", official.Name, now.Identity.Name["sv"], now.Identity.Seat)
		}
	}
	var official []string
	for _, c := range tenant.OfficialCounties() {
		official = append(official, c.Slug)
	}
	slices.Sort(official)
	want := map[tenant.Kind][]string{tenant.KindCounty: official, tenant.KindNational: {"sverige"}, tenant.KindSandbox: {"sandlada"}}
	if diff := cmp.Diff(want, kinds); diff != "" {
		t.Error(diff)
	}
}

// Every example in the README is a file, or takes the sign-in's place in one.
func TestTheExamplesHold(t *testing.T) {
	readme, err := os.ReadFile("../../tenants/README.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?ms)^```yaml (file|signin)=([a-z.-]+)\n(.*?)^```").FindAllStringSubmatch(string(readme), -1)
	if len(blocks) != 7 {
		t.Fatalf("the README has %d examples, want 7", len(blocks))
	}
	if n := strings.Count(string(readme), "```yaml"); n != len(blocks) {
		t.Errorf("%d of the README's examples are not tried here", n-len(blocks))
	}
	for _, block := range blocks {
		what, name, text := block[1], block[2], block[3]
		if what == "signin" {
			name += ".yaml"
			file, err := tenants.Files.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			without := regexp.MustCompile(`(?m)^signIn:\n(?:  .*\n)*`).ReplaceAllString(string(file), "")
			text = without + text
		}
		county, problems := tenant.Parse(name, []byte(text), auth.RoleNames())
		for _, p := range problems {
			t.Error(p)
		}
		if what == "signin" && len(county.On(on("2026-06-01")).SignIn.Issuers) != 1 {
			t.Errorf("the example for %s has no issuer", name)
		}
	}
}

func TestAFileComesBackAsItWas(t *testing.T) {
	counties, _ := tenant.Load(tenants.Files, auth.RoleNames())
	full, problems := tenant.Parse("kronoberg.yaml", []byte(whole), auth.RoleNames())
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	for _, c := range append(counties, full) {
		written, err := tenant.Format(c)
		if err != nil {
			t.Fatal(err)
		}
		read, problems := tenant.Parse(c.Slug+".yaml", written, auth.RoleNames())
		if len(problems) > 0 {
			t.Errorf("%s\n%v", written, problems)
		}
		if diff := cmp.Diff(c, read, cmp.AllowUnexported(day.Day{})); diff != "" {
			t.Error(diff)
		}
		kept, err := tenant.Encode(c)
		if err != nil {
			t.Fatal(err)
		}
		if read, err := tenant.Decode(kept); err != nil || !tenant.Equal(c, read) {
			t.Errorf("%s came back from the database as %+v, %v", c.Slug, read, err)
		}
	}
}

func TestLoadLooksAcrossTheFiles(t *testing.T) {
	sandbox := func(slug string) string {
		return strings.ReplaceAll(`slug: SLUG
kind: sandbox
identity:
  - name: {sv: Påhittat}
    administration: {sv: Påhittad}
    organisationNumber: 202100-2296
    languages: [sv]
`, "SLUG", slug)
	}
	counties, problems := tenant.Load(fstest.MapFS{
		"b.yaml":          {Data: []byte(sandbox("b"))},
		"a.yaml":          {Data: []byte(sandbox("a"))},
		"c.yml":           {Data: []byte(sandbox("c"))},
		"README.md":       {Data: []byte("# Hello")},
		".hidden.yaml":    {Data: []byte("{")},
		"examples/d.yaml": {Data: []byte("{")},
	}, auth.RoleNames())
	var got []string
	for _, p := range problems {
		got = append(got, p.String())
	}
	want := []string{
		`b.yaml:6:25: identity[0].organisationNumber: the organisation number 202100-2296 is also claimed by a.yaml; correct one of the two`,
		`c.yml: the file is not read; let its name end in .yaml`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if len(counties) != 2 || counties[0].Slug != "a" || counties[1].Slug != "b" {
		t.Errorf("counties: %+v", counties)
	}

	if _, problems := tenant.Load(fstest.MapFS{}, nil); len(problems) != 1 {
		t.Errorf("an empty folder: %v", problems)
	}
	if _, problems := tenant.Load(os.DirFS("no-such-folder"), nil); len(problems) != 1 {
		t.Errorf("no folder: %v", problems)
	}
}
