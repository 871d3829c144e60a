package meeting

import (
	"encoding/json"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/day"
)

// What a matter is for.
const (
	ForInformation = "information"
	ForDiscussion  = "discussion"
	ForDecision    = "decision"
	ForLearning    = "learning"
)

// How far a matter has come.
const (
	ItemProposed  = "proposed"
	ItemDeclined  = "declined"
	ItemWaiting   = "waiting"
	ItemPlanned   = "planned"
	ItemOnTable   = "on-table"
	ItemHandled   = "handled"
	ItemPostponed = "postponed"
	ItemWithdrawn = "withdrawn"
)

// What came of a matter.
const (
	OutcomeNoted     = "noted"
	OutcomeDiscussed = "discussed"
	OutcomeLearned   = "learned"
	OutcomeCarried   = "carried"
	OutcomeRejected  = "rejected"
	OutcomeAdvised   = "advised"
	OutcomeSentOn    = "sent-on" // handed on to the body that decides
	OutcomePostponed = "postponed"
	OutcomeWithdrawn = "withdrawn"
)

// What a decision can do in the program.
const (
	ActGoalClose        = "goal.close"
	ActGoalAdd          = "goal.add"
	ActInstrumentExtend = "instrument.extend"
	ActPartyAdmit       = "party.admit"
	ActPartyRelease     = "party.release"
	ActConfiguration    = "configuration"
)

// Matter is what is to be taken up.
type Matter struct {
	Kind           string          `json:"kind" enum:"information,discussion,decision,learning" doc:"What it is for." example:"decision"`
	Title          string          `json:"title" minLength:"1" maxLength:"200" doc:"What it is about." example:"Boende som övergripande område"`
	Background     string          `json:"background,omitempty" maxLength:"20000" doc:"What one needs to know. Markdown." example:"Beredningsgruppen har gått igenom området."`
	Proposal       string          `json:"proposal,omitempty" maxLength:"5000" doc:"The wording that is proposed, where something is decided." example:"Boende avslutas som övergripande område."`
	Rapporteur     string          `json:"rapporteur,omitempty" maxLength:"200" doc:"Who presents it." example:"Samordnaren"`
	Duration       int             `json:"duration,omitempty" minimum:"0" maximum:"600" doc:"How long it may take, in minutes." example:"20"`
	Organisation   uuid.UUID       `json:"organisation,omitzero" doc:"The party that proposes it." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	PreparedBy     string          `json:"preparedBy,omitempty" maxLength:"40" doc:"The body that has prepared it, by key." example:"preparatory-group"`
	Confidential   bool            `json:"confidential,omitempty" doc:"Whether only those who sit may see it, and that it is there." example:"false"`
	RegistryNumber string          `json:"registryNumber,omitempty" maxLength:"60" doc:"The number in the county's own register." example:"851-1234-2027"`
	Act            string          `json:"act,omitempty" enum:"goal.close,goal.add,instrument.extend,party.admit,party.release,configuration" doc:"What a decision on it does in the program." example:"goal.close"`
	ActBody        json.RawMessage `json:"actBody,omitempty" doc:"With what: the act's own input."`
}

// Item is a matter as it stands, on an agenda or waiting for one.
type Item struct {
	ID uuid.UUID `json:"id" doc:"The identifier, unique over time: it is kept when the matter is moved or postponed." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Matter
	Body       string     `json:"body" doc:"The body that takes it up, by key." example:"forum"`
	Meeting    uuid.UUID  `json:"meeting,omitzero" doc:"The meeting on whose agenda it is. Left out: it waits." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Number     int        `json:"number,omitempty" doc:"Its number on the agenda as the reader sees it; it is no identity." example:"4"`
	Position   int        `json:"position" doc:"Its place in the order." example:"40"`
	From       uuid.UUID  `json:"from,omitzero" doc:"The matter in the preparing body that it came from." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Standing   bool       `json:"standing,omitempty" doc:"Whether it is on every agenda." example:"false"`
	State      string     `json:"state" enum:"proposed,declined,waiting,planned,on-table,handled,postponed,withdrawn" doc:"How far it has come." example:"planned"`
	Reason     string     `json:"reason,omitempty" doc:"Why it was declined, postponed or withdrawn." example:"Underlaget saknas"`
	Outcome    string     `json:"outcome,omitempty" doc:"What came of it." example:"carried"`
	Result     string     `json:"result,omitempty" doc:"What was said and done, for the minutes. Markdown." example:"Forum tackar för informationen."`
	ProposedAt *time.Time `json:"proposedAt,omitempty" doc:"When it was proposed." example:"2027-03-01T09:00:00Z"`
	OpenedAt   *time.Time `json:"openedAt,omitempty" doc:"When it was taken up." example:"2027-04-15T08:02:00Z"`
	ClosedAt   *time.Time `json:"closedAt,omitempty" doc:"When it was settled." example:"2027-04-15T08:20:00Z"`
	Imported   bool       `json:"imported,omitempty" doc:"Whether it came in from a register of before." example:"false"`
	Demo       bool       `json:"demo,omitempty" doc:"Whether it is made up for show." example:"false"`
	Public     bool       `json:"public" doc:"Whether the public may see it." example:"false"`
	Version    int64      `json:"version" doc:"Moves with each change; it is the ETag." example:"1"`

	proposer uuid.UUID
}

// ETag is the version as HTTP wants it.
func (i Item) ETag() string { return strconv.FormatInt(i.Version, 10) }

// Paper is a document on a matter, in the version that was sent.
type Paper struct {
	ID         uuid.UUID  `json:"id" doc:"The identifier, unique over time." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Item       uuid.UUID  `json:"item" doc:"The matter." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Document   uuid.UUID  `json:"document" doc:"The document." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Title      string     `json:"title" doc:"What it is called." example:"Tjänsteskrivelse om boende"`
	Number     int        `json:"number" doc:"Which version of the document." example:"2"`
	Late       bool       `json:"late" doc:"Whether it came later than the rule says." example:"false"`
	Note       string     `json:"note,omitempty" doc:"What is new in it." example:"Tabell 2 är rättad"`
	AddedAt    time.Time  `json:"addedAt" doc:"When it was added." example:"2027-04-01T09:00:00Z"`
	ReplacedAt *time.Time `json:"replacedAt,omitempty" doc:"When a later version took its place." example:"2027-04-08T09:00:00Z"`
}

// Decision is what a body decided, and what became of it.
type Decision struct {
	ID             uuid.UUID       `json:"id" doc:"The identifier, unique over time." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Meeting        uuid.UUID       `json:"meeting" doc:"The meeting." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Item           uuid.UUID       `json:"item" doc:"The matter." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Body           string          `json:"body" doc:"The body, by key." example:"forum"`
	Year           int             `json:"year" doc:"The year of its number." example:"2027"`
	Series         string          `json:"series,omitempty" enum:"S" doc:"The series of its number. S: that of confidential decisions, which leave no hole in the numbers that everybody reads. Left out: the body's usual one." example:"S"`
	Number         int             `json:"number" doc:"Its number within the body, the year and the series." example:"3"`
	Title          string          `json:"title" doc:"What it is about." example:"Boende som övergripande område"`
	Wording        string          `json:"wording" doc:"What was decided." example:"Boende avslutas som övergripande område."`
	Outcome        string          `json:"outcome" enum:"carried,rejected,advised" doc:"What the vote came to." example:"carried"`
	Reckoning      json.RawMessage `json:"reckoning" doc:"The sum it rests on: who was entitled, whether they were enough, how they voted, by which rule."`
	DecidedOn      day.Day         `json:"decidedOn" doc:"The day." example:"2027-04-15"`
	EffectiveOn    day.Day         `json:"effectiveOn" doc:"From when it holds. It may be before the day of the decision." example:"2027-04-01"`
	Owner          uuid.UUID       `json:"owner,omitzero" doc:"The party that carries it out." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	OwnerName      string          `json:"ownerName,omitempty" doc:"Who carries it out." example:"Samordnaren"`
	Due            day.Day         `json:"due,omitzero" doc:"By when." example:"2027-09-01"`
	Status         string          `json:"status" enum:"open,done,lapsed,none" doc:"What became of it; none: there is nothing to carry out." example:"open"`
	StatusOn       day.Day         `json:"statusOn,omitzero" doc:"Since when." example:"2027-08-20"`
	StatusNote     string          `json:"statusNote,omitempty" doc:"How it was carried out, or why it lapsed." example:"Områdets mål är avslutade"`
	RegistryNumber string          `json:"registryNumber,omitempty" doc:"The number in the county's own register." example:"851-1234-2027"`
	Ratification   bool            `json:"ratification" doc:"Whether each party decides at home too." example:"true"`
	Revises        uuid.UUID       `json:"revises,omitzero" doc:"The earlier decision that it changes." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Act            string          `json:"act,omitempty" doc:"What it does in the program." example:"goal.close"`
	ActedAt        *time.Time      `json:"actedAt,omitempty" doc:"When it was done." example:"2027-04-15T08:21:00Z"`
	ActedOn        string          `json:"actedOn,omitempty" doc:"What it was done to." example:"goal:0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Confidential   bool            `json:"confidential,omitempty" doc:"Whether only those who sit may see it." example:"false"`
	Imported       bool            `json:"imported,omitempty" doc:"Whether it came in from a register of before." example:"false"`
	Demo           bool            `json:"demo,omitempty" doc:"Whether it is made up for show." example:"false"`
	Public         bool            `json:"public" doc:"Whether the public may see it." example:"false"`
	Version        int64           `json:"version" doc:"Moves with each change; it is the ETag." example:"1"`

	actBody json.RawMessage // what the act is done with
}

// Cited is how a decision is named in its body: 3/2027; one in the series of the
// confidential ones S3/2027.
func (d Decision) Cited() string { return d.Series + cited(d.Number, d.Year) }

func cited(number, year int) string { return strconv.Itoa(number) + "/" + strconv.Itoa(year) }

// ActBody is what its act is done with.
func (d Decision) ActBody() json.RawMessage { return d.actBody }

// ETag is the version as HTTP wants it.
func (d Decision) ETag() string { return strconv.FormatInt(d.Version, 10) }
