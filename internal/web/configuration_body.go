package web

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/tenant"
)

// bodySection is the one section whose entries have pages of their own: a body
// has more to say than an entry of any other list.
const bodySection = "bodies"

// bodiesOf reads the model of a version of the section.
func bodiesOf(version json.RawMessage) tenant.Bodies {
	var model tenant.Bodies
	if len(version) > 0 {
		_ = json.Unmarshal(version, &model) // it was kept by the room, or made by the form
	}
	return model
}

// bodyName is what a body is called, its key where it has no name yet.
func (v *visit) bodyName(b tenant.Body) string { return cmp.Or(v.Words(b.Name), b.Key) }

// bodyKind is what the county calls bodies of the kind.
func (v *visit) bodyKind(key string) string {
	kind, _ := v.County.BodyKinds.Kind(key)
	return cmp.Or(kind.Word.In(string(v.Lang)).One, key)
}

// organisationNamed gives the names that a section's page has found.
func organisationNamed(called map[string]string) func(string) string {
	return func(key string) string { return called[key] }
}

// told are the rules of a body as sentences.
func (v *visit) told(b tenant.Body, called map[string]string) []stated {
	var all []stated
	for _, s := range b.Tell(v.Lang, organisationNamed(called)) {
		one := stated{Term: s.Label, Says: []string{s.Text}}
		if s.Unknown {
			one.Says, one.Unknown = nil, s.Text
		}
		if s.Rule == tenant.TellsRecordWords {
			one.Says = append(one.Says, v.recordTexts(b.Rules.RecordWords)...)
		}
		all = append(all, one)
	}
	return all
}

// recordTexts are what a body begins and ends its minutes with, a line each, as
// they are written.
func (v *visit) recordTexts(own tenant.RecordWords) []string {
	var all []string
	add := func(key string, words tenant.Words) {
		for line := range strings.Lines(v.Words(words)) {
			if line = strings.TrimSpace(line); line == "" {
				continue
			}
			if key != "" {
				line, key = v.T(key, "line", line), ""
			}
			all = append(all, line)
		}
	}
	add("configuration.record_words.preamble", own.Preamble)
	add("configuration.record_words.ending", own.Ending)
	return all
}

// facts are what a body is, besides its seats and its rules.
func (v *visit) facts(model tenant.Bodies, b tenant.Body, called map[string]string) []stated {
	var all []stated
	add := func(at string, says ...string) {
		says = slices.DeleteFunc(says, func(s string) bool { return s == "" })
		if len(says) > 0 {
			all = append(all, stated{Term: v.label(bodySection, "bodies."+at), Says: says})
		}
	}
	names := func(keys []string) string {
		said := make([]string, len(keys))
		for i, key := range keys {
			of, _ := model.Body(key)
			said[i] = cmp.Or(v.Words(of.Name), key)
		}
		return v.series(said)
	}
	texts := func(all []tenant.Words) []string {
		said := make([]string, len(all))
		for i, w := range all {
			said[i] = v.Words(w)
		}
		return said
	}
	add("kind", tenant.Capital(v.bodyKind(b.Kind)))
	add("purpose", v.Words(b.Purpose))
	add("tasks", texts(b.Tasks)...)
	add("under", names(b.Under))
	add("preparesFor", names(b.PreparesFor))
	if b.Initiates {
		add("initiates", v.T("web.yes"))
	}
	var answered []string
	for _, key := range b.AnswersFor {
		answered = append(answered, cmp.Or(called[goalNamed+key], key))
	}
	add("answersFor", v.series(answered))
	var kept []string
	for _, key := range b.Secretariat {
		kept = append(kept, cmp.Or(called[key], key))
	}
	add("secretariat", v.series(kept))
	add("appointed", v.Words(b.Appointed))
	if b.Origin != "" {
		add("origin", tenant.Capital(v.value("origin", b.Origin)))
	}
	add("themes", texts(b.Themes)...)
	return all
}

// seated tells of each sort of seat on a line.
func (v *visit) seated(b tenant.Body, called map[string]string) []string {
	var all []string
	for _, s := range b.Seats {
		var whose []string
		for _, key := range s.Organisations {
			whose = append(whose, cmp.Or(called[key], key))
		}
		who := v.series(whose)
		switch {
		case s.Each != "":
			who = v.T("configuration.seat.each", "type", v.value("type", s.Each))
		case len(whose) > 1:
			who = v.T("configuration.seat.shared", "who", who)
		}
		if name := v.Words(s.Name); name != "" && who != "" {
			who = name + " (" + who + ")"
		} else if name != "" {
			who = name
		}
		says := []string{cmp.Or(who, s.Key)}
		if s.Of() > 1 {
			says = append(says, v.T("configuration.seat.number", "n", s.Of()))
		}
		if s.Standing != "" && s.Standing != tenant.SeatOrdinary {
			says = append(says, v.value("standing", s.Standing))
		}
		if s.Level != "" {
			says = append(says, v.value("level", s.Level))
		}
		if s.Mandate != "" {
			says = append(says, v.value("mandate", s.Mandate))
		}
		all = append(all, tenant.Capital(strings.Join(says, ", ")))
	}
	return all
}

// bodies tells the whole model: each body by its name, and after it each thing
// that it says, so that two versions can be put side by side.
func (v *visit) bodies(version json.RawMessage, called map[string]string) []stated {
	model := bodiesOf(version)
	var all []stated
	for _, b := range model.Bodies {
		name := v.bodyName(b)
		head := stated{Term: name, Note: v.T("configuration.key", "key", b.Key), entry: true, id: b.Key}
		if other := b.Name[string(v.other())]; other != "" && other != name {
			head.Note = v.other().Name() + ": " + other + " · " + head.Note
		}
		all = append(all, head)
		says := v.facts(model, b, called)
		if seats := v.seated(b, called); len(seats) > 0 {
			says = append(says, stated{Term: v.label(bodySection, "bodies.seats"), Says: seats})
		}
		for _, s := range append(says, v.told(b, called)...) {
			s.id, s.Term, s.aside = b.Key+"/"+s.Term, name+": "+lowered(s.Term), true
			all = append(all, s)
		}
	}
	return all
}

// lowered is a label as it stands after a colon.
func lowered(s string) string { return strings.ToLower(s[:1]) + s[1:] }

// bodyRow is a body in the section's list.
type bodyRow struct {
	Key, Name, Kind, Seats, Rules string
	Class                         string // how many of its rules are known, as a shape
}

// listed are the bodies of a version, a row for each.
func (v *visit) listed(version json.RawMessage) []bodyRow {
	var rows []bodyRow
	for _, b := range bodiesOf(version).Bodies {
		r := bodyRow{Key: b.Key, Name: v.bodyName(b), Kind: tenant.Capital(v.bodyKind(b.Kind)), Class: "on"}
		var each []string
		for _, s := range b.Seats {
			if s.Each != "" && s.Votes() {
				each = append(each, v.value("type", s.Each))
			}
		}
		switch n, all := b.Votes(); {
		case !all && n > 0:
			r.Seats = v.T("configuration.body.seats_and_each", "count", n, "types", v.series(each))
		case !all:
			r.Seats = v.T("configuration.body.seats_each", "types", v.series(each))
		case n > 0:
			r.Seats = v.T("configuration.body.seats", "count", n)
		}
		known, rules := 0, slices.DeleteFunc(b.Tell(v.Lang, nil), func(s tenant.Sentence) bool { return s.Rule == tenant.TellsRecordWords })
		for _, s := range rules {
			if !s.Unknown {
				known++
			}
		}
		r.Rules = v.T("configuration.body.rules", "known", known, "all", len(rules))
		if known < len(rules) {
			r.Class = "half"
		}
		if known == 0 {
			r.Class = "none"
		}
		rows = append(rows, r)
	}
	return rows
}

// bodyShown is one body of a version, with all that it says.
type bodyShown struct {
	Name         string
	Facts, Rules []stated
	Seats        []string
}

func (v *visit) shown(version json.RawMessage, key string, called map[string]string) (*bodyShown, error) {
	model := bodiesOf(version)
	b, ok := model.Body(key)
	if !ok {
		return nil, fault.Missing()
	}
	return &bodyShown{Name: v.bodyName(b), Facts: v.facts(model, b, called), Rules: v.told(b, called), Seats: v.seated(b, called)}, nil
}

// bodyPlace is where a body's own page lies.
func bodyPlace(page, key string) string { return "/settings/bodies" + page + "?body=" + key }
