package agreement

import (
	"context"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement/internal/agreementdb"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/pg"
)

// Moment is one thing in an instrument's timeline. Its words are
// agreement.moment.<kind>.
type Moment struct {
	ID        uuid.UUID `json:"id" doc:"The row it is told by." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Kind      string    `json:"kind" doc:"What happened: event.…, adoption.…, text.…, validity.…, party.…, goal.…, local.…" example:"goal.closed"`
	When      When      `json:"when" doc:"When, as closely as is known." example:"2023-03-20"`
	Subject   string    `json:"subject,omitempty" doc:"Whom or what it is about." example:"Boende"`
	Note      string    `json:"note,omitempty" doc:"What more there is to say." example:"Boende är fortfarande viktigt"`
	Reference string    `json:"reference,omitempty" doc:"The decision or minutes; for parties the status." example:"Forum 2023-03-30"`
	Link      string    `json:"link,omitempty" doc:"A paper that lies elsewhere." example:"https://www.lansstyrelsen.se/kronoberg"`
	Source    string    `json:"source,omitempty" doc:"Where it is known from." example:"lansstyrelsen.se/kronoberg om SÖK, 2023"`
	Corrected bool      `json:"corrected" doc:"Whether something later corrects it." example:"false"`
}

// Timeline is a page of all that happened to an instrument, latest first, and
// how much there is. Sources that differ stand beside each other.
func Timeline(ctx context.Context, tx *pg.Tx, instrument uuid.UUID, limit, page int) ([]Moment, int, error) {
	if err := tx.Require(auth.AgreementRead); err != nil {
		return nil, 0, err
	}
	most, skip := window(limit, page)
	rows, err := agreementdb.New(tx).Timeline(ctx, agreementdb.TimelineParams{InstrumentID: instrument, Max: most, Skip: skip})
	if err != nil {
		return nil, 0, err
	}
	ms := make([]Moment, len(rows))
	total := 0
	for i, r := range rows {
		ms[i], total = moment(agreementdb.LatestRow{ID: r.ID, Kind: r.Kind, OnDay: r.OnDay, Precision: r.Precision, Subject: r.Subject, Note: r.Note,
			Reference: r.Reference, Link: r.Link, Source: r.Source, Corrected: r.Corrected}), int(r.Total)
	}
	return ms, total, nil
}

// latest is how much of a timeline a page shows at first; the query reads one more.
const latest = 200

// Latest is the beginning of the timeline, and whether there is more: what a
// page shows of an instrument in which very much has happened.
func Latest(ctx context.Context, tx *pg.Tx, instrument uuid.UUID) ([]Moment, bool, error) {
	if err := tx.Require(auth.AgreementRead); err != nil {
		return nil, false, err
	}
	rows, err := agreementdb.New(tx).Latest(ctx, instrument)
	if err != nil {
		return nil, false, err
	}
	ms := make([]Moment, min(len(rows), latest))
	for i := range ms {
		ms[i] = moment(rows[i])
	}
	return ms, len(rows) > latest, nil
}

func moment(r agreementdb.LatestRow) Moment {
	return Moment{ID: r.ID, Kind: r.Kind, When: kept(r.OnDay, r.Precision), Subject: r.Subject, Note: r.Note, Reference: r.Reference,
		Link: r.Link, Source: r.Source, Corrected: r.Corrected}
}

// MomentKinds are all that a Moment can be, for the words' test.
var MomentKinds = func() []string {
	ks := []string{"party.joined", "party.left", "party.signed", "goal.began", "goal.changed", "goal.closed", "goal.closing-decided",
		"goal.correction", "goal.note", "local.began", "local.ended"}
	for _, k := range EventKinds {
		ks = append(ks, "event."+k)
	}
	for _, k := range AdoptionKinds {
		ks = append(ks, "adoption."+k)
	}
	for _, k := range EditionKinds {
		ks = append(ks, "text."+k)
	}
	for _, k := range []string{ValidityFixed, ValidityExtended, ValidityUntilNotice, ValidityOpen, ValidityEnded, ValidityNone} {
		ks = append(ks, "validity."+k)
	}
	return ks
}()

// Difference is what an instrument was on one day and another.
type Difference struct {
	Before  Instrument   `json:"before" doc:"The instrument on the first day."`
	After   Instrument   `json:"after" doc:"The instrument on the second day."`
	Joined  []Party      `json:"newParties" nullable:"false" doc:"Who took part on the second day and not on the first."`
	Left    []Party      `json:"formerParties" nullable:"false" doc:"Who took part on the first day and not on the second."`
	Altered []Alteration `json:"alterations" nullable:"false" doc:"Who took part on both, as something else."`
	Counted [2]int       `json:"counts" doc:"How many were parties on each day." example:"[15,16]"`
	Goals   []GoalShift  `json:"goals" nullable:"false" doc:"The goals that differ, up to 500."`
	Shifts  int          `json:"shifts" doc:"How many goals differ in all." example:"1"`
}

// Alteration is a party whose status was another on the second day.
type Alteration struct {
	Organisation uuid.UUID `json:"organisation" doc:"The organisation." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Name         string    `json:"name" doc:"What it is called." example:"Alvesta kommun"`
	Was          string    `json:"was" doc:"Its status on the first day." example:"supporter"`
	Became       string    `json:"became" doc:"Its status on the second day." example:"signatory"`
}

// GoalShift is a goal that was not the same on two days.
type GoalShift struct {
	Goal     uuid.UUID `json:"goal" doc:"The goal." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Level    string    `json:"level" doc:"Its level." example:"area"`
	Was      string    `json:"was,omitempty" doc:"What it was called on the first day. Empty: it did not stand." example:"Boende"`
	Became   string    `json:"became,omitempty" doc:"What it was called on the second day. Empty: it did not stand." example:"Bostad"`
	Stood    bool      `json:"stood" doc:"Whether it stood on the first day." example:"true"`
	Stands   bool      `json:"stands" doc:"Whether it stood on the second day." example:"false"`
	Moved    bool      `json:"moved" doc:"Whether it lay elsewhere in the tree." example:"false"`
	Reworded bool      `json:"reworded" doc:"Whether its wording was another." example:"false"`
}

// Compare tells what differs in an instrument between two days.
func Compare(ctx context.Context, tx *pg.Tx, instrument uuid.UUID, first, second day.Day) (Difference, error) {
	d := Difference{Joined: []Party{}, Left: []Party{}, Altered: []Alteration{}, Goals: []GoalShift{}}
	var err error
	if d.Before, err = Get(ctx, tx, instrument, first); err != nil {
		return d, err
	}
	if d.After, err = Get(ctx, tx, instrument, second); err != nil {
		return d, err
	}
	before, err := PartiesOn(ctx, tx, instrument, first)
	if err != nil {
		return d, err
	}
	after, err := PartiesOn(ctx, tx, instrument, second)
	if err != nil {
		return d, err
	}
	d.Counted = [2]int{before.Counted, after.Counted}
	was := map[uuid.UUID]Party{}
	for _, p := range before.List {
		was[p.Organisation] = p
	}
	for _, p := range after.List {
		old, there := was[p.Organisation]
		switch {
		case !there:
			d.Joined = append(d.Joined, p)
		case old.Status != p.Status:
			d.Altered = append(d.Altered, Alteration{Organisation: p.Organisation, Name: p.Name, Was: old.Status, Became: p.Status})
		}
		delete(was, p.Organisation)
	}
	for _, p := range before.List {
		if _, gone := was[p.Organisation]; gone {
			d.Left = append(d.Left, p)
		}
	}
	rows, err := agreementdb.New(tx).CompareGoals(ctx, agreementdb.CompareGoalsParams{InstrumentID: instrument, DayA: first, DayB: second, Max: most})
	for _, r := range rows {
		d.Goals = append(d.Goals, GoalShift{Goal: r.GoalID, Level: r.Level, Was: r.Was, Became: r.Became, Stood: r.Stood, Stands: r.Stands,
			Moved: r.Moved && r.Stood && r.Stands, Reworded: r.Reworded && r.Stood && r.Stands})
		d.Shifts = int(r.Total)
	}
	return d, err
}
