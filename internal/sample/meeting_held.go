package sample

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/meeting"
)

// hold takes a meeting as far as it has come.
func (c *clerk) hold(ctx context.Context, s show) error {
	on := s.on(c.today)
	m, err := c.plan(ctx, s, on)
	if err != nil || s.Until == string(meeting.Announced) || s.Until == string(meeting.Drafted) {
		return err
	}
	if err := c.call(ctx, s, m); err != nil {
		return fmt.Errorf("the call: %w", err)
	}
	switch {
	case s.Until == string(meeting.Called):
		return nil
	case s.Until == string(meeting.Cancelled):
		c.at(on.Add(-5), 10, 0)
		if m, err = c.get(ctx, m.ID); err != nil {
			return err
		}
		_, err = meeting.Cancel(ctx, c.tx, m.ID, m.Version, meeting.Cancellation{Reason: s.Reason})
		return err
	case s.Written:
		err = c.write(ctx, s, m)
	default:
		err = c.meet(ctx, s, m)
	}
	if err != nil || s.Until == string(meeting.Open) || s.Until == string(meeting.Closed) {
		return err
	}
	if err := c.minute(ctx, s, m); err != nil {
		return fmt.Errorf("the minutes: %w", err)
	}
	return c.follow(ctx, s, m)
}

// call calls a meeting, and lets some of those who are called say whether they come.
func (c *clerk) call(ctx context.Context, s show, m meeting.Meeting) error {
	before := 21
	if s.Called > 0 {
		before = s.Called
	}
	c.at(m.On.Add(-before), 9, 30)
	n := meeting.Notice{}
	for _, key := range s.Guests {
		n.Guests = append(n.Guests, c.persona(key))
	}
	if _, err := meeting.Call(ctx, c.tx, m.ID, m.Version, n); err != nil {
		return err
	}
	if s.Written { // nobody is asked whether he comes
		return nil
	}
	c.at(m.On.Add(-before+2), 13, 0)
	all, err := meeting.Invitations(ctx, c.tx, m.ID)
	if err != nil {
		return err
	}
	ahead := s.Until == string(meeting.Called)
	left := 4
	if ahead {
		left = s.Answered
	}
	for _, i := range all {
		answer := ""
		switch {
		case c.among(ctx, s.Away, i.Organisation):
			answer = meeting.AnswerNo
		case c.among(ctx, s.Remote, i.Organisation):
			answer = meeting.AnswerRemote
		case left > 0 && !c.among(ctx, s.Absent, i.Organisation) && (!ahead || !c.made(i.Person)): // who can sign in has it waiting
			answer = meeting.AnswerYes
			left--
		}
		if answer == "" || i.Role != "member" {
			continue
		}
		if _, err := meeting.Answer(ctx, c.tx, i.ID, i.Version, meeting.Reply{Answer: answer}); err != nil {
			return fmt.Errorf("%s: %w", i.Name, err)
		}
	}
	return nil
}

// among tells whether a party is one of some, by key.
func (c *clerk) among(ctx context.Context, keys []string, party uuid.UUID) bool {
	return slices.ContainsFunc(keys, func(key string) bool {
		id, err := c.party(ctx, key)
		return err == nil && id == party && id != uuid.Nil
	})
}

// made tells whether somebody is a persona.
func (c *clerk) made(person uuid.UUID) bool {
	for _, id := range c.people {
		if id == person {
			return true
		}
	}
	return false
}

// server is who serves a party's place at a meeting.
func (c *clerk) server(ctx context.Context, m meeting.Meeting, party string) (uuid.UUID, error) {
	id, err := c.party(ctx, party)
	if err != nil {
		return uuid.Nil, err
	}
	t, err := meeting.Table(ctx, c.tx, m.ID)
	if err != nil {
		return uuid.Nil, err
	}
	for _, chair := range t.Chairs {
		if chair.Server != nil && chair.Server.Organisation == id {
			return chair.Server.Person, nil
		}
	}
	return uuid.Nil, fmt.Errorf("nobody serves for %s", party)
}

// meet holds a meeting, from the opening to the close.
func (c *clerk) meet(ctx context.Context, s show, m meeting.Meeting) error {
	c.at(m.On, 9, 30)
	m, err := c.get(ctx, m.ID)
	if err != nil {
		return err
	}
	if _, err := meeting.Start(ctx, c.tx, m.ID, m.Version); err != nil {
		return err
	}
	if _, err := meeting.AllCame(ctx, c.tx, m.ID); err != nil {
		return err
	}
	all, err := meeting.Invitations(ctx, c.tx, m.ID)
	if err != nil {
		return err
	}
	for _, i := range all {
		if c.among(ctx, s.Absent, i.Organisation) && i.Answer != meeting.AnswerNo {
			if err := meeting.NeverCame(ctx, c.tx, m.ID, i.Person); err != nil {
				return err
			}
		}
	}
	items, err := meeting.Agenda(ctx, c.tx, m.ID)
	if err != nil {
		return err
	}
	for n, i := range items {
		c.at(m.On, 9, 40+20*n)
		if i, err = meeting.TakeUp(ctx, c.tx, i.ID, i.Version); err != nil {
			return fmt.Errorf("%s: %w", i.Title, err)
		}
		if err := c.treat(ctx, s, m, i); err != nil {
			return fmt.Errorf("%s: %w", i.Title, err)
		}
	}
	c.at(m.On, 12, 0)
	if m, err = c.get(ctx, m.ID); err != nil {
		return err
	}
	_, err = meeting.Close(ctx, c.tx, m.ID, m.Version)
	return err
}

// of is what is told of a matter; nothing of one that stands on the agenda by itself.
func (s show) of(title string) point {
	for _, p := range s.Matters {
		if p.Title == title || p.Waiting == title {
			return p
		}
	}
	return point{}
}

// treat is done with the matter on the table.
func (c *clerk) treat(ctx context.Context, s show, m meeting.Meeting, i meeting.Item) error {
	p := s.of(i.Title)
	switch {
	case p.To != "":
		_, err := meeting.HandOn(ctx, c.tx, i.ID, i.Version, meeting.Transfer{Body: p.To, Kind: meeting.ForDecision})
		return err
	case p.Postponed != "":
		_, err := meeting.Postpone(ctx, c.tx, i.ID, i.Version, meeting.Delay{Reason: p.Postponed})
		return err
	case i.Kind != meeting.ForDecision:
		_, err := meeting.Settle(ctx, c.tx, i.ID, i.Version, meeting.Settlement{Result: p.Result})
		return err
	}
	r, err := c.ruling(ctx, m, p)
	if err != nil {
		return err
	}
	if _, err := meeting.Decide(ctx, c.tx, i.ID, i.Version, r); err != nil {
		return err
	}
	for kind, words := range map[string]*said{meeting.Reservation: p.Reservation, meeting.Dissent: p.Dissent} {
		if words == nil {
			continue
		}
		who, err := c.server(ctx, m, words.Party)
		if err != nil {
			return err
		}
		if _, err := meeting.Say(ctx, c.tx, i.ID, meeting.Saying{Kind: kind, Person: who, Wording: words.Wording}); err != nil {
			return err
		}
	}
	return nil
}

func (c *clerk) ruling(ctx context.Context, m meeting.Meeting, p point) (meeting.Ruling, error) {
	r := meeting.Ruling{Acclamation: true, Subject: p.Subject, OwnerName: p.OwnerName, NothingToDo: p.Nothing, Ratify: p.Ratify > 0}
	if p.Due > 0 {
		r.Due = m.On.Add(p.Due)
	}
	if p.Ratify > 0 {
		r.RatifyBy = m.On.Add(p.Ratify)
	}
	if p.EffectiveBefore > 0 {
		r.EffectiveOn = m.On.Add(-p.EffectiveBefore)
	}
	for _, d := range p.Duties {
		r.Duties = append(r.Duties, meeting.Charge{Wording: d})
	}
	var err error
	r.Owner, err = c.party(ctx, p.Owner)
	return r, err
}

// write holds a written procedure: all answer and it is settled, or some have.
func (c *clerk) write(ctx context.Context, s show, m meeting.Meeting) error {
	c.at(m.On.Add(-6), 10, 0)
	items, err := meeting.Agenda(ctx, c.tx, m.ID)
	if err != nil {
		return err
	}
	t, err := meeting.Table(ctx, c.tx, m.ID)
	if err != nil {
		return err
	}
	open := s.Until == string(meeting.Open)
	for _, i := range items {
		if i.Kind != meeting.ForDecision {
			continue
		}
		left := s.Answered
		for _, chair := range t.Chairs {
			if chair.Server == nil || !chair.Place.Votes() || open && (left == 0 || c.made(chair.Server.Person)) {
				continue
			}
			if err := meeting.Vote(ctx, c.tx, i.ID, meeting.Voice{Place: chair.Place.Key, Vote: "for"}); err != nil {
				return fmt.Errorf("%s: %w", chair.Place.Key, err)
			}
			left--
		}
	}
	if open {
		return nil
	}
	c.at(m.On.Add(1), 8, 0)
	_, err = meeting.SettleWritten(ctx, c.tx)
	return err
}

// minute drafts a meeting's minutes and lets them be attested and published, as
// far as it has come.
func (c *clerk) minute(ctx context.Context, s show, m meeting.Meeting) error {
	c.at(m.On.Add(3), 14, 0)
	m, err := c.get(ctx, m.ID)
	if err != nil {
		return err
	}
	made, err := meeting.DraftMinutes(ctx, c.tx, m.ID, m.Version)
	if err != nil {
		return err
	}
	choice := meeting.Choice{}
	for _, key := range s.Adjusters {
		who, err := c.server(ctx, m, key)
		if err != nil {
			return err
		}
		choice.Adjusters = append(choice.Adjusters, who)
	}
	if made, err = meeting.ChooseAdjusters(ctx, c.tx, m.ID, made.Version, choice); err != nil {
		return err
	}
	c.at(m.On.Add(5), 9, 0)
	if made, err = meeting.AskAdjusters(ctx, c.tx, m.ID, made.Version); err != nil || s.Until == string(meeting.Minuted) {
		return err
	}
	for n, a := range made.Adjusters {
		c.at(m.On.Add(7+2*n), 15, 0)
		if err := c.as(a.Person, func() error {
			read, err := meeting.MinutesOf(ctx, c.tx, m.ID)
			if err != nil {
				return err
			}
			_, err = meeting.Adjust(ctx, c.tx, m.ID, read.Version, meeting.Attest{Hash: read.Hash})
			return err
		}); err != nil {
			return fmt.Errorf("%s: %w", a.Name, err)
		}
	}
	if s.Until == string(meeting.Adjusted) {
		return nil
	}
	c.at(m.On.Add(14), 10, 0)
	if m, err = c.get(ctx, m.ID); err != nil || m.State == meeting.Published {
		return err
	}
	_, err = meeting.Publish(ctx, c.tx, m.ID, m.Version)
	return err
}

// follow is what came of the decisions: carried out, and decided on at home.
func (c *clerk) follow(ctx context.Context, s show, m meeting.Meeting) error {
	ds, _, err := meeting.Decisions(ctx, c.tx, meeting.DecisionFilter{Meeting: m.ID, Limit: 100, Page: 1})
	if err != nil {
		return err
	}
	for _, d := range ds {
		p := s.of(d.Title)
		if p.Done > 0 && !m.On.Add(p.Done).After(c.today) {
			c.at(m.On.Add(p.Done), 16, 0)
			if _, err := meeting.SetStatus(ctx, c.tx, d.ID, d.Version, meeting.Progress{Status: meeting.StatusDone, Note: p.Note}); err != nil {
				return fmt.Errorf("%s: %w", d.Title, err)
			}
		}
		if err := c.home(ctx, m.On, d, p); err != nil {
			return fmt.Errorf("%s at home: %w", d.Title, err)
		}
	}
	return nil
}

// home lets parties decide at home on what a body has decided.
func (c *clerk) home(ctx context.Context, on day.Day, d meeting.Decision, p point) error {
	if len(p.Ratified)+len(p.Refused) == 0 {
		return nil
	}
	asked, _, err := meeting.Ratifications(ctx, c.tx, meeting.RatificationFilter{Decision: d.ID, Limit: 100, Page: 1})
	if err != nil {
		return err
	}
	for n, r := range asked {
		a := meeting.HomeAnswer{AnchoredWith: "Ledningsgruppen", AnchoredOn: on.Add(7), Reference: fmt.Sprintf("Demo § %d", 12+n)}
		switch {
		case c.among(ctx, p.Ratified, r.Organisation):
			a.Answer = meeting.Ratified
		case c.among(ctx, p.Refused, r.Organisation):
			a.Answer, a.Note = meeting.Refused, "Ryms inte i budgeten"
		default:
			continue
		}
		if a.AnsweredOn = on.Add(20 + n); a.AnsweredOn.After(c.today) {
			a.AnsweredOn = c.today
		}
		if a.AnchoredOn.After(a.AnsweredOn) {
			a.AnchoredOn = a.AnsweredOn
		}
		c.at(a.AnsweredOn, 11, 0)
		if _, err := meeting.Ratify(ctx, c.tx, r.ID, r.Version, a); err != nil {
			return fmt.Errorf("%s: %w", r.Party, err)
		}
	}
	return nil
}
