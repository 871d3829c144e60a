package agreement

import (
	"context"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement/internal/agreementdb"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/pg"
)

// The functions of this file ask for no right: in a public unit of work what is
// not published is not there, and in a national one it is every county's.

// Notice is a published instrument.
type Notice struct {
	County  string     `json:"county" doc:"The county." example:"kronoberg"`
	Parties int        `json:"parties" doc:"How many parties it had on the day." example:"15"`
	Card    Instrument `json:"instrument" doc:"The instrument. Its state is reckoned from its time alone: signatures are not published."`
}

// Published are a page of published instruments as of a day, and how many there are.
func Published(ctx context.Context, tx *pg.Tx, on day.Day, limit, page int) ([]Notice, int, error) {
	most, skip := window(limit, page)
	return published(ctx, tx, agreementdb.PublishedInstrumentsParams{OnDay: on, Max: most, Skip: skip})
}

// GetPublished gives one published instrument as of a day.
func GetPublished(ctx context.Context, tx *pg.Tx, id uuid.UUID, on day.Day) (Notice, error) {
	if id == uuid.Nil {
		return Notice{}, fault.Missing()
	}
	ns, _, err := published(ctx, tx, agreementdb.PublishedInstrumentsParams{ID: id, OnDay: on, Max: 1})
	if err == nil && len(ns) == 0 {
		err = fault.Missing()
	}
	if err != nil {
		return Notice{}, err
	}
	return ns[0], nil
}

func published(ctx context.Context, tx *pg.Tx, p agreementdb.PublishedInstrumentsParams) ([]Notice, int, error) {
	on := p.OnDay
	p.Counted = rulesOn(tx, on).counted()
	rows, err := agreementdb.New(tx).PublishedInstruments(ctx, p)
	if err != nil {
		return nil, 0, err
	}
	ns := make([]Notice, len(rows))
	total := 0
	for n, r := range rows {
		i := bare(r.Instrument)
		i.Validity = Validity{Kind: r.Validity, ReviewMonths: int(r.ReviewMonths), From: kept(r.ValidFrom, r.FromPrecision), Until: until(r.ValidTo, r.ToPrecision),
			ValidFrom: r.ValidFrom, ValidTo: r.ValidTo}
		i.State = stateOf(circumstances{validity: i.Validity}, on)
		ns[n], total = Notice{County: r.Instrument.TenantID, Parties: int(r.Parties), Card: i}, int(r.Total)
	}
	return ns, total, nil
}

// PublishedParties are the parties of a published instrument whose organisations
// are published too.
func PublishedParties(ctx context.Context, tx *pg.Tx, instrument uuid.UUID, on day.Day) ([]Party, error) {
	rows, err := agreementdb.New(tx).PublishedParties(ctx, agreementdb.PublishedPartiesParams{InstrumentID: instrument, OnDay: on})
	if err != nil {
		return nil, err
	}
	counted := rulesOn(tx, on)
	ps := make([]Party, len(rows))
	for i, r := range rows {
		status, _ := counted.PartyStatuses.Status(r.Participation.Status)
		ps[i] = Party{Participation: participation(r.Participation), Name: r.Name, ShortName: r.ShortName, Type: r.Type, Counted: status.Counted, Signs: status.Signs}
	}
	return ps, nil
}

// PublishedGoals are one level of a published instrument's goals that stand on
// a day, under a goal or (uuid.Nil) directly under the instrument.
func PublishedGoals(ctx context.Context, tx *pg.Tx, instrument uuid.UUID, on day.Day, parent uuid.UUID, limit, page int) ([]Goal, int, error) {
	if parent == uuid.Nil {
		parent = instrument
	}
	most, skip := window(limit, page)
	rows, err := agreementdb.New(tx).PublishedGoals(ctx, agreementdb.PublishedGoalsParams{Unders: []uuid.UUID{parent}, OnDay: on, Skip: skip, Upto: skip + most})
	if err != nil {
		return nil, 0, err
	}
	gs := make([]Goal, len(rows))
	total := 0
	for i, r := range rows {
		gs[i], total = goal(r.GoalVersion, "", 0, ""), int(r.Total)
	}
	return gs, total, nil
}

// PublishedBranches are Branches of what is published.
func PublishedBranches(ctx context.Context, tx *pg.Tx, on day.Day, parents []uuid.UUID, limit int) (map[uuid.UUID]Branch, error) {
	most, _ := window(limit, 1)
	rows, err := agreementdb.New(tx).PublishedGoals(ctx, agreementdb.PublishedGoalsParams{Unders: parents, OnDay: on, Upto: most})
	if err != nil {
		return nil, err
	}
	bs := map[uuid.UUID]Branch{}
	for _, r := range rows {
		b := bs[r.GoalVersion.Under]
		bs[r.GoalVersion.Under] = Branch{Nodes: append(b.Nodes, Node{Goal: goal(r.GoalVersion, "", 0, "")}), Total: int(r.Total)}
	}
	return bs, nil
}

// PublishedLocal is a published local agreement: its name and its time.
type PublishedLocal struct {
	ID            uuid.UUID `json:"id" doc:"The identifier, unique over time." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Title         string    `json:"title" doc:"The title." example:"Lokal överenskommelse för Hylte"`
	From          When      `json:"from,omitzero" doc:"When it begins to hold." example:"2018"`
	Until         When      `json:"until,omitzero" doc:"When it holds for the last time." example:"2020"`
	PeriodUnknown bool      `json:"periodUnknown" doc:"Only that it was there is known." example:"false"`
}

// PublishedLocals are a page of published local agreements that had not ended by a day.
func PublishedLocals(ctx context.Context, tx *pg.Tx, on day.Day, limit, page int) ([]PublishedLocal, int, error) {
	most, skip := window(limit, page)
	rows, err := agreementdb.New(tx).PublishedLocals(ctx, agreementdb.PublishedLocalsParams{OnDay: on, Max: most, Skip: skip})
	if err != nil {
		return nil, 0, err
	}
	ls := make([]PublishedLocal, len(rows))
	total := 0
	for i, r := range rows {
		ls[i], total = PublishedLocal{ID: r.ID, Title: r.Title, From: kept(r.ValidFrom, r.FromPrecision), Until: until(r.ValidTo, r.ToPrecision),
			PeriodUnknown: !r.PeriodKnown}, int(r.Total)
	}
	return ls, total, nil
}
