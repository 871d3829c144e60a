package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Plain tells whether s is text: UTF-8 with line ends and tabs, but with no
// other control characters, and without the mark that stands where something
// could not be read.
func Plain(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool {
		return r == unicode.ReplacementChar || (unicode.Is(unicode.Cc, r) && r != '\n' && r != '\r' && r != '\t')
	})
}

// Line is a text of one line as it is kept: a name, a title, an address. Letters
// are composed, each run of spaces and line ends is one space, and what cannot
// be seen is gone: a name that turns the text around it, or that only looks
// empty, is not what anybody typed. What is no text (Plain) stays as it is, for
// whoever refuses it.
func Line(s string) string {
	if !utf8.ValidString(s) {
		return s
	}
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unseen(r):
			return -1
		}
		return r
	}, norm.NFC.String(s))
	if !strings.ContainsFunc(s, func(r rune) bool { return r != ' ' && !joins(r) }) {
		return ""
	}
	return strings.Join(strings.Fields(s), " ")
}

// unseen are the marks that hide, turn or break a line, and are never part of a word.
func unseen(r rune) bool {
	switch r {
	case '\u00ad', '\u061c', '\u200b', '\u200e', '\u200f', '\u2060', '\ufeff':
		return true
	}
	return ('\u202a' <= r && r <= '\u202e') || ('\u2066' <= r && r <= '\u2069')
}

// joins are the marks between letters that some scripts, and emoji, are written with.
func joins(r rune) bool { return r == '\u200c' || r == '\u200d' }
