package tenant

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Word is what a thing is called, in each language.
type Word map[string]Forms

// Forms are a noun's forms in one language. Swedish needs its gender and all
// four; English needs one, and many where it is not one with an s.
type Forms struct {
	Gender   string    `json:"gender,omitzero" enum:"en,ett" doc:"The Swedish gender: en or ett." example:"en"`
	One      string    `json:"one,omitzero" doc:"One, indefinite." example:"överenskommelse"`
	TheOne   string    `json:"theOne,omitzero" doc:"The one, definite." example:"överenskommelsen"`
	Many     string    `json:"many,omitzero" doc:"Several, indefinite." example:"överenskommelser"`
	TheMany  string    `json:"theMany,omitzero" doc:"The several, definite." example:"överenskommelserna"`
	Short    string    `json:"short,omitzero" doc:"The abbreviation, used after the word has been spelled out once." example:"SÖK"`
	Genitive Genitives `json:"genitive,omitzero" doc:"The genitives that do not follow the rule."`
}

// Genitives are the genitives of a noun's forms.
type Genitives struct {
	One     string `json:"one,omitzero" doc:"Of one." example:"överenskommelses"`
	TheOne  string `json:"theOne,omitzero" doc:"Of the one." example:"överenskommelsens"`
	Many    string `json:"many,omitzero" doc:"Of several." example:"överenskommelsers"`
	TheMany string `json:"theMany,omitzero" doc:"Of the several." example:"överenskommelsernas"`
	Short   string `json:"short,omitzero" doc:"Of the abbreviation." example:"SÖK:s"`
}

// In gives all forms in a language, those that follow a rule made by it; in
// Swedish where the language is missing.
func (w Word) In(lang string) Forms {
	f, ok := w[lang]
	if !ok {
		lang = Languages[0]
		f = w[lang]
	}
	genitive := swedishGenitive
	if lang == "en" {
		genitive = englishGenitive
		f.Many = or(f.Many, f.One+"s")
		f.TheOne = or(f.TheOne, "the "+f.One)
		f.TheMany = or(f.TheMany, "the "+f.Many)
	}
	g := &f.Genitive
	g.One, g.TheOne = or(g.One, genitive(f.One)), or(g.TheOne, genitive(f.TheOne))
	g.Many, g.TheMany = or(g.Many, genitive(f.Many)), or(g.TheMany, genitive(f.TheMany))
	if f.Short != "" {
		g.Short = or(g.Short, genitive(f.Short))
	}
	return f
}

// Of gives the form that follows a number: one agreement, two agreements.
func (f Forms) Of(n int) string {
	if n == 1 {
		return f.One
	}
	return f.Many
}

// Brief is the abbreviation, or the word where there is none.
func (f Forms) Brief() string { return or(f.Short, f.One) }

// Capital writes a word as at the beginning of a sentence.
func Capital(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return s
	}
	return string(unicode.ToUpper(r)) + s[size:]
}

func or(s, otherwise string) string {
	if s != "" {
		return s
	}
	return otherwise
}

func swedishGenitive(s string) string {
	last, _ := utf8.DecodeLastRuneInString(s)
	switch {
	case s == "":
		return ""
	case strings.ContainsRune("sxzSXZ", last):
		return s
	case s == strings.ToUpper(s): // SÖK: an abbreviation that is spelled
		return s + ":s"
	}
	return s + "s"
}

func englishGenitive(s string) string {
	switch {
	case s == "":
		return ""
	case strings.HasSuffix(s, "s"):
		return s + "'"
	}
	return s + "'s"
}

// check is for a word that must be there in Swedish, or (partial) may leave it
// to the national one.
func (w Word) check(c *checker, partial bool) {
	for lang := range w {
		if !slices.Contains(Languages, lang) {
			c.in(lang).refuse("tenant.language_unknown", "lang", lang, "known", strings.Join(Languages, ", "))
		}
	}
	swedish, ok := w["sv"]
	if !ok && !partial && len(w) > 0 { // a word that is missing altogether is told by its tag
		c.refuse("tenant.word.no_swedish")
	}
	if ok {
		swedish.checkSwedish(c.in("sv"))
	}
	if english, ok := w["en"]; ok {
		at := c.in("en")
		if english.One == "" {
			at.refuse("tenant.word.form_missing", "form", "one")
		}
		if english.Gender != "" {
			at.in("gender").refuse("tenant.word.gender_in_english")
		}
	}
}

func (f Forms) checkSwedish(c *checker) {
	for _, form := range []struct{ key, text string }{
		{"gender", f.Gender}, {"one", f.One}, {"theOne", f.TheOne}, {"many", f.Many}, {"theMany", f.TheMany},
	} {
		if strings.TrimSpace(form.text) == "" {
			c.refuse("tenant.word.form_missing", "form", form.key)
		}
	}
	// överenskommelsen, avtalet; a word that does not bend (SÖK) is its own.
	last := map[string]string{"en": "n", "ett": "t"}
	end, known := last[f.Gender]
	if !known && f.Gender != "" {
		c.in("gender").refuse("tenant.not_one_of", "value", f.Gender, "known", "en, ett")
	}
	bends := func(word string) bool { return word != "den" && word != "det" && strings.HasSuffix(word, end) }
	// Of a phrase it is one of the words: den lokala överenskommelsen, rådet för hållbarhet.
	if known && f.TheOne != "" && f.TheOne != f.One && !slices.ContainsFunc(strings.Fields(f.TheOne), bends) {
		c.in("theOne").refuse("tenant.word.gender_wrong", "word", f.TheOne, "gender", f.Gender, "end", end)
	}
}
