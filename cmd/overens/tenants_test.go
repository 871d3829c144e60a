package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/county"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
	"github.com/overens/overens/tenants"
)

// tenantsRun is `overens tenants …` against a database.
func tenantsRun(t *testing.T, url string, args ...string) (stdout, stderr string, err error) {
	t.Helper()
	var out, wrong bytes.Buffer
	getenv := func(name string) string {
		if name == "DATABASE_URL" {
			return url
		}
		return ""
	}
	err = run(t.Context(), append([]string{"tenants"}, args...), getenv, &out, &wrong)
	return out.String(), wrong.String(), err
}

func folder(t *testing.T, slugs ...string) string {
	t.Helper()
	dir := t.TempDir()
	for _, slug := range slugs {
		src, err := tenants.Files.ReadFile(slug + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, slug+".yaml"), src, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func edit(t *testing.T, file, old, now string) {
	t.Helper()
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(src), old) {
		t.Fatalf("%s does not hold %q", file, old)
	}
	if err := os.WriteFile(file, []byte(strings.Replace(string(src), old, now, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestAFileGoesInAndComesOut(t *testing.T) {
	d := dbtest.New(t)
	dir := folder(t, "kronoberg", "kalmar")
	file := filepath.Join(dir, "kronoberg.yaml")

	if out, _, err := tenantsRun(t, "", "check", "--dir", dir); err != nil || out != "2 files are right\n" {
		t.Errorf("check: %q, %v", out, err)
	}
	if out, _, err := tenantsRun(t, d.URL, "diff", "--dir", dir); err != nil || !strings.Contains(out, "kronoberg: nothing would change\n") || !strings.Contains(out, "kalmar: the county would be new\n") {
		t.Errorf("diff: %q, %v", out, err)
	}
	if out, _, err := tenantsRun(t, d.URL, "apply", "--dir", dir, "kalmar"); err != nil || out != "kalmar: version 1 is in force\n" {
		t.Errorf("apply: %q, %v", out, err)
	}
	if out, _, err := tenantsRun(t, d.URL, "apply", "--dir", dir); err != nil || out != "nothing changed\n" {
		t.Errorf("apply again: %q, %v", out, err)
	}

	edit(t, file, "\npartyStatuses:", "    # the change\n  - from: 2027-01-01\n    decision: Forum 2026-11-20\n    kinds: [{type: municipality}, {type: region}]\n    municipalities: each\n\npartyStatuses:")
	want := "Who can be party: a new version holds from 2027-01-01, by Forum 2026-11-20."
	out, _, err := tenantsRun(t, d.URL, "diff", "--dir", dir, "kronoberg")
	if err != nil || !strings.Contains(out, want) || !strings.Contains(out, "kinds (university) is taken away") {
		t.Errorf("diff: %s, %v", out, err)
	}
	if again, _, _ := tenantsRun(t, d.URL, "diff", "--dir", dir, "kronoberg"); again != out {
		t.Error("diff changed something")
	}
	if out, _, err := tenantsRun(t, d.URL, "apply", "--dir", dir, "--reason", "Nya parter"); err != nil || !strings.Contains(out, "kronoberg: version 2 is in force") {
		t.Errorf("apply: %q, %v", out, err)
	}

	to := t.TempDir()
	if out, _, err := tenantsRun(t, d.URL, "export", "--dir", to); err != nil || strings.Count(out, ": written\n") != 5 {
		t.Errorf("export: %q, %v", out, err)
	}
	if out, _, err := tenantsRun(t, d.URL, "apply", "--dir", to); err != nil || out != "nothing changed\n" {
		t.Errorf("apply of what was exported: %q, %v", out, err)
	}
	before, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if out, _, err := tenantsRun(t, d.URL, "export", "--dir", dir, "kronoberg"); err != nil || !strings.Contains(out, "says the same already") {
		t.Errorf("export over the file: %q, %v", out, err)
	}
	if after, err := os.ReadFile(file); err != nil || !bytes.Equal(before, after) {
		t.Error("a file that said the same lost its comments")
	}
	if out, _, err := tenantsRun(t, d.URL, "export", "kronoberg"); err != nil || !strings.HasPrefix(out, tenant.SchemaLine+"slug: kronoberg\n") {
		t.Errorf("export of one: %.100q, %v", out, err)
	}
	if _, _, err := tenantsRun(t, d.URL, "export"); err == nil {
		t.Error("all counties were printed after one another")
	}
}

func TestAFaultyFileIsTheOnlyThingThatIsTold(t *testing.T) {
	d := dbtest.New(t)
	dir := folder(t, "kronoberg")
	edit(t, filepath.Join(dir, "kronoberg.yaml"), "under: [area]", "under: [theme]")
	for _, verb := range []string{"check", "diff", "apply", "import"} {
		out, wrong, err := tenantsRun(t, d.URL, verb, "--dir", dir)
		if err == nil || out != "" || !strings.HasPrefix(wrong, "kronoberg.yaml:") || !strings.Contains(wrong, `There is no level "theme"`) {
			t.Errorf("%s: %q %q %v", verb, out, wrong, err)
		}
	}
	if _, _, err := tenantsRun(t, "", "check", "--dir", folder(t, "kronoberg"), "kalmar"); err == nil {
		t.Error("a county without a file was right")
	}
	for _, args := range [][]string{{}, {"burn"}} {
		if _, _, err := tenantsRun(t, "", args...); err == nil || !strings.Contains(err.Error(), "tenants new --template") {
			t.Errorf("%v: %v", args, err)
		}
	}
}

func TestWhatThePagesKeepIsReportedAndTakenOverWhenAsked(t *testing.T) {
	d := dbtest.New(t)
	dir := folder(t, "kronoberg")
	err := d.InTenant(t.Context(), auth.System("kronoberg", "test", ""), pg.Write, func(tx *pg.Tx) error {
		s, err := county.Get(t.Context(), tx, "lead")
		if err != nil {
			return err
		}
		if s, err = county.TakeOver(t.Context(), tx, "lead", county.FromPages, s.Version); err != nil {
			return err
		}
		_, err = county.Change(t.Context(), tx, county.Edit{Section: "lead", Reason: "x", Body: json.RawMessage(`{"organisations":["region"]}`)}, s.Version)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if out, _, err := tenantsRun(t, d.URL, "apply", "--dir", dir); err != nil || !strings.Contains(out, "lead is kept on the pages and says otherwise") || !strings.Contains(out, "version 2 is in force") {
		t.Errorf("apply: %q, %v", out, err)
	}
	if out, _, err := tenantsRun(t, d.URL, "apply", "--dir", dir, "--take-over", "lead"); err != nil || !strings.Contains(out, "version 3 is in force") {
		t.Errorf("taken over: %q, %v", out, err)
	}
	if out, _, err := tenantsRun(t, d.URL, "apply", "--dir", dir); err != nil || out != "nothing changed\n" {
		t.Errorf("afterwards: %q, %v", out, err)
	}
	if out, _, err := tenantsRun(t, d.URL, "apply", "--dir", dir, "--take-over", "motto"); err == nil || !strings.Contains(out, `refused: There is no section "motto"`) {
		t.Errorf("took over what there is not: %q, %v", out, err)
	}
}

func TestOneCountyThatIsRefusedDoesNotStopTheOthers(t *testing.T) {
	d := dbtest.New(t)
	configurationGuards = []county.Guard{func(_ context.Context, tx *pg.Tx, before, after tenant.County) ([]county.Orphan, error) {
		if len(tenant.Vanished(before, after)) > 0 && tx.Tenant == "kronoberg" {
			return []county.Orphan{{Section: "partyStatuses", Key: "tenant.unreadable", Args: fault.Args{"why": "4 are supporters"}}}, nil
		}
		return nil, nil
	}}
	t.Cleanup(func() { configurationGuards = nil })
	dir := folder(t, "kronoberg", "halland")
	edit(t, filepath.Join(dir, "kronoberg.yaml"), "key: supporter", "key: friend")
	edit(t, filepath.Join(dir, "halland.yaml"), "seat: Halmstad", "seat: Halmstad\n    address: Slottsgatan (påhittad)")
	for range 2 {
		out, _, err := tenantsRun(t, d.URL, "apply", "--dir", dir)
		if err == nil || !strings.Contains(out, "kronoberg: refused: What was sent cannot be read: 4 are supporters.") {
			t.Errorf("apply: %q, %v", out, err)
		}
	}
	for slug, version := range map[string]int64{"kronoberg": 1, "halland": 2} {
		if c, err := d.County(t.Context(), slug); err != nil || c.Version != version {
			t.Errorf("%s: version %d, want %d; %v", slug, c.Version, version, err)
		}
	}
}

func TestANewCountyInOneCommand(t *testing.T) {
	d := dbtest.New(t)
	for _, template := range []string{"kronoberg", "ostergotland", "halland"} {
		dir := t.TempDir()
		out, wrong, err := tenantsRun(t, "", "new", "provlan", "--template", template, "--name", "Provlän", "--english", "Trial County", "--dir", dir)
		if err != nil {
			t.Fatalf("%s: %s %v", template, wrong, err)
		}
		if !strings.Contains(out, "tenants check") {
			t.Errorf("what to do next is not said: %q", out)
		}
		if out, wrong, err := tenantsRun(t, "", "check", "--dir", dir); err != nil || out != "1 files are right\n" {
			t.Errorf("%s: %q %q %v", template, out, wrong, err)
		}
		if _, _, err := tenantsRun(t, "", "new", "provlan", "--template", template, "--name", "Provlän", "--dir", dir); err == nil {
			t.Error("the file was written over")
		}
		if out, _, err := tenantsRun(t, d.URL, "apply", "--dir", dir); err != nil || !strings.Contains(out, "provlan: version") {
			t.Errorf("apply: %q, %v", out, err)
		}
	}
	if _, _, err := tenantsRun(t, "", "new", "provlan"); err == nil {
		t.Error("a county without name and form was made")
	}
	if _, wrong, err := tenantsRun(t, "", "new", "lan", "--template", "halland", "--name", "Län", "--dir", t.TempDir()); err == nil || wrong == "" {
		t.Errorf("a reserved word became a county: %q", wrong)
	}
}

func TestTheSchemaIsPrinted(t *testing.T) {
	out, _, err := tenantsRun(t, "", "schema")
	if err != nil || out != string(tenant.Schema()) {
		t.Errorf("%.80q, %v", out, err)
	}
}
