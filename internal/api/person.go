package api

import (
	"context"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/person"
	"github.com/overens/overens/internal/pg"
)

// InPerson names a person in the path.
type InPerson struct {
	InCounty
	ID uuid.UUID `path:"person" doc:"The person's identifier: no personal identity number." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f21"`
}

// Person is a person with what leads on from the card.
type Person struct {
	person.Person
	Linked
}

// PersonList is a page of people.
type PersonList struct {
	People []Person `json:"people" doc:"The people, in Swedish order."`
	Paged
}

// PersonQuery asks for people.
type PersonQuery struct {
	InCounty
	Query        string    `query:"q" maxLength:"200" doc:"Beginnings of words in name and title." example:"kim"`
	Organisation uuid.UUID `query:"organisation" doc:"Only those of this organisation." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Status       string    `query:"status" enum:"standing,ended,all" default:"standing" doc:"Those whose card holds, those whose card has ended, or all." example:"standing"`
	On           day.Day   `query:"on" doc:"As of this day. Default: today in Sweden." example:"2026-11-25"`
	Paging
}

// NewPerson is a new person's card.
type NewPerson struct {
	InCounty
	Body person.Card
}

// PersonCard is a person's card, written anew.
type PersonCard struct {
	InPerson
	Body person.Card
}

// PersonEnding is from which day a card no longer holds.
type PersonEnding struct {
	InPerson
	Body person.Ending
}

// PersonPage asks for a page of something about a person.
type PersonPage struct {
	InPerson
	Paging
}

func (d *Door) people() {
	const all, one = "/counties/{county}/people", "/counties/{county}/people/{person}"

	list(d, Member, all, "list-people", func(ctx context.Context, tx *pg.Tx, in *PersonQuery) (l PersonList, total int, err error) {
		ps, total, err := person.List(ctx, tx, person.Filter{Query: in.Query, Organisation: in.Organisation, Status: in.Status, On: in.On, Limit: in.Limit, Page: in.Page})
		for _, p := range ps {
			l.People = append(l.People, d.person(tx, p))
		}
		return l, total, err
	})
	create(d, all, "create-person", func(ctx context.Context, tx *pg.Tx, in *NewPerson) (Person, error) {
		p, err := person.Create(ctx, tx, in.Body)
		return d.person(tx, p), err
	})
	read(d, Member, one, "get-person", func(ctx context.Context, tx *pg.Tx, in *InPerson) (Person, error) {
		p, err := person.Get(ctx, tx, in.ID)
		return d.person(tx, p), err
	})
	replace(d, one, "replace-person", func(ctx context.Context, tx *pg.Tx, in *PersonCard, version int64) (Person, error) {
		p, err := person.Change(ctx, tx, in.ID, version, in.Body)
		return d.person(tx, p), err
	})
	act(d, one+"/ending", "end-person", func(ctx context.Context, tx *pg.Tx, in *PersonEnding, version int64) (Person, error) {
		p, err := person.End(ctx, tx, in.ID, version, in.Body)
		if err == nil {
			err = meeting.Reseat(ctx, tx)
		}
		return d.person(tx, p), err
	})
	list(d, Member, one+"/history", "list-person-history", func(ctx context.Context, tx *pg.Tx, in *PersonPage) (EntryList, int, error) {
		if _, err := person.Get(ctx, tx, in.ID); err != nil {
			return EntryList{}, 0, err
		}
		return history(ctx, tx, "person", in.ID, in.Paging)
	})
}

// person adds what leads on, and what the caller may do.
func (d *Door) person(tx *pg.Tx, p person.Person) Person {
	here := d.at("counties", tx.Tenant, "people", p.ID.String())
	l := Links{}
	l.to("self", "GET", here)
	l.to("collection", "GET", d.at("counties", tx.Tenant, "people"))
	l.to("history", "GET", here+"/history")
	if p.OrganisationID.Valid {
		l.to("organisation", "GET", d.at("counties", tx.Tenant, "organisations", p.OrganisationID.UUID.String()))
	}
	if tx.MayFor(auth.PersonChange, p.OrganisationID.UUID) {
		l.to("edit", "PUT", here)
		l.to("ending", "POST", here+"/ending")
	}
	return Person{p, Linked{l}}
}
