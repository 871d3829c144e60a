package web

import (
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/a-h/templ"
	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"github.com/overens/overens/internal/text"
)

// A collator keeps a buffer of its own and is lent to one at a time.
var collators = sync.Pool{New: func() any { return collate.New(language.Swedish) }}

// swedish orders words as a Swedish reader looks for them: å, ä and ö last.
func swedish(a, b string) int {
	c := collators.Get().(*collate.Collator)
	defer collators.Put(c)
	return c.CompareString(a, b)
}

func hasWords(key string) bool { return text.Has(key) }

// small begins a word with a small letter, capital with a large one.
func small(s string) string   { return first(s, strings.ToLower) }
func capital(s string) string { return first(s, strings.ToUpper) }

func first(s string, as func(string) string) string {
	_, n := utf8.DecodeRuneInString(s)
	return as(s[:n]) + s[n:]
}

// cut splits an actor's label, kind:name.
func cut(label string) (kind, name string, ok bool) { return strings.Cut(label, ":") }

// bare is a web address as it is read.
func bare(address string) string {
	_, rest, _ := strings.Cut(address, "://")
	return strings.TrimSuffix(strings.TrimPrefix(rest, "www."), "/")
}

// telephone is the address that calls a number.
func telephone(number string) templ.SafeURL {
	return templ.SafeURL("tel:" + strings.Map(func(r rune) rune {
		if r == '+' || (r >= '0' && r <= '9') {
			return r
		}
		return -1
	}, number))
}

// joined puts what there is together.
func joined(sep string, parts ...string) string {
	return strings.Join(slices.DeleteFunc(slices.Clone(parts), func(s string) bool { return s == "" }), sep)
}

// stopped ends a sentence.
func stopped(s string) string {
	if s == "" || strings.ContainsAny(s[len(s)-1:], ".?:") {
		return s
	}
	return s + "."
}
