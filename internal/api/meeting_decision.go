package api

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/pg"
)

// NewDecision decides in a matter.
type NewDecision struct {
	AtItem
	Body meeting.Ruling
}

// InDecision names a decision in the path.
type InDecision struct {
	InCounty
	ID uuid.UUID `path:"decision" doc:"The decision's identifier." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
}

// DecisionPage asks for a page of something of a decision.
type DecisionPage struct {
	InDecision
	Paging
}

// DecisionQuery asks for decisions.
type DecisionQuery struct {
	InCounty
	BodyKey string    `query:"body" maxLength:"40" pattern:"^[a-z][a-z0-9-]*$" doc:"Only of this body, by key." example:"forum"`
	Year    int       `query:"year" minimum:"1900" maximum:"9999" doc:"Only of this year." example:"2027"`
	Meeting uuid.UUID `query:"meeting" doc:"Only of this meeting." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Status  string    `query:"status" enum:"open,done,lapsed,none" doc:"Only those that have come so far." example:"open"`
	Party   uuid.UUID `query:"party" doc:"Only those that this party carries out, or is asked to ratify." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Query   string    `query:"q" maxLength:"200" doc:"Words, or beginnings of words, in title and wording. Another form of a Swedish word finds too." example:"boende"`
	ActedOn string    `query:"actedOn" maxLength:"60" doc:"Only those that did something to this thing in the program." example:"goal:0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Waiting bool      `query:"waiting" doc:"Only those that wait to be carried out in the program." example:"false"`
	Overdue bool      `query:"overdue" doc:"Only those that were due before today." example:"false"`
	Order   string    `query:"order" enum:"latest,due" default:"latest" doc:"The latest first, or the first due first." example:"latest"`
	Paging
}

// Decision is a decision with what leads on from it.
type Decision struct {
	meeting.Decision
	// In place of the room's, which is kept as it was written.
	Reckoning *meeting.Reckoning `json:"reckoning,omitempty" doc:"The sum it rests on: the rule, whether enough served, who was entitled and how they voted. Left out: it came in from a register of before."`
	Linked
}

// DecisionRead is one decision with what stands beside it.
type DecisionRead struct {
	Decision
	Remarks []meeting.Remark `json:"remarks" nullable:"false" doc:"Reservations, other opinions and what else was said beside it, as the minutes have it. Empty for who may not read that."`
}

// DecisionMade is a decision that has just been made, and what is worth a look.
type DecisionMade struct {
	Decision
	Warnings []Warning `json:"warnings" nullable:"false" doc:"What was accepted and is worth a look."`
}

// DecisionList is a page of decisions.
type DecisionList struct {
	Decisions []Decision `json:"decisions" doc:"The decisions."`
	Paged
}

// NewProgress says what has become of a decision.
type NewProgress struct {
	InDecision
	Body meeting.Progress
}

// NewAssignment says who carries a decision out.
type NewAssignment struct {
	InDecision
	Body meeting.Assignment
}

// NewRewording writes a decision's words right.
type NewRewording struct {
	InDecision
	Body meeting.Rewording
}

// InRatification names a party's decision at home in the path.
type InRatification struct {
	InCounty
	ID uuid.UUID `path:"ratification" doc:"The identifier of what the party is asked." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
}

// RatificationQuery asks for parties' decisions at home.
type RatificationQuery struct {
	InCounty
	Organisation uuid.UUID `query:"organisation" doc:"Only this party's." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Answer       string    `query:"answer" enum:"awaited,ratified,refused" doc:"Only with this answer; awaited: none yet." example:"awaited"`
	Paging
}

// Ratification is a party's decision at home with what leads on from it.
type Ratification struct {
	meeting.Ratification
	Linked
}

// RatificationList is a page of parties' decisions at home.
type RatificationList struct {
	Ratifications []Ratification `json:"ratifications" doc:"What parties are asked and have answered, what waits first."`
	Paged
}

// NewHomeAnswer says how far a party has come with a decision at home.
type NewHomeAnswer struct {
	InRatification
	Body meeting.HomeAnswer
}

// DutyQuery asks for standing duties.
type DutyQuery struct {
	InCounty
	AsOf
	BodyKey string `query:"body" maxLength:"40" pattern:"^[a-z][a-z0-9-]*$" doc:"Only of this body, by key." example:"forum"`
	Paging
}

// Duty is a standing duty with what leads on from it.
type Duty struct {
	meeting.Duty
	Linked
}

// DutyList is a page of standing duties.
type DutyList struct {
	Duties []Duty `json:"standingDuties" doc:"What bodies are to raise at their meetings on the day."`
	Paged
}

// DutyEnding lets a standing duty end.
type DutyEnding struct {
	InCounty
	ID   uuid.UUID `path:"duty" doc:"The duty's identifier." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Body LastDay
}

// decisions are what bodies have decided, and what becomes of it.
func (d *Door) decisions() {
	const all, one = "/counties/{county}/decisions", "/counties/{county}/decisions/{decision}"

	extend(d, "/counties/{county}/agenda-items/{item}/decision", "decide-item", func(ctx context.Context, tx *pg.Tx, in *NewDecision, version int64) (DecisionMade, error) {
		made, err := meeting.Decide(ctx, tx, in.ID, version, in.Body)
		return DecisionMade{d.decision(tx, made.Decision), warned(ctx, made.Warnings)}, err
	})
	list(d, Member, all, "list-decisions", func(ctx context.Context, tx *pg.Tx, in *DecisionQuery) (l DecisionList, total int, err error) {
		ds, total, err := meeting.Decisions(ctx, tx, meeting.DecisionFilter{Body: in.BodyKey, Year: in.Year, Meeting: in.Meeting, Status: in.Status, Party: in.Party,
			Query: in.Query, ActedOn: in.ActedOn, Waiting: in.Waiting, Overdue: in.Overdue, ByDue: in.Order == "due", Limit: in.Limit, Page: in.Page})
		for _, it := range ds {
			l.Decisions = append(l.Decisions, d.decision(tx, it))
		}
		return l, total, err
	})
	read(d, Member, one, "get-decision", func(ctx context.Context, tx *pg.Tx, in *InDecision) (DecisionRead, error) {
		it, err := meeting.GetDecision(ctx, tx, in.ID)
		if err != nil {
			return DecisionRead{}, err
		}
		beside, err := meeting.RemarksBeside(ctx, tx, in.ID)
		return DecisionRead{d.decision(tx, it), beside}, err
	})
	act(d, one+"/status", "set-decision-status", func(ctx context.Context, tx *pg.Tx, in *NewProgress, version int64) (Decision, error) {
		it, err := meeting.SetStatus(ctx, tx, in.ID, version, in.Body)
		return d.decision(tx, it), err
	})
	act(d, one+"/assignment", "assign-decision", func(ctx context.Context, tx *pg.Tx, in *NewAssignment, version int64) (Decision, error) {
		it, err := meeting.Assign(ctx, tx, in.ID, version, in.Body)
		return d.decision(tx, it), err
	})
	act(d, one+"/wording", "reword-decision", func(ctx context.Context, tx *pg.Tx, in *NewRewording, version int64) (Decision, error) {
		it, err := meeting.Reword(ctx, tx, in.ID, version, in.Body)
		return d.decision(tx, it), err
	})
	act(d, one+"/carrying-out", "carry-out-decision", func(ctx context.Context, tx *pg.Tx, in *InDecision, version int64) (Decision, error) {
		it, err := meeting.Carry(ctx, tx, in.ID, version)
		return d.decision(tx, it), err
	})
	list(d, Member, one+"/ratifications", "list-decision-ratifications", func(ctx context.Context, tx *pg.Tx, in *DecisionPage) (l RatificationList, total int, err error) {
		if _, err := meeting.GetDecision(ctx, tx, in.ID); err != nil {
			return l, 0, err
		}
		return d.ratifications(ctx, tx, meeting.RatificationFilter{Decision: in.ID, Limit: in.Limit, Page: in.Page})
	})
	list(d, Member, "/counties/{county}/ratifications", "list-ratifications", func(ctx context.Context, tx *pg.Tx, in *RatificationQuery) (RatificationList, int, error) {
		return d.ratifications(ctx, tx, meeting.RatificationFilter{Organisation: in.Organisation, Answer: in.Answer, Limit: in.Limit, Page: in.Page})
	})
	read(d, Member, "/counties/{county}/ratifications/{ratification}", "get-ratification", func(ctx context.Context, tx *pg.Tx, in *InRatification) (Ratification, error) {
		r, err := meeting.GetRatification(ctx, tx, in.ID)
		return d.ratification(tx, r), err
	})
	replace(d, "/counties/{county}/ratifications/{ratification}", "replace-ratification", func(ctx context.Context, tx *pg.Tx, in *NewHomeAnswer, version int64) (Ratification, error) {
		r, err := meeting.Ratify(ctx, tx, in.ID, version, in.Body)
		return d.ratification(tx, r), err
	})
	list(d, Member, "/counties/{county}/standing-duties", "list-standing-duties", func(ctx context.Context, tx *pg.Tx, in *DutyQuery) (l DutyList, total int, err error) {
		ds, err := meeting.Duties(ctx, tx, meeting.DutyFilter{Body: in.BodyKey, On: in.day(tx)})
		for _, it := range cut(ds, in.Paging) {
			l.Duties = append(l.Duties, d.duty(tx, it))
		}
		return l, len(ds), err
	})
	act(d, "/counties/{county}/standing-duties/{duty}/ending", "end-standing-duty", func(ctx context.Context, tx *pg.Tx, in *DutyEnding, version int64) (Duty, error) {
		it, err := meeting.Relieve(ctx, tx, in.ID, version, in.Body.From)
		return d.duty(tx, it), err
	})
}

func (d *Door) ratifications(ctx context.Context, tx *pg.Tx, f meeting.RatificationFilter) (l RatificationList, total int, err error) {
	rs, total, err := meeting.Ratifications(ctx, tx, f)
	for _, r := range rs {
		l.Ratifications = append(l.Ratifications, d.ratification(tx, r))
	}
	return l, total, err
}

// decision adds what leads on, and what the caller may do.
func (d *Door) decision(tx *pg.Tx, it meeting.Decision) Decision {
	l, here := Links{}, d.at("counties", tx.Tenant, "decisions", it.ID.String())
	l.to("self", http.MethodGet, here)
	l.to("collection", http.MethodGet, d.at("counties", tx.Tenant, "decisions"))
	l.to("meeting", http.MethodGet, d.meetingAt(tx, it.Meeting))
	l.to("item", http.MethodGet, d.at("counties", tx.Tenant, "agenda-items", it.Item.String()))
	if it.Ratification {
		l.to("ratifications", http.MethodGet, here+"/ratifications")
	}
	if it.Revises != uuid.Nil {
		l.to("revises", http.MethodGet, d.at("counties", tx.Tenant, "decisions", it.Revises.String()))
	}
	if tx.May(auth.MeetingPrepare) {
		for _, rel := range []string{"status", "assignment", "wording"} {
			l.to(rel, http.MethodPost, here+"/"+rel)
		}
	}
	if it.Act != "" && it.ActedAt == nil && it.Outcome == meeting.OutcomeCarried {
		l.to("carrying-out", http.MethodPost, here+"/carrying-out")
	}
	out := Decision{Decision: it, Linked: Linked{l}}
	var sum meeting.Reckoning
	if json.Unmarshal(it.Reckoning, &sum) == nil && sum.Result.Verdict != "" {
		out.Reckoning = &sum
	}
	return out
}

func (d *Door) ratification(tx *pg.Tx, r meeting.Ratification) Ratification {
	l, here := Links{}, d.at("counties", tx.Tenant, "ratifications", r.ID.String())
	l.to("self", http.MethodGet, here)
	l.to("decision", http.MethodGet, d.at("counties", tx.Tenant, "decisions", r.Decision.String()))
	l.to("party", http.MethodGet, d.at("counties", tx.Tenant, "organisations", r.Organisation.String()))
	if tx.MayFor(auth.MeetingPropose, r.Organisation) {
		l.to("edit", http.MethodPut, here)
	}
	return Ratification{r, Linked{l}}
}

func (d *Door) duty(tx *pg.Tx, it meeting.Duty) Duty {
	l := Links{}
	l.to("decision", http.MethodGet, d.at("counties", tx.Tenant, "decisions", it.Decision.String()))
	if tx.May(auth.MeetingPrepare) {
		l.to("ending", http.MethodPost, d.at("counties", tx.Tenant, "standing-duties", it.ID.String(), "ending"))
	}
	return Duty{it, Linked{l}}
}
