package agreement

import (
	"slices"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement/internal/agreementdb"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
)

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
