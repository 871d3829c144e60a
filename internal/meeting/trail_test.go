package meeting_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/audit"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/document"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/tenant"
)

// trail is the county's whole trail as the actor may read it, by its text.
func (h *hall) trail(f audit.Filter) (text map[string]string, subjects map[string]int) {
	h.Helper()
	h.exec("SET CONSTRAINTS ALL IMMEDIATE") // the trail is written at commit, or now
	f.Limit, f.Page = 100_000, 1
	es, total, err := audit.List(h.ctx, h.tx, f)
	if err != nil || total != len(es) {
		h.Fatalf("%d entries of %d: %v", len(es), total, err)
	}
	text, subjects = map[string]string{}, map[string]int{}
	for _, e := range es {
		b := must(json.Marshal(e.Changes))(h)
		text[e.At.Format(time.RFC3339Nano)+e.Subject+e.RowID+e.Action] = e.Subject + " " + e.RowID + " " + string(b)
		subjects[e.Subject]++
	}
	return text, subjects
}

func (h *hall) auditor() { dbtest.As(h.tx, auth.RoleAuditor, uuid.Nil) }

// concealed is a meeting with a confidential matter that has everything on it
// that a matter can have, and every word of it says HEMLIGT; and what else was
// there. It gives the matter, and the ordinary one before it.
func concealed(t testing.TB) (h *hall, secret, open uuid.UUID) {
	t.Helper()
	h, items := gather(t, recorded(func(r *tenant.Rules) { r.Ratification = tenant.RatificationNeeded }), "", toDecide,
		meeting.Matter{Kind: meeting.ForDecision, Title: "HEMLIGT ärende", Background: "HEMLIGT skäl", Proposal: "HEMLIGT förslag", Confidential: true}, toTell)
	open, secret = items[0].ID, items[1].ID
	h.holds["clerk"] = h.person("Skrivare")
	h.clerk()
	d := must(document.AddLink(h.ctx, h.tx, document.Card{Title: "HEMLIGT underlag", Kind: "other"}, document.Link{URL: "https://exempel.example/hemligt"}))(h)
	must(meeting.AddPaper(h.ctx, h.tx, secret, meeting.Enclosure{Document: d.ID, Note: "HEMLIGT underlag"}))(h)
	known := must(document.AddLink(h.ctx, h.tx, document.Card{Title: "Känt underlag", Kind: "other"}, document.Link{URL: "https://exempel.example/kant"}))(h)
	must(meeting.AddPaper(h.ctx, h.tx, open, meeting.Enclosure{Document: known.ID}))(h)
	h.open("alvesta", "lessebo", "ljungby", "region")

	h.take(open)
	h.vote(open, "alvesta:for lessebo:for ljungby:for region:for")
	must(h.decide(open, meeting.Ruling{}))(h)

	h.take(secret)
	h.exec("UPDATE meeting SET item_id = $2 WHERE id = $1", h.id, secret) // as when it is closed to others while it is on the table
	h.ok(meeting.Arrive(h.ctx, h.tx, h.id, meeting.Presence{Person: h.holds["markaryd"], Item: secret}))
	h.tx.Now = h.tx.Now.Add(time.Minute)
	h.ok(meeting.Leave(h.ctx, h.tx, h.id, meeting.Presence{Person: h.holds["markaryd"], Item: secret}))
	for _, who := range []string{"ljungby", "lessebo"} {
		h.ok(meeting.Bias(h.ctx, h.tx, secret, meeting.Telling{Person: h.holds[who], Reason: "HEMLIGT jäv"}))
	}
	h.exec("SET CONSTRAINTS ALL IMMEDIATE") // a row that comes and goes before it is written leaves no trail
	h.exec("SET CONSTRAINTS ALL DEFERRED")
	h.ok(meeting.Unbias(h.ctx, h.tx, secret, h.holds["lessebo"]))
	h.vote(secret, "alvesta:for lessebo:against region:for")
	decided := must(h.decide(secret, meeting.Ruling{Wording: "HEMLIGT beslut", OwnerName: "HEMLIGT ombud", Duties: []meeting.Charge{{Wording: "HEMLIGT åliggande"}}}))(h).Decision
	must(meeting.Say(h.ctx, h.tx, secret, meeting.Saying{Kind: meeting.Reservation, Person: h.holds["lessebo"], Wording: "HEMLIGT förbehåll"}))(h)
	h.exec("UPDATE decision SET revises_id = $1 WHERE item_id = $2", decided.ID, open)
	h.exec("UPDATE agenda_item SET from_id = $1 WHERE id = $2", secret, items[2].ID)
	h.exec("UPDATE meeting SET item_id = NULL WHERE id = $1", h.id)
	h.exec(`INSERT INTO cost_run (id, function, kind, basis, period_from, period_until, shared, billed, input, result, configuration_version, decision_id, created_at)
		VALUES (gen_random_uuid(), 'samordning', 'statement', 'budget', '2026-01-01', '2026-12-31', 0, 0, '{}', '{}', 1, $1, now())`, decided.ID)
	must(meeting.Settle(h.ctx, h.tx, items[2].ID, h.item(items[2].ID).Version, meeting.Settlement{}))(h)

	h.choose("region", "alvesta")
	p := must(meeting.AskAtOnce(h.ctx, h.tx, secret, h.item(secret).Version))(h)
	h.exec("SET CONSTRAINTS ALL IMMEDIATE")
	h.exec("SET CONSTRAINTS ALL DEFERRED")
	// A draft of it that is thrown away and written anew.
	h.exec("DELETE FROM adjusting WHERE paragraph_id = $1", p.ID)
	h.exec("DELETE FROM minutes_paragraph WHERE id = $1", p.ID)
	p = must(meeting.AskAtOnce(h.ctx, h.tx, secret, h.item(secret).Version))(h)
	for _, key := range []string{"region", "alvesta"} {
		h.as(h.holds[key], key)
		must(meeting.Adjust(h.ctx, h.tx, h.id, h.now().Version, meeting.Attest{Paragraph: p.ID, Hash: p.Hash}))(h)
	}
	h.clerk()
	r := must(h.rows("SELECT id FROM ratification WHERE decision_id = $1 LIMIT 1", decided.ID))(h)[0]
	must(meeting.Ratify(h.ctx, h.tx, r, 1, meeting.HomeAnswer{AnchoredWith: "HEMLIGT förankrat", AnchoredOn: h.tx.Today(), Note: "HEMLIGT svar"}))(h)
	must(meeting.Share(h.ctx, h.tx, h.id, meeting.Handing{Kind: meeting.ShareComment, Decision: decided.ID, Organisation: h.party("alvesta"), Note: "HEMLIGT utskick"}))(h)
	h.shut()
	h.draft()
	return h, secret, open
}

func (h *hall) rows(sql string, args ...any) (ids []uuid.UUID, err error) {
	h.Helper()
	rs, err := h.tx.Query(h.ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	defer rs.Close()
	for rs.Next() {
		var id uuid.UUID
		if err := rs.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, rs.Err()
}

// settle lets the minutes be adjusted, masked, corrected and published.
func (h *hall) settle(secret uuid.UUID) {
	h.Helper()
	must(meeting.AskAdjusters(h.ctx, h.tx, h.id, h.now().Version))(h)
	h.adjust("region")
	h.adjust("alvesta")
	var p meeting.Paragraph
	for _, q := range h.minutes().Paragraphs {
		if q.Item == secret {
			p = q
		}
	}
	must(meeting.Mask(h.ctx, h.tx, p.ID, p.Version, meeting.Disclosure{Heading: "HEMLIGT maskat", Wording: "HEMLIGT maskat"}))(h)
	must(meeting.Amend(h.ctx, h.tx, h.id, h.now().Version, meeting.Correction{Paragraph: p.ID, Wording: "HEMLIGT rättat", Ground: "HEMLIGT fel"}))(h)
	must(meeting.Publish(h.ctx, h.tx, h.id, h.now().Version))(h)
}

// TestTheTrailKeepsWhatIsConfidential asks the catalogue which tables can name a
// matter: one that comes later and is not among what this test puts on the
// matter fails it.
func TestTheTrailKeepsWhatIsConfidential(t *testing.T) {
	h, secret, open := concealed(t)
	h.settle(secret)
	concerned := must(h.rows(`SELECT id FROM agenda_item WHERE id = $1 UNION SELECT id FROM decision WHERE item_id = $1 UNION SELECT id FROM minutes_paragraph WHERE item_id = $1
		UNION SELECT id FROM agenda_paper WHERE item_id = $1 UNION SELECT document_id FROM agenda_paper WHERE item_id = $1
		UNION SELECT s.id FROM sharing s JOIN decision d ON d.tenant_id = s.tenant_id AND d.id = s.decision_id WHERE d.item_id = $1
		UNION SELECT row_id::uuid FROM audit_entry WHERE subject = 'minutes_paragraph' AND changed #>> '{before,item_id}' = $1::text`, secret))(h)
	names := func(text string) bool {
		return strings.Contains(text, "HEMLIGT") ||
			slices.ContainsFunc(concerned, func(id uuid.UUID) bool { return strings.Contains(text, id.String()) })
	}
	all, _ := h.trail(audit.Filter{})
	h.auditor()
	seen, subjects := h.trail(audit.Filter{})
	for _, text := range seen {
		if names(text) {
			t.Errorf("the auditor reads %s", text)
		}
	}
	for seq, text := range all {
		subject, _, _ := strings.Cut(text, " ")
		if _, told := seen[seq]; !told && !names(text) && !strings.HasSuffix(text, " []") && subject != "adjusting" && subject != "meeting_mail" {
			t.Errorf("kept from the auditor: %s", text)
		}
	}
	for _, subject := range []string{"agenda_item", "agenda_called", "agenda_paper", "attendance", "ballot", "decision", "ratification", "minutes_paragraph", "adjusting", "document", "document_version", "meeting"} {
		if subjects[subject] == 0 {
			t.Errorf("the auditor reads nothing of any %s", subject)
		}
	}
	if one, _ := h.trail(audit.Filter{Subject: "agenda_item", RowID: secret.String()}); len(one) != 0 {
		t.Errorf("asked for it: %v", one)
	}
	if one, _ := h.trail(audit.Filter{Subject: "agenda_item", RowID: open.String()}); len(one) == 0 {
		t.Error("nothing of the ordinary matter")
	}
	if es, err := audit.History(h.ctx, h.tx, "agenda_item", secret, 10, 1); err != nil || len(es) != 0 {
		t.Errorf("its history: %v, %v", es, err)
	}

	rs, err := h.tx.Query(h.ctx, `SELECT DISTINCT r.relname, a.attname FROM pg_constraint c
		JOIN pg_class r ON r.oid = c.conrelid JOIN pg_trigger g ON g.tgrelid = r.oid JOIN pg_proc f ON f.oid = g.tgfoid AND f.proname = 'audit_row'
		CROSS JOIN LATERAL unnest(c.conkey, c.confkey) AS k (here, there)
		JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum = k.here JOIN pg_attribute i ON i.attrelid = c.confrelid AND i.attnum = k.there AND i.attname = 'id'
		WHERE c.contype = 'f' AND c.confrelid IN ('agenda_item'::regclass, 'decision'::regclass, 'minutes_paragraph'::regclass, 'agenda_paper'::regclass, 'sharing'::regclass)`)
	if err != nil {
		t.Fatal(err)
	}
	defer rs.Close()
	columns := 0
	for rs.Next() {
		var table, column string
		if err := rs.Scan(&table, &column); err != nil {
			t.Fatal(err)
		}
		columns++
		found := false
		for seq, text := range all {
			if strings.HasPrefix(text, table+" ") && slices.ContainsFunc(concerned, func(id uuid.UUID) bool {
				return strings.Contains(text, `"field":"`+column+`","before":"`+id.String()) || strings.Contains(text, `"field":"`+column+`","after":"`+id.String())
			}) {
				found = true
				if _, told := seen[seq]; told {
					t.Errorf("the auditor reads %s.%s", table, column)
				}
			}
		}
		if !found {
			t.Errorf("%s.%s can name a confidential matter: put one here, and hide it from those who may not see it (audit's query Hidden)", table, column)
		}
	}
	if rs.Err() != nil || columns < 15 {
		t.Errorf("%d columns, %v", columns, rs.Err())
	}

	h.tx.Person = h.holds["region"]
	member, _ := h.trail(audit.Filter{})
	for key, text := range all {
		if _, told := member[key]; !told && !strings.HasSuffix(text, " []") {
			t.Errorf("kept from an auditor who sits there: %s", text)
		}
	}
}

// TestTheTrailKeepsDraftsOfMinutes until they are adjusted.
func TestTheTrailKeepsDraftsOfMinutes(t *testing.T) {
	h, secret, _ := concealed(t)
	h.auditor()
	if _, subjects := h.trail(audit.Filter{}); subjects["minutes_paragraph"] > 0 || subjects["adjusting"] > 0 {
		t.Errorf("the auditor reads the draft: %v", subjects)
	}
	h.clerk()
	h.settle(secret)
	h.auditor()
	if _, subjects := h.trail(audit.Filter{}); subjects["minutes_paragraph"] == 0 || subjects["adjusting"] == 0 {
		t.Errorf("the auditor reads nothing of the minutes: %v", subjects)
	}
}

// TestTheTrailHasNoHoles that can be counted: for whom some of it is hidden.
func TestTheTrailHasNoHoles(t *testing.T) {
	h, secret, open := concealed(t)
	other := must(h.rows("SELECT id FROM agenda_item WHERE meeting_id = $1 AND NOT confidential AND id <> $2", h.id, open))(h)[0]
	h.exec("UPDATE agenda_item SET position = position + 10 WHERE id = $1", other)
	h.exec("SET CONSTRAINTS ALL IMMEDIATE")
	read := func() (es []audit.Entry) {
		t.Helper()
		total := 1
		for page := 1; len(es) < total; page++ {
			some, all, err := audit.List(h.ctx, h.tx, audit.Filter{Limit: 50, Page: page})
			if err != nil || len(some) == 0 {
				t.Fatalf("page %d, after %d of %d: %v", page, len(es), all, err)
			}
			es, total = append(es, some...), all
		}
		return es
	}
	moved := func(e audit.Entry) bool {
		return slices.ContainsFunc(e.Changes, func(c audit.Change) bool { return c.Field == "position" && strings.HasPrefix(e.Subject, "agenda_") })
	}
	var empty, places int
	for _, e := range read() {
		if e.Seq == 0 {
			t.Errorf("who sees all reads no number of %+v", e)
		}
		if e.Subject == "meeting" && len(e.Changes) == 0 {
			empty++
		}
		if moved(e) {
			places++
		}
	}
	if empty == 0 || places == 0 {
		t.Errorf("%d entries without a change, %d of places in the order: nothing is tried here", empty, places)
	}
	h.auditor()
	for _, e := range read() {
		if e.Seq != 0 || e.Subject == "meeting" && len(e.Changes) == 0 || moved(e) || e.RowID == secret.String() {
			t.Errorf("the auditor reads %+v", e)
		}
	}
	if es, err := audit.History(h.ctx, h.tx, "agenda_item", open, 10, 1); err != nil || len(es) == 0 || es[0].Seq != 0 {
		t.Errorf("its history: %+v, %v", es, err)
	}
}

// TestTheTrailFollowsWhoReadsADraft of minutes, or one paragraph of it.
func TestTheTrailFollowsWhoReadsADraft(t *testing.T) {
	h, items := held(t, recorded())
	h.choose("region", "lessebo")
	one := h.atOnce(items[0].ID)
	h.shut()
	draft := h.draft()
	must(meeting.ChangeParagraph(h.ctx, h.tx, draft.Paragraphs[0].ID, draft.Paragraphs[0].Version, meeting.Passage{Heading: "Mötet öppnas", Wording: "ÄNDRAT utkast"}))(h)
	reads := func(as string, want int) {
		t.Helper()
		h.auditor()
		h.tx.Person = h.holds[as]
		text, _ := h.trail(audit.Filter{Subject: "minutes_paragraph"})
		rows := map[string]bool{}
		for _, one := range text {
			rows[strings.Fields(one)[1]] = true
		}
		m, err := meeting.MinutesOf(h.ctx, h.tx, h.id)
		if len(rows) != want || len(m.Paragraphs) != want || (err == nil) != (want > 0) || want == 1 && !rows[one.ID.String()] {
			t.Errorf("%s reads %v in the trail, and %d paragraphs (%v): want %d", as, text, len(m.Paragraphs), err, want)
		}
		h.clerk()
	}
	reads("nobody", 0)
	reads("lessebo", 0)
	reads("region", 1) // asked for one paragraph
	for _, key := range []string{"region", "lessebo"} {
		h.as(h.holds[key], key)
		must(meeting.Adjust(h.ctx, h.tx, h.id, h.now().Version, meeting.Attest{Paragraph: one.ID, Hash: one.Hash}))(h)
	}
	h.clerk()
	reads("nobody", 1)
	reads("region", 1)
	must(meeting.AskAdjusters(h.ctx, h.tx, h.id, h.now().Version))(h)
	reads("nobody", 1)
	reads("lessebo", 1)
	reads("region", len(draft.Paragraphs))
}

// TestWhatIsGivenOfAConfidentialMatterIsForThoseWhoGetIt and for those who may see it.
func TestWhatIsGivenOfAConfidentialMatterIsForThoseWhoGetIt(t *testing.T) {
	h, secret, open := concealed(t)
	outside := h.person("Utanför")
	hidden, known := must(h.rows("SELECT id FROM decision WHERE item_id = $1", secret))(h)[0], must(h.rows("SELECT id FROM decision WHERE item_id = $1", open))(h)[0]
	given := must(meeting.Share(h.ctx, h.tx, h.id, meeting.Handing{Kind: meeting.ShareComment, Decision: hidden, Organisation: h.party("almhult")}))(h)
	paper := must(h.rows("SELECT document_id FROM agenda_paper WHERE item_id = $1", secret))(h)[0]
	must(meeting.Share(h.ctx, h.tx, h.id, meeting.Handing{Kind: meeting.ShareComment, Document: paper, Recipient: "Någon"}))(h)
	must(meeting.Share(h.ctx, h.tx, h.id, meeting.Handing{Kind: meeting.ShareComment, Decision: known, Recipient: "Någon"}))(h)
	if all := must(meeting.Sharings(h.ctx, h.tx, h.id))(h); len(all) != 4 {
		t.Errorf("who leads it: %+v", all)
	}

	h.auditor()
	if all := must(meeting.Sharings(h.ctx, h.tx, h.id))(h); len(all) != 1 || all[0].Decision != known {
		t.Errorf("the auditor: %+v", all)
	}
	h.refuses(must2(meeting.GetSharing(h.ctx, h.tx, given.ID)), "common.not_found")
	h.refuses(must2(meeting.ExtractOf(h.ctx, h.tx, hidden)), "common.not_found")
	h.clerk()
	must(meeting.Share(h.ctx, h.tx, h.id, meeting.Handing{Kind: meeting.ShareComment, Organisation: h.party("lessebo")}))(h)
	h.auditor()
	if _, err := meeting.MinutesOf(h.ctx, h.tx, h.id); err == nil && len(h.minutes().Paragraphs) > 1 {
		t.Error("a draft that a party was given is the auditor's too")
	}

	h.as(outside, "almhult")
	if all := must(meeting.Sharings(h.ctx, h.tx, h.id))(h); len(all) != 1 || all[0].ID != given.ID {
		t.Errorf("the party: %+v", all)
	}
	e := must(meeting.ExtractOf(h.ctx, h.tx, hidden))(h)
	if e.Decision.ID != hidden || e.Paragraph.Heading != "HEMLIGT ärende" || len(e.Adjusters) != 2 || len(e.Meeting.Note+e.Meeting.Location) > 0 {
		t.Errorf("%+v", e)
	}
	h.refuses(must2(meeting.ExtractOf(h.ctx, h.tx, known)), "common.not_found")
	h.refuses(must2(meeting.GetDecision(h.ctx, h.tx, hidden)), "common.not_found")
	h.refuses(must2(meeting.MinutesOf(h.ctx, h.tx, h.id)), "common.not_found")
	must(meeting.Respond(h.ctx, h.tx, given.ID, given.Version, meeting.Response{Reply: "Bra."}))(h)

	h.as(outside, "tingsryd")
	h.refuses(must2(meeting.ExtractOf(h.ctx, h.tx, hidden)), "common.not_found")
	h.refuses(must2(meeting.Sharings(h.ctx, h.tx, h.id)), "common.not_found")
}

// TestWhatWasWrittenInConfidenceStaysSo when the matter is opened afterwards.
func TestWhatWasWrittenInConfidenceStaysSo(t *testing.T) {
	h, items := gather(t, majority, "", meeting.Matter{Kind: meeting.ForDecision, Title: "HEMLIGT ärende", Proposal: "Det antas.", Confidential: true})
	must(meeting.ChangeItem(h.ctx, h.tx, items[0].ID, h.item(items[0].ID).Version, meeting.Matter{Kind: meeting.ForDecision, Title: "Öppet ärende", Proposal: "Det antas."}))(h)
	h.exec("SET CONSTRAINTS ALL IMMEDIATE")
	h.exec("UPDATE agenda_item SET background = 'Vad alla vet' WHERE id = $1", items[0].ID)
	h.auditor()
	seen, subjects := h.trail(audit.Filter{Subject: "agenda_item"})
	for _, text := range seen {
		if strings.Contains(text, "HEMLIGT") {
			t.Errorf("the auditor reads %s", text)
		}
	}
	if subjects["agenda_item"] != 1 {
		t.Errorf("the auditor reads %v", seen)
	}
}

// afterTheCall are the tables that can name a meeting or a matter and have no row
// before the call.
var afterTheCall = []string{"agenda_called", "invitation", "meeting_mail", "attendance", "bias", "ballot", "remark", "decision", "minutes_paragraph", "adjusting", "minutes",
	"amendment", "sharing", "meeting_seating", "duty", "ratification"}

// TestTheTrailKeepsWhatHasNotBeenCalled asks the catalogue which tables can name a
// meeting or a matter: one that comes later is put on the draft here, or among those
// that have nothing before the call.
func TestTheTrailKeepsWhatHasNotBeenCalled(t *testing.T) {
	h, _ := gather(t, majority, "", toDecide)
	called := h.id
	h.holds["clerk"] = h.person("Skrivare")
	h.clerk()
	draft := must(meeting.Prepare(h.ctx, h.tx, meeting.Date{Body: "council", On: h.tx.Today().Add(30), Title: "OKALLAT möte", Note: "OKALLAT"}))(h).Meeting
	item := must(meeting.Put(h.ctx, h.tx, draft.ID, meeting.Matter{Kind: meeting.ForDecision, Title: "OKALLAT ärende", Proposal: "Det antas."}))(h).Item
	doc := must(document.AddLink(h.ctx, h.tx, document.Card{Title: "OKALLAT underlag", Kind: "other"}, document.Link{URL: "https://exempel.example/kant"}))(h)
	paper := must(meeting.AddPaper(h.ctx, h.tx, item.ID, meeting.Enclosure{Document: doc.ID, Note: "OKALLAT underlag"}))(h)
	waiting := must(meeting.Propose(h.ctx, h.tx, meeting.Proposal{Body: "council", Matter: meeting.Matter{Kind: meeting.ForInformation, Title: "OKALLAT förslag"}}))(h).Item
	dropped := must(meeting.Prepare(h.ctx, h.tx, meeting.Date{Body: "council", On: h.tx.Today().Add(40), Title: "OKALLAT möte som ställs in"}))(h).Meeting
	must(meeting.Cancel(h.ctx, h.tx, dropped.ID, dropped.Version, meeting.Cancellation{Reason: "OKALLAT skäl"}))(h)
	announced := must(meeting.Announce(h.ctx, h.tx, meeting.Date{Body: "council", On: h.tx.Today().Add(60), Title: "OKALLAT men utlyst"}))(h).Meeting
	concerned := []uuid.UUID{draft.ID, item.ID, paper.ID, doc.ID, waiting.ID, dropped.ID, announced.ID}
	names := func(text string) bool {
		return strings.Contains(text, "OKALLAT") ||
			slices.ContainsFunc(concerned, func(id uuid.UUID) bool { return strings.Contains(text, id.String()) })
	}
	all, before := h.trail(audit.Filter{})
	for _, subject := range []string{"meeting", "agenda_item", "agenda_paper"} {
		if before[subject] == 0 {
			t.Errorf("nothing of any %s", subject)
		}
	}

	h.auditor()
	seen, _ := h.trail(audit.Filter{})
	for seq, text := range all {
		if _, told := seen[seq]; told == names(text) {
			t.Errorf("told to the auditor: %t, %s", told, text)
		}
	}
	paged := 0
	for page := 1; ; page++ { // no page is short, and no total tells of more
		es, total, err := audit.List(h.ctx, h.tx, audit.Filter{Limit: 10, Page: page})
		if err != nil || total != len(seen) {
			t.Fatalf("page %d tells of %d entries in all, not %d: %v", page, total, len(seen), err)
		}
		paged += len(es)
		if len(es) < 10 {
			break
		}
	}
	if paged != len(seen) {
		t.Errorf("%d entries page by page, %d at once", paged, len(seen))
	}
	for subject, id := range map[string]uuid.UUID{"meeting": draft.ID, "agenda_item": item.ID, "agenda_paper": paper.ID} {
		if one, _ := h.trail(audit.Filter{Subject: subject, RowID: id.String()}); len(one) != 0 {
			t.Errorf("asked for the %s: %v", subject, one)
		}
	}
	if es, err := audit.History(h.ctx, h.tx, "agenda_item", item.ID, 10, 1); err != nil || len(es) != 0 {
		t.Errorf("its history: %v, %v", es, err)
	}
	if one, _ := h.trail(audit.Filter{Subject: "meeting", RowID: called.String()}); len(one) == 0 {
		t.Error("nothing of the meeting that has been called")
	}

	rs, err := h.tx.Query(h.ctx, `SELECT DISTINCT r.relname FROM pg_constraint c
		JOIN pg_class r ON r.oid = c.conrelid JOIN pg_trigger g ON g.tgrelid = r.oid JOIN pg_proc f ON f.oid = g.tgfoid AND f.proname = 'audit_row'
		WHERE c.contype = 'f' AND c.confrelid IN ('meeting'::regclass, 'agenda_item'::regclass)`)
	if err != nil {
		t.Fatal(err)
	}
	defer rs.Close()
	for rs.Next() {
		var table string
		if err := rs.Scan(&table); err != nil {
			t.Fatal(err)
		}
		there := false
		for _, text := range all {
			there = there || strings.HasPrefix(text, table+" ") && names(text)
		}
		if there == slices.Contains(afterTheCall, table) {
			t.Errorf("%s can name a meeting that has not been called: put one here and hide it from those who may not see it (audit's query Hidden), or say that it comes after the call", table)
		}
	}
	if rs.Err() != nil {
		t.Error(rs.Err())
	}

	// From the call it is told, from its beginning.
	h.clerk()
	must(meeting.Call(h.ctx, h.tx, draft.ID, must(meeting.Get(h.ctx, h.tx, draft.ID))(h).Version, meeting.Notice{}))(h)
	all, _ = h.trail(audit.Filter{})
	h.auditor()
	seen, _ = h.trail(audit.Filter{})
	of := func(text string, ids ...uuid.UUID) bool {
		return slices.ContainsFunc(ids, func(id uuid.UUID) bool { return strings.Contains(text, id.String()) })
	}
	for seq, text := range all {
		if _, told := seen[seq]; !told && of(text, draft.ID, item.ID, paper.ID, doc.ID) || told && of(text, waiting.ID, dropped.ID, announced.ID) {
			t.Errorf("after the call, told to the auditor: %t, %s", told, text)
		}
	}

	// A meeting that is cancelled gives its matters back: what it was called with stays told.
	h.clerk()
	must(meeting.Cancel(h.ctx, h.tx, draft.ID, must(meeting.Get(h.ctx, h.tx, draft.ID))(h).Version, meeting.Cancellation{Reason: "För få kan komma"}))(h)
	h.auditor()
	if one, _ := h.trail(audit.Filter{Subject: "agenda_item", RowID: item.ID.String()}); len(one) != 0 {
		t.Errorf("a matter that waits again: %v", one)
	}
	calledWith := 0
	told, _ := h.trail(audit.Filter{Subject: "agenda_called"})
	for _, text := range told {
		if of(text, item.ID) {
			calledWith++
		}
	}
	if calledWith != 1 {
		t.Errorf("%d entries of what it was called with", calledWith)
	}
}
