package meeting_test

import (
	"strings"
	"testing"

	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/tenant"
	"github.com/overens/overens/internal/text"
)

// TestWhatIsSaidOfAnUnknownRuleIsWhatIsDone: one with an interest leaves where
// no rule is known, and is said to.
func TestWhatIsSaidOfAnUnknownRuleIsWhatIsDone(t *testing.T) {
	rules := majority
	rules.Bias = ""
	h, items := gather(t, rules, "", toDecide)
	h.open("alvesta", "lessebo", "ljungby", "region")
	h.take(items[0].ID)
	h.ok(meeting.Bias(h.ctx, h.tx, items[0].ID, meeting.Telling{Person: h.holds["ljungby"]}))
	h.vote(items[0].ID, "alvesta:for lessebo:for region:for")
	sum := h.sum(must(h.decide(items[0].ID, meeting.Ruling{}))(h).Decision)
	if sum.Quorum.Biased != 1 || sum.Quorum.Counted != 3 {
		t.Fatalf("%+v", sum.Quorum)
	}
	for lang, words := range map[text.Lang][2]string{text.Swedish: {"lämnar", "kvar"}, text.English: {"leaves", "stay"}} {
		if said := lang.T("rule.bias.unknown"); !strings.Contains(said, words[0]) || strings.Contains(said, words[1]) {
			t.Errorf("it is said: %s", said)
		}
	}
}

func TestADecisionHoldsFromNoDayOfAnotherAge(t *testing.T) {
	h, items := gather(t, majority, "", toDecide)
	h.open("alvesta", "lessebo", "ljungby")
	h.take(items[0].ID)
	h.refuses(must2(h.decide(items[0].ID, meeting.Ruling{Acclamation: true, EffectiveOn: d("0001-01-01")})), "decision.effective_long_ago")
	must(h.decide(items[0].ID, meeting.Ruling{Acclamation: true, EffectiveOn: d("1990-01-01")}))(h)
}

// TestAWrittenProcedureWithoutARuleIsPlannedWithAWarning, since it can be used.
func TestAWrittenProcedureWithoutARuleIsPlannedWithAWarning(t *testing.T) {
	for form, want := range map[string]bool{"": true, tenant.WrittenAllowed: false} {
		t.Run("form "+form, func(t *testing.T) { // each in a transaction that ends before the next
			rules := majority
			rules.Written.Form = form
			h, _ := gather(t, rules, "", toDecide)
			p := must(meeting.Prepare(h.ctx, h.tx, meeting.Date{Body: "council", Kind: meeting.KindWritten, On: h.tx.Today().Add(14)}))(h)
			if strings.Contains(keysOf(p.Warnings), "written.rule_unknown") != want {
				t.Errorf("%s", keysOf(p.Warnings))
			}
		})
	}
	for _, lang := range text.Langs {
		if said := lang.T("rule.written.unknown", "body", "Rådet"); strings.Contains(said, "bara") || strings.Contains(said, "only") {
			t.Errorf("it is said: %s", said)
		}
	}
}
