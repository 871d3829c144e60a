package tenant

import (
	"math/big"
	"strconv"
	"strings"
)

// Rules are what a body has agreed on how it works. Nothing said is unknown,
// and what is unknown is not demanded: no source gives a quorum, so where none
// is said, none applies.
type Rules struct {
	Notice        Notice       `json:"notice,omitzero" doc:"How long before a meeting its members are called."`
	Papers        Deadline     `json:"papers,omitzero" doc:"How long before a meeting its papers are out."`
	Proposals     Deadline     `json:"proposals,omitzero" doc:"How long before a meeting a party can propose a matter."`
	Cadence       Cadence      `json:"cadence,omitzero" doc:"How often it meets."`
	Quorum        Quorum       `json:"quorum,omitzero" doc:"How many have to serve for it to decide."`
	Decision      DecisionRule `json:"decision,omitzero" doc:"How it decides."`
	Ratification  string       `json:"ratification,omitzero" enum:"needed,none" doc:"Whether each party has to decide at home too. Left out: unknown." example:"needed"`
	Deputies      Deputies     `json:"deputies,omitzero" doc:"Who serves where a member is away."`
	Bias          string       `json:"bias,omitzero" enum:"leaves,tells,none" doc:"What one with an interest in a matter does: leaves it and is not counted, tells of it and stays, or no rule. Left out: unknown." example:"leaves"`
	Written       Written      `json:"written,omitzero" doc:"Whether it may decide in writing, between meetings."`
	Record        string       `json:"record,omitzero" enum:"minutes,notes" doc:"Whether minutes or notes are kept. Left out: unknown." example:"minutes"`
	RecordWords   RecordWords  `json:"recordWords,omitzero" doc:"The county's own words in the minutes or notes. What is left out is in the program's."`
	Adjusting     Adjusting    `json:"adjusting,omitzero" doc:"Who attests the minutes."`
	Public        Public       `json:"public,omitzero" doc:"What becomes public, and when."`
	StandingItems []Words      `json:"standingItems,omitempty" doc:"What stands on every agenda."`
}

// Deadline is a number of days before a meeting.
type Deadline struct {
	Days     int  `json:"days,omitzero" minimum:"1" doc:"How many days before." example:"7"`
	Workdays bool `json:"workdays,omitzero" doc:"Whether only Swedish working days count; else all days do." example:"true"`
}

// Notice is how long before a meeting its members are called.
type Notice struct {
	Days     int    `json:"days,omitzero" minimum:"1" doc:"How many days before." example:"14"`
	Workdays bool   `json:"workdays,omitzero" doc:"Whether only Swedish working days count; else all days do." example:"false"`
	Late     string `json:"late,omitzero" enum:"stops,reason" doc:"Whether a late call is stopped, or goes out with a reason that the minutes print. Left out: with a reason." example:"reason"`
}

// What becomes of a call that comes late.
const (
	LateStops  = "stops"
	LateReason = "reason"
)

// Cadence is how often a body meets.
type Cadence struct {
	PerYear int  `json:"perYear,omitzero" minimum:"1" doc:"How many meetings a year." example:"2"`
	About   bool `json:"about,omitzero" doc:"Whether that is only about so many." example:"false"`
	OnNeed  bool `json:"onNeed,omitzero" doc:"Whether it meets when needed, also beside those." example:"false"`
}

// Quorum is how many have to serve for the body to decide. Number and Share may
// both be said, and both have to hold; so do the named ones.
type Quorum struct {
	Of        string   `json:"of,omitzero" enum:"none,seats,parties" doc:"What is counted: seats that are served, parties that are served for, or nothing: there is no quorum. Left out: unknown, and none applies." example:"seats"`
	Number    int      `json:"number,omitzero" minimum:"1" doc:"At least so many." example:"9"`
	Share     string   `json:"share,omitzero" pattern:"^[1-9][0-9]?/[1-9][0-9]?$" patternDescription:"a fraction, as 1/2" doc:"At least this share of all." example:"1/2"`
	MoreThan  bool     `json:"moreThan,omitzero" doc:"Whether it has to be more than the share." example:"true"`
	Named     []string `json:"named,omitempty" pattern:"^[a-z0-9]+(-[a-z0-9]+)*$" patternDescription:"an organisation's key, as region" doc:"The parties that have to be served for, by key."`
	Otherwise string   `json:"otherwise,omitzero" enum:"stop,warn" doc:"What follows where it fails: no decision (also when left out), or a warning that the minutes print." example:"stop"`
}

// What a quorum counts, and what follows where it fails.
const (
	QuorumNone    = "none"
	QuorumSeats   = "seats"
	QuorumParties = "parties"

	QuorumStops = "stop"
	QuorumWarns = "warn"
)

// DecisionRule is how a body decides.
type DecisionRule struct {
	Mode    string `json:"mode,omitzero" enum:"consensus,unanimity,majority,qualified,advisory,none" doc:"By consensus (nobody objects), unanimity, simple majority, qualified majority, only as advice, or not at all. Left out: unknown." example:"consensus"`
	Base    string `json:"base,omitzero" enum:"cast,serving,seats" doc:"Of what: the votes cast (also when left out, for a majority), all who serve (also when left out, for unanimity), or all seats." example:"cast"`
	Share   string `json:"share,omitzero" pattern:"^[1-9][0-9]?/[1-9][0-9]?$" patternDescription:"a fraction, as 2/3" doc:"The share that a qualified majority needs." example:"2/3"`
	Casting bool   `json:"casting,omitzero" doc:"Whether the chair decides where votes are equal." example:"true"`
}

// How a body decides, and of what.
const (
	ByConsensus = "consensus"
	ByUnanimity = "unanimity"
	ByMajority  = "majority"
	ByQualified = "qualified"
	ByAdvice    = "advisory"
	ByNothing   = "none"

	BaseCast    = "cast"
	BaseServing = "serving"
	BaseSeats   = "seats"
)

// Whether each party decides at home too.
const (
	RatificationNeeded = "needed"
	RatificationNone   = "none"
)

// Deputies is who serves where a member is away.
type Deputies struct {
	Form     string `json:"form,omitzero" enum:"personal,ordered,pool,none" doc:"Named for one seat, called in order within the party, anyone of the party's, or none. Left out: unknown." example:"personal"`
	Required bool   `json:"required,omitzero" doc:"Whether each party has to have one." example:"true"`
	Handover bool   `json:"handover,omitzero" doc:"Whether who leaves introduces the successor." example:"true"`
}

// How deputies serve.
const (
	DeputiesPersonal = "personal"
	DeputiesOrdered  = "ordered"
	DeputiesPool     = "pool"
	DeputiesNone     = "none"
)

// What one with an interest in a matter does.
const (
	BiasLeaves = "leaves"
	BiasTells  = "tells"
	BiasNone   = "none"
)

// Written is whether a body may decide between its meetings.
type Written struct {
	Form string `json:"form,omitzero" enum:"allowed,none" doc:"Whether it may. Left out: unknown." example:"allowed"`
	Days int    `json:"days,omitzero" minimum:"1" doc:"How many days there are to answer, at least." example:"10"`
}

// Whether a body may decide in writing.
const (
	WrittenAllowed = "allowed"
	WrittenNone    = "none"
)

// How a meeting is recorded.
const (
	RecordMinutes = "minutes"
	RecordNotes   = "notes"
)

// Adjusting is who attests the minutes.
type Adjusting struct {
	By     string `json:"by,omitzero" enum:"chair,chosen,all,none" doc:"The chair, the chair and some chosen ones, all who served, or nobody. Left out: unknown." example:"chosen"`
	Number int    `json:"number,omitzero" minimum:"1" doc:"How many beside the chair, where some are chosen." example:"2"`
}

// Attested tells whether somebody attests: not where the rule is that nobody does,
// and not where none is known.
func (a Adjusting) Attested() bool { return a.By != "" && a.By != AdjustedByNobody }

// Who attests.
const (
	AdjustedByChair  = "chair"
	AdjustedByChosen = "chosen"
	AdjustedByAll    = "all"
	AdjustedByNobody = "none"
)

// Public is what becomes public, and when.
type Public struct {
	Date      string `json:"date,omitzero" enum:"announced,called,never" doc:"When the day of a meeting does." example:"announced"`
	Agenda    string `json:"agenda,omitzero" enum:"called,closed,adjusted,never" doc:"When the agenda does." example:"called"`
	Decisions string `json:"decisions,omitzero" enum:"closed,adjusted,never" doc:"When the decisions do." example:"adjusted"`
	Minutes   string `json:"minutes,omitzero" enum:"adjusted,never" doc:"When the minutes do." example:"adjusted"`
}

// When something becomes public.
const (
	PublicAnnounced = "announced"
	PublicCalled    = "called"
	PublicClosed    = "closed"
	PublicAdjusted  = "adjusted"
	PublicNever     = "never"
)

// Fraction reads a share: 2/3. ok is false for what is none.
func Fraction(share string) (of *big.Rat, ok bool) {
	over, under, found := strings.Cut(share, "/")
	if !found {
		return nil, false
	}
	a, errA := strconv.ParseInt(over, 10, 32)
	b, errB := strconv.ParseInt(under, 10, 32)
	if errA != nil || errB != nil || b == 0 {
		return nil, false
	}
	return big.NewRat(a, b), true
}

// Needed is how many of n a quorum asks for: never more than a sum can say, 0
// where nothing is asked.
func (q Quorum) Needed(n int) int {
	if q.Of == "" || q.Of == QuorumNone {
		return 0
	}
	return max(q.Number, share(q.Share, q.MoreThan, n))
}

// share is the least whole number that is at least a share of n, or more than it.
func share(fraction string, more bool, n int) int {
	of, ok := Fraction(fraction)
	if !ok {
		return 0
	}
	over := of.Num().Int64() * int64(n)
	under := of.Denom().Int64()
	least := (over + under - 1) / under
	if more && least*under == over {
		least++
	}
	return int(least)
}

// Stops tells whether a quorum that fails stops the decision.
func (q Quorum) Stops() bool { return q.Otherwise != QuorumWarns }

// Needed is how many votes for are needed of n: as many votes, servers or seats
// as the rule's base counts. Consensus needs none for and none against, so 0.
func (d DecisionRule) Needed(n int) int {
	switch d.Mode {
	case ByUnanimity:
		return n
	case ByMajority, ByAdvice:
		return n/2 + 1
	case ByQualified:
		return share(d.Share, false, n)
	}
	return 0
}

// Of is what the rule counts its votes of, its own word or the usual one.
func (d DecisionRule) Of() string {
	switch {
	case d.Base != "":
		return d.Base
	case d.Mode == ByUnanimity:
		return BaseServing
	}
	return BaseCast
}

// Decides tells whether the body decides at all by the rule. Unknown, it may.
func (d DecisionRule) Decides() bool { return d.Mode != ByNothing }
