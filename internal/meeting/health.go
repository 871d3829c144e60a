package meeting

import (
	"context"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
	"github.com/overens/overens/internal/text"
)

// Health is what has been promised and what has been done, as of a day: over the
// twelve months before it, and for what is still open however old it is.
type Health struct {
	On       day.Day   `json:"on" doc:"As of which day." example:"2027-04-15"`
	After    day.Day   `json:"after" doc:"What was done and closed on this day or earlier is not looked at; what is still open is." example:"2026-04-15"`
	Part     bool      `json:"part" doc:"Whether it is only what concerns the reader: the bodies that the reader sits in, and the reader's party." example:"false"`
	Promises []Promise `json:"promises" nullable:"false" doc:"What has been promised, by kind. A kind that nobody has promised is not there."`

	bodies map[string]tenant.Body
	names  map[string]string // of organisations, by key
}

// The kinds of promise, in the order in which they are told.
const (
	PromisedMeetings      = "meetings"      // how often a body meets
	PromisedCalls         = "calls"         // how long before
	PromisedPapers        = "papers"        // how long before
	PromisedQuorum        = "quorum"        // that enough serve when it decides
	PromisedSeats         = "seats"         // that somebody holds each place
	PromisedDeputies      = "deputies"      // and has a deputy
	PromisedHandovers     = "handovers"     // that who leaves introduces who comes
	PromisedAnswers       = "answers"       // that who is called answers
	PromisedMinutes       = "minutes"       // that they are attested
	PromisedDecisions     = "decisions"     // that they are carried out in time
	PromisedRatifications = "ratifications" // that the parties decide at home
	PromisedAreas         = "areas"         // that some body answers for each
)

// Promise is one kind of promise and how it has been kept.
type Promise struct {
	Kind     string    `json:"kind" enum:"meetings,calls,papers,quorum,seats,deputies,handovers,answers,minutes,decisions,ratifications,areas" doc:"What is promised." example:"calls"`
	Promised int       `json:"promised" doc:"How many times it was to be done: of meetings, in how many years." example:"6"`
	Done     int       `json:"done" doc:"How many times it was." example:"5"`
	Waiting  int       `json:"waiting" doc:"How many of the rest can still be done in time." example:"0"`
	Accounts []Account `json:"accounts" nullable:"false" doc:"The same for each body."`
}

// Missed is how many times it was not done.
func (p Promise) Missed() int { return p.Promised - p.Done - p.Waiting }

// Kept tells whether all has been done that should have been by now.
func (p Promise) Kept() bool { return p.Missed() == 0 }

// Account is how one body, or the county (""), keeps one promise.
type Account struct {
	Body     string  `json:"body,omitempty" doc:"The body, by key. Left out: it is the county's." example:"forum"`
	BodyName string  `json:"bodyName,omitempty" doc:"What it is called." example:"Forum för mottagande och etablering"`
	Rule     string  `json:"rule,omitempty" doc:"Which of the body's rules promises it, by key. Left out: none of its own does." example:"notice"`
	Promised int     `json:"promised" doc:"How many times it was to be done." example:"2"`
	Done     int     `json:"done" doc:"How many times it was." example:"1"`
	Waiting  int     `json:"waiting" doc:"How many of the rest can still be done in time." example:"0"`
	Lapses   []Lapse `json:"lapses" nullable:"false" doc:"What has not been done."`
	Years    []Year  `json:"years,omitempty" doc:"Of how often it meets: year by year, the earliest first."`
}

// Missed is how many times it was not done.
func (a Account) Missed() int { return a.Promised - a.Done - a.Waiting }

// Why a promise has not been kept.
const (
	LapseTooFew     = "too-few"   // fewer meetings in a year than promised
	LapseUnplanned  = "unplanned" // the running year's are not planned
	LapseLateCall   = "late-call"
	LapseUncalled   = "uncalled" // the last day to call has passed
	LapseLatePapers = "late-papers"
	LapseUnserved   = "unserved"  // fewer served than a decision asks for
	LapseUndecided  = "undecided" // and so it could not be made
	LapseVacant     = "vacant"
	LapseDeputyless = "deputyless"
	LapseUnhanded   = "unhanded"
	LapseSilent     = "silent"
	LapseUnadjusted = "unadjusted"
	LapseOverdue    = "overdue"
	LapseUndone     = "undone" // what was decided has not been done in the program
	LapseUnratified = "unratified"
	LapseUnanswered = "unanswered-for"
)

// Lapse is one thing that was promised and has not been done.
type Lapse struct {
	Why     string             `json:"why" enum:"too-few,unplanned,late-call,uncalled,late-papers,unserved,undecided,vacant,deputyless,unhanded,silent,unadjusted,overdue,undone,unratified,unanswered-for" doc:"What is the matter." example:"late-call"`
	What    string             `json:"what,omitempty" doc:"What it is about, by its own name: a place, a decision, an area, a year. Left out: the meeting of the day." example:"Alvesta kommun"`
	On      day.Day            `json:"on,omitzero" doc:"The day of the meeting, or the last day to do it." example:"2027-04-15"`
	Since   day.Day            `json:"since,omitzero" doc:"From which day it has been so. Left out: not known." example:"2027-04-02"`
	Count   int                `json:"count,omitzero" doc:"How many: meetings that were held, papers that were late, places that were served." example:"1"`
	Of      int                `json:"of,omitzero" doc:"Of how many." example:"2"`
	Waits   bool               `json:"waits" doc:"Whether it can still be done in time." example:"false"`
	Parties []governance.Party `json:"parties" nullable:"false" doc:"Whose it is, where it is somebody's."`
	Mend    Mend               `json:"mend" doc:"Where it is mended."`
}

// Where something is mended.
const (
	MendSeat         = "seat" // somebody is appointed
	MendDeputy       = "deputy"
	MendPlan         = "plan"    // a meeting is planned
	MendMeeting      = "meeting" // at the meeting
	MendMinutes      = "minutes"
	MendAnswer       = "answer"
	MendHandover     = "handover"
	MendDecision     = "decision"
	MendRatification = "ratification"
	MendSettings     = "settings" // a body's section of the configuration
)

// Mend is where something is mended.
type Mend struct {
	Kind  string    `json:"kind" enum:"seat,deputy,plan,meeting,minutes,answer,handover,decision,ratification,settings" doc:"By what." example:"seat"`
	Body  string    `json:"body,omitempty" doc:"In which body, by key." example:"forum"`
	Place string    `json:"place,omitempty" doc:"Which place, by key." example:"municipality/alvesta"`
	ID    uuid.UUID `json:"id,omitzero" doc:"Which meeting, handover, decision or area." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	In    uuid.UUID `json:"in,omitzero" doc:"The decision of a ratification." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`

	Shut bool `json:"-"` // whether the meeting, minutes or decision there is not for the reader to see
}

// How a year was.
const (
	YearKept    = "kept"
	YearMissed  = "missed"
	YearRunning = "running" // the rest are planned
	YearShort   = "short"   // and not all of them are planned
	YearPartly  = "partly"  // the body, or what is known of it, begins in it: nothing is said of it
)

// Year is how often a body met in a year, against what it has promised.
type Year struct {
	Year     int      `json:"year" doc:"Which." example:"2026"`
	Promised int      `json:"promised" doc:"How many meetings were promised." example:"2"`
	Held     int      `json:"held" doc:"How many were held." example:"1"`
	Coming   int      `json:"coming" doc:"How many more are planned." example:"1"`
	State    string   `json:"state" enum:"kept,missed,running,short,partly" doc:"How it was." example:"running"`
	Meetings []Sketch `json:"meetings" nullable:"false" doc:"The meetings, by day."`
}

// Sketch is a meeting as little more than its day.
type Sketch struct {
	ID   uuid.UUID `json:"id" doc:"The identifier." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	On   day.Day   `json:"on" doc:"Its day." example:"2026-04-15"`
	Held bool      `json:"held" doc:"Whether it was held, or is to come." example:"true"`
	Demo bool      `json:"demo,omitempty" doc:"Whether it is made up for show." example:"false"`
}

// HealthFilter says whose promises, as of which day: a body's, a party's, or
// (neither) the county's.
type HealthFilter struct {
	On    day.Day // zero = today
	Body  string
	Party uuid.UUID
}

// Promises tells what was promised and what was done. The county's readers see
// all of it; a party's people what is their party's and what is done in the bodies
// in which they sit. What is confidential is counted for those who may see it
// alone.
func Promises(ctx context.Context, tx *pg.Tx, f HealthFilter) (Health, error) {
	if f.On.IsZero() {
		f.On = tx.Today()
	}
	b, err := count(ctx, tx, f)
	if err != nil {
		return Health{}, err
	}
	h := Health{On: f.On, After: b.after, Part: !b.all, Promises: []Promise{}, bodies: b.bodies, names: b.names}
	for _, of := range []struct {
		kind     string
		accounts []Account
	}{
		{PromisedMeetings, b.met()},
		{PromisedCalls, b.called()},
		{PromisedPapers, b.papered()},
		{PromisedQuorum, b.quorate()},
		{PromisedSeats, b.seated(governance.VacantSeat)},
		{PromisedDeputies, b.seated(governance.VacantDeputy)},
		{PromisedHandovers, b.handed()},
		{PromisedAnswers, b.answered()},
		{PromisedMinutes, b.adjusted()},
		{PromisedDecisions, b.carried()},
		{PromisedRatifications, b.ratified()},
		{PromisedAreas, b.answeredFor()},
	} {
		p := Promise{Kind: of.kind, Accounts: of.accounts}
		for _, a := range of.accounts {
			p.Promised, p.Done, p.Waiting = p.Promised+a.Promised, p.Done+a.Done, p.Waiting+a.Waiting
		}
		if len(p.Accounts) > 0 {
			h.Promises = append(h.Promises, p)
		}
	}
	return h, nil
}

// Sentence is the rule that an account is held against, in words; "" where it is
// no rule of the body's.
func (h Health) Sentence(a Account, lang text.Lang) string {
	b, ok := h.bodies[a.Body]
	if !ok || a.Rule == "" {
		return ""
	}
	for _, s := range b.Tell(lang, func(key string) string { return h.names[key] }) {
		if s.Rule == a.Rule {
			return s.Text
		}
	}
	return ""
}

// Missed is how many things have not been done that should have been by now.
func (h Health) Missed() int {
	n := 0
	for _, p := range h.Promises {
		n += p.Missed()
	}
	return n
}
