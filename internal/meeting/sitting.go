package meeting

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/meeting/internal/meetingdb"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
	"github.com/overens/overens/internal/text"
)

// How a meeting's row is held while something is done: by nobody, beside others
// who add something, or alone.
type hold int

const (
	holdNone hold = iota
	holdShared
	holdAlone
)

// enter gives a meeting to who may see it.
func enter(ctx context.Context, tx *pg.Tx, id uuid.UUID, h hold) (Meeting, sight, error) {
	if tx.Kind == auth.KindPublic {
		return Meeting{}, sight{}, tx.Require(auth.MeetingRead)
	}
	q := meetingdb.New(tx)
	row, err := map[hold]func(context.Context, uuid.UUID) (meetingdb.Meeting, error){holdNone: q.Meeting, holdShared: q.ShareMeeting, holdAlone: q.LockMeeting}[h](ctx, id)
	if err != nil {
		return Meeting{}, sight{}, err
	}
	s, err := sees(ctx, tx)
	if err != nil {
		return Meeting{}, s, err
	}
	m := made(tx, row)
	return m, s, s.needs(m)
}

// onAgenda gives a matter with its meeting to who may see it.
func onAgenda(ctx context.Context, tx *pg.Tx, item uuid.UUID, h hold) (Meeting, Item, sight, error) {
	q := meetingdb.New(tx)
	row, err := q.LiveItem(ctx, item)
	if err == nil && !row.MeetingID.Valid {
		err = fault.Missing()
	}
	if err != nil {
		return Meeting{}, Item{}, sight{}, err
	}
	m, s, err := enter(ctx, tx, row.MeetingID.UUID, h)
	if err != nil {
		return Meeting{}, Item{}, s, err
	}
	if h != holdNone { // what it was before the meeting was held may be another
		if row, err = q.LiveItem(ctx, item); err != nil {
			return Meeting{}, Item{}, s, err
		}
	}
	if row.MeetingID.UUID != m.ID || row.Confidential && !s.secret(m) {
		return Meeting{}, Item{}, s, fault.Missing()
	}
	return m, madeItem(row), s, nil
}

// leads refuses who neither makes meetings nor leads or minutes this one.
func leads(ctx context.Context, tx *pg.Tx, m Meeting, s sight) error {
	if s.makes || tx.Person != uuid.Nil && (tx.Person == m.Chair || tx.Person == m.Secretary) {
		return nil
	}
	if m.Chair == uuid.Nil && s.holds(m) {
		at, err := sit(ctx, tx, m)
		if err != nil || at.chair() == tx.Person {
			return err
		}
	}
	return fault.New(fault.Forbidden, "meeting.not_leading").With("who", auth.Holders(auth.MeetingPrepare))
}

// sitting is a meeting at work: the rules and places of its body on its day, who
// is here, and what has been said on each matter.
type sitting struct {
	meeting  Meeting
	body     tenant.Body
	places   []governance.Place
	mandates []governance.Mandate
	present  []uuid.UUID
	ballots  map[uuid.UUID][]meetingdb.Ballot
	biases   map[uuid.UUID][]meetingdb.BiasesRow
	remarks  map[uuid.UUID][]meetingdb.RemarksRow
	// answered is for a written procedure that is over: who has not voted on a
	// matter takes no part in it.
	answered bool
}

// sit asks for all of it at once: as many questions for a large meeting as for a small one.
func sit(ctx context.Context, tx *pg.Tx, m Meeting) (sitting, error) {
	s := sitting{meeting: m, ballots: map[uuid.UUID][]meetingdb.Ballot{}, biases: map[uuid.UUID][]meetingdb.BiasesRow{}, remarks: map[uuid.UUID][]meetingdb.RemarksRow{}}
	var ok bool
	if s.body, ok = bodyOf(tx, m.Body, m.On); !ok {
		return s, fault.New(fault.Conflict, "meeting.body_gone").With("body", m.Body, "on", m.On)
	}
	var err error
	if s.places, s.mandates, err = seating(ctx, tx, m); err != nil {
		return s, err
	}
	q := meetingdb.New(tx)
	if s.present, err = s.attending(ctx, q); err != nil {
		return s, err
	}
	ballots, err := q.Ballots(ctx, m.ID)
	if err != nil {
		return s, err
	}
	for _, b := range ballots {
		s.ballots[b.ItemID] = append(s.ballots[b.ItemID], b)
	}
	biases, err := q.Biases(ctx, m.ID)
	if err != nil {
		return s, err
	}
	for _, b := range biases {
		s.biases[b.ItemID] = append(s.biases[b.ItemID], b)
	}
	remarks, err := q.Remarks(ctx, m.ID)
	for _, r := range remarks {
		s.remarks[r.Remark.ItemID] = append(s.remarks[r.Remark.ItemID], r)
	}
	return s, err
}

// attending are those who are here: in a written procedure all who sit and have
// not said no.
func (s sitting) attending(ctx context.Context, q *meetingdb.Queries) ([]uuid.UUID, error) {
	if s.meeting.Kind != KindWritten {
		return q.Present(ctx, s.meeting.ID)
	}
	away, err := q.Declined(ctx, s.meeting.ID)
	var here []uuid.UUID
	for _, m := range s.mandates {
		if !slices.Contains(away, m.Person) {
			here = append(here, m.Person)
		}
	}
	return here, err
}

// table tells who serves which place, in a matter or (zero) apart from any. Where
// who has an interest in it leaves, a deputy comes in; without one the place
// stays his, and is not counted.
func (s sitting) table(item uuid.UUID) governance.Table {
	here := s.present
	if s.answered {
		here = nil
		for _, b := range s.ballots[item] {
			who := b.PersonID
			if holder := s.holder(b.Place); holder != uuid.Nil && s.former(b) {
				who = holder // his place has voted, whoever has it now
			}
			here = append(here, who)
		}
	}
	serve := func(present []uuid.UUID) governance.Table {
		return governance.Serve(s.body.Rules.Deputies, s.places, s.mandates, present)
	}
	t := serve(here)
	biased := s.biased(item)
	if len(biased) == 0 || s.body.Rules.Bias == tenant.BiasTells || s.body.Rules.Bias == tenant.BiasNone {
		return t
	}
	left := serve(slices.DeleteFunc(slices.Clone(here), func(who uuid.UUID) bool { return slices.Contains(biased, who) }))
	for i, c := range left.Chairs {
		if was := t.Chairs[i]; c.Server == nil && was.Server != nil && slices.Contains(biased, was.Server.Person) {
			left.Chairs[i].Server, left.Chairs[i].Empty = was.Server, ""
		}
	}
	left.Idle = slices.DeleteFunc(left.Idle, func(who uuid.UUID) bool { return slices.Contains(biased, who) })
	return left
}

// biased are those who have an interest in a matter.
func (s sitting) biased(item uuid.UUID) []uuid.UUID {
	var who []uuid.UUID
	for _, b := range s.biases[item] {
		who = append(who, b.PersonID)
	}
	return who
}

// quorum reckons whether enough serve for a matter.
func (s sitting) quorum(item uuid.UUID, t governance.Table) governance.Reckoning {
	return governance.Quorum(s.body.Rules.Quorum, t, s.biased(item), s.body.Rules.Bias)
}

// holder is who has a place now; nobody, where it is vacant.
func (s sitting) holder(place string) uuid.UUID {
	i := slices.IndexFunc(s.mandates, func(m governance.Mandate) bool { return !m.Deputy && m.Place == place })
	if i < 0 {
		return uuid.Nil
	}
	return s.mandates[i].Person
}

// former tells whether a vote in writing was given by somebody who had his place then
// and has none any more.
func (s sitting) former(b meetingdb.Ballot) bool {
	return s.meeting.Kind == KindWritten && !slices.ContainsFunc(s.mandates, func(m governance.Mandate) bool { return m.Person == b.PersonID })
}

// counted are the votes in a matter that count: those of whoever serves the place
// now, entitled. A vote of somebody who has left since, or has told of an
// interest, falls; who serves instead can vote. In writing the vote of an earlier
// holder stands for the place.
func (s sitting) counted(item uuid.UUID, t governance.Table, r governance.Reckoning) []governance.Ballot {
	serves := entitled(t, r)
	bs := []governance.Ballot{}
	for _, b := range s.ballots[item] {
		if who, ok := serves[b.Place]; ok && (who == b.PersonID || s.former(b)) {
			bs = append(bs, governance.Ballot{Place: b.Place, Person: who, Vote: governance.Vote(b.Vote)})
		}
	}
	return bs
}

// entitled are who may decide in a matter, by the place served.
func entitled(t governance.Table, r governance.Reckoning) map[string]uuid.UUID {
	out := map[string]uuid.UUID{}
	for _, c := range t.Chairs {
		if c.Server != nil && c.Place.Votes() {
			out[c.Place.Key] = c.Server.Person
		}
	}
	for _, g := range r.Gaps {
		delete(out, g.Place)
	}
	return out
}

// objections are how many of those entitled object to a matter.
func (s sitting) objections(item uuid.UUID, t governance.Table, r governance.Reckoning) int {
	serves := entitled(t, r)
	n := 0
	for _, m := range s.remarks[item] {
		if m.Remark.Kind != Objection || m.Remark.WithdrawnAt != nil {
			continue
		}
		for _, who := range serves {
			if who == m.Remark.PersonID {
				n++
				break
			}
		}
	}
	return n
}

// chair is who leads: whom the meeting has chosen, else who holds the one seat of
// the organisation whose office leads the body. Nobody, where that is not known.
func (s sitting) chair() uuid.UUID {
	if s.meeting.Chair != uuid.Nil {
		return s.meeting.Chair
	}
	if s.body.Chair.By != tenant.ByOffice || s.body.Chair.Organisation == "" {
		return uuid.Nil
	}
	var who []uuid.UUID
	for _, c := range s.table(uuid.Nil).Chairs {
		if c.Place.Votes() && len(c.Place.Parties) == 1 && c.Place.Parties[0].Key == s.body.Chair.Organisation && c.Holder != nil {
			who = append(who, c.Holder.Person)
		}
	}
	if len(who) != 1 {
		return uuid.Nil
	}
	return who[0]
}

// chairAt finds a place at the table.
func chairAt(t governance.Table, place string) (governance.Chair, bool) {
	i := slices.IndexFunc(t.Chairs, func(c governance.Chair) bool { return c.Place.Key == place })
	if i < 0 {
		return governance.Chair{}, false
	}
	return t.Chairs[i], true
}

// servedBy are the places that a person serves; one at most.
func servedBy(t governance.Table, who uuid.UUID) (governance.Chair, bool) {
	i := slices.IndexFunc(t.Chairs, func(c governance.Chair) bool { return c.Server != nil && c.Server.Person == who })
	if i < 0 || who == uuid.Nil {
		return governance.Chair{}, false
	}
	return t.Chairs[i], true
}

// placeName is what a place is called in a refusal.
func placeName(p governance.Place) string { return p.Name(string(text.Swedish)) }

// Table tells who serves which seat at a meeting now.
func Table(ctx context.Context, tx *pg.Tx, meeting uuid.UUID) (governance.Table, error) {
	m, _, err := enter(ctx, tx, meeting, holdNone)
	if err != nil {
		return governance.Table{}, err
	}
	s, err := sit(ctx, tx, m)
	return s.table(uuid.Nil), err
}
