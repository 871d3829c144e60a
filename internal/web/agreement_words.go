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

// OnDay is an address as of a day of its own. A fragment may end it.
func (v *visit) OnDay(on day.Day, parts ...string) templ.SafeURL {
	address, fragment, _ := strings.Cut("/lan/"+v.Slug+strings.Join(parts, ""), "#")
	if on != v.Today {
		address += "?on=" + on.String()
	}
	if fragment != "" {
		address += "#" + fragment
	}
	return templ.URL(address)
}

// joined puts what there is together.
func joined(sep string, parts ...string) string {
	return strings.Join(slices.DeleteFunc(slices.Clone(parts), func(s string) bool { return s == "" }), sep)
}

// stopped ends a sentence.
func stopped(s string) string {
	if s == "" || strings.ContainsAny(s[len(s)-1:], ".?:") {
		return s
	}
	return s + "."
}

func (v *visit) briefOr(w agreement.When) string {
	if w.IsZero() {
		return ""
	}
	return v.brief(w)
}

// machine is a date as <time> has it: day, month or year.
func machine(w agreement.When) string {
	switch w.Precision {
	case agreement.ToMonth, agreement.ToYear:
		return w.String()
	case agreement.ToSeason:
		return w.String()[:4]
	}
	return w.Day().String()
}

func (a agreed) goalFact(v *visit) string {
	s := v.T("web.agreement.fact_hold", "count", a.Standing)
	if a.State.HasEnded() {
		s = v.T("web.agreement.fact_held", "count", a.Standing)
	}
	if a.Closed > 0 {
		s += ", " + v.T("web.agreement.fact_closed", "count", a.Closed)
	}
	return s
}

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

// note is the picture's second line: what is worth seeing in it.
func (t timeline) note(v *visit, a agreed) string {
	var s []string
	if t.Hatched {
		s = append(s, v.T("web.agreement.note_unsigned"))
	}
	if a.Closed > 0 && a.Standing > 0 {
		w := v.levelWord(a.Top)
		key := "web.agreement.note_goals"
		if a.State.HasEnded() {
			key = "web.agreement.note_goals_ended"
		}
		s = append(s, v.Lang.T(key, "count", a.Standing, "n", capital(v.spelled(a.Standing, w.Gender)), "all", v.spelled(a.Standing+a.Closed, w.Gender), "goals", w.Of(a.Standing+a.Closed)))
	}
	return strings.Join(s, " ")
}

// source says where the picture's days are from, and what it draws more closely than is known.
func (t timeline) source(v *visit, a agreed) string {
	var s []string
	if a.Source != "" {
		s = append(s, stopped(v.T("web.source", "source", a.Source)))
	}
	if t.Rough {
		s = append(s, v.T("web.agreement.whole_years"))
	}
	return strings.Join(s, " ")
}

func (t timeline) has(kind string) bool {
	return slices.ContainsFunc(t.Marks, func(m mark) bool { return m.Kind == kind })
}

func (t timeline) decisions() bool {
	return slices.ContainsFunc(t.Bars, func(b bar) bool { return b.Decided != nil })
}

func someUnworded(ls []agreement.Level) bool {
	return slices.ContainsFunc(ls, func(l agreement.Level) bool { return l.Unworded() > 0 })
}

// goalNotes are the margin's: how many of each level there are, as far as is known.
func (a agreed) goalNotes(v *visit) []string {
	var known []string
	for _, l := range a.Levels {
		if l.Known > 0 {
			known = append(known, Number(v.Lang, int64(l.Known))+" "+v.levelWord(l.Key).Of(l.Known))
		}
	}
	if len(known) == 0 {
		return nil
	}
	notes := []string{v.T("web.agreement.goals_known", "goals", joined(", ", known...))}
	if a.Closed > 0 {
		notes = append(notes, v.T("web.agreement.goals_stay"))
	}
	return notes
}

func (a agreed) partyCaption(v *visit) string {
	p := v.word(tenant.Party)
	return v.T("web.agreement.parties_on", "parties", Number(v.Lang, int64(a.Parties.Known))+" "+p.Of(a.Parties.Known), "day", LongDay(v.Lang, v.On))
}

func (a agreed) partyNotes(v *visit) []string {
	var notes []string
	if len(a.Absent) > 0 {
		notes = append(notes, v.T("web.agreement.parties_note"))
	}
	if n := a.Parties.Known - a.Parties.Counted; n > 0 {
		notes = append(notes, v.T("web.agreement.unnamed_parties", "count", n, "source", a.Parties.Source))
	}
	if a.Public {
		notes = append(notes, v.T("web.agreement.public_parties"))
	}
	return notes
}

// absentSentence names the county's own municipalities that are no parties.
func (a agreed) absentSentence(v *visit) string {
	if len(a.Absent) == 0 || len(a.Absent) > 5 {
		return ""
	}
	var names []string
	for _, n := range a.Absent {
		names = append(names, strings.TrimSuffix(strings.TrimSuffix(n.Name, " kommun"), "s"))
	}
	if len(names) == 1 {
		return v.T("web.agreement.one_absent", "name", names[0])
	}
	return v.T("web.agreement.some_absent", "names", v.and(names))
}

// partySource says where the parties are known from, and what no source tells of them.
func (a agreed) partySource(v *visit) string {
	if a.Public {
		return ""
	}
	var s []string
	sources := map[string]bool{}
	for _, p := range a.Parties.List {
		if p.Source != "" && len(sources) < 3 && !sources[p.Source] {
			sources[p.Source] = true
			s = append(s, p.Source)
		}
	}
	said := ""
	if len(s) > 0 {
		said = stopped(v.T("web.source", "source", strings.Join(s, "; ")))
	}
	if _, signed, _ := a.columns(); a.Signs && !signed {
		said = joined(" ", said, v.T("web.agreement.signing_unsaid"))
		if w := a.AllSigned; !w.IsZero() && !v.On.Before(w.Day()) {
			said += " " + v.T("web.agreement.all_by", "day", LongDay(v.Lang, w.Day()))
		}
	}
	return said
}

// partyType is what sort of organisation a party is party as.
func (v *visit) partyType(p agreement.Party) string {
	if len(p.Roles) == 0 {
		return small(v.Of("organisation.type.", p.Type))
	}
	var as []string
	for _, r := range p.Roles {
		as = append(as, small(v.Of("organisation.type.", r)))
	}
	return v.and(as)
}

func ownDecision(s *agreement.Signature) string {
	if s.Decided.IsZero() || strings.Contains(s.Decision, s.Decided.String()) {
		return s.Decision
	}
	return joined(", ", s.Decision, s.Decided.String())
}

// localRow is a municipality with one of its local agreements, or none.
type localRow struct {
	Municipality string
	Local        *agreement.LocalAgreement
}

// localRows are every municipality of the county, by name, each with its local
// agreements under this instrument; then those of no municipality.
func (a agreed) localRows() []localRow {
	var rows []localRow
	placed := map[uuid.UUID]bool{}
	for _, c := range a.Coverage {
		n := 0
		for i, l := range a.Locals {
			if slices.Contains(l.Parties, c.Municipality) {
				rows = append(rows, localRow{c.Name, &a.Locals[i]})
				placed[l.ID] = true
				n++
			}
		}
		if n == 0 {
			rows = append(rows, localRow{Municipality: c.Name})
		}
	}
	slices.SortStableFunc(rows, func(x, y localRow) int { return swedish(x.Municipality, y.Municipality) })
	for i, l := range a.Locals {
		if placed[l.ID] {
			continue
		}
		var names []string
		for _, m := range l.Members {
			names = append(names, m.Name)
		}
		rows = append(rows, localRow{strings.Join(names, ", "), &a.Locals[i]})
	}
	return rows
}

func (a agreed) localSentence(v *visit) string {
	with, all := 0, len(a.Coverage)
	for _, c := range a.Coverage {
		if slices.ContainsFunc(a.Locals, func(l agreement.LocalAgreement) bool { return slices.Contains(l.Parties, c.Municipality) }) {
			with++
		}
	}
	w := v.word(tenant.LocalAgreement)
	if with == all {
		return v.T("web.agreement.local_all", "all", v.spelled(all, "en"), "local", w.One)
	}
	return v.T("web.agreement.local_some", "count", with, "n", capital(v.spelled(with, "en")), "all", v.spelled(all, "en"), "local", w.One)
}

// localTime says when a local agreement holds.
func (v *visit) localTime(l agreement.LocalAgreement) string {
	switch {
	case l.PeriodUnknown:
		return v.T("web.agreement.time_unknown")
	case l.Until.IsZero() && l.From.IsZero():
		return v.T("agreement.validity.until-further-notice")
	}
	kind := agreement.ValidityFixed
	if l.Until.IsZero() {
		kind = agreement.ValidityUntilNotice
	}
	return v.period(agreement.Validity{Kind: kind, From: l.From, Until: l.Until})
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

// localCrumbs are where a local agreement belongs.
func (v *visit) localCrumbs(i agreement.Instrument) []crumb {
	if i.ID == uuid.Nil {
		return v.agreementsCrumb()
	}
	return v.inAgreement(i)
}

// parties are who a local agreement is between.
func (l agreementList) parties(a agreement.LocalAgreement) string {
	names := make([]string, len(a.Members))
	for i, m := range a.Members {
		names[i] = m.Name
	}
	return strings.Join(names, ", ")
}

func (g aimed) crumbs(v *visit) []crumb {
	cs := v.inAgreement(g.In)
	for _, up := range g.Above {
		cs = append(cs, crumb{up.Name, string(agreementAt(v, g.In.ID, "/goals/", up.ID.String()))})
	}
	return cs
}

// At is an address under the goal.
func (g aimed) At(v *visit, parts ...string) templ.SafeURL {
	return agreementAt(v, g.In.ID, "/goals/", g.ID.String(), strings.Join(parts, ""))
}

// At is an address under the party's part.
func (p takingPart) At(v *visit, parts ...string) templ.SafeURL {
	return agreementAt(v, p.In.ID, "/parties/", p.Who.ID.String(), strings.Join(parts, ""))
}

func (v *visit) groundOf(g agreement.Goal) string {
	if g.Ground == "" {
		return ""
	}
	return capital(v.Of("agreement.ground.", g.Ground))
}

func (v *visit) measureOf(g agreement.Goal) string {
	if g.Measure == "" || g.Measure == agreement.MeasureUnknown {
		return ""
	}
	return capital(v.Of("agreement.measure.", g.Measure))
}

func (v *visit) linkOf(l agreement.Link) string {
	if l.Kind == agreement.CarriedOver {
		if l.Outward {
			return v.T("web.agreement.carried_to")
		}
		return v.T("web.agreement.carried_from")
	}
	return v.Of("agreement.link.", l.Kind)
}

func (v *visit) partyKind(p takingPart) string {
	kind := small(v.Of("organisation.type.", p.Who.Type))
	if p.Now == nil {
		return capital(kind)
	}
	return capital(v.statusOf(p.Now.Status)) + " · " + kind
}

func (v *visit) noSignatureWhy(p takingPart) string {
	if p.Now.HasSigned {
		return v.T("web.agreement.no_signature_all")
	}
	return v.T("web.agreement.no_signature_why")
}

func (v *visit) spanOr(from, to day.Day) string {
	if from.IsZero() && to.IsZero() {
		return ""
	}
	return v.span(day.Span{From: from, To: to})
}

func (v *visit) localLead(l agreement.LocalAgreement) string {
	n := len(l.Members)
	if l.PeriodUnknown {
		return v.T("web.agreement.local_lead_unknown", "count", n, "n", capital(v.spelled(n, v.word(tenant.Party).Gender)))
	}
	return v.T("web.agreement.local_lead", "count", n, "n", capital(v.spelled(n, v.word(tenant.Party).Gender)), "time", v.localTime(l))
}

// tabled is the name of a table under a heading of the same name.
func (v *visit) tabled(name string) string { return v.T("web.agreement.tabled", "name", name) }

// kin are the instruments before and after; drafts are of today alone.
func (a agreed) kin(v *visit) []agreement.Relative {
	return slices.DeleteFunc(slices.Clone(a.Kin), func(k agreement.Relative) bool { return v.Past() && slices.Contains(a.Drafts, k.ID) })
}

// startersKnown tells whether it is known of any local agreement who started it.
func (a agreed) startersKnown() bool {
	return slices.ContainsFunc(a.Locals, func(l agreement.LocalAgreement) bool { return l.InitiatedByName != "" })
}

func (a agreed) localSpan() string {
	if a.startersKnown() {
		return "3"
	}
	return "2"
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
