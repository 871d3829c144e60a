// Package tenant is a county's configuration: what it is called, how its people
// sign in, which words it has for things, and in what form it has agreed: kinds of
// agreement, of party and of body, and the shape of its goals. Each section is a list of
// versions, and each version holds from a day by a decision, so that the
// configuration of any day can be told. The package knows what a configuration
// is and whether it is valid; who keeps it and who may change it are others'
// questions.
package tenant

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"

	"github.com/overens/overens/internal/day"
)

// Kind is what sort of tenant it is.
type Kind string

// The kinds of tenant.
const (
	KindCounty   Kind = "county"   // one of the 21
	KindNational Kind = "national" // National: what has no county
	KindSandbox  Kind = "sandbox"  // an invented county to practise in
)

// National is the slug of the one national tenant.
const National = "sverige"

// County is the whole configuration of one tenant, with all its versions.
type County struct {
	Slug          string                 `json:"slug"`
	Kind          Kind                   `json:"kind"`
	Version       int64                  `json:"-"` // Set by the database: it counts the changes it has kept.
	Identity      Section[Identity]      `json:"identity,omitempty"`
	SignIn        Section[SignIn]        `json:"signIn,omitempty"`
	Accessibility Section[Accessibility] `json:"accessibility,omitempty"`

	Words           Section[Glossary]        `json:"words,omitempty"`
	Lead            Section[Lead]            `json:"lead,omitempty"`
	TargetGroup     Section[TargetGroup]     `json:"targetGroup,omitempty"`
	InstrumentKinds Section[InstrumentKinds] `json:"instrumentKinds,omitempty"`
	PartyKinds      Section[PartyKinds]      `json:"partyKinds,omitempty"`
	PartyStatuses   Section[PartyStatuses]   `json:"partyStatuses,omitempty"`
	BodyKinds       Section[BodyKinds]       `json:"bodyKinds,omitempty"`
	Bodies          Section[Bodies]          `json:"bodies,omitempty"`
	Goals           Section[Goals]           `json:"goals,omitempty"`
	CostKeys        Section[CostKeys]        `json:"costKeys,omitempty"`
	SharedFunctions Section[SharedFunctions] `json:"sharedFunctions,omitempty"`
	Publication     Section[Publication]     `json:"publication,omitempty"`
}

// Configuration is what holds in a county on one day. Where the county says
// nothing of words, kinds and statuses, what is usual holds; any other section
// that does not hold yet is empty.
type Configuration struct {
	Slug          string
	Kind          Kind
	Identity      Identity
	SignIn        SignIn
	Accessibility Accessibility

	Words           Glossary // the county's own; ask Word
	Lead            Lead
	TargetGroup     TargetGroup
	InstrumentKinds InstrumentKinds
	PartyKinds      PartyKinds
	PartyStatuses   PartyStatuses
	BodyKinds       BodyKinds
	Bodies          Bodies
	Goals           Goals
	CostKeys        CostKeys
	SharedFunctions SharedFunctions
	Publication     Publication
}

// On gives the configuration in force on d.
func (c County) On(d day.Day) Configuration {
	on := Configuration{Slug: c.Slug, Kind: c.Kind}
	for _, s := range sections {
		// Words are not filled in as a whole: each falls back by itself.
		if !s.enforce(c, d, &on) && s.Key != "words" {
			s.enforce(Usual(), d, &on)
		}
	}
	return on
}

// Section is a section's versions. Each is complete: a later one replaces all
// of an earlier one.
type Section[T any] []Dated[T]

// On gives the version in force on d: the latest that had begun by then.
func (s Section[T]) On(d day.Day) (T, bool) {
	found := -1
	for i, version := range s {
		if !version.From.After(d) && (found < 0 || !version.From.Before(s[found].From)) {
			found = i
		}
	}
	if found < 0 {
		var none T
		return none, false
	}
	return s[found].Value, true
}

// Dated is one version of a section. In files and JSON its value's own keys
// stand beside from and decision.
type Dated[T any] struct {
	From     day.Day `json:"from,omitzero"`     // The first day it holds; no day: always.
	Decision string  `json:"decision,omitzero"` // By what decision, in the county's own words.
	Value    T       `json:"-" yaml:",inline"`
}

// MarshalJSON writes the version as one object.
func (d Dated[T]) MarshalJSON() ([]byte, error) {
	type head Dated[T] // without this method
	front, err := json.Marshal(head(d))
	if err != nil {
		return nil, err
	}
	back, err := json.Marshal(d.Value)
	if err != nil {
		return nil, err
	}
	front, back = bytes.TrimSuffix(front, []byte("}")), bytes.TrimPrefix(back, []byte("{"))
	if len(front) > 1 && len(back) > 1 {
		front = append(front, ',')
	}
	return append(front, back...), nil
}

// UnmarshalJSON reads what MarshalJSON writes.
func (d *Dated[T]) UnmarshalJSON(data []byte) error {
	type head Dated[T]
	var read head
	if err := json.Unmarshal(data, &read); err != nil {
		return err
	}
	if err := json.Unmarshal(data, &read.Value); err != nil {
		return err
	}
	*d = Dated[T](read)
	return nil
}

// Encode writes the configuration as the database keeps it, without Version.
func Encode(c County) ([]byte, error) { return json.Marshal(c) }

// Decode reads what Encode has written. It checks nothing, and it passes over
// keys it does not know: while a new release is rolled out, the old one must
// still be able to read what the new one has kept.
func Decode(data []byte) (County, error) {
	var c County
	if err := json.Unmarshal(data, &c); err != nil {
		return County{}, fmt.Errorf("read a county's configuration: %w", err)
	}
	return c, nil
}

// Equal tells whether the two say the same, whatever their Version.
func Equal(a, b County) bool {
	first, err := Encode(a)
	if err != nil {
		return false
	}
	second, err := Encode(b)
	return err == nil && bytes.Equal(first, second)
}

var slugForm = regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)

// reserved are words that addresses use for something else.
var reserved = []string{
	"api", "static", "lan", "problems", "docs", "healthz", "readyz", "metrics", "public", "system", National,
}

// ValidSlug tells whether s can be a tenant's slug: lower-case letters a to z,
// with single hyphens between them, at most 40 characters. Whoever writes a
// slug into an address, a statement or a name checks it here.
func ValidSlug(s string) bool { return len(s) <= 40 && slugForm.MatchString(s) }

func reservedSlug(s string) bool { return slices.Contains(reserved, s) }
