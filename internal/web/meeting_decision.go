package web

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/a-h/templ"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/pg"
)

func (d *Door) decisionRoutes() []route {
	const (
		at  = "/lan/{county}" + decisionsAt
		one = at + "/{id}"
	)
	return slices.Concat(
		[]route{
			get(at, d.page(members, d.decisions)),
			get(one, d.page(members, d.decision)),
			post(one+"/carry", d.act(members, button(meeting.Carry, decisionAt, "?done=decision_carried#did"))),
		},
		both(one+"/status", form[meeting.Progress]{d, members, d.settingStatus, setStatus}),
		both(one+"/assignment", form[meeting.Assignment]{d, members, d.assigning, upon(meeting.Assign, decisionAt, "?done=saved")}),
		both(one+"/wording", form[meeting.Rewording]{d, members, d.rewording, upon(meeting.Reword, decisionAt, "?done=saved")}),
		both("/lan/{county}/ratifications/{id}", form[meeting.HomeAnswer]{d, members, d.ratifying, ratify}),
	)
}

// decisionState is what has become of a decision: as a shape and in words.
func (v *visit) decisionState(d meeting.Decision) (class, word string) {
	switch {
	case d.Outcome == meeting.OutcomeRejected:
		return "no", v.T("agenda_item.page.outcome.rejected")
	case d.Status == meeting.StatusOpen && !d.Due.IsZero() && d.Due.Before(v.Today):
		return "late", v.T("decision.page.overdue", "day", SentenceDay(v.Lang, d.Due, v.Today))
	case d.Status == meeting.StatusOpen && !d.Due.IsZero():
		return "waits", v.T("decision.page.open_by", "day", SentenceDay(v.Lang, d.Due, v.Today))
	}
	class = map[string]string{meeting.StatusOpen: "half", meeting.StatusDone: "on", meeting.StatusLapsed: "closed", meeting.StatusNone: "on"}[d.Status]
	return class, v.Of("decision.page.status.", d.Status)
}

// decisionSeen is one decision with all that its page shows.
type decisionSeen struct {
	meeting.Decision
	BodyName    string
	Of          *meeting.Meeting // where the reader sees it
	Class, Word string
	OwnerName   string
	Quorum      []sumRow
	Votes       []sumRow
	Says        []string // what the sums come to, in sentences
	Reckoned    meeting.Reckoning
	Does        string
	DoesTo      templ.SafeURL
	Remarks     []meeting.Remark
	Home        []homeRow
	Duties      []meeting.Duty
	Revised     *meeting.Decision
	Follows     bool // whether the reader can say what became of it
	Leads       bool
	Carries     bool // whether the reader may do in the program what it says
	Rewords     bool // whether its words may still be written right
}

// sumRow is one row of a sum that is written out.
type sumRow struct {
	Label, Op, N string
	Class        string // is: a result; so: a new part
}

func (d *Door) decision(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	at, err := id(v.r, "id")
	if err != nil {
		return nil, err
	}
	one, err := meeting.GetDecision(ctx, tx, at)
	if err != nil {
		return nil, err
	}
	s := decisionSeen{Decision: one, BodyName: v.bodyCalled(tx.County, one.Body)}
	s.Class, s.Word = v.decisionState(one)
	m, err := meeting.Get(ctx, tx, one.Meeting)
	switch {
	case err == nil:
		s.Of = &m
	case !fault.Is(err, "common.not_found"):
		return nil, err
	}
	s.OwnerName = one.OwnerName
	if one.Owner != uuid.Nil {
		name, err := organisationCalled(ctx, tx, one.Owner)
		if err != nil {
			return nil, err
		}
		s.OwnerName = cmp.Or(name, s.OwnerName)
	}
	s.reckon(v)
	if s.Does, s.DoesTo, err = v.did(ctx, tx, one); err != nil {
		return nil, err
	}
	if one.Ratification {
		home, _, err := meeting.Ratifications(ctx, tx, meeting.RatificationFilter{Decision: at, Limit: 500, Page: 1})
		if err != nil {
			return nil, err
		}
		for _, r := range home {
			row := homeRow{Ratification: r, Own: v.Member() && v.Actor.MayFor(auth.MeetingPropose, r.Organisation)}
			row.Class, row.Word = v.homeState(r)
			s.Home = append(s.Home, row)
		}
		slices.SortStableFunc(s.Home, refusedFirst)
	}
	if s.Remarks, err = meeting.RemarksBeside(ctx, tx, at); err != nil {
		return nil, err
	}
	if s.Duties, err = meeting.Duties(ctx, tx, meeting.DutyFilter{Decision: at}); err != nil {
		return nil, err
	}
	if one.Revises != uuid.Nil {
		switch r, err := meeting.GetDecision(ctx, tx, one.Revises); {
		case err == nil:
			s.Revised = &r
		case !fault.Is(err, "common.not_found"):
			return nil, err
		}
	}
	s.Leads, s.Carries = v.Acts(auth.MeetingPrepare), !v.Past() && one.Carries(tx)
	s.Rewords = s.Leads && s.Of != nil && !s.Of.State.Settled()
	s.Follows = s.Leads || one.Owner != uuid.Nil && v.Actor.MayFor(auth.MeetingPropose, one.Owner)
	return decisionPage(v, s), nil
}

// reckon writes out the sums that the decision rests on.
func (s *decisionSeen) reckon(v *visit) {
	if json.Unmarshal(s.Reckoning, &s.Reckoned) != nil || s.Reckoned.Quorum.All == 0 && len(s.Reckoned.Result.Entitled) == 0 {
		return
	}
	q, r := s.Reckoned.Quorum, s.Reckoned.Result
	number := func(n int) string { return Number(v.Lang, int64(n)) }
	row := func(to *[]sumRow, key, op string, n int, class string) {
		*to = append(*to, sumRow{v.Of("decision.page.sum.", key), op, number(n), class})
	}
	row(&s.Quorum, "all", "", q.All, "")
	row(&s.Quorum, "absent", "−", q.All-q.Serving, "")
	row(&s.Quorum, "serving", "=", q.Serving, "is")
	if q.Serving != q.Counted {
		row(&s.Quorum, "biased", "−", q.Serving-q.Counted, "")
		row(&s.Quorum, "counted", "=", q.Counted, "is")
	}
	if q.Needed > 0 {
		row(&s.Quorum, "needed", "", q.Needed, "so")
		if q.Counted >= q.Needed {
			row(&s.Quorum, "above", "", q.Counted-q.Needed, "")
		} else {
			row(&s.Quorum, "missing", "", q.Missing, "")
		}
	}
	if r.Acclamation {
		row(&s.Votes, "entitled", "", len(r.Entitled), "")
		row(&s.Votes, "objections", "−", r.Objections, "")
		row(&s.Votes, "agree", "=", len(r.Entitled)-r.Objections, "is")
	} else {
		row(&s.Votes, "for", "", r.For, "")
		row(&s.Votes, "against", "+", r.Against, "")
		row(&s.Votes, "cast", "=", r.For+r.Against, "is")
		if r.Needed > 0 {
			row(&s.Votes, "for_needed", "", r.Needed, "so")
		}
		if key, op := casting(r); key != "" {
			row(&s.Votes, key, op, 1, "")
		}
		row(&s.Votes, "abstained", "", r.Abstained, "so")
		row(&s.Votes, "not_voted", "", r.NotVoted, "")
	}
	for _, l := range r.Lines {
		if says := l.In(v.Lang); says != "" {
			s.Says = append(s.Says, says)
		}
	}
}

// did says what a decision has done or is to do, and leads to it.
func (v *visit) did(ctx context.Context, tx *pg.Tx, d meeting.Decision) (string, templ.SafeURL, error) {
	if d.Act == "" {
		return "", "", nil
	}
	says, to, err := v.does(ctx, tx, d.Act, d.ActBody())
	sort, key, _ := strings.Cut(d.ActedOn, ":")
	if err != nil || sort != "goal" || !tx.May(auth.AgreementRead) {
		return says, to, err
	}
	at, _ := uuid.Parse(key)
	g, err := agreement.GetGoal(ctx, tx, at, v.Today) // of one that was added it is known where it stands
	if fault.Is(err, "common.not_found") {
		return says, to, nil
	}
	return says, agreementAt(v, g.Instrument, "/goals/", at.String()), err
}

// lead says when it was decided, how, and from when it holds.
func (s decisionSeen) lead(v *visit) string {
	says := []string{v.Of("decision.page.lead_", s.Outcome, "body", s.BodyName, "day", LongDay(v.Lang, s.DecidedOn))}
	switch {
	case s.Outcome != meeting.OutcomeCarried:
	case s.EffectiveOn.Before(s.DecidedOn):
		says = append(says, v.T("decision.page.lead_before", "day", LongDay(v.Lang, s.EffectiveOn), "count", s.DecidedOn.Sub(s.EffectiveOn)))
	case s.EffectiveOn.After(s.DecidedOn):
		says = append(says, v.T("decision.page.lead_from", "day", LongDay(v.Lang, s.EffectiveOn)))
	default:
		says = append(says, v.T("decision.page.lead_at_once"))
	}
	if len(s.Home) > 0 {
		yes, no := 0, 0
		for _, h := range s.Home {
			switch h.Answer {
			case meeting.Ratified:
				yes++
			case meeting.Refused:
				no++
			}
		}
		says = append(says, v.T("decision.page.lead_home", "yes", yes, "count", len(s.Home)))
		if no > 0 {
			says = append(says, v.T("decision.page.lead_refused", "count", no))
		}
	}
	return strings.Join(says, " ")
}
