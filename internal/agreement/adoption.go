package agreement

import (
	"context"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement/internal/agreementdb"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/pg"
)

// AdoptionKinds are what a body can decide about an instrument.
var AdoptionKinds = []string{"adopted", "extended", "ended"}

// Resolution is what one body decided about an instrument.
type Resolution struct {
	Kind         string    `json:"kind" enum:"adopted,extended,ended" doc:"What was decided." example:"adopted"`
	Organisation uuid.UUID `json:"organisation,omitzero" doc:"The organisation whose body it is." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Body         string    `json:"body" minLength:"1" maxLength:"200" doc:"The body that decided." example:"Regionfullmäktige"`
	When         When      `json:"when,omitzero" maxLength:"13" doc:"When, as closely as is known. Empty: unknown." example:"2017-09-25"`
	Mode         string    `json:"mode,omitempty" maxLength:"200" doc:"How it was decided, where that is told." example:"enhälligt"`
	Minutes      string    `json:"minutes,omitempty" maxLength:"200" doc:"The minutes and paragraph." example:"Protokoll 2016-02-17"`
	Source       string    `json:"source" minLength:"1" maxLength:"300" doc:"Where it is known from." example:"gotland.se/95342"`
	Corrects     uuid.UUID `json:"corrects,omitzero" doc:"The decision that this one corrects; it stays, marked as corrected." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
}

// Adoption is a Resolution that has been written down.
type Adoption struct {
	ID uuid.UUID `json:"id" doc:"The identifier, unique over time." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Resolution
	OrganisationName string `json:"organisationName,omitempty" doc:"What the organisation is called." example:"Region Gotland"`
	Corrected        bool   `json:"corrected" doc:"Whether a later one corrects it." example:"false"`
}

// Adopt writes down what a body decided. An instrument can be adopted by one
// body or by several, each by its own minutes.
func Adopt(ctx context.Context, tx *pg.Tx, instrument uuid.UUID, r Resolution) (Adoption, error) {
	if err := tx.Require(auth.AgreementChange); err != nil {
		return Adoption{}, err
	}
	tidy(&r.Body, &r.Mode, &r.Minutes, &r.Source)
	var wrong fault.List
	wrong.Add(oneOf(AdoptionKinds, r.Kind, "/kind", "adoption.kind"))
	if r.Body == "" {
		wrong.Add(fault.Bad("adoption.by", "/body"))
	}
	wrong.Add(sourced(r.Source, "adoption.sourced"))
	q := agreementdb.New(tx)
	if r.Corrects != uuid.Nil {
		if was, err := q.Adoption(ctx, r.Corrects); fault.Is(err, "common.not_found") || err == nil && was.InstrumentID != instrument {
			wrong.Add(fault.Bad("agreement.corrects_nothing", "/corrects"))
		} else if err != nil {
			return Adoption{}, err
		}
	}
	if err := exists(ctx, tx, r.Organisation, "/organisation", &wrong); err != nil {
		return Adoption{}, err
	}
	if err := wrong.Err(); err != nil {
		return Adoption{}, err
	}
	if _, err := head(ctx, tx, instrument); err != nil {
		return Adoption{}, err
	}
	a := Adoption{ID: tx.NewID(), Resolution: r}
	tx.Notify("agreement", instrument)
	return a, at(q.AddAdoption(ctx, agreementdb.AddAdoptionParams{ID: a.ID, InstrumentID: instrument, Kind: r.Kind, OrganisationID: maybe(r.Organisation), Body: r.Body,
		OnDay: r.When.Day(), Precision: r.When.precision(), Mode: r.Mode, Minutes: r.Minutes, Source: r.Source, CorrectsID: maybe(r.Corrects)}))
}

// Adoptions are the decisions about an instrument, by day.
func Adoptions(ctx context.Context, tx *pg.Tx, instrument uuid.UUID) ([]Adoption, error) {
	if err := tx.Require(auth.AgreementRead); err != nil {
		return nil, err
	}
	rows, err := agreementdb.New(tx).Adoptions(ctx, instrument)
	if err != nil {
		return nil, err
	}
	as := make([]Adoption, len(rows))
	for i, row := range rows {
		r := row.Adoption
		as[i] = Adoption{ID: r.ID, OrganisationName: row.Organisation, Corrected: row.Corrected, Resolution: Resolution{Kind: r.Kind,
			Organisation: r.OrganisationID.UUID, Body: r.Body, When: kept(r.OnDay, r.Precision), Mode: r.Mode, Minutes: r.Minutes, Source: r.Source, Corrects: r.CorrectsID.UUID}}
	}
	return as, nil
}

// exists adds a fault when the county has no such organisation; none asked for is none missing.
func exists(ctx context.Context, tx *pg.Tx, id uuid.UUID, field string, wrong *fault.List) error {
	if id == uuid.Nil {
		return nil
	}
	err := organisation.Exists(ctx, tx, id)
	if fault.Is(err, "common.not_found") {
		wrong.Add(fault.Bad("agreement.organisation_unknown", field))
		return nil
	}
	return err
}
