package web

import (
	"context"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/pg"
)

// aboutDecision is the beginning of a form about the decision that the address names.
func (v *visit) aboutDecision(ctx context.Context, tx *pg.Tx, words string) (meeting.Decision, sheet, error) {
	at, err := id(v.r, "id")
	if err != nil {
		return meeting.Decision{}, sheet{}, err
	}
	one, err := meeting.GetDecision(ctx, tx, at)
	if err != nil {
		return one, sheet{}, err
	}
	s := sheet{Words: words, Crumbs: []crumb{{v.T("decision.page.title"), string(v.To(decisionsAt))}, {one.Title, string(decisionAt(v, at))}}, Cancel: string(decisionAt(v, at)),
		Submit: v.T("form.save"), Options: map[string][]option{}, Kinds: map[string]string{"note": "area"}, Version: one.Version}
	if one.Owner == uuid.Nil || !tx.MayFor(auth.MeetingPropose, one.Owner) {
		err = tx.Require(auth.MeetingPrepare)
	}
	return one, s, err
}

// keptProgress is what has become of a decision, as its form is filled.
type keptProgress struct {
	meeting.Progress
	Version int64 `json:"version"`
}

func progressOf(d meeting.Decision) keptProgress {
	return keptProgress{meeting.Progress{Status: d.Status, On: d.StatusOn, Note: d.StatusNote}, d.Version}
}

func (d *Door) settingStatus(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	one, s, err := v.aboutDecision(ctx, tx, "decision.form")
	if err != nil {
		return s, err
	}
	s.Title, s.Lead = v.T("decision.page.set_status", "title", one.Title), v.T("decision.page.set_status_lead")
	s.Leaves = []leaf{{"status", v.T("decision.page.became"), []string{v.T("decision.page.status_note")}, []string{"status", "on", "note"}}}
	s.Thing = progressOf(one)
	return s, nil
}

func setStatus(ctx context.Context, tx *pg.Tx, v *visit, version int64, p meeting.Progress) (string, error) {
	at, err := id(v.r, "id")
	if err != nil {
		return "", err
	}
	_, err = meeting.SetStatus(ctx, tx, at, version, p)
	if fault.Is(err, "common.changed") {
		one, e := meeting.GetDecision(ctx, tx, at)
		if e != nil {
			return "", e
		}
		return "", fault.Changed(progressOf(one)) // in the form's own words
	}
	return string(decisionAt(v, at, "?done=saved")), err
}

func (d *Door) assigning(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	one, s, err := v.aboutDecision(ctx, tx, "decision.form")
	if err != nil {
		return s, err
	}
	s.Title, s.Lead = v.T("decision.page.assign", "title", one.Title), v.T("decision.page.assign_lead")
	s.Leaves = []leaf{{"who", v.T("decision.page.carries_out"), []string{v.T("decision.page.assign_note")}, []string{"owner", "ownerName", "due", "registryNumber"}}}
	s.Thing = one
	s.Options["owner"], err = organisationOptions(ctx, tx, v, uuid.Nil)
	return s, err
}

func (d *Door) rewording(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	one, s, err := v.aboutDecision(ctx, tx, "decision.form")
	if err != nil {
		return s, err
	}
	s.Title, s.Lead = v.T("decision.page.reword", "title", one.Title), v.T("decision.page.reword_lead")
	s.Leaves = []leaf{{"words", v.T("decision.page.wording"), []string{v.T("decision.page.reword_note")}, []string{"title", "wording"}}}
	s.Thing, s.Kinds["wording"] = one, "area"
	return s, tx.Require(auth.MeetingPrepare)
}
