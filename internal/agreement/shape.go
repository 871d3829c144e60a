package agreement

import (
	"regexp"
	"slices"
	"strings"

	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

// Themes are the national themes that a county's goals are mapped to. The
// county's own word is kept beside them.
var Themes = []string{"work", "housing", "education-language", "health", "participation"}

// How one goal is linked to another.
const (
	Linked      = "linked"       // across the tree, where the configuration allows it
	CarriedOver = "carried-over" // to what it became in the instrument after
)

// rules are what a county's configuration says of instruments, parties and
// goals on a day.
type rules struct{ tenant.Configuration }

func rulesOn(tx *pg.Tx, on day.Day) rules {
	if on.IsZero() {
		on = tx.Today()
	}
	return rules{tx.County.On(on)}
}

// kinds are those for the whole county; local agreements are no instruments.
func (r rules) kinds() []string {
	keys := []string{}
	for _, k := range r.InstrumentKinds.Kinds {
		if !k.Local() {
			keys = append(keys, k.Key)
		}
	}
	return keys
}

// signed tells whether parties sign an instrument of a kind. Where it is not
// said how the kind comes to hold, what is written down decides.
func (r rules) signed(kind string) bool {
	k, ok := r.InstrumentKinds.Kind(kind)
	return !ok || k.Signed() || k.Adoption == ""
}

func (r rules) signing() []string {
	keys := []string{}
	for _, s := range r.PartyStatuses.Statuses {
		if s.Signs {
			keys = append(keys, s.Key)
		}
	}
	return keys
}

// counted are the statuses that make a party; never nil, for SQL.
func (r rules) counted() []string { return append([]string{}, r.PartyStatuses.Counted()...) }

func (r rules) statuses() []string {
	keys := []string{}
	for _, s := range r.PartyStatuses.Statuses {
		keys = append(keys, s.Key)
	}
	return keys
}

// levels are the levels of goals; none is any.
func (r rules) levels() []string {
	keys := []string{}
	for _, l := range r.Goals.Levels {
		keys = append(keys, l.Key)
	}
	return keys
}

var slug = regexp.MustCompile(`^[a-z][a-z0-9-]{0,59}$`)

// oneOf finds what is wrong with a word of the configuration: it is not among
// those allowed, or, where none is named, has not the shape of one.
func oneOf(allowed []string, word, field, key string) error {
	if slices.Contains(allowed, word) || len(allowed) == 0 && slug.MatchString(word) {
		return nil
	}
	return fault.Bad(key, field).With("value", word, "allowed", strings.Join(allowed, ", "))
}
