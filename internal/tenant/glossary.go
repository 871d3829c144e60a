package tenant

import "maps"

// Concept is a thing that the county may have a name of its own for.
type Concept string

// The concepts. What a goal, a kind of agreement or a kind of body is called
// stands with it, in the sections goals, instrumentKinds and bodyKinds.
const (
	Agreement      Concept = "agreement"      // the regional agreement: SÖK
	LocalAgreement Concept = "localAgreement" // LÖK
	Party          Concept = "party"
	Representative Concept = "representative"
	Deputy         Concept = "deputy"
	Chair          Concept = "chair"
	Coordinator    Concept = "coordinator"
	Secretariat    Concept = "secretariat"
	AnyBody        Concept = "body" // a council, group or forum, whichever
	Meeting        Concept = "meeting"
	Minutes        Concept = "minutes"
	Plan           Concept = "plan"
	Activity       Concept = "activity"
	Commitment     Concept = "commitment"
	Report         Concept = "report"
	FollowUp       Concept = "followUp"
	Survey         Concept = "survey"
	Goal           Concept = "goal" // goals of whatever level
	Network        Concept = "network"
)

// Glossary is a county's own names. What it leaves out is called as everywhere.
type Glossary struct {
	Agreement      Word `json:"agreement,omitempty" doc:"The regional agreement, whatever the county calls it."`
	LocalAgreement Word `json:"localAgreement,omitempty" doc:"A local agreement under the regional one."`
	Party          Word `json:"party,omitempty" doc:"Whoever has joined the agreement."`
	Representative Word `json:"representative,omitempty" doc:"Who speaks for a party."`
	Deputy         Word `json:"deputy,omitempty" doc:"Who speaks for a party in another's absence."`
	Chair          Word `json:"chair,omitempty" doc:"Who leads a body."`
	Coordinator    Word `json:"coordinator,omitempty" doc:"Who holds the daily work together."`
	Secretariat    Word `json:"secretariat,omitempty" doc:"The office that prepares and carries out."`
	Body           Word `json:"body,omitempty" doc:"A council, group or forum, whichever."`
	Meeting        Word `json:"meeting,omitempty" doc:"When a body meets."`
	Minutes        Word `json:"minutes,omitempty" doc:"What is written of a meeting."`
	Plan           Word `json:"plan,omitempty" doc:"What is to be done in a period."`
	Activity       Word `json:"activity,omitempty" doc:"One thing in a plan."`
	Commitment     Word `json:"commitment,omitempty" doc:"What a party has promised."`
	Report         Word `json:"report,omitempty" doc:"What a party tells of its work."`
	FollowUp       Word `json:"followUp,omitempty" doc:"The account of how the whole went."`
	Survey         Word `json:"survey,omitempty" doc:"Questions to the parties."`
	Goal           Word `json:"goal,omitempty" doc:"What is aimed at, on whatever level."`
	Network        Word `json:"network,omitempty" doc:"A network of others that the agreement leans on."`
}

// concepts are all of them, in the order of the file.
var concepts = []struct {
	Concept
	of func(*Glossary) *Word
}{
	{Agreement, func(g *Glossary) *Word { return &g.Agreement }},
	{LocalAgreement, func(g *Glossary) *Word { return &g.LocalAgreement }},
	{Party, func(g *Glossary) *Word { return &g.Party }},
	{Representative, func(g *Glossary) *Word { return &g.Representative }},
	{Deputy, func(g *Glossary) *Word { return &g.Deputy }},
	{Chair, func(g *Glossary) *Word { return &g.Chair }},
	{Coordinator, func(g *Glossary) *Word { return &g.Coordinator }},
	{Secretariat, func(g *Glossary) *Word { return &g.Secretariat }},
	{AnyBody, func(g *Glossary) *Word { return &g.Body }},
	{Meeting, func(g *Glossary) *Word { return &g.Meeting }},
	{Minutes, func(g *Glossary) *Word { return &g.Minutes }},
	{Plan, func(g *Glossary) *Word { return &g.Plan }},
	{Activity, func(g *Glossary) *Word { return &g.Activity }},
	{Commitment, func(g *Glossary) *Word { return &g.Commitment }},
	{Report, func(g *Glossary) *Word { return &g.Report }},
	{FollowUp, func(g *Glossary) *Word { return &g.FollowUp }},
	{Survey, func(g *Glossary) *Word { return &g.Survey }},
	{Goal, func(g *Glossary) *Word { return &g.Goal }},
	{Network, func(g *Glossary) *Word { return &g.Network }},
}

// Concepts are all that a county may name itself.
func Concepts() []Concept {
	all := make([]Concept, len(concepts))
	for i, c := range concepts {
		all[i] = c.Concept
	}
	return all
}

func (g Glossary) word(concept Concept) Word {
	for _, c := range concepts {
		if c.Concept == concept {
			return *c.of(&g)
		}
	}
	return nil
}

// Word is what the county calls a concept: language for language its own word,
// or else the national one.
func (on Configuration) Word(concept Concept) Word {
	word := Word{}
	usual := Usual()
	for _, from := range []Word{usual.Words[0].Value.word(concept), on.Words.word(concept)} {
		maps.Copy(word, from)
	}
	return word
}

func (g Glossary) check(c *checker) {
	for _, concept := range concepts {
		concept.of(&g).check(c.in(string(concept.Concept)), true)
	}
}
