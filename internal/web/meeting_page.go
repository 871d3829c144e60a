package web

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/person"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

// meetingSeen is one meeting with all that its page shows.
type meetingSeen struct {
	meeting.Meeting
	Whole       bool // whether the reader sees more than its day
	Readable    bool // whether there is something of its minutes for the reader
	Makes       bool
	Plans       bool // whether its agenda can be changed by the reader now
	Class, Word string
	Agenda      []agendaRow
	Differences []meeting.Difference
	Called      []calledRow
	Sum         answerSum
	Own         *meeting.Invitation
	Vacant      []meeting.Empty
	Alone       []meeting.Empty
	Deputy      string // who is called if the reader says no
	Rules       []tenant.Sentence
	Unanswered  bool // whether the reader has something left to answer in writing
	Deadlines   []deadline
	Decisions   []meeting.Decision
	Waits       []todo
	Chair       string
	Secretary   string
	Warnings    []string

	today    day.Day
	record   string // minutes or notes
	attested bool   // whether somebody attests them, by the body's rule
}

// agendaRow is a matter on the agenda.
type agendaRow struct {
	meeting.Item
	At          string // when it is thought to be taken up
	Facts       string
	Prepared    *crumb // the body that has prepared it
	Papers      []meeting.Paper
	Class, Word string
	First, Last bool
}

// calledRow is somebody who is called.
type calledRow struct {
	meeting.Invitation
	Class, Word string
	For         string // for whom a deputy comes
	Unreached   bool   // whether the last letter could not be sent
	Uncopied    bool   // nor the last copy to the party's mailbox
}

// deadline is a last day that a rule gives.
type deadline struct {
	Label string
	Day   day.Day
	Past  bool
}

// answerSum is what those who are called have answered.
type answerSum struct{ Called, Yes, Remote, No, Silent, Deputies int }

// Comes is how many have said that they take part.
func (s answerSum) Comes() int { return s.Yes + s.Remote }

func (d *Door) meeting(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	at, err := id(v.r, "id")
	if err != nil {
		return nil, err
	}
	m, err := meeting.Get(ctx, tx, at)
	if err != nil {
		return nil, err
	}
	s := meetingSeen{Meeting: m, Makes: v.Acts(auth.MeetingPrepare), today: v.Today}
	s.Plans = s.Makes && slices.Contains([]meeting.State{meeting.Announced, meeting.Drafted, meeting.Called, meeting.Open}, m.State)
	s.Class, s.Word = v.meetingState(m)
	b := bodyOn(tx, m.Body, m.On)
	if tx.May(auth.GovernanceRead) {
		if s.Rules, err = governance.Sentences(ctx, tx, b, v.Lang); err != nil {
			return nil, err
		}
		s.Rules = rulesOfMeetings(s.Rules)
	}
	s.Deadlines = v.deadlines(b, m)
	s.record, s.attested = meeting.RecordOf(tx, m), b.Rules.Adjusting.Attested()
	if s.Whole, err = meeting.Whole(ctx, tx, m); err != nil {
		return nil, err
	}
	if s.Whole && m.State.Held() {
		if s.Readable, err = meeting.MinutesReadable(ctx, tx, m); err != nil {
			return nil, err
		}
	}
	if s.Whole {
		if err := s.look(ctx, tx, v, b); err != nil {
			return nil, err
		}
	}
	s.Waits, s.Warnings = s.waits(v), s.warnings(v, b)
	return meetingPage(v, s), nil
}

// look gathers what only those see who see more than the day: as many questions
// for a long agenda as for a short one.
func (s *meetingSeen) look(ctx context.Context, tx *pg.Tx, v *visit, b tenant.Body) error {
	items, err := meeting.Agenda(ctx, tx, s.ID)
	if err != nil {
		return err
	}
	papers, err := meeting.AgendaPapers(ctx, tx, s.ID)
	if err != nil {
		return err
	}
	names, err := proposers(ctx, tx, items)
	if err != nil {
		return err
	}
	s.Agenda = v.agendaRows(tx.County, s.Meeting, items, papers, names)
	if s.Differences, err = meeting.Differences(ctx, tx, s.ID); err != nil {
		return err
	}
	invited, err := meeting.Invitations(ctx, tx, s.ID)
	if err != nil {
		return err
	}
	s.people(v, invited)
	if s.running() && s.Own != nil {
		waits, err := meeting.Mine(ctx, tx, true)
		if err != nil {
			return err
		}
		s.Unanswered = slices.ContainsFunc(waits, func(o meeting.Own) bool { return o.Of.ID == s.ID })
	}
	if s.Makes {
		unreached, err := meeting.Unreached(ctx, tx, s.ID)
		if err != nil {
			return err
		}
		for n := range s.Called {
			s.Called[n].Unreached = slices.Contains(unreached, s.Called[n].Person)
			s.Called[n].Uncopied = slices.Contains(unreached, s.Called[n].Organisation)
		}
	}
	if s.Own != nil && s.Own.Answer == "" && s.State == meeting.Called {
		if s.Deputy, err = v.deputyOf(ctx, tx, s.Meeting, *s.Own, invited); err != nil {
			return err
		}
	}
	if s.Chair, err = v.nameAmong(ctx, tx, s.Meeting.Chair, invited); err != nil {
		return err
	}
	if s.Secretary, err = v.nameAmong(ctx, tx, s.Meeting.Secretary, invited); err != nil {
		return err
	}
	if tx.May(auth.GovernanceRead) && b.Name != nil && !s.State.Held() {
		sitting, err := governance.Members(ctx, tx, s.Body, s.On)
		if err != nil {
			return err
		}
		s.Vacant, s.Alone = v.gaps(b, sitting)
	}
	if s.State.Held() || s.State == meeting.Open {
		s.Decisions, _, err = meeting.Decisions(ctx, tx, meeting.DecisionFilter{Meeting: s.ID, Limit: 200, Page: 1})
		slices.Reverse(s.Decisions)
	}
	return err
}

// written tells whether it is a written procedure: nobody comes to it.
func (s meetingSeen) written() bool { return s.Kind == meeting.KindWritten }

// running tells whether it can be answered in writing now.
func (s meetingSeen) running() bool {
	return s.written() && (s.State == meeting.Called || s.State == meeting.Open) && !s.On.Before(s.today)
}

// gaps are the places that nobody holds, and those without a deputy where the
// body has deputies.
func (v *visit) gaps(b tenant.Body, sitting []governance.Member) (vacant, alone []meeting.Empty) {
	deputies := b.Rules.Deputies.Form != "" && b.Rules.Deputies.Form != tenant.DeputiesNone
	for _, p := range sitting {
		e := meeting.Empty{Place: p.Key, Name: p.Name(string(v.Lang)), Since: p.VacantSince}
		switch {
		case p.Seat.Standing == tenant.SeatGuest:
		case p.Vacant():
			vacant = append(vacant, e)
		case deputies && p.Votes() && len(p.Deputies) == 0:
			alone = append(alone, e)
		}
	}
	return vacant, alone
}

// rulesOfMeetings are those of a body's rules that a meeting works by.
func rulesOfMeetings(all []tenant.Sentence) []tenant.Sentence {
	of := []string{"decides", "notice", "papers", "proposals", "quorum", "decision", "deputies", "bias", "ratification", "record", "adjusting"}
	return slices.DeleteFunc(all, func(s tenant.Sentence) bool { return !slices.Contains(of, s.Rule) })
}

// deadlines are the last days to propose, to call and to send papers, by the
// body's rules, while they matter.
func (v *visit) deadlines(b tenant.Body, m meeting.Meeting) []deadline {
	if m.State.Held() || m.State == meeting.Cancelled {
		return nil
	}
	var ds []deadline
	add := func(label string, on day.Day) {
		if !on.IsZero() {
			ds = append(ds, deadline{label, on, v.Today.After(on)})
		}
	}
	before := func(days int, workdays bool) day.Day {
		switch {
		case days == 0:
			return day.Day{}
		case workdays:
			return day.AddWorkdays(m.On, -days)
		}
		return m.On.Add(-days)
	}
	add(v.T("meeting.page.propose_by"), before(b.Rules.Proposals.Days, b.Rules.Proposals.Workdays))
	add(v.T("meeting.page.call_by"), meeting.CallBy(b, m))
	add(v.T("meeting.page.papers_by"), before(b.Rules.Papers.Days, b.Rules.Papers.Workdays))
	return ds
}

// warnings are what was accepted and is worth a look, for those who make the meeting.
func (s meetingSeen) warnings(v *visit, b tenant.Body) []string {
	if !s.Makes || s.State != meeting.Announced && s.State != meeting.Drafted || s.On.Before(v.Today) {
		return nil
	}
	var says []string
	switch name, holiday := day.Holiday(s.On); {
	case holiday:
		says = append(says, v.T("meeting.on_holiday", "on", LongDay(v.Lang, s.On), "name", name))
	case !day.Workday(s.On):
		says = append(says, v.T("meeting.on_weekend", "on", LongDay(v.Lang, s.On)))
	}
	if by := meeting.CallBy(b, s.Meeting); !by.IsZero() && v.Today.After(by) {
		says = append(says, v.T("meeting.late_by_now", "by", LongDay(v.Lang, by)))
	}
	return says
}

// proposers are what the parties are called that have proposed matters.
func proposers(ctx context.Context, tx *pg.Tx, items []meeting.Item) (map[uuid.UUID]string, error) {
	if !tx.May(auth.OrganisationRead) || !slices.ContainsFunc(items, func(i meeting.Item) bool { return i.Organisation != uuid.Nil }) {
		return nil, nil //nolint:nilnil // nobody has
	}
	return organisationsCalled(ctx, tx)
}

// organisationsCalled is what each of the county's organisations is called.
func organisationsCalled(ctx context.Context, tx *pg.Tx) (map[uuid.UUID]string, error) {
	all, _, err := organisation.List(ctx, tx, organisation.Filter{Status: "all", Limit: 1000, Page: 1})
	names := make(map[uuid.UUID]string, len(all))
	for _, o := range all {
		names[o.ID] = o.Name
	}
	return names, err
}

// nameAmong is what somebody is called: one of those called, or another.
func (v *visit) nameAmong(ctx context.Context, tx *pg.Tx, who uuid.UUID, all []meeting.Invitation) (string, error) {
	if who == uuid.Nil {
		return "", nil
	}
	if at := slices.IndexFunc(all, func(i meeting.Invitation) bool { return i.Person == who }); at >= 0 {
		return all[at].Name, nil
	}
	if !tx.May(auth.PersonRead) {
		return "", nil
	}
	p, err := person.Get(ctx, tx, who)
	return p.Name, err
}

// agendaRows are the matters with when they are thought to be taken up, as far as
// the length of those before is known.
func (v *visit) agendaRows(c tenant.County, m meeting.Meeting, items []meeting.Item, papers map[uuid.UUID][]meeting.Paper, names map[uuid.UUID]string) []agendaRow {
	rows := make([]agendaRow, len(items))
	minute, known := minutes(m.Begins)
	for n, i := range items {
		r := agendaRow{Item: i, Papers: slices.DeleteFunc(slices.Clone(papers[i.ID]), func(p meeting.Paper) bool { return p.ReplacedAt != nil }), First: n == 0, Last: n == len(items)-1}
		if known && m.Kind == meeting.KindMeeting {
			r.At = v.hours(clock(minute), "")
		}
		minute, known = minute+i.Duration, known && i.Duration > 0
		r.Facts = v.itemFacts(i, names[i.Organisation])
		if i.PreparedBy != "" {
			r.Prepared = &crumb{v.bodyCalled(c, i.PreparedBy), string(v.To(bodyAddress(i.PreparedBy, "")))}
		}
		r.Class, r.Word = v.itemState(i)
		rows[n] = r
	}
	return rows
}

// minutes reads a time of day as minutes since midnight.
func minutes(begins string) (int, bool) {
	h, m, ok := strings.Cut(begins, ":")
	hour, errH := strconv.Atoi(h)
	minute, errM := strconv.Atoi(m)
	return hour*60 + minute, ok && errH == nil && errM == nil
}

func clock(minute int) string {
	two := func(n int) string { return strconv.Itoa(n/10) + strconv.Itoa(n%10) }
	return two(minute/60%24) + ":" + two(minute%60)
}

// itemFacts says in a line what a matter is for, how long it may take, who
// presents it and who has proposed it.
func (v *visit) itemFacts(i meeting.Item, proposer string) string {
	says := []string{capital(v.Of("agenda_item.page.kind.", i.Kind))}
	if i.Duration > 0 {
		says[0] += v.T("agenda_item.page.minutes", "count", i.Duration)
	}
	if i.Rapporteur != "" {
		says = append(says, capital(v.T("agenda_item.page.presented", "who", i.Rapporteur)))
	}
	if proposer != "" {
		says = append(says, capital(v.T("agenda_item.page.proposed", "who", proposer)))
	}
	if i.Standing {
		says = append(says, capital(v.T("agenda_item.page.standing")))
	}
	return strings.Join(says, ". ") + "."
}

// itemClasses are the shapes of a matter's states.
var itemClasses = map[string]string{meeting.ItemProposed: "waits", meeting.ItemDeclined: "no", meeting.ItemWaiting: "none", meeting.ItemPlanned: "next",
	meeting.ItemOnTable: "half", meeting.ItemHandled: "on", meeting.ItemPostponed: "closed", meeting.ItemWithdrawn: "closed"}

// itemState is how far a matter has come, by its outcome where it has one.
func (v *visit) itemState(i meeting.Item) (class, word string) {
	class = itemClasses[i.State]
	if i.Outcome != "" {
		if i.Outcome == meeting.OutcomeRejected {
			class = "no"
		}
		return class, v.Of("agenda_item.page.outcome.", i.Outcome)
	}
	return class, v.Of("agenda_item.page.state.", i.State)
}

// people tells who is called and what they have answered.
func (s *meetingSeen) people(v *visit, all []meeting.Invitation) {
	by := map[uuid.UUID]string{}
	for _, i := range all {
		by[i.ID] = i.Name
	}
	for _, i := range all {
		r := calledRow{Invitation: i, For: by[i.InsteadOf]}
		r.Class, r.Word = v.answerState(i)
		s.Called = append(s.Called, r)
		if i.Person == v.Actor.Person && i.Person != uuid.Nil {
			s.Own = &i
		}
		if i.WithdrawnAt != nil {
			continue
		}
		s.Sum.Called++
		switch i.Answer {
		case meeting.AnswerYes:
			s.Sum.Yes++
		case meeting.AnswerRemote:
			s.Sum.Remote++
		case meeting.AnswerNo:
			s.Sum.No++
		default:
			s.Sum.Silent++
		}
		if i.Role == "deputy" && i.Answer != meeting.AnswerNo {
			s.Sum.Deputies++
		}
	}
}

// answerState is what somebody has answered: as a shape and in words.
func (v *visit) answerState(i meeting.Invitation) (class, word string) {
	switch {
	case i.WithdrawnAt != nil:
		return "closed", v.T("meeting.page.answer.not_needed")
	case i.Answer == "":
		return "none", v.T("meeting.page.answer.silent")
	case i.Answer == meeting.AnswerNo:
		return "closed", v.T("meeting.page.answer.no")
	case i.Role == "deputy":
		class = "half"
	default:
		class = "on"
	}
	return class, v.Of("meeting.page.answer.", i.Answer)
}

// says is the sum in a sentence: 15 kallade, 11 kommer, 2 på distans.
func (s answerSum) says(v *visit) string {
	says := []string{v.T("meeting.page.sum.called", "count", s.Called)}
	for _, part := range []struct {
		of string
		n  int
	}{{"yes", s.Yes}, {"remote", s.Remote}, {"no", s.No}, {"deputies", s.Deputies}, {"silent", s.Silent}} {
		if part.n > 0 {
			says = append(says, v.Of("meeting.page.sum.", part.of, "count", part.n))
		}
	}
	return strings.Join(says, ", ")
}

// lead says what the meeting is and how it stands.
func (s meetingSeen) lead(v *visit) string {
	kind := "meeting"
	if s.Kind == meeting.KindWritten {
		kind = "written"
	}
	stands := string(s.State)
	switch {
	case s.Imported && s.State.Settled():
		stands = "imported"
	case s.State.Held():
		stands = "held"
	}
	says := []string{v.Of("meeting.page.lead_"+kind+".", stands, "body", s.BodyName, "day", weekdayOf(v, s.On), "reason", strings.TrimSuffix(s.CancelledReason, "."))}
	if stands == "held" {
		key := s.record + "." + string(s.State)
		if !s.attested && (s.State == meeting.Minuted || s.State == meeting.Adjusted) {
			key += "_settled"
		}
		says = append(says, v.Of("meeting.page.record.", key))
	}
	if len(s.Agenda) > 0 {
		decide := 0
		for _, i := range s.Agenda {
			if i.Kind == meeting.ForDecision {
				decide++
			}
		}
		agenda := v.T("meeting.page.lead_agenda", "count", len(s.Agenda))
		if decide > 0 {
			agenda += v.T("meeting.page.lead_decide", "count", decide)
		}
		says = append(says, stopped(agenda))
	}
	if s.Sum.Called > 0 && !s.State.Held() && !s.written() {
		says = append(says, v.T("meeting.page.lead_answers", "says", s.Sum.says(v)))
	}
	return strings.Join(says, " ")
}

// weekdayOf is a day in a sentence with its weekday.
func weekdayOf(v *visit, d day.Day) string {
	return v.Of("meeting.page.weekday.", strconv.Itoa(int(d.Weekday()))) + " " + SentenceDay(v.Lang, d, v.Today)
}

// when is the day and the hours in one.
func (s meetingSeen) when(v *visit) string {
	says := weekdayOf(v, s.On)
	if s.Begins != "" {
		says += ", " + v.hours(s.Begins, s.Ends)
	}
	return capital(says)
}

// waits is what waits for the reader at the meeting.
func (s meetingSeen) waits(v *visit) []todo {
	var ts []todo
	if s.Unanswered {
		ts = append(ts, v.writtenWait(s.Meeting, v.T("meeting.wait.written_here")))
	} else if s.Own != nil && s.Own.WithdrawnAt == nil && s.State == meeting.Called && !s.written() {
		t := todo{v.T("meeting.page.answer_do"), cmp.Or(s.Deputy, v.T("meeting.page.answer_why")), v.To("/meeting-invitations/", s.Own.ID.String()), "waits", v.T("meeting.page.answer.silent")}
		if s.Own.Answer != "" {
			t.Label, t.Why = v.T("meeting.page.answer_again"), v.T("meeting.page.answer_again_why")
			t.Class, t.By = v.answerState(*s.Own)
		} else if !s.AnswerBy.IsZero() {
			t.By = v.T("meeting.page.by", "day", SentenceDay(v.Lang, s.AnswerBy, v.Today))
		}
		ts = append(ts, t)
	}
	if s.Makes && s.State == meeting.Drafted {
		t := todo{v.T("meeting.page.call_do"), v.T("meeting.page.call_why"), meetingAt(v, s.ID, "/call"), "waits", v.T("meeting.page.call_none")}
		if at := slices.IndexFunc(s.Deadlines, func(d deadline) bool { return d.Label == v.T("meeting.page.call_by") }); at >= 0 {
			t.By = v.T("meeting.page.by", "day", SentenceDay(v.Lang, s.Deadlines[at].Day, v.Today))
			if s.Deadlines[at].Past {
				t.Class, t.By = "late", v.T("meeting.page.call_late", "day", SentenceDay(v.Lang, s.Deadlines[at].Day, v.Today))
			}
		}
		ts = append(ts, t)
	}
	if v.Acts(auth.MeetingPropose) && !s.Makes && !s.State.Held() && s.State != meeting.Cancelled {
		t := todo{v.T("agenda_item.page.propose"), v.T("agenda_item.page.propose_why", "body", s.BodyName), v.To(itemsAt, "/new?body=", s.Body), "next", v.T("meeting.page.any_time")}
		if at := slices.IndexFunc(s.Deadlines, func(d deadline) bool { return d.Label == v.T("meeting.page.propose_by") }); at >= 0 {
			if s.Deadlines[at].Past {
				return ts
			}
			t.By = v.T("meeting.page.by", "day", SentenceDay(v.Lang, s.Deadlines[at].Day, v.Today))
		}
		ts = append(ts, t)
	}
	return ts
}

// point is a matter as it stood or stands on an agenda, in words.
func (v *visit) point(p *meeting.Point) string {
	if p == nil {
		return ""
	}
	return strconv.Itoa(p.Number) + ". " + p.Title + " (" + v.Of("agenda_item.page.kind.", p.Kind) + ")"
}

// differs is what is told of a difference beside the two: that the wording is another.
func (v *visit) differs(d meeting.Difference) string {
	if d.What == "changed" && d.Called.Title == d.Now.Title && d.Called.Kind == d.Now.Kind {
		return v.T("meeting.page.differs.wording")
	}
	return v.Of("meeting.page.differs.", d.What)
}

// agendaNotes are what stands beside the agenda: by when things are to be done.
func (s meetingSeen) agendaNotes(v *visit) []string {
	var says []string
	for _, d := range s.Deadlines {
		says = append(says, d.Label+" "+SentenceDay(v.Lang, d.Day, v.Today)+".")
	}
	if s.State == meeting.Drafted || s.State == meeting.Announced {
		says = append(says, v.T("meeting.page.makers_alone"))
	}
	return says
}

// calledNotes are what stands beside those who are called.
func (s meetingSeen) calledNotes(v *visit) []string {
	says := []string{s.Sum.says(v) + "."}
	if s.written() {
		says[0] = v.T("meeting.page.sum.called", "count", s.Sum.Called) + "."
	}
	if s.CalledAt != nil {
		says = append(says, v.T("meeting.page.called_on", "day", LongDay(v.Lang, dayOf(*s.CalledAt))))
	}
	return says
}
