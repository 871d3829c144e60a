package governance

import (
	"context"
	"reflect"
	"slices"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/county"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/governance/internal/governancedb"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
	"github.com/overens/overens/internal/text"
)

// Guard names what a change of the county's configuration would leave without
// ground: mandates, today's or later, without their body or place, and bodies
// that could never be quorate with the seats there will be.
func Guard(ctx context.Context, tx *pg.Tx, before, after tenant.County) ([]county.Orphan, error) {
	if reflect.DeepEqual(before.Bodies, after.Bodies) {
		return nil, nil
	}
	gone, err := unseated(ctx, tx, before, after)
	if err != nil {
		return nil, err
	}
	short, err := unquorate(ctx, tx, before, after)
	return append(gone, short...), err
}

// unseated are the bodies and places that mandates would lose.
func unseated(ctx context.Context, tx *pg.Tx, before, after tenant.County) ([]county.Orphan, error) {
	q := governancedb.New(tx)
	running, err := q.Running(ctx, tx.Today())
	if err != nil || len(running) == 0 {
		return nil, err
	}
	accepted, err := q.Awaited(ctx, tx.Today())
	if err != nil {
		return nil, err
	}
	offers := map[[2]string][]Party{}
	for _, o := range accepted {
		at := [2]string{o.Body, o.Seat}
		if !slices.ContainsFunc(offers[at], func(p Party) bool { return p.ID == o.ID }) {
			offers[at] = append(offers[at], Party{ID: o.ID, Key: o.Key, Name: o.Name, ShortName: o.ShortName, Type: o.Type})
		}
	}
	laid := map[*tenant.County]map[day.Day]table{&before: {}, &after: {}}
	has := func(c *tenant.County, on day.Day, m governancedb.RunningRow) (body, there bool, err error) {
		t, known := laid[c][on]
		if !known {
			// Parties are those of today whatever the day: it is the configuration
			// that is tried, and it is tried before and after on the same ones.
			t = table{bodies: c.On(on).Bodies, offers: offers}
			if t.guests, err = parties(ctx, tx, c.On(on), tx.Today()); err != nil {
				return false, false, err
			}
			laid[c][on] = t
		}
		b, body := t.bodies.Body(m.Body)
		if !body {
			return false, false, nil
		}
		return true, slices.ContainsFunc(t.places(b), func(p Place) bool {
			return m.Place == p.Key || m.Place == "" && p.Of(m.OrganisationID.UUID)
		}), nil
	}
	type loss struct{ body, place string }
	lost := map[loss]int{}
	var order []loss
	for _, m := range running {
		for _, on := range turns(after, m.ValidFrom, m.ValidTo) {
			_, had, err := has(&before, on, m)
			if err != nil {
				return nil, err
			}
			body, still, err := has(&after, on, m)
			if err != nil {
				return nil, err
			}
			if !had || still {
				continue
			}
			l := loss{body: m.Body}
			if body {
				l.place = seatOf(m.Place)
			}
			if lost[l] == 0 {
				order = append(order, l)
			}
			lost[l]++
			break
		}
	}
	var orphans []county.Orphan
	for _, l := range order {
		o := county.Orphan{Section: "bodies", Key: "governance.body_in_use", Args: fault.Args{"name": called(before, l.body), "count": lost[l]}}
		if l.place != "" {
			o.Key, o.Args["seat"] = "governance.seat_in_use", l.place
		}
		orphans = append(orphans, o)
	}
	return orphans, nil
}

// turns are the days in a time on which a configuration's bodies change, the
// first day among them.
func turns(c tenant.County, from, to day.Day) []day.Day {
	days := []day.Day{from}
	for _, v := range c.Bodies {
		if v.From.After(from) && (to.IsZero() || v.From.Before(to)) {
			days = append(days, v.From)
		}
	}
	return days
}

// called is what a body is called in the latest version that has it.
func called(c tenant.County, body string) string {
	for _, v := range slices.Backward(c.Bodies) {
		if b, ok := v.Value.Body(body); ok {
			return b.Name.In(string(text.Swedish))
		}
	}
	return body
}

// unquorate are the bodies whose quorum, or seats, a change touches, and which
// could not be quorate though everybody came. A county whose parties nobody has
// written down yet is not judged by them.
func unquorate(ctx context.Context, tx *pg.Tx, before, after tenant.County) ([]county.Orphan, error) {
	var orphans []county.Orphan
	for _, on := range turns(after, tx.Today(), day.Day{}) {
		c := after.On(on)
		var asked []tenant.Body
		for _, b := range c.Bodies.Bodies {
			was, _ := before.On(on).Bodies.Body(b.Key)
			touched := !reflect.DeepEqual(was.Rules.Quorum, b.Rules.Quorum) || !reflect.DeepEqual(was.Seats, b.Seats)
			if _, all := b.Votes(); touched && b.Rules.Quorum.Needed(1) > 0 && !all {
				asked = append(asked, b)
			}
		}
		if len(asked) == 0 {
			continue
		}
		guests, err := parties(ctx, tx, c, on)
		if err != nil {
			return nil, err
		}
		t := table{bodies: c.Bodies, guests: guests}
		for _, b := range asked {
			n, complete := t.countable(b)
			if needed := b.Rules.Quorum.Needed(n); complete && needed > n {
				orphans = append(orphans, county.Orphan{Section: "bodies", Key: "governance.quorum_above", Args: fault.Args{
					"name": b.Name.In(string(text.Swedish)), "needed": needed, "seats": n, "on": on}})
			}
		}
	}
	return orphans, nil
}

// countable is how many seats, or parties, a body's quorum can count. It is not
// complete where a sort of party has none, or a seat is offered when needed.
func (t table) countable(b tenant.Body) (n int, complete bool) {
	complete = true
	of := map[uuid.UUID]bool{}
	ps := t.places(b)
	for _, s := range b.Seats {
		if s.Votes() && (s.Optional() || s.Each != "" && !slices.ContainsFunc(ps, func(p Place) bool { return p.Seat.Key == s.Key })) {
			complete = false
		}
	}
	for _, p := range ps {
		if !p.Votes() {
			continue
		}
		n++
		for _, party := range p.Parties {
			of[party.ID] = true
		}
	}
	if b.Rules.Quorum.Of == tenant.QuorumParties {
		n = len(of)
	}
	return n, complete
}
