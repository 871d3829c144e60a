package tenant

import (
	"cmp"
	"encoding"
	"errors"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// maxFile is far above what a county's configuration needs.
const maxFile = 1 << 20

// Parse reads a county's file and checks it. It reports all problems, in the
// order of the file; the county is fit for use only where there are none. file
// is the file's name for the problems, and its last part must be the slug.
func Parse(file string, src []byte, roles []string) (County, []Problem) {
	c, r := read(file, src, roles)
	return c, r.problems
}

func read(file string, src []byte, roles []string) (County, *reading) {
	var c County
	r := &reading{places: map[string]token.Position{}}
	r.file(src, &c)
	if !r.stopped {
		c.normalise()
		checks := Check(c, roles)
		if want := slugOf(file); c.Slug != "" && c.Slug != want {
			checks = append(checks, Problem{Path: "slug", Message: "the slug " + quoted(c.Slug) + " is not the file's name, " + quoted(want), Fix: "make them the same"})
		}
		unread := slices.Clone(r.problems)
		for _, p := range checks {
			// What could not be read is not also missing, nor what would be in it.
			if !slices.ContainsFunc(unread, func(u Problem) bool { return within(p.Path, u.Path) }) {
				p.Line, p.Column = r.place(p.Path)
				r.problems = append(r.problems, p)
			}
		}
	}
	slices.SortStableFunc(r.problems, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(a.Path, b.Path))
	})
	for i := range r.problems {
		r.problems[i].File = file
	}
	return c, r
}

// within tells whether path is outer, or a part of it.
func within(path, outer string) bool {
	rest, ok := strings.CutPrefix(path, outer)
	return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
}

func slugOf(file string) string {
	return strings.TrimSuffix(file[strings.LastIndexAny(file, `/\`)+1:], ".yaml")
}

// normalise gives what can be written in several ways its one form, so that the
// rest of the program meets no other.
func (c *County) normalise() {
	for i := range c.Identity {
		identity := &c.Identity[i].Value
		if number, err := OrganisationNumber(identity.OrganisationNumber); err == nil {
			identity.OrganisationNumber = number
		}
	}
	for i := range c.CostKeys {
		for j := range c.CostKeys[i].Value.Keys {
			k := &c.CostKeys[i].Value.Keys[j]
			plainAmount(&k.Floor)
			plainAmount(&k.Cap)
		}
	}
	for i := range c.SharedFunctions {
		for j := range c.SharedFunctions[i].Value.Functions {
			periods := c.SharedFunctions[i].Value.Functions[j].Periods
			for n := range periods {
				plainAmount(&periods[n].Budget)
				plainAmount(&periods[n].Outcome)
			}
		}
	}
	for i := range c.SignIn {
		for j := range c.SignIn[i].Value.Issuers {
			switch issuer := &c.SignIn[i].Value.Issuers[j]; issuer.Subject {
			case "":
				issuer.Subject = SubjectSub
			case claimOrgAffiliation:
				issuer.Subject = SubjectOrgAffiliation
			}
		}
	}
}

// reading reads a file's syntax tree into a configuration. The library could
// decode the file itself, but would stop at the first thing it does not like
// and forget where the rest stood.
type reading struct {
	problems []Problem
	stopped  bool                      // there is nothing to check
	places   map[string]token.Position // where each path stands in the file
}

func (r *reading) problem(at *token.Token, path, message, fix string) {
	p := Problem{Path: path, Message: message, Fix: fix}
	if at != nil && at.Position != nil {
		p.Line, p.Column = at.Position.Line, at.Position.Column
	}
	r.problems = append(r.problems, p)
}

// place finds where path stands, or else the nearest that it would stand in.
func (r *reading) place(path string) (line, column int) {
	for {
		if at, ok := r.places[path]; ok {
			return at.Line, at.Column
		}
		up := strings.LastIndexAny(path, ".[")
		if up < 0 {
			return 1, 1
		}
		path = path[:up]
	}
}

func (r *reading) stop(at *token.Token, message, fix string) {
	r.stopped = true
	r.problem(at, "", message, fix)
	if p := &r.problems[len(r.problems)-1]; p.Line == 0 {
		p.Line, p.Column = 1, 1
	}
}

func (r *reading) file(src []byte, c *County) {
	if len(src) > maxFile {
		r.stop(nil, "the file is larger than a configuration can be", "look whether it is the right file")
		return
	}
	// Doubled keys are allowed here to be reported below, all of them.
	tree, err := parser.ParseBytes(src, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		var at *token.Token
		message := "the file is not YAML"
		if known, ok := errors.AsType[yaml.Error](err); ok {
			at, message = known.GetToken(), message+": "+known.GetMessage()
		}
		r.stop(at, message, "look at this line and the one before: the indentation, the colons, the quotes")
		return
	}
	var documents []*ast.DocumentNode
	for _, document := range tree.Docs {
		if document.Body != nil && document.Body.Type() != ast.CommentType && document.Body.Type() != ast.CommentGroupType {
			documents = append(documents, document)
		}
	}
	switch len(documents) {
	case 0:
		r.stop(nil, "the file is empty", "start from another county's file")
	case 1:
		body := documents[0].Body
		if body.Type() != ast.MappingType {
			r.stop(body.GetToken(), "the file is not a list of keys and values", "start from another county's file")
			return
		}
		r.value("", body, reflect.ValueOf(c).Elem())
	default:
		r.stop(documents[1].Start, "the file holds several documents", "keep one, and remove the line ---")
	}
}

var textUnmarshaler = reflect.TypeFor[encoding.TextUnmarshaler]()

// value reads a node into a value of the configuration's own types.
func (r *reading) value(path string, node ast.Node, into reflect.Value) {
	at := node.GetToken()
	if _, known := r.places[path]; !known && at != nil && at.Position != nil {
		r.places[path] = *at.Position
	}
	switch node.(type) {
	case *ast.NullNode:
		return // a key without a value is a key left out
	case *ast.AnchorNode, *ast.AliasNode, *ast.TagNode, *ast.MergeKeyNode:
		r.problem(at, path, "anchors, aliases and tags (&, *, !) are not read here", "write the value itself")
		return
	}
	switch {
	case into.Addr().Type().Implements(textUnmarshaler):
		if text, ok := r.text(path, node); ok {
			if err := into.Addr().Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(text)); err != nil {
				r.problem(at, path, err.Error(), "")
			}
		}
	case into.Kind() == reflect.String:
		if text, ok := r.text(path, node); ok {
			into.SetString(text)
		}
	case into.Kind() == reflect.Bool:
		if written, ok := node.(*ast.BoolNode); ok {
			into.SetBool(written.Value)
		} else {
			r.problem(at, path, "here is true or false expected", "write true or false, without quotes")
		}
	case into.CanInt():
		n, err := strconv.ParseInt(at.Value, 10, 32)
		if _, number := node.(*ast.IntegerNode); !number || err != nil {
			r.problem(at, path, "here is a whole number expected", "write it in digits, without quotes")
		}
		into.SetInt(n)
	case into.Kind() == reflect.Slice:
		list, ok := node.(*ast.SequenceNode)
		if !ok {
			r.problem(at, path, "here is a list expected", "begin each of its entries with a hyphen")
			return
		}
		r.list(path, list, into)
	case into.Kind() == reflect.Map:
		r.mapping(path, node, func(key string, path string, _ *token.Token, value ast.Node) {
			text := reflect.New(into.Type().Elem()).Elem()
			r.value(path, value, text)
			if into.IsNil() {
				into.Set(reflect.MakeMap(into.Type()))
			}
			into.SetMapIndex(reflect.ValueOf(key), text)
		})
	default:
		fields := fieldsOf(into)
		r.mapping(path, node, func(key, path string, at *token.Token, value ast.Node) {
			for _, f := range fields {
				if f.key == key {
					r.value(path, value, f.value)
					return
				}
			}
			var known []string
			for _, f := range fields {
				known = append(known, f.key)
			}
			r.problem(at, path, "the key "+quoted(key)+" is not known here", "use one of "+strings.Join(known, ", "))
		})
	}
}

func (r *reading) list(path string, list *ast.SequenceNode, into reflect.Value) {
	if len(list.Values) == 0 {
		return // as a list left out, and as JSON gives it back
	}
	into.Set(reflect.MakeSlice(into.Type(), len(list.Values), len(list.Values)))
	for n, node := range list.Values {
		path := item(path, n)
		if node.Type() == ast.NullType {
			r.problem(node.GetToken(), path, "the entry is empty", "fill it in or remove it")
		}
		if entry, ok := node.(*ast.MappingNode); ok && len(entry.Values) > 0 {
			r.places[path] = *entry.Values[0].Key.GetToken().Position
		}
		r.value(path, node, into.Index(n))
	}
}

// mapping calls each for every key, once.
func (r *reading) mapping(path string, node ast.Node, each func(key, path string, at *token.Token, value ast.Node)) {
	m, ok := node.(*ast.MappingNode)
	if !ok {
		r.problem(node.GetToken(), path, "here are keys and values expected", "write each as key: value, on lines of their own")
		return
	}
	seen := map[string]bool{}
	for _, entry := range m.Values {
		at := entry.Key.GetToken()
		name, ok := entry.Key.(*ast.StringNode)
		if !ok {
			r.problem(at, path, quoted(at.Value)+" cannot be a key here", "use a key in plain letters")
			continue
		}
		key, path := name.Value, join(path, name.Value)
		if seen[key] {
			r.problem(at, path, "the key "+quoted(key)+" is given twice", "keep one of them")
			continue
		}
		seen[key] = true
		// A scalar is pointed at itself, what is larger at its key.
		if _, scalar := entry.Value.(ast.ScalarNode); !scalar || entry.Value.Type() == ast.NullType {
			r.places[path] = *at.Position
		}
		each(key, path, at, entry.Value)
	}
}

// text reads text. Numbers and truth values are refused rather than turned
// into text: 07 and 010-22 would not come out as they were written.
func (r *reading) text(path string, node ast.Node) (string, bool) {
	switch node := node.(type) {
	case *ast.StringNode:
		return node.Value, true
	case *ast.LiteralNode:
		return strings.TrimRight(node.Value.Value, "\n"), true
	case ast.ScalarNode:
		written := node.GetToken().Value
		r.problem(node.GetToken(), path, written+" is read as a number or a truth value, not as text", `put it in quotes: "`+written+`"`)
	default:
		r.problem(node.GetToken(), path, "here is text expected", "write the value on the key's own line")
	}
	return "", false
}

type field struct {
	key   string
	value reflect.Value
}

// fieldsOf gives a struct's fields by the key they have in JSON, with those of
// an inlined field in its place.
func fieldsOf(v reflect.Value) []field {
	var fields []field
	for f, value := range v.Fields() {
		if f.Tag.Get("yaml") == ",inline" {
			fields = append(fields, fieldsOf(value)...)
			continue
		}
		if key, _, _ := strings.Cut(f.Tag.Get("json"), ","); key != "-" {
			fields = append(fields, field{key, value})
		}
	}
	return fields
}
