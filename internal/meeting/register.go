package meeting

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/meeting/internal/meetingdb"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/text"
)

// decidedIn gives a decision with its meeting to who may see it. One who may not
// gets it together with the fault, for those who ask in another capacity.
func decidedIn(ctx context.Context, tx *pg.Tx, id uuid.UUID) (Decision, Meeting, sight, error) {
	if tx.Kind == auth.KindPublic {
		return Decision{}, Meeting{}, sight{}, tx.Require(auth.MeetingRead)
	}
	row, err := meetingdb.New(tx).Decision(ctx, id)
	if err != nil {
		return Decision{}, Meeting{}, sight{}, err
	}
	s, err := sees(ctx, tx)
	if err != nil {
		return Decision{}, Meeting{}, s, err
	}
	d, m := madeDecision(row.Decision), made(tx, row.Meeting)
	if !s.whole(m) && !d.Public || d.Confidential && !s.secret(m) {
		return d, m, s, fault.Missing()
	}
	return d, m, s, nil
}

func decided(ctx context.Context, tx *pg.Tx, id uuid.UUID) (Decision, sight, error) {
	d, _, s, err := decidedIn(ctx, tx, id)
	return d, s, err
}

// GetDecision gives a decision to who may see its meeting; a published one to all
// members.
func GetDecision(ctx context.Context, tx *pg.Tx, id uuid.UUID) (Decision, error) {
	d, _, err := decided(ctx, tx, id)
	if err != nil {
		return Decision{}, err
	}
	return d, nil
}

// DecisionFilter says which decisions, and which part of them.
type DecisionFilter struct {
	Body    string
	Year    int
	Meeting uuid.UUID
	To      day.Day   // the first day that is not asked for; zero = to the last
	Status  string    // "" all
	Party   uuid.UUID // that carries it out, or is asked to ratify it
	Query   string    // words in title and wording
	ActedOn string    // what it did something to: goal:…, instrument:…, participation:…, configuration:…
	Waiting bool      // only those whose act waits to be carried out
	Overdue bool      // only those that were due before today
	ByDue   bool      // the first due first, in place of the latest first
	Limit   int       // at least 1
	Page    int       // from 1
}

// Decisions is the register across bodies and years, the latest first, of what
// the actor may see, and how many there are in all: what is confidential leaves
// no trace for others, there neither.
func Decisions(ctx context.Context, tx *pg.Tx, f DecisionFilter) ([]Decision, int, error) {
	if tx.Kind == auth.KindPublic {
		return nil, 0, tx.Require(auth.MeetingRead)
	}
	words := text.Asked(f.Query)
	if f.Query != "" && len(words) == 0 {
		return []Decision{}, 0, nil
	}
	var before day.Day
	if f.Overdue {
		before = tx.Today()
	}
	most, skip := window(f.Limit, f.Page)
	rows, err := meetingdb.New(tx).Decisions(ctx, meetingdb.DecisionsParams{TenantID: tx.Tenant, Makes: tx.May(auth.MeetingPrepare), Reads: tx.May(auth.MeetingRead),
		PersonID: tx.Person, MeetingID: f.Meeting, Body: f.Body, Year: int32(f.Year), Status: f.Status, ActedOn: f.ActedOn, Waiting: f.Waiting, BeforeDay: before, ToDay: f.To, //nolint:gosec // bounded by the doors
		Party: f.Party, Words: append([]string{}, words...), ByDue: f.ByDue, Max: most, Skip: skip})
	if err != nil {
		return nil, 0, err
	}
	ds := make([]Decision, len(rows))
	total := 0
	for i, r := range rows {
		ds[i], total = madeDecision(r.Decision), int(r.Total)
	}
	if len(ds) == 0 && f.Page > 1 { // beyond the end: the total is still told
		f.Page, f.Limit = 1, 1
		_, total, err = Decisions(ctx, tx, f)
	}
	return ds, total, err
}

// StillOpen are the decisions that nobody has carried out, the first due first.
func StillOpen(ctx context.Context, tx *pg.Tx, f DecisionFilter) ([]Decision, int, error) {
	f.Status, f.ByDue = StatusOpen, true
	return Decisions(ctx, tx, f)
}

// follows gives a decision, of the version that was read, to who leads its meeting
// or may speak for the party that carries it out.
func follows(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64) (Decision, error) {
	d, m, s, err := decidedIn(ctx, tx, id)
	if err != nil {
		return Decision{}, err
	}
	if d.Owner == uuid.Nil || !tx.MayFor(auth.MeetingPropose, d.Owner) {
		if err := leads(ctx, tx, m, s); err != nil {
			return Decision{}, err
		}
	}
	if d.Version != version {
		return Decision{}, fault.Changed(d)
	}
	return d, nil
}

// Progress is what has become of a decision.
type Progress struct {
	Status string  `json:"status" enum:"open,done,lapsed,none" doc:"What became of it; none: there is nothing to carry out." example:"done"`
	On     day.Day `json:"on,omitzero" doc:"Since when. Left out: today." example:"2027-08-20"`
	Note   string  `json:"note,omitempty" maxLength:"2000" doc:"How it was carried out, or why it lapsed." example:"Områdets mål är avslutade"`
}

// SetStatus writes down what has become of a decision. One that lapses needs to
// be told why; one that was not carried has nothing to carry out.
func SetStatus(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64, p Progress) (Decision, error) {
	d, err := follows(ctx, tx, id, version)
	if err != nil {
		return Decision{}, err
	}
	p.Note = trimmed(p.Note)
	if p.On.IsZero() {
		p.On = tx.Today()
	}
	switch {
	case p.Status != StatusOpen && p.Status != StatusDone && p.Status != StatusLapsed && p.Status != StatusNone:
		return Decision{}, fault.Bad("decision.status", "/status")
	case d.Outcome != OutcomeCarried && p.Status != StatusNone:
		return Decision{}, fault.New(fault.Conflict, "decision.not_carried")
	case p.Status == StatusLapsed && p.Note == "":
		return Decision{}, fault.Bad("decision.lapsed_why", "/note")
	case p.On.Before(d.DecidedOn):
		return Decision{}, fault.Bad("decision.due_before", "/on").With("decided", d.DecidedOn)
	}
	row, err := meetingdb.New(tx).DecisionStatus(ctx, meetingdb.DecisionStatusParams{ID: id, Version: version, Status: p.Status, StatusOn: p.On, StatusNote: p.Note})
	tx.Notify("meeting", d.Meeting)
	return madeDecision(row), overtaken(ctx, tx, id, err)
}

// Assignment is who carries a decision out, and by when.
type Assignment struct {
	Owner          uuid.UUID `json:"owner,omitzero" doc:"The party that carries it out." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	OwnerName      string    `json:"ownerName,omitempty" maxLength:"200" doc:"Who carries it out." example:"Samordnaren"`
	Due            day.Day   `json:"due,omitzero" doc:"By when." example:"2027-09-01"`
	RegistryNumber string    `json:"registryNumber,omitempty" maxLength:"60" doc:"The number in the county's own register." example:"851-1234-2027"`
}

// Assign writes down who carries a decision out, and by when.
func Assign(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64, a Assignment) (Decision, error) {
	d, err := follows(ctx, tx, id, version)
	if err != nil {
		return Decision{}, err
	}
	lines(&a.OwnerName, &a.RegistryNumber)
	var wrong fault.List
	if !a.Due.IsZero() && a.Due.Before(d.DecidedOn) {
		wrong.Add(fault.Bad("decision.due_before", "/due").With("decided", d.DecidedOn))
	}
	if a.Owner != uuid.Nil {
		if err := organisation.Exists(ctx, tx, a.Owner); fault.Is(err, "common.not_found") {
			wrong.Add(fault.Bad("decision.owner_unknown", "/owner"))
		} else if err != nil {
			return Decision{}, err
		}
	}
	if err := wrong.Err(); err != nil {
		return Decision{}, err
	}
	row, err := meetingdb.New(tx).AssignDecision(ctx, meetingdb.AssignDecisionParams{ID: id, Version: version, OwnerID: maybe(a.Owner), Owner: a.OwnerName, DueOn: a.Due,
		RegistryNumber: a.RegistryNumber})
	tx.Notify("meeting", d.Meeting)
	return madeDecision(row), overtaken(ctx, tx, id, err)
}

// Rewording is a decision's words, written right.
type Rewording struct {
	Title   string `json:"title" minLength:"1" maxLength:"200" doc:"What it is about." example:"Boende som övergripande område"`
	Wording string `json:"wording" minLength:"1" maxLength:"5000" doc:"What was decided." example:"Boende avslutas som övergripande område."`
}

// Reword writes a decision's words right, until the minutes have been adjusted, or
// the paragraph that it stands in at once. What it came to stays; and so does what it
// says, once a party has decided on it at home or it has been carried out.
func Reword(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64, r Rewording) (Decision, error) {
	d, m, s, err := decidedIn(ctx, tx, id)
	if err != nil {
		return Decision{}, err
	}
	if err := leads(ctx, tx, m, s); err != nil {
		return Decision{}, err
	}
	lines(&r.Title)
	r.Wording = trimmed(r.Wording)
	switch {
	case d.Version != version:
		return Decision{}, fault.Changed(d)
	case m.State.Settled():
		return Decision{}, fault.New(fault.Conflict, "meeting.locked")
	case r.Title == "":
		return Decision{}, fault.Bad("agenda_item.titled", "/title")
	case r.Wording == "":
		return Decision{}, fault.Bad("decision.worded", "/wording")
	}
	if err := unattested(ctx, tx, d.Item); err != nil {
		return Decision{}, err
	}
	if r.Wording != d.Wording {
		if err := unbound(ctx, tx, d); err != nil {
			return Decision{}, err
		}
	}
	q := meetingdb.New(tx)
	row, err := q.RewordDecision(ctx, meetingdb.RewordDecisionParams{ID: id, Version: version, Title: r.Title, Wording: r.Wording})
	if err := overtaken(ctx, tx, id, err); err != nil {
		return Decision{}, err
	}
	if err := q.ForgetDecisionWords(ctx, id); err != nil {
		return Decision{}, err
	}
	if err := q.AddDecisionWords(ctx, meetingdb.AddDecisionWordsParams{DecisionID: id, Words: text.SearchWords(r.Title, r.Wording)}); err != nil {
		return Decision{}, err
	}
	tx.Notify("meeting", d.Meeting)
	if m.State != Minuted {
		return madeDecision(row), nil
	}
	// The draft says what the register says: whoever has attested the older words
	// is asked again.
	if _, err := paragraphOf(ctx, tx, m, d.Item); err != nil {
		return Decision{}, err
	}
	return madeDecision(row), rewritten(ctx, tx, m)
}

// unbound refuses to let a decision say something else than what others have gone by.
func unbound(ctx context.Context, tx *pg.Tx, d Decision) error {
	if d.ActedAt != nil {
		return fault.Bad("decision.acted", "/wording").With("day", day.At(*d.ActedAt))
	}
	if !d.Ratification {
		return nil
	}
	parties, err := meetingdb.New(tx).Answered(ctx, d.ID)
	if err != nil || len(parties) == 0 {
		return err
	}
	return fault.Bad("decision.answered", "/wording").With("count", len(parties), "parties", strings.Join(parties, ", "))
}
