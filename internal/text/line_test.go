package text_test

import (
	"testing"

	"github.com/overens/overens/internal/text"
)

func TestALineIsWhatCanBeSeenOfIt(t *testing.T) {
	for typed, want := range map[string]string{
		"  Växjö \t kommun\r\n":         "Växjö kommun",
		"Va\u0308xjo\u0308":             "Växjö",
		"Kim\nBcc: y@example.se":        "Kim Bcc: y@example.se",
		"\u202eBA kcebåt":               "BA kcebåt",
		"Al\u200bves\u00adta\ufeff":     "Alvesta",
		"\u200b\u2060":                  "",
		"\u200d \u200c":                 "",
		"\u00a0":                        "",
		"a\x00b ":                       "a\x00b",
		"a\xff":                         "a\xff",
		"👩\u200d🚀 AB":                   "👩\u200d🚀 AB",
		"می\u200cخواهم":                 "می\u200cخواهم",
		"Länsstyrelsen i\u00a0Kalmar l": "Länsstyrelsen i Kalmar l",
	} {
		if got := text.Line(typed); got != want {
			t.Errorf("%q: %q, want %q", typed, got, want)
		}
	}
}

func TestWhatIsNoTextIsToldFromText(t *testing.T) {
	for s, want := range map[string]bool{
		"": true, "Åäö 😀 עברית\n\tx\r\n": true, "a\x00": false, "a\x1b[1m": false, "a\u0085": false, "\x7f": false, "\xff": false, "x\ufffdy": false,
	} {
		if got := text.Plain(s); got != want {
			t.Errorf("%q: %v, want %v", s, got, want)
		}
	}
}
