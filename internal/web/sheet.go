package web

import (
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/text"
)

// sheet is a form as it is drawn.
type sheet struct {
	Title  string
	Crumbs []crumb // where it belongs
	Lead   string
	Words  string // where its fields' words are: "organisation" → organisation.field.name
	Leaves []leaf
	Before templ.Component // what is read before it is filled in; nil: nothing
	Submit string
	Action string  // address that the form is sent to; "" = the page's own
	Cancel string  // address
	Links  []crumb // what may have to be done first

	Thing   any   // how things stand: what the fields are filled with
	Version int64 // 0: there is nothing yet
	Options map[string][]option
	Times   map[string]int    // how many choices to draw for a field that takes several
	Kinds   map[string]string // fields that are not what their type says: "area"
	Needed  []string          // fields that have to be filled in here, though not always
	AtTimes []string          // fields that have to be filled in at times: their help says when
	Hidden  []string          // fields that go along unseen, as they stand
	Accept  string            // which files are offered to choose among; "" when the form takes none

	// What becomes of it.
	Key     string
	Faults  []told
	Changes []change // when somebody else was first
	fields  map[string][]field
}

// leaf is a part of a form, with its heading and notes in the margin.
type leaf struct {
	ID, Heading string
	Notes       []string
	Fields      []string
}

type crumb struct{ Label, To string }

type option struct{ Value, Label string }

// told is one line of the summary of what is wrong.
type told struct{ Field, Label, Text string }

// change is one field on which two people differ.
type change struct{ Label, Now, Yours string }

// draw makes the sheet's fields of the shape, what was typed and what is wrong.
func (sh shape) draw(v *visit, s *sheet, typed url.Values, faults []*fault.Fault) {
	s.fields = map[string][]field{}
	wrong := map[string]*fault.Fault{}
	for _, f := range faults {
		name, _, _ := strings.Cut(strings.TrimPrefix(f.Field, "/"), "/")
		if f.Key == "shape.required" {
			f = f.With("name", v.T(s.Words+".field."+name))
		}
		t := told{Text: v.say(f)}
		if _, ok := sh.of[name]; ok {
			t.Field, t.Label = "f-"+name, v.T(s.Words+".field."+name)
			if _, before := wrong[name]; !before {
				wrong[name] = f
			}
		} else if more := v.detail(f.Key, f.Args); more != "" {
			t.Text += ". " + more
		}
		s.Faults = append(s.Faults, t)
	}
	for name, p := range sh.of {
		times := max(1, s.Times[name])
		var chosen []string
		if s.Kinds[name] == "checks" {
			chosen = typed[name]
		}
		for i := range times {
			f := s.field(v, name, p)
			if values := typed[name]; i < len(values) && f.Type != "file" {
				f.Value = values[i]
			}
			f.Chosen = chosen
			if p.kind == whenType {
				f.Value = typedWhen(v.Lang, f.Value)
			}
			if i > 0 {
				f.ID += "-" + strconv.Itoa(i+1)
			}
			if times > 1 {
				f.Label += " " + strconv.Itoa(i+1)
			}
			if w := wrong[name]; w != nil && i == 0 {
				f.Why, f.WhyMore = sentences(v.say(w), v.detail(w.Key, w.Args))
			}
			s.fields[name] = append(s.fields[name], f)
		}
	}
}

func (s *sheet) field(v *visit, name string, p part) field {
	f := field{ID: "f-" + name, Name: name, Label: v.T(s.Words + ".field." + name), Type: "text", Required: p.required || slices.Contains(s.Needed, name), AtTimes: slices.Contains(s.AtTimes, name)}
	if help := s.Words + ".help." + name; text.Has(help) {
		f.Help = v.T(help)
	}
	if p.schema.MaxLength != nil {
		f.Max = *p.schema.MaxLength
	}
	switch {
	case s.Kinds[name] != "":
		f.Type = s.Kinds[name]
		if f.Type == "file" { // a browser fills in no file: what it has is which it offers
			f.Value = s.Accept
		}
	case p.kind.Kind() == reflect.Bool:
		f.Type, f.Required = "check", true
	case p.kind == dayType:
		f.Type = "date"
	case p.kind == whenType:
		f.Max = 40 // in words, which are longer than what is kept
	case p.kind.Kind() == reflect.Int || p.kind.Kind() == reflect.Int32 || p.kind.Kind() == reflect.Int64:
		f.Type = "number"
	case name == "email" || name == "mailbox":
		f.Type = "email"
	case name == "phone":
		f.Type = "tel"
	case name == "website":
		f.Type = "url"
	}
	switch options, ok := s.Options[name]; {
	case ok:
		if f.Options = options; f.Type != "checks" {
			f.Type = "select"
		}
	case len(p.schema.Enum) > 0:
		f.Type = "select"
		for _, e := range p.schema.Enum {
			if value, _ := e.(string); value != "" {
				f.Options = append(f.Options, option{value, v.T(s.Words + "." + name + "." + value)})
			}
		}
	}
	// The forms are about others than whoever fills them in, so the browser is
	// not to offer that person's own address.
	f.Autocomplete = "off"
	return f
}

// shown is a field's value in words.
func (s sheet) shown(v *visit, f field, values []string) string {
	var said []string
	for _, value := range values {
		value = strings.TrimSpace(value)
		if i := slices.IndexFunc(f.Options, func(o option) bool { return o.Value == value }); i >= 0 {
			value = f.Options[i].Label
		}
		if value != "" {
			said = append(said, value)
		}
	}
	all := strings.Join(said, ", ")
	if f.Type == "check" {
		if all == "" || all == "false" {
			return v.T("web.no")
		}
		return v.T("web.yes")
	}
	return all
}

// differences are the fields on which what is kept now and what was typed differ.
func (sh shape) differences(v *visit, s sheet, now, yours url.Values) []change {
	var cs []change
	for _, name := range sh.order {
		f := s.field(v, name, sh.of[name])
		was, is := s.shown(v, f, now[name]), s.shown(v, f, yours[name])
		if sh.of[name].kind == whenType {
			was, is = typedWhen(v.Lang, was), typedWhen(v.Lang, is)
		}
		if was != is {
			cs = append(cs, change{f.Label, was, is})
		}
	}
	return cs
}

// sentences gives the first sentence of what a fault says, with its stop, and
// the rest.
func sentences(title, detail string) (first, rest string) {
	first, rest, more := strings.Cut(title, ". ")
	if more {
		first += "."
	} else if !strings.HasSuffix(first, ".") {
		first += "."
	}
	return first, strings.TrimSpace(rest + " " + detail)
}
