package meeting

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/meeting/internal/meetingdb"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

// led gives a meeting to who leads it, in the version that was read, held alone
// until the unit of work ends.
func led(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64, states ...State) (Meeting, sight, error) {
	m, s, err := enter(ctx, tx, id, holdAlone)
	if err != nil {
		return m, s, err
	}
	if err := leads(ctx, tx, m, s); err != nil {
		return m, s, err
	}
	if m.Version != version {
		return m, s, fault.Changed(m)
	}
	return m, s, m.in(states...)
}

// Start opens a meeting that has been called, on its day at the earliest. A
// written procedure begins when it is called, and ends on its day.
func Start(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64) (Meeting, error) {
	m, _, err := led(ctx, tx, id, version, Called)
	if err != nil {
		return Meeting{}, err
	}
	if m.Kind == KindMeeting && tx.Today().Before(m.On) {
		return Meeting{}, fault.New(fault.Conflict, "meeting.before_its_day").With("on", m.On)
	}
	return openUp(ctx, tx, m)
}

func openUp(ctx context.Context, tx *pg.Tx, m Meeting) (Meeting, error) {
	row, err := meetingdb.New(tx).OpenedMeeting(ctx, meetingdb.OpenedMeetingParams{ID: m.ID, OpenedAt: &tx.Now})
	tx.Notify("meeting", m.ID)
	return made(tx, row), err
}

// Closing is a meeting that has been closed, and what is worth a look.
type Closing struct {
	Meeting  Meeting         `json:"meeting" doc:"The meeting."`
	Warnings []fault.Warning `json:"warnings" nullable:"false" doc:"What was accepted and is worth a look."`
}

// Close closes a meeting. All that was to be decided has to be decided or
// postponed; a matter on the table is settled as what it was for. From then on
// nobody comes, goes or votes any more, unless it is opened again.
func Close(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64) (Closing, error) {
	m, s, err := led(ctx, tx, id, version, Open)
	if err != nil {
		return Closing{}, err
	}
	return closing(ctx, tx, m, s.secret(m))
}

func closing(ctx context.Context, tx *pg.Tx, m Meeting, secret bool) (Closing, error) {
	q := meetingdb.New(tx)
	items, err := q.LiveItems(ctx, maybe(m.ID))
	if err != nil {
		return Closing{}, err
	}
	var undecided, untouched []string
	for _, i := range items {
		name := i.Title
		if i.Confidential && !secret {
			name = "…"
		}
		switch {
		case i.Outcome != "":
		case i.Kind == ForDecision:
			undecided = append(undecided, name)
		case i.State == ItemOnTable:
			_, err := q.SettledItem(ctx, meetingdb.SettledItemParams{ID: i.ID, State: ItemHandled, Outcome: outcomes[i.Kind], Result: i.Result, ClosedAt: &tx.Now})
			if err != nil {
				return Closing{}, err
			}
		default:
			untouched = append(untouched, name)
		}
	}
	if len(undecided) > 0 {
		return Closing{}, fault.New(fault.Conflict, "meeting.undecided").With("count", len(undecided), "items", strings.Join(undecided, ", "))
	}
	if err := keepSeating(ctx, tx, m); err != nil {
		return Closing{}, err
	}
	row, err := q.ClosedMeeting(ctx, meetingdb.ClosedMeetingParams{ID: m.ID, ClosedAt: &tx.Now, CountyVersion: tx.County.Version})
	if err != nil {
		return Closing{}, err
	}
	if err := publishAt(ctx, tx, m, tenant.PublicClosed); err != nil {
		return Closing{}, err
	}
	tx.Notify("meeting", m.ID)
	c := Closing{Meeting: made(tx, row), Warnings: []fault.Warning{}}
	if len(untouched) > 0 {
		c.Warnings = append(c.Warnings, warning("meeting.untouched", "count", len(untouched), "items", strings.Join(untouched, ", ")))
	}
	return c, nil
}

// conceal takes back from the public what the body's rule makes public when a
// meeting closes.
func conceal(ctx context.Context, tx *pg.Tx, m Meeting) error {
	b, _ := bodyOf(tx, m.Body, m.On)
	rule := b.Rules.Public
	items, decisions := rule.Agenda == tenant.PublicClosed, rule.Decisions == tenant.PublicClosed
	if !items && !decisions {
		return nil
	}
	return meetingdb.New(tx).ConcealClosed(ctx, meetingdb.ConcealClosedParams{MeetingID: m.ID, Items: items, Decisions: decisions})
}

// Reopen opens a closed meeting again, as long as its minutes have not been
// drafted: somebody came too late to be noted, a vote was written down wrong.
func Reopen(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64) (Meeting, error) {
	m, _, err := led(ctx, tx, id, version, Closed)
	if err != nil {
		return Meeting{}, err
	}
	if err := conceal(ctx, tx, m); err != nil {
		return Meeting{}, err
	}
	row, err := meetingdb.New(tx).ReopenedMeeting(ctx, id)
	tx.Notify("meeting", id)
	return made(tx, row), err
}

// outcomes are what comes of a matter that is not decided on.
var outcomes = map[string]string{ForInformation: OutcomeNoted, ForDiscussion: OutcomeDiscussed, ForLearning: OutcomeLearned}

// ledItem gives a matter on the agenda of an open meeting to who leads it, in the
// version that was read.
func ledItem(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64) (Meeting, Item, sight, error) {
	m, i, s, err := onAgenda(ctx, tx, id, holdAlone)
	if err != nil {
		return m, i, s, err
	}
	if err := leads(ctx, tx, m, s); err != nil {
		return m, i, s, err
	}
	if i.Version != version {
		return m, i, s, fault.Changed(i)
	}
	if err := m.in(Open); err != nil {
		return m, i, s, err
	}
	return m, i, s, unattested(ctx, tx, id)
}

// TakeUp puts a matter on the table; what lay there and has not been settled can
// be taken up again. A matter that was settled comes back, unless it was decided on.
func TakeUp(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64) (Item, error) {
	m, i, _, err := ledItem(ctx, tx, id, version)
	if err != nil {
		return Item{}, err
	}
	switch i.State {
	case ItemPlanned, ItemOnTable, ItemPostponed:
	case ItemHandled:
		if i.Kind == ForDecision {
			return Item{}, fault.New(fault.Conflict, "decision.item_once")
		}
	default:
		return Item{}, fault.New(fault.Conflict, "agenda_item.not_now").With("state", i.State)
	}
	q := meetingdb.New(tx)
	if err := q.LeftTable(ctx, meetingdb.LeftTableParams{MeetingID: maybe(m.ID), ID: id}); err != nil {
		return Item{}, err
	}
	row, err := q.TakenUp(ctx, meetingdb.TakenUpParams{ID: id, OpenedAt: &tx.Now})
	if err != nil {
		return Item{}, err
	}
	on := id
	if i.Confidential { // the meeting's own row is read by those who may not know of it
		on = uuid.Nil
	}
	_, err = q.PutOnTable(ctx, meetingdb.PutOnTableParams{ID: m.ID, ItemID: maybe(on)})
	tx.Notify("meeting", m.ID)
	return madeItem(row), err
}

// Settlement is what came of a matter that is not decided on.
type Settlement struct {
	Result string `json:"result,omitempty" maxLength:"10000" doc:"What was said, for the minutes. Markdown." example:"Forum tackar för informationen."`
}

// Settle is done with a matter for information, discussion or learning.
func Settle(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64, s Settlement) (Item, error) {
	m, i, _, err := ledItem(ctx, tx, id, version)
	if err != nil {
		return Item{}, err
	}
	outcome := outcomes[i.Kind]
	switch {
	case outcome == "":
		return Item{}, fault.New(fault.Conflict, "agenda_item.to_decide")
	case i.State != ItemPlanned && i.State != ItemOnTable && i.State != ItemHandled && i.State != ItemPostponed:
		return Item{}, fault.New(fault.Conflict, "agenda_item.not_now").With("state", i.State)
	}
	return off(ctx, tx, m, i, meetingdb.SettledItemParams{State: ItemHandled, Outcome: outcome, Result: strings.TrimSpace(s.Result)})
}

// Delay is why a matter is postponed.
type Delay struct {
	Reason string `json:"reason" minLength:"1" maxLength:"1000" doc:"Why." example:"Underlaget om kostnader saknas"`
	Result string `json:"result,omitempty" maxLength:"10000" doc:"What was said, for the minutes. Markdown." example:"Frågan bordläggs till hösten."`
}

// Postpone is done with a matter for this time: that is an outcome too, and the
// meeting can be closed. It stays in the minutes, and what is taken up later is a
// matter that came from it.
func Postpone(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64, d Delay) (Item, error) {
	m, i, _, err := ledItem(ctx, tx, id, version)
	if err != nil {
		return Item{}, err
	}
	lines(&d.Reason)
	switch {
	case d.Reason == "":
		return Item{}, fault.Bad("agenda_item.postponed_why", "/reason")
	case i.State == ItemHandled && i.Kind == ForDecision:
		return Item{}, fault.New(fault.Conflict, "decision.item_once")
	}
	if err := i.in(ItemPlanned, ItemOnTable, ItemPostponed, ItemHandled); err != nil {
		return Item{}, err
	}
	p := meetingdb.SettledItemParams{State: ItemPostponed, Outcome: OutcomePostponed, Reason: d.Reason, Result: strings.TrimSpace(d.Result)}
	if i.Kind == ForDecision {
		s, err := sit(ctx, tx, m)
		if err != nil {
			return Item{}, err
		}
		s.short(i.ID, &p)
	}
	return off(ctx, tx, m, i, p)
}

// short writes down how many served and how many should have, where a matter
// cannot be decided because they are too few and the rule stops.
func (s sitting) short(item uuid.UUID, p *meetingdb.SettledItemParams) {
	q := s.quorum(item, s.table(item))
	if q.Holds || !s.body.Rules.Quorum.Stops() || s.meeting.Kind == KindMeeting && len(s.present) == 0 { // who came has not been written down yet
		return
	}
	p.Short, p.ShortCounted, p.ShortNeeded = true, int32(q.Counted), int32(q.Needed) //nolint:gosec // as many as there are seats
}

// off takes a matter off the table with what came of it.
func off(ctx context.Context, tx *pg.Tx, m Meeting, i Item, p meetingdb.SettledItemParams) (Item, error) {
	q := meetingdb.New(tx)
	p.ID, p.ClosedAt = i.ID, &tx.Now
	row, err := q.SettledItem(ctx, p)
	if err != nil {
		return Item{}, at(err)
	}
	if m.Item == i.ID {
		if _, err := q.PutOnTable(ctx, meetingdb.PutOnTableParams{ID: m.ID}); err != nil {
			return Item{}, err
		}
	}
	tx.Notify("meeting", m.ID)
	return madeItem(row), nil
}
