package sample

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/person"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

// Seats sits people made up for show in a county's bodies, after People: in each
// place somebody called by an office and never by a name, and the personas where
// they fit. One place is left empty and one has just changed hands, so that there
// is something to see. A county that has a mandate already is left as it is. It
// returns how many were new.
func Seats(ctx context.Context, tx *pg.Tx) (int, error) {
	if _, full := parties[tx.Tenant]; !full {
		return 0, nil
	}
	if _, there, err := governance.List(ctx, tx, governance.Filter{Status: governance.Every, Limit: 1, Page: 1}); err != nil || there > 0 {
		return 0, err
	}
	// Meetings are told of for two years back: somebody sat in them.
	h := host{tx: tx, from: day.Of(tx.Today().Year()-2, time.January, 1), people: map[string]uuid.UUID{}}
	for _, p := range Of(tx.Tenant) {
		id, err := h.known(ctx, p.Name)
		if err != nil {
			return 0, err
		}
		h.people[p.Key] = id
	}
	for _, b := range tx.Config().Bodies.Bodies {
		if err := h.seat(ctx, b); err != nil {
			return h.n, fmt.Errorf("%s: %w", b.Key, err)
		}
	}
	return h.n, nil
}

// host sits people at tables.
type host struct {
	tx     *pg.Tx
	from   day.Day
	people map[string]uuid.UUID // by persona's key, and by what others are called
	shown  bool                 // whether the empty place and the one that changed hands have been shown
	n      int
}

// known finds somebody made up, by what he is called.
func (h *host) known(ctx context.Context, name string) (uuid.UUID, error) {
	ps, _, err := person.List(ctx, h.tx, person.Filter{Query: name, Status: person.Any, Limit: 10, Page: 1})
	for _, p := range ps {
		if p.Demo && p.Name == name {
			return p.ID, err
		}
	}
	return uuid.Nil, err
}

// persona is the persona that fits a place, as holder or as deputy.
func (h *host) persona(p governance.Place, deputy bool) uuid.UUID {
	own := h.tx.Tenant + "-"
	if len(p.Parties) != 1 {
		if deputy || p.Seat.Level != "official" {
			return uuid.Nil
		}
		return h.people[own+"officer"]
	}
	switch key, municipality := p.Parties[0].Key, parties[h.tx.Tenant].key; {
	case key == "lansstyrelsen" && !deputy: // who leads the county's work sits where it leads
		return h.people[own+"strategist"]
	case key == "lansstyrelsen":
		return h.people[own+"officer"]
	case key == "region" && !deputy:
		return h.people[own+"region-representative"]
	case key == "af" && deputy:
		return h.people[own+"af-administrator"]
	case key == municipality && p.Seat.Level == "official" && !deputy:
		return h.people[own+municipality+"-reporter"]
	case key == municipality && !deputy:
		return h.people[own+municipality+"-representative"]
	case key == municipality && p.Seat.Level != "official":
		return h.people[own+municipality+"-administrator"]
	}
	return uuid.Nil
}

// offices are what somebody of a level is called.
var offices = map[string]string{"political": "Ordförande", "top-management": "Chef", "middle-management": "Enhetschef", "official": "Handläggare", "": "Företrädare"}

// office is somebody of a level in a party, called by the office.
func (h *host) office(ctx context.Context, what string, p governance.Place) (uuid.UUID, error) {
	name, card := what, person.Card{}
	if len(p.Parties) > 0 {
		party := p.Parties[0]
		card.OrganisationID = uuid.NullUUID{UUID: party.ID, Valid: true}
		if party.ShortName != "" {
			name += ", " + party.ShortName
		} else {
			name += ", " + party.Name
		}
	} else {
		name += ", " + strings.TrimSuffix(p.Name("sv"), ", antal okänt")
	}
	if id := h.people[name]; id != uuid.Nil {
		return id, nil
	}
	card.Name = name
	made, err := person.CreateDemo(ctx, h.tx, card)
	h.people[name] = made.ID
	return made.ID, err
}

func (h *host) seat(ctx context.Context, b tenant.Body) error {
	places, err := governance.Places(ctx, h.tx, b.Key, h.tx.Today())
	if err != nil {
		return err
	}
	before, err := governance.Places(ctx, h.tx, b.Key, h.from)
	if err != nil && len(before) > 0 {
		return err
	}
	stood := map[string]bool{}
	for _, p := range before {
		stood[p.Key] = true
	}
	if err := h.offer(ctx, b); err != nil {
		return err
	}
	var others []governance.Place // municipalities that no persona comes from
	for _, p := range places {
		if p.Seat.Standing == tenant.SeatGuest || p.Seat.Optional() {
			continue
		}
		if b.Rules.Record == "" || len(p.Parties) != 1 || p.Parties[0].Type != "municipality" || p.Parties[0].Key == parties[h.tx.Tenant].key {
			if err := h.fill(ctx, b, p, stood[p.Key]); err != nil {
				return fmt.Errorf("%s: %w", p.Key, err)
			}
			continue
		}
		others = append(others, p)
	}
	for i, p := range others {
		switch {
		case h.shown || len(others) < 3 || i < len(others)-2:
			err = h.fill(ctx, b, p, stood[p.Key])
		case i == len(others)-2:
			err = h.changedHands(ctx, b, p)
		default:
			err = h.left(ctx, b, p)
			h.shown = true
		}
		if err != nil {
			return fmt.Errorf("%s: %w", p.Key, err)
		}
	}
	return nil
}

// authorities are those whose own seat is offered to nobody else, by key.
var authorities = []string{"af", "fk", "mv", "ssc"}

// offer offers the first of a body's seats that stand when needed to somebody who
// takes it, and the next to somebody who has not answered.
func (h *host) offer(ctx context.Context, b tenant.Body) error {
	asked := map[string]bool{}
	for _, s := range b.Seats {
		if !s.Optional() || len(asked) == 2 {
			continue
		}
		keys := append(slices.Clone(s.Organisations), s.Key)
		if !slices.Contains(authorities, s.Key) {
			keys = append(keys, "fk", "ssc")
		}
		for _, key := range keys {
			o, err := organisation.ByKey(ctx, h.tx, key)
			if fault.Is(err, "common.not_found") || err == nil && asked[key] {
				continue
			}
			if err != nil {
				return err
			}
			made, err := governance.OfferDemo(ctx, h.tx, governance.Proposal{Body: b.Key, Seat: s.Key, Organisation: o.ID, Matter: "Uppföljningen av året", From: h.tx.Today()})
			if err == nil && len(asked) == 0 {
				_, err = governance.AnswerOffer(ctx, h.tx, made.ID, made.Version, governance.Reply{Accepted: true})
			}
			if err != nil {
				return fmt.Errorf("%s to %s: %w", s.Key, key, err)
			}
			asked[key] = true
			break
		}
	}
	return nil
}

// fill gives a place a holder and, where deputies may serve, a deputy.
func (h *host) fill(ctx context.Context, b tenant.Body, p governance.Place, stood bool) error {
	from := h.from
	if !stood {
		from = h.tx.Today()
	}
	holder, err := h.holder(ctx, p)
	if err != nil {
		return err
	}
	if err := h.appoint(ctx, governance.Nomination{Body: b.Key, Place: p.Key, Person: holder, From: from}); err != nil {
		return err
	}
	deputy := h.persona(p, true)
	switch {
	case b.Rules.Deputies.Form == tenant.DeputiesNone, !p.Votes(), len(p.Parties) != 1:
		return nil
	case deputy == uuid.Nil && !b.Rules.Deputies.Required:
		return nil
	case deputy == uuid.Nil:
		if deputy, err = h.office(ctx, "Ersättare", p); err != nil {
			return err
		}
	}
	return h.appoint(ctx, governance.Nomination{Body: b.Key, Place: p.Key, Person: deputy, Deputy: true, From: from})
}

// changedHands has one who left a month ago, and one who has come.
func (h *host) changedHands(ctx context.Context, b tenant.Body, p governance.Place) error {
	leaves, err := h.office(ctx, "Tidigare företrädare", p)
	if err != nil {
		return err
	}
	on := h.tx.Today().AddMonths(-1)
	if err := h.appoint(ctx, governance.Nomination{Body: b.Key, Place: p.Key, Person: leaves, From: h.from, To: on}); err != nil {
		return err
	}
	comes, err := h.holder(ctx, p)
	if err != nil {
		return err
	}
	return h.appoint(ctx, governance.Nomination{Body: b.Key, Place: p.Key, Person: comes, From: on})
}

// left has one who left two months ago, and nobody since.
func (h *host) left(ctx context.Context, b tenant.Body, p governance.Place) error {
	leaves, err := h.holder(ctx, p)
	if err != nil {
		return err
	}
	return h.appoint(ctx, governance.Nomination{Body: b.Key, Place: p.Key, Person: leaves, From: h.from, To: h.tx.Today().AddMonths(-2)})
}

func (h *host) holder(ctx context.Context, p governance.Place) (uuid.UUID, error) {
	if id := h.persona(p, false); id != uuid.Nil {
		return id, nil
	}
	return h.office(ctx, offices[p.Seat.Level], p)
}

func (h *host) appoint(ctx context.Context, n governance.Nomination) error {
	n.Source = "demo"
	_, err := governance.AppointDemo(ctx, h.tx, n)
	if err == nil {
		h.n++
	}
	return err
}
