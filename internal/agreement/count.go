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

// What can be known by its number alone.
const (
	countsGoals   = "goals"
	countsParties = "parties"
)

// Tally is how many goals of a level there are, or parties, where their wording
// or names are not found.
type Tally struct {
	What      string  `json:"what" enum:"goals,parties" doc:"What is counted." example:"goals"`
	Level     string  `json:"level,omitempty" maxLength:"60" doc:"The level of the goals." example:"sub-goal"`
	Count     int     `json:"count" minimum:"0" maximum:"1000000" doc:"How many there are." example:"9"`
	ValidFrom day.Day `json:"validFrom,omitzero" doc:"The first day there were so many." example:"2019-01-01"`
	ValidTo   day.Day `json:"validTo,omitzero" doc:"The first day when their number is no longer known." example:"2023-03-20"`
	Source    string  `json:"source" minLength:"1" maxLength:"300" doc:"Where it is known from." example:"lansstyrelsen.se/kronoberg om undertecknandet, 2020"`
}

// Count says how many goals of a level, or parties, there are over a time.
func Count(ctx context.Context, tx *pg.Tx, instrument uuid.UUID, version int64, t Tally) (Instrument, error) {
	if err := tx.Require(auth.AgreementChange); err != nil {
		return Instrument{}, err
	}
	tidy(&t.Level, &t.Source)
	var wrong fault.List
	switch t.What {
	case countsGoals:
		wrong.Add(oneOf(rulesOn(tx, t.ValidFrom).levels(), t.Level, "/level", "goal_version.level"))
	case countsParties:
		if t.Level != "" {
			wrong.Add(fault.Bad("instrument_count.level", "/level"))
		}
	default:
		wrong.Add(fault.Bad("instrument_count.what", "/what"))
	}
	if t.Count < 0 || t.Count > 1_000_000 {
		wrong.Add(fault.Bad("instrument_count.known", "/count"))
	}
	wrong.Add(sourced(t.Source, "instrument_count.sourced"))
	if err := wrong.Err(); err != nil {
		return Instrument{}, err
	}
	if _, err := touch(ctx, tx, instrument, version); err != nil {
		return Instrument{}, err
	}
	err := agreementdb.New(tx).AddCount(ctx, agreementdb.AddCountParams{ID: tx.NewID(), InstrumentID: instrument, What: t.What, Level: t.Level,
		KnownCount: int32(t.Count), ValidFrom: t.ValidFrom, ValidTo: t.ValidTo, Source: t.Source}) //nolint:gosec // checked
	if err != nil {
		return Instrument{}, at(err)
	}
	return get(ctx, tx, instrument, tx.Today())
}

// Tallies are all numbers that have been said of an instrument.
func Tallies(ctx context.Context, tx *pg.Tx, instrument uuid.UUID) ([]Tally, error) {
	if err := tx.Require(auth.AgreementRead); err != nil {
		return nil, err
	}
	rows, err := agreementdb.New(tx).AllCounts(ctx, instrument)
	if err != nil {
		return nil, err
	}
	ts := make([]Tally, len(rows))
	for i, r := range rows {
		ts[i] = Tally{What: r.What, Level: r.Level, Count: int(r.KnownCount), ValidFrom: r.ValidFrom, ValidTo: r.ValidTo, Source: r.Source}
	}
	return ts, nil
}
