package api

import (
	"github.com/google/uuid"

	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/meeting"
)

// RuleTrial is what other rules of a body would have made of the meetings that it
// has held last, and which called meetings they are for.
type RuleTrial struct {
	Body     string           `json:"body" doc:"The body, by key." example:"integrationsrad"`
	BodyName string           `json:"bodyName" doc:"What it is called." example:"Integrationsrådet"`
	Meetings []TriedMeeting   `json:"meetings" doc:"The meetings that it held last, the latest first."`
	Called   []TouchedMeeting `json:"calledMeetings" doc:"The meetings that are called, and would be held by the new rules."`
}

// TriedMeeting is a meeting that was held, by the rules that it had and by others.
type TriedMeeting struct {
	Meeting   uuid.UUID       `json:"meeting" doc:"The meeting." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	On        day.Day         `json:"on" doc:"Its day." example:"2026-10-16"`
	Notice    *TriedNotice    `json:"notice,omitempty" doc:"Its call. Left out: that rule stays."`
	Quorum    *TriedQuorum    `json:"quorum,omitempty" doc:"Whether enough served when it ended. Left out: those rules stay."`
	Decisions []TriedDecision `json:"decisions" doc:"What was decided, where a rule of it changes."`
}

// TouchedMeeting is a meeting that is called, and that a change is for.
type TouchedMeeting struct {
	Meeting uuid.UUID    `json:"meeting" doc:"The meeting." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	On      day.Day      `json:"on" doc:"Its day." example:"2027-04-15"`
	Notice  *TriedNotice `json:"notice,omitempty" doc:"Its call. Left out: that rule stays."`
}

// TriedNotice is a call, by the rule that was and by another.
type TriedNotice struct {
	meeting.RetriedNotice
	InTimeBefore bool `json:"inTimeBefore" doc:"Whether it was in time." example:"true"`
	InTimeAfter  bool `json:"inTimeAfter" doc:"Whether it had been in time by the new rule." example:"false"`
}

// TriedQuorum is a quorum, by the rules that were and by others.
type TriedQuorum struct {
	Before QuorumSum `json:"before" doc:"By the rules of the meeting's day."`
	After  QuorumSum `json:"after" doc:"By the new rules."`
}

// QuorumSum is how many served and how many were needed.
type QuorumSum struct {
	All     int  `json:"all" doc:"How many there are, with a vote." example:"17"`
	Counted int  `json:"counted" doc:"How many of them counted." example:"14"`
	Needed  int  `json:"needed" doc:"How many are needed. 0: no number is." example:"9"`
	Holds   bool `json:"holds" doc:"Whether they are enough." example:"true"`
	Stops   bool `json:"stops" doc:"Whether nothing can be decided, since they are not." example:"false"`
}

// TriedDecision is a decision, by the rules that it was made by and by others.
type TriedDecision struct {
	ID     uuid.UUID   `json:"id" doc:"The decision." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Title  string      `json:"title" doc:"What it was about." example:"Boende som övergripande område"`
	Quorum TriedQuorum `json:"quorum" doc:"Whether enough served for it."`
	Before string      `json:"before" enum:"carried,rejected,undecided" doc:"What became of it." example:"carried"`
	After  string      `json:"after,omitempty" enum:"carried,rejected,undecided" doc:"What had become of it. Left out: by the new rules the body decides nothing." example:"undecided"`
}

// ruleTrials puts trials in the API's form.
func ruleTrials(ts []meeting.Trial) []RuleTrial {
	all := []RuleTrial{}
	for _, t := range ts {
		one := RuleTrial{Body: t.Body, BodyName: t.BodyName, Meetings: []TriedMeeting{}, Called: []TouchedMeeting{}}
		for _, m := range t.Held {
			tried := TriedMeeting{Meeting: m.Meeting, On: m.On, Notice: triedNotice(m.Notice), Decisions: []TriedDecision{}}
			if m.Quorum != nil {
				tried.Quorum = new(triedQuorum(*m.Quorum))
			}
			for _, d := range m.Decisions {
				x := TriedDecision{ID: d.ID, Title: d.Title, Quorum: triedQuorum(d.Quorum), Before: string(d.Before.Verdict)}
				if d.After != nil {
					x.After = string(d.After.Verdict)
				}
				tried.Decisions = append(tried.Decisions, x)
			}
			one.Meetings = append(one.Meetings, tried)
		}
		for _, m := range t.Called {
			one.Called = append(one.Called, TouchedMeeting{Meeting: m.Meeting, On: m.On, Notice: triedNotice(m.Notice)})
		}
		all = append(all, one)
	}
	return all
}

func triedNotice(n *meeting.RetriedNotice) *TriedNotice {
	if n == nil {
		return nil
	}
	return &TriedNotice{*n, n.Was(), n.Would()}
}

func triedQuorum(q meeting.RetriedQuorum) TriedQuorum {
	sum := func(r governance.Reckoning) QuorumSum { return QuorumSum{r.All, r.Counted, r.Needed, r.Holds, r.Stops} }
	return TriedQuorum{sum(q.Before), sum(q.After)}
}
