package web

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/pg"
)

// awaited is a decision that parties have still to decide on at home.
type awaited struct {
	meeting.Ratification      // the first to be due
	Own                  bool // it is the reader's own party that has not answered
	Parties              []string
	Class, Word          string
}

// mostSilent is how many parties' answers the register looks for, to tell of the
// decisions that wait for them.
const mostSilent = 500

// awaiting gathers the answers that are awaited by decision. The reader's own
// stands for the others.
func awaiting(v *visit, silent []meeting.Ratification) []awaited {
	var all []awaited
	at := map[uuid.UUID]int{}
	for _, r := range silent {
		i, ok := at[r.Decision]
		if !ok {
			i = len(all)
			at[r.Decision] = i
			all = append(all, awaited{Ratification: r})
			all[i].Class, all[i].Word = v.homeState(r)
		}
		if v.Actor.Party() == r.Organisation && v.Actor.MayFor(auth.MeetingPropose, r.Organisation) {
			all[i].Ratification, all[i].Own = r, true
			all[i].Class, all[i].Word = v.homeState(r)
		}
		all[i].Parties = append(all[i].Parties, r.Party)
	}
	return all
}

// homeRow is one party's decision at home.
type homeRow struct {
	meeting.Ratification
	Class, Word string
	Own         bool // whether the reader answers for the party
}

// homeState is what a party has said at home: as a shape and in words.
func (v *visit) homeState(r meeting.Ratification) (class, word string) {
	switch {
	case r.Answer == meeting.Ratified:
		return "on", v.T("decision.page.home.ratified")
	case r.Answer == meeting.Refused:
		return "no", v.T("decision.page.home.refused")
	case !r.Due.IsZero() && r.Due.Before(v.Today):
		return "late", v.T("decision.page.home.late", "day", SentenceDay(v.Lang, r.Due, v.Today))
	case !r.AnchoredOn.IsZero():
		return "half", v.T("decision.page.home.anchored")
	}
	return "waits", v.T("decision.page.home.awaited")
}

// refusedFirst puts the parties that have refused before the others: nothing comes of
// the decision until they think otherwise.
func refusedFirst(a, b homeRow) int {
	switch no := a.Answer == meeting.Refused; {
	case no == (b.Answer == meeting.Refused):
		return 0
	case no:
		return -1
	}
	return 1
}

// homeNotes say what the parties' own decisions are for, and by when they are asked
// to answer.
func (s decisionSeen) homeNotes(v *visit) []string {
	notes := []string{v.T(s.homeNote())}
	var due day.Day
	for _, h := range s.Home {
		if !h.Due.IsZero() && (due.IsZero() || h.Due.Before(due)) {
			due = h.Due
		}
	}
	return append(notes, v.answerBy(due)...)
}

// answerBy says by when a party is asked to answer, where that is known.
func (v *visit) answerBy(due day.Day) []string {
	if due.IsZero() {
		return nil
	}
	return []string{v.T("decision.page.home.due", "day", LongDay(v.Lang, due))}
}

// ratifyLink is what leads to a party's answer: to give it, or to put it right.
func (h homeRow) ratifyLink() string {
	if h.Answer == "" {
		return "decision.page.ratify_link"
	}
	return "decision.page.ratify_correct"
}

// earlierAnswer tells what a party had answered before that was corrected.
func (v *visit) earlierAnswer(e meeting.EarlierAnswer) string {
	says := v.Of("decision.page.home.", e.Answer) + " " + LongDay(v.Lang, e.AnsweredOn)
	if e.Reference != "" {
		says += ", " + e.Reference
	}
	if e.Note != "" {
		says += ": " + strings.TrimSuffix(e.Note, ".")
	}
	return v.T("decision.page.home.earlier", "answer", says, "day", LongDay(v.Lang, day.At(e.CorrectedAt)), "reason", stopped(e.Reason))
}

func (d *Door) ratifying(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	at, err := id(v.r, "id")
	if err != nil {
		return sheet{}, err
	}
	r, err := meeting.GetRatification(ctx, tx, at)
	if err != nil {
		return sheet{}, err
	}
	to := string(decisionAt(v, r.Decision))
	s := sheet{
		Title: v.T("decision.page.ratify", "party", r.Party), Lead: v.T("decision.page.ratify_lead", "body", v.bodyCalled(tx.County, r.Body), "day", LongDay(v.Lang, r.DecidedOn)),
		Words: "ratification.form", Crumbs: []crumb{{v.T("decision.page.title"), string(v.To(decisionsAt))}, {r.Title, to}}, Cancel: to, Submit: v.T("form.save"),
		Leaves: []leaf{
			{"anchored", v.T("decision.page.anchored"), []string{v.T("decision.page.anchored_note")}, []string{"anchoredWith", "anchoredOn"}},
			{"answer", v.T("decision.page.answered"), append([]string{v.T("decision.page.answered_note")}, v.answerBy(r.Due)...), []string{"answer", "answeredOn", "reference", "note"}},
		},
		Thing: r, Kinds: map[string]string{"note": "area"}, Before: wordingOf(v, r.Title, r.Wording),
	}
	if answer := &s.Leaves[len(s.Leaves)-1]; r.Answer != "" {
		answer.Fields, s.AtTimes = append(answer.Fields, "correction"), []string{"correction"}
	}
	return s, tx.RequireFor(auth.MeetingPropose, r.Organisation)
}

func ratify(ctx context.Context, tx *pg.Tx, v *visit, version int64, a meeting.HomeAnswer) (string, error) {
	at, err := id(v.r, "id")
	if err != nil {
		return "", err
	}
	r, err := meeting.Ratify(ctx, tx, at, version, a)
	return string(decisionAt(v, r.Decision, "?done=saved#home")), err
}
