// Package text holds the words that people read, by key and language: one file
// per subject in sv/ and en/. Swedish is the language of the product; English
// says the same. A key is a fault's key, a page's heading, a button.
//
//	text.Swedish.T("common.not_found")
//
// A message may have a plural: its forms one and other are chosen by "count".
package text

import (
	"embed"
	"fmt"
	"path"
	"slices"
	"sync"

	"github.com/goccy/go-yaml"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

//go:embed sv/*.yaml en/*.yaml
var files embed.FS

// Lang is a language that pages and answers are written in.
type Lang string

// The languages.
const (
	Swedish Lang = "sv"
	English Lang = "en"
)

// Langs are all of them, the first being what is used when nothing is asked for.
var Langs = []Lang{Swedish, English}

// T gives the words for a key, filled with name–value pairs. A key that does
// not exist comes back in brackets, and a test of this package finds it.
func (l Lang) T(key string, pairs ...any) string {
	var args map[string]any
	if len(pairs) > 0 {
		args = make(map[string]any, len(pairs)/2)
		for i := 0; i+1 < len(pairs); i += 2 {
			args[pairs[i].(string)] = pairs[i+1]
		}
	}
	return l.Fill(key, args)
}

// Fill is T with the values in a map.
func (l Lang) Fill(key string, args map[string]any) string {
	c := &i18n.LocalizeConfig{MessageID: key}
	if args != nil {
		c.TemplateData = args
		// Only what has forms is chosen among by number: "1 av 1" is one text.
		if _, forms := keys()[l][key].(map[string]any); forms {
			c.PluralCount = args["count"]
		}
	}
	s, err := localizer(l).Localize(c)
	if err != nil {
		return "⟨" + key + "⟩"
	}
	return s
}

// Word is a key whose words stand within another message: a value that it is
// filled with, put in the reader's language by whoever shows the message.
type Word string

// Has tells whether there are words for a key.
func Has(key string) bool {
	_, ok := keys()[Swedish][key]
	return ok
}

// Keys are all keys of a language, in order.
func (l Lang) Keys() []string {
	var ks []string
	for k := range keys()[l] {
		ks = append(ks, k)
	}
	slices.Sort(ks)
	return ks
}

// Name is the language's own name.
func (l Lang) Name() string {
	if l == English {
		return "English"
	}
	return "Svenska"
}

var matcher = language.NewMatcher([]language.Tag{language.Swedish, language.English})

// Accept chooses a language: what was asked for, then what the browser
// accepts, then Swedish.
func Accept(asked, header string) Lang {
	if slices.Contains(Langs, Lang(asked)) {
		return Lang(asked)
	}
	tags, _, err := language.ParseAcceptLanguage(header)
	if err != nil || len(tags) == 0 {
		return Swedish
	}
	if _, i, confidence := matcher.Match(tags...); i == 1 && confidence != language.No {
		return English
	}
	return Swedish
}

func localizer(l Lang) *i18n.Localizer {
	if l == English {
		return bundle().english
	}
	return bundle().swedish
}

type loaded struct{ swedish, english *i18n.Localizer }

var bundle = sync.OnceValue(func() loaded {
	b := i18n.NewBundle(language.Swedish)
	b.RegisterUnmarshalFunc("yaml", yaml.Unmarshal)
	for _, l := range Langs {
		for name, src := range catalogue(l) {
			// The bundle tells the language from the file's name.
			if _, err := b.ParseMessageFileBytes(src, name+"."+string(l)+".yaml"); err != nil {
				panic(fmt.Sprintf("text: %s/%s: %v", l, name, err))
			}
		}
	}
	return loaded{i18n.NewLocalizer(b, "sv"), i18n.NewLocalizer(b, "en")}
})

func catalogue(l Lang) map[string][]byte {
	dir, err := files.ReadDir(string(l))
	if err != nil {
		panic(err)
	}
	m := map[string][]byte{}
	for _, f := range dir {
		b, err := files.ReadFile(path.Join(string(l), f.Name()))
		if err != nil {
			panic(err)
		}
		m[f.Name()[:len(f.Name())-len(".yaml")]] = b
	}
	return m
}

// keys are each language's messages as they stand in the files.
var keys = sync.OnceValue(func() map[Lang]map[string]any {
	m := map[Lang]map[string]any{}
	for _, l := range Langs {
		m[l] = map[string]any{}
		for name, src := range catalogue(l) {
			var ms map[string]any
			if err := yaml.Unmarshal(src, &ms); err != nil {
				panic(fmt.Sprintf("text: %s/%s: %v", l, name, err))
			}
			for k, v := range ms {
				if _, twice := m[l][k]; twice {
					panic(fmt.Sprintf("text: %s: the key %s stands in two files", l, k))
				}
				m[l][k] = v
			}
		}
	}
	return m
})

// Raw is a message as it stands in the file, all its plural forms after one another.
func Raw(l Lang, key string) string {
	switch m := keys()[l][key].(type) {
	case string:
		return m
	case map[string]any:
		one, _ := m["one"].(string)
		other, _ := m["other"].(string)
		return one + "\n" + other + "\n"
	}
	return ""
}
