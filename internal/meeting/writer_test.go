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
