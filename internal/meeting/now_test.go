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

// Who is called to many meetings asks for them as who is called to one.
func TestManyCallsAreAskedForAsOne(t *testing.T) {
	var sent atomic.Int64
	d := dbtest.New(t, dbtest.Statements(&sent))
	asked := func(calls int) (n int64) {
		err := d.Rehearse(context.WithoutCancel(t.Context()), auth.System("kronoberg", "test", "test"), func(tx *pg.Tx) error {
			h, _ := gatherIn(t.Context(), t, tx, majority, "", toDecide)
			for range calls - 1 {
				h.call("", toDecide)
			}
			h.as(h.holds["alvesta"], "alvesta")
			before := sent.Load()
			mine := must(meeting.Mine(h.ctx, h.tx, true))(h)
			n = sent.Load() - before
			if len(mine) != calls || mine[0].Of.BodyName == "" || mine[0].Name == "" {
				t.Errorf("%d calls: %+v", calls, mine)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if one, many := asked(1), asked(5); one != many {
		t.Errorf("%d questions for one call, %d for five", one, many)
	}
}

// Matters that nobody has touched stand alike, and one that somebody has voted in
// stands by itself.
func TestMattersThatNobodyHasTouchedStandAlike(t *testing.T) {
	h, items := gather(t, majority, "", toDecide, toDecide, toDecide)
	h.open(seats...)
	h.take(items[1].ID)
	h.vote(items[1].ID, "region:for")
	h.as(h.holds["region"], "region")
	polls := must(meeting.Watch(h.ctx, h.tx, h.id))(h).Polls
	if len(polls) != 3 {
		t.Fatalf("%d polls", len(polls))
	}
	for n, p := range polls {
		if p.Item != items[n].ID || p.Quorum.Counted != 5 || p.Mine != "region" {
			t.Errorf("%d: %+v", n, p)
		}
	}
	if polls[0].Voted != "" || polls[1].Voted != "for" || polls[2].Voted != "" {
		t.Errorf("%q %q %q", polls[0].Voted, polls[1].Voted, polls[2].Voted)
	}
	if polls[1].ByVotes.For != 1 || polls[2].ByVotes.For != 0 || len(polls[2].ByAcclamation.Entitled) != 5 {
		t.Errorf("%+v %+v", polls[1].ByVotes, polls[2].ByVotes)
	}
}
