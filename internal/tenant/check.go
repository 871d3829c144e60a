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
	if len(county.Identity) == 0 {
		c.in("identity").problem("the section is missing", "add identity: with the county's name and administration")
	} else if !slices.ContainsFunc(county.Identity, func(d Dated[Identity]) bool { return d.From.IsZero() }) {
		c.in("identity").problem("before "+county.Identity[0].From.String()+" the county would have no name", "leave from out of the first version")
	}
	return *c.problems
}

func (county County) checkSlug(c *checker) {
	slug := c.in("slug")
	switch {
	case county.Slug == "":
		slug.problem("the slug is missing", "write slug: followed by the file's name without .yaml")
	case !ValidSlug(county.Slug):
		slug.problem(quoted(county.Slug)+" cannot be a slug", "use at most 40 letters a to z, with single hyphens between words, as vastra-gotaland")
	case county.Kind == KindNational && county.Slug != National:
		slug.problem("the national tenant is "+National+", and there is one", "use kind county or sandbox")
	case county.Kind != KindNational && reservedSlug(county.Slug):
		slug.problem(quoted(county.Slug)+" is a word that addresses use for something else", "choose another")
	case county.Kind == KindSandbox:
		if official, ok := CountyBySlug(county.Slug); ok {
			slug.problem(quoted(county.Slug)+" is the slug of "+official.Name, "choose a name that nobody takes for a real county")
		}
	}
	kinds := "use county, sandbox or, for " + National + ", national"
	switch county.Kind {
	case KindCounty, KindNational, KindSandbox:
	case "":
		c.in("kind").problem("the kind is missing", kinds)
	default:
		c.in("kind").problem(quoted(string(county.Kind))+" is not a kind of tenant", kinds)
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
			at.problem("the version holds from no day, so it would always have held, and it is not the first", "add from: and the day it holds from")
		case version.From == earlier:
			at.in("from").problem("two versions hold from "+version.From.String(), "keep one, or correct the day")
		case version.From.Before(earlier):
			at.in("from").problem("the version holds from "+version.From.String()+" and stands after that of "+earlier.String(), "put the versions in the order of their days")
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

func (c checker) problem(message, fix string) {
	*c.problems = append(*c.problems, Problem{Path: c.path, Message: message, Fix: fix})
}

// refuse is problem with words by key, for pages too.
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

// quoted shows what somebody has written, shortened where it is long.
func quoted(s string) string { return fmt.Sprintf("%.60q", s) }
