package meeting_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/tenant"
)

// voted is what each place said, as the decision has it.
func voted(r meeting.Reckoning) map[string]string {
	got := map[string]string{}
	for _, v := range r.Result.Entitled {
		got[v.Place] = string(v.Vote)
	}
	return got
}

func TestASeatHasOneVoteThatWhoServesItGives(t *testing.T) {
	h, items := gather(t, majority, "", toDecide)
	id := items[0].ID
	h.open("lessebo", "ljungby", "markaryd", "region")
	h.arrive(h.deputy)
	h.refuses(meeting.Vote(h.ctx, h.tx, id, meeting.Voice{Place: "lessebo", Vote: "for"}), "ballot.not_on_table")
	h.take(id)

	h.as(h.holds["lessebo"], "lessebo")
	h.ok(meeting.Vote(h.ctx, h.tx, id, meeting.Voice{Vote: "for"}))
	h.ok(meeting.Vote(h.ctx, h.tx, id, meeting.Voice{Vote: "for"}))
	h.ok(meeting.Vote(h.ctx, h.tx, id, meeting.Voice{Place: "lessebo", Vote: "against"}))
	f := h.refuses(meeting.Vote(h.ctx, h.tx, id, meeting.Voice{Place: "alvesta", Vote: "for"}), "ballot.not_yours")
	if f.Args["name"] != "Ersättare alvesta" || f.Args["place"] != "Alvesta kommun" {
		t.Errorf("%v", f.Args)
	}
	h.refuses(meeting.Vote(h.ctx, h.tx, id, meeting.Voice{Place: "expert", Vote: "for"}), "ballot.voteless")
	h.refuses(meeting.Vote(h.ctx, h.tx, id, meeting.Voice{Place: "nowhere", Vote: "for"}), "ballot.no_place")
	h.refuses(meeting.Vote(h.ctx, h.tx, id, meeting.Voice{Vote: "perhaps"}), "ballot.vote")
	h.as(h.holds["alvesta"], "alvesta") // away: the deputy serves
	h.refuses(meeting.Vote(h.ctx, h.tx, id, meeting.Voice{Vote: "for"}), "ballot.serves_nothing")
	h.as(h.deputy, "alvesta")
	h.ok(meeting.Vote(h.ctx, h.tx, id, meeting.Voice{Vote: "for"}))

	h.strategist()
	h.vote(id, "ljungby:for markaryd:for region:abstains")
	got := must(h.decide(id, meeting.Ruling{}))(h)
	want := map[string]string{"alvesta": "for", "lessebo": "against", "ljungby": "for", "markaryd": "for", "region": "abstains"}
	if diff := cmp.Diff(want, voted(h.sum(got.Decision))); diff != "" || got.Decision.Outcome != "carried" {
		t.Error(got.Decision.Outcome, diff)
	}
	h.refuses(meeting.Vote(h.ctx, h.tx, id, meeting.Voice{Place: "region", Vote: "for"}), "agenda_item.settled")
}

func TestWhoHasAnInterestLeavesAndADeputyComesIn(t *testing.T) {
	h, items := gather(t, majority, "", toDecide, toDecide)
	id := items[0].ID
	h.open(seats...)
	h.arrive(h.deputy)
	h.take(id)
	h.vote(id, "alvesta:against lessebo:against")
	h.as(h.holds["alvesta"], "alvesta")
	h.ok(meeting.Bias(h.ctx, h.tx, id, meeting.Telling{Reason: "Sitter i bolaget"}))
	h.ok(meeting.Bias(h.ctx, h.tx, id, meeting.Telling{}))
	h.refuses(meeting.Bias(h.ctx, h.tx, id, meeting.Telling{Person: h.holds["lessebo"]}), "meeting.not_leading")
	h.strategist()
	h.ok(meeting.Bias(h.ctx, h.tx, id, meeting.Telling{Person: h.holds["lessebo"]}))
	h.refuses(meeting.Vote(h.ctx, h.tx, id, meeting.Voice{Place: "lessebo", Vote: "for"}), "ballot.biased")

	// The vote given before counts no more; the deputy serves in this matter, and Lessebo has none.
	h.vote(id, "alvesta:for ljungby:for")
	n := must(meeting.Watch(h.ctx, h.tx, h.id))(h)
	if len(n.Interests) != 2 || n.Polls[0].Quorum.Biased != 1 || n.Polls[0].Quorum.Counted != 4 || n.Polls[1].Quorum.Counted != 5 {
		t.Errorf("%+v", n.Polls[0].Quorum)
	}
	got := h.sum(must(h.decide(id, meeting.Ruling{}))(h).Decision)
	if diff := cmp.Diff(map[string]string{"alvesta": "for", "ljungby": "for", "markaryd": "", "region": ""}, voted(got)); diff != "" {
		t.Error(diff)
	}
	if v := got.Result.Entitled[0]; v.Name != "Ersättare alvesta" || v.For != "Ledamot alvesta" {
		t.Errorf("%+v", v)
	}

	h.take(items[1].ID)
	h.ok(meeting.Bias(h.ctx, h.tx, items[1].ID, meeting.Telling{Person: h.holds["region"]}))
	h.ok(meeting.Unbias(h.ctx, h.tx, items[1].ID, h.holds["region"]))
	h.refuses(meeting.Unbias(h.ctx, h.tx, items[1].ID, h.holds["region"]), "common.not_found")
}

func TestWhereTheRuleIsToTellWhoHasAnInterestStays(t *testing.T) {
	rules := majority
	rules.Bias = tenant.BiasTells
	h, items := gather(t, rules, "", toDecide)
	h.open(seats...)
	h.take(items[0].ID)
	h.ok(meeting.Bias(h.ctx, h.tx, items[0].ID, meeting.Telling{Person: h.holds["alvesta"]}))
	h.vote(items[0].ID, "alvesta:for lessebo:for ljungby:against")
	if got := h.sum(must(h.decide(items[0].ID, meeting.Ruling{}))(h).Decision); got.Result.For != 2 || got.Quorum.Counted != 5 {
		t.Errorf("%+v", got.Quorum)
	}
}

// A vote against cannot be taken back as an objection can: the refusal says what works.
func TestAVoteAgainstStopsConsensusAndIsCalledAVote(t *testing.T) {
	h, items := gather(t, tenant.Rules{Decision: tenant.DecisionRule{Mode: tenant.ByConsensus}}, "", toDecide)
	h.open("alvesta", "lessebo", "region")
	h.take(items[0].ID)
	h.vote(items[0].ID, "alvesta:for lessebo:against")
	if f := h.refuses(must2(h.decide(items[0].ID, meeting.Ruling{})), "decision.voted_against"); f.Args["names"] != "Ledamot lessebo" {
		t.Errorf("%v", f.Args)
	}
	h.vote(items[0].ID, "lessebo:abstains")
	must(h.decide(items[0].ID, meeting.Ruling{}))(h)
}

func TestOneObjectionStopsConsensusAndWhatIsSaidBesideIsKept(t *testing.T) {
	h, items := gather(t, tenant.Rules{Decision: tenant.DecisionRule{Mode: tenant.ByConsensus}}, "", toDecide, toTell)
	id := items[0].ID
	h.open("alvesta", "lessebo", "region")
	h.take(id)
	h.as(h.holds["lessebo"], "lessebo")
	o := must(meeting.Say(h.ctx, h.tx, id, meeting.Saying{Kind: meeting.Objection, Wording: "För dyrt"}))(h)
	h.refuses(must2(meeting.Say(h.ctx, h.tx, id, meeting.Saying{Kind: "shout"})), "remark.kind")
	h.refuses(must2(meeting.Say(h.ctx, h.tx, id, meeting.Saying{Kind: meeting.Objection, Person: h.holds["alvesta"]})), "meeting.not_leading")
	h.as(h.holds["ljungby"], "ljungby") // sits, and is not here
	h.refuses(must2(meeting.Say(h.ctx, h.tx, id, meeting.Saying{Kind: meeting.Objection})), "remark.takes_no_part")
	h.refuses(must2(meeting.TakeBack(h.ctx, h.tx, o.ID)), "meeting.not_leading")

	h.strategist()
	f := h.refuses(must2(h.decide(id, meeting.Ruling{Acclamation: true})), "decision.objected")
	if f.Args["names"] != "Ledamot lessebo" {
		t.Errorf("%v", f.Args)
	}
	h.as(h.holds["lessebo"], "lessebo")
	if r := must(meeting.TakeBack(h.ctx, h.tx, o.ID))(h); r.WithdrawnAt == nil || r.Party != "Lessebo kommun" {
		t.Errorf("%+v", r)
	}
	h.strategist()
	got := h.sum(must(h.decide(id, meeting.Ruling{Acclamation: true}))(h).Decision)
	if got.Result.Verdict != governance.Carried || got.Quorum.All != 5 || got.Quorum.Serving != 3 {
		t.Errorf("%+v", got)
	}
	h.refuses(must2(meeting.Say(h.ctx, h.tx, id, meeting.Saying{Kind: meeting.Objection, Person: h.holds["lessebo"]})), "agenda_item.settled")
	must(meeting.Say(h.ctx, h.tx, id, meeting.Saying{Kind: meeting.Reservation, Person: h.holds["lessebo"], Wording: "För dyrt"}))(h)
	again := must(meeting.Say(h.ctx, h.tx, id, meeting.Saying{Kind: meeting.Reservation, Person: h.holds["lessebo"], Wording: "Alldeles för dyrt"}))(h)
	h.refuses(must2(meeting.Say(h.ctx, h.tx, items[1].ID, meeting.Saying{Kind: meeting.Dissent, Person: h.holds["lessebo"]})), "ballot.nothing_to_decide")
	h.refuses(must2(meeting.Say(h.ctx, h.tx, items[1].ID, meeting.Saying{Kind: meeting.Said, Person: h.holds["lessebo"]})), "remark.worded")
	must(meeting.Say(h.ctx, h.tx, items[1].ID, meeting.Saying{Kind: meeting.Said, Person: h.holds["region"], Wording: "Bra"}))(h)
	var kinds []string
	for _, r := range must(meeting.Watch(h.ctx, h.tx, h.id))(h).Remarks {
		kinds = append(kinds, r.Kind+" "+r.Wording)
	}
	if diff := cmp.Diff([]string{"objection För dyrt", "reservation Alldeles för dyrt", "statement Bra"}, kinds); diff != "" || again.Wording != "Alldeles för dyrt" {
		t.Error(diff)
	}
}
