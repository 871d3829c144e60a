package tenant

import (
	"slices"
	"strings"

	"github.com/overens/overens/internal/day"
)

// Accessibility is what the county's accessibility statement says, as lag
// (2018:1937) om tillgänglighet till digital offentlig service wants it.
type Accessibility struct {
	Standard     string  `json:"standard,omitzero"`      // what the pages are measured against
	Status       string  `json:"status,omitzero"`        // full, partial, none; empty: not assessed
	Shortcomings []Words `json:"shortcomings,omitempty"` // what does not work, each in a sentence
	Assessed     day.Day `json:"assessed,omitzero"`
	Method       Words   `json:"method,omitempty"`  // how it was assessed
	ReportTo     Contact `json:"reportTo,omitzero"` // whom to tell of a shortcoming
	Reviewed     day.Day `json:"reviewed,omitzero"` // when the statement was last gone through
}

// How far the pages meet the standard.
const (
	StatusFull    = "full"
	StatusPartial = "partial"
	StatusNone    = "none"
)

func (a Accessibility) check(c *checker) {
	statuses := []string{StatusFull, StatusPartial, StatusNone}
	if a.Standard == "" {
		c.in("standard").refuse("tenant.accessibility.no_standard")
	}
	switch {
	case a.Status == "" && !a.Assessed.IsZero():
		c.in("assessed").refuse("tenant.accessibility.no_result")
	case a.Status == "":
	case !slices.Contains(statuses, a.Status):
		c.in("status").refuse("tenant.accessibility.status", "status", short(a.Status), "known", strings.Join(statuses, ", "))
	case a.Assessed.IsZero():
		c.in("status").refuse("tenant.accessibility.no_day")
	case a.Status == StatusFull && len(a.Shortcomings) > 0:
		c.in("status").refuse("tenant.accessibility.full_but")
	case a.Status != StatusFull && len(a.Shortcomings) == 0:
		c.in("status").refuse("tenant.accessibility.no_shortcoming", "status", a.Status)
	}
	for n, words := range a.Shortcomings {
		words.check(c.in("shortcomings").item(n), true)
	}
	a.Method.check(c.in("method"), false)
	a.ReportTo.check(c.in("reportTo"))
	if !a.Reviewed.IsZero() && a.Reviewed.Before(a.Assessed) {
		c.in("reviewed").refuse("tenant.accessibility.days", "reviewed", a.Reviewed.String(), "assessed", a.Assessed.String())
	}
}
