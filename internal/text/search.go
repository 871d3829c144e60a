package text

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// SearchWords are the words that a thing is found by: lower case, as written
// (växjö) and without marks (vaxjo), so that both keyboards find it.
func SearchWords(texts ...string) []string {
	var ws []string
	for _, w := range split(texts...) {
		ws = append(ws, w)
		if f := fold(w); f != w {
			ws = append(ws, f)
		}
	}
	slices.Sort(ws)
	return slices.Compact(ws)
}

// Asked are the words of what is looked for: each is a beginning, and all must
// be found. At most eight count.
func Asked(query string) []string {
	ws := split(query)
	slices.Sort(ws)
	ws = slices.Compact(ws)
	return ws[:min(len(ws), 8)]
}

// longest is as much of a word as is kept to find it by.
const longest = 60

func split(texts ...string) []string {
	var ws []string
	for _, t := range texts {
		for w := range strings.FieldsFuncSeq(norm.NFC.String(strings.ToLower(t)), func(r rune) bool {
			return !unicode.IsLetter(r) && !unicode.IsDigit(r)
		}) {
			if r := []rune(w); len(r) > longest {
				w = string(r[:longest])
			}
			ws = append(ws, w)
		}
	}
	return ws
}

func fold(s string) string {
	return norm.NFC.String(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(s)))
}

// Key makes a stable key of a name: "Växjö kommun" → "vaxjo-kommun".
func Key(name string) string {
	var b strings.Builder
	for _, r := range fold(norm.NFC.String(strings.ToLower(name))) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
		if b.Len() == 50 {
			break
		}
	}
	return strings.Trim(b.String(), "-")
}
