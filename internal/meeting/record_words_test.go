package meeting_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/tenant"
)

func sv(s string) tenant.Words { return tenant.Words{"sv": s} }

// worded are the rules of a body that keeps minutes in words of its own.
func worded() tenant.Rules {
	return recorded(func(r *tenant.Rules) {
		r.Public = tenant.Public{Minutes: tenant.PublicAdjusted}
		r.RecordWords = tenant.RecordWords{Preamble: sv("Rådet möts efter **överenskommelsen**."), AttendanceFirst: true, Ending: sv("Frågor besvaras av kansliet."),
			Headings: tenant.RecordHeadings{Opening: sv("Mötets öppnande"), Attendance: sv("Beslutande"), Adjusters: sv("Val av justerare"), Closing: sv("Mötets avslutande")}}
	})
}

func headings(m meeting.Minutes) []string {
	said := make([]string, len(m.Paragraphs))
	for i, p := range m.Paragraphs {
		said[i] = p.Heading
	}
	return said
}

func TestMinutesAreInTheBodysOwnWords(t *testing.T) {
	h, _ := settled(t, worded())
	m := h.minutes()
	want := []string{"Beslutande", "Mötets öppnande", "Val av justerare", "Riktning", "Läget", "Budget", "Hemlig upphandling", "Mötets avslutande"}
	if diff := cmp.Diff(want, headings(m)); diff != "" {
		t.Errorf("headings (-want +got):\n%s", diff)
	}
	if first := m.Paragraphs[0].Wording; !strings.HasPrefix(first, "Rådet möts efter **överenskommelsen**.\n\n# Tjänstgörande\n") {
		t.Errorf("they begin with %q", first)
	}
	for _, p := range m.Paragraphs[1:] {
		if strings.Contains(p.Wording, "Rådet möts") {
			t.Errorf("%q begins with it too: %s", p.Heading, p.Wording)
		}
	}
	if last := m.Paragraphs[7].Wording; !strings.HasPrefix(last, "Slut klockan") || !strings.HasSuffix(last, "\n\nFrågor besvaras av kansliet.") {
		t.Errorf("they end with %q", last)
	}

	// What is printed and what the public reads are the same words.
	printed := must(meeting.Document(h.ctx, h.tx, h.id))(h)
	var public meeting.MinutesDocument
	h.public(func() { public = must(meeting.PublicDocument(h.ctx, h.tx, h.id))(h) })
	for name, d := range map[string]meeting.MinutesDocument{"printed": printed, "public": public} {
		first, last := d.Paragraphs[0], d.Paragraphs[7]
		if first.Heading != "Beslutande" || !strings.HasPrefix(first.HTML, "<p>Rådet möts efter <strong>överenskommelsen</strong>.</p>") ||
			last.Heading != "Mötets avslutande" || !strings.HasSuffix(last.HTML, "<p>Frågor besvaras av kansliet.</p>\n") {
			t.Errorf("%s: %+v\n%+v", name, first, last)
		}
	}
}

func TestWhatIsLeftOutIsInTheProgramsWords(t *testing.T) {
	h, _ := held(t, recorded(func(r *tenant.Rules) { r.RecordWords.Headings.Closing = sv("Avslutning") }))
	h.shut()
	m := h.draft()
	want := []string{"Mötet öppnas", "Närvarande", "Justerare", "Riktning", "Läget", "Budget", "Hemlig upphandling", "Avslutning"}
	if diff := cmp.Diff(want, headings(m)); diff != "" {
		t.Errorf("headings (-want +got):\n%s", diff)
	}
	if first := m.Paragraphs[0].Wording; !strings.HasPrefix(first, "Mötet öppnas klockan") {
		t.Errorf("they begin with %q", first)
	}
}

// The county changes its words from a day: a meeting keeps those of its own.
func TestMinutesHaveTheWordsOfTheMeetingsDay(t *testing.T) {
	for name, c := range map[string]struct {
		from day.Day // of the new words, counted from the meeting's
		want string
	}{"later": {d("2026-11-26"), "Mötets öppnande"}, "from the day": {d("2026-11-25"), "Vi börjar"}} {
		t.Run(name, func(t *testing.T) {
			h, _ := held(t, worded())
			h.shut()
			renamed := council(worded())
			renamed.Rules.RecordWords = tenant.RecordWords{Headings: tenant.RecordHeadings{Opening: sv("Vi börjar")}}
			h.tx.County.Bodies = append(h.tx.County.Bodies, tenant.Dated[tenant.Bodies]{From: c.from, Value: tenant.Bodies{Bodies: []tenant.Body{renamed}}})
			h.tx.Now = d("2026-12-03").Start() // it is written when both have held
			m := h.draft()
			if got := headings(m); got[0] != c.want && got[1] != c.want {
				t.Errorf("%q is not among %q", c.want, got)
			}
		})
	}
}

func TestNotesAreInTheBodysOwnWordsToo(t *testing.T) {
	h, items := gather(t, tenant.Rules{Record: tenant.RecordNotes, Adjusting: tenant.Adjusting{By: tenant.AdjustedByNobody}, Decision: tenant.DecisionRule{Mode: tenant.ByNothing},
		RecordWords: tenant.RecordWords{Preamble: sv("Anteckningar från nätverket."), Headings: tenant.RecordHeadings{Attendance: sv("Vi som var med")}}}, "",
		meeting.Matter{Kind: meeting.ForLearning, Title: "Så gör vi"})
	h.open("alvesta", "region")
	h.take(items[0].ID)
	h.shut()
	m := h.draft()
	if diff := cmp.Diff([]string{"Tid och plats", "Vi som var med", "Så gör vi", "Avslut"}, headings(m)); diff != "" {
		t.Errorf("headings (-want +got):\n%s", diff)
	}
	if there := m.Paragraphs[1].Wording; !strings.HasPrefix(there, "# Deltagare\n") { // where nothing is decided nobody serves
		t.Errorf("who was there: %q", there)
	}
	if !strings.HasPrefix(m.Paragraphs[0].Wording, "Anteckningar från nätverket.\n\n") {
		t.Errorf("they begin with %q", m.Paragraphs[0].Wording)
	}
}

// Nobody opens or closes a written procedure: its headings stay its own.
func TestAWrittenProcedureHasItsOwnHeadingsAndTheBodysTexts(t *testing.T) {
	r := worded()
	r.Written.Form, r.RecordWords.AttendanceFirst = tenant.WrittenAllowed, false
	h, items := gather(t, r, meeting.KindWritten, toDecide)
	for _, key := range seats {
		h.as(h.holds[key], key)
		h.ok(meeting.Vote(h.ctx, h.tx, items[0].ID, meeting.Voice{Vote: "for"}))
	}
	h.strategist()
	must(h.decide(items[0].ID, meeting.Ruling{}))(h)
	h.shut()
	m := h.draft()
	if diff := cmp.Diff([]string{"Skriftligt förfarande", "De som svarade", "Val av justerare", "Riktning", "Förfarandet avslutas"}, headings(m)); diff != "" {
		t.Errorf("headings (-want +got):\n%s", diff)
	}
	first, last := m.Paragraphs[0].Wording, m.Paragraphs[4].Wording
	if !strings.HasPrefix(first, "Rådet möts efter **överenskommelsen**.\n\n") || !strings.HasSuffix(last, "\n\nFrågor besvaras av kansliet.") {
		t.Errorf("they begin with %q and end with %q", first, last)
	}
}

// What the county writes hides nothing of what was noted, and runs nothing.
func TestTheBodysOwnWordsHideAndRunNothing(t *testing.T) {
	for _, hostile := range []string{"```\nkod", "<!-- tyst", "<script>alert(1)</script>", "[här](javascript:alert(1)) ![b](https://x.example/p.png)"} {
		t.Run(hostile, func(t *testing.T) {
			h, _ := held(t, recorded(func(r *tenant.Rules) {
				r.RecordWords = tenant.RecordWords{Preamble: sv(hostile), Ending: sv(hostile), Headings: tenant.RecordHeadings{Opening: sv("<b onclick=x>Öppnande</b>")}}
			}))
			h.shut()
			h.draft()
			d := must(meeting.Document(h.ctx, h.tx, h.id))(h)
			first, last := d.Paragraphs[0].HTML, d.Paragraphs[7].HTML
			if !strings.Contains(first, "<p>Mötet öppnas klockan") || !strings.Contains(last, "<p>Slut klockan") {
				t.Errorf("%q hides what was noted:\n%s\n%s", hostile, first, last)
			}
			for _, bad := range []string{"<script", "javascript:", "<img", "<!--"} {
				if strings.Contains(first+last, bad) {
					t.Errorf("%q comes through as %s", hostile, first+last)
				}
			}
		})
	}
}

// What came of a matter is written by hand too, and hides nothing that stands after it.
func TestWhatCameOfAMatterHidesNoStatement(t *testing.T) {
	h, items := gather(t, recorded(), "", toTell)
	h.open(seats...)
	h.take(items[0].ID)
	must(meeting.Say(h.ctx, h.tx, items[0].ID, meeting.Saying{Kind: meeting.Said, Person: h.holds["lessebo"], Wording: "Vi väntar på svar."}))(h)
	must(meeting.Settle(h.ctx, h.tx, items[0].ID, h.item(items[0].ID).Version, meeting.Settlement{Result: "<!-- Klart"}))(h)
	h.shut()
	h.draft()
	if got := must(meeting.Document(h.ctx, h.tx, h.id))(h).Paragraphs[3].HTML; !strings.Contains(got, "Vi väntar på svar.") {
		t.Errorf("the statement is hidden: %s", got)
	}
}
