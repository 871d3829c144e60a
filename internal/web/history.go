package web

import (
	"strings"
	"time"

	"github.com/overens/overens/internal/audit"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/organisation"
)

// altered is one field of a row of the trail as a person reads it.
type altered struct {
	Label, Before, After string
	Hidden               bool
}

// changed are the fields of a row of the trail in the words of the thing's own
// form. A field that was empty and stayed so is not told.
func (v *visit) changed(e audit.Entry, words string) []altered {
	var as []altered
	for _, c := range e.Changes {
		a := altered{Label: v.column(words, c.Field), Before: v.kept(words, c.Field, c.Before), After: v.kept(words, c.Field, c.After), Hidden: c.Hidden}
		if !a.Hidden && (a.Before == a.After || (e.Action == "insert" && c.After == "false")) {
			continue
		}
		as = append(as, a)
	}
	return as
}

// column is what a field of the database is called on the pages.
func (v *visit) column(words, field string) string {
	name := camel(field)
	for _, key := range []string{words + ".field." + name, "web.column." + field} {
		if hasWords(key) {
			return v.Lang.Fill(key, nil)
		}
	}
	return strings.ReplaceAll(field, "_", " ")
}

// kept is a value of the database as it is read.
func (v *visit) kept(words, field, value string) string {
	switch value {
	case "null":
		return ""
	case "true":
		return v.T("web.yes")
	case "false":
		return v.T("web.no")
	}
	if c, ok := v.called[audit.Ref{Subject: pointsAt[field], ID: value}]; ok {
		return c.Name
	}
	for _, key := range []string{words + "." + field + "." + value, "auth.role." + value} {
		if value != "" && !strings.ContainsAny(value, " @") && hasWords(key) {
			return v.Lang.Fill(key, nil)
		}
	}
	if d, err := day.Parse(value); err == nil {
		return LongDay(v.Lang, d)
	}
	if t, err := time.Parse(time.RFC3339Nano, value); err == nil {
		return Moment(v.Lang, t)
	}
	return value
}

// camel turns a column's name into the input's: official_code → officialCode.
func camel(s string) string {
	parts := strings.Split(s, "_")
	for i, p := range parts[1:] {
		if p != "" {
			parts[i+1] = strings.ToUpper(p[:1]) + p[1:]
		}
	}
	return strings.Join(parts, "")
}

func (v *visit) historyNote(whole bool) string {
	if whole {
		return v.T("web.history_note")
	}
	return v.T("web.history_note_part")
}

// kinship says what happened between two organisations, up to the other's name.
func (v *visit) kinship(k organisation.Kin) string {
	side := "after"
	if k.Before {
		side = "before"
	}
	return v.Of("organisation.kin.", side+"_"+k.Kind)
}

// sourceNote is the margin's word of where facts come from.
func (v *visit) sourceNote(source string) []string {
	if source == "" {
		return nil
	}
	return []string{v.T("web.source", "source", source)}
}
