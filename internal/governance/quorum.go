package governance

import (
	"slices"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/tenant"
)

// Reckoning is whether enough serve for a decision, with its sum. It is kept
// with the decision.
type Reckoning struct {
	Of             string  `json:"of,omitzero" enum:"none,seats,parties" doc:"What the rule counts. Left out: there is no rule, and seats are counted to be told." example:"seats"`
	All            int     `json:"all" doc:"How many there are, with a vote." example:"17"`
	Serving        int     `json:"serving" doc:"How many of them are served, or served for." example:"14"`
	Biased         int     `json:"biased" doc:"How many of these are not counted, since who serves has an interest in the matter." example:"2"`
	Counted        int     `json:"counted" doc:"How many are left." example:"12"`
	Needed         int     `json:"needed" doc:"How many are needed. 0: no number is." example:"9"`
	Missing        int     `json:"missing" doc:"How many more are needed." example:"0"`
	MissingParties []Party `json:"missingParties" nullable:"false" doc:"The parties that the rule names and nobody serves for."`
	Holds          bool    `json:"holds" doc:"Whether they are enough." example:"true"`
	Stops          bool    `json:"stops" doc:"Whether no decision can be made, since they are not." example:"false"`
	Gaps           []Gap   `json:"gaps" nullable:"false" doc:"The places with a vote that are not counted."`
	Lines          []Line  `json:"lines" nullable:"false" doc:"The sum, from top to bottom."`
}

// Gap is a place that is not counted.
type Gap struct {
	Place   string       `json:"place" doc:"The place, by key." example:"municipality/alvesta"`
	Seat    tenant.Words `json:"seat,omitempty" doc:"What the seat is called, where its party does not say it."`
	Parties []Party      `json:"parties" nullable:"false" doc:"Whose it is."`
	Name    string       `json:"name,omitempty" doc:"Who holds it; of a biased one, who serves it." example:"Kim Lind"`
	Why     string       `json:"why" enum:"vacant,absent,deputies-absent,elsewhere,biased" doc:"Why it is not counted." example:"absent"`
}

// Quorum reckons whether enough serve at the table for a decision, those biased
// in the matter left out. They are counted all the same where the body's rule is
// that they tell of it and stay, or that nothing follows; where no rule is known
// they leave too, which is the careful way. Whether a deputy comes in for one who
// leaves is for whoever calls Serve, by leaving him out of those present there.
//
// What is needed is a share of all that stand on the day, served or not. A place
// that several parties share is served for all of them. Where no quorum is known
// none applies.
func Quorum(rule tenant.Quorum, t Table, biased []uuid.UUID, bias string) Reckoning {
	r := Reckoning{Of: rule.Of, MissingParties: []Party{}, Gaps: []Gap{}, Lines: []Line{}}
	leave := bias == "" || bias == tenant.BiasLeaves
	all, serving, counted := tallyOf(rule.Of), tallyOf(rule.Of), tallyOf(rule.Of)
	var votes, interested int
	named := named{want: rule.Named, served: map[string]bool{}, known: map[string]Party{}}
	for _, c := range t.Chairs {
		if !c.Place.Votes() {
			continue
		}
		votes++
		named.meet(c.Place)
		all.add(c.Place)
		if c.Server == nil {
			r.Gaps = append(r.Gaps, gap(c, c.Holder, c.Empty))
			continue
		}
		serving.add(c.Place)
		if slices.Contains(biased, c.Server.Person) {
			interested++
			if leave {
				r.Gaps = append(r.Gaps, gap(c, c.Server, EmptyBiased))
				continue
			}
		}
		counted.add(c.Place)
		named.serve(c.Place)
	}
	r.All, r.Serving, r.Counted = all.n(), serving.n(), counted.n()
	r.Biased = r.Serving - r.Counted
	r.Needed = rule.Needed(r.All)
	r.Missing = max(0, r.Needed-r.Counted)
	if r.rules() {
		r.MissingParties = named.missing()
	}
	r.Holds = r.Missing == 0 && len(r.MissingParties) == 0
	r.Stops = !r.Holds && rule.Stops()

	r.tell(len(t.Chairs)-votes, interested, leave)
	r.tellNeed(rule)
	r.tellNamed(named)
	r.tellVerdict(rule)
	return r
}

// rules tells whether there is a rule to reckon by.
func (r *Reckoning) rules() bool { return r.Of != "" && r.Of != tenant.QuorumNone }

// tally counts places, or the parties they are of, each party once.
type tally struct {
	places  int
	parties map[uuid.UUID]bool // nil where places are counted
}

func tallyOf(of string) *tally {
	if of == tenant.QuorumParties {
		return &tally{parties: map[uuid.UUID]bool{}}
	}
	return &tally{}
}

func (t *tally) add(p Place) {
	if t.parties == nil {
		t.places++
		return
	}
	for _, party := range p.Parties {
		t.parties[party.ID] = true
	}
}

func (t *tally) n() int {
	if t.parties == nil {
		return t.places
	}
	return len(t.parties)
}

func gap(c Chair, who *Mandate, why string) Gap {
	g := Gap{Place: c.Place.Key, Seat: c.Place.Seat.Name, Parties: c.Place.Parties, Why: why}
	if who != nil {
		g.Name = who.Name
	}
	return g
}

// named are the parties that have to be served for, by key.
type named struct {
	want   []string
	served map[string]bool
	known  map[string]Party
}

func (n named) meet(p Place) {
	for _, party := range p.Parties {
		if slices.Contains(n.want, party.Key) {
			n.known[party.Key] = party
		}
	}
}

func (n named) serve(p Place) {
	for _, party := range p.Parties {
		if slices.Contains(n.want, party.Key) {
			n.served[party.Key] = true
		}
	}
}

// party is one that is named, also when it has no place that day.
func (n named) party(key string) Party {
	if p, ok := n.known[key]; ok {
		return p
	}
	return Party{Key: key, Name: key}
}

func (n named) missing() []Party {
	all := []Party{}
	for _, key := range n.want {
		if !n.served[key] {
			all = append(all, n.party(key))
		}
	}
	return all
}

func (r *Reckoning) add(key string, pairs ...any) { r.Lines = append(r.Lines, line(key, pairs...)) }

// tell writes how many there are and how many of them count.
func (r *Reckoning) tell(voteless, interested int, leave bool) {
	places, serving, biased := "places", "serving", "biased"
	if r.Of == tenant.QuorumParties {
		places, serving, biased = "parties", "represented", "parties_biased"
	}
	r.add(places, "count", r.All)
	if voteless > 0 {
		r.add("voteless", "count", voteless)
	}
	r.add(serving, "count", r.Serving)
	switch {
	case !leave && interested > 0:
		r.add("biased_stay", "count", interested)
	case r.Biased > 0: // none, where another still serves for the party
		r.add(biased, "count", r.Biased)
		r.add("left", "count", r.Counted)
	}
}

// tellNeed writes what is needed, and how that came about.
func (r *Reckoning) tellNeed(rule tenant.Quorum) {
	ofShare := tenant.Quorum{Of: rule.Of, Share: rule.Share, MoreThan: rule.MoreThan}.Needed(r.All)
	switch {
	case r.Of == "":
		r.add("no_rule")
	case r.Of == tenant.QuorumNone:
		r.add("none_needed")
	case r.Needed == 0:
	case ofShare < r.Needed || rule.Share == "":
		r.add("needed", "count", r.Needed)
	case rule.MoreThan:
		r.add("needed_more", "count", r.Needed, "share", rule.Share, "all", r.All)
	default:
		r.add("needed_share", "count", r.Needed, "share", rule.Share, "all", r.All)
	}
}

func (r *Reckoning) tellNamed(n named) {
	if !r.rules() {
		return
	}
	for _, key := range n.want {
		if n.served[key] {
			r.add("named", "party", n.party(key).Name)
		} else {
			r.add("named_missing", "party", n.party(key).Name)
		}
	}
}

func (r *Reckoning) tellVerdict(rule tenant.Quorum) {
	switch {
	case !r.rules():
		return
	case r.Holds:
		r.add("holds")
		return
	case r.Missing == 0:
		r.add("fails")
	case r.Of == tenant.QuorumParties:
		r.add("parties_missing", "count", r.Missing)
	default:
		r.add("missing", "count", r.Missing)
	}
	if rule.Stops() {
		r.add("stops")
	} else {
		r.add("warns")
	}
}
