package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"github.com/a-h/templ"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

// answerSeen is what one who is called is asked, as its page shows it.
type answerSeen struct {
	meeting.Invitation
	Of          meeting.Meeting
	Class, Word string
	Deputy      string // what a no leads to
	Other       bool   // whether the secretary answers for another
}

// answering is the form by which one who is called answers, or the secretary for
// him.
func (d *Door) answering(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	at, err := id(v.r, "id")
	if err != nil {
		return sheet{}, err
	}
	i, err := meeting.GetInvitation(ctx, tx, at)
	if err != nil {
		return sheet{}, err
	}
	m, err := meeting.Get(ctx, tx, i.Meeting)
	if err != nil {
		return sheet{}, err
	}
	s := answerSeen{Invitation: i, Of: m, Other: i.Person != tx.Person}
	if s.Other {
		if err := tx.Require(auth.MeetingPrepare); err != nil {
			return sheet{}, err
		}
	}
	all, err := meeting.Invitations(ctx, tx, m.ID)
	if err != nil {
		return sheet{}, err
	}
	if s.Deputy, err = v.deputyOf(ctx, tx, m, i, all); err != nil {
		return sheet{}, err
	}
	sh := v.answerSheet(s)
	sh.Crumbs, sh.Cancel = []crumb{v.meetingsCrumb(), {v.meetingName(m), string(meetingAt(v, m.ID))}}, string(meetingAt(v, m.ID))
	return sh, s.Answerable(s.Of)
}

func (v *visit) answerSheet(s answerSeen) sheet {
	s.Class, s.Word = v.answerState(s.Invitation)
	sh := sheet{
		Title: v.T("meeting.answer.title", "name", v.meetingName(s.Of)), Lead: v.Of("meeting.answer.lead_", s.Role, "name", s.Name), Words: "meeting.answer",
		Leaves: []leaf{{"answer", v.T("meeting.answer.heading"), nil, []string{"answer", "note"}}},
		Submit: v.T("meeting.answer.do"), Kinds: map[string]string{"note": "area"}, Thing: s.Invitation, Version: s.Version,
	}
	if s.Other {
		sh.Title, sh.Lead = v.T("meeting.answer.title_for", "who", s.Name), v.T("meeting.answer.lead_for", "who", s.Name, "name", v.meetingName(s.Of))
	}
	if s.Deputy != "" {
		sh.Leaves[0].Notes = []string{s.Deputy}
	}
	sh.Before = answerFacts(v, s)
	return sh
}

// answerWhy says what an answer is for, where it is not looked up who is called on a no.
func (v *visit) answerWhy(b tenant.Body, i meeting.Invitation) string {
	if form := b.Rules.Deputies.Form; form == "" || form == tenant.DeputiesNone || i.Place == "" || i.Role != "member" && i.Role != "deputy" {
		return v.T("meeting.page.answer_why")
	}
	return v.T("meeting.wait.answer_why")
}

// deputyOf says who is called when somebody answers no.
func (v *visit) deputyOf(ctx context.Context, tx *pg.Tx, m meeting.Meeting, i meeting.Invitation, all []meeting.Invitation) (string, error) {
	form := bodyOn(tx, m.Body, m.On).Rules.Deputies.Form
	if i.Place == "" || i.Role != "member" && i.Role != "deputy" || !tx.May(auth.GovernanceRead) {
		return "", nil
	}
	if form == tenant.DeputiesNone {
		return v.T("meeting.answer.no_deputies", "body", m.BodyName), nil
	}
	for _, o := range all {
		if o.InsteadOf == i.ID && o.WithdrawnAt == nil && o.Answer != meeting.AnswerNo {
			return v.T("meeting.answer.deputy_comes", "who", o.Name), nil
		}
	}
	sitting, err := governance.Members(ctx, tx, m.Body, m.On)
	if err != nil {
		return "", err
	}
	at := slices.IndexFunc(sitting, func(p governance.Member) bool { return p.Key == i.Place })
	if at < 0 {
		return "", nil
	}
	for _, deputy := range sitting[at].Deputies {
		if form == tenant.DeputiesPersonal && deputy.Pooled() ||
			slices.ContainsFunc(all, func(o meeting.Invitation) bool { return o.Person == deputy.Person && o.WithdrawnAt == nil }) {
			continue
		}
		return v.T("meeting.answer.deputy", "who", deputy.Name), nil
	}
	return v.T("meeting.answer.no_deputy"), nil
}

func answerInvitation(ctx context.Context, tx *pg.Tx, v *visit, version int64, r meeting.Reply) (string, error) {
	at, err := id(v.r, "id")
	if err != nil {
		return "", err
	}
	a, err := meeting.Answer(ctx, tx, at, version, r)
	return string(meetingAt(v, a.Invitation.Meeting, "?done=", answeredAs(a))), err
}

// answeredAs is what has come of an answer.
func answeredAs(a meeting.Answered) string {
	switch {
	case a.Deputy != nil && a.Deputy.WithdrawnAt != nil:
		return "meeting_answered_back"
	case a.Deputy != nil:
		return "meeting_answered_deputy"
	}
	return "meeting_answered"
}

// A link to answer by opens without signing in. Its secret is all that it asks
// for, so it is read in a unit of work of the system's.

func (d *Door) linkedAnswer(w http.ResponseWriter, r *http.Request) {
	d.linked(w, d.visit(w, r), nil, nil)
}

// linked shows what a link opens, with what was typed and what is wrong with it.
func (d *Door) linked(w http.ResponseWriter, v *visit, typed url.Values, faults []*fault.Fault) {
	v.private = true
	var page templ.Component
	err := d.byLink(v, pg.Read, func(ctx context.Context, tx *pg.Tx) error {
		l, err := meeting.ByToken(ctx, tx, v.r.PathValue("token"))
		if err != nil {
			return err
		}
		all, err := meeting.Invitations(ctx, tx, l.Meeting.ID)
		if err != nil {
			return err
		}
		s := answerSeen{Invitation: l.Invitation, Of: l.Meeting}
		if s.Deputy, err = v.deputyOf(ctx, tx, l.Meeting, l.Invitation, all); err != nil {
			return err
		}
		if err := s.Answerable(s.Of); err != nil {
			return err
		}
		sh := v.answerSheet(s)
		sh.Cancel = string(v.To(""))
		if typed == nil {
			typed, _ = shapeOf[meeting.Reply]().values(l.Invitation)
		}
		shapeOf[meeting.Reply]().draw(v, &sh, typed, faults)
		page = formPage(v, sh)
		return nil
	})
	if err != nil {
		d.refuse(w, v, err)
		return
	}
	d.render(w, v, page)
}

// sendLinkedAnswer takes the answer. Given twice it is the same, so it needs no
// key of its own.
func (d *Door) sendLinkedAnswer(w http.ResponseWriter, r *http.Request) {
	v := d.visit(w, r)
	typed, err := sent(w, r)
	if err != nil {
		d.refuse(w, v, err)
		return
	}
	done := ""
	in, err := decode[meeting.Reply](typed)
	if err == nil {
		err = d.byLink(v, pg.Write, func(ctx context.Context, tx *pg.Tx) error {
			a, err := meeting.AnswerByToken(ctx, tx, r.PathValue("token"), 0, in)
			done = answeredAs(a)
			return err
		})
	}
	switch faults := fault.All(err); {
	case err == nil:
		http.Redirect(w, r, string(v.To("/meeting-answers/", url.PathEscape(r.PathValue("token")), "?done=", done)), http.StatusSeeOther)
	case len(faults) > 0 && faults[0].Kind == fault.Invalid:
		v.status = http.StatusUnprocessableEntity
		d.linked(w, v, typed, faults)
	default:
		d.refuse(w, v, err)
	}
}

// byLink does a unit of work of the system's for whoever has a link. The visitor
// stays who he is.
func (d *Door) byLink(v *visit, mode pg.Mode, f func(context.Context, *pg.Tx) error) error {
	ctx := v.r.Context()
	return d.DB.InTenant(ctx, auth.System(v.Slug, "link", v.Actor.Request), mode, func(tx *pg.Tx) error {
		v.Now, v.Today, v.On, v.County = tx.Now, tx.Today(), tx.Today(), tx.Config()
		return f(ctx, tx)
	})
}
