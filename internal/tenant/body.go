package tenant

// BodyKinds are the kinds of council, group and forum that the county has.
type BodyKinds struct {
	Kinds []BodyKind `json:"kinds,omitempty" required:"true" doc:"The kinds of body."`
}

// BodyKind is one kind of body.
type BodyKind struct {
	Key       string `json:"key" required:"true" unique:"true" pattern:"^[a-z][a-z0-9-]{0,39}$" patternDescription:"a to z, digits and hyphens, a letter first" doc:"Names the kind in files and records; it never changes." example:"forum"`
	Word      Word   `json:"word,omitempty" required:"true" doc:"What the kind is called."`
	Decisions string `json:"decisions,omitzero" enum:"made,none" doc:"Whether it makes decisions. One for learning and dialogue makes none. Left out: unknown." example:"made"`
}

// Whether a body makes decisions.
const (
	DecisionsMade = "made"
	DecisionsNone = "none"
)

// Kind finds a kind by its key.
func (s BodyKinds) Kind(key string) (BodyKind, bool) {
	return find(s.Kinds, func(k BodyKind) bool { return k.Key == key })
}

func (s BodyKinds) check(c *checker) {
	for n, kind := range s.Kinds {
		kind.Word.check(c.in("kinds").item(n).in("word"), false)
	}
}
