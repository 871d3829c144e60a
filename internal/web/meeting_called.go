package web

import (
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/person"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

// calledRow is somebody who is called.
type calledRow struct {
	meeting.Invitation
	Class, Word string
	For         string // for whom a deputy comes
	Unreached   bool   // whether the last letter could not be sent
	Uncopied    bool   // nor the last copy to the party's mailbox
}

// answerSum is what those who are called have answered.
type answerSum struct{ Called, Yes, Remote, No, Silent, Deputies int }

// Comes is how many have said that they take part.
func (s answerSum) Comes() int { return s.Yes + s.Remote }

// people tells who is called and what they have answered.
func (s *meetingSeen) people(v *visit, all []meeting.Invitation) {
	by := map[uuid.UUID]string{}
	for _, i := range all {
		by[i.ID] = i.Name
	}
	for _, i := range all {
		r := calledRow{Invitation: i, For: by[i.InsteadOf]}
		r.Class, r.Word = v.answerState(i)
		s.Called = append(s.Called, r)
		if i.Person == v.Actor.Person && i.Person != uuid.Nil {
			s.Own = &i
		}
		if i.WithdrawnAt != nil {
			continue
		}
		s.Sum.Called++
		switch i.Answer {
		case meeting.AnswerYes:
			s.Sum.Yes++
		case meeting.AnswerRemote:
			s.Sum.Remote++
		case meeting.AnswerNo:
			s.Sum.No++
		default:
			s.Sum.Silent++
		}
		if i.Role == "deputy" && i.Answer != meeting.AnswerNo {
			s.Sum.Deputies++
		}
	}
}

// answerState is what somebody has answered: as a shape and in words.
func (v *visit) answerState(i meeting.Invitation) (class, word string) {
	switch {
	case i.WithdrawnAt != nil:
		return "closed", v.T("meeting.page.answer.not_needed")
	case i.Answer == "":
		return "none", v.T("meeting.page.answer.silent")
	case i.Answer == meeting.AnswerNo:
		return "closed", v.T("meeting.page.answer.no")
	case i.Role == "deputy":
		class = "half"
	default:
		class = "on"
	}
	return class, v.Of("meeting.page.answer.", i.Answer)
}

// says is the sum in a sentence: 15 kallade, 11 kommer, 2 på distans.
func (s answerSum) says(v *visit) string {
	says := []string{v.T("meeting.page.sum.called", "count", s.Called)}
	for _, part := range []struct {
		of string
		n  int
	}{{"yes", s.Yes}, {"remote", s.Remote}, {"no", s.No}, {"deputies", s.Deputies}, {"silent", s.Silent}} {
		if part.n > 0 {
			says = append(says, v.Of("meeting.page.sum.", part.of, "count", part.n))
		}
	}
	return strings.Join(says, ", ")
}

// nameAmong is what somebody is called: one of those called, or another.
func (v *visit) nameAmong(ctx context.Context, tx *pg.Tx, who uuid.UUID, all []meeting.Invitation) (string, error) {
	if who == uuid.Nil {
		return "", nil
	}
	if at := slices.IndexFunc(all, func(i meeting.Invitation) bool { return i.Person == who }); at >= 0 {
		return all[at].Name, nil
	}
	if !tx.May(auth.PersonRead) {
		return "", nil
	}
	p, err := person.Get(ctx, tx, who)
	return p.Name, err
}

// gaps are the places that nobody holds, and those without a deputy where the
// body has deputies.
func (v *visit) gaps(b tenant.Body, sitting []governance.Member) (vacant, alone []meeting.Empty) {
	deputies := b.Rules.Deputies.Form != "" && b.Rules.Deputies.Form != tenant.DeputiesNone
	for _, p := range sitting {
		e := meeting.Empty{Place: p.Key, Name: p.Name(string(v.Lang)), Since: p.VacantSince}
		switch {
		case p.Seat.Standing == tenant.SeatGuest:
		case p.Vacant():
			vacant = append(vacant, e)
		case deputies && p.Votes() && len(p.Deputies) == 0:
			alone = append(alone, e)
		}
	}
	return vacant, alone
}

// calledNotes are what stands beside those who are called.
func (s meetingSeen) calledNotes(v *visit) []string {
	says := []string{s.Sum.says(v) + "."}
	if s.written() {
		says[0] = v.T("meeting.page.sum.called", "count", s.Sum.Called) + "."
	}
	if s.CalledAt != nil {
		says = append(says, v.T("meeting.page.called_on", "day", LongDay(v.Lang, dayOf(*s.CalledAt))))
	}
	return says
}
