package governance

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/governance/internal/governancedb"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/text"
)

// Points are what stands on every handover's list, in its order. Their words are
// governance.handover.<point>.
var Points = []string{"role", "papers", "decisions", "contacts", "commitments"}

// overdue is how many days a handover may take from the day the seat changes hands.
const overdue = 30

// late is how many days after a mandate's end a handover still begins by itself:
// what is written down of years ago hands nothing over.
const late = 90

// Handover is what who leaves a seat gives to who comes.
type Handover struct {
	ID       uuid.UUID      `json:"id" doc:"The identifier, unique over time." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Body     string         `json:"body" doc:"The body, by key." example:"forum"`
	Place    string         `json:"place" doc:"The place, by key." example:"municipality/alvesta"`
	Party    string         `json:"party,omitempty" doc:"What the party is called." example:"Alvesta kommun"`
	From     uuid.UUID      `json:"from" doc:"The mandate that ends." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	FromName string         `json:"fromName" doc:"Who leaves." example:"Kim Lind"`
	To       uuid.NullUUID  `json:"to" doc:"The mandate that follows; null while there is none."`
	ToName   string         `json:"toName,omitempty" doc:"Who comes." example:"Robin Berg"`
	BegunOn  day.Day        `json:"begunOn" doc:"When it began." example:"2026-11-25"`
	DueOn    day.Day        `json:"dueOn" doc:"The last day it is in time." example:"2026-12-25"`
	Overdue  bool           `json:"overdue" doc:"Whether it should have been finished." example:"false"`
	Finished bool           `json:"finished" doc:"Whether everything has been given and taken." example:"false"`
	Note     string         `json:"note,omitempty" doc:"What else is said." example:"Mötet i mars tas tillsammans"`
	Items    []HandoverItem `json:"items" nullable:"false" doc:"The list that both confirm."`
	Demo     bool           `json:"demo,omitempty" doc:"Whether it is made up for show." example:"false"`
	Version  int64          `json:"version" doc:"Moves with each change; it is the ETag." example:"1"`

	organisation, outgoing, successor uuid.UUID
}

// HandoverItem is one point of the list.
type HandoverItem struct {
	ID       uuid.UUID     `json:"id" doc:"The identifier." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Point    string        `json:"point,omitempty" enum:"role,papers,decisions,contacts,commitments" doc:"A standing point: the task and its mandate, papers, decisions that are open, contacts, what was promised. Empty: one in own words." example:"papers"`
	Wording  string        `json:"wording,omitempty" doc:"The point in own words." example:"Nyckeln till arkivrummet"`
	GivenAt  *time.Time    `json:"givenAt,omitempty" doc:"When it was given." example:"2026-12-01T11:00:00Z"`
	GivenBy  uuid.NullUUID `json:"givenBy" doc:"Who said so; null where nobody has, or the system."`
	TakenAt  *time.Time    `json:"takenAt,omitempty" doc:"When it was taken over." example:"2026-12-02T11:00:00Z"`
	TakenBy  uuid.NullUUID `json:"takenBy" doc:"Who said so; null where nobody has, or the system."`
	position int32
}

// ETag is the version as HTTP wants it.
func (h Handover) ETag() string { return strconv.FormatInt(h.Version, 10) }

// MayGive tells whether the actor confirms what is given: who leaves, or a strategist.
func (h Handover) MayGive(a auth.Actor) bool {
	return a.Person != uuid.Nil && a.Person == h.outgoing || leads(a)
}

// MayTake tells whether the actor confirms what is taken over: the successor, or a strategist.
func (h Handover) MayTake(a auth.Actor) bool {
	return h.To.Valid && (a.Person != uuid.Nil && a.Person == h.successor || leads(a))
}

// leads tells whether somebody may stand in for either of the two.
func leads(a auth.Actor) bool { return a.Has(auth.RoleStrategist) || a.Kind == auth.KindSystem }

// Baton is a handover that somebody begins by hand.
type Baton struct {
	From   uuid.UUID `json:"from" doc:"The mandate that ends." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	To     uuid.UUID `json:"to,omitzero" doc:"The mandate that follows. Left out: not known yet." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Points []string  `json:"points,omitempty" maxItems:"20" nullable:"false" doc:"Points in own words, after the standing ones." example:"[\"Nyckeln till arkivrummet\"]"`
	Note   string    `json:"note,omitempty" maxLength:"1000" doc:"What else is said." example:"Mötet i mars tas tillsammans"`
}

// BeginHandover begins a handover by hand.
func BeginHandover(ctx context.Context, tx *pg.Tx, b Baton) (Handover, error) {
	if !tx.MayAnywhere(auth.GovernanceChange) {
		return Handover{}, tx.Require(auth.GovernanceChange)
	}
	from, err := get(ctx, tx, b.From)
	if fault.Is(err, "common.not_found") {
		err = fault.Bad("handover.from", "/from")
	}
	if err != nil {
		return Handover{}, err
	}
	if b.To != uuid.Nil {
		to, err := get(ctx, tx, b.To)
		switch {
		case fault.Is(err, "common.not_found"):
			return Handover{}, fault.Bad("handover.to", "/to")
		case err != nil:
			return Handover{}, err
		case to.ID == from.ID || to.Person == from.Person:
			return Handover{}, fault.Bad("handover.of_two", "/to")
		case to.Body != from.Body || to.Place != from.Place:
			return Handover{}, fault.Bad("handover.other_place", "/to")
		}
	}
	if err := tx.RequireFor(auth.GovernanceChange, from.Organisation); err != nil {
		return Handover{}, err
	}
	id, begun, err := begin(ctx, tx, from.ID, b.To, text.Line(b.Note), b.Points, from.Demo)
	if err != nil {
		return Handover{}, at(err)
	}
	if !begun {
		return Handover{}, fault.New(fault.Conflict, "handover.once").At("/from")
	}
	return getHandover(ctx, tx, id)
}

// begin writes a handover with its list, unless the mandate has one.
func begin(ctx context.Context, tx *pg.Tx, from, to uuid.UUID, note string, own []string, demo bool) (uuid.UUID, bool, error) {
	q := governancedb.New(tx)
	id := tx.NewID()
	n, err := q.AddHandover(ctx, governancedb.AddHandoverParams{ID: id, FromID: from, ToID: maybe(to), BegunOn: tx.Today(), Note: note, Demo: demo})
	if err != nil || n == 0 {
		return id, false, err
	}
	items := governancedb.AddHandoverItemsParams{HandoverID: id}
	add := func(point, wording string) {
		items.Ids, items.Positions = append(items.Ids, tx.NewID()), append(items.Positions, int32(len(items.Ids)+1)) //nolint:gosec // a short list
		items.Points, items.Wordings = append(items.Points, point), append(items.Wordings, wording)
	}
	for _, p := range Points {
		add(p, "")
	}
	for _, w := range own {
		if w = text.Line(w); w != "" {
			add("", w)
		}
	}
	tx.Notify("governance", id)
	return id, true, q.AddHandoverItems(ctx, items)
}

// follow begins the handover to a new holder from the one before, where there
// was one and not long ago.
func follow(ctx context.Context, tx *pg.Tx, m Mandate) error {
	if m.Deputy {
		return nil
	}
	around, err := governancedb.New(tx).Neighbours(ctx, governancedb.NeighboursParams{Body: m.Body, Place: m.Place, ID: m.ID, OnDay: m.From})
	if err != nil {
		return err
	}
	for _, b := range around {
		if b.Before && b.PersonID != m.Person && !b.ValidTo.Before(tx.Today().Add(-late)) {
			return handed(ctx, tx, b.ID, m.ID, m.Demo)
		}
	}
	return nil
}

// handOn begins the handover from a holder whose mandate has been ended to the
// one after, where there is one already.
func handOn(ctx context.Context, tx *pg.Tx, m Mandate) error {
	if m.Deputy || m.To.Before(tx.Today().Add(-late)) {
		return nil
	}
	around, err := governancedb.New(tx).Neighbours(ctx, governancedb.NeighboursParams{Body: m.Body, Place: m.Place, ID: m.ID, OnDay: m.To})
	if err != nil {
		return err
	}
	for _, a := range around {
		if !a.Before && a.PersonID != m.Person {
			return handed(ctx, tx, m.ID, a.ID, m.Demo)
		}
	}
	return nil
}

func handed(ctx context.Context, tx *pg.Tx, from, to uuid.UUID, demo bool) error {
	_, begun, err := begin(ctx, tx, from, to, "", nil, demo)
	if err != nil || begun {
		return err
	}
	_, err = governancedb.New(tx).SucceedHandover(ctx, governancedb.SucceedHandoverParams{FromID: from, ToID: maybe(to)})
	return err
}

// GetHandover gives one handover with its list.
func GetHandover(ctx context.Context, tx *pg.Tx, id uuid.UUID) (Handover, error) {
	if err := tx.Require(auth.GovernanceRead); err != nil {
		return Handover{}, err
	}
	return getHandover(ctx, tx, id)
}

func getHandover(ctx context.Context, tx *pg.Tx, id uuid.UUID) (Handover, error) {
	if id == uuid.Nil {
		return Handover{}, fault.Missing()
	}
	hs, _, err := handovers(ctx, tx, governancedb.HandoversParams{ID: id, Max: 1})
	if err == nil && len(hs) == 0 {
		err = fault.Missing()
	}
	if err != nil {
		return Handover{}, err
	}
	return hs[0], nil
}

// HandoverFilter says which handovers, and which part of them.
type HandoverFilter struct {
	Person      uuid.UUID // who leaves or comes; zero: every one
	Body        string    // "" = every one
	Unfinished  bool
	Limit, Page int
}

// Handovers gives a page of handovers, the oldest first, and how many there are.
func Handovers(ctx context.Context, tx *pg.Tx, f HandoverFilter) ([]Handover, int, error) {
	if err := tx.Require(auth.GovernanceRead); err != nil {
		return nil, 0, err
	}
	most, skip := window(f.Limit, f.Page)
	hs, total, err := handovers(ctx, tx, governancedb.HandoversParams{PersonID: f.Person, Body: f.Body, Unfinished: f.Unfinished, Max: most, Skip: skip})
	if err == nil && len(hs) == 0 && f.Page > 1 { // beyond the end: the total is still told
		f.Page, f.Limit = 1, 1
		_, total, err = Handovers(ctx, tx, f)
	}
	return hs, total, err
}

func handovers(ctx context.Context, tx *pg.Tx, p governancedb.HandoversParams) ([]Handover, int, error) {
	q := governancedb.New(tx)
	rows, err := q.Handovers(ctx, p)
	if err != nil || len(rows) == 0 {
		return []Handover{}, 0, err
	}
	hs, total := make([]Handover, len(rows)), 0
	ids := make([]uuid.UUID, len(rows))
	for i, r := range rows {
		h := r.Handover
		changes := r.Mandate.ValidTo
		if changes.IsZero() { // who leaves has not left
			changes = h.BegunOn
		}
		hs[i] = Handover{ID: h.ID, Body: r.Mandate.Body, Place: r.Mandate.Place, Party: r.Party, From: h.FromID, FromName: r.FromName, To: h.ToID, ToName: r.ToName,
			BegunOn: h.BegunOn, DueOn: changes.Add(overdue), Note: h.Note, Demo: h.Demo, Version: h.Version, Items: []HandoverItem{},
			organisation: r.Mandate.OrganisationID.UUID, outgoing: r.Mandate.PersonID, successor: r.ToPerson.UUID}
		ids[i], total = h.ID, int(r.Total)
	}
	items, err := q.HandoverItems(ctx, ids)
	for _, it := range items {
		i := slices.Index(ids, it.HandoverID)
		hs[i].Items = append(hs[i].Items, HandoverItem{ID: it.ID, Point: it.Point, Wording: it.Wording, GivenAt: it.GivenAt, GivenBy: it.GivenBy,
			TakenAt: it.TakenAt, TakenBy: it.TakenBy, position: it.Position})
	}
	for i := range hs {
		hs[i].Finished = hs[i].To.Valid && !slices.ContainsFunc(hs[i].Items, func(it HandoverItem) bool { return it.GivenAt == nil || it.TakenAt == nil })
		hs[i].Overdue = !hs[i].Finished && tx.Today().After(hs[i].DueOn)
	}
	return hs, total, err
}

// Confirmation is which points of a handover somebody confirms.
type Confirmation struct {
	Items []uuid.UUID `json:"items" minItems:"1" maxItems:"50" nullable:"false" doc:"The points." example:"[\"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20\"]"`
}

// Give confirms that points have been given: who leaves does, or a strategist.
// What has been given already stays as it was said.
func Give(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64, c Confirmation) (Handover, error) {
	return confirm(ctx, tx, id, version, c, Handover.MayGive, "handover.giver", func(q *governancedb.Queries, item uuid.UUID) (int64, error) {
		return q.GiveItem(ctx, governancedb.GiveItemParams{HandoverID: id, ID: item, At: &tx.Now, By: maybe(tx.Person)})
	})
}

// Take confirms that points have been taken over: the successor does, or a strategist.
func Take(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64, c Confirmation) (Handover, error) {
	return confirm(ctx, tx, id, version, c, Handover.MayTake, "handover.taker", func(q *governancedb.Queries, item uuid.UUID) (int64, error) {
		return q.TakeItem(ctx, governancedb.TakeItemParams{HandoverID: id, ID: item, At: &tx.Now, By: maybe(tx.Person)})
	})
}

func confirm(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64, c Confirmation, may func(Handover, auth.Actor) bool, rule string,
	write func(*governancedb.Queries, uuid.UUID) (int64, error)) (Handover, error) {
	was, err := GetHandover(ctx, tx, id)
	if err != nil {
		return Handover{}, err
	}
	for i, item := range c.Items {
		if !slices.ContainsFunc(was.Items, func(it HandoverItem) bool { return it.ID == item }) {
			return Handover{}, fault.Bad("handover.item_unknown", "/items/"+strconv.Itoa(i))
		}
	}
	switch {
	case len(c.Items) == 0:
		return Handover{}, fault.Bad("handover.item_unknown", "/items")
	case !was.To.Valid && rule == "handover.taker":
		return Handover{}, fault.New(fault.Conflict, "handover.no_successor")
	case !may(was, tx.Actor):
		return Handover{}, fault.New(fault.Forbidden, rule).With("from", was.FromName, "to", was.ToName)
	case was.Version != version:
		return Handover{}, fault.Changed(was)
	}
	q := governancedb.New(tx)
	n, err := q.TouchHandover(ctx, governancedb.TouchHandoverParams{ID: id, Version: version})
	if err == nil && n == 0 {
		if was, err = getHandover(ctx, tx, id); err == nil {
			err = fault.Changed(was)
		}
	}
	if err != nil {
		return Handover{}, err
	}
	for _, item := range c.Items {
		if _, err := write(q, item); err != nil {
			return Handover{}, err
		}
	}
	tx.Notify("governance", id)
	return getHandover(ctx, tx, id)
}
