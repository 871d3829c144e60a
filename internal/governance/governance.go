// Package governance is who sits where. Which bodies and seats a county has, and
// by which rules they work, is its configuration; here stand the people: who
// holds a seat, who is deputy, who serves today, which seats are empty. And the
// reckoning that every decision rests on: who serves, whether they are enough,
// and what their votes came to.
//
// A body of a day is the body as the configuration of that day has it; seats
// for each party of a type are as many as the agreement has parties that day.
package governance

import (
	"cmp"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/tenant"
)

// Party is an organisation at the table.
type Party struct {
	ID        uuid.UUID `json:"id" doc:"The organisation." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Key       string    `json:"key" doc:"Its key." example:"alvesta"`
	Name      string    `json:"name" doc:"What it is called." example:"Alvesta kommun"`
	ShortName string    `json:"shortName,omitempty" doc:"What it is called in tables." example:"Alvesta"`
	Type      string    `json:"type" doc:"What sort of organisation it is." example:"municipality"`
}

// Place is one chair at a body's table on a day.
type Place struct {
	// Key names the chair within its body: the seat's key, the party's after a
	// slash where each party has one, a number where there are several.
	Key     string      `json:"key" doc:"Names the place within its body." example:"municipality/alvesta"`
	Seat    tenant.Seat `json:"seat" doc:"The seat as the configuration has it."`
	Parties []Party     `json:"parties" nullable:"false" doc:"Whose place it is: one, several who share it, or none."`
}

// Votes tells whether who serves the place takes part in decisions.
func (p Place) Votes() bool { return p.Seat.Votes() }

// Standing is how the place stands at the table, also where nothing is said.
func (p Place) Standing() string { return cmp.Or(p.Seat.Standing, tenant.SeatOrdinary) }

// Of tells whether the place is a party's, alone or shared.
func (p Place) Of(party uuid.UUID) bool {
	for _, q := range p.Parties {
		if q.ID == party {
			return true
		}
	}
	return false
}
