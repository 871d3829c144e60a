package meeting_test

import (
	"slices"
	"testing"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/meeting"
)

// Who attests a paragraph that the reader may not read is left out with it: that it is
// being attested tells that it is there.
func TestWhoAttestsAConfidentialParagraphIsToldToThoseWhoMayReadIt(t *testing.T) {
	h, items := held(t, recorded())
	h.choose("region", "lessebo")
	p := h.atOnce(items[3].ID)
	outside := func(when string, want int) {
		t.Helper()
		for _, who := range []func(){h.auditor, func() { dbtest.As(h.tx, auth.RolePartyReporter, h.party("almhult")); h.tx.Person = h.holds["guest"] }} {
			who()
			m := h.minutes()
			if len(m.Paragraphs) != want || len(m.Adjusters) != 2 || slices.ContainsFunc(m.Adjusters, func(a meeting.Adjuster) bool { return a.Paragraph != uuid.Nil }) {
				t.Errorf("%s: %+v, attested by %+v", when, m.Paragraphs, m.Adjusters)
			}
		}
		h.clerk()
	}
	h.holds["guest"] = h.person("Gäst Gästsson")
	h.exec("INSERT INTO invitation (id, meeting_id, person_id, organisation_id, role, invited_at) VALUES (gen_random_uuid(), $1, $2, $3, 'guest', now())", h.id, h.holds["guest"], h.party("almhult"))
	outside("asked for", 0)
	if m := h.minutes(); len(m.Adjusters) != 4 {
		t.Errorf("who writes them: %+v", m.Adjusters)
	}
	h.as(h.holds["region"], "region")
	must(meeting.Adjust(h.ctx, h.tx, h.id, h.now().Version, meeting.Attest{Paragraph: p.ID, Hash: p.Hash}))(h)
	outside("attested by one", 0)
	h.as(h.holds["lessebo"], "lessebo")
	must(meeting.Adjust(h.ctx, h.tx, h.id, h.now().Version, meeting.Attest{Paragraph: p.ID, Hash: p.Hash}))(h)
	outside("attested by all", 1)
	h.as(h.holds["markaryd"], "markaryd") // who sits there
	if m := h.minutes(); len(m.Paragraphs) != 1 || m.Paragraphs[0].Masked || len(m.Adjusters) != 4 {
		t.Errorf("%+v, attested by %+v", m.Paragraphs, m.Adjusters)
	}
}

// Who attests one paragraph at once reads that one, and the rest of the draft when he
// is asked to attest it.
func TestWhoAttestsOneParagraphReadsThatOne(t *testing.T) {
	h, items := held(t, recorded())
	h.choose("region", "lessebo")
	p := h.atOnce(items[0].ID)
	h.shut()
	h.draft()
	reads := func(key string, want ...int) {
		t.Helper()
		h.as(h.holds[key], key)
		defer h.clerk()
		m := h.minutes()
		var numbers []int
		for _, q := range m.Paragraphs {
			numbers = append(numbers, q.Number)
		}
		if !slices.Equal(numbers, want) || (m.Hash != "") != (len(want) > 2) {
			t.Errorf("%s reads %v and has the digest %q, want %v", key, numbers, m.Hash, want)
		}
	}
	reads("region", 4)
	h.as(h.holds["lessebo"], "lessebo") // whose turn it is not
	h.refuses(must2(meeting.MinutesOf(h.ctx, h.tx, h.id)), "minutes.not_yet")
	for _, key := range []string{"region", "lessebo"} {
		h.as(h.holds[key], key)
		must(meeting.Adjust(h.ctx, h.tx, h.id, h.now().Version, meeting.Attest{Paragraph: p.ID, Hash: p.Hash}))(h)
	}
	reads("region", 4)
	reads("lessebo", 4)
	h.as(h.holds["region"], "region")
	h.refuses(must2(meeting.ChangeParagraph(h.ctx, h.tx, p.ID, p.Version, meeting.Passage{Heading: "Nytt"})), "meeting.not_leading")
	h.clerk()
	var rest []int
	for _, q := range must(meeting.AskAdjusters(h.ctx, h.tx, h.id, h.now().Version))(h).Paragraphs {
		rest = append(rest, q.Number)
	}
	reads("region", rest...)
	reads("lessebo", 4)
	h.as(h.holds["region"], "region")
	must(meeting.SendBack(h.ctx, h.tx, h.id, h.now().Version, meeting.Declining{Reason: "§ 6 saknar budgeten"}))(h)
	h.as(h.holds["lessebo"], "lessebo")
	if m := h.minutes(); len(m.Adjusters) != 4 || m.Adjusters[0].State != meeting.AdjusterDeclined || m.Adjusters[0].Reason != "" {
		t.Errorf("why the draft was sent back: %+v", m.Adjusters)
	}
	h.clerk()
	must(meeting.AskAdjusters(h.ctx, h.tx, h.id, h.now().Version))(h)
	h.adjust("region")
	reads("lessebo", rest...)
}
