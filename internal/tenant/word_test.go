package tenant_test

import (
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/overens/overens/internal/tenant"
)

func TestAWordInAllItsForms(t *testing.T) {
	w := tenant.Word{
		"sv": {Gender: "en", One: "strategisk överenskommelse", TheOne: "den strategiska överenskommelsen", Many: "strategiska överenskommelser", TheMany: "de strategiska överenskommelserna", Short: "SÖK"},
		"en": {One: "party", Many: "parties"},
	}
	sv, en := w.In("sv"), w.In("en")
	for got, want := range map[string]string{
		sv.Of(1):           "strategisk överenskommelse",
		sv.Of(9):           "strategiska överenskommelser",
		sv.Brief():         "SÖK",
		sv.Genitive.TheOne: "den strategiska överenskommelsens",
		sv.Genitive.Short:  "SÖK:s",
		en.TheOne:          "the party",
		en.TheMany:         "the parties",
		en.Of(0):           "parties",
		en.Brief():         "party",
		en.Genitive.One:    "party's",
		en.Genitive.Many:   "parties'",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	for word, want := range map[string]string{"hus": "hus", "kors": "kors", "Linux": "Linux", "quiz": "quiz", "mål": "måls", "LÖK": "LÖK:s", "": ""} {
		if got := (tenant.Word{"sv": {One: word}}).In("sv").Genitive.One; got != want {
			t.Errorf("the genitive of %q is %q, want %q", word, got, want)
		}
	}
	given := tenant.Word{"sv": {One: "råd", Genitive: tenant.Genitives{One: "rådets"}}}
	if got := given.In("sv").Genitive.One; got != "rådets" {
		t.Errorf("the genitive that was given became %q", got)
	}
	if got := (tenant.Word{"sv": {One: "delmål"}}).In("en").One; got != "delmål" {
		t.Errorf("a word without English is %q in English", got)
	}
	for s, want := range map[string]string{"överenskommelse": "Överenskommelse", "": "", "SÖK": "SÖK"} {
		if got := tenant.Capital(s); got != want {
			t.Errorf("%q at the beginning is %q", s, got)
		}
	}
}

// Every concept has a field, and every field a concept, and a usual word in
// every language: a page never meets an empty one.
func TestEveryConceptHasAWord(t *testing.T) {
	var fields []string
	for f := range reflect.TypeFor[tenant.Glossary]().Fields() {
		fields = append(fields, jsonKey(f))
	}
	var concepts []string
	for _, c := range tenant.Concepts() {
		concepts = append(concepts, string(c))
		word := tenant.Configuration{}.Word(c)
		for _, lang := range tenant.Languages {
			f, ok := word[lang]
			full := word.In(lang)
			if !ok || f.One == "" || full.TheOne == "" || full.Many == "" || full.TheMany == "" || full.Genitive.TheMany == "" {
				t.Errorf("%s in %s: %+v", c, lang, full)
			}
		}
	}
	if diff := cmp.Diff(fields, concepts); diff != "" {
		t.Error(diff)
	}
	if got := (tenant.Configuration{}).Word("motto"); len(got) > 0 {
		t.Errorf("a concept that there is not: %v", got)
	}
}
