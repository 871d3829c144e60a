package web

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/tenant"
	"github.com/overens/overens/internal/text"
)

// blame puts faults beside what they are about: the field, or the nearest thing
// around it that the form shows.
func (b *builder) blame(faults []*fault.Fault, others map[string]*node) []told {
	var summary []told
	for _, f := range faults {
		f = b.human(f)
		said := told{Text: b.say(f)}
		n := others[f.Field]
		at, here := b.one.inForm(strings.ReplaceAll(strings.TrimPrefix(f.Field, "/body/"), "/", "."))
		if !here {
			said.Text = b.carried(f.Field) + ": " + said.Text
		}
		for path := at; n == nil && path != "" && strings.HasPrefix(f.Field, "/body/"); {
			n = b.nodes[path]
			if n != nil && (n.Kind == "hidden" || n.Kind == "none") {
				n = nil
			}
			i := strings.LastIndex(path, ".")
			if i < 0 {
				break
			}
			path = path[:i]
		}
		if n != nil {
			said.Field, said.Label = n.ID, n.Label
			for path := n.Path; strings.Contains(path, "."); { // where it stands: Delmål, Obestämd form
				path = path[:strings.LastIndex(path, ".")]
				around := b.nodes[path]
				if around == nil {
					continue
				}
				around.Open = true
				if around.Around != nil {
					around.Around.Open = true
				}
				if _, err := strconv.Atoi(path[strings.LastIndex(path, ".")+1:]); err == nil || around.Kind == "word" && around.Fold || around.Kind == "rule" {
					said.Label = around.Label + ", " + strings.ToLower(said.Label)
				}
			}
			n.Open = true
			if n.Around != nil && n.Around != n {
				n.Around.Open = true
				said.Label = n.Around.Label
			}
			if n.Why == "" {
				n.Why, n.WhyMore = sentences(b.say(f), b.detail(f.Key, f.Args))
			}
		} else if more := b.detail(f.Key, f.Args); more != "" {
			said.Text += ". " + more
		}
		summary = append(summary, said)
	}
	return summary
}

// human gives a fault in a person's words: the file's keys become the form's
// labels, and what only a file can do is said otherwise.
func (v *visit) human(f *fault.Fault) *fault.Fault {
	c := *f
	if key := "configuration.fault." + strings.TrimPrefix(f.Key, "tenant."); text.Has(key) {
		c.Key = key
	}
	c.Args = fault.Args{}
	for name, value := range f.Args {
		said, ok := value.(string)
		switch {
		case !ok:
		case name == "form" && f.Key == "tenant.wrong_form":
			value = tenant.FormIn(v.Lang, said)
		case name == "field" || name == "form":
			if text.Has("tenant.field." + said) {
				said = v.Lang.Fill("tenant.field."+said, nil)
			}
			value = said
		case name == "adoption" || name == "how":
			field := map[string]string{"adoption": "adoption", "how": "municipalities"}[name]
			value = v.value(field, said)
		case name == "role" || name == "mode":
			value = v.value(name, cmp.Or(said, "none"))
		case name == "type":
			value = v.value(name, said)
		case name == "decides":
			value = v.eachOf(said, func(s string) string { return v.value(name, s) })
		case name == "kind" && strings.HasPrefix(f.Key, "tenant.body."):
			value = v.bodyKind(said)
		case name == "known" && f.Key == "tenant.body.kind_unknown":
			value = v.eachOf(said, v.bodyKind)
		}
		c.Args[name] = value
	}
	return &c
}

// eachOf says several values that a fault names, by what each is called.
func (v *visit) eachOf(values string, called func(string) string) string {
	all := strings.Split(values, ", ")
	for i, value := range all {
		all[i] = called(value)
	}
	return v.series(all)
}
