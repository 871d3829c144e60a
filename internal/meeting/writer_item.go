package meeting

import (
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/markdown"
	"github.com/overens/overens/internal/meeting/internal/meetingdb"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

// item puts a matter into words: what came of it, the decision with the sum it
// rests on, and what somebody wanted written beside it.
func (w *writer) item(ctx context.Context, tx *pg.Tx, p *portion) error {
	i := w.items[p.item]
	d, decided := w.decisions[i.ID]
	p.heading, p.confidential = i.Title, i.Confidential
	if decided { // whose title may have been put right
		p.heading = d.Title
	}
	var b blocks
	if i.RegistryNumber != "" {
		b.add(w.say("fact.registry", "value", plain(i.RegistryNumber)))
	}
	if i.Rapporteur != "" {
		b.add(w.say("rapporteur", "name", plain(i.Rapporteur)))
	}
	if i.PreparedBy != "" {
		b.add(w.say("prepared_by", "body", plain(bodyName(tx, i.PreparedBy, w.meeting().On))))
	}
	b.add(w.interests(i))
	b.add(markdown.Closed(i.Result))
	p.confidential = p.confidential || decided && d.Confidential
	if decided {
		if err := w.decision(ctx, tx, d, &b); err != nil {
			return err
		}
	} else {
		b.add(w.outcome(i))
	}
	w.remarks(i, &b)
	p.wording = b.String()
	return nil
}

// outcome is what came of a matter that was not decided on.
func (w *writer) outcome(i Item) string {
	switch i.Outcome {
	case OutcomePostponed, OutcomeWithdrawn:
		return w.say("outcome."+i.Outcome, "reason", plain(i.Reason))
	case OutcomeNoted, OutcomeDiscussed, OutcomeLearned:
		if i.Result != "" {
			return ""
		}
		return w.say("outcome." + i.Outcome)
	case OutcomeSentOn:
		return w.say("outcome." + i.Outcome)
	}
	return w.say("outcome.none")
}

// interests says who has told of an interest in a matter, and what follows by
// the body's rule. Why stays between those who were there.
func (w *writer) interests(i Item) string {
	var names []string
	for _, r := range w.biases[i.ID] {
		names = append(names, plain(r.Name))
	}
	if len(names) == 0 {
		return ""
	}
	key := "bias.stays"
	if w.body.Rules.Bias == "" || w.body.Rules.Bias == tenant.BiasLeaves {
		key = "bias.leaves"
	}
	return w.say(key, "names", w.series(names))
}

// decision writes a decision down, with how it was made.
func (w *writer) decision(ctx context.Context, tx *pg.Tx, d Decision, b *blocks) error {
	sum := w.sums[d.Item]
	b.add("**" + w.say("decision.number", "number", d.Cited()) + "**")
	b.add(w.say("decision."+d.Outcome, "body", plain(w.meeting().BodyName)))
	b.add("> " + strings.ReplaceAll(plain(d.Wording), "\n", "\n> "))
	var facts []string
	if d.Outcome == OutcomeCarried && d.EffectiveOn != d.DecidedOn {
		facts = append(facts, w.say("decision.effective", "day", d.EffectiveOn))
	}
	if d.DecidedOn != w.meeting().On {
		facts = append(facts, w.say("decision.decided", "day", d.DecidedOn))
	}
	owner := d.OwnerName
	if d.Owner != uuid.Nil && owner == "" {
		name, err := meetingdb.New(tx).PartyName(ctx, d.Owner)
		if err != nil {
			return err
		}
		owner = name
	}
	switch {
	case owner != "" && !d.Due.IsZero():
		facts = append(facts, w.say("decision.owner_due", "owner", plain(owner), "due", d.Due))
	case owner != "":
		facts = append(facts, w.say("decision.owner", "owner", plain(owner)))
	case !d.Due.IsZero():
		facts = append(facts, w.say("decision.due", "due", d.Due))
	}
	if d.Revises != uuid.Nil {
		// Whoever asks: the minutes say the same to all.
		row, err := meetingdb.New(tx).Decision(ctx, d.Revises)
		if err != nil {
			return err
		}
		if was := madeDecision(row.Decision); !was.Confidential || d.Confidential {
			facts = append(facts, w.say("decision.revises", "number", was.Cited()))
		}
	}
	laid, err := w.laid(ctx, tx, d)
	if err != nil {
		return err
	}
	b.list(append(facts, laid...))
	if len(sum.Quorum.Lines) > 0 && !sum.Quorum.Holds {
		b.add("**" + w.say("decision.without_quorum", "counted", sum.Quorum.Counted, "all", sum.Quorum.All, "needed", sum.Quorum.Needed) + "**")
	}
	w.votes(sum.Result, b)
	var lines []string
	for _, l := range slices.Concat(sum.Quorum.Lines, sum.Result.Lines) {
		lines = append(lines, plain(l.In(w.lang)))
	}
	if len(lines) > 0 {
		b.add(w.say("decision.how"))
		b.list(lines)
	}
	return nil
}

// laid is what a decision asks of others: of the parties at home, and of meetings
// to come.
func (w *writer) laid(ctx context.Context, tx *pg.Tx, d Decision) ([]string, error) {
	q := meetingdb.New(tx)
	var says []string
	if d.Ratification {
		due, err := q.RatifyBy(ctx, d.ID)
		switch {
		case err != nil:
			return nil, err
		case len(due) == 0:
			says = append(says, w.say("decision.ratification"))
		default:
			says = append(says, w.say("decision.ratification_by", "due", due[0]))
		}
	}
	duties, err := q.DutiesLaid(ctx, d.ID)
	for _, u := range duties {
		key := "decision.duty"
		if !u.ValidTo.IsZero() {
			key = "decision.duty_until"
		}
		says = append(says, w.say(key, "body", plain(bodyName(tx, u.Body, u.ValidFrom)), "wording", plain(u.Wording), "from", u.ValidFrom, "last", u.ValidTo.Add(-1)))
	}
	return says, err
}

// votes says who voted how, where votes were counted.
func (w *writer) votes(o governance.Outcome, b *blocks) {
	if o.Acclamation {
		b.add(w.say("decision.acclamation"))
		return
	}
	for _, vote := range []governance.Vote{governance.VoteFor, governance.VoteAgainst, governance.VoteAbstains} {
		var names []string
		for _, v := range o.Entitled {
			if v.Vote == vote {
				names = append(names, w.voter(v))
			}
		}
		if len(names) > 0 {
			b.add(w.say("votes."+string(vote), "count", len(names), "names", w.series(names)))
		}
	}
	if o.Voted() && o.NotVoted > 0 { // so that the votes add up to those who took part
		b.add(w.say("votes.none", "count", o.NotVoted))
	}
}

func (w *writer) voter(v governance.Voter) string {
	party := v.Party
	if party == "" {
		party = v.Seat.In(string(w.lang))
	}
	if party == "" {
		return plain(v.Name)
	}
	return plain(party) + " (" + plain(v.Name) + ")"
}

// remarks writes down what somebody wanted written beside a matter.
func (w *writer) remarks(i Item, b *blocks) {
	for _, r := range w.sitting.remarks[i.ID] {
		if r.Remark.WithdrawnAt != nil {
			continue
		}
		name := plain(r.Name)
		if r.Party != "" {
			name += " (" + plain(r.Party) + ")"
		}
		b.add("**" + w.say("remark."+r.Remark.Kind, "name", name) + "**")
		if r.Remark.Wording != "" {
			b.add("> " + strings.ReplaceAll(plain(r.Remark.Wording), "\n", "\n> "))
		}
	}
}
