package meeting

import (
	"slices"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/tenant"
)

// seated is whether somebody holds each place, or is deputy for it where the
// body's rule asks for one.
func (b *tally) seated(what string) []Account {
	rule, why, mend := "", LapseVacant, MendSeat
	if what == governance.VacantDeputy {
		rule, why, mend = "deputies", LapseDeputyless, MendDeputy
	}
	l := b.ledger(rule)
	missing := map[[2]string]governance.Vacancy{}
	for _, v := range b.vacancies {
		if v.What == what {
			missing[[2]string{v.Body, v.Key}] = v
		}
	}
	for _, of := range b.order {
		for _, p := range b.laid[of.Key] {
			promised := p.Seat.Standing != tenant.SeatGuest
			if what == governance.VacantDeputy {
				promised = of.Rules.Deputies.Required && p.Votes()
			}
			if !promised || !b.concerns(of.Key, ids(p.Parties)...) {
				continue
			}
			v, lacks := missing[[2]string{of.Key, p.Key}]
			if !lacks {
				l.kept(of.Key, 1)
				continue
			}
			l.lapsed(of.Key, Lapse{Why: why, What: v.PlaceName, Since: v.Since, Parties: p.Parties, Mend: Mend{Kind: mend, Body: of.Key, Place: p.Key}})
		}
	}
	return l.accounts()
}

func ids(parties []governance.Party) []uuid.UUID {
	all := make([]uuid.UUID, len(parties))
	for i, p := range parties {
		all[i] = p.ID
	}
	return all
}

// handed is whether who left introduced who came. What has gone on for no longer
// than is patient since the seat changed hands can still be done in time.
func (b *tally) handed() []Account {
	l := b.ledger("deputies")
	for _, h := range b.handovers {
		of := b.bodies[h.Body]
		if !b.concerns(h.Body, h.OrganisationID.UUID) {
			continue
		}
		due := h.ChangesOn.Add(patience)
		switch finished := day.At(h.LastAt); {
		case h.Finished && !finished.After(b.on):
			if finished.After(b.after) {
				l.kept(h.Body, 1)
			}
		default:
			p, name := placeNamed(b.laid[h.Body], h.Place)
			if name == "" {
				name = h.Party
			}
			l.lapsed(h.Body, Lapse{Why: LapseUnhanded, What: name, On: due, Since: due, Waits: !due.Before(b.on), Parties: p.Parties, Mend: Mend{Kind: MendHandover, Body: h.Body, ID: h.ID}})
		}
		if a := l.by[h.Body]; a != nil && !of.Rules.Deputies.Handover {
			a.Rule = "" // it is done all the same, and no rule of the body's says so
		}
	}
	return l.accounts()
}

// answered is whether a party's people answered when they were called.
func (b *tally) answered() []Account {
	l := b.ledger("")
	for _, i := range b.invitations {
		m := sketched(i.MeetingID, i.Body, i.OnDay, i.State, i.CalledAt)
		due := i.AnswerBy
		if due.IsZero() {
			due = i.OnDay
		}
		if day.At(i.InvitedAt).After(b.on) || !m.sent() {
			continue
		}
		answered := i.AnsweredAt != nil && !day.At(*i.AnsweredAt).After(b.on)
		if answered {
			l.kept(i.Body, 1)
			continue
		}
		p, name := placeNamed(b.laid[i.Body], i.Place)
		l.lapsed(i.Body, Lapse{Why: LapseSilent, What: name, On: i.OnDay, Since: due, Waits: !due.Before(b.on), Parties: p.Parties,
			Mend: Mend{Kind: MendAnswer, Body: i.Body, Place: i.Place, ID: i.MeetingID, Shut: !b.whole(m) && !b.knows(i.MeetingID)}})
	}
	return l.accounts()
}

// carried is whether decisions were carried out by their day, and whether what
// they say has been done in the program.
func (b *tally) carried() []Account {
	l := b.ledger("")
	for _, d := range b.decisions {
		m := sketched(d.MeetingID, d.Body, d.OnDay, d.State, d.CalledAt)
		if d.Undone && b.concerns(d.Body, d.OwnerID.UUID) && b.seesDecision(m, d.Confidential, d.Published) {
			l.lapsed(d.Body, Lapse{Why: LapseUndone, What: d.Title, On: d.DecidedOn, Since: d.DecidedOn, Mend: Mend{Kind: MendDecision, Body: d.Body, ID: d.ID}})
			continue
		}
		if d.Outcome != OutcomeCarried || d.DueOn.IsZero() || !d.DueOn.Before(b.on) || d.Status == StatusNone || d.Status == StatusLapsed && !d.StatusOn.After(b.on) ||
			!b.concerns(d.Body, d.OwnerID.UUID) || !b.seesDecision(m, d.Confidential, d.Published) {
			continue
		}
		if d.Status == StatusDone && !d.StatusOn.After(b.on) {
			if d.StatusOn.After(b.after) {
				l.kept(d.Body, 1)
			}
			continue
		}
		x := Lapse{Why: LapseOverdue, What: d.Title, On: d.DueOn, Since: d.DueOn, Mend: Mend{Kind: MendDecision, Body: d.Body, ID: d.ID}}
		if d.Owner != "" {
			x.Parties = []governance.Party{{ID: d.OwnerID.UUID, Name: d.Owner}}
		}
		l.lapsed(d.Body, x)
	}
	return l.accounts()
}

// ratified is whether the parties have answered what they were asked to decide at
// home. To refuse is an answer.
func (b *tally) ratified() []Account {
	l := b.ledger("ratification")
	for _, r := range b.ratifications {
		m := sketched(r.MeetingID, r.Body, r.OnDay, r.State, r.CalledAt)
		// What a party is asked it may read, unless the matter is confidential.
		asked := !r.Confidential && (r.OrganisationID == b.party || slices.Contains(b.own, r.OrganisationID))
		if !b.concerns(r.Body, r.OrganisationID) || !asked && !b.seesDecision(m, r.Confidential, r.Published) {
			continue
		}
		if !r.AnsweredOn.IsZero() && !r.AnsweredOn.After(b.on) {
			l.kept(r.Body, 1)
			continue
		}
		l.lapsed(r.Body, Lapse{Why: LapseUnratified, What: r.Title, On: r.DueOn, Since: r.AskedOn, Waits: r.DueOn.IsZero() || !r.DueOn.Before(b.on),
			Parties: []governance.Party{{ID: r.OrganisationID, Name: r.Party}},
			Mend:    Mend{Kind: MendRatification, Body: r.Body, ID: r.ID, In: r.DecisionID, Shut: !b.seesDecision(m, r.Confidential, r.Published)}})
	}
	return l.accounts()
}

// answeredFor is whether some body answers for each area.
func (b *tally) answeredFor() []Account {
	l := b.ledger("")
	for _, g := range b.goals {
		someone := slices.ContainsFunc(b.order, func(of tenant.Body) bool { return slices.Contains(of.AnswersFor, g.Key) })
		if someone {
			l.kept("", 1)
			continue
		}
		l.lapsed("", Lapse{Why: LapseUnanswered, What: g.Name, Since: g.ValidFrom, Mend: Mend{Kind: MendSettings, ID: g.ID}})
	}
	return l.accounts()
}
