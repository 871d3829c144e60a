package web

import (
	"cmp"
	"context"
	"slices"

	"github.com/a-h/templ"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

// What everybody may read of bodies: what each is for, whose seats it has, by which
// rules it works and when it meets. No person stands there.

// opensBodies tells whether the county lets everybody read of any of its bodies.
func (v *visit) opensBodies() bool {
	return slices.ContainsFunc(v.County.Bodies.Bodies, func(b tenant.Body) bool { return b.Published })
}

// publicBodiesSeen is the county's bodies as everybody sees them.
type publicBodiesSeen struct {
	Cards []bodyCard
	Tiers tierPicture
}

func (d *Door) publicBodies(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	all, err := governance.PublishedBodies(ctx, tx, v.On)
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, v.unpublished(tx)
	}
	c := tx.County.On(v.On)
	var s publicBodiesSeen
	for _, b := range all {
		s.Cards = append(s.Cards, v.publicCard(c, b))
	}
	rank(s.Cards)
	s.Tiers = v.tiers(s.Cards)
	return publicBodiesPage(v, s), nil
}

// bodySince says from when the body is as it is. By which decision is the members'
// to read: it may be about other bodies too.
func (v *visit) bodySince(c tenant.County, key string) []string {
	d := bodyVersion(c, key, v.On)
	if d.From.IsZero() {
		return nil
	}
	return []string{v.T("governance.page.version", "day", LongDay(v.Lang, d.From))}
}

// unpublished answers who asks for what only members read, whether it is there or
// not: signing in may help, and does not help who has done so elsewhere.
func (v *visit) unpublished(tx *pg.Tx) error {
	if v.Actor.SignedIn() {
		return fault.Missing()
	}
	return tx.Require(auth.GovernanceRead)
}

// publicCard tells of a body in a line, with how many places it has in place of how
// they are filled.
func (v *visit) publicCard(c tenant.Configuration, b governance.PublishedBody) bodyCard {
	all := 0
	for _, p := range b.Places {
		if p.Seat.Standing != tenant.SeatGuest {
			all++
		}
	}
	of := governance.Body{Body: b.Body, Places: all, Held: all}
	k := v.bodyCard(c, of, map[string]string{b.Chair.Organisation: b.Calls(b.Chair.Organisation, v.Lang)})
	if all > 0 {
		k.Filled = v.T("governance.public.places_of", "count", all)
	}
	return k
}

// publicBodySeen is one body as everybody sees it.
type publicBodySeen struct {
	bodyCard
	Decides      string
	Chairs       []chair
	Map          *seatMap
	Offered      []string // seats that stand only while they are offered
	Rules        []tenant.Sentence
	Since        []string
	Coming, Past []meeting.PublicMeeting
	PastTotal    int
}

// mostPublic is how many meetings of a body its public page shows; the rest stand
// with the county's meetings.
const mostPublic = 5

func (d *Door) publicBody(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	key := v.r.PathValue("body")
	b, err := governance.GetPublishedBody(ctx, tx, key, v.On)
	switch {
	case fault.Is(err, "common.not_found"):
		return nil, v.unpublished(tx)
	case err != nil:
		return nil, err
	}
	s := publicBodySeen{bodyCard: v.publicCard(tx.County.On(v.On), b), Since: v.bodySince(tx.County, key)}
	var decides []string
	for _, what := range b.Decides {
		decides = append(decides, v.value("decides", what))
	}
	s.Decides = v.series(decides)
	members := make([]governance.Member, len(b.Places))
	for i, p := range b.Places {
		members[i] = governance.Member{Place: p}
	}
	s.Chairs = v.chairs(b.Body, members)
	for i := range s.Chairs {
		s.Chairs[i].State, s.Chairs[i].Open = chairHeld, true
	}
	s.Map = v.seatMap(b.Body, s.Chairs)
	for _, seat := range b.Seats {
		var whose []string
		for _, key := range seat.Organisations {
			whose = append(whose, b.Calls(key, v.Lang))
		}
		if name := cmp.Or(v.Words(seat.Name), v.series(whose)); seat.Optional() && name != "" {
			s.Offered = append(s.Offered, name)
		}
	}
	s.Rules = b.Tell(v.Lang)
	f := meeting.PublicFilter{Body: key, Ahead: true, Rising: true, Limit: mostPublic, Page: 1}
	if s.Coming, _, err = meeting.PublicMeetings(ctx, tx, f); err != nil {
		return nil, err
	}
	s.Past, s.PastTotal, err = meeting.PublicMeetings(ctx, tx, meeting.PublicFilter{Body: key, Over: true, Limit: mostPublic, Page: 1})
	return publicBodyPage(v, s), err
}

// seatsTell tells whether it is known of any chair from which level its holder
// comes, and what mandate the holder has.
func seatsTell(all []chair) (level, mandate bool) {
	return slices.ContainsFunc(all, func(c chair) bool { return c.Seat.Level != "" }),
		slices.ContainsFunc(all, func(c chair) bool { return c.Seat.Mandate != "" })
}
