package web

import (
	"slices"
	"strings"

	"github.com/overens/overens/internal/agreement"
)

// What has happened to an agreement, in words.

// begun are the days that sources give for the agreement's beginning: decided,
// adopted, signed, in force, applied. Where they differ all stand.
func (a agreed) begun() []agreement.Moment {
	var ms []agreement.Moment
	for _, m := range slices.Backward(a.Moments) {
		switch m.Kind {
		case "event.decided", "event.adopted", "event.signed", "event.effective", "event.began-to-apply", "adoption.adopted":
			ms = append(ms, m)
		}
	}
	if len(ms) < 2 {
		return nil
	}
	return ms
}

// happening is what a moment is called, whom or what it is about first.
func (v *visit) happening(m agreement.Moment) string {
	kind := v.Of("agreement.moment.", m.Kind)
	subject := titled(m.Subject)
	switch of, what, _ := strings.Cut(m.Kind, "."); {
	case subject == "" && of == "event" && what == "other" && m.Note != "":
		return m.Note
	case subject == "":
		return kind
	case of == "adoption":
		return kind + " " + subject
	case of == "party":
		return subject + " " + kind
	}
	return subject + ": " + kind
}

// momentOf is one line of the log: a moment, with those of the same sort and
// day that have nothing more to say.
type momentOf struct {
	agreement.Moment
	Subjects []string
}

// more is what a moment says beyond what happened.
func (m momentOf) more() string {
	if m.Kind == "event.other" {
		return ""
	}
	return m.Note
}

// grouped is the log, what began or joined on the same day in one line.
func (a agreed) grouped() []momentOf {
	var ms []momentOf
	for _, m := range a.Moments {
		if n := len(ms) - 1; n >= 0 && together(ms[n].Moment, m) {
			ms[n].Subjects = append(ms[n].Subjects, m.Subject)
			if !strings.Contains(ms[n].Source, m.Source) {
				ms[n].Source = joined("; ", ms[n].Source, m.Source)
			}
			continue
		}
		ms = append(ms, momentOf{m, []string{m.Subject}})
	}
	return ms
}

func together(a, b agreement.Moment) bool {
	switch a.Kind {
	case "goal.began", "party.joined", "party.signed", "party.left":
		return a.Kind == b.Kind && a.When == b.When && a.Note == "" && b.Note == "" && a.Reference == b.Reference && !a.Corrected && !b.Corrected
	}
	return false
}

// happenings is a line of the log in words.
func (v *visit) happenings(m momentOf) string {
	if len(m.Subjects) < 2 {
		return v.happening(m.Moment)
	}
	subjects := slices.Clone(m.Subjects)
	for i, s := range subjects {
		subjects[i] = titled(s)
	}
	if m.Kind == "goal.began" {
		return v.T("web.agreement.goals_began", "goals", v.and(subjects))
	}
	return v.and(subjects) + " " + v.Of("agreement.moment.", m.Kind)
}
