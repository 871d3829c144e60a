package meeting_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/meeting"
)

// read follows a feed's address as a calendar does.
func (o *office) read(f meeting.Feed) (meeting.Calendar, error) {
	o.Helper()
	was := o.tx.Actor
	dbtest.AsSystem(o.tx)
	defer func() { o.tx.Actor = was }()
	token, _ := strings.CutSuffix(f.Path[strings.LastIndex(f.Path, "/")+1:], ".ics")
	return meeting.Read(o.ctx, o.tx, token)
}

func TestACalendarShowsWhatItsFollowerMaySeeUntilItIsRevoked(t *testing.T) {
	o := desk(t)
	called := o.called(april)
	o.draft(april.Add(7)) // in nobody's calendar
	announced := ok(meeting.Announce(o.ctx, o.tx, meeting.Date{Body: "forum", On: april.Add(30), Location: "Hemlig plats"}))(o).Meeting
	follow := func(who uuid.UUID, party uuid.UUID, body string) meeting.Feed {
		o.as(who, auth.RolePartyRepresentative, party)
		defer o.back()
		return ok(meeting.Follow(o.ctx, o.tx, meeting.Following{Body: body}))(o)
	}
	own, bodys, strangers := follow(o.kim, o.alvesta, ""), follow(o.kim, o.alvesta, "forum"), follow(o.person("Utan Plats"), o.af, "forum")
	for name, c := range map[string]struct {
		feed meeting.Feed
		want int
	}{"one's own": {own, 2}, "a body's": {bodys, 2}, "a stranger's of the body, the public days": {strangers, 2}} {
		cal := ok(o.read(c.feed))(o)
		if len(cal.Entries) != c.want {
			t.Errorf("%s: %+v", name, cal.Entries)
		}
		for _, e := range cal.Entries {
			if e.UID == "meeting-"+announced.ID.String()+"@overens" && (!e.Announced || e.Location != "" || !e.AllDay) {
				t.Errorf("%s: of an announced day more than the day: %+v", name, e)
			}
		}
	}
	m := o.now(called.ID)
	ok(meeting.Cancel(o.ctx, o.tx, m.ID, m.Version, meeting.Cancellation{Reason: "x"}))(o)
	if cal := ok(o.read(own))(o); !cal.Entries[0].Cancelled || cal.Entries[0].Sequence != 1 {
		t.Errorf("%+v", cal.Entries)
	}
	o.as(o.noa, auth.RolePartyRepresentative, o.almhult)
	if err := meeting.Unfollow(o.ctx, o.tx, own.ID); !fault.Is(err, "common.not_found") {
		t.Errorf("somebody else revokes it: %v", err)
	}
	o.as(o.kim, auth.RolePartyRepresentative, o.alvesta)
	fs := ok(meeting.Feeds(o.ctx, o.tx))(o)
	if len(fs) != 2 || fs[0].Path != "" {
		t.Errorf("%+v", fs)
	}
	if err := meeting.Unfollow(o.ctx, o.tx, own.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := o.read(own); !fault.Is(err, "common.not_found") {
		t.Errorf("it is still read: %v", err)
	}
}
