package tenant

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"

	"github.com/overens/overens/internal/day"
)

// sections is the one table of what a configuration consists of. Reading,
// checking, comparing, the JSON Schema, who keeps a section, and the pages all
// follow it. To add a section: a type with its checks in a file of its own, a
// field in County and one in Configuration, a line here, and its words
// (tenant.section.…, tenant.field.…) in package text; the tests name what is
// missing.
var sections = []SectionType{
	section("identity", func(c *County) *Section[Identity] { return &c.Identity },
		func(on *Configuration) *Identity { return &on.Identity }, func(i Identity, c *checker) { i.check(c, c.kind) }),
	section("signIn", func(c *County) *Section[SignIn] { return &c.SignIn },
		func(on *Configuration) *SignIn { return &on.SignIn }, func(s SignIn, c *checker) { s.check(c, c.kind) }),
	section("accessibility", func(c *County) *Section[Accessibility] { return &c.Accessibility },
		func(on *Configuration) *Accessibility { return &on.Accessibility }, Accessibility.check),
	section("words", func(c *County) *Section[Glossary] { return &c.Words },
		func(on *Configuration) *Glossary { return &on.Words }, Glossary.check),
	section("lead", func(c *County) *Section[Lead] { return &c.Lead },
		func(on *Configuration) *Lead { return &on.Lead }, Lead.check),
	section("targetGroup", func(c *County) *Section[TargetGroup] { return &c.TargetGroup },
		func(on *Configuration) *TargetGroup { return &on.TargetGroup }, TargetGroup.check),
	section("instrumentKinds", func(c *County) *Section[InstrumentKinds] { return &c.InstrumentKinds },
		func(on *Configuration) *InstrumentKinds { return &on.InstrumentKinds }, InstrumentKinds.check),
	section("partyKinds", func(c *County) *Section[PartyKinds] { return &c.PartyKinds },
		func(on *Configuration) *PartyKinds { return &on.PartyKinds }, PartyKinds.check),
	section("partyStatuses", func(c *County) *Section[PartyStatuses] { return &c.PartyStatuses },
		func(on *Configuration) *PartyStatuses { return &on.PartyStatuses }, PartyStatuses.check),
	section("bodyKinds", func(c *County) *Section[BodyKinds] { return &c.BodyKinds },
		func(on *Configuration) *BodyKinds { return &on.BodyKinds }, BodyKinds.check),
	section("bodies", func(c *County) *Section[Bodies] { return &c.Bodies },
		func(on *Configuration) *Bodies { return &on.Bodies }, Bodies.check),
	section("goals", func(c *County) *Section[Goals] { return &c.Goals },
		func(on *Configuration) *Goals { return &on.Goals }, Goals.check),
	section("costKeys", func(c *County) *Section[CostKeys] { return &c.CostKeys },
		func(on *Configuration) *CostKeys { return &on.CostKeys }, CostKeys.check),
	section("sharedFunctions", func(c *County) *Section[SharedFunctions] { return &c.SharedFunctions },
		func(on *Configuration) *SharedFunctions { return &on.SharedFunctions }, SharedFunctions.check),
	section("publication", func(c *County) *Section[Publication] { return &c.Publication },
		func(on *Configuration) *Publication { return &on.Publication }, Publication.check),
}

// SectionType is what the program knows of a section: its key in files,
// addresses and the database, and the Go type of a version of it.
type SectionType struct {
	Key  string
	Type reflect.Type

	check    func(*checker, *County)
	enforce  func(County, day.Day, *Configuration) bool
	versions func(*County) []Version
	put      func(*County, Version) error
	remove   func(*County, day.Day) bool
	take     func(to, from *County)
}

// Version is one version of a section, whatever its type.
type Version struct {
	From     day.Day         `json:"from,omitzero" doc:"The first day it holds. Empty: it has always held." example:"2027-01-01"`
	Decision string          `json:"decision,omitzero" doc:"By what decision, in the county's own words." example:"Forum 2023-03-30"`
	Body     json.RawMessage `json:"body" doc:"What the section says, complete."`
}

// SectionTypes are all sections, in the order of the file.
func SectionTypes() []SectionType { return slices.Clone(sections) }

// SectionKeys are the keys of all sections, in the order of the file.
func SectionKeys() []string {
	keys := make([]string, len(sections))
	for i, s := range sections {
		keys[i] = s.Key
	}
	return keys
}

// ErrSection is asked for a section that there is not.
var ErrSection = errors.New("there is no such section")

// SectionOf finds a section by its key.
func SectionOf(key string) (SectionType, error) {
	if s, ok := find(sections, func(s SectionType) bool { return s.Key == key }); ok {
		return s, nil
	}
	return SectionType{}, fmt.Errorf("%w: %.40q", ErrSection, key)
}

// Versions are a county's own versions of the section, in the order of their days.
func (s SectionType) Versions(c County) []Version { return s.versions(&c) }

// On is the version in force on d: the county's own, or what holds nationally
// where the county says nothing (national is then true).
func (s SectionType) On(c County, d day.Day) (v Version, national, ok bool) {
	if v, ok = inForce(s.versions(&c), d); ok {
		return v, false, true
	}
	usual := Usual()
	v, ok = inForce(s.versions(&usual), d)
	return v, ok, ok
}

func inForce(all []Version, d day.Day) (Version, bool) {
	found, ok := Version{}, false
	for _, v := range all {
		if !v.From.After(d) && (!ok || !v.From.Before(found.From)) {
			found, ok = v, true
		}
	}
	return found, ok
}

// With gives the county with a version put in: in place of the one that holds
// from the same day, or between the others. The body is read strictly; what
// the version says is for Check.
func (s SectionType) With(c County, v Version) (County, error) {
	err := s.put(&c, v)
	return c, err
}

// Without gives the county without the version that holds from a day, and
// whether there was one.
func (s SectionType) Without(c County, from day.Day) (County, bool) {
	ok := s.remove(&c, from)
	return c, ok
}

// TakenFrom gives the county with the section as another has it.
func (s SectionType) TakenFrom(c, other County) County {
	s.take(&c, &other)
	return c
}

// Same tells whether two counties say the same in the section.
func (s SectionType) Same(a, b County) bool {
	return slices.EqualFunc(s.versions(&a), s.versions(&b), func(x, y Version) bool {
		return x.From == y.From && x.Decision == y.Decision && bytes.Equal(x.Body, y.Body)
	})
}

func section[T any](key string, at func(*County) *Section[T], on func(*Configuration) *T, check func(T, *checker)) SectionType {
	return SectionType{
		Key:  key,
		Type: reflect.TypeFor[T](),
		check: func(c *checker, county *County) {
			checkSection(c, *at(county), func(c *checker, v T) {
				c.shape(reflect.ValueOf(v))
				check(v, c)
			})
		},
		enforce: func(county County, d day.Day, to *Configuration) bool {
			v, ok := at(&county).On(d)
			if ok {
				*on(to) = v
			}
			return ok
		},
		versions: func(county *County) []Version {
			all := make([]Version, len(*at(county)))
			for i, v := range *at(county) {
				body, err := json.Marshal(v.Value)
				if err != nil {
					panic(err) // These are plain structs, maps and lists of text.
				}
				all[i] = Version{From: v.From, Decision: v.Decision, Body: body}
			}
			return all
		},
		put: func(county *County, v Version) error {
			read := Dated[T]{From: v.From, Decision: v.Decision}
			decoder := json.NewDecoder(bytes.NewReader(v.Body))
			decoder.DisallowUnknownFields()
			if err := decoder.Decode(&read.Value); err != nil {
				return err
			}
			s := slices.DeleteFunc(slices.Clone(*at(county)), func(d Dated[T]) bool { return d.From == v.From })
			s = append(s, read)
			slices.SortStableFunc(s, func(a, b Dated[T]) int { return a.From.Compare(b.From) })
			*at(county) = s
			county.normalise()
			return nil
		},
		remove: func(county *County, from day.Day) bool {
			s := slices.DeleteFunc(slices.Clone(*at(county)), func(d Dated[T]) bool { return d.From == from })
			removed := len(s) < len(*at(county))
			*at(county) = s
			return removed
		},
		take: func(to, from *County) { *at(to) = *at(from) },
	}
}
