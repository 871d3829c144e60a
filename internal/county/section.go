package county

import (
	"context"
	"strconv"
	"strings"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/county/internal/countydb"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

// Section is a section of the configuration as it is kept.
type Section struct {
	Key      string           `json:"section" doc:"The section's key." example:"goals"`
	Manager  string           `json:"manager" enum:"file,pages" doc:"Who keeps it: the county's file, or its administrator on the pages." example:"pages"`
	Versions []tenant.Version `json:"versions" doc:"What it says, by the day it holds from. Empty: what is usual everywhere holds."`
	Version  int64            `json:"version" doc:"Moves with each change; it is the ETag." example:"3"`
}

// ETag is the version as HTTP wants it.
func (s Section) ETag() string { return strconv.FormatInt(s.Version, 10) }

// kept tells of every section who keeps it and how often it has changed.
func kept(ctx context.Context, tx *pg.Tx) (map[string]Section, error) {
	rows, err := countydb.New(tx).Sections(ctx)
	if err != nil {
		return nil, err
	}
	all := map[string]Section{}
	for _, key := range tenant.SectionKeys() {
		all[key] = Section{Key: key, Manager: FromFile}
	}
	for _, r := range rows {
		if s, ok := all[r.Section]; ok { // a section of an older program's is passed over
			s.Manager, s.Version = r.Manager, r.Version
			all[r.Section] = s
		}
	}
	return all, nil
}

// Get is one section.
func Get(ctx context.Context, tx *pg.Tx, key string) (Section, error) {
	if err := tx.Require(auth.CountyRead); err != nil {
		return Section{}, err
	}
	return section(ctx, tx, tx.County, key)
}

func section(ctx context.Context, tx *pg.Tx, c tenant.County, key string) (Section, error) {
	kind, err := tenant.SectionOf(key)
	if err != nil {
		return Section{}, fault.Missing().Because(err)
	}
	states, err := kept(ctx, tx)
	if err != nil {
		return Section{}, err
	}
	s := states[key]
	s.Versions = kind.Versions(c)
	return s, nil
}

// Sections are all sections, in the order of the file.
func Sections(ctx context.Context, tx *pg.Tx) ([]Section, error) {
	if err := tx.Require(auth.CountyRead); err != nil {
		return nil, err
	}
	states, err := kept(ctx, tx)
	if err != nil {
		return nil, err
	}
	var all []Section
	for _, kind := range tenant.SectionTypes() {
		s := states[kind.Key]
		s.Versions = kind.Versions(tx.County)
		all = append(all, s)
	}
	return all, nil
}

// InForce is what a section says on a day.
type InForce struct {
	Key      string         `json:"section" doc:"The section's key." example:"goals"`
	Holds    tenant.Version `json:"holds" doc:"The version that holds that day."`
	National bool           `json:"national" doc:"Whether the county says nothing of its own, so that what is usual everywhere holds." example:"false"`
}

// AsOf is what holds in the county on a day, as it is known now: the sections
// that hold then.
func AsOf(ctx context.Context, tx *pg.Tx, d day.Day) ([]InForce, error) {
	if err := tx.Require(auth.CountyRead); err != nil {
		return nil, err
	}
	// Read, and not taken from tx: a unit of work sees that its configuration
	// has moved on when it first asks the database.
	c, err := Load(ctx, tx)
	if err != nil {
		return nil, err
	}
	return holding(c, d), nil
}

func holding(c tenant.County, d day.Day) []InForce {
	var all []InForce
	for _, kind := range tenant.SectionTypes() {
		if v, national, ok := kind.On(c, d); ok {
			all = append(all, InForce{Key: kind.Key, Holds: v, National: national})
		}
	}
	return all
}

// TakeOver hands a section to another keeper: file or pages. version is the
// section's, as it was read.
func TakeOver(ctx context.Context, tx *pg.Tx, key, manager string, version int64) (Section, error) {
	if err := tx.Require(auth.CountyChange); err != nil {
		return Section{}, err
	}
	if manager != FromFile && manager != FromPages {
		return Section{}, fault.Bad("county.manager_unknown", "/manager").With("manager", manager)
	}
	was, err := locked(ctx, tx)
	if err != nil {
		return Section{}, err
	}
	s, err := section(ctx, tx, was, key)
	switch {
	case err != nil:
		return Section{}, err
	case s.Version != version:
		return Section{}, fault.Changed(s)
	case s.Manager == manager:
		return s, nil
	}
	if err := countydb.New(tx).PutSection(ctx, countydb.PutSectionParams{Section: key, Manager: manager}); err != nil {
		return Section{}, err
	}
	tx.Notify("county")
	return section(ctx, tx, was, key)
}

// pointer turns a place in a configuration into a place in what was handed in:
// goals[1].levels[0].under is /body/levels/0/under.
func pointer(path, prefix, under string) string {
	if prefix != "" {
		rest, ok := strings.CutPrefix(path, prefix)
		if !ok {
			return ""
		}
		path = strings.TrimPrefix(rest, ".")
	}
	if path == "from" || path == "decision" {
		return "/" + path
	}
	path = strings.NewReplacer("[", "/", "]", "", ".", "/").Replace(path)
	if path == "" {
		return under
	}
	return under + "/" + path
}

// faults are problems of a configuration as whoever typed them meets them:
// those at or in prefix.
func faults(problems []tenant.Problem, prefix, under string) error {
	var all fault.List
	for _, p := range problems {
		f := fault.Bad(p.Key, pointer(p.Path, prefix, under))
		f.Args = p.Args
		all = append(all, f)
	}
	return all.Err()
}
