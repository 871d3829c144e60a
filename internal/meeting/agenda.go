package meeting

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/meeting/internal/meetingdb"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
	"github.com/overens/overens/internal/text"
)

// planning are the states in which matters come to an agenda: also while the
// meeting is open, as when those who are there agree to take one up.
var planning = []State{Announced, Drafted, Called, Open}

// Agenda gives a meeting's matters in their order, numbered as the actor sees
// them: one that he may not see leaves no gap, neither in numbers nor in
// positions.
func Agenda(ctx context.Context, tx *pg.Tx, meeting uuid.UUID) ([]Item, error) {
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
	return agenda(ctx, tx, m, s.secret(m))
}

func agenda(ctx context.Context, tx *pg.Tx, m Meeting, secret bool) ([]Item, error) {
	rows, err := meetingdb.New(tx).AgendaOf(ctx, maybe(m.ID))
	if err != nil {
		return nil, err
	}
	items := make([]Item, 0, len(rows))
	for _, r := range rows {
		i := madeItem(r)
		if i.Confidential && !secret {
			continue
		}
		i.Number, i.Position = len(items)+1, 10*(len(items)+1)
		items = append(items, i)
	}
	return items, nil
}

// Placed is a matter as it stands on an agenda, or waits, and what is worth a look.
type Placed struct {
	Item     Item            `json:"item" doc:"The matter."`
	Warnings []fault.Warning `json:"warnings" nullable:"false" doc:"What was accepted and is worth a look."`
}

// Put puts a new matter on a meeting's agenda, last.
func Put(ctx context.Context, tx *pg.Tx, meeting uuid.UUID, n Matter) (Placed, error) {
	m, err := held(ctx, tx, meeting, planning...)
	if err != nil {
		return Placed{}, err
	}
	if n, err = matter(ctx, tx, n); err != nil {
		return Placed{}, err
	}
	if err := n.fits(tx, m.Body, m.On); err != nil {
		return Placed{}, err
	}
	if err := n.doable(ctx, tx, m.On); err != nil {
		return Placed{}, err
	}
	i, err := addItem(ctx, tx, m.Body, n, source{meeting: m.ID, state: ItemPlanned, demo: m.Demo})
	if err != nil {
		return Placed{}, err
	}
	return placed(tx, i, m.On), nil
}

// source is where a new matter stands and comes from.
type source struct {
	meeting  uuid.UUID
	state    string
	from     uuid.UUID
	standing bool
	proposed bool
	demo     bool
}

func addItem(ctx context.Context, tx *pg.Tx, body string, n Matter, from source) (Item, error) {
	p := meetingdb.AddItemParams{ID: tx.NewID(), Body: body, MeetingID: maybe(from.meeting), Kind: n.Kind, Title: n.Title, Background: n.Background,
		Proposal: n.Proposal, Rapporteur: n.Rapporteur, Duration: int32(n.Duration), OrganisationID: maybe(n.Organisation), PreparedBy: n.PreparedBy, //nolint:gosec // at most 600
		FromID: maybe(from.from), Standing: from.standing, Confidential: n.Confidential, State: from.state, RegistryNumber: n.RegistryNumber, Act: n.Act,
		ActBody: n.ActBody, Demo: from.demo}
	if from.proposed {
		p.ProposedBy, p.ProposedAt = maybe(tx.Person), &tx.Now
	}
	row, err := meetingdb.New(tx).AddItem(ctx, p)
	notifyItem(tx, madeItem(row))
	return madeItem(row), at(err)
}

// notifyItem tells all servers that an agenda, or what waits, has moved.
func notifyItem(tx *pg.Tx, i Item) {
	tx.Notify("agenda-item", i.ID)
	if i.Meeting != uuid.Nil {
		tx.Notify("meeting", i.Meeting)
	}
}

// stand puts on a new agenda what stands on each agenda of the body, and what it
// shall raise by standing decisions.
func stand(ctx context.Context, tx *pg.Tx, m Meeting) error {
	b, _ := bodyOf(tx, m.Body, m.On)
	for _, words := range b.Rules.StandingItems {
		n := Matter{Kind: ForInformation, Title: words.In(string(text.Swedish))}
		if _, err := addItem(ctx, tx, m.Body, n, source{meeting: m.ID, state: ItemPlanned, standing: true, demo: m.Demo}); err != nil {
			return err
		}
	}
	duties, err := meetingdb.New(tx).DutiesOn(ctx, meetingdb.DutiesOnParams{Body: m.Body, OnDay: m.On})
	for _, d := range duties {
		n := Matter{Kind: ForDiscussion, Title: cut(text.Line(d.Wording), 200)}
		if n.Title != text.Line(d.Wording) {
			n.Background = plain(d.Wording) // it was not written as Markdown
		}
		if _, err := addItem(ctx, tx, m.Body, n, source{meeting: m.ID, state: ItemPlanned, standing: true, demo: m.Demo}); err != nil {
			return err
		}
	}
	return err
}

// cut shortens a line to so many letters.
func cut(s string, most int) string {
	if rs := []rune(s); len(rs) > most {
		return string(rs[:most-1]) + "…"
	}
	return s
}

// matter tidies what is to be taken up, and finds everything that is wrong with it.
func matter(ctx context.Context, tx *pg.Tx, n Matter) (Matter, error) {
	lines(&n.Title, &n.Rapporteur, &n.PreparedBy, &n.RegistryNumber, &n.Act)
	n.Background, n.Proposal = trimmed(n.Background), trimmed(n.Proposal)
	if bytes.Equal(bytes.TrimSpace(n.ActBody), []byte("null")) || len(n.ActBody) == 0 {
		n.ActBody = nil
	}
	var wrong fault.List
	if !slices.Contains([]string{ForInformation, ForDiscussion, ForDecision, ForLearning}, n.Kind) {
		wrong.Add(fault.Bad("agenda_item.kind", "/kind"))
	}
	if n.Title == "" {
		wrong.Add(fault.Bad("agenda_item.titled", "/title"))
	}
	if n.Duration < 0 || n.Duration > 600 {
		wrong.Add(fault.Bad("agenda_item.duration", "/duration"))
	}
	switch {
	case n.Act != "" && n.Kind != ForDecision:
		wrong.Add(fault.Bad("agenda_item.act_without_decision", "/act"))
	case n.Act != "" && n.ActBody == nil, n.Act == "" && n.ActBody != nil, n.ActBody != nil && !json.Valid(n.ActBody):
		wrong.Add(fault.Bad("agenda_item.act_with_what", "/actBody"))
	case n.Act != "" && n.Confidential: // what it does would tell of it
		wrong.Add(fault.Bad("agenda_item.act_open", "/act"))
	}
	if n.PreparedBy != "" {
		if _, ok := bodyOf(tx, n.PreparedBy, tx.Today()); !ok {
			wrong.Add(fault.Bad("meeting.body_unknown", "/preparedBy").With("body", n.PreparedBy, "on", tx.Today()))
		}
	}
	if n.Organisation != uuid.Nil {
		_, err := organisation.Get(ctx, tx, n.Organisation)
		switch {
		case fault.Is(err, "common.not_found"):
			wrong.Add(fault.Bad("agenda_item.organisation_unknown", "/organisation"))
		case err != nil:
			return n, err
		}
	}
	return n, wrong.Err()
}

// fits refuses a matter for decision in a body that decides nothing, and says what
// works there.
func (n Matter) fits(tx *pg.Tx, body string, on day.Day) error {
	if n.Kind != ForDecision {
		return nil
	}
	if f := undeciding(tx, body, on); f != nil {
		return f.At("/kind")
	}
	return nil
}

// undeciding is why a body takes up nothing for decision on a day: it prepares for
// others that decide, or is there for something else. nil: it decides, or was not there.
func undeciding(tx *pg.Tx, body string, on day.Day) *fault.Fault {
	b, there := bodyOf(tx, body, on)
	if !there || mayDecide(tx, b, on, "") == nil {
		return nil
	}
	var others []string
	for _, key := range b.PreparesFor {
		others = append(others, bodyName(tx, key, on))
	}
	key := "agenda_item.decides_nothing"
	if len(others) > 0 {
		key = "agenda_item.prepares_only"
	}
	return fault.Bad(key, "").With("body", bodyName(tx, body, on), "others", strings.Join(others, ", "))
}

// subjects are what a body decides on by each act.
var subjects = map[string]string{
	ActGoalClose:        tenant.DecidesStructure,
	ActGoalAdd:          tenant.DecidesStructure,
	ActInstrumentExtend: tenant.DecidesAgreement,
	ActPartyAdmit:       tenant.DecidesMembership,
	ActPartyRelease:     tenant.DecidesMembership,
	ActConfiguration:    tenant.DecidesRules,
}

// placed adds to a matter what is worth a look: that its body may not decide it.
func placed(tx *pg.Tx, i Item, on day.Day) Placed {
	p := Placed{Item: i, Warnings: []fault.Warning{}}
	if i.Kind != ForDecision {
		return p
	}
	b, ok := bodyOf(tx, i.Body, on)
	switch subject := subjects[i.Act]; {
	case !ok:
	case len(b.Decides) == 0 || !b.Rules.Decision.Decides():
		p.Warnings = append(p.Warnings, warning("agenda_item.body_decides_nothing", "body", bodyName(tx, i.Body, on)))
	case subject != "" && !b.May(subject):
		p.Warnings = append(p.Warnings, warning("agenda_item.body_decides_otherwise", "body", bodyName(tx, i.Body, on), "subject", subject))
	}
	return p
}

// heldItem gives a matter to whoever makes meetings, and holds it and the meeting
// that it is on. version 0 asks for no version.
func heldItem(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64) (Item, Meeting, error) {
	var m Meeting
	q := meetingdb.New(tx)
	r, err := q.Item(ctx, id)
	if err != nil {
		return Item{}, m, err
	}
	// The meeting before the matter, as everybody takes them.
	if r.MeetingID.Valid {
		row, err := q.LockMeeting(ctx, r.MeetingID.UUID)
		if err != nil {
			return Item{}, m, err
		}
		m = made(tx, row)
	}
	if r, err = q.LockItem(ctx, id); err != nil {
		return Item{}, m, err
	}
	i := madeItem(r)
	if i.Meeting != m.ID || version != 0 && i.Version != version {
		return i, m, fault.Changed(i)
	}
	return i, m, nil
}

// ofMakers is heldItem for those who make meetings alone.
func ofMakers(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64) (Item, Meeting, error) {
	if err := tx.Require(auth.MeetingPrepare); err != nil {
		return Item{}, Meeting{}, err
	}
	return heldItem(ctx, tx, id, version)
}

// in refuses what cannot be done with a matter as far as it has come.
func (i Item) in(states ...string) error {
	if slices.Contains(states, i.State) {
		return nil
	}
	return fault.New(fault.Conflict, "agenda_item.not_now").With("state", i.State)
}

// ChangeItem writes a matter anew, of the version that was read. Who proposed it
// may change it until it has been answered.
func ChangeItem(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64, n Matter) (Placed, error) {
	i, m, err := own(ctx, tx, id, version)
	if err != nil {
		return Placed{}, err
	}
	if err := i.in(ItemProposed, ItemWaiting, ItemPlanned, ItemOnTable); err != nil {
		return Placed{}, err
	}
	if m.ID != uuid.Nil {
		if err := m.in(planning...); err != nil {
			return Placed{}, err
		}
	}
	if n, err = matter(ctx, tx, n); err != nil {
		return Placed{}, err
	}
	if !tx.May(auth.MeetingPrepare) && n.Organisation != i.Organisation {
		return Placed{}, fault.Bad("agenda_item.stays_its_partys", "/organisation")
	}
	on := tx.Today()
	if m.ID != uuid.Nil {
		on = m.On
	}
	if err := n.fits(tx, i.Body, on); err != nil {
		return Placed{}, err
	}
	if m.ID != uuid.Nil {
		if err := n.doable(ctx, tx, on); err != nil {
			return Placed{}, err
		}
	}
	row, err := meetingdb.New(tx).ChangeItem(ctx, meetingdb.ChangeItemParams{ID: id, Kind: n.Kind, Title: n.Title, Background: n.Background, Proposal: n.Proposal,
		Rapporteur: n.Rapporteur, Duration: int32(n.Duration), OrganisationID: maybe(n.Organisation), PreparedBy: n.PreparedBy, Confidential: n.Confidential, //nolint:gosec // at most 600
		RegistryNumber: n.RegistryNumber, Act: n.Act, ActBody: n.ActBody})
	if err != nil {
		return Placed{}, at(err)
	}
	if n.Confidential && !i.Confidential {
		if err := closePapers(ctx, tx, id); err != nil {
			return Placed{}, err
		}
	}
	notifyItem(tx, madeItem(row))
	return placed(tx, madeItem(row), on), nil
}

// Arrange puts an agenda in order: all its matters, the first first. version is
// the meeting's.
func Arrange(ctx context.Context, tx *pg.Tx, meeting uuid.UUID, version int64, order []uuid.UUID) ([]Item, error) {
	m, err := changeable(ctx, tx, meeting, version, planning...)
	if err != nil {
		return nil, err
	}
	now, err := agenda(ctx, tx, m, true)
	if err != nil {
		return nil, err
	}
	left := make(map[uuid.UUID]bool, len(now))
	for _, i := range now {
		left[i.ID] = true
	}
	for _, id := range order {
		if !left[id] {
			return nil, fault.Bad("meeting.order_not_whole", "/items")
		}
		delete(left, id)
	}
	if len(left) > 0 {
		return nil, fault.Bad("meeting.order_not_whole", "/items")
	}
	q := meetingdb.New(tx)
	if err := q.ArrangeItems(ctx, meetingdb.ArrangeItemsParams{MeetingID: maybe(meeting), Ids: order}); err != nil {
		return nil, err
	}
	if _, err := q.TouchMeeting(ctx, meeting); err != nil {
		return nil, err
	}
	tx.Notify("meeting", meeting)
	return agenda(ctx, tx, m, true)
}
