package web

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
	"github.com/overens/overens/internal/text"
)

// label is what a field is called, with a capital. at is its place in the
// section: what stands at one place, or in one section, may have words of its own.
func (v *visit) label(section, at string) string {
	name := at[strings.LastIndex(at, ".")+1:]
	for _, key := range []string{"configuration.label." + section + "." + at, "configuration.label." + section + "." + name,
		"tenant.field." + section + "." + name, "configuration.label." + name, "tenant.field." + name} {
		if text.Has(key) {
			return tenant.Capital(v.Lang.Fill(key, nil))
		}
	}
	return name
}

// value is a word of the configuration as it is read.
func (v *visit) value(name, value string) string {
	if name == "languages" {
		return v.languageName(value)
	}
	for _, key := range []string{"configuration.value." + name + "." + value, "tenant.value." + value} {
		if text.Has(key) {
			return v.Lang.Fill(key, nil)
		}
	}
	if name == "role" && text.Has("auth.role."+value) {
		return v.role(auth.Role(value))
	}
	return value
}

// languageName is what a language is called, by its code.
func (v *visit) languageName(code string) string {
	tag, err := language.Parse(code)
	if err != nil {
		return code
	}
	in := language.Swedish
	if v.Lang == text.English {
		in = language.English
	}
	if name := display.Tags(in).Name(tag); name != "" {
		return name
	}
	return code
}

// series is several words in a sentence: a, b and c.
func (v *visit) series(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " " + v.T("configuration.and") + " " + words[len(words)-1]
}

// organisationNames are the names of the organisations that a section names by
// key, and of the goals that its bodies answer for, as far as the reader may know.
func (v *visit) organisationNames(ctx context.Context, tx *pg.Tx, bodies ...json.RawMessage) (map[string]string, error) {
	called := map[string]string{}
	var goals []string
	if !tx.May(auth.OrganisationRead) {
		return called, nil
	}
	var find func(value any, under string) error
	find = func(value any, under string) error {
		switch x := value.(type) {
		case map[string]any:
			for key, it := range x {
				if err := find(it, key); err != nil {
					return err
				}
			}
		case []any:
			for _, it := range x {
				if err := find(it, under); err != nil {
					return err
				}
			}
		case string:
			if under == "answersFor" {
				goals = append(goals, x)
				return nil
			}
			_, asked := called[x]
			if asked || !slices.Contains([]string{"organisations", "runBy", "initiator", "organisation", "secretariat", "named", "employer", "excluded"}, under) {
				return nil
			}
			o, err := organisation.ByKey(ctx, tx, x)
			if err != nil && !fault.Is(err, "common.not_found") {
				return err
			}
			called[x] = o.Name
		}
		return nil
	}
	for _, body := range bodies {
		var value any
		if len(body) == 0 || json.Unmarshal(body, &value) != nil {
			continue
		}
		if err := find(value, ""); err != nil {
			return nil, err
		}
	}
	names, err := governance.GoalNames(ctx, tx, goals, v.On)
	for key, name := range names {
		called[goalNamed+key] = name
	}
	return called, err
}

// goalNamed stands before a goal's key among the names: an organisation may have
// the same.
const goalNamed = "goal:"

// word is what the county calls something, today.
func (v *visit) word(concept tenant.Concept) tenant.Forms {
	return v.County.Word(concept).In(string(v.Lang))
}
