package tenant_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/tenant"
	"github.com/overens/overens/internal/text"
)

func jsonKey(f reflect.StructField) string {
	key, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return key
}

// A section that is added somewhere and forgotten elsewhere is found here.
func TestEverySectionIsEverywhere(t *testing.T) {
	var inCounty, inConfiguration []string
	for f := range reflect.TypeFor[tenant.County]().Fields() {
		if strings.HasPrefix(f.Type.Name(), "Section[") {
			inCounty = append(inCounty, jsonKey(f))
		}
	}
	for f := range reflect.TypeFor[tenant.Configuration]().Fields() {
		if f.Type.Kind() == reflect.Struct {
			inConfiguration = append(inConfiguration, strings.ToLower(f.Name[:1])+f.Name[1:])
		}
	}
	if diff := cmp.Diff(inCounty, tenant.SectionKeys()); diff != "" {
		t.Errorf("County and the table of sections:\n%s", diff)
	}
	if diff := cmp.Diff(inConfiguration, tenant.SectionKeys()); diff != "" {
		t.Errorf("Configuration and the table of sections:\n%s", diff)
	}
	for _, s := range tenant.SectionTypes() {
		words := []string{"tenant.section." + s.Key, "tenant.concerns." + s.Key}
		for _, field := range s.Fields() {
			words = append(words, "tenant.field."+field)
		}
		for _, value := range values(s.Type) {
			words = append(words, "tenant.value."+value)
		}
		for _, key := range words {
			if !text.Has(key) {
				t.Errorf("%s: no words for %s", s.Key, key)
			}
		}
		// A version's own keys stand beside from and decision.
		for f := range s.Type.Fields() {
			if key := jsonKey(f); key == "from" || key == "decision" || key == "" {
				t.Errorf("%s: the key %q is taken by every version", s.Key, key)
			}
		}
		if !strings.Contains(string(tenant.Schema()), `"`+s.Key+`"`) {
			t.Errorf("%s is not in the schema", s.Key)
		}
	}
	if _, err := tenant.SectionOf("motto"); err == nil {
		t.Error("there is a section motto")
	}
}

// values are those that can be chosen somewhere in a type.
func values(t reflect.Type) []string {
	switch t.Kind() {
	case reflect.Slice, reflect.Map:
		return values(t.Elem())
	case reflect.Struct:
		var all []string
		for f := range t.Fields() {
			if enum := f.Tag.Get("enum"); enum != "" {
				all = append(all, strings.Split(enum, ",")...)
			}
			if f.IsExported() {
				all = append(all, values(f.Type)...)
			}
		}
		return all
	}
	return nil
}

// What a check says, it says in every language.
func TestEveryRefusalHasWords(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	said := regexp.MustCompile(`refuse\("(tenant\.[a-z_.]+)"`)
	n := 0
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range said.FindAllStringSubmatch(string(src), -1) {
			n++
			if !text.Has(found[1]) {
				t.Errorf("%s: no words for %s", file, found[1])
			}
		}
	}
	if n < 50 {
		t.Errorf("only %d refusals were found in the source", n)
	}
}

func TestTheTypesOfOrganisationAreThoseThatThereAre(t *testing.T) {
	f, _ := reflect.TypeFor[tenant.PartyKind]().FieldByName("Type")
	if diff := cmp.Diff(organisation.Types, strings.Split(f.Tag.Get("enum"), ",")); diff != "" {
		t.Error(diff)
	}
}

func TestWhatIsUsualHoldsUntilTheCountySaysOtherwise(t *testing.T) {
	county := tenant.County{Slug: "x", Kind: tenant.KindSandbox, PartyStatuses: tenant.Section[tenant.PartyStatuses]{
		{From: on("2026-01-01"), Value: tenant.PartyStatuses{Statuses: []tenant.PartyStatus{{Key: "member", Counted: true}}}},
	}}
	before, after := county.On(on("2025-12-31")), county.On(on("2026-01-01"))
	if _, ok := before.PartyStatuses.Status("signatory"); !ok || !slices.Equal(after.PartyStatuses.Counted(), []string{"member"}) {
		t.Errorf("before %v, after %v", before.PartyStatuses.Counted(), after.PartyStatuses.Counted())
	}
	statuses, err := tenant.SectionOf("partyStatuses")
	if err != nil {
		t.Fatal(err)
	}
	if _, national, ok := statuses.On(county, on("2025-12-31")); !national || !ok {
		t.Error("what is usual is not told as such")
	}
	if _, national, ok := statuses.On(county, on("2026-01-01")); national || !ok {
		t.Error("the county's own is told as usual")
	}
	goals, err := tenant.SectionOf("goals")
	if err != nil {
		t.Fatal(err)
	}
	if _, _, ok := goals.On(county, on("2026-01-01")); ok {
		t.Error("a county has goals of which nobody has told the shape")
	}
}

func distinct[T any](s tenant.Section[T]) tenant.Section[T] {
	seen := map[day.Day]bool{}
	return slices.DeleteFunc(s, func(d tenant.Dated[T]) bool {
		was := seen[d.From]
		seen[d.From] = true
		return was
	})
}

// any configuration of the sections that list things, right or wrong.
func forms() *rapid.Generator[tenant.County] {
	text := rapid.StringN(0, 8, -1)
	word := rapid.Custom(func(t *rapid.T) tenant.Word {
		if rapid.Bool().Draw(t, "none") {
			return nil
		}
		return tenant.Word{"sv": {Gender: text.Draw(t, "gender"), One: text.Draw(t, "one"), Genitive: tenant.Genitives{TheOne: text.Draw(t, "of")}}}
	})
	key := rapid.SampledFrom([]string{"a", "b", "c"})
	return rapid.Custom(func(t *rapid.T) tenant.County {
		c := counties().Draw(t, "county")
		// Two versions from one day are refused, so nothing is promised of them.
		c.Identity, c.SignIn, c.Accessibility = distinct(c.Identity), distinct(c.SignIn), distinct(c.Accessibility)
		from := day.Day{}
		for n := range rapid.IntRange(0, 3).Draw(t, "versions") {
			if n > 0 {
				from = on("2000-01-01").Add(n)
			}
			var levels []tenant.GoalLevel
			for _, k := range rapid.SliceOfNDistinct(key, 0, 3, rapid.ID).Draw(t, "levels") {
				l := tenant.GoalLevel{Key: k, Word: word.Draw(t, "word"), Nests: rapid.Bool().Draw(t, "nests"), Closable: rapid.Bool().Draw(t, "closable")}
				if rapid.Bool().Draw(t, "under") {
					l.Under = []string{key.Draw(t, "above")}
				}
				levels = append(levels, l)
			}
			c.Goals = append(c.Goals, tenant.Dated[tenant.Goals]{From: from, Decision: text.Draw(t, "decision"), Value: tenant.Goals{Levels: levels}})
			c.InstrumentKinds = append(c.InstrumentKinds, tenant.Dated[tenant.InstrumentKinds]{From: from, Value: tenant.InstrumentKinds{
				Kinds: []tenant.InstrumentKind{{Key: key.Draw(t, "kind"), Bodies: rapid.IntRange(0, 3).Draw(t, "bodies"), Word: word.Draw(t, "kind's word")}}}})
			c.Words = append(c.Words, tenant.Dated[tenant.Glossary]{From: from, Value: tenant.Glossary{Agreement: word.Draw(t, "agreement"), Plan: word.Draw(t, "plan")}})
		}
		return c
	})
}

func TestWhatIsWrittenAsAFileSaysTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := forms().Draw(t, "county")
		c.SignIn, c.Identity = nil, nil // What can be written in several ways gets one form when it is read.
		written, err := tenant.Format(c)
		if err != nil {
			t.Fatal(err)
		}
		read, _ := tenant.Parse("x.yaml", written, auth.RoleNames())
		again, err := tenant.Format(read)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(written), string(again)); diff != "" {
			t.Fatal(diff)
		}
		if differences := tenant.Compare(read, read); len(differences) > 0 {
			t.Fatalf("a county differs from itself: %v", differences)
		}
	})
}

func TestWhoeverDiffersIsTold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := forms().Draw(t, "one"), forms().Draw(t, "other")
		a.Slug, b.Slug = "x", "x"
		differences := tenant.Compare(a, b)
		if tenant.Equal(a, b) != (len(differences) == 0) {
			t.Fatalf("equal %v, differences %v", tenant.Equal(a, b), differences)
		}
		for _, d := range differences {
			for _, lang := range text.Langs {
				if said := d.In(lang); said == "" || strings.Contains(said, "⟨tenant.") {
					t.Fatalf("%+v is told as %q", d, said)
				}
			}
		}
	})
}

func TestAVersionIsPutInBetweenAndTakenAway(t *testing.T) {
	s, err := tenant.SectionOf("lead")
	if err != nil {
		t.Fatal(err)
	}
	var c tenant.County
	body := func(key string) json.RawMessage { return json.RawMessage(`{"organisations":["` + key + `"]}`) }
	for _, v := range []tenant.Version{
		{From: on("2027-01-01"), Body: body("later")},
		{Body: body("first")},
		{From: on("2026-01-01"), Decision: "beslut", Body: body("between")},
		{From: on("2026-01-01"), Body: body("corrected")},
	} {
		if c, err = s.With(c, v); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	for _, v := range s.Versions(c) {
		got = append(got, v.From.String()+v.Decision+string(v.Body))
	}
	want := []string{`{"organisations":["first"]}`, `2026-01-01{"organisations":["corrected"]}`, `2027-01-01{"organisations":["later"]}`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	less, ok := s.Without(c, on("2026-01-01"))
	if !ok || len(s.Versions(less)) != 2 || len(s.Versions(c)) != 3 {
		t.Errorf("taken away %v: %v of %v", ok, s.Versions(less), s.Versions(c))
	}
	if _, ok := s.Without(c, on("2026-01-02")); ok {
		t.Error("a version that there is not was taken away")
	}
	if _, err := s.With(c, tenant.Version{Body: json.RawMessage(`{"organisation":["x"]}`)}); err == nil {
		t.Error("an unknown key was read")
	}
}

func TestTheKeysThatVanishAreNamed(t *testing.T) {
	level := func(keys ...string) tenant.Section[tenant.Goals] {
		var g tenant.Goals
		for _, k := range keys {
			g.Levels = append(g.Levels, tenant.GoalLevel{Key: k})
		}
		return tenant.Section[tenant.Goals]{{Value: g}}
	}
	before, after := tenant.County{Goals: level("area", "goal", "field")}, tenant.County{Goals: level("area")}
	after.Goals = append(after.Goals, tenant.Dated[tenant.Goals]{From: on("2027-01-01"), Value: level("field")[0].Value})
	want := []tenant.Gone{{Section: "goals", List: "levels", Key: "goal"}}
	if diff := cmp.Diff(want, tenant.Vanished(before, after)); diff != "" {
		t.Error(diff)
	}
	if gone := tenant.Vanished(after, after); len(gone) > 0 {
		t.Errorf("nothing changed, and %v are gone", gone)
	}
	// A county that writes its own statuses lets go of the usual ones.
	after.PartyStatuses = tenant.Section[tenant.PartyStatuses]{{Value: tenant.PartyStatuses{Statuses: []tenant.PartyStatus{{Key: "signatory"}}}}}
	if gone := tenant.Vanished(before, after); !slices.Contains(gone, tenant.Gone{Section: "partyStatuses", List: "statuses", Key: "guest"}) {
		t.Errorf("gone: %v", gone)
	}
}
