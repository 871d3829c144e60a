package web

import (
	"context"
	"slices"

	"github.com/a-h/templ"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement"
	"github.com/overens/overens/internal/audit"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/person"
	"github.com/overens/overens/internal/pg"
)

func (d *Door) organisationRoutes() []route {
	const at = "/lan/{county}/organisations"
	return slices.Concat(
		[]route{
			get(at, d.dated(members, d.organisations)),
			get(at+"/{id}", d.dated(members, d.organisation)),
		},
		both(at+"/new", form[organisation.Card]{d, members, d.newOrganisation, createOrganisation}),
		both(at+"/{id}/edit", form[organisation.Card]{d, members, d.editOrganisation, upon(organisation.Change, under("/organisations"), "?done=saved")}),
		both(at+"/{id}/end", form[organisation.Ending]{d, members, d.endingOrganisation, upon(organisation.End, under("/organisations"), "?done=organisation_ended")}),
	)
}

// organisationList is the list as it was asked for.
type organisationList struct {
	Query, Type, Status string
	Rows                []organisation.Organisation
	paging
}

func (d *Door) organisations(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	l := organisationList{Query: v.Asked("q"), Type: v.Asked("type"), Status: v.Asked("status")}
	if !slices.Contains(organisation.Types, l.Type) {
		l.Type = ""
	}
	if l.Status != organisation.Ended && l.Status != organisation.Any {
		l.Status = organisation.Standing
	}
	l.Page = v.pageAsked()
	var err error
	l.Rows, l.Total, err = organisation.List(ctx, tx, organisation.Filter{Query: l.Query, Type: l.Type, Status: l.Status, On: v.On, Limit: perPage, Page: l.Page})
	return organisationsPage(v, l), err
}

// sentence says how many the list holds and of what.
func (l organisationList) sentence(v *visit) string {
	what := v.Of("organisation.page.count_", l.Status, "count", l.Total)
	if l.Query != "" {
		what += " " + v.T("web.matching", "query", l.Query)
	}
	return what + "."
}

// seen is one organisation with all that its page shows.
type seen struct {
	organisation.Organisation
	Kin     []organisation.Kin
	People  []person.Person
	More    int // people beyond those shown
	History []audit.Entry
	Whole   bool // whether the reader sees who did what

	Documents documentList            // what is about it
	Promised  []meeting.Decision      // to carry out, or to decide on at home
	TakesPart []agreement.Involvement // what it is or has been party to
	Speakers  []governance.Seat       // who may speak for it on the day
}

func (d *Door) organisation(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	id, err := id(v.r, "id")
	if err != nil {
		return nil, err
	}
	var s seen
	if s.Organisation, err = organisation.Get(ctx, tx, id); err != nil {
		return nil, err
	}
	if s.Kin, err = organisation.Kindred(ctx, tx, id); err != nil {
		return nil, err
	}
	if tx.May(auth.PersonRead) {
		const shown = 20
		var total int
		if s.People, total, err = person.List(ctx, tx, person.Filter{Organisation: id, On: v.On, Limit: shown, Page: 1}); err != nil {
			return nil, err
		}
		s.More = total - len(s.People)
	}
	if s.Documents, err = documentsAbout(ctx, tx, id); err != nil {
		return nil, err
	}
	if tx.May(auth.AgreementRead) {
		if s.TakesPart, err = agreement.Involvements(ctx, tx, id); err != nil {
			return nil, err
		}
	}
	if tx.May(auth.GovernanceRead) {
		if s.Speakers, err = governance.Speakers(ctx, tx, id, v.On); err != nil {
			return nil, err
		}
	}
	if v.meetsHere() {
		if s.Promised, _, err = meeting.Decisions(ctx, tx, meeting.DecisionFilter{Party: id, Limit: perPage, Page: 1}); err != nil {
			return nil, err
		}
	}
	s.History, err = audit.History(ctx, tx, "organisation", id, 20, 1)
	s.Whole = tx.May(auth.AuditRead)
	return organisationPage(v, s), err
}

// Span is the days the organisation stands.
func (s seen) Span() day.Span { return day.Span{From: s.ValidFrom, To: s.ValidTo} }

func span(o organisation.Organisation) day.Span { return day.Span{From: o.ValidFrom, To: o.ValidTo} }

func (d *Door) newOrganisation(_ context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	s := v.organisationSheet()
	s.Title, s.Lead = v.T("organisation.page.add"), v.T("organisation.page.add_lead")
	s.Submit, s.Cancel = v.T("organisation.page.add"), string(v.To("/organisations"))
	s.Thing = organisation.Card{Published: true}
	return s, tx.Require(auth.OrganisationCreate)
}

func createOrganisation(ctx context.Context, tx *pg.Tx, v *visit, _ int64, c organisation.Card) (string, error) {
	o, err := organisation.Create(ctx, tx, c)
	return string(v.To("/organisations/", o.ID.String(), "?done=organisation_added")), err
}

func (d *Door) editOrganisation(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	s := v.organisationSheet()
	id, err := id(v.r, "id")
	if err != nil {
		return s, err
	}
	o, err := organisation.Get(ctx, tx, id)
	if err != nil {
		return s, err
	}
	s.Title, s.Lead = v.T("organisation.page.edit", "name", o.Name), v.T("organisation.page.edit_lead")
	s.Crumbs = append(s.Crumbs, crumb{o.Name, string(v.To("/organisations/", o.ID.String()))})
	s.Submit, s.Cancel = v.T("form.save"), string(v.To("/organisations/", o.ID.String()))
	s.Thing = o
	if !tx.May(auth.OrganisationCreate) {
		// A party's own contact is what its administrator may change; the rest
		// goes along as it stands.
		s.Lead = v.T("organisation.page.contact_lead")
		s.Leaves = []leaf{s.Leaves[1]}
		s.Hidden = []string{"type", "name", "shortName", "organisationNumber", "officialCode", "validFrom", "published"}
	}
	return s, tx.RequireFor(auth.OrganisationChange, id)
}

func (v *visit) organisationSheet() sheet {
	return sheet{
		Crumbs: []crumb{{v.T("web.place.organisations"), string(v.To("/organisations"))}},
		Words:  "organisation",
		Leaves: []leaf{
			{"what", v.T("organisation.page.what"), []string{v.T("organisation.page.what_note")}, []string{"type", "name", "shortName", "organisationNumber", "officialCode", "validFrom"}},
			{"reach", v.T("organisation.page.reach"), []string{v.T("organisation.page.reach_note")}, []string{"email", "phone", "website", "mailbox"}},
			{"public", v.T("organisation.page.public"), []string{v.T("organisation.page.public_note")}, []string{"published"}},
		},
	}
}

func (d *Door) endingOrganisation(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	id, err := id(v.r, "id")
	if err != nil {
		return sheet{}, err
	}
	o, err := organisation.Get(ctx, tx, id)
	if err != nil {
		return sheet{}, err
	}
	if err := tx.Require(auth.OrganisationCreate); err != nil {
		return sheet{}, err
	}
	options, err := organisationOptions(ctx, tx, v, id)
	s := sheet{
		Title: v.T("organisation.page.end", "name", o.Name), Lead: v.T("organisation.page.end_lead"), Words: "organisation",
		Crumbs: []crumb{{v.T("web.place.organisations"), string(v.To("/organisations"))}, {o.Name, string(v.To("/organisations/", o.ID.String()))}},
		Leaves: []leaf{
			{"when", v.T("organisation.page.when"), []string{v.T("organisation.page.when_note")}, []string{"on"}},
			{"after", v.T("organisation.page.after"), []string{v.T("organisation.page.after_note")}, []string{"kind", "successors"}},
		},
		Submit: v.T("organisation.page.end_do"), Cancel: string(v.To("/organisations/", o.ID.String())),
		Thing: organisation.Ending{On: o.ValidTo}, Version: o.Version,
		Options: map[string][]option{"successors": options}, Times: map[string]int{"successors": 3},
	}
	return s, err
}

// organisationOptions are those that stand today, to choose among.
func organisationOptions(ctx context.Context, tx *pg.Tx, v *visit, but uuid.UUID) ([]option, error) {
	list, _, err := organisation.List(ctx, tx, organisation.Filter{On: v.Today, Limit: 1000, Page: 1})
	options := make([]option, 0, len(list))
	for _, o := range list {
		if o.ID != but {
			options = append(options, option{o.ID.String(), o.Name})
		}
	}
	return options, err
}
