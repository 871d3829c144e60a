package web_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

// closed is opened with all matters handled, the secret one decided, and closed.
func closed(t testing.TB) *chamber {
	t.Helper()
	h := opened(t)
	h.take(0)
	h.does(func(ctx context.Context, tx *pg.Tx) error {
		i, err := meeting.GetItem(ctx, tx, h.Items[0].ID)
		if err != nil {
			return err
		}
		_, err = meeting.Settle(ctx, tx, i.ID, i.Version, meeting.Settlement{Result: "Forum **tackar** för lägesbilden."})
		return err
	})
	for _, n := range []int{1, 2} {
		h.take(n)
		h.does(func(ctx context.Context, tx *pg.Tx) error {
			i, err := meeting.GetItem(ctx, tx, h.Items[n].ID)
			if err != nil {
				return err
			}
			_, err = meeting.Decide(ctx, tx, i.ID, i.Version, meeting.Ruling{Acclamation: true, NothingToDo: true})
			return err
		})
	}
	h.does(func(ctx context.Context, tx *pg.Tx) error {
		m, err := meeting.Get(ctx, tx, h.Meeting)
		if err == nil {
			_, err = meeting.Close(ctx, tx, h.Meeting, m.Version)
		}
		return err
	})
	return h
}

func (h *chamber) minutes() string {
	return "/lan/kronoberg/meetings/" + h.Meeting.String() + "/minutes"
}

// fills sends a form page as it stands, with what is typed besides.
func (h *chamber) fills(as, path string, typed url.Values) page {
	h.t.Helper()
	p := h.get(as, path)
	if p.Status != http.StatusOK {
		h.t.Fatalf("%s: %d: %s", path, p.Status, p.says("main"))
	}
	return h.press(as, at(p, path), "main form[method=post]", typed)
}

// at lets a form without an address of its own lead to its page.
func at(p page, path string) page {
	path, _, _ = strings.Cut(path, "?")
	p.Find("form[method=post]:not([action])").SetAttr("action", path)
	return p
}

func (h *chamber) done(p page, what string) {
	h.t.Helper()
	if p.Status != http.StatusSeeOther || !strings.Contains(p.Header.Get("Location"), "done="+what) {
		h.t.Fatalf("%d to %q: %s", p.Status, p.Header.Get("Location"), p.says("main"))
	}
}

// adjusted is closed with the minutes drafted and attested by both.
func adjusted(t testing.TB) *chamber {
	t.Helper()
	h := closed(t)
	h.done(h.press(strategist, h.get(strategist, h.minutes()), `form[action$="/minutes/draft"]`, nil), "minutes_drafted")
	h.done(h.fills(strategist, h.minutes()+"/adjusters", url.Values{"chair": {h.holds["lansstyrelsen"].Person.String()}, "adjusters": {h.holds["vaxjo"].Person.String()}}), "saved")
	h.done(h.press(strategist, h.get(strategist, h.minutes()), `form[action$="/minutes/ask"]`, nil), "minutes_asked")
	for _, party := range []string{"lansstyrelsen", "vaxjo"} {
		h.done(h.press(h.of(party), h.get(h.of(party), h.minutes()), `form[action$="/minutes/adjust"]`, nil), "minutes_adjusted")
	}
	return h
}

func TestMinutesAreWrittenAdjustedAndCorrected(t *testing.T) {
	h := closed(t)
	if p := h.get(strategist, h.minutes()); p.Status != http.StatusOK || p.says("#none h3") != "Det finns inget utkast" {
		t.Fatalf("%d: %s", p.Status, p.says("main"))
	}
	h.done(h.press(strategist, h.get(strategist, h.minutes()), `form[action$="/minutes/draft"]`, nil), "minutes_drafted")
	if p := h.get(h.of("vaxjo"), h.minutes()); p.Status != http.StatusForbidden {
		t.Errorf("a draft is read by who does not write it: %d", p.Status)
	}
	p := h.get(strategist, h.minutes())
	if !strings.HasPrefix(p.says("h1"), "Protokoll, Höstens forum") || p.says(".minutes .facts .st") != "Utkast" || p.Find(".minutes .leaf .pn").Length() < 5 || p.Find(".minutes strong:contains(tackar)").Length() != 1 {
		t.Errorf("%s", p.says("main"))
	}
	// Who may not read the draft is not led to it.
	page := strings.TrimSuffix(h.minutes(), "/minutes")
	for as, links := range map[string]int{strategist: 1, h.of("vaxjo"): 0} {
		if n := h.get(as, page).Find(`a[href$="/minutes"]`).Length(); n != links {
			t.Errorf("%s is led to the draft by %d links", as, n)
		}
	}
	first, _ := p.Find(`a[href$="/edit"]`).First().Attr("href")

	// Two write in one paragraph.
	old := h.get(strategist, first)
	h.done(h.fills(strategist, first, url.Values{"heading": {"Mötet öppnas och hälsas välkommet"}}), "saved")
	late := h.press(strategist, at(old, first), "main form[method=post]", url.Values{"heading": {"Början"}})
	if late.Status != http.StatusPreconditionFailed || !strings.Contains(late.says("#both tbody"), "hälsas välkommet") || !strings.Contains(late.says("#both tbody"), "Början") {
		t.Errorf("%d: %s", late.Status, late.says("main"))
	}

	h.done(h.fills(strategist, h.minutes()+"/adjusters", url.Values{"chair": {h.holds["lansstyrelsen"].Person.String()}, "adjusters": {h.holds["vaxjo"].Person.String()}}), "saved")
	h.done(h.press(strategist, h.get(strategist, h.minutes()), `form[action$="/minutes/ask"]`, nil), "minutes_asked")
	chair, vaxjo := h.of("lansstyrelsen"), h.of("vaxjo")
	read := h.get(chair, h.minutes())
	h.done(h.press(chair, read, `form[action$="/minutes/adjust"]`, nil), "minutes_adjusted")
	if p := h.get(vaxjo, h.minutes()); p.Find(`form[action$="/minutes/adjust"]`).Length() != 1 || !strings.Contains(p.says(".facts .st"), "1 av 2") {
		t.Errorf("%s", p.says("main"))
	}
	if p := h.fills(vaxjo, h.minutes()+"/return?paragraph=", url.Values{"reason": {""}}); p.Status != http.StatusUnprocessableEntity {
		t.Errorf("%d", p.Status)
	}
	h.done(h.fills(vaxjo, h.minutes()+"/return?paragraph=", url.Values{"reason": {"Reservationen saknas"}}), "minutes_returned")
	if p := h.get(strategist, h.minutes()); !strings.Contains(p.says("#adjusting tbody"), "Reservationen saknas") {
		t.Errorf("%s", p.says("#adjusting"))
	}
	// Whoever was asked and reads a text that is written in anew is asked anew.
	h.done(h.press(strategist, h.get(strategist, h.minutes()), `form[action$="/minutes/ask"]`, nil), "minutes_asked")
	read = h.get(vaxjo, h.minutes())
	h.done(h.fills(strategist, first, url.Values{"heading": {"Öppnande"}}), "saved")
	if late := h.press(vaxjo, read, `form[action$="/minutes/adjust"]`, nil); late.Status == http.StatusSeeOther {
		t.Error("a text is attested that has changed since it was read")
	}
}

// Who writes the minutes is told that something has been noted since a paragraph was
// written by hand, and how it would be written now.
func TestWhatIsWrittenByHandIsShownAsItWouldBeWrittenNow(t *testing.T) {
	h := closed(t)
	h.done(h.press(strategist, h.get(strategist, h.minutes()), `form[action$="/minutes/draft"]`, nil), "minutes_drafted")
	leaf := `.leaf:has(h2:contains("` + h.Items[1].Title + `"))`
	own := url.Values{"heading": {h.Items[1].Title}, "wording": {"Skrivet för hand."}}
	write, _ := h.get(strategist, h.minutes()).Find(leaf + ` a[href$="/edit"]`).Attr("href")
	h.done(h.fills(strategist, write, own), "saved")
	if p := h.get(strategist, h.minutes()); p.Find("details").Length() != 0 || !strings.Contains(p.says(leaf), "Skrivet för hand.") {
		t.Errorf("%s", p.says("main"))
	}
	h.does(func(ctx context.Context, tx *pg.Tx) error {
		ds, _, err := meeting.Decisions(ctx, tx, meeting.DecisionFilter{Meeting: h.Meeting, Limit: 10, Page: 1})
		for _, d := range ds {
			if d.Item == h.Items[1].ID && err == nil {
				_, err = meeting.Reword(ctx, tx, d.ID, d.Version, meeting.Rewording{Title: d.Title, Wording: "Det som verkligen beslutades."})
			}
		}
		return err
	})
	h.done(h.fills(strategist, h.minutes()+"/adjusters", url.Values{"chair": {h.holds["lansstyrelsen"].Person.String()}, "adjusters": {h.holds["vaxjo"].Person.String()}}), "saved")
	p := h.get(strategist, h.minutes())
	if got := p.says(leaf + " details"); p.Find("details").Length() != 1 || !strings.Contains(got, "Det som verkligen beslutades.") || !strings.Contains(p.says(leaf), "Något har ändrats") {
		t.Errorf("%q in %s", got, p.says("main"))
	}
	if p := h.press(strategist, p, `form[action$="/minutes/ask"]`, nil); p.Status != http.StatusConflict || !strings.Contains(p.says("main"), "Läs igenom") {
		t.Errorf("%d: %s", p.Status, p.says("main"))
	}
	h.done(h.fills(strategist, write, own), "saved")
	if p := h.get(strategist, h.minutes()); p.Find("details").Length() != 0 || !strings.Contains(p.says(leaf), "Skrivet för hand.") {
		t.Errorf("%s", p.says("main"))
	}
	h.done(h.press(strategist, h.get(strategist, h.minutes()), `form[action$="/minutes/ask"]`, nil), "minutes_asked")
}

// Given for comment a draft is working material, and the answer is registered.
func TestADraftIsGivenForComment(t *testing.T) {
	h := closed(t)
	h.done(h.press(strategist, h.get(strategist, h.minutes()), `form[action$="/minutes/draft"]`, nil), "minutes_drafted")
	h.done(h.fills(h.of("lansstyrelsen"), h.minutes()+"/share", url.Values{"kind": {"comment"}, "organisation": {h.organisation("lessebo").String()}, "note": {"Svara gärna."}}), "minutes_shared")
	reply, _ := h.get(strategist, h.minutes()).Find(`#sharings a[href$="/reply"]`).Attr("href")
	h.done(h.fills(strategist, reply, url.Values{"reply": {"Inget att invända."}}), "minutes_replied")
	if got := h.get(strategist, h.minutes()).says("#sharings tbody"); !strings.Contains(got, "Inget att invända.") || !strings.Contains(got, "arbetsmaterial") {
		t.Errorf("%q", got)
	}
}

func TestWhatStandsIsCorrectedGivenAndPublished(t *testing.T) {
	h := adjusted(t)
	p := h.get(strategist, h.minutes())
	if p.Find(`a[href$="/edit"]`).Length() != 0 || p.Find("#adjusting td .num").Length() != 2 || !strings.HasPrefix(p.says(".facts .st"), "Justerat") {
		t.Errorf("%s", p.says("main"))
	}

	section, _ := p.Find(`section:contains("Nyckel för samordnaren")`).Last().Attr("id")
	var paragraph string
	h.get(strategist, h.minutes()+"/amend").Find("#f-paragraph option").Each(func(_ int, o *goquery.Selection) {
		if strings.Contains(o.Text(), "Nyckel") {
			paragraph, _ = o.Attr("value")
		}
	})
	h.done(h.fills(h.of("lansstyrelsen"), h.minutes()+"/amend", url.Values{"paragraph": {paragraph}, "wording": {"Rätt år är 2028."}, "ground": {"Skrivfel"}}), "minutes_amended")
	p = h.get(strategist, h.minutes())
	if p.Find("#"+section+` a[href="#amendment-1"]`).Length() != 1 || !strings.Contains(p.says("#amendment-1"), "Rätt år är 2028.") {
		t.Errorf("%s", p.says("#amendments"))
	}

	// What stands counts as sent, and is no working material.
	lessebo := h.organisation("lessebo").String()
	if p := h.fills(h.of("lansstyrelsen"), h.minutes()+"/share", url.Values{"kind": {"information"}, "organisation": {lessebo}}); p.Status != http.StatusUnprocessableEntity {
		t.Errorf("what counts as sent is given without a number or a reason: %d", p.Status)
	}
	form := h.get(h.of("lansstyrelsen"), h.minutes()+"/share")
	if form.Find("#f-kind option[value=information]").Length() != 1 || form.Find("#f-kind option[value=comment]").Length() != 0 {
		t.Errorf("what has been adjusted is offered for comment: %s", form.says("#f-kind"))
	}
	if p := h.fills(h.of("lansstyrelsen"), h.minutes()+"/share", url.Values{"kind": {"comment"}, "organisation": {lessebo}}); p.Status != http.StatusConflict && p.Status != http.StatusUnprocessableEntity {
		t.Errorf("what has been adjusted is given for comment: %d", p.Status)
	}
	p = h.get(strategist, h.minutes())

	extract, _ := p.Find("#" + section + ` a[href$="/extract"]`).Attr("href")
	if e := h.get(strategist, extract); e.Status != http.StatusOK || e.says("h1") != "Utdrag, beslut 1/2026" || !strings.Contains(e.says("main"), "Rätt år är 2028.") {
		t.Errorf("%s: %d: %s", extract, e.Status, e.says("main"))
	}

	outside := "/lan/kronoberg/meetings/" + h.Meeting.String()
	if p := h.get("", outside); p.Find(`.head a[href="/lan/kronoberg/bodies/forum"]`).Length() != 1 {
		t.Errorf("it does not lead to the body: %s", p.says(".head"))
	}
	if p := h.get("", outside); p.Status != http.StatusOK || p.Find(".minutes").Length() != 0 || !strings.Contains(p.says("#agenda"), "Lägesbild") {
		t.Errorf("before it is published: %d: %s", p.Status, p.says("main"))
	}
	h.done(h.press(strategist, h.get(strategist, h.minutes()), `form[action$="/minutes/publish"]`, nil), "minutes_published")
	for _, path := range []string{outside, h.minutes()} {
		p := h.get("", path)
		if p.Status != http.StatusOK || p.Find(".minutes .leaf .pn").Length() < 5 || p.Find(".minutes .st.none").Length() != 1 {
			t.Errorf("%s: %d: %s", path, p.Status, p.says("main"))
		}
		if says := p.says("#amendment-1"); !strings.Contains(says, "Skäl: Skrivfel") {
			t.Errorf("%s tells of a correction without its ground: %s", path, says)
		}
		if strings.Contains(p.Body, "Hemligt") || strings.Contains(p.Body, "säger upp avtalet") || p.Find("main form").Length() != 0 {
			t.Errorf("%s tells what is confidential, or lets somebody act", path)
		}
	}
	if l := h.get("", "/lan/kronoberg/meetings"); l.Status != http.StatusOK || !strings.Contains(l.says("main table"), "Höstens forum") {
		t.Errorf("%d: %s", l.Status, l.says("main"))
	}
}

// What is confidential is masked for whoever sees the meeting and does not sit there.
func TestAConfidentialParagraphIsMaskedForOthers(t *testing.T) {
	h := adjusted(t)
	p := h.get(auditor, h.minutes())
	if p.Status != http.StatusOK || strings.Contains(p.Body, "Hemligt") || strings.Contains(p.Body, "säger upp avtalet") || p.Find(".minutes .st.none").Length() != 1 {
		t.Errorf("%d: %s", p.Status, p.says("main"))
	}
	if p := h.get(h.of("vaxjo"), h.minutes()); !strings.Contains(p.Body, "säger upp avtalet") {
		t.Errorf("who sits there: %s", p.says("main"))
	}
}

func TestOneParagraphIsAdjustedAtTheMeeting(t *testing.T) {
	h := opened(t)
	h.take(1)
	h.does(func(ctx context.Context, tx *pg.Tx) error {
		i, err := meeting.GetItem(ctx, tx, h.Items[1].ID)
		if err == nil {
			_, err = meeting.Decide(ctx, tx, i.ID, i.Version, meeting.Ruling{Acclamation: true})
		}
		return err
	})
	h.done(h.fills(strategist, h.minutes()+"/adjusters", url.Values{"chair": {h.holds["lansstyrelsen"].Person.String()}, "adjusters": {h.holds["vaxjo"].Person.String()}}), "saved")
	h.done(h.press(strategist, h.get(strategist, h.live()), `#agenda form[action$="/adjust-at-once"]`, nil), "minutes_at_once")
	for _, party := range []string{"lansstyrelsen", "vaxjo"} {
		p := h.get(h.of(party), h.minutes())
		h.done(h.press(h.of(party), p, `section form[action$="/minutes/adjust"]`, nil), "minutes_adjusted")
	}
	if p := h.get(h.of("lessebo"), h.minutes()); p.Status != http.StatusOK || p.Find(".minutes .leaf .pn").Length() != 1 || p.Find("header .st.on").Length() != 1 {
		t.Errorf("%d: %s", p.Status, p.says("main"))
	}
}

// Who attests one paragraph reads that one, not the draft that it stands in. Of a
// confidential one others do not learn that it is attested, nor by whom.
func TestWhoAdjustsOneParagraphReadsThatOne(t *testing.T) {
	h := opened(t)
	for _, n := range []int{1, 2} {
		h.take(n)
		h.does(func(ctx context.Context, tx *pg.Tx) error {
			i, err := meeting.GetItem(ctx, tx, h.Items[n].ID)
			if err == nil {
				_, err = meeting.Decide(ctx, tx, i.ID, i.Version, meeting.Ruling{Acclamation: true, NothingToDo: true})
			}
			return err
		})
	}
	h.done(h.fills(strategist, h.minutes()+"/adjusters", url.Values{"chair": {h.holds["lansstyrelsen"].Person.String()}, "adjusters": {h.holds["vaxjo"].Person.String()}}), "saved")
	h.does(func(ctx context.Context, tx *pg.Tx) error {
		i, err := meeting.GetItem(ctx, tx, h.Items[2].ID)
		if err == nil {
			_, err = meeting.AskAtOnce(ctx, tx, i.ID, i.Version)
		}
		return err
	})
	// The chair writes the minutes, and reads all of them.
	h.done(h.press(h.of("lansstyrelsen"), h.get(h.of("lansstyrelsen"), h.minutes()), `section form[action$="/minutes/adjust"]`, nil), "minutes_adjusted")
	vaxjo := h.of("vaxjo")
	if p := h.get(vaxjo, h.minutes()); p.Find(".minutes .leaf .pn").Length() != 1 || p.Find(`section form[action$="/minutes/adjust"]`).Length() != 1 || !strings.Contains(p.Body, "säger upp avtalet") {
		t.Errorf("who attests it: %d: %s", p.Status, p.says("main"))
	}
	if p := h.get(auditor, h.minutes()); p.Find(".minutes .leaf .pn").Length() != 0 || strings.Contains(p.Body, h.Items[2].ID.String()) || p.Find("#adjusting tbody tr").Length() != 2 {
		t.Errorf("the auditor: %d: %s", p.Status, p.says("main"))
	}
	h.does(func(ctx context.Context, tx *pg.Tx) error {
		i, err := meeting.GetItem(ctx, tx, h.Items[0].ID)
		if err == nil {
			_, err = meeting.Settle(ctx, tx, i.ID, i.Version, meeting.Settlement{Result: "Forum tackar."})
		}
		if err != nil {
			return err
		}
		m, err := meeting.Get(ctx, tx, h.Meeting)
		if err == nil {
			_, err = meeting.Close(ctx, tx, h.Meeting, m.Version)
		}
		if err == nil {
			m, err = meeting.Get(ctx, tx, h.Meeting)
		}
		if err == nil {
			_, err = meeting.DraftMinutes(ctx, tx, h.Meeting, m.Version)
		}
		return err
	})
	if p := h.get(vaxjo, h.minutes()); p.Status != http.StatusOK || p.Find(".minutes .leaf .pn").Length() != 1 || strings.Contains(p.Body, "Forum tackar") {
		t.Errorf("the draft: %d: %s", p.Status, p.says("main"))
	}
	if p := h.get(auditor, h.minutes()); p.Status != http.StatusForbidden {
		t.Errorf("the auditor: %d: %s", p.Status, p.says("main"))
	}
}

// What nobody adjusts is not called adjusted, and notes are no minutes.
func TestNotesThatNobodyAdjustsStandWithoutBeingAdjusted(t *testing.T) {
	for _, by := range []string{"", tenant.AdjustedByNobody} {
		t.Run(by, func(t *testing.T) {
			h := closed(t)
			h.ruled(t, func(b *tenant.Body) {
				b.Rules.Record, b.Rules.Adjusting = tenant.RecordNotes, tenant.Adjusting{By: by}
				b.Rules.Public = tenant.Public{Date: tenant.PublicAnnounced, Agenda: tenant.PublicCalled}
			})
			at := meetings + "/" + h.Meeting.String()
			h.done(h.press(strategist, h.get(strategist, h.minutes()), `form[action$="/minutes/draft"]`, nil), "minutes_drafted")
			p := h.get(strategist, h.minutes())
			if says := p.says("main"); strings.Contains(says, "justerarna") || strings.Contains(says, "Justera omedelbart") || !strings.Contains(says, "Gör klart") {
				t.Errorf("%s", says)
			}
			if p.Find(`a[href$="/minutes/adjusters"]`).Length() > 0 && by == tenant.AdjustedByNobody {
				t.Error("who attests can be chosen where nobody does")
			}
			if says := h.get(strategist, h.minutes()+"/adjusters").says(".lead"); by == "" && !strings.HasPrefix(says, "Ingen regel om justering är känd") {
				t.Errorf("who attests is chosen by a rule that is not known: %s", says)
			}
			h.done(h.press(strategist, p, `form[action$="/minutes/ask"]`, nil), "minutes_settled")
			p = h.get(strategist, h.minutes())
			if says := p.says("#adjusting"); strings.Contains(says, "Enligt organets regel") != (by != "") || strings.Contains(says, "Ingen regel om justering är känd") != (by == "") {
				t.Errorf("by %q: %s", by, says)
			}
			if says := p.says("#sharings"); !strings.Contains(says, "läser anteckningarna här ändå") {
				t.Errorf("notes are called minutes: %s", says)
			}
			h.done(h.press(strategist, h.get(strategist, h.minutes()), `form[action$="/minutes/publish"]`, nil), "minutes_published")
			for _, path := range []string{at, h.minutes(), meetings} {
				for _, as := range []string{strategist, h.of("vaxjo"), ""} {
					p := h.get(as, path)
					head := p.says(".head") + p.says("#past")
					if p.Status != http.StatusOK || strings.Contains(strings.ToLower(head), "justera") || strings.Contains(head, "Protokoll") {
						t.Errorf("%s to %q: %d: %s", path, as, p.Status, head)
					}
				}
			}
			if says := h.get("", at).says(".head"); !strings.Contains(says, "Minnesanteckningarna ligger fast") {
				t.Errorf("%s", says)
			}
		})
	}
}
