package web

import (
	"github.com/a-h/templ"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/member"
)

// todo is one thing that waits for the visitor: the link is the verb.
type todo struct {
	Label, Why string
	To         templ.SafeURL
	Class, By  string // its state
}

// waits is what waits for the visitor, most urgent first: somebody stands
// outside; something cannot work; a day comes near; something is lacking.
func (v *visit) waits(awaiting []member.Wait, seats []todo, b begun) []todo {
	waiting := map[string][]member.Wait{}
	for _, w := range awaiting {
		waiting[w.What] = append(waiting[w.What], w)
	}
	var ts []todo
	if v.Acts(auth.OrganisationCreate) && b.Total == 0 {
		ts = append(ts, todo{v.T("web.wait.organisations"), v.T("web.wait.organisations_why"), v.To("/organisations/new"), "next", v.T("web.wait.first")})
	}
	for _, w := range waiting[member.WaitConfirm] {
		ts = append(ts, v.about(w, "confirm", "/members?state=bound", "waits"))
	}
	for _, w := range waiting[member.WaitExpired] {
		ts = append(ts, v.about(w, "expired", "/members?state=never-in", "late"))
	}
	for _, w := range waiting[member.WaitEnding] {
		role := v.Of("auth.role.", string(w.Role))
		if w.Name != "" {
			role += ", " + w.Name
		}
		ts = append(ts, todo{v.T("web.wait.ending", "role", role), v.T("web.wait.ending_why"), v.To("/members/", w.ID.String()), "waits",
			v.T("web.wait.ending_by", "last", SentenceDay(v.Lang, w.Day.Add(-1), v.Today))})
	}
	for _, w := range waiting[member.WaitUnreachable] {
		lacks := "both"
		switch {
		case w.Email:
			lacks = "mailbox"
		case w.Mailbox:
			lacks = "email"
		}
		ts = append(ts, todo{v.T("web.wait.contact", "name", w.Name), v.Of("web.wait.contact_", lacks), v.To("/organisations/", w.ID.String(), "/edit"), "none",
			v.Of("web.wait.lacks_", lacks)})
	}
	ts = append(ts, seats...)
	if v.Acts(auth.CountyChange) {
		switch a := v.County.Accessibility; {
		case a.Assessed.IsZero():
			ts = append(ts, todo{v.T("web.wait.accessibility"), v.T("web.wait.accessibility_why"), v.To("/settings/accessibility"), "none", v.T("web.wait.accessibility_by")})
		case !a.Reviewed.IsZero() && a.Reviewed.Add(365).Before(v.Today):
			ts = append(ts, todo{v.T("web.wait.review"), v.T("web.wait.review_why"), v.To("/settings/accessibility"), "late",
				v.T("web.wait.since", "day", SentenceDay(v.Lang, a.Reviewed, v.Today))})
		}
	}
	for _, w := range waiting[member.WaitUnanswered] {
		ts = append(ts, v.about(w, "unanswered", "/members?state=never-in", "next"))
	}
	return ts
}

// about is what waits among the memberships: one by its name and its own page,
// several by their number and the list.
func (v *visit) about(w member.Wait, what, list, class string) todo {
	t := todo{Label: v.Of("web.wait.", what, "count", w.N), Why: v.Of("web.wait.", what+"_why"), To: v.To(list), Class: class,
		By: v.Of("web.wait.", what+"_by", "day", SentenceDay(v.Lang, w.Day, v.Today))}
	if w.N == 1 {
		t.Label = v.Of("web.wait.", what+"_one", "name", w.Name, "role", v.Of("auth.role.", string(w.Role)))
		t.To = v.To("/members/", w.ID.String())
	}
	return t
}
