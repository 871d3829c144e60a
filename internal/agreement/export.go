package agreement

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement/internal/agreementdb"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/pg"
)

// Export gives the whole of an instrument. The same instrument gives the same
// document, here and wherever it has been carried.
func Export(ctx context.Context, tx *pg.Tx, id uuid.UUID) (Document, error) {
	if err := tx.Require(auth.AgreementRead); err != nil {
		return Document{}, err
	}
	w, err := load(ctx, tx, id)
	return w.Document, err
}

// whole is an instrument's document, with what its parts are here.
type whole struct {
	Document
	instrument     Instrument
	events         []uuid.UUID
	texts          []uuid.UUID
	adoptions      []uuid.UUID
	participations []uuid.UUID
	goals          map[string]uuid.UUID
	orgs           map[uuid.UUID]organisation.Organisation
}

// org names an organisation by its key, and takes it into the document.
func (w *whole) org(ctx context.Context, tx *pg.Tx, id uuid.UUID) (string, error) {
	if id == uuid.Nil {
		return "", nil
	}
	o, known := w.orgs[id]
	if !known {
		var err error
		if o, err = organisation.Get(ctx, tx, id); err != nil {
			return "", err
		}
		w.orgs[id] = o
	}
	return o.Key, nil
}

func load(ctx context.Context, tx *pg.Tx, id uuid.UUID) (*whole, error) {
	w := &whole{goals: map[string]uuid.UUID{}, orgs: map[uuid.UUID]organisation.Organisation{}}
	i, err := get(ctx, tx, id, tx.Today())
	if err != nil {
		return w, err
	}
	w.instrument = i
	w.Document = Document{Format: Format, County: tx.Tenant, Instrument: SentInstrument{Key: i.Key, Card: i.Card, Draft: i.Draft, Published: i.Published, Demo: i.Demo, Source: i.Source}}
	for _, earlier := range i.Predecessors {
		was, err := head(ctx, tx, earlier)
		if err != nil {
			return w, err
		}
		w.Instrument.Predecessors = append(w.Instrument.Predecessors, was.Key)
	}
	slices.Sort(w.Instrument.Predecessors)
	for _, part := range []func(context.Context, *pg.Tx) error{w.loadFrame, w.loadEvents, w.loadTexts, w.loadAdoptions, w.loadParts, w.loadGoals, w.loadLinks, w.loadNetworks, w.loadLocals} {
		if err := part(ctx, tx); err != nil {
			return w, err
		}
	}
	w.Organisations = []SentOrg{}
	for _, o := range w.orgs {
		w.Organisations = append(w.Organisations, SentOrg{Key: o.Key, Type: o.Type, Name: o.Name, ShortName: o.ShortName, OrganisationNumber: o.OrganisationNumber,
			OfficialCode: o.OfficialCode, Website: o.Website, Published: o.Published, Demo: o.Demo, Source: o.Source, ValidFrom: o.ValidFrom, ValidTo: o.ValidTo})
	}
	slices.SortFunc(w.Organisations, func(a, b SentOrg) int { return cmp.Compare(a.Key, b.Key) })
	return w, nil
}

func (w *whole) loadFrame(ctx context.Context, tx *pg.Tx) (err error) {
	if w.Validities, err = Validities(ctx, tx, w.instrument.ID); err != nil {
		return err
	}
	if w.Counts, err = Tallies(ctx, tx, w.instrument.ID); err != nil {
		return err
	}
	leads, err := agreementdb.New(tx).AllLeads(ctx, w.instrument.ID)
	if err != nil {
		return err
	}
	for _, l := range leads {
		who, err := w.org(ctx, tx, l.OrganisationID)
		if err != nil {
			return err
		}
		w.Leads = append(w.Leads, SentLead{Organisation: who, From: l.ValidFrom, ValidTo: l.ValidTo, Source: l.Source})
	}
	slices.SortFunc(w.Leads, func(a, b SentLead) int {
		return cmp.Or(cmp.Compare(a.Organisation, b.Organisation), a.From.Compare(b.From))
	})
	return nil
}

// arranged is the order in which things without keys stand in a document, so
// that ids, which differ between installations, decide nothing: by content, and
// those of the same content as they were written.
func arranged[T any](n int, id func(int) uuid.UUID, content func(int) T) []int {
	order, said := make([]int, n), make([]string, n)
	for i := range n {
		order[i], said[i] = i, written(content(i))
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(said[a], said[b]), cmp.Compare(id(a).String(), id(b).String()))
	})
	return order
}

// written is a part of a document as text that can be compared.
func written(v any) string {
	b, _ := json.Marshal(v) //nolint:errchkjson // plain values
	return string(b)
}

func (w *whole) loadEvents(ctx context.Context, tx *pg.Tx) error {
	es, err := Events(ctx, tx, w.instrument.ID)
	if err != nil {
		return err
	}
	sent := func(e Event) SentEvent {
		return SentEvent{Kind: e.Kind, When: e.When, Note: e.Note, Reference: e.Reference, Link: e.Link, Source: e.Source}
	}
	number := map[uuid.UUID]int{}
	order := arranged(len(es), func(i int) uuid.UUID { return es[i].ID }, func(i int) []string { return []string{es[i].When.Day().String(), written(sent(es[i]))} })
	for n, i := range order {
		number[es[i].ID] = n + 1
	}
	for _, i := range order {
		s := sent(es[i])
		s.Corrects = number[es[i].Corrects]
		w.Events, w.events = append(w.Events, s), append(w.events, es[i].ID)
	}
	return nil
}

func (w *whole) loadTexts(ctx context.Context, tx *pg.Tx) error {
	es, err := Editions(ctx, tx, w.instrument.ID)
	if err != nil {
		return err
	}
	number := map[uuid.UUID]int{}
	for n, e := range es {
		number[e.ID] = n + 1
		w.Texts = append(w.Texts, SentText{Kind: e.Kind, Name: e.Name, When: e.When, Note: e.Note, Pages: e.Pages, Link: e.Link, Of: number[e.Of], Source: e.Source})
		w.texts = append(w.texts, e.ID)
	}
	return nil
}

func (w *whole) loadAdoptions(ctx context.Context, tx *pg.Tx) error {
	as, err := Adoptions(ctx, tx, w.instrument.ID)
	if err != nil {
		return err
	}
	sent := make([]SentAdoption, len(as))
	for i, a := range as {
		who, err := w.org(ctx, tx, a.Organisation)
		if err != nil {
			return err
		}
		sent[i] = SentAdoption{Kind: a.Kind, Organisation: who, Body: a.Body, When: a.When, Mode: a.Mode, Minutes: a.Minutes, Source: a.Source}
	}
	number := map[uuid.UUID]int{}
	order := arranged(len(as), func(i int) uuid.UUID { return as[i].ID }, func(i int) []string { return []string{as[i].When.Day().String(), written(sent[i])} })
	for n, i := range order {
		number[as[i].ID] = n + 1
	}
	for _, i := range order {
		sent[i].Corrects = number[as[i].Corrects]
		w.Adoptions, w.adoptions = append(w.Adoptions, sent[i]), append(w.adoptions, as[i].ID)
	}
	return nil
}

func (w *whole) loadParts(ctx context.Context, tx *pg.Tx) error {
	q := agreementdb.New(tx)
	rows, err := q.AllParticipations(ctx, w.instrument.ID)
	if err != nil {
		return err
	}
	signed, err := q.AllSignatures(ctx, w.instrument.ID)
	if err != nil {
		return err
	}
	of := map[uuid.UUID][]agreementdb.Signature{}
	for _, s := range signed {
		of[s.ParticipationID] = append(of[s.ParticipationID], s)
	}
	sent := make([]SentPart, len(rows))
	for n, r := range rows {
		p := participation(r)
		who, err := w.org(ctx, tx, p.Organisation)
		if err != nil {
			return err
		}
		sent[n] = SentPart{Organisation: who, Status: p.Status, Roles: p.Roles, From: p.From, Ground: p.Ground, ValidTo: p.ValidTo, EndedGround: p.EndedGround, Source: p.Source}
		for _, s := range corrections(of[r.ID]) {
			sent[n].Signatures = append(sent[n].Signatures, SentSignature{By: s.SignedBy, Capacity: s.Capacity, When: kept(s.OnDay, s.Precision), Decision: s.Decision,
				Decided: s.DecidedDay, Source: s.Source})
		}
	}
	for _, n := range arranged(len(rows), func(n int) uuid.UUID { return rows[n].ID }, func(n int) []string { return []string{sent[n].Organisation, sent[n].From.Day().String()} }) {
		w.Participations, w.participations = append(w.Participations, sent[n]), append(w.participations, rows[n].ID)
	}
	return nil
}

// corrections puts signatures of one party in order: each after what it corrects.
func corrections(ss []agreementdb.Signature) []agreementdb.Signature {
	next := map[uuid.UUID]agreementdb.Signature{}
	for _, s := range ss {
		next[s.CorrectsID.UUID] = s
	}
	var in []agreementdb.Signature
	for s, ok := next[uuid.Nil]; ok; s, ok = next[s.ID] {
		in = append(in, s)
	}
	return in
}

func (w *whole) loadGoals(ctx context.Context, tx *pg.Tx) error {
	q := agreementdb.New(tx)
	rows, err := q.AllGoalVersions(ctx, w.instrument.ID)
	if err != nil {
		return err
	}
	at := map[uuid.UUID]int{}
	for _, r := range rows {
		v := r.GoalVersion
		n, begun := at[v.GoalID]
		if !begun {
			n = len(w.Goals)
			at[v.GoalID], w.goals[r.Key] = n, v.GoalID
			w.Goals = append(w.Goals, SentGoal{Key: r.Key})
		}
		who, err := w.org(ctx, tx, v.ResponsibleID.UUID)
		if err != nil {
			return err
		}
		w.Goals[n].Versions = append(w.Goals[n].Versions, SentVersion{Parent: r.Parent, Level: v.Level, Position: int(v.Position), Name: v.Name, Wording: v.Wording,
			Ground: v.Ground, Measure: v.Measure, Themes: v.Themes, Responsible: who, From: kept(v.ValidFrom, v.FromPrecision), ValidTo: v.ValidTo, Ending: v.Ending,
			Decision: v.Decision, Decided: kept(v.DecidedDay, v.DecidedPrecision), Reason: v.Reason, Source: v.Source})
	}
	notes, err := q.AllNotes(ctx, w.instrument.ID)
	for _, r := range notes {
		g := &w.Goals[at[r.GoalID]]
		g.Notes = append(g.Notes, Remark{Kind: r.Kind, On: r.OnDay, Note: r.Note, Source: r.Source})
	}
	for _, g := range w.Goals {
		slices.SortStableFunc(g.Notes, func(a, b Remark) int { return cmp.Or(a.On.Compare(b.On), cmp.Compare(written(a), written(b))) })
	}
	return err
}

func (w *whole) loadLinks(ctx context.Context, tx *pg.Tx) error {
	rows, err := agreementdb.New(tx).AllLinks(ctx, w.instrument.ID)
	for _, r := range rows {
		l := SentLink{Kind: r.GoalLink.Kind, From: w.ref(r.FromInstrumentID, r.FromInstrument, r.FromKey), To: r.ToKey,
			Since: r.GoalLink.ValidFrom, ValidTo: r.GoalLink.ValidTo, Source: r.GoalLink.Source}
		w.Links = append(w.Links, l)
	}
	return err
}

func (w *whole) ref(instrument uuid.UUID, key, goal string) SentRef {
	if instrument == w.instrument.ID {
		key = ""
	}
	return SentRef{Instrument: key, Goal: goal}
}

func (w *whole) loadNetworks(ctx context.Context, tx *pg.Tx) error {
	q := agreementdb.New(tx)
	rows, err := q.AllNetworks(ctx, maybe(w.instrument.ID))
	if err != nil {
		return err
	}
	ids, at := make([]uuid.UUID, len(rows)), map[uuid.UUID]int{}
	for n, r := range rows {
		who, err := w.org(ctx, tx, r.LedByID.UUID)
		if err != nil {
			return err
		}
		ids[n], at[r.ID] = r.ID, n
		w.Networks = append(w.Networks, SentNetwork{Key: r.Key, Name: r.Name, Purpose: r.Purpose, LedBy: who, Contact: r.Contact, Website: r.Website,
			ValidFrom: r.ValidFrom, ValidTo: r.ValidTo, Source: r.Source})
	}
	goals, err := q.NetworkGoals(ctx, ids)
	for _, g := range goals {
		n := &w.Networks[at[g.NetworkID]]
		n.Goals = append(n.Goals, w.ref(g.InstrumentID, g.Instrument, g.Key))
	}
	for _, n := range w.Networks {
		slices.SortFunc(n.Goals, func(a, b SentRef) int {
			return cmp.Or(cmp.Compare(a.Instrument, b.Instrument), cmp.Compare(a.Goal, b.Goal))
		})
	}
	return err
}

func (w *whole) loadLocals(ctx context.Context, tx *pg.Tx) error {
	const all = 1 << 30
	ls, _, err := locals(ctx, tx, agreementdb.LocalsParams{InstrumentID: w.instrument.ID, Ended: true, OnDay: tx.Today(), Max: all})
	if err != nil {
		return err
	}
	for _, l := range ls {
		s := SentLocal{Key: l.Key, Title: l.Title, RegistryNumber: l.RegistryNumber, From: l.From, Until: l.Until, PeriodUnknown: l.PeriodUnknown, Note: l.Note,
			Link: l.Link, Source: l.Source, Published: l.Published, Parties: []string{}}
		if s.InitiatedBy, err = w.org(ctx, tx, l.InitiatedBy); err != nil {
			return err
		}
		for _, p := range l.Parties {
			who, err := w.org(ctx, tx, p)
			if err != nil {
				return err
			}
			s.Parties = append(s.Parties, who)
		}
		slices.Sort(s.Parties)
		w.LocalAgreements = append(w.LocalAgreements, s)
	}
	slices.SortFunc(w.LocalAgreements, func(a, b SentLocal) int { return cmp.Compare(a.Key, b.Key) })
	return nil
}
