package meeting_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/document"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/person"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/sample"
	"github.com/overens/overens/internal/tenant"
)

// office is where meetings are made: a county with a forum in which three sit, a
// group that prepares for it, and one who makes meetings.
type office struct {
	*testing.T
	ctx context.Context
	tx  *pg.Tx

	alvesta, almhult, af uuid.UUID // parties
	kim, sam, robin, noa uuid.UUID // who holds Alvesta's seat, its deputies; who holds Älmhult's
	pool                 uuid.UUID // a deputy of Alvesta's pool
	expert               uuid.UUID // an adjunct
	maker                auth.Actor
}

// rules are the forum's in the tests.
func rules() tenant.Rules {
	return tenant.Rules{Notice: tenant.Notice{Days: 14, Late: tenant.LateReason}, Papers: tenant.Deadline{Days: 7}, Proposals: tenant.Deadline{Days: 21},
		Deputies: tenant.Deputies{Form: tenant.DeputiesOrdered}, StandingItems: []tenant.Words{{"sv": "Mötets öppnande"}, {"sv": "Övriga frågor"}},
		Public: tenant.Public{Date: tenant.PublicAnnounced}}
}

func desk(t *testing.T, change ...func(*tenant.Body)) *office {
	t.Helper()
	ctx, tx := dbtest.Kronoberg(t)
	dbtest.AsSystem(tx)
	if _, err := sample.Organisations(ctx, tx); err != nil {
		t.Fatal(err)
	}
	if _, err := sample.Agreements(ctx, tx); err != nil {
		t.Fatal(err)
	}
	forum := tenant.Body{Key: "forum", Kind: "forum", Name: tenant.Words{"sv": "Forum"}, Decides: []string{tenant.DecidesDirection, tenant.DecidesStructure}, Rules: rules(),
		Seats: []tenant.Seat{
			{Key: "municipality", Each: "municipality"},
			{Key: "af", Organisations: []string{"af"}},
			{Key: "expert", Name: tenant.Words{"sv": "Sakkunnig"}, Standing: tenant.SeatAdjunct},
		}}
	for _, f := range change {
		f(&forum)
	}
	group := tenant.Body{Key: "group", Kind: "preparatory-group", Name: tenant.Words{"sv": "Beredningsgruppen"}, PreparesFor: []string{"forum"},
		Seats: []tenant.Seat{{Key: "official", Name: tenant.Words{"sv": "Tjänsteperson"}}}}
	tx.County.Bodies = tenant.Section[tenant.Bodies]{{Value: tenant.Bodies{Bodies: []tenant.Body{forum, group}}}}
	o := &office{T: t, ctx: ctx, tx: tx}
	o.alvesta, o.almhult, o.af = o.org("alvesta"), o.org("almhult"), o.org("af")
	o.kim, o.sam, o.robin, o.noa, o.pool, o.expert = o.person("Kim Lind"), o.person("Sam Ek"), o.person("Robin Berg"), o.person("Noa Alm"), o.person("Mio Holm"), o.person("Ida Expert")
	for _, n := range []governance.Nomination{
		{Place: "municipality/alvesta", Person: o.kim},
		{Place: "municipality/alvesta", Person: o.sam, Deputy: true},
		{Organisation: o.alvesta, Person: o.pool, Deputy: true},
		{Place: "municipality/almhult", Person: o.noa},
		{Place: "expert", Person: o.expert},
	} {
		n.Body, n.From = "forum", day.Of(2026, time.January, 1)
		if _, err := governance.Appoint(ctx, tx, n); err != nil {
			t.Fatal(err)
		}
	}
	dbtest.As(tx, auth.RoleStrategist, uuid.Nil)
	tx.Person = o.person("Lo Sekreterare")
	o.maker = tx.Actor
	return o
}

func (o *office) org(key string) uuid.UUID {
	o.Helper()
	g, err := organisation.ByKey(o.ctx, o.tx, key)
	if err != nil {
		o.Fatal(err)
	}
	return g.ID
}

func (o *office) person(name string) uuid.UUID {
	o.Helper()
	was := o.tx.Actor
	dbtest.AsSystem(o.tx)
	defer func() { o.tx.Actor = was }()
	p, err := person.Create(o.ctx, o.tx, person.Card{Name: name, Email: strings.ReplaceAll(strings.ToLower(name), " ", ".") + "@exempel.example"})
	if err != nil {
		o.Fatal(err)
	}
	return p.ID
}

// as lets a person act, with a role for a party; nobody's (zero) is a member of
// the county without any.
func (o *office) as(who uuid.UUID, role auth.Role, party uuid.UUID) {
	o.Helper()
	dbtest.As(o.tx, role, party)
	o.tx.Person = who
}

func (o *office) back() { o.tx.Actor = o.maker }

var april = day.Of(2027, time.April, 15)

func ok[T any](v T, err error) func(t *office) T {
	return func(o *office) T {
		o.Helper()
		if err != nil {
			o.Fatal(err)
		}
		return v
	}
}

// refused tells when what was done was not refused by a rule at a field.
func (o *office) refused(err error, key, field string) {
	o.Helper()
	for _, f := range fault.All(err) {
		if f.Key == key && f.Field == field {
			return
		}
	}
	o.Errorf("%v, want %s at %s", err, key, field)
}

func (o *office) draft(on day.Day) meeting.Meeting {
	o.Helper()
	return ok(meeting.Prepare(o.ctx, o.tx, meeting.Date{Body: "forum", On: on, Begins: "09:30", Ends: "12:00", Location: "Residenset"}))(o).Meeting
}

// called is a meeting that has been called.
func (o *office) called(on day.Day) meeting.Meeting {
	o.Helper()
	m := o.draft(on)
	return ok(meeting.Call(o.ctx, o.tx, m.ID, m.Version, meeting.Notice{}))(o).Meeting
}

// now is a meeting as it stands.
func (o *office) now(id uuid.UUID) meeting.Meeting {
	o.Helper()
	return ok(meeting.Get(o.ctx, o.tx, id))(o)
}

func (o *office) count(sql string, args ...any) (n int) {
	o.Helper()
	if err := o.tx.QueryRow(o.ctx, sql, args...).Scan(&n); err != nil {
		o.Fatal(err)
	}
	return n
}

func (o *office) mails(id uuid.UUID, event string) int {
	o.Helper()
	return o.count(`SELECT count(*) FROM meeting_mail WHERE meeting_id = $1 AND ($2 = '' OR event = $2)`, id, event)
}

func keysOf(ws []fault.Warning) string {
	var keys []string
	for _, w := range ws {
		keys = append(keys, w.Key)
	}
	return strings.Join(keys, " ")
}

func TestAMeetingIsPlannedByTheRulesOfItsBodyOnItsDay(t *testing.T) {
	o := desk(t, func(b *tenant.Body) { b.Rules.Written.Form = tenant.WrittenNone })
	good := meeting.Date{Body: "forum", On: april, Begins: "09:30", Ends: "12:00", Location: "  Residenset  i Växjö "}
	if p := ok(meeting.Announce(o.ctx, o.tx, good))(o); p.Meeting.Location != "Residenset i Växjö" || p.Meeting.BodyName != "Forum" || !p.Meeting.Public || len(p.Warnings) != 0 {
		t.Errorf("%+v", p)
	}
	for key, c := range map[string]struct {
		field  string
		change func(*meeting.Date)
	}{
		"meeting.day_missing":            {"/on", func(d *meeting.Date) { d.On = day.Day{} }},
		"meeting.in_the_past":            {"/on", func(d *meeting.Date) { d.On = o.tx.Today().Add(-1) }},
		"meeting.body_unknown":           {"/body", func(d *meeting.Date) { d.Body = "nowhere" }},
		"meeting.not_in_writing":         {"/kind", func(d *meeting.Date) { d.Kind = meeting.KindWritten }},
		"meeting.ends_without_beginning": {"/begins", func(d *meeting.Date) { d.Begins = "" }},
		"meeting.times":                  {"/ends", func(d *meeting.Date) { d.Ends = "09:00" }},
		"meeting.link":                   {"/link", func(d *meeting.Date) { d.Link = "http://exempel.se" }},
		"meeting.answer_after":           {"/answerBy", func(d *meeting.Date) { d.AnswerBy = april.Add(1) }},
		"meeting.answer_in_the_past":     {"/answerBy", func(d *meeting.Date) { d.AnswerBy = o.tx.Today().Add(-1) }},
		"meeting.too_far_ahead":          {"/on", func(d *meeting.Date) { d.On = o.tx.Today().AddMonths(120).Add(1) }},
		"meeting.no_such_time":           {"/ends", func(d *meeting.Date) { d.On, d.Begins, d.Ends = spring, "01:30", "02:30" }},
		"meeting.person_unknown":         {"/chair", func(d *meeting.Date) { d.Chair = uuid.New() }},
	} {
		bad := good
		c.change(&bad)
		_, err := meeting.Prepare(o.ctx, o.tx, bad)
		o.refused(err, key, c.field)
	}
	for want, on := range map[string]day.Day{
		"meeting.on_holiday":                     day.Of(2027, time.January, 6),
		"meeting.on_weekend meeting.late_by_now": day.Of(2026, time.December, 5),
		"meeting.same_day":                       april,
	} {
		d := good
		d.On = on
		if got := keysOf(ok(meeting.Prepare(o.ctx, o.tx, d))(o).Warnings); got != want {
			t.Errorf("%s: %s, want %s", on, got, want)
		}
	}
	o.as(o.kim, auth.RolePartyRepresentative, o.alvesta)
	if _, err := meeting.Announce(o.ctx, o.tx, good); !fault.Is(err, "auth.forbidden") {
		t.Errorf("a party announces: %v", err)
	}
}

// spring is the day on which summer time begins in 2027: there is no 02:30 on it.
var spring = day.Of(2027, time.March, 28)

func TestAnHourIsAskedForByTheClockOfItsNight(t *testing.T) {
	o := desk(t)
	p := ok(meeting.Prepare(o.ctx, o.tx, meeting.Date{Body: "forum", On: spring, Begins: "01:30", Ends: "03:30", AnswerBy: spring}))(o)
	bad := p.Meeting.Date
	bad.Begins = "02:30"
	_, err := meeting.Change(o.ctx, o.tx, p.Meeting.ID, p.Meeting.Version, bad)
	o.refused(err, "meeting.no_such_time", "/begins")
	// A meeting whose last day to answer has passed can still be given another place, but no other day.
	m := ok(meeting.Call(o.ctx, o.tx, p.Meeting.ID, p.Meeting.Version, meeting.Notice{}))(o).Meeting
	d := m.Date
	d.On, d.AnswerBy = april, spring
	m = ok(meeting.Change(o.ctx, o.tx, m.ID, m.Version, d))(o).Meeting
	o.tx.Now = spring.Add(2).Start()
	d.Location = "Rådhuset"
	m = ok(meeting.Change(o.ctx, o.tx, m.ID, m.Version, d))(o).Meeting
	d.On = april.Add(1)
	_, err = meeting.Change(o.ctx, o.tx, m.ID, m.Version, d)
	o.refused(err, "meeting.answer_in_the_past", "/answerBy")
}

func TestAMeetingIsNotOpenedBeforeItsDay(t *testing.T) {
	o := desk(t)
	m := o.called(april)
	o.tx.Now = april.Start().Add(-time.Second)
	if _, err := meeting.Start(o.ctx, o.tx, m.ID, m.Version); !fault.Is(err, "meeting.before_its_day") {
		t.Errorf("the evening before: %v", err)
	}
	o.tx.Now = april.Start()
	if m = ok(meeting.Start(o.ctx, o.tx, m.ID, m.Version))(o); m.State != meeting.Open {
		t.Errorf("on its day: %s", m.State)
	}
}

func TestADraftIsItsMakersAloneAndSendsNothing(t *testing.T) {
	o := desk(t)
	m := o.draft(april)
	ok(meeting.Put(o.ctx, o.tx, m.ID, meeting.Matter{Kind: meeting.ForDecision, Title: "Boende"}))(o)
	m = ok(meeting.Change(o.ctx, o.tx, m.ID, m.Version, meeting.Date{Body: "forum", On: april.Add(1), Begins: "10:00"}))(o).Meeting
	ok(meeting.Foresee(o.ctx, o.tx, m.ID))(o)
	if n := o.mails(m.ID, "") + o.count(`SELECT count(*) FROM invitation WHERE meeting_id = $1`, m.ID); n != 0 {
		t.Errorf("a draft has sent %d", n)
	}
	o.as(o.kim, auth.RolePartyRepresentative, o.alvesta)
	if _, err := meeting.Get(o.ctx, o.tx, m.ID); !fault.Is(err, "common.not_found") {
		t.Errorf("who sits there sees the draft: %v", err)
	}
	if _, n, err := meeting.List(o.ctx, o.tx, meeting.Filter{Limit: 10, Page: 1}); err != nil || n != 0 {
		t.Errorf("who sits there counts %d drafts, %v", n, err)
	}
	if _, err := meeting.Agenda(o.ctx, o.tx, m.ID); !fault.Is(err, "common.not_found") {
		t.Error(err)
	}
	o.back()
	m = ok(meeting.Disclose(o.ctx, o.tx, m.ID, m.Version))(o)
	o.as(o.kim, auth.RolePartyRepresentative, o.alvesta)
	day := ok(meeting.Get(o.ctx, o.tx, m.ID))(o)
	if day.State != meeting.Announced || day.On != m.On || day.Begins != "" || day.Location != "" {
		t.Errorf("of an announced day more than the day is seen: %+v", day)
	}
	if _, n, err := meeting.List(o.ctx, o.tx, meeting.Filter{States: []meeting.State{meeting.Drafted}, Limit: 10, Page: 1}); err != nil || n != 0 {
		t.Errorf("that it is being prepared is told: %d, %v", n, err)
	}
	if next, there, err := meeting.Next(o.ctx, o.tx, "forum"); err != nil || !there || next.ID != m.ID {
		t.Errorf("%+v, %v, %v", next, there, err)
	}
	if _, err := meeting.Agenda(o.ctx, o.tx, m.ID); !fault.Is(err, "common.not_found") {
		t.Error(err)
	}
}

func TestAChangeAfterTheCallIsToldAndAnswersToAnotherHourHoldNoLonger(t *testing.T) {
	o := desk(t)
	m := o.called(april)
	is := ok(meeting.Invitations(o.ctx, o.tx, m.ID))(o)
	ok(meeting.Answer(o.ctx, o.tx, is[0].ID, is[0].Version, meeting.Reply{Answer: meeting.AnswerYes}))(o)
	d := m.Date
	d.Note = "Ta med legitimation."
	m = ok(meeting.Change(o.ctx, o.tx, m.ID, m.Version, d))(o).Meeting
	if m.Sequence != 0 || o.mails(m.ID, "change") != 0 {
		t.Errorf("a note was told as a change: %+v", m)
	}
	if _, err := meeting.Change(o.ctx, o.tx, m.ID, m.Version-1, d); !fault.Is(err, "common.changed") {
		t.Errorf("written over what somebody else wrote: %v", err)
	}
	d.Location = "Rådhuset"
	m = ok(meeting.Change(o.ctx, o.tx, m.ID, m.Version, d))(o).Meeting
	if m.Sequence != 1 || o.mails(m.ID, "change") != 3 {
		t.Errorf("%d told of another place, sequence %d", o.mails(m.ID, "change"), m.Sequence)
	}
	if ok(meeting.GetInvitation(o.ctx, o.tx, is[0].ID))(o).Answer != meeting.AnswerYes {
		t.Error("another place made an answer be forgotten")
	}
	d.Begins = "10:00"
	m = ok(meeting.Change(o.ctx, o.tx, m.ID, m.Version, d))(o).Meeting
	if m.Sequence != 2 || ok(meeting.GetInvitation(o.ctx, o.tx, is[0].ID))(o).Answer != "" {
		t.Errorf("an answer to another hour holds: %+v", m)
	}
	if n := o.count(`SELECT count(*) FROM meeting_mail a JOIN meeting_mail b ON a.meeting_id = b.meeting_id AND a.person_id = b.person_id AND a.id < b.id AND a.sequence >= b.sequence`); n != 0 {
		t.Errorf("%d calendars got a number that does not rise", n)
	}
	other := d
	other.Body = "group"
	_, err := meeting.Change(o.ctx, o.tx, m.ID, m.Version, other)
	o.refused(err, "meeting.body_stays", "/body")
}

func TestACancelledMeetingTellsThoseCalledAndItsMattersWait(t *testing.T) {
	o := desk(t)
	m := o.draft(april)
	p := ok(meeting.Put(o.ctx, o.tx, m.ID, meeting.Matter{Kind: meeting.ForDiscussion, Title: "Boende"}))(o)
	m = ok(meeting.Call(o.ctx, o.tx, m.ID, m.Version, meeting.Notice{}))(o).Meeting
	_, err := meeting.Cancel(o.ctx, o.tx, m.ID, m.Version, meeting.Cancellation{Reason: " "})
	o.refused(err, "meeting.cancelled", "/reason")
	m = ok(meeting.Cancel(o.ctx, o.tx, m.ID, m.Version, meeting.Cancellation{Reason: "För få kan komma"}))(o)
	if m.State != meeting.Cancelled || o.mails(m.ID, "cancel") != 3 {
		t.Errorf("%s, %d told", m.State, o.mails(m.ID, "cancel"))
	}
	waiting, n, err := meeting.Waiting(o.ctx, o.tx, meeting.ItemFilter{Body: "forum", Limit: 10, Page: 1})
	if err != nil || n != 1 || waiting[0].ID != p.Item.ID {
		t.Errorf("%v wait, %v", waiting, err)
	}
	if _, err := meeting.Cancel(o.ctx, o.tx, m.ID, m.Version, meeting.Cancellation{Reason: "igen"}); !fault.Is(err, "meeting.not_now") {
		t.Error(err)
	}
	o.as(o.kim, auth.RolePartyRepresentative, o.alvesta)
	if got := o.now(m.ID); got.CancelledReason != "För få kan komma" {
		t.Errorf("who was called does not read why: %+v", got)
	}
	o.as(uuid.New(), auth.RolePartyReporter, o.af)
	if got := o.now(m.ID); got.CancelledReason != "" || got.State != meeting.Cancelled {
		t.Errorf("who was not called reads: %+v", got)
	}
}

func TestMeetingsAreListedByDayAsFarAsOneMaySee(t *testing.T) {
	o := desk(t)
	first := o.called(april)
	second := o.draft(april.Add(30))
	third := ok(meeting.Announce(o.ctx, o.tx, meeting.Date{Body: "group", On: april.Add(60)}))(o).Meeting
	ids := func(f meeting.Filter) (all []uuid.UUID) {
		f.Limit, f.Page = 10, 1
		ms, n, err := meeting.List(o.ctx, o.tx, f)
		if err != nil || n != len(ms) {
			t.Errorf("%d of %d, %v", len(ms), n, err)
		}
		for _, m := range ms {
			all = append(all, m.ID)
		}
		return all
	}
	for name, c := range map[string]struct {
		filter meeting.Filter
		want   []uuid.UUID
	}{
		"latest first": {meeting.Filter{}, []uuid.UUID{third.ID, second.ID, first.ID}},
		"rising":       {meeting.Filter{Rising: true}, []uuid.UUID{first.ID, second.ID, third.ID}},
		"a body's":     {meeting.Filter{Body: "group"}, []uuid.UUID{third.ID}},
		"a time":       {meeting.Filter{From: april.Add(1), To: april.Add(60)}, []uuid.UUID{second.ID}},
		"a state":      {meeting.Filter{States: []meeting.State{meeting.Called}}, []uuid.UUID{first.ID}},
	} {
		if got := ids(c.filter); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v", name, got)
		}
	}
	for name, c := range map[string]struct {
		who   uuid.UUID
		role  auth.Role
		party uuid.UUID
		want  []uuid.UUID
	}{
		"one who sits":            {o.kim, auth.RolePartyRepresentative, o.alvesta, []uuid.UUID{third.ID, first.ID}},
		"one who sits nowhere":    {uuid.New(), auth.RolePartyRepresentative, o.af, []uuid.UUID{third.ID, first.ID}}, // its day is public
		"the county's reader":     {uuid.New(), auth.RoleAuditor, uuid.Nil, []uuid.UUID{third.ID, first.ID}},
		"a deputy, from the call": {o.sam, auth.RolePartyReporter, o.alvesta, []uuid.UUID{third.ID, first.ID}},
	} {
		o.as(c.who, c.role, c.party)
		if got := ids(meeting.Filter{}); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v", name, got)
		}
	}
	o.as(o.kim, auth.RolePartyRepresentative, o.alvesta)
	if ms, n, err := meeting.List(o.ctx, o.tx, meeting.Filter{Limit: 1, Page: 9}); err != nil || n != 2 || len(ms) != 0 {
		t.Errorf("beyond the end %d of %d, %v", len(ms), n, err)
	}
}

func (o *office) paper(title string) document.Document {
	o.Helper()
	return ok(document.AddLink(o.ctx, o.tx, document.Card{Title: title, Kind: "other"}, document.Link{URL: "https://exempel.example/" + url(title)}))(o)
}

func url(s string) string { return strings.ReplaceAll(strings.ToLower(s), " ", "-") }
