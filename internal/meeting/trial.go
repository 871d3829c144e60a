package meeting

import (
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/meeting/internal/meetingdb"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

// Trial is what a change of a body's rules would have made of the meetings that it
// has held last, and which meetings that are called already it is for.
type Trial struct {
	Body     string    `json:"body" doc:"The body, by key." example:"integrationsrad"`
	BodyName string    `json:"bodyName" doc:"What it is called." example:"Integrationsrådet"`
	Held     []Retried `json:"held" nullable:"false" doc:"The meetings that it held last, the latest first."`
	Called   []Touched `json:"called" nullable:"false" doc:"The meetings that are called, and would be held by the new rules."`
}

// Retried is a meeting that was held, by the rules that it had and by others.
type Retried struct {
	Meeting   uuid.UUID         `json:"meeting" doc:"The meeting." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	On        day.Day           `json:"on" doc:"Its day." example:"2026-10-16"`
	Notice    *RetriedNotice    `json:"notice,omitempty" doc:"Whether it was called in time. Left out: that rule stays."`
	Quorum    *RetriedQuorum    `json:"quorum,omitempty" doc:"Whether enough served when it ended. Left out: those rules stay."`
	Decisions []RetriedDecision `json:"decisions" nullable:"false" doc:"What became of each matter that was decided on, where a rule of it changes."`
}

// RetriedNotice is a call, by the rule that was and by another.
type RetriedNotice struct {
	CalledOn day.Day `json:"calledOn" doc:"When it was called." example:"2026-10-02"`
	Before   day.Day `json:"before,omitzero" doc:"The last day for it by the rule of the meeting's day. Left out: it demanded none." example:"2026-10-02"`
	After    day.Day `json:"after,omitzero" doc:"The last day by the new rule. Left out: it demands none." example:"2026-09-25"`
}

// Was tells whether the call was in time, and Would whether it had been.
func (n RetriedNotice) Was() bool { return n.Before.IsZero() || !n.CalledOn.After(n.Before) }

// Would tells whether the call had been in time by the new rule.
func (n RetriedNotice) Would() bool { return n.After.IsZero() || !n.CalledOn.After(n.After) }

// RetriedQuorum is a quorum, by the rule that was and by another.
type RetriedQuorum struct {
	Before governance.Reckoning `json:"before" doc:"By the rules of the meeting's day."`
	After  governance.Reckoning `json:"after" doc:"By the new rules."`
}

// RetriedDecision is a decision, by the rules that it was made by and by others.
type RetriedDecision struct {
	ID     uuid.UUID           `json:"id" doc:"The decision." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Title  string              `json:"title" doc:"What it was about." example:"Boende som övergripande område"`
	Quorum RetriedQuorum       `json:"quorum" doc:"Whether enough served for it."`
	Before governance.Outcome  `json:"before" doc:"What became of it."`
	After  *governance.Outcome `json:"after,omitempty" doc:"What had become of it. Left out: by the new rules the body decides nothing."`
}

// Same tells whether the same had become of it.
func (d RetriedDecision) Same() bool {
	return d.After != nil && d.After.Verdict == d.Before.Verdict && d.After.Binding == d.Before.Binding && d.Quorum.Before.Holds == d.Quorum.After.Holds
}

// Touched is a meeting that is called, and that a change is for.
type Touched struct {
	Meeting uuid.UUID      `json:"meeting" doc:"The meeting." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	On      day.Day        `json:"on" doc:"Its day." example:"2027-04-15"`
	Notice  *RetriedNotice `json:"notice,omitempty" doc:"Whether its call was in time. Left out: that rule stays."`
}

// tried is how many of the meetings that each body held last a change is tried on.
const tried = 2

// Try tells what other rules from a day would have made of the last meetings of
// the bodies whose rules change, by what was noted there: who was present when,
// who voted what, when the call went out. Nothing is kept.
func Try(ctx context.Context, tx *pg.Tx, from, until day.Day, after tenant.Bodies) ([]Trial, error) {
	if err := tx.Require(auth.CountyChange); err != nil {
		return nil, err
	}
	trials := []Trial{}
	changes := map[string]tenant.Body{}
	p := meetingdb.LastHeldParams{TenantID: tx.Tenant, Most: tried}
	for _, was := range tx.County.On(from).Bodies.Bodies {
		b, there := after.Body(was.Key)
		if !there || reflect.DeepEqual(was.Rules, b.Rules) {
			continue
		}
		changes[b.Key] = b
		p.Bodies = append(p.Bodies, b.Key)
		trials = append(trials, Trial{Body: b.Key, BodyName: bodyName(tx, b.Key, from), Held: []Retried{}, Called: []Touched{}})
	}
	if len(trials) == 0 {
		return trials, nil
	}
	s, err := sees(ctx, tx)
	if err != nil {
		return nil, err
	}
	q := meetingdb.New(tx)
	last, err := q.LastHeld(ctx, p)
	if err != nil {
		return nil, err
	}
	kept, err := q.MeetingsOf(ctx, last)
	if err != nil {
		return nil, err
	}
	for _, id := range last { // in their order
		m := made(tx, kept[slices.IndexFunc(kept, func(r meetingdb.Meeting) bool { return r.ID == id })])
		r, err := retry(ctx, tx, s, m, changes[m.Body])
		if fault.Is(err, "meeting.body_gone") {
			continue
		}
		if err != nil {
			return nil, err
		}
		of := slices.IndexFunc(trials, func(t Trial) bool { return t.Body == m.Body })
		trials[of].Held = append(trials[of].Held, r)
	}
	called, err := q.CalledFrom(ctx, meetingdb.CalledFromParams{TenantID: tx.Tenant, Bodies: p.Bodies, FromDay: later(from, tx.Today())})
	if err != nil {
		return nil, err
	}
	for _, row := range called {
		m := made(tx, row)
		if !until.IsZero() && !m.On.Before(until) {
			continue
		}
		of := slices.IndexFunc(trials, func(t Trial) bool { return t.Body == m.Body })
		trials[of].Called = append(trials[of].Called, Touched{Meeting: m.ID, On: m.On, Notice: renotice(tx, m, changes[m.Body])})
	}
	return trials, nil
}

func later(a, b day.Day) day.Day {
	if a.Before(b) {
		return b
	}
	return a
}

// renotice is when a meeting was called, by its day's rule and by another; nil
// where the two are the same.
func renotice(tx *pg.Tx, m Meeting, b tenant.Body) *RetriedNotice {
	was, _ := bodyOf(tx, m.Body, m.On)
	if m.CalledAt == nil || was.Rules.Notice == b.Rules.Notice {
		return nil
	}
	return &RetriedNotice{CalledOn: day.At(*m.CalledAt), Before: CallBy(was, m), After: CallBy(b, m)}
}

// retry holds a meeting once more, by other rules: with the places of its day.
func retry(ctx context.Context, tx *pg.Tx, seen sight, m Meeting, b tenant.Body) (Retried, error) {
	r := Retried{Meeting: m.ID, On: m.On, Notice: renotice(tx, m, b), Decisions: []RetriedDecision{}}
	s, err := sit(ctx, tx, m)
	if err != nil {
		return r, err
	}
	before, after := s.body.Rules, b.Rules
	if reflect.DeepEqual(before.Quorum, after.Quorum) && before.Decision == after.Decision && before.Bias == after.Bias && before.Deputies == after.Deputies {
		return r, nil
	}
	q := meetingdb.New(tx)
	there, err := q.TimesThere(ctx, m.ID)
	if err != nil {
		return r, err
	}
	// The table as it stood at an instant.
	at := func(when *time.Time) {
		if m.Kind == KindWritten || when == nil {
			return
		}
		s.present = nil
		for _, t := range there {
			if !t.ArrivedAt.After(*when) && (t.LeftAt == nil || t.LeftAt.After(*when)) {
				s.present = append(s.present, t.PersonID)
			}
		}
	}
	s.answered = m.Kind == KindWritten
	again := func() sitting {
		other := s
		other.body.Rules = after
		return other
	}
	if m.Kind == KindMeeting {
		at(m.ClosedAt)
		o := again()
		r.Quorum = &RetriedQuorum{Before: s.quorum(uuid.Nil, s.table(uuid.Nil)), After: o.quorum(uuid.Nil, o.table(uuid.Nil))}
	}
	items, err := q.LiveItems(ctx, maybe(m.ID))
	if err != nil {
		return r, err
	}
	decisions, err := q.DecisionsOfMeeting(ctx, m.ID)
	if err != nil {
		return r, err
	}
	for _, d := range decisions {
		var sum Reckoning
		if d.Confidential && !seen.secret(m) || json.Unmarshal(d.Reckoning, &sum) != nil {
			continue
		}
		if i := slices.IndexFunc(items, func(i meetingdb.AgendaItem) bool { return i.ID == d.ItemID }); i >= 0 {
			at(items[i].ClosedAt)
		}
		o := again()
		t := o.table(d.ItemID)
		one := RetriedDecision{ID: d.ID, Title: d.Title, Before: sum.Result, Quorum: RetriedQuorum{Before: sum.Quorum, After: o.quorum(d.ItemID, t)}}
		ballots := o.counted(d.ItemID, t, one.Quorum.After)
		// Whoever voted keeps the vote; asking who objects is all that the rest did.
		out, err := governance.Result(after.Decision, t, one.Quorum.After, ballots, o.objections(d.ItemID, t, one.Quorum.After), sum.Chair, sum.Result.Acclamation)
		if _, refused := errors.AsType[*fault.Fault](err); err != nil && !refused {
			return r, err
		}
		if err == nil {
			one.After = &out
		}
		r.Decisions = append(r.Decisions, one)
	}
	return r, nil
}
