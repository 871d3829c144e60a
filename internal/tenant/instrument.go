package tenant

import "slices"

// InstrumentKinds are the kinds of instrument that hold the county's work
// together: an agreement, a strategy, a plan of action, or none that is signed.
type InstrumentKinds struct {
	Kinds []InstrumentKind `json:"kinds,omitempty" required:"true" doc:"The kinds, the county's own agreement first."`
}

// How an instrument comes to hold.
const (
	AdoptedBySigning   = "signatures"  // each party signs, maybe on a day of its own
	AdoptedByMinutes   = "minutes"     // one body adopts it
	AdoptedByBodies    = "bodies"      // several bodies adopt it, each for itself
	AdoptedAsDirection = "directional" // nobody is bound; it points a direction
	AdoptedByNobody    = "none"        // a partnership without a document
)

// How long an instrument holds.
const (
	ValidFixed              = "fixed"                // from a day to a day
	ValidUntilFurtherNotice = "until-further-notice" // looked over now and then
	ValidOpen               = "open"                 // no end is stated
)

// The scopes of an instrument.
const (
	ScopeRegional = "regional"
	ScopeLocal    = "local" // under the regional one, with parties of its own
)

// InstrumentKind is one kind of instrument.
type InstrumentKind struct {
	Key                string   `json:"key" required:"true" unique:"true" pattern:"^[a-z][a-z0-9-]{0,39}$" patternDescription:"a to z, digits and hyphens, a letter first" doc:"Names the kind in files and records; it never changes." example:"agreement"`
	Word               Word     `json:"word,omitempty" required:"true" doc:"What the kind is called."`
	Scope              string   `json:"scope,omitzero" enum:"regional,local" doc:"Whether it is for the whole county (regional, also when left out) or under that, for one or several municipalities (local)." example:"regional"`
	Adoption           string   `json:"adoption,omitzero" enum:"signatures,minutes,bodies,directional,none" doc:"How it comes to hold: signed by each party, adopted in one body's minutes, adopted by several bodies, directional only, or without a document. Left out: unknown." example:"signatures"`
	Bodies             int      `json:"bodies,omitzero" minimum:"2" doc:"How many bodies adopt it, where several do." example:"2"`
	Intent             bool     `json:"intent,omitzero" doc:"Whether it is a statement of intent: it binds in good faith, not in law." example:"true"`
	Validity           []string `json:"validity,omitempty" enum:"fixed,until-further-notice,open" doc:"How long it may hold: a fixed period, until further notice, or with no end stated. Left out: unknown."`
	Extendable         bool     `json:"extendable,omitzero" doc:"Whether a fixed period can be extended by decision." example:"true"`
	ReviewMonths       int      `json:"reviewMonths,omitzero" minimum:"1" doc:"How often it is looked over while it holds, in months." example:"12"`
	BeginsBeforeSigned bool     `json:"beginsBeforeSigned,omitzero" doc:"Whether its period may begin before all have signed." example:"true"`
	Initiator          string   `json:"initiator,omitzero" pattern:"^[a-z0-9]+(-[a-z0-9]+)*$" patternDescription:"an organisation's key, as af" doc:"Which organisation starts it, by key, where it is not the lead." example:"af"`
}

// Kind finds a kind by its key.
func (s InstrumentKinds) Kind(key string) (InstrumentKind, bool) {
	return find(s.Kinds, func(k InstrumentKind) bool { return k.Key == key })
}

// Local tells whether the kind is for a part of the county.
func (k InstrumentKind) Local() bool { return k.Scope == ScopeLocal }

// Signed tells whether each party signs it.
func (k InstrumentKind) Signed() bool { return k.Adoption == AdoptedBySigning }

func (s InstrumentKinds) check(c *checker) {
	for n, kind := range s.Kinds {
		at := c.in("kinds").item(n)
		kind.Word.check(at.in("word"), false)
		if kind.Bodies != 0 && kind.Adoption != AdoptedByBodies {
			at.in("bodies").refuse("tenant.instrument.bodies", "adoption", kind.Adoption)
		}
		if kind.BeginsBeforeSigned && kind.Adoption != AdoptedBySigning {
			at.in("beginsBeforeSigned").refuse("tenant.instrument.never_signed", "adoption", kind.Adoption)
		}
		if kind.Extendable && !slices.Contains(kind.Validity, ValidFixed) {
			at.in("extendable").refuse("tenant.instrument.no_end_to_extend")
		}
	}
	if len(s.Kinds) > 0 && !slices.ContainsFunc(s.Kinds, func(k InstrumentKind) bool { return !k.Local() }) {
		c.in("kinds").refuse("tenant.instrument.only_local")
	}
}
