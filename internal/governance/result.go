package governance

import (
	"github.com/google/uuid"

	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/tenant"
)

// Verdict is what became of a proposal.
type Verdict string

// The verdicts.
const (
	Carried   Verdict = "carried"
	Rejected  Verdict = "rejected"
	Undecided Verdict = "undecided"
)

// Why a proposal was not carried, or by what it was.
const (
	ReasonQuorum    = "quorum"    // too few serve, and the rule stops
	ReasonNobody    = "nobody"    // nobody is entitled to decide
	ReasonObjection = "objection" // somebody objects where nobody may
	ReasonNoVotes   = "no-votes"  // nothing for and nothing against
	ReasonTooFew    = "too-few"   // fewer for than the rule needs
	ReasonTie       = "tie"       // equal, and nobody's vote decides
	ReasonCasting   = "casting"   // equal, and the chair's vote decided, or is awaited
)

// Outcome is what a decision came to, with its sum. It is kept with the decision.
type Outcome struct {
	Verdict     Verdict `json:"verdict" enum:"carried,rejected,undecided" doc:"What became of the proposal." example:"carried"`
	Reason      string  `json:"reason,omitempty" enum:",quorum,nobody,objection,no-votes,too-few,tie,casting" doc:"Why, where the votes alone do not say it." example:"tie"`
	Mode        string  `json:"mode,omitempty" enum:",consensus,unanimity,majority,qualified,advisory" doc:"By which mode. Empty: no rule is known, and it was done as by consensus." example:"majority"`
	Binding     bool    `json:"binding" doc:"Whether what is carried binds; advice does not." example:"true"`
	Acclamation bool    `json:"acclamation" doc:"Whether it was asked who objects, and no vote counted." example:"false"`
	Entitled    []Voter `json:"entitled" nullable:"false" doc:"Those who were entitled to decide, and what each said."`
	For         int     `json:"for" doc:"Votes for." example:"9"`
	Against     int     `json:"against" doc:"Votes against." example:"3"`
	Abstained   int     `json:"abstained" doc:"Those who abstained." example:"1"`
	NotVoted    int     `json:"notVoted" doc:"Those who cast no vote." example:"1"`
	Objections  int     `json:"objections" doc:"How many objected." example:"0"`
	Base        string  `json:"base,omitempty" enum:",cast,serving,seats" doc:"What the votes are counted of, where they are." example:"cast"`
	Of          int     `json:"of,omitzero" doc:"How many that is." example:"12"`
	Needed      int     `json:"needed,omitzero" doc:"How many votes for are needed." example:"7"`
	Casting     bool    `json:"casting" doc:"Whether the chair's vote decided." example:"false"`
	Lines       []Line  `json:"lines" nullable:"false" doc:"The sum, from top to bottom."`
}

// Voted tells whether anybody has voted: then who has not is told as well.
func (o Outcome) Voted() bool { return o.For+o.Against+o.Abstained > 0 }

// Result tells what became of a proposal by the body's rule, of those who serve
// at the table and of a quorum reckoned from the same table.
//
// Consensus stands where nobody objects, and a vote against is an objection.
// Where no rule is known it is done as by consensus, and the sum says so.
// Unanimity, majority and a qualified majority are counted of the votes cast,
// for and against, of all who serve, or of all seats; advice as a majority. Who
// is biased is not among those who serve. Where all of that base have voted and
// stand equal, the chair's own vote decides, if the rule has it so and the chair
// is entitled to vote; else the proposal falls.
//
// By acclamation no vote is counted: all who serve are for, unless one objects,
// and then there is no decision until it is voted on. Of all seats they may still
// be too few.
//
// A ballot that cannot count is a fault and never passed over, and so is asking
// a body that decides nothing.
func Result(rule tenant.DecisionRule, t Table, q Reckoning, ballots []Ballot, objections int, chair uuid.UUID, acclamation bool) (Outcome, error) {
	switch {
	case !rule.Decides():
		return Outcome{}, fault.New(fault.Conflict, "ballot.decides_nothing")
	case acclamation && len(ballots) > 0:
		return Outcome{}, fault.Bad("ballot.acclamation", "/ballots")
	}
	o := Outcome{
		Mode: rule.Mode, Binding: rule.Mode != tenant.ByAdvice, Acclamation: acclamation,
		Entitled: entitled(t, q), Objections: objections, Lines: []Line{},
	}
	if err := cast(o.Entitled, t, ballots); err != nil {
		return Outcome{}, err
	}
	o.count()
	o.add("entitled", "count", len(o.Entitled))
	switch {
	case q.Stops:
		o.end(Undecided, ReasonQuorum, "no_quorum")
	case len(o.Entitled) == 0:
		o.end(Undecided, ReasonNobody, "nobody")
	case rule.Mode == "" || rule.Mode == tenant.ByConsensus:
		o.agree()
	case acclamation && objections > 0:
		o.add("objections", "count", objections)
		o.end(Undecided, ReasonObjection, "vote_instead")
	default:
		o.weigh(rule, seats(t), chair)
	}
	o.tellVerdict()
	return o, nil
}

// seats are how many places with a vote there are, served or not.
func seats(t Table) int {
	n := 0
	for _, c := range t.Chairs {
		if c.Place.Votes() {
			n++
		}
	}
	return n
}

func (o *Outcome) count() {
	for _, v := range o.Entitled {
		switch v.Vote {
		case VoteFor:
			o.For++
		case VoteAgainst:
			o.Against++
		case VoteAbstains:
			o.Abstained++
		default:
			o.NotVoted++
		}
	}
}

func (o *Outcome) add(key string, pairs ...any) { o.Lines = append(o.Lines, line(key, pairs...)) }

// end sets the verdict, and writes why where there is more to say.
func (o *Outcome) end(v Verdict, reason, key string) {
	o.Verdict, o.Reason = v, reason
	if key != "" {
		o.add(key)
	}
}

// agree decides by consensus.
func (o *Outcome) agree() {
	if o.Mode == "" {
		o.add("unknown_mode")
	}
	if o.Against > 0 {
		o.add("against_objects", "count", o.Against)
	}
	switch {
	case o.Objections > 0:
		o.add("objections", "count", o.Objections)
		o.end(Undecided, ReasonObjection, "")
	case o.Against > 0:
		o.end(Undecided, ReasonObjection, "")
	default:
		o.end(Carried, "", "no_objection")
	}
}

// weigh decides by votes, or by acclamation as if all who serve were for.
func (o *Outcome) weigh(rule tenant.DecisionRule, seats int, chair uuid.UUID) {
	yes, votes := o.For, o.For+o.Against
	if o.Acclamation {
		yes, votes = len(o.Entitled), len(o.Entitled)
		o.add("acclamation")
	} else {
		o.tellVotes()
	}
	o.Base = rule.Of()
	o.Of = map[string]int{tenant.BaseCast: votes, tenant.BaseServing: len(o.Entitled), tenant.BaseSeats: seats}[o.Base]
	o.Needed = rule.Needed(o.Of)
	if votes == 0 {
		o.end(Undecided, ReasonNoVotes, "no_votes")
		return
	}
	o.tellNeed(rule)
	equal := !o.Acclamation && o.For == o.Against && votes == o.Of
	switch {
	case rule.Mode == tenant.ByUnanimity && o.Objections > 0:
		o.add("objections", "count", o.Objections)
		o.end(Rejected, ReasonObjection, "")
	case yes >= o.Needed:
		o.end(Carried, "", "")
	case !equal || rule.Mode == tenant.ByUnanimity || rule.Mode == tenant.ByQualified:
		o.end(Rejected, ReasonTooFew, "")
	case !rule.Casting:
		o.end(Rejected, ReasonTie, "tie")
	default:
		o.breakTie(chair)
	}
}

// breakTie lets the chair's own vote decide.
func (o *Outcome) breakTie(chair uuid.UUID) {
	for _, v := range o.Entitled {
		if v.Person != chair {
			continue
		}
		switch v.Vote {
		case VoteFor:
			o.Casting = true
			o.end(Carried, ReasonCasting, "casting_for")
		case VoteAgainst:
			o.Casting = true
			o.end(Rejected, ReasonCasting, "casting_against")
		default:
			// The chair can still be asked.
			o.end(Undecided, ReasonCasting, "casting_awaited")
		}
		return
	}
	o.end(Rejected, ReasonTie, "tie_without_chair")
}

func (o *Outcome) tellVotes() {
	o.add("for", "count", o.For)
	o.add("against", "count", o.Against)
	if o.Abstained > 0 {
		o.add("abstained", "count", o.Abstained)
	}
	if o.NotVoted > 0 {
		o.add("not_voted", "count", o.NotVoted)
	}
}

// tellNeed writes what is needed, and how that came about.
func (o *Outcome) tellNeed(rule tenant.DecisionRule) {
	switch rule.Mode {
	case tenant.ByUnanimity:
		o.add("need_all_"+o.Base, "count", o.Of)
	case tenant.ByQualified:
		o.add("need_share_"+o.Base, "count", o.Of, "share", rule.Share, "needed", o.Needed)
	default:
		o.add("need_half_"+o.Base, "count", o.Of, "needed", o.Needed)
	}
}

func (o *Outcome) tellVerdict() {
	switch {
	case o.Binding || o.Verdict == Undecided:
		o.add(string(o.Verdict))
	default:
		o.add("advice_" + string(o.Verdict))
		o.add("advice_binds_nobody")
	}
}
