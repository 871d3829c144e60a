package api

import (
	"context"
	"net/http"

	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

// PublishedBody is what everyone may know of a body. No person stands in it.
type PublishedBody struct {
	Key      string          `json:"key" doc:"Names the body; it never changes." example:"forum"`
	Kind     string          `json:"kind" doc:"Its kind, as the county's configuration names it." example:"forum"`
	Name     tenant.Words    `json:"name" doc:"What it is called, by language." example:"{\"sv\": \"Forum för mottagande och etablering\"}"`
	Purpose  tenant.Words    `json:"purpose,omitempty" doc:"What it is for, by language." example:"{\"sv\": \"Alla parter beslutar om riktning\"}"`
	Tasks    []tenant.Words  `json:"tasks" nullable:"false" doc:"What it does, one task at a time, by language." example:"[{\"sv\": \"Identifiera behov\"}]"`
	Parents  []string        `json:"parents" nullable:"false" doc:"The published bodies that it stands under, by key." example:"[\"council\"]"`
	Prepared []string        `json:"preparedBodies" nullable:"false" doc:"The published bodies whose matters it prepares, by key." example:"[\"forum\"]"`
	Decides  []string        `json:"decides" nullable:"false" doc:"What it may decide. Empty: nothing, as far as is known." example:"[\"direction\", \"structure\"]"`
	Seats    []PublishedSeat `json:"seats" nullable:"false" doc:"Its seats. Those that stand only while they are offered name nobody."`
	Rules    []Rule          `json:"rules" nullable:"false" doc:"Its rules, in the order in which a reader meets them."`
	Linked
}

// PublishedSeat is a place at a published body's table.
type PublishedSeat struct {
	Place    string             `json:"place" doc:"Names the place within its body." example:"municipality/alvesta"`
	Name     string             `json:"name" doc:"What the place is called, in the language asked for." example:"Alvesta kommun"`
	Standing string             `json:"standing" enum:"ordinary,offered,adjunct,guest" doc:"How it stands at the table." example:"ordinary"`
	Level    string             `json:"level,omitempty" enum:"political,top-management,middle-management,official" doc:"From which level its holder comes. Left out: unknown." example:"political"`
	Mandate  string             `json:"mandate,omitempty" enum:"binds,refers-back" doc:"Whether its holder may bind the party, or must take the matter home. Left out: unknown." example:"binds"`
	Votes    bool               `json:"votes" doc:"Whether whoever serves it takes part in decisions." example:"true"`
	Parties  []governance.Party `json:"parties" nullable:"false" doc:"Whose place it is, of the organisations that are published."`
}

// PublishedBodyList is a page of published bodies.
type PublishedBodyList struct {
	Bodies []PublishedBody `json:"bodies" doc:"The bodies that the county publishes, in the order in which it tells of them."`
	Paged
}

// publishedBodies are the bodies that everyone may read of, as of any day.
func (d *Door) publishedBodies() {
	const all = "/counties/{county}/published-bodies"

	list(d, Public, all, "list-published-bodies", func(ctx context.Context, tx *pg.Tx, in *BodyQuery) (l PublishedBodyList, total int, err error) {
		bs, err := governance.PublishedBodies(ctx, tx, in.day(tx))
		for _, b := range cut(bs, in.Paging) {
			l.Bodies = append(l.Bodies, d.publishedBody(ctx, tx, b))
		}
		return l, len(bs), err
	})
	read(d, Public, all+"/{body}", "get-published-body", func(ctx context.Context, tx *pg.Tx, in *BodyOn) (PublishedBody, error) {
		b, err := governance.GetPublishedBody(ctx, tx, in.Key, in.day(tx))
		return d.publishedBody(ctx, tx, b), err
	})
}

func (d *Door) publishedBody(ctx context.Context, tx *pg.Tx, b governance.PublishedBody) PublishedBody {
	it := PublishedBody{Key: b.Key, Kind: b.Kind, Name: b.Name, Purpose: b.Purpose, Tasks: some(b.Tasks), Parents: some(b.Under), Prepared: some(b.PreparesFor), Decides: some(b.Decides),
		Seats: []PublishedSeat{}, Rules: rules(b.Tell(from(ctx).lang)), Linked: Linked{Links{}}}
	it.Links.to("self", http.MethodGet, d.at("counties", tx.Tenant, "published-bodies", b.Key))
	it.Links.to("collection", http.MethodGet, d.at("counties", tx.Tenant, "published-bodies"))
	it.Links.to("meetings", http.MethodGet, d.at("counties", tx.Tenant, "published-meetings")+"?body="+b.Key)
	for _, p := range b.Places {
		it.Seats = append(it.Seats, PublishedSeat{Place: p.Key, Name: p.Name(string(from(ctx).lang)), Standing: p.Standing(), Level: p.Seat.Level, Mandate: p.Seat.Mandate,
			Votes: p.Votes(), Parties: p.Parties})
	}
	return it
}
