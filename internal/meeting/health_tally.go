package meeting

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/meeting/internal/meetingdb"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
	"github.com/overens/overens/internal/text"
)

// tally is all that promises are reckoned from, asked for at once: as many
// questions for many bodies and meetings as for one.
type tally struct {
	sight
	tx        *pg.Tx
	on, after day.Day
	order     []tenant.Body          // the day's, in the county's order
	bodies    map[string]tenant.Body // the same, by key
	names     map[string]string      // of organisations, by key

	body  string      // whose alone, where one is asked for
	party uuid.UUID   // whose alone, where one is asked for
	all   bool        // whether the reader sees all of it
	own   []uuid.UUID // the reader's parties

	laid          map[string][]governance.Place
	vacancies     []governance.Vacancy
	first         map[string]day.Day
	kept          map[string]day.Day // from when all its meetings are known
	meetings      []Meeting
	drafts        []uuid.UUID // of what minutes that do not stand yet the reader may read something
	papers        map[uuid.UUID][]meetingdb.PapersAroundRow
	decisions     []meetingdb.DecisionsAroundRow
	short         []meetingdb.ShortAroundRow
	ratifications []meetingdb.RatificationsAroundRow
	handovers     []meetingdb.HandoversAroundRow
	invitations   []meetingdb.AnswersAroundRow
	goals         []meetingdb.GoalsAtTopRow
}

// patience is how many days a handover, and the attesting of minutes, may take.
const patience = 30

// yearsBack is how many years are told of how often a body meets, the running
// one included.
const yearsBack = 5

// count asks for all of it, for who may read it.
func count(ctx context.Context, tx *pg.Tx, f HealthFilter) (*tally, error) {
	s, err := healthSight(ctx, tx, f)
	if err != nil {
		return nil, err
	}
	b := &tally{sight: s, tx: tx, on: f.On, after: f.On.AddMonths(-12), body: f.Body, party: f.Party, all: tx.May(auth.MeetingRead), bodies: map[string]tenant.Body{},
		names: map[string]string{}, first: map[string]day.Day{}, kept: map[string]day.Day{}, papers: map[uuid.UUID][]meetingdb.PapersAroundRow{}}
	for _, g := range tx.Grants {
		if g.Party != uuid.Nil && tx.MayFor(auth.MeetingRead, g.Party) {
			b.own = append(b.own, g.Party)
		}
	}
	b.order = tx.County.On(f.On).Bodies.Bodies
	for _, one := range b.order {
		b.bodies[one.Key] = one
	}
	if b.laid, err = governance.Laid(ctx, tx, f.On); err != nil {
		return nil, err
	}
	for _, places := range b.laid {
		for _, p := range places {
			for _, of := range p.Parties {
				b.names[of.Key] = of.Name
			}
		}
	}
	if b.vacancies, err = governance.Vacancies(ctx, tx, f.On); err != nil {
		return nil, err
	}
	return b, b.read(ctx)
}

// healthSight refuses who may not see what is asked for.
func healthSight(ctx context.Context, tx *pg.Tx, f HealthFilter) (sight, error) {
	if tx.Kind == auth.KindPublic {
		return sight{}, tx.Require(auth.MeetingRead)
	}
	s, err := sees(ctx, tx)
	switch {
	case err != nil:
		return s, err
	case f.Party != uuid.Nil:
		if err := organisation.Exists(ctx, tx, f.Party); err != nil {
			return s, err
		}
		return s, tx.RequireFor(auth.MeetingRead, f.Party)
	case f.Body != "":
		if _, err := governance.BodyOn(tx, f.Body, f.On); err != nil || s.sits(f.Body, f.On, false) {
			return s, err
		}
	case tx.MayAnywhere(auth.MeetingRead) || len(s.mandates) > 0:
		return s, nil
	}
	return s, tx.Require(auth.MeetingRead)
}

func (b *tally) read(ctx context.Context) error {
	q := meetingdb.New(b.tx)
	county, before := b.tx.Tenant, b.after
	if err := b.readMeetings(ctx, q, day.Of(b.on.Year()-yearsBack+1, time.January, 1)); err != nil {
		return err
	}
	if !b.makes {
		var err error
		if b.drafts, err = q.DraftsReadBy(ctx, meetingdb.DraftsReadByParams{TenantID: county, PersonID: b.person}); err != nil {
			return err
		}
	}
	papers, err := q.PapersAround(ctx, meetingdb.PapersAroundParams{TenantID: county, FromDay: before, ToDay: b.on})
	if err != nil {
		return err
	}
	for _, r := range papers {
		b.papers[r.MeetingID] = append(b.papers[r.MeetingID], r)
	}
	if b.decisions, err = q.DecisionsAround(ctx, meetingdb.DecisionsAroundParams{TenantID: county, FromDay: before, ToDay: b.on}); err != nil {
		return err
	}
	if b.short, err = q.ShortAround(ctx, meetingdb.ShortAroundParams{TenantID: county, FromDay: before, ToDay: b.on}); err != nil {
		return err
	}
	if b.ratifications, err = q.RatificationsAround(ctx, meetingdb.RatificationsAroundParams{TenantID: county, FromDay: before, ToDay: b.on}); err != nil {
		return err
	}
	if b.handovers, err = q.HandoversAround(ctx, meetingdb.HandoversAroundParams{TenantID: county, ToDay: b.on}); err != nil {
		return err
	}
	if b.party != uuid.Nil {
		b.invitations, err = q.AnswersAround(ctx, meetingdb.AnswersAroundParams{TenantID: county, OrganisationID: maybe(b.party), FromDay: before})
		return err
	}
	return b.readGoals(ctx, q)
}

// readMeetings finds since when bodies are known to meet, and their meetings from a
// day on.
func (b *tally) readMeetings(ctx context.Context, q *meetingdb.Queries, from day.Day) error {
	firsts, err := q.FirstMeetings(ctx, b.tx.Tenant)
	if err != nil {
		return err
	}
	for _, r := range firsts {
		b.first[r.Body] = r.FirstDay
		b.kept[r.Body] = r.KeptFrom
	}
	rows, err := q.MeetingsAround(ctx, meetingdb.MeetingsAroundParams{TenantID: b.tx.Tenant, FromDay: from, ToDay: b.on.AddMonths(13)})
	for _, r := range rows {
		b.meetings = append(b.meetings, made(b.tx, r))
	}
	return err
}

// readGoals finds what some body has to answer for: what stands at the top of the
// instruments that hold, a purpose that all stands under not counted.
func (b *tally) readGoals(ctx context.Context, q *meetingdb.Queries) error {
	if !b.all || b.body != "" || len(b.order) == 0 {
		return nil
	}
	instruments, _, err := agreement.List(ctx, b.tx, agreement.Filter{On: b.on, Limit: 200, Page: 1})
	if err != nil {
		return err
	}
	p := meetingdb.GoalsAtTopParams{TenantID: b.tx.Tenant, OnDay: b.on, Levels: topLevels(b.tx.County.On(b.on).Goals)}
	for _, i := range instruments {
		if i.State.Holds() {
			p.Instruments = append(p.Instruments, i.ID)
		}
	}
	b.goals, err = q.GoalsAtTop(ctx, p)
	return err
}

// topLevels are the levels at the top of the tree, those that only say what all is
// for passed over.
func topLevels(g tenant.Goals) []string {
	purposes, top := []string{}, []string{}
	for _, l := range g.Levels {
		if l.Purpose {
			purposes = append(purposes, l.Key)
		}
	}
	for _, l := range g.Levels {
		under := func(key string) bool { return !slices.Contains(purposes, key) }
		if !l.Purpose && !slices.ContainsFunc(l.Under, under) {
			top = append(top, l.Key)
		}
	}
	return top
}

// covers tells whether a body's own promises belong to what is asked for, and are
// for the reader.
func (b *tally) covers(body string) bool {
	switch {
	case b.party != uuid.Nil:
		return false
	case b.body != "":
		return body == b.body
	}
	return b.all || b.sits(body, b.on, false)
}

// concerns tells the same of what parties have promised to a body.
func (b *tally) concerns(body string, parties ...uuid.UUID) bool {
	if b.party != uuid.Nil {
		return slices.Contains(parties, b.party)
	}
	own := func(p uuid.UUID) bool { return slices.Contains(b.own, p) }
	return b.covers(body) || b.body == "" && slices.ContainsFunc(parties, own)
}

// seesDecision tells whether the reader may see a decision: of a meeting, confidential or
// public.
func (b *tally) seesDecision(m Meeting, confidential, public bool) bool {
	return (b.whole(m) || public) && (!confidential || b.secret(m))
}

// knows tells whether the reader sees the day of one of the meetings.
func (b *tally) knows(meeting uuid.UUID) bool {
	return slices.ContainsFunc(b.meetings, func(m Meeting) bool { return m.ID == meeting && b.day(m) })
}

// sketched is what of a meeting says who may see it.
func sketched(id uuid.UUID, body string, on day.Day, state string, called *time.Time) Meeting {
	return Meeting{ID: id, Date: Date{Body: body, On: on}, State: State(state), CalledAt: called}
}

// recent are the meetings of the months looked at, and those to come.
func (b *tally) recent() []Meeting {
	return slices.DeleteFunc(slices.Clone(b.meetings), func(m Meeting) bool { return !m.On.After(b.after) })
}

// rules are those that a body had on a meeting's day.
func (b *tally) rules(m Meeting) tenant.Rules {
	of, _ := bodyOf(b.tx, m.Body, m.On)
	return of.Rules
}

// ledger collects accounts by body, in the county's order; bodies that there are
// no more come last.
type ledger struct {
	b    *tally
	rule string
	by   map[string]*Account
	came []string
}

func (b *tally) ledger(rule string) *ledger {
	return &ledger{b: b, rule: rule, by: map[string]*Account{}}
}

func (l *ledger) of(body string) *Account {
	a := l.by[body]
	if a == nil {
		a = &Account{Body: body, Rule: l.rule, Lapses: []Lapse{}}
		if body != "" {
			a.BodyName = bodyName(l.b.tx, body, l.b.on)
		}
		l.by[body] = a
		l.came = append(l.came, body)
	}
	return a
}

// kept counts what was done.
func (l *ledger) kept(body string, n int) {
	a := l.of(body)
	a.Promised, a.Done = a.Promised+n, a.Done+n
}

// lapsed counts what was not.
func (l *ledger) lapsed(body string, x Lapse) {
	a := l.of(body)
	a.Promised++
	if x.Waits {
		a.Waiting++
	}
	if x.Parties == nil {
		x.Parties = []governance.Party{}
	}
	a.Lapses = append(a.Lapses, x)
}

func (l *ledger) accounts() []Account {
	keys := []string{}
	for _, one := range l.b.order {
		if l.by[one.Key] != nil {
			keys = append(keys, one.Key)
		}
	}
	for _, key := range l.came {
		if !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	all := make([]Account, len(keys))
	for i, key := range keys {
		all[i] = *l.by[key]
	}
	return all
}

// placeNamed is a party's place, in Swedish words.
func placeNamed(places []governance.Place, key string) (governance.Place, string) {
	for _, p := range places {
		if p.Key == key {
			return p, p.Name(string(text.Swedish))
		}
	}
	return governance.Place{}, ""
}
