package web

import (
	"slices"
	"strings"

	"github.com/a-h/templ"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/tenant"
)

// What the agreement's page says, one sentence to a function.

func (a agreed) timeTerm() string {
	if a.State.HasEnded() {
		return "web.agreement.held"
	}
	return "web.agreement.holds_time"
}

func (a agreed) leaders(v *visit) string {
	var names []string
	for _, l := range a.Leads {
		names = append(names, l.Name)
	}
	return joined(", ", names...)
}

// kinOf says what another instrument is to this one.
func (a agreed) kinOf(v *visit, k agreement.Relative) string {
	switch {
	case slices.Contains(a.Successors, k.ID):
		return v.T("web.agreement.successor")
	case slices.Contains(a.Drafts, k.ID):
		return v.T("web.agreement.successor_drafted")
	}
	return v.T("web.agreement.predecessor")
}

func (a agreed) publishWord(v *visit) string {
	if a.Published {
		return v.T("web.agreement.unpublish")
	}
	return v.T("web.agreement.publish")
}

// termOf is a validity as it was once said.
func (v *visit) termOf(t agreement.Term) string {
	s := capital(v.Of("agreement.validity.", t.Kind))
	p := v.period(agreement.Validity{Kind: t.Kind, ReviewMonths: t.ReviewMonths, From: t.From, Until: t.Until})
	if p != "" && !strings.EqualFold(p, s) {
		s += ", " + p
	}
	return s
}

func (a agreed) editionNamed(id uuid.UUID) string {
	for _, e := range a.Editions {
		if e.ID == id {
			return e.Name
		}
	}
	return ""
}

func (v *visit) editionLine(e agreement.Edition) string {
	pages := ""
	if e.Pages > 0 {
		pages = v.T("web.agreement.pages", "count", e.Pages)
	}
	when := v.T("web.agreement.no_day")
	if !e.When.IsZero() {
		when = v.brief(e.When)
	}
	return joined(" · ", when, pages, e.Source)
}

func (v *visit) momentSource(m agreement.Moment) string {
	ref := m.Reference
	if strings.HasPrefix(m.Kind, "party.") && m.Kind != "party.signed" && ref != "" {
		ref = v.statusOf(ref)
	}
	return joined(" · ", ref, m.Source)
}

// exportAt is where a program fetches the whole agreement.
func exportAt(v *visit, id uuid.UUID, format string) templ.SafeURL {
	return v.fetched(roadAgreement, id.String(), "format="+format)
}

// inAgreement is the way up to the agreement's page.
func (v *visit) inAgreement(i agreement.Instrument) []crumb {
	name := i.ShortName
	if name == "" {
		name = titled(i.Title)
	}
	return append(v.agreementsCrumb(), crumb{name, string(agreementAt(v, i.ID))})
}

// agreementsCrumb leads to the list of them.
func (v *visit) agreementsCrumb() []crumb {
	return []crumb{{capital(v.word(tenant.Agreement).Many), string(v.To("/agreements"))}}
}

func (v *visit) spanOr(from, to day.Day) string {
	if from.IsZero() && to.IsZero() {
		return ""
	}
	return v.span(day.Span{From: from, To: to})
}

// tabled is the name of a table under a heading of the same name.
func (v *visit) tabled(name string) string { return v.T("web.agreement.tabled", "name", name) }

// kin are the instruments before and after; drafts are of today alone.
func (a agreed) kin(v *visit) []agreement.Relative {
	return slices.DeleteFunc(slices.Clone(a.Kin), func(k agreement.Relative) bool { return v.Past() && slices.Contains(a.Drafts, k.ID) })
}

// livingKind is what sort of thing goes on after its agreement's end.
func (v *visit) livingKind(l agreement.LivingOn) string {
	switch l.Kind {
	case "local-agreement":
		return capital(v.word(tenant.LocalAgreement).One)
	case "network":
		return capital(v.word(tenant.Network).One)
	}
	return v.T("web.agreement.said")
}

func (v *visit) livingAt(l agreement.LivingOn) templ.SafeURL {
	switch l.Kind {
	case "local-agreement":
		return agreementAt(v, l.Instrument, "/local-agreements/", l.ID.String())
	case "network":
		return agreementAt(v, l.Instrument, "/networks/", l.ID.String())
	}
	return ""
}
