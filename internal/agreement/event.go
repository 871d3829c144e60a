package agreement

import (
	"context"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement/internal/agreementdb"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/pg"
)

// EventKinds are what can happen to an instrument. "signed" says that all had
// signed, "lives-on" that something goes on after the end.
var EventKinds = []string{"commissioned", "referred", "decided", "adopted", "signed", "effective", "began-to-apply", "published",
	"edited", "corrected", "extended", "ended", "dissolved", "lives-on", "other"}

// Happening is one thing that happened, as one source tells it.
type Happening struct {
	Kind      string    `json:"kind" enum:"commissioned,referred,decided,adopted,signed,effective,began-to-apply,published,edited,corrected,extended,ended,dissolved,lives-on,other" doc:"What happened. signed: all had signed; lives-on: what goes on after the end." example:"began-to-apply"`
	When      When      `json:"when" minLength:"1" maxLength:"13" doc:"When, as closely as the source tells: 2020-05-04, 2020-05, 2020-21 (spring; 22 summer, 23 autumn, 24 winter), 2020, or ../2020-05-04 for no later than." example:"2020-21"`
	Note      string    `json:"note,omitempty" maxLength:"2000" doc:"What more there is to say." example:"Andra datumet efter 2019 och undertecknandet"`
	Reference string    `json:"reference,omitempty" maxLength:"200" doc:"The decision or minutes." example:"Protokoll 2023-03-30, § 4"`
	Link      string    `json:"link,omitempty" maxLength:"500" doc:"A paper that lies elsewhere." example:"https://www.lansstyrelsen.se/kronoberg"`
	Source    string    `json:"source" minLength:"1" maxLength:"300" doc:"Where it is known from." example:"lansstyrelsen.se/kronoberg om SÖK, 2023"`
	Corrects  uuid.UUID `json:"corrects,omitzero" doc:"The event that this one corrects; it stays, marked as corrected." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
}

// Event is a Happening that has been written down.
type Event struct {
	ID         uuid.UUID `json:"id" doc:"The identifier, unique over time." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Instrument uuid.UUID `json:"instrument" doc:"The instrument." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Happening
	Corrected bool `json:"corrected" doc:"Whether a later event corrects it." example:"false"`
}

// Record writes down what happened. Another source's day is another event:
// both stand, side by side.
func Record(ctx context.Context, tx *pg.Tx, instrument uuid.UUID, h Happening) (Event, error) {
	if err := tx.Require(auth.AgreementChange); err != nil {
		return Event{}, err
	}
	tidy(&h.Note, &h.Reference, &h.Link, &h.Source)
	var wrong fault.List
	wrong.Add(oneOf(EventKinds, h.Kind, "/kind", "instrument_event.kind"))
	if h.When.IsZero() {
		wrong.Add(fault.Bad("agreement.when_missing", "/when"))
	}
	wrong.Add(sourced(h.Source, "instrument_event.sourced"))
	wrong.Add(linked(h.Link))
	if err := wrong.Err(); err != nil {
		return Event{}, err
	}
	if _, err := head(ctx, tx, instrument); err != nil {
		return Event{}, err
	}
	q := agreementdb.New(tx)
	if h.Corrects != uuid.Nil {
		if was, err := q.Event(ctx, h.Corrects); fault.Is(err, "common.not_found") || err == nil && was.InstrumentID != instrument {
			return Event{}, fault.Bad("agreement.corrects_nothing", "/corrects")
		} else if err != nil {
			return Event{}, err
		}
	}
	e := Event{ID: tx.NewID(), Instrument: instrument, Happening: h}
	tx.Notify("agreement", instrument)
	return e, at(q.AddEvent(ctx, agreementdb.AddEventParams{ID: e.ID, InstrumentID: instrument, Kind: h.Kind, OnDay: h.When.Day(), Precision: h.When.precision(),
		Note: h.Note, Reference: h.Reference, Link: h.Link, Source: h.Source, CorrectsID: maybe(h.Corrects)}))
}

// Events are all that has been written down of an instrument, by day.
func Events(ctx context.Context, tx *pg.Tx, instrument uuid.UUID) ([]Event, error) {
	if err := tx.Require(auth.AgreementRead); err != nil {
		return nil, err
	}
	rows, err := agreementdb.New(tx).Events(ctx, instrument)
	if err != nil {
		return nil, err
	}
	es := make([]Event, len(rows))
	for i, r := range rows {
		e := r.InstrumentEvent
		es[i] = Event{ID: e.ID, Instrument: e.InstrumentID, Corrected: r.Corrected, Happening: Happening{Kind: e.Kind, When: kept(e.OnDay, e.Precision),
			Note: e.Note, Reference: e.Reference, Link: e.Link, Source: e.Source, Corrects: e.CorrectsID.UUID}}
	}
	return es, nil
}

// sourced refuses what nobody can look up.
func sourced(source, key string) error {
	if source == "" {
		return fault.Bad(key, "/source")
	}
	return nil
}
