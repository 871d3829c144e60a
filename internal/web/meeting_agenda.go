package web

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

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
