package tenant_test

import (
	"errors"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/overens/overens/internal/tenant"
)

func TestOfficialCodes(t *testing.T) {
	counties := tenant.OfficialCounties()
	if len(counties) != 21 {
		t.Errorf("%d counties, want 21", len(counties))
	}
	all := 0
	for _, c := range counties {
		of := tenant.Municipalities(c.Code)
		if len(of) == 0 {
			t.Errorf("%s has no municipalities", c.Name)
		}
		all += len(of)
		if again, ok := tenant.CountyBySlug(c.Slug); !ok || again != c {
			t.Errorf("%s by its slug: %v", c.Name, again)
		}
		if !tenant.ValidSlug(c.Slug) {
			t.Errorf("%s is no slug", c.Slug)
		}
	}
	if all != 290 {
		t.Errorf("%d municipalities, want 290", all)
	}
	if c, ok := tenant.CountyByCode("07"); !ok || c != (tenant.OfficialCounty{Code: "07", Name: "Kronobergs län", Letter: "G", Slug: "kronoberg", Seat: "Växjö"}) {
		t.Errorf("07 is %+v", c)
	}
	if m, ok := tenant.MunicipalityByCode("0767"); !ok || m != (tenant.Municipality{Code: "0767", Name: "Markaryd", County: "07"}) {
		t.Errorf("0767 is %+v", m)
	}
	if n := len(tenant.Municipalities("07")); n != 8 {
		t.Errorf("Kronoberg has %d municipalities, want 8", n)
	}
	for _, code := range []string{"", "02", "7", "0700"} {
		if c, ok := tenant.CountyByCode(code); ok {
			t.Errorf("%q is %s", code, c.Name)
		}
		if m, ok := tenant.MunicipalityByCode(code); ok {
			t.Errorf("%q is %s", code, m.Name)
		}
	}
	// The list is the caller's own.
	counties[0].Name = "changed"
	if c := tenant.OfficialCounties()[0]; c.Name == "changed" {
		t.Error("a caller has changed the codes")
	}
}

func TestOrganisationNumber(t *testing.T) {
	for _, written := range []string{"202100-2296", "2021002296", "162021002296", "16202100-2296", " 202100-2296 "} {
		if got, err := tenant.OrganisationNumber(written); err != nil || got != "202100-2296" {
			t.Errorf("%q: %q, %v", written, got, err)
		}
	}
	for written, want := range map[string]error{
		"":             tenant.ErrNumberForm,
		"202100-229":   tenant.ErrNumberForm,
		"202100-22966": tenant.ErrNumberForm,
		"20210-02296":  tenant.ErrNumberForm,
		"202100--2296": tenant.ErrNumberForm,
		"-2021002296":  tenant.ErrNumberForm,
		"202100 2296":  tenant.ErrNumberForm,
		"192021002296": tenant.ErrNumberForm,
		"202100-229O":  tenant.ErrNumberForm,
		"２021002296":   tenant.ErrNumberForm,
		"121212-1212":  tenant.ErrNumberForm, // a person's
		"202100-2297":  tenant.ErrNumberCheck,
		"202100-2269":  tenant.ErrNumberCheck, // two digits changed places
	} {
		if got, err := tenant.OrganisationNumber(written); !errors.Is(err, want) || got != "" {
			t.Errorf("%q: %q, %v, want %v", written, got, err, want)
		}
	}
}

func TestOneDigitWrongIsFound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		nine := fmt.Sprintf("%02d%d%06d", rapid.IntRange(0, 99).Draw(t, "first"), rapid.IntRange(2, 9).Draw(t, "third"), rapid.IntRange(0, 999999).Draw(t, "rest"))
		var right []string
		for digit := range 10 {
			if got, err := tenant.OrganisationNumber(fmt.Sprint(nine, digit)); err == nil {
				right = append(right, got)
			}
		}
		if len(right) != 1 {
			t.Fatalf("%s can end in %v", nine, right)
		}
	})
}
