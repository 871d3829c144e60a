package agreement

import (
	"cmp"
	"context"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement/internal/agreementdb"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/pg"
)

// How an instrument holds.
const (
	ValidityFixed       = "fixed"                // from a day until a day
	ValidityExtended    = "extended"             // longer than was first decided
	ValidityUntilNotice = "until-further-notice" // looked over every so often
	ValidityOpen        = "open"                 // no end is stated
	ValidityEnded       = "ended"                // ended by decision
	ValidityNone        = "none"                 // no paper that could begin or end
)

// Validity is from when until when an instrument holds.
type Validity struct {
	Kind         string  `json:"kind,omitempty" enum:"fixed,extended,until-further-notice,open,ended,none" doc:"How it holds. Empty: nobody has written it down." example:"fixed"`
	ReviewMonths int     `json:"reviewMonths,omitempty" minimum:"0" maximum:"120" doc:"How many months there are between reviews. 0: none stated." example:"12"`
	From         When    `json:"from,omitzero" maxLength:"13" doc:"When it begins to hold, as closely as is known." example:"2019"`
	Until        When    `json:"until,omitzero" maxLength:"13" doc:"When it holds for the last time, as closely as is known." example:"2025"`
	ValidFrom    day.Day `json:"validFrom,omitzero" readOnly:"true" doc:"The first day it is reckoned to hold." example:"2019-01-01"`
	ValidTo      day.Day `json:"validTo,omitzero" readOnly:"true" doc:"The first day it is reckoned not to hold." example:"2026-01-01"`
}

// Term is a validity as it was decided.
type Term struct {
	Kind         string  `json:"kind" enum:"fixed,extended,until-further-notice,open,ended,none" doc:"How it holds." example:"extended"`
	ReviewMonths int     `json:"reviewMonths,omitempty" minimum:"0" maximum:"120" doc:"How many months there are between reviews." example:"12"`
	From         When    `json:"from,omitzero" maxLength:"13" doc:"When it begins to hold, as closely as is known: 2017-09-25, 2017-09, 2017-21 (spring; 22 summer, 23 autumn, 24 winter) or 2017." example:"2017"`
	Until        When    `json:"until,omitzero" maxLength:"13" doc:"When it holds for the last time, written the same way." example:"2023"`
	KnownFrom    day.Day `json:"knownFrom,omitzero" doc:"From which day this was so: the day of the decision to extend or end. Empty: from the beginning." example:"2020-12-01"`
	Reference    string  `json:"reference,omitempty" maxLength:"200" doc:"The decision." example:"Beslut 2020-12-01, § 7"`
	Source       string  `json:"source,omitempty" maxLength:"300" doc:"Where it is known from." example:"gotland.se/95342"`
}

// SetValidity says from when until when an instrument holds. What was said
// before stays, and is what the days before KnownFrom are answered with: so an
// extension, or an end before its time, can be asked for as of any day.
func SetValidity(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64, t Term) (Instrument, error) {
	if err := tx.Require(auth.AgreementChange); err != nil {
		return Instrument{}, err
	}
	tidy(&t.Reference, &t.Source)
	if err := t.check(); err != nil {
		return Instrument{}, err
	}
	was, err := touch(ctx, tx, id, version)
	if err != nil {
		return Instrument{}, err
	}
	q := agreementdb.New(tx)
	if t.KnownFrom.IsZero() {
		if said, err := q.Validities(ctx, id); err != nil || len(said) > 0 {
			return Instrument{}, cmp.Or[error](err, fault.Bad("instrument_validity.decision_missing", "/knownFrom"))
		}
	}
	err = q.AddValidity(ctx, agreementdb.AddValidityParams{ID: tx.NewID(), InstrumentID: id, Kind: t.Kind, ReviewMonths: int32(t.ReviewMonths), //nolint:gosec // checked
		ValidFrom: t.From.Day(), FromPrecision: t.From.precision(), ValidTo: t.Until.ends(), ToPrecision: t.Until.precision(),
		KnownFrom: t.KnownFrom, Reference: t.Reference, Source: t.Source, Published: was.Published})
	if err != nil {
		return Instrument{}, at(err)
	}
	return get(ctx, tx, id, tx.Today())
}

func (t Term) check() error {
	var wrong fault.List
	switch t.Kind {
	case ValidityFixed, ValidityExtended, ValidityEnded:
		if t.Until.IsZero() {
			wrong.Add(fault.Bad("instrument_validity.end_missing", "/until"))
		}
	case ValidityUntilNotice, ValidityOpen, ValidityNone:
		if !t.Until.IsZero() {
			wrong.Add(fault.Bad("instrument_validity.end_unasked", "/until"))
		}
	default:
		wrong.Add(fault.Bad("instrument_validity.kind", "/kind"))
	}
	if t.ReviewMonths < 0 || t.ReviewMonths > 120 {
		wrong.Add(fault.Bad("instrument_validity.review", "/reviewMonths"))
	}
	return wrong.Err()
}

// Validities are all that has been said of an instrument's validity, first said first.
func Validities(ctx context.Context, tx *pg.Tx, id uuid.UUID) ([]Term, error) {
	if err := tx.Require(auth.AgreementRead); err != nil {
		return nil, err
	}
	rows, err := agreementdb.New(tx).Validities(ctx, id)
	if err != nil {
		return nil, err
	}
	ts := make([]Term, len(rows))
	for i, r := range rows {
		ts[i] = Term{Kind: r.Kind, ReviewMonths: int(r.ReviewMonths), From: kept(r.ValidFrom, r.FromPrecision), Until: until(r.ValidTo, r.ToPrecision),
			KnownFrom: r.KnownFrom, Reference: r.Reference, Source: r.Source}
	}
	return ts, nil
}
