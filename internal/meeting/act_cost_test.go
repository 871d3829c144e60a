package meeting_test

import (
	"testing"

	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/meeting"
)

// A body that decides on the budget decides by which key a cost is shared, and
// one that does not, does not.
func TestWhoDecidesOnTheBudgetDecidesByWhichKeyACostIsShared(t *testing.T) {
	_, tx := dbtest.Ostergotland(t)
	for section, may := range map[string]bool{"costKeys": true, "sharedFunctions": true, "goals": false, "bodies": false} {
		if got := meeting.Changes(tx, "council", section, tx.Today()); got != may {
			t.Errorf("%s: %t", section, got)
		}
	}
	_, tx = dbtest.Kronoberg(t)
	if meeting.Changes(tx, "forum", "costKeys", tx.Today()) {
		t.Error("Kronoberg's forum decides on no budget")
	}
}
