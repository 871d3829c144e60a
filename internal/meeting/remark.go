package meeting

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/meeting/internal/meetingdb"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

// What somebody wants said about a matter.
const (
	Objection   = "objection"   // before the decision: one does not agree to it
	Reservation = "reservation" // beside the decision: one took no part of the responsibility
	Dissent     = "dissent"     // beside the decision: one thinks otherwise
	Said        = "statement"   // what one wants written down
)

// Remark is what somebody wants said about a matter, before the decision or beside it.
type Remark struct {
	ID          uuid.UUID  `json:"id" doc:"The identifier, unique over time." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Item        uuid.UUID  `json:"item" doc:"The matter." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Kind        string     `json:"kind" enum:"objection,reservation,dissent,statement" doc:"An objection before the decision; beside it a reservation, another opinion, or a statement." example:"reservation"`
	Person      uuid.UUID  `json:"person" doc:"Who." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Name        string     `json:"name" doc:"What the person is called." example:"Kim Lind"`
	Party       string     `json:"party,omitempty" doc:"For whom." example:"Alvesta kommun"`
	Wording     string     `json:"wording,omitempty" doc:"What is to be written." example:"Kostnaderna är inte utredda."`
	MadeAt      time.Time  `json:"madeAt" doc:"When." example:"2027-04-15T08:10:00Z"`
	WithdrawnAt *time.Time `json:"withdrawnAt,omitempty" doc:"When it was taken back." example:"2027-04-15T08:12:00Z"`
}

// Saying is a remark as it is made.
type Saying struct {
	Kind    string    `json:"kind" enum:"objection,reservation,dissent,statement" doc:"An objection before the decision; beside it a reservation, another opinion, or a statement." example:"reservation"`
	Person  uuid.UUID `json:"person,omitzero" doc:"Who. Left out: whoever says it." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Wording string    `json:"wording,omitempty" maxLength:"4000" doc:"What is to be written." example:"Kostnaderna är inte utredda."`
}

// Say notes what somebody wants said about a matter. An objection is made before
// it is decided by one who serves a seat with a vote; the rest also afterwards,
// until the meeting closes. A reservation and another opinion are for those who
// take part in the decision.
func Say(ctx context.Context, tx *pg.Tx, item uuid.UUID, r Saying) (Remark, error) {
	if !slices.Contains([]string{Objection, Reservation, Dissent, Said}, r.Kind) {
		return Remark{}, fault.Bad("remark.kind", "/kind")
	}
	m, i, s, err := answering(ctx, tx, item)
	if err != nil {
		return Remark{}, err
	}
	if r.Person == uuid.Nil {
		r.Person = tx.Person
	}
	if r.Person != tx.Person || r.Person == uuid.Nil {
		if err := leads(ctx, tx, m, s); err != nil {
			return Remark{}, err
		}
	}
	r.Wording = trimmed(r.Wording)
	at, err := sit(ctx, tx, m)
	if err != nil {
		return Remark{}, err
	}
	party, err := at.says(i, r)
	if err != nil {
		return Remark{}, err
	}
	row, err := meetingdb.New(tx).Remarked(ctx, meetingdb.RemarkedParams{ID: tx.NewID(), MeetingID: m.ID, ItemID: i.ID, PersonID: r.Person, OrganisationID: maybe(party),
		Kind: r.Kind, Wording: r.Wording, MadeAt: tx.Now})
	if err != nil {
		return Remark{}, err
	}
	tx.Notify("meeting", m.ID)
	if r.Kind == Objection && m.Kind == KindWritten {
		c, _ := servedBy(at.table(i.ID), r.Person) // says has seen that he serves one
		if err := at.stopped(ctx, tx, i, objectedBy(c.Server, r.Wording)); err != nil {
			return Remark{}, err
		}
	}
	return remarked(ctx, tx, m.ID, row.ID)
}

// says tells for which party one may say something, or why one may not.
func (s sitting) says(i Item, r Saying) (uuid.UUID, error) {
	t := s.table(i.ID)
	c, serves := servedBy(t, r.Person)
	switch {
	case r.Kind == Said && r.Wording == "":
		return uuid.Nil, fault.Bad("remark.worded", "/wording")
	case r.Kind == Said && !slices.Contains(s.present, r.Person):
		return uuid.Nil, fault.New(fault.Conflict, "attendance.not_here").At("/person")
	case r.Kind != Said && (!serves || !c.Place.Votes() || entitled(t, s.quorum(i.ID, t))[c.Place.Key] != r.Person):
		return uuid.Nil, fault.New(fault.Conflict, "remark.takes_no_part").At("/person")
	case r.Kind == Objection && i.Outcome != "":
		return uuid.Nil, fault.New(fault.Conflict, "agenda_item.settled").With("outcome", i.Outcome)
	case (r.Kind == Reservation || r.Kind == Dissent) && i.Kind != ForDecision:
		return uuid.Nil, fault.New(fault.Conflict, "ballot.nothing_to_decide")
	}
	if serves {
		return c.Server.Organisation, nil
	}
	return uuid.Nil, nil
}

// TakeBack takes back what was said, as long as the meeting is open: it stays
// readable that it was said. An objection can be taken back until the decision.
func TakeBack(ctx context.Context, tx *pg.Tx, id uuid.UUID) (Remark, error) {
	q := meetingdb.New(tx)
	row, err := q.Remark(ctx, id)
	if err != nil {
		return Remark{}, err
	}
	m, i, s, err := onAgenda(ctx, tx, row.ItemID, holdShared)
	if err != nil {
		return Remark{}, err
	}
	if row.MeetingID != m.ID {
		return Remark{}, fault.Missing()
	}
	if err := m.in(Open); err != nil {
		return Remark{}, err
	}
	if row.PersonID != tx.Person {
		if err := leads(ctx, tx, m, s); err != nil {
			return Remark{}, err
		}
	}
	if err := unattested(ctx, tx, i.ID); err != nil {
		return Remark{}, err
	}
	if row.Kind == Objection && i.Outcome != "" {
		return Remark{}, fault.New(fault.Conflict, "agenda_item.settled").With("outcome", i.Outcome)
	}
	if _, err := q.WithdrawRemark(ctx, meetingdb.WithdrawRemarkParams{ID: id, WithdrawnAt: &tx.Now}); err != nil {
		return Remark{}, err
	}
	tx.Notify("meeting", m.ID)
	return remarked(ctx, tx, m.ID, id)
}

func remarked(ctx context.Context, tx *pg.Tx, meeting, id uuid.UUID) (Remark, error) {
	rows, err := meetingdb.New(tx).Remarks(ctx, meeting)
	for _, r := range rows {
		if r.Remark.ID == id {
			return remark(r), err
		}
	}
	if err == nil {
		err = fault.Missing()
	}
	return Remark{}, err
}

// RemarksBeside are the reservations, the other opinions and the rest that was said
// beside a decision, as its minutes have them, to who may read them there.
func RemarksBeside(ctx context.Context, tx *pg.Tx, decision uuid.UUID) ([]Remark, error) {
	d, m, s, err := decidedIn(ctx, tx, decision)
	if err != nil {
		return nil, err
	}
	rows, err := meetingdb.New(tx).RemarksBeside(ctx, meetingdb.RemarksBesideParams{ItemID: d.Item, Secret: s.secret(m), Whole: s.whole(m)})
	rs := make([]Remark, len(rows))
	for i, r := range rows {
		rs[i] = remark(meetingdb.RemarksRow(r))
	}
	return rs, err
}

func remark(r meetingdb.RemarksRow) Remark {
	return Remark{ID: r.Remark.ID, Item: r.Remark.ItemID, Kind: r.Remark.Kind, Person: r.Remark.PersonID, Name: r.Name, Party: r.Party, Wording: r.Remark.Wording,
		MadeAt: r.Remark.MadeAt, WithdrawnAt: r.Remark.WithdrawnAt}
}

// objects tells whether a vote against is an objection: by consensus, and where
// all have to be for.
func objects(rule tenant.DecisionRule, vote string) bool {
	return vote == string(governance.VoteAgainst) && (rule.Mode == "" || rule.Mode == tenant.ByConsensus || rule.Mode == tenant.ByUnanimity)
}
