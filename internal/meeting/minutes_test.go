package meeting_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/person"
	"github.com/overens/overens/internal/tenant"
)

// recorded are the rules of a body that keeps minutes, which the chair and one
// chosen attest.
func recorded(change ...func(*tenant.Rules)) tenant.Rules {
	r := majority
	r.Record = tenant.RecordMinutes
	r.Adjusting = tenant.Adjusting{By: tenant.AdjustedByChosen, Number: 1}
	for _, f := range change {
		f(&r)
	}
	return r
}

// held is a meeting that has been held: one matter was decided, one told of, one
// postponed, one confidential.
func held(t testing.TB, r tenant.Rules) (*hall, []meeting.Item) {
	t.Helper()
	secret := meeting.Matter{Kind: meeting.ForDecision, Title: "Hemlig upphandling", Proposal: "Avtalet hävs.", Confidential: true}
	h, items := gather(t, r, "", toDecide, toTell, meeting.Matter{Kind: meeting.ForDecision, Title: "Budget", Proposal: "Budgeten antas."}, secret)
	h.holds["clerk"] = h.person("Skrivare")
	h.clerk()
	must(meeting.Start(h.ctx, h.tx, h.id, h.now().Version))(h)
	h.arrive(h.deputy)
	for _, key := range []string{"lessebo", "ljungby", "region"} {
		h.arrive(h.holds[key])
	}
	h.ok(meeting.Arrive(h.ctx, h.tx, h.id, meeting.Presence{Person: h.person("Gäst Gästsson")}))
	h.take(items[0].ID)
	h.ok(meeting.Bias(h.ctx, h.tx, items[0].ID, meeting.Telling{Person: h.holds["ljungby"], Reason: "Sitter i styrelsen"}))
	h.vote(items[0].ID, "alvesta:for lessebo:against region:for")
	must(h.decide(items[0].ID, meeting.Ruling{OwnerName: "Samordnaren", Due: h.tx.Today().Add(30)}))(h)
	must(meeting.Say(h.ctx, h.tx, items[0].ID, meeting.Saying{Kind: meeting.Reservation, Person: h.holds["lessebo"], Wording: "Kostnaden är *inte* utredd."}))(h)
	h.take(items[1].ID)
	h.tx.Now = h.tx.Now.Add(20 * time.Minute)
	h.arrive(h.holds["markaryd"])
	must(meeting.Settle(h.ctx, h.tx, items[1].ID, h.item(items[1].ID).Version, meeting.Settlement{Result: "Rådet **tackar** för informationen."}))(h)
	must(meeting.Postpone(h.ctx, h.tx, items[2].ID, h.item(items[2].ID).Version, meeting.Delay{Reason: "Underlaget saknas"}))(h)
	h.take(items[3].ID)
	must(h.decide(items[3].ID, meeting.Ruling{Acclamation: true}))(h)
	return h, items
}

// clerk lets whoever writes the minutes act.
func (h *hall) clerk() {
	h.strategist()
	h.tx.Person = h.holds["clerk"]
}

func (h *hall) shut() {
	h.Helper()
	must(meeting.Close(h.ctx, h.tx, h.id, h.now().Version))(h)
}

func (h *hall) draft() meeting.Minutes {
	h.Helper()
	return must(meeting.DraftMinutes(h.ctx, h.tx, h.id, h.now().Version))(h)
}

func (h *hall) choose(keys ...string) meeting.Minutes {
	h.Helper()
	c := meeting.Choice{Chair: h.holds[keys[0]]}
	for _, key := range keys[1:] {
		c.Adjusters = append(c.Adjusters, h.holds[key])
	}
	return must(meeting.ChooseAdjusters(h.ctx, h.tx, h.id, h.now().Version, c))(h)
}

func (h *hall) minutes() meeting.Minutes {
	h.Helper()
	return must(meeting.MinutesOf(h.ctx, h.tx, h.id))(h)
}

// adjust lets the holder of a seat attest what he reads.
func (h *hall) adjust(key string) meeting.Minutes {
	h.Helper()
	h.as(h.holds[key], key)
	defer h.clerk()
	return must(meeting.Adjust(h.ctx, h.tx, h.id, h.now().Version, meeting.Attest{Hash: h.minutes().Hash}))(h)
}

// settled is a meeting whose minutes stand.
func settled(t testing.TB, r tenant.Rules) (*hall, []meeting.Item) {
	t.Helper()
	h, items := held(t, r)
	h.shut()
	h.draft()
	h.choose("region", "lessebo")
	must(meeting.AskAdjusters(h.ctx, h.tx, h.id, h.now().Version))(h)
	h.adjust("region")
	h.adjust("lessebo")
	return h, items
}

// public reads as the public does, which sees published rows alone.
func (h *hall) public(f func()) {
	h.Helper()
	was := h.tx.Actor
	h.tx.Actor = auth.Public(h.tx.Tenant, "test")
	h.exec("SET LOCAL ROLE overens_public")
	f()
	h.exec("SET LOCAL ROLE overens_app")
	h.tx.Actor = was
}

func TestMinutesSayWhatWasNoted(t *testing.T) {
	h, _ := held(t, recorded())
	h.shut()
	h.draft()
	m := h.choose("region", "lessebo")
	if m.Record != tenant.RecordMinutes || m.State != meeting.Minuted || m.Title != "Protokoll: Rådet: Prov 2026-11-25" {
		t.Errorf("%s, %s, %q", m.Record, m.State, m.Title)
	}
	var headings []string
	for i, p := range m.Paragraphs {
		if p.Number != i+1 {
			t.Errorf("%q has number %d", p.Heading, p.Number)
		}
		headings = append(headings, p.Heading)
	}
	want := []string{"Mötet öppnas", "Närvarande", "Justerare", "Riktning", "Läget", "Budget", "Hemlig upphandling", "Mötet avslutas"}
	if diff := cmp.Diff(want, headings); diff != "" {
		t.Errorf("headings (-want +got):\n%s", diff)
	}
	for i, words := range map[int][]string{
		0: {"Ledamot region öppnar mötet klockan"},
		1: {"**Alvesta kommun**: Ersättare alvesta, ersättare för Ledamot alvesta", "**Lessebo kommun**: Ledamot lessebo\n", "**Markaryds kommun**: Ledamot markaryd, kommer klockan", "under § 5", "# Gäster\n\n- Gäst Gästsson"},
		2: {"tillsammans med Ledamot region, som ledde mötet, utses Ledamot lessebo (Lessebo kommun)"},
		3: {"Jäv: Ledamot ljungby deltar inte", "**Beslut 1/2026**", "Rådet beslutar:\n\n> Riktningen antas.", "Ansvarig: Samordnaren, senast", "2 röster för: Alvesta kommun (Ersättare alvesta) och Region Kronoberg (Ledamot region)", "1 röst emot: Lessebo kommun", "**Reservation av Ledamot lessebo (Lessebo kommun)**\n\n> Kostnaden är \\*inte\\* utredd.", "Så räknades det:\n\n- "},
		4: {"Rådet **tackar** för informationen."},
		5: {"Ärendet bordläggs. Skäl: Underlaget saknas"},
		6: {"> Avtalet hävs.", "Rösterna räknas inte"},
	} {
		for _, w := range words {
			if !strings.Contains(m.Paragraphs[i].Wording, w) {
				t.Errorf("§ %d lacks %q:\n%s", i+1, w, m.Paragraphs[i].Wording)
			}
		}
	}
	for _, p := range m.Paragraphs {
		if p.Confidential != (p.Heading == "Hemlig upphandling") || strings.Contains(p.Wording, "⟨") || strings.Contains(p.Wording, "Sitter i styrelsen") {
			t.Errorf("%q, confidential %v:\n%s", p.Heading, p.Confidential, p.Wording)
		}
	}
}

func TestNotesNeedNoDecisionAndNobodyToAttestThem(t *testing.T) {
	r := tenant.Rules{Record: tenant.RecordNotes, Adjusting: tenant.Adjusting{By: tenant.AdjustedByNobody}, Decision: tenant.DecisionRule{Mode: tenant.ByNothing}}
	h, items := gather(t, r, "", meeting.Matter{Kind: meeting.ForLearning, Title: "Så gör vi"})
	h.open("alvesta", "region")
	h.take(items[0].ID)
	h.shut()
	m := h.draft()
	if m.Record != tenant.RecordNotes || len(m.Paragraphs) != 4 || m.Paragraphs[0].Heading != "Tid och plats" || m.Title != "Minnesanteckningar: Rådet: Prov 2026-11-25" {
		t.Errorf("%+v", m)
	}
	h.refuses(must2(meeting.ChooseAdjusters(h.ctx, h.tx, h.id, m.Version, meeting.Choice{Adjusters: []uuid.UUID{h.holds["alvesta"]}})), "adjusting.nobody")
	m = must(meeting.AskAdjusters(h.ctx, h.tx, h.id, m.Version))(h)
	if m.State != meeting.Adjusted || m.AdjustedOn != h.tx.Today() || len(m.Adjusters) != 0 {
		t.Errorf("%+v", m)
	}
}

func TestWhatIsWrittenByHandStaysInANewDraft(t *testing.T) {
	h, items := held(t, recorded())
	h.shut()
	m := h.draft()
	told := m.Paragraphs[4]
	n := meeting.Passage{Heading: told.Heading, Wording: "Egen text."}
	written := must(meeting.ChangeParagraph(h.ctx, h.tx, told.ID, told.Version, n))(h)
	if !written.Edited || written.Hash == told.Hash {
		t.Errorf("%+v", written)
	}
	stale := h.refuses(must2(meeting.ChangeParagraph(h.ctx, h.tx, told.ID, told.Version, n)), "common.changed")
	if current, ok := stale.Current.(meeting.Paragraph); !ok || current.Wording != "Egen text." {
		t.Errorf("%v", stale.Current)
	}
	h.refuses(must2(meeting.ChangeParagraph(h.ctx, h.tx, m.Paragraphs[6].ID, m.Paragraphs[6].Version, meeting.Passage{Heading: "Öppet"})), "minutes.stays_confidential")
	h.refuses(must2(meeting.ChangeParagraph(h.ctx, h.tx, told.ID, written.Version, meeting.Passage{Heading: " \u200b\u2028"})), "minutes.heading")
	if p := must(meeting.ChangeParagraph(h.ctx, h.tx, told.ID, written.Version, meeting.Passage{Heading: told.Heading + "\u2028i\nlänet", Wording: n.Wording}))(h); p.Heading != told.Heading+" i länet" {
		t.Errorf("a heading of several lines: %q", p.Heading)
	}

	// The draft is taken back, the meeting opened again and a matter added.
	must(meeting.TakeBackDraft(h.ctx, h.tx, h.id, h.now().Version))(h)
	must(meeting.Reopen(h.ctx, h.tx, h.id, h.now().Version))(h)
	added := must(meeting.Put(h.ctx, h.tx, h.id, meeting.Matter{Kind: meeting.ForInformation, Title: "Nytt"}))(h).Item
	order := []uuid.UUID{added.ID}
	for _, i := range items {
		order = append(order, i.ID)
	}
	must(meeting.Arrange(h.ctx, h.tx, h.id, h.now().Version, order))(h)
	h.shut()
	m = h.draft()
	if m.Paragraphs[3].Heading != "Nytt" || m.Paragraphs[3].Wording != "Ärendet togs inte upp." || m.Paragraphs[5].Wording != "Egen text." || m.Paragraphs[5].ID != told.ID || len(m.Paragraphs) != 9 {
		t.Errorf("%+v", m.Paragraphs)
	}
}

func TestAttestedInOrderTheTextStands(t *testing.T) {
	h, _ := held(t, recorded())
	h.shut()
	h.draft()
	h.refuses(must2(meeting.AskAdjusters(h.ctx, h.tx, h.id, h.now().Version)), "adjusting.not_chosen")
	for key, c := range map[string]meeting.Choice{
		"adjusting.chair_unknown": {Adjusters: []uuid.UUID{h.holds["lessebo"]}},
		"adjusting.number":        {Chair: h.holds["region"]},
		"adjusting.not_there":     {Chair: h.holds["region"], Adjusters: []uuid.UUID{h.holds["alvesta"]}},
		"adjusting.once":          {Chair: h.holds["region"], Adjusters: []uuid.UUID{h.holds["region"]}},
	} {
		h.refuses(must2(meeting.ChooseAdjusters(h.ctx, h.tx, h.id, h.now().Version, c)), key)
	}
	h.choose("region", "lessebo")
	m := must(meeting.AskAdjusters(h.ctx, h.tx, h.id, h.now().Version))(h)
	if states(m) != "asked waiting" || !m.Asked {
		t.Errorf("%s", states(m))
	}
	h.told("adjust", 1)
	h.refuses(must2(meeting.ChooseAdjusters(h.ctx, h.tx, h.id, h.now().Version, meeting.Choice{})), "adjusting.asked_already")
	h.as(h.holds["lessebo"], "lessebo")
	h.refuses(must2(meeting.MinutesOf(h.ctx, h.tx, h.id)), "minutes.not_yet")
	h.refuses(must2(meeting.Adjust(h.ctx, h.tx, h.id, h.now().Version, meeting.Attest{Hash: m.Hash})), "adjusting.not_your_turn")
	h.as(h.holds["ljungby"], "ljungby")
	h.refuses(must2(meeting.Adjust(h.ctx, h.tx, h.id, h.now().Version, meeting.Attest{Hash: m.Hash})), "adjusting.not_yours")
	h.as(h.holds["region"], "region")
	h.refuses(must2(meeting.Adjust(h.ctx, h.tx, h.id, h.now().Version, meeting.Attest{Hash: strings.Repeat("0", 64)})), "common.changed")
	h.refuses(must2(meeting.Adjust(h.ctx, h.tx, h.id, h.now().Version-1, meeting.Attest{Hash: m.Hash})), "common.changed")
	h.refuses(must2(meeting.Adjust(h.ctx, h.tx, h.id, h.now().Version, meeting.Attest{Hash: "x"})), "adjusting.hash")
	m = must(meeting.Adjust(h.ctx, h.tx, h.id, h.now().Version, meeting.Attest{Hash: m.Hash}))(h)
	again := must(meeting.Adjust(h.ctx, h.tx, h.id, h.now().Version, meeting.Attest{Hash: m.Hash}))(h)
	if states(m) != "adjusted asked" || states(again) != "adjusted asked" || m.Adjusters[0].Hash != m.Hash {
		t.Errorf("%s, %s", states(m), states(again))
	}
	h.told("adjust", 2)

	// One word is changed: who attested the older text reads it again.
	h.clerk()
	p := m.Paragraphs[4]
	must(meeting.ChangeParagraph(h.ctx, h.tx, p.ID, p.Version, meeting.Passage{Heading: p.Heading, Wording: "Annat."}))(h)
	if m = h.minutes(); states(m) != "asked waiting" {
		t.Errorf("%s", states(m))
	}
	h.told("adjust", 3)
	h.adjust("region")

	// The adjuster is not satisfied, and says why.
	h.as(h.holds["lessebo"], "lessebo")
	h.refuses(must2(meeting.SendBack(h.ctx, h.tx, h.id, h.now().Version, meeting.Declining{Reason: " "})), "adjusting.declined")
	m = must(meeting.SendBack(h.ctx, h.tx, h.id, h.now().Version, meeting.Declining{Reason: "Reservationen saknas"}))(h)
	if states(m) != "adjusted declined" || m.Adjusters[1].Reason != "Reservationen saknas" || m.Asked || m.State != meeting.Minuted {
		t.Errorf("%s: %+v", states(m), m.Adjusters)
	}
	h.clerk()
	m = must(meeting.AskAdjusters(h.ctx, h.tx, h.id, h.now().Version))(h)
	if states(m) != "adjusted asked" { // the same text: who has attested it has
		t.Errorf("%s", states(m))
	}
	m = h.adjust("lessebo")
	if m.State != meeting.Adjusted || states(m) != "adjusted adjusted" || m.Adjusters[0].Hash != m.Hash || m.Adjusters[1].Hash != m.Hash {
		t.Errorf("%s %s: %+v", m.State, states(m), m.Adjusters)
	}
	h.told("minutes", len(seats))
	h.as(h.holds["ljungby"], "ljungby")
	if got := h.minutes(); got.Hash != m.Hash || len(got.Paragraphs) != 8 {
		t.Errorf("%+v", got)
	}
}

func TestWhatStandsIsWhatWasAttestedForEver(t *testing.T) {
	h, _ := settled(t, recorded())
	m := h.minutes()
	// A rule that is written anew changes nothing of what stands.
	h.tx.County.Bodies[0].Value.Bodies[0].Name = tenant.Words{"sv": "Något annat"}
	h.tx.County.Bodies[0].Value.Bodies[0].Rules.Record = tenant.RecordNotes
	if diff := cmp.Diff(m, h.minutes(), cmpopts.EquateComparable(day.Day{})); diff != "" {
		t.Errorf("(-before +after):\n%s", diff)
	}
	if !must(meeting.Intact(h.ctx, h.tx, h.id))(h) {
		t.Error("the digest is another")
	}
	p := m.Paragraphs[4]
	h.refuses(must2(meeting.ChangeParagraph(h.ctx, h.tx, p.ID, p.Version, meeting.Passage{Heading: "Nytt"})), "meeting.not_now")
	h.refuses(must2(meeting.DraftMinutes(h.ctx, h.tx, h.id, h.now().Version)), "meeting.not_now")
	h.refuses(must2(meeting.TakeBackDraft(h.ctx, h.tx, h.id, h.now().Version)), "meeting.not_now")
	for _, sql := range []string{
		"UPDATE minutes_paragraph SET wording = 'Nytt'", "UPDATE minutes_paragraph SET confidential = NOT confidential", "DELETE FROM minutes_paragraph", "UPDATE adjusting SET reason = 'x'",
		"DELETE FROM adjusting", "UPDATE minutes SET record = 'notes'", "DELETE FROM minutes", "UPDATE decision SET wording = 'Nytt'", "UPDATE attendance SET remote = true",
		"UPDATE ballot SET vote = 'for'", "UPDATE meeting SET title = 'Nytt'",
	} {
		err := h.tx.Savepoint(h.ctx, func() error {
			tag, err := h.tx.Exec(h.ctx, sql)
			if err == nil && tag.RowsAffected() == 0 {
				return errors.New("nothing to try with")
			}
			return err
		})
		if err == nil || err.Error() == "nothing to try with" {
			t.Errorf("%s: %v", sql, err)
		}
	}
}

func TestAParagraphIsAdjustedAtOnce(t *testing.T) {
	h, items := held(t, recorded())
	h.refuses(must2(meeting.AskAtOnce(h.ctx, h.tx, items[0].ID, h.item(items[0].ID).Version)), "adjusting.not_chosen")
	h.choose("region", "lessebo")
	p := must(meeting.AskAtOnce(h.ctx, h.tx, items[0].ID, h.item(items[0].ID).Version))(h)
	if p.Number != 4 || p.Item != items[0].ID {
		t.Errorf("%+v", p)
	}
	for _, key := range []string{"region", "lessebo"} {
		h.as(h.holds[key], key)
		must(meeting.Adjust(h.ctx, h.tx, h.id, h.now().Version, meeting.Attest{Paragraph: p.ID, Hash: p.Hash}))(h)
	}
	// All who see the meeting read it, while the meeting goes on.
	h.as(h.holds["markaryd"], "markaryd")
	if m := h.minutes(); len(m.Paragraphs) != 1 || m.Paragraphs[0].AdjustedAt == nil || m.Hash != "" {
		t.Errorf("%+v", m.Paragraphs)
	}
	h.clerk()
	h.refuses(must2(meeting.AskAtOnce(h.ctx, h.tx, items[0].ID, h.item(items[0].ID).Version)), "minutes.paragraph_adjusted")
	// A matter that comes before it does not take its number.
	added := must(meeting.Put(h.ctx, h.tx, h.id, meeting.Matter{Kind: meeting.ForInformation, Title: "Nytt"}))(h).Item
	order := []uuid.UUID{added.ID}
	for _, i := range items {
		order = append(order, i.ID)
	}
	must(meeting.Arrange(h.ctx, h.tx, h.id, h.now().Version, order))(h)
	h.shut()
	m := h.draft()
	var numbers []int
	for _, p := range m.Paragraphs {
		numbers = append(numbers, p.Number)
	}
	if got := m.Paragraphs[3]; got.Hash != p.Hash || got.ID != p.ID || !slices.Equal(numbers, []int{1, 2, 3, 4, 5, 6, 7, 8, 9}) || m.Paragraphs[4].Heading != "Nytt" {
		t.Errorf("%v: %+v", numbers, m.Paragraphs)
	}
	h.refuses(must2(meeting.ChangeParagraph(h.ctx, h.tx, p.ID, m.Paragraphs[3].Version, meeting.Passage{Heading: "Nytt"})), "minutes.paragraph_adjusted")
}

// atOnce has a matter's paragraph adjusted while the meeting goes on.
func (h *hall) atOnce(item uuid.UUID, keys ...string) meeting.Paragraph {
	h.Helper()
	p := must(meeting.AskAtOnce(h.ctx, h.tx, item, h.item(item).Version))(h)
	for _, key := range keys {
		h.as(h.holds[key], key)
		must(meeting.Adjust(h.ctx, h.tx, h.id, h.now().Version, meeting.Attest{Paragraph: p.ID, Hash: p.Hash}))(h)
	}
	h.clerk()
	return p
}

func TestAParagraphThatIsAdjustedBindsWhatItTellsOf(t *testing.T) {
	h, items := held(t, recorded())
	h.choose("region", "lessebo")
	decision, told := items[0].ID, items[1].ID
	ds, _ := h.decisions(meeting.DecisionFilter{Meeting: h.id})
	d := ds[slices.IndexFunc(ds, func(d meeting.Decision) bool { return d.Item == decision })]
	var said uuid.UUID
	h.ok(h.tx.QueryRow(h.ctx, "SELECT id FROM remark WHERE item_id = $1", decision).Scan(&said))

	// Until all have attested it nothing is bound.
	p := h.atOnce(decision, "region")
	d = must(meeting.Reword(h.ctx, h.tx, d.ID, d.Version, meeting.Rewording{Title: d.Title, Wording: d.Wording + " "}))(h)
	h.as(h.holds["lessebo"], "lessebo")
	must(meeting.Adjust(h.ctx, h.tx, h.id, h.now().Version, meeting.Attest{Paragraph: p.ID, Hash: p.Hash}))(h)
	h.clerk()
	h.atOnce(told, "region", "lessebo")

	dissent := meeting.Saying{Kind: meeting.Dissent, Person: h.holds["region"], Wording: "Nej"}
	for what, err := range map[string]error{
		"reword":     must2(meeting.Reword(h.ctx, h.tx, d.ID, d.Version, meeting.Rewording{Title: d.Title, Wording: "Annat."})),
		"say":        must2(meeting.Say(h.ctx, h.tx, decision, dissent)),
		"take back":  must2(meeting.TakeBack(h.ctx, h.tx, said)),
		"vote":       meeting.Vote(h.ctx, h.tx, decision, meeting.Voice{Place: "municipality/lessebo", Vote: "for"}),
		"bias":       meeting.Bias(h.ctx, h.tx, decision, meeting.Telling{Person: h.holds["lessebo"]}),
		"unbias":     meeting.Unbias(h.ctx, h.tx, decision, h.holds["ljungby"]),
		"decide":     must2(h.decide(decision, meeting.Ruling{})),
		"take up":    must2(meeting.TakeUp(h.ctx, h.tx, told, h.item(told).Version)),
		"settle":     must2(meeting.Settle(h.ctx, h.tx, told, h.item(told).Version, meeting.Settlement{Result: "Annat."})),
		"postpone":   must2(meeting.Postpone(h.ctx, h.tx, told, h.item(told).Version, meeting.Delay{Reason: "Senare"})),
		"in writing": must2(meeting.Say(h.ctx, h.tx, told, meeting.Saying{Kind: meeting.Said, Person: h.holds["region"], Wording: "Hej"})),
	} {
		f := h.refuses(err, "minutes.paragraph_attested")
		if f.Args["on"] != h.tx.Today() || f.Args["number"] != int32(4) && f.Args["number"] != int32(5) {
			t.Errorf("%s: %v", what, f.Args)
		}
	}
	// What comes of the decision moves on, and so does what has no such paragraph.
	must(meeting.SetStatus(h.ctx, h.tx, d.ID, d.Version, meeting.Progress{Status: meeting.StatusDone}))(h)
	h.take(items[2].ID)
}

func TestWhatHasBeenTakenUpAgainIsNotAttestedBeforeItIsSettled(t *testing.T) {
	h, items := held(t, recorded())
	h.choose("region", "lessebo")
	told := items[1].ID
	p := h.atOnce(told, "region")
	h.take(told)
	h.as(h.holds["lessebo"], "lessebo")
	attest := meeting.Attest{Paragraph: p.ID, Hash: p.Hash}
	h.refuses(must2(meeting.Adjust(h.ctx, h.tx, h.id, h.now().Version, attest)), "adjusting.not_settled")
	h.clerk()
	must(meeting.Settle(h.ctx, h.tx, told, h.item(told).Version, meeting.Settlement{Result: "Rådet **tackar** för informationen."}))(h)
	h.as(h.holds["lessebo"], "lessebo")
	must(meeting.Adjust(h.ctx, h.tx, h.id, h.now().Version, attest))(h)
}

func TestATextThatNoLongerTellsWhatIsNotedIsNotAttested(t *testing.T) {
	h, items := held(t, recorded())
	h.choose("region", "lessebo")
	decision := items[0].ID
	was := h.atOnce(decision, "region")
	must(meeting.Say(h.ctx, h.tx, decision, meeting.Saying{Kind: meeting.Dissent, Person: h.holds["region"], Wording: "Kostnaden är okänd"}))(h)
	h.as(h.holds["lessebo"], "lessebo")
	attest := meeting.Attest{Paragraph: was.ID, Hash: was.Hash}
	h.refuses(must2(meeting.Adjust(h.ctx, h.tx, h.id, h.now().Version, attest)), "adjusting.stale")
	h.clerk()
	now := must(meeting.AskAtOnce(h.ctx, h.tx, decision, h.item(decision).Version))(h)
	if now.ID != was.ID || now.Number != was.Number || now.Hash == was.Hash || !strings.Contains(now.Wording, "Kostnaden är okänd") {
		t.Errorf("%+v", now)
	}
	// It begins anew with the first, who had attested the older text.
	attest.Hash = now.Hash
	h.as(h.holds["lessebo"], "lessebo")
	h.refuses(must2(meeting.Adjust(h.ctx, h.tx, h.id, h.now().Version, attest)), "adjusting.not_your_turn")
	for _, key := range []string{"region", "lessebo"} {
		h.as(h.holds[key], key)
		must(meeting.Adjust(h.ctx, h.tx, h.id, h.now().Version, attest))(h)
	}
	if m := h.minutes(); m.Paragraphs[0].AdjustedAt == nil {
		t.Errorf("%+v", m.Paragraphs[0])
	}
}

func TestAnotherIsChosenForAnAdjusterWhoIsThereNoLonger(t *testing.T) {
	h, _ := held(t, recorded())
	h.choose("region", "lessebo")
	h.shut()
	h.draft()
	must(meeting.AskAdjusters(h.ctx, h.tx, h.id, h.now().Version))(h)
	h.as(h.holds["region"], "region")
	must(meeting.Adjust(h.ctx, h.tx, h.id, h.now().Version, meeting.Attest{Hash: h.minutes().Hash}))(h)
	h.clerk()
	h.refuses(must2(meeting.ChooseAdjusters(h.ctx, h.tx, h.id, h.now().Version, meeting.Choice{Chair: h.holds["region"], Adjusters: []uuid.UUID{h.holds["markaryd"]}})), "adjusting.asked_already")
	h.exec("UPDATE person SET valid_to = $2 WHERE id = $1", h.holds["lessebo"], h.tx.Today())
	states := func(m meeting.Minutes) string {
		var says []string
		for _, a := range m.Adjusters {
			says = append(says, a.State)
		}
		return strings.Join(says, " ")
	}
	if got := states(h.minutes()); got != "adjusted gone" {
		t.Errorf("%s", got)
	}
	h.refuses(must2(meeting.AskAdjusters(h.ctx, h.tx, h.id, h.now().Version)), "adjusting.gone")
	// The text names those who attest, so it begins anew with the chair.
	if got := states(h.choose("region", "markaryd")); got != "asked waiting" {
		t.Errorf("%s", got)
	}
	for _, key := range []string{"region", "markaryd"} {
		h.as(h.holds[key], key)
		must(meeting.Adjust(h.ctx, h.tx, h.id, h.now().Version, meeting.Attest{Hash: h.minutes().Hash}))(h)
	}
	if s := h.now().State; s != meeting.Adjusted {
		t.Errorf("%s", s)
	}
}

func TestTheDraftSaysWhatTheRegisterSays(t *testing.T) {
	h, items := held(t, recorded())
	h.choose("region", "lessebo")
	h.shut()
	m := h.draft()
	must(meeting.AskAdjusters(h.ctx, h.tx, h.id, h.now().Version))(h)
	h.as(h.holds["region"], "region")
	must(meeting.Adjust(h.ctx, h.tx, h.id, h.now().Version, meeting.Attest{Hash: h.minutes().Hash}))(h)
	h.clerk()
	ds, _ := h.decisions(meeting.DecisionFilter{Meeting: h.id})
	d := ds[slices.IndexFunc(ds, func(d meeting.Decision) bool { return d.Item == items[0].ID })]
	must(meeting.Reword(h.ctx, h.tx, d.ID, d.Version, meeting.Rewording{Title: d.Title, Wording: "Det står rätt nu."}))(h)
	now := h.minutes()
	if now.Hash == m.Hash || !slices.ContainsFunc(now.Paragraphs, func(p meeting.Paragraph) bool { return strings.Contains(p.Wording, "Det står rätt nu.") }) {
		t.Errorf("%+v", now.Paragraphs)
	}
	for _, a := range now.Adjusters {
		if want := map[uuid.UUID]string{h.holds["region"]: meeting.AdjusterAsked}[a.Person]; want != "" && a.State != want {
			t.Errorf("%s: %s", a.Name, a.State)
		}
	}
}

func TestAllWhoServedAttestWhereTheRuleSaysSo(t *testing.T) {
	h, _ := held(t, recorded(func(r *tenant.Rules) { r.Adjusting = tenant.Adjusting{By: tenant.AdjustedByAll} }))
	h.shut()
	h.draft()
	m := must(meeting.AskAdjusters(h.ctx, h.tx, h.id, h.now().Version))(h)
	var names []string
	for _, a := range m.Adjusters {
		names = append(names, a.Name)
	}
	if diff := cmp.Diff([]string{"Ersättare alvesta", "Ledamot lessebo", "Ledamot ljungby", "Ledamot markaryd", "Ledamot region"}, names); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAConfidentialParagraphIsMaskedForOthers(t *testing.T) {
	h, _ := settled(t, recorded())
	dbtest.As(h.tx, auth.RoleAuditor, uuid.Nil)
	m := h.minutes()
	p := m.Paragraphs[6]
	if p.Number != 7 || p.Heading != "Maskerad: sekretess" || !p.Masked || p.Wording != "" || p.Item != uuid.Nil || p.Hash != "" || m.Hash != "" {
		t.Errorf("%+v", p)
	}
	for _, p := range m.Paragraphs {
		if strings.Contains(p.Heading+p.Wording+p.PublicHeading+p.PublicWording, "Hemlig") || strings.Contains(p.Wording, "Avtalet hävs") {
			t.Errorf("%+v", p)
		}
	}
}

func TestACorrectionStandsBesideWhatWasAdjusted(t *testing.T) {
	h, _ := held(t, recorded(func(r *tenant.Rules) { r.Public.Minutes = tenant.PublicAdjusted }))
	h.refuses(must2(meeting.Amend(h.ctx, h.tx, h.id, h.now().Version, meeting.Correction{Wording: "x", Ground: "y"})), "amendment.not_adjusted")
	h.shut()
	h.draft()
	h.choose("region", "lessebo")
	must(meeting.AskAdjusters(h.ctx, h.tx, h.id, h.now().Version))(h)
	h.adjust("region")
	m := h.adjust("lessebo")
	if m.State != meeting.Published {
		t.Fatalf("%s", m.State)
	}
	h.refuses(must2(meeting.Amend(h.ctx, h.tx, h.id, h.now().Version, meeting.Correction{Wording: " ", Ground: "y"})), "amendment.worded")
	h.refuses(must2(meeting.Amend(h.ctx, h.tx, h.id, h.now().Version, meeting.Correction{Wording: "x", Ground: "y", Paragraph: uuid.New()})), "amendment.paragraph")
	first := must(meeting.Amend(h.ctx, h.tx, h.id, h.now().Version, meeting.Correction{Paragraph: m.Paragraphs[3].ID, Wording: "Rätt år är 2028.", Ground: "Skrivfel"}))(h)
	hidden := must(meeting.Amend(h.ctx, h.tx, h.id, h.now().Version, meeting.Correction{Paragraph: m.Paragraphs[6].ID, Wording: "Hemligt rätt.", Ground: "Skrivfel"}))(h)
	if first.Number != 1 || first.Section != 4 || !first.Public || hidden.Number != 2 || hidden.Public {
		t.Errorf("%+v\n%+v", first, hidden)
	}
	after := h.minutes()
	if after.Hash != m.Hash || !slices.Equal(after.Paragraphs[3].Amendments, []int{1}) || after.Amendments[0].Paragraph != m.Paragraphs[3].ID || len(after.Amendments) != 2 {
		t.Errorf("%+v", after)
	}
	h.public(func() {
		p := must(meeting.GetPublic(h.ctx, h.tx, h.id))(h)
		if !slices.Equal(p.Paragraphs[3].Amendments, []int{1}) || len(p.Amendments) != 1 || p.Amendments[0].Section != 4 || p.Amendments[0].Wording != "Rätt år är 2028." {
			t.Errorf("%+v", p.Amendments)
		}
	})
	dbtest.As(h.tx, auth.RoleAuditor, uuid.Nil)
	if m := h.minutes(); len(m.Amendments) != 1 || m.Amendments[0].Number != 1 {
		t.Errorf("%+v", m.Amendments)
	}
}

func TestAnExtractIsOfWhatStands(t *testing.T) {
	h, items := held(t, recorded())
	ds, _, err := meeting.Decisions(h.ctx, h.tx, meeting.DecisionFilter{Meeting: h.id, Limit: 10, Page: 1})
	h.ok(err)
	i := slices.IndexFunc(ds, func(d meeting.Decision) bool { return d.Item == items[0].ID })
	h.refuses(must2(meeting.ExtractOf(h.ctx, h.tx, ds[i].ID)), "minutes.not_yet")
	h.shut()
	h.draft()
	h.choose("region", "lessebo")
	must(meeting.AskAdjusters(h.ctx, h.tx, h.id, h.now().Version))(h)
	h.adjust("region")
	h.adjust("lessebo")
	e := must(meeting.ExtractOf(h.ctx, h.tx, ds[i].ID))(h)
	if e.Paragraph.Number != 4 || len(e.Adjusters) != 2 || e.Decision.ID != ds[i].ID {
		t.Errorf("%+v", e)
	}
	dbtest.As(h.tx, auth.RoleAuditor, uuid.Nil)
	h.refuses(must2(meeting.ExtractOf(h.ctx, h.tx, ds[1-i].ID)), "common.not_found")
}

func TestSharedForCommentAPartyReadsTheDraftAndAnswers(t *testing.T) {
	h, _ := held(t, recorded())
	h.shut()
	h.draft()
	almhult := h.party("almhult")
	reader := must(person.Create(h.ctx, h.tx, person.Card{Name: "Utanför"}))(h).ID
	h.as(reader, "almhult")
	h.refuses(must2(meeting.MinutesOf(h.ctx, h.tx, h.id)), "common.not_found")
	h.clerk()
	for key, n := range map[string]meeting.Handing{
		"sharing.kind":         {Recipient: "A"},
		"sharing.to":           {Kind: meeting.ShareComment},
		"sharing.organisation": {Kind: meeting.ShareComment, Organisation: uuid.New()},
		"sharing.decision":     {Kind: meeting.ShareComment, Recipient: "A", Decision: uuid.New()},
		"sharing.document":     {Kind: meeting.ShareComment, Recipient: "A", Document: uuid.New()},
		"sharing.draft":        {Kind: meeting.ShareInformation, Recipient: "A", RegistryNumber: "1"},
		"sharing.registered":   {Kind: meeting.ShareDecision, Recipient: "A"},
	} {
		h.refuses(must2(meeting.Share(h.ctx, h.tx, h.id, n)), key)
	}
	s := must(meeting.Share(h.ctx, h.tx, h.id, meeting.Handing{Kind: meeting.ShareComment, Organisation: almhult}))(h)
	if s.Recipient != "Älmhults kommun" || s.CountsAsSent {
		t.Errorf("%+v", s)
	}
	h.as(reader, "almhult")
	m := h.minutes()
	if len(m.Paragraphs) != 8 || !m.Paragraphs[6].Masked || m.Leads {
		t.Errorf("%+v", m.Paragraphs)
	}
	h.refuses(must2(meeting.Respond(h.ctx, h.tx, s.ID, s.Version, meeting.Response{Reply: " "})), "sharing.reply")
	s = must(meeting.Respond(h.ctx, h.tx, s.ID, s.Version, meeting.Response{Reply: "Bra."}))(h)
	if s.Reply != "Bra." || s.RepliedOn != h.tx.Today() {
		t.Errorf("%+v", s)
	}
	if all := must(meeting.Sharings(h.ctx, h.tx, h.id))(h); len(all) != 1 {
		t.Errorf("%+v", all)
	}
	h.as(h.holds["lessebo"], "lessebo")
	h.refuses(must2(meeting.Share(h.ctx, h.tx, h.id, meeting.Handing{Kind: meeting.ShareComment, Recipient: "A"})), "meeting.not_leading")
}

func TestWhatHasBeenAdjustedIsNotSharedForComment(t *testing.T) {
	h, _ := settled(t, recorded())
	h.refuses(must2(meeting.Share(h.ctx, h.tx, h.id, meeting.Handing{Kind: meeting.ShareComment, Recipient: "A"})), "sharing.settled")
	must(meeting.Share(h.ctx, h.tx, h.id, meeting.Handing{Kind: meeting.ShareInformation, Recipient: "A", RegistryNumber: "1"}))(h)
}

func TestTheMinutesSayWhatADecisionAsksOfTheParties(t *testing.T) {
	h, items := gather(t, recorded(), "", toDecide)
	h.holds["clerk"] = h.person("Skrivare")
	h.open(seats...)
	h.clerk()
	h.take(items[0].ID)
	today := h.tx.Today()
	must(h.decide(items[0].ID, meeting.Ruling{Acclamation: true, Ratify: true, RatifyBy: today.Add(60),
		Duties: []meeting.Charge{{Wording: "Boende tas upp"}, {Wording: "Skola tas upp", To: today.Add(100)}}}))(h)
	h.shut()
	ps := h.draft().Paragraphs
	i := slices.IndexFunc(ps, func(p meeting.Paragraph) bool { return p.Item == items[0].ID })
	for _, want := range []string{"senast " + today.Add(60).String(), "Rådet, från och med " + today.String() + ": Boende tas upp", "till och med " + today.Add(99).String() + ": Skola tas upp"} {
		if !strings.Contains(ps[i].Wording, want) {
			t.Errorf("%q is not in\n%s", want, ps[i].Wording)
		}
	}
}

func TestThePublicReadsTheSameNumbersAndNothingSecret(t *testing.T) {
	h, _ := settled(t, recorded(func(r *tenant.Rules) {
		r.Public = tenant.Public{Date: tenant.PublicCalled, Agenda: tenant.PublicAdjusted, Decisions: tenant.PublicAdjusted}
	}))
	h.public(func() {
		p := must(meeting.GetPublic(h.ctx, h.tx, h.id))(h)
		if len(p.Items) != 3 || len(p.Decisions) != 1 || len(p.Paragraphs) != 0 {
			t.Errorf("before: %+v", p)
		}
	})
	secret := h.minutes().Paragraphs[6]
	must(meeting.Mask(h.ctx, h.tx, secret.ID, secret.Version, meeting.Disclosure{Heading: "Ett avtal", Wording: "[maskerat]"}))(h)
	dbtest.As(h.tx, auth.RoleOfficer, uuid.Nil)
	h.refuses(must2(meeting.Publish(h.ctx, h.tx, h.id, h.now().Version)), "auth.forbidden")
	h.clerk()
	must(meeting.Publish(h.ctx, h.tx, h.id, h.now().Version))(h)
	h.refuses(must2(meeting.Publish(h.ctx, h.tx, h.id, h.now().Version)), "minutes.published_already")
	h.public(func() {
		p := must(meeting.GetPublic(h.ctx, h.tx, h.id))(h)
		var all strings.Builder
		for i, q := range p.Paragraphs {
			if q.Number != i+1 {
				t.Errorf("%+v", q)
			}
			all.WriteString(q.Heading + q.Wording)
		}
		for _, i := range p.Items {
			all.WriteString(i.Title + i.Proposal + i.Background)
		}
		for _, d := range p.Decisions {
			all.WriteString(d.Title + d.Wording)
		}
		if len(p.Paragraphs) != 8 || p.Paragraphs[6].Heading != "Ett avtal" || p.Paragraphs[6].Wording != "[maskerat]" || strings.Contains(all.String(), "Hemlig") || strings.Contains(all.String(), "Avtalet") {
			t.Errorf("%+v", p.Paragraphs)
		}
		if ms, n, err := meeting.PublicMeetings(h.ctx, h.tx, meeting.PublicFilter{Limit: 10, Page: 1}); err != nil || n != 1 || ms[0].ID != h.id || ms[0].State != meeting.Published {
			t.Errorf("%+v, %d, %v", ms, n, err)
		}
		// It was held today: nothing of it is to come.
		for f, want := range map[meeting.PublicFilter]int{{Ahead: true, Limit: 10, Page: 1}: 0, {Over: true, Limit: 10, Page: 1}: 1} {
			if ms, n, err := meeting.PublicMeetings(h.ctx, h.tx, f); err != nil || n != want {
				t.Errorf("%+v: %+v, %v", f, ms, err)
			}
		}
		ds, n, err := meeting.PublicDecisions(h.ctx, h.tx, meeting.PublicFilter{Limit: 10, Page: 1})
		if err != nil || n != 1 || ds[0].Title != "Riktning" {
			t.Errorf("%+v, %d, %v", ds, n, err)
		}
		must(meeting.GetPublicDecision(h.ctx, h.tx, ds[0].ID))(h)
		// The text itself is not the public's to ask for.
		for _, column := range []string{"heading", "wording", "confidential"} {
			err := h.tx.Savepoint(h.ctx, func() error {
				_, err := h.tx.Exec(h.ctx, "SELECT "+column+" FROM minutes_paragraph")
				return err
			})
			if err == nil {
				t.Errorf("the public can ask for %s", column)
			}
		}
	})
}

func TestThePublicReadsWhatWasAttestedUnlessItIsConfidential(t *testing.T) {
	h, _ := held(t, recorded())
	h.shut()
	told := h.draft().Paragraphs[4]
	for field, n := range map[string]meeting.Passage{
		"/publicHeading": {Heading: told.Heading, Wording: told.Wording, PublicHeading: "Annat"},
		"/publicWording": {Heading: told.Heading, Wording: told.Wording, PublicWording: "Avslås."},
	} {
		if f := h.refuses(must2(meeting.ChangeParagraph(h.ctx, h.tx, told.ID, told.Version, n)), "minutes.public_as_it_is"); f.Field != field {
			t.Errorf("%s, want %s", f.Field, field)
		}
	}
	// As drafts of before may have it.
	h.exec("UPDATE minutes_paragraph SET public_heading = 'Annat', public_wording = 'Avslås.' WHERE id = $1", told.ID)
	h.choose("region", "lessebo")
	must(meeting.AskAdjusters(h.ctx, h.tx, h.id, h.now().Version))(h)
	h.adjust("region")
	m := h.adjust("lessebo")

	told, secret := m.Paragraphs[4], m.Paragraphs[6]
	other := meeting.Disclosure{Heading: "Ett avtal", Wording: "[maskerat]"}
	if f := h.refuses(must2(meeting.Mask(h.ctx, h.tx, told.ID, told.Version, other)), "minutes.not_confidential"); f.Args["number"] != 5 {
		t.Errorf("%v", f.Args)
	}
	secret = must(meeting.Mask(h.ctx, h.tx, secret.ID, secret.Version, other))(h)
	h.never("as it is published", []string{"UPDATE minutes_paragraph SET published = true, public_heading = heading, public_wording = 'Avslås.' WHERE NOT confidential"})
	must(meeting.Publish(h.ctx, h.tx, h.id, h.now().Version))(h)
	h.public(func() {
		p := must(meeting.GetPublic(h.ctx, h.tx, h.id))(h)
		if got := p.Paragraphs[4]; got.Heading != told.Heading || got.Wording != told.Wording || p.Paragraphs[6].Wording != "[maskerat]" {
			t.Errorf("%+v", p.Paragraphs)
		}
	})
	secret = h.minutes().Paragraphs[6]
	h.refuses(must2(meeting.Mask(h.ctx, h.tx, secret.ID, secret.Version, meeting.Disclosure{Wording: "Avslås."})), "minutes.public_stands")
	h.never("when it is published", []string{"UPDATE minutes_paragraph SET public_wording = 'Avslås.'", "UPDATE minutes_paragraph SET public_heading = 'Avslås' WHERE confidential"})
}

func TestAnAgendaIsPublicFromTheCallWhereTheRuleSaysSo(t *testing.T) {
	h, items := gather(t, recorded(func(r *tenant.Rules) {
		r.Public = tenant.Public{Date: tenant.PublicCalled, Agenda: tenant.PublicCalled, Decisions: tenant.PublicClosed}
	}), "", toDecide, meeting.Matter{Kind: meeting.ForInformation, Title: "Hemligt", Confidential: true})
	see := func(items, decisions int) {
		t.Helper()
		h.public(func() {
			p := must(meeting.GetPublic(h.ctx, h.tx, h.id))(h)
			if len(p.Items) != items || len(p.Decisions) != decisions {
				t.Errorf("%d matters and %d decisions are public, want %d and %d", len(p.Items), len(p.Decisions), items, decisions)
			}
		})
	}
	see(1, 0)
	h.open(seats...)
	h.take(items[0].ID)
	must(h.decide(items[0].ID, meeting.Ruling{Acclamation: true}))(h)
	// What is put on the agenda later is public when the meeting closes at the latest.
	must(meeting.Put(h.ctx, h.tx, h.id, toTell))(h)
	see(1, 0)
	h.shut()
	see(2, 1)
	must(meeting.Reopen(h.ctx, h.tx, h.id, h.now().Version))(h)
	see(2, 0)
}

// A paragraph that is masked by hand would tell nothing if the matter and the
// decision stood open beside it.
func TestWhatIsMaskedByHandIsNotReadBesideIt(t *testing.T) {
	h, items := held(t, recorded(func(r *tenant.Rules) {
		r.Public = tenant.Public{Date: tenant.PublicCalled, Agenda: tenant.PublicCalled, Decisions: tenant.PublicClosed}
	}))
	see := func(when string, items, decisions int) {
		t.Helper()
		h.public(func() {
			p := must(meeting.GetPublic(h.ctx, h.tx, h.id))(h)
			_, n, err := meeting.PublicDecisions(h.ctx, h.tx, meeting.PublicFilter{Limit: 10, Page: 1})
			if len(p.Items) != items || len(p.Decisions) != decisions || n != decisions || err != nil {
				t.Errorf("%s: %d matters, %d and %d decisions are public, want %d and %d, %v", when, len(p.Items), len(p.Decisions), n, items, decisions, err)
			}
		})
	}
	mark := func(confidential bool) {
		t.Helper()
		p := h.about(items[0].ID)
		must(meeting.ChangeParagraph(h.ctx, h.tx, p.ID, p.Version, meeting.Passage{Heading: p.Heading, Wording: p.Wording, Confidential: confidential}))(h)
	}
	h.choose("region", "lessebo")
	h.atOnce(items[0].ID)
	see("as called", 3, 0)
	mark(true)
	see("masked at the meeting", 2, 0)
	h.shut()
	see("closed", 2, 0)
	h.draft()
	mark(false)
	see("not masked any longer", 3, 1)
	mark(true)
	see("masked in the draft", 2, 0)
	if ds, _ := h.decisions(meeting.DecisionFilter{Meeting: h.id}); len(ds) != 2 {
		t.Errorf("%d decisions for who makes meetings", len(ds))
	}
	h.as(h.holds["markaryd"], "markaryd")
	if ds, _ := h.decisions(meeting.DecisionFilter{Meeting: h.id}); len(ds) != 2 {
		t.Errorf("%d decisions for who sits there", len(ds))
	}
	h.clerk()
	h.exec("DELETE FROM adjusting WHERE paragraph_id IS NOT NULL")
	must(meeting.AskAdjusters(h.ctx, h.tx, h.id, h.now().Version))(h)
	h.adjust("region")
	h.adjust("lessebo")
	must(meeting.Publish(h.ctx, h.tx, h.id, h.now().Version))(h)
	see("published", 2, 0)
}

func TestMinutesThatAreNeverPublicAreNot(t *testing.T) {
	h, _ := settled(t, recorded(func(r *tenant.Rules) { r.Public.Minutes = tenant.PublicNever }))
	h.refuses(must2(meeting.Publish(h.ctx, h.tx, h.id, h.now().Version)), "minutes.never_public")
	h.public(func() {
		h.refuses(must2(meeting.GetPublic(h.ctx, h.tx, h.id)), "common.not_found")
	})
}

// states are how far the adjusters have come, in order.
func states(m meeting.Minutes) string {
	var all []string
	for _, a := range m.Adjusters {
		all = append(all, a.State)
	}
	return strings.Join(all, " ")
}

// told wants so many mails of an event.
func (h *hall) told(event string, want int) {
	h.Helper()
	var n int
	h.ok(h.tx.QueryRow(h.ctx, "SELECT count(*) FROM meeting_mail WHERE meeting_id = $1 AND event = $2", h.id, event).Scan(&n))
	if n != want {
		h.Errorf("%d mails of %s, want %d", n, event, want)
	}
}
