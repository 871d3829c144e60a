package sample

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/pg"
)

// instrument is an instrument in a county's file of facts. Organisations, goals
// and other instruments are named by key.
type instrument struct {
	Key            string     `yaml:"key"`
	Kind           string     `yaml:"kind"`
	Title          string     `yaml:"title"`
	ShortName      string     `yaml:"shortName"`
	RegistryNumber string     `yaml:"registryNumber"`
	Purpose        string     `yaml:"purpose"`
	Source         string     `yaml:"source"`
	After          []string   `yaml:"after"`
	Leads          []string   `yaml:"leads"`
	Validity       []term     `yaml:"validity"`
	Events         []event    `yaml:"events"`
	Texts          []paper    `yaml:"texts"`
	Adoptions      []adoption `yaml:"adoptions"`
	Parties        []party    `yaml:"parties"`
	Counts         []tally    `yaml:"counts"`
	Goals          []goal     `yaml:"goals"`
}

type term struct {
	Kind         string         `yaml:"kind"`
	ReviewMonths int            `yaml:"reviewMonths"`
	From         agreement.When `yaml:"from"`
	Until        agreement.When `yaml:"until"`
	KnownFrom    day.Day        `yaml:"knownFrom"`
	Reference    string         `yaml:"reference"`
	Source       string         `yaml:"source"`
}

type event struct {
	Kind      string         `yaml:"kind"`
	When      agreement.When `yaml:"when"`
	Note      string         `yaml:"note"`
	Reference string         `yaml:"reference"`
	Source    string         `yaml:"source"`
}

type paper struct {
	Kind   string         `yaml:"kind"`
	Name   string         `yaml:"name"`
	When   agreement.When `yaml:"when"`
	Note   string         `yaml:"note"`
	Pages  int            `yaml:"pages"`
	Of     int            `yaml:"of"` // the number of the text it corrects, from 1
	Source string         `yaml:"source"`
}

type adoption struct {
	Kind         string         `yaml:"kind"`
	Organisation string         `yaml:"organisation"`
	Body         string         `yaml:"body"`
	When         agreement.When `yaml:"when"`
	Mode         string         `yaml:"mode"`
	Minutes      string         `yaml:"minutes"`
	Source       string         `yaml:"source"`
}

type party struct {
	Organisation string         `yaml:"organisation"`
	Status       string         `yaml:"status"`
	Roles        []string       `yaml:"roles"`
	From         agreement.When `yaml:"from"`
	Ground       string         `yaml:"ground"`
	Source       string         `yaml:"source"`
	Signed       *signature     `yaml:"signed"`
}

type signature struct {
	By       string         `yaml:"by"`
	Capacity string         `yaml:"capacity"`
	When     agreement.When `yaml:"when"`
	Decision string         `yaml:"decision"`
	Source   string         `yaml:"source"`
}

type tally struct {
	What   string  `yaml:"what"`
	Level  string  `yaml:"level"`
	Count  int     `yaml:"count"`
	From   day.Day `yaml:"from"`
	To     day.Day `yaml:"to"`
	Source string  `yaml:"source"`
}

type goal struct {
	Key     string         `yaml:"key"`
	Level   string         `yaml:"level"`
	Under   string         `yaml:"under"`
	Name    string         `yaml:"name"`
	Wording string         `yaml:"wording"`
	Ground  string         `yaml:"ground"`
	Measure string         `yaml:"measure"`
	Themes  []string       `yaml:"themes"`
	From    agreement.When `yaml:"from"`
	Source  string         `yaml:"source"`
	Closed  *closing       `yaml:"closed"`
	Notes   []remark       `yaml:"notes"`
}

type closing struct {
	Effective day.Day        `yaml:"effective"`
	Decided   agreement.When `yaml:"decided"`
	Decision  string         `yaml:"decision"`
	Reason    string         `yaml:"reason"`
}

type remark struct {
	On     day.Day `yaml:"on"`
	Note   string  `yaml:"note"`
	Source string  `yaml:"source"`
}

type network struct {
	Key        string `yaml:"key"`
	Name       string `yaml:"name"`
	Purpose    string `yaml:"purpose"`
	Instrument string `yaml:"instrument"`
	LedBy      string `yaml:"ledBy"`
	Contact    string `yaml:"contact"`
	Source     string `yaml:"source"`
}

type local struct {
	Key           string         `yaml:"key"`
	Title         string         `yaml:"title"`
	Instrument    string         `yaml:"instrument"`
	InitiatedBy   string         `yaml:"initiatedBy"`
	Parties       []string       `yaml:"parties"`
	From          agreement.When `yaml:"from"`
	Until         agreement.When `yaml:"until"`
	PeriodUnknown bool           `yaml:"periodUnknown"`
	Note          string         `yaml:"note"`
	Source        string         `yaml:"source"`
}

// Agreements writes a county's instruments, networks and local agreements, after
// Organisations. What is there already, by key, is left as it is: the county may
// have changed it. It returns how many were new.
func Agreements(ctx context.Context, tx *pg.Tx) (int, error) {
	f, err := read(tx.Tenant)
	if err != nil {
		return 0, err
	}
	w := writer{tx: tx, instruments: map[string]uuid.UUID{}}
	for _, in := range f.Instruments {
		if err := w.instrument(ctx, in); err != nil {
			return w.n, fmt.Errorf("%s: %w", in.Key, err)
		}
	}
	for _, n := range f.Networks {
		if err := w.network(ctx, n); err != nil {
			return w.n, fmt.Errorf("%s: %w", n.Key, err)
		}
	}
	for _, l := range f.LocalAgreements {
		if err := w.local(ctx, l); err != nil {
			return w.n, fmt.Errorf("%s: %w", l.Key, err)
		}
	}
	return w.n, nil
}

// writer writes facts through the rooms and knows what keys have become.
type writer struct {
	tx          *pg.Tx
	instruments map[string]uuid.UUID
	n           int
}

// organisation finds an organisation by key; "" is none.
func (w *writer) organisation(ctx context.Context, key string) (uuid.UUID, error) {
	if key == "" {
		return uuid.Nil, nil
	}
	o, err := organisation.ByKey(ctx, w.tx, key)
	if err != nil {
		return uuid.Nil, fmt.Errorf("the organisation %s: %w", key, err)
	}
	return o.ID, nil
}

func (w *writer) named(key string) (uuid.UUID, error) {
	id, ok := w.instruments[key]
	if key != "" && !ok {
		return uuid.Nil, fmt.Errorf("there is no instrument %q above", key)
	}
	return id, nil
}

func (w *writer) instrument(ctx context.Context, in instrument) error {
	tx := w.tx
	if there, err := agreement.ByKey(ctx, tx, in.Key); err == nil {
		w.instruments[in.Key] = there.ID
		return nil
	} else if !fault.Is(err, "common.not_found") {
		return err
	}
	i, err := agreement.Import(ctx, tx, agreement.Card{Kind: in.Kind, Title: in.Title, ShortName: in.ShortName, RegistryNumber: in.RegistryNumber, Purpose: in.Purpose},
		agreement.Origin{Key: in.Key, Source: in.Source})
	if err != nil {
		return err
	}
	w.instruments[in.Key] = i.ID
	w.n++
	for _, write := range []func(context.Context, agreement.Instrument, instrument) (agreement.Instrument, error){w.frame, w.papers, w.parties, w.goals} {
		if i, err = write(ctx, i, in); err != nil {
			return err
		}
	}
	_, err = agreement.Publish(ctx, tx, i.ID, i.Version, true)
	return err
}

// frame is what came before it, who leads it, when it holds, how many there are.
func (w *writer) frame(ctx context.Context, i agreement.Instrument, in instrument) (agreement.Instrument, error) {
	for _, key := range in.After {
		earlier, err := w.named(key)
		if err != nil {
			return i, err
		}
		if err := agreement.Follow(ctx, w.tx, earlier, i.ID, in.Source); err != nil {
			return i, err
		}
	}
	for _, key := range in.Leads {
		who, err := w.organisation(ctx, key)
		if err != nil {
			return i, err
		}
		if i, err = agreement.Lead(ctx, w.tx, i.ID, i.Version, agreement.Leadership{Organisation: who, Source: in.Source}); err != nil {
			return i, err
		}
	}
	var err error
	for _, t := range in.Validity {
		if i, err = agreement.SetValidity(ctx, w.tx, i.ID, i.Version, agreement.Term(t)); err != nil {
			return i, err
		}
	}
	for _, t := range in.Counts {
		if i, err = agreement.Count(ctx, w.tx, i.ID, i.Version, agreement.Tally{What: t.What, Level: t.Level, Count: t.Count, ValidFrom: t.From, ValidTo: t.To, Source: t.Source}); err != nil {
			return i, err
		}
	}
	return i, nil
}

// papers are events, texts and adoptions.
func (w *writer) papers(ctx context.Context, i agreement.Instrument, in instrument) (agreement.Instrument, error) {
	for _, e := range in.Events {
		_, err := agreement.Record(ctx, w.tx, i.ID, agreement.Happening{Kind: e.Kind, When: e.When, Note: e.Note, Reference: e.Reference, Source: e.Source})
		if err != nil {
			return i, err
		}
	}
	var editions []uuid.UUID
	for _, p := range in.Texts {
		var of uuid.UUID
		if p.Of > 0 && p.Of <= len(editions) {
			of = editions[p.Of-1]
		}
		e, err := agreement.AddEdition(ctx, w.tx, i.ID, i.Version, agreement.Paper{Kind: p.Kind, Name: p.Name, When: p.When, Note: p.Note, Pages: p.Pages, Of: of, Source: p.Source})
		if err != nil {
			return i, err
		}
		editions = append(editions, e.ID)
		if i, err = agreement.Get(ctx, w.tx, i.ID, w.tx.Today()); err != nil {
			return i, err
		}
	}
	for _, a := range in.Adoptions {
		who, err := w.organisation(ctx, a.Organisation)
		if err != nil {
			return i, err
		}
		_, err = agreement.Adopt(ctx, w.tx, i.ID, agreement.Resolution{Kind: a.Kind, Organisation: who, Body: a.Body, When: a.When, Mode: a.Mode, Minutes: a.Minutes, Source: a.Source})
		if err != nil {
			return i, err
		}
	}
	return i, nil
}

func (w *writer) parties(ctx context.Context, i agreement.Instrument, in instrument) (agreement.Instrument, error) {
	for _, p := range in.Parties {
		who, err := w.organisation(ctx, p.Organisation)
		if err != nil {
			return i, err
		}
		part, err := agreement.Join(ctx, w.tx, i.ID, agreement.Entry{Organisation: who, Status: p.Status, Roles: p.Roles, From: p.From, Ground: p.Ground, Source: p.Source})
		if err != nil {
			return i, fmt.Errorf("%s: %w", p.Organisation, err)
		}
		if s := p.Signed; s != nil {
			if _, err := agreement.Sign(ctx, w.tx, part.ID, agreement.Signing{By: s.By, Capacity: s.Capacity, When: s.When, Decision: s.Decision, Source: s.Source}); err != nil {
				return i, fmt.Errorf("%s: %w", p.Organisation, err)
			}
		}
	}
	return i, nil
}

func (w *writer) goals(ctx context.Context, i agreement.Instrument, in instrument) (agreement.Instrument, error) {
	made := map[string]agreement.Goal{}
	for n, g := range in.Goals {
		s := agreement.Statement{Level: g.Level, Position: n + 1, Name: g.Name, Wording: g.Wording, Ground: g.Ground, Measure: g.Measure, Themes: g.Themes, Source: g.Source}
		if g.Under != "" {
			parent, ok := made[g.Under]
			if !ok {
				return i, fmt.Errorf("%s: there is no goal %q above", g.Key, g.Under)
			}
			s.Parent = parent.ID
		}
		placed, err := agreement.ImportGoal(ctx, w.tx, i.ID, s, agreement.Effect{From: g.From}, g.Key)
		if err != nil {
			return i, fmt.Errorf("%s: %w", g.Key, err)
		}
		made[g.Key] = placed
	}
	// Closed when all are there: what lies under a goal is closed with it.
	for _, g := range in.Goals {
		if c := g.Closed; c != nil {
			_, err := agreement.Close(ctx, w.tx, made[g.Key].ID, made[g.Key].Version, agreement.Closing{Effective: c.Effective, Decided: c.Decided, Decision: c.Decision, Reason: c.Reason})
			if err != nil {
				return i, fmt.Errorf("%s: %w", g.Key, err)
			}
		}
		for _, r := range g.Notes {
			if err := agreement.Note(ctx, w.tx, made[g.Key].ID, agreement.Remark{Kind: "note", On: r.On, Note: r.Note, Source: r.Source}); err != nil {
				return i, fmt.Errorf("%s: %w", g.Key, err)
			}
		}
	}
	return i, nil
}

func (w *writer) network(ctx context.Context, n network) error {
	if _, err := agreement.NetworkByKey(ctx, w.tx, n.Key); !fault.Is(err, "common.not_found") {
		return err
	}
	in, err := w.named(n.Instrument)
	if err != nil {
		return err
	}
	leader, err := w.organisation(ctx, n.LedBy)
	if err != nil {
		return err
	}
	w.n++
	_, err = agreement.AddNetwork(ctx, w.tx, agreement.Group{Instrument: in, Name: n.Name, Purpose: n.Purpose, LedBy: leader, Contact: n.Contact, Source: n.Source}, n.Key)
	return err
}

func (w *writer) local(ctx context.Context, l local) error {
	if _, err := agreement.LocalByKey(ctx, w.tx, l.Key); !fault.Is(err, "common.not_found") {
		return err
	}
	in, err := w.named(l.Instrument)
	if err != nil {
		return err
	}
	starter, err := w.organisation(ctx, l.InitiatedBy)
	if err != nil {
		return err
	}
	c := agreement.LocalCard{Instrument: in, Title: l.Title, InitiatedBy: starter, From: l.From, Until: l.Until, PeriodUnknown: l.PeriodUnknown,
		Note: l.Note, Source: l.Source, Published: true}
	for _, key := range l.Parties {
		who, err := w.organisation(ctx, key)
		if err != nil {
			return err
		}
		c.Parties = append(c.Parties, who)
	}
	w.n++
	_, err = agreement.AddLocal(ctx, w.tx, c, l.Key)
	return err
}
