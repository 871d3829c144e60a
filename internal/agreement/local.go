package agreement

import (
	"context"
	"strconv"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement/internal/agreementdb"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/pg"
)

// LocalCard is what is written on a local agreement's card.
type LocalCard struct {
	Instrument     uuid.UUID   `json:"instrument,omitzero" doc:"The regional instrument it is under." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Title          string      `json:"title" minLength:"1" maxLength:"300" doc:"The title." example:"Lokal överenskommelse för Hylte"`
	RegistryNumber string      `json:"registryNumber,omitempty" maxLength:"60" doc:"Its number in the register. Empty: unknown." example:"KS 2018-12"`
	InitiatedBy    uuid.UUID   `json:"initiatedBy,omitzero" doc:"The organisation that started it, which need not be the county. Empty: unknown." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Parties        []uuid.UUID `json:"parties,omitempty" maxItems:"100" nullable:"false" doc:"Its own parties: one or several municipalities, and others. They are not for that parties of the regional one." example:"[\"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20\"]"`
	From           When        `json:"from,omitzero" maxLength:"13" doc:"When it begins to hold, as closely as is known." example:"2018"`
	Until          When        `json:"until,omitzero" maxLength:"13" doc:"When it holds for the last time. Empty: until further notice." example:"2020"`
	PeriodUnknown  bool        `json:"periodUnknown,omitempty" doc:"Only that it was there is known, not when." example:"false"`
	Note           string      `json:"note,omitempty" maxLength:"2000" doc:"What more there is to say." example:"Förnyas i dialogmöten"`
	Link           string      `json:"link,omitempty" maxLength:"500" doc:"Where the paper lies." example:"https://www.hylte.se"`
	Source         string      `json:"source,omitempty" maxLength:"300" doc:"Where it is known from." example:"lansstyrelsen.se/halland"`
	Published      bool        `json:"published" doc:"Whether the public may see its name and time." example:"true"`
}

// Member is an organisation with its name.
type Member struct {
	ID   uuid.UUID `json:"id" doc:"The organisation." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Name string    `json:"name" doc:"What it is called." example:"Hylte kommun"`
	Type string    `json:"type" doc:"What sort of organisation it is." example:"municipality"`
}

// LocalAgreement is an agreement under the regional one, with parties of its own.
type LocalAgreement struct {
	ID  uuid.UUID `json:"id" doc:"The identifier, unique over time." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Key string    `json:"key" doc:"A stable name that imports use." example:"lok-hylte"`
	LocalCard
	InitiatedByName string   `json:"initiatedByName,omitempty" doc:"What the organisation that started it is called." example:"Arbetsförmedlingen"`
	Members         []Member `json:"members" nullable:"false" doc:"The parties with their names."`
	Version         int64    `json:"version" doc:"Moves with each change; it is the ETag." example:"1"`
}

// ETag is the version as HTTP wants it.
func (l LocalAgreement) ETag() string { return strconv.FormatInt(l.Version, 10) }

// AddLocal writes a local agreement's card. A key is chosen when it is empty.
func AddLocal(ctx context.Context, tx *pg.Tx, c LocalCard, key string) (LocalAgreement, error) {
	if err := tx.Require(auth.AgreementChange); err != nil {
		return LocalAgreement{}, err
	}
	c, err := checkedLocal(ctx, tx, c)
	if err != nil {
		return LocalAgreement{}, err
	}
	q := agreementdb.New(tx)
	if key == "" {
		if key, err = freeKey(ctx, c.Title, "local", q.LocalKeys); err != nil {
			return LocalAgreement{}, err
		}
	}
	row, err := q.CreateLocal(ctx, agreementdb.CreateLocalParams{ID: tx.NewID(), Key: key, InstrumentID: maybe(c.Instrument), Title: c.Title, RegistryNumber: c.RegistryNumber,
		InitiatedByID: maybe(c.InitiatedBy), ValidFrom: c.From.Day(), FromPrecision: c.From.precision(), ValidTo: c.Until.ends(), ToPrecision: c.Until.precision(),
		PeriodKnown: !c.PeriodUnknown, Note: c.Note, Link: c.Link, Source: c.Source, Published: c.Published})
	if err != nil {
		return LocalAgreement{}, at(err)
	}
	return settledLocal(ctx, tx, row.ID, c)
}

// ChangeLocal writes a local agreement's card anew.
func ChangeLocal(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64, c LocalCard) (LocalAgreement, error) {
	if err := tx.Require(auth.AgreementChange); err != nil {
		return LocalAgreement{}, err
	}
	c, err := checkedLocal(ctx, tx, c)
	if err != nil {
		return LocalAgreement{}, err
	}
	err = anew(ctx, tx, id, version, GetLocal, func(l LocalAgreement) int64 { return l.Version }, func(q *agreementdb.Queries) error {
		_, err := q.ChangeLocal(ctx, agreementdb.ChangeLocalParams{ID: id, Version: version, InstrumentID: maybe(c.Instrument), Title: c.Title, RegistryNumber: c.RegistryNumber,
			InitiatedByID: maybe(c.InitiatedBy), ValidFrom: c.From.Day(), FromPrecision: c.From.precision(), ValidTo: c.Until.ends(), ToPrecision: c.Until.precision(),
			PeriodKnown: !c.PeriodUnknown, Note: c.Note, Link: c.Link, Source: c.Source, Published: c.Published})
		return err
	}, func(q *agreementdb.Queries) error { return q.ForgetLocalParties(ctx, id) })
	if err != nil {
		return LocalAgreement{}, err
	}
	return settledLocal(ctx, tx, id, c)
}

func settledLocal(ctx context.Context, tx *pg.Tx, id uuid.UUID, c LocalCard) (LocalAgreement, error) {
	q := agreementdb.New(tx)
	for _, who := range c.Parties {
		if err := q.AddLocalParty(ctx, agreementdb.AddLocalPartyParams{ID: tx.NewID(), LocalAgreementID: id, OrganisationID: who}); err != nil {
			return LocalAgreement{}, at(err)
		}
	}
	tx.Notify("agreement", id)
	if err := addWords(ctx, tx, "local-agreement", id, c.Title, c.RegistryNumber); err != nil {
		return LocalAgreement{}, err
	}
	return GetLocal(ctx, tx, id)
}

func checkedLocal(ctx context.Context, tx *pg.Tx, c LocalCard) (LocalCard, error) {
	tidy(&c.Title, &c.RegistryNumber, &c.Note, &c.Link, &c.Source)
	var wrong fault.List
	if c.Title == "" {
		wrong.Add(fault.Bad("local_agreement.titled", "/title"))
	}
	if c.PeriodUnknown && (!c.From.IsZero() || !c.Until.IsZero()) {
		wrong.Add(fault.Bad("local_agreement.period", "/periodUnknown"))
	}
	wrong.Add(linked(c.Link))
	c.Parties = distinct(c.Parties)
	if len(c.Parties) == 0 {
		wrong.Add(fault.Bad("local_agreement.no_party", "/parties"))
	}
	if err := exists(ctx, tx, c.InitiatedBy, "/initiatedBy", &wrong); err != nil {
		return c, err
	}
	for _, id := range c.Parties {
		if err := exists(ctx, tx, id, "/parties", &wrong); err != nil {
			return c, err
		}
	}
	return c, wrong.Err()
}

// GetLocal gives one local agreement.
func GetLocal(ctx context.Context, tx *pg.Tx, id uuid.UUID) (LocalAgreement, error) {
	if err := tx.Require(auth.AgreementRead); err != nil {
		return LocalAgreement{}, err
	}
	if id == uuid.Nil {
		return LocalAgreement{}, fault.Missing()
	}
	list, _, err := locals(ctx, tx, agreementdb.LocalsParams{ID: id, Ended: true, OnDay: tx.Today(), Max: 1})
	if err == nil && len(list) == 0 {
		err = fault.Missing()
	}
	if err != nil {
		return LocalAgreement{}, err
	}
	return list[0], nil
}

// LocalByKey gives the local agreement that an import names.
func LocalByKey(ctx context.Context, tx *pg.Tx, key string) (LocalAgreement, error) {
	if err := tx.Require(auth.AgreementRead); err != nil {
		return LocalAgreement{}, err
	}
	row, err := agreementdb.New(tx).LocalByKey(ctx, key)
	if err != nil {
		return LocalAgreement{}, err
	}
	return GetLocal(ctx, tx, row.ID)
}

// LocalFilter says which local agreements.
type LocalFilter struct {
	Instrument uuid.UUID // zero = under any
	Party      uuid.UUID // zero = of any
	On         day.Day   // zero = today
	Ended      bool      // also those that had ended by then
	Limit      int       // at least 1
	Page       int       // from 1
}

// Locals are a page of local agreements by title, and how many there are.
func Locals(ctx context.Context, tx *pg.Tx, f LocalFilter) ([]LocalAgreement, int, error) {
	if err := tx.Require(auth.AgreementRead); err != nil {
		return nil, 0, err
	}
	most, skip := window(f.Limit, f.Page)
	return locals(ctx, tx, agreementdb.LocalsParams{InstrumentID: f.Instrument, OfParty: f.Party, Ended: f.Ended, OnDay: orToday(tx, f.On), Max: most, Skip: skip})
}

func locals(ctx context.Context, tx *pg.Tx, p agreementdb.LocalsParams) ([]LocalAgreement, int, error) {
	q := agreementdb.New(tx)
	rows, err := q.Locals(ctx, p)
	if err != nil || len(rows) == 0 {
		return []LocalAgreement{}, 0, err
	}
	ls := make([]LocalAgreement, len(rows))
	ids := make([]uuid.UUID, len(rows))
	at := map[uuid.UUID]int{}
	total := 0
	for i, row := range rows {
		r := row.LocalAgreement
		ls[i] = LocalAgreement{ID: r.ID, Key: r.Key, InitiatedByName: row.InitiatedBy, Members: []Member{}, Version: r.Version, LocalCard: LocalCard{
			Instrument: r.InstrumentID.UUID, Title: r.Title, RegistryNumber: r.RegistryNumber, InitiatedBy: r.InitiatedByID.UUID,
			From: kept(r.ValidFrom, r.FromPrecision), Until: until(r.ValidTo, r.ToPrecision), PeriodUnknown: !r.PeriodKnown, Note: r.Note, Link: r.Link,
			Source: r.Source, Published: r.Published}}
		ids[i], at[r.ID], total = r.ID, i, int(row.Total)
	}
	members, err := q.LocalParties(ctx, ids)
	for _, m := range members {
		l := &ls[at[m.LocalAgreementID]]
		l.Parties = append(l.Parties, m.ID)
		l.Members = append(l.Members, Member{ID: m.ID, Name: m.Name, Type: m.Type})
	}
	return ls, total, err
}

// Coverage is how many local agreements a municipality has on a day.
type Coverage struct {
	Municipality  uuid.UUID `json:"municipality" doc:"The municipality." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Name          string    `json:"name" doc:"What it is called." example:"Hylte kommun"`
	InForce       int       `json:"inForce" doc:"How many hold on the day." example:"1"`
	PeriodUnknown int       `json:"periodUnknown" doc:"How many are known without their time." example:"0"`
}

// LocalPerMunicipality counts the local agreements of each municipality that
// stands on a day. One of several municipalities together counts for each.
func LocalPerMunicipality(ctx context.Context, tx *pg.Tx, on day.Day) ([]Coverage, error) {
	if err := tx.Require(auth.AgreementRead); err != nil {
		return nil, err
	}
	rows, err := agreementdb.New(tx).LocalPerMunicipality(ctx, on)
	if err != nil {
		return nil, err
	}
	cs := make([]Coverage, len(rows))
	for i, r := range rows {
		cs[i] = Coverage{Municipality: r.ID, Name: r.Name, InForce: int(r.InForce), PeriodUnknown: int(r.PeriodUnknown)}
	}
	return cs, nil
}
