package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
	"github.com/overens/overens/internal/text"
)

const promised = "/lan/kronoberg/health"

func TestWhatWasPromisedIsHeldAgainstWhatWasDone(t *testing.T) {
	h := seated(t)
	h.met()
	p := h.get(strategist, promised)
	contains(t, "the heading", p.says("h1"), "Lovat och gjort")
	contains(t, "the numbers", p.says(".head .lead"), "löften kan räknas", "är inte hållna")
	contains(t, "the sum", p.says("#sum tbody"), "Möten", "Platser", "platser besatta")
	contains(t, "the picture", p.says("#meetings desc"), "Forum för mottagande och etablering: löftet hölls")
	contains(t, "its table", p.says("#meetings details tbody"), "1 av 2, inte hållet")
	contains(t, "the rule", p.says("#meetings"), "möts två gånger om året")
	if got := p.Find("#meetings figure circle.disc").Length(); got != 6+1 { // the keys' own is one
		t.Errorf("%d meetings are drawn", got)
	}
	seat := p.Find(`#seats ol.todo a[href*="/bodies/forum/appoint?place="]`)
	if seat.Length() == 0 || !strings.HasPrefix(seat.First().Text(), "Utse någon till platsen ") {
		t.Errorf("%s", p.says("#seats"))
	}
	if to, _ := seat.First().Attr("href"); h.get(strategist, to).Status != http.StatusOK {
		t.Errorf("%s leads nowhere", to)
	}
	for _, at := range []string{promised + "?lang=en", promised + "?on=2024-12-01", forum + "/health", "/lan/kronoberg/organisations/" + h.organisation("alvesta").String() + "/health"} {
		if p := h.get(strategist, at); p.Status != http.StatusOK || strings.Contains(p.says("main"), "⟨") {
			t.Errorf("%s: %d %s", at, p.Status, p.says("main"))
		}
	}
	// Another day is read, not mended.
	if p = h.get(strategist, promised+"?on=2024-12-01"); p.Find(`main a[href*="/appoint"]`).Length() != 0 {
		t.Errorf("%s", p.says("#seats"))
	}
	for _, at := range []string{councils, forum, "/lan/kronoberg/organisations/" + h.organisation("alvesta").String()} {
		if h.get(strategist, at).Find(`main a[href$="/health"]`).Length() != 1 {
			t.Errorf("%s does not lead there", at)
		}
	}
}

func TestAPartySeesWhatItHasPromisedItself(t *testing.T) {
	h := seated(t)
	as := h.partyOf("ljungby") // it has a place, and nobody sits there
	own := "/lan/kronoberg/organisations/" + h.organisation("ljungby").String() + "/health"
	p := h.get(as, promised)
	contains(t, "what it is", p.says("#sum header"), "din parts löften")
	contains(t, "its own", p.says("#seats"), "Ljungby")
	if strings.Contains(p.says("#seats"), "Markaryd") || p.Find("#meetings").Length() != 0 {
		t.Errorf("another's: %s", p.says("main"))
	}
	if p.Find(`.head a[href="`+own+`"]`).Length() != 1 {
		t.Errorf("%s", p.says(".head"))
	}
	contains(t, "its own page", h.get(as, own).says("h1"), "Vad Ljungby kommun har lovat och gjort")
	for at, want := range map[string]int{
		forum + "/health": http.StatusForbidden,
		"/lan/kronoberg/organisations/" + h.organisation("alvesta").String() + "/health": http.StatusForbidden,
		councils + "/nowhere/health": http.StatusNotFound,
		"/lan/kronoberg/organisations/00000000-0000-7000-8000-000000000000/health": http.StatusNotFound,
	} {
		if p := h.get(as, at); p.Status != want {
			t.Errorf("%s: %d", at, p.Status)
		}
	}
}

// decided lets the forum meet today and make a decision that nobody objects to.
func (h *house) decided() {
	h.t.Helper()
	h.write("kronoberg", func(ctx context.Context, tx *pg.Tx) error {
		p, err := meeting.Prepare(ctx, tx, meeting.Date{Body: "forum", On: tx.Today()})
		if err != nil {
			return err
		}
		id := p.Meeting.ID
		put, err := meeting.Put(ctx, tx, id, meeting.Matter{Kind: meeting.ForDecision, Title: "Riktning", Proposal: "Riktningen antas."})
		if err != nil {
			return err
		}
		version := func() int64 {
			m, _ := meeting.Get(ctx, tx, id)
			return m.Version
		}
		if _, err := meeting.Call(ctx, tx, id, version(), meeting.Notice{LateReason: "Prov"}); err != nil {
			return err
		}
		if _, err := meeting.Start(ctx, tx, id, version()); err != nil {
			return err
		}
		if _, err := meeting.AllCame(ctx, tx, id); err != nil {
			return err
		}
		item := func() int64 {
			i, _ := meeting.GetItem(ctx, tx, put.Item.ID)
			return i.Version
		}
		if _, err := meeting.TakeUp(ctx, tx, put.Item.ID, item()); err != nil {
			return err
		}
		if _, err := meeting.Decide(ctx, tx, put.Item.ID, item(), meeting.Ruling{Acclamation: true, Subject: "direction"}); err != nil {
			return err
		}
		_, err = meeting.Close(ctx, tx, id, version())
		return err
	})
}

func TestARuleIsTriedOnTheLastMeetingsBeforeItIsSaved(t *testing.T) {
	h := seated(t)
	h.decided()
	h.onPages("bodies")
	at := bodies + "/edit"
	vs := h.get(admin, at+"?body=forum").typed()
	vs.Set("from", "2027-01-01")
	vs.Set("b.bodies.0.rules.quorum.of", "seats")
	vs.Set("b.bodies.0.rules.quorum.number", "8")
	vs.Set("b.bodies.0.rules.notice.days", "14")
	p := h.post(admin, at, pressed(vs, "do", "preview"))
	contains(t, "what it had been", p.says("#trial-1"), "hade inte varit beslutfört (4 av", "8 behövs)", "Kallade möten som berörs")
	contains(t, "the decision", p.says("#trial-1 tbody"), "beslutet ”Riktning”", "antaget", "för få tjänstgjorde", "för sent")
	vs.Set("b.bodies.0.rules.quorum.number", "4")
	p = h.post(admin, at, pressed(vs, "do", "preview"))
	contains(t, "fewer are enough", p.says("#trial-1"), "hade varit beslutfört (4 av", "4 behövs)")
}

// A line leads where its reader may go; else its words stand alone.
func TestWhatWasPromisedLeadsWhereTheReaderMayGo(t *testing.T) {
	h := opened(t)
	h.ruled(t, func(b *tenant.Body) { b.Rules.Ratification = tenant.RatificationNeeded })
	h.take(1)
	h.does(func(ctx context.Context, tx *pg.Tx) error {
		i, err := meeting.GetItem(ctx, tx, h.Items[1].ID)
		if err == nil {
			_, err = meeting.Decide(ctx, tx, i.ID, i.Version, meeting.Ruling{Acclamation: true})
		}
		if err != nil {
			return err
		}
		for _, n := range []int{0, 2} {
			if i, err = meeting.GetItem(ctx, tx, h.Items[n].ID); err == nil {
				_, err = meeting.Postpone(ctx, tx, i.ID, i.Version, meeting.Delay{Reason: "Senare"})
			}
			if err != nil {
				return err
			}
		}
		m, err := meeting.Get(ctx, tx, h.Meeting)
		if err == nil {
			_, err = meeting.Close(ctx, tx, h.Meeting, m.Version)
		}
		return err
	})
	const minutes, home = "#minutes ol.todo", "#ratifications ol.todo"
	reporter := "kronoberg,party-reporter," + h.organisation("ljungby").String()
	own := "/lan/kronoberg/organisations/" + h.organisation("ljungby").String() + "/health"
	for _, c := range []struct {
		as, at, line, words string
		links               bool
	}{
		{strategist, forum + "/health", minutes, "", true},
		{auditor, forum + "/health", minutes, "Protokollet från", false},
		{auditor, forum + "/health", home, "Visa beslutet", true},
		{reporter, own, home, "Beslutet ”Nyckel för samordnaren”", false},
	} {
		p := h.get(c.as, c.at)
		line := p.Find(c.line)
		if line.Length() == 0 || !strings.Contains(line.Text(), c.words) || (line.Find("a").Length() > 0) != c.links {
			t.Errorf("%s as %s, %s: %d: %s", c.at, c.as, c.line, p.Status, p.says("main"))
		}
		p.Find("ol.todo a").Each(func(_ int, a *goquery.Selection) {
			if to := a.AttrOr("href", ""); h.get(c.as, to).Status != http.StatusOK {
				t.Errorf("%s leads %s to %s, where he may not go", c.at, c.as, to)
			}
		})
	}
}

func TestEveryKindOfPromiseHasWords(t *testing.T) {
	kinds := []string{meeting.PromisedMeetings, meeting.PromisedCalls, meeting.PromisedPapers, meeting.PromisedQuorum, meeting.PromisedSeats, meeting.PromisedDeputies,
		meeting.PromisedHandovers, meeting.PromisedAnswers, meeting.PromisedMinutes, meeting.PromisedDecisions, meeting.PromisedRatifications, meeting.PromisedAreas}
	lapses := []string{meeting.LapseTooFew, meeting.LapseUnplanned, meeting.LapseLateCall, meeting.LapseUncalled, meeting.LapseLatePapers, meeting.LapseUnserved,
		meeting.LapseVacant, meeting.LapseDeputyless, meeting.LapseUnhanded, meeting.LapseSilent, meeting.LapseUnadjusted, meeting.LapseOverdue, meeting.LapseUndone, meeting.LapseUnratified,
		meeting.LapseUnanswered}
	for stem, values := range map[string][]string{
		"health.about.": {meeting.LapseSilent, meeting.LapseUnadjusted, meeting.LapseUnratified},
		"health.kind.":  kinds, "health.sum.": kinds, "health.note.": kinds, "health.mend.": lapses, "health.see.": lapses, "health.why.": lapses,
		"health.year.":          {meeting.YearKept, meeting.YearMissed, meeting.YearRunning, meeting.YearShort, meeting.YearPartly},
		"health.trial.verdict.": {string(governance.Carried), string(governance.Rejected), string(governance.Undecided)},
	} {
		for _, value := range values {
			for _, l := range []text.Lang{text.Swedish, text.English} {
				// One of something, and several: what is counted has words for both.
				for _, n := range []int{1, 2} {
					args := []any{"what", "A", "body", "B", "n", n, "of", 2, "days", n, "day", "C", "since", "D", "who", "E", "done", n}
					if stem == "health.sum." {
						args = append(args, "count", n)
					}
					if said := l.T(stem+value, args...); strings.Contains(said, "⟨") || strings.Contains(said, "<no value>") {
						t.Errorf("%s%s in %s: %s", stem, value, l, said)
					}
				}
			}
		}
	}
}
