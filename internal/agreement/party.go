package agreement

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement/internal/agreementdb"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/pg"
)

// Entry is how an organisation comes to take part in an instrument.
type Entry struct {
	Organisation uuid.UUID `json:"organisation" doc:"Who takes part." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Status       string    `json:"status" minLength:"1" maxLength:"60" doc:"As what, as the county's configuration names it. It decides whether it is counted and whether it signs." example:"signatory"`
	Roles        []string  `json:"roles,omitempty" maxItems:"5" nullable:"false" doc:"The sorts of organisation it is party as, where that is more than its own: one that is both municipality and region is one party with two roles." example:"[\"municipality\",\"region\"]"`
	From         When      `json:"from,omitzero" maxLength:"13" doc:"From when, as closely as is known. Empty: from the beginning." example:"2022-03-08"`
	Ground       string    `json:"ground,omitempty" maxLength:"1000" doc:"On what ground." example:"Ansökan om att få ansluta sig"`
	Source       string    `json:"source,omitempty" maxLength:"300" doc:"Where it is known from." example:"okhalland.se"`
}

// Exit is how a participation ends.
type Exit struct {
	On     day.Day `json:"on" doc:"The first day it no longer takes part." example:"2019-01-01"`
	Ground string  `json:"ground,omitempty" maxLength:"1000" doc:"On what ground." example:"Gick ihop med Region Blekinge"`
}

// Participation is an organisation's part in an instrument over a time.
type Participation struct {
	ID         uuid.UUID `json:"id" doc:"The identifier, unique over time." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Instrument uuid.UUID `json:"instrument" doc:"The instrument." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Entry
	ValidTo     day.Day `json:"validTo,omitzero" doc:"The first day it no longer takes part. Empty: until further notice." example:"2019-01-01"`
	EndedGround string  `json:"endedGround,omitempty" doc:"On what ground it ended." example:"Gick ihop med Region Blekinge"`
	Published   bool    `json:"published" doc:"Whether the public may see it." example:"true"`
	Version     int64   `json:"version" doc:"Moves with each change; it is the ETag." example:"1"`
}

// ETag is the version as HTTP wants it.
func (p Participation) ETag() string { return strconv.FormatInt(p.Version, 10) }

// Party is a participation as it stood on a day, with names and signature.
type Party struct {
	Participation
	Name         string     `json:"name" doc:"What the organisation is called." example:"Alvesta kommun"`
	ShortName    string     `json:"shortName,omitempty" doc:"What it is called in tables." example:"Alvesta"`
	Type         string     `json:"type" doc:"What sort of organisation it is." example:"municipality"`
	OfficialCode string     `json:"officialCode,omitempty" doc:"The official code." example:"0764"`
	Counted      bool       `json:"counted" doc:"Whether it is counted among the parties." example:"true"`
	Signs        bool       `json:"signs" doc:"Whether it signs." example:"true"`
	HasSigned    bool       `json:"hasSigned" doc:"Whether it had signed, by a signature of its own or because a source says that all had." example:"true"`
	Signature    *Signature `json:"signature,omitempty" doc:"Its own signature, where it is known."`
}

// Parties are who took part in an instrument on a day, and how many of them count.
type Parties struct {
	List    []Party        `json:"list" nullable:"false" doc:"Who takes part, those that count first."`
	Counted int            `json:"counted" doc:"How many are parties. One with two roles is one." example:"15"`
	Known   int            `json:"known" doc:"How many there are as far as is known, also where their names are not." example:"32"`
	Source  string         `json:"source,omitempty" doc:"Where that number is known from, when it is more than those written down." example:"lansstyrelsen.se/kalmar"`
	ByRole  map[string]int `json:"byRole" doc:"How many of those that count are party as each sort of organisation; one with two roles is in both."`
}

// Join lets an organisation take part. One joins also while the instrument
// already holds, and may take part again after it has left.
func Join(ctx context.Context, tx *pg.Tx, instrument uuid.UUID, e Entry) (Participation, error) {
	if err := tx.Require(auth.AgreementChange); err != nil {
		return Participation{}, err
	}
	i, err := head(ctx, tx, instrument)
	if err != nil {
		return Participation{}, err
	}
	return join(ctx, tx, i, e)
}

func join(ctx context.Context, tx *pg.Tx, i Instrument, e Entry) (Participation, error) {
	tidy(&e.Status, &e.Ground, &e.Source)
	rules := rulesOn(tx, e.From.Day())
	var wrong fault.List
	wrong.Add(oneOf(rules.statuses(), e.Status, "/status", "participation.status"))
	for _, r := range e.Roles {
		if !slices.Contains(organisation.Types, r) {
			wrong.Add(fault.Bad("organisation.type_unknown", "/roles"))
		}
	}
	o, err := organisation.Get(ctx, tx, e.Organisation)
	switch {
	case fault.Is(err, "common.not_found"):
		wrong.Add(fault.Bad("agreement.organisation_unknown", "/organisation"))
	case err != nil:
		return Participation{}, err
	case slices.Contains(rules.counted(), e.Status) && len(rules.PartyKinds.Kinds) > 0 && !slices.ContainsFunc(append([]string{o.Type}, e.Roles...), rules.PartyKinds.Can):
		wrong.Add(fault.Bad("participation.kind", "/organisation").With("name", o.Name))
	case !e.From.IsZero() && !o.StandsOn(e.From.To):
		wrong.Add(fault.Bad("participation.not_standing", "/from").With("name", o.Name))
	}
	if err := wrong.Err(); err != nil {
		return Participation{}, err
	}
	row, err := agreementdb.New(tx).Join(ctx, agreementdb.JoinParams{ID: tx.NewID(), InstrumentID: i.ID, OrganisationID: e.Organisation, Status: e.Status,
		Roles: append([]string{}, e.Roles...), ValidFrom: e.From.Day(), FromPrecision: e.From.precision(), Ground: e.Ground, Source: e.Source, Published: i.Published})
	if err != nil {
		return Participation{}, at(err)
	}
	tx.Notify("agreement", i.ID)
	return participation(row), nil
}

// Leave ends a participation from a day. Ending it again corrects the day.
func Leave(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64, x Exit) (Participation, error) {
	if err := tx.Require(auth.AgreementChange); err != nil {
		return Participation{}, err
	}
	if x.On.IsZero() {
		return Participation{}, fault.Bad("agreement.when_missing", "/on")
	}
	q := agreementdb.New(tx)
	was, err := q.Participation(ctx, id)
	if err != nil {
		return Participation{}, err
	}
	if was.Version != version {
		return Participation{}, fault.Changed(participation(was))
	}
	row, err := q.Leave(ctx, agreementdb.LeaveParams{ID: id, Version: version, ValidTo: x.On, ToPrecision: string(ToDay), EndedGround: strings.TrimSpace(x.Ground)})
	if fault.Is(err, "common.not_found") {
		if was, err = q.Participation(ctx, id); err == nil {
			err = fault.Changed(participation(was))
		}
	}
	if err != nil {
		return Participation{}, at(err)
	}
	tx.Notify("agreement", row.InstrumentID)
	return participation(row), nil
}

// FollowSuccession lets those who came after an organisation take its place,
// from the day each did so: a merger, a split, a new name. Who is party already
// stays as he is. It gives the participations of that day on.
func FollowSuccession(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64) ([]Participation, error) {
	if err := tx.Require(auth.AgreementChange); err != nil {
		return nil, err
	}
	q := agreementdb.New(tx)
	was, err := q.Participation(ctx, id)
	if err != nil {
		return nil, err
	}
	i, err := head(ctx, tx, was.InstrumentID)
	if err != nil {
		return nil, err
	}
	kin, err := organisation.Kindred(ctx, tx, was.OrganisationID)
	if err != nil {
		return nil, err
	}
	kin = slices.DeleteFunc(kin, func(k organisation.Kin) bool { return k.Before })
	if len(kin) == 0 {
		return nil, fault.New(fault.Conflict, "participation.no_successor")
	}
	o, err := organisation.Get(ctx, tx, was.OrganisationID)
	if err != nil {
		return nil, err
	}
	ended := was
	if was.ValidTo.IsZero() {
		left, err := Leave(ctx, tx, id, version, Exit{On: kin[0].OnDay, Ground: o.Name + ": " + kin[0].Kind})
		if err != nil {
			return nil, err
		}
		ended.ValidTo = left.ValidTo
	} else if was.Version != version {
		return nil, fault.Changed(participation(was))
	}
	var ps []Participation
	for _, k := range kin {
		from := k.OnDay
		if from.Before(ended.ValidTo) {
			from = ended.ValidTo
		}
		there, err := q.PartOn(ctx, agreementdb.PartOnParams{InstrumentID: was.InstrumentID, OrganisationID: k.ID, OnDay: from})
		if err == nil {
			ps = append(ps, participation(there))
			continue
		}
		if !fault.Is(err, "common.not_found") {
			return nil, err
		}
		p, err := join(ctx, tx, i, Entry{Organisation: k.ID, Status: was.Status, Roles: was.Roles, From: OnDay(from), Ground: o.Name + ": " + k.Kind, Source: was.Source})
		if err != nil {
			return nil, err
		}
		ps = append(ps, p)
	}
	return ps, nil
}

// PartiesOn are who took part in an instrument on a day. Only a status that the
// county counts makes a party.
func PartiesOn(ctx context.Context, tx *pg.Tx, instrument uuid.UUID, on day.Day) (Parties, error) {
	if err := tx.Require(auth.AgreementRead); err != nil {
		return Parties{}, err
	}
	q := agreementdb.New(tx)
	i, err := get(ctx, tx, instrument, on)
	if err != nil {
		return Parties{}, err
	}
	rules := rulesOn(tx, on)
	rows, err := q.Parties(ctx, agreementdb.PartiesParams{InstrumentID: instrument, OnDay: on, Counted: rules.counted(), Signing: rules.signing()})
	if err != nil {
		return Parties{}, err
	}
	ps := Parties{List: make([]Party, len(rows)), ByRole: map[string]int{}}
	for n, r := range rows {
		p := Party{Participation: participation(r.Participation), Name: r.Name, ShortName: r.ShortName, Type: r.Type, OfficialCode: r.OfficialCode,
			Counted: r.Counted, Signs: r.Signs && rules.signed(i.Kind)}
		if r.SignatureID.Valid {
			p.Signature = &Signature{ID: r.SignatureID.UUID, Participation: p.ID, Signing: Signing{By: r.SignedBy, Capacity: r.Capacity,
				When: kept(r.SignedDay, r.SignedPrecision), Decision: r.Decision, Decided: r.DecidedDay, Source: r.SignatureSource}}
		}
		p.HasSigned = p.Signs && (p.Signature != nil || r.AmongAll)
		if p.Counted {
			ps.Counted++
			roles := p.Roles
			if len(roles) == 0 {
				roles = []string{p.Type}
			}
			for _, role := range roles {
				ps.ByRole[role]++
			}
		}
		ps.List[n] = p
	}
	ps.Known = ps.Counted
	counts, err := q.CountsOn(ctx, agreementdb.CountsOnParams{InstrumentID: instrument, What: countsParties, OnDay: on})
	for _, c := range counts {
		if int(c.KnownCount) > ps.Known {
			ps.Known, ps.Source = int(c.KnownCount), c.Source
		}
	}
	return ps, err
}

// GetParticipation gives one participation in an instrument.
func GetParticipation(ctx context.Context, tx *pg.Tx, instrument, id uuid.UUID) (Participation, error) {
	if err := tx.Require(auth.AgreementRead); err != nil {
		return Participation{}, err
	}
	row, err := agreementdb.New(tx).Participation(ctx, id)
	if err == nil && row.InstrumentID != instrument {
		err = fault.Missing()
	}
	if err != nil {
		return Participation{}, err
	}
	return participation(row), nil
}

// Neighbour is a municipality of the county that is no party.
type Neighbour struct {
	ID           uuid.UUID `json:"id" doc:"The organisation." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Name         string    `json:"name" doc:"What it is called." example:"Markaryds kommun"`
	OfficialCode string    `json:"officialCode" doc:"The official code." example:"0767"`
}

// NotParties are the municipalities of the county that stood on a day and were
// no parties: to be named, and never counted.
func NotParties(ctx context.Context, tx *pg.Tx, instrument uuid.UUID, on day.Day) ([]Neighbour, error) {
	if err := tx.Require(auth.AgreementRead); err != nil {
		return nil, err
	}
	if _, err := head(ctx, tx, instrument); err != nil {
		return nil, err
	}
	rules := rulesOn(tx, on)
	rows, err := agreementdb.New(tx).NotParties(ctx, agreementdb.NotPartiesParams{InstrumentID: instrument, OnDay: on, Counted: rules.counted()})
	if err != nil {
		return nil, err
	}
	ns := []Neighbour{}
	for _, r := range rows {
		// A municipality of another county can be party, and is never missing.
		if code := rules.Identity.Code; code != "" && !strings.HasPrefix(r.OfficialCode, code) {
			continue
		}
		ns = append(ns, Neighbour{ID: r.ID, Name: r.Name, OfficialCode: r.OfficialCode})
	}
	return ns, nil
}

// Involvement is what an organisation takes part in.
type Involvement struct {
	Participation
	Title string `json:"title" doc:"The instrument's title." example:"Strategisk överenskommelse för Kronobergs län 2019–2025"`
}

// Involvements are all that an organisation takes part in or has done, latest first.
func Involvements(ctx context.Context, tx *pg.Tx, who uuid.UUID) ([]Involvement, error) {
	if err := tx.Require(auth.AgreementRead); err != nil {
		return nil, err
	}
	rows, err := agreementdb.New(tx).ParticipationsOf(ctx, who)
	if err != nil {
		return nil, err
	}
	is := make([]Involvement, len(rows))
	for n, r := range rows {
		is[n] = Involvement{Participation: participation(r.Participation), Title: r.Title}
	}
	return is, nil
}

func participation(r agreementdb.Participation) Participation {
	return Participation{ID: r.ID, Instrument: r.InstrumentID, ValidTo: r.ValidTo, EndedGround: r.EndedGround, Published: r.Published, Version: r.Version,
		Entry: Entry{Organisation: r.OrganisationID, Status: r.Status, Roles: r.Roles, From: kept(r.ValidFrom, r.FromPrecision), Ground: r.Ground, Source: r.Source}}
}
