package meeting_test

import (
	"testing"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/tenant"
)

func TestWhatIsSaidBesideADecisionIsReadByThoseWhoReadItInTheMinutes(t *testing.T) {
	h, items := held(t, recorded(func(r *tenant.Rules) { r.Public.Decisions = tenant.PublicAdjusted }))
	h.shut()
	h.draft()
	d := h.decisionOn(items[0].ID)
	reads := func(who string, want int) {
		t.Helper()
		rs := must(meeting.RemarksBeside(h.ctx, h.tx, d))(h)
		if len(rs) != want || want > 0 && (rs[0].Kind != meeting.Reservation || rs[0].Party != "Lessebo kommun" || rs[0].Wording != "Kostnaden är *inte* utredd.") {
			t.Errorf("%s: %+v", who, rs)
		}
	}
	reads("who writes the minutes", 1)
	h.auditor()
	reads("who reads all meetings", 1)
	h.clerk()
	p := h.about(items[0].ID)
	p = must(meeting.ChangeParagraph(h.ctx, h.tx, p.ID, p.Version, meeting.Passage{Heading: p.Heading, Wording: p.Wording, Confidential: true}))(h)
	reads("who writes the minutes, masked", 1)
	h.auditor()
	reads("who reads all meetings, masked", 0)
	h.clerk()
	must(meeting.ChangeParagraph(h.ctx, h.tx, p.ID, p.Version, meeting.Passage{Heading: p.Heading, Wording: p.Wording}))(h)
	dbtest.As(h.tx, auth.RolePartyReporter, h.party("alvesta"))
	h.refuses(must2(meeting.RemarksBeside(h.ctx, h.tx, d)), "common.not_found")
}

// decisionOn is the decision in a matter.
func (h *hall) decisionOn(item uuid.UUID) uuid.UUID {
	h.Helper()
	ds, _ := h.decisions(meeting.DecisionFilter{Meeting: h.id})
	for _, d := range ds {
		if d.Item == item {
			return d.ID
		}
	}
	h.Fatal("the matter is not decided")
	return uuid.Nil
}
