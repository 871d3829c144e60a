package web

import (
	"context"

	"github.com/overens/overens/internal/county"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

// trialSeen is what other rules would have made of the meetings that a body has
// held last, and which called meetings they are for.
type trialSeen struct {
	Name   string
	Says   []string // whether each meeting had been quorate
	Rows   []trialRow
	Held   int      // how many meetings it was tried on
	Called []string // what it is for, a line for each meeting
}

// trialRow is one thing of a meeting, by the rules that were and by the others.
type trialRow struct {
	On            day.Day
	What          string
	Before, After trialSide
}

// trialSide is how it came out: a state, and its sum.
type trialSide struct{ Class, Word, Sum string }

// trials tries a change of the bodies' rules on the meetings that were held.
func (v *visit) trials(ctx context.Context, tx *pg.Tx, e county.Edit, until day.Day) ([]trialSeen, error) {
	after := bodiesOf(e.Body)
	ts, err := meeting.Try(ctx, tx, e.From, until, after)
	if err != nil {
		return nil, err
	}
	var all []trialSeen
	for _, t := range ts {
		b, _ := after.Body(t.Body)
		s := trialSeen{Name: v.bodyName(b), Held: len(t.Held)}
		for _, m := range t.Held {
			if m.Notice != nil {
				s.Rows = append(s.Rows, trialRow{m.On, v.T("health.trial.notice"), v.noticed(*m.Notice, m.Notice.Before, m.Notice.Was()), v.noticed(*m.Notice, m.Notice.After, m.Notice.Would())})
			}
			if m.Quorum != nil {
				before, after := v.quorateSide(m.Quorum.Before), v.quorateSide(m.Quorum.After)
				s.Rows = append(s.Rows, trialRow{m.On, v.T("health.trial.quorum"), before, after})
				s.Says = append(s.Says, v.Of("health.trial.would.", quorateWord(m.Quorum.After), "day", SentenceDay(v.Lang, m.On, v.Today), "sum", after.Sum))
			}
			for _, d := range m.Decisions {
				row := trialRow{m.On, v.T("health.trial.decision", "title", d.Title), v.verdictSide(d.Before), trialSide{"none", v.T("health.trial.decides_nothing"), ""}}
				if d.After != nil {
					row.After = v.verdictSide(*d.After)
				}
				s.Rows = append(s.Rows, row)
			}
		}
		for _, m := range t.Called {
			says := LongDay(v.Lang, m.On) + "."
			if m.Notice != nil && !m.Notice.Would() {
				says += " " + v.T("health.trial.called_late", "called", SentenceDay(v.Lang, m.Notice.CalledOn, v.Today), "by", SentenceDay(v.Lang, m.Notice.After, v.Today))
			}
			s.Called = append(s.Called, says)
		}
		all = append(all, s)
	}
	return all, nil
}

func (v *visit) noticed(n meeting.RetriedNotice, by day.Day, intime bool) trialSide {
	s := trialSide{"on", v.T("health.trial.in_time"), v.T("health.trial.no_notice")}
	if !intime {
		s.Class, s.Word = "late", v.T("health.trial.too_late")
	}
	if !by.IsZero() {
		s.Sum = v.T("health.trial.notice_sum", "called", SentenceDay(v.Lang, n.CalledOn, v.Today), "by", SentenceDay(v.Lang, by, v.Today))
	}
	return s
}

// The ways in which a meeting is quorate, or is not.
const (
	wordQuorate    = "quorate"
	wordNotQuorate = "not_quorate"
	wordWarned     = "warned"
	wordNoQuorum   = "no_quorum"
)

var quorateClasses = map[string]string{wordQuorate: "on", wordNotQuorate: "late", wordWarned: "half", wordNoQuorum: "none"}

// quorateWord is whether a meeting was quorate, in the one word of its words.
func quorateWord(r governance.Reckoning) string {
	switch {
	case r.Of == "" || r.Of == tenant.QuorumNone:
		return wordNoQuorum
	case !r.Holds && !r.Stops:
		return wordWarned
	case !r.Holds:
		return wordNotQuorate
	}
	return wordQuorate
}

func (v *visit) quorateSide(r governance.Reckoning) trialSide {
	says := quorateWord(r)
	s := trialSide{Class: quorateClasses[says], Word: v.Of("health.trial.", says)}
	s.Sum = v.T("health.trial.served", "counted", r.Counted, "all", r.All)
	if r.Needed > 0 {
		s.Sum = v.T("health.trial.served_needed", "counted", r.Counted, "all", r.All, "needed", r.Needed)
	}
	if len(r.MissingParties) > 0 {
		names := make([]string, len(r.MissingParties))
		for i, p := range r.MissingParties {
			names[i] = p.Name
		}
		s.Sum += " " + v.T("health.trial.parties", "who", v.series(names))
	}
	return s
}

func (v *visit) verdictSide(o governance.Outcome) trialSide {
	class := map[governance.Verdict]string{governance.Carried: "on", governance.Rejected: "no", governance.Undecided: "late"}[o.Verdict]
	s := trialSide{class, v.Of("health.trial.verdict.", string(o.Verdict)), v.T("health.trial.votes", "for", o.For, "against", o.Against)}
	if o.Verdict == governance.Carried && !o.Binding {
		s.Class, s.Word = "half", v.T("health.trial.advised")
	}
	if o.Verdict == governance.Undecided && o.Reason == governance.ReasonQuorum {
		s.Sum = v.T("health.trial.too_few")
	} else if o.Acclamation {
		s.Sum = v.T("health.trial.acclamation")
	}
	return s
}

// sum says how much comes out otherwise.
func (s trialSeen) sum(v *visit) string {
	n := 0
	for _, r := range s.Rows {
		if r.Before.Word != r.After.Word {
			n++
		}
	}
	switch {
	case s.Held == 0:
		return v.T("health.trial.none_held", "body", s.Name)
	case len(s.Rows) == 0:
		return v.T("health.trial.untried")
	case n == 0:
		return v.T("health.trial.same", "count", s.Held)
	}
	return v.T("health.trial.otherwise", "count", n)
}
