package tenant

import "slices"

// Bodies is the county's governance model: its bodies, who has a seat in them,
// and by which rules they work. A body that a later version leaves out has been
// dissolved from that day.
type Bodies struct {
	Bodies []Body `json:"bodies,omitempty" required:"true" doc:"The bodies, in the order in which the county tells of them."`
}

// Body is a council, a forum, a group or a network.
type Body struct {
	Key         string   `json:"key" required:"true" unique:"true" pattern:"^[a-z][a-z0-9-]{0,39}$" patternDescription:"a to z, digits and hyphens, a letter first" doc:"Names the body in files and records; it never changes." example:"forum"`
	Kind        string   `json:"kind" required:"true" doc:"Its kind, by key, of those in bodyKinds." example:"forum"`
	Name        Words    `json:"name,omitempty" required:"true" doc:"What it is called." example:"{\"sv\": \"Forum för mottagande och etablering\"}"`
	Purpose     Words    `json:"purpose,omitempty" doc:"What it is for."`
	Tasks       []Words  `json:"tasks,omitempty" doc:"What it does, one task at a time."`
	Under       []string `json:"under,omitempty" doc:"The bodies that it stands under, by key." example:"[\"forum\"]"`
	PreparesFor []string `json:"preparesFor,omitempty" doc:"The bodies whose matters it prepares, by key." example:"[\"forum\"]"`
	Initiates   bool     `json:"initiates,omitzero" doc:"Whether it also raises matters of its own, where it prepares." example:"true"`
	AnswersFor  []string `json:"answersFor,omitempty" pattern:"^[a-z0-9][a-z0-9-]{0,59}$" patternDescription:"a goal's key, as halsa" doc:"The areas and goals that it answers for, by the keys they have in the agreement." example:"[\"halsa\"]"`
	Chair       Office   `json:"chair,omitzero" doc:"Who leads it."`
	Convener    Office   `json:"convener,omitzero" doc:"Who calls it, where that is not the chair."`
	Secretariat []string `json:"secretariat,omitempty" pattern:"^[a-z0-9]+(-[a-z0-9]+)*$" patternDescription:"an organisation's key, as lansstyrelsen" doc:"The organisations that keep its secretariat, by key." example:"[\"lansstyrelsen\"]"`
	Appointed   Words    `json:"appointed,omitempty" doc:"How and by whom it was set up or appointed, as the source has it."`
	Origin      string   `json:"origin,omitzero" enum:"own,line,shared" doc:"Whether it is the agreement's own, borrowed from the ordinary line of organisations, or shared with other themes. Left out: unknown." example:"own"`
	Themes      []Words  `json:"themes,omitempty" doc:"The other themes it is shared with."`
	Decides     []string `json:"decides,omitempty" enum:"direction,results,structure,plan,budget,membership,agreement,rules,opinion" doc:"What it may decide. Left out: it decides nothing, as far as is known." example:"[\"direction\", \"structure\"]"`
	Published   bool     `json:"published,omitzero" doc:"Whether everybody may read what the body is for, what it decides, whose seats it has and by which rules it works. Who sits there is never published. Left out: only members may." example:"true"`
	Seats       []Seat   `json:"seats,omitempty" doc:"The seats."`
	Rules       Rules    `json:"rules,omitzero" doc:"The rules by which it works. What is left out is unknown, and nothing is demanded."`
}

// What a body may decide.
const (
	DecidesDirection  = "direction"
	DecidesResults    = "results"
	DecidesStructure  = "structure" // areas and goals: added, closed
	DecidesPlan       = "plan"
	DecidesBudget     = "budget"     // money and how its cost is shared
	DecidesMembership = "membership" // parties admitted and released
	DecidesAgreement  = "agreement"  // the agreement itself: adopted, extended
	DecidesRules      = "rules"      // bodies and rules
	DecidesOpinion    = "opinion"    // what it thinks, binding nobody
)

// Where a body comes from.
const (
	OriginOwn    = "own"
	OriginLine   = "line"
	OriginShared = "shared"
)

// Office is who leads or calls a body.
type Office struct {
	By           string `json:"by,omitzero" enum:"office,elected,rotating,none" doc:"Whether a named office does, one that the body elects, each in turn, or nobody. Left out: unknown." example:"office"`
	Organisation string `json:"organisation,omitzero" pattern:"^[a-z0-9]+(-[a-z0-9]+)*$" patternDescription:"an organisation's key, as lansstyrelsen" doc:"Whose office it is, by key." example:"lansstyrelsen"`
	Title        Words  `json:"title,omitempty" doc:"The office." example:"{\"sv\": \"landshövdingen\", \"en\": \"the county governor\"}"`
}

// By whom a body is led or called.
const (
	ByOffice   = "office"
	ByElected  = "elected"
	ByRotating = "rotating"
	ByNobody   = "none"
)

// Seat is a chair at the table, or several of the same sort.
type Seat struct {
	Key           string   `json:"key" required:"true" unique:"true" pattern:"^[a-z][a-z0-9-]{0,39}$" patternDescription:"a to z, digits and hyphens, a letter first" doc:"Names the seat in files and records; it never changes." example:"municipality"`
	Name          Words    `json:"name,omitempty" doc:"What the seat is called, where its organisation does not say it: an office, a corner, an association."`
	Organisations []string `json:"organisations,omitempty" pattern:"^[a-z0-9]+(-[a-z0-9]+)*$" patternDescription:"an organisation's key, as alvesta" doc:"Whose seat it is, by key: one, or several who share it."`
	Each          string   `json:"each,omitzero" enum:"municipality,region,county-administration,state-agency,university,coordination-association,municipal-federation,municipal-association,company,business-association,trade-union,faith-community,civil-society,agreement-platform,other" doc:"One seat for each party of the type, whoever they are on the day." example:"municipality"`
	Number        int      `json:"number,omitzero" minimum:"2" doc:"How many such seats there are, or of each party; left out: one." example:"2"`
	Standing      string   `json:"standing,omitzero" enum:"ordinary,offered,adjunct,guest" doc:"Ordinary (also when left out); offered when needed, with a vote while it is accepted; adjunct, without a vote; guest." example:"ordinary"`
	Level         string   `json:"level,omitzero" enum:"political,top-management,middle-management,official" doc:"From which level its holder comes. Left out: unknown." example:"political"`
	Mandate       string   `json:"mandate,omitzero" enum:"binds,refers-back" doc:"Whether its holder may bind the party, or must take the matter home. Left out: unknown." example:"binds"`
}

// How a seat stands at the table.
const (
	SeatOrdinary = "ordinary"
	SeatOffered  = "offered"
	SeatAdjunct  = "adjunct"
	SeatGuest    = "guest"
)

// What the holder of a seat may do for the party.
const (
	MandateBinds      = "binds"
	MandateRefersBack = "refers-back"
)

// Votes tells whether the seat's holder takes part in decisions.
func (s Seat) Votes() bool {
	return s.Standing == "" || s.Standing == SeatOrdinary || s.Standing == SeatOffered
}

// Optional tells whether the seat stands only while it has been offered and accepted.
func (s Seat) Optional() bool { return s.Standing == SeatOffered }

// Of tells how many seats there are of the sort, of each party where Each is said.
func (s Seat) Of() int { return max(s.Number, 1) }

// Body finds a body by its key.
func (b Bodies) Body(key string) (Body, bool) {
	return find(b.Bodies, func(b Body) bool { return b.Key == key })
}

// Seat finds a seat by its key.
func (b Body) Seat(key string) (Seat, bool) {
	return find(b.Seats, func(s Seat) bool { return s.Key == key })
}

// May tells whether the body may decide on a subject.
func (b Body) May(subject string) bool { return slices.Contains(b.Decides, subject) }

// Beneath are the bodies that stand directly under one, or ("") under none.
func (b Bodies) Beneath(key string) []Body {
	var all []Body
	for _, body := range b.Bodies {
		if key == "" && len(body.Under) == 0 || key != "" && slices.Contains(body.Under, key) {
			all = append(all, body)
		}
	}
	return all
}

// Preparing are the bodies that prepare for one.
func (b Bodies) Preparing(key string) []Body {
	var all []Body
	for _, body := range b.Bodies {
		if slices.Contains(body.PreparesFor, key) {
			all = append(all, body)
		}
	}
	return all
}

// Votes are how many voting seats the model alone says there are, and whether
// that is all: seats for each party of a type are as many as there are parties.
func (b Body) Votes() (n int, all bool) {
	all = true
	for _, s := range b.Seats {
		switch {
		case !s.Votes():
		case s.Each != "":
			all = false
		default:
			n += s.Of()
		}
	}
	return n, all
}
