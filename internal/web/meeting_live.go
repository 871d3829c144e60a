package web

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/a-h/templ"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

// liveSeen is a meeting while it is held, with all that its page shows.
type liveSeen struct {
	meeting.Now
	Name        string
	Class, Word string
	Chaired     string // who leads it, by name
	Items       []liveItem
	On          *liveItem // what is on the table
	Quorum      string    // the body's rules, each in a sentence; "" where the reader may not know them
	Decision    string
	Decides     []option // what the body may decide on
	Seats       []liveSeat
	Map         *seatMap
	Serving     int // of the places with a vote
	Voting      int // how many there are
	Present     []livePerson
	Guests      []livePerson
	Called      []option // whom something can be noted of
	Pieces      []option // the matters, by number
	Owners      []option // who may carry a decision out
	Earlier     []option // what a decision may change
	State       string   // what the reader sees, as one word: it moves when that does

	attested bool // whether somebody attests what is written, by the body's rule
	over     bool // whether the last day to answer in writing has passed
	end      writtenEnd
	sent     liveSent
}

// liveSent is a form of the page that was refused: it is shown again with what
// was typed.
type liveSent struct {
	Form    string
	Typed   map[string][]string
	Wrong   []*fault.Fault
	Changes []change
}

// liveItem is a matter with how it stands.
type liveItem struct {
	meeting.Item
	Class, Word string
	Facts       string
	Prepared    string
	Poll        *meeting.Poll
	Interests   []meeting.Interest
	Remarks     []meeting.Remark
	Decided     *meeting.Decision
}

func (d *Door) meetingLive(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	s, err := v.live(ctx, tx)
	if err != nil {
		return nil, err
	}
	return livePage(v, s), nil
}

// live gathers the page: as many questions for a large meeting as for a small one.
func (v *visit) live(ctx context.Context, tx *pg.Tx) (*liveSeen, error) {
	at, err := id(v.r, "id")
	if err != nil {
		return nil, err
	}
	now, items, state, err := v.stand(ctx, tx, at)
	if err != nil {
		return nil, err
	}
	s := &liveSeen{Now: now, Name: v.meetingName(now.Meeting), State: state, over: now.Meeting.On.Before(v.Today)}
	s.Class, s.Word = v.meetingState(now.Meeting)
	b := bodyOn(tx, now.Meeting.Body, now.Meeting.On)
	s.attested = b.Rules.Adjusting.Attested()
	if err := s.rules(ctx, tx, v, b); err != nil {
		return nil, err
	}
	var decided []meeting.Decision
	if now.Meeting.State.Held() || now.Meeting.State == meeting.Open {
		if decided, _, err = meeting.Decisions(ctx, tx, meeting.DecisionFilter{Meeting: at, Limit: 200, Page: 1}); err != nil {
			return nil, err
		}
	}
	names, err := proposers(ctx, tx, items)
	if err != nil {
		return nil, err
	}
	s.items(v, tx.County, items, decided, names)
	if s.end, err = endOfWritten(ctx, tx, now.Meeting, items); err != nil {
		return nil, err
	}
	for _, p := range now.People {
		if p.Person == now.Chair && now.Chair != uuid.Nil {
			s.Chaired = p.Name
		}
	}
	if s.Chaired == "" {
		if s.Chaired, err = v.nameAmong(ctx, tx, now.Chair, nil); err != nil {
			return nil, err
		}
	}
	s.seats(v, b)
	s.people(v)
	if s.acts(v) {
		err = s.choices(ctx, tx, v)
	}
	return s, err
}

// stand is how a meeting stands for the reader, and that as one word.
func (v *visit) stand(ctx context.Context, tx *pg.Tx, at uuid.UUID) (meeting.Now, []meeting.Item, string, error) {
	now, err := meeting.Watch(ctx, tx, at)
	if err != nil {
		return now, nil, "", err
	}
	items, err := meeting.Agenda(ctx, tx, at)
	return now, items, fingerprint(now, items), err
}

// acts tells whether the reader may note what happens.
func (s *liveSeen) acts(v *visit) bool { return s.Leads && !v.Past() }

// open tells whether something can happen at the meeting now. A written procedure
// is opened by its first answer.
func (s *liveSeen) open() bool {
	return s.Meeting.State == meeting.Open || s.written() && s.Meeting.State == meeting.Called && !s.over
}

// written tells whether it is a written procedure: nobody comes or goes.
func (s *liveSeen) written() bool { return s.Meeting.Kind == meeting.KindWritten }

// rules reads the body's rules for quorum and decision as sentences, and what it
// may decide on.
func (s *liveSeen) rules(ctx context.Context, tx *pg.Tx, v *visit, b tenant.Body) error {
	for _, what := range b.Decides {
		s.Decides = append(s.Decides, option{what, tenant.Capital(v.value("decides", what))})
	}
	if !tx.May(auth.GovernanceRead) || b.Name == nil {
		return nil
	}
	all, err := governance.Sentences(ctx, tx, b, v.Lang)
	for _, r := range all {
		switch r.Rule {
		case "quorum":
			s.Quorum = r.Text
		case "decision":
			s.Decision = r.Text
		}
	}
	return err
}

// items puts with each matter how it stands.
func (s *liveSeen) items(v *visit, c tenant.County, items []meeting.Item, decided []meeting.Decision, names map[uuid.UUID]string) {
	s.Items = make([]liveItem, len(items))
	for n, i := range items {
		l := &s.Items[n]
		*l = liveItem{Item: i, Facts: v.itemFacts(i, names[i.Organisation])}
		l.Class, l.Word = v.itemState(i)
		if i.PreparedBy != "" {
			l.Prepared = v.bodyCalled(c, i.PreparedBy)
		}
		if at := slices.IndexFunc(s.Polls, func(p meeting.Poll) bool { return p.Item == i.ID }); at >= 0 {
			l.Poll = &s.Polls[at]
		}
		for _, x := range s.Interests {
			if x.Item == i.ID {
				l.Interests = append(l.Interests, x)
			}
		}
		for _, x := range s.Remarks {
			if x.Item == i.ID {
				l.Remarks = append(l.Remarks, x)
			}
		}
		if at := slices.IndexFunc(decided, func(d meeting.Decision) bool { return d.Item == i.ID }); at >= 0 {
			l.Decided = &decided[at]
		}
		if i.ID == s.Meeting.Item && s.open() && !s.written() {
			s.On = l
		}
		s.Pieces = append(s.Pieces, option{i.ID.String(), v.T("meeting.live.piece", "number", i.Number, "title", i.Title)})
	}
}

// choices are what the one who leads may choose among.
func (s *liveSeen) choices(ctx context.Context, tx *pg.Tx, v *visit) (err error) {
	seen := map[uuid.UUID]bool{}
	for _, p := range s.People {
		if !seen[p.Person] {
			seen[p.Person] = true
			s.Called = append(s.Called, option{p.Person.String(), v.personOf(p)})
		}
	}
	if !s.open() || !tx.May(auth.OrganisationRead) {
		return nil
	}
	if s.Owners, err = organisationOptions(ctx, tx, v, uuid.Nil); err != nil {
		return err
	}
	earlier, _, err := meeting.Decisions(ctx, tx, meeting.DecisionFilter{Body: s.Meeting.Body, Limit: 100, Page: 1})
	for _, d := range earlier {
		if d.Meeting != s.Meeting.ID {
			s.Earlier = append(s.Earlier, option{d.ID.String(), v.decisionName(d)})
		}
	}
	return err
}

// personOf is somebody with for whom: Kim Lind, Alvesta kommun.
func (v *visit) personOf(p meeting.Attendance) string {
	if p.Party == "" {
		return p.Name
	}
	return p.Name + ", " + p.Party
}

// lead says how the meeting stands, in a sentence or two.
func (s *liveSeen) lead(v *visit) string {
	switch {
	case s.written() && s.over && !s.Meeting.State.Held():
		return v.T("meeting.live.lead_written_over", "day", LongDay(v.Lang, s.Meeting.On))
	case s.written() && s.Meeting.State.Held():
		return s.end.says(v, s.Meeting)
	case s.written() && s.open():
		return v.T("meeting.live.lead_written", "body", s.Meeting.BodyName, "day", LongDay(v.Lang, s.Meeting.On))
	case s.open():
		says := v.T("meeting.live.lead_open", "serving", s.Serving, "count", s.Voting)
		if s.On != nil {
			says += " " + v.T("meeting.live.lead_item", "number", s.On.Number, "count", len(s.Items), "title", s.On.Title)
		}
		return says
	case s.Meeting.Imported:
		return v.T("meeting.live.lead_imported", "day", weekdayOf(v, s.Meeting.On))
	case s.Meeting.State.Held():
		return v.T("meeting.live.lead_held", "serving", s.Serving, "count", s.Voting)
	}
	return v.T("meeting.live.lead_before", "day", weekdayOf(v, s.Meeting.On))
}

// since says since when the meeting has been open, or when it was closed.
func (s *liveSeen) since(v *visit) string {
	switch m := s.Meeting; {
	case m.State == meeting.Open && m.OpenedAt != nil:
		return v.T("meeting.live.open_since", "at", Clock(v.Lang, *m.OpenedAt))
	case m.State.Held() && m.ClosedAt != nil && !m.Imported:
		return v.T("meeting.live.closed_at", "at", Clock(v.Lang, *m.ClosedAt))
	}
	return s.Word
}

// crumbs lead back to the meeting.
func (s *liveSeen) crumbs(v *visit) []crumb {
	return []crumb{v.meetingsCrumb(), {s.Name, string(meetingAt(v, s.Meeting.ID))}}
}

// title is what the page is called: with the fault first where there is one.
func (s *liveSeen) title(v *visit) string { return v.T("meeting.live.title", "name", s.Name) }

// next is the first matter that has not been taken up.
func (s *liveSeen) next() *liveItem {
	at := slices.IndexFunc(s.Items, func(i liveItem) bool { return i.State == meeting.ItemPlanned })
	if at < 0 || s.written() {
		return nil
	}
	return &s.Items[at]
}

// takes tells whether a matter can be put on the table now.
func (s *liveSeen) takes(v *visit, i *liveItem) bool {
	if !s.acts(v) || !s.open() || s.written() || i == s.On {
		return false
	}
	return i.State == meeting.ItemPlanned || i.State == meeting.ItemPostponed || i.State == meeting.ItemHandled && i.Kind != meeting.ForDecision
}

// takeLabel is what taking a matter up is called: what has been done with comes
// up again.
func (i *liveItem) takeLabel() string {
	if i.State == meeting.ItemPlanned {
		return "take-up"
	}
	return "take-up-again"
}

// closes tells whether the meeting can be closed: all that was to be decided has
// come to something.
func (s *liveSeen) closes() bool {
	return !slices.ContainsFunc(s.Items, func(i liveItem) bool { return i.Kind == meeting.ForDecision && i.Outcome == "" })
}

// settles tells whether a matter in writing can be decided now: all who can decide
// in it have answered, or the last day has passed.
func (s *liveSeen) settles(v *visit, i *liveItem) bool {
	return s.acts(v) && s.written() && s.Meeting.State == meeting.Open && i.Outcome == "" && (i.Kind != meeting.ForDecision || s.over || i.answered() && i.silent() == 0)
}

// answered tells whether anybody has answered in a matter: by a vote, or by saying
// that he objects.
func (i *liveItem) answered() bool {
	if i.Poll == nil || i.Poll.ByVotes == nil {
		return false
	}
	o := i.Poll.ByVotes
	return o.For+o.Against+o.Abstained+o.Objections > 0
}

// silent are how many of those who can decide in a matter have not voted.
func (i *liveItem) silent() int {
	n := 0
	for _, e := range i.entitled() {
		if e.Vote == "" {
			n++
		}
	}
	return n
}

// adjusts tells whether the paragraph of a decision can be adjusted at the meeting.
func (s *liveSeen) adjusts(v *visit, i *liveItem) bool {
	return s.acts(v) && s.open() && s.attested && i.Decided != nil
}

// under is what stands below a matter on the agenda.
func (i liveItem) under(v *visit) string {
	says := []string{i.Facts}
	if i.Decided != nil {
		says = append(says, v.T("meeting.live.decided", "number", i.Decided.Cited()))
	}
	if i.State == meeting.ItemPostponed && i.Reason != "" {
		says = append(says, v.T("meeting.live.postponed", "reason", i.Reason))
	}
	var names []string
	for _, x := range i.Interests {
		names = append(names, x.Name)
	}
	if len(names) > 0 {
		says = append(says, v.T("meeting.live.biased", "names", strings.Join(names, ", ")))
	}
	return strings.Join(says, " ")
}

// proposed is who has prepared the wording, or that it is one.
func (i liveItem) proposed(v *visit) string {
	if i.Prepared == "" {
		return v.T("meeting.live.proposal")
	}
	return v.T("meeting.live.proposal_by", "body", i.Prepared)
}

// remarkBy is who says something, for whom and when.
func (v *visit) remarkBy(r meeting.Remark) string {
	who := r.Name
	if r.Party != "" {
		who = r.Party + ", " + r.Name
	}
	if r.WithdrawnAt != nil { // what has been taken back is not in the minutes
		return v.T("meeting.live.said_and_withdrawn", "who", who, "at", Clock(v.Lang, r.MadeAt))
	}
	return v.T("meeting.live.said_by", "who", who, "at", Clock(v.Lang, r.MadeAt))
}

// takesBack tells whether the reader may take a remark back.
func (s *liveSeen) takesBack(v *visit, i *liveItem, r meeting.Remark) bool {
	mine := r.Person == v.Actor.Person && r.Person != uuid.Nil
	return s.open() && !v.Past() && r.WithdrawnAt == nil && (s.Leads || mine) && (r.Kind != meeting.Objection || i.Outcome == "")
}

// serves tells whether the reader serves a place now.
func (s *liveSeen) serves(v *visit) bool {
	return v.Actor.Person != uuid.Nil && slices.ContainsFunc(s.Table.Chairs, func(c governance.Chair) bool { return c.Server != nil && c.Server.Person == v.Actor.Person })
}

// here tells whether the reader is there.
func (s *liveSeen) here(v *visit) bool {
	return v.Actor.Person != uuid.Nil && slices.ContainsFunc(s.People, func(p meeting.Attendance) bool { return p.Person == v.Actor.Person && p.Here })
}

// speaks tells whether the reader may have something noted.
func (s *liveSeen) speaks(v *visit) bool {
	return s.open() && !v.Past() && (s.Leads || s.here(v) || s.written() && s.serves(v))
}

// sayings are what can be said of a matter as far as it has come.
func (s *liveSeen) sayings(v *visit, i *liveItem) []option {
	kinds := []string{meeting.Objection, meeting.Reservation, meeting.Dissent, meeting.Said}
	switch {
	case i.Kind != meeting.ForDecision:
		kinds = []string{meeting.Said}
	case i.Outcome != "":
		kinds = kinds[1:]
	}
	var os []option
	for _, k := range kinds {
		os = append(os, option{k, v.Of("meeting.live.say.", k)})
	}
	return os
}

// myPlace is what the place is called that the reader votes from.
func (s *liveSeen) myPlace(v *visit, p *meeting.Poll) string {
	at := slices.IndexFunc(s.Table.Chairs, func(c governance.Chair) bool { return c.Place.Key == p.Mine })
	if at < 0 {
		return p.Mine
	}
	return cmp.Or(v.whose(s.Table.Chairs[at].Place), p.Mine)
}
