package web

import (
	"context"
	"slices"
	"strings"

	"github.com/a-h/templ"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/audit"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/person"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/session"
)

func (d *Door) personRoutes() []route {
	const at = "/lan/{county}/people"
	return slices.Concat(
		[]route{
			get(at, d.dated(members, d.people)),
			get(at+"/{id}", d.dated(members, d.person)),
		},
		both(at+"/new", form[person.Card]{d, members, d.newPerson, createPerson}),
		both(at+"/{id}/edit", form[person.Card]{d, members, d.editPerson, upon(person.Change, under("/people"), "?done=saved")}),
		both(at+"/{id}/end", form[person.Ending]{d, members, d.endingPerson, endPerson}),
	)
}

// personList is the list as it was asked for.
type personList struct {
	Query, Status string
	Organisation  uuid.UUID
	Options       []option
	Rows          []person.Person
	paging
}

func (d *Door) people(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	l := personList{Query: v.Asked("q"), Status: v.Asked("status")}
	if l.Status != person.Ended && l.Status != person.Any {
		l.Status = person.Standing
	}
	l.Organisation, _ = uuid.Parse(v.Asked("organisation"))
	l.Page = v.pageAsked()
	var err error
	l.Rows, l.Total, err = person.List(ctx, tx, person.Filter{Query: l.Query, Organisation: l.Organisation, Status: l.Status, On: v.On, Limit: perPage, Page: l.Page})
	if err != nil {
		return nil, err
	}
	if tx.May(auth.OrganisationRead) {
		l.Options, err = organisationOptions(ctx, tx, v, uuid.Nil)
	}
	return peoplePage(v, l), err
}

func (l personList) sentence(v *visit) string {
	what := v.Of("person.page.count_", l.Status, "count", l.Total)
	if i := slices.IndexFunc(l.Options, func(o option) bool { return o.Value == l.Organisation.String() }); i >= 0 {
		what += " " + v.T("person.page.at", "organisation", l.Options[i].Label)
	}
	if l.Query != "" {
		what += " " + v.T("web.matching", "query", l.Query)
	}
	return what + "."
}

// card is one person with all that the page shows.
type card struct {
	person.Person
	History  []audit.Entry
	Whole    bool
	Sessions []session.Session // for whoever may end them
	Seats    []governance.Seat // where he or she sits on the day
}

// Span is the days the card holds.
func (k card) Span() day.Span { return day.Span{From: k.ValidFrom, To: k.ValidTo} }

func (d *Door) person(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	id, err := id(v.r, "id")
	if err != nil {
		return nil, err
	}
	var k card
	if k.Person, err = person.Get(ctx, tx, id); err != nil {
		return nil, err
	}
	k.History, err = audit.History(ctx, tx, "person", id, 20, 1)
	if err != nil {
		return nil, err
	}
	k.Whole = tx.May(auth.AuditRead)
	if tx.May(auth.GovernanceRead) {
		if k.Seats, err = governance.Seats(ctx, tx, id, v.On); err != nil {
			return nil, err
		}
	}
	if d.Keeper != nil && tx.May(auth.SessionEnd) {
		k.Sessions, err = d.Keeper.List(ctx, tx, id)
	}
	return personPage(v, k), err
}

func (v *visit) personSheet() sheet {
	return sheet{
		Crumbs: []crumb{{v.T("web.place.people"), string(v.To("/people"))}},
		Words:  "person",
		Leaves: []leaf{
			{"who", v.T("person.page.who"), []string{v.T("person.page.who_note")}, []string{"name", "title", "organisationId", "validFrom"}},
			{"reach", v.T("person.page.reach"), []string{v.T("person.page.reach_note")}, []string{"email", "phone"}},
		},
	}
}

// partyOptions are the organisations that the actor may write people's cards
// for: all, or the own party.
func partyOptions(ctx context.Context, tx *pg.Tx, v *visit, p auth.Permission) ([]option, error) {
	all, err := organisationOptions(ctx, tx, v, uuid.Nil)
	if tx.May(p) {
		return all, err
	}
	return slices.DeleteFunc(all, func(o option) bool { return !tx.MayFor(p, uuid.MustParse(o.Value)) }), err
}

func (d *Door) newPerson(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	s := v.personSheet()
	if err := mustAct(tx, auth.PersonChange); err != nil {
		return s, err
	}
	s.Title, s.Lead = v.T("person.page.add"), v.T("person.page.add_lead")
	s.Submit, s.Cancel = v.T("person.page.add"), string(v.To("/people"))
	options, err := partyOptions(ctx, tx, v, auth.PersonChange)
	s.Options = map[string][]option{"organisationId": options}
	c := person.Card{}
	if own := tx.Party(); own != uuid.Nil && !tx.May(auth.PersonChange) {
		c.OrganisationID = uuid.NullUUID{UUID: own, Valid: true}
	}
	s.Thing = c
	return s, err
}

func createPerson(ctx context.Context, tx *pg.Tx, v *visit, _ int64, c person.Card) (string, error) {
	p, err := person.Create(ctx, tx, c)
	return string(v.To("/people/", p.ID.String(), "?done=person_added")), err
}

func (d *Door) editPerson(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	s := v.personSheet()
	p, err := d.mine(ctx, tx, v)
	if err != nil {
		return s, err
	}
	s.Title, s.Lead = v.T("person.page.edit", "name", p.Name), v.T("person.page.edit_lead")
	s.Crumbs = append(s.Crumbs, crumb{p.Name, string(v.To("/people/", p.ID.String()))})
	s.Submit, s.Cancel = v.T("form.save"), string(v.To("/people/", p.ID.String()))
	options, err := partyOptions(ctx, tx, v, auth.PersonChange)
	if p.OrganisationID.Valid && !slices.ContainsFunc(options, func(o option) bool { return o.Value == p.OrganisationID.UUID.String() }) {
		options = append(options, option{p.OrganisationID.UUID.String(), p.OrganisationName}) // it has ended, and the card still says so
	}
	s.Options = map[string][]option{"organisationId": options}
	s.Thing = p
	return s, err
}

// mine is the person of the address, when the actor may change the card.
func (d *Door) mine(ctx context.Context, tx *pg.Tx, v *visit) (person.Person, error) {
	id, err := id(v.r, "id")
	if err != nil {
		return person.Person{}, err
	}
	p, err := person.Get(ctx, tx, id)
	if err != nil {
		return p, err
	}
	return p, tx.RequireFor(auth.PersonChange, p.OrganisationID.UUID)
}

func (d *Door) endingPerson(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	p, err := d.mine(ctx, tx, v)
	if err != nil {
		return sheet{}, err
	}
	notes := []string{v.T("person.page.when_note")}
	if tx.May(auth.GovernanceRead) {
		seats, err := governance.Seats(ctx, tx, p.ID, tx.Today())
		if err != nil {
			return sheet{}, err
		}
		held := make([]string, len(seats))
		for n, s := range seats {
			held[n] = s.BodyName.In(string(v.Lang)) + " (" + v.seatPlace(s) + ")"
		}
		if len(held) > 0 {
			notes = append(notes, v.T("person.page.end_seats", "seats", strings.Join(held, ", ")))
		}
	}
	return sheet{
		Title: v.T("person.page.end", "name", p.Name), Lead: v.T("person.page.end_lead"), Words: "person",
		Crumbs: []crumb{{v.T("web.place.people"), string(v.To("/people"))}, {p.Name, string(v.To("/people/", p.ID.String()))}},
		Leaves: []leaf{{"when", v.T("person.page.when"), notes, []string{"on"}}},
		Submit: v.T("person.page.end_do"), Cancel: string(v.To("/people/", p.ID.String())),
		Thing: person.Ending{On: p.ValidTo}, Version: p.Version,
	}, nil
}

func endPerson(ctx context.Context, tx *pg.Tx, v *visit, version int64, e person.Ending) (string, error) {
	id, err := id(v.r, "id")
	if err != nil {
		return "", err
	}
	_, err = person.End(ctx, tx, id, version, e)
	if err == nil {
		err = meeting.Reseat(ctx, tx)
	}
	return string(v.To("/people/", id.String(), "?done=person_ended")), err
}
