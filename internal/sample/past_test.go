package sample_test

import (
	"testing"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/sample"
)

func TestWhatKronobergsForumDecidedIsLinkedToTheAreaThatItClosed(t *testing.T) {
	ctx, tx := loaded(t, "kronoberg")
	dbtest.AsSystem(tx)
	if n, err := sample.Past(ctx, tx); err != nil || n != 1 {
		t.Fatalf("%d, %v", n, err)
	}
	if n, err := sample.Past(ctx, tx); err != nil || n != 0 {
		t.Errorf("the second time %d, %v", n, err)
	}
	dbtest.As(tx, auth.RoleStrategist, uuid.Nil)
	i := instrument(ctx, t, tx, "sok-2019", tx.Today())
	g, err := agreement.GoalByKey(ctx, tx, i.ID, "boende")
	if err != nil {
		t.Fatal(err)
	}
	ds, n, err := meeting.Decisions(ctx, tx, meeting.DecisionFilter{ActedOn: "goal:" + g.ID.String(), Limit: 10, Page: 1})
	if err != nil || n != 1 {
		t.Fatalf("%d, %v", n, err)
	}
	if got := ds[0]; got.DecidedOn != d("2023-03-30") || got.EffectiveOn != d("2023-03-20") || !got.Imported || got.Demo || !got.Public || got.Status != meeting.StatusDone {
		t.Errorf("%+v", got)
	}
	m, err := meeting.Get(ctx, tx, ds[0].Meeting)
	if err != nil || m.State != meeting.Published || m.Source != "lansstyrelsen.se/kronoberg om SÖK, 2023" || m.Demo {
		t.Errorf("%+v, %v", m, err)
	}
}

func TestEverySourcedMeetingComesIn(t *testing.T) {
	for slug, want := range map[string]int{"ostergotland": 1, "halland": 0} {
		ctx, tx := loaded(t, slug)
		dbtest.AsSystem(tx)
		if n, err := sample.Past(ctx, tx); err != nil || n != want {
			t.Errorf("%s: %d, %v", slug, n, err)
		}
	}
}
