package meeting

import (
	"context"
	"net/url"
	"time"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/meeting/internal/meetingdb"
	"github.com/overens/overens/internal/person"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

// Planned is a meeting as it is planned now, and what is worth a look.
type Planned struct {
	Meeting  Meeting         `json:"meeting" doc:"The meeting."`
	Warnings []fault.Warning `json:"warnings" nullable:"false" doc:"What was accepted and is worth a look."`
}

// Announce makes the day of a coming meeting known, long before it is called.
func Announce(ctx context.Context, tx *pg.Tx, d Date) (Planned, error) {
	return add(ctx, tx, d, Announced, false)
}

// Prepare begins to prepare a meeting: a draft, which its makers alone see and
// which sends nothing. What stands on each agenda of the body is on it.
func Prepare(ctx context.Context, tx *pg.Tx, d Date) (Planned, error) {
	return add(ctx, tx, d, Drafted, false)
}

// PrepareDemo is Prepare of a meeting made up for show.
func PrepareDemo(ctx context.Context, tx *pg.Tx, d Date) (Planned, error) {
	return add(ctx, tx, d, Drafted, true)
}

// AnnounceDemo is Announce of a meeting made up for show.
func AnnounceDemo(ctx context.Context, tx *pg.Tx, d Date) (Planned, error) {
	return add(ctx, tx, d, Announced, true)
}

func add(ctx context.Context, tx *pg.Tx, d Date, state State, demo bool) (Planned, error) {
	if err := tx.Require(auth.MeetingPrepare); err != nil {
		return Planned{}, err
	}
	d, b, err := checked(ctx, tx, d, Date{})
	if err != nil {
		return Planned{}, err
	}
	p := meetingdb.AddMeetingParams{ID: tx.NewID(), Body: d.Body, Kind: d.Kind, State: string(state), Title: d.Title, OnDay: d.On, Begins: d.Begins, Ends: d.Ends,
		Location: d.Location, Link: d.Link, Note: d.Note, AnswerBy: d.AnswerBy, ChairID: maybe(d.Chair), SecretaryID: maybe(d.Secretary),
		RegistryNumber: d.RegistryNumber, Demo: demo}
	if state == Announced {
		p.AnnouncedAt, p.Published = &tx.Now, publicBefore(b)
	}
	row, err := meetingdb.New(tx).AddMeeting(ctx, p)
	if err != nil {
		return Planned{}, at(err)
	}
	m := made(tx, row)
	tx.Notify("meeting", m.ID)
	if state == Drafted {
		if err := stand(ctx, tx, m); err != nil {
			return Planned{}, err
		}
	}
	return planned(ctx, tx, m)
}

// publicBefore tells whether a body's days are public before the call: announcing
// one makes it so, unless the body has said that they are not.
func publicBefore(b tenant.Body) bool {
	return b.Rules.Public.Date != tenant.PublicNever && b.Rules.Public.Date != tenant.PublicCalled
}

// Begin begins to prepare a meeting whose day has been announced. The day stays
// known.
func Begin(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64) (Meeting, error) {
	if _, err := changeable(ctx, tx, id, version, Announced); err != nil {
		return Meeting{}, err
	}
	row, err := meetingdb.New(tx).DraftedMeeting(ctx, id)
	if err != nil {
		return Meeting{}, err
	}
	m := made(tx, row)
	tx.Notify("meeting", id)
	return m, stand(ctx, tx, m)
}

// Disclose announces the day of a meeting that is being prepared. Its agenda
// stays its makers' alone.
func Disclose(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64) (Meeting, error) {
	m, err := changeable(ctx, tx, id, version, Drafted)
	if err != nil {
		return Meeting{}, err
	}
	if m.AnnouncedAt != nil {
		return m, nil
	}
	b, _ := bodyOf(tx, m.Body, m.On)
	row, err := meetingdb.New(tx).DisclosedMeeting(ctx, meetingdb.DisclosedMeetingParams{ID: id, AnnouncedAt: &tx.Now, Published: publicBefore(b)})
	tx.Notify("meeting", id)
	return made(tx, row), err
}

// Change writes anew what is planned. Before the call nobody is told; afterwards
// those who were called are, when the day, the time or the place is another, and
// what they answered to another day or hour holds no longer.
func Change(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64, d Date) (Planned, error) {
	was, err := changeable(ctx, tx, id, version, Announced, Drafted, Called)
	if err != nil {
		return Planned{}, err
	}
	if d.Kind == "" {
		d.Kind = was.Kind
	}
	if d.Body != was.Body || d.Kind != was.Kind {
		return Planned{}, fault.Bad("meeting.body_stays", "/body")
	}
	if d, _, err = checked(ctx, tx, d, was.Date); err != nil {
		return Planned{}, err
	}
	if d == was.Date {
		return planned(ctx, tx, was)
	}
	told := was.State == Called && (d.On != was.On || d.Begins != was.Begins || d.Ends != was.Ends || d.Location != was.Location || d.Link != was.Link)
	row, err := meetingdb.New(tx).ChangeMeeting(ctx, meetingdb.ChangeMeetingParams{ID: id, Title: d.Title, OnDay: d.On, Begins: d.Begins, Ends: d.Ends,
		Location: d.Location, Link: d.Link, Note: d.Note, AnswerBy: d.AnswerBy, ChairID: maybe(d.Chair), SecretaryID: maybe(d.Secretary),
		RegistryNumber: d.RegistryNumber, Told: one(told)})
	if err != nil {
		return Planned{}, at(err)
	}
	m := made(tx, row)
	tx.Notify("meeting", id)
	if m.State == Called {
		if err := recall(ctx, tx, was, m, told); err != nil {
			return Planned{}, err
		}
	}
	return planned(ctx, tx, m)
}

func one(yes bool) int32 {
	if yes {
		return 1
	}
	return 0
}

// Cancellation is why a meeting is cancelled.
type Cancellation struct {
	Reason string `json:"reason" minLength:"1" maxLength:"1000" doc:"Why. Those who were called read it." example:"För få kan komma"`
}

// Cancel cancels a meeting that has not been opened. Those who were called are
// told; what was to be taken up waits for another meeting.
func Cancel(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64, c Cancellation) (Meeting, error) {
	was, err := changeable(ctx, tx, id, version, Announced, Drafted, Called)
	if err != nil {
		return Meeting{}, err
	}
	lines(&c.Reason)
	if c.Reason == "" {
		return Meeting{}, fault.Bad("meeting.cancelled", "/reason")
	}
	q := meetingdb.New(tx)
	if err := q.DropStanding(ctx, meetingdb.DropStandingParams{MeetingID: maybe(id), Reason: c.Reason}); err != nil {
		return Meeting{}, err
	}
	if err := q.ReturnItems(ctx, maybe(id)); err != nil {
		return Meeting{}, err
	}
	row, err := q.CancelledMeeting(ctx, meetingdb.CancelledMeetingParams{ID: id, CancelledAt: &tx.Now, CancelledReason: c.Reason, Told: one(was.State == Called)})
	if err != nil {
		return Meeting{}, at(err)
	}
	m := made(tx, row)
	tx.Notify("meeting", id)
	if was.State != Called {
		return m, nil
	}
	return m, tell(ctx, tx, m, parcel{event: mailCancel})
}

// ahead is how far a meeting is planned, in months: what is further away is a slip
// of the pen.
const ahead = 120

// checked tidies what is planned, and finds everything that is wrong with it by
// the rules of the body on the day. was is what was planned before, if anything.
func checked(ctx context.Context, tx *pg.Tx, d, was Date) (Date, tenant.Body, error) {
	lines(&d.Body, &d.Title, &d.Location, &d.Link, &d.RegistryNumber)
	d.Note = trimmed(d.Note)
	if d.Kind == "" {
		d.Kind = KindMeeting
	}
	if d.On.IsZero() {
		return d, tenant.Body{}, fault.Bad("meeting.day_missing", "/on")
	}
	var wrong fault.List
	if d.On.Before(tx.Today()) {
		wrong.Add(fault.Bad("meeting.in_the_past", "/on").With("on", d.On))
	}
	if last := tx.Today().AddMonths(ahead); d.On.After(last) {
		wrong.Add(fault.Bad("meeting.too_far_ahead", "/on").With("last", last))
	}
	b, ok := bodyOf(tx, d.Body, d.On)
	switch {
	case !ok:
		wrong.Add(fault.Bad("meeting.body_unknown", "/body").With("body", d.Body, "on", d.On))
	case d.Kind == KindWritten && b.Rules.Written.Form == tenant.WrittenNone:
		wrong.Add(fault.Bad("meeting.not_in_writing", "/kind").With("body", bodyName(tx, d.Body, d.On)))
	}
	if d.Begins == "" && d.Ends != "" {
		wrong.Add(fault.Bad("meeting.ends_without_beginning", "/begins"))
	}
	begin, begins := d.clock(d.Begins)
	end, ends := d.clock(d.Ends)
	switch {
	case !begins:
		wrong.Add(fault.Bad("meeting.no_such_time", "/begins").With("at", d.Begins, "on", d.On))
	case !ends:
		wrong.Add(fault.Bad("meeting.no_such_time", "/ends").With("at", d.Ends, "on", d.On))
	case d.Begins != "" && d.Ends != "" && !end.After(begin):
		wrong.Add(fault.Bad("meeting.times", "/ends"))
	}
	if u, err := url.Parse(d.Link); d.Link != "" && (err != nil || u.Scheme != "https" || u.Host == "") {
		wrong.Add(fault.Bad("meeting.link", "/link"))
	}
	if d.Kind == KindWritten && !d.AnswerBy.IsZero() {
		wrong.Add(fault.Bad("written.answer_by", "/answerBy").With("on", d.On))
	}
	if d.AnswerBy.After(d.On) {
		wrong.Add(fault.Bad("meeting.answer_after", "/answerBy").With("on", d.On))
	}
	// The last day to answer a meeting that stays where it was may have passed.
	if !d.AnswerBy.IsZero() && d.AnswerBy.Before(tx.Today()) && (d.AnswerBy != was.AnswerBy || d.On != was.On) {
		wrong.Add(fault.Bad("meeting.answer_in_the_past", "/answerBy").With("by", d.AnswerBy))
	}
	for field, who := range map[string]uuid.UUID{"/chair": d.Chair, "/secretary": d.Secretary} {
		if who == uuid.Nil {
			continue
		}
		p, err := person.Get(ctx, tx, who)
		if err != nil && !fault.Is(err, "common.not_found") {
			return d, b, err
		}
		if err != nil || !p.StandsOn(d.On) {
			wrong.Add(fault.Bad("meeting.person_unknown", field))
		}
	}
	return d, b, wrong.Err()
}

// planned adds to a meeting what is worth a look: a day that is no working day,
// another meeting on it, and a call that would now come late.
func planned(ctx context.Context, tx *pg.Tx, m Meeting) (Planned, error) {
	p := Planned{Meeting: m, Warnings: []fault.Warning{}}
	if m.On.Before(tx.Today()) {
		return p, nil
	}
	switch name, holiday := day.Holiday(m.On); {
	case holiday:
		p.Warnings = append(p.Warnings, warning("meeting.on_holiday", "on", m.On, "name", name))
	case !day.Workday(m.On):
		p.Warnings = append(p.Warnings, warning("meeting.on_weekend", "on", m.On))
	}
	others, err := meetingdb.New(tx).SameDay(ctx, meetingdb.SameDayParams{Body: m.Body, OnDay: m.On, ID: m.ID})
	if err != nil {
		return p, err
	}
	if others > 0 {
		p.Warnings = append(p.Warnings, warning("meeting.same_day", "on", m.On, "body", m.BodyName))
	}
	b, _ := bodyOf(tx, m.Body, m.On)
	if m.Kind == KindWritten && b.Rules.Written.Form == "" {
		p.Warnings = append(p.Warnings, warning("written.rule_unknown", "body", m.BodyName))
	}
	if by := CallBy(b, m); !by.IsZero() && tx.Today().After(by) && (m.State == Announced || m.State == Drafted) {
		p.Warnings = append(p.Warnings, warning("meeting.late_by_now", "by", by, "on", m.On))
	}
	return p, nil
}

// callBy is the last day on which a meeting can be called in time; none where
// nothing is demanded.
func callBy(b tenant.Body, on day.Day) day.Day {
	return before(on, b.Rules.Notice.Days, b.Rules.Notice.Workdays)
}

// CallBy is callBy of what is planned: a written procedure goes out as many days
// before its last day as the body gives to answer, where it has said so.
func CallBy(b tenant.Body, m Meeting) day.Day {
	if days := b.Rules.Written.Days; m.Kind == KindWritten && days > 0 {
		return m.On.Add(-days)
	}
	return callBy(b, m.On)
}

// papersBy is the last day on which its papers can go out in time.
func papersBy(b tenant.Body, on day.Day) day.Day {
	return before(on, b.Rules.Papers.Days, b.Rules.Papers.Workdays)
}

// proposalsBy is the last day on which a party can propose a matter for it.
func proposalsBy(b tenant.Body, on day.Day) day.Day {
	return before(on, b.Rules.Proposals.Days, b.Rules.Proposals.Workdays)
}

func before(on day.Day, days int, workdays bool) day.Day {
	switch {
	case days == 0:
		return day.Day{}
	case workdays:
		return day.AddWorkdays(on, -days)
	}
	return on.Add(-days)
}

// starts is the instant at which a meeting begins, and how long it is thought to
// last; whole tells that only its day is known.
func (m Meeting) starts() (begin, end time.Time, whole bool) {
	if m.Begins == "" || m.Kind == KindWritten {
		return m.On.Start(), m.On.Start(), true
	}
	begin, _ = m.clock(m.Begins)
	if end, _ = m.clock(m.Ends); m.Ends == "" || !end.After(begin) {
		end = begin.Add(time.Hour)
	}
	return begin, end, false
}

// clock is the instant of a time on the meeting's day; not there is one that the
// clock in Sweden leaves out when summer begins.
func (d Date) clock(at string) (_ time.Time, there bool) {
	if at == "" {
		return d.On.Start(), true
	}
	t, err := time.ParseInLocation("2006-01-02 15:04", d.On.String()+" "+at, day.Stockholm)
	return t, err == nil && t.Format("15:04") == at
}

// over tells whether the time at which a meeting was to begin has passed.
func (m Meeting) over(now time.Time) bool {
	begin, _, whole := m.starts()
	if whole {
		return m.On.Before(day.At(now))
	}
	return !begin.After(now)
}
