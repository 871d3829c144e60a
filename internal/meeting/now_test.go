package meeting_test

import (
	"context"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/pg"
)

// A meeting of twenty matters that all have been voted on and spoken of is asked
// for with as many questions as one of a single matter.
func TestALargeMeetingIsAskedForAsASmallOne(t *testing.T) {
	var sent atomic.Int64
	d := dbtest.New(t, dbtest.Statements(&sent))
	asked := func(matters int) (n int64) {
		err := d.Rehearse(context.WithoutCancel(t.Context()), auth.System("kronoberg", "test", "test"), func(tx *pg.Tx) error {
			h, items := gatherIn(t.Context(), t, tx, majority, "", slices.Repeat([]meeting.Matter{toDecide}, matters)...)
			h.open(seats...)
			for _, i := range items {
				h.take(i.ID)
				h.vote(i.ID, "alvesta:for lessebo:against")
				h.ok(meeting.Bias(h.ctx, h.tx, i.ID, meeting.Telling{Person: h.holds["region"]}))
				must(meeting.Say(h.ctx, h.tx, i.ID, meeting.Saying{Kind: meeting.Said, Person: h.holds["ljungby"], Wording: "Bra"}))(h)
			}
			before := sent.Load()
			now := must(meeting.Watch(h.ctx, h.tx, h.id))(h)
			n = sent.Load() - before
			if len(now.Polls) != matters || now.Polls[0].ByVotes.For != 1 || len(now.Remarks) != matters || len(now.Interests) != matters {
				t.Errorf("%d polls, %d remarks", len(now.Polls), len(now.Remarks))
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if one, many := asked(1), asked(20); one != many || one > 14 {
		t.Errorf("%d questions for one matter, %d for twenty", one, many)
	}
}
