package web

import (
	"cmp"
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"github.com/overens/overens/internal/county"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

func (d *Door) compareSetting(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	h, err := sectionOf(ctx, tx, v)
	if err != nil {
		return nil, err
	}
	if h.History, err = county.History(ctx, tx, h.Key, 100, 0); err != nil {
		return nil, err
	}
	s := sides{heldSection: h, Options: h.choices(v), One: v.Asked("one"), Other: v.Asked("other")}
	if len(s.Options) == 0 {
		return comparePage(v, s), nil
	}
	if s.One == "" {
		s.One = s.Options[min(1, len(s.Options)-1)].Value
	}
	if s.Other == "" {
		s.Other = s.Options[0].Value
	}
	one, err := h.version(ctx, tx, v, s.One)
	if err != nil {
		return nil, err
	}
	other, err := h.version(ctx, tx, v, s.Other)
	if err != nil {
		return nil, err
	}
	called, err := v.organisationNames(ctx, tx, one, other)
	if err != nil {
		return nil, err
	}
	s.Rows = beside(v.tell(h.Kind, one, called), v.tell(h.Kind, other, called))
	for _, r := range s.Rows {
		if !r.Same {
			s.Differ++
		}
	}
	if h.Key == bodySection { // too much is said of each body to read all that is alike
		s.Alike = len(s.Rows) - s.Differ
		s.Rows = slices.DeleteFunc(s.Rows, func(c compared) bool { return c.Same })
	}
	for _, o := range s.Options {
		if o.Value == s.One {
			s.OneLabel = o.Label
		}
		if o.Value == s.Other {
			s.OtherText = o.Label
		}
	}
	return comparePage(v, s), nil
}

// compareTo is the address of a comparison.
func (v *visit) compareTo(section, one, other string) templ.SafeURL {
	q := url.Values{"one": {one}, "other": {other}}
	return v.To("/settings/", section, "/compare?"+q.Encode())
}

// sides are two versions of a section side by side.
type sides struct {
	heldSection
	Options             []option
	One, Other          string // what was chosen
	OneLabel, OtherText string
	Rows                []compared
	Differ              int
	Alike               int // how much of it is alike and not shown
}

// notes say how what is alike is shown, where it is.
func (s sides) notes(v *visit) []string {
	if s.Alike > 0 {
		return nil
	}
	return []string{v.T("configuration.side_by_side_note")}
}

func (h heldSection) choices(v *visit) []option {
	var all []option
	for _, of := range h.newest() {
		all = append(all, option{dayKey(of.From), tenant.Capital(v.fromDay(of.From))})
	}
	if len(h.Kind.Versions(tenant.Usual())) > 0 {
		all = append(all, option{usual, v.T("configuration.as_usual")})
	}
	for _, e := range h.History {
		all = append(all, option{strconv.FormatInt(e.Version.Version, 10), v.T("configuration.as_known", "at", Moment(v.Lang, e.At))})
	}
	return all
}

// version finds what a choice stands for: a version by its day, what is usual,
// or what was known when a change had been made.
func (h heldSection) version(ctx context.Context, tx *pg.Tx, v *visit, choice string) (json.RawMessage, error) {
	if choice == usual {
		u := h.Kind.Versions(tenant.Usual())
		if len(u) > 0 {
			return u[0].Body, nil
		}
	}
	for _, of := range h.Versions {
		if dayKey(of.From) == choice {
			return of.Body, nil
		}
	}
	for _, e := range h.History {
		if strconv.FormatInt(e.Version.Version, 10) != choice {
			continue
		}
		all, _, err := county.AsKnown(ctx, tx, v.Today, e.At)
		for _, s := range all {
			if s.Key == h.Key {
				return s.Holds.Body, err
			}
		}
		return nil, err
	}
	return nil, fault.Missing()
}

// newest are a section's versions, the latest day first.
func (h heldSection) newest() []tenant.Version {
	all := slices.Clone(h.Versions)
	slices.Reverse(all)
	return all
}

const (
	always = "always"
	usual  = "usual"
)

// dayKey is how a version's first day stands in an address.
func dayKey(d day.Day) string {
	if d.IsZero() {
		return always
	}
	return d.String()
}

func (v *visit) fromDay(d day.Day) string {
	if d.IsZero() {
		return v.T("configuration.from_always")
	}
	return v.T("configuration.from_day", "day", LongDay(v.Lang, d))
}

// compared is one thing that two versions say, side by side.
type compared struct {
	Term          string
	Before, After []string
	Same          bool
	id            string
	guessed       bool // whether one side alone says something, and that is what unknown means
}

// beside puts what two versions say side by side, by what it is about.
func beside(before, after []stated) []compared {
	var all []compared
	at := func(id string, n int) int { // the nth of the term
		for i, c := range all {
			if c.id == id {
				if n == 0 {
					return i
				}
				n--
			}
		}
		return -1
	}
	for _, s := range before {
		all = append(all, compared{Term: s.Term, Before: s.lines(), id: cmp.Or(s.id, s.Term), guessed: s.Unknown != ""})
	}
	seen := map[string]int{}
	for _, s := range after {
		id := cmp.Or(s.id, s.Term)
		if i := at(id, seen[id]); i >= 0 {
			all[i].Term, all[i].After, all[i].guessed = s.Term, s.lines(), false
		} else {
			all = append(all, compared{Term: s.Term, After: s.lines(), id: id, guessed: s.Unknown != ""})
		}
		seen[id]++
	}
	for i, c := range all {
		all[i].Same = slices.Equal(c.Before, c.After)
	}
	// Of a body that comes or goes, what nobody knows is no difference.
	return slices.DeleteFunc(all, func(c compared) bool { return c.guessed && strings.Contains(c.id, "/") })
}
