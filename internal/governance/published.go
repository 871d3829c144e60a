package governance

import (
	"cmp"
	"context"
	"slices"

	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/governance/internal/governancedb"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
	"github.com/overens/overens/internal/text"
)

// The functions of this file ask for no right: they give the bodies that the
// county's configuration publishes, with organisations that are published, and no
// person.

// PublishedBody is a body as everybody may read of it.
type PublishedBody struct {
	tenant.Body                   // only published bodies and organisations are named in it
	Places      []Place           // at its table, but for seats that stand only while they are offered
	Called      map[string]string // what the organisations are called that it names, by key
}

// PublishedBodies are the bodies of a day that everybody may read of, in the order
// in which the county tells of them.
func PublishedBodies(ctx context.Context, tx *pg.Tx, on day.Day) ([]PublishedBody, error) {
	c := tx.County.On(on)
	bs := []PublishedBody{}
	if !slices.ContainsFunc(c.Bodies.Bodies, func(b tenant.Body) bool { return b.Published }) {
		return bs, nil
	}
	rows, err := governancedb.New(tx).PublishedTable(ctx, governancedb.PublishedTableParams{OnDay: on, Counted: append([]string{}, c.PartyStatuses.Counted()...), Keys: mentioned(c.Bodies)})
	if err != nil {
		return nil, err
	}
	t := table{bodies: c.Bodies}
	for _, r := range rows {
		t.guests = append(t.guests, seated{Party{ID: r.ID, Key: r.Key, Name: r.Name, ShortName: r.ShortName, Type: r.Type}, r.Roles})
	}
	for _, b := range c.Bodies.Bodies {
		if b.Published {
			bs = append(bs, t.published(b))
		}
	}
	return bs, nil
}

// GetPublishedBody gives one body of a day that everybody may read of.
func GetPublishedBody(ctx context.Context, tx *pg.Tx, key string, on day.Day) (PublishedBody, error) {
	bs, err := PublishedBodies(ctx, tx, on)
	i := slices.IndexFunc(bs, func(b PublishedBody) bool { return b.Key == key })
	if err == nil && i < 0 {
		err = fault.Missing()
	}
	if err != nil {
		return PublishedBody{}, err
	}
	return bs[i], nil
}

// Tell is the rules of a published body, each as one sentence.
func (b PublishedBody) Tell(lang text.Lang) []tenant.Sentence {
	return b.Body.Tell(lang, func(key string) string { return cmp.Or(b.Called[key], lang.T("governance.not_published")) })
}

// published leaves out of a body what is not for everybody.
func (t table) published(b tenant.Body) PublishedBody {
	known := func(key string) bool {
		return slices.ContainsFunc(t.guests, func(p seated) bool { return p.Key == key })
	}
	open := func(keys []string) []string {
		return slices.DeleteFunc(slices.Clone(keys), func(key string) bool {
			of, _ := t.bodies.Body(key)
			return !of.Published
		})
	}
	b.Under, b.PreparesFor = open(b.Under), open(b.PreparesFor)
	b.Secretariat = slices.DeleteFunc(slices.Clone(b.Secretariat), func(key string) bool { return !known(key) })
	b.Chair, b.Convener = whoseOffice(b.Chair, known), whoseOffice(b.Convener, known)
	seats := make([]tenant.Seat, len(b.Seats))
	for i, s := range b.Seats {
		s.Organisations = slices.DeleteFunc(slices.Clone(s.Organisations), func(key string) bool { return !known(key) })
		seats[i] = s
	}
	b.Seats = seats
	called := make(map[string]string, len(t.guests))
	for _, p := range t.guests {
		called[p.Key] = p.Name
	}
	return PublishedBody{b, t.places(b), called}
}

// whoseOffice leaves an office without its organisation where that is not published.
func whoseOffice(o tenant.Office, known func(key string) bool) tenant.Office {
	if !known(o.Organisation) {
		o.Organisation = ""
	}
	return o
}

// mentioned are the organisations that bodies name.
func mentioned(bs tenant.Bodies) []string {
	keys := []string{}
	for _, b := range bs.Bodies {
		keys = append(keys, b.Chair.Organisation, b.Convener.Organisation)
		keys = append(append(keys, b.Secretariat...), b.Rules.Quorum.Named...)
		for _, s := range b.Seats {
			keys = append(keys, s.Organisations...)
		}
	}
	return keys
}
