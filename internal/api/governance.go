package api

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/person"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

// InBody names a body in the path.
type InBody struct {
	InCounty
	Key string `path:"body" doc:"The body's key, as the county's configuration names it." example:"forum"`
}

// BodyQuery asks for the county's bodies.
type BodyQuery struct {
	InCounty
	AsOf
	Paging
}

// BodyOn asks for a body as of a day.
type BodyOn struct {
	InBody
	AsOf
}

// BodyPageOn asks for a page of something about a body as of a day.
type BodyPageOn struct {
	InBody
	AsOf
	Paging
}

// BodySummary is a body with how its seats are filled.
type BodySummary struct {
	Key      string       `json:"key" doc:"Names the body; it never changes." example:"forum"`
	Kind     string       `json:"kind" doc:"Its kind, as the county's configuration names it." example:"forum"`
	Name     tenant.Words `json:"name" doc:"What it is called, by language." example:"{\"sv\": \"Forum för mottagande och etablering\"}"`
	Parents  []string     `json:"parents" nullable:"false" doc:"The bodies that it stands under, by key." example:"[\"council\"]"`
	Prepared []string     `json:"preparedBodies" nullable:"false" doc:"The bodies whose matters it prepares, by key." example:"[\"forum\"]"`
	Decides  []string     `json:"decides" nullable:"false" doc:"What it may decide. Empty: nothing, as far as is known." example:"[\"direction\", \"structure\"]"`
	Places   int          `json:"places" doc:"How many places there are at its table, guests not counted." example:"16"`
	Held     int          `json:"held" doc:"How many of them somebody holds." example:"15"`
	Linked
}

// BodyList is a page of bodies.
type BodyList struct {
	Bodies []BodySummary `json:"bodies" doc:"The bodies, in the order in which the county tells of them."`
	Paged
}

// Rule is one rule of a body.
type Rule struct {
	Rule     string `json:"rule" doc:"Which rule, by key." example:"quorum"`
	Label    string `json:"label" doc:"What it is about." example:"När det är beslutsfört"`
	Sentence string `json:"sentence" doc:"The rule in plain words, in the language asked for." example:"Minst hälften av platserna ska vara företrädda."`
	Known    bool   `json:"known" doc:"Whether anybody has said what the rule is; else the sentence says what holds meanwhile." example:"true"`
}

// Body is a body as the configuration of a day has it.
type Body struct {
	BodySummary
	Purpose     tenant.Words   `json:"purpose,omitempty" doc:"What it is for, by language." example:"{\"sv\": \"Alla parter beslutar om riktning\"}"`
	Tasks       []tenant.Words `json:"tasks" nullable:"false" doc:"What it does, one task at a time, by language." example:"[{\"sv\": \"Identifiera behov\"}]"`
	AnswersFor  []string       `json:"answeredGoals" nullable:"false" doc:"The areas and goals that it answers for, by key." example:"[\"halsa\"]"`
	Secretariat []string       `json:"secretariats" nullable:"false" doc:"The organisations that keep its secretariat, by key." example:"[\"lansstyrelsen\"]"`
	Initiates   bool           `json:"initiates" doc:"Whether it also raises matters of its own, where it prepares." example:"true"`
	Rules       []Rule         `json:"rules" nullable:"false" doc:"Its rules, in the order in which a reader meets them."`
}

// SeatHolding is a place at a body's table and who has it.
type SeatHolding struct {
	Place       string               `json:"place" doc:"Names the place within its body." example:"municipality/alvesta"`
	Seat        string               `json:"seat" doc:"The seat, as the configuration names it." example:"municipality"`
	Name        string               `json:"name" doc:"What the place is called, in the language asked for." example:"Alvesta kommun"`
	Standing    string               `json:"standing" enum:"ordinary,offered,adjunct,guest" doc:"How it stands at the table." example:"ordinary"`
	Level       string               `json:"level,omitempty" enum:"political,top-management,middle-management,official" doc:"From which level its holder comes. Empty: unknown." example:"political"`
	Mandate     string               `json:"mandate,omitempty" enum:"binds,refers-back" doc:"Whether its holder may bind the party, or must take the matter home. Empty: unknown." example:"binds"`
	Votes       bool                 `json:"votes" doc:"Whether whoever serves it takes part in decisions." example:"true"`
	Parties     []governance.Party   `json:"parties" nullable:"false" doc:"Whose place it is: one, several who share it, or none."`
	Holder      *governance.Mandate  `json:"holder,omitempty" doc:"Who holds it. Left out: nobody."`
	Deputies    []governance.Mandate `json:"deputies" nullable:"false" doc:"Its deputies and those of its parties, in the order in which they are called."`
	VacantSince string               `json:"vacantSince,omitempty" format:"date" doc:"From which day nobody has held it. Empty: somebody does, or it is not known." example:"2027-02-01"`
	Linked
}

// SeatHoldingList is a page of a body's places.
type SeatHoldingList struct {
	Members []SeatHolding `json:"members" doc:"The places, in the order of the table, also those that nobody holds."`
	Paged
}

// Seat is a mandate with the body and place it is for.
type Seat struct {
	governance.Seat
	Linked
}

// SeatList is a page of mandates with their bodies and places.
type SeatList struct {
	Seats []Seat `json:"seats" doc:"The mandates, by body."`
	Paged
}

// OrganisationPageOn asks for a page of something about an organisation as of a day.
type OrganisationPageOn struct {
	InOrganisation
	AsOf
	Paging
}

// PersonPageOn asks for a page of something about a person as of a day.
type PersonPageOn struct {
	InPerson
	AsOf
	Paging
}

// Vacancy is a place that nobody holds, or that has no deputy.
type Vacancy struct {
	What     string             `json:"what" enum:"seat,deputy" doc:"Whether nobody holds the place, or it has no deputy although the body's rule wants one." example:"seat"`
	Body     string             `json:"body" doc:"The body, by key." example:"forum"`
	BodyName tenant.Words       `json:"bodyName" doc:"What the body is called, by language." example:"{\"sv\": \"Forum\"}"`
	Place    string             `json:"place" doc:"The place, by key." example:"municipality/alvesta"`
	Name     string             `json:"name" doc:"What the place is called, in the language asked for." example:"Alvesta kommun"`
	Parties  []governance.Party `json:"parties" nullable:"false" doc:"Whose place it is."`
	Since    string             `json:"since,omitempty" format:"date" doc:"From which day. Empty: not known." example:"2027-02-01"`
	Linked
}

// VacancyList is a page of what is missing.
type VacancyList struct {
	Vacancies []Vacancy `json:"vacancies" doc:"What is missing, by body."`
	Paged
}

// bodies are who sits where: read as of any day.
func (d *Door) bodies() {
	const all, one = "/counties/{county}/bodies", "/counties/{county}/bodies/{body}"

	list(d, Member, all, "list-bodies", func(ctx context.Context, tx *pg.Tx, in *BodyQuery) (l BodyList, total int, err error) {
		bs, err := governance.Bodies(ctx, tx, in.day(tx))
		for _, b := range cut(bs, in.Paging) {
			l.Bodies = append(l.Bodies, d.bodySummary(tx, b))
		}
		return l, len(bs), err
	})
	read(d, Member, one, "get-body", func(ctx context.Context, tx *pg.Tx, in *BodyOn) (Body, error) {
		bs, err := governance.Bodies(ctx, tx, in.day(tx))
		if err != nil {
			return Body{}, err
		}
		for _, b := range bs {
			if b.Key == in.Key {
				return d.body(ctx, tx, b)
			}
		}
		return Body{}, missing()
	})
	list(d, Member, one+"/members", "list-body-members", func(ctx context.Context, tx *pg.Tx, in *BodyPageOn) (l SeatHoldingList, total int, err error) {
		ms, err := governance.Members(ctx, tx, in.Key, in.day(tx))
		for _, m := range cut(ms, in.Paging) {
			l.Members = append(l.Members, d.holding(ctx, tx, in.Key, m))
		}
		return l, len(ms), err
	})
	list(d, Member, "/counties/{county}/people/{person}/seats", "list-person-seats", func(ctx context.Context, tx *pg.Tx, in *PersonPageOn) (l SeatList, total int, err error) {
		if _, err := person.Get(ctx, tx, in.ID); err != nil {
			return l, 0, err
		}
		ss, err := governance.Seats(ctx, tx, in.ID, in.day(tx))
		l.Seats = d.seats(tx, cut(ss, in.Paging))
		return l, len(ss), err
	})
	list(d, Member, "/counties/{county}/organisations/{organisation}/speakers", "list-organisation-speakers",
		func(ctx context.Context, tx *pg.Tx, in *OrganisationPageOn) (l SeatList, total int, err error) {
			if _, err := organisation.Get(ctx, tx, in.ID); err != nil {
				return l, 0, err
			}
			ss, err := governance.Speakers(ctx, tx, in.ID, in.day(tx))
			l.Seats = d.seats(tx, cut(ss, in.Paging))
			return l, len(ss), err
		})
	list(d, Member, "/counties/{county}/vacancies", "list-vacancies", func(ctx context.Context, tx *pg.Tx, in *BodyQuery) (l VacancyList, total int, err error) {
		vs, err := governance.Vacancies(ctx, tx, in.day(tx))
		for _, v := range cut(vs, in.Paging) {
			it := Vacancy{What: v.What, Body: v.Body, BodyName: v.BodyName, Place: v.Key, Name: v.Name(string(from(ctx).lang)), Parties: v.Parties, Since: v.Since.String(), Linked: Linked{Links{}}}
			it.Links.to("up", http.MethodGet, d.bodyAt(tx, v.Body))
			l.Vacancies = append(l.Vacancies, it)
		}
		return l, len(vs), err
	})

	d.mandates()
	d.seatOffers()
	d.handovers()
	d.register()
	d.health()
	d.publishedBodies()
}

func (d *Door) bodyAt(tx *pg.Tx, key string) string {
	return d.at("counties", tx.Tenant, "bodies", key)
}

func (d *Door) bodySummary(tx *pg.Tx, b governance.Body) BodySummary {
	l := Links{}
	l.to("self", http.MethodGet, d.bodyAt(tx, b.Key))
	l.to("collection", http.MethodGet, d.at("counties", tx.Tenant, "bodies"))
	l.to("members", http.MethodGet, d.bodyAt(tx, b.Key)+"/members")
	l.to("mandates", http.MethodGet, d.at("counties", tx.Tenant, "mandates")+"?body="+b.Key)
	return BodySummary{Key: b.Key, Kind: b.Kind, Name: b.Name, Parents: some(b.Under), Prepared: some(b.PreparesFor), Decides: some(b.Decides),
		Places: b.Places, Held: b.Held, Linked: Linked{l}}
}

// some lets an empty list be a list.
func some[T any](ts []T) []T { return append([]T{}, ts...) }

func (d *Door) body(ctx context.Context, tx *pg.Tx, b governance.Body) (Body, error) {
	it := Body{BodySummary: d.bodySummary(tx, b), Purpose: b.Purpose, Tasks: some(b.Tasks), AnswersFor: some(b.AnswersFor), Secretariat: some(b.Secretariat),
		Initiates: b.Initiates}
	ss, err := governance.Sentences(ctx, tx, b.Body, from(ctx).lang)
	it.Rules = rules(ss)
	return it, err
}

func rules(ss []tenant.Sentence) []Rule {
	rs := make([]Rule, len(ss))
	for i, s := range ss {
		rs[i] = Rule{Rule: s.Rule, Label: s.Label, Sentence: s.Text, Known: !s.Unknown}
	}
	return rs
}

func (d *Door) holding(ctx context.Context, tx *pg.Tx, body string, m governance.Member) SeatHolding {
	it := SeatHolding{Place: m.Key, Seat: m.Seat.Key, Name: m.Name(string(from(ctx).lang)), Standing: m.Standing(), Level: m.Seat.Level, Mandate: m.Seat.Mandate,
		Votes: m.Votes(), Parties: m.Parties, Holder: m.Holder, Deputies: m.Deputies, VacantSince: m.VacantSince.String(), Linked: Linked{Links{}}}
	it.Links.to("up", http.MethodGet, d.bodyAt(tx, body))
	if m.Holder != nil {
		it.Links.to("holder", http.MethodGet, d.mandateAt(tx, m.Holder.ID))
	}
	return it
}

func (d *Door) seats(tx *pg.Tx, ss []governance.Seat) []Seat {
	all := make([]Seat, len(ss))
	for i, s := range ss {
		all[i] = Seat{s, d.mandate(tx, s.Mandate).Linked}
		all[i].Links.to("up", http.MethodGet, d.bodyAt(tx, s.Body))
	}
	return all
}

func (d *Door) mandateAt(tx *pg.Tx, id uuid.UUID) string {
	return d.at("counties", tx.Tenant, "mandates", id.String())
}

// mandate adds what leads on, and what the caller may do.
func (d *Door) mandate(tx *pg.Tx, m governance.Mandate) Mandate {
	here := d.mandateAt(tx, m.ID)
	l := Links{}
	l.to("self", http.MethodGet, here)
	l.to("collection", http.MethodGet, d.at("counties", tx.Tenant, "mandates"))
	l.to("person", http.MethodGet, d.at("counties", tx.Tenant, "people", m.Person.String()))
	l.to("history", http.MethodGet, here+"/history")
	if m.Organisation != uuid.Nil {
		l.to("organisation", http.MethodGet, d.at("counties", tx.Tenant, "organisations", m.Organisation.String()))
	}
	if tx.MayFor(auth.GovernanceChange, m.Organisation) {
		l.to("edit", http.MethodPut, here)
		l.to("ending", http.MethodPost, here+"/ending")
	}
	return Mandate{Mandate: m, Linked: Linked{l}}
}
