package web

import (
	"cmp"

	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/tenant"
)

// lead says how many decisions there are, of those asked for.
func (l decisionList) lead(v *visit) string {
	if l.Total == 0 && !l.asked() {
		return ""
	}
	return v.Of("decision.page.lead.", orAll(l.State), "count", l.Total)
}

// orAll is a way to narrow the register, or none.
func orAll(s string) string { return cmp.Or(s, "all") }

// crumbs lead back to the register and to the meeting.
func (s decisionSeen) crumbs(v *visit) []crumb {
	cs := []crumb{{v.T("decision.page.title"), string(v.To(decisionsAt))}}
	if s.Of != nil {
		cs = append(cs, crumb{v.meetingName(*s.Of), string(meetingAt(v, s.Of.ID))})
	}
	return cs
}

// kind is which decision it is.
func (s decisionSeen) kind(v *visit) string { return v.decisionCited(s.Decision) }

// decisionCited is a decision by its number: Beslut 3/2027.
func (v *visit) decisionCited(d meeting.Decision) string {
	return v.T("decision.page.numbered", "number", d.Cited())
}

// decisionName is a decision among others: Beslut 3/2027: Struktur.
func (v *visit) decisionName(d meeting.Decision) string {
	return v.T("decision.page.named", "number", d.Cited(), "title", d.Title)
}

// doing is the heading of what a decision does in the program and a note of it: it
// has done it, is to do it, or was not carried.
func (s decisionSeen) doing() (heading, note string) {
	key := "decision.page.to_do"
	switch {
	case s.ActedAt != nil:
		key = "decision.page.did"
	case s.Outcome != meeting.OutcomeCarried:
		key = "decision.page.undone"
	}
	return key, key + "_note"
}

// remarked is what somebody has said beside a decision, and for whom: Reservation av
// Kim Lind (Alvesta kommun).
func (v *visit) remarked(r meeting.Remark) string {
	name := r.Name
	if r.Party != "" {
		name += " (" + r.Party + ")"
	}
	return v.Of("minutes.remark.", r.Kind, "name", name)
}

// homeNote says what the parties' own decisions are for: what the decision does in
// the program may wait for them.
func (s decisionSeen) homeNote() string {
	if s.Act != "" && s.ActedAt == nil {
		return "decision.page.home.leaf_act"
	}
	return "decision.page.home.leaf_note"
}

// votesFor is for whom somebody who was entitled was there.
func (v *visit) votesFor(e governance.Voter) string {
	return cmp.Or(e.Party, v.Words(tenant.Words(e.Seat)), e.Place)
}

// dutyBody is whose meetings a duty is laid on.
func (v *visit) dutyBody(d meeting.Duty) string {
	if b, ok := v.County.Bodies.Body(d.Body); ok {
		return v.bodyName(b)
	}
	return d.Body
}

// dutySpan says from when to when a duty holds.
func (v *visit) dutySpan(d meeting.Duty) string {
	if d.To.IsZero() {
		return v.T("decision.page.duty_from", "day", LongDay(v.Lang, d.From))
	}
	return v.T("decision.page.duty_span", "from", LongDay(v.Lang, d.From), "last", LongDay(v.Lang, d.To.Add(-1)))
}
