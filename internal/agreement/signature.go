package agreement

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement/internal/agreementdb"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/pg"
)

// Signing is a party's signature as it is handed in.
type Signing struct {
	Person   uuid.UUID `json:"person,omitzero" doc:"Who signed, when the county has a card of the person." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	By       string    `json:"by,omitempty" maxLength:"200" doc:"Who signed, as the paper says." example:"Kommunstyrelsens ordförande"`
	Capacity string    `json:"capacity,omitempty" maxLength:"200" doc:"In what capacity." example:"kommundirektör"`
	When     When      `json:"when" minLength:"1" maxLength:"13" doc:"When, as closely as is known: 2020-05-04, 2020-05, 2020-21 (spring), 2020, or ../2020-05-04 for no later than." example:"2020-05-04"`
	Decision string    `json:"decision,omitempty" maxLength:"200" doc:"The party's own decision at home." example:"Kommunstyrelsen 2020-03-10, § 55"`
	Decided  day.Day   `json:"decided,omitzero" doc:"The day of that decision." example:"2020-03-10"`
	Source   string    `json:"source" minLength:"1" maxLength:"300" doc:"Where it is known from." example:"Undertecknat exemplar"`
}

// Signature is a Signing that has been written down.
type Signature struct {
	ID            uuid.UUID `json:"id" doc:"The identifier, unique over time." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Participation uuid.UUID `json:"participation" doc:"The participation it is for." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Signing
	Corrects uuid.UUID `json:"corrects,omitzero" doc:"The signature that this one corrects." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
}

// Sign writes down that a party has signed. A party signs once.
func Sign(ctx context.Context, tx *pg.Tx, participation uuid.UUID, s Signing) (Signature, error) {
	return sign(ctx, tx, participation, s, false)
}

// CorrectSignature writes down a signature anew. What it corrects stays.
func CorrectSignature(ctx context.Context, tx *pg.Tx, participation uuid.UUID, s Signing) (Signature, error) {
	return sign(ctx, tx, participation, s, true)
}

func sign(ctx context.Context, tx *pg.Tx, id uuid.UUID, s Signing, again bool) (Signature, error) {
	if err := tx.Require(auth.AgreementChange); err != nil {
		return Signature{}, err
	}
	tidy(&s.By, &s.Capacity, &s.Decision, &s.Source)
	q := agreementdb.New(tx)
	p, err := q.Participation(ctx, id)
	if err != nil {
		return Signature{}, err
	}
	var wrong fault.List
	if s.When.IsZero() {
		wrong.Add(fault.Bad("agreement.when_missing", "/when"))
	} else if s.When.Day().After(tx.Today()) {
		wrong.Add(fault.Bad("signature.in_the_future", "/when"))
	}
	wrong.Add(sourced(s.Source, "signature.sourced"))
	i, err := head(ctx, tx, p.InstrumentID)
	if err != nil {
		return Signature{}, err
	}
	rules := rulesOn(tx, s.When.Day())
	if !rules.signed(i.Kind) || !slices.Contains(rules.signing(), p.Status) {
		wrong.Add(fault.New(fault.Conflict, "signature.does_not_sign"))
	}
	if err := wrong.Err(); err != nil {
		return Signature{}, err
	}
	out := Signature{ID: tx.NewID(), Participation: id, Signing: s}
	if again {
		was, err := q.SignatureOf(ctx, id)
		if err != nil {
			return Signature{}, err
		}
		out.Corrects = was.ID
	}
	tx.Notify("agreement", p.InstrumentID)
	return out, at(q.Sign(ctx, agreementdb.SignParams{ID: out.ID, ParticipationID: id, PersonID: maybe(s.Person), SignedBy: s.By, Capacity: s.Capacity,
		OnDay: s.When.Day(), Precision: s.When.precision(), Decision: s.Decision, DecidedDay: s.Decided, Source: s.Source, CorrectsID: maybe(out.Corrects)}))
}
