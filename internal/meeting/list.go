package meeting

import (
	"context"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/meeting/internal/meetingdb"
	"github.com/overens/overens/internal/pg"
)

// Get gives one meeting, as far as the actor may see it: of one that is only
// announced or public, its day.
func Get(ctx context.Context, tx *pg.Tx, id uuid.UUID) (Meeting, error) {
	m, err := get(ctx, tx, id)
	if err != nil {
		return Meeting{}, err
	}
	s, err := sees(ctx, tx)
	if err != nil {
		return Meeting{}, err
	}
	return s.shown(m)
}

// shown is a meeting as the actor may see it.
func (s sight) shown(m Meeting) (Meeting, error) {
	switch {
	case s.whole(m):
		return m, nil
	case s.day(m):
		return m.dayOnly(), nil
	}
	return Meeting{}, fault.Missing()
}

// dayOnly is what is known of a meeting by its announcement: its day and how far
// it has come, and where it is public, when and where. That it is being prepared
// is not.
func (m Meeting) dayOnly() Meeting {
	d := Meeting{ID: m.ID, Date: Date{Body: m.Body, Kind: m.Kind, Title: m.Title, On: m.On}, BodyName: m.BodyName, State: m.State,
		AnnouncedAt: m.AnnouncedAt, Imported: m.Imported, Demo: m.Demo, Public: m.Public, Version: m.Version}
	switch m.State {
	case Announced, Drafted:
		d.State = Announced // the hour and the place may still change
		return d
	case Cancelled:
		d.CancelledAt = m.CancelledAt
	case Published:
		d.PublishedAt = m.PublishedAt
	}
	if m.Public {
		d.Begins, d.Ends, d.Location, d.Source = m.Begins, m.Ends, m.Location, m.Source
	}
	return d
}

// Whole tells whether the actor sees more of a meeting than its day: its agenda,
// its papers, who is called.
func Whole(ctx context.Context, tx *pg.Tx, m Meeting) (bool, error) {
	s, err := sees(ctx, tx)
	return err == nil && s.whole(m), err
}

// Filter says which meetings, and which part of them.
type Filter struct {
	Body   string  // "" = every body's
	From   day.Day // zero = from the first
	To     day.Day // the first day that is not asked for; zero = to the last
	States []State // none = every state
	Ahead  bool    // only those that are not over: held today and closed is over
	Over   bool    // only those that are over, or whose day has passed
	Rising bool    // the first first; else the latest
	Limit  int     // at least 1
	Page   int     // from 1
}

// List gives a page of the meetings that the actor may know of, and how many
// there are in all.
func List(ctx context.Context, tx *pg.Tx, f Filter) ([]Meeting, int, error) {
	s, err := sees(ctx, tx)
	if err != nil {
		return nil, 0, err
	}
	states := make([]string, len(f.States))
	for i, st := range f.States {
		states[i] = string(st)
	}
	q := meetingdb.New(tx)
	most, skip := window(f.Limit, f.Page)
	rows, err := q.Meetings(ctx, meetingdb.MeetingsParams{TenantID: tx.Tenant, Makes: s.makes, Reads: s.reads, PersonID: s.person, Body: f.Body,
		FromDay: f.From, ToDay: f.To, States: states,
		Ahead: f.Ahead, Over: f.Over, Today: tx.Today(), Rising: f.Rising, Max: most, Skip: skip})
	if err != nil {
		return nil, 0, err
	}
	if len(rows) == 0 {
		if f.Page > 1 { // beyond the end: the total is still told
			f.Page, f.Limit = 1, 1
			_, n, err := List(ctx, tx, f)
			return nil, n, err
		}
		return nil, 0, nil
	}
	ids := make([]uuid.UUID, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	kept, err := q.MeetingsOf(ctx, ids)
	if err != nil {
		return nil, 0, err
	}
	by := make(map[uuid.UUID]meetingdb.Meeting, len(kept))
	for _, r := range kept {
		by[r.ID] = r
	}
	ms := make([]Meeting, len(ids))
	for i, id := range ids {
		if ms[i], err = s.shown(made(tx, by[id])); err != nil {
			return nil, 0, err
		}
	}
	return ms, int(rows[0].Total), nil
}

// Next is a body's next meeting that the actor may know of, today's included;
// ok is false where there is none.
func Next(ctx context.Context, tx *pg.Tx, body string) (m Meeting, ok bool, err error) {
	ms, _, err := List(ctx, tx, Filter{Body: body, From: tx.Today(), States: []State{Announced, Drafted, Called, Open}, Rising: true, Limit: 1, Page: 1})
	if err != nil || len(ms) == 0 {
		return Meeting{}, false, err
	}
	return ms[0], true, nil
}
