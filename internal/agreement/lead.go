package agreement

import (
	"context"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement/internal/agreementdb"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/pg"
)

// Leadership says who leads an instrument, from when until when.
type Leadership struct {
	Organisation uuid.UUID `json:"organisation" doc:"Who leads." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	From         day.Day   `json:"from,omitzero" doc:"The first day. Empty: from the beginning." example:"2019-01-01"`
	Source       string    `json:"source,omitempty" maxLength:"300" doc:"Where it is known from." example:"lansstyrelsen.se/kronoberg om SÖK, 2023"`
}

// Leader is one of those who lead.
type Leader struct {
	Leadership
	Name    string  `json:"name" doc:"What the organisation is called." example:"Länsstyrelsen i Kronobergs län"`
	ValidTo day.Day `json:"validTo,omitzero" doc:"The first day it no longer leads." example:"2026-01-01"`
}

// Lead lets an organisation lead, alone or beside those who lead already.
func Lead(ctx context.Context, tx *pg.Tx, instrument uuid.UUID, version int64, l Leadership) (Instrument, error) {
	if err := tx.Require(auth.AgreementChange); err != nil {
		return Instrument{}, err
	}
	var wrong fault.List
	if l.Organisation == uuid.Nil {
		wrong.Add(fault.Bad("agreement.organisation_unknown", "/organisation"))
	}
	if err := exists(ctx, tx, l.Organisation, "/organisation", &wrong); err != nil {
		return Instrument{}, err
	}
	if err := wrong.Err(); err != nil {
		return Instrument{}, err
	}
	if _, err := touch(ctx, tx, instrument, version); err != nil {
		return Instrument{}, err
	}
	err := agreementdb.New(tx).AddLead(ctx, agreementdb.AddLeadParams{ID: tx.NewID(), InstrumentID: instrument, OrganisationID: l.Organisation, ValidFrom: l.From, Source: l.Source})
	if err != nil {
		return Instrument{}, at(err)
	}
	return get(ctx, tx, instrument, tx.Today())
}

// Unlead lets an organisation lead no longer, from a day.
func Unlead(ctx context.Context, tx *pg.Tx, instrument uuid.UUID, version int64, who uuid.UUID, from day.Day) (Instrument, error) {
	if err := tx.Require(auth.AgreementChange); err != nil {
		return Instrument{}, err
	}
	if from.IsZero() {
		return Instrument{}, fault.Bad("agreement.when_missing", "/from")
	}
	if _, err := touch(ctx, tx, instrument, version); err != nil {
		return Instrument{}, err
	}
	n, err := agreementdb.New(tx).EndLead(ctx, agreementdb.EndLeadParams{InstrumentID: instrument, OrganisationID: who, ValidTo: from})
	if err == nil && n == 0 {
		err = fault.Missing()
	}
	if err != nil {
		return Instrument{}, at(err)
	}
	return get(ctx, tx, instrument, tx.Today())
}

// Leads are those who led on a day.
func Leads(ctx context.Context, tx *pg.Tx, instrument uuid.UUID, on day.Day) ([]Leader, error) {
	if err := tx.Require(auth.AgreementRead); err != nil {
		return nil, err
	}
	rows, err := agreementdb.New(tx).Leads(ctx, agreementdb.LeadsParams{InstrumentID: instrument, OnDay: on})
	if err != nil {
		return nil, err
	}
	ls := make([]Leader, len(rows))
	for i, r := range rows {
		l := r.InstrumentLead
		ls[i] = Leader{Leadership: Leadership{Organisation: l.OrganisationID, From: l.ValidFrom, Source: l.Source}, Name: r.Name, ValidTo: l.ValidTo}
	}
	return ls, nil
}

// Relative is an instrument before or after another.
type Relative struct {
	ID    uuid.UUID `json:"id" doc:"The other instrument." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Title string    `json:"title" doc:"Its title." example:"Etablering i utveckling 2020"`
	After bool      `json:"after" doc:"Whether it came after the one asked about." example:"true"`
	Draft bool      `json:"draft" doc:"Whether it is still being drafted." example:"false"`
}

// Follow says that one instrument came after another.
func Follow(ctx context.Context, tx *pg.Tx, earlier, later uuid.UUID, source string) error {
	if err := tx.Require(auth.AgreementChange); err != nil {
		return err
	}
	if earlier == later {
		return fault.Bad("instrument_succession.of_two", "/predecessor")
	}
	for _, id := range []uuid.UUID{earlier, later} {
		if _, err := head(ctx, tx, id); err != nil {
			return err
		}
	}
	tx.Notify("agreement", earlier, later)
	return agreementdb.New(tx).AddSuccession(ctx, agreementdb.AddSuccessionParams{ID: tx.NewID(), EarlierID: earlier, LaterID: later, Source: source})
}

// Relatives are the instruments before and after one.
func Relatives(ctx context.Context, tx *pg.Tx, id uuid.UUID) ([]Relative, error) {
	if err := tx.Require(auth.AgreementRead); err != nil {
		return nil, err
	}
	rows, err := agreementdb.New(tx).Kin(ctx, id)
	if err != nil {
		return nil, err
	}
	rs := make([]Relative, len(rows))
	for i, r := range rows {
		rs[i] = Relative{ID: r.ID, Title: r.Title, After: r.After, Draft: r.Draft}
	}
	return rs, nil
}
