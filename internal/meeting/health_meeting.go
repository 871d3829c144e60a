package meeting

import (
	"context"
	"slices"
	"time"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/meeting/internal/meetingdb"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

// met is how often each body met, year by year.
func (b *tally) met() []Account {
	l := b.ledger("cadence")
	for _, of := range b.order {
		if of.Rules.Cadence.PerYear == 0 || !b.covers(of.Key) {
			continue
		}
		for year := b.on.Year() - yearsBack + 1; year <= b.on.Year(); year++ {
			y, ok := b.year(of.Key, year)
			if !ok {
				continue
			}
			a := l.of(of.Key)
			a.Years = append(a.Years, y)
			begins := day.Of(year, time.January, 1)
			x := Lapse{What: begins.String()[:4], Count: y.Held, Of: y.Promised, Mend: Mend{Kind: MendPlan, Body: of.Key}}
			switch y.State {
			case YearKept:
				l.kept(of.Key, 1)
			case YearMissed:
				x.Why, x.Since = LapseTooFew, day.Of(year+1, time.January, 1)
				l.lapsed(of.Key, x)
			case YearShort:
				x.Why, x.Count, x.On, x.Waits = LapseUnplanned, y.Held+y.Coming, day.Of(year, time.December, 31), true
				l.lapsed(of.Key, x)
			}
		}
	}
	return l.accounts()
}

// Met is how often a body met in each of the years up to the day's, and in the next
// where a meeting is planned for it: counted as promises are. A year whose state is
// "" is one for which nothing is promised.
func Met(ctx context.Context, tx *pg.Tx, body string, on day.Day, years int) ([]Year, error) {
	if err := tx.Require(auth.MeetingRead); err != nil {
		return nil, err
	}
	s, err := sees(ctx, tx)
	if err != nil {
		return nil, err
	}
	b := &tally{sight: s, tx: tx, on: on, first: map[string]day.Day{}, kept: map[string]day.Day{}}
	first := on.Year() - years + 1
	if err := b.readMeetings(ctx, meetingdb.New(tx), day.Of(first, time.January, 1)); err != nil {
		return nil, err
	}
	known, any := b.first[body]
	if !any {
		return nil, nil
	}
	all := []Year{}
	for year := max(first, known.Year()); year <= on.Year()+1; year++ {
		if y := b.counted(body, year); year <= on.Year() || y.Coming > 0 {
			all = append(all, y)
		}
	}
	return all, nil
}

// year is how often a body met in a year by the rule that it had at its end; ok is
// false where nothing is promised, or nothing is known of the body yet.
func (b *tally) year(body string, year int) (Year, bool) {
	y := b.counted(body, year)
	return y, y.State != ""
}

// counted is year, also where nothing is promised.
func (b *tally) counted(body string, year int) Year {
	first, last := day.Of(year, time.January, 1), day.Of(year, time.December, 31)
	running := year == b.on.Year()
	asOf := last
	if running {
		asOf = b.on
	}
	now, there := bodyOf(b.tx, body, asOf)
	known, any := b.first[body]
	y := Year{Year: year, Promised: now.Rules.Cadence.PerYear, Meetings: []Sketch{}}
	for _, m := range b.meetings {
		if m.Body != body || m.Kind != KindMeeting || m.On.Year() != year || !b.day(m) {
			continue
		}
		held := m.On.Before(b.on) && (m.State.Held() || m.State == Open) || m.On == b.on && m.State.Held()
		switch {
		case held:
			y.Held++
		case !m.On.Before(b.on):
			y.Coming++
		default:
			continue // its day has passed and nobody opened it
		}
		y.Meetings = append(y.Meetings, Sketch{ID: m.ID, On: m.On, Held: held, Demo: m.Demo})
	}
	if !there || y.Promised == 0 || !running && (!any || known.After(last)) {
		return y
	}
	_, before := bodyOf(b.tx, body, first)
	since := b.kept[body]
	if since.IsZero() && year >= b.on.Year() {
		since = known
	}
	enough := y.Promised
	if now.Rules.Cadence.About {
		enough = max(1, enough-1)
	}
	switch {
	case y.Held >= enough:
		y.State = YearKept
	case running && y.Held+y.Coming >= enough:
		y.State = YearRunning
	case !before || any && (since.IsZero() || since.After(first)):
		y.State = YearPartly
	case year > b.on.Year():
		y.State = YearRunning // there is time to plan the rest
	case running:
		y.State = YearShort
	default:
		y.State = YearMissed
	}
	return y
}

// called is whether meetings were called in time by the rule of their day. Of what
// came in from a register of before it is not known.
func (b *tally) called() []Account {
	l := b.ledger("notice")
	for _, m := range b.recent() {
		of, _ := bodyOf(b.tx, m.Body, m.On)
		by := callBy(of, m.On)
		if by.IsZero() || m.Imported || m.Kind == KindWritten && of.Rules.Written.Days > 0 || !b.covers(m.Body) || !b.day(m) {
			continue
		}
		switch x := (Lapse{On: m.On, Since: by, Mend: Mend{Kind: MendMeeting, Body: m.Body, ID: m.ID}}); {
		case m.CalledAt != nil && !day.At(*m.CalledAt).After(b.on):
			if !b.whole(m) {
				continue
			}
			if day.At(*m.CalledAt).After(by) {
				x.Why = LapseLateCall
				l.lapsed(m.Body, x)
			} else {
				l.kept(m.Body, 1)
			}
		case b.on.After(by) && !b.on.After(m.On):
			x.Why = LapseUncalled
			l.lapsed(m.Body, x)
		}
	}
	return l.accounts()
}

// papered is whether meetings had their papers in time.
func (b *tally) papered() []Account {
	l := b.ledger("papers")
	for _, m := range b.recent() {
		of, _ := bodyOf(b.tx, m.Body, m.On)
		if papersBy(of, m.On).IsZero() || !b.covers(m.Body) || !b.whole(m) {
			continue
		}
		all, late := 0, 0
		for _, p := range b.papers[m.ID] {
			if !p.Confidential || b.secret(m) {
				all, late = all+int(p.Papers), late+int(p.Late)
			}
		}
		switch {
		case all == 0:
		case late == 0:
			l.kept(m.Body, 1)
		default:
			l.lapsed(m.Body, Lapse{Why: LapseLatePapers, On: m.On, Since: papersBy(of, m.On), Count: late, Of: all, Mend: Mend{Kind: MendMeeting, Body: m.Body, ID: m.ID}})
		}
	}
	return l.accounts()
}

// quorate is whether enough served for each decision, where the rule of its day
// counts: what was reckoned then. What could not be decided because they were too
// few is no decision, and is told all the same.
func (b *tally) quorate() []Account {
	l := b.ledger("quorum")
	for _, d := range b.decisions {
		m := sketched(d.MeetingID, d.Body, d.OnDay, d.State, d.CalledAt)
		counted := d.QuorumOf == tenant.QuorumSeats || d.QuorumOf == tenant.QuorumParties
		if !counted || !d.DecidedOn.After(b.after) || !b.covers(d.Body) || !b.seesDecision(m, d.Confidential, d.Published) {
			continue
		}
		if d.Holds {
			l.kept(d.Body, 1)
			continue
		}
		l.lapsed(d.Body, Lapse{Why: LapseUnserved, What: d.Title, On: d.OnDay, Since: d.DecidedOn, Count: int(d.Counted), Of: int(d.Needed),
			Mend: Mend{Kind: MendDecision, Body: d.Body, ID: d.ID}})
	}
	for _, i := range b.short {
		m := sketched(i.MeetingID, i.Body, i.OnDay, i.State, i.CalledAt)
		if !b.covers(i.Body) || !b.whole(m) || i.Confidential && !b.secret(m) {
			continue
		}
		l.lapsed(i.Body, Lapse{Why: LapseUndecided, What: i.Title, On: i.OnDay, Since: i.OnDay, Count: int(i.ShortCounted), Of: int(i.ShortNeeded),
			Mend: Mend{Kind: MendMeeting, Body: i.Body, ID: i.MeetingID}})
	}
	return l.accounts()
}

// adjusted is whether minutes were attested, where somebody is to: where no rule is
// known, nobody has to. What has waited no longer than is patient can still be done
// in time.
func (b *tally) adjusted() []Account {
	l := b.ledger("adjusting")
	for _, m := range b.meetings {
		if !b.rules(m).Adjusting.Attested() || m.Imported || m.ClosedAt == nil || !b.covers(m.Body) || !b.whole(m) {
			continue
		}
		closed := day.At(*m.ClosedAt)
		if closed.After(b.on) {
			continue
		}
		if m.AdjustedAt != nil && !day.At(*m.AdjustedAt).After(b.on) {
			if m.On.After(b.after) {
				l.kept(m.Body, 1)
			}
			continue
		}
		l.lapsed(m.Body, Lapse{Why: LapseUnadjusted, On: m.Ended(), Since: m.Ended(), Waits: b.on.Sub(closed) <= patience,
			Mend: Mend{Kind: MendMinutes, Body: m.Body, ID: m.ID, Shut: !b.makes && !m.State.Settled() && !slices.Contains(b.drafts, m.ID)}})
	}
	return l.accounts()
}
