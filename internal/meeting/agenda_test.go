package meeting_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/document"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/tenant"
)

func titles(items []meeting.Item) string {
	var all []string
	for _, i := range items {
		all = append(all, i.Title)
	}
	return strings.Join(all, ", ")
}

func (o *office) agenda(id uuid.UUID) []meeting.Item {
	o.Helper()
	return ok(meeting.Agenda(o.ctx, o.tx, id))(o)
}

func (o *office) put(m meeting.Meeting, title string) meeting.Item {
	o.Helper()
	return ok(meeting.Put(o.ctx, o.tx, m.ID, meeting.Matter{Kind: meeting.ForDiscussion, Title: title}))(o).Item
}

func TestStandingMattersAreOnEachNewAgendaAndAreArranged(t *testing.T) {
	o := desk(t)
	m := o.draft(april)
	boende := o.put(m, "Boende")
	as := o.agenda(m.ID)
	if got := titles(as); got != "Mötets öppnande, Övriga frågor, Boende" {
		t.Fatal(got)
	}
	order := []uuid.UUID{as[0].ID, boende.ID, as[1].ID}
	if _, err := meeting.Arrange(o.ctx, o.tx, m.ID, m.Version+7, order); !fault.Is(err, "common.changed") {
		t.Error(err)
	}
	for _, bad := range [][]uuid.UUID{order[:2], append(slices.Clone(order), order[0]), {order[0], order[1], uuid.New()}} {
		_, err := meeting.Arrange(o.ctx, o.tx, m.ID, m.Version, bad)
		o.refused(err, "meeting.order_not_whole", "/items")
	}
	as = ok(meeting.Arrange(o.ctx, o.tx, m.ID, m.Version, order))(o)
	if got := titles(as); got != "Mötets öppnande, Boende, Övriga frågor" || as[1].Number != 2 {
		t.Error(got)
	}
	a := ok(meeting.Announce(o.ctx, o.tx, meeting.Date{Body: "forum", On: april.Add(9)}))(o).Meeting
	a = ok(meeting.Begin(o.ctx, o.tx, a.ID, a.Version))(o)
	if got := titles(o.agenda(a.ID)); got != "Mötets öppnande, Övriga frågor" || a.State != meeting.Drafted {
		t.Error(got)
	}
}

func TestAMatterIsCheckedAndTellsThatItsBodyMayNotDecideIt(t *testing.T) {
	o := desk(t)
	m := o.draft(april)
	body := json.RawMessage(`{"goal":"x"}`)
	for key, c := range map[string]struct {
		field  string
		matter meeting.Matter
	}{
		"agenda_item.kind":                 {"/kind", meeting.Matter{Kind: "other", Title: "x"}},
		"agenda_item.titled":               {"/title", meeting.Matter{Kind: meeting.ForLearning, Title: "\u00ad "}},
		"agenda_item.duration":             {"/duration", meeting.Matter{Kind: meeting.ForLearning, Title: "x", Duration: 601}},
		"agenda_item.act_without_decision": {"/act", meeting.Matter{Kind: meeting.ForLearning, Title: "x", Act: meeting.ActGoalClose, ActBody: body}},
		"agenda_item.act_with_what":        {"/actBody", meeting.Matter{Kind: meeting.ForDecision, Title: "x", Act: meeting.ActGoalClose}},
		"meeting.body_unknown":             {"/preparedBy", meeting.Matter{Kind: meeting.ForLearning, Title: "x", PreparedBy: "nowhere"}},
		"agenda_item.organisation_unknown": {"/organisation", meeting.Matter{Kind: meeting.ForLearning, Title: "x", Organisation: uuid.New()}},
	} {
		_, err := meeting.Put(o.ctx, o.tx, m.ID, c.matter)
		o.refused(err, key, c.field)
	}
	_, err := meeting.Put(o.ctx, o.tx, m.ID, meeting.Matter{Kind: meeting.ForDecision, Title: "Stäng", Act: meeting.ActGoalClose, ActBody: body})
	o.refused(err, "act.unreadable", "/actBody")
	is, _, err := agreement.List(o.ctx, o.tx, agreement.Filter{Kind: "agreement", Limit: 1, Page: 1})
	if err != nil || len(is) == 0 {
		t.Fatalf("no agreement: %v", err)
	}
	goal := ok(agreement.GoalByKey(o.ctx, o.tx, is[0].ID, "halsa"))(o)
	for want, n := range map[string]meeting.Matter{
		"":                                   {Kind: meeting.ForDecision, Title: "Stäng", Act: meeting.ActGoalClose, ActBody: json.RawMessage(`{"goal":"` + goal.ID.String() + `","reason":"Nått"}`)},
		"agenda_item.body_decides_otherwise": {Kind: meeting.ForDecision, Title: "Förläng", Act: meeting.ActInstrumentExtend, ActBody: json.RawMessage(`{"agreement":"` + is[0].ID.String() + `","kind":"extended","until":"2031"}`)},
	} {
		if p := ok(meeting.Put(o.ctx, o.tx, m.ID, n))(o); keysOf(p.Warnings) != want {
			t.Errorf("%s: %v", n.Title, p.Warnings)
		}
	}
	g := ok(meeting.Prepare(o.ctx, o.tx, meeting.Date{Body: "group", On: april}))(o).Meeting
	for name, do := range map[string]func() error{
		"put": func() error {
			_, err := meeting.Put(o.ctx, o.tx, g.ID, meeting.Matter{Kind: meeting.ForDecision, Title: "x"})
			return err
		},
		"propose": func() error {
			_, err := meeting.Propose(o.ctx, o.tx, meeting.Proposal{Body: "group", Matter: meeting.Matter{Kind: meeting.ForDecision, Title: "x"}})
			return err
		},
		"change": func() error {
			i := ok(meeting.Put(o.ctx, o.tx, g.ID, meeting.Matter{Kind: meeting.ForDiscussion, Title: "x"}))(o).Item
			_, err := meeting.ChangeItem(o.ctx, o.tx, i.ID, i.Version, meeting.Matter{Kind: meeting.ForDecision, Title: "x"})
			return err
		},
	} {
		err := do()
		if o.refused(err, "agenda_item.prepares_only", "/kind"); err == nil || fault.All(err)[0].Args["others"] != "Forum" {
			t.Errorf("%s: %v", name, err)
		}
	}
	i := o.put(m, "Boende")
	changed := ok(meeting.ChangeItem(o.ctx, o.tx, i.ID, i.Version, meeting.Matter{Kind: meeting.ForDecision, Title: "Bostad"}))(o).Item
	_, err = meeting.ChangeItem(o.ctx, o.tx, i.ID, i.Version, meeting.Matter{Kind: meeting.ForDecision, Title: "Hus"})
	if fs := fault.All(err); len(fs) != 1 || fs[0].Key != "common.changed" || fs[0].Current.(meeting.Item).Title != changed.Title {
		t.Errorf("%v", err)
	}
}

func TestAPartyProposesAndIsAnswered(t *testing.T) {
	o := desk(t)
	ok(meeting.Announce(o.ctx, o.tx, meeting.Date{Body: "forum", On: o.tx.Today().Add(14)}))(o)
	later := ok(meeting.Announce(o.ctx, o.tx, meeting.Date{Body: "forum", On: april}))(o).Meeting
	o.as(o.kim, auth.RolePartyRepresentative, o.alvesta)
	n := meeting.Matter{Kind: meeting.ForDiscussion, Title: "Fler bostäder"}
	p := ok(meeting.Propose(o.ctx, o.tx, meeting.Proposal{Body: "forum", Matter: n}))(o)
	if p.Item.State != meeting.ItemProposed || p.Item.Organisation != o.alvesta || p.Meeting != later.ID || keysOf(p.Warnings) != "agenda_item.after_deadline" {
		t.Errorf("%+v", p)
	}
	n.Organisation = o.almhult
	if _, err := meeting.Propose(o.ctx, o.tx, meeting.Proposal{Body: "forum", Matter: n}); !fault.Is(err, "auth.forbidden") {
		t.Errorf("proposed for another: %v", err)
	}
	n.Organisation = o.alvesta
	n.Title = "Bostäder"
	i := ok(meeting.ChangeItem(o.ctx, o.tx, p.Item.ID, p.Item.Version, n))(o).Item
	if _, err := meeting.Accept(o.ctx, o.tx, i.ID, i.Version, meeting.Acceptance{}); !fault.Is(err, "auth.forbidden") {
		t.Errorf("accepts itself: %v", err)
	}
	o.as(o.noa, auth.RolePartyRepresentative, o.almhult)
	if _, err := meeting.GetItem(o.ctx, o.tx, i.ID); !fault.Is(err, "common.not_found") {
		t.Errorf("another party reads a proposal: %v", err)
	}
	if _, err := meeting.Withdraw(o.ctx, o.tx, i.ID, i.Version, meeting.Refusal{Reason: "x"}); !fault.Is(err, "common.not_found") {
		t.Errorf("another party withdraws it: %v", err)
	}
	if _, n, err := meeting.Waiting(o.ctx, o.tx, meeting.ItemFilter{Limit: 10, Page: 1}); err != nil || n != 0 {
		t.Errorf("another party counts %d, %v", n, err)
	}
	o.back()
	d := ok(meeting.Prepare(o.ctx, o.tx, meeting.Date{Body: "forum", On: april.Add(40)}))(o).Meeting
	a := ok(meeting.Accept(o.ctx, o.tx, i.ID, i.Version, meeting.Acceptance{Meeting: d.ID}))(o).Item
	if a.State != meeting.ItemPlanned || a.Meeting != d.ID {
		t.Errorf("%+v", a)
	}
	o.as(o.kim, auth.RolePartyRepresentative, o.alvesta)
	if seen := ok(meeting.GetItem(o.ctx, o.tx, i.ID))(o); seen.State != meeting.ItemWaiting || seen.Meeting != uuid.Nil {
		t.Errorf("the proposer sees the draft that it came to: %+v", seen)
	}
	if _, err := meeting.ChangeItem(o.ctx, o.tx, i.ID, a.Version, n); !fault.Is(err, "agenda_item.answered_already") {
		t.Error(err)
	}
	second := ok(meeting.Propose(o.ctx, o.tx, meeting.Proposal{Body: "forum", Matter: n}))(o).Item
	o.back()
	_, err := meeting.Decline(o.ctx, o.tx, second.ID, second.Version, meeting.Refusal{})
	o.refused(err, "agenda_item.reasoned", "/reason")
	if no := ok(meeting.Decline(o.ctx, o.tx, second.ID, second.Version, meeting.Refusal{Reason: "Hör till kommunen"}))(o); no.State != meeting.ItemDeclined {
		t.Errorf("%+v", no)
	}
}

func TestAConfidentialMatterLeavesNoTrace(t *testing.T) {
	o := desk(t)
	m := o.draft(april)
	o.put(m, "Före")
	secret := ok(meeting.Put(o.ctx, o.tx, m.ID, meeting.Matter{Kind: meeting.ForDiscussion, Title: "Hemlig", Confidential: true}))(o).Item
	o.put(m, "Efter")
	p := ok(meeting.AddPaper(o.ctx, o.tx, secret.ID, meeting.Enclosure{Document: o.paper("Underlag").ID}))(o)
	m = ok(meeting.Call(o.ctx, o.tx, m.ID, m.Version, meeting.Notice{}))(o).Meeting
	ok(meeting.Withdraw(o.ctx, o.tx, secret.ID, ok(meeting.GetItem(o.ctx, o.tx, secret.ID))(o).Version, meeting.Refusal{Reason: "Dras tillbaka"}))(o)
	ok(meeting.Put(o.ctx, o.tx, m.ID, meeting.Matter{Kind: meeting.ForDiscussion, Title: "Hemlig igen", Confidential: true}))(o)

	for name, c := range map[string]struct {
		who    uuid.UUID
		role   auth.Role
		party  uuid.UUID
		secret bool
	}{
		"a member":            {o.kim, auth.RolePartyRepresentative, o.alvesta, true},
		"an adjunct's seat":   {o.expert, auth.RolePartyRepresentative, o.af, true},
		"a deputy not called": {o.sam, auth.RolePartyRepresentative, o.alvesta, false},
		"the county's reader": {uuid.New(), auth.RoleAuditor, uuid.Nil, false},
	} {
		o.as(c.who, c.role, c.party)
		as := o.agenda(m.ID)
		differs := ok(meeting.Differences(o.ctx, o.tx, m.ID))(o)
		want, changes := 4, 0
		if c.secret {
			want, changes = 5, 2
		}
		if len(as) != want || len(differs) != changes {
			t.Errorf("%s: %s; %+v", name, titles(as), differs)
		}
		for n, i := range as {
			if i.Number != n+1 || i.Position != 10*(n+1) {
				t.Errorf("%s: a gap before %+v", name, i)
			}
			if !c.secret && strings.Contains(i.Title, "Hemlig") {
				t.Errorf("%s sees it", name)
			}
		}
		if _, err := meeting.GetPaper(o.ctx, o.tx, p.ID); !c.secret && !fault.Is(err, "common.not_found") {
			t.Errorf("%s reads its paper: %v", name, err)
		}
		if _, err := meeting.GetItem(o.ctx, o.tx, secret.ID); !fault.Is(err, "common.not_found") {
			t.Errorf("%s reads what was withdrawn: %v", name, err)
		}
		if _, n, err := meeting.Waiting(o.ctx, o.tx, meeting.ItemFilter{States: []string{meeting.ItemWithdrawn, meeting.ItemPlanned}, Limit: 10, Page: 1}); err != nil || n != 0 {
			t.Errorf("%s counts %d, %v", name, n, err)
		}
	}
}

func TestAMatterTravelsToTheBodyThatDecidesAndItsOutcomeComesBack(t *testing.T) {
	o := desk(t)
	g := ok(meeting.Prepare(o.ctx, o.tx, meeting.Date{Body: "group", On: april}))(o).Meeting
	i := ok(meeting.Put(o.ctx, o.tx, g.ID, meeting.Matter{Kind: meeting.ForDiscussion, Title: "Boende"}))(o).Item
	ok(meeting.AddPaper(o.ctx, o.tx, i.ID, meeting.Enclosure{Document: o.paper("Underlag").ID}))(o)
	_, err := meeting.HandOn(o.ctx, o.tx, i.ID, i.Version, meeting.Transfer{Body: "group"})
	o.refused(err, "agenda_item.prepares_for_others", "/body")
	f := o.draft(april.Add(30))
	there := ok(meeting.HandOn(o.ctx, o.tx, i.ID, i.Version, meeting.Transfer{Body: "forum", Meeting: f.ID, Kind: meeting.ForDecision, Proposal: "Boende avslutas."}))(o).Item
	if there.From != i.ID || there.PreparedBy != "group" || there.Kind != meeting.ForDecision || there.Meeting != f.ID || len(ok(meeting.Papers(o.ctx, o.tx, there.ID))(o)) != 1 {
		t.Errorf("%+v", there)
	}
	if _, err := meeting.HandOn(o.ctx, o.tx, i.ID, i.Version, meeting.Transfer{Body: "forum"}); !fault.Is(err, "agenda_item.handed_on") {
		t.Errorf("handed on twice: %v", err)
	}
	up := ok(meeting.GetItem(o.ctx, o.tx, i.ID))(o)
	if len(up.Onward) != 1 || up.Onward[0].Item != there.ID || up.Onward[0].On != f.On {
		t.Errorf("%+v", up.Onward)
	}
	if down := ok(meeting.GetItem(o.ctx, o.tx, there.ID))(o); down.Below == nil || down.Below.Item != i.ID {
		t.Errorf("%+v", down.Below)
	}
	// Who has proposed it below sees that it went on, and not yet what a draft holds.
	o.as(o.kim, auth.RolePartyRepresentative, o.alvesta)
	own := ok(meeting.Propose(o.ctx, o.tx, meeting.Proposal{Body: "group", Matter: meeting.Matter{Kind: meeting.ForDiscussion, Title: "Skola"}}))(o).Item
	o.back()
	own = ok(meeting.Accept(o.ctx, o.tx, own.ID, own.Version, meeting.Acceptance{}))(o).Item
	sent := ok(meeting.HandOn(o.ctx, o.tx, own.ID, own.Version, meeting.Transfer{Body: "forum", Meeting: f.ID}))(o).Item
	o.as(o.kim, auth.RolePartyRepresentative, o.alvesta)
	seen := ok(meeting.GetItem(o.ctx, o.tx, own.ID))(o)
	if seen.Outcome != meeting.OutcomeSentOn || len(seen.Onward) != 1 || seen.Onward[0].Item != uuid.Nil || seen.Onward[0].Meeting != uuid.Nil || seen.Onward[0].State != meeting.ItemWaiting {
		t.Errorf("%+v", seen)
	}
	o.back()
	ok(meeting.Call(o.ctx, o.tx, f.ID, o.now(f.ID).Version, meeting.Notice{}))(o)
	o.as(o.kim, auth.RolePartyRepresentative, o.alvesta)
	if seen = ok(meeting.GetItem(o.ctx, o.tx, own.ID))(o); seen.Onward[0].Item != sent.ID || seen.Onward[0].Meeting != f.ID {
		t.Errorf("%+v", seen.Onward)
	}
}

func TestTheAgendaAsCalledStaysBesideTheAgendaAsItIs(t *testing.T) {
	o := desk(t, func(b *tenant.Body) { b.Rules.StandingItems = nil })
	m := o.draft(april)
	a, b, c := o.put(m, "A"), o.put(m, "B"), o.put(m, "C")
	next := o.draft(april.Add(30))
	m = ok(meeting.Call(o.ctx, o.tx, m.ID, m.Version, meeting.Notice{}))(o).Meeting
	if ds := ok(meeting.Differences(o.ctx, o.tx, m.ID))(o); len(ds) != 0 {
		t.Errorf("%+v", ds)
	}
	ok(meeting.ChangeItem(o.ctx, o.tx, a.ID, a.Version, meeting.Matter{Kind: meeting.ForDecision, Title: "A"}))(o)
	_, err := meeting.Defer(o.ctx, o.tx, b.ID, b.Version, meeting.Postponement{Meeting: next.ID})
	o.refused(err, "agenda_item.postponed_why", "/reason")
	_, err = meeting.Defer(o.ctx, o.tx, b.ID, b.Version, meeting.Postponement{Meeting: m.ID, Reason: "x"})
	o.refused(err, "agenda_item.same_meeting", "/meeting")
	moved := ok(meeting.Defer(o.ctx, o.tx, b.ID, b.Version, meeting.Postponement{Meeting: next.ID, Reason: "Underlaget saknas"}))(o).Item
	if moved.ID != b.ID || moved.Meeting != next.ID {
		t.Errorf("%+v", moved)
	}
	d := o.put(m, "D")
	var got []string
	for _, x := range ok(meeting.Differences(o.ctx, o.tx, m.ID))(o) {
		got = append(got, x.What+" "+map[uuid.UUID]string{a.ID: "A", b.ID: "B", c.ID: "C", d.ID: "D"}[x.Item])
	}
	if s := strings.Join(got, ", "); s != "changed A, taken-off B, added D" {
		t.Error(s)
	}
	as := ok(meeting.Arrange(o.ctx, o.tx, m.ID, o.now(m.ID).Version, []uuid.UUID{c.ID, a.ID, d.ID}))(o)
	if titles(as) != "C, A, D" {
		t.Error(titles(as))
	}
	if ds := ok(meeting.Differences(o.ctx, o.tx, m.ID))(o); !slices.ContainsFunc(ds, func(x meeting.Difference) bool {
		return x.What == "moved" && x.Item == c.ID && x.Called.Number == 3 && x.Now.Number == 1
	}) {
		t.Errorf("%+v", ds)
	}
	if _, err := meeting.Defer(o.ctx, o.tx, d.ID, d.Version, meeting.Postponement{Reason: "Senare"}); !fault.Is(err, "common.changed") {
		t.Errorf("its place has moved since it was read: %v", err)
	}
}

func TestALatePaperIsMarkedAndItsReadersAreToldWhatIsNew(t *testing.T) {
	o := desk(t)
	m := o.draft(april)
	i := o.put(m, "Boende")
	d := o.paper("Underlag")
	first := ok(meeting.AddPaper(o.ctx, o.tx, i.ID, meeting.Enclosure{Document: d.ID}))(o)
	if first.Late || first.Number != 1 {
		t.Errorf("%+v", first)
	}
	if _, err := meeting.AddPaper(o.ctx, o.tx, i.ID, meeting.Enclosure{Document: d.ID}); !fault.Is(err, "agenda_paper.once") {
		t.Error(err)
	}
	_, err := meeting.AddPaper(o.ctx, o.tx, i.ID, meeting.Enclosure{Document: uuid.New()})
	o.refused(err, "agenda_paper.document_unknown", "/document")
	m = ok(meeting.Call(o.ctx, o.tx, m.ID, m.Version, meeting.Notice{}))(o).Meeting
	if _, err := o.tx.Exec(o.ctx, `INSERT INTO paper_read (paper_id, person_id, read_at) VALUES ($1, $2, $3)`, first.ID, o.kim, o.tx.Now); err != nil {
		t.Fatal(err)
	}
	d = ok(document.Get(o.ctx, o.tx, d.ID))(o)
	d = ok(document.AddLinkVersion(o.ctx, o.tx, d.ID, d.Version, document.Link{URL: "https://exempel.example/underlag-2"}))(o)
	o.tx.Now = april.Add(-3).Start()
	_, err = meeting.AddPaper(o.ctx, o.tx, i.ID, meeting.Enclosure{Document: d.ID})
	o.refused(err, "agenda_paper.what_is_new", "/note")
	second := ok(meeting.AddPaper(o.ctx, o.tx, i.ID, meeting.Enclosure{Document: d.ID, Note: "Tabell 2 är rättad"}))(o)
	if !second.Late || second.Number != 2 {
		t.Errorf("%+v", second)
	}
	if n := o.count(`SELECT count(*) FROM meeting_mail WHERE event = 'paper' AND person_id = $1 AND about_id = $2`, o.kim, second.ID); n != 1 || o.mails(m.ID, "paper") != 1 {
		t.Errorf("%d of %d told", n, o.mails(m.ID, "paper"))
	}
	ps := ok(meeting.Papers(o.ctx, o.tx, i.ID))(o)
	if len(ps) != 2 || ps[0].ID != second.ID || ps[1].ReplacedAt == nil {
		t.Errorf("%+v", ps)
	}
}
