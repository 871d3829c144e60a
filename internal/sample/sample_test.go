package sample_test

import (
	"testing"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/member"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/person"
	"github.com/overens/overens/internal/sample"
	"github.com/overens/overens/internal/tenant"
)

func TestTheFactsOfACountyAreItsMunicipalitiesAndWhoHasASource(t *testing.T) {
	for _, c := range tenant.OfficialCounties() {
		facts, err := sample.Facts(c.Slug)
		if err != nil {
			t.Fatal(err)
		}
		codes := map[string]bool{}
		for _, f := range facts {
			if f.Source == "" {
				t.Errorf("%s: %s has no source", c.Slug, f.Key)
			}
			if f.Type == organisation.Municipality {
				codes[f.OfficialCode] = true
			}
		}
		for _, m := range tenant.Municipalities(c.Code) {
			if !codes[m.Code] {
				t.Errorf("%s: %s %s is missing", c.Slug, m.Code, m.Name)
			}
			delete(codes, m.Code)
		}
		for code := range codes {
			t.Errorf("%s: the code %s is of another county", c.Slug, code)
		}
	}
}

func TestFactsAreWrittenOnceAndKeepWhatTheCountyChanged(t *testing.T) {
	ctx, tx := dbtest.Kronoberg(t)
	dbtest.AsSystem(tx)
	n, err := sample.Organisations(ctx, tx)
	if err != nil || n != 17 {
		t.Fatalf("%d, %v", n, err)
	}
	o, err := organisation.ByKey(ctx, tx, "markaryd")
	if err != nil {
		t.Fatal(err)
	}
	o.Phone = "0433-720 00"
	if _, err := organisation.Change(ctx, tx, o.ID, o.Version, o.Card); err != nil {
		t.Fatal(err)
	}
	if n, err = sample.Organisations(ctx, tx); err != nil || n != 0 {
		t.Fatalf("the second time %d, %v", n, err)
	}
	if o, err = organisation.ByKey(ctx, tx, "markaryd"); err != nil || o.Phone != "0433-720 00" {
		t.Errorf("%+v, %v", o, err)
	}
}

func TestPersonasBecomeMembersAsEveryoneDoes(t *testing.T) {
	ctx, tx := dbtest.Kronoberg(t)
	dbtest.AsSystem(tx)
	if _, err := sample.Organisations(ctx, tx); err != nil {
		t.Fatal(err)
	}
	for _, issuer := range []string{"http://127.0.0.1:8080/dev/openid", "http://127.0.0.1:8080/dev/openid", "http://127.0.0.1:9999/dev/openid"} {
		if err := sample.People(ctx, tx, issuer); err != nil {
			t.Fatal(err)
		}
		id, known, err := member.Known(ctx, tx, issuer, "kronoberg-alvesta-administrator")
		if err != nil || !known {
			t.Fatalf("%v, %v", known, err)
		}
		grants, err := member.Grants(ctx, tx, id, tx.Today())
		if err != nil || len(grants) != 1 || grants[0].Role != auth.RolePartyAdministrator {
			t.Errorf("%v, %v", grants, err)
		}
	}
	people, n, err := person.List(ctx, tx, person.Filter{Limit: 100, Page: 1})
	if err != nil || n != 8 {
		t.Errorf("%d people, want 8 (the auditor comes with his claims): %v", n, err)
	}
	for _, p := range people {
		if !p.Demo {
			t.Errorf("%s is made up and not marked", p.Name)
		}
	}
}
