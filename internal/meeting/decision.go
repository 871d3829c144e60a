package meeting

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/meeting/internal/meetingdb"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
	"github.com/overens/overens/internal/text"
)

// How far a decision has come.
const (
	StatusOpen   = "open"
	StatusDone   = "done"
	StatusLapsed = "lapsed"
	StatusNone   = "none" // there is nothing to carry out
)

// seriesConfidential numbers the confidential decisions: a hole in the numbers that
// everybody reads would tell of them.
const seriesConfidential = "S"

// Ruling is a decision as the chair states it.
type Ruling struct {
	Wording        string    `json:"wording,omitempty" maxLength:"5000" doc:"What is decided. Left out: what was proposed." example:"Boende avslutas som övergripande område."`
	Acclamation    bool      `json:"acclamation,omitempty" doc:"Whether it was asked who objects, and no votes were counted." example:"true"`
	Subject        string    `json:"subject,omitempty" enum:"direction,results,structure,plan,budget,membership,agreement,rules,opinion" doc:"What it decides on, of what the body may decide. Left out: what it does in the program says it, or nothing does." example:"structure"`
	EffectiveOn    day.Day   `json:"effectiveOn,omitzero" doc:"From when it holds; it may be before the day of the decision. Left out: that day." example:"2027-04-01"`
	Owner          uuid.UUID `json:"owner,omitzero" doc:"The party that carries it out." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	OwnerName      string    `json:"ownerName,omitempty" maxLength:"200" doc:"Who carries it out." example:"Samordnaren"`
	Due            day.Day   `json:"due,omitzero" doc:"By when." example:"2027-09-01"`
	NothingToDo    bool      `json:"nothingToDo,omitempty" doc:"Whether there is nothing to carry out." example:"false"`
	RegistryNumber string    `json:"registryNumber,omitempty" maxLength:"60" doc:"The number in the county's own register." example:"851-1234-2027"`
	Ratify         bool      `json:"ratify,omitempty" doc:"Whether the parties are asked to decide at home too, also where the body's rule does not ask for it." example:"false"`
	RatifyBy       day.Day   `json:"ratifyBy,omitzero" doc:"By when they are asked to." example:"2027-06-30"`
	Revises        uuid.UUID `json:"revises,omitzero" doc:"The earlier decision that it changes." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Duties         []Charge  `json:"duties,omitempty" maxItems:"20" nullable:"false" doc:"What it lays on coming meetings to raise."`
}

// Rule is what a decision was made by.
type Rule struct {
	Quorum   tenant.Quorum       `json:"quorum" doc:"How many have to serve."`
	Decision tenant.DecisionRule `json:"decision" doc:"How the body decides."`
	Bias     string              `json:"bias,omitempty" doc:"What one with an interest in the matter does." example:"leaves"`
	Deputies tenant.Deputies     `json:"deputies" doc:"Who serves where a member is away."`
}

// Reckoning is the sum that a decision rests on, kept with it.
type Reckoning struct {
	Rule   Rule                 `json:"rule" doc:"The body's rules that day."`
	Quorum governance.Reckoning `json:"quorum" doc:"Whether enough served."`
	Result governance.Outcome   `json:"result" doc:"What it came to, with those who were entitled."`
	Chair  uuid.UUID            `json:"chair,omitzero" doc:"Who led the meeting." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
}

// Decided is a decision that has been made, and what is worth a look.
type Decided struct {
	Decision Decision        `json:"decision" doc:"The decision."`
	Warnings []fault.Warning `json:"warnings" nullable:"false" doc:"What was accepted and is worth a look."`
}

// Decide makes the decision in the matter on the table, by the rules that the
// body has on the meeting's day: whether enough serve, what the votes came to or
// who objects, and whether the body may decide it at all. What it says, it does
// in the program where that can be done and the actor may do it.
func Decide(ctx context.Context, tx *pg.Tx, item uuid.UUID, version int64, r Ruling) (Decided, error) {
	m, i, _, err := ledItem(ctx, tx, item, version)
	if err != nil {
		return Decided{}, err
	}
	if err := decidable(m, i); err != nil {
		return Decided{}, err
	}
	s, err := sit(ctx, tx, m)
	if err != nil {
		return Decided{}, err
	}
	if m.Kind == KindWritten {
		if s.answered = m.On.Before(tx.Today()); !s.answered && s.silent(i.ID) > 0 {
			return Decided{}, fault.New(fault.Conflict, "written.still_running").With("on", m.On, "count", s.silent(i.ID))
		}
		r.Acclamation = false
	}
	return s.decide(ctx, tx, i, r)
}

func decidable(m Meeting, i Item) error {
	switch {
	case i.Kind != ForDecision:
		return fault.New(fault.Conflict, "ballot.nothing_to_decide")
	case i.State == ItemHandled:
		return fault.New(fault.Conflict, "decision.item_once")
	case m.Kind == KindMeeting && i.State != ItemOnTable, i.State != ItemOnTable && i.State != ItemPlanned:
		return fault.New(fault.Conflict, "ballot.not_on_table")
	}
	return nil
}

func (s sitting) decide(ctx context.Context, tx *pg.Tx, i Item, r Ruling) (Decided, error) {
	a, err := actOf(i)
	if err != nil {
		return Decided{}, err
	}
	r, err = s.ruling(ctx, tx, i, a, r)
	if err != nil {
		return Decided{}, err
	}
	sum, err := s.reckon(i.ID, r.Acclamation)
	if err != nil {
		return Decided{}, err
	}
	if err := s.undecided(i.ID, sum); err != nil {
		return Decided{}, err
	}
	d, err := s.write(ctx, tx, i, r, sum)
	if err != nil {
		return Decided{}, err
	}
	out := Decided{Decision: d, Warnings: []fault.Warning{}}
	if !sum.Quorum.Holds {
		out.Warnings = append(out.Warnings, warning("decision.without_quorum", "counted", sum.Quorum.Counted, "all", sum.Quorum.All, "needed", sum.Quorum.Needed))
	}
	if d.EffectiveOn.Before(d.DecidedOn) {
		out.Warnings = append(out.Warnings, warning("decision.effective_before", "effective", d.EffectiveOn, "decided", d.DecidedOn))
	}
	return out, s.follow(ctx, tx, r, &out)
}

// actOf is what a decision in a matter does in the program; none, with no do.
func actOf(i Item) (act, error) {
	if i.Act == "" {
		return act{}, nil
	}
	return readAct(i.Act, i.ActBody)
}

// ruling tidies what is decided, and finds everything that is wrong with it.
func (s sitting) ruling(ctx context.Context, tx *pg.Tx, i Item, a act, r Ruling) (Ruling, error) {
	lines(&r.OwnerName, &r.RegistryNumber)
	if r.Wording = trimmed(r.Wording); r.Wording == "" {
		r.Wording = i.Proposal
	}
	if a.subject != "" {
		r.Subject = a.subject
	}
	if r.RegistryNumber == "" {
		r.RegistryNumber = i.RegistryNumber
	}
	on := s.decidedOn(tx)
	if r.EffectiveOn.IsZero() {
		r.EffectiveOn = a.from
	}
	if r.EffectiveOn.IsZero() {
		r.EffectiveOn = on
	}
	if err := mayDecide(tx, s.body, s.meeting.On, r.Subject); err != nil {
		return r, err
	}
	var wrong fault.List
	if r.Wording == "" {
		wrong.Add(fault.Bad("decision.worded", "/wording"))
	}
	if r.EffectiveOn.Before(earliest) {
		wrong.Add(fault.Bad("decision.effective_long_ago", "/effectiveOn").With("first", earliest))
	}
	if !r.Due.IsZero() && r.Due.Before(on) {
		wrong.Add(fault.Bad("decision.due_before", "/due").With("decided", on))
	}
	if !r.RatifyBy.IsZero() && r.RatifyBy.Before(on) {
		wrong.Add(fault.Bad("decision.due_before", "/ratifyBy").With("decided", on))
	}
	if r.Owner != uuid.Nil {
		if err := organisation.Exists(ctx, tx, r.Owner); fault.Is(err, "common.not_found") {
			wrong.Add(fault.Bad("decision.owner_unknown", "/owner"))
		} else if err != nil {
			return r, err
		}
	}
	if r.Revises != uuid.Nil {
		switch was, _, err := decided(ctx, tx, r.Revises); {
		case fault.Is(err, "common.not_found"):
			wrong.Add(fault.Bad("decision.revised_unknown", "/revises"))
		case err != nil:
			return r, err
		case was.Confidential && !i.Confidential: // it would tell of it
			wrong.Add(fault.Bad("decision.revised_confidential", "/revises"))
		}
	}
	for n := range r.Duties {
		wrong.Add(s.charge(tx, n, &r.Duties[n], on))
	}
	return r, wrong.Err()
}

// decidedOn is the meeting's day; in writing the day that it is settled.
func (s sitting) decidedOn(tx *pg.Tx) day.Day {
	if s.meeting.Kind == KindWritten && tx.Today().Before(s.meeting.On) {
		return tx.Today()
	}
	return s.meeting.On
}

// reckon sums a matter up from what has been noted, in whatever order it was.
func (s sitting) reckon(item uuid.UUID, acclamation bool) (Reckoning, error) {
	t := s.table(item)
	return s.reckonAt(item, t, s.quorum(item, t), acclamation)
}

// reckonAt is reckon where it is known already who serves.
func (s sitting) reckonAt(item uuid.UUID, t governance.Table, q governance.Reckoning, acclamation bool) (Reckoning, error) {
	rules := s.body.Rules
	sum := Reckoning{Rule: Rule{Quorum: rules.Quorum, Decision: rules.Decision, Bias: rules.Bias, Deputies: rules.Deputies}, Quorum: q, Chair: s.chair()}
	ballots := s.counted(item, t, sum.Quorum)
	if acclamation && len(ballots) > 0 {
		return sum, fault.Bad("decision.voted_already", "/acclamation")
	}
	var err error
	sum.Result, err = governance.Result(rules.Decision, t, sum.Quorum, ballots, s.objections(item, t, sum.Quorum), sum.Chair, acclamation)
	return sum, err
}

// undecided says why nothing can be decided, where that is so.
func (s sitting) undecided(item uuid.UUID, sum Reckoning) error {
	q, o := sum.Quorum, sum.Result
	if o.Verdict != governance.Undecided {
		return nil
	}
	args := []any{"counted", q.Counted, "all", q.All, "needed", q.Needed, "missing", q.Missing, "places", gaps(q), "parties", partyNames(q.MissingParties)}
	switch o.Reason {
	case governance.ReasonQuorum:
		if q.Missing == 0 {
			return fault.New(fault.Conflict, "decision.party_missing").With(args...)
		}
		return fault.New(fault.Conflict, "decision.no_quorum").With(args...)
	case governance.ReasonObjection:
		key := "decision.objected"
		if o.Objections == 0 { // nobody has an objection to take back
			key = "decision.voted_against"
		}
		return fault.New(fault.Conflict, key).With("names", strings.Join(s.against(item), ", "))
	case governance.ReasonCasting:
		return fault.New(fault.Conflict, "decision.casting_awaited").With("for", o.For, "against", o.Against)
	case governance.ReasonNobody:
		return fault.New(fault.Conflict, "decision.nobody").With(args...)
	}
	return fault.New(fault.Conflict, "decision.no_votes")
}

// gaps are the places that are not counted, in words.
func gaps(q governance.Reckoning) string {
	var names []string
	for _, g := range q.Gaps {
		name := partyNames(g.Parties)
		if name == "" {
			name = g.Seat.In(string(text.Swedish))
		}
		if name == "" {
			name = g.Place
		}
		names = append(names, name)
	}
	return strings.Join(names, ", ")
}

func partyNames(ps []governance.Party) string {
	names := make([]string, len(ps))
	for i, p := range ps {
		names[i] = p.Name
	}
	return strings.Join(names, ", ")
}

// against are those who object, by name: with an objection, or a vote against.
func (s sitting) against(item uuid.UUID) []string {
	var names []string
	for _, r := range s.remarks[item] {
		if r.Remark.Kind == Objection && r.Remark.WithdrawnAt == nil {
			names = append(names, r.Name)
		}
	}
	for _, b := range s.ballots[item] {
		for _, m := range s.mandates {
			if b.Vote == string(governance.VoteAgainst) && m.Person == b.PersonID && !slices.Contains(names, m.Name) {
				names = append(names, m.Name)
			}
		}
	}
	return names
}

// write keeps the decision under the next number of the body, the year and the
// series, and is done with its matter.
func (s sitting) write(ctx context.Context, tx *pg.Tx, i Item, r Ruling, sum Reckoning) (Decision, error) {
	q := meetingdb.New(tx)
	on := s.decidedOn(tx)
	series := ""
	if i.Confidential {
		series = seriesConfidential
	}
	number, err := q.NextDecision(ctx, meetingdb.NextDecisionParams{Body: s.meeting.Body, Year: int32(on.Year()), Series: series}) //nolint:gosec // a year
	if err != nil {
		return Decision{}, err
	}
	kept, err := json.Marshal(sum)
	if err != nil {
		return Decision{}, err
	}
	p := meetingdb.AddDecisionParams{ID: tx.NewID(), MeetingID: s.meeting.ID, ItemID: i.ID, Body: s.meeting.Body, Year: int32(on.Year()), Series: series, Number: number, //nolint:gosec // a year
		Title: i.Title, Wording: r.Wording, Outcome: outcomeOf(sum.Result), Reckoning: kept, DecidedOn: on, EffectiveOn: r.EffectiveOn, OwnerID: maybe(r.Owner),
		Owner: r.OwnerName, DueOn: r.Due, Status: StatusNone, RegistryNumber: r.RegistryNumber, RevisesID: maybe(r.Revises), Act: i.Act, ActBody: i.ActBody,
		Confidential: i.Confidential, Demo: s.meeting.Demo}
	if p.Outcome == OutcomeCarried {
		p.Ratification = r.Ratify || s.body.Rules.Ratification == tenant.RatificationNeeded
		if !r.NothingToDo || i.Act != "" {
			p.Status = StatusOpen
		}
	}
	row, err := q.AddDecision(ctx, p)
	if err != nil {
		return Decision{}, at(err)
	}
	d := madeDecision(row)
	if err := q.AddDecisionWords(ctx, meetingdb.AddDecisionWordsParams{DecisionID: d.ID, Words: text.SearchWords(d.Title, d.Wording)}); err != nil {
		return Decision{}, err
	}
	_, err = off(ctx, tx, s.meeting, i, meetingdb.SettledItemParams{State: ItemHandled, Outcome: d.Outcome, Result: i.Result})
	return d, err
}

func outcomeOf(o governance.Outcome) string {
	switch {
	case o.Verdict != governance.Carried:
		return OutcomeRejected
	case !o.Binding:
		return OutcomeAdvised
	}
	return OutcomeCarried
}

// follow lets what a carried decision leads to happen: parties are asked, duties
// stand, and what it says in the program is done.
func (s sitting) follow(ctx context.Context, tx *pg.Tx, r Ruling, out *Decided) error {
	d := out.Decision
	if d.Outcome != OutcomeCarried {
		return nil
	}
	for _, c := range r.Duties {
		if err := charge(ctx, tx, d, c); err != nil {
			return err
		}
	}
	if d.Ratification {
		if err := s.ask(ctx, tx, d, r.RatifyBy); err != nil {
			return err
		}
	}
	if d.Act == "" {
		return nil
	}
	if d.Ratification {
		out.Warnings = append(out.Warnings, warning("decision.act_awaits_parties"))
		return nil
	}
	err := tx.Savepoint(ctx, func() (err error) {
		out.Decision, err = d.carry(ctx, tx)
		return err
	})
	faults := fault.All(err)
	if err != nil && len(faults) == 0 {
		return err
	}
	// What was decided stands, whatever becomes of the act: it waits for
	// somebody who may, or until what stopped it has been mended.
	for _, f := range faults {
		out.Decision = d
		if f.Kind == fault.Forbidden {
			out.Warnings = append(out.Warnings, warning("decision.act_waits", "who", d.Carriers()))
			return nil
		}
		out.Warnings = append(out.Warnings, fault.Warning{Key: f.Key, Args: f.Args})
	}
	return nil
}

// overtaken is the fault of whoever came second.
func overtaken(ctx context.Context, tx *pg.Tx, id uuid.UUID, err error) error {
	if !fault.Is(err, "common.not_found") {
		return at(err)
	}
	now, _, err := decided(ctx, tx, id)
	if err != nil {
		return err
	}
	return fault.Changed(now)
}

// madeDecision is the mapper from row to Decision.
func madeDecision(r meetingdb.Decision) Decision {
	return Decision{ID: r.ID, Meeting: r.MeetingID, Item: r.ItemID, Body: r.Body, Year: int(r.Year), Series: r.Series, Number: int(r.Number), Title: r.Title, Wording: r.Wording,
		Outcome: r.Outcome, Reckoning: r.Reckoning, DecidedOn: r.DecidedOn, EffectiveOn: r.EffectiveOn, Owner: r.OwnerID.UUID, OwnerName: r.Owner, Due: r.DueOn,
		Status: r.Status, StatusOn: r.StatusOn, StatusNote: r.StatusNote, RegistryNumber: r.RegistryNumber, Ratification: r.Ratification, Revises: r.RevisesID.UUID,
		Act: r.Act, ActedAt: r.ActedAt, ActedOn: r.ActedOn, Confidential: r.Confidential, Imported: r.Imported, Demo: r.Demo, Public: r.Published, Version: r.Version,
		actBody: r.ActBody}
}
