package web

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strconv"

	"github.com/a-h/templ"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/audit"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/person"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

// mandateSeen is one mandate with all that its page shows.
type mandateSeen struct {
	governance.Mandate
	Body      tenant.Body
	PlaceName string
	Handovers []governance.Handover // in which it is left or taken up
	Follows   bool                  // whether it can still be handed over
	History   []audit.Entry
	Whole     bool
	Doubts    []string // what is worth a look
}

// held are the days of a mandate, in words.
func (v *visit) held(m governance.Mandate) string {
	if m.Withdrawn {
		return v.T("governance.page.never")
	}
	return v.span(day.Span{From: m.From, To: m.To})
}

func (d *Door) mandate(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	id, err := id(v.r, "id")
	if err != nil {
		return nil, err
	}
	s := mandateSeen{Whole: tx.May(auth.AuditRead)}
	if s.Mandate, err = governance.Get(ctx, tx, id); err != nil {
		return nil, err
	}
	s.Body, _ = anyBody(tx.County, s.Mandate.Body)
	if s.PlaceName, err = v.placeName(ctx, tx, s.Mandate); err != nil {
		return nil, err
	}
	hs, _, err := governance.Handovers(ctx, tx, governance.HandoverFilter{Person: s.Person, Body: s.Mandate.Body, Limit: mostOffers, Page: 1})
	if err != nil {
		return nil, err
	}
	doubts, err := governance.Doubts(ctx, tx, s.Mandate)
	if err != nil && !fault.Is(err, "common.not_found") { // the body is there no longer
		return nil, err
	}
	for _, w := range doubts {
		s.Doubts = append(s.Doubts, v.Lang.Fill(w.Key, v.args(w.Args)))
	}
	s.Follows = !s.Deputy && !s.Withdrawn
	for _, h := range hs {
		if h.From == id || h.To.UUID == id {
			s.Handovers = append(s.Handovers, h)
		}
		s.Follows = s.Follows && h.From != id
	}
	if s.History, err = audit.History(ctx, tx, "mandate", id, 20, 1); err != nil {
		return nil, err
	}
	return mandatePage(v, s), v.learn(ctx, tx, s.History)
}

// promotion is the form that gives a deputy the place.
func (v *visit) promotion(m governance.Mandate) templ.SafeURL {
	ask := url.Values{"place": {m.Place}, "person": {m.Person.String()}, "organisation": {m.Organisation.String()}}
	return v.To(bodyAddress(m.Body, "/appoint?"+ask.Encode()))
}

// roleOf is how the mandate stands: ordinary, or which deputy.
func (v *visit) roleOf(m governance.Mandate) string {
	if !m.Deputy {
		return v.T("governance.page.ordinary")
	}
	if m.Rank > 0 {
		return v.T("governance.page.deputy_number", "rank", strconv.Itoa(m.Rank))
	}
	return v.T("governance.page.deputy")
}

// mandateState is a mandate's class and word on the day that is shown.
func (v *visit) mandateState(m governance.Mandate) (class, word string) {
	if m.Withdrawn {
		return "closed", v.T("governance.page.withdrawn")
	}
	class, word = v.standing(day.Span{From: m.From, To: m.To})
	if class == "on" && m.Deputy {
		class = "half"
	}
	return class, word
}

// bodySheet is what the forms about a body have in common.
func (v *visit) bodySheet(b tenant.Body, words string) sheet {
	at := string(v.To(bodyAddress(b.Key, "")))
	return sheet{Words: words, Crumbs: []crumb{v.bodiesCrumb(), {v.bodyName(b), at}}, Cancel: at}
}

// appointing is the form that sits somebody on a place, or makes one a deputy.
func (d *Door) appointing(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	if err := mustAct(tx, auth.GovernanceChange); err != nil {
		return sheet{}, err
	}
	b, err := governance.BodyOn(tx, v.r.PathValue("body"), tx.Today())
	if err != nil {
		return sheet{}, err
	}
	places, err := governance.Places(ctx, tx, b.Key, tx.Today())
	if err != nil {
		return sheet{}, err
	}
	n := governance.Nomination{Body: b.Key, Place: v.Asked("place"), Deputy: v.Asked("deputy") != "", From: tx.Today()}
	n.Organisation, _ = uuid.Parse(v.Asked("organisation"))
	n.Person, _ = uuid.Parse(v.Asked("person"))
	party := n.Organisation
	var chosen *governance.Place
	if i := slices.IndexFunc(places, func(p governance.Place) bool { return p.Key == n.Place }); i >= 0 {
		chosen, party = &places[i], cmp.Or(partyID(places[i]), party)
	}
	if own := tx.Party(); party == uuid.Nil && !tx.May(auth.GovernanceChange) {
		party = own
		n.Organisation = own
	}
	s := v.bodySheet(b, "mandate")
	name := v.bodyName(b)
	s.Title, s.Lead = v.T("governance.page.appoint_title", "body", name), v.T("governance.page.appoint_lead")
	if chosen != nil {
		s.Title = v.T("governance.page.appoint_to", "place", v.whose(*chosen), "body", name)
	}
	if n.Deputy {
		s.Title = v.T("governance.page.appoint_deputy", "body", name)
	}
	s.Submit = v.T("governance.page.appoint_do")
	people, err := v.peopleOf(ctx, tx, party)
	if err != nil {
		return s, err
	}
	organisations, err := partyOptions(ctx, tx, v, auth.GovernanceChange)
	s.Options = map[string][]option{"person": people, "place": v.placeOptions(places), "organisation": organisations}
	who := []string{"person"}
	seat := []string{"place"}
	s.Hidden = []string{"body"}
	if chosen == nil || partyID(*chosen) == uuid.Nil {
		seat = append(seat, "organisation")
	}
	if b.Rules.Deputies.Form != tenant.DeputiesNone {
		seat = append(seat, "deputy", "rank")
	}
	s.Leaves = []leaf{
		{"who", v.T("governance.page.who"), []string{v.T("governance.page.who_note")}, who},
		{"seat", v.T("governance.page.seat"), []string{v.T("governance.page.seat_note")}, seat},
		{"when", v.T("governance.page.when"), []string{v.T("governance.page.when_note")}, []string{"from", "to"}},
		{"by", v.T("governance.page.by"), []string{v.T("governance.page.by_note")}, []string{"appointedBy", "reference", "source"}},
	}
	if tx.MayAnywhere(auth.PersonChange) {
		at := "/people/new"
		if party != uuid.Nil {
			at += "?organisationId=" + party.String()
		}
		s.Links = []crumb{{v.T("governance.page.new_person"), string(v.To(at))}}
	}
	s.Thing = n
	return s, err
}

// peopleOf are a party's people, or everybody where it is not known which.
func (v *visit) peopleOf(ctx context.Context, tx *pg.Tx, party uuid.UUID) ([]option, error) {
	all, _, err := person.List(ctx, tx, person.Filter{Organisation: party, On: v.Today, Limit: 1000, Page: 1})
	options := make([]option, len(all))
	for i, p := range all {
		label := p.Name
		if p.Title != "" {
			label += ", " + p.Title
		}
		if party == uuid.Nil && p.OrganisationName != "" {
			label += ", " + p.OrganisationName
		}
		options[i] = option{p.ID.String(), label}
	}
	return options, err
}

// placeOptions are the places that the reader may sit somebody on.
func (v *visit) placeOptions(places []governance.Place) []option {
	var options []option
	for _, p := range places {
		if v.mayAppoint(p.Parties) {
			options = append(options, option{p.Key, v.whose(p)})
		}
	}
	return options
}

func appoint(ctx context.Context, tx *pg.Tx, v *visit, _ int64, n governance.Nomination) (string, error) {
	n.Body = v.r.PathValue("body")
	m, err := governance.Appoint(ctx, tx, n)
	if err != nil {
		return "", err
	}
	if err := meeting.Reseat(ctx, tx, m); err != nil {
		return "", err
	}
	doubts, err := governance.Doubts(ctx, tx, m)
	if err != nil {
		return "", err
	}
	to := "/bodies/" + m.Body + "?done=appointed"
	if m.From.After(tx.Today()) || len(doubts) > 0 {
		to = "/mandates/" + m.ID.String() + "?done=appointed"
	}
	return string(v.To(to)), nil
}

// mandateSheet is what the forms about one mandate have in common.
func (d *Door) mandateSheet(ctx context.Context, tx *pg.Tx, v *visit, words string) (sheet, governance.Mandate, error) {
	if err := mustAct(tx, auth.GovernanceChange); err != nil {
		return sheet{}, governance.Mandate{}, err
	}
	id, err := id(v.r, "id")
	if err != nil {
		return sheet{}, governance.Mandate{}, err
	}
	m, err := governance.Get(ctx, tx, id)
	if err != nil {
		return sheet{}, m, err
	}
	b, ok := anyBody(tx.County, m.Body)
	if !ok {
		b.Key = m.Body
	}
	s := v.bodySheet(b, words)
	at := string(v.To("/mandates/", m.ID.String()))
	s.Crumbs = append(s.Crumbs, crumb{m.Name, at})
	s.Cancel = at
	return s, m, tx.RequireFor(auth.GovernanceChange, m.Organisation)
}

func (d *Door) correctingMandate(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	s, m, err := d.mandateSheet(ctx, tx, v, "mandate")
	if err != nil {
		return s, err
	}
	s.Title, s.Lead = v.T("governance.page.correct", "name", m.Name), v.T("governance.page.correct_lead")
	s.Submit = v.T("form.save")
	when := []string{"from", "to"}
	if m.Deputy {
		when = append(when, "rank")
	}
	s.Leaves = []leaf{
		{"when", v.T("governance.page.when"), []string{v.T("governance.page.when_note")}, when},
		{"by", v.T("governance.page.by"), []string{v.T("governance.page.by_note")}, []string{"appointedBy", "reference", "source"}},
	}
	s.Thing, s.Version = m, m.Version
	return s, nil
}

func correctMandate(ctx context.Context, tx *pg.Tx, v *visit, version int64, f governance.Facts) (string, error) {
	id, err := id(v.r, "id")
	if err != nil {
		return "", err
	}
	m, err := governance.Correct(ctx, tx, id, version, f)
	if err == nil {
		err = meeting.Reseat(ctx, tx, m)
	}
	return string(v.To("/mandates/", id.String(), "?done=saved")), err
}

func (d *Door) endingMandate(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	s, m, err := d.mandateSheet(ctx, tx, v, "mandate")
	if err != nil {
		return s, err
	}
	s.Title, s.Lead = v.T("governance.page.end", "name", m.Name), v.T("governance.page.end_lead")
	s.Submit = v.T("governance.page.end_do")
	s.Leaves = []leaf{{"end", v.T("governance.page.end_when"), []string{v.T("governance.page.end_note")}, []string{"on", "reason"}}}
	s.Thing, s.Version = governance.Ending{On: m.To, Reason: m.EndedReason}, m.Version
	return s, nil
}

func endMandate(ctx context.Context, tx *pg.Tx, v *visit, version int64, e governance.Ending) (string, error) {
	id, err := id(v.r, "id")
	if err != nil {
		return "", err
	}
	m, err := governance.End(ctx, tx, id, version, e)
	if err == nil {
		err = meeting.Reseat(ctx, tx, m)
	}
	return string(v.To("/mandates/", id.String(), "?done=mandate_ended")), err
}

// seatPlace is what a place is called where somebody sits.
func (v *visit) seatPlace(s governance.Seat) string {
	if s.Pooled() {
		return v.T("governance.page.pool", "party", s.Party)
	}
	return tenant.Capital(cmp.Or(s.PlaceName, s.Place))
}

// importedNote says that a mandate came in with a register.
func (v *visit) importedNote(m governance.Mandate) []string {
	if !m.Imported {
		return nil
	}
	return []string{v.T("governance.page.imported")}
}
