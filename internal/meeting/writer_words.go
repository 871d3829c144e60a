package meeting

import (
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/markdown"
	"github.com/overens/overens/internal/tenant"
	"github.com/overens/overens/internal/text"
)

// heading is what a part is called: in the body's own words, else in those for the
// minutes or notes of such a body. In a written procedure nobody opens or closes
// anything, so it has its own.
func (w *writer) heading(part string) string {
	kind, own := "minutes.heading."+w.meeting().Kind+"."+part, w.ownHeading(part)
	if own != "" && !text.Has(kind) {
		return own
	}
	for _, key := range []string{kind, "minutes.heading." + w.record + "." + w.body.Kind + "." + part, "minutes.heading." + w.record + "." + part} {
		if text.Has(key) {
			return w.lang.T(key)
		}
	}
	return w.lang.T("minutes.heading.minutes." + part)
}

// ownHeading is what the body itself calls a part; "" where it has no words for it.
func (w *writer) ownHeading(part string) string {
	h := w.body.Rules.RecordWords.Headings
	return w.own(map[string]tenant.Words{PartOpening: h.Opening, PartAttendance: h.Attendance, PartAdjusters: h.Adjusters, PartClosing: h.Closing}[part])
}

// own are the body's own words in the language of the record.
func (w *writer) own(words tenant.Words) string { return words.In(string(w.lang)) }

// preceded is the first of what is written, after what the body begins with.
func (w *writer) preceded(wording string) string {
	var b blocks
	b.add(markdown.Closed(w.own(w.body.Rules.RecordWords.Preamble)))
	b.add(wording)
	return b.String()
}

// closing says when the meeting was closed, and what the body ends with.
func (w *writer) closing() string {
	var b blocks
	if m := w.meeting(); m.Kind == KindWritten && m.ClosedAt != nil { // that may be another day than its last
		b.add(w.say("closed_on", "day", day.At(*m.ClosedAt), "at", w.clock(m.ClosedAt)))
	} else {
		b.add(w.say("closed_at", "at", w.clock(m.ClosedAt)))
	}
	b.add(w.own(w.body.Rules.RecordWords.Ending))
	return b.String()
}
