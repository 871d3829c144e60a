package api

import (
	"context"
	"net/http"
	"reflect"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/pg"
)

// InParticipation names a participation in the path.
type InParticipation struct {
	InAgreement
	Participation uuid.UUID `path:"participation" doc:"The participation's identifier." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
}

// Participation is an organisation's part in an agreement.
type Participation struct {
	agreement.Participation
	Linked
}

// Party is a participation as it stood on a day.
type Party struct {
	agreement.Party
	Linked
}

// ParticipationList is a page of who takes part, and how many of them count.
type ParticipationList struct {
	Participations []Party        `json:"participations" doc:"Who takes part on the day, those that count first."`
	Counted        int            `json:"counted" doc:"How many are parties. One with two roles is one." example:"15"`
	Known          int            `json:"known" doc:"How many there are as far as is known, also where their names are not." example:"32"`
	Source         string         `json:"source,omitempty" doc:"Where that number is known from, when it is more than those written down." example:"lansstyrelsen.se/kalmar"`
	ByRole         map[string]int `json:"byRole" doc:"How many of those that count are party as each sort of organisation."`
	Paged
}

// NewParticipation is how an organisation comes to take part.
type NewParticipation struct {
	InAgreement
	Body agreement.Entry
}

// ParticipationEnding is how a participation ends.
type ParticipationEnding struct {
	InParticipation
	Body agreement.Exit
}

// NewSignature is a party's signature.
type NewSignature struct {
	InParticipation
	Body agreement.Signing
}

// Signature is a party's signature with what leads on from it.
type Signature struct {
	agreement.Signature
	Linked
}

// ETag never moves: a signature is corrected by another.
func (s Signature) ETag() string { return "1" }

// Successors are the participations of those who came after an organisation.
type Successors struct {
	Participations []Participation `json:"participations" nullable:"false" doc:"Those who take its place."`
	Linked
}

// NonParty is a municipality of the county that is no party.
type NonParty struct {
	agreement.Neighbour
	Linked
}

// NonPartyList is a page of municipalities that are no parties.
type NonPartyList struct {
	NonParties []NonParty `json:"nonParties" doc:"The county's municipalities that are no parties on the day, in Swedish order. They are counted nowhere."`
	Paged
}

// Involvement is what an organisation takes part in.
type Involvement struct {
	agreement.Involvement
	Linked
}

// InvolvementList is a page of what an organisation takes part in.
type InvolvementList struct {
	Participations []Involvement `json:"participations" doc:"All that it takes part in or has done, latest first."`
	Paged
}

// agreementParties are who takes part in an agreement.
func (d *Door) agreementParties() {
	const all = "/counties/{county}/agreements/{agreement}/participations"
	const one = all + "/{participation}"

	list(d, Member, all, "list-participations", func(ctx context.Context, tx *pg.Tx, in *AgreementPageOn) (l ParticipationList, total int, err error) {
		ps, err := agreement.PartiesOn(ctx, tx, in.ID, in.day(tx))
		if err != nil {
			return l, 0, err
		}
		l.Counted, l.Known, l.Source, l.ByRole = ps.Counted, ps.Known, ps.Source, ps.ByRole
		for _, p := range cut(ps.List, in.Paging) {
			l.Participations = append(l.Participations, Party{p, d.participation(tx, p.Participation).Linked})
		}
		return l, len(ps.List), nil
	})
	create(d, all, "create-participation", func(ctx context.Context, tx *pg.Tx, in *NewParticipation) (Participation, error) {
		p, err := agreement.Join(ctx, tx, in.ID, in.Body)
		return d.participation(tx, p), err
	})
	read(d, Member, one, "get-participation", func(ctx context.Context, tx *pg.Tx, in *InParticipation) (Participation, error) {
		p, err := agreement.GetParticipation(ctx, tx, in.ID, in.Participation)
		return d.participation(tx, p), err
	})
	act(d, one+"/ending", "end-participation", func(ctx context.Context, tx *pg.Tx, in *ParticipationEnding, version int64) (Participation, error) {
		if _, err := agreement.GetParticipation(ctx, tx, in.ID, in.Participation); err != nil {
			return Participation{}, err
		}
		p, err := agreement.Leave(ctx, tx, in.Participation, version, in.Body)
		return d.participation(tx, p), err
	})
	rt := route{method: http.MethodPost, path: one + "/succession", id: "succeed-participation", access: Member, status: http.StatusOK, ifMatch: true, key: true}
	register(d, rt, reflect.TypeFor[Successors](), func(ctx context.Context, in *InParticipation) (answer, error) {
		version, err := ifMatch(from(ctx).r)
		if err != nil {
			return answer{}, err
		}
		return once(ctx, d, in, func(tx *pg.Tx) (answer, error) {
			if _, err := agreement.GetParticipation(ctx, tx, in.ID, in.Participation); err != nil {
				return answer{}, err
			}
			ps, err := agreement.FollowSuccession(ctx, tx, in.Participation, version)
			if err != nil {
				return answer{}, err
			}
			s := Successors{Participations: []Participation{}, Linked: d.below(tx, in.ID, "participations/"+in.Participation.String())}
			for _, p := range ps {
				s.Participations = append(s.Participations, d.participation(tx, p))
			}
			return answered(http.StatusOK, s)
		})
	})
	sign := func(f func(context.Context, *pg.Tx, uuid.UUID, agreement.Signing) (agreement.Signature, error)) func(context.Context, *pg.Tx, *NewSignature) (Signature, error) {
		return func(ctx context.Context, tx *pg.Tx, in *NewSignature) (Signature, error) {
			if _, err := agreement.GetParticipation(ctx, tx, in.ID, in.Participation); err != nil {
				return Signature{}, err
			}
			s, err := f(ctx, tx, in.Participation, in.Body)
			return Signature{s, d.below(tx, in.ID, "participations/"+in.Participation.String())}, err
		}
	}
	create(d, one+"/signature", "sign-participation", sign(agreement.Sign))
	create(d, one+"/signature/correction", "correct-signature", sign(agreement.CorrectSignature))
	list(d, Member, "/counties/{county}/agreements/{agreement}/non-parties", "list-non-parties",
		func(ctx context.Context, tx *pg.Tx, in *AgreementPageOn) (l NonPartyList, total int, err error) {
			ns, err := agreement.NotParties(ctx, tx, in.ID, in.day(tx))
			for _, n := range cut(ns, in.Paging) {
				it := NonParty{n, d.partOf(tx, in.ID)}
				it.Links.to("self", http.MethodGet, d.at("counties", tx.Tenant, "organisations", n.ID.String()))
				l.NonParties = append(l.NonParties, it)
			}
			return l, len(ns), err
		})
	list(d, Member, "/counties/{county}/organisations/{organisation}/participations", "list-organisation-participations",
		func(ctx context.Context, tx *pg.Tx, in *OrganisationPage) (l InvolvementList, total int, err error) {
			if _, err := organisation.Get(ctx, tx, in.ID); err != nil {
				return l, 0, err
			}
			is, err := agreement.Involvements(ctx, tx, in.ID)
			for _, i := range cut(is, in.Paging) {
				l.Participations = append(l.Participations, Involvement{i, d.participation(tx, i.Participation).Linked})
			}
			return l, len(is), err
		})
}

// participation adds what leads on, and what the caller may do.
func (d *Door) participation(tx *pg.Tx, p agreement.Participation) Participation {
	l := d.collected(tx, p.Instrument, "participations", p.ID)
	l.Links.to("organisation", http.MethodGet, d.at("counties", tx.Tenant, "organisations", p.Organisation.String()))
	if tx.May(auth.AgreementChange) {
		for _, rel := range []string{"ending", "succession", "signature"} {
			l.Links.to(rel, http.MethodPost, l.Self()+"/"+rel)
		}
	}
	return Participation{p, l}
}
