package web_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/tenant"
)

func TestEverybodyReadsOfBodiesThatArePublished(t *testing.T) {
	h := seated(t)
	h.bodies(func(c *tenant.County) tenant.Section[tenant.Bodies] {
		bs := c.Bodies[len(c.Bodies)-1]
		for i, b := range bs.Value.Bodies {
			bs.Value.Bodies[i].Published = b.Key == "forum" || b.Key == "preparatory-group"
		}
		bs.From = day.Of(2024, 3, 1)
		later := tenant.Dated[tenant.Bodies]{From: day.Of(2026, 10, 1), Value: tenant.Bodies{Bodies: slices.Clone(bs.Value.Bodies)}}
		for i, b := range later.Value.Bodies { // about another body
			if b.Key == "networks" {
				later.Value.Bodies[i].Purpose = tenant.Words{"sv": "Något nytt"}
			}
		}
		return tenant.Section[tenant.Bodies]{bs, later}
	})
	p := h.get("", councils)
	if p.Status != http.StatusOK || p.Find("#list tbody tr").Length() != 2 || strings.Contains(p.says("main"), "Styrgrupp") {
		t.Fatalf("%d: %s", p.Status, p.says("main"))
	}
	contains(t, "the picture", p.says("#tiers svg desc"), "Beredningsgruppen bereder för Forum för mottagande och etablering.")
	if p.Find(`nav.places a[aria-current]`).Text() != "Samverkansorgan" {
		t.Errorf("the navigation: %s", p.says("nav.places"))
	}
	p = h.get("", forum)
	if p.Status != http.StatusOK {
		t.Fatalf("%d: %s", p.Status, p.says("main"))
	}
	contains(t, "its seats", p.says("#seats"), "Alvesta kommun", "Region Kronoberg", "Högsta tjänstemannaledning")
	contains(t, "the picture", p.says("#seats svg desc"), "Ett långbord med")
	contains(t, "its rules", p.says("#rules"), "Landshövdingen", "Så här sedan 1 mars 2024.")
	for _, name := range []string{"Länsråd", "Kommunchef i Alvesta", "Ersättare i Lessebo", "vakant"} {
		if strings.Contains(p.says("main"), name) {
			t.Errorf("the public reads of %q", name)
		}
	}
	for _, path := range []string{councils + "/steering-groups", councils + "/nothing", councils + "/vacancies", forum + "/history", councils + "/register"} {
		if p := h.get("", path); p.Status != http.StatusUnauthorized {
			t.Errorf("%s: %d", path, p.Status)
		}
		if p := h.get("halland,strategist", path); p.Status != http.StatusNotFound {
			t.Errorf("%s: %d for a stranger", path, p.Status)
		}
	}
	h.bodies(func(*tenant.County) tenant.Section[tenant.Bodies] { return nil })
	if p := h.get("", councils); p.Status != http.StatusUnauthorized {
		t.Errorf("where nothing is published: %d", p.Status)
	}
	if p := h.get("", "/lan/kronoberg"); strings.Contains(p.says("nav.places"), "Samverkansorgan") {
		t.Errorf("the navigation leads to nothing: %s", p.says("nav.places"))
	}
}
