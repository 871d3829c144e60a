package county

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
	"github.com/overens/overens/internal/text"
)

// Edit is a change of one section: a version that holds from a day, complete.
type Edit struct {
	Section  string          `json:"section" doc:"The section's key." example:"goals"`
	From     day.Day         `json:"from,omitzero" doc:"The first day it holds. A version that holds from the same day is replaced. Empty: it has always held." example:"2027-01-01"`
	Instead  day.Day         `json:"instead,omitzero" doc:"The first day of a version whose place it takes, where that is another day." example:"2026-12-01"`
	Remove   bool            `json:"remove,omitempty" doc:"Whether the version that holds from the day is taken away instead." example:"false"`
	Decision string          `json:"decision,omitempty" maxLength:"300" doc:"By what decision, in the county's own words." example:"Forum 2023-03-30"`
	Reason   string          `json:"reason" minLength:"1" maxLength:"1000" doc:"Why it is changed." example:"Forum har ändrat områdena"`
	Body     json.RawMessage `json:"body,omitempty" doc:"What the section says, after the published JSON Schema."`
}

// Preview is what an edit would change.
type Preview struct {
	Section     string              `json:"section" doc:"The section's key." example:"goals"`
	From        day.Day             `json:"from,omitzero" doc:"From which day. Empty: always." example:"2027-01-01"`
	Back        bool                `json:"back" doc:"Whether it also changes what held before today." example:"false"`
	Concerns    string              `json:"concerns" doc:"For whom: a key of the catalogue." example:"tenant.concerns.goals"`
	Differences []tenant.Difference `json:"differences" doc:"What changes. Empty: nothing does."`
	State       Section             `json:"state" doc:"The section as it is kept now."`
}

// In tells the preview in sentences.
func (p Preview) In(lang text.Lang) []string {
	if len(p.Differences) == 0 {
		return []string{lang.T("county.preview.nothing")}
	}
	all := make([]string, 0, len(p.Differences)+2)
	for _, d := range p.Differences {
		all = append(all, d.In(lang))
	}
	all = append(all, lang.T("county.preview.concerns", "who", lang.T(p.Concerns)))
	if p.Back {
		all = append(all, lang.T("county.preview.back"))
	}
	return all
}

// Show tells what an edit would change, for whom and from which day. Nothing is
// stored. An edit that cannot be is refused as Change would.
func Show(ctx context.Context, tx *pg.Tx, e Edit, guards ...Guard) (Preview, error) {
	if err := tx.Require(auth.CountyChange); err != nil {
		return Preview{}, err
	}
	s, err := section(ctx, tx, tx.County, e.Section)
	if err != nil {
		return Preview{}, err
	}
	after, err := edited(tx.County, e)
	if err != nil {
		return Preview{}, err
	}
	return Preview{Section: e.Section, From: e.From, Back: e.From.Before(tx.Today()), Concerns: "tenant.concerns." + e.Section,
		Differences: tenant.Compare(tx.County, after), State: s}, guarded(ctx, tx, tx.County, after, guards)
}

// Change changes a section that is kept on the pages. version is the section's,
// as it was read. What would change nothing is not written.
func Change(ctx context.Context, tx *pg.Tx, e Edit, version int64, guards ...Guard) (Section, error) {
	if err := tx.Require(auth.CountyChange); err != nil {
		return Section{}, err
	}
	was, err := locked(ctx, tx)
	if err != nil {
		return Section{}, err
	}
	s, err := section(ctx, tx, was, e.Section)
	switch {
	case err != nil:
		return Section{}, err
	case s.Version != version:
		return Section{}, fault.Changed(s)
	case s.Manager != FromPages:
		return Section{}, fault.New(fault.Conflict, "county.kept_in_file").With("section", e.Section, "county", tx.Tenant)
	}
	if strings.TrimSpace(e.Reason) == "" {
		return Section{}, fault.Bad("county.reason_missing", "/reason")
	}
	after, err := edited(was, e)
	if err != nil {
		return Section{}, err
	}
	if err := guarded(ctx, tx, was, after, guards); err != nil {
		return Section{}, err
	}
	if _, _, err := keep(ctx, tx, was, after, origin{FromPages, e.Reason, e.Decision}, nil); err != nil {
		return Section{}, err
	}
	return section(ctx, tx, after, e.Section)
}

// edited is the county as an edit would have it, or why it cannot be.
func edited(c tenant.County, e Edit) (tenant.County, error) {
	s, err := tenant.SectionOf(e.Section)
	if err != nil {
		return c, fault.Missing().Because(err)
	}
	if !e.Instead.IsZero() && e.Instead != e.From {
		moved, ok := s.Without(c, e.Instead)
		if !ok {
			return c, fault.Bad("county.no_version", "/instead").With("day", e.Instead.String())
		}
		c = moved
	}
	if e.Remove {
		after, ok := s.Without(c, e.From)
		if !ok {
			return c, fault.Bad("county.no_version", "/from").With("day", e.From.String())
		}
		return after, faults(tenant.Check(after, auth.RoleNames()), e.Section, "/body")
	}
	after, err := s.With(c, tenant.Version{From: e.From, Decision: e.Decision, Body: e.Body})
	if err != nil {
		return c, tenant.Unreadable(err, "/body")
	}
	n := slices.IndexFunc(s.Versions(after), func(v tenant.Version) bool { return v.From == e.From })
	prefix := e.Section + "[" + strconv.Itoa(n) + "]"
	return after, faults(tenant.Check(after, auth.RoleNames()), prefix, "/body")
}
