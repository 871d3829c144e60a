package agreement

import (
	"context"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement/internal/agreementdb"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/pg"
)

// What becomes of a part of a document that is carried in.
const (
	RowCreated = "created"  // it was not here
	RowMatched = "matched"  // it was here, just so
	RowLeftOut = "left-out" // it names something of another instrument that is not here
	RowRefused = "refused"  // it cannot be here
)

// Row is what becomes of one part of a document.
type Row struct {
	Pointer string // where in the document, as a JSON pointer
	Kind    string // the part of the document it stands in
	Name    string // what it is called
	Outcome string
	Faults  fault.List // why it was refused, by pointers into the document
}

// Report is what became of a document.
type Report struct {
	Instrument uuid.UUID // zero where the instrument itself was refused
	Rows       []Row
}

// Count is how many parts had an outcome.
func (r Report) Count(outcome string) int {
	n := 0
	for _, row := range r.Rows {
		if row.Outcome == outcome {
			n++
		}
	}
	return n
}

// Err is everything that was refused, nil when nothing was.
func (r Report) Err() error {
	var wrong fault.List
	for _, row := range r.Rows {
		wrong = append(wrong, row.Faults...)
	}
	return wrong.Err()
}

// CarryIn writes what a document holds and is not here yet. It adds, and
// changes nothing that is here: a part that is here just so is matched, one
// that is here and says something else is refused. So the same document twice
// changes nothing. Organisations are matched by number, official code or key,
// and made where none matches.
//
// Whoever keeps the work asks the report for Err first; whoever only wants to
// see what would become of the document rehearses.
func CarryIn(ctx context.Context, tx *pg.Tx, d Document) (Report, error) {
	if err := tx.Require(auth.AgreementChange); err != nil {
		return Report{}, err
	}
	d = trimmed(d)
	if d.Format != Format {
		return Report{}, fault.Bad("agreement_import.format", "/format").With("format", Format)
	}
	m := &carrier{ctx: ctx, tx: tx, q: agreementdb.New(tx), doc: d, orgs: map[string]organisation.Organisation{}}
	if err := m.organisations(); err != nil {
		return m.report, err
	}
	if err := m.instrument(); err != nil || m.have == nil {
		return m.report, err
	}
	for _, part := range []func() error{m.predecessors, m.validities, m.leads, m.events, m.texts, m.adoptions, m.participations, m.counts,
		m.goals, m.links, m.networks, m.locals} {
		if err := part(); err != nil {
			return m.report, err
		}
	}
	return m.report, nil
}

// carrier carries one document in.
type carrier struct {
	ctx    context.Context
	tx     *pg.Tx
	q      *agreementdb.Queries
	doc    Document
	orgs   map[string]organisation.Organisation // by the document's keys
	i      Instrument
	have   *whole // what was here before
	report Report
}

// row does one part of the document. What it is refused for undoes that part
// alone, so that all that is wrong is told at once.
func (m *carrier) row(pointer, kind, name string, f func() (string, error)) error {
	row := Row{Pointer: pointer, Kind: kind, Name: name}
	err := m.tx.Savepoint(m.ctx, func() (err error) {
		row.Outcome, err = f()
		return err
	})
	if err != nil {
		faults := fault.All(err)
		if len(faults) == 0 {
			return err
		}
		for _, one := range faults {
			switch one.Kind {
			case fault.Invalid, fault.Conflict, fault.NotFound:
				row.Faults = append(row.Faults, &fault.Fault{Kind: fault.Invalid, Key: one.Key, Field: pointer + one.Field, Args: one.Args})
			default:
				return err
			}
		}
		row.Outcome = RowRefused
	}
	m.report.Rows = append(m.report.Rows, row)
	return nil
}

func place(parts ...any) string {
	var b strings.Builder
	for _, p := range parts {
		b.WriteByte('/')
		switch p := p.(type) {
		case int:
			b.WriteString(strconv.Itoa(p))
		case string:
			b.WriteString(p)
		}
	}
	return b.String()
}

// organisations finds those that the document names, or makes them.
func (m *carrier) organisations() error {
	const all = 1 << 20
	here, _, err := organisation.List(m.ctx, m.tx, organisation.Filter{Status: organisation.Any, Limit: all, Page: 1})
	if err != nil {
		return err
	}
	for n, o := range m.doc.Organisations {
		err := m.row(place("organisations", n), "organisations", o.Name, func() (string, error) {
			if _, twice := m.orgs[o.Key]; twice {
				return "", fault.Bad("agreement_import.twice", "/key").With("name", o.Key)
			}
			if it, ok := matching(here, o); ok {
				m.orgs[o.Key] = it
				return RowMatched, nil
			}
			key := o.Key
			if slices.ContainsFunc(here, func(h organisation.Organisation) bool { return h.Key == key }) {
				key = "" // somebody else's here
			}
			made, err := organisation.Import(m.ctx, m.tx, organisation.Card{Type: o.Type, Name: o.Name, ShortName: o.ShortName, OrganisationNumber: o.OrganisationNumber,
				OfficialCode: o.OfficialCode, Website: o.Website, Published: o.Published, ValidFrom: o.ValidFrom},
				organisation.Origin{Key: key, Source: o.Source, Demo: o.Demo})
			if err == nil && !o.ValidTo.IsZero() {
				made, err = organisation.End(m.ctx, m.tx, made.ID, made.Version, organisation.Ending{On: o.ValidTo})
			}
			if err != nil {
				return "", err
			}
			m.orgs[o.Key], here = made, append(here, made)
			return RowCreated, nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// matching finds the organisation that is meant: by its number, by its official
// code among those of its type, or by its key, unless the two are plainly
// different ones.
func matching(here []organisation.Organisation, o SentOrg) (organisation.Organisation, bool) {
	digits := func(number string) string { return strings.ReplaceAll(number, "-", "") }
	for _, same := range []func(organisation.Organisation) bool{
		func(h organisation.Organisation) bool {
			return o.OrganisationNumber != "" && digits(h.OrganisationNumber) == digits(o.OrganisationNumber)
		},
		func(h organisation.Organisation) bool {
			return o.OfficialCode != "" && h.OfficialCode == o.OfficialCode && h.Type == o.Type
		},
		func(h organisation.Organisation) bool {
			return h.Key == o.Key && h.Type == o.Type &&
				(h.OrganisationNumber == "" || o.OrganisationNumber == "") && (h.OfficialCode == "" || o.OfficialCode == "")
		},
	} {
		if n := slices.IndexFunc(here, same); n >= 0 {
			return here[n], true
		}
	}
	return organisation.Organisation{}, false
}

// org is the organisation that a key of the document names here.
func (m *carrier) org(key, field string) (uuid.UUID, error) {
	if key == "" {
		return uuid.Nil, nil
	}
	o, ok := m.orgs[key]
	if !ok {
		return uuid.Nil, fault.Bad("agreement.organisation_unknown", field)
	}
	return o.ID, nil
}

// called is the key that an organisation of the document has here, for comparing.
func (m *carrier) called(key string) string {
	if o, ok := m.orgs[key]; ok {
		return o.Key
	}
	return key
}

func differs(name string) error {
	return fault.New(fault.Conflict, "agreement_import.differs").With("name", name)
}

func (m *carrier) instrument() error {
	in := m.doc.Instrument
	return m.row("/instrument", "instrument", in.Title, func() (string, error) {
		outcome := RowMatched
		there, err := ByKey(m.ctx, m.tx, in.Key)
		switch {
		case fault.Is(err, "common.not_found"):
			outcome = RowCreated
			if there, err = create(m.ctx, m.tx, in.Card, Origin{Key: in.Key, Source: in.Source, Demo: in.Demo}, in.Draft); err != nil {
				return "", err
			}
			if in.Published {
				if there, err = Publish(m.ctx, m.tx, there.ID, there.Version, true); err != nil {
					return "", err
				}
			}
		case err != nil:
			return "", err
		case there.Card != in.Card:
			return "", differs(in.Title)
		}
		have, err := load(m.ctx, m.tx, there.ID)
		if err != nil {
			return "", err
		}
		m.i, m.have, m.report.Instrument = there, have, there.ID
		return outcome, nil
	})
}

func (m *carrier) predecessors() error {
	for n, key := range m.doc.Instrument.Predecessors {
		err := m.row(place("instrument", "predecessors", n), "predecessors", key, func() (string, error) {
			if slices.Contains(m.have.Instrument.Predecessors, key) {
				return RowMatched, nil
			}
			earlier, err := ByKey(m.ctx, m.tx, key)
			if fault.Is(err, "common.not_found") {
				return RowLeftOut, nil
			}
			if err == nil {
				err = Follow(m.ctx, m.tx, earlier.ID, m.i.ID, m.doc.Instrument.Source)
			}
			return RowCreated, err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (m *carrier) validities() error {
	for n, t := range m.doc.Validities {
		err := m.row(place("validities", n), "validities", t.Kind, func() (string, error) {
			if slices.Contains(m.have.Validities, t) {
				return RowMatched, nil
			}
			i, err := SetValidity(m.ctx, m.tx, m.i.ID, m.i.Version, t)
			if err == nil {
				m.i = i
			}
			return RowCreated, err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (m *carrier) leads() error {
	for n, l := range m.doc.Leads {
		err := m.row(place("leads", n), "leads", l.Organisation, func() (string, error) {
			who, err := m.org(l.Organisation, "/organisation")
			if err != nil {
				return "", err
			}
			l.Organisation = m.called(l.Organisation)
			if slices.Contains(m.have.Leads, l) {
				return RowMatched, nil
			}
			if _, err := touch(m.ctx, m.tx, m.i.ID, m.i.Version); err != nil {
				return "", err
			}
			err = m.q.AddLead(m.ctx, agreementdb.AddLeadParams{ID: m.tx.NewID(), InstrumentID: m.i.ID, OrganisationID: who, ValidFrom: l.From, ValidTo: l.ValidTo, Source: l.Source})
			if err == nil {
				m.i.Version++
			}
			return RowCreated, at(err)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// chain does things that may name an earlier or later one of the same list,
// each after the one it names.
func chain(n int, names func(int) int, do func(int) error) error {
	begun := make([]bool, n)
	var put func(int) error
	put = func(i int) error {
		if begun[i] {
			return nil
		}
		begun[i] = true
		if other := names(i); other > 0 && other <= n {
			if err := put(other - 1); err != nil {
				return err
			}
		}
		return do(i)
	}
	for i := range n {
		if err := put(i); err != nil {
			return err
		}
	}
	return nil
}

// said is what a thing of a list says, and what that says which it names: the
// same in every document, whatever numbers they have there.
func said(n int, content func(int) any, names func(int) int) func(int) string {
	var say func(int, int) string
	say = func(i, deep int) string {
		s := written(content(i))
		if other := names(i); other > 0 && other <= n && deep < n {
			s += " of " + say(other-1, deep+1)
		}
		return s
	}
	return func(i int) string { return say(i, 0) }
}

// pool are things that are here, by what they say; each is matched once.
type pool map[string][]uuid.UUID

func pooled(ids []uuid.UUID, say func(int) string) pool {
	p := pool{}
	for i, id := range ids {
		p[say(i)] = append(p[say(i)], id)
	}
	return p
}

func (p pool) take(say string) (uuid.UUID, bool) {
	ids := p[say]
	if len(ids) == 0 {
		return uuid.Nil, false
	}
	p[say] = ids[1:]
	return ids[0], true
}

// named is the thing that another names by its number; 0 names none.
func named(ids []uuid.UUID, number int, field, key string) (uuid.UUID, error) {
	switch {
	case number == 0:
		return uuid.Nil, nil
	case number < 0 || number > len(ids) || ids[number-1] == uuid.Nil:
		return uuid.Nil, fault.Bad(key, field)
	}
	return ids[number-1], nil
}

func (m *carrier) events() error {
	say := func(es []SentEvent) func(int) string {
		return said(len(es), func(i int) any { e := es[i]; e.Corrects = 0; return e }, func(i int) int { return es[i].Corrects })
	}
	here, mine := pooled(m.have.events, say(m.have.Events)), say(m.doc.Events)
	ids := make([]uuid.UUID, len(m.doc.Events))
	return chain(len(ids), func(i int) int { return m.doc.Events[i].Corrects }, func(i int) error {
		e := m.doc.Events[i]
		return m.row(place("events", i), "events", e.Kind, func() (string, error) {
			if id, ok := here.take(mine(i)); ok {
				ids[i] = id
				return RowMatched, nil
			}
			corrects, err := named(ids, e.Corrects, "/corrects", "agreement.corrects_nothing")
			if err != nil {
				return "", err
			}
			made, err := Record(m.ctx, m.tx, m.i.ID, Happening{Kind: e.Kind, When: e.When, Note: e.Note, Reference: e.Reference, Link: e.Link, Source: e.Source, Corrects: corrects})
			if err == nil {
				ids[i] = made.ID
			}
			return RowCreated, err
		})
	})
}

func (m *carrier) texts() error {
	say := func(ts []SentText) func(int) string {
		return said(len(ts), func(i int) any { t := ts[i]; t.Of = 0; return t }, func(i int) int { return ts[i].Of })
	}
	here, mine := pooled(m.have.texts, say(m.have.Texts)), say(m.doc.Texts)
	ids := make([]uuid.UUID, len(m.doc.Texts))
	return chain(len(ids), func(i int) int { return m.doc.Texts[i].Of }, func(i int) error {
		t := m.doc.Texts[i]
		return m.row(place("texts", i), "texts", t.Name, func() (string, error) {
			if id, ok := here.take(mine(i)); ok {
				ids[i] = id
				return RowMatched, nil
			}
			of, err := named(ids, t.Of, "/of", "instrument_text.errata_names_text")
			if err != nil {
				return "", err
			}
			made, err := AddEdition(m.ctx, m.tx, m.i.ID, m.i.Version, Paper{Kind: t.Kind, Name: t.Name, When: t.When, Note: t.Note, Pages: t.Pages, Link: t.Link, Of: of, Source: t.Source})
			if err == nil {
				ids[i] = made.ID
				m.i.Version++
			}
			return RowCreated, err
		})
	})
}

func (m *carrier) adoptions() error {
	say := func(as []SentAdoption, called func(string) string) func(int) string {
		return said(len(as), func(i int) any { a := as[i]; a.Corrects, a.Organisation = 0, called(a.Organisation); return a }, func(i int) int { return as[i].Corrects })
	}
	here, mine := pooled(m.have.adoptions, say(m.have.Adoptions, strings.Clone)), say(m.doc.Adoptions, m.called)
	ids := make([]uuid.UUID, len(m.doc.Adoptions))
	return chain(len(ids), func(i int) int { return m.doc.Adoptions[i].Corrects }, func(i int) error {
		a := m.doc.Adoptions[i]
		return m.row(place("adoptions", i), "adoptions", a.Body, func() (string, error) {
			if id, ok := here.take(mine(i)); ok {
				ids[i] = id
				return RowMatched, nil
			}
			corrects, err := named(ids, a.Corrects, "/corrects", "agreement.corrects_nothing")
			if err != nil {
				return "", err
			}
			who, err := m.org(a.Organisation, "/organisation")
			if err != nil {
				return "", err
			}
			made, err := Adopt(m.ctx, m.tx, m.i.ID, Resolution{Kind: a.Kind, Organisation: who, Body: a.Body, When: a.When, Mode: a.Mode, Minutes: a.Minutes, Source: a.Source, Corrects: corrects})
			if err == nil {
				ids[i] = made.ID
			}
			return RowCreated, err
		})
	})
}

func (m *carrier) participations() error {
	bare := func(p SentPart) string { p.Signatures = nil; return written(p) }
	here := map[string]int{}
	for n, p := range m.have.Participations {
		here[bare(p)] = n
	}
	for n, p := range m.doc.Participations {
		var id uuid.UUID
		var signed []SentSignature
		name := m.orgs[p.Organisation].Name
		err := m.row(place("participations", n), "participations", name, func() (string, error) {
			who, err := m.org(p.Organisation, "/organisation")
			if err != nil {
				return "", err
			}
			p.Organisation = m.called(p.Organisation)
			if h, ok := here[bare(p)]; ok {
				id, signed = m.have.participations[h], m.have.Participations[h].Signatures
				return RowMatched, nil
			}
			made, err := join(m.ctx, m.tx, m.i, Entry{Organisation: who, Status: p.Status, Roles: p.Roles, From: p.From, Ground: p.Ground, Source: p.Source})
			if err == nil && !p.ValidTo.IsZero() {
				made, err = Leave(m.ctx, m.tx, made.ID, made.Version, Exit{On: p.ValidTo, Ground: p.EndedGround})
			}
			if err == nil {
				id = made.ID
			}
			return RowCreated, err
		})
		if err != nil {
			return err
		}
		if id == uuid.Nil {
			continue // why is said already
		}
		for k, s := range p.Signatures {
			err := m.row(place("participations", n, "signatures", k), "signatures", name, func() (string, error) {
				if k < len(signed) {
					if signed[k] != s {
						return "", differs(name)
					}
					return RowMatched, nil
				}
				_, err := sign(m.ctx, m.tx, id, Signing{By: s.By, Capacity: s.Capacity, When: s.When, Decision: s.Decision, Decided: s.Decided, Source: s.Source}, k > 0)
				return RowCreated, err
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func (m *carrier) counts() error {
	for n, t := range m.doc.Counts {
		err := m.row(place("counts", n), "counts", t.Level, func() (string, error) {
			if slices.Contains(m.have.Counts, t) {
				return RowMatched, nil
			}
			i, err := Count(m.ctx, m.tx, m.i.ID, m.i.Version, t)
			if err == nil {
				m.i = i
			}
			return RowCreated, err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// goals writes goals with all their versions as they were kept elsewhere, ends
// and all: what was said and closed there in some order need not be done over
// again in that order.
func (m *carrier) goals() error {
	here := map[string]SentGoal{}
	for _, g := range m.have.Goals {
		here[g.Key] = g
	}
	index, fresh := map[string]int{}, make([]bool, len(m.doc.Goals))
	for n, g := range m.doc.Goals {
		name := g.Key
		if len(g.Versions) > 0 {
			name = g.Versions[len(g.Versions)-1].Name
		}
		err := m.row(place("goals", n), "goals", name, func() (string, error) {
			if _, twice := index[g.Key]; twice {
				return "", fault.Bad("agreement_import.twice", "/key").With("name", g.Key)
			}
			index[g.Key] = n
			if len(g.Versions) == 0 {
				return "", fault.Bad("goal_version.named", "/versions")
			}
			if was, ok := here[g.Key]; ok {
				if m.saying(was.Versions) != m.saying(m.resolved(g.Versions)) {
					return "", differs(name)
				}
				return RowMatched, nil
			}
			id := m.tx.NewID()
			if err := m.q.CreateGoal(m.ctx, agreementdb.CreateGoalParams{ID: id, InstrumentID: m.i.ID, Key: g.Key}); err != nil {
				return "", at(err)
			}
			m.have.goals[g.Key], fresh[n] = id, true
			return RowCreated, nil
		})
		if err != nil {
			return err
		}
	}
	if err := m.versions(index, fresh); err != nil {
		return err
	}
	for n, g := range m.doc.Goals {
		id, known := m.have.goals[g.Key]
		if !known || index[g.Key] != n {
			continue
		}
		for k, r := range g.Notes {
			err := m.row(place("goals", n, "notes", k), "notes", r.Note, func() (string, error) {
				if slices.Contains(here[g.Key].Notes, r) {
					return RowMatched, nil
				}
				return RowCreated, Note(m.ctx, m.tx, id, r)
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// resolved names organisations as they are named here.
func (m *carrier) resolved(vs []SentVersion) []SentVersion {
	vs = slices.Clone(vs)
	for i := range vs {
		vs[i].Responsible = m.called(vs[i].Responsible)
	}
	return vs
}

// saying is what versions say, in the form in which it is kept.
func (m *carrier) saying(vs []SentVersion) string {
	vs = slices.Clone(vs)
	for i := range vs {
		v := &vs[i]
		s := rulesOn(m.tx, v.From.Day()).settled(Statement{Level: v.Level, Measure: v.Measure, Themes: v.Themes})
		v.Measure, v.Themes = s.Measure, s.Themes
	}
	return written(vs)
}

// versions writes the versions of new goals, each after the one before it and
// after the one of its parent that stands on its first day.
func (m *carrier) versions(index map[string]int, fresh []bool) error {
	begun := make([]int, len(m.doc.Goals)) // how many of a goal's versions are begun
	var put func(n, k int) error
	put = func(n, k int) error {
		for begun[n] <= k {
			now := begun[n]
			begun[n]++
			v := m.doc.Goals[n].Versions[now]
			if p, ok := index[v.Parent]; ok && v.Parent != "" && fresh[p] {
				if err := put(p, versionOn(m.doc.Goals[p].Versions, v.From.Day())); err != nil {
					return err
				}
			}
			if err := m.version(n, now); err != nil {
				return err
			}
		}
		return nil
	}
	for n, g := range m.doc.Goals {
		if fresh[n] {
			if err := put(n, len(g.Versions)-1); err != nil {
				return err
			}
		}
	}
	return nil
}

// versionOn is which of a goal's versions stands on a day, the first where none does.
func versionOn(vs []SentVersion, on day.Day) int {
	which := 0
	for i, v := range vs {
		if !v.From.Day().After(on) {
			which = i
		}
	}
	return which
}

func (m *carrier) version(n, k int) error {
	g := m.doc.Goals[n]
	v, id := g.Versions[k], m.have.goals[g.Key]
	before := len(m.report.Rows)
	err := m.row(place("goals", n, "versions", k), "versions", v.Name, func() (string, error) {
		s := Statement{Level: v.Level, Position: v.Position, Name: v.Name, Wording: v.Wording, Ground: v.Ground, Measure: v.Measure, Themes: v.Themes, Source: v.Source}
		c := Effect{From: v.From, Decision: v.Decision, Decided: v.Decided, Reason: v.Reason}
		var wrong fault.List
		if v.Parent != "" {
			parent, ok := m.have.goals[v.Parent]
			if !ok {
				wrong.Add(fault.Bad("goal_version.parent", "/parent"))
			}
			s.Parent = parent
		}
		if v.ValidTo.IsZero() != (v.Ending == "") {
			wrong.Add(fault.Bad("agreement_import.ending", "/ending"))
		}
		who, err := m.org(v.Responsible, "/responsible")
		wrong.Add(err)
		if err := wrong.Err(); err != nil {
			return "", err
		}
		s.Responsible = who
		if s, err = checkedStatement(m.ctx, m.tx, m.i, id, s, c); err != nil {
			return "", err
		}
		err = m.q.ImportGoalVersion(m.ctx, agreementdb.ImportGoalVersionParams{ID: m.tx.NewID(), GoalID: id, InstrumentID: m.i.ID, ParentID: maybe(s.Parent),
			Level: s.Level, Position: int32(s.Position), Name: s.Name, Wording: s.Wording, Ground: s.Ground, Measure: s.Measure, Themes: s.Themes, //nolint:gosec // checked
			ResponsibleID: maybe(s.Responsible), ValidFrom: c.From.Day(), FromPrecision: c.From.precision(), ValidTo: v.ValidTo, Ending: v.Ending, Decision: c.Decision,
			DecidedDay: c.Decided.Day(), DecidedPrecision: c.Decided.precision(), Reason: c.Reason, Source: s.Source, Published: m.i.Published})
		if err != nil {
			return "", at(err)
		}
		return RowCreated, addWords(m.ctx, m.tx, "goal", id, s.Name, s.Wording)
	})
	// A version is told of only where it was refused: otherwise the goal tells of it.
	if rows := m.report.Rows; err == nil && rows[before].Outcome == RowCreated {
		m.report.Rows = rows[:before]
	}
	return err
}

// goal finds the goal that a document names, uuid.Nil where it is another
// instrument's that is not here.
func (m *carrier) goal(r SentRef, field string) (uuid.UUID, error) {
	if r.Instrument == "" {
		id, ok := m.have.goals[r.Goal]
		if !ok {
			return uuid.Nil, fault.Bad("network_goal.goal", field)
		}
		return id, nil
	}
	other, err := m.q.InstrumentByKey(m.ctx, r.Instrument)
	if err == nil {
		var g agreementdb.Goal
		if g, err = m.q.GoalByKey(m.ctx, agreementdb.GoalByKeyParams{InstrumentID: other.ID, Key: r.Goal}); err == nil {
			return g.ID, nil
		}
	}
	if fault.Is(err, "common.not_found") {
		err = nil
	}
	return uuid.Nil, err
}

func (m *carrier) links() error {
	for n, l := range m.doc.Links {
		err := m.row(place("links", n), "links", l.From.Goal+" → "+l.To, func() (string, error) {
			if slices.Contains(m.have.Links, l) {
				return RowMatched, nil
			}
			from, err := m.goal(l.From, "/from")
			if err != nil || from == uuid.Nil {
				return RowLeftOut, err
			}
			to, err := m.goal(SentRef{Goal: l.To}, "/to")
			if err != nil {
				return "", err
			}
			id, err := connect(m.ctx, m.tx, Bond{Kind: l.Kind, From: from, To: to, Since: l.Since, Source: l.Source})
			if err == nil && !l.ValidTo.IsZero() {
				_, err = m.q.EndLink(m.ctx, agreementdb.EndLinkParams{ID: id, ValidTo: l.ValidTo})
			}
			return RowCreated, at(err)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (m *carrier) networks() error {
	for n, it := range m.doc.Networks {
		err := m.row(place("networks", n), "networks", it.Name, func() (string, error) {
			var goals []uuid.UUID
			var refs []SentRef
			for k, r := range it.Goals {
				id, err := m.goal(r, place("goals", k))
				if err != nil {
					return "", err
				}
				if id != uuid.Nil {
					goals, refs = append(goals, id), append(refs, r)
				}
			}
			who, err := m.org(it.LedBy, "/ledBy")
			if err != nil {
				return "", err
			}
			it.Goals, it.LedBy = refs, m.called(it.LedBy)
			switch _, err := NetworkByKey(m.ctx, m.tx, it.Key); {
			case err == nil:
				if !slices.ContainsFunc(m.have.Networks, func(h SentNetwork) bool { return written(h) == written(it) }) {
					return "", differs(it.Name)
				}
				return RowMatched, nil
			case !fault.Is(err, "common.not_found"):
				return "", err
			}
			_, err = AddNetwork(m.ctx, m.tx, Group{Instrument: m.i.ID, Name: it.Name, Purpose: it.Purpose, LedBy: who, Contact: it.Contact, Website: it.Website,
				Goals: goals, ValidFrom: it.ValidFrom, ValidTo: it.ValidTo, Source: it.Source}, it.Key)
			return RowCreated, err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (m *carrier) locals() error {
	// Whether it is published is for each county to say, and may have changed since.
	lasting := func(l SentLocal) string {
		l.Published, l.Parties = false, slices.Sorted(slices.Values(l.Parties))
		return written(l)
	}
	for n, it := range m.doc.LocalAgreements {
		err := m.row(place("localAgreements", n), "localAgreements", it.Title, func() (string, error) {
			starter, err := m.org(it.InitiatedBy, "/initiatedBy")
			if err != nil {
				return "", err
			}
			c := LocalCard{Instrument: m.i.ID, Title: it.Title, RegistryNumber: it.RegistryNumber, InitiatedBy: starter, From: it.From, Until: it.Until,
				PeriodUnknown: it.PeriodUnknown, Note: it.Note, Link: it.Link, Source: it.Source, Published: it.Published}
			it.InitiatedBy, it.Parties = m.called(it.InitiatedBy), slices.Clone(it.Parties)
			for k, key := range it.Parties {
				who, err := m.org(key, place("parties", k))
				if err != nil {
					return "", err
				}
				c.Parties, it.Parties[k] = append(c.Parties, who), m.called(key)
			}
			switch _, err := LocalByKey(m.ctx, m.tx, it.Key); {
			case err == nil:
				if !slices.ContainsFunc(m.have.LocalAgreements, func(h SentLocal) bool { return lasting(h) == lasting(it) }) {
					return "", differs(it.Title)
				}
				return RowMatched, nil
			case !fault.Is(err, "common.not_found"):
				return "", err
			}
			_, err = AddLocal(m.ctx, m.tx, c, it.Key)
			return RowCreated, err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// trimmed gives a document without spaces around its words, as everything is
// kept: otherwise what has just been written would not be known again.
func trimmed(d Document) Document {
	var trim func(reflect.Value)
	trim = func(v reflect.Value) {
		switch v.Kind() {
		case reflect.String:
			if v.CanSet() {
				v.SetString(strings.TrimSpace(v.String()))
			}
		case reflect.Slice:
			if v.Len() == 0 {
				return
			}
			c := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
			reflect.Copy(c, v)
			v.Set(c)
			for i := range c.Len() {
				trim(c.Index(i))
			}
		case reflect.Struct:
			for i := range v.NumField() {
				if v.Type().Field(i).IsExported() && v.Type() != reflect.TypeFor[When]() {
					trim(v.Field(i))
				}
			}
		}
	}
	trim(reflect.ValueOf(&d).Elem())
	return d
}
