package meeting_test

import (
	"strings"
	"testing"

	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/tenant"
)

// consenting are the rules of a body that keeps minutes and decides where nobody objects.
func consenting(r *tenant.Rules) { r.Decision = tenant.DecisionRule{Mode: tenant.ByConsensus} }

func TestTheVotesInTheMinutesAddUpToThoseWhoTookPart(t *testing.T) {
	for name, c := range map[string]struct {
		rules tenant.Rules
		votes string
		by    meeting.Ruling
		want  string // "" where nobody is told not to have voted
	}{
		"a majority":               {recorded(), "alvesta:for", meeting.Ruling{}, "4 röstade inte"},
		"consensus":                {recorded(consenting), "alvesta:for lessebo:abstains", meeting.Ruling{}, "3 röstade inte"},
		"all but one":              {recorded(), "alvesta:for lessebo:for ljungby:for markaryd:for", meeting.Ruling{}, "1 röstade inte"},
		"all":                      {recorded(), "alvesta:for lessebo:for ljungby:for markaryd:for region:for", meeting.Ruling{}, ""},
		"acclamation":              {recorded(), "", meeting.Ruling{Acclamation: true}, ""},
		"consensus without a vote": {recorded(consenting), "", meeting.Ruling{}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			h, items := gather(t, c.rules, "", toDecide)
			h.open(seats...)
			h.take(items[0].ID)
			if c.votes != "" {
				h.vote(items[0].ID, c.votes)
			}
			must(h.decide(items[0].ID, c.by))(h)
			h.shut()
			said := h.draft().Paragraphs[3].Wording
			if c.want != "" && !strings.Contains(said, c.want) || c.want == "" && strings.Contains(said, "röstade inte") {
				t.Errorf("%s", said)
			}
		})
	}
}

func TestWhoDoesNotAnswerInWritingIsNotCalledAway(t *testing.T) {
	h, items := gather(t, recorded(func(r *tenant.Rules) { r.Written.Form = tenant.WrittenAllowed }), meeting.KindWritten, toDecide)
	for _, key := range []string{"alvesta", "lessebo", "ljungby"} {
		h.as(h.holds[key], key)
		h.ok(meeting.Vote(h.ctx, h.tx, items[0].ID, meeting.Voice{Vote: "for"}))
	}
	h.strategist()
	h.tx.Now = h.now().On.Add(1).Start()
	must(h.decide(items[0].ID, meeting.Ruling{}))(h)
	h.shut()
	said := h.draft().Paragraphs[1].Wording
	if !strings.Contains(said, "# Svarade inte\n\n") || !strings.Contains(said, "Region Kronoberg: svarade inte") || strings.Contains(said, "frånvarande") {
		t.Errorf("%s", said)
	}
}

// Where no rule is known the minutes do not say that there is one.
func TestMinutesThatNobodyAttestsSayByWhatRule(t *testing.T) {
	for by, want := range map[string]string{"": "Ingen regel om justering är känd", tenant.AdjustedByNobody: "Enligt organets regel justerar ingen"} {
		t.Run("by "+by, func(t *testing.T) {
			h, items := gather(t, recorded(func(r *tenant.Rules) { r.Adjusting = tenant.Adjusting{By: by} }), "", toTell)
			h.open(seats...)
			h.take(items[0].ID)
			must(meeting.Settle(h.ctx, h.tx, items[0].ID, h.item(items[0].ID).Version, meeting.Settlement{}))(h)
			h.shut()
			h.draft()
			must(meeting.AskAdjusters(h.ctx, h.tx, h.id, h.now().Version))(h)
			if got := must(meeting.Document(h.ctx, h.tx, h.id))(h).Attested; len(got) != 1 || !strings.HasPrefix(got[0], want) {
				t.Errorf("%q", got)
			}
		})
	}
}
