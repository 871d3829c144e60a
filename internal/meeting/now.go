package meeting

import (
	"context"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/meeting/internal/meetingdb"
	"github.com/overens/overens/internal/pg"
)

// Now is a meeting as it stands this minute: what those who are there see.
type Now struct {
	Meeting   Meeting          `json:"meeting" doc:"The meeting."`
	Leads     bool             `json:"leads" doc:"Whether the reader leads it, and notes what happens." example:"true"`
	Chair     uuid.UUID        `json:"chair,omitzero" doc:"Who leads it. Left out: not known." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Table     governance.Table `json:"table" doc:"Who serves which place."`
	People    []Attendance     `json:"people" nullable:"false" doc:"All who were called and all who came."`
	Polls     []Poll           `json:"polls" nullable:"false" doc:"How it stands in each matter that is to be decided and has not been."`
	Interests []Interest       `json:"interests" nullable:"false" doc:"Who has an interest in which matter."`
	Remarks   []Remark         `json:"remarks" nullable:"false" doc:"What has been said about matters."`
	Order     []string         `json:"-"` // the places by key, as the body's table lays them
}

// Poll is how it stands in a matter that is to be decided.
type Poll struct {
	Item          uuid.UUID            `json:"item" doc:"The matter." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Quorum        governance.Reckoning `json:"quorum" doc:"Whether enough serve in it now."`
	ByVotes       *governance.Outcome  `json:"byVotes,omitempty" doc:"What the votes that have been given come to. Left out: the body decides nothing."`
	ByAcclamation *governance.Outcome  `json:"byAcclamation,omitempty" doc:"What it comes to if nobody asks for a vote. Left out where votes have been given."`
	Mine          string               `json:"mine,omitempty" doc:"The place from which the reader may vote, by key." example:"municipality/alvesta"`
	Voted         string               `json:"voted,omitempty" enum:",for,against,abstains" doc:"What has been voted from that place." example:"for"`
}

// Watch gives a meeting as it stands now, of what the actor may see: as many
// questions for a large meeting as for a small one.
func Watch(ctx context.Context, tx *pg.Tx, id uuid.UUID) (Now, error) {
	m, see, err := enter(ctx, tx, id, holdNone)
	if err != nil {
		return Now{}, err
	}
	s, err := sit(ctx, tx, m)
	if err != nil {
		return Now{}, err
	}
	rows, err := meetingdb.New(tx).LiveItems(ctx, maybe(id))
	if err != nil {
		return Now{}, err
	}
	hidden := map[uuid.UUID]bool{}
	var untouched *Poll // of a matter in which nobody has done anything: the same for all such
	n := Now{Meeting: m, Chair: s.chair(), Table: s.table(uuid.Nil), Polls: []Poll{}, Interests: []Interest{}, Remarks: []Remark{}}
	for _, p := range s.places {
		n.Order = append(n.Order, p.Key)
	}
	n.Leads = see.makes || tx.Person != uuid.Nil && (tx.Person == n.Chair || tx.Person == m.Secretary)
	for _, row := range rows {
		if row.Confidential && !see.secret(m) {
			hidden[row.ID] = true
			continue
		}
		if row.State == ItemOnTable {
			n.Meeting.Item = row.ID
		}
		if row.Kind == ForDecision && row.Outcome == "" {
			switch {
			case !s.untouched(row.ID):
				n.Polls = append(n.Polls, s.poll(row.ID, tx.Person))
			case untouched == nil:
				untouched = new(s.poll(row.ID, tx.Person))
				n.Polls = append(n.Polls, *untouched)
			default:
				p := *untouched
				p.Item = row.ID
				n.Polls = append(n.Polls, p)
			}
		}
		for _, b := range s.biases[row.ID] {
			n.Interests = append(n.Interests, Interest{Item: row.ID, Person: b.PersonID, Name: b.Name, Reason: b.Reason, ToldAt: b.ToldAt})
		}
		for _, r := range s.remarks[row.ID] {
			n.Remarks = append(n.Remarks, remark(r))
		}
	}
	if hidden[n.Meeting.Item] {
		n.Meeting.Item = uuid.Nil
	}
	n.People, err = attendances(ctx, tx, id, hidden)
	return n, err
}

// untouched tells whether nobody has voted, objected or told of an interest in a
// matter.
func (s sitting) untouched(item uuid.UUID) bool {
	return len(s.ballots[item]) == 0 && len(s.biases[item]) == 0 && len(s.remarks[item]) == 0
}

func (s sitting) poll(item, who uuid.UUID) Poll {
	t := s.table(item)
	p := Poll{Item: item, Quorum: s.quorum(item, t)}
	if sum, err := s.reckonAt(item, t, p.Quorum, false); err == nil {
		p.ByVotes = &sum.Result
	}
	if sum, err := s.reckonAt(item, t, p.Quorum, true); err == nil {
		p.ByAcclamation = &sum.Result
	}
	c, serves := servedBy(t, who)
	if !serves || entitled(t, p.Quorum)[c.Place.Key] != who {
		return p
	}
	p.Mine = c.Place.Key
	for _, b := range s.counted(item, t, p.Quorum) {
		if b.Place == p.Mine {
			p.Voted = string(b.Vote)
		}
	}
	return p
}
