package web_test

import (
	"testing"

	"github.com/overens/overens/internal/agreement"
	"github.com/overens/overens/internal/text"
)

// The keys that the agreement's pages make at run time.
func TestEveryValueOfAnAgreementHasWords(t *testing.T) {
	var keys []string
	add := func(stem string, values ...string) {
		for _, v := range values {
			keys = append(keys, stem+v)
		}
	}
	add("agreement.moment.", agreement.MomentKinds...)
	add("agreement.theme.", agreement.Themes...)
	add("web.agreement.adoption.", agreement.AdoptionKinds...)
	add("agreement.ground.", agreement.GroundPrerequisite, agreement.GroundJudged)
	add("agreement.measure.", agreement.MeasureUnknown, agreement.Measured, agreement.Unmeasurable, agreement.MeasurePurposely)
	add("agreement.link.", agreement.Linked, agreement.CarriedOver)
	add("agreement.choice.", agreement.Carry, agreement.Alter, agreement.LeaveOut)
	add("web.agreement.choice.", agreement.Carry, agreement.Alter, agreement.LeaveOut)
	add("web.agreement.rest.", "goals", "parties", "both")
	add("web.agreement.counted.", "goals", "parties")
	add("agreement.validity.", agreement.ValidityFixed, agreement.ValidityExtended, agreement.ValidityUntilNotice, agreement.ValidityOpen, agreement.ValidityEnded, agreement.ValidityNone)
	for _, done := range []string{"agreement_added", "agreement_published", "agreement_unpublished", "event_added", "decision_added", "text_added", "party_added", "signed",
		"goal_added", "goal_closed", "goal_closed_two_days", "network_added", "local_added", "draft_begun", "chosen", "settled"} {
		add("web.done.", done)
	}
	for _, k := range keys {
		if !text.Has(k) {
			t.Errorf("no words for %s", k)
		}
	}
}
