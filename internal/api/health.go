package api

import (
	"context"
	"net/http"

	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/pg"
)

// HealthQuery asks how promises are kept as of a day.
type HealthQuery struct {
	InCounty
	AsOf
}

// OrganisationOn asks for something about an organisation as of a day.
type OrganisationOn struct {
	InOrganisation
	AsOf
}

// Health is what has been promised and what has been done, each promise with the
// rule that makes it in words.
type Health struct {
	meeting.Health
	Promises []Promise `json:"promises" doc:"What has been promised, by kind. A kind that nobody has promised is not there."`
	Linked
}

// Promise is one kind of promise and how it has been kept.
type Promise struct {
	meeting.Promise
	Accounts []Account `json:"accounts" doc:"The same for each body."`
}

// Account is how one body keeps one promise.
type Account struct {
	meeting.Account
	Sentence string `json:"sentence,omitempty" doc:"The rule that promises it, in plain words, in the language asked for." example:"Kallelsen går ut senast 14 dagar före mötet."`
}

// health is what was promised against what was done: of the county, of a body, of
// a party.
func (d *Door) health() {
	read(d, Member, "/counties/{county}/health", "get-health", func(ctx context.Context, tx *pg.Tx, in *HealthQuery) (Health, error) {
		return d.promises(ctx, tx, meeting.HealthFilter{On: in.day(tx)}, d.at("counties", tx.Tenant))
	})
	read(d, Member, "/counties/{county}/bodies/{body}/health", "get-body-health", func(ctx context.Context, tx *pg.Tx, in *BodyOn) (Health, error) {
		return d.promises(ctx, tx, meeting.HealthFilter{On: in.day(tx), Body: in.Key}, d.bodyAt(tx, in.Key))
	})
	read(d, Member, "/counties/{county}/organisations/{organisation}/health", "get-organisation-health",
		func(ctx context.Context, tx *pg.Tx, in *OrganisationOn) (Health, error) {
			return d.promises(ctx, tx, meeting.HealthFilter{On: in.day(tx), Party: in.ID}, d.at("counties", tx.Tenant, "organisations", in.ID.String()))
		})
}

func (d *Door) promises(ctx context.Context, tx *pg.Tx, f meeting.HealthFilter, of string) (Health, error) {
	m, err := meeting.Promises(ctx, tx, f)
	h := Health{Health: m, Promises: []Promise{}, Linked: Linked{Links{}}}
	for _, p := range m.Promises {
		one := Promise{Promise: p, Accounts: []Account{}}
		for _, a := range p.Accounts {
			one.Accounts = append(one.Accounts, Account{Account: a, Sentence: m.Sentence(a, from(ctx).lang)})
		}
		h.Promises = append(h.Promises, one)
	}
	h.Links.to("self", http.MethodGet, of+"/health")
	h.Links.to("up", http.MethodGet, of)
	return h, err
}
