package agreement

import (
	"context"
	"math"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement/internal/agreementdb"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/pg"
)

// Node is a goal in the tree as of a day.
type Node struct {
	Goal
	Closed   bool `json:"closed" doc:"Whether it had been closed by the day. It is shown, and offered for nothing new." example:"false"`
	Standing int  `json:"standing" doc:"How many stand directly under it on the day." example:"3"`
	Ended    int  `json:"ended" doc:"How many closed ones lie directly under it." example:"0"`
}

// Tree gives one level of an instrument's goals as of a day: what lies directly
// under a goal, or (uuid.Nil) under the instrument; and how many there are in
// all. Facets of different levels stand side by side in it.
func Tree(ctx context.Context, tx *pg.Tx, instrument uuid.UUID, on day.Day, parent uuid.UUID, limit, page int) ([]Node, int, error) {
	if parent == uuid.Nil {
		parent = instrument
	}
	most, skip := window(limit, page)
	rows, err := under(ctx, tx, on, []uuid.UUID{parent}, skip, skip+most)
	if err != nil {
		return nil, 0, err
	}
	ns := make([]Node, len(rows))
	total := 0
	for i, r := range rows {
		ns[i], total = node(r, on), int(r.Total)
	}
	return ns, total, nil
}

// Branch is what lies directly under a goal: the first of it, and how much it is
// in all.
type Branch struct {
	Nodes []Node
	Total int
}

// Branches are the levels under several goals at once, by the goal that they lie
// under: of each as many as limit. What has nothing under it has no branch.
func Branches(ctx context.Context, tx *pg.Tx, on day.Day, parents []uuid.UUID, limit int) (map[uuid.UUID]Branch, error) {
	most, _ := window(limit, 1)
	rows, err := under(ctx, tx, on, parents, 0, most)
	if err != nil {
		return nil, err
	}
	bs := map[uuid.UUID]Branch{}
	for _, r := range rows {
		b := bs[r.GoalVersion.Under]
		bs[r.GoalVersion.Under] = Branch{Nodes: append(b.Nodes, node(r, on)), Total: int(r.Total)}
	}
	return bs, nil
}

func under(ctx context.Context, tx *pg.Tx, on day.Day, parents []uuid.UUID, skip, upto int32) ([]agreementdb.TreeRow, error) {
	if err := tx.Require(auth.AgreementRead); err != nil {
		return nil, err
	}
	return agreementdb.New(tx).Tree(ctx, agreementdb.TreeParams{TenantID: tx.Tenant, Unders: parents, OnDay: on, Skip: skip, Upto: upto})
}

func node(r agreementdb.TreeRow, on day.Day) Node {
	g := goal(r.GoalVersion, r.Key, r.Version, r.Responsible)
	return Node{Goal: g, Closed: g.ClosedOn(on), Standing: int(r.Standing), Ended: int(r.Closed)}
}

// Offered are the goals that a new plan may take up on a day: those that stand
// and are more than a purpose. A level of "" is every level. When the
// instrument no longer holds, none are offered.
func Offered(ctx context.Context, tx *pg.Tx, instrument uuid.UUID, on day.Day, level string, limit, page int) ([]Goal, int, error) {
	i, err := Get(ctx, tx, instrument, on)
	if err != nil || i.State.HasEnded() {
		return []Goal{}, 0, err
	}
	most, skip := window(limit, page)
	rows, err := agreementdb.New(tx).Offered(ctx, agreementdb.OfferedParams{InstrumentID: instrument, OnDay: on, Level: level, Max: most, Skip: skip})
	if err != nil {
		return nil, 0, err
	}
	gs := make([]Goal, len(rows))
	total := 0
	for n, r := range rows {
		gs[n], total = goal(r.GoalVersion, r.Key, r.Version, ""), int(r.Total)
	}
	return gs, total, nil
}

// Level is how many goals of a level there are on a day.
type Level struct {
	Key    string `json:"key" doc:"The level, as the county's configuration names it." example:"sub-goal"`
	Named  int    `json:"named" doc:"How many are written down." example:"2"`
	Known  int    `json:"known" doc:"How many there are, as far as is known." example:"9"`
	Source string `json:"source,omitempty" doc:"Where the number is known from, when it is more than those written down." example:"lansstyrelsen.se/kronoberg om undertecknandet, 2020"`
}

// Unworded is how many of the level are known by their number and not by their words.
func (l Level) Unworded() int { return max(0, l.Known-l.Named) }

// Levels tells how many goals of each level stand on a day, also where only
// their number is known.
func Levels(ctx context.Context, tx *pg.Tx, instrument uuid.UUID, on day.Day) ([]Level, error) {
	ls, _, err := LevelsWithin(ctx, tx, instrument, on, math.MaxInt32-1)
	return ls, err
}

// LevelsWithin is Levels for a page, which is not to wait for more goals than
// limit to be counted: where there are more it tells nothing, and says so.
func LevelsWithin(ctx context.Context, tx *pg.Tx, instrument uuid.UUID, on day.Day, limit int) ([]Level, bool, error) {
	if err := tx.Require(auth.AgreementRead); err != nil {
		return nil, false, err
	}
	q := agreementdb.New(tx)
	most, _ := window(limit+1, 1)
	named, err := q.LevelsOn(ctx, agreementdb.LevelsOnParams{InstrumentID: instrument, OnDay: on, Max: most})
	if err != nil {
		return nil, false, err
	}
	all := 0
	for _, n := range named {
		all += int(n.N)
	}
	if all > limit {
		return nil, false, nil
	}
	counts, err := q.CountsOn(ctx, agreementdb.CountsOnParams{InstrumentID: instrument, What: countsGoals, OnDay: on})
	if err != nil {
		return nil, false, err
	}
	ls := []Level{}
	at := map[string]int{}
	// In the configuration's order, then whatever else there is.
	for _, key := range rulesOn(tx, on).levels() {
		at[key] = len(ls)
		ls = append(ls, Level{Key: key})
	}
	level := func(key string) *Level {
		if _, ok := at[key]; !ok {
			at[key] = len(ls)
			ls = append(ls, Level{Key: key})
		}
		return &ls[at[key]]
	}
	for _, n := range named {
		l := level(n.Level)
		l.Named, l.Known = int(n.N), int(n.N)
	}
	for _, c := range counts {
		if l := level(c.Level); int(c.KnownCount) > l.Known {
			l.Known, l.Source = int(c.KnownCount), c.Source
		}
	}
	return ls, true, nil
}

// Bond links two goals.
type Bond struct {
	Kind   string    `json:"kind" enum:"linked,carried-over" doc:"Across the tree, or to what a goal became in the instrument after." example:"linked"`
	From   uuid.UUID `json:"from" doc:"The goal the link is made on." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	To     uuid.UUID `json:"to" doc:"The goal it points to." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Since  day.Day   `json:"since,omitzero" doc:"The first day. Empty: from the beginning." example:"2019-01-01"`
	Source string    `json:"source,omitempty" maxLength:"300" doc:"Where it is known from." example:"lansstyrelsen.se/kronoberg om SÖK, 2023"`
}

// Link is a Bond seen from one of the two goals.
type Link struct {
	ID              uuid.UUID `json:"id" doc:"The identifier, unique over time." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Kind            string    `json:"kind" enum:"linked,carried-over" doc:"What sort of link." example:"linked"`
	Outward         bool      `json:"outward" doc:"Whether the link is made on the goal asked about." example:"true"`
	Other           uuid.UUID `json:"other" doc:"The goal at the other end." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	OtherInstrument uuid.UUID `json:"otherInstrument" doc:"Its instrument." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Name            string    `json:"name" doc:"What it is called on the day." example:"Delaktighet"`
	Level           string    `json:"level" doc:"Its level." example:"area"`
	Source          string    `json:"source,omitempty" doc:"Where it is known from." example:"lansstyrelsen.se/kronoberg om SÖK, 2023"`
}

// Connect links two goals. Within an instrument the configuration says which
// levels may be linked; carried over is from one instrument to another.
func Connect(ctx context.Context, tx *pg.Tx, b Bond) error {
	_, err := connect(ctx, tx, b)
	return err
}

func connect(ctx context.Context, tx *pg.Tx, b Bond) (uuid.UUID, error) {
	if err := tx.Require(auth.AgreementChange); err != nil {
		return uuid.Nil, err
	}
	var wrong fault.List
	wrong.Add(oneOf([]string{Linked, CarriedOver}, b.Kind, "/kind", "goal_link.kind"))
	if b.From == b.To {
		wrong.Add(fault.Bad("goal_link.of_two", "/to"))
	}
	if err := wrong.Err(); err != nil {
		return uuid.Nil, err
	}
	from, err := goalOn(ctx, tx, b.From, orToday(tx, b.Since))
	if fault.Is(err, "common.not_found") {
		return uuid.Nil, fault.Bad("goal_link.from", "/from")
	} else if err != nil {
		return uuid.Nil, err
	}
	to, err := goalOn(ctx, tx, b.To, orToday(tx, b.Since))
	if fault.Is(err, "common.not_found") {
		return uuid.Nil, fault.Bad("goal_link.to", "/to")
	} else if err != nil {
		return uuid.Nil, err
	}
	rules := rulesOn(tx, b.Since)
	switch {
	case b.Kind == CarriedOver && from.Instrument == to.Instrument:
		return uuid.Nil, fault.Bad("goal_link.carried_within", "/to")
	case b.Kind == Linked && len(rules.levels()) > 0 && !rules.Goals.Linked(from.Level, to.Level):
		return uuid.Nil, fault.Bad("goal_link.not_allowed", "/to").With("from", from.Level, "to", to.Level)
	}
	tx.Notify("agreement", from.Instrument, to.Instrument)
	id := tx.NewID()
	return id, at(agreementdb.New(tx).AddLink(ctx, agreementdb.AddLinkParams{ID: id, Kind: b.Kind, FromID: b.From, ToID: b.To, ValidFrom: b.Since, Source: b.Source}))
}

// Disconnect ends a link from a day.
func Disconnect(ctx context.Context, tx *pg.Tx, link uuid.UUID, from day.Day) error {
	if err := tx.Require(auth.AgreementChange); err != nil {
		return err
	}
	if from.IsZero() {
		return fault.Bad("agreement.when_missing", "/from")
	}
	n, err := agreementdb.New(tx).EndLink(ctx, agreementdb.EndLinkParams{ID: link, ValidTo: from})
	if err == nil && n == 0 {
		err = fault.Missing()
	}
	return at(err)
}

// Links are a goal's links on a day, in both directions.
func Links(ctx context.Context, tx *pg.Tx, goal uuid.UUID, on day.Day) ([]Link, error) {
	if err := tx.Require(auth.AgreementRead); err != nil {
		return nil, err
	}
	rows, err := agreementdb.New(tx).Links(ctx, agreementdb.LinksParams{GoalID: goal, OnDay: on})
	if err != nil {
		return nil, err
	}
	ls := make([]Link, len(rows))
	for i, r := range rows {
		ls[i] = Link{ID: r.ID, Kind: r.Kind, Outward: r.Outward, Other: r.OtherID, OtherInstrument: r.OtherInstrumentID, Name: r.Name, Level: r.Level, Source: r.Source}
	}
	return ls, nil
}
