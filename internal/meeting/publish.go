package meeting

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/meeting/internal/meetingdb"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

// moments are when something of a meeting becomes public, in their order.
var moments = []string{tenant.PublicAnnounced, tenant.PublicCalled, tenant.PublicClosed, tenant.PublicAdjusted}

// publishAt gives to the public what the body's rule makes public when a meeting
// has come so far, and what should have been before. What the rule does not tell
// of stays the county's own, and so does what is confidential.
func publishAt(ctx context.Context, tx *pg.Tx, m Meeting, moment string) error {
	b, _ := bodyOf(tx, m.Body, m.On)
	rule := b.Rules.Public
	reached := func(when string) bool {
		at := slices.Index(moments, when)
		return at >= 0 && at <= slices.Index(moments, moment)
	}
	q := meetingdb.New(tx)
	for _, of := range []struct {
		when    string
		publish func() error
	}{
		{rule.Date, func() error { return q.PublishDay(ctx, m.ID) }},
		{rule.Agenda, func() error { return q.PublishItems(ctx, maybe(m.ID)) }},
		{rule.Decisions, func() error { return q.PublishDecisions(ctx, m.ID) }},
		{rule.Minutes, func() error { _, err := publishMinutes(ctx, tx, m); return err }},
	} {
		if reached(of.when) {
			if err := of.publish(); err != nil {
				return err
			}
		}
	}
	return nil
}

// Publish gives adjusted minutes to the public: with the same numbers, what is
// confidential masked. Where the body's rule is that they become public when
// they are adjusted, they have already.
func Publish(ctx context.Context, tx *pg.Tx, meeting uuid.UUID, version int64) (Meeting, error) {
	if err := tx.Require(auth.MeetingPublish); err != nil {
		return Meeting{}, err
	}
	m, _, err := enter(ctx, tx, meeting, holdAlone)
	if err != nil {
		return Meeting{}, err
	}
	if m.Version != version {
		return Meeting{}, fault.Changed(m)
	}
	b, _ := bodyOf(tx, m.Body, m.On)
	switch {
	case m.State == Published:
		return Meeting{}, fault.New(fault.Conflict, "minutes.published_already")
	case m.State != Adjusted:
		return Meeting{}, fault.New(fault.Conflict, "minutes.not_adjusted")
	case b.Rules.Public.Minutes == tenant.PublicNever:
		return Meeting{}, fault.New(fault.Conflict, "minutes.never_public").With("body", m.BodyName)
	}
	return publishMinutes(ctx, tx, m)
}

func publishMinutes(ctx context.Context, tx *pg.Tx, m Meeting) (Meeting, error) {
	q := meetingdb.New(tx)
	if err := q.PublishParagraphs(ctx, meetingdb.PublishParagraphsParams{MeetingID: m.ID, Masked: recordLang(tx).T("minutes.masked")}); err != nil {
		return Meeting{}, err
	}
	if err := q.PublishAmendments(ctx, m.ID); err != nil {
		return Meeting{}, err
	}
	row, err := q.PublishedMinutes(ctx, meetingdb.PublishedMinutesParams{ID: m.ID, PublishedAt: &tx.Now})
	tx.Notify("meeting", m.ID)
	return made(tx, row), err
}

// PublicMeeting is what everybody may know of a meeting.
type PublicMeeting struct {
	ID          uuid.UUID  `json:"id" doc:"The identifier, unique over time." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Body        string     `json:"body" doc:"Whose meeting, by the body's key." example:"forum"`
	BodyName    string     `json:"bodyName" doc:"What the body was called on the day." example:"Forum för mottagande och etablering"`
	Kind        string     `json:"kind" enum:"meeting,written" doc:"A meeting, or a written procedure in place of one." example:"meeting"`
	State       State      `json:"state" enum:"announced,called,open,closed,adjusted,published,cancelled" doc:"How far it has come, as far as that is public." example:"published"`
	Title       string     `json:"title,omitempty" doc:"What it is called, where it is more than its body and day." example:"Höstens forum"`
	On          day.Day    `json:"on" doc:"The day." example:"2027-04-15"`
	Begins      string     `json:"begins,omitempty" doc:"When it begins, in Sweden." example:"09:30"`
	Ends        string     `json:"ends,omitempty" doc:"When it ends, in Sweden." example:"12:00"`
	Location    string     `json:"location,omitempty" doc:"Where." example:"Residenset i Växjö"`
	AdjustedOn  day.Day    `json:"adjustedOn,omitzero" doc:"The day its minutes were adjusted." example:"2027-04-29"`
	PublishedAt *time.Time `json:"publishedAt,omitempty" doc:"When its minutes were published." example:"2027-04-30T08:00:00Z"`
	Imported    bool       `json:"imported,omitempty" doc:"Whether it came in from a register of before." example:"false"`
	Demo        bool       `json:"demo,omitempty" doc:"Whether it is made up for show." example:"false"`
	Source      string     `json:"source,omitempty" doc:"Where it is known from, when it came in from elsewhere." example:"Kronobergs protokoll, 2023"`
}

// PublicItem is a matter that the public may see.
type PublicItem struct {
	ID             uuid.UUID `json:"id" doc:"The identifier, unique over time." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Number         int       `json:"number" doc:"Its number on the public agenda." example:"4"`
	Kind           string    `json:"kind" enum:"information,discussion,decision,learning" doc:"What it is for." example:"decision"`
	Title          string    `json:"title" doc:"What it is about." example:"Boende som övergripande område"`
	Background     string    `json:"background,omitempty" doc:"What one needs to know. Markdown." example:"Beredningsgruppen har gått igenom området."`
	Proposal       string    `json:"proposal,omitempty" doc:"The wording that is proposed." example:"Boende avslutas som övergripande område."`
	Rapporteur     string    `json:"rapporteur,omitempty" doc:"Who presents it." example:"Samordnaren"`
	Outcome        string    `json:"outcome,omitempty" doc:"What came of it." example:"carried"`
	RegistryNumber string    `json:"registryNumber,omitempty" doc:"The number in the county's own register." example:"851-1234-2027"`
}

// PublicParagraph is a paragraph of the minutes as the public reads it.
type PublicParagraph struct {
	Number     int    `json:"number" doc:"Its number: § 4." example:"4"`
	Heading    string `json:"heading" doc:"Its heading; of a masked one, that it is." example:"Boende som övergripande område"`
	Wording    string `json:"wording,omitempty" doc:"Its text. Markdown." example:"Forum beslutar: …"`
	Amendments []int  `json:"amendments,omitempty" doc:"The numbers of the corrections that have been made of it since."`
}

// PublicAmendment is a correction that the public may read.
type PublicAmendment struct {
	Number  int     `json:"number" doc:"Its number among the corrections of these minutes." example:"1"`
	Section int     `json:"section,omitempty" doc:"The number of the paragraph that it corrects. Left out: the minutes as a whole." example:"4"`
	On      day.Day `json:"on" doc:"The day of it." example:"2027-05-10"`
	Wording string  `json:"wording" doc:"What it should say. Markdown." example:"Rätt år är 2028."`
	Ground  string  `json:"ground" doc:"Why." example:"Skrivfel"`
}

// PublicDecision is a decision that the public may read.
type PublicDecision struct {
	ID             uuid.UUID `json:"id" doc:"The identifier, unique over time." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Meeting        uuid.UUID `json:"meeting" doc:"The meeting." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Body           string    `json:"body" doc:"The body, by key." example:"forum"`
	BodyName       string    `json:"bodyName" doc:"What the body was called on the day." example:"Forum för mottagande och etablering"`
	Year           int       `json:"year" doc:"The year of its number." example:"2027"`
	Number         int       `json:"number" doc:"Its number within the body and year." example:"3"`
	Title          string    `json:"title" doc:"What it is about." example:"Boende som övergripande område"`
	Wording        string    `json:"wording" doc:"What was decided." example:"Boende avslutas som övergripande område."`
	Outcome        string    `json:"outcome" enum:"carried,rejected,advised" doc:"What the vote came to." example:"carried"`
	DecidedOn      day.Day   `json:"decidedOn" doc:"The day." example:"2027-04-15"`
	EffectiveOn    day.Day   `json:"effectiveOn" doc:"From when it holds." example:"2027-04-01"`
	Owner          string    `json:"owner,omitempty" doc:"Who carries it out." example:"Samordnaren"`
	Due            day.Day   `json:"due,omitzero" doc:"By when." example:"2027-09-01"`
	Status         string    `json:"status" enum:"open,done,lapsed,none" doc:"What became of it; none: there is nothing to carry out." example:"open"`
	StatusOn       day.Day   `json:"statusOn,omitzero" doc:"Since when." example:"2027-08-20"`
	RegistryNumber string    `json:"registryNumber,omitempty" doc:"The number in the county's own register." example:"851-1234-2027"`
	Ratification   bool      `json:"ratification" doc:"Whether each party decides at home too." example:"true"`
	Imported       bool      `json:"imported,omitempty" doc:"Whether it came in from a register of before." example:"false"`
	Demo           bool      `json:"demo,omitempty" doc:"Whether it is made up for show." example:"false"`
	Source         string    `json:"source,omitempty" doc:"Where it is known from, when it came in from elsewhere." example:"Kronobergs protokoll, 2023"`
}

// Cited is how a decision is named in its body: 3/2027.
func (d PublicDecision) Cited() string { return cited(d.Number, d.Year) }

// PublicPage is all that everybody may read of one meeting.
type PublicPage struct {
	Meeting    PublicMeeting     `json:"meeting" doc:"The meeting."`
	Record     string            `json:"record" enum:"minutes,notes" doc:"Whether minutes or notes are kept." example:"minutes"`
	Title      string            `json:"title" doc:"What they are called." example:"Protokoll: Forum 2027-04-15"`
	Items      []PublicItem      `json:"items" nullable:"false" doc:"The agenda, as far as it is public."`
	Decisions  []PublicDecision  `json:"decisions" nullable:"false" doc:"The decisions, as far as they are public."`
	Paragraphs []PublicParagraph `json:"paragraphs" nullable:"false" doc:"The minutes. Empty: they are not public."`
	Amendments []PublicAmendment `json:"amendments" nullable:"false" doc:"The corrections of them."`
}

// PublicFilter says which meetings or decisions, and which part of them.
type PublicFilter struct {
	Body   string
	From   day.Day // of meetings; zero = from the first
	To     day.Day // of meetings: the first day that is not asked for
	Rising bool    // of meetings: the first first
	Ahead  bool    // of meetings: from today on, neither held nor cancelled
	Over   bool    // of meetings: all others
	Year   int     // of decisions
	Limit  int
	Page   int
}

// PublicMeetings are the meetings whose day is public, and how many there are in
// all. It reads no more than what is published, whoever asks.
func PublicMeetings(ctx context.Context, tx *pg.Tx, f PublicFilter) ([]PublicMeeting, int, error) {
	most, skip := window(f.Limit, f.Page)
	rows, err := meetingdb.New(tx).PublicMeetings(ctx, meetingdb.PublicMeetingsParams{TenantID: tx.Tenant, Body: f.Body, FromDay: f.From, ToDay: f.To, Ahead: f.Ahead, Over: f.Over, Today: tx.Today(), Rising: f.Rising, Max: most, Skip: skip})
	if err != nil {
		return nil, 0, err
	}
	if len(rows) == 0 && f.Page > 1 { // beyond the end: the total is still told
		f.Page, f.Limit = 1, 1
		_, total, err := PublicMeetings(ctx, tx, f)
		return []PublicMeeting{}, total, err
	}
	ms := make([]PublicMeeting, len(rows))
	total := 0
	for i, r := range rows {
		total = int(r.Total)
		ms[i] = publicMeeting(tx, meetingdb.PublicMeetingRow{ID: r.ID, Body: r.Body, Kind: r.Kind, State: r.State, Title: r.Title, OnDay: r.OnDay, Begins: r.Begins, Ends: r.Ends,
			Location: r.Location, OpenedAt: r.OpenedAt, ClosedAt: r.ClosedAt, AdjustedAt: r.AdjustedAt, PublishedAt: r.PublishedAt, CancelledAt: r.CancelledAt,
			Imported: r.Imported, Demo: r.Demo, Source: r.Source})
	}
	return ms, total, nil
}

// publicMeeting is a meeting without what is not public: that it is being
// prepared, or its minutes written.
func publicMeeting(tx *pg.Tx, r meetingdb.PublicMeetingRow) PublicMeeting {
	m := PublicMeeting{ID: r.ID, Body: r.Body, BodyName: bodyName(tx, r.Body, r.OnDay), Kind: r.Kind, State: State(r.State), Title: r.Title, On: r.OnDay, Begins: r.Begins, Ends: r.Ends,
		Location: r.Location, PublishedAt: r.PublishedAt, Imported: r.Imported, Demo: r.Demo, Source: r.Source}
	switch m.State {
	case Drafted:
		m.State = Announced
	case Minuted:
		m.State = Closed
	}
	if m.State == Announced { // the place may still change
		m.Begins, m.Ends, m.Location = "", "", ""
	}
	if r.AdjustedAt != nil {
		m.AdjustedOn = day.At(*r.AdjustedAt)
	}
	return m
}

// GetPublic gives what everybody may read of one meeting.
func GetPublic(ctx context.Context, tx *pg.Tx, id uuid.UUID) (PublicPage, error) {
	q := meetingdb.New(tx)
	row, err := q.PublicMeeting(ctx, id)
	if err != nil {
		return PublicPage{}, err
	}
	m := publicMeeting(tx, row)
	whole := Meeting{ID: m.ID, BodyName: m.BodyName, Date: Date{Body: m.Body, Kind: m.Kind, Title: m.Title, On: m.On}}
	p := PublicPage{Meeting: m, Record: RecordOf(tx, whole), Title: recordTitle(tx, whole), Items: []PublicItem{}, Paragraphs: []PublicParagraph{}, Amendments: []PublicAmendment{}}
	items, err := q.PublicItems(ctx, maybe(id))
	if err != nil {
		return p, err
	}
	for n, r := range items {
		p.Items = append(p.Items, PublicItem{ID: r.ID, Number: n + 1, Kind: r.Kind, Title: r.Title, Background: r.Background, Proposal: r.Proposal, Rapporteur: r.Rapporteur,
			Outcome: r.Outcome, RegistryNumber: r.RegistryNumber})
	}
	if p.Decisions, _, err = publicDecisions(ctx, tx, meetingdb.PublicDecisionsParams{MeetingID: id, Max: 1000}); err != nil {
		return p, err
	}
	slices.Reverse(p.Decisions) // as they were made
	paragraphs, err := q.PublicParagraphs(ctx, id)
	if err != nil {
		return p, err
	}
	corrections, err := q.PublicAmendments(ctx, id)
	if err != nil {
		return p, err
	}
	number := map[uuid.UUID]int{}
	for _, r := range paragraphs {
		number[r.ID] = int(r.Number)
		out := PublicParagraph{Number: int(r.Number), Heading: r.PublicHeading, Wording: r.PublicWording}
		for _, a := range corrections {
			if a.ParagraphID.UUID == r.ID {
				out.Amendments = append(out.Amendments, int(a.Number))
			}
		}
		p.Paragraphs = append(p.Paragraphs, out)
	}
	for _, a := range corrections {
		p.Amendments = append(p.Amendments, PublicAmendment{Number: int(a.Number), Section: number[a.ParagraphID.UUID], On: a.OnDay, Wording: a.Wording, Ground: a.Ground})
	}
	return p, nil
}

// PublicDecisions are the decisions that are public, the latest first, and how
// many there are in all.
func PublicDecisions(ctx context.Context, tx *pg.Tx, f PublicFilter) ([]PublicDecision, int, error) {
	most, skip := window(f.Limit, f.Page)
	ds, total, err := publicDecisions(ctx, tx, meetingdb.PublicDecisionsParams{Body: f.Body, Year: int32(f.Year), Max: most, Skip: skip}) //nolint:gosec // bounded by the doors
	if err == nil && len(ds) == 0 && f.Page > 1 {                                                                                         // beyond the end: the total is still told
		f.Page, f.Limit = 1, 1
		_, total, err = PublicDecisions(ctx, tx, f)
	}
	return ds, total, err
}

// GetPublicDecision gives one decision that is public.
func GetPublicDecision(ctx context.Context, tx *pg.Tx, id uuid.UUID) (PublicDecision, error) {
	ds, _, err := publicDecisions(ctx, tx, meetingdb.PublicDecisionsParams{ID: id, Max: 1})
	if err == nil && len(ds) == 0 {
		err = fault.Missing()
	}
	if err != nil {
		return PublicDecision{}, err
	}
	return ds[0], nil
}

func publicDecisions(ctx context.Context, tx *pg.Tx, p meetingdb.PublicDecisionsParams) ([]PublicDecision, int, error) {
	p.TenantID = tx.Tenant
	rows, err := meetingdb.New(tx).PublicDecisions(ctx, p)
	ds := make([]PublicDecision, len(rows))
	total := 0
	for i, r := range rows {
		total = int(r.Total)
		ds[i] = PublicDecision{ID: r.ID, Meeting: r.MeetingID, Body: r.Body, BodyName: bodyName(tx, r.Body, r.DecidedOn), Year: int(r.Year), Number: int(r.Number), Title: r.Title,
			Wording: r.Wording, Outcome: r.Outcome, DecidedOn: r.DecidedOn, EffectiveOn: r.EffectiveOn, Owner: r.Owner, Due: r.DueOn, Status: r.Status, StatusOn: r.StatusOn,
			RegistryNumber: r.RegistryNumber, Ratification: r.Ratification, Imported: r.Imported, Demo: r.Demo, Source: r.Source}
		if ds[i].Owner == "" {
			ds[i].Owner = r.Party
		}
	}
	return ds, total, err
}
