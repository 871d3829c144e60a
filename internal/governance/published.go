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
	tenant.Body         // whose links and seats name what is published alone
	Places      []Place // at its table, but for seats that stand only while they are offered
	whole       tenant.Body
	called      map[string]string // what the published organisations are called that it names, by key
}

// PublishedBodies are the bodies of a day that everybody may read of, in the order
// in which the county tells of them.
func PublishedBodies(ctx context.Context, tx *pg.Tx, on day.Day) ([]PublishedBody, error) {
	c := tx.County.On(on)
	bs, shown := []PublishedBody{}, c.Bodies
	shown.Bodies = slices.DeleteFunc(slices.Clone(shown.Bodies), func(b tenant.Body) bool { return !published(tx, b) })
	if len(shown.Bodies) == 0 {
		return bs, nil
	}
	rows, err := governancedb.New(tx).PublishedTable(ctx, governancedb.PublishedTableParams{OnDay: on, Counted: append([]string{}, c.PartyStatuses.Counted()...), Keys: mentioned(shown)})
	if err != nil {
		return nil, err
	}
	t := table{bodies: shown}
	for _, r := range rows {
		t.guests = append(t.guests, seated{Party{ID: r.ID, Key: r.Key, Name: r.Name, ShortName: r.ShortName, Type: r.Type}, r.Roles})
	}
	for _, b := range shown.Bodies {
		bs = append(bs, t.published(b))
	}
	return bs, nil
}

// published tells whether everybody may read of a body: it says so, and what has
// been taken back since is taken back of its earlier days too.
func published(tx *pg.Tx, b tenant.Body) bool {
	now, stands := tx.Config().Bodies.Body(b.Key)
	return b.Published && (now.Published || !stands)
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

// Calls is what an organisation is called that the body names: by its name where
// everybody may know it.
func (b PublishedBody) Calls(key string, lang text.Lang) string {
	return cmp.Or(b.called[key], lang.T("governance.not_published"))
}

// Tell is the rules of a published body, each as one sentence.
func (b PublishedBody) Tell(lang text.Lang) []tenant.Sentence {
	return b.whole.Tell(lang, func(key string) string { return b.Calls(key, lang) })
}

// published leaves out of a body's links and seats what is not for everybody.
func (t table) published(b tenant.Body) PublishedBody {
	p := PublishedBody{Body: b, whole: b, called: make(map[string]string, len(t.guests))}
	for _, g := range t.guests {
		p.called[g.Key] = g.Name
	}
	open := func(keys []string) []string {
		return slices.DeleteFunc(slices.Clone(keys), func(key string) bool {
			_, shown := t.bodies.Body(key)
			return !shown
		})
	}
	p.Under, p.PreparesFor = open(b.Under), open(b.PreparesFor)
	p.Seats = slices.Clone(b.Seats)
	for i, s := range p.Seats {
		of := slices.DeleteFunc(slices.Clone(s.Organisations), func(key string) bool { return p.called[key] == "" })
		if len(of) == 0 && len(s.Organisations) > 0 && len(s.Name) == 0 { // else its key would be its name
			p.Seats[i].Name = tenant.Words{}
			for _, lang := range text.Langs {
				p.Seats[i].Name[string(lang)] = lang.T("governance.not_published")
			}
		}
		p.Seats[i].Organisations = of
	}
	p.Places = t.places(p.Body)
	return p
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
