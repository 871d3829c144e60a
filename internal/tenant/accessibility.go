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
	choose := "use " + strings.Join(statuses, ", ") + ", or leave status out while nothing is assessed"
	if a.Standard == "" {
		c.in("standard").problem("the standard is missing", "write what the pages are measured against")
	}
	switch {
	case a.Status == "" && !a.Assessed.IsZero():
		c.in("assessed").problem("there is a day of assessment and no result of it", "add status: full, partial or none")
	case a.Status == "":
	case !slices.Contains(statuses, a.Status):
		c.in("status").problem(quoted(a.Status)+" is not a status", choose)
	case a.Assessed.IsZero():
		c.in("status").problem("there is a status without a day of assessment", "add assessed: and the day, or leave status out")
	case a.Status == StatusFull && len(a.Shortcomings) > 0:
		c.in("status").problem("the status is full, and there are shortcomings", "use partial, or remove what has been mended")
	case a.Status != StatusFull && len(a.Shortcomings) == 0:
		c.in("status").problem("the status is "+a.Status+", and no shortcoming is named", "name what does not work under shortcomings")
	}
	for n, words := range a.Shortcomings {
		words.check(c.in("shortcomings").item(n), true)
	}
	a.Method.check(c.in("method"), false)
	a.ReportTo.check(c.in("reportTo"))
	if !a.Reviewed.IsZero() && a.Reviewed.Before(a.Assessed) {
		c.in("reviewed").problem("the statement was reviewed on "+a.Reviewed.String()+", before the assessment on "+a.Assessed.String(), "correct one of the days")
	}
}
