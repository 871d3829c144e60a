package meeting

import (
	"context"
	"fmt"
	"strconv"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/meeting/internal/meetingdb"
	"github.com/overens/overens/internal/pg"
)

// Charge is what a decision lays on coming meetings to raise.
type Charge struct {
	Body    string  `json:"body,omitempty" maxLength:"40" doc:"Whose meetings, by the body's key. Left out: the body that decides." example:"forum"`
	Wording string  `json:"wording" minLength:"1" maxLength:"1000" doc:"What is to be raised." example:"Boende tas upp när det är relevant"`
	From    day.Day `json:"from,omitzero" doc:"The first day. Left out: the day of the decision." example:"2027-04-15"`
	To      day.Day `json:"to,omitzero" doc:"The first day it is no longer to be raised. Left out: until further notice." example:"2029-01-01"`
}

// Duty is a charge that stands: new agendas of the body have it.
type Duty struct {
	ID uuid.UUID `json:"id" doc:"The identifier, unique over time." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Charge
	Decision  uuid.UUID `json:"decision" doc:"The decision that laid it on them." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Title     string    `json:"title" doc:"What the decision was about." example:"Boende som övergripande område"`
	DecidedOn day.Day   `json:"decidedOn" doc:"The day of the decision." example:"2027-04-15"`
	Version   int64     `json:"version" doc:"Moves with each change; it is the ETag." example:"1"`
}

// ETag is the version as HTTP wants it.
func (d Duty) ETag() string { return strconv.FormatInt(d.Version, 10) }

// charge tidies the n-th charge of a decision, and finds what is wrong with it.
func (s sitting) charge(tx *pg.Tx, n int, c *Charge, on day.Day) error {
	field := fmt.Sprintf("/duties/%d", n)
	c.Body = trimmed(c.Body)
	c.Wording = trimmed(c.Wording)
	if c.Body == "" {
		c.Body = s.meeting.Body
	}
	if c.From.IsZero() {
		c.From = on
	}
	var wrong fault.List
	if c.Wording == "" {
		wrong.Add(fault.Bad("duty.worded", field+"/wording"))
	}
	if !c.To.IsZero() && !c.To.After(c.From) {
		wrong.Add(fault.Bad("duty.days", field+"/to"))
	}
	if _, ok := bodyOf(tx, c.Body, c.From); !ok {
		wrong.Add(fault.Bad("meeting.body_unknown", field+"/body").With("body", c.Body, "on", c.From))
	}
	return wrong.Err()
}

func charge(ctx context.Context, tx *pg.Tx, d Decision, c Charge) error {
	_, err := meetingdb.New(tx).AddDuty(ctx, meetingdb.AddDutyParams{ID: tx.NewID(), DecisionID: d.ID, Body: c.Body, Wording: c.Wording, ValidFrom: c.From, ValidTo: c.To})
	return at(err)
}

// DutyFilter says which standing duties.
type DutyFilter struct {
	Body     string
	Decision uuid.UUID
	On       day.Day // zero: whenever they hold or held
}

// Duties are what bodies are to raise by standing decisions, of what the actor may see.
func Duties(ctx context.Context, tx *pg.Tx, f DutyFilter) ([]Duty, error) {
	s, err := sees(ctx, tx)
	if err != nil {
		return nil, err
	}
	rows, err := meetingdb.New(tx).Duties(ctx, meetingdb.DutiesParams{Body: f.Body, DecisionID: f.Decision, OnDay: f.On, Makes: s.makes, Reads: s.reads, PersonID: tx.Person})
	if err != nil {
		return nil, err
	}
	ds := make([]Duty, len(rows))
	for i, r := range rows {
		ds[i] = duty(r)
	}
	return ds, nil
}

func duty(r meetingdb.DutiesRow) Duty {
	return Duty{ID: r.Duty.ID, Decision: r.Duty.DecisionID, Title: r.Title, DecidedOn: r.DecidedOn, Version: r.Duty.Version,
		Charge: Charge{Body: r.Duty.Body, Wording: r.Duty.Wording, From: r.Duty.ValidFrom, To: r.Duty.ValidTo}}
}

// Relieve lets a standing duty end from a day.
func Relieve(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64, to day.Day) (Duty, error) {
	q := meetingdb.New(tx)
	row, err := q.Duty(ctx, id)
	if err != nil {
		return Duty{}, err
	}
	d, m, _, err := decidedIn(ctx, tx, row.DecisionID)
	if err != nil {
		return Duty{}, err
	}
	s, err := sees(ctx, tx)
	if err == nil {
		err = leads(ctx, tx, m, s)
	}
	if err != nil {
		return Duty{}, err
	}
	now := duty(meetingdb.DutiesRow{Duty: row, Title: d.Title, DecidedOn: d.DecidedOn})
	switch {
	case row.Version != version:
		return Duty{}, fault.Changed(now)
	case !to.After(row.ValidFrom):
		return Duty{}, fault.Bad("duty.days", "/to")
	}
	row, err = q.EndDuty(ctx, meetingdb.EndDutyParams{ID: id, Version: version, ValidTo: to})
	if fault.Is(err, "common.not_found") {
		return Duty{}, fault.Changed(now)
	}
	tx.Notify("meeting", m.ID)
	return duty(meetingdb.DutiesRow{Duty: row, Title: d.Title, DecidedOn: d.DecidedOn}), at(err)
}
