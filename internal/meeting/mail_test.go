package meeting_test

import (
	"testing"

	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/meeting"
)

func TestWhatIsToldOfAnotherTimeWasToldThen(t *testing.T) {
	o := desk(t)
	o.tx.Now = o.tx.Now.AddDate(0, -6, 0)
	on := day.At(o.tx.Now).Add(60)
	m := o.draft(on)
	ok(meeting.Call(o.ctx, o.tx, m.ID, m.Version, meeting.Notice{}))(o)
	if n := o.mails(m.ID, "call"); n == 0 || o.count(`SELECT count(*) FROM meeting_mail WHERE meeting_id = $1 AND sent_at = queued_at`, m.ID) != n {
		t.Errorf("%d mails, and not all of them were sent then", n)
	}
	if n := o.count(`SELECT count(*) FROM river.river_job WHERE kind = 'meeting.tell'`); n != 0 {
		t.Errorf("%d mails are sent now", n)
	}
}
