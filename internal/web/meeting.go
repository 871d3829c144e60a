package web

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

func (d *Door) meetingRoutes() []route {
	const (
		at       = "/lan/{county}" + meetingsAt
		one      = at + "/{id}"
		items    = "/lan/{county}" + itemsAt
		item     = items + "/{id}"
		reply    = "/lan/{county}/meeting-invitations/{id}"
		calendar = "/lan/{county}/calendars"
	)
	return slices.Concat(
		[]route{
			get(at, d.page(either, orPublic(d.meetings, d.publicMeetings))),
			get(one, d.page(either, orPublic(d.seenMeeting, d.publicMeeting))),
			post(one+"/begin", d.act(members, button(meeting.Begin, meetingAt, "?done=meeting_begun"))),
			post(one+"/disclose", d.act(members, button(meeting.Disclose, meetingAt, "?done=meeting_disclosed"))),
			get(items, d.page(members, d.waitingItems)),
			get(item, d.page(members, d.item)),
			post(item+"/up", d.act(members, moveItem(-1))),
			post(item+"/down", d.act(members, moveItem(1))),
			post(item+"/act/remove", d.act(members, removeAct)),
			get("/lan/{county}/agenda-papers/{id}/content", d.paperContent),
			get("/lan/{county}/meeting-answers/{token}", d.linkedAnswer),
			post("/lan/{county}/meeting-answers/{token}", d.sendLinkedAnswer),
			get(calendar, d.page(members, d.calendars)),
			post(calendar, d.makeCalendar),
			post(calendar+"/{id}/revoke", d.act(members, revokeCalendar)),
		},
		both(at+"/new", form[plannedMeeting]{d, members, d.newMeeting, planMeeting}),
		both(at+"/import", recalling{d}),
		both(one+"/edit", form[meeting.Date]{d, members, d.editMeeting, changeMeeting}),
		both(one+"/cancel", form[meeting.Cancellation]{d, members, d.cancelling, upon(meeting.Cancel, meetingAt, "?done=meeting_cancelled")}),
		both(one+"/call", form[meeting.Notice]{d, members, d.calling, callMeeting}),
		both(one+"/guests", form[meeting.Guest]{d, members, d.invitingGuest, inviteGuest}),
		both(one+"/agenda-items/new", form[meeting.Matter]{d, members, d.newItem, putItem}),
		both(one+replyAt, replying{d}),
		both(reply, form[meeting.Reply]{d, members, d.answering, answerInvitation}),
		d.itemForms(items, item),
		d.actForms(item),
		d.settingActs(item),
		both(item+"/papers/new", form[meeting.Enclosure]{d, members, d.addingPaper, addPaper}),
		both(item+"/papers/upload", upload[sentPaper]{form[sentPaper]{d, members, d.uploadingPaper, nil}, uploadPaper}),
		d.decisionRoutes(),
		d.letterRoutes(),
	)
}

// Where meetings and their matters lie.
const (
	meetingsAt  = "/meetings"
	itemsAt     = "/agenda-items"
	decisionsAt = "/decisions"
)

func meetingAt(v *visit, id uuid.UUID, rest ...string) templ.SafeURL {
	return v.To(append([]string{meetingsAt, "/", id.String()}, rest...)...)
}

func itemAt(v *visit, id uuid.UUID, rest ...string) templ.SafeURL {
	return v.To(append([]string{itemsAt, "/", id.String()}, rest...)...)
}

func decisionAt(v *visit, id uuid.UUID, rest ...string) templ.SafeURL {
	return v.To(append([]string{decisionsAt, "/", id.String()}, rest...)...)
}

// meets tells whether a page is one about meetings, what they take up and decide.
func (v *visit) meets() bool {
	return slices.ContainsFunc([]string{meetingsAt, itemsAt, decisionsAt, "/meeting-invitations", "/calendars", "/ratifications"}, v.Is)
}

// meetingsCrumb leads back to all meetings, in the county's own word.
func (v *visit) meetingsCrumb() crumb {
	return crumb{tenant.Capital(v.word(tenant.Meeting).Many), string(v.To(meetingsAt))}
}

// meetingName is what a meeting is called: its own title, or its body and day.
func (v *visit) meetingName(m meeting.Meeting) string {
	return v.T("meeting.page.name", "what", cmp.Or(m.Title, m.BodyName), "day", LongDay(v.Lang, m.On))
}

// meetingClasses are the shapes of a meeting's states.
var meetingClasses = map[meeting.State]string{meeting.Announced: "next", meeting.Drafted: "half", meeting.Called: "next", meeting.Open: "half", meeting.Closed: "half",
	meeting.Minuted: "half", meeting.Adjusted: "on", meeting.Published: "on", meeting.Cancelled: "closed"}

// meetingState is how far a meeting has come: as a shape and in words. One whose
// day has passed without its being opened has been missed.
func (v *visit) meetingState(m meeting.Meeting) (class, word string) {
	if m.On.Before(v.Today) && slices.Contains([]meeting.State{meeting.Announced, meeting.Drafted, meeting.Called}, m.State) {
		return "late", v.T("meeting.page.never_opened")
	}
	if m.Imported && m.State.Settled() {
		return meetingClasses[m.State], v.T("meeting.page.state.imported")
	}
	if b, known := v.County.Bodies.Body(m.Body); known && m.State == meeting.Adjusted && !b.Rules.Adjusting.Attested() {
		return meetingClasses[m.State], v.T("meeting.page.state.settled")
	}
	return meetingClasses[m.State], v.Of("meeting.page.state.", string(m.State))
}

// hours are from when to when, as the page writes the time of day.
func (v *visit) hours(begins, ends string) string {
	if ends == "" {
		return v.Lang.Clock(begins)
	}
	return v.Lang.Clock(begins) + "–" + v.Lang.Clock(ends)
}

// meetingRow is one meeting in a list.
type meetingRow struct {
	meeting.Meeting
	Mine *meeting.Invitation // the reader's own, where there is one
}

// meetingList is the page of all meetings.
type meetingList struct {
	Body     string
	Bodies   []option
	Coming   []meetingRow
	More     int // how many more are to come than are shown
	Past     []meetingRow
	Year     *meetingYear
	Proposes bool
	paging
}

func (d *Door) meetings(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	l := meetingList{Body: v.Asked("body"), Bodies: v.bodyOptions(tx.County), paging: paging{Page: v.pageAsked()}, Proposes: v.Acts(auth.MeetingPropose)}
	if !slices.ContainsFunc(l.Bodies, func(o option) bool { return o.Value == l.Body }) {
		l.Body = ""
	}
	var err error
	if l.Coming, l.More, err = coming(ctx, tx, v, l.Body, perPage); err != nil {
		return nil, err
	}
	past, total, err := meeting.List(ctx, tx, meeting.Filter{Body: l.Body, Over: true, Limit: perPage, Page: l.Page})
	if err != nil {
		return nil, err
	}
	l.Total = total
	for _, m := range past {
		l.Past = append(l.Past, meetingRow{Meeting: m})
	}
	if l.Year, err = v.meetingYear(ctx, tx, l.Body); err != nil {
		return nil, err
	}
	return meetingsPage(v, l), nil
}

// coming are the first meetings to come, each with the reader's own invitation,
// and how many more there are.
func coming(ctx context.Context, tx *pg.Tx, v *visit, body string, limit int) ([]meetingRow, int, error) {
	next, n, err := meeting.List(ctx, tx, meeting.Filter{Body: body, Ahead: true, Rising: true, Limit: limit, Page: 1})
	if err != nil || n == 0 {
		return nil, 0, err
	}
	mine, err := meeting.Mine(ctx, tx, false)
	if err != nil {
		return nil, 0, err
	}
	own := map[uuid.UUID]*meeting.Invitation{}
	for _, i := range mine {
		own[i.Of.ID] = &i.Invitation
	}
	rows := make([]meetingRow, len(next))
	for i, m := range next {
		rows[i] = meetingRow{m, own[m.ID]}
	}
	return rows, n - len(next), nil
}

// seenMeeting shows a meeting to a member: all of it to those who see more than
// its day, and otherwise at least what everybody may read of it.
func (d *Door) seenMeeting(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	at, err := id(v.r, "id")
	if err != nil {
		return nil, err
	}
	m, err := meeting.Get(ctx, tx, at)
	if err != nil {
		return nil, err
	}
	whole, err := meeting.Whole(ctx, tx, m)
	if err != nil {
		return nil, err
	}
	if !whole && m.Public && m.State != meeting.Announced {
		return d.publicMeeting(ctx, tx, v)
	}
	return d.meeting(ctx, tx, v)
}

// bodyOptions are the bodies of the county, those of today first and those of
// before after them.
func (v *visit) bodyOptions(c tenant.County) []option {
	var os []option
	add := func(b tenant.Body) {
		if !slices.ContainsFunc(os, func(o option) bool { return o.Value == b.Key }) {
			os = append(os, option{b.Key, v.bodyName(b)})
		}
	}
	for _, b := range v.County.Bodies.Bodies {
		add(b)
	}
	for _, version := range slices.Backward(c.Bodies) {
		for _, b := range version.Value.Bodies {
			add(b)
		}
	}
	return os
}

// lead says what is to come, and what comes first.
func (l meetingList) lead(v *visit) string {
	w := v.word(tenant.Meeting)
	var next *meetingRow
	count := l.More
	for i, m := range l.Coming {
		if m.State == meeting.Cancelled {
			continue
		}
		if count++; next == nil {
			next = &l.Coming[i]
		}
	}
	if next == nil {
		return v.T("meeting.page.none_coming", "meeting", w.One)
	}
	return v.T("meeting.page.lead", "count", count, "meeting", w.One, "meetings", w.Many, "next", next.BodyName, "day", SentenceDay(v.Lang, next.On, v.Today))
}

// nothingComing says why no meeting is to come, by who reads it.
func (v *visit) nothingComing() string {
	if v.Acts(auth.MeetingPrepare) {
		return v.T("meeting.page.nothing_coming_makes")
	}
	return v.T("meeting.page.nothing_coming_reads")
}

// monthOf is a month's name.
func (v *visit) monthOf(n int) string {
	_, month, _ := strings.Cut(shortDay(v.Lang, day.Of(v.Today.Year(), time.Month(n), 1)), " ")
	return month
}

// yearMark is a meeting on the picture of a year.
type yearMark struct {
	meeting.Meeting
	At    float64 // in per cent of the year
	Class string
}

// meetingYear is the year's meetings as a picture.
type meetingYear struct {
	Year  int
	Marks []yearMark
	Today float64
}

// meetingYear gathers this year's meetings; nil where there are too few to make a
// picture of.
func (v *visit) meetingYear(ctx context.Context, tx *pg.Tx, body string) (*meetingYear, error) {
	y := meetingYear{Year: v.Today.Year()}
	first, after := day.Of(y.Year, 1, 1), day.Of(y.Year+1, 1, 1)
	ms, _, err := meeting.List(ctx, tx, meeting.Filter{Body: body, From: first, To: after, Rising: true, Limit: 100, Page: 1})
	if err != nil || len(ms) < 2 {
		return nil, err
	}
	at := func(d day.Day) float64 { return 100 * float64(d.Sub(first)) / float64(after.Sub(first)) }
	for _, m := range ms {
		class, _ := v.meetingState(m)
		y.Marks = append(y.Marks, yearMark{m, at(m.On), class})
	}
	y.Today = at(v.Today)
	return &y, nil
}

// says tells what the picture shows, month by month.
func (y meetingYear) says(v *visit) string {
	n := map[string]int{}
	for _, m := range y.Marks {
		switch {
		case m.State == meeting.Cancelled:
			n["cancelled"]++
		case m.Class == "late":
			n["missed"]++
		case m.State.Held():
			n["held"]++
		case m.State == meeting.Open:
			n["open"]++
		default:
			n["coming"]++
		}
	}
	var says []string
	for _, of := range []string{"held", "open", "coming", "missed", "cancelled"} {
		if n[of] > 0 {
			says = append(says, v.Of("meeting.page.year_", of, "count", n[of]))
		}
	}
	return v.T("meeting.page.year_says", "year", y.Year, "count", len(y.Marks)) + " " + capital(v.and(says)) + "."
}

// bodyOn is a body as it is on a day; an empty one where it was not there.
func bodyOn(tx *pg.Tx, key string, on day.Day) tenant.Body {
	b, ok := tx.County.On(on).Bodies.Body(key)
	if !ok {
		return tenant.Body{Key: key}
	}
	return b
}

// bodyCalled is what a body is called today, or was.
func (v *visit) bodyCalled(c tenant.County, key string) string {
	if b, ok := v.County.Bodies.Body(key); ok {
		return v.bodyName(b)
	}
	b, ok := anyBody(c, key)
	if !ok {
		return key
	}
	return v.bodyName(b)
}
