package api

import (
	"net/http"

	"github.com/overens/overens/internal/meeting"
)

// liveOf links what can be done with a meeting that has been called, or is held.
func (d *Door) liveOf(l Links, m meeting.Meeting, here string) {
	var rels []string
	switch m.State {
	case meeting.Called:
		rels = []string{"opening"}
	case meeting.Open:
		rels = []string{"closing", "roll-call", "arrivals", "departures"}
	case meeting.Closed:
		rels = []string{"reopening"}
	}
	for _, rel := range rels {
		l.to(rel, http.MethodPost, here+"/"+rel)
	}
}
