package meeting_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/county"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/meeting"
)

// A decision gives nobody the right to change who signs in: that waits for whoever
// administers the county, and is told.
func TestADecisionOnWhatIsTheAdministratorsWaitsForIt(t *testing.T) {
	h, _ := gather(t, majority, "", toTell)
	h.open(seats...)
	dbtest.AsSystem(h.tx)
	section := must(county.Get(h.ctx, h.tx, "words"))(h)
	must(county.TakeOver(h.ctx, h.tx, "words", county.FromPages, section.Version))(h)
	h.strategist()
	body := map[string]any{"meeting": map[string]any{"en": map[string]any{"one": "session"}}}
	got := h.decideActing(meeting.ActConfiguration, map[string]any{"section": "words", "reason": "Så säger vi", "body": body}, meeting.Ruling{})
	if len(got.Warnings) != 1 || got.Warnings[0].Key != "decision.act_waits" || got.Decision.ActedAt != nil {
		t.Fatalf("%+v", got)
	}
	if diff := cmp.Diff([]auth.Role{auth.RoleCountyAdministrator}, got.Decision.Carriers()); diff != "" {
		t.Error(diff)
	}
	waits := func() int { return len(must(meeting.Undone(h.ctx, h.tx))(h)) }
	if waits() != 0 {
		t.Error("it waits for one who may not do it")
	}
	if a := account(h.promises(meeting.HealthFilter{}), meeting.PromisedDecisions, "council"); len(a.Lapses) != 1 || a.Lapses[0].Why != meeting.LapseUndone {
		t.Errorf("%+v", a)
	}
	dbtest.As(h.tx, auth.RoleCountyAdministrator, uuid.Nil)
	if waits() != 1 {
		t.Error("the administrator is not told")
	}
	must(meeting.Carry(h.ctx, h.tx, got.Decision.ID, got.Decision.Version))(h)
	if a := account(h.promises(meeting.HealthFilter{}), meeting.PromisedDecisions, "council"); waits() != 0 || len(a.Lapses) != 0 {
		t.Errorf("done, and it waits: %+v", a)
	}
}
