package meeting_test

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/sample"
)

// However many sit, it takes as many questions to see that all of them are called.
func TestTheDailyLookAsksAsMuchHoweverManyAreCalled(t *testing.T) {
	asked := func(places ...string) int64 {
		var n atomic.Int64
		d := dbtest.New(t, dbtest.Statements(&n))
		do := func(f func(tx *pg.Tx) error) {
			t.Helper()
			if err := d.InTenant(t.Context(), auth.System("kronoberg", "test", ""), pg.Write, f); err != nil {
				t.Fatal(err)
			}
		}
		do(func(tx *pg.Tx) error {
			o := &office{T: t, ctx: t.Context(), tx: tx}
			ok(sample.Organisations(o.ctx, tx))(o)
			ok(sample.Agreements(o.ctx, tx))(o)
			for _, p := range places {
				ok(governance.Appoint(o.ctx, tx, governance.Nomination{Body: "forum", Place: "municipality/" + p, Person: o.person("Ledamot " + p), From: day.Of(2026, time.January, 1)}))(o)
			}
			plan := ok(meeting.Prepare(o.ctx, tx, meeting.Date{Body: "forum", On: april}))(o)
			ok(meeting.Call(o.ctx, tx, plan.Meeting.ID, plan.Meeting.Version, meeting.Notice{}))(o)
			return nil
		})
		before := n.Load()
		do(func(tx *pg.Tx) error { return meeting.Reseat(t.Context(), tx) })
		return n.Load() - before
	}
	if one, many := asked("alvesta"), asked("alvesta", "almhult", "lessebo", "ljungby", "tingsryd", "uppvidinge"); one != many || one == 0 {
		t.Errorf("%d questions for one and %d for six", one, many)
	} else {
		t.Logf("%d questions", one)
	}
}
