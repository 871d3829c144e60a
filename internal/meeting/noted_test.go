package meeting_test

import (
	"context"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

// about is the paragraph of a matter.
func (h *hall) about(item uuid.UUID) meeting.Paragraph {
	h.Helper()
	ps := h.minutes().Paragraphs
	return ps[slices.IndexFunc(ps, func(p meeting.Paragraph) bool { return p.Item == item })]
}

// writes lets whoever writes the minutes write in a paragraph.
func (h *hall) writes(p meeting.Paragraph, wording string) meeting.Paragraph {
	h.Helper()
	return must(meeting.ChangeParagraph(h.ctx, h.tx, p.ID, p.Version, meeting.Passage{Heading: p.Heading, Wording: wording}))(h)
}

// reworded puts right what was decided in a matter.
func (h *hall) reworded(item uuid.UUID, title, wording string) {
	h.Helper()
	ds, _ := h.decisions(meeting.DecisionFilter{Meeting: h.id})
	d := ds[slices.IndexFunc(ds, func(d meeting.Decision) bool { return d.Item == item })]
	must(meeting.Reword(h.ctx, h.tx, d.ID, d.Version, meeting.Rewording{Title: title, Wording: wording}))(h)
}

func TestWhatIsWrittenByHandIsReadThroughWhenSomethingElseHasBeenNoted(t *testing.T) {
	h, items := held(t, recorded())
	h.choose("region", "lessebo")
	h.shut()
	h.draft()
	const own = "Rådet antar riktningen, efter lång debatt."
	written := h.writes(h.about(items[0].ID), own)
	if p := h.about(items[0].ID); p.Stale || p.Afresh != nil {
		t.Errorf("%+v", p)
	}
	must(meeting.AskAdjusters(h.ctx, h.tx, h.id, h.now().Version))(h)
	m := h.adjust("region")

	// The register is put right beside it: nobody attests the older words.
	h.reworded(items[0].ID, "Riktning", "Riktningen antas till 2030.")
	p := h.about(items[0].ID)
	if !p.Stale || p.Wording != own || p.Afresh == nil || p.Afresh.Heading != "Riktning" || !strings.Contains(p.Afresh.Wording, "> Riktningen antas till 2030.") {
		t.Errorf("%+v", p)
	}
	h.as(h.holds["lessebo"], "lessebo")
	if got := h.minutes(); got.Hash != m.Hash || slices.ContainsFunc(got.Paragraphs, func(p meeting.Paragraph) bool { return p.Stale }) {
		t.Errorf("who attests is told what is for who writes: %+v", got.Paragraphs)
	}
	if f := h.refuses(must2(meeting.Adjust(h.ctx, h.tx, h.id, h.now().Version, meeting.Attest{Hash: m.Hash})), "adjusting.stale"); f.Args["number"] != p.Number {
		t.Errorf("%v", f.Args)
	}
	must(meeting.SendBack(h.ctx, h.tx, h.id, h.now().Version, meeting.Declining{Reason: "Beslutet säger annat"}))(h)
	h.clerk()
	if f := h.refuses(must2(meeting.AskAdjusters(h.ctx, h.tx, h.id, h.now().Version)), "adjusting.unread"); f.Args["number"] != p.Number {
		t.Errorf("%v", f.Args)
	}
	// A new draft leaves it, and it has still not been read through.
	h.draft()
	h.refuses(must2(meeting.AskAdjusters(h.ctx, h.tx, h.id, h.now().Version)), "adjusting.unread")

	// Saved as it is it has been, and those who attested that text have.
	saved := h.writes(h.about(items[0].ID), own)
	if saved.Hash != written.Hash || !saved.Edited {
		t.Errorf("%+v", saved)
	}
	if p := h.about(items[0].ID); p.Stale || p.Afresh != nil {
		t.Errorf("%+v", p)
	}
	if m := must(meeting.AskAdjusters(h.ctx, h.tx, h.id, h.now().Version))(h); states(m) != "adjusted asked" {
		t.Errorf("%s", states(m))
	}
	if m := h.adjust("lessebo"); m.State != meeting.Adjusted {
		t.Errorf("%s", m.State)
	}
}

func TestWhatIsWrittenByHandIsNotAdjustedAtOnceWhenSomethingElseHasBeenNoted(t *testing.T) {
	h, items := held(t, recorded())
	h.choose("region", "lessebo")
	decision := items[0].ID
	p := h.writes(h.atOnce(decision), "Rådet antar riktningen.")
	must(meeting.Say(h.ctx, h.tx, decision, meeting.Saying{Kind: meeting.Reservation, Person: h.holds["region"], Wording: "Kostnaden är okänd"}))(h)
	attest := meeting.Attest{Paragraph: p.ID, Hash: p.Hash}
	h.as(h.holds["region"], "region")
	h.refuses(must2(meeting.Adjust(h.ctx, h.tx, h.id, h.now().Version, attest)), "adjusting.stale")
	h.clerk()
	h.refuses(must2(meeting.AskAtOnce(h.ctx, h.tx, decision, h.item(decision).Version)), "adjusting.unread")
	if now := h.about(decision); !now.Stale || !strings.Contains(now.Afresh.Wording, "Kostnaden är okänd") {
		t.Errorf("%+v", now)
	}
	attest.Hash = h.writes(h.about(decision), "Rådet antar riktningen. Ledamot region reserverar sig.").Hash
	for _, key := range []string{"region", "lessebo"} {
		h.as(h.holds[key], key)
		must(meeting.Adjust(h.ctx, h.tx, h.id, h.now().Version, attest))(h)
	}
	if m := h.minutes(); m.Paragraphs[0].AdjustedAt == nil {
		t.Errorf("%+v", m.Paragraphs[0])
	}
}

// Of what was written before it was kept what it was written of, nothing is known.
func TestWhatWasWrittenByHandBeforeItWasKeptIsNeverStale(t *testing.T) {
	h, items := held(t, recorded())
	h.choose("region", "lessebo")
	h.shut()
	h.draft()
	h.writes(h.about(items[0].ID), "Egen text.")
	h.exec("UPDATE minutes_paragraph SET noted = NULL")
	h.reworded(items[0].ID, "Riktning", "Annat.")
	if h.about(items[0].ID).Stale {
		t.Error("it is told to be stale")
	}
	must(meeting.AskAdjusters(h.ctx, h.tx, h.id, h.now().Version))(h)
}

// A part that is not about a matter tells of the meeting, and who attests it.
func TestAPartWrittenByHandIsReadThroughWhenOthersAttest(t *testing.T) {
	h, _ := held(t, recorded())
	h.shut()
	m := h.draft()
	h.writes(m.Paragraphs[1], "Alla var där.")
	h.writes(h.minutes().Paragraphs[2], "Ingen vald.")
	h.choose("region", "lessebo")
	var stale []int
	for _, p := range h.minutes().Paragraphs {
		if p.Stale {
			stale = append(stale, p.Number)
		}
	}
	if !slices.Equal(stale, []int{3}) {
		t.Errorf("%v are stale", stale)
	}
	if f := h.refuses(must2(meeting.AskAdjusters(h.ctx, h.tx, h.id, h.now().Version)), "adjusting.unread"); f.Args["number"] != 3 {
		t.Errorf("%v", f.Args)
	}
}

// Where nobody has written in them, minutes are read without the writer, and where
// somebody has he is asked once, of however many paragraphs.
func TestReadingMinutesAsksTheWriterOnlyWhereSomebodyHasWrittenInThem(t *testing.T) {
	var sent atomic.Int64
	d := dbtest.New(t, dbtest.Statements(&sent))
	err := d.Rehearse(context.WithoutCancel(t.Context()), auth.System("kronoberg", "test", "test"), func(tx *pg.Tx) error {
		h, items := gatherIn(t.Context(), t, tx, recorded(), "", toTell, toTell, toTell)
		h.open("alvesta", "region")
		h.shut()
		h.draft()
		cost := func() int64 {
			before := sent.Load()
			h.minutes()
			return sent.Load() - before
		}
		none := cost()
		h.writes(h.about(items[0].ID), "Egen text.")
		one := cost()
		h.writes(h.about(items[1].ID), "Egen text.")
		h.writes(h.about(items[2].ID), "Egen text.")
		if three := cost(); none > 6 || one <= none || three != one {
			t.Errorf("%d questions where nobody has, %d for one paragraph, %d for three", none, one, three)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestADecidedMatterIsHeadedByItsDecision(t *testing.T) {
	h, items := held(t, recorded(func(r *tenant.Rules) { r.Adjusting = tenant.Adjusting{By: tenant.AdjustedByNobody} }))
	h.shut()
	h.draft()
	h.reworded(items[0].ID, "Riktning till 2030", "Riktningen antas.")
	if p := h.about(items[0].ID); p.Heading != "Riktning till 2030" {
		t.Errorf("%q", p.Heading)
	}
	h.draft()
	if p := h.about(items[0].ID); p.Heading != "Riktning till 2030" {
		t.Errorf("%q in a new draft", p.Heading)
	}
}
