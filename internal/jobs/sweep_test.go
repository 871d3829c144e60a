package jobs

import (
	"encoding/json"
	"sync/atomic"
	"testing"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/pg"
)

// People are written to by day: who is called is looked at every hour then, and
// parties are reminded in the morning.
func TestTheSweepWritesToPeopleByDay(t *testing.T) {
	var at atomic.Value
	at.Store(dbtest.Noon)
	d := dbtest.New(t, dbtest.Clock(func() time.Time { return at.Load().(time.Time) }))
	w, err := json.Marshal(pg.Work{Tenant: pg.Nation})
	if err != nil {
		t.Fatal(err)
	}
	queued := func(kind string) (n int) {
		t.Helper()
		if err := d.Pool().QueryRow(t.Context(), `SELECT count(*) FROM river.river_job WHERE kind = $1 AND metadata ->> 'tenant' = 'kronoberg'`, kind).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	looks, reminds := 0, 0
	for _, c := range []struct {
		hour           int
		looks, reminds bool
	}{{0, false, false}, {7, false, false}, {8, true, true}, {9, true, false}, {19, true, false}, {20, false, false}} {
		at.Store(day.Of(2026, time.November, 26).Start().Add(time.Duration(c.hour)*time.Hour + time.Minute))
		if err := sweep(t.Context(), d.DB, &river.Job[Sweep]{JobRow: &rivertype.JobRow{Metadata: w}}); err != nil {
			t.Fatal(err)
		}
		if c.looks {
			looks++
		}
		if c.reminds {
			reminds++
		}
		if l, r := queued(meeting.Reseating{}.Kind()), queued(governance.Remember{}.Kind()); l != looks || r != reminds {
			t.Errorf("after %d o'clock: %d looks, want %d; %d reminders, want %d", c.hour, l, looks, r, reminds)
		}
	}
}
