package meeting_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/tenant"
)

func TestAMeetingIsOpenedLedAndClosedWithWhatCameOfEachMatter(t *testing.T) {
	h, items := gather(t, majority, "", toTell, toDecide, toTell)
	h.refuses(meeting.Vote(h.ctx, h.tx, items[1].ID, meeting.Voice{Place: "alvesta", Vote: "for"}), "meeting.not_now")
	h.open(seats...)
	h.refuses(must2(meeting.Start(h.ctx, h.tx, h.id, h.now().Version)), "meeting.not_now")

	h.take(items[0].ID)
	if m := h.now(); m.Item != items[0].ID {
		t.Errorf("on the table: %v", m.Item)
	}
	i := must(meeting.Settle(h.ctx, h.tx, items[0].ID, h.item(items[0].ID).Version, meeting.Settlement{Result: "Tack."}))(h)
	if i.Outcome != meeting.OutcomeNoted || i.Result != "Tack." || h.now().Item != uuid.Nil {
		t.Errorf("%+v", i)
	}
	h.take(items[1].ID)
	h.refuses(must2(meeting.Settle(h.ctx, h.tx, items[1].ID, h.item(items[1].ID).Version, meeting.Settlement{})), "agenda_item.to_decide")
	f := h.refuses(must2(meeting.Close(h.ctx, h.tx, h.id, h.now().Version)), "meeting.undecided")
	if f.Args["items"] != "Riktning" {
		t.Errorf("%v", f.Args)
	}
	must(h.decide(items[1].ID, meeting.Ruling{Acclamation: true}))(h)
	h.refuses(must2(meeting.TakeUp(h.ctx, h.tx, items[1].ID, h.item(items[1].ID).Version)), "decision.item_once")

	h.refuses(must2(meeting.Close(h.ctx, h.tx, h.id, 1)), "common.changed")
	c := must(meeting.Close(h.ctx, h.tx, h.id, h.now().Version))(h)
	if c.Meeting.State != meeting.Closed || c.Meeting.CountyVersion != h.tx.County.Version || len(c.Warnings) != 1 || c.Warnings[0].Key != "meeting.untouched" {
		t.Errorf("%+v", c)
	}
	h.refuses(meeting.Arrive(h.ctx, h.tx, h.id, meeting.Presence{Person: h.deputy}), "meeting.not_now")
	if m := must(meeting.Reopen(h.ctx, h.tx, h.id, h.now().Version))(h); m.State != meeting.Open || m.ClosedAt != nil || m.CountyVersion != 0 {
		t.Errorf("%+v", m)
	}
}

func TestPostponedIsAnOutcome(t *testing.T) {
	h, items := gather(t, majority, "", toDecide)
	h.open(seats...)
	h.take(items[0].ID)
	must(meeting.Postpone(h.ctx, h.tx, items[0].ID, h.item(items[0].ID).Version, meeting.Delay{Reason: "Underlag saknas"}))(h)
	if c := must(meeting.Close(h.ctx, h.tx, h.id, h.now().Version))(h); c.Meeting.State != meeting.Closed {
		t.Errorf("%+v", c)
	}
}

func TestWhoMakesMeetingsOrLeadsThisOneOpensIt(t *testing.T) {
	rules := majority
	h, items := gather(t, rules, "", toDecide)
	h.as(h.holds["lessebo"], "lessebo")
	f := h.refuses(must2(meeting.Start(h.ctx, h.tx, h.id, h.now().Version)), "meeting.not_leading")
	if f.Args["who"] == nil {
		t.Errorf("%v", f.Args)
	}
	// The office that leads the body is the region's: whoever holds its seat leads.
	b := council(rules)
	b.Chair = tenant.Office{By: tenant.ByOffice, Organisation: "region"}
	h.tx.County.Bodies[0].Value.Bodies[0] = b
	h.as(h.holds["region"], "region")
	must(meeting.Start(h.ctx, h.tx, h.id, h.now().Version))(h)
	h.take(items[0].ID)
	// Somebody from another county's party is told nothing.
	h.as(h.person2("Utomstående"), "markaryd")
	h.refuses(must2(meeting.Reopen(h.ctx, h.tx, h.id, 1)), "common.not_found")
}

func TestThoseWhoWereCalledCameAndSomeDidNot(t *testing.T) {
	h, _ := gather(t, majority, "", toTell)
	if _, err := h.tx.Exec(h.ctx, "UPDATE invitation SET answer = 'no', answered_at = now() WHERE person_id = $1", h.holds["alvesta"]); err != nil {
		t.Fatal(err)
	}
	if _, err := h.tx.Exec(h.ctx, "UPDATE invitation SET answer = 'remote', answered_at = now() WHERE person_id = $1", h.holds["lessebo"]); err != nil {
		t.Fatal(err)
	}
	h.refuses(must2(meeting.AllCame(h.ctx, h.tx, h.id)), "meeting.not_now")
	h.open()
	if n := must(meeting.AllCame(h.ctx, h.tx, h.id))(h); n != 4 {
		t.Errorf("%d came", n)
	}
	if n := must(meeting.AllCame(h.ctx, h.tx, h.id))(h); n != 0 {
		t.Errorf("%d came again", n)
	}
	h.arrive(h.deputy)
	guest := h.person("Gäst")
	h.ok(meeting.Arrive(h.ctx, h.tx, h.id, meeting.Presence{Person: guest, Remote: true}))
	h.ok(meeting.NeverCame(h.ctx, h.tx, h.id, h.holds["markaryd"]))
	h.ok(meeting.Leave(h.ctx, h.tx, h.id, meeting.Presence{Person: h.holds["region"]}))
	h.refuses(meeting.Leave(h.ctx, h.tx, h.id, meeting.Presence{Person: h.holds["markaryd"]}), "attendance.not_here")
	h.refuses(meeting.Arrive(h.ctx, h.tx, h.id, meeting.Presence{Person: guest, At: "23:59"}), "attendance.ahead")
	h.refuses(meeting.Arrive(h.ctx, h.tx, h.id, meeting.Presence{Person: uuid.New()}), "meeting.person_unknown")

	got := map[string]string{}
	for _, a := range must(meeting.Attendances(h.ctx, h.tx, h.id))(h) {
		is := "away"
		switch {
		case a.Here && a.Remote:
			is = "remote"
		case a.Here:
			is = "here"
		case a.LeftAt != nil:
			is = "left"
		}
		got[a.Name] = is + " " + a.Role
	}
	want := map[string]string{"Ledamot alvesta": "away member", "Ersättare alvesta": "here ", "Ledamot lessebo": "remote member", "Ledamot ljungby": "here member",
		"Ledamot markaryd": "away member", "Ledamot region": "left member", "Gäst": "remote "}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	serves := map[string]string{}
	for _, c := range must(meeting.Table(h.ctx, h.tx, h.id))(h).Chairs {
		if c.Server != nil {
			serves[c.Place.Key] = c.Server.Name
		}
	}
	if diff := cmp.Diff(map[string]string{"alvesta": "Ersättare alvesta", "lessebo": "Ledamot lessebo", "ljungby": "Ledamot ljungby"}, serves); diff != "" {
		t.Error(diff)
	}
	// One who left comes back, and the ordinary holder sends the deputy from the place.
	h.arrive(h.holds["region"])
	h.arrive(h.holds["alvesta"])
	for _, c := range must(meeting.Table(h.ctx, h.tx, h.id))(h).Chairs {
		if c.Place.Key == "alvesta" && c.Server.Person != h.holds["alvesta"] || c.Place.Key == "region" && c.Server == nil {
			t.Errorf("%s: %v", c.Place.Key, c.Server)
		}
	}
}

func must2[T any](_ T, err error) error { return err }

func (h *hall) person2(name string) uuid.UUID {
	h.Helper()
	h.strategist()
	return h.person(name)
}

func TestWhoTookPartInADecisionWasThereWhenItWasMade(t *testing.T) {
	h, items := gather(t, majority, "", toDecide, toTell)
	h.open(seats...)
	kim, opened := h.holds["alvesta"], h.tx.Now
	after := func(minutes int) string {
		return opened.Add(time.Duration(minutes) * time.Minute).In(day.Stockholm).Format("15:04")
	}
	pass := func() { h.tx.Now = h.tx.Now.Add(10 * time.Minute) }
	pass()
	h.take(items[0].ID)
	must(h.decide(items[0].ID, meeting.Ruling{Acclamation: true}))(h)
	pass()
	h.take(items[1].ID)

	h.arrive(kim) // is here already
	for _, a := range must(meeting.Attendances(h.ctx, h.tx, h.id))(h) {
		if a.Person == kim && (!a.ArrivedAt.Equal(opened) || a.ArrivedItem != uuid.Nil) {
			t.Errorf("came at %v under %v", a.ArrivedAt, a.ArrivedItem)
		}
	}
	f := h.refuses(meeting.Arrive(h.ctx, h.tx, h.id, meeting.Presence{Person: kim, Item: items[1].ID}), "attendance.took_part")
	if f.Args["at"] != after(10) {
		t.Errorf("%v", f.Args)
	}
	h.refuses(meeting.Arrive(h.ctx, h.tx, h.id, meeting.Presence{Person: kim, At: after(15)}), "attendance.took_part")
	h.refuses(meeting.Leave(h.ctx, h.tx, h.id, meeting.Presence{Person: kim, At: after(5)}), "attendance.took_part")
	h.refuses(meeting.NeverCame(h.ctx, h.tx, h.id, kim), "attendance.took_part")
	h.ok(meeting.Arrive(h.ctx, h.tx, h.id, meeting.Presence{Person: kim, At: after(5)}))
	h.ok(meeting.Leave(h.ctx, h.tx, h.id, meeting.Presence{Person: kim, At: after(10)}))
	h.ok(meeting.Arrive(h.ctx, h.tx, h.id, meeting.Presence{Person: kim, At: after(15)}))
	h.ok(meeting.Arrive(h.ctx, h.tx, h.id, meeting.Presence{Person: kim, At: after(16)}))
}
