package tenant

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/overens/overens/internal/text"
)

// Problem is something wrong in a configuration: where, what, and what to do
// about it.
type Problem struct {
	File    string // empty where there is no file
	Line    int    // from 1; 0 where the place is not known
	Column  int
	Path    string // signIn[0].issuers[1].url
	Message string
	Fix     string
	Key     string         // the words in every language; Message is the English of it
	Args    map[string]any // what they are filled with
}

// String writes the problem on one line, in the form that editors can follow.
func (p Problem) String() string {
	var b strings.Builder
	if p.File != "" {
		b.WriteString(p.File)
		if p.Line > 0 {
			fmt.Fprintf(&b, ":%d:%d", p.Line, p.Column)
		}
		b.WriteString(": ")
	}
	if p.Path != "" {
		b.WriteString(p.Path + ": ")
	}
	b.WriteString(p.Message)
	if p.Fix != "" {
		b.WriteString("; " + p.Fix)
	}
	return b.String()
}

// Check tells all that is wrong with a configuration, in the order of the
// sections. roles are the roles there are.
func Check(county County, roles []string) []Problem {
	c := &checker{slug: county.Slug, kind: county.Kind, roles: roles, problems: new([]Problem)}
	county.checkSlug(c)
	for _, s := range sections {
		s.check(c.in(s.Key), &county)
	}
	county.checkBodies(c)
	county.checkFunctions(c)
	if len(county.Identity) == 0 {
		c.in("identity").refuse("tenant.identity.missing")
	} else if !slices.ContainsFunc(county.Identity, func(d Dated[Identity]) bool { return d.From.IsZero() }) {
		c.in("identity").refuse("tenant.identity.late", "day", county.Identity[0].From.String())
	}
	return *c.problems
}

func (county County) checkSlug(c *checker) {
	slug := c.in("slug")
	switch {
	case county.Slug == "":
		slug.refuse("tenant.slug.missing")
	case !ValidSlug(county.Slug):
		slug.refuse("tenant.slug.wrong", "slug", short(county.Slug))
	case county.Kind == KindNational && county.Slug != National:
		slug.refuse("tenant.slug.national", "national", National)
	case county.Kind != KindNational && reservedSlug(county.Slug):
		slug.refuse("tenant.slug.reserved", "slug", county.Slug)
	case county.Kind == KindSandbox:
		if official, ok := CountyBySlug(county.Slug); ok {
			slug.refuse("tenant.slug.official", "slug", county.Slug, "county", official.Name)
		}
	}
	switch county.Kind {
	case KindCounty, KindNational, KindSandbox:
	case "":
		c.in("kind").refuse("tenant.kind.missing", "national", National)
	default:
		c.in("kind").refuse("tenant.kind.wrong", "kind", short(string(county.Kind)), "national", National)
	}
}

// checkSection checks each version, and that they stand in the order in which
// they hold, one for each day: so a reader sees at once which follows which.
func checkSection[T any](c *checker, s Section[T], check func(*checker, T)) {
	for n, version := range s {
		at := c.item(n)
		check(at, version.Value)
		if n == 0 {
			continue
		}
		switch earlier := s[n-1].From; {
		case version.From.IsZero():
			at.refuse("tenant.version.no_day")
		case version.From == earlier:
			at.in("from").refuse("tenant.version.same_day", "day", version.From.String())
		case version.From.Before(earlier):
			at.in("from").refuse("tenant.version.order", "day", version.From.String(), "earlier", earlier.String())
		}
	}
}

// checker is a place in a configuration, and all problems found so far.
type checker struct {
	slug     string
	kind     Kind
	roles    []string
	path     string
	problems *[]Problem
}

func (c checker) in(key string) *checker {
	c.path = join(c.path, key)
	return &c
}

func (c checker) item(n int) *checker {
	c.path = item(c.path, n)
	return &c
}

// refuse tells what is wrong here, by a key that has words in every language.
func (c checker) refuse(key string, pairs ...any) {
	args := make(map[string]any, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		args[pairs[i].(string)] = pairs[i+1]
	}
	*c.problems = append(*c.problems, Problem{Path: c.path, Key: key, Args: args, Message: text.English.Fill(key, args)})
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

func item(path string, n int) string { return path + "[" + strconv.Itoa(n) + "]" }

// short is what somebody has written, shortened where it is long.
func short(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}

// quoted shows what somebody has written, shortened where it is long.
func quoted(s string) string { return fmt.Sprintf("%.60q", s) }
