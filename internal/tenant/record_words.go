package tenant

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// RecordWords are the county's own words in the minutes or notes of a body's
// meetings. What is left out is in the program's words.
type RecordWords struct {
	Preamble        Words          `json:"preamble,omitempty" doc:"What the first paragraph begins with, as who the body is and by which agreement it meets. Markdown."`
	Headings        RecordHeadings `json:"headings,omitzero" doc:"What the parts are called that stand in all minutes. A written procedure has headings of its own."`
	AttendanceFirst bool           `json:"attendanceFirst,omitzero" doc:"Whether it is said who was there before it is said how the meeting was opened." example:"true"`
	Ending          Words          `json:"ending,omitempty" doc:"What the last paragraph ends with. Markdown."`
}

// RecordHeadings are what the parts are called that stand in all minutes.
type RecordHeadings struct {
	Opening    Words `json:"opening,omitempty" doc:"How the meeting was opened." example:"{\"sv\": \"Mötets öppnande\"}"`
	Attendance Words `json:"attendance,omitempty" doc:"Who was there." example:"{\"sv\": \"Beslutande\"}"`
	Adjusters  Words `json:"adjusters,omitempty" doc:"Who attests." example:"{\"sv\": \"Val av justerare\"}"`
	Closing    Words `json:"closing,omitempty" doc:"How the meeting was closed." example:"{\"sv\": \"Mötets avslutande\"}"`
}

// TellsRecordWords is the key of the sentence about a body's own words. No source
// is asked for them, so nothing is missing where there are none.
const TellsRecordWords = "recordWords"

// How long they may be: a heading as any in the minutes, and a text that leaves
// the page to what the meeting did.
const (
	mostOfHeading  = 200
	mostOfPreamble = 4000
)

// lineEnds are all that a line is broken by, in whatever shape it is shown.
const lineEnds = "\n\r\v\f\u0085\u2028\u2029"

// heading is one of the headings, with its key.
type heading struct {
	key string
	Words
}

func (h RecordHeadings) all() []heading {
	return []heading{{"opening", h.Opening}, {"attendance", h.Attendance}, {"adjusters", h.Adjusters}, {"closing", h.Closing}}
}

func (w RecordWords) check(c *checker) {
	for _, h := range w.Headings.all() {
		at := c.in("headings").in(h.key)
		h.check(at, false)
		h.bounded(at, mostOfHeading)
		for _, lang := range slices.Sorted(maps.Keys(h.Words)) {
			if strings.ContainsAny(h.Words[lang], lineEnds) {
				at.in(lang).refuse("tenant.rule.heading_of_lines")
			}
		}
	}
	for _, text := range []heading{{"preamble", w.Preamble}, {"ending", w.Ending}} {
		text.check(c.in(text.key), false)
		text.bounded(c.in(text.key), mostOfPreamble)
	}
}

// bounded refuses words that are longer than what they stand in has room for.
func (w Words) bounded(c *checker, most int) {
	for _, lang := range slices.Sorted(maps.Keys(w)) {
		if n := utf8.RuneCountInString(w[lang]); n > most {
			c.in(lang).refuse("tenant.rule.words_too_long", "length", n, "most", most)
		}
	}
}

func (t telling) recordWords() string {
	own := t.Rules.RecordWords
	what := t.say("recordWords." + or(t.Rules.Record, RecordMinutes))
	begins, headings, order := "", "", ""
	switch {
	case len(own.Preamble) > 0 && len(own.Ending) > 0:
		begins = t.say("recordWords.both", "what", what)
	case len(own.Preamble) > 0:
		begins = t.say("recordWords.preamble", "what", what)
	case len(own.Ending) > 0:
		begins = t.say("recordWords.ending", "what", what)
	}
	var named []string
	for _, h := range own.Headings.all() {
		if said := t.words(h.Words); said != "" {
			named = append(named, t.say("recordWords.heading", "heading", said))
		}
	}
	if len(named) > 0 {
		headings = t.say("recordWords.headings", "headings", t.series(named))
	}
	if own.AttendanceFirst {
		order = t.say("recordWords.attendance_first")
	}
	return and(Capital(begins), headings, order)
}
