package agreement

import (
	"context"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement/internal/agreementdb"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/pg"
)

// The states of an instrument. Its words are agreement.state.<key>.
const (
	StateDraft          = "draft"             // not decided on
	StateAwaiting       = "awaiting"          // signed of signers have signed, and it does not hold yet
	StateComing         = "coming"            // decided, holds from a later day
	StateInForce        = "in-force"          // holds
	StateInForceUnsaid  = "in-force-unsaid"   // holds; who has signed is not known
	StateInForceEarly   = "in-force-early"    // holds although signed is less than signers
	StateWithoutText    = "without-text"      // a partnership without a paper: nothing that can begin or end
	StateUnknown        = "unknown"           // nobody has written down from when it holds
	StateEnded          = "ended"             // ended, and what came after is not known
	StateEndedSucceeded = "ended-succeeded"   // ended, and another came after
	StateEndedDecided   = "ended-by-decision" // ended before its time, or dissolved, and nothing came after
)

// State is what follows on a day from dates and signatures: a key and its numbers.
type State struct {
	Key     string  `json:"key" enum:"draft,awaiting,coming,in-force,in-force-unsaid,in-force-early,without-text,unknown,ended,ended-succeeded,ended-by-decision" doc:"What state it is in." example:"in-force"`
	Signed  int     `json:"signed" doc:"How many of those who sign had signed." example:"15"`
	Signers int     `json:"signers" doc:"How many sign." example:"15"`
	Since   day.Day `json:"since,omitzero" doc:"The first day of the state, where it is known." example:"2026-01-01"`
}

// Holds tells whether the instrument was in force.
func (s State) Holds() bool {
	switch s.Key {
	case StateInForce, StateInForceUnsaid, StateInForceEarly, StateWithoutText:
		return true
	}
	return false
}

// HasEnded tells whether it was over.
func (s State) HasEnded() bool {
	return s.Key == StateEnded || s.Key == StateEndedSucceeded || s.Key == StateEndedDecided
}

// circumstances are what a state follows from.
type circumstances struct {
	draft           bool
	validity        Validity
	allSigned       day.Day // when all had signed, as one source tells of all
	ended           day.Day // by decision, or dissolved
	signers, signed int
	since           int  // of the signers, who came after all had signed and has not
	kept            bool // whether any signature is written down, of whatever day
	succeeded       bool
}

func stateOf(c circumstances, on day.Day) State {
	s := State{Signers: c.signers, Signed: c.signed}
	if !c.allSigned.IsZero() && !on.Before(c.allSigned) {
		s.Signed = s.Signers - c.since
	}
	unsaid := !c.kept && c.allSigned.IsZero()
	v := c.validity
	switch {
	case c.draft:
		s.Key = StateDraft
	case !c.ended.IsZero() && !on.Before(c.ended):
		s.Key, s.Since = StateEndedDecided, c.ended
	case !v.ValidTo.IsZero() && !on.Before(v.ValidTo):
		s.Key, s.Since = StateEnded, v.ValidTo
		if v.Kind == ValidityEnded {
			s.Key = StateEndedDecided
		}
	case v.Kind == ValidityNone:
		s.Key, s.Since = StateWithoutText, v.ValidFrom
	case v.Kind == "" || v.ValidFrom.IsZero():
		// Without a first day nothing says that it holds but the signatures.
		switch {
		case s.Signers == 0 || unsaid:
			s.Key = StateUnknown
		case s.Signed < s.Signers:
			s.Key = StateAwaiting
		default:
			s.Key = StateInForce
		}
	case on.Before(v.ValidFrom):
		s.Key = StateComing
		if s.Signers > 0 && s.Signed < s.Signers && !unsaid {
			s.Key = StateAwaiting
		}
	case s.Signers == 0 || s.Signed == s.Signers:
		s.Key, s.Since = StateInForce, v.ValidFrom
	case unsaid:
		s.Key, s.Since = StateInForceUnsaid, v.ValidFrom
	default:
		s.Key, s.Since = StateInForceEarly, v.ValidFrom
	}
	if s.HasEnded() && c.succeeded {
		s.Key = StateEndedSucceeded
	}
	return s
}

// StateOn gives an instrument's state on a day.
func StateOn(ctx context.Context, tx *pg.Tx, id uuid.UUID, on day.Day) (State, error) {
	i, err := Get(ctx, tx, id, on)
	return i.State, err
}

// Situation is what a county's start page says about its instruments on a day.
type Situation struct {
	InForce []Instrument `json:"inForce" nullable:"false" doc:"What holds."`
	Coming  []Instrument `json:"coming" nullable:"false" doc:"What is decided or drafted and does not hold yet."`
	Missing []Instrument `json:"missing" nullable:"false" doc:"What has ended without anything known after it."`
	LivesOn []LivingOn   `json:"livesOn" nullable:"false" doc:"What goes on although its instrument has ended."`
}

// LivingOn is something that goes on after its instrument's end.
type LivingOn struct {
	Kind       string    `json:"kind" enum:"said,local-agreement,network" doc:"What it is: something a source says, a local agreement, a network." example:"said"`
	Instrument uuid.UUID `json:"instrument" doc:"The instrument that has ended." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	ID         uuid.UUID `json:"id" doc:"The event, agreement or network." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Name       string    `json:"name" doc:"What it is called, or what is said." example:"Organ och uppdrag finns kvar"`
	Source     string    `json:"source,omitempty" doc:"Where it is known from." example:"lansstyrelsen.se/kronoberg, 2023"`
}

// most is how many of each the start page can be asked to bear.
const most = 500

// InForce tells what holds on a day, what has ended with nothing after it, and
// what goes on all the same.
func InForce(ctx context.Context, tx *pg.Tx, on day.Day) (Situation, error) {
	if err := tx.Require(auth.AgreementRead); err != nil {
		return Situation{}, err
	}
	all, _, err := standing(ctx, tx, agreementdb.StandingParams{OnDay: on, Max: most})
	if err != nil {
		return Situation{}, err
	}
	s := Situation{InForce: []Instrument{}, Coming: []Instrument{}, Missing: []Instrument{}, LivesOn: []LivingOn{}}
	for _, i := range all {
		switch {
		case i.State.Holds():
			s.InForce = append(s.InForce, i)
		case i.State.Key == StateEnded || i.State.Key == StateEndedDecided:
			s.Missing = append(s.Missing, i)
		case !i.State.HasEnded():
			s.Coming = append(s.Coming, i)
		}
	}
	for _, i := range s.Missing {
		living, err := livingOn(ctx, tx, i.ID, on)
		if err != nil {
			return Situation{}, err
		}
		s.LivesOn = append(s.LivesOn, living...)
	}
	return s, nil
}

func livingOn(ctx context.Context, tx *pg.Tx, ended uuid.UUID, on day.Day) ([]LivingOn, error) {
	q := agreementdb.New(tx)
	var ls []LivingOn
	events, err := q.Events(ctx, ended)
	if err != nil {
		return nil, err
	}
	for _, e := range events {
		if e.InstrumentEvent.Kind == "lives-on" && !e.Corrected && !on.Before(e.InstrumentEvent.OnDay) {
			ls = append(ls, LivingOn{Kind: "said", Instrument: ended, ID: e.InstrumentEvent.ID, Name: e.InstrumentEvent.Note, Source: e.InstrumentEvent.Source})
		}
	}
	locals, err := q.Locals(ctx, agreementdb.LocalsParams{InstrumentID: ended, OnDay: on, Max: most})
	if err != nil {
		return nil, err
	}
	for _, l := range locals {
		if a := l.LocalAgreement; a.PeriodKnown && (a.ValidFrom.IsZero() || !a.ValidFrom.After(on)) {
			ls = append(ls, LivingOn{Kind: "local-agreement", Instrument: ended, ID: a.ID, Name: a.Title, Source: a.Source})
		}
	}
	networks, err := q.Networks(ctx, agreementdb.NetworksParams{InstrumentID: ended, OnDay: on, Max: most})
	for _, n := range networks {
		ls = append(ls, LivingOn{Kind: "network", Instrument: ended, ID: n.Network.ID, Name: n.Network.Name, Source: n.Network.Source})
	}
	return ls, err
}
