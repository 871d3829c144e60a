// Package meeting is a body at work: the day is announced, the agenda made, those
// who sit are called, the meeting held, decided and minuted, the minutes adjusted
// and published.
//
// A meeting works by the rules that its body has on its day. What has happened is
// closed by the database: a correction is a new entry beside it. Who may not see
// a confidential matter sees no trace of it.
package meeting

import (
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/day"
)

// State is how far a meeting has come.
type State string

// The states, in their order; a meeting that is cancelled goes no further.
const (
	Announced State = "announced" // its day is public
	Drafted   State = "draft"     // its makers alone see the agenda
	Called    State = "called"
	Open      State = "open"
	Closed    State = "closed"
	Minuted   State = "drafted" // its minutes are drafted
	Adjusted  State = "adjusted"
	Published State = "published"
	Cancelled State = "cancelled"
)

// States are all of them, in their order.
var States = []State{Announced, Drafted, Called, Open, Closed, Minuted, Adjusted, Published, Cancelled}

// Sent tells whether those who sit have been called: what is before is its
// makers' alone, but for the day of one that is announced.
func (s State) Sent() bool { return s != Announced && s != Drafted && s != Cancelled }

// Held tells whether the meeting is over.
func (s State) Held() bool {
	return s == Closed || s == Minuted || s == Adjusted || s == Published
}

// Settled tells whether the minutes stand, so that nothing moves any more.
func (s State) Settled() bool { return s == Adjusted || s == Published }

// Ended is the day on which the meeting was over: a written procedure that was
// stopped, or that all had answered, is over before its last day.
func (m Meeting) Ended() day.Day {
	if m.Kind != KindWritten || m.Imported || m.ClosedAt == nil || !m.State.Held() || !day.At(*m.ClosedAt).Before(m.On) {
		return m.On
	}
	return day.At(*m.ClosedAt)
}

// The kinds: people meet, or answer in writing.
const (
	KindMeeting = "meeting"
	KindWritten = "written"
)

// Date is a meeting as it is planned.
type Date struct {
	Body           string    `json:"body" minLength:"1" maxLength:"40" doc:"Whose meeting, by the body's key." example:"forum"`
	Kind           string    `json:"kind,omitempty" enum:"meeting,written" doc:"A meeting (also when left out), or a written procedure in place of one." example:"meeting"`
	Title          string    `json:"title,omitempty" maxLength:"200" doc:"What it is called, where it is more than its body and day." example:"Höstens forum"`
	On             day.Day   `json:"on" doc:"The day. A written procedure ends on it." example:"2027-04-15"`
	Begins         string    `json:"begins,omitempty" pattern:"^([01][0-9]|2[0-3]):[0-5][0-9]$" patternDescription:"hours and minutes, as 09:30" doc:"When it begins, in Sweden." example:"09:30"`
	Ends           string    `json:"ends,omitempty" pattern:"^([01][0-9]|2[0-3]):[0-5][0-9]$" patternDescription:"hours and minutes, as 12:00" doc:"When it ends, in Sweden." example:"12:00"`
	Location       string    `json:"location,omitempty" maxLength:"200" doc:"Where." example:"Residenset i Växjö"`
	Link           string    `json:"link,omitempty" maxLength:"1000" doc:"The address for those who take part from afar, with https." example:"https://mote.exempel.se/forum"`
	Note           string    `json:"note,omitempty" maxLength:"2000" doc:"What those who are called should know." example:"Anmäl specialkost till sekreteraren."`
	AnswerBy       day.Day   `json:"answerBy,omitzero" doc:"Until when one should answer." example:"2027-04-01"`
	Chair          uuid.UUID `json:"chair,omitzero" doc:"Who leads it, where that is not the body's own chair." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Secretary      uuid.UUID `json:"secretary,omitzero" doc:"Who keeps its minutes." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	RegistryNumber string    `json:"registryNumber,omitempty" maxLength:"60" doc:"The number in the county's own register." example:"851-1234-2027"`
}

// Meeting is one as it stands.
type Meeting struct {
	ID uuid.UUID `json:"id" doc:"The identifier, unique over time." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Date
	BodyName        string     `json:"bodyName" doc:"What the body was called on the day." example:"Forum för mottagande och etablering"`
	State           State      `json:"state" enum:"announced,draft,called,open,closed,drafted,adjusted,published,cancelled" doc:"How far it has come." example:"called"`
	AnnouncedAt     *time.Time `json:"announcedAt,omitempty" doc:"When its day was announced." example:"2026-11-01T09:00:00Z"`
	CalledAt        *time.Time `json:"calledAt,omitempty" doc:"When those who sit were first called." example:"2027-03-25T09:00:00Z"`
	LateReason      string     `json:"lateReason,omitempty" doc:"Why the call came later than the rule says." example:"Beslutet från regeringen kom den 8 april"`
	Sequence        int        `json:"sequence" doc:"Rises each time that those who were called are told something new." example:"1"`
	OpenedAt        *time.Time `json:"openedAt,omitempty" doc:"When it was opened." example:"2027-04-15T07:31:00Z"`
	ClosedAt        *time.Time `json:"closedAt,omitempty" doc:"When it was closed." example:"2027-04-15T09:58:00Z"`
	AdjustedAt      *time.Time `json:"adjustedAt,omitempty" doc:"When its minutes were adjusted." example:"2027-04-29T12:00:00Z"`
	PublishedAt     *time.Time `json:"publishedAt,omitempty" doc:"When its minutes were published." example:"2027-04-30T08:00:00Z"`
	CancelledAt     *time.Time `json:"cancelledAt,omitempty" doc:"When it was cancelled." example:"2027-04-10T08:00:00Z"`
	CancelledReason string     `json:"cancelledReason,omitempty" doc:"Why it was cancelled." example:"För få kan komma"`
	Item            uuid.UUID  `json:"item,omitzero" doc:"The matter on the table while it is open." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	CountyVersion   int64      `json:"countyVersion,omitempty" doc:"The version of the configuration whose rules it closed by." example:"12"`
	Imported        bool       `json:"imported,omitempty" doc:"Whether it came in from a register of before." example:"false"`
	Demo            bool       `json:"demo,omitempty" doc:"Whether it is made up for show." example:"false"`
	Source          string     `json:"source,omitempty" doc:"Where it is known from, when it came in from elsewhere." example:"Kronobergs protokoll, 2023"`
	Public          bool       `json:"public" doc:"Whether the public may see its day." example:"true"`
	Version         int64      `json:"version" doc:"Moves with each change; it is the ETag." example:"1"`
}

// ETag is the version as HTTP wants it.
func (m Meeting) ETag() string { return strconv.FormatInt(m.Version, 10) }
