package web

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/pg"
)

// writtenEnd is what came of a written procedure that is over.
type writtenEnd struct {
	Kind   string  // settled, early, part, stopped or undecided; "" where it is not over
	Reason string  // why something was not decided, where the reader may know
	Next   day.Day // when that is taken up, where that is one matter and known
}

// endOfWritten tells what came of a written procedure: an objection can stop it,
// and all can have answered, before its last day.
func endOfWritten(ctx context.Context, tx *pg.Tx, m meeting.Meeting, items []meeting.Item) (writtenEnd, error) {
	if m.Kind != meeting.KindWritten || !m.State.Held() {
		return writtenEnd{}, nil
	}
	decides, left := 0, []meeting.Item{}
	for _, i := range items {
		if i.Kind != meeting.ForDecision {
			continue
		}
		if decides++; i.Outcome == meeting.OutcomePostponed {
			left = append(left, i)
		}
	}
	early := m.Ended().Before(m.On)
	e := writtenEnd{Kind: "settled"}
	switch {
	case len(left) == 0 && early:
		e.Kind = "early"
	case len(left) == 0:
	case len(left) < decides:
		e.Kind = "part"
	case early:
		e.Kind = "stopped"
	default:
		e.Kind = "undecided"
	}
	for _, i := range left {
		e.Reason = cmp.Or(e.Reason, i.Reason)
	}
	if len(left) != 1 {
		return e, nil
	}
	i, err := meeting.GetItem(ctx, tx, left[0].ID)
	if at := slices.IndexFunc(i.Onward, func(t meeting.Trace) bool {
		return t.Body == i.Body && !t.On.IsZero() && t.State != meeting.ItemWithdrawn
	}); at >= 0 {
		e.Next = i.Onward[at].On
	}
	return e, err
}

// says tells it in a few sentences.
func (e writtenEnd) says(v *visit, m meeting.Meeting) string {
	says := []string{v.Of("meeting.written.lead.", e.Kind, "body", m.BodyName, "day", weekdayOf(v, m.Ended()))}
	if e.Reason != "" {
		says = append(says, stopped(v.T("meeting.written.why", "reason", strings.TrimSuffix(e.Reason, "."))))
	}
	if !e.Next.IsZero() {
		says = append(says, v.T("meeting.written.next", "day", weekdayOf(v, e.Next)))
	}
	return strings.Join(says, " ")
}
