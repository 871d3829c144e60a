package web

import (
	"context"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/pg"
)

// meetingWaits is what waits for the visitor of meetings: minutes to attest
// and to write, calls to answer, proposals to handle, decisions to take home.
func (v *visit) meetingWaits(ctx context.Context, tx *pg.Tx) ([]todo, error) {
	var ts []todo
	if !v.meetsHere() {
		return nil, nil
	}
	written, err := meeting.MinutesAwaited(ctx, tx)
	if err != nil {
		return nil, err
	}
	ts = append(ts, v.minutesWaits(written, false, meeting.AwaitsAttest)...)
	silent, err := meeting.Mine(ctx, tx, true)
	if err != nil {
		return nil, err
	}
	for _, o := range silent {
		i, m := o.Invitation, o.Of
		if m.Kind == meeting.KindWritten {
			ts = append(ts, v.writtenWait(m, v.T("meeting.wait.written", "name", v.meetingName(m))))
			continue
		}
		t := todo{v.T("meeting.wait.answer", "name", v.meetingName(m)), v.answerWhy(bodyOn(tx, m.Body, m.On), i), v.To("/meeting-invitations/", i.ID.String()), "waits",
			v.T("meeting.page.answer.silent")}
		if !m.AnswerBy.IsZero() {
			t.By = v.T("meeting.page.by", "day", SentenceDay(v.Lang, m.AnswerBy, v.Today))
			if m.AnswerBy.Before(v.Today) {
				t.Class, t.By = "late", v.T("meeting.wait.since", "day", SentenceDay(v.Lang, m.AnswerBy, v.Today))
			}
		}
		ts = append(ts, t)
	}
	if v.Acts(auth.MeetingPrepare) {
		_, n, err := meeting.Waiting(ctx, tx, meeting.ItemFilter{States: []string{meeting.ItemProposed}, Limit: 1, Page: 1})
		if err != nil {
			return nil, err
		}
		if n > 0 {
			ts = append(ts, todo{v.T("meeting.wait.proposals", "count", n), v.T("meeting.wait.proposals_why"), v.To(itemsAt), "waits", v.T("meeting.wait.proposals_by")})
		}
	}
	ts = append(ts, v.minutesWaits(written, false, meeting.AwaitsMend, meeting.AwaitsDraft)...)
	undone, err := meeting.Undone(ctx, tx)
	if err != nil {
		return nil, err
	}
	for _, d := range undone {
		ts = append(ts, todo{v.T("meeting.wait.carry", "title", d.Title), v.T("meeting.wait.carry_why"), decisionAt(v, d.ID), "waits", v.T("meeting.wait.carry_by", "day", SentenceDay(v.Lang, d.DecidedOn, v.Today))})
	}
	if !v.Acts(auth.MeetingPropose) {
		return ts, nil
	}
	home, _, err := meeting.Ratifications(ctx, tx, meeting.RatificationFilter{Organisation: v.Actor.Party(), Answer: "awaited", Limit: 20, Page: 1})
	if err != nil {
		return nil, err
	}
	for _, r := range home {
		if v.Actor.Party() == r.Organisation { // the county reminds in the register
			class, word := v.homeState(r)
			if !r.Due.IsZero() && class != "late" {
				word = v.T("meeting.page.by", "day", SentenceDay(v.Lang, r.Due, v.Today))
			}
			ts = append(ts, todo{v.T("meeting.wait.ratify", "title", r.Title), v.T("meeting.wait.ratify_why", "party", r.Party), v.To("/ratifications/", r.ID.String()), class, word})
		}
	}
	return ts, nil
}

// minutesWaits are those of the things that wait of minutes, in a list of all meetings
// or (here) on the meeting's own page.
func (v *visit) minutesWaits(all []meeting.Awaited, here bool, kinds ...string) []todo {
	if v.Past() {
		return nil
	}
	var ts []todo
	for _, w := range all {
		if !slices.Contains(kinds, w.What) {
			continue
		}
		label, to := "meeting.wait."+w.What, minutesAt(v, w.Of.ID, "")
		switch {
		case w.Number > 0:
			label, to = label+"_paragraph", to+"#p"+strconv.Itoa(w.Number)
		case w.What != meeting.AwaitsDraft:
			to += "#adjusting"
		}
		if here {
			label += "_here"
		}
		closed := w.Of.On
		if w.Of.ClosedAt != nil {
			closed = dayOf(*w.Of.ClosedAt)
		}
		ts = append(ts, todo{v.Of(label, "", "name", v.meetingName(w.Of), "number", w.Number),
			v.Of("meeting.wait.", w.What+"_why", "who", w.By, "reason", w.Reason), templ.SafeURL(to), "waits",
			v.Of("meeting.wait.", w.What+"_by", "day", SentenceDay(v.Lang, closed, v.Today))})
	}
	return ts
}

// writtenWait is a written procedure that waits for the reader's answers.
func (v *visit) writtenWait(m meeting.Meeting, label string) todo {
	return todo{label, v.T("meeting.wait.written_why"), liveAt(v, m.ID, ""), "waits", v.T("meeting.page.by", "day", SentenceDay(v.Lang, m.On, v.Today))}
}

// meetsHere tells whether the visitor reads of meetings in this county.
func (v *visit) meetsHere() bool {
	return v.Member() && v.Slug != pg.Nation && v.Actor.MayAnywhere(auth.MeetingRead)
}
