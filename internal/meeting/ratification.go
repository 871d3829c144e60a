package meeting

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/meeting/internal/meetingdb"
	"github.com/overens/overens/internal/pg"
)

// What a party says at home.
const (
	Ratified = "ratified"
	Refused  = "refused"
)

// HomeAnswer is what has come of a decision at a party's.
type HomeAnswer struct {
	AnchoredWith string  `json:"anchoredWith,omitempty" maxLength:"300" doc:"With whom it has been talked over." example:"Kommunstyrelsens presidium"`
	AnchoredOn   day.Day `json:"anchoredOn,omitzero" doc:"When." example:"2027-04-28"`
	Answer       string  `json:"answer,omitempty" enum:",ratified,refused" doc:"What the party has decided. Empty: nothing yet." example:"ratified"`
	AnsweredOn   day.Day `json:"answeredOn,omitzero" doc:"The day that the party decided." example:"2027-05-25"`
	Reference    string  `json:"reference,omitempty" maxLength:"200" doc:"The party's decision, as its own register has it." example:"KS 2027/112 § 45"`
	Note         string  `json:"note,omitempty" maxLength:"2000" doc:"What else there is to say; of a refusal, why." example:"Kostnaden ryms inte i budgeten"`
	Correction   string  `json:"correction,omitempty" maxLength:"500" doc:"Why an answer that has been given is another now. Only said when it is." example:"Fel paragraf angavs"`
}

// same tells whether two say that the party decided the same, on the same day, by
// the same decision of its own, and the same of it.
func (a HomeAnswer) same(b HomeAnswer) bool {
	return a.Answer == b.Answer && a.AnsweredOn == b.AnsweredOn && a.Reference == b.Reference && a.Note == b.Note
}

// EarlierAnswer is what a party had answered before that was corrected.
type EarlierAnswer struct {
	Answer      string    `json:"answer" enum:"ratified,refused" doc:"What it said that the party had decided." example:"refused"`
	AnsweredOn  day.Day   `json:"answeredOn" doc:"The day that it gave." example:"2027-05-25"`
	Reference   string    `json:"reference,omitempty" doc:"The party's decision that it gave." example:"KS 2027/112 § 44"`
	Note        string    `json:"note,omitempty" doc:"What else it said." example:"Kostnaden ryms inte i budgeten"`
	Reason      string    `json:"reason" doc:"Why it was corrected." example:"Fel paragraf angavs"`
	CorrectedAt time.Time `json:"correctedAt" doc:"When it was corrected." example:"2027-05-30T08:10:00Z"`
}

// Ratification is a party's decision at home on what a body has decided.
type Ratification struct {
	ID           uuid.UUID `json:"id" doc:"The identifier, unique over time." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Decision     uuid.UUID `json:"decision" doc:"The decision." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Title        string    `json:"title" doc:"What the decision is about." example:"Ny samverkansstruktur"`
	Wording      string    `json:"wording" doc:"What was decided." example:"Överenskommelsen förlängs till och med 2030."`
	Body         string    `json:"body" doc:"The body that decided, by key." example:"council"`
	DecidedOn    day.Day   `json:"decidedOn" doc:"The day of the decision." example:"2027-04-15"`
	Organisation uuid.UUID `json:"organisation" doc:"The party that is asked." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Party        string    `json:"party" doc:"What the party is called." example:"Alvesta kommun"`
	AskedOn      day.Day   `json:"askedOn" doc:"When it was asked." example:"2027-04-15"`
	Due          day.Day   `json:"due,omitzero" doc:"By when it is asked to answer." example:"2027-06-30"`
	HomeAnswer
	Earlier []EarlierAnswer `json:"earlierAnswers,omitempty" doc:"What the party had answered before that was corrected, the oldest first."`
	Version int64           `json:"version" doc:"Moves with each change; it is the ETag." example:"1"`
}

// ETag is the version as HTTP wants it.
func (r Ratification) ETag() string { return strconv.FormatInt(r.Version, 10) }

// ask asks each party that has a place with a vote to decide at home.
func (s sitting) ask(ctx context.Context, tx *pg.Tx, d Decision, due day.Day) error {
	p := meetingdb.AskRatificationParams{DecisionID: d.ID, AskedOn: d.DecidedOn, DueOn: due}
	asked := map[uuid.UUID]bool{}
	for _, place := range s.places {
		if !place.Votes() {
			continue
		}
		for _, party := range place.Parties {
			if !asked[party.ID] {
				asked[party.ID] = true
				p.Ids, p.Organisations = append(p.Ids, tx.NewID()), append(p.Organisations, party.ID)
			}
		}
	}
	return meetingdb.New(tx).AskRatification(ctx, p)
}

// Ratify writes down how far a party has come with a decision at home: with whom
// it has been talked over, and what the party decided. The party's own people do,
// and those who make meetings for it.
func Ratify(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64, a HomeAnswer) (Ratification, error) {
	r, d, err := asked(ctx, tx, id)
	if err != nil {
		return Ratification{}, err
	}
	if err := tx.RequireFor(auth.MeetingPropose, r.Organisation); err != nil {
		return Ratification{}, err
	}
	lines(&a.AnchoredWith, &a.Reference, &a.Correction)
	a.Note = trimmed(a.Note)
	if r.Version != version {
		return Ratification{}, fault.Changed(r)
	}
	if err := a.check(tx, r, d); err != nil {
		return Ratification{}, err
	}
	q := meetingdb.New(tx)
	if r.Answer != "" && !a.same(r.HomeAnswer) {
		if err := q.KeepAnswer(ctx, meetingdb.KeepAnswerParams{ID: tx.NewID(), RatificationID: id, Version: version, Answer: r.Answer, AnsweredOn: r.AnsweredOn,
			Reference: r.Reference, Note: r.Note, Reason: a.Correction, CorrectedAt: tx.Now}); err != nil {
			return Ratification{}, at(err)
		}
	}
	_, err = q.Ratified(ctx, meetingdb.RatifiedParams{ID: id, Version: version, AnchoredWith: a.AnchoredWith, AnchoredOn: a.AnchoredOn, Answer: a.Answer,
		AnsweredOn: a.AnsweredOn, Reference: a.Reference, Note: a.Note})
	if err != nil && !fault.Is(err, "common.not_found") {
		return Ratification{}, at(err)
	}
	now, _, e := asked(ctx, tx, id)
	switch {
	case e != nil:
		return Ratification{}, e
	case err != nil:
		return Ratification{}, fault.Changed(now)
	}
	tx.Notify("meeting", d.Meeting)
	return now, nil
}

func (a HomeAnswer) check(tx *pg.Tx, r Ratification, d Decision) error {
	var wrong fault.List
	switch {
	case a.Answer != "" && a.Answer != Ratified && a.Answer != Refused:
		wrong.Add(fault.Bad("ratification.answer", "/answer"))
	case a.Answer != "" && a.AnsweredOn.IsZero():
		wrong.Add(fault.Bad("ratification.day_missing", "/answeredOn"))
	case a.Answer == "" && !a.AnsweredOn.IsZero():
		wrong.Add(fault.Bad("ratification.answer", "/answer"))
	case a.AnsweredOn.After(tx.Today()):
		wrong.Add(fault.Bad("ratification.ahead", "/answeredOn"))
	}
	// A party can have talked the question over, and decided it, before the body
	// did; not before anybody can have asked it.
	first := r.DecidedOn.AddMonths(-24)
	for field, on := range map[string]day.Day{"/anchoredOn": a.AnchoredOn, "/answeredOn": a.AnsweredOn} {
		if !on.IsZero() && on.Before(first) {
			wrong.Add(fault.Bad("ratification.too_early", field).With("first", first, "decided", r.DecidedOn))
		}
	}
	if a.AnchoredOn.After(tx.Today()) {
		wrong.Add(fault.Bad("ratification.anchored_ahead", "/anchoredOn"))
	}
	if a.Answer == Ratified && a.Reference == "" {
		wrong.Add(fault.Bad("ratification.reference_missing", "/reference"))
	}
	if (a.AnchoredWith == "") != a.AnchoredOn.IsZero() {
		wrong.Add(fault.Bad("ratification.anchored", map[bool]string{true: "/anchoredWith", false: "/anchoredOn"}[a.AnchoredWith == ""]))
	}
	corrects := r.Answer != "" && !a.same(r.HomeAnswer)
	if corrects && a.Correction == "" {
		wrong.Add(fault.Bad("ratification.correction", "/correction"))
	}
	if corrects && r.Answer == Ratified && a.Answer != Ratified && d.ActedAt != nil {
		wrong.Add(fault.Bad("ratification.acted", "/answer").With("day", day.At(*d.ActedAt)))
	}
	return wrong.Err()
}

// asked gives what a party is asked to who may see it: who sees the decision, and
// the party itself.
func asked(ctx context.Context, tx *pg.Tx, id uuid.UUID) (Ratification, Decision, error) {
	q := meetingdb.New(tx)
	row, err := q.Ratification(ctx, id)
	if err != nil {
		return Ratification{}, Decision{}, err
	}
	d, _, _, err := decidedIn(ctx, tx, row.Ratification.DecisionID)
	if fault.Is(err, "common.not_found") && !d.Confidential && tx.MayFor(auth.MeetingPropose, row.Ratification.OrganisationID) {
		err = nil
	}
	if err != nil {
		return Ratification{}, d, err
	}
	r, err := ratification(row.Ratification, row.Party, row.Earlier, d)
	return r, d, err
}

func ratification(r meetingdb.Ratification, party string, earlier []byte, d Decision) (Ratification, error) {
	out := Ratification{ID: r.ID, Decision: r.DecisionID, Title: d.Title, Wording: d.Wording, Body: d.Body, DecidedOn: d.DecidedOn, Organisation: r.OrganisationID, Party: party,
		AskedOn: r.AskedOn, Due: r.DueOn, Version: r.Version, HomeAnswer: HomeAnswer{AnchoredWith: r.AnchoredWith, AnchoredOn: r.AnchoredOn, Answer: r.Answer,
			AnsweredOn: r.AnsweredOn, Reference: r.Reference, Note: r.Note}}
	return out, json.Unmarshal(earlier, &out.Earlier)
}

// RatificationFilter says which of the parties' decisions at home.
type RatificationFilter struct {
	Decision     uuid.UUID
	Organisation uuid.UUID
	Answer       string // "awaited", Ratified, Refused; "" all
	Limit        int    // at least 1
	Page         int    // from 1
}

// GetRatification gives what one party is asked, and has answered.
func GetRatification(ctx context.Context, tx *pg.Tx, id uuid.UUID) (Ratification, error) {
	r, _, err := asked(ctx, tx, id)
	if err != nil {
		return Ratification{}, err
	}
	return r, nil
}

// Ratifications are the parties' decisions at home, those that wait first, of what
// the actor may see, and how many there are in all.
func Ratifications(ctx context.Context, tx *pg.Tx, f RatificationFilter) ([]Ratification, int, error) {
	s, err := sees(ctx, tx)
	if err != nil {
		return nil, 0, err
	}
	most, skip := window(f.Limit, f.Page)
	rows, err := meetingdb.New(tx).Ratifications(ctx, meetingdb.RatificationsParams{TenantID: tx.Tenant, Makes: s.makes, Reads: s.reads, Parties: proposesFor(tx),
		PersonID: tx.Person, DecisionID: f.Decision, OrganisationID: f.Organisation, Answer: f.Answer, Max: most, Skip: skip})
	if err != nil {
		return nil, 0, err
	}
	rs := make([]Ratification, len(rows))
	total := 0
	for i, r := range rows {
		if rs[i], err = ratification(r.Ratification, r.Party, r.Earlier, Decision{Title: r.Title, Wording: r.Wording, Body: r.Body, DecidedOn: r.DecidedOn}); err != nil {
			return nil, 0, err
		}
		total = int(r.Total)
	}
	if len(rs) == 0 && f.Page > 1 { // beyond the end: the total is still told
		f.Page, f.Limit = 1, 1
		_, total, err = Ratifications(ctx, tx, f)
	}
	return rs, total, err
}

// ratified refuses to carry out what the parties have not all ratified.
func ratified(ctx context.Context, tx *pg.Tx, d Decision) error {
	if !d.Ratification {
		return nil
	}
	rows, err := meetingdb.New(tx).Unratified(ctx, d.ID)
	if err != nil || len(rows) == 0 {
		return err
	}
	names := make([]string, len(rows))
	key := "decision.unratified"
	for i, r := range rows {
		names[i] = r.Name
		if r.Answer == Refused {
			key = "decision.refused_at_home"
		}
	}
	return fault.New(fault.Conflict, key).With("count", len(names), "parties", strings.Join(names, ", "))
}
