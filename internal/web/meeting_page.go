package web

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/meeting"
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
	Awaited     []meeting.Awaited // of its minutes
	Writes      bool              // whether the reader writes them
	Chair       string
	Secretary   string
	Warnings    []string

	end      writtenEnd
	today    day.Day
	record   string // minutes or notes
	attested bool   // whether somebody attests them, by the body's rule
}

// deadline is a last day that a rule gives.
type deadline struct {
	Label string
	Day   day.Day
	Past  bool
}

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
	if !v.Past() && slices.Contains([]meeting.State{meeting.Open, meeting.Closed, meeting.Minuted}, m.State) {
		if s.Awaited, s.Writes, err = meeting.MinutesAwaitedOf(ctx, tx, m); err != nil {
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
	if s.end, err = endOfWritten(ctx, tx, s.Meeting, items); err != nil {
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
	says := []string{s.stands(v, kind, stands)}
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

// stands says how far the meeting has come.
func (s meetingSeen) stands(v *visit, kind, stands string) string {
	switch {
	case stands == "held" && s.written() && s.Whole && s.end.Kind != "settled":
		return s.end.says(v, s.Meeting)
	case stands == "held" && s.written() && s.On.After(v.Today): // who sees no more than its day does not know when it ended
		return v.T("meeting.written.lead.over", "body", s.BodyName)
	}
	return v.Of("meeting.page.lead_"+kind+".", stands, "body", s.BodyName, "day", weekdayOf(v, s.On), "reason", strings.TrimSuffix(s.CancelledReason, "."))
}

// weekdayOf is a day in a sentence with its weekday.
func weekdayOf(v *visit, d day.Day) string {
	return v.Of("meeting.page.weekday.", strconv.Itoa(int(d.Weekday()))) + " " + SentenceDay(v.Lang, d, v.Today)
}

// when is the day and the hours in one.
func (s meetingSeen) when(v *visit) string {
	says := weekdayOf(v, s.On)
	switch {
	case s.withheld():
		says = v.T("meeting.page.hour_with_call", "day", says)
	case s.Begins != "":
		says += ", " + v.hours(s.Begins, s.Ends)
	}
	return capital(says)
}

// withheld tells whether the hour and the place are not told yet.
func (s meetingSeen) withheld() bool { return !s.Whole && s.State == meeting.Announced && !s.written() }

// waits is what waits for the reader at the meeting.
func (s meetingSeen) waits(v *visit) []todo {
	ts := v.minutesWaits(s.Awaited, true, meeting.AwaitsAttest, meeting.AwaitsMend, meeting.AwaitsDraft)
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
