package meeting

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/meeting/internal/meetingdb"
	"github.com/overens/overens/internal/pg"
)

// Detail is a matter with where it came from and what became of it elsewhere.
type Detail struct {
	Item
	Below  *Trace  `json:"below,omitempty" doc:"The matter that it came from, where the reader may see it."`
	Onward []Trace `json:"continuations" nullable:"false" doc:"What became of it elsewhere: in the body that decides, or at a later meeting."`
}

// Trace is how far a matter has come in another place, as the reader may see it.
type Trace struct {
	Item     uuid.UUID `json:"item,omitzero" doc:"The matter there. Left out: the reader may not see it." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Body     string    `json:"body" doc:"The body, by key." example:"forum"`
	BodyName string    `json:"bodyName" doc:"What the body is called." example:"Forum för mottagande och etablering"`
	Meeting  uuid.UUID `json:"meeting,omitzero" doc:"The meeting." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	On       day.Day   `json:"on,omitzero" doc:"The day of the meeting." example:"2027-04-15"`
	State    string    `json:"state" doc:"How far it has come there." example:"handled"`
	Outcome  string    `json:"outcome,omitempty" doc:"What came of it." example:"carried"`
	Result   string    `json:"result,omitempty" doc:"What was said and done. Markdown." example:"Forum tackar för informationen."`
	Decision uuid.UUID `json:"decision,omitzero" doc:"The decision." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Year     int       `json:"year,omitempty" doc:"The year of the decision's number." example:"2027"`
	Series   string    `json:"series,omitempty" enum:"S" doc:"The series of the decision's number. S: that of confidential decisions." example:"S"`
	Number   int       `json:"number,omitempty" doc:"The decision's number." example:"3"`
}

// GetItem gives one matter with where it came from and what became of it. One
// that the actor may not see is not there.
func GetItem(ctx context.Context, tx *pg.Tx, id uuid.UUID) (Detail, error) {
	s, err := sees(ctx, tx)
	if err != nil {
		return Detail{}, err
	}
	q := meetingdb.New(tx)
	r, err := q.Item(ctx, id)
	if err != nil {
		return Detail{}, err
	}
	i, _, err := s.item(ctx, tx, madeItem(r))
	if err != nil {
		return Detail{}, err
	}
	d := Detail{Item: i, Onward: []Trace{}}
	if i.From != uuid.Nil {
		r, err := q.Item(ctx, i.From)
		if err != nil {
			return Detail{}, err
		}
		switch below, m, err := s.item(ctx, tx, madeItem(r)); {
		case err == nil:
			t := trace(tx, below, m)
			d.Below = &t
		case !fault.Is(err, "common.not_found"):
			return Detail{}, err
		default:
			d.From = uuid.Nil
		}
	}
	rows, err := q.Onward(ctx, meetingdb.OnwardParams{TenantID: tx.Tenant, ID: maybe(id)})
	if err != nil {
		return Detail{}, err
	}
	for _, r := range rows {
		there := madeItem(r.AgendaItem)
		switch seen, m, err := s.item(ctx, tx, there); {
		case err == nil:
			t := trace(tx, seen, m)
			if m.ID != uuid.Nil {
				t.Decision, t.Year, t.Series, t.Number = r.DecisionID.UUID, int(r.Year.Int32), r.Series, int(r.Number.Int32)
			}
			d.Onward = append(d.Onward, t)
		case !fault.Is(err, "common.not_found"):
			return Detail{}, err
		case !there.Confidential: // that it went on is no secret, but what is done with it there is
			d.Onward = append(d.Onward, Trace{Body: there.Body, BodyName: bodyName(tx, there.Body, tx.Today()), State: ItemWaiting})
		}
	}
	return d, nil
}

func trace(tx *pg.Tx, i Item, m Meeting) Trace {
	on := m.On
	if on.IsZero() {
		on = tx.Today()
	}
	return Trace{Item: i.ID, Body: i.Body, BodyName: bodyName(tx, i.Body, on), Meeting: i.Meeting, On: m.On, State: i.State, Outcome: i.Outcome, Result: i.Result}
}

// item gives a matter as the actor may see it, with the meeting whose agenda it
// is on, where he sees that. Where he may not see it it is not there.
func (s sight) item(ctx context.Context, tx *pg.Tx, i Item) (Item, Meeting, error) {
	if i.Meeting == uuid.Nil {
		if s.makes || mine(tx, i) {
			i.Position = 0
			return i, Meeting{}, nil
		}
		return Item{}, Meeting{}, fault.Missing()
	}
	m, err := get(ctx, tx, i.Meeting)
	if err != nil {
		return Item{}, Meeting{}, err
	}
	switch {
	case s.whole(m) && (!i.Confidential || s.secret(m)):
		all, err := agenda(ctx, tx, m, s.secret(m))
		if at := slices.IndexFunc(all, func(o Item) bool { return o.ID == i.ID }); at >= 0 {
			i.Number, i.Position = all[at].Number, all[at].Position
		}
		return i, m, err
	case mine(tx, i):
		i = s.veiled(i, m)
		if i.Meeting == uuid.Nil {
			m = Meeting{}
		}
		return i, m, nil
	}
	return Item{}, Meeting{}, fault.Missing()
}

// Place puts a matter that waits, one on another agenda, or one that a meeting
// has postponed, on a meeting's agenda, last.
func Place(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64, meeting uuid.UUID) (Placed, error) {
	i, m, err := ofMakers(ctx, tx, id, version)
	if err != nil {
		return Placed{}, err
	}
	if meeting == uuid.Nil {
		return Placed{}, fault.Bad("agenda_item.meeting_unknown", "/meeting")
	}
	if i.State == ItemPostponed {
		return again(ctx, tx, i, meeting)
	}
	if err := i.in(ItemProposed, ItemWaiting, ItemPlanned); err != nil {
		return Placed{}, err
	}
	if m.ID != uuid.Nil {
		if err := m.in(Announced, Drafted, Called); err != nil {
			return Placed{}, err
		}
	}
	return move(ctx, tx, i, meeting, i.Reason)
}

// move moves a matter to an agenda or (zero) lets it wait.
func move(ctx context.Context, tx *pg.Tx, i Item, meeting uuid.UUID, reason string) (Placed, error) {
	on, state := tx.Today(), ItemWaiting
	if meeting != uuid.Nil {
		m, err := held(ctx, tx, meeting)
		if fault.Is(err, "common.not_found") || err == nil && m.Body != i.Body {
			return Placed{}, fault.Bad("agenda_item.meeting_unknown", "/meeting")
		}
		if err != nil {
			return Placed{}, err
		}
		if err := m.in(planning...); err != nil {
			return Placed{}, err
		}
		on, state = m.On, ItemPlanned
		if err := i.fits(tx, i.Body, on); err != nil {
			return Placed{}, err
		}
		if err := i.doable(ctx, tx, on); err != nil {
			return Placed{}, err
		}
	}
	row, err := meetingdb.New(tx).MoveItem(ctx, meetingdb.MoveItemParams{ID: i.ID, MeetingID: maybe(meeting), State: state, Reason: reason})
	if err != nil {
		return Placed{}, at(err)
	}
	notifyItem(tx, i)
	notifyItem(tx, madeItem(row))
	return placed(tx, madeItem(row), on), nil
}

// Postponement is why a matter is taken up later, and when.
type Postponement struct {
	Meeting uuid.UUID `json:"meeting,omitzero" doc:"The meeting that takes it up instead. Left out: it waits." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Reason  string    `json:"reason" minLength:"1" maxLength:"1000" doc:"Why." example:"Underlaget saknas"`
}

// Defer takes a matter from an agenda to another, or lets it wait, before its
// meeting is opened. At an open meeting Postpone is done with it.
func Defer(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64, p Postponement) (Placed, error) {
	i, m, err := ofMakers(ctx, tx, id, version)
	if err != nil {
		return Placed{}, err
	}
	if err := i.in(ItemPlanned); err != nil {
		return Placed{}, err
	}
	if err := m.in(Announced, Drafted, Called); err != nil {
		return Placed{}, err
	}
	if p.Reason = trimmed(p.Reason); p.Reason == "" {
		return Placed{}, fault.Bad("agenda_item.postponed_why", "/reason")
	}
	if p.Meeting == m.ID {
		return Placed{}, fault.Bad("agenda_item.same_meeting", "/meeting")
	}
	return move(ctx, tx, i, p.Meeting, p.Reason)
}

// again lets a matter that a meeting has postponed be taken up at another: what
// stands in the minutes stays there, and a matter that came from it goes on.
func again(ctx context.Context, tx *pg.Tx, i Item, meeting uuid.UUID) (Placed, error) {
	switch goes, err := goesOn(ctx, tx, i); {
	case err != nil:
		return Placed{}, err
	case goes:
		return Placed{}, fault.New(fault.Conflict, "agenda_item.taken_up_again")
	}
	later, err := addItem(ctx, tx, i.Body, i.Matter, source{state: ItemWaiting, from: i.ID, demo: i.Demo})
	if err != nil {
		return Placed{}, err
	}
	if err := copyPapers(ctx, tx, i.ID, later.ID, meeting); err != nil {
		return Placed{}, err
	}
	return move(ctx, tx, later, meeting, i.Reason)
}

// goesOn tells whether a matter is to be taken up again in its body already: a
// matter that came from it waits there, or stands on an agenda.
func goesOn(ctx context.Context, tx *pg.Tx, i Item) (bool, error) {
	after, err := meetingdb.New(tx).Onward(ctx, meetingdb.OnwardParams{TenantID: tx.Tenant, ID: maybe(i.ID)})
	return slices.ContainsFunc(after, func(r meetingdb.OnwardRow) bool {
		return r.AgendaItem.Body == i.Body && r.AgendaItem.State != ItemWithdrawn
	}), err
}

// Withdraw takes a matter back, with the reason. At an open meeting it stays in
// the minutes as withdrawn.
func Withdraw(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64, r Refusal) (Item, error) {
	i, m, err := own(ctx, tx, id, version)
	if err != nil {
		return Item{}, err
	}
	if err := i.in(ItemProposed, ItemWaiting, ItemPlanned, ItemOnTable); err != nil {
		return Item{}, err
	}
	if r.Reason = trimmed(r.Reason); r.Reason == "" {
		return Item{}, fault.Bad("agenda_item.reasoned", "/reason")
	}
	q := meetingdb.New(tx)
	var row meetingdb.AgendaItem
	if m.State == Open {
		row, err = q.SettleItem(ctx, meetingdb.SettleItemParams{ID: id, State: ItemWithdrawn, Outcome: OutcomeWithdrawn, Reason: r.Reason, ClosedAt: &tx.Now})
	} else {
		if m.ID != uuid.Nil {
			if err := m.in(planning...); err != nil {
				return Item{}, err
			}
		}
		row, err = q.MoveItem(ctx, meetingdb.MoveItemParams{ID: id, State: ItemWithdrawn, Reason: r.Reason})
	}
	notifyItem(tx, i)
	return madeItem(row), at(err)
}

// Transfer is where a matter goes on to.
type Transfer struct {
	Body     string    `json:"body" minLength:"1" maxLength:"40" doc:"The body that takes it up, by key: one that this body prepares for." example:"forum"`
	Meeting  uuid.UUID `json:"meeting,omitzero" doc:"The meeting on whose agenda it comes. Left out: it waits there." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Kind     string    `json:"kind,omitempty" enum:"information,discussion,decision,learning" doc:"What it is for there. Left out: the same." example:"decision"`
	Proposal string    `json:"proposal,omitempty" maxLength:"5000" doc:"The wording that is proposed there. Left out: the same." example:"Boende avslutas som övergripande område."`
}

// HandOn lets a matter travel from a body that prepares to the one that decides:
// it becomes a matter there, with its papers, and whoever reads the first sees
// what became of it.
func HandOn(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64, p Transfer) (Placed, error) {
	i, m, err := ofMakers(ctx, tx, id, version)
	if err != nil {
		return Placed{}, err
	}
	if err := i.in(ItemWaiting, ItemPlanned, ItemOnTable, ItemHandled); err != nil {
		return Placed{}, err
	}
	on := tx.Today()
	if m.ID != uuid.Nil {
		on = m.On
	}
	lines(&p.Body)
	if b, ok := bodyOf(tx, i.Body, on); !ok || !slices.Contains(b.PreparesFor, p.Body) {
		return Placed{}, fault.Bad("agenda_item.prepares_for_others", "/body").With("body", bodyName(tx, i.Body, on))
	}
	before, err := meetingdb.New(tx).Onward(ctx, meetingdb.OnwardParams{TenantID: tx.Tenant, ID: maybe(id)})
	if err != nil {
		return Placed{}, err
	}
	for _, r := range before {
		if r.AgendaItem.Body == p.Body && r.AgendaItem.State != ItemWithdrawn {
			return Placed{}, fault.New(fault.Conflict, "agenda_item.handed_on")
		}
	}
	n := i.Matter
	n.PreparedBy = i.Body
	if p.Kind != "" {
		n.Kind = p.Kind
	}
	if p.Proposal = trimmed(p.Proposal); p.Proposal != "" {
		n.Proposal = p.Proposal
	}
	if n, err = matter(ctx, tx, n); err != nil {
		return Placed{}, err
	}
	if err := n.fits(tx, p.Body, tx.Today()); err != nil {
		return Placed{}, err
	}
	there, err := addItem(ctx, tx, p.Body, n, source{state: ItemWaiting, from: i.ID, demo: i.Demo})
	if err != nil {
		return Placed{}, err
	}
	if err := copyPapers(ctx, tx, i.ID, there.ID, p.Meeting); err != nil {
		return Placed{}, err
	}
	if i.Outcome == "" && (m.ID == uuid.Nil || m.State == Open || m.State == Closed) {
		state := ItemHandled
		if m.ID == uuid.Nil { // on no agenda it was not handled: it waits no longer, since it has gone on
			state = i.State
		}
		if _, err := meetingdb.New(tx).SettleItem(ctx, meetingdb.SettleItemParams{ID: id, State: state, Outcome: OutcomeSentOn, Reason: i.Reason, ClosedAt: &tx.Now}); err != nil {
			return Placed{}, err
		}
		notifyItem(tx, i)
	}
	if p.Meeting == uuid.Nil {
		return placed(tx, there, tx.Today()), nil
	}
	return move(ctx, tx, there, p.Meeting, "")
}

// Difference is what differs between an agenda as it was called and as it is now.
type Difference struct {
	Item   uuid.UUID `json:"item" doc:"The matter." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	What   string    `json:"what" enum:"added,taken-off,moved,changed" doc:"What differs." example:"added"`
	Called *Point    `json:"called,omitempty" doc:"As it was called. Left out: it was not."`
	Now    *Point    `json:"now,omitempty" doc:"As it is. Left out: it is not on the agenda."`
}

// Point is a matter as it stands on an agenda.
type Point struct {
	Number   int    `json:"number" doc:"Its number, as the reader sees it." example:"4"`
	Kind     string `json:"kind" doc:"What it is for." example:"decision"`
	Title    string `json:"title" doc:"What it is about." example:"Boende som övergripande område"`
	Proposal string `json:"proposal,omitempty" doc:"The wording that is proposed." example:"Boende avslutas som övergripande område."`
}

// Differences lists what differs between a meeting's agenda as it was last called
// and as it is now, as the actor sees both.
func Differences(ctx context.Context, tx *pg.Tx, meeting uuid.UUID) ([]Difference, error) {
	m, err := get(ctx, tx, meeting)
	if err != nil {
		return nil, err
	}
	s, err := sees(ctx, tx)
	if err != nil {
		return nil, err
	}
	if err := s.needs(m); err != nil {
		return nil, err
	}
	now, err := agenda(ctx, tx, m, s.secret(m))
	if err != nil {
		return nil, err
	}
	called, err := meetingdb.New(tx).CalledAgenda(ctx, meeting)
	if err != nil || len(called) == 0 {
		return []Difference{}, err
	}
	called = slices.DeleteFunc(called, func(r meetingdb.CalledAgendaRow) bool { return r.Confidential && !s.secret(m) })
	return differ(called, now), nil
}

func differ(called []meetingdb.CalledAgendaRow, now []Item) []Difference {
	then, here := map[uuid.UUID]Point{}, map[uuid.UUID]Point{}
	var both []uuid.UUID // in the order of now
	for n, r := range called {
		c := r.AgendaCalled
		then[c.ItemID] = Point{n + 1, c.Kind, c.Title, c.Proposal}
	}
	for _, i := range now {
		here[i.ID] = Point{i.Number, i.Kind, i.Title, i.Proposal}
		if _, ok := then[i.ID]; ok {
			both = append(both, i.ID)
		}
	}
	ds := []Difference{}
	rank := 0 // among those that are on both
	for _, r := range called {
		id := r.AgendaCalled.ItemID
		was := then[id]
		is, ok := here[id]
		if !ok {
			ds = append(ds, Difference{Item: id, What: "taken-off", Called: &was})
			continue
		}
		switch moved := both[rank] != id; {
		case was.Kind != is.Kind || was.Title != is.Title || was.Proposal != is.Proposal:
			ds = append(ds, Difference{Item: id, What: "changed", Called: &was, Now: &is})
		case moved:
			ds = append(ds, Difference{Item: id, What: "moved", Called: &was, Now: &is})
		}
		rank++
	}
	for _, i := range now {
		if _, ok := then[i.ID]; !ok {
			is := here[i.ID]
			ds = append(ds, Difference{Item: i.ID, What: "added", Now: &is})
		}
	}
	return ds
}
