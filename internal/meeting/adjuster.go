package meeting

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/meeting/internal/meetingdb"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

// Choice is who attests the minutes beside those whom the body's rule names.
type Choice struct {
	Chair     uuid.UUID   `json:"chair,omitzero" doc:"Who led the meeting. Left out: whoever is known to." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Adjusters []uuid.UUID `json:"adjusters,omitempty" maxItems:"50" nullable:"false" doc:"Who was chosen to attest beside the chair, in order."`
}

// unasked refuses what cannot be done while somebody is asked to attest.
func (b book) unasked() error {
	for _, a := range b.of(uuid.Nil) {
		if a.State == AdjusterAsked {
			return fault.New(fault.Conflict, "adjusting.asked_already").With("name", a.Name)
		}
	}
	return nil
}

// ChooseAdjusters writes down who attests the minutes: by the body's rule the
// chair, the chair and so many chosen ones, all who served, or nobody. They were
// at the meeting. Where no rule is known, those who are chosen do.
func ChooseAdjusters(ctx context.Context, tx *pg.Tx, meeting uuid.UUID, version int64, c Choice) (Minutes, error) {
	m, _, err := led(ctx, tx, meeting, version, Open, Closed, Minuted)
	if err != nil {
		return Minutes{}, err
	}
	b, err := openBook(ctx, tx, m)
	if err != nil {
		return Minutes{}, err
	}
	if err := b.unasked(); err != nil {
		return Minutes{}, err
	}
	r, err := hear(ctx, tx, m)
	if err != nil {
		return Minutes{}, err
	}
	chosen, err := r.choose(c)
	if err != nil {
		return Minutes{}, err
	}
	q := meetingdb.New(tx)
	people := []uuid.UUID{}
	for i, a := range chosen {
		people = append(people, a.Person)
		if err := q.ChooseAdjuster(ctx, meetingdb.ChooseAdjusterParams{ID: tx.NewID(), MeetingID: meeting, PersonID: a.Person, OrganisationID: maybe(r.partyOf(a.Person)), Role: a.Role,
			Position: int32(i + 1)}); err != nil {
			return Minutes{}, at(err)
		}
	}
	if err := q.DropAdjusters(ctx, meetingdb.DropAdjustersParams{MeetingID: meeting, People: people}); err != nil {
		return Minutes{}, err
	}
	if m.State == Minuted { // the paragraph that names them
		if err := redraft(ctx, tx, m); err != nil {
			return Minutes{}, err
		}
	}
	sent := slices.ContainsFunc(b.adjusters, func(r meetingdb.AdjustingsRow) bool {
		return !r.Adjusting.ParagraphID.Valid && r.Adjusting.AskedAt != nil
	})
	if sent && m.State == Minuted { // one who was asked is there no longer: it goes on with those who are chosen now
		if b, err = openBook(ctx, tx, m); err != nil {
			return Minutes{}, err
		}
		if err := onward(ctx, tx, b, uuid.Nil); err != nil {
			return Minutes{}, err
		}
	} else if _, err := touch(ctx, tx, m); err != nil {
		return Minutes{}, err
	}
	return MinutesOf(ctx, tx, meeting)
}

// choose puts those who attest in order, the chair first, or says why they cannot.
func (r hearing) choose(c Choice) ([]Adjuster, error) {
	rule := r.body.Rules.Adjusting
	var out []Adjuster
	var wrong fault.List
	add := func(who uuid.UUID, role, field string) {
		switch {
		case slices.ContainsFunc(out, func(a Adjuster) bool { return a.Person == who }):
			wrong.Add(fault.Bad("adjusting.once", field))
		case !slices.Contains(r.came, who):
			wrong.Add(fault.Bad("adjusting.not_there", field))
		default:
			out = append(out, Adjuster{Person: who, Role: role})
		}
	}
	if rule.By == tenant.AdjustedByNobody {
		if c.Chair != uuid.Nil || len(c.Adjusters) > 0 {
			return nil, fault.New(fault.Conflict, "adjusting.nobody").With("body", r.meeting.BodyName)
		}
		return nil, nil
	}
	if c.Chair == uuid.Nil {
		c.Chair = r.chair()
	}
	switch {
	case c.Chair != uuid.Nil && (rule.By != "" || len(c.Adjusters) > 0 || slices.Contains(r.came, c.Chair)):
		add(c.Chair, AttestsAsChair, "/chair")
	case rule.By == tenant.AdjustedByChair || rule.By == tenant.AdjustedByChosen:
		return nil, fault.Bad("adjusting.chair_unknown", "/chair")
	}
	switch {
	case rule.By == tenant.AdjustedByChair && len(c.Adjusters) > 0:
		wrong.Add(fault.Bad("adjusting.only_chair", "/adjusters").With("body", r.meeting.BodyName))
	case rule.By == tenant.AdjustedByChosen && len(c.Adjusters) != rule.Number:
		wrong.Add(fault.Bad("adjusting.number", "/adjusters").With("count", rule.Number, "given", len(c.Adjusters), "body", r.meeting.BodyName))
	case rule.By == tenant.AdjustedByAll:
		c.Adjusters = nil
		for _, chair := range r.seated.Chairs {
			if chair.Server != nil && chair.Place.Votes() && chair.Server.Person != c.Chair {
				c.Adjusters = append(c.Adjusters, chair.Server.Person)
			}
		}
	}
	for _, who := range c.Adjusters {
		add(who, AttestsAsAdjuster, "/adjusters")
	}
	return out, wrong.Err()
}

// partyOf is for whom somebody served.
func (r hearing) partyOf(who uuid.UUID) uuid.UUID {
	if c, ok := servedBy(r.seated, who); ok {
		return c.Server.Organisation
	}
	return uuid.Nil
}

// complete refuses a choice that the body's rule is not satisfied with.
func complete(b tenant.Body, m Meeting, chosen []Adjuster) error {
	rule := b.Rules.Adjusting
	need := 1
	switch rule.By {
	case "", tenant.AdjustedByNobody:
		return nil
	case tenant.AdjustedByChosen:
		need = 1 + rule.Number
	}
	if len(chosen) < need {
		return fault.New(fault.Conflict, "adjusting.not_chosen").With("body", m.BodyName, "meeting", m.ID)
	}
	return nil
}
