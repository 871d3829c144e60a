package meeting_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/tenant"
)

func TestAClosedMeetingKeepsItsTable(t *testing.T) {
	h, _ := held(t, recorded())
	table := func() governance.Table { return must(meeting.Table(h.ctx, h.tx, h.id))(h) }
	h.shut()
	kept := table()
	days := cmp.Comparer(func(a, b day.Day) bool { return a == b })
	// From a day before: somebody takes a vacant place and a party gets one of its own.
	change := func() {
		h.appoint(governance.Nomination{Body: "council", Place: "expert", Person: h.person("Sen Sakkunnig"), From: d("2026-01-01")})
		council := &h.tx.County.Bodies[0].Value.Bodies[0]
		council.Seats = append(council.Seats, tenant.Seat{Key: "uppvidinge", Organisations: []string{"uppvidinge"}})
	}
	change()
	if diff := cmp.Diff(kept, table(), days); diff != "" || len(kept.Chairs) != len(seats)+1 {
		t.Error(diff)
	}
	if now := must(meeting.Watch(h.ctx, h.tx, h.id))(h).Table; len(now.Chairs) != len(kept.Chairs) {
		t.Errorf("the page has %d places", len(now.Chairs))
	}
	// One that is opened anew is as things stand.
	must(meeting.Reopen(h.ctx, h.tx, h.id, h.now().Version))(h)
	if got := table(); len(got.Chairs) != len(kept.Chairs)+1 {
		t.Errorf("opened anew: %d places", len(got.Chairs))
	}
	h.shut()
	again := table()
	if err := h.tx.Savepoint(h.ctx, func() error {
		_, err := h.tx.Exec(h.ctx, "UPDATE meeting_seating SET places = '[]'")
		return err
	}); err == nil {
		t.Error("what was kept at the closing can be written over")
	}
	if diff := cmp.Diff(again, table(), days); diff != "" || len(again.Chairs) != len(kept.Chairs)+1 {
		t.Error(diff)
	}
}
